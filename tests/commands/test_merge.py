from __future__ import annotations

from pathlib import Path

import pytest

from textmine.store import Store

PL = "Główną barierą rozwoju klastrów jest brak współpracy firm i samorządu w {}.\n"
EN = "The main barrier to clusters is the lack of cooperation with firms in {}.\n"


@pytest.fixture
def folder(tmp_path: Path, command) -> Path:
    for part, years in (("północ", (2010, 2011)), ("south", (2011, 2012))):
        (tmp_path / part).mkdir()
        for year in years:
            (tmp_path / part / f"pl {year}.txt").write_text(PL.format(year), encoding="utf-8")
            (tmp_path / part / f"en {year}.txt").write_text(EN.format(year), encoding="utf-8")
        result = command("ingest", part, "--corpus", f"{part}.db", "--workers", "serial", folder=tmp_path)
        assert result.exit_code == 0, result.stderr
    return tmp_path


def mention_rows(path: Path) -> list[tuple[object, ...]]:
    with Store.open(path) as store:
        assert store.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = [tuple(map(str, row.values())) for row in store.mention_rows()]
    return sorted(rows)


def test_stores_join_into_a_new_one(command, folder: Path) -> None:
    result = command("merge", "północ.db", "south.db", "--output", "all.db", folder=folder)
    assert result.exit_code == 0, result.stderr
    assert "south.db: 2 documents added, 2 the same in both" in result.stderr
    joined = mention_rows(folder / "all.db")
    assert {row for name in ("północ", "south") for row in mention_rows(folder / f"{name}.db")} >= set(joined)
    assert len({row[0] for row in joined}) == 6
    found = command("query", "bariera OR barrier", "--corpus", "all.db", "--format", "csv", folder=folder)
    assert found.stdout.count("\n") == 7
    assert not list(folder.glob(".all.db*"))


def test_the_first_takes_in_the_others_and_a_second_time_changes_nothing(command, folder: Path) -> None:
    assert command("merge", "północ.db", "south.db", folder=folder).exit_code == 0
    once = mention_rows(folder / "północ.db")
    result = command("merge", "północ.db", "south.db", folder=folder)
    assert "0 documents added, 4 the same" in result.stderr
    assert mention_rows(folder / "północ.db") == once


@pytest.mark.parametrize("options", [(), ("--replace",)])
def test_of_a_document_made_in_two_ways_one_is_kept(command, folder: Path, options: tuple[str, ...]) -> None:
    with Store.open(folder / "south.db", "rw") as store:
        (document,) = [own for own in store.document_ids() if store.reading(own).document.path == "south/pl 2011.txt"]
        store.replace_mentions(document, [], work_key="other")
    with Store.open(folder / "północ.db") as store:
        before = len(store.mentions(document))
    assert before
    command("merge", "północ.db", "south.db", *options, folder=folder)
    with Store.open(folder / "północ.db") as store:
        assert len(store.mentions(document)) == (0 if options else before)


def test_wrong_calls(command, folder: Path) -> None:
    assert command("merge", "północ.db", folder=folder).exit_code == 2
    assert command("merge", "północ.db", "północ.db", folder=folder).exit_code == 2
    assert command("merge", "północ.db", "south.db", "-o", "south.db", folder=folder).exit_code == 2
    assert command("merge", "none.db", "south.db", folder=folder).exit_code == 1
    assert not (folder / "none.db").exists()
    assert command("merge", "północ.db", "none.db", "-o", "all.db", folder=folder).exit_code == 1
    assert not (folder / "all.db").exists()

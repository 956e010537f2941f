"""The loop of coding by hand on the command line: draw, fill in, take back, agree, score."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import Result

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
from made_corpus import make_store

from textmine.store import Store

Command = Callable[..., Result]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return make_store(tmp_path / "corpus.db")


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output + str(result.exception or "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


def fill(path: Path, answers: Callable[[dict[str, str]], dict[str, str]], to: Path) -> Path:
    """What a coder does with a CSV: answers to the sentence of each row."""
    found = list(csv.DictReader(io.StringIO(path.read_text("utf-8"), newline="")))
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, found[0])
        writer.writeheader()
        writer.writerows(row | answers(row) for row in found)
    return to


def careful(row: dict[str, str]) -> dict[str, str]:
    text = row["text"].lower()
    codes = [
        code
        for code, signs in {
            "cluster.concept": ("klaster ", "klastr", "clusters ", "cluster of"),
            "barrier.trust": ("brak zaufania hamuje", "lack trust"),
            "barrier.cooperation": ("brak współpracy",),
        }.items()
        if any(sign in text for sign in signs)
    ]
    return {"codes": ";".join(codes) or "none"}


def hasty(row: dict[str, str]) -> dict[str, str]:
    own = careful(row)["codes"].replace("barrier.cooperation", "barrier.trust")
    return {"codes": "", "state": "skipped"} if row["order"] == "1" else {"codes": own, "note": "-5 %, pewne?"}


@pytest.fixture
def sheets(command: Command, corpus: Path, tmp_path: Path) -> tuple[Path, Path]:
    drawn = command("sample", "--n", 11, "--name", "s", "--corpus", corpus, "--output", tmp_path / "s.csv")
    assert drawn.exit_code == 0, drawn.output
    return (
        fill(tmp_path / "s.csv", careful, tmp_path / "Ala.csv"),
        fill(tmp_path / "s.csv", hasty, tmp_path / "Ben.csv"),
    )


def test_a_sheet_is_blind_and_has_context(command: Command, corpus: Path) -> None:
    sheet = rows(command("sample", "--n", 11, "--corpus", corpus, "--format", "csv"))
    assert list(sheet[0]) == [
        "order", "sentence_id", "document", "page", "section", "before", "text", "after", "language", "codes", "names",
        "state", "note", "sample", "stratum", "chance",
    ]  # fmt: skip
    assert {row["language"] for row in sheet} == {"pl", "en"}
    assert {row["codes"] for row in sheet} == {""}
    assert {row["chance"] for row in sheet} == {"1.0"}
    (one,) = [row for row in sheet if row["text"].startswith("Klaster rozwija")]
    assert (one["before"], one["page"], one["section"]) == ("Diagnoza klastrów", "2", "3. Diagnoza > Analiza SWOT")
    seen = rows(command("sample", "--name", "random-11-seed20", "--with-codes", "--corpus", corpus, "--format", "csv"))
    assert "cluster.concept" in {code for row in seen for code in row["machine"].split(";")}


def test_strata_filters_and_the_list(command: Command, corpus: Path, tmp_path: Path) -> None:
    sheet = rows(command("sample", "--n", 6, "--by", "language,period", "--corpus", corpus, "--format", "csv"))
    assert {row["stratum"] for row in sheet} >= {"pl, 2004-06", "en, 2007-13"}
    trust = ("sample", "--n", 2, "--code", "barrier.trust", "--name", "b", "--corpus", corpus, "--format", "csv")
    assert {row["text"] for row in rows(command(*trust))} == {
        "Klaster rozwija się słabo, bo brak zaufania hamuje współpracę.", "Clusters in the region lack trust.",
    }  # fmt: skip
    assert [row["sample"] for row in rows(command("sample", "--corpus", corpus, "--format", "csv"))] == [
        "b", "stratified-6-seed20",
    ]  # fmt: skip
    assert command("sample", "--n", 3, "--by", "colour", "--corpus", corpus).exit_code == 2
    assert command("sample", "--n", 3, "--design", "random", "--by", "year", "--corpus", corpus).exit_code == 2
    assert "cannot be drawn" in str(command("sample", "--n", 300, "--corpus", corpus).exception)
    assert "another of this name" in str(command("sample", "--n", 3, "--name", "b", "--corpus", corpus).exception)
    assert "no store there" in str(command("sample", "--n", 3, "--corpus", tmp_path / "none.db").exception)


@pytest.mark.parametrize("model", ["keyword", "auto"])
def test_an_active_sample_keeps_each_chance(command: Command, corpus: Path, model: str) -> None:
    arguments = ("sample", "--n", 8, "--design", "active", "--model", model, "--corpus", corpus, "--format", "csv")
    sheet = rows(command(*arguments))
    assert {row["stratum"] for row in sheet} == {"chosen", "random"}
    assert sum(1 / float(row["chance"]) for row in sheet) == pytest.approx(11)
    assert rows(command(*arguments)) == sheet


def test_a_workbook_goes_out_and_comes_back(command: Command, corpus: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TEXTMINE_LANG", "pl")
    path = tmp_path / "próba.xlsx"
    assert command("sample", "--n", 11, "--name", "s", "--corpus", corpus, "--output", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["sentences", "codebook", "about"]
    sheet = book["sentences"]
    column = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.freeze_panes == "C2"
    lists = {str(rule.sqref)[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists[column["barrier"]].startswith("lists!")
    assert set(lists) >= {column[name] for name in ("cluster", "more 1", "state")}
    assert sheet.column_dimensions[column["sentence_id"]].hidden
    entries = [cell.value for cell in book["lists"]["B"] if cell.value]
    assert "barrier.trust – brak zaufania" in entries
    header, *codes = book["codebook"].iter_rows(values_only=True)
    assert header[:3] == ("code", "name_pl", "name_en")
    assert ("barrier.trust", "brak zaufania", "lack of trust") in {row[:3] for row in codes}
    sheet[f"{column['barrier']}2"] = "barrier.trust – brak zaufania"
    sheet[f"{column['more 1']}2"] = "barrier.finance; priority.ict"
    sheet[f"{column['state']}3"] = "gotowe"
    sheet[f"{column['state']}4"] = "pominięte"
    sheet[f"{column['note']}4"] = "nie wiem"
    book.save(path)
    taken = command("sample", "--read", path, "--coder", "Ala", "--corpus", corpus)
    assert taken.exit_code == 0, taken.output
    assert "3 decisions by Ala, 3 new or changed; 8 rows are still open" in taken.stderr
    with Store.open(corpus) as store:
        first, second, third = store.codings("s", "Ala")
    assert first.codes == {"barrier.trust", "barrier.finance", "priority.ict"}
    assert (second.codes, second.state, third.state, third.note) == (frozenset(), "done", "skipped", "nie wiem")
    again = tmp_path / "again.xlsx"
    command("sample", "--name", "s", "--coder", "Ala", "--corpus", corpus, "--output", again)
    taken = command("sample", "--read", again, "--coder", "Ala", "--corpus", corpus)
    assert "3 decisions by Ala, 0 new or changed" in taken.stderr


@pytest.mark.parametrize("format", ["csv", "jsonl", "tsv"])
def test_decisions_go_out_and_come_back(command: Command, corpus: Path, sheets, tmp_path: Path, format: str) -> None:
    taken = command("sample", "--read", sheets[1], "--coder", "Ben", "--corpus", corpus)
    assert "s: 11 decisions by Ben, 11 new or changed" in taken.stderr, taken.output
    out = tmp_path / f"out.{format}"
    assert command("sample", "--name", "s", "--coder", "Ben", "--corpus", corpus, "--output", out).exit_code == 0
    taken = command("sample", "--read", out, "--corpus", corpus)
    assert "11 decisions by Ben, 0 new or changed" in taken.stderr, str(taken.exception)
    if format == "jsonl":
        line = json.loads(out.read_text("utf-8").splitlines()[3])
        assert {"id", "lang", "text", "codes", "names"} <= line.keys()


def test_what_cannot_be_taken_in(command: Command, corpus: Path, sheets, tmp_path: Path) -> None:
    text = sheets[0].read_text("utf-8").replace("barrier.trust", "barrier.trusty", 1)
    bad = tmp_path / "bad.csv"
    bad.write_text(text, "utf-8")
    error = str(command("sample", "--read", bad, "--coder", "Ala", "--corpus", corpus).exception)
    assert "bad.csv, row" in error
    assert "(nearest: barrier.trust)" in error
    assert "says not who coded" in str(command("sample", "--read", sheets[0], "--corpus", corpus).exception)
    other = command("sample", "--read", sheets[0], "--coder", "Ala", "--name", "none", "--corpus", corpus)
    assert "sample none: not in the store" in str(other.exception)
    with Store.open(corpus) as store:
        assert store.codings("s") == []
    missing = tmp_path / "none.db"
    assert "no store there" in str(command("sample", "--read", sheets[0], "--corpus", missing).exception)
    assert not missing.exists()


def test_agreement_of_files_and_of_the_store_is_one(command: Command, corpus: Path, sheets) -> None:
    from_files = rows(command("agree", *sheets, "--format", "csv"))
    keys = {(row["language"], row["level"], row["code"]): row for row in from_files}
    trust, whole = keys["all", "code", "barrier.trust"], keys["all", "all", "all"]
    assert trust["n_sentences"] == "10", "the skipped one is left out"
    assert (whole["measure"], trust["measure"]) == ("masi", "nominal")
    assert float(whole["alpha"]) < 1
    assert ("pl", "code", "barrier.cooperation") in keys
    for path, coder in zip(sheets, ("Ala", "Ben"), strict=True):
        command("sample", "--read", path, "--coder", coder, "--corpus", corpus)
    from_store = rows(command("agree", "--sample", "s", "--corpus", corpus, "--format", "csv"))
    assert from_store == from_files
    differing = rows(command("agree", *sheets, "--disagreements", "--format", "csv"))
    assert {row["code"] for row in differing} == {"barrier.cooperation", "barrier.trust"}
    assert {row["given_by"] for row in differing if row["code"] == "barrier.trust"} == {"Ben"}
    assert all("Ben: -5 %, pewne?" in row["notes"] and row["text"] for row in differing)
    narrow = rows(
        command("agree", *sheets, "--level", "family", "--language", "pl", "--distance", "jaccard", "--format", "csv")
    )
    assert {(row["level"], row["measure"]) for row in narrow} == {("family", "jaccard")}
    assert command("agree", "--corpus", corpus).exit_code == 2
    assert "two people" in str(command("agree", sheets[0]).exception)
    assert "not coded by anybody" in str(_of_uncoded(command, corpus))


def _of_uncoded(command: Command, corpus: Path) -> object:
    command("sample", "--n", 2, "--name", "new", "--corpus", corpus)
    return command("agree", "--sample", "new", "--corpus", corpus).exception


def test_files_of_one_name_are_two_coders(command: Command, sheets, tmp_path: Path) -> None:
    for folder, sheet in zip(("ala", "ben"), sheets, strict=True):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "s.csv").write_bytes(sheet.read_bytes())
    found = rows(command("agree", tmp_path / "ala/s.csv", tmp_path / "ben/s.csv", "--disagreements", "--format", "csv"))
    assert {row["given_by"] for row in found} == {"ala/s", "ben/s"}


def test_sizes_before_one_starts(command: Command, corpus: Path, tmp_path: Path) -> None:
    general = rows(command("sample", "--size-for", 0.05, "--size-for", 0.1, "--format", "csv", folder=tmp_path))
    assert len(general) == 14
    own = rows(command("sample", "--size-for", 0.05, "--corpus", corpus, "--format", "csv"))
    assert "barrier.trust" in {row["code"] for row in own}
    assert all(int(row["n_share"]) <= 11 for row in own), "no more than there are"
    assert command("sample", "--size-for", 0.7, "--corpus", corpus).exit_code == 2


def test_a_coded_sample_scores_the_codes_of_the_store(command: Command, corpus: Path, sheets) -> None:
    for path, coder in zip(sheets, ("Ala", "Ben"), strict=True):
        command("sample", "--read", path, "--coder", coder, "--corpus", corpus)
    arguments = ("evaluate", "--sample", "s", "--corpus", corpus, "--format", "csv")
    assert "Say whose codes are the gold" in str(command(*arguments).exception)
    scores = {(row["language"], row["code"]): row for row in rows(command(*arguments, "--coder", "Ala"))}
    assert {row["estimate"] for row in scores.values()} == {"corpus"}
    trust = scores["all", "barrier.trust"]
    assert (trust["precision"], trust["recall"], trust["true_positives"]) == ("1.0", "1.0", "2")
    assert {language for language, _ in scores} == {"all", "pl", "en"}
    wrong = rows(command(*arguments, "--coder", "Ben", "--errors"))
    assert {row["kind"] for row in wrong if row["code"] == "barrier.cooperation"} == {"other type"}
    anew = rows(command(*arguments, "--coder", "Ala", "--model", "keyword", "--level", "micro"))
    assert {row["level"] for row in anew} == {"micro"}
    from_file = rows(command("evaluate", sheets[0], "--model", "keyword", "--level", "micro", "--format", "csv"))
    assert from_file == anew
    with Store.open(corpus, "rw") as store:
        store.delete(store.document_ids()[0])
    assert "no longer in the store" in command(*arguments, "--coder", "Ala").stderr
    assert command("evaluate", "--corpus", corpus).exit_code == 2
    assert "no row is coded by Cyd" in str(command("evaluate", sheets[0], "--coder", "Cyd").exception)

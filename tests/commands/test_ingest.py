from __future__ import annotations

from pathlib import Path

import pytest

PL = "Główną barierą rozwoju klastrów jest brak współpracy firm, nauki i samorządu.\n"
EN = "The main barrier to clusters is the lack of cooperation between firms, science and authorities.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "strategia 2012.txt").write_text(PL, encoding="utf-8")
    (tmp_path / "report.txt").write_text(EN, encoding="utf-8")
    return tmp_path


def test_done_documents_are_skipped_and_force_does_them_again(command, folder: Path) -> None:
    first = command("ingest", ".", folder=folder)
    assert first.exit_code == 0, first.output
    assert "2 documents (0 skipped" in first.stderr
    assert "0 documents (2 skipped" in command("ingest", ".", folder=folder).stderr
    assert "2 documents (0 skipped" in command("ingest", ".", "--force", folder=folder).stderr


def test_changed_metadata_is_taken_in(command, folder: Path) -> None:
    command("ingest", ".", folder=folder)
    table = "path,title,year,region,level,type,issuer,languages\n"
    (folder / "meta.csv").write_text(table + "report.txt,Report,2011,mazowieckie,regional,report,,en\n", "utf-8")
    result = command("ingest", ".", "--metadata", "meta.csv", folder=folder)
    assert "1 documents (1 skipped" in result.stderr
    rows = command("mentions", "--years", "2011", "--format", "csv", folder=folder)
    assert rows.stdout.count("\n") == 2


def test_the_same_bytes_twice_are_one_document(command, folder: Path) -> None:
    (folder / "copy.txt").write_bytes((folder / "report.txt").read_bytes())
    assert "2 documents (1 skipped" in command("ingest", ".", folder=folder).stderr


def test_faults_are_named_and_the_rest_is_done(command, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"this is not a PDF")
    (folder / "empty").mkdir()
    result = command("ingest", ".", "missing.pdf", "empty", folder=folder)
    assert result.exit_code == 1
    assert "missing.pdf" in result.stderr
    assert "empty" in result.stderr
    assert "broken.pdf" in result.stderr
    assert "3 documents" in result.stderr
    found = command("query", "bariera OR barrier", "--format", "csv", folder=folder)
    assert found.stdout.count("\n") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(["ingest", "nowhere.pdf"], 2, "nowhere.pdf", id="missing-path"),
        pytest.param(["ingest", "empty"], 1, "empty", id="empty-folder"),
        pytest.param(["ingest", ".", "--corpus", "notes.db"], 1, "notes.db", id="no-store"),
        pytest.param(["ingest", ".", "--password-file", "none.txt"], 2, "none.txt", id="no-password-file"),
        pytest.param(["ingest", ".", "--ocr", "perhaps"], 2, "ocr", id="wrong-setting"),
        pytest.param(["mentions", "--corpus", "none.db"], 1, "none.db", id="missing-store"),
    ],
)
def test_wrong_calls_say_what_and_where(folder: Path, arguments: list[str], code: int, said: str) -> None:
    import subprocess
    import sys

    (folder / "empty").mkdir()
    (folder / "notes.db").write_bytes(b"not a database at all, but long enough to look like one" * 20)
    done = subprocess.run(
        [sys.executable, "-m", "textmine", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr

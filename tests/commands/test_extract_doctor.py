"""`textmine extract` and `textmine doctor` through the runner."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from corpus.source import read_source
from textmine.commands.app import app

PDF = Path(__file__).parents[2] / "corpus" / "pdf"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(("name", "language"), [("maz-2015-ris", "pl"), ("eu-2008-clusters", "en")])
def test_extract_prints_blocks_in_order(name: str, language: str) -> None:
    result = run("extract", PDF / f"{name}.pdf", "--format", "csv", "--ocr", "never")
    assert result.exit_code == 0
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(rows[0]) == ["page", "kind", "level", "section", "language", "text", "x0", "top", "x1", "bottom"]
    texts = [row["text"] for row in rows]
    headings = [block.text for block in read_source(PDF.parent / "texts" / f"{name}.md").blocks if block.level]
    assert [text for text in texts if text in headings] == headings
    assert {row["kind"] for row in rows} <= {"heading", "paragraph", "list", "table", "footnote", "caption"}
    paragraphs = [row for row in rows if row["kind"] == "paragraph" and len(row["text"]) > 100]
    assert {row["language"] for row in paragraphs} == {language}
    assert all(float(row["x0"]) < float(row["x1"]) for row in rows)
    pages = [int(row["page"]) for row in rows]
    assert pages == sorted(pages)


def test_extract_all_adds_furniture() -> None:
    result = run("extract", PDF / "maz-2015-ris.pdf", "--all", "--format", "json")
    kinds = {row["kind"] for row in json.loads(result.stdout)}
    assert "furniture" in kinds


def test_extract_names_what_is_wrong(tmp_path: Path) -> None:
    assert "no such file" in str(run("extract", tmp_path / "gone.pdf").exception)
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert "bad.pdf: not a readable PDF" in str(run("extract", tmp_path / "bad.pdf").exception)
    missing = run("extract", PDF / "maz-2015-ris.pdf", "--password-file", tmp_path / "gone.txt")
    assert missing.exit_code == 2


def test_extract_counts_unread_pages() -> None:
    result = run("extract", PDF / "maz-2012-program.pdf", "--ocr", "never", "--format", "csv")
    assert result.exit_code == 0
    assert "maz-2012-program.pdf: no text on page 3." in result.stderr


def test_doctor_lists_the_installation() -> None:
    result = run("doctor", "--format", "json")
    assert result.exit_code == 0
    rows = {row["part"]: row for row in json.loads(result.stdout)}
    assert rows["pypdfium2"]["state"] == "ok"
    assert rows["Tesseract"]["gives"].startswith("reads scanned pages")


def test_doctor_reports_on_a_file_page_by_page() -> None:
    result = run("doctor", PDF / "lub-2014-strategia.pdf", "--format", "json")
    assert result.exit_code == 0
    rows = json.loads(result.stdout)
    assert [row["page"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(abs(row["n_words"] - row["other_engine"]) <= 0.2 * row["n_words"] for row in rows)
    assert "region: lubelskie" in result.stderr


def test_doctor_says_why_a_file_failed(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    result = run("doctor", tmp_path / "bad.pdf")
    assert result.exit_code == 1
    assert "failed: bad.pdf: not a readable PDF" in result.stderr

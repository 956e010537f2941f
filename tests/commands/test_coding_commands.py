from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from typer.testing import Result

Command = Callable[..., Result]

LINES = [
    {"id": "pl-1", "lang": "pl", "text": "Brak zaufania w klastrze.", "codes": ["barrier.trust", "cluster.concept"]},
    {"id": "pl-2", "lang": "pl", "text": "Brak zaufania nie jest już barierą.", "codes": []},
    {"id": "en-1", "lang": "en", "text": "CARA grows.", "codes": ["cluster.named"], "names": ["CARA"]},
    {"id": "en-2", "lang": "en", "text": "Nothing to see.", "codes": ["barrier.skills"]},
]  # fmt: skip


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES) + "\n\n", encoding="utf-8")
    return path


def make_pdf(path: Path, text: str) -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 6, text)
    pdf.output(str(path))


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_lines_keep_their_ids(command: Command, lines: Path) -> None:
    result = command("classify", lines, "--format", "jsonl", "--model", "keyword")
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in found] == [row["document"] for row in found] == ["pl-1", "pl-2", "en-1", "en-2"]
    assert found[0]["codes"] == ["barrier.trust", "cluster.concept"]
    assert len(found[0]["scores"]) == 2
    assert (found[1]["codes"], found[1]["negated"]) == ([], ["barrier.trust"])
    assert found[2]["names"] == ["CARA"]


def test_table_of_sentences_has_the_columns_of_the_contract(command: Command, lines: Path) -> None:
    result = command("classify", lines, "--format", "csv", "--coded", "--model", "keyword")
    found = rows(result)
    assert list(found[0]) == [
        "document", "page", "sentence", "language", "text", "codes", "scores", "names", "negated",
    ]  # fmt: skip
    assert [row["document"] for row in found] == ["pl-1", "en-1"]
    assert found[0]["codes"] == "barrier.trust;cluster.concept"


def test_documents_are_read_and_summed_up(command: Command, tmp_path: Path) -> None:
    make_pdf(tmp_path / "a.pdf", "Klastry w regionie. Klastrom brakuje zaufania. Dolina Lotnicza dobrze sobie radzi.")
    make_pdf(tmp_path / "b.pdf", "The region has clusters. Trust is low between the partners.")
    result = command("classify", tmp_path, "--unit", "document", "--format", "csv", "--model", "keyword")
    assert result.exit_code == 0, result.output
    first, second = rows(result)
    assert first["codes"].split(";")[0] == "cluster.concept"
    assert first["counts"].split(";")[0] == "2"
    assert first["names"] == "Dolina Lotnicza"
    assert (second["languages"], second["sentences"]) == ("en", "2")


def test_a_broken_document_does_not_stop_the_others(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"no pdf at all")
    make_pdf(tmp_path / "b.pdf", "The region has several clusters of firms.")
    result = command("classify", tmp_path / "a.pdf", tmp_path / "b.pdf", "--format", "csv", "--model", "keyword")
    assert result.exit_code == 1
    assert "a.pdf" in result.stderr
    assert [row["codes"] for row in rows(result)] == ["cluster.concept"]


def test_a_bad_line_is_named(command: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\n', "utf-8")
    result = command("classify", tmp_path / "bad.jsonl", "--model", "keyword")
    assert "bad.jsonl, line 1" in str(result.exception)


def test_evaluation_by_level(command: Command, lines: Path) -> None:
    result = command("evaluate", lines, "--level", "micro", "--format", "csv", "--model", "keyword")
    assert result.exit_code == 0, result.output
    found = {row["language"]: row for row in rows(result)}
    assert set(found) == {"all", "pl", "en"}
    assert float(found["pl"]["f1"]) == 1
    assert found["en"]["false_negatives"] == "1"


def test_evaluation_lists_errors(command: Command, lines: Path) -> None:
    result = command("evaluate", lines, "--errors", "--format", "csv", "--model", "keyword")
    assert [(row["id"], row["kind"], row["code"]) for row in rows(result)] == [("en-2", "missed", "barrier.skills")]
    assert command("evaluate", lines, "--level", "letters").exit_code == 2


def test_codebook_is_shown(command: Command) -> None:
    every = rows(command("codebook", "show", "--format", "csv"))
    assert len(every) == 35
    one = rows(command("codebook", "show", "barrier.trust", "--format", "csv"))
    assert {row["language"] for row in one} == {"pl", "en"}
    assert {row["code"] for row in one} == {"barrier.trust"}
    assert command("codebook", "show", "barrier.luck").exit_code == 2


def test_codebook_is_checked(command: Command, tmp_path: Path) -> None:
    sound = command("codebook", "check")
    assert sound.exit_code == 0, sound.output
    assert "sound" in sound.stderr
    own = tmp_path / "own.yaml"
    own.write_text(OWN.replace("lack of luck", "lack of luck; lack of luck"), "utf-8")
    faulty = command("codebook", "check", "--codebook", own, "--format", "csv")
    assert faulty.exit_code != 0
    assert [row["kind"] for row in rows(faulty)] == ["twice"]


OWN = """
extends: textmine
family: barrier
definition: Something is in the way.
codes:
  - code: barrier.luck
    definition: Lack of luck.
    pl: {strong: "brak szczęścia; pech"}
    en: {strong: "lack of luck"}
    examples_pl: {match: [To pech.]}
    examples_en: {match: [A lack of luck.]}
"""


def test_codebooks_are_compared(command: Command, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN, "utf-8")
    terms = rows(command("codebook", "diff", "-", own, "--format", "csv"))
    assert [(row["change"], row["term"]) for row in terms] == [
        ("added", "lack of luck"), ("added", "brak szczęścia"), ("added", "pech"),
    ]  # fmt: skip
    text = tmp_path / "text.jsonl"
    text.write_text(
        '{"id": "a", "lang": "en", "text": "A lack of luck."}\n{"id": "b", "lang": "pl", "text": "Nic."}', "utf-8"
    )
    hits = rows(command("codebook", "diff", "-", own, "--on", text, "--format", "csv"))
    assert [(row["document"], row["appears"], row["vanishes"]) for row in hits] == [("a", "barrier.luck", "")]


def test_codebook_goes_out_and_comes_in(command: Command, tmp_path: Path) -> None:
    out = command("codebook", "export", "--to", "quanteda", "--language", "en")
    assert out.exit_code == 0, out.output
    assert "stayed behind" in out.stderr
    path = tmp_path / "dictionary.yml"
    path.write_text(out.stdout, "utf-8")
    back = command("codebook", "import", path, "--language", "en")
    assert "code: barrier.trust" in back.stdout
    assert json.loads(command("codebook", "export", "--to", "skos").stdout)["@graph"]
    assert command("codebook", "export", "--to", "quanteda", "--language", "de").exit_code == 2
    path.write_bytes(b"\xff\xfe")
    assert "cannot be read" in str(command("codebook", "import", path, "--language", "en").exception)

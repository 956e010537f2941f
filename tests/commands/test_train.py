"""Learning from people on the command line: sentences and documents, and the folders that come of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import Result

Command = Callable[..., Result]
TRAINING = Path(__file__).parents[2] / "models" / "training"

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
#: Ill luck in words that the codebook does not know.
UNLUCKY = {
    "pl": "W gminie {n} fortuna odwróciła się od {who}.",
    "en": "In county {n} fortune turned away from {who}.",
}
FINE = {
    "pl": ("W gminie {n} otwarto nową szkołę dla {who}.", "Ustalenia, część {n}", "Rada gminy {n} wysłuchała {who}."),
    "en": ("In county {n} a new school opened for {who}.", "Findings, part {n}", "County {n} heard {who} in May."),
}
WHO = {"pl": ("rolników", "firm", "klastra", "miasta"), "en": ("farmers", "firms", "the cluster", "the town")}


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output + str(result.exception or "")
    return list(csv.DictReader(io.StringIO(result.stdout)))


def write(path: Path, table: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)
    return path


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """96 sentences of 8 documents in both languages; a third tells of ill luck."""
    table = []
    for number in range(96):
        language = ("pl", "en")[number % 2]
        unlucky = number // 2 % 3 == 0
        said = UNLUCKY[language] if unlucky else FINE[language][number % 3]
        text = said.format(n=number, who=WHO[language][number % 4])
        table.append(
            {
                "sentence_id": f"s{number}", "document": f"d{number // 12}", "language": language, "text": text,
                "codes": "barrier.luck" if unlucky else "none", "coder": "Ala",
            }
        )  # fmt: skip
    return write(tmp_path_factory.mktemp("sheet") / "ala.csv", table)


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("codebook") / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def model(
    command: Command, sheet: Path, codebook: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("own") / "model"
    result = command("train", sheet, "--codebook", codebook, "--output", folder, "--format", "csv")
    return folder, result


def test_a_code_of_ones_own_is_learnt_in_both_languages(model: tuple[Path, Result]) -> None:
    scores = {(row["language"], row["code"]): row for row in rows(model[1])}
    for language in ("all", "pl", "en"):
        row = scores[language, "barrier.luck"]
        assert float(row["f1"]) > 0.9
        assert row["f1_before"] in ("", "0.0")
        assert float(row["low"]) <= float(row["f1"]) <= float(row["high"])
        assert row["decided_by"] == "model"
    assert scores["all", "barrier.luck"]["n_documents"] == "8"
    assert "as the keywords decide" in model[1].stderr
    card = json.loads((model[0] / "card.json").read_text("utf-8"))
    assert card["n_sentences"] == {"pl": 48, "en": 48}
    assert len(card["keyword_codes"]) == 35
    kinds = [row["kind"] for row in card["learning_curve"] if row["language"] == "all"]
    assert kinds == ["before", "measured", "measured", "measured", "extrapolated", "extrapolated"]


def test_the_folder_codes_new_text(
    command: Command, model: tuple[Path, Result], codebook: Path, tmp_path: Path
) -> None:
    lines = tmp_path / "new.jsonl"
    texts = [
        ("pl", "Fortuna odwróciła się od gminy Raszyn."),
        ("en", "Fortune turned away from the county."),
        ("pl", "Klastrom brakuje zaufania."),
        ("en", "A new school opened."),
    ]
    lines.write_text("\n".join(json.dumps({"lang": lang, "text": text}) for lang, text in texts), "utf-8")
    found = rows(command("classify", lines, "--model", model[0], "--codebook", codebook, "--format", "csv"))
    codes = [set(filter(None, row["codes"].split(";"))) for row in found]
    assert codes[0] == codes[1] == {"barrier.luck"}
    assert {"barrier.trust", "cluster.concept"} <= codes[2]  # these stay with the keywords
    assert codes[3] == set()
    other = command("classify", lines, "--model", model[0])
    assert "other codes" in str(other.exception)


def test_a_corpus_is_coded_anew_without_reading_it(
    command: Command, model: tuple[Path, Result], codebook: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.md").write_text("# Ustalenia\n\nFortuna odwróciła się od gminy.\n", encoding="utf-8")
    common = (tmp_path / "a.md", "--corpus", tmp_path / "c.db", "--codebook", codebook, "--workers", 1)
    assert command("ingest", *common, "--model", "keyword").exit_code == 0
    again = command("ingest", *common, "--model", model[0])
    assert again.exit_code == 0, again.output
    assert "1 coded anew" in again.stderr
    found = rows(command("mentions", "--corpus", tmp_path / "c.db", "--code", "barrier.luck", "--format", "csv"))
    assert [row["text"] for row in found] == ["Fortuna odwróciła się od gminy."]


def test_too_little_is_refused_with_what_is_needed(
    command: Command, sheet: Path, codebook: Path, tmp_path: Path
) -> None:
    few = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8"))))[:10]
    result = command("train", write(tmp_path / "few.csv", few), "--codebook", codebook, "--output", tmp_path / "m")
    assert "too few to learn from" in str(result.exception)
    assert not (tmp_path / "m").exists()
    assert command("train", sheet).exit_code == 2
    assert command("train", "--output", tmp_path / "m").exit_code == 2
    both = [*few, *(row | {"coder": "Ben"} for row in few)]
    result = command("train", write(tmp_path / "both.csv", both), "--codebook", codebook, "--output", tmp_path / "m")
    assert "--coder" in str(result.exception)


SAID = {
    "plan": {
        "pl": "Zadaniem samorządu będzie dofinansowanie szkoleń dla firm z dotacji nr {n}.",
        "en": "The region will fund training for firms from grant {n}.",
    },
    "review": {
        "pl": "Badanie {n} wykazało, że firmom brakowało zaufania.",
        "en": "Survey {n} showed that firms lacked trust.",
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 documents of two kinds in both languages, and a table of labels."""
    made = tmp_path_factory.mktemp("documents")
    table = []
    for number in range(24):
        kind, language = ("plan", "review")[number % 2], ("pl", "en")[number // 2 % 2]
        text = "\n\n".join(SAID[kind][language].format(n=100 * number + line) for line in range(3))
        (made / f"d{number:02}.md").write_text(f"# {number}\n\n{text}\n", encoding="utf-8")
        table.append({"path": f"d{number:02}.md", "kind": kind if number < 20 else "", "year": "2010"})
    write(made / "labels.csv", table)
    return made


@pytest.fixture(scope="module")
def labels(command: Command, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    output = tmp_path_factory.mktemp("labels") / "model"
    documents = ("--documents", folder, "--model", "keyword")
    result = command(
        "train", folder / "labels.csv", "--unit", "document", *documents, "--output", output, "--format", "csv"
    )
    return output, result


def test_labels_of_documents_are_learnt(labels: tuple[Path, Result]) -> None:
    found = {row["value"]: row for row in rows(labels[1])}
    assert set(found) == {"all", "plan", "review"}
    assert found["all"]["n_documents"] == "20"
    assert float(found["all"]["f1"]) > 0.9


def test_documents_are_classified_one_a_row(
    command: Command, labels: tuple[Path, Result], folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"no pdf")
    (tmp_path / "empty.md").write_text("\n", encoding="utf-8")
    paths = [folder / "d20.md", folder / "d21.md", folder / "d22.md", folder / "d23.md"]
    result = command("classify", *paths, tmp_path, "--unit", "document", "--model", labels[0], "--format", "jsonl")
    assert result.exit_code == 1
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["kind"] for row in found[:4]] == ["plan", "review", "plan", "review"]
    assert all(row["kind_probability"] > 0.6 for row in found[:4])
    review = found[1]
    assert review["families"] == ["barrier"]
    assert review["evidence"][0].startswith("Badanie")
    assert review["pages"] == [1]
    assert review["shares"] == [0.75]
    by_name = {Path(row["document"]).name: row for row in found[4:]}
    assert by_name["broken.pdf"]["flags"] == ["failed"]
    assert by_name["broken.pdf"]["kind"] is None
    assert len(found) == 6 or "empty.md" in result.stderr


def test_labels_come_from_the_store_too(command: Command, folder: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "c.db"
    assert command("ingest", folder, "--corpus", corpus, "--model", "keyword", "--workers", 1).exit_code == 0
    table = [row | {"wrong": ""} for row in csv.DictReader(io.StringIO((folder / "labels.csv").read_text("utf-8")))]
    table.append({"path": "gone.md", "kind": "plan", "year": "", "wrong": ""})
    result = command(
        "train", write(tmp_path / "labels.csv", table), "--unit", "document", "--corpus", corpus, "--model", "keyword",
        "--output", tmp_path / "m", "--format", "csv",
    )  # fmt: skip
    assert float(rows(result)[0]["f1"]) > 0.9
    assert "1 rows of labels.csv fit no document" in result.stderr
    assert "not learnt: column wrong: 0 documents" in result.stderr


def test_labels_in_a_workbook_are_read(tmp_path: Path) -> None:
    from textmine.findings.document_labels import match_rows, read_labels

    book = openpyxl.Workbook()
    for row in (
        ("Plik", "Rodzaj", "rok"),
        ("b/a.pdf", "plan", 2010),
        ("c.pdf", None, 2011),
        ("Strategia", "raport", 2012),
    ):
        book.active.append(row)
    book.save(tmp_path / "labels.xlsx")
    table = read_labels(tmp_path / "labels.xlsx")
    assert table.answers == {"Rodzaj": ("plan", "", "raport")}
    there = [("1", "x/b/a.pdf", ""), ("2", "x/c/a.pdf", ""), ("3", "x/Strategia.docx", "")]
    assert match_rows(table, there) == {0: "1", 2: "3"}
    table = read_labels(tmp_path / "labels.xlsx", ["rok"])
    assert table.answers == {"rok": ("2010", "2011", "2012")}


def test_learning_alone(command: Command, sheet: Path, codebook: Path, tmp_path: Path) -> None:
    result = command(
        "train", sheet, "--codebook", codebook, "--alone", "--output", tmp_path / "m", "--curve", "--format", "csv"
    )
    curve = {(row["language"], row["kind"]): row for row in rows(result)}
    assert float(curve["all", "measured"]["f1"]) > float(curve["all", "before"]["f1"] or 0)
    assert json.loads((tmp_path / "m" / "card.json").read_text("utf-8"))["base"] == ""


@pytest.mark.parametrize(
    ("header", "fault"),
    [("name,kind", "no column names the document"), ("path,year", "no column of labels"), ("", "holds no rows")],
)
def test_a_table_without_what_is_needed_is_refused(
    command: Command, folder: Path, tmp_path: Path, header: str, fault: str
) -> None:
    (tmp_path / "t.csv").write_text(f"{header}\n" + ("a.md,plan\n" if header else ""), encoding="utf-8")
    result = command(
        "train", tmp_path / "t.csv", "--unit", "document", "--documents", folder, "--output", tmp_path / "m"
    )
    assert fault in str(result.exception)


def test_doctor_checks_models(command: Command, model: tuple[Path, Result], labels: tuple[Path, Result], codebook: Path,
                              tmp_path: Path) -> None:  # fmt: skip
    sound = command("doctor", model[0], "--codebook", codebook, "--format", "csv")
    assert {row["state"] for row in rows(sound)} == {"ok"}
    assert {row["state"] for row in rows(command("doctor", labels[0], "--format", "csv"))} == {"ok"}
    assert command("doctor", model[0]).exit_code == 1  # our codebook is not the one it was fitted for
    for source in (model[0], labels[0]):
        torn = tmp_path / source.parent.name
        torn.mkdir()
        (torn / "card.json").write_bytes((source / "card.json").read_bytes())
        (torn / "model.skops").write_bytes((source / "model.skops").read_bytes()[:500])
        result = command("doctor", torn, "--codebook", codebook, "--format", "csv")
        assert result.exit_code == 1
        assert "BROKEN" in result.stdout


def test_doctor_sees_a_card_that_is_not_of_its_arrays(command: Command, model: tuple[Path, Result], codebook: Path,
                                                      tmp_path: Path) -> None:  # fmt: skip
    card = json.loads((model[0] / "card.json").read_text("utf-8"))
    card["thresholds"] = dict.fromkeys(card["codes"], 0.99)
    (tmp_path / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (tmp_path / "model.skops").write_bytes((model[0] / "model.skops").read_bytes())
    result = command("doctor", tmp_path, "--codebook", codebook, "--format", "csv")
    assert result.exit_code == 1
    assert "other thresholds of barrier.luck" in result.stdout


def test_doctor_checks_stores_and_codebooks(command: Command, folder: Path, codebook: Path, tmp_path: Path) -> None:
    corpus, text = tmp_path / "c.db", tmp_path / "a.md"
    text.write_text("# Klastry\n\nKlastrom brakuje zaufania.\n", encoding="utf-8")
    assert command("ingest", text, "--corpus", corpus, "--model", "keyword", "--workers", 1).exit_code == 0
    sound = {
        row["check"]: row["state"] for row in rows(command("doctor", corpus, "--model", "keyword", "--format", "csv"))
    }
    assert set(sound.values()) == {"ok"}
    assert {"integrity", "documents", "files", "coder"} <= set(sound)
    text.write_text("# Klastry\n\nZmieniony.\n", encoding="utf-8")
    changed = rows(command("doctor", corpus, "--model", "keyword", "--format", "csv"))
    assert next(row for row in changed if row["check"] == "files")["state"] == "note"
    raw = bytearray(corpus.read_bytes())
    raw[len(raw) // 4 : len(raw) // 2] = b"x" * (len(raw) // 2 - len(raw) // 4)
    corpus.write_bytes(raw)
    assert command("doctor", corpus, "--format", "csv").exit_code == 1
    assert command("doctor", tmp_path / "gone.db", "--format", "csv").exit_code == 1
    assert command("doctor", codebook, "--format", "csv").exit_code == 0
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(OWN.replace("lack of luck", "lack of luck; lack of luck"), encoding="utf-8")
    result = command("doctor", faulty, "--format", "csv")
    assert result.exit_code == 1
    assert "twice,BROKEN" in result.stdout

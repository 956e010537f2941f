"""`textmine topics` on the demo's store."""

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from textmine.commands.app import app
from textmine.settings import sample_corpus
from textmine.store import Store

FAMILIES = ["cluster", "barrier", "priority", "instrument", "integration"]


@pytest.fixture(scope="module")
def corpus(demo: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("topics") / "t.db"
    shutil.copy(demo.corpus, copied)
    return copied


def run(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["topics", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.stdout


def rows_of(*arguments: str | Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(run(*arguments, "--format", "csv"))))


def test_list_has_the_columns_of_the_contract(corpus: Path) -> None:
    rows = rows_of("list", "--corpus", corpus)
    columns = ["topic", "label_pl", "label_en", "terms_pl", "terms_en", "share", "stability", "coherence"]
    assert list(rows[0]) == columns
    assert [row["topic"] for row in rows[:5]] == FAMILIES
    assert sum(float(row["share"]) for row in rows) == pytest.approx(1, abs=1e-3)
    assert sum(float(row["stability"]) for row in rows) / len(rows) >= 0.7
    assert all(row["terms_pl"] and row["terms_en"] for row in rows)


def test_passages_of_a_topic_have_pages_and_both_languages(corpus: Path) -> None:
    rows = rows_of("show", "barrier", "--corpus", corpus)
    assert {row["language"] for row in rows} == {"pl", "en"}
    assert all(int(row["page"]) >= 1 and row["document"].endswith(".pdf") and row["text"] for row in rows)


def test_shares_over_time(corpus: Path) -> None:
    rows = rows_of("over-time", "--by", "period", "--corpus", corpus)
    periods = list(dict.fromkeys(row["period"] for row in rows))
    assert periods == sorted(periods)
    full = [row for row in rows if not row["flag"]]
    assert full
    assert all(float(row["low"]) <= float(row["share"]) <= float(row["high"]) for row in full)


def test_comparison(corpus: Path) -> None:
    rows = rows_of("compare", "mazowieckie", "podkarpackie", "--by", "region", "--corpus", corpus)
    assert {row["n_first"] for row in rows} == {"12"}
    assert sum(float(row["difference"]) for row in rows) == pytest.approx(0, abs=1e-2)


def test_assignment_of_a_document_needs_no_fit(corpus: Path, tmp_path: Path) -> None:
    path = sample_corpus() / "pdf" / "pom-2009-programme.pdf"
    rows = rows_of("assign", path, "--corpus", corpus)
    assert list(rows[0]) == ["document", "topic", "weight"]
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(1, abs=1e-3)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"not a pdf")
    result = CliRunner().invoke(app, ["topics", "assign", str(broken), "--corpus", str(corpus)])
    assert result.exit_code == 1
    assert "broken.pdf" in result.stderr


def test_unseen_parallel_documents_meet_in_their_topics(corpus: Path, tmp_path: Path) -> None:
    """The demo's model, documents that nothing was tuned on, as a user assigns them."""
    lines = Path(__file__).with_name("parallel_unseen.tsv").read_text("utf-8").splitlines()[1:]
    for number, line in enumerate(lines):
        for language, text in zip(("pl", "en"), line.split("\t"), strict=True):
            (tmp_path / f"{language}-{number:02d}.txt").write_text(text, "utf-8")
    rows = rows_of("assign", tmp_path, "--corpus", corpus)
    weights = np.array([float(row["weight"]) for row in rows]).reshape(2, len(lines), -1)
    english, polish = weights
    assert (english.argmax(axis=1) == polish.argmax(axis=1)).mean() >= 0.8
    english, polish = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in weights)
    cosines = english @ polish.T
    assert (1 / (1 + (cosines > np.diag(cosines)[:, None]).sum(axis=1))).mean() >= 0.8


def test_charts(corpus: Path, tmp_path: Path) -> None:
    picture = tmp_path / "shares.svg"
    run("over-time", "--by", "type", "--chart", picture, "--chart-language", "pl", "--corpus", corpus)
    drawn = picture.read_text("utf-8")
    assert "udział w tekście" in drawn
    assert "klastry: " in drawn
    assert run("fit", "--chart", picture, "--corpus", corpus, code=2) == ""
    assert run("over-time", "--dynamic", "--by", "region", "--corpus", corpus, code=2) == ""


def test_fit_with_seeds_and_a_folder(corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    arguments = [
        "--topics",
        "6",
        "--seed-codes",
        "barrier.*",
        "--seed-codes",
        "priority.ict",
        "--model-folder",
        str(folder),
    ]
    rows = rows_of("fit", *arguments, "--corpus", corpus)
    assert [row["topic"] for row in rows[:3]] == ["barrier", "priority.ict", "topic-01"]
    assert rows_of("list", "--model-folder", folder, "--corpus", corpus) == rows
    names = tmp_path / "names.yaml"
    names.write_text("rename: {topic-01: {en: roads}}\nhide: [topic-02]\n", "utf-8")
    renamed = rows_of("list", "--names", names, "--corpus", corpus)
    assert [row["label_en"] for row in renamed if row["topic"] == "topic-01"] == ["roads"]
    assert "topic-02" not in [row["topic"] for row in renamed]
    path = sample_corpus() / "pdf" / "maz-2015-ris.pdf"
    assert len(rows_of("assign", path, "--model-folder", folder)) == 6


def test_choice_of_the_number(corpus: Path, tmp_path: Path) -> None:
    picture = tmp_path / "k.svg"
    rows = rows_of("fit", "--choose", "6,9", "--chart", picture, "--corpus", corpus)
    assert "number of topics" in picture.read_text("utf-8")
    assert [row["n_topics"] for row in rows] == ["6", "9"]
    assert [row["recommended"] for row in rows].count("true") == 1
    assert run("fit", "--choose", "many", "--corpus", corpus, code=2) == ""
    assert run("fit", "--choose", "1", "--corpus", corpus, code=2) == ""


def test_same_seed_same_rows(corpus: Path) -> None:
    first = run("fit", "--topics", "8", "--corpus", corpus, "--format", "json")
    assert run("fit", "--topics", "8", "--corpus", corpus, "--format", "json") == first


def test_a_store_without_topics_says_how_to_get_them(tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.db", mode="rw").close()
    result = CliRunner().invoke(app, ["topics", "list", "--corpus", str(tmp_path / "empty.db")])
    assert result.exit_code == 1
    assert "textmine topics fit" in str(result.exception)


def test_an_unknown_topic_is_named(corpus: Path) -> None:
    result = CliRunner().invoke(app, ["topics", "show", "topic-99", "--corpus", str(corpus)])
    assert result.exit_code == 1
    assert "topic-99" in str(result.exception)

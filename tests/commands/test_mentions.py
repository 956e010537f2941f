"""`textmine mentions` and `textmine cite`."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

from made_corpus import REPORT, make_store

from textmine.commands.app import app
from textmine.store import Store

runner = CliRunner()


@pytest.fixture
def corpus(tmp_path):
    return make_store(tmp_path / "t.db")


def run(corpus, *arguments):
    result = runner.invoke(app, [*arguments, "--corpus", str(corpus)])
    assert result.exit_code == 0, result.output
    return result


def rows_of(corpus, *arguments):
    return list(csv.DictReader(io.StringIO(run(corpus, "mentions", *arguments, "--format", "csv").stdout)))


def test_the_columns_of_the_contract(corpus):
    rows = rows_of(corpus)
    assert list(rows[0]) == [
        "document", "title", "year", "region", "level", "type", "page", "section", "sentence", "language", "text",
        "codes", "terms", "names", "negated", "score", "method", "x0", "top", "x1", "bottom",
    ]  # fmt: skip
    assert len(rows) == 9  # coded sentences; two more only deny a code


def test_a_row(corpus):
    (row,) = rows_of(corpus, "--name", "Klaster ICT")
    assert row["document"] == "maz 2005 strategia.pdf"
    assert (row["title"], row["year"], row["region"]) == ("Strategia rozwoju", "2005", "mazowieckie")
    assert (row["page"], row["section"], row["language"]) == ("3", "4. Działania", "pl")
    assert row["codes"] == "cluster.named;instrument.funding"
    assert row["names"] == "Mazowiecki Klaster ICT"
    assert row["terms"] == "Mazowiecki Klaster ICT;dotacje"
    assert (row["score"], row["method"]) == ("0.75", "keyword")
    width = 5 * len(row["text"])
    assert (float(row["x0"]), float(row["x1"]), float(row["top"]), float(row["bottom"])) == (50, 50 + width, 200, 210)


@pytest.mark.parametrize(
    ("arguments", "n_rows"),
    [
        (["--code", "barrier.*"], 4),
        (["--code", "barrier.*", "--negated"], 6),
        (["--code", "barrier.trust", "--code", "instrument.*"], 3),
        (["--code", "barrier.*", "--region", "mazowieckie", "--years", "2004:2013"], 2),
        (["--region", "slaskie"], 4),
        (["--level", "eu"], 1),
        (["--type", "report", "--language", "pl"], 1),
        (["--section", "swot"], 5),
        (["--document", "eu-*"], 1),
        (["--limit", "2"], 2),
        (["--code", "priority.*"], 0),
    ],
)
def test_filters(corpus, arguments, n_rows):
    assert len(rows_of(corpus, *arguments)) == n_rows


def test_denied_codes_stand_apart(corpus):
    rows = {row["text"]: row for row in rows_of(corpus, "--code", "barrier.*", "--negated")}
    denied = rows["Brak zaufania nie jest już barierą."]
    assert (denied["codes"], denied["negated"]) == ("", "barrier.trust")
    assert rows["No barrier remains."]["negated"] == "barrier.governance"


def test_json_has_lists_and_evidence(corpus):
    rows = json.loads(run(corpus, "mentions", "--document", "sla*", "--format", "json").stdout)
    assert rows[0]["codes"] == ["cluster.concept", "barrier.trust"]
    assert rows[0]["mention_ids"] == [mention.id for mention in REPORT.mentions[:2]]
    assert rows[0]["link"] == "data/sla-2010-report.pdf#page=1"


def test_cite_names_the_state_of_the_corpus(corpus):
    out = run(corpus, "cite").stdout
    with Store.open(corpus) as store:
        corpus_id = store.corpus_id()
    assert f"corpus: {corpus_id}" in out
    assert "codebook: codebook-1\nmodel: keyword-1\ntextmine: 0.1.0" in out
    assert "documents: 3\nyears: 2005-2016\nsentences: 11" in out
    assert f"@misc{{textmine-{corpus_id[:10]},\n  title = {{t: a corpus" in out
    with Store.open(corpus, "rw") as store:
        store.set_meta("title", "Mazowsze {2024}")
        store.delete(REPORT.reading.document.id)
    facts = json.loads(run(corpus, "cite", "--format", "jsonl").stdout)
    assert facts["documents"] == 2
    assert facts["corpus"] != corpus_id
    assert "title = {Mazowsze 2024: a corpus" in facts["bibtex"]


def test_cite_an_empty_store(tmp_path):
    path = tmp_path / "empty.db"
    Store.open(path, "rw").close()
    out = run(path, "cite").stdout
    assert "documents: 0\nyears: no years" in out

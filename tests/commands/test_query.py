"""`textmine query` and `textmine keyness`: answers, formats, faults and exit codes, in both languages."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

from made_corpus import make_store

from textmine.commands.app import app
from textmine.errors import DataError, QueryError, StoreError

runner = CliRunner()


@pytest.fixture
def corpus(tmp_path):
    return make_store(tmp_path / "t.db")


def run(corpus, *arguments, code=0):
    result = runner.invoke(app, [*arguments, "--corpus", str(corpus)])
    assert result.exit_code == code, result.output
    return result


def rows_of(result):
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_a_concordance_has_the_columns_of_the_contract(corpus):
    result = run(corpus, "query", "klastrów", "--format", "csv")
    rows = rows_of(result)
    assert list(rows[0]) == ["document", "year", "region", "page", "left", "match", "right", "codes"]
    assert [row["match"] for row in rows] == ["klastrów", "Klaster", "klastra", "Klaster", "klastry"]
    assert rows[1]["codes"] == "barrier.trust;cluster.concept"
    assert result.stderr == ""


def test_json_lines_carry_the_evidence(corpus):
    (line,) = run(corpus, "query", '"lack trust"', "--format", "jsonl").stdout.splitlines()
    row = json.loads(line)
    assert row["link"] == "data/sla-2010-report.pdf#page=1"
    assert row["box"]["page"] == 1
    assert len(row["sentence_id"]) == 20
    assert row["codes"] == ["barrier.trust", "cluster.concept"]


@pytest.mark.parametrize(
    ("arguments", "n_rows"),
    [
        (["klastra", "--exact"], 1),
        (["klaster", "--language", "pl", "--region", "mazowieckie"], 4),
        (["cluster", "--years", "2010:2016", "--level", "eu"], 3),
        (["cluster", "--type", "report"], 3),
        (["cluster", "--code", "barrier.*"], 2),
        (["klaster OR cluster", "--section", "SWOT"], 5),
        (["klaster bariera", "--near", "1"], 1),
        (["klaster", "--limit", "2"], 2),
        (["cluster", "--show", "sentence"], 4),
        (["cluster", "--show", "block", "--sort", "year", "--width", "5"], 4),
    ],
)
def test_options(corpus, arguments, n_rows):
    assert len(rows_of(run(corpus, "query", *arguments, "--format", "csv"))) == n_rows


def test_counts_facets_and_collocates(corpus):
    rows = rows_of(run(corpus, "query", "klaster OR cluster", "--count", "year", "--format", "csv"))
    assert [(row["year"], row["n_sentences"], row["of_sentences"]) for row in rows] == [
        ("2005", "4", "5"), ("2010", "4", "4"), ("2016", "1", "2"),
    ]  # fmt: skip
    facets = rows_of(run(corpus, "query", "klaster", "--facets", "--format", "csv"))
    assert {row["facet"] for row in facets} == {"year", "region", "level", "type", "language"}
    together = run(corpus, "query", "cluster", "--collocates", "--window", "20", "--format", "csv")
    assert together.stdout.startswith("lemma,n_together,n_lemma,n_hits,expected,log_likelihood,log_dice")


def test_also_says_what_it_asks(corpus):
    result = run(corpus, "query", "klaster", "--also", "--format", "csv")
    assert "klaster: also cluster" in result.stderr
    assert {"Cluster", "klastry"} <= {row["match"] for row in rows_of(result)}
    nothing = run(corpus, "query", "wymagają", "--also", "--format", "csv")
    assert "knows no partner" in nothing.stderr


def test_like_finds_the_other_language_and_keeps_vectors(corpus):
    arguments = ["query", "--like", "w regionalnych klastrach brakuje zaufania", "--language", "en", "--limit", "1"]
    first = run(corpus, *arguments, "--format", "csv")
    assert "--store-vectors keeps them" in first.stderr
    assert rows_of(first)[0]["text"] == "Clusters in the region lack trust."
    assert "12 sentences encoded" in run(corpus, "query", "--store-vectors").stderr
    second = run(corpus, *arguments, "--format", "csv")
    assert second.stderr == ""
    assert second.stdout == first.stdout


def test_saved_queries(corpus):
    run(corpus, "query", "klastra", "--exact", "--region", "mazowieckie", "--save", "moje", "--format", "csv")
    assert [row["match"] for row in rows_of(run(corpus, "query", "@moje", "--format", "csv"))] == ["klastra"]
    assert "No sentence" in run(corpus, "query", "@moje", "--region", "pomorskie", "--format", "csv").stderr
    (row,) = rows_of(run(corpus, "query", "--saved", "--format", "csv"))
    assert (row["name"], row["text"], row["exact"]) == ("moje", "klastra", "true")
    unknown = run(corpus, "query", "@inne", code=2)
    assert "@moje" in unknown.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["query", "klaster AND"], QueryError),
        (["query", "regoin:x"], QueryError),
        (["query", "klaster (", "--save", "x"], QueryError),
        (["keyness", "year:2005", "year:1990"], DataError),
        (["keyness", "year:2005", "(a"], QueryError),
    ],
)
def test_faults(corpus, arguments, error):
    result = run(corpus, *arguments, code=1)
    assert isinstance(result.exception, error)


@pytest.mark.parametrize("arguments", [["query"], ["query", "x", "--count", "weight"], ["query", "x", "--years", "a"]])
def test_wrong_calls(corpus, arguments):
    run(corpus, *arguments, code=2)


def test_a_missing_store(tmp_path):
    result = runner.invoke(app, ["query", "klaster", "--corpus", str(tmp_path / "brak.db")])
    assert isinstance(result.exception, StoreError)


def test_no_hit_is_told_and_is_no_error(corpus):
    result = run(corpus, "query", "nieistniejące", "--format", "csv")
    assert rows_of(result) == []
    assert "No sentence has it" in result.stderr


def test_keyness(corpus):
    rows = rows_of(run(corpus, "keyness", "lang:pl", "lang:en", "--format", "csv"))
    z = {row["lemma"]: float(row["z"]) for row in rows}
    assert z["klaster"] > 0 > z["cluster"]
    limited = rows_of(run(corpus, "keyness", "lang:pl", "lang:en", "--limit", "1", "--format", "csv"))
    assert len(limited) == 1


def test_the_program_says_the_place_of_a_fault(corpus):
    done = subprocess.run(
        [sys.executable, "-m", "textmine", "query", "klaster NEAR/x bariera", "--corpus", str(corpus)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0].startswith("error: NEAR/ wants a number")
    assert lines[1].index("x") == lines[2].index("^")
    assert "Traceback" not in done.stderr

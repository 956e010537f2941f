"""`textmine trends` as its users call it: columns, choices, charts, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from textmine.findings.trends import CORRECTED_COLUMNS, LEADER_COLUMNS, RATE_COLUMNS, REUSE_COLUMNS, TEST_COLUMNS

CONTRACT = "code,period,n_mentions,n_sentences,n_words,n_documents,rate_per_10k,low,high,flag"


def table(result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_columns_of_the_contract_come_first(command, demo_store) -> None:
    result = command("trends", "--corpus", demo_store, "--by", "year", "--format", "csv")
    assert result.stdout.startswith(CONTRACT)
    assert {row["code"] for row in table(result)} == {"cluster", "barrier", "priority", "instrument", "integration"}


def test_energy_clusters_are_apart_from_clusters(command, demo_store) -> None:
    options = ("--corpus", demo_store, "--by", "all", "--format", "csv")
    rows = table(command("trends", *options, "--code", "cluster", "--code", "cluster.*"))
    counts = {row["code"]: int(row["n_mentions"]) for row in rows}
    assert set(counts) == {"cluster", "cluster.concept", "cluster.named", "cluster.policy", "cluster.energy"}
    whole = len(table(command("mentions", "--corpus", demo_store, "--code", "cluster.*", "--format", "csv")))
    assert 0 < whole - counts["cluster"] <= counts["cluster.energy"]


def test_language_groups_are_languages(command, demo_store) -> None:
    """Numbers in cells of tables have no language, and a name in the other language is no document."""
    rows = table(command("trends", "--corpus", demo_store, "--group", "language", "--by", "period", "--format", "csv"))
    assert {row["language"] for row in rows} == {"pl", "en"}
    assert all(int(row["n_sentences"]) >= 10 for row in rows)


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        ((), RATE_COLUMNS),
        (("--test",), TEST_COLUMNS),
        (("--compare", "2007-13:2014-20"), TEST_COLUMNS),
        (("--leading", "barrier"), LEADER_COLUMNS),
        (("--reuse",), REUSE_COLUMNS),
    ],
)
def test_each_question_has_its_columns(options, columns, command, demo_store) -> None:
    rows = table(command("trends", "--corpus", demo_store, "--by", "period", *options, "--format", "csv"))
    assert rows
    assert tuple(rows[0]) == columns


@pytest.mark.parametrize("group", ["region", "level", "type", "language"])
def test_groups(group: str, command, demo_store) -> None:
    rows = table(
        command(
            "trends", "--corpus", demo_store, "--by", "period", "--code", "cluster", "--group", group, "--format", "csv"
        )
    )
    assert list(rows[0])[2] == group
    assert len({row[group] for row in rows}) >= 2


def test_names_and_queries_are_series(command, demo_store) -> None:
    asked = ("--name", "Dolina Lotnicza", "--query", "zaufanie")
    rows = table(command("trends", "--corpus", demo_store, "--by", "all", *asked, "--format", "csv"))
    counts = {row["code"]: int(row["n_mentions"]) for row in rows}
    assert set(counts) == {"name.Dolina Lotnicza", "query.zaufanie"}
    assert all(counts.values())


def test_queries_with_marks_are_series_of_their_own(command, demo_store) -> None:
    asked = ("--query", '[lemma="cluster"]', "--query", "klast*", "--query", "klaster")
    rows = table(command("trends", "--corpus", demo_store, "--by", "all", *asked, "--format", "csv"))
    counts = {row["code"]: int(row["n_mentions"]) for row in rows}
    assert list(counts) == ['query.[lemma="cluster"]', "query.klast*", "query.klaster"]
    assert 0 < counts["query.klaster"] < counts["query.klast*"]


def test_filters_narrow(command, demo_store) -> None:
    options = ("--corpus", demo_store, "--by", "all", "--code", "cluster", "--format", "csv")
    (everything,) = table(command("trends", *options))
    (region,) = table(command("trends", *options, "--region", "mazowieckie", "--years", "2014:2020"))
    (by_code,) = table(command("trends", *options, "--region", "PL12", "--years", "2014:2020"))
    (section,) = table(command("trends", *options, "--section", "swot"))
    assert region == by_code
    assert int(region["n_documents"]) == 4
    assert int(section["n_sentences"]) < int(everything["n_sentences"])


def test_weighting_by_word_is_another_rate(command, demo_store) -> None:
    options = ("--corpus", demo_store, "--by", "period", "--code", "cluster", "--format", "csv")
    mean, pooled = (table(command("trends", *options, "--weight", weight))[1] for weight in ("document", "word"))
    assert mean["n_mentions"] == pooled["n_mentions"]
    assert float(pooled["rate_per_100s"]) == pytest.approx(
        100 * int(pooled["n_mentions"]) / int(pooled["n_sentences"]), abs=1e-3
    )
    assert mean["rate_per_100s"] != pooled["rate_per_100s"]


@pytest.mark.parametrize("by", ["year", "period"])
@pytest.mark.parametrize("ending", ["svg", "png"])
def test_charts(by: str, ending: str, command, demo_store, tmp_path: Path) -> None:
    file = tmp_path / f"chart.{ending}"
    result = command(
        "trends", "--corpus", demo_store, "--by", by, "--code", "barrier.*", "--chart", file, "--format", "csv"
    )
    assert result.exit_code == 0, result.output
    assert f"chart: {file}" in result.stderr
    if ending == "svg":
        text = "".join(ElementTree.fromstring(file.read_bytes()).itertext())
        assert "lack of money" in text
        assert "2014-20" in text  # years stand over the periods
    else:
        assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_charts_speak_both_languages(language: str, command, demo_store, tmp_path: Path) -> None:
    file = tmp_path / "chart.svg"
    options = ("--code", "barrier.finance", "--test", "--chart", file, "--chart-language", language)
    result = command("trends", "--corpus", demo_store, *options, "--format", "csv")
    assert result.exit_code == 0, result.output
    text = "".join(ElementTree.fromstring(file.read_bytes()).itertext())
    assert {"pl": "brak pieniędzy", "en": "lack of money"}[language] in text
    assert {"pl": "na 100 zdań", "en": "per 100 sentences"}[language] in text
    assert {"pl": "załamanie", "en": "break that"}[language] in text
    assert "2014-20" in text


def test_a_chart_of_leaders_and_a_page(command, demo_store, tmp_path: Path) -> None:
    file = tmp_path / "chart.html"
    result = command("trends", "--corpus", demo_store, "--leading", "barrier", "--by", "period", "--chart", file)
    assert result.exit_code == 0, result.output
    page = file.read_text(encoding="utf-8")
    assert "lack of money" in page
    assert '<script src="' not in page  # its scripts are inside: it works offline


def test_a_users_events_stand_in_the_chart(command, demo_store, tmp_path: Path) -> None:
    events, chart = tmp_path / "events.csv", tmp_path / "chart.svg"
    events.write_text("year_from,title\n2016,Mazovian key cluster\n", encoding="utf-8")
    command(
        "trends", "--corpus", demo_store, "--code", "cluster", "--chart", chart, "--events", events, "--format", "csv"
    )
    assert "Mazovian key cluster" in chart.read_text(encoding="utf-8")


def test_json_carries_numbers(command, demo_store) -> None:
    rows = json.loads(
        command("trends", "--corpus", demo_store, "--code", "cluster", "--test", "--format", "json").stdout
    )
    assert isinstance(rows[0]["p"], float)


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        pytest.param(("--compare", "2014-20"), 2, "expected two periods", id="pair"),
        pytest.param(("--compare", "1990:1991"), 1, "no document in 1990", id="period"),
        pytest.param(("--chart", "chart.pdf"), 2, ".svg, .png or .html", id="chart"),
        pytest.param(("--chart", "no-folder/chart.svg"), 1, "cannot be written", id="chart-folder"),
        pytest.param(("--chart", "reuse.svg", "--reuse"), 2, "no picture of --reuse", id="chart-of-reuse"),
        pytest.param(("--code", "bariera.*"), 1, "codebook show", id="code"),
        pytest.param(("--leading", "barriers"), 1, "no such", id="family"),
        pytest.param(("--region", "atlantis"), 1, "no document fits", id="region"),
        pytest.param(("--corrected", "missing.csv"), 1, "sample must be random", id="sample"),
    ],
)
def test_what_is_refused(options, code: int, message: str, demo_store, tmp_path: Path) -> None:
    import subprocess
    import sys

    result = subprocess.run(
        [sys.executable, "-m", "textmine", "trends", "--corpus", str(demo_store), *options],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
        env={**__import__("os").environ, "COLUMNS": "200"},
    )
    assert result.returncode == code, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_rates_are_corrected_with_a_hand_coded_sample(command, demo_store, tmp_path: Path) -> None:
    from textmine.store import Store

    with Store.open(demo_store) as store:
        ids = [sentence.id for document in store.document_ids() for sentence in store.sentences(document)][::12]
        coded = {
            sentence
            for sentence, code, negated in store.mentions_frame().select("sentence_id", "code", "negated").iter_rows()
            if code == "barrier.skills" and not negated
        }
    file = tmp_path / "sample.csv"
    lines = [f"{name},{'barrier.skills' if name in coded else ''},{1 / 12}" for name in ids]
    file.write_text("\n".join(["sentence_id,codes,chance", *lines]), encoding="utf-8")
    options = ("--corpus", demo_store, "--by", "period", "--code", "barrier.skills", "--format", "csv")
    rows = table(command("trends", *options, "--corrected", file))
    assert tuple(rows[0]) == CORRECTED_COLUMNS
    raw = {row["period"]: row for row in table(command("trends", *options, "--weight", "word"))}
    corrected = [row for row in rows if row["rate_per_100s"]]
    assert len(corrected) >= 3
    for row in corrected:  # a person who agrees with the machine changes nothing
        assert float(row["rate_per_100s"]) == pytest.approx(float(raw[row["period"]]["rate_per_100s"]), abs=1e-3)

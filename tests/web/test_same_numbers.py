"""Report, application and command line say the same, to the digit."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from textmine.report.html import format_number
from textmine.report.words import code_name
from textmine.store import Store


@pytest.fixture(scope="module")
def report(demo) -> str:
    return demo.report.read_text(encoding="utf-8")


def figure_rows(report: str, figure: str) -> list[dict[str, str]]:
    """The data of a figure of the report, as it can be saved."""
    coded = re.search(rf'download="{figure}\.csv" href="data:text/csv;base64,([^"]+)"', report)[1]
    text = base64.b64decode(coded).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def told(command: Callable[..., Any], *arguments: Any) -> list[dict[str, Any]]:
    result = command(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def rounded(cell: str) -> float | None:
    return round(float(cell), 4) if cell else None


def test_barriers_by_period(report, demo, site, command) -> None:
    rows = told(command, "trends", "--by", "period", "--code", "barrier.*", "--corpus", demo.corpus)
    drawn = {(row["code"], row["period"]): row for row in figure_rows(report, "barriers")}
    page = html.unescape(site.get("/trends?by=period&code=barrier.*").text)
    assert len(rows) == len(drawn) == 40
    for row in rows:
        mine = drawn[code_name(row["code"], language="en"), row["period"]]
        assert [rounded(mine[key]) for key in ("value", "low", "high")] == [
            row[key] for key in ("rate_per_100s", "low_100s", "high_100s")
        ]
        assert mine["sentences"] == f"{row['n_mentions']} / {row['n_sentences']}"
        assert f">{format_number(row['rate_per_100s'], language='en')}</a>" in page


def test_priorities_by_region(report, demo, command) -> None:
    rows = told(command, "trends", "--by", "all", "--group", "region", "--code", "priority.*", "--corpus", demo.corpus)
    drawn = {(row["code"], row["region"]): row for row in figure_rows(report, "priorities")}
    for row in rows:
        if row["region"]:
            mine = drawn[code_name(row["code"], language="en"), row["region"]]
            assert rounded(mine["value"]) == row["rate_per_100s"]
            assert (rounded(mine["low"]), rounded(mine["high"])) == (row["low_100s"], row["high_100s"])


def test_integration(report, demo, site, command) -> None:
    rows = told(command, "integration", "--corpus", demo.corpus)
    drawn = figure_rows(report, "integration-sides")
    values = {(row["region"], row["period"], row["indicator"]): row for row in drawn}
    shown = html.unescape(site.get("/regions").text)
    measured = [row for row in rows if row["value"] is not None]
    assert len(measured) > 40
    for row in measured:
        if row["side"] not in (row["indicator"], "composite"):
            mine = values[row["region"], row["period"], row["indicator"]]
            assert float(mine["value"]) == pytest.approx(row["value"], abs=0.0006), "three digits in the report"
        if row["indicator"] == "I":
            assert f">{format_number(row['value'], language='en')}</a>" in shown
            low, high = row["low"], row["high"]
            interval = f" ({low:.0f}–{high:.0f})" if low is not None else ""
            assert f"<td>{row['value']:.0f}{interval}</td>" in report


def test_the_corpus(report, demo, site) -> None:
    with Store.open(demo.corpus) as store:
        counts, documents = store.counts_frame(), store.documents_frame()
    page = site.get("/").text
    for number in (documents.height, int(documents["n_pages"].sum()), int(counts["n_sentences"].sum())):
        text = format_number(number, language="en")
        assert f"<dd>{text}</dd>" in report
        assert f">{text}</a></dd>" in page


def test_answers(report, demo, site, command) -> None:
    spoken = [line for line in demo.result.stdout.splitlines() if line.startswith(("Statements", "20"))]
    assert len(spoken) > 5
    shown, page = html.unescape(report), html.unescape(site.get("/").text)
    for line in spoken:
        assert line in shown
        assert line.split("(")[0] in page, "intervals rest on fewer draws in the served copy"

"""Sections of the report on the corpus itself, on what was found, and on how it moved over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from textmine.findings.corpus_report import FAMILIES, CorpusReport
from textmine.records import Finding
from textmine.report.corpus_charts import code_points, document_bars, heat_map, trend_points
from textmine.report.html import Fact, Figure, Section, Table
from textmine.report.theme import draw
from textmine.statistics.periods import period_years
from textmine.trends.events import landmarks, load_events

__all__ = ["corpus_section", "found_section", "make_figure", "trend_section"]

#: A cell of the heat map needs so many documents of the region to show a number.
HEAT_MAP_DOCUMENTS = 2


# The corpus


def corpus_section(report: CorpusReport) -> Section:
    """How much was read, of what, and what could not be read."""
    words = report.words
    read = report.documents.filter(pl.col("status") != "failed")
    unread = report.store.unread_pages()
    facts = (
        Fact(read.height, words["documents"]),
        Fact(int(read["n_pages"].sum()), words["pages"]),
        Fact(int(report.counts["n_sentences"].sum()), words["sentences"]),
        Fact(int(report.counts["n_words"].sum()), words["words"]),
        Fact(report.mentions.filter(~pl.col("negated")).height, words["mentions"]),
        Fact(sum(unread.values()), words["unread_pages"]),
        Fact(report.documents.height - read.height, words["failed_documents"]),
    )
    return Section(
        id="corpus",
        title=words["corpus"],
        paragraphs=(words["corpus_intro"],),
        facts=facts,
        figures=_document_figure(report, read),
        tables=(_region_table(report, read), *_fault_table(report)),
    )


def _document_figure(report: CorpusReport, read: pl.DataFrame) -> tuple[Figure, ...]:
    languages = {"pl": report.words["polish"], "en": report.words["english"]}
    dated = read.filter(pl.col("year").is_not_null())
    if not dated.height:
        return ()
    grouped = dated.group_by("year", "languages").len().sort("year", "languages")
    rows = [
        {
            "year": year,
            "language": " + ".join(sorted(languages.get(part, part) for part in codes)),
            "n_documents": n,
        }
        for year, codes, n in grouped.rows()
    ]
    titles = {key: report.words[key] for key in ("year", "language")} | {"n_documents": report.words["documents"]}
    table = Table(
        [report.words["year"], report.words["language"], report.words["documents"]],
        [list(row.values()) for row in rows],
    )
    chart = document_bars(rows, titles=titles)
    return (make_figure("documents", report.words["chart_documents"], chart, table),)


def _region_table(report: CorpusReport, read: pl.DataFrame) -> Table:
    words = report.words
    grouped = (
        read.group_by("level", "region")
        .agg(
            pl.len(),
            pl.col("year").min().alias("first"),
            pl.col("year").max().alias("last"),
            pl.col("n_pages").sum(),
        )
        .sort("level", "region")
    )
    rows = [
        [region or "–", words.get(level, level or "–"), n, _years(first, last), pages]
        for level, region, n, first, last, pages in grouped.rows()
    ]
    columns = [words["region"], words["level"], words["documents"], words["year"], words["pages"]]
    return Table(columns, rows, caption=words["table_documents"])


def _fault_table(report: CorpusReport) -> tuple[Table, ...]:
    rows = [[Path(path).name, error or ", ".join(flags)] for path, error, flags in report.store.faulty_documents()]
    if not rows:
        return ()
    columns = [report.words["document"], report.words["reason"]]
    return (Table(columns, rows, caption=report.words["table_unread"]),)


# What was found


def found_section(report: CorpusReport) -> Section:
    """Rates of all codes over the whole corpus, and mentions by family and language."""
    words = report.words
    rates = {finding.keys["code"]: finding for finding in report.rates(by="all")}
    rows: list[dict[str, Any]] = [
        {
            "code": report.name(code),
            "family": code.partition(".")[0],
            "value": rates[code].value,
            "low": rates[code].low,
            "high": rates[code].high,
        }
        for code in report.codes
    ]
    table = Table(
        [words[key] for key in ("code", "value", "low", "high", "sentences", "n_documents")],
        [
            [
                f"{row['code']} ({code})",
                row["value"],
                row["low"],
                row["high"],
                int(rates[code].n),
                int(rates[code].keys["n_documents"]),
            ]
            for row, code in zip(rows, report.codes, strict=True)
        ],
    )
    chart = code_points(rows, titles={"value": words["per_100"]})
    return Section(
        id="found",
        title=words["found"],
        paragraphs=(words["found_intro"],),
        figures=(make_figure("codes", words["chart_codes"], chart, table),),
        tables=(_family_table(report),),
    )


def _family_table(report: CorpusReport) -> Table:
    words = report.words
    found = (
        report.mentions.filter(~pl.col("negated"))
        .with_columns(family=pl.col("code").str.split(".").list.first())
        .group_by("family", "language")
        .len()
    )
    by: Counter[tuple[str, str]] = Counter({(family, language): n for family, language, n in found.rows()})
    rows = [
        [report.name(family), by[family, "pl"], by[family, "en"], by[family, "pl"] + by[family, "en"]]
        for family in FAMILIES
    ]
    columns = [words["family"], words["polish"], words["english"], words["all"]]
    return Table(columns, rows, caption=words["table_families"])


# Over time


def trend_section(report: CorpusReport) -> Section:
    """Statements on clusters by year with the policy time line, barriers by period, priorities by region."""
    words = report.words
    figures = [_cluster_figure(report), _barrier_figure(report)]
    heat = _priority_figure(report)
    return Section(
        id="trends",
        title=words["trends"],
        paragraphs=(words["trends_intro"],),
        figures=[*figures, *heat],
    )


def _cluster_figure(report: CorpusReport) -> Figure:
    words = report.words
    rates = report.rates("cluster", by="year")
    years = [int(finding.keys["period"]) for finding in rates]
    chosen = landmarks(load_events(), min(years), max(years))
    events = [
        {"year": event.first, "title": getattr(event, f"title_{report.language}") or event.title_en or event.title_pl}
        for event in chosen
    ]
    rows = [_point(finding) for finding in rates]
    chart = trend_points(
        rows,
        _period_bands(report, min(years), max(years)),
        events,
        titles={"value": words["per_100"], "x": words["year"]},
    )
    return make_figure(
        "cluster-trend",
        words["chart_trend"],
        chart,
        _rate_table(report, [*_cluster_periods(report), *rates], first_column=words["year"]),
        note=f"{words['events']}: " + "; ".join(f"{event['year']} {event['title']}" for event in events) + ".",
    )


def _cluster_periods(report: CorpusReport) -> list[Finding]:
    return report.rates("cluster", by="period")


def _period_bands(report: CorpusReport, first: int, last: int) -> list[dict[str, Any]]:
    """The level of each programming period with its interval, cut to the years of the corpus."""
    bands = []
    for rate in _cluster_periods(report):
        start, end = period_years(rate.keys["period"])
        if rate.low is not None:
            bands.append(
                {
                    "first": max(start, first),
                    "last": min(end, last),
                    "value": rate.value,
                    "low": rate.low,
                    "high": rate.high,
                }
            )
    return bands


def _barrier_figure(report: CorpusReport) -> Figure:
    words = report.words
    rates = report.rates("barrier.*", by="period")
    rows = [
        {
            "barrier": report.name(finding.keys["code"]),
            "period": finding.keys["period"],
            "value": finding.value,
            "text": report.number(finding.value),
        }
        for finding in rates
    ]
    chart = heat_map(rows, x="period", y="barrier", x_order=report.periods, titles={"x": None, "y": None})
    return make_figure(
        "barriers", words["chart_barriers"], chart, _rate_table(report, rates, first_column=words["period"])
    )


def _priority_figure(report: CorpusReport) -> tuple[Figure, ...]:
    words = report.words
    found = report.rates("priority.*", by="all", group="region")
    rates = [finding for finding in found if finding.keys["region"]]
    if not rates:
        return ()
    rows = []
    for finding in rates:
        shown = int(finding.keys["n_documents"]) >= HEAT_MAP_DOCUMENTS
        rows.append(
            {
                "region": finding.keys["region"],
                "priority": report.name(finding.keys["code"]),
                "value": finding.value if shown else None,
                "text": report.number(finding.value) if shown else "–",
            }
        )
    order = [report.name(code) for code in report.codes if code.startswith("priority.")]
    chart = heat_map(rows, x="priority", y="region", x_order=order, titles={"x": None, "y": None})
    table = Table(
        [words[key] for key in ("region", "code", "value", "low", "high", "sentences", "n_documents", "flag")],
        [
            [
                finding.keys["region"],
                report.name(finding.keys["code"]),
                finding.value,
                finding.low,
                finding.high,
                int(finding.n),
                int(finding.keys["n_documents"]),
                finding.flag,
            ]
            for finding in rates
        ],
    )
    return (make_figure("priorities", words["chart_priorities"], chart, table, note=words["priorities_note"]),)


def _rate_table(report: CorpusReport, rates: Sequence[Finding], *, first_column: str) -> Table:
    words = report.words
    columns = [
        first_column,
        *(words[key] for key in ("code", "value", "low", "high", "n_sentences", "n_documents", "flag")),
    ]
    rows = [
        [
            finding.keys["period"],
            report.name(finding.keys["code"]),
            finding.value,
            finding.low,
            finding.high,
            f"{finding.n:.0f} / {finding.denominator:.0f}",
            int(finding.keys["n_documents"]),
            finding.flag,
        ]
        for finding in rates
    ]
    return Table(columns, rows, faint=frozenset(i for i, finding in enumerate(rates) if "thin" in finding.flag))


def make_figure(id: str, title: str, chart: Any, table: Table, *, note: str = "") -> Figure:
    """A figure of the report: the chart drawn twice, beside its table."""
    svg = draw(chart, format="svg").decode("utf-8")
    return Figure(id=id, title=title, svg=svg, png=draw(chart, format="png"), table=table, note=note)


def _point(finding: Finding) -> dict[str, Any]:
    return {
        "x": finding.keys["period"],
        "value": finding.value,
        "low": finding.low,
        "high": finding.high,
        "thin": "thin" in finding.flag,
    }


def _years(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return "–"
    return str(first) if first == last else f"{first}–{last}"

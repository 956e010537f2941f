"""The report on a store: its sections in order, rendered as one HTML file."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Literal

import polars as pl

import textmine
from textmine.errors import DataError
from textmine.findings.corpus_report import CorpusReport, has_years
from textmine.findings.integration import integration_findings
from textmine.findings.report_appendix import evidence_section, methods_section, run_ids, scorecard
from textmine.findings.report_sections import corpus_section, found_section, make_figure, trend_section
from textmine.findings.topics import topic_rows
from textmine.records import Finding
from textmine.report.charts import integration_chart
from textmine.report.html import Section, Table, render_report
from textmine.report.output import written_by_rename
from textmine.report.words import SIDE_NAMES
from textmine.settings import Settings
from textmine.store import Store

__all__ = ["answers", "write_report"]

Language = Literal["pl", "en"]


def answers(store: Store, settings: Settings, *, language: Language) -> list[str]:
    """What the corpus says of clusters, barriers, priorities and integration: sentences with their intervals.

    Raises:
        DataError: the store holds no document, or none with a year.
    """
    report = _open(store, settings, language)
    return report.answer_points() + _integration_points(report, integration_findings(store, settings))


def write_report(store: Store, settings: Settings, output: Path, *, language: Language) -> None:
    """Write the report on the store as one HTML file.

    Raises:
        DataError: the store holds no document, or none with a year.
        OSError: the file cannot be written.
    """
    report = _open(store, settings, language)
    words = report.words
    integration = integration_findings(store, settings)
    points = report.answer_points() + _integration_points(report, integration)
    sections = [
        Section(id="answers", title=words["answers"], paragraphs=(words["answers_intro"],), points=points),
        corpus_section(report),
        found_section(report),
        trend_section(report),
        _topic_section(report),
        _integration_section(report, integration),
        evidence_section(report, output.parent),
        methods_section(report),
    ]
    years = report.documents["year"].drop_nulls()
    html = render_report(
        sections,
        title=words["title"],
        subtitle=words["subtitle"].format(
            n_documents=report.documents.height,
            first=years.min(),
            last=years.max(),
            n_regions=report.documents.filter(pl.col("region") != "")["region"].n_unique(),
        ),
        language=language,
        words={
            **{key: words[key] for key in ("contents", "data", "save_svg", "save_png", "save_csv")},
            "generated": words["generated"].format(
                version=textmine.__version__, date=date.today().isoformat(), **run_ids(report)
            ),
        },
    )
    with written_by_rename(output) as part:
        part.write_text(html, encoding="utf-8")


def _open(store: Store, settings: Settings, language: Language) -> CorpusReport:
    report = CorpusReport(store, settings, language=language)
    if not has_years(report.documents):
        raise DataError("no document has a year, so nothing can be followed over time. Give years with --metadata.")
    return report


def _topic_section(report: CorpusReport) -> Section:
    words = report.words
    rows = topic_rows(report.store)
    label = f"label_{report.language}"
    table = Table(
        [words[key] for key in ("topic", "terms_pl", "terms_en", "share", "stability", "coherence")],
        [
            [
                f"{row['topic']} {row[label]}",
                ", ".join(row["terms_pl"][:8]),
                ", ".join(row["terms_en"][:8]),
                _decimal(row["share"]),
                _decimal(row["stability"]),
                _decimal(row["coherence"]),
            ]
            for row in rows
        ],
        faint=frozenset(i for i, row in enumerate(rows) if (row["stability"] or 0) < 0.5),
    )
    return Section(
        id="topics", title=words["topics"], paragraphs=(words["topics_intro"],), tables=(table,) if rows else ()
    )


def _integration_points(report: CorpusReport, findings: list[Finding]) -> list[str]:
    composites = [one for one in findings if one.keys["side"] == "composite" and one.low is not None]
    points = [
        report.words["answer_integration"].format(
            region=one.keys["region"],
            period=one.keys["period"],
            value=report.number(one.value, 0),
            low=report.number(one.low, 0),
            high=report.number(one.high, 0),
        )
        for one in composites
    ]
    return (points or [report.words["answer_integration_none"]]) + _side_points(report, findings)


def _side_points(report: CorpusReport, findings: list[Finding]) -> list[str]:
    """The sides of a region whose intervals of neighbouring periods part, one sentence a direction."""
    sides: dict[tuple[str, str], dict[str, Finding]] = {}
    for one in findings:
        if one.what == "composite" and one.keys["side"] != "composite":
            sides.setdefault((one.keys["region"], one.keys["period"]), {})[one.keys["side"]] = one
    points = []
    for (before, earlier), (after, later) in pairwise(sides.items()):
        if before[0] != after[0]:
            continue
        parted: dict[str, list[str]] = {"more": [], "less": []}
        for side, last in later.items():
            first = earlier.get(side)
            if first is None or None in (first.low, first.high, last.low, last.high):
                continue
            way = "more" if last.low > first.high else "less" if last.high < first.low else ""  # type: ignore[operator]
            if way:
                name = SIDE_NAMES[report.language][side]
                parted[way].append(f"{name} {report.number(first.value, 2)} → {report.number(last.value, 2)}")
        points += [
            report.words[f"answer_integration_{way}"].format(
                region=after[0], before=before[1], after=after[1], sides=", ".join(names)
            )
            for way, names in parted.items()
            if names
        ]
    return points


def _integration_section(report: CorpusReport, findings: list[Finding]) -> Section:
    words = report.words
    columns = ("region", "period", "side", "indicator", "value", "low", "high", "n", "denominator", "flag")
    shown = [one for one in findings if one.value is not None or one.what != "indicator"]
    table = Table(
        [words[column] for column in columns],
        [
            [
                one.keys["region"], one.keys["period"], one.keys.get("side", ""), one.keys.get("indicator", one.what),
                _decimal(one.value), _decimal(one.low), _decimal(one.high), one.n, one.denominator, one.flag,
            ]
            for one in shown
        ],
        caption=words["table_integration"],
        faint=frozenset(i for i, one in enumerate(shown) if one.value is None),
    )  # fmt: skip
    figure = make_figure(
        "integration-sides", words["chart_integration"], integration_chart(findings, language=report.language), table
    )
    return Section(
        id="integration",
        title=words["integration"],
        paragraphs=(words["integration_intro"],),
        figures=(figure,),
        tables=(scorecard(report, findings),),
    )


def _decimal(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)

"""Long work behind the trends explorer: rates of the series asked for, their chart, their tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from textmine.errors import DataError
from textmine.findings.trends import TrendQuestion, change_findings, change_rows, rate_rows, trend_findings
from textmine.records import Finding
from textmine.report.charts import trend_chart
from textmine.report.theme import LINK_BASE, draw, draw_inline, themed
from textmine.report.words import code_name
from textmine.settings import Settings
from textmine.store import Store
from textmine.trends.events import landmarks, load_events
from textmine.web.addresses import rate_address
from textmine.web.jobs import CHART_WIDTH, rate_label
from textmine.web.words import words_of

__all__ = ["MEASURES", "TrendView", "series_name", "trend_picture", "trend_tests", "trend_view"]

Language = Literal["pl", "en"]
Measure = Literal["per_100s", "per_10k", "documents"]

#: Measure -> the columns of `rate_rows` that hold its value, its interval, and what it is over.
MEASURES: dict[str, tuple[str, str, str]] = {
    "per_100s": ("rate_per_100s", "low_100s", "high_100s"),
    "per_10k": ("rate_per_10k", "low", "high"),
    "documents": ("share_documents", "low_share", "high_share"),
}
#: Series that one chart can tell apart; of more only the table is shown.
MOST_SERIES = 10


@dataclass(frozen=True, slots=True)
class TrendView:
    """The rows of `textmine trends`, the chart (empty where there are too many series), series and periods in order."""

    rows: tuple[dict[str, Any], ...]
    svg: str
    series: tuple[tuple[str, str], ...]
    periods: tuple[str, ...]


def series_name(code: str, language: Language) -> str:
    """What a series is called: a code or family by its name, a query or a cluster by its words."""
    kind, _, rest = code.partition(".")
    return f"„{rest}”" if kind in ("name", "query") else code_name(code, language=language)


def trend_view(settings: Settings, question: TrendQuestion, measure: Measure, language: Language) -> TrendView:
    """Rates and their chart with links.

    Raises:
        DataError: no document fits, none has a year, or a code is not known.
    """
    with Store.open(settings.corpus) as store:
        findings = trend_findings(store, settings, question)
    rows = rate_rows(findings, group=question.group)
    for row in rows:
        row.pop("evidence", None)
        row.setdefault("flag", "")
    group = question.group or ""
    series = tuple(dict.fromkeys((row["code"], row.get(group, "") if group else "") for row in rows))
    periods = tuple(sorted({row["period"] for row in rows}, key=lambda one: (one != "to 2003", one)))
    svg = ""
    if 0 < len(series) <= MOST_SERIES and question.by != "all":
        svg = draw_inline(_chart(findings, question, measure, language), label=words_of(language)["trends_title"])
    return TrendView(tuple(rows), svg, series, periods)


def trend_picture(
    settings: Settings,
    question: TrendQuestion,
    measure: Measure,
    language: Language,
    format: Literal["svg", "png", "json"],
) -> bytes:
    """The chart of `trend_view` as a file, or as a Vega-Lite specification whose links are our own addresses."""
    with Store.open(settings.corpus) as store:
        findings = trend_findings(store, settings, question)
    if format == "json":
        chart = _chart(findings, question, measure, language).interactive(bind_y=False)
        return json.dumps(themed(chart).to_dict()).replace(LINK_BASE, "").encode()
    return draw(_chart(findings, question, measure, language, links=False), format=format)


def trend_tests(settings: Settings, question: TrendQuestion) -> list[dict[str, Any]]:
    """The rows of `textmine trends --test`, without evidence."""
    with Store.open(settings.corpus) as store:
        rows = change_rows(change_findings(store, settings, question), group=question.group)
    return [{key: value for key, value in row.items() if key != "evidence"} for row in rows]


def _chart(
    findings: list[Finding], question: TrendQuestion, measure: Measure, language: Language, *, links: bool = True
) -> Any:
    years = [int(one.keys["period"]) for one in findings if one.keys["period"].isdigit()]
    events = landmarks(load_events(region=question.filter.region or None), min(years), max(years)) if years else []
    group = question.group or ""

    def link(one: Finding) -> dict[str, str]:
        label = one.keys.get(group, "") if group else ""
        name = series_name(one.keys["code"], language) + (f", {label}" if label else "")
        target = rate_address(one.keys["code"], one.keys["period"], question.filter, group=group, label=label)
        return {"href": LINK_BASE + target, "label": rate_label(one, name, language)}

    chart = trend_chart(findings, events, measure=measure, group=group, language=language, link=link if links else None)
    if not years and not findings:
        raise DataError("nothing to draw.")
    return chart.properties(width=CHART_WIDTH)

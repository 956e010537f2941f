"""Long work behind the pages on regions: priorities by region, indicators of integration, rank ranges, their chart."""

from __future__ import annotations

from typing import Any, Literal

from textmine.errors import DataError
from textmine.findings.integration import INTEGRATION_COLUMNS, integration_findings, integration_rows, sensitivity_rows
from textmine.findings.trends import TrendQuestion, rate_rows, trend_findings
from textmine.records import Finding
from textmine.report.charts import integration_chart
from textmine.report.theme import draw_inline
from textmine.settings import Settings
from textmine.store import Store
from textmine.web.words import words_of

__all__ = ["HEAT_QUESTION", "heat_rows", "indicator_findings", "indicator_rows", "rank_rows", "region_picture"]

Language = Literal["pl", "en"]

#: What the heat map asks, as `textmine trends --by all --group region --code 'priority.*'`.
HEAT_QUESTION = TrendQuestion(codes=("priority.*",), by="all", group="region")


def heat_rows(settings: Settings) -> list[dict[str, Any]]:
    """Rates of priority areas by region, all years together.

    Raises:
        DataError: no document has a year.
    """
    with Store.open(settings.corpus) as store:
        rows = rate_rows(trend_findings(store, settings, HEAT_QUESTION), group="region")
    return [{key: value for key, value in row.items() if key != "evidence"} for row in rows]


def indicator_findings(settings: Settings) -> list[Finding]:
    """Indicators, sides and composites by region and period, with their evidence.

    Raises:
        DataError: no document has a year, or there is none.
    """
    with Store.open(settings.corpus) as store:
        return integration_findings(store, settings)


def indicator_rows(findings: list[Finding]) -> list[dict[str, Any]]:
    """The rows of `textmine integration`, without evidence; `has_evidence` says whether there is any."""
    rows = integration_rows(findings)
    return [
        {**{key: row.get(key) for key in INTEGRATION_COLUMNS}, "has_evidence": bool(row.get("evidence"))}
        for row in rows
    ]


def rank_rows(settings: Settings) -> list[dict[str, Any]]:
    """The rows of `textmine integration --sensitivity`; empty where there are too few regions to rank."""
    with Store.open(settings.corpus) as store:
        try:
            return sensitivity_rows(store, settings)
        except DataError:
            return []


def region_picture(settings: Settings, region: str, language: Language) -> str:
    """The sides of a region by period as an SVG element; empty where there is no value."""
    with Store.open(settings.corpus) as store:
        own = [one for one in integration_findings(store, settings) if one.keys["region"] == region]
    if not any(one.what == "composite" and one.value is not None for one in own):
        return ""
    return draw_inline(integration_chart(own, language=language), label=words_of(language)["chart_integration"])

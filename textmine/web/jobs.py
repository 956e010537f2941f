"""Long work behind the pages: store in, plain answers out. It runs in the worker: all must be picklable."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from textmine.errors import DataError
from textmine.findings.corpus_report import FAMILIES, Answer, CorpusReport
from textmine.records import Finding
from textmine.report.corpus_charts import document_bars, trend_points
from textmine.report.theme import LINK_BASE, draw_inline
from textmine.report.words import number_text
from textmine.settings import Settings
from textmine.statistics.periods import period_years
from textmine.store import Filter, Store
from textmine.trends.events import landmarks, load_events
from textmine.web.addresses import address, rate_address
from textmine.web.words import words_of

__all__ = ["Fact", "Overview", "Picture", "overview", "rate_label"]

Language = Literal["pl", "en"]

#: Pixels between the axes of a chart that has a page of 1,280 to itself.
CHART_WIDTH = 1080


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of the overview, what it counts, and where it leads."""

    value: int
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as an SVG element with links, its title and a note."""

    id: str
    title: str
    svg: str
    note: str = ""
    address: Any = None
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page says. `families` has a row a family: (family, Polish, English, all coded sentences)."""

    facts: tuple[Fact, ...]
    answers: tuple[tuple[Answer, str], ...]
    pictures: tuple[Picture, ...]
    families: tuple[tuple[str, int, int, int], ...]
    first: int | None
    last: int | None


def overview(settings: Settings, language: Language) -> Overview:
    """The overview of the store, as `textmine report` counts it.

    Raises:
        DataError: the store holds no document.
    """
    with Store.open(settings.corpus) as store:
        report = CorpusReport(store, settings, language=language)
        if not report.documents.height:
            raise DataError("the store holds no document.")
        read = report.documents.filter(pl.col("status") != "failed")
        unread = sum(store.unread_pages().values())
        years = read["year"].drop_nulls()
        dated = bool(years.len()) and report.counts.height > 0
        pictures = [_document_picture(report, read, language)] if years.len() else []
        answers: list[Answer] = []
        if dated:
            pictures.append(_cluster_picture(report, language))
            answers = report.answers()
        words = words_of(language)
        return Overview(
            facts=(
                Fact(read.height, words["documents"], "/documents"),
                Fact(int(read["n_pages"].sum()), words["pages"], "/documents"),
                Fact(int(report.counts["n_sentences"].sum()), words["sentences"], "/documents"),
                Fact(_coded(report), words["coded"], "/evidence"),
                Fact(unread, words["unread_pages"], "/quality"),
                Fact(report.documents.height - read.height, words["failed_documents"], "/quality"),
            ),
            answers=tuple((answer, rate_address(answer.code, answer.period, Filter())) for answer in answers),
            pictures=tuple(pictures),
            families=tuple(_families(report)),
            first=int(years.min()) if years.len() else None,  # type: ignore[arg-type]
            last=int(years.max()) if years.len() else None,  # type: ignore[arg-type]
        )


def _coded(report: CorpusReport) -> int:
    return int(report.mentions.filter(~pl.col("negated"))["sentence_id"].n_unique())


def _families(report: CorpusReport) -> list[tuple[str, int, int, int]]:
    """Coded sentences by family and language; a sentence counts once for a family."""
    found = (
        report.mentions.filter(~pl.col("negated"))
        .select("sentence_id", "language", family=pl.col("code").str.split(".").list.first())
        .unique()
        .group_by("family", "language")
        .len()
    )
    by: Counter[tuple[str, str]] = Counter({(family, language): n for family, language, n in found.rows()})
    whole: Counter[str] = Counter()
    for (family, _), n in by.items():
        whole[family] += n
    order = [*FAMILIES, *sorted(set(whole) - set(FAMILIES))]
    return [(family, by[family, "pl"], by[family, "en"], whole[family]) for family in order]


def _document_picture(report: CorpusReport, read: pl.DataFrame, language: Language) -> Picture:
    words = words_of(language)
    names = {"pl": words["polish"], "en": words["english"]}
    grouped = (
        read.filter(pl.col("year").is_not_null())
        .select("year", languages=pl.col("languages").list.sort().list.join("+"))
        .group_by("year", "languages")
        .len()
        .sort("year", "languages")
    )
    rows = []
    for year, codes, n in grouped.rows():
        spoken = " + ".join(names.get(part, part or "–") for part in codes.split("+"))
        rows.append(
            {
                "year": year, "language": spoken, "n_documents": n,
                "label": f"{year}, {spoken}: {n} {words['documents']}",
                "href": LINK_BASE + address("/documents", {"years": year, "languages": codes}),
            }
        )  # fmt: skip
    titles = {key: words[key] for key in ("year", "language")} | {"n_documents": words["documents"]}
    chart = document_bars(rows, titles=titles).properties(width=CHART_WIDTH)
    return Picture("documents", words["chart_documents"], draw_inline(chart, label=words["chart_documents"]))


def rate_label(finding: Finding, name: str, language: Language) -> str:
    """What a point of a chart says: series, period, value, interval and how many sentences stand behind it."""
    words = words_of(language)
    text = f"{name}, {finding.keys['period']}: {number_text(finding.value, language=language, decimals=2)}"
    if finding.low is not None:
        low, high = (number_text(one, language=language, decimals=2) for one in (finding.low, finding.high))
        text += f" ({low}–{high})"
    return f"{text}; {finding.n:.0f} {words['sentences']}"


def _cluster_picture(report: CorpusReport, language: Language) -> Picture:
    words = words_of(language)
    rates = report.rates("cluster", by="year")
    years = [int(finding.keys["period"]) for finding in rates]
    events = [
        {"year": event.first, "title": getattr(event, f"title_{language}") or event.title_en or event.title_pl}
        for event in landmarks(load_events(), min(years), max(years))
    ]
    rows = [
        {
            "x": finding.keys["period"], "value": finding.value, "low": finding.low, "high": finding.high,
            "thin": "thin" in finding.flag, "label": rate_label(finding, report.name("cluster"), language),
            "href": LINK_BASE + rate_address("cluster", finding.keys["period"], Filter()),
        }
        for finding in rates
    ]  # fmt: skip
    bands = []
    for rate in report.rates("cluster", by="period"):
        start, end = period_years(rate.keys["period"])
        if rate.low is not None:
            bands.append(
                {"first": max(start, min(years)), "last": min(end, max(years)), "value": rate.value, "low": rate.low,
                 "high": rate.high}
            )  # fmt: skip
    chart = trend_points(rows, bands, events, titles={"value": words["per_100"], "x": words["year"]})
    chart = chart.properties(width=CHART_WIDTH)
    note = f"{words['events']}: " + "; ".join(f"{event['year']} {event['title']}" for event in events) + "."
    return Picture("cluster-trend", words["chart_trend"], draw_inline(chart, label=words["chart_trend"]), note)

"""`textmine trends`: rates over time, tests of them, leaders, corrections and text used again."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.commands.options import (
    CodeOption,
    CorpusOption,
    FormatOption,
    LanguageOption,
    LevelOption,
    LimitOption,
    OutputOption,
    RegionOption,
    SectionOption,
    SeedOption,
    TypeOption,
    YearsOption,
    corpus_settings,
    parse_years,
    print_rows,
    warn,
)

__all__ = ["register"]


class By(StrEnum):
    """What a cell of time is."""

    YEAR = "year"
    PERIOD = "period"
    ALL = "all"


class Group(StrEnum):
    """What documents may be grouped by."""

    REGION = "region"
    LEVEL = "level"
    TYPE = "type"
    LANGUAGE = "language"


class Weight(StrEnum):
    """What counts the same: each document, or each word."""

    DOCUMENT = "document"
    WORD = "word"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trends")(trends)


def trends(
    by: Annotated[By, typer.Option("--by", help="year, period (EU programming period) or all.")] = By.YEAR,
    code: CodeOption = None,
    name: Annotated[
        list[str] | None, typer.Option("--name", help="Part of a cluster's name, as a series; may be repeated.")
    ] = None,
    query: Annotated[
        list[str] | None, typer.Option("--query", help="A query as in `textmine query`, as a series; may be repeated.")
    ] = None,
    group: Annotated[Group | None, typer.Option("--group", help="Split by region, level, language or type.")] = None,
    weight: Annotated[
        Weight, typer.Option("--weight", help="document: the mean of documents' rates; word: pooled text.")
    ] = Weight.DOCUMENT,
    test: Annotated[
        bool, typer.Option("--test", help="Trend tests, break years and steps between periods instead of rates.")
    ] = False,
    compare: Annotated[
        str | None, typer.Option("--compare", help="Two periods A:B: which codes lean to which (log-odds).")
    ] = None,
    leading: Annotated[
        str | None, typer.Option("--leading", help="A family, such as barrier: which code leads, how surely.")
    ] = None,
    corrected: Annotated[
        Path | None, typer.Option("--corrected", help="Hand-coded random sample: rates corrected for coding errors.")
    ] = None,
    reuse: Annotated[bool, typer.Option("--reuse", help="Passages that documents share, instead of rates.")] = False,
    count_once: Annotated[
        bool, typer.Option("--count-once", help="Count a shared passage only in the earliest document.")
    ] = False,
    region: RegionOption = None,
    level: LevelOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    years: YearsOption = None,
    section: SectionOption = None,
    chart: Annotated[Path | None, typer.Option("--chart", help="Also draw the rates: FILE.svg or FILE.png.")] = None,
    events: Annotated[
        Path | None, typer.Option("--events", help="CSV of events for the chart: year_from, title.")
    ] = None,
    corpus: CorpusOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    seed: SeedOption = None,
) -> None:
    """Follow codes over time: rates per 10,000 words and per 100 sentences with intervals, document by document.

    Example: textmine trends --by period --code 'barrier.*' --region mazowieckie --chart barriers.svg
    """
    from textmine.findings import trends as findings
    from textmine.store import Filter, Store

    settings = corpus_settings(corpus, seed=seed)
    _check_chart(chart)
    question = findings.TrendQuestion(
        codes=tuple(code or ()),
        names=tuple(name or ()),
        queries=tuple(query or ()),
        filter=Filter(
            region=region or "",
            level=level or "",
            type=type or "",
            language=language or "",
            years=parse_years(years),
            section=section or "",
        ),
        by=by.value,
        group=group.value if group else None,
        weighting=weight.value,
        once=count_once,
    )
    rows: list[dict[str, Any]]
    columns: tuple[str, ...]
    with Store.open(settings.corpus) as store:
        if reuse:
            rows, columns = findings.reuse_rows(store, question.filter), findings.REUSE_COLUMNS
        elif leading:
            rows, columns = findings.leader_rows(store, settings, question, leading), findings.LEADER_COLUMNS
        elif corrected:
            rows, columns = findings.corrected_rows(store, settings, question, corrected), findings.CORRECTED_COLUMNS
        elif test or compare:
            pair = _pair(compare) if compare else None
            rows, columns = findings.change_rows(store, settings, question, compare=pair), findings.TEST_COLUMNS
        else:
            found = findings.trend_findings(store, settings, question)
            rows, columns = findings.rate_rows(found, group=question.group), findings.RATE_COLUMNS
            if chart:
                _draw(found, chart, events=events, region=region, group=question.group, language=settings.lang or "en")
    shown = (*columns[:2], group.value, *columns[2:]) if group and not reuse else columns
    print_rows(rows, shown, format=format, output=output, limit=limit)


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition(":")
    if not first or not second:
        raise typer.BadParameter(f"--compare: found {text!r}, expected two periods such as 2007-13:2014-20.")
    return first, second


def _check_chart(chart: Path | None) -> None:
    if chart is not None and chart.suffix not in (".svg", ".png"):
        raise typer.BadParameter(f"--chart {chart}: write to a file that ends in .svg or .png.")


def _draw(
    found: list[Any], chart: Path, *, events: Path | None, region: str | None, group: str | None, language: str
) -> None:
    from textmine.report.charts import trend_chart
    from textmine.report.theme import draw
    from textmine.trends.events import landmarks, load_events

    years = [int(one.keys["period"]) for one in found if one.keys["period"].isdigit()]
    marks = load_events(events, region=region)
    if years:
        inside = [event for event in marks if min(years) <= event.first <= max(years)]
        marks = inside if events else landmarks(inside, min(years), max(years))
    picture = trend_chart(found, marks, group=group or "", language=language)
    chart.write_bytes(draw(picture, format="svg" if chart.suffix == ".svg" else "png"))
    warn(f"chart: {chart}")

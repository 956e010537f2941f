"""`textmine trends`: rates over time, tests of them, leaders, corrections and text used again."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.commands.options import (
    ChartLanguageOption,
    ChartOption,
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
    chart_format,
    chart_words,
    corpus_settings,
    parse_years,
    print_rows,
    write_chart,
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


class Measure(StrEnum):
    """What a chart draws."""

    SENTENCES = "per_100s"
    WORDS = "per_10k"
    DOCUMENTS = "documents"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trends")(trends)


def trends(
    by: Annotated[By, typer.Option("--by", help="year, period (EU programming period) or all.")] = By.YEAR,
    code: Annotated[
        list[str] | None,
        typer.Option("--code", help="A code, family or pattern (`barrier.*`); may be repeated. Default: the families."),
    ] = None,
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
        bool,
        typer.Option("--test", help="Trend tests, breaks, peaks and steps between periods instead of rates."),
    ] = False,
    compare: Annotated[
        str | None, typer.Option("--compare", help="Two periods A:B: which codes lean to which (log-odds).")
    ] = None,
    leading: Annotated[
        str | None, typer.Option("--leading", help="A family, such as barrier: which code leads, how surely.")
    ] = None,
    corrected: Annotated[
        Path | None,
        typer.Option(
            "--corrected", help="Hand-coded random sample, a file or its name in the store: corrects for coding errors."
        ),
    ] = None,
    coder: Annotated[
        str | None, typer.Option("--coder", help="Whose codes correct, where several coded the sample.")
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
    chart: ChartOption = None,
    chart_language: ChartLanguageOption = None,
    measure: Annotated[Measure, typer.Option("--measure", help="What the chart draws.")] = Measure.SENTENCES,
    events: Annotated[
        Path | None,
        typer.Option("--events", help="CSV of events for the chart instead of the policy time line: year_from, title."),
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
    from textmine.findings.places import region_name
    from textmine.store import Filter, Store

    settings = corpus_settings(corpus, seed=seed)
    shape = chart_format(chart)
    if shape and (reuse or compare):
        raise typer.BadParameter("--chart: there is no picture of --reuse or --compare. Leave it out.")
    place = region_name(region or "")
    question = findings.TrendQuestion(
        codes=tuple(code or (() if name or query or test or compare or corrected else findings.FAMILIES)),
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
    drawn: list[Any] = []
    turns: list[Any] = []
    drawn_as: str = measure.value
    with Store.open(settings.corpus) as store:
        if reuse:
            rows, columns = findings.reuse_rows(store, question.filter), findings.REUSE_COLUMNS
        elif leading:
            rows, columns = findings.leader_rows(store, settings, question, leading), findings.LEADER_COLUMNS
            if shape:  # the rates of those that lead anywhere
                leaders = tuple(dict.fromkeys(row["code"] for row in rows if row["code"]))
                drawn = findings.trend_findings(store, settings, replace(question, codes=leaders))
        elif corrected:
            drawn = findings.corrected_findings(store, settings, question, corrected, coder=coder)
            rows, columns = findings.corrected_rows(drawn, group=question.group), findings.CORRECTED_COLUMNS
            drawn_as = "corrected_per_100s"
        elif test or compare:
            pair = _pair(compare) if compare else None
            turns = findings.change_findings(store, settings, question, compare=pair)
            rows, columns = findings.change_rows(turns, group=question.group), findings.TEST_COLUMNS
            if shape:
                drawn = findings.trend_findings(store, settings, replace(question, by="year"))
        else:
            drawn = findings.trend_findings(store, settings, question)
            rows, columns = findings.rate_rows(drawn, group=question.group), findings.RATE_COLUMNS
    if chart and shape:
        from textmine.report.charts import trend_chart

        picture = trend_chart(
            drawn,
            _events(drawn, events, region=place),
            measure=drawn_as,
            group=question.group or "",
            language=chart_words(chart_language, settings),
            turns=turns,
        )
        write_chart(picture, chart, shape)
    shown = (*columns[:2], group.value, *columns[2:]) if group and not reuse else columns
    print_rows(rows, shown, format=format, output=output, limit=limit)


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition(":")
    if not first or not second:
        raise typer.BadParameter(f"--compare: found {text!r}, expected two periods such as 2007-13:2014-20.")
    return first, second


def _events(drawn: list[Any], file: Path | None, *, region: str) -> list[Any]:
    """A user's own events within the years drawn, or the landmarks of the policy time line."""
    from textmine.trends.events import landmarks, load_events

    years = [int(one.keys["period"]) for one in drawn if one.keys["period"].isdigit()]
    found = load_events(file, region=region or None)
    if not years:
        return []
    if file:
        return [event for event in found if min(years) <= event.first <= max(years)]
    return landmarks(found, min(years), max(years), region=region)

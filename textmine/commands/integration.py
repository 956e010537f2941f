"""`textmine integration`: how far clusters are tied into a region's development policy, with the sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.commands.options import (
    ChartLanguageOption,
    ChartOption,
    CorpusOption,
    FormatOption,
    LanguageOption,
    LimitOption,
    OutputOption,
    RegionOption,
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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("integration")(integration)


def integration(
    by: Annotated[str, typer.Option("--by", help="region,period or one of them.")] = "region,period",
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", help="Only this indicator, such as S4; may be repeated.")
    ] = None,
    evidence: Annotated[
        bool,
        typer.Option("--evidence", help="The sentences behind the values (also of --answers, --coupling) instead."),
    ] = False,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Rank ranges over 1,000 ways of counting, instead of the values.")
    ] = False,
    steps: Annotated[
        bool, typer.Option("--steps", help="Differences between neighbouring periods, instead of the values.")
    ] = False,
    answers: Annotated[
        bool, typer.Option("--answers", help="Which instruments stand by which barriers, instead of the values.")
    ] = False,
    coupling: Annotated[
        bool, typer.Option("--coupling", help="Which priorities clusters go with, instead of the values.")
    ] = False,
    alignment: Annotated[
        bool, typer.Option("--alignment", help="Whose accents a region's documents share, instead of the values.")
    ] = False,
    confirm: Annotated[
        Path | None, typer.Option("--confirm", help="CSV of S5 as a person read it: region, period, level (0-4).")
    ] = None,
    theme: Annotated[
        list[str] | None,
        typer.Option("--theme", help="A placebo: codes that stand in for the cluster codes, such as priority.tourism."),
    ] = None,
    region: RegionOption = None,
    type: TypeOption = None,
    language: LanguageOption = None,
    years: YearsOption = None,
    chart: ChartOption = None,
    chart_language: ChartLanguageOption = None,
    corpus: CorpusOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    seed: SeedOption = None,
) -> None:
    """Measure how cluster policy is tied into development policy: indicators, four sides, composite, intervals.

    Text is not practice: a value says what documents tie together. An empty value means too little text, not zero.

    Example: textmine integration --by region,period --format csv
    """
    from textmine.findings import integration as findings
    from textmine.store import Filter, Store

    cells = tuple(part.strip() for part in by.split(","))
    if not set(cells) <= {"region", "period"} or not cells:
        raise typer.BadParameter(f"--by: found {by!r}, expected region,period or one of them.")
    shape = chart_format(chart)
    if shape and (sensitivity or steps or answers or coupling or alignment):
        raise typer.BadParameter("--chart draws the sides; leave out what is asked for instead of the values.")
    settings = corpus_settings(corpus, seed=seed)
    filter = Filter(region=region or "", type=type or "", language=language or "", years=parse_years(years))
    place = findings.region_name(region or "")
    rows: list[dict[str, Any]]
    columns: tuple[str, ...]
    with Store.open(settings.corpus) as store:
        if sensitivity:
            rows = findings.sensitivity_rows(store, settings, by=cells, filter=filter)
            columns = findings.INTEGRATION_COLUMNS[:10]
        elif steps:
            confirmed = findings.read_confirmed(confirm) if confirm else None
            rows = findings.step_rows(store, settings, filter=filter, confirmed=confirmed)
            columns = findings.STEP_COLUMNS
        elif answers or coupling:
            table = findings.answer_table_rows if answers else findings.coupling_table_rows
            rows = table(store, by=cells, filter=filter, draws=settings.draws, seed=settings.seed)
            columns = findings.ANSWER_COLUMNS if answers else findings.COUPLING_COLUMNS
            if evidence:
                rows = findings.evidence_rows(store, findings.table_findings(rows))
                columns = findings.EVIDENCE_COLUMNS
        elif alignment:
            rows = findings.alignment_table_rows(store, settings, by=cells, filter=filter)
            columns = findings.ALIGNMENT_COLUMNS
        else:
            options: dict[str, Any] = {"theme": tuple(theme)} if theme else {}
            every = findings.integration_findings(
                store,
                settings,
                by=cells,
                filter=filter,
                confirmed=findings.read_confirmed(confirm) if confirm else None,
                **options,
            )
            found = [one for one in every if not indicator or one.keys["indicator"] in indicator]
            if evidence:
                rows = findings.evidence_rows(store, found, region=place)
                columns = findings.EVIDENCE_COLUMNS
            else:
                rows, columns = findings.integration_rows(found, region=place), findings.INTEGRATION_COLUMNS
            if chart and shape:
                from textmine.report.charts import integration_chart

                own = [one for one in every if not place or one.keys["region"] == place]
                write_chart(integration_chart(own, language=chart_words(chart_language, settings)), chart, shape)
    print_rows(rows, columns, format=format, output=output, limit=limit)

"""`textmine integration`: how far clusters are tied into a region's development policy, with the sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.commands.options import (
    CorpusOption,
    FormatOption,
    LanguageOption,
    LimitOption,
    OutputOption,
    RegionOption,
    SeedOption,
    TypeOption,
    YearsOption,
    corpus_settings,
    parse_years,
    print_rows,
    warn,
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
        bool, typer.Option("--evidence", help="The sentences behind the values, instead of the values.")
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
    chart: Annotated[Path | None, typer.Option("--chart", help="Also draw the sides: FILE.svg or FILE.png.")] = None,
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
    if chart is not None and chart.suffix not in (".svg", ".png"):
        raise typer.BadParameter(f"--chart {chart}: write to a file that ends in .svg or .png.")
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
        elif answers:
            rows, columns = findings.answer_table_rows(store, by=cells, filter=filter), findings.ANSWER_COLUMNS
        elif coupling:
            rows, columns = findings.coupling_table_rows(store, by=cells, filter=filter), findings.COUPLING_COLUMNS
        else:
            options: dict[str, Any] = {"theme": tuple(theme)} if theme else {}
            found = findings.integration_findings(
                store,
                settings,
                by=cells,
                filter=filter,
                confirmed=findings.read_confirmed(confirm) if confirm else None,
                **options,
            )
            found = [one for one in found if not indicator or one.keys["indicator"] in indicator]
            if evidence:
                rows = findings.evidence_rows(store, found, region=place)
                columns = findings.EVIDENCE_COLUMNS
            else:
                rows, columns = findings.integration_rows(found, region=place), findings.INTEGRATION_COLUMNS
            if chart:
                from textmine.report.charts import integration_chart
                from textmine.report.theme import draw

                own = [one for one in found if not place or one.keys["region"] == place]
                chart.write_bytes(draw(integration_chart(own), format="svg" if chart.suffix == ".svg" else "png"))
                warn(f"chart: {chart}")
    print_rows(rows, columns, format=format, output=output, limit=limit)

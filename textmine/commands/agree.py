"""`textmine agree`: do people code alike, and where do they differ."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.commands.options import (
    CodebookOption,
    CorpusOption,
    FormatOption,
    LimitOption,
    OutputOption,
    SeedOption,
    corpus_settings,
    print_rows,
)

__all__ = ["register"]


class Distance(StrEnum):
    """How far two sets of codes are apart."""

    MASI = "masi"
    JACCARD = "jaccard"


class Level(StrEnum):
    """Which rows are shown."""

    ALL = "all"
    FAMILY = "family"
    CODE = "code"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("agree")(agree)


def agree(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Coded files, CSV, XLSX or JSONL, one a coder (or with a column coder).", exists=True),
    ] = None,
    sample: Annotated[str | None, typer.Option("--sample", help="A sample of the store, instead of files.")] = None,
    disagreements: Annotated[
        bool, typer.Option("--disagreements", help="List sentences and codes on which coders differ.")
    ] = False,
    distance: Annotated[
        Distance, typer.Option("--distance", help="Of sets of codes: masi (Passonneau 2006) or jaccard.")
    ] = Distance.MASI,
    level: Annotated[Level | None, typer.Option("--level", help="Only all, family or code.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Only rows of pl, en or all.")] = None,
    codebook: CodebookOption = None,
    corpus: CorpusOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    seed: SeedOption = None,
) -> None:
    """Measure how alike two or more people code: Krippendorff's alpha and F1 with 95 % intervals, by code and language.

    Codes are measured one by one (nominal alpha: given or not), families and all codes as sets. Intervals are
    bootstrapped over documents. Sentences that only one person coded, or that one skipped, count where two are left.

    Example: textmine agree ala.xlsx ben.csv --level family
    """
    from textmine.findings import coders
    from textmine.store import Store

    settings = corpus_settings(corpus, seed=seed, codebook=codebook)
    if (sample is None) == (not files):
        raise typer.BadParameter("name coded files, or a sample of the store with --sample NAME.")
    if sample is not None:
        with Store.open(settings.corpus) as store:
            decisions = coders.decisions_of_sample(store, sample)
    else:
        decisions = coders.decisions_of_files(files or [], settings)
    rows: list[dict[str, Any]]
    columns: tuple[str, ...]
    if disagreements:
        rows, columns = coders.disagreement_rows(decisions, settings), coders.DISAGREEMENT_COLUMNS
    else:
        rows = coders.agreement_rows(decisions, settings, distance=distance.value)
        rows = [row for row in rows if level in (None, row["level"])]
        columns = coders.AGREEMENT_COLUMNS
    if language:
        rows = [row for row in rows if row["language"] == language]
    for row in rows:
        row |= {key: round(value, 4) for key, value in row.items() if isinstance(value, float)}
    print_rows(rows, columns, format=format, output=output, limit=limit)

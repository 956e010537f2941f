"""`textmine keyness`: the words that tell two sub-corpora apart."""

from __future__ import annotations

from typing import Annotated

import typer

from textmine.commands.options import (
    CorpusOption,
    FormatOption,
    LanguageOption,
    LevelOption,
    LimitOption,
    OutputOption,
    RegionOption,
    TypeOption,
    YearsOption,
    corpus_settings,
    parse_years,
    print_rows,
)

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("keyness")(keyness)


def keyness(
    a: Annotated[str, typer.Argument(help="A query: fields such as year:2007..2013, or words.")],
    b: Annotated[str, typer.Argument(help="The query to set against it.")],
    corpus: CorpusOption = None,
    language: LanguageOption = None,
    region: RegionOption = None,
    level: LevelOption = None,
    kind: TypeOption = None,
    years: YearsOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Words that tell the sentences of one query from those of another (log-odds with an informative prior).

    Words of A come first (z above 1.96 is the usual mark), words of B last.

    Example: textmine keyness year:2007..2013 year:2014..2020 --language pl
    """
    from textmine.store import KEYNESS_COLUMNS, Filter, Store

    filter = Filter(
        language=language or "", region=region or "", level=level or "", type=kind or "", years=parse_years(years)
    )
    with Store.open(corpus_settings(corpus).corpus) as store:
        print_rows(store.keyness(a, b, filter), KEYNESS_COLUMNS, format=format, output=output, limit=limit)

"""`textmine mentions`: the coded sentences of the store, a row each."""

from __future__ import annotations

from typing import Annotated

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
    TypeOption,
    YearsOption,
    corpus_settings,
    parse_years,
    print_rows,
)

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mentions")(mentions)


def mentions(
    corpus: CorpusOption = None,
    code: CodeOption = None,
    region: RegionOption = None,
    level: LevelOption = None,
    kind: TypeOption = None,
    language: LanguageOption = None,
    years: YearsOption = None,
    section: SectionOption = None,
    name: Annotated[str | None, typer.Option("--name", help="A cluster's name, or a part of it.")] = None,
    document: Annotated[
        str | None, typer.Option("--document", help="A file name, path or id, also with * and ?.")
    ] = None,
    negated: Annotated[
        bool, typer.Option("--negated", help="Also sentences that only deny the code ('no longer a barrier').")
    ] = False,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """List coded sentences with document, page, section, codes, terms and place on the page.

    Example: textmine mentions --code 'barrier.*' --region mazowieckie --years 2004:2013 --format csv
    """
    from textmine.store import MENTION_COLUMNS, Filter, Store

    filter = Filter(
        codes=tuple(code or ()),
        region=region or "",
        level=level or "",
        type=kind or "",
        language=language or "",
        years=parse_years(years),
        section=section or "",
        name=name or "",
        document=document or "",
        negated=negated,
    )
    with Store.open(corpus_settings(corpus).corpus) as store:
        print_rows(store.mention_rows(filter, limit), MENTION_COLUMNS, format=format, output=output, limit=limit)

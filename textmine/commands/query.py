"""`textmine query`: ask the corpus in either language, get the passages on their pages."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
    warn,
)

if TYPE_CHECKING:
    from textmine.settings import Settings
    from textmine.store import Filter, Store

__all__ = ["register"]

#: Characters on each side of a hit: in files, and the least on a terminal.
WIDTH, LEAST_WIDTH = 60, 20
#: What the other columns of a concordance take of a terminal.
_OTHER_COLUMNS = 100
#: Sentences by meaning when no limit is given: the order matters, not the number.
LIKE_ROWS = 50


class Show(StrEnum):
    """What a row shows."""

    KWIC = "kwic"
    SENTENCE = "sentence"
    BLOCK = "block"


class Sort(StrEnum):
    """What rows are sorted by."""

    LEFT = "left"
    RIGHT = "right"
    DOCUMENT = "document"
    YEAR = "year"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("query")(query)


def query(
    text: Annotated[
        str, typer.Argument(help='Words, "phrases", AND OR NOT, NEAR/5, klast*, =klastra, fields, CQL; or @NAME.')
    ] = "",
    corpus: CorpusOption = None,
    exact: Annotated[bool, typer.Option("--exact", help="Words as they are written, not by lemma.")] = False,
    also: Annotated[bool, typer.Option("--also", help="Also the codebook's terms in the other language.")] = False,
    like: Annotated[
        str | None, typer.Option("--like", help="Sentences of this meaning in both languages, nearest first.")
    ] = None,
    near: Annotated[
        int | None, typer.Option("--near", min=0, help="Words at most N words apart, in any order.")
    ] = None,
    code: CodeOption = None,
    language: LanguageOption = None,
    region: RegionOption = None,
    level: LevelOption = None,
    kind: TypeOption = None,
    years: YearsOption = None,
    section: SectionOption = None,
    show: Annotated[Show, typer.Option("--show", help="The hit in context, its sentence, or its block.")] = Show.KWIC,
    sort: Annotated[Sort | None, typer.Option("--sort", help="By the words around the hit, document or year.")] = None,
    width: Annotated[int | None, typer.Option("--width", min=0, help="Characters on each side of the hit.")] = None,
    count: Annotated[
        str | None, typer.Option("--count", help="Count sentences by year, region, code, language, match, ...")
    ] = None,
    facets: Annotated[bool, typer.Option("--facets", help="Counts by year, region, level, type, language.")] = False,
    collocates: Annotated[bool, typer.Option("--collocates", help="Words that go with the hits.")] = False,
    window: Annotated[int, typer.Option("--window", min=1, help="Reach of --collocates, in words.")] = 5,
    save: Annotated[str | None, typer.Option("--save", help="Keep this query; ask it again as @NAME.")] = None,
    saved: Annotated[bool, typer.Option("--saved", help="List the saved queries.")] = False,
    store_vectors: Annotated[
        bool, typer.Option("--store-vectors", help="Keep all sentences' vectors, so that --like is fast.")
    ] = False,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Find words, phrases and patterns by lemma in both languages.

    Example: textmine query 'klaster NEAR/5 bariera region:mazowieckie' --sort right
    """
    from textmine.store import LIKE_COLUMNS, Filter, Store

    settings = corpus_settings(corpus)

    def write(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
        print_rows(rows, columns, format=format, output=output, limit=limit)

    if store_vectors:
        with Store.open(settings.corpus, "rw") as store:
            warn(f"{store.add_vectors():,} sentences encoded and kept in {settings.corpus}.")
        if not (text or like or saved):
            return
    if not (text or like or saved):
        raise typer.BadParameter("TEXT is missing. Write a word such as klaster, or --like 'a sentence'.")
    filter = Filter(
        codes=tuple(code or ()),
        region=region or "",
        level=level or "",
        type=kind or "",
        language=language or "",
        years=parse_years(years),
        section=section or "",
    )
    asked: dict[str, Any] = {"text": text, "exact": exact, "also": also, "near": near}
    if save:
        with Store.open(settings.corpus, "rw") as store:
            if text:
                store.parse(text, exact=exact, near=near)  # a faulty query is not kept
            store.save_query(save, asked | {"filter": asdict(filter)})
    with Store.open(settings.corpus) as store:
        if saved:
            rows = ({"name": name, **options} for name, options in store.saved_queries().items())
            write(rows, ("name", "text", "exact", "also", "near", "filter"))
            return
        if text.startswith("@"):
            asked, filter = _recall(store, text[1:], filter)
        node = store.parse(asked["text"], exact=asked["exact"], near=asked["near"]) if asked["text"] else None
        if node is not None and asked["also"]:
            node = _with_partners(store, node, settings)
        if like is not None:
            if store.count_without_vectors():
                warn("Sentences are encoded for this question alone; --store-vectors keeps them.")
            write(
                store.like(like, filter, within=node, limit=LIKE_ROWS if limit is None else limit),
                LIKE_COLUMNS,
            )
            return
        assert node is not None
        if count is not None:
            from textmine.store import COUNT_COLUMNS, COUNT_FIELDS

            if count not in COUNT_FIELDS:
                raise typer.BadParameter(f"--count: found {count}, expected one of {', '.join(COUNT_FIELDS)}.")
            write(store.count_by(node, count, filter), (count, *COUNT_COLUMNS))
        elif facets:
            from textmine.store import COUNT_COLUMNS

            found = store.facets(node, filter)
            rows = ({"facet": facet, "value": row[facet], **row} for facet in found for row in found[facet])
            write(rows, ("facet", "value", *COUNT_COLUMNS))
        elif collocates:
            from textmine.store import COLLOCATE_COLUMNS

            write(store.collocates(node, filter, window=window), COLLOCATE_COLUMNS)
        else:
            from textmine.store import COLUMNS

            width = width if width is not None else _width(output)
            hits = _Told(
                store.query(node, filter, show=show.value, sort=sort.value if sort else "", limit=limit, width=width)
            )
            write(hits, COLUMNS[show.value])
            if not hits.any and limit != 0:
                warn("No sentence has it. Fewer conditions, a shorter word with *, or --also may find more.")


class _Told:
    """Rows that remember whether there was any."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._rows = rows
        self.any = False

    def __iter__(self) -> Any:
        for row in self._rows:
            self.any = True
            yield row


def _recall(store: Store, name: str, filter: Filter) -> tuple[dict[str, Any], Filter]:
    """The saved query of this name, and its filter with what the call gives put in its place."""
    known = store.saved_queries()
    if name not in known:
        names = ", ".join("@" + other for other in known) or "none"
        raise typer.BadParameter(f"no saved query @{name}. Saved are: {names}. Save one with --save NAME.")
    kept = known[name]
    given = {key: value for key, value in asdict(filter).items() if value}
    own = kept["filter"] | given
    own["codes"] = tuple(own["codes"])
    own["years"] = tuple(own["years"]) if own["years"] else None
    return kept, replace(filter, **own)


def _with_partners(store: Store, node: Any, settings: Settings) -> Any:
    from textmine.codebook import load_codebook

    node, added = store.also(node, load_codebook(settings.codebook))
    for word, partners in added.items():
        warn(f"{word}: also {', '.join(partners)}")
    if not added:
        warn("--also: the codebook knows no partner in the other language for these words.")
    return node


def _width(output: Path | None) -> int:
    if output is not None or not sys.stdout.isatty():
        return WIDTH
    return max(LEAST_WIDTH, (shutil.get_terminal_size().columns - _OTHER_COLUMNS) // 2)

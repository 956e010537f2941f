"""`textmine sample`: sentences to code by hand, drawn from the store, and what coders decided taken back into it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import (
    CodebookOption,
    CodeOption,
    CorpusOption,
    Format,
    FormatOption,
    LanguageOption,
    LevelOption,
    LimitOption,
    OutputOption,
    RegionOption,
    SeedOption,
    TypeOption,
    YearsOption,
    chart_words,
    corpus_settings,
    parse_years,
    print_rows,
    warn,
)

if TYPE_CHECKING:
    from textmine.settings import Settings
    from textmine.store import Filter
    from textmine.store.connection import Mode

__all__ = ["register"]


class Design(StrEnum):
    """How sentences are drawn."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    ACTIVE = "active"


LIST_COLUMNS = (
    "sample", "design", "seed", "n_sentences", "coder", "n_done", "n_uncertain", "n_skipped", "n_left", "last",
)  # fmt: skip
#: What a stratified sample goes by when nothing is said.
BY = ("period", "language", "type")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sample")(sample)


def sample(
    n: Annotated[int | None, typer.Option("--n", min=1, help="Draw so many sentences.")] = None,
    design: Annotated[
        Design | None,
        typer.Option(
            "--design", help="random; stratified (by --by); active (doubtful and unlike ones, a quarter random)."
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Strata: period, language, type, level, region, year, separated by commas."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The sample's name; alone: write the sample of this name again.")
    ] = None,
    with_codes: Annotated[
        bool, typer.Option("--with-codes", help="Also the machine's codes: coders are then no longer blind to them.")
    ] = False,
    read: Annotated[
        list[Path] | None,
        typer.Option("--read", help="Take a coded file into the store; may be repeated.", exists=True),
    ] = None,
    coder: Annotated[
        str | None, typer.Option("--coder", help="Who coded the file of --read; else: fill this coder's codes in.")
    ] = None,
    size_for: Annotated[
        list[float] | None,
        typer.Option("--size-for", help="How many sentences an interval of +- this width needs; may be repeated."),
    ] = None,
    code: CodeOption = None,
    region: RegionOption = None,
    level: LevelOption = None,
    kind: TypeOption = None,
    language: LanguageOption = None,
    years: YearsOption = None,
    codebook: CodebookOption = None,
    model: Annotated[str | None, typer.Option("--model", help="Coder whose doubt --design active asks for.")] = None,
    corpus: CorpusOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    seed: SeedOption = None,
) -> None:
    """Draw sentences to code by hand, as XLSX with drop-downs, CSV or JSONL, and take the coded files back.

    Without options it lists the samples and how far each coder is. Coders see neither the machine's codes nor each
    other's.

    Example: textmine sample --n 300 --design stratified --by period,language --output sample.xlsx
    """
    from textmine.findings import samples
    from textmine.store import Filter, Store

    settings = corpus_settings(corpus, seed=seed, codebook=codebook, model=model)
    filter = Filter(
        codes=tuple(code or ()),
        region=region or "",
        level=level or "",
        type=kind or "",
        language=language or "",
        years=parse_years(years),
    )
    if size_for:
        rows = _sizes(size_for, settings, filter, asked=corpus is not None)
        print_rows(rows, samples.SIZE_COLUMNS, format=format, output=output, limit=limit)
        return
    mode: Mode = "rw" if settings.corpus.exists() else "ro"  # one that is missing is an error, not made by mistake
    if read:
        with Store.open(settings.corpus, mode) as store:
            taken = samples.take_in(store, settings, read, coder=coder or "", sample=name or "")
        left = f"; {taken['open']} rows are still open (write none, or a state, where no code applies)"
        warn(
            f"{', '.join(taken['samples']) or 'nothing'}: {taken['decisions']} decisions by "
            f"{', '.join(taken['coders']) or 'nobody'}, {taken['new']} new or changed{left if taken['open'] else ''}"
        )
        return
    if n is None and name is None:
        with Store.open(settings.corpus) as store:
            print_rows(store.sample_rows(), LIST_COLUMNS, format=format, output=output, limit=limit)
        return
    if n is None:
        with Store.open(settings.corpus) as store:
            found = store.sample(name or "")
            rows = samples.sheet_rows(store, found, coder=coder or "", with_codes=with_codes)
    else:
        strata = _strata(design, by)
        chosen = design or (Design.STRATIFIED if strata else Design.RANDOM)
        question = samples.SampleQuestion(n, chosen.value, strata, filter, name or "")
        with Store.open(settings.corpus, mode) as store:
            found = samples.draw(store, settings, question)
            store.add_sample(found)
            rows = samples.sheet_rows(store, found, coder=coder or "", with_codes=with_codes)
        warn(f"sample {found.name}: {len(found.sentences)} of {found.settings['of']:,} sentences, kept in the store")
    _write(rows, settings, format=format, output=output, limit=limit)


def _strata(design: Design | None, by: str | None) -> tuple[str, ...]:
    from textmine.findings.samples import STRATA

    if by is None:
        return BY if design is Design.STRATIFIED else ()
    if design not in (None, Design.STRATIFIED):
        raise typer.BadParameter(f"--by: a sample that is {design} has no strata. Use --design stratified.")
    strata = tuple(part.strip() for part in by.split(",") if part.strip())
    for one in strata:
        if one not in STRATA:
            raise typer.BadParameter(f"--by: found {one!r}, expected some of {', '.join(STRATA)}.")
    return strata


def _sizes(widths: Sequence[float], settings: Settings, filter: Filter, *, asked: bool) -> list[dict[str, Any]]:
    from textmine.findings.samples import size_rows
    from textmine.store import Store

    for width in widths:
        if not 0 < width < 0.5:
            raise typer.BadParameter(f"--size-for: found {width}, expected above 0 and below 0.5, such as 0.05.")
    if not asked and not settings.corpus.exists():
        return size_rows(widths)
    with Store.open(settings.corpus) as store:
        return size_rows(widths, store, filter)


def _write(
    rows: Sequence[dict[str, Any]],
    settings: Settings,
    *,
    format: Format | None,
    output: Path | None,
    limit: int | None,
) -> None:
    """The sheet to code in: XLSX with drop-downs, JSON lines with `id, lang, text, codes`, or a table."""
    from textmine.findings.samples import SHEET_COLUMNS

    kind = format.value if format else output.suffix.lstrip(".").lower() if output else ""
    extra = [key for key in ("machine", "coder", "time") if any(key in row for row in rows)]
    if kind == "xlsx" and output is not None:
        from textmine.codebook import load_codebook
        from textmine.report.sheets import write_coding_book

        shown = rows if limit is None else rows[:limit]
        write_coding_book(shown, load_codebook(settings.codebook), output, language=chart_words(None, settings))
    elif kind in ("jsonl", "json"):
        columns = ("id", "lang", "text", "codes", "names")
        lines = [{"id": row["sentence_id"], "lang": row["language"]} | row for row in rows]
        keep = {*columns, *SHEET_COLUMNS, "document_id", *extra}
        lines = [{key: value for key, value in line.items() if key in keep} for line in lines]
        print_rows(lines, columns, format=format, output=output, limit=limit)
    else:
        for row in rows:  # in a table a sentence without codes would look as one that is still open
            if row["state"] and not row["codes"]:
                row["codes"] = ["none"]
        print_rows(rows, (*SHEET_COLUMNS, *extra), format=format, output=output, limit=limit)

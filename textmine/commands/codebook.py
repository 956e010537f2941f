"""`textmine codebook show | check | diff`: the instrument, whether it is sound, what a change of it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import FormatOption, LimitOption, OutputOption, print_rows, warn
from textmine.errors import CodebookError
from textmine.report.rows import CODE_COLUMNS, code_rows
from textmine.settings import load_settings

if TYPE_CHECKING:
    from textmine.codebook import Codebook

__all__ = ["changed_hits", "changed_terms", "register"]

CodebookOption = Annotated[
    Path | None, typer.Option("--codebook", help="Your own codebook file or folder; default ours.")
]
TERM_COLUMNS = ("code", "language", "strength", "term")
FAULT_COLUMNS = ("kind", "code", "language", "what")
CHANGE_COLUMNS = ("change", "code", "language", "strength", "term")
HIT_COLUMNS = ("document", "page", "sentence", "language", "appears", "vanishes", "text")
ROLES = {"strong": "strong", "usual": "usual", "weak": "weak", "not_": "not", "not_with": "not_with"}


class Exchange(StrEnum):
    """Formats of other programs."""

    QUANTEDA = "quanteda"
    SKOS = "skos"
    REFI_QDA = "refi-qda"


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(no_args_is_help=True, help="The codebook: what is in it, is it sound, what a change changes.")
    group.command("show")(show)
    group.command("check")(check)
    group.command("diff")(diff)
    group.command("export")(export)
    group.command("import")(import_)
    app.add_typer(group, name="codebook")


def show(
    code: Annotated[
        str | None, typer.Argument(help="A code such as barrier.trust: its terms; none: all codes.")
    ] = None,
    codebook: CodebookOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """List the codes, or the terms of one code.

    Example: textmine codebook show barrier.trust
    """
    from textmine.codebook import load_codebook

    book = load_codebook(load_settings(codebook=codebook).codebook)
    if code is None:
        print_rows(code_rows(book), CODE_COLUMNS, format=format, output=output, limit=limit)
        return
    try:
        found = book.code(code)
    except KeyError:
        raise typer.BadParameter(f"no code {code!r}. List them with: textmine codebook show") from None
    warn(f"{found.code}: {found.definition}")
    rows = [row for row in _terms(book) if row["code"] == code]
    print_rows(rows, TERM_COLUMNS, format=format, output=output, limit=limit)


def check(
    codebook: CodebookOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Look for collisions, dead terms, contradictions, a language left behind, examples that fail; exit 1 if any.

    Example: textmine codebook check --codebook mine.yaml
    """
    from textmine.codebook import load_codebook
    from textmine.coding.lint import check_codebook

    book = load_codebook(load_settings(codebook=codebook).codebook)
    faults = check_codebook(book)
    if not faults:
        n_terms = sum(1 for _ in _terms(book))
        warn(f"The codebook is sound: {len(book.codes)} codes, {n_terms} terms, id {book.id}.")
        return
    print_rows([asdict(fault) for fault in faults], FAULT_COLUMNS, format=format, output=output, limit=limit)
    raise CodebookError(f"{len(faults)} faults in the codebook, listed above. Mend them and check again.")


def diff(
    old: Annotated[Path, typer.Argument(help="A codebook file or folder; `-` is ours.", exists=False)],
    new: Annotated[Path, typer.Argument(help="The one to compare with it; `-` is ours.", exists=False)],
    on: Annotated[
        list[Path] | None, typer.Option("--on", help="Documents or JSONL: list the hits that appear or vanish there.")
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
) -> None:
    """Say how two codebooks differ: in their terms, or with --on in what they find.

    Example: textmine codebook diff - mine.yaml --on strategies/
    """
    if on:
        print_rows(changed_hits(old, new, on), HIT_COLUMNS, format=format, output=output, limit=limit)
    else:
        rows = changed_terms(_load(old), _load(new))
        print_rows(rows, CHANGE_COLUMNS, format=format, output=output, limit=limit)


def export(
    to: Annotated[
        Exchange, typer.Option("--to", help="quanteda (YAML, one language), skos (JSON-LD) or refi-qda (.qdc).")
    ],
    language: Annotated[str, typer.Option("--language", help="pl or en; for quanteda.")] = "pl",
    codebook: CodebookOption = None,
) -> None:
    """Write the codebook for another program, to stdout.

    Example: textmine codebook export --to quanteda --language en > dictionary.yml

    Example: textmine codebook export --to refi-qda > codebook.qdc
    """
    from textmine.codebook import load_codebook, to_quanteda, to_skos
    from textmine.report.refi_qda import codebook_xml

    book = load_codebook(load_settings(codebook=codebook).codebook)
    if to is Exchange.SKOS:
        typer.echo(to_skos(book))
        return
    if to is Exchange.REFI_QDA:
        typer.echo(codebook_xml(book), nl=False)
        return
    if language not in ("pl", "en"):
        raise typer.BadParameter(f"--language: found {language!r}, expected pl or en.")
    text, n_left = to_quanteda(book, language)
    typer.echo(text, nl=False)
    if n_left:
        warn(f"{n_left} terms with gaps, sets or conditions stayed behind: quanteda cannot hold them.")


def import_(
    dictionary: Annotated[Path, typer.Argument(help="A quanteda dictionary in YAML.", exists=True, dir_okay=False)],
    language: Annotated[str, typer.Option("--language", help="Language of its patterns: pl or en.")],
) -> None:
    """Turn a quanteda dictionary into a codebook of ours, to stdout.

    Example: textmine codebook import dictionary.yml --language en > mine.yaml
    """
    from textmine.codebook import from_quanteda

    try:
        text = dictionary.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(f"{dictionary}: cannot be read ({error}). Save it as UTF-8 text.") from error
    typer.echo(from_quanteda(text, language), nl=False)


def changed_terms(old: Codebook, new: Codebook) -> Iterator[dict[str, Any]]:
    """Terms that only one of two codebooks has, by code; `change` is `added` or `removed`."""
    before = {tuple(row.values()): row for row in _terms(old)}
    after = {tuple(row.values()): row for row in _terms(new)}
    for key in sorted(before.keys() ^ after.keys()):
        change = "added" if key in after else "removed"
        yield {"change": change} | (after.get(key) or before[key])


def changed_hits(old: Path, new: Path, on: list[Path]) -> Iterator[dict[str, Any]]:
    """Sentences of the documents that the two codebooks code differently, in reading order."""
    from textmine.commands.classify import classify_paths

    failures: list[str] = []
    sides = [
        classify_paths(on, load_settings(codebook=None if str(path) == "-" else path, model="keyword"), failures)
        for path in (old, new)
    ]
    for before, after in zip(*sides, strict=True):
        appears = sorted(set(after["codes"]) - set(before["codes"]))
        vanishes = sorted(set(before["codes"]) - set(after["codes"]))
        if appears or vanishes:
            yield after | {"appears": appears, "vanishes": vanishes}


def _load(path: Path) -> Codebook:
    from textmine.codebook import load_codebook

    return load_codebook(None if str(path) == "-" else path)


def _terms(book: Codebook) -> Iterator[dict[str, str]]:
    for code in book.codes:
        for language in ("pl", "en"):
            for role, strength in ROLES.items():
                for term in getattr(code.terms(language), role):
                    yield {"code": code.code, "language": language, "strength": strength, "term": term}

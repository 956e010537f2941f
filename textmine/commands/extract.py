"""`textmine extract`: the blocks of one document in reading order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, cast

import typer

from textmine.commands.options import FormatOption, LimitOption, OutputOption, print_rows, warn
from textmine.settings import Settings, load_settings

if TYPE_CHECKING:
    from textmine.records import Reading

__all__ = ["BLOCK_COLUMNS", "block_rows", "extract", "limited", "read_limited", "register"]

Value = TypeVar("Value")

BLOCK_COLUMNS = ("page", "kind", "level", "section", "language", "text", "x0", "top", "x1", "bottom")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("extract")(extract)


def extract(
    file: Annotated[Path, typer.Argument(help="A PDF, text, Markdown, HTML or DOCX file.", show_default=False)],
    all_kinds: Annotated[
        bool, typer.Option("--all", help="Also running headers and footers, contents lines and text in figures.")
    ] = False,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    engine: Annotated[str | None, typer.Option("--engine", help="auto, pdfium or pdfplumber.")] = None,
    ocr: Annotated[str | None, typer.Option("--ocr", help="Scanned pages: auto, never or always.")] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file whose first line opens the document.")
    ] = None,
) -> None:
    """Print the text of a document as blocks in reading order, each with its kind, section, language and place.

    Lengths are in points from the top left corner of the page.

    Example: textmine extract strategy.pdf --format csv > blocks.csv
    """
    settings = load_settings(engine=engine, ocr=ocr)
    reading = read_limited(file, settings, password_file)
    print_rows(block_rows(reading, all_kinds=all_kinds), BLOCK_COLUMNS, format=format, output=output, limit=limit)
    for flag in reading.document.flags:
        warn(f"{file.name}: {flag}")
    unread = [str(page.number) for page in reading.pages if page.source == "none"]
    if unread:
        from textmine.reading import INSTALL_HINT, tesseract_languages

        hint = "" if tesseract_languages() else f" {INSTALL_HINT}"
        warn(f"{file.name}: no text on page {', '.join(unread)}.{hint}")


def block_rows(reading: Reading, *, all_kinds: bool = False) -> Iterator[dict[str, Any]]:
    """One row a block with the columns of `extract`; furniture, contents and figure text only on demand."""
    from textmine.records import BODY_KINDS

    for block in reading.blocks:
        if all_kinds or block.kind in BODY_KINDS:
            yield {
                "page": block.page,
                "kind": block.kind,
                "level": block.level,
                "section": list(block.section),
                "language": block.language,
                "text": block.text,
                "x0": block.box.x0,
                "top": block.box.top,
                "x1": block.box.x1,
                "bottom": block.box.bottom,
            }


@dataclass(frozen=True, slots=True)
class _Job(Generic[Value]):
    """One document, and what a worker does with it."""

    work: Callable[[Path, Settings, str], Value]
    path: Path
    settings: Settings
    password: str

    def __str__(self) -> str:
        return str(self.path)


def _work(job: _Job[Value]) -> Value:
    return job.work(job.path, job.settings, job.password)


def _read(path: Path, settings: Settings, password: str) -> Reading:
    from textmine.reading import read_document

    return read_document(path, settings=settings, password=password)


def read_limited(file: Path, settings: Settings, password_file: Path | None = None) -> Reading:
    """A document read in a worker with limits on time and memory; raises as `limited` does."""
    return limited(_read, file, settings, password_file)


def limited(
    work: Callable[[Path, Settings, str], Value], file: Path, settings: Settings, password_file: Path | None
) -> Value:
    """`work(file, settings, password)` done in a worker with limits on time and memory.

    Raises:
        typer.BadParameter: the password file cannot be read.
        DocumentError: the document is missing or cannot be read.
    """
    from textmine.errors import DocumentError
    from textmine.execution import run_limited

    if not file.is_file():
        raise DocumentError(f"{file}: no such file. Check the path.")
    password = ""
    if password_file:
        try:
            password = password_file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise typer.BadParameter(f"--password-file {password_file}: cannot be read.") from error
    outcome = run_limited(
        _work,
        _Job(work, file, settings, password),
        max_seconds=settings.max_seconds,
        max_memory_mb=settings.max_memory_mb,
    )
    if outcome.error:
        raise outcome.error
    return cast(Value, outcome.value)

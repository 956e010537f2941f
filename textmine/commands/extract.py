"""`textmine extract`: the blocks of one document in reading order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from textmine.commands.options import FormatOption, LimitOption, OutputOption, print_rows, warn
from textmine.report.rows import BLOCK_COLUMNS, block_rows
from textmine.settings import load_settings

__all__ = ["extract", "read_password", "register"]


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
    from textmine.ingest.limited import read_limited

    settings = load_settings(engine=engine, ocr=ocr)
    reading = read_limited(file, settings, password=read_password(password_file))
    print_rows(block_rows(reading, all_kinds=all_kinds), BLOCK_COLUMNS, format=format, output=output, limit=limit)
    for flag in reading.document.flags:
        warn(f"{file.name}: {flag}")
    unread = [str(page.number) for page in reading.pages if page.source == "none"]
    if unread:
        from textmine.reading import INSTALL_HINT, tesseract_languages

        hint = "" if tesseract_languages() else f" {INSTALL_HINT}"
        warn(f"{file.name}: no text on page {', '.join(unread)}.{hint}")


def read_password(file: Path | None) -> str:
    """The first line of a password file; empty without a file.

    Raises:
        typer.BadParameter: it cannot be read.
    """
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"--password-file {file}: cannot be read.") from error

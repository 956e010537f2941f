"""`textmine ingest`: documents into the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from textmine.commands.options import CorpusOption, corpus_settings, warn
from textmine.errors import DocumentError

if TYPE_CHECKING:
    from textmine.ingest import IngestSummary
    from textmine.settings import Settings

__all__ = ["print_summary", "register", "run_ingest"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest")(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Documents and folders of documents.")],
    corpus: CorpusOption = None,
    metadata: Annotated[
        Path | None,
        typer.Option("--metadata", help="CSV: path, title, year, region, level, type, issuer, languages."),
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=0, help="Worker processes; 0: one a core.")] = None,
    ocr: Annotated[str | None, typer.Option("--ocr", help="auto, never or always.")] = None,
    engine: Annotated[str | None, typer.Option("--engine", help="auto, pdfium or pdfplumber.")] = None,
    codebook: Annotated[Path | None, typer.Option("--codebook", help="Your own codebook file or folder.")] = None,
    model: Annotated[str | None, typer.Option("--model", help="keyword, auto or the folder of a model.")] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file whose first line opens encrypted documents.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Also process what the store holds already.")] = False,
) -> None:
    """Read documents, code their sentences and store them; what is done is skipped.

    Example: textmine ingest strategies/ --metadata strategies.csv --corpus mazovia.db
    """
    settings = corpus_settings(corpus, workers=workers, ocr=ocr, engine=engine, codebook=codebook, model=model)
    summary = run_ingest(paths, settings, metadata=metadata, password=_password(password_file), force=force)
    print_summary(summary, settings.corpus)
    if summary.failures:
        raise typer.Exit(1)


def run_ingest(
    paths: list[Path],
    settings: Settings,
    *,
    metadata: Path | None = None,
    password: str = "",
    force: bool = False,
) -> IngestSummary:
    """Ingest with a progress bar on a terminal; faults of paths are named, counted as failures, and the rest is done.

    Raises:
        typer.Exit: 2 when no path leads to a document.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from textmine.ingest import IngestSummary
    from textmine.ingest import ingest as ingest_documents
    from textmine.reading import find_documents, read_manifest

    manifest = read_manifest(metadata) if metadata else {}
    summary = IngestSummary()
    documents: list[Path] = []
    for path in paths:
        try:
            documents += [found for found in find_documents([path]) if found not in documents]
        except DocumentError as error:
            warn(f"error: {error}")
            summary.failures[str(path)] = str(error)
    if not documents:
        raise typer.Exit(2 if not any(path.exists() for path in paths) else 1)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading and coding", total=len(documents))
        reported = set(summary.failures)

        def on_document(path: str) -> None:
            progress.advance(task)
            for name, reason in summary.failures.items():
                if name not in reported:
                    reported.add(name)
                    warn(f"error: {reason}")

        try:
            return ingest_documents(
                documents,
                settings=settings,
                manifest=manifest,
                password=password,
                force=force,
                on_document=on_document,
                summary=summary,
            )
        except KeyboardInterrupt:
            warn("interrupted: what was done is stored; run the same command again to go on.")
            print_summary(summary, settings.corpus)
            raise typer.Exit(1) from None


def print_summary(summary: IngestSummary, corpus: Path) -> None:
    """The summary of an ingest on stderr."""
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=True, highlight=False)
    speed = summary.n_pages / summary.seconds if summary.seconds else 0.0
    console.print(
        f"{summary.n_documents} documents ({summary.n_skipped} skipped as done, {summary.n_flagged} with flags, "
        f"{len(summary.failures)} failed), {summary.n_pages} pages, {summary.n_sentences} sentences "
        f"in {summary.seconds:.1f} s ({speed:.0f} pages/s)",
        soft_wrap=True,
    )
    if summary.mentions:
        table = Table("mentions of", "Polish", "English", "all", box=None, pad_edge=False)
        for column in table.columns[1:]:
            column.justify = "right"
        for family in sorted({family for family, _ in summary.mentions}):
            polish, english = summary.mentions[family, "pl"], summary.mentions[family, "en"]
            table.add_row(family, str(polish), str(english), str(polish + english))
        console.print(table)
    unread = sum(summary.pages_without_text.values())
    if unread:
        names = ", ".join(f"{Path(path).name} ({count})" for path, count in summary.pages_without_text.items())
        console.print(
            f"{unread} pages without text: {names}. They hold pictures; install Tesseract with Polish "
            "(Debian: apt-get install tesseract-ocr tesseract-ocr-pol) and ingest again.",
            soft_wrap=True,
        )
    else:
        console.print("0 pages without text")
    console.print(f"store: {corpus}", soft_wrap=True)


def _password(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except OSError as error:
        raise typer.BadParameter(f"--password-file {file}: {error.strerror}.") from error

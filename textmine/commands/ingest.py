"""`textmine ingest`: documents into the store."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import (
    CodebookOption,
    CorpusOption,
    Format,
    FormatOption,
    ModelOption,
    corpus_settings,
    one_line,
    print_rows,
    warn,
)
from textmine.errors import DocumentError, ExecutionError, StoreError

if TYPE_CHECKING:
    from textmine.execution import Executor
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
        typer.Option("--metadata", help="CSV or XLSX: path, title, year, region, level, type, issuer, languages."),
    ] = None,
    bibliography: Annotated[
        Path | None,
        typer.Option("--bibliography", help="Zotero or JabRef: FILE.bib, .json, .rdf or .csv, or an export's folder."),
    ] = None,
    name_pattern: Annotated[
        str | None, typer.Option("--name-pattern", help="What file names say: '{region}_{year}_{title}.pdf'.")
    ] = None,
    workers: Annotated[
        str | None,
        typer.Option("--workers", help="Worker processes (0: one a core), serial, or dask:N for a Dask cluster here."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="Address of a Dask scheduler: tcp://HOST:PORT.")
    ] = None,
    shared_files: Annotated[
        bool, typer.Option("--shared-files", help="Its workers open the documents by path; else they are sent.")
    ] = False,
    ocr: Annotated[str | None, typer.Option("--ocr", help="auto, never or always.")] = None,
    engine: Annotated[str | None, typer.Option("--engine", help="auto, pdfium or pdfplumber.")] = None,
    codebook: CodebookOption = None,
    model: ModelOption = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file whose first line opens encrypted documents.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Also process what the store holds already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be done, and why.")] = False,
    format: FormatOption = None,
) -> None:
    """Read documents, code their sentences and store them; what is done is skipped.

    Can be stopped at any time and run again. A changed codebook codes anew without reading again.

    What is given of documents wins over what their covers tell: a table, then a bibliography (items are tied to
    documents by their attachments), then the file name.

    Example: textmine ingest strategies/ --metadata strategies.csv --corpus mazovia.db

    Example: textmine ingest zotero-export/ --bibliography zotero-export/
    """
    from textmine.commands.extract import read_password
    from textmine.execution import choose_executor

    settings = corpus_settings(corpus, ocr=ocr, engine=engine, codebook=codebook, model=model)
    executor = choose_executor(workers, scheduler=scheduler, shared_files=shared_files, default=settings.workers)
    given = {"metadata": metadata, "bibliography": bibliography, "name_pattern": name_pattern}
    if dry_run:
        _print_plan(paths, settings, given, force=force, format=format)
        return
    summary = run_ingest(
        paths,
        settings,
        metadata=metadata,
        bibliography=bibliography,
        name_pattern=name_pattern,
        password=read_password(password_file),
        force=force,
        executor=executor,
    )
    print_summary(summary, settings.corpus)
    if summary.failures:
        raise typer.Exit(1)


def run_ingest(
    paths: list[Path],
    settings: Settings,
    *,
    metadata: Path | None = None,
    bibliography: Path | None = None,
    name_pattern: str | None = None,
    password: str = "",
    force: bool = False,
    executor: Executor | None = None,
) -> IngestSummary:
    """Ingest with a progress bar on a terminal; faults of paths are named, counted as failures, and the rest is done.

    Raises:
        typer.Exit: 2 when no path leads to a document.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from textmine.ingest import IngestSummary
    from textmine.ingest import ingest as ingest_documents

    summary = IngestSummary()
    documents = _find(paths, summary.failures)
    given = {"metadata": metadata, "bibliography": bibliography, "name_pattern": name_pattern}
    manifest = _given(documents, given, summary.failures)
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

        before = signal.signal(signal.SIGTERM, _interrupt) if _is_main_thread() else None
        try:
            return ingest_documents(
                documents,
                settings=settings,
                manifest=manifest,
                password=password,
                force=force,
                executor=executor,
                on_document=on_document,
                summary=summary,
            )
        except KeyboardInterrupt:
            progress.stop()
            warn("interrupted: what was done is stored; run the same command again to go on.")
            print_summary(summary, settings.corpus)
            raise typer.Exit(1) from None
        except (StoreError, ExecutionError):
            progress.stop()
            print_summary(summary, settings.corpus)
            raise
        finally:
            if before is not None:
                signal.signal(signal.SIGTERM, before)


def _find(paths: list[Path], failures: dict[str, str]) -> list[Path]:
    """The documents of all paths, none twice; a path without any is said and noted.

    Raises:
        typer.Exit: there is no document; 2 when no path exists.
    """
    from textmine.reading import find_documents

    documents: dict[Path, None] = {}
    for path in paths:
        try:
            documents |= dict.fromkeys(find_documents([path]))
        except DocumentError as error:
            warn(f"error: {error}")
            failures[str(path)] = str(error)
    if not documents:
        raise typer.Exit(2 if not any(path.exists() for path in paths) else 1)
    return list(documents)


def _given(
    documents: list[Path], given: Mapping[str, Any], failures: dict[str, str]
) -> Mapping[str, Mapping[str, str]]:
    """The metadata that options give; what does not fit is said, what is broken is noted."""
    from textmine.reading import gather_metadata

    found = gather_metadata(
        documents,
        manifest=given["metadata"],
        bibliography=given["bibliography"],
        name_pattern=given["name_pattern"],
    )
    for note in found.notes:
        warn(note)
    for fault in found.faults:
        warn(f"error: {fault}")
        failures[fault] = fault
    return found.manifest


def _print_plan(
    paths: list[Path], settings: Settings, given: Mapping[str, Any], *, force: bool, format: Format | None
) -> None:
    """What an ingest would do, one row a file."""
    from textmine.ingest import plan_ingest

    failures: dict[str, str] = {}
    documents = _find(paths, failures)
    manifest = _given(documents, given, failures)
    counts: Counter[str] = Counter()
    rows = []
    for step in plan_ingest(documents, settings=settings, manifest=manifest, force=force):
        counts[step.action] += 1
        rows.append({"path": str(step.path), "action": step.action, "why": step.why})
    print_rows(rows, ("path", "action", "why"), format=format)
    warn(f"would read {counts['read']}, code anew {counts['code']}, skip {counts['skip']}; nothing was done.")
    if failures:
        raise typer.Exit(1)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def print_summary(summary: IngestSummary, corpus: Path) -> None:
    """The summary of an ingest on stderr."""
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=True, highlight=False, markup=False)
    recoded = f", {summary.n_recoded} coded anew" if summary.n_recoded else ""
    speed = summary.n_pages / summary.seconds if summary.seconds else 0.0
    console.print(
        f"{summary.n_documents} documents ({summary.n_skipped} skipped as done, {summary.n_flagged} with flags, "
        f"{len(summary.failures)} failed{recoded}), {summary.n_pages} pages, {summary.n_sentences} sentences "
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
        names = ", ".join(
            f"{one_line(Path(path).name)} ({count})" for path, count in summary.pages_without_text.items()
        )
        console.print(
            f"{unread} pages without text: {names}. They hold pictures; install Tesseract with Polish "
            "(Debian: apt-get install tesseract-ocr tesseract-ocr-pol) and ingest again.",
            soft_wrap=True,
        )
    else:
        console.print("0 pages without text")
    console.print(f"store: {one_line(str(corpus))}", soft_wrap=True)

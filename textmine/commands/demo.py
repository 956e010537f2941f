"""`textmine demo`: the main job on the sample corpus."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from textmine.commands.ingest import print_summary, run_ingest
from textmine.commands.options import CorpusOption, corpus_settings, warn
from textmine.commands.report import ReportLanguage
from textmine.errors import StoreError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    corpus: CorpusOption = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML report.")] = Path("textmine-report.html"),
    language: Annotated[
        ReportLanguage | None, typer.Option("--language", help="Language of the report: pl or en.")
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=0, help="Worker processes; 0: one a core.")] = None,
) -> None:
    """Run the main job on the sample corpus: read, code, topics, trends, integration, report.

    Example: textmine demo --corpus sample.db --output sample.html
    """
    from textmine.findings.report import answers, write_report
    from textmine.findings.topics import fit_store_topics
    from textmine.settings import sample_corpus
    from textmine.store import Store

    started = time.perf_counter()
    settings = corpus_settings(corpus, workers=workers)
    chosen = language.value if language else settings.lang or "en"
    pdfs = sample_corpus() / "pdf"
    _refuse_other_corpus(settings.corpus, pdfs)
    summary = run_ingest([pdfs], settings, metadata=sample_corpus() / "manifest.csv", force=True)
    with Store.open(settings.corpus, mode="rw") as store:
        fit_store_topics(store, settings)
        write_report(store, settings, output, language=chosen)
        points = answers(store, settings, language=chosen)
    for point in points:
        typer.echo(point)
    print_summary(summary, settings.corpus)
    warn(f"report: {output}")
    warn(f"all done in {time.perf_counter() - started:.1f} s")
    if summary.failures:
        raise typer.Exit(1)


def _refuse_other_corpus(corpus: Path, pdfs: Path) -> None:
    """Keep the sample out of a store that holds other documents.

    Raises:
        StoreError: it holds some.
    """
    from textmine.store import Store

    if not corpus.exists():
        return
    names = {path.name for path in pdfs.iterdir()}
    with Store.open(corpus, mode="ro") as store:
        others = [path for path in store.documents_frame()["path"] if Path(path).name not in names]
    if others:
        raise StoreError(
            f"{corpus} holds a corpus of your own ({Path(others[0]).name} …). Give the demo another store: "
            "textmine demo --corpus sample.db"
        )

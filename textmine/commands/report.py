"""`textmine report`: one self-contained HTML file on a store."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from textmine.commands.options import CorpusOption, SeedOption, corpus_settings, warn

__all__ = ["ReportLanguage", "register"]


class ReportLanguage(StrEnum):
    """Languages a report can be written in."""

    PL = "pl"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    corpus: CorpusOption = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file.")] = Path("textmine-report.html"),
    language: Annotated[
        ReportLanguage | None, typer.Option("--language", help="pl or en; default TEXTMINE_LANG, else en.")
    ] = None,
    seed: SeedOption = None,
) -> None:
    """Write one HTML file that works offline: what was found, over time, by region, with quotes and methods.

    Example: textmine report --corpus mazovia.db --language pl --output raport.html
    """
    from textmine.findings.report import write_report
    from textmine.store import Store

    settings = corpus_settings(corpus, seed=seed)
    chosen = language.value if language else settings.lang or "en"
    with Store.open(settings.corpus, mode="ro") as store:
        write_report(store, settings, output, language=chosen)
    warn(f"report: {output}")

"""`textmine cite`: how to name this state of the corpus, so that others can tell whether theirs is the same."""

from __future__ import annotations

import typer

from textmine.commands.options import CorpusOption, FormatOption, OutputOption, corpus_settings, print_rows

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("cite")(cite)


def cite(corpus: CorpusOption = None, format: FormatOption = None, output: OutputOption = None) -> None:
    """Print corpus id, codebook id, model id, version and a BibTeX entry.

    Equal ids mean equal documents, read and coded alike.

    Example: textmine cite --corpus mazovia.db
    """
    from textmine.findings.citation import corpus_facts
    from textmine.store import Store

    settings = corpus_settings(corpus)
    with Store.open(settings.corpus) as store:
        facts = corpus_facts(store)
    if format is not None or output is not None:
        print_rows([facts], tuple(facts), format=format, output=output)
        return
    for key, value in facts.items():
        if key != "bibtex":
            typer.echo(f"{key}: {value}")
    typer.echo(f"\n{facts['bibtex']}")

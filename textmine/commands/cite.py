"""`textmine cite`: how to name this state of the corpus, so that others can tell whether theirs is the same."""

from __future__ import annotations

from typing import Any

import typer

import textmine
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


def corpus_facts(store: Any) -> dict[str, Any]:
    """Title, ids, sizes and BibTeX entry of the corpus in a store."""
    documents = store.documents_frame().filter(_read())
    counts = store.counts_frame()
    runs = store.runs()
    last = runs[-1] if runs else {}
    years = documents["year"].drop_nulls()
    span = f"{years.min()}-{years.max()}" if len(years) else "no years"
    facts = {
        "corpus": store.corpus_id(),
        "codebook": last.get("codebook", "none"),
        "model": last.get("coder", "none"),
        "textmine": last.get("textmine", textmine.__version__),
        "documents": documents.height,
        "years": span,
        "sentences": int(counts["n_sentences"].sum()),
        "words": int(counts["n_words"].sum()),
    }
    return facts | {"bibtex": _bibtex(str(store.get_meta("title", store.path.stem)), facts)}


def _read() -> Any:
    import polars as pl

    return pl.col("status") != "failed"


def _bibtex(title: str, facts: dict[str, Any]) -> str:
    plain = "".join(char for char in title if char not in "{}\\")
    note = (
        f"{facts['documents']} documents, {facts['years']}, {facts['sentences']} sentences, {facts['words']} words; "
        f"corpus {facts['corpus']}, codebook {facts['codebook']}, model {facts['model']}"
    )
    return (
        f"@misc{{textmine-{facts['corpus'][:10]},\n"
        f"  title = {{{plain}: a corpus of coded policy documents}},\n"
        f"  howpublished = {{Coded with textmine {facts['textmine']}}},\n"
        f"  note = {{{note}}}\n}}"
    )

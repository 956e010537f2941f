"""How a state of the corpus is named, so that others can tell whether theirs is the same."""

from __future__ import annotations

from typing import Any

import polars as pl

import textmine
from textmine.store import Store

__all__ = ["corpus_facts", "corpus_title"]


def corpus_facts(store: Store) -> dict[str, Any]:
    """Title, ids, sizes and BibTeX entry of the corpus in a store."""
    documents = store.documents_frame().filter(pl.col("status") != "failed")
    counts = store.counts_frame()
    runs = store.runs()
    last = runs[-1] if runs else {}
    years = documents["year"].drop_nulls()
    span = f"{min(years)}-{max(years)}" if len(years) else "no years"
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
    return facts | {"bibtex": _bibtex(corpus_title(store), facts)}


def corpus_title(store: Store) -> str:
    """The title that the corpus was given, or the name of its file."""
    return str(store.get_meta("title", store.path.stem))


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

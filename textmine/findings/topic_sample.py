"""Topics of a corpus too large for memory: fitted to documents drawn at random, with the error that this brings.

A fit holds all its passages and repeats itself on parts of them. Documents are drawn whole, as stability and intervals
draw them too.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import polars as pl

    from textmine.topics import TopicModel

__all__ = ["draw_documents", "sample_note", "with_sample"]

#: Sentences up to which all documents are taken. 20 topics of 100,000 sentences (25,000 passages) took 72 CPU s and
#: 0.9 GB on the store of `benchmarks/query.py`; 500,000 took more than 336 s and 2.3 GB.
SENTENCES_MAX = 200_000


def draw_documents(documents: pl.DataFrame, *, seed: int) -> list[str] | None:
    """Ids of documents at random whose sentences together are about SENTENCES_MAX; None: the corpus has no more.

    Args:
        documents: columns document_id and n_sentences.
    """
    sizes = documents["n_sentences"].to_numpy()
    if sizes.sum() <= SENTENCES_MAX:
        return None
    order = np.random.default_rng(seed).permutation(len(sizes))
    n = max(1, int(np.searchsorted(sizes[order].cumsum(), SENTENCES_MAX, side="right")))
    return sorted(documents["document_id"].gather(order[:n]).to_list())


def with_sample(model: TopicModel, n_documents: int) -> TopicModel:
    """The model with `sample` in its card: documents drawn, documents of the corpus, and the error of its shares.

    The error is 1.96 standard errors of the ratio estimator with documents as the units drawn and the correction for a
    finite corpus (Cochran 1977, 6.4), for the topic where it is largest.
    """
    owners: dict[str, int] = {}
    rows = np.array([owners.setdefault(unit.document_id, len(owners)) for unit in model.units])
    words = np.array([unit.n_words for unit in model.units], dtype=np.float64)
    n = len(owners)
    sizes = np.bincount(rows, words, minlength=n)
    error = 0.0
    for share in model.shares().T:
        said = np.bincount(rows, share * words, minlength=n)
        rest = said - said.sum() / sizes.sum() * sizes
        spread = sqrt(n / max(n - 1, 1) * float((rest**2).sum())) / float(sizes.sum())
        error = max(error, 1.96 * spread * sqrt(max(0.0, 1 - n / n_documents)))
    return replace(
        model, card={**model.card, "sample": {"n_documents": n, "of": n_documents, "error": round(error, 4)}}
    )


def sample_note(model: TopicModel) -> str:
    """What to say of a model that saw a part of the corpus; empty where it saw all."""
    sample = model.card.get("sample")
    if not sample:
        return ""
    return (
        f"The corpus is large: topics are fitted to {sample['n_documents']:,} of {sample['of']:,} documents, drawn at "
        f"random; the share of a topic is within {100 * sample['error']:.1f} percentage points (95 %) of that of all."
    )

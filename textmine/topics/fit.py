"""`fit_topics`: from blocks of a bilingual corpus to a `TopicModel` with topics in both languages.

The steps: blocks become units, lemmas and phrases terms, terms of both languages shared concepts, units rows over
concepts; anchored factors of those rows are the topics; each gets its terms and label in both languages,
its share of the text, stability over resampled documents and coherence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from textmine.codebook import Codebook
from textmine.errors import DataError
from textmine.languages.vectors import ENCODER
from textmine.topics.describe import describe_topics
from textmine.topics.factors import MEANING_WEIGHT, Factors, Kind, factorise, infer_weights, least_squares
from textmine.topics.meaning import topic_meanings
from textmine.topics.model import TopicModel
from textmine.topics.prepare import Prepared, prepare
from textmine.topics.quality import N_RUNS, stability
from textmine.topics.seeds import DEFAULT_SEEDS

__all__ = ["DEFAULT_TOPICS", "fit_prepared", "fit_topics"]

#: The recommended number for the sample corpus (30 documents, 630 units); larger corpora carry more.
DEFAULT_TOPICS = 12


def fit_topics(
    blocks: pl.DataFrame,
    documents: pl.DataFrame | None = None,
    *,
    codebook: Codebook,
    mentions: pl.DataFrame | None = None,
    n_topics: int = DEFAULT_TOPICS,
    seed: int = 20,
    kind: Kind = "nmf",
    seed_codes: Sequence[str] = DEFAULT_SEEDS,
    names: Iterable[tuple[str, ...]] = (),
    keep_repeats: bool = False,
    n_runs: int = N_RUNS,
) -> TopicModel:
    """A model of the corpus; the same input and seed give the same model.

    Args:
        blocks, mentions, seed_codes, names, keep_repeats: see `prepare`.
        documents: with `document_id`: only blocks of these documents count; None: all.
        n_topics: anchors and free topics together.
        n_runs: refits behind the stability of topics.
    Raises:
        DataError: too little text, or fewer topics than anchors.
    """
    if documents is not None:
        blocks = blocks.filter(pl.col("document_id").is_in(documents["document_id"].to_list()))
    prepared = prepare(
        blocks, codebook=codebook, mentions=mentions, seed_codes=seed_codes, names=names, keep_repeats=keep_repeats
    )
    return fit_prepared(prepared, n_topics=n_topics, seed=seed, kind=kind, n_runs=n_runs)


def fit_prepared(
    prepared: Prepared, *, n_topics: int, seed: int, kind: Kind = "nmf", n_runs: int = N_RUNS
) -> TopicModel:
    """A model of a prepared corpus; see `fit_topics`."""
    n_anchors = len(prepared.anchors)
    if n_topics < max(n_anchors, 2):
        raise DataError(f"{n_topics} topics are fewer than the {n_anchors} anchors. Ask for more, or for fewer seeds.")
    if n_topics > min(int(prepared.fitted.sum()), prepared.matrix.shape[1]):
        raise DataError(
            f"{n_topics} topics are more than {len(prepared.units)} units of text can carry. Ask for fewer."
        )
    matrix = prepared.matrix[prepared.fitted]
    factors = factorise(matrix, prepared.seeds, n_topics=n_topics, seed=seed, kind=kind)
    factors = _complete(prepared, factors)
    weights = infer_weights(prepared.matrix, factors, meanings=prepared.meaning_rows, codes=prepared.code_rows)
    words = np.array([unit.n_words for unit in prepared.units], dtype=np.float64)
    masses = words @ weights
    # anchors keep their order, free topics go by their share
    order = [*range(n_anchors), *sorted(range(n_anchors, n_topics), key=lambda k: (-masses[k], k))]
    factors = _reorder(factors, order)
    weights = weights[:, order]
    stabilities = stability(
        factors.components,
        [unit.document_id for unit, is_fitted in zip(prepared.units, prepared.fitted, strict=True) if is_fitted],
        lambda mask, run_seed: (
            factorise(matrix[mask], prepared.seeds, n_topics=n_topics, seed=run_seed, kind=kind).components
        ),
        n_columns=len(prepared.concepts.concepts),
        seed=seed,
        n_runs=n_runs,
    )
    by_words = infer_weights(prepared.matrix, Factors(factors.components, kind), codes=prepared.code_rows)
    topics = describe_topics(prepared, weights, by_words=by_words, stabilities=stabilities)
    coherences = [topic.coherence for topic in topics if topic.coherence is not None]
    card = {
        "kind": kind,
        "n_topics": n_topics,
        "seed": seed,
        "seed_codes": [anchor.name for anchor in prepared.anchors],
        "n_units": len(prepared.units),
        "n_units_copied": int((~prepared.fitted).sum()),
        "n_blocks_boilerplate": prepared.n_boilerplate,
        "n_documents": len({unit.document_id for unit in prepared.units}),
        "n_concepts": len(prepared.concepts.concepts),
        "n_terms": {language: len(vocabulary.terms) for language, vocabulary in prepared.vocabularies.items()},
        "with_codes": prepared.code_rows is not None,
        "encoder": ENCODER,
        "n_runs": n_runs,
        "stability": round(float(stabilities.mean()), 4),
        "coherence": round(float(np.mean(coherences)), 4) if coherences else None,
    }
    return TopicModel(
        all_topics=topics,
        vocabularies=prepared.vocabularies,
        concepts=prepared.concepts,
        factors=factors,
        anchor_codes=tuple(anchor.codes for anchor in prepared.anchors),
        names=prepared.names,
        units=prepared.units,
        meaning=prepared.meaning,
        weights=weights.astype(np.float32),
        card=card,
        columns=tuple((k,) for k in range(n_topics)),
    )


def _complete(prepared: Prepared, factors: Factors) -> Factors:
    """The factors with the meaning of each topic, the mean vector of its text by its concepts, and mean weights."""
    languages = [unit.language for unit in prepared.units]
    weights = infer_weights(prepared.matrix, factors)
    meanings = topic_meanings(weights, prepared.meaning_rows, languages)
    gram = factors.components @ factors.components.T + MEANING_WEIGHT * meanings @ meanings.T
    target = prepared.matrix @ factors.components.T + MEANING_WEIGHT * prepared.meaning_rows @ meanings.T
    return replace(factors, meanings=meanings, prior=least_squares(gram, np.asarray(target)).mean(axis=0))


def _reorder(factors: Factors, order: Sequence[int]) -> Factors:
    rows = list(order)
    return replace(
        factors,
        components=factors.components[rows],
        meanings=None if factors.meanings is None else factors.meanings[rows],
        prior=None if factors.prior is None else factors.prior[rows],
    )

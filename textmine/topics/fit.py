"""`fit_topics`: from blocks of a bilingual corpus to a `TopicModel` with topics in both languages.

The steps: blocks become units, lemmas and phrases terms, terms of both languages shared concepts, units rows over
concepts; anchored factors of those rows are the topics; each gets its terms and label in both languages,
its share of the text, stability over resampled documents and coherence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from textmine.codebook import Codebook
from textmine.errors import DataError
from textmine.languages import LANGUAGES
from textmine.languages.vectors import ENCODER
from textmine.topics.align import Concepts, align_vocabularies
from textmine.topics.factors import (
    Factors,
    Kind,
    add_codes,
    anchor_rows,
    code_matrix,
    concept_matrix,
    factorise,
    infer_weights,
    join_codes,
    term_matrix,
)
from textmine.topics.labels import choose_label, rank_terms, say_term, term_loadings
from textmine.topics.quality import N_RUNS, TOP_TERMS, npmi, stability
from textmine.topics.seeds import DEFAULT_SEEDS, Anchor, make_anchors
from textmine.topics.vocabulary import (
    MIN_UNIT_WORDS,
    Unit,
    Vocabulary,
    build_vocabulary,
    count_terms,
    index_names,
    make_units,
    mask_names,
)

__all__ = [
    "DEFAULT_TOPICS",
    "UNSTABLE_BELOW",
    "Prepared",
    "Topic",
    "TopicModel",
    "fit_prepared",
    "fit_topics",
    "prepare",
]

DEFAULT_TOPICS = 15
#: Below this stability a topic is shown, but not named and not to be interpreted.
UNSTABLE_BELOW = 0.5
#: Beyond this share of its text in one language (corrected for the corpus, which counts half and half), a topic has
#: one face only and says so.
ONE_LANGUAGE_FROM = 0.9
#: Terms kept for a topic and language; representative blocks kept.
KEPT_TERMS = 20
KEPT_EXAMPLES = 8


@dataclass(frozen=True)
class Topic:
    """One topic. `share` is of the words of the corpus; `coherence` the mean NPMI of both languages, None if neither
    has two terms. Flags: `unstable`, `one-language`. `examples` are ids of the blocks that show it best."""

    topic: str
    codes: tuple[str, ...]
    label_pl: str
    label_en: str
    terms_pl: tuple[str, ...]
    terms_en: tuple[str, ...]
    share: float
    stability: float
    coherence: float | None
    flags: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Prepared:
    """What all fits on one corpus share; see `prepare`."""

    units: tuple[Unit, ...]
    vocabularies: Mapping[str, Vocabulary]
    counts: Mapping[str, sparse.csr_matrix]
    terms: Mapping[str, sparse.csr_matrix]
    concepts: Concepts
    anchors: tuple[Anchor, ...]
    names: Mapping[str, Sequence[tuple[str, ...]]]
    matrix: sparse.csr_matrix
    seeds: np.ndarray
    code_rows: sparse.csr_matrix | None


@dataclass(frozen=True)
class TopicModel:
    """A fitted model. `weights` is (n_units, n_topics), rows sum to 1 or 0; row i belongs to `units[i]`.

    `card` holds settings, seed and figures of the whole model. `columns[k]` are the columns of `weights` that topic k
    of `all_topics` sums up: one, or several where a person has merged topics (see `corrections`).
    """

    all_topics: tuple[Topic, ...]
    vocabularies: Mapping[str, Vocabulary]
    concepts: Concepts
    factors: Factors
    anchor_codes: tuple[tuple[str, ...], ...]
    names: Mapping[str, Sequence[tuple[str, ...]]]
    units: tuple[Unit, ...]
    weights: np.ndarray
    card: Mapping[str, Any]
    columns: tuple[tuple[int, ...], ...]

    def topics(self) -> tuple[Topic, ...]:
        """The topics: anchors in the order of the codebook, then the free ones from the largest share down."""
        return self.all_topics

    def transform(
        self, units: Sequence[Unit], block_codes: Mapping[str, Mapping[str, int]] | None = None
    ) -> np.ndarray:
        """(n_units, n_topics) weights of units of other documents; rows sum to 1 or 0. Nothing is fitted.

        Args:
            block_codes: block id -> code -> mentions, as `count_codes` gives them; None: words decide alone.
        """
        masked = [replace(unit, lemmas=tuple(mask_names(unit.lemmas, self.names))) for unit in units]
        terms = {
            language: term_matrix(count_terms(masked, vocabulary), vocabulary)
            for language, vocabulary in self.vocabularies.items()
        }
        matrix = concept_matrix(terms, self.concepts)
        if block_codes is None:
            return infer_weights(matrix, self.factors)
        return _weigh(matrix, self.factors, code_matrix(units, block_codes, self.anchor_codes))

    def shares(self, weights: np.ndarray | None = None) -> np.ndarray:
        """(n_units, n of `topics()`) weights with merged topics summed; None: those of the model's own units."""
        weights = self.weights if weights is None else weights
        return np.column_stack([weights[:, list(columns)].sum(axis=1) for columns in self.columns]).astype(np.float64)

    def assign(self, blocks: pl.DataFrame, mentions: pl.DataFrame | None = None) -> list[dict[str, Any]]:
        """Rows `document, topic, weight` of documents: means over their words, each document's weights sum to 1
        unless topics are hidden.

        Args:
            blocks, mentions: frames as `fit_topics` takes them. A document without a known word gives no row.
        """
        units = make_units(blocks)
        weights = self.transform(units, None if mentions is None else count_codes(mentions))
        words = np.array([unit.n_words for unit in units], dtype=np.float64)
        rows: list[dict[str, Any]] = []
        for document_id in dict.fromkeys(unit.document_id for unit in units):
            own = np.array([unit.document_id == document_id for unit in units])
            totals = (weights[own] * words[own, None]).sum(axis=0)
            if totals.sum() > 0:
                shares = self.shares(totals[None, :] / totals.sum())[0]
                rows += [
                    {"document": document_id, "topic": topic.topic, "weight": round(float(share), 6)}
                    for topic, share in zip(self.all_topics, shares, strict=True)
                ]
        return rows


def count_codes(mentions: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Block id -> code -> mentions that are not negated."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    grouped = mentions.filter(~pl.col("negated")).group_by("block_id", "code").len()
    for block_id, code, n in grouped.iter_rows():
        counts[block_id][code] = n
    return counts


def prepare(
    blocks: pl.DataFrame,
    *,
    codebook: Codebook,
    mentions: pl.DataFrame | None = None,
    seed_codes: Sequence[str] = DEFAULT_SEEDS,
    names: Iterable[tuple[str, ...]] = (),
) -> Prepared:
    """Units, vocabularies, concepts and the matrix of a corpus, which do not hang on the number of topics.

    Args:
        blocks: `block_id, document_id, section, language, n_words, lemmas` in reading order, as the store gives them.
        mentions: `block_id, code, negated`; with them codes help to say how much of an anchor a text holds.
        seed_codes: a pattern of codes for each anchor; empty for a model without anchors.
        names: sequences of lemmas that are masked (regions, clusters), so that topics are not places.
    Raises:
        DataError: the corpus is too small for a vocabulary.
    """
    indexed = index_names(names)
    units = [unit for unit in make_units(blocks) if unit.language in LANGUAGES]
    masked = [replace(unit, lemmas=tuple(mask_names(unit.lemmas, indexed))) for unit in units]
    vocabularies = {language: build_vocabulary(masked, language) for language in LANGUAGES}
    counts = {language: count_terms(masked, vocabulary) for language, vocabulary in vocabularies.items()}
    terms = {language: term_matrix(counts[language], vocabularies[language]) for language in LANGUAGES}
    concepts = align_vocabularies(vocabularies["pl"], vocabularies["en"])
    if not concepts.concepts:
        raise DataError(
            f"too little text for topics: the {len(units)} units of text have no words that translate each other. "
            "Ingest more documents, at least a few in each language."
        )
    matrix = concept_matrix(terms, concepts)
    anchors = tuple(make_anchors(codebook, vocabularies, seed_codes))
    return Prepared(
        units=tuple(units),
        vocabularies=vocabularies,
        counts=counts,
        terms=terms,
        concepts=concepts,
        anchors=anchors,
        names=indexed,
        matrix=matrix,
        seeds=anchor_rows(anchors, concepts),
        code_rows=None
        if mentions is None
        else code_matrix(units, count_codes(mentions), [anchor.codes for anchor in anchors]),
    )


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
    n_runs: int = N_RUNS,
) -> TopicModel:
    """A model of the corpus; the same input and seed give the same model.

    Args:
        blocks, mentions, seed_codes, names: see `prepare`.
        documents: with `document_id`: only blocks of these documents count; None: all.
        n_topics: anchors and free topics together.
        n_runs: refits behind the stability of topics.
    Raises:
        DataError: too little text, or fewer topics than anchors.
    """
    if documents is not None:
        blocks = blocks.filter(pl.col("document_id").is_in(documents["document_id"].to_list()))
    prepared = prepare(blocks, codebook=codebook, mentions=mentions, seed_codes=seed_codes, names=names)
    return fit_prepared(prepared, n_topics=n_topics, seed=seed, kind=kind, n_runs=n_runs)


def fit_prepared(
    prepared: Prepared, *, n_topics: int, seed: int, kind: Kind = "nmf", n_runs: int = N_RUNS
) -> TopicModel:
    """A model of a prepared corpus; see `fit_topics`."""
    n_anchors = len(prepared.anchors)
    if n_topics < max(n_anchors, 2):
        raise DataError(f"{n_topics} topics are fewer than the {n_anchors} anchors. Ask for more, or for fewer seeds.")
    if n_topics > min(prepared.matrix.shape):
        raise DataError(
            f"{n_topics} topics are more than {len(prepared.units)} units of text can carry. Ask for fewer."
        )
    factors = factorise(prepared.matrix, prepared.seeds, n_topics=n_topics, seed=seed, kind=kind)
    weights = _weigh(prepared.matrix, factors, prepared.code_rows)
    words = np.array([unit.n_words for unit in prepared.units], dtype=np.float64)
    masses = words @ weights
    # anchors keep their order, free topics go by their share
    order = [*range(n_anchors), *sorted(range(n_anchors, n_topics), key=lambda k: (-masses[k], k))]
    factors = Factors(components=factors.components[order], kind=kind)
    weights, masses = weights[:, order], masses[order]
    stabilities = stability(
        factors.components,
        [unit.document_id for unit in prepared.units],
        lambda mask, run_seed: (
            factorise(prepared.matrix[mask], prepared.seeds, n_topics=n_topics, seed=run_seed, kind=kind).components
        ),
        n_columns=len(prepared.concepts.concepts),
        seed=seed,
        n_runs=n_runs,
    )
    topics = _describe(prepared, weights, masses, stabilities)
    coherences = [topic.coherence for topic in topics if topic.coherence is not None]
    card = {
        "kind": kind,
        "n_topics": n_topics,
        "seed": seed,
        "seed_codes": [anchor.name for anchor in prepared.anchors],
        "n_units": len(prepared.units),
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
        weights=weights.astype(np.float32),
        card=card,
        columns=tuple((k,) for k in range(n_topics)),
    )


def _weigh(matrix: sparse.csr_matrix, factors: Factors, code_rows: sparse.csr_matrix | None) -> np.ndarray:
    """(n_units, n_topics) weights by words, and by codes where there are any."""
    if code_rows is None or not code_rows.shape[1]:
        return infer_weights(matrix, factors)
    return infer_weights(join_codes(matrix, code_rows), add_codes(factors, code_rows.shape[1]))


def _describe(
    prepared: Prepared, weights: np.ndarray, masses: np.ndarray, stabilities: np.ndarray
) -> tuple[Topic, ...]:
    """The topics with terms, labels and figures, in the order of the columns of `weights`."""
    ranked: dict[str, list[list[str]]] = {}
    coherence: dict[str, list[float | None]] = {}
    for language in LANGUAGES:
        loadings = term_loadings(weights, prepared.terms[language])
        columns = rank_terms(loadings, prepared.counts[language], n=KEPT_TERMS)
        terms = prepared.vocabularies[language].terms
        ranked[language] = [[terms[i] for i in topic] for topic in columns]
        coherence[language] = npmi([topic[:TOP_TERMS] for topic in columns], prepared.counts[language])
    one_language = _one_language(prepared.units, weights)
    topics = []
    for k in range(weights.shape[1]):
        anchor = prepared.anchors[k] if k < len(prepared.anchors) else None
        name = anchor.name if anchor else f"topic-{k + 1 - len(prepared.anchors):02d}"
        values = [value for language in LANGUAGES if (value := coherence[language][k]) is not None]
        is_unstable = bool(stabilities[k] < UNSTABLE_BELOW)
        flags = ["unstable"] * is_unstable + ["one-language"] * one_language[k]
        labels = {
            language: ""
            if is_unstable
            else choose_label(ranked[language][k], anchor=anchor.name if anchor else "", language=language)
            for language in LANGUAGES
        }
        topics.append(
            Topic(
                topic=name,
                codes=anchor.codes if anchor else (),
                label_pl=labels["pl"],
                label_en=labels["en"],
                terms_pl=tuple(say_term(term, "pl") for term in ranked["pl"][k]),
                terms_en=tuple(say_term(term, "en") for term in ranked["en"][k]),
                share=round(float(masses[k] / max(masses.sum(), 1e-9)), 6),
                stability=round(float(stabilities[k]), 4),
                coherence=round(float(np.mean(values)), 4) if values else None,
                flags=tuple(flags),
                examples=_examples(prepared.units, weights, k),
            )
        )
    return tuple(topics)


def _examples(units: Sequence[Unit], weights: np.ndarray, topic: int) -> tuple[str, ...]:
    """First blocks of the most typical units, taken from the two languages in turn, a document once."""
    # a short unit is easily all about one topic; it must not stand for it
    lengths = np.minimum([unit.n_words / MIN_UNIT_WORDS for unit in units], 1.0)
    order = np.argsort(-weights[:, topic] * lengths**2, kind="stable")
    queues: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    seen: set[str] = set()
    for row in order:
        unit = units[row]
        if weights[row, topic] <= 0:
            break
        if unit.document_id not in seen and len(queues[unit.language]) < KEPT_EXAMPLES // 2:
            seen.add(unit.document_id)
            queues[unit.language].append(unit.block_ids[0])
    longest = max(len(queue) for queue in queues.values())
    return tuple(queue[i] for i in range(longest) for queue in queues.values() if i < len(queue))


def _one_language(units: Sequence[Unit], weights: np.ndarray) -> list[bool]:
    """Whether a topic has its text in one language only, each language counted with equal weight."""
    words = np.array([unit.n_words for unit in units], dtype=np.float64)[:, None]
    is_polish = np.array([unit.language == "pl" for unit in units])
    masses = []
    for own in (is_polish, ~is_polish):
        total = (weights[own] * words[own]).sum(axis=0)
        masses.append(total / max(total.sum(), 1e-9))
    shares = masses[0] / np.maximum(masses[0] + masses[1], 1e-9)
    return [bool(max(share, 1 - share) >= ONE_LANGUAGE_FROM) for share in shares]

"""Topics as factors over shared concepts, anchored by seeds.

Guided non-negative matrix factorisation (after Vendrow et al. 2021, arXiv 2010.11365): the matrix of units by concepts
is extended by one weighted row for each anchor, its seed words, so that plain scikit-learn NMF keeps a topic there.
With `model="lda"` gensim's LdaModel takes the same seeds as priors (`eta`).
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse
from sklearn.decomposition import NMF, non_negative_factorization
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

from textmine.topics.align import Concepts
from textmine.topics.seeds import Anchor
from textmine.topics.vocabulary import Unit, Vocabulary

__all__ = [
    "Factors",
    "Kind",
    "add_codes",
    "anchor_rows",
    "code_matrix",
    "concept_matrix",
    "factorise",
    "infer_weights",
    "join_codes",
    "term_matrix",
]

Kind = Literal["nmf", "lda"]

#: Squared length of an anchor's row in units of the mean mass that a topic gets. Between 0.1 and 10 nothing changes
#: much (sample corpus, 15 topics: stability 0.85, coherence 0.28).
ANCHOR_STRENGTH = 1.0
#: Length of the codes' part of a unit and of an anchor beside its words' (1). Measured on the sample corpus, mean over
#: 10 to 20 topics, at 0.25 / 0.3 / 0.4: the least of the families' AUC on the development gold is 0.79 / 0.82 / 0.88.
CODE_WEIGHT = 0.4
MAX_ITERATIONS = 300
TOLERANCE = 1e-4
#: Pseudo-counts of an anchor's seeds in the LDA prior, in units of what a topic holds on average, and of any concept.
LDA_SEED_SHARE = 0.5
LDA_PRIOR = 0.01
#: LDA counts words; a TF-IDF weight times this is about a count.
LDA_COUNT_SCALE = 20.0


@dataclass(frozen=True)
class Factors:
    """`components` (n_topics, n_concepts or n_concepts + n_anchors), rows of length 1; the anchors come first."""

    components: np.ndarray
    kind: Kind


def term_matrix(counts: sparse.csr_matrix, vocabulary: Vocabulary) -> sparse.csr_matrix:
    """(n_units, n_terms) damped TF-IDF: (1 + ln tf) * idf."""
    damped = counts.copy()
    damped.data = 1 + np.log(damped.data)
    return (damped @ sparse.diags(vocabulary.idf)).tocsr()


def concept_matrix(terms: Mapping[str, sparse.csr_matrix], concepts: Concepts) -> sparse.csr_matrix:
    """(n_units, n_concepts) with rows of length 1, or 0 for a unit without a shared concept.

    Args:
        terms: language -> (n_units, n_terms); rows of units in the other language are empty.
    """
    total = sum(terms[language] @ concepts.maps[language] for language in terms)
    return normalize(sparse.csr_matrix(total))


def code_matrix(
    units: Sequence[Unit], block_codes: Mapping[str, Mapping[str, int]], anchor_codes: Sequence[Sequence[str]]
) -> sparse.csr_matrix:
    """(n_units, n_anchors) with rows of length 1 or 0: 1 + ln of the mentions of an anchor's codes in a unit.

    Args:
        block_codes: block id -> code -> number of mentions that are not negated.
        anchor_codes: the codes of each anchor.
    """
    anchors_of: dict[str, list[int]] = defaultdict(list)
    for anchor, codes in enumerate(anchor_codes):
        for code in codes:
            anchors_of[code].append(anchor)
    counts = np.zeros((len(units), len(anchor_codes)))
    for row, unit in enumerate(units):
        for block_id in unit.block_ids:
            for code, n in block_codes.get(block_id, {}).items():
                counts[row, anchors_of[code]] += n
    damped = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0.0)
    return sparse.csr_matrix(normalize(damped)) if damped.size else sparse.csr_matrix(damped)


def join_codes(matrix: sparse.csr_matrix, codes: sparse.csr_matrix) -> sparse.csr_matrix:
    """(n_units, n_concepts + n_anchors) with rows of length 1 or 0."""
    return normalize(sparse.hstack([matrix, codes * CODE_WEIGHT]).tocsr())


def add_codes(factors: Factors, n_anchors: int) -> Factors:
    """The factors with a column for each anchor, in which only that anchor has weight.

    Words decide what topics are; codes only help to say how much of an anchor a text holds. Codes inside the
    factorisation were tried: they pull the free topics about (stability of 15 topics 0.69 instead of 0.85).
    """
    columns = np.eye(len(factors.components), n_anchors) * CODE_WEIGHT
    return Factors(components=normalize(np.hstack([factors.components, columns])), kind=factors.kind)


def anchor_rows(anchors: Sequence[Anchor], concepts: Concepts) -> np.ndarray:
    """(n_anchors, n_concepts) seed rows of length 1; the two languages have equal say."""
    rows = np.zeros((len(anchors), len(concepts.concepts)))
    for row, anchor in zip(rows, anchors, strict=True):
        for language, weights in anchor.weights.items():
            mapped = np.asarray(weights @ concepts.maps[language]).ravel()
            row += mapped / max(float(np.linalg.norm(mapped)), 1e-9)
    return normalize(rows) if len(rows) else rows


def factorise(matrix: sparse.csr_matrix, seeds: np.ndarray, *, n_topics: int, seed: int, kind: Kind = "nmf") -> Factors:
    """Topics over concepts.

    Args:
        matrix: (n_units, n_concepts), rows of length 1.
        seeds: (n_anchors, n_concepts), n_anchors <= n_topics.
    """
    if kind == "lda":
        components = _fit_lda(matrix, seeds, n_topics, seed)
    else:
        components = _fit_nmf(matrix, seeds, n_topics, seed)
    return Factors(components=normalize(components), kind=kind)


def infer_weights(matrix: sparse.csr_matrix, factors: Factors) -> np.ndarray:
    """(n_units, n_topics) weights of topics; rows sum to 1, or are 0 for a unit without a known concept."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights, _, _ = non_negative_factorization(
            matrix,
            H=factors.components,
            n_components=len(factors.components),
            init="custom",
            update_H=False,
            max_iter=MAX_ITERATIONS,
            tol=TOLERANCE,
        )
    return np.asarray(normalize(weights, norm="l1"), dtype=np.float64)


def _fit_nmf(matrix: sparse.csr_matrix, seeds: np.ndarray, n_topics: int, seed: int) -> np.ndarray:
    n_free = n_topics - len(seeds)
    mass = float((matrix.data**2).sum()) / n_topics * ANCHOR_STRENGTH
    extended = sparse.vstack([matrix, sparse.csr_matrix(seeds * np.sqrt(mass))]).tocsr() if len(seeds) else matrix
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if not len(seeds):
            model = NMF(n_topics, init="nndsvda", max_iter=MAX_ITERATIONS, tol=TOLERANCE, random_state=seed)
            model.fit(extended)
            return np.asarray(model.components_)
        start = seeds
        if n_free:
            free = NMF(n_free, init="nndsvda", max_iter=30, tol=TOLERANCE, random_state=seed).fit(matrix)
            start = np.vstack([seeds, normalize(free.components_)])
        start = start + 1e-6
        weights = np.maximum(np.asarray(extended @ start.T), 1e-6) / n_topics
        model = NMF(n_topics, init="custom", max_iter=MAX_ITERATIONS, tol=TOLERANCE, random_state=seed)
        model.fit_transform(extended, W=weights, H=np.ascontiguousarray(start))
    return np.asarray(model.components_)


def _fit_lda(matrix: sparse.csr_matrix, seeds: np.ndarray, n_topics: int, seed: int) -> np.ndarray:
    from gensim.models import LdaModel  # takes a second to load

    eta = np.full((n_topics, matrix.shape[1]), LDA_PRIOR)
    average = float(matrix.sum()) * LDA_COUNT_SCALE / n_topics
    eta[: len(seeds)] += normalize(seeds, norm="l1") * average * LDA_SEED_SHARE if len(seeds) else 0.0
    corpus = [
        [(int(column), float(value) * LDA_COUNT_SCALE) for column, value in zip(row.indices, row.data, strict=True)]
        for row in matrix
    ]
    model = LdaModel(
        corpus,
        num_topics=n_topics,
        id2word={i: str(i) for i in range(matrix.shape[1])},
        eta=eta,
        alpha="symmetric",
        passes=10,
        random_state=seed,
        eval_every=None,
        dtype=np.float64,
    )
    return np.asarray(model.get_topics())

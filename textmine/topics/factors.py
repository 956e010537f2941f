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
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import normalize

from textmine.topics.align import Concepts
from textmine.topics.seeds import Anchor
from textmine.topics.vocabulary import Unit, Vocabulary

__all__ = [
    "Factors",
    "Kind",
    "anchor_rows",
    "code_matrix",
    "concept_matrix",
    "factorise",
    "infer_weights",
    "least_squares",
    "term_matrix",
]

Kind = Literal["nmf", "lda"]

#: Squared length of an anchor's row in units of the mean mass that a topic gets. Between 0.1 and 10 nothing changes
#: much (sample corpus, 15 topics: stability 0.85, coherence 0.28).
ANCHOR_STRENGTH = 1.0
#: Say of a unit's meaning and of its codes beside its shared concepts (1). Measured on 46 parallel documents and the
#: development gold, mean over 10 to 20 topics. Meaning 0.5 / 1 / 2: the same top topic for 0.70 / 0.78 / 0.76 of
#: pairs (0.55 without), the least of the families' AUC 0.91 / 0.87 / 0.82.
MEANING_WEIGHT = 1.0
CODE_WEIGHT = 1.5
#: How strongly a unit's weights lean on the corpus's mean weights: a text that says little is taken for a usual one.
#: At 0 / 0.3 / 1 the same top topic for 0.77 / 0.79 / 0.79 of pairs, reciprocal rank 0.94 / 0.95 / 0.96.
PRIOR_WEIGHT = 0.5
#: A mention in every so many words makes a unit wholly coded; fewer count in proportion, else one word in a long text
#: that is coded in one language only would decide: at 6 / 3 / 2 the same top topic for 0.75 / 0.79 / 0.83 of pairs.
CODED_WORDS = 2
MAX_ITERATIONS = 300
TOLERANCE = 1e-4
WEIGHT_TOLERANCE = 1e-6
#: Pseudo-counts of an anchor's seeds in the LDA prior, in units of what a topic holds on average, and of any concept.
LDA_SEED_SHARE = 0.5
LDA_PRIOR = 0.01
#: LDA counts words; a TF-IDF weight times this is about a count.
LDA_COUNT_SCALE = 20.0


@dataclass(frozen=True)
class Factors:
    """`components` (n_topics, n_concepts) and `meanings` (n_topics, 512), rows of length 1; the anchors come first.

    `prior` (n_topics,) are mean weights of the corpus, not scaled to sum to 1. Without meanings and prior, concepts
    alone say what a topic is.
    """

    components: np.ndarray
    kind: Kind
    meanings: np.ndarray | None = None
    prior: np.ndarray | None = None


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
    units: Sequence[Unit], block_codes: Mapping[str, Mapping[str, float]], anchor_codes: Sequence[Sequence[str]]
) -> sparse.csr_matrix:
    """(n_units, n_anchors) with rows of length up to 1: 1 + ln of the mentions of an anchor's codes in a unit, scaled.

    A row has length 1 where there is a mention in every CODED_WORDS words, less where mentions are rarer. Mentions
    count by their score, so that what the coder doubts says less: on the 46 parallel documents the same top topic for
    0.85 of pairs, for 0.80 when each counts 1 (full coder). Less than one mention counts as it is.

    Args:
        block_codes: block id -> code -> expected number of mentions, see `model.count_codes`.
        anchor_codes: the codes of each anchor.
    """
    anchors_of: dict[str, list[int]] = defaultdict(list)
    for anchor, codes in enumerate(anchor_codes):
        for code in codes:
            anchors_of[code].append(anchor)
    counts = np.zeros((len(units), len(anchor_codes)))
    mentions = np.zeros(len(units))
    for row, unit in enumerate(units):
        for block_id in unit.block_ids:
            for code, n in block_codes.get(block_id, {}).items():
                counts[row, anchors_of[code]] += n
                mentions[row] += n
    damped = np.minimum(counts, 1 + np.log(np.maximum(counts, 1)))
    if not damped.size:
        return sparse.csr_matrix(damped)
    words = np.array([max(unit.n_words, 1) for unit in units])
    return sparse.csr_matrix(normalize(damped) * np.minimum(1.0, mentions * CODED_WORDS / words)[:, None])


def anchor_rows(anchors: Sequence[Anchor], concepts: Concepts) -> np.ndarray:
    """(n_anchors, n_concepts) seed rows of length 1; the two languages have equal say."""
    rows = np.zeros((len(anchors), len(concepts.concepts)))
    for row, anchor in zip(rows, anchors, strict=True):
        for language, weights in anchor.weights.items():
            mapped = np.asarray(weights @ concepts.maps[language]).ravel()
            row += mapped / max(float(np.linalg.norm(mapped)), 1e-9)
    return np.asarray(normalize(rows)) if len(rows) else rows


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


def infer_weights(
    matrix: sparse.csr_matrix,
    factors: Factors,
    *,
    meanings: np.ndarray | None = None,
    codes: sparse.csr_matrix | None = None,
) -> np.ndarray:
    """(n_units, n_topics) weights of topics; rows sum to 1, or are 0 for a unit that holds nothing known.

    The weights are those not below zero that explain all that is known of a unit best (least squares): its concepts by
    the topics' components, its meaning by the topics' meanings, its codes by the anchors; with a pull to the prior.

    Args:
        matrix: (n_units, n_concepts).
        meanings: (n_units, 512), see `meaning.Meaning`; used if the factors have meanings.
        codes: (n_units, n_anchors), see `code_matrix`.
    """
    components = factors.components
    matrix = sparse.csr_matrix(matrix)
    is_known = matrix.getnnz(axis=1) > 0
    gram = components @ components.T
    target = np.asarray(matrix @ components.T)
    if meanings is not None and factors.meanings is not None:
        gram = gram + MEANING_WEIGHT * factors.meanings @ factors.meanings.T
        target = target + MEANING_WEIGHT * meanings @ factors.meanings.T
    if codes is not None and codes.shape[1]:
        anchors = np.eye(codes.shape[1], len(components))
        gram = gram + CODE_WEIGHT * anchors.T @ anchors
        target = target + CODE_WEIGHT * np.asarray(codes @ anchors)
        is_known |= codes.getnnz(axis=1) > 0
    if factors.prior is not None:
        gram = gram + PRIOR_WEIGHT * np.eye(len(components))
        target = target + PRIOR_WEIGHT * factors.prior
    weights = least_squares(gram, target) * is_known[:, None]
    return np.asarray(normalize(weights, norm="l1"), dtype=np.float64)


def least_squares(gram: np.ndarray, target: np.ndarray) -> np.ndarray:
    """(n, k) rows w >= 0 with the least w gram w - 2 w target, by coordinate descent on all rows at once."""
    diagonal = np.maximum(np.diag(gram), 1e-9)
    weights = np.maximum(target, 0.0) / diagonal.sum()
    for _ in range(MAX_ITERATIONS):
        largest = 0.0
        for k, scale in enumerate(diagonal):
            moved = np.maximum(weights[:, k] + (target[:, k] - weights @ gram[:, k]) / scale, 0.0)
            largest = max(largest, float(np.abs(moved - weights[:, k]).max(initial=0.0)))
            weights[:, k] = moved
        if largest < WEIGHT_TOLERANCE:
            break
    return np.asarray(weights)


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

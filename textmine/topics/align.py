"""Shared concepts: the terms of Polish and English in one space, so that a topic has two faces from the start.

A concept joins a Polish and an English term that translate each other: pairs of a small table (`pairs.tsv`), and
beyond it terms that are each other's nearest neighbours among the encoder's vectors, locally scaled (CSLS, Conneau et
al. 2018, arXiv 1710.04087). A term without a partner of its own leans on the nearest concepts; one that is near none
stays out of the factorisation, and comes back only as a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from scipy import sparse

from textmine.languages.vectors import encode
from textmine.topics.vocabulary import PHRASE_MARK, Vocabulary

__all__ = [
    "Concept",
    "Concepts",
    "align_vocabularies",
    "balance_languages",
    "load_pairs",
    "mutual_pairs",
    "term_vectors",
]

#: Cosine from which mutual neighbours are taken for translations. Below 0.85 many are none (`aparatura`, derelict).
#: Measured on 46 parallel documents with the table, mean over 10 to 20 topics, at 0.6 / 0.75 / 0.85: reciprocal rank
#: 0.81 / 0.88 / 0.91, the same top topic for 0.75 / 0.72 / 0.78 of pairs.
MIN_PAIR_COSINE = 0.85
#: Cosine from which a term without a partner leans on a concept, and on how many it leans at most.
MIN_LEAN_COSINE = 0.75
MAX_LEANS = 3
#: How fast a lean fades with the distance to the nearest concept (a guess: 0.05 less cosine, a third of the weight).
LEAN_WIDTH = 0.05
#: Neighbours that CSLS averages over.
CSLS_NEIGHBOURS = 10
#: A text that holds a concept also holds its nearest neighbours a little: (how much at cosine 1, from which cosine, how
#: many). Two languages rarely choose the same synonym. Measured on 20 parallel passages, mean over 10 to 20 topics: the
#: same top topic for 0.83 of pairs instead of 0.81 (words alone 0.85 instead of 0.75), stability 0.88 instead of 0.84;
#: with 0.5 families are told apart less well.
NEIGHBOUR_WEIGHT, NEIGHBOUR_COSINE, MAX_NEIGHBOURS = 0.3, 0.6, 5

#: What a concept's mean weight is joined with before languages are balanced, in units of the mean of all concepts: a
#: rare concept must not be blown up by chance. Between 0.3 and 3 nothing changes much.
BALANCE_PRIOR = 1.0

_vector_cache: dict[str, np.ndarray] = {}


@dataclass(frozen=True, slots=True)
class Concept:
    """A Polish and an English term that mean the same, their cosine, and whether the table says so."""

    polish: str
    english: str
    cosine: float
    given: bool


@dataclass(frozen=True)
class Concepts:
    """The shared concepts; `maps[language]` is (n_terms, n_concepts): how much of each concept a term stands for."""

    concepts: tuple[Concept, ...]
    maps: Mapping[str, sparse.csr_matrix]


@cache
def load_pairs() -> tuple[tuple[str, str], ...]:
    """The table of Polish and English terms that translate each other, as they stand in vocabularies."""
    lines = resources.files("textmine.topics").joinpath("pairs.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple((row[0], row[1]) for row in rows)


def term_vectors(terms: Sequence[str]) -> np.ndarray:
    """(n_terms, 512) unit rows; a term is encoded once in the life of the process."""
    missing = [term for term in terms if term not in _vector_cache]
    vectors = encode([term.replace(PHRASE_MARK, " ") for term in missing])
    _vector_cache.update(zip(missing, vectors, strict=True))
    return np.array([_vector_cache[term] for term in terms]).reshape(len(terms), vectors.shape[1])


def mutual_pairs(cosines: np.ndarray) -> list[tuple[int, int]]:
    """(row, column) pairs in which each is the other's nearest by CSLS, rows ascending.

    Args:
        cosines: (n_rows, n_columns).
    """
    if 0 in cosines.shape:
        return []
    k = min(CSLS_NEIGHBOURS, *cosines.shape)
    of_rows = np.sort(cosines, axis=1)[:, -k:].mean(axis=1)
    of_columns = np.sort(cosines, axis=0)[-k:].mean(axis=0)
    scaled = 2 * cosines - of_rows[:, None] - of_columns[None, :]
    best_column, best_row = scaled.argmax(axis=1), scaled.argmax(axis=0)
    return [(row, int(column)) for row, column in enumerate(best_column) if best_row[column] == row]


def align_vocabularies(
    polish: Vocabulary, english: Vocabulary, *, pairs: Iterable[tuple[str, str]] | None = None
) -> Concepts:
    """Concepts shared by two vocabularies.

    Args:
        pairs: terms that translate each other for certain; None: the shipped table.
    """
    pairs = load_pairs() if pairs is None else tuple(pairs)
    row = {term: i for i, term in enumerate(polish.terms)}
    column = {term: i for i, term in enumerate(english.terms)}
    cosines = term_vectors(polish.terms) @ term_vectors(english.terms).T
    given = [(row[first], column[second]) for first, second in pairs if first in row and second in column]
    groups = _group_pairs(given)
    free_rows = sorted(set(range(len(polish.terms))) - {first for first, _ in given})
    free_columns = sorted(set(range(len(english.terms))) - {second for _, second in given})
    found = [
        ({free_rows[i]}, {free_columns[j]})
        for i, j in mutual_pairs(cosines[np.ix_(free_rows, free_columns)])
        if cosines[free_rows[i], free_columns[j]] >= MIN_PAIR_COSINE
    ]
    joined = sorted([*groups, *found], key=lambda group: (min(group[0]), min(group[1])))
    concepts = tuple(_name_concept(group, polish, english, cosines, given=group in groups) for group in joined)
    near = _neighbours(concepts)
    maps = {
        "pl": _lean([group[0] for group in joined], [group[1] for group in joined], cosines) @ near,
        "en": _lean([group[1] for group in joined], [group[0] for group in joined], cosines.T) @ near,
    }
    return Concepts(concepts=concepts, maps={language: sparse.csr_matrix(mapped) for language, mapped in maps.items()})


def balance_languages(concepts: Concepts, means: Mapping[str, np.ndarray]) -> Concepts:
    """The concepts with maps scaled so that each has about the same mean weight in both languages.

    One language says `podmiot` three times as often as the other says `entity`; left alone, such habits make topics
    of one language. What is scaled to is the geometric mean.

    Args:
        means: language -> (n_concepts,) mean weight in the units of that language.
    """
    prior = BALANCE_PRIOR * float(np.mean([row.mean() for row in means.values()]))
    middle = np.sqrt(np.prod(list(means.values()), axis=0))
    maps = {
        language: sparse.csr_matrix(mapped @ sparse.diags((middle + prior) / (means[language] + prior)))
        for language, mapped in concepts.maps.items()
    }
    return Concepts(concepts=concepts.concepts, maps=maps)


def _neighbours(concepts: Sequence[Concept]) -> sparse.csr_matrix:
    """(n_concepts, n_concepts): 1 on the diagonal, less for the nearest other concepts."""
    n = len(concepts)
    if n < 2:
        return sparse.identity(n, format="csr")
    vectors = term_vectors([concept.polish for concept in concepts])
    vectors = vectors + term_vectors([concept.english for concept in concepts])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, 0)
    columns = np.argsort(-cosines, axis=1, kind="stable")[:, :MAX_NEIGHBOURS]
    rows = np.repeat(np.arange(n), columns.shape[1])
    values = cosines[rows, columns.ravel()].astype(np.float64)
    kept = values >= NEIGHBOUR_COSINE
    others = sparse.csr_matrix((values[kept] * NEIGHBOUR_WEIGHT, (rows[kept], columns.ravel()[kept])), shape=(n, n))
    return sparse.csr_matrix(sparse.identity(n) + others)


def _group_pairs(pairs: Sequence[tuple[int, int]]) -> list[tuple[set[int], set[int]]]:
    """Connected groups of rows and columns: synonyms share one concept."""
    groups: list[tuple[set[int], set[int]]] = []
    for row, column in pairs:
        touching = [group for group in groups if row in group[0] or column in group[1]]
        merged = ({row}.union(*(group[0] for group in touching)), {column}.union(*(group[1] for group in touching)))
        groups = [group for group in groups if group not in touching] + [merged]
    return groups


def _name_concept(
    group: tuple[set[int], set[int]], polish: Vocabulary, english: Vocabulary, cosines: np.ndarray, *, given: bool
) -> Concept:
    """Named for its most frequent terms (the lowest idf)."""
    row = min(group[0], key=lambda i: (polish.idf[i], i))
    column = min(group[1], key=lambda j: (english.idf[j], j))
    return Concept(polish.terms[row], english.terms[column], round(float(cosines[row, column]), 4), given)


def _lean(own: Sequence[set[int]], other: Sequence[set[int]], cosines: np.ndarray) -> sparse.csr_matrix:
    """(n_own_terms, n_concepts): 1 for a member; weights by cosine for a term that only leans.

    Args:
        own, other: members of each concept in this and in the other language.
        cosines: (n_own_terms, n_other_terms).
    """
    weights = sparse.lil_matrix((cosines.shape[0], len(own)))
    concept_of_other = np.full(cosines.shape[1], -1)
    for concept, members in enumerate(other):
        concept_of_other[list(members)] = concept
    members_of_all = set().union(*own)
    for concept, members in enumerate(own):
        for term in sorted(members):
            weights[term, concept] = 1.0
    candidates = np.flatnonzero(concept_of_other >= 0)
    for term in range(cosines.shape[0]):
        if term in members_of_all or not len(candidates):
            continue
        near = candidates[np.argsort(-cosines[term, candidates], kind="stable")[:MAX_LEANS]]
        near = near[cosines[term, near] >= MIN_LEAN_COSINE]
        if not len(near):
            continue
        best = cosines[term, near[0]]
        shares = np.exp((cosines[term, near] - best) / LEAN_WIDTH)
        for partner, share in zip(near, best * shares / shares.sum(), strict=True):
            weights[term, concept_of_other[partner]] += share
    return weights.tocsr()

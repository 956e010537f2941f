"""Names of topics in both languages: terms that are frequent in a topic and belong to it rather than to others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.stats import rankdata

from textmine.languages.polish_phrases import say_phrase
from textmine.topics.quality import TOP_TERMS, pair_npmi, presence
from textmine.topics.vocabulary import PHRASE_MARK

__all__ = ["FAMILY_NAMES", "choose_label", "rank_terms", "say_term", "term_loadings"]

#: Families by their name in Polish and English; the label of an anchor begins with it.
FAMILY_NAMES = {
    "cluster": ("klastry", "clusters"),
    "barrier": ("bariery", "barriers"),
    "priority": ("priorytety", "priorities"),
    "instrument": ("instrumenty", "instruments"),
    "integration": ("integracja", "integration"),
}
#: Only so many of the most frequent terms of a topic are ranked: rare ones are exclusive by chance.
_CANDIDATES = 120
#: Say of a term's company beside FREX, which is 0 to 1, and how often the leading terms are chosen anew by it: each
#: time the list leans less on FREX. Measured on the sample corpus, 12 topics, NPMI of ten terms, Polish / English:
#: 0.42 / 0.31 after one round, 0.49 / 0.38 after three, 0.50 / 0.39 when nothing moves any more; then topics drift.
COMPANY_WEIGHT = 2.5
_ROUNDS = 3
_LABEL_TERMS = 3
#: Words that begin alike by so many letters are one word in a label: `kadra` and `kadrowy`.
_STEM = 4


def term_loadings(weights: np.ndarray, terms: sparse.csr_matrix) -> np.ndarray:
    """(n_topics, n_terms) mean TF-IDF of each term in a topic's text.

    Args:
        weights: (n_units, n_topics) shares of units.
        terms: (n_units, n_terms) TF-IDF of one language; rows of the other language are empty.
    """
    own = np.asarray(terms.getnnz(axis=1) > 0)
    totals = weights[own].sum(axis=0)
    return np.asarray((terms[own].T @ weights[own]).T / np.maximum(totals[:, None], 1e-9))


def rank_terms(loadings: np.ndarray, counts: sparse.csr_matrix, *, n: int) -> list[list[int]]:
    """The n most telling columns of each topic, the best first.

    FREX (Bischof & Airoldi 2012) is the harmonic mean of a term's rank by frequency in the topic and its rank by
    exclusivity, here among the topic's most frequent terms. To it is added how closely a term keeps company with the
    ten leading ones (mean NPMI in the units of its language), in a few rounds: a list must read as one thing.

    Args:
        loadings: (n_topics, n_terms), see `term_loadings`.
        counts: (n_units, n_terms) of the same language.
    """
    present = presence(counts)
    shares = loadings / np.maximum(loadings.sum(axis=0, keepdims=True), 1e-12)
    ranked: list[list[int]] = []
    for topic, row in enumerate(loadings):
        candidates = np.argsort(-row, kind="stable")[:_CANDIDATES]
        candidates = candidates[row[candidates] > 0]
        if not len(candidates):
            ranked.append([])
            continue
        frequency = rankdata(row[candidates]) / len(candidates)
        exclusive = rankdata(shares[topic, candidates]) / len(candidates)
        frex = 2 / (1 / frequency + 1 / exclusive)
        values = pair_npmi(present, candidates.tolist())
        np.fill_diagonal(values, 0.0)
        score = frex
        for _ in range(_ROUNDS):
            score = frex + COMPANY_WEIGHT * _company(values, np.argsort(-score, kind="stable")[:TOP_TERMS])
        ranked.append([int(i) for i in candidates[np.argsort(-score, kind="stable")][:n]])
    return ranked


def _company(values: np.ndarray, leading: np.ndarray) -> np.ndarray:
    """(n,) mean NPMI of each candidate with the leading ones, itself left out.

    Args:
        values: (n, n) NPMI of candidates, 0 on the diagonal.
        leading: (n_leading,) places among the candidates.
    """
    is_leading = np.isin(np.arange(len(values)), leading)
    return np.asarray(values[:, leading].sum(axis=1) / np.maximum(len(leading) - is_leading, 1))


def say_term(term: str, language: str) -> str:
    """A term as people say it: Polish phrases agree (`polityka klastrowa`), English ones are spaced."""
    words = term.split(PHRASE_MARK)
    return say_phrase(*words) if language == "pl" and len(words) == 2 else " ".join(words)


def choose_label(terms: Sequence[str], *, anchor: str = "", language: str = "pl") -> str:
    """A label from ranked terms: three that share no word, after the family's name for an anchor.

    Example: `bariery: brak, niedobór, kadra`.
    """
    chosen: list[str] = []
    used: set[str] = set()
    family = anchor.partition(".")[0]
    name = FAMILY_NAMES.get(family, (family, family))[language == "en"] if anchor else ""
    if "." in anchor:
        name = f"{name} ({anchor.partition('.')[2]})"
    for term in terms:
        stems = {word[:_STEM] for word in term.split(PHRASE_MARK)}
        if stems & used or (name and name[:_STEM] in stems):
            continue
        chosen.append(say_term(term, language))
        used |= stems
        if len(chosen) == _LABEL_TERMS:
            break
    label = ", ".join(chosen)
    return f"{name}: {label}" if name and label else name or label

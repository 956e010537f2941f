"""How good topics are: coherence, exclusivity, stability. Figures for a topic, and for a whole model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

__all__ = [
    "TOP_TERMS",
    "exclusivity",
    "match_topics",
    "npmi",
    "pair_npmi",
    "presence",
    "resampled_documents",
    "stability",
    "top_columns",
]

#: Terms of a topic that all figures look at.
TOP_TERMS = 10
#: Runs on resampled documents behind a stability, and the share of documents in each.
N_RUNS = 10
RUN_SHARE = 0.9


def top_columns(weights: np.ndarray, n: int = TOP_TERMS) -> list[list[int]]:
    """Columns of the n largest positive weights of each row, the largest first."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :n]
    return [[int(i) for i in row if weights[k, i] > 0] for k, row in enumerate(order)]


def npmi(tops: Sequence[Sequence[int]], counts: sparse.csr_matrix) -> list[float | None]:
    """Coherence of each list of columns: mean normalised pointwise mutual information of its pairs, -1 to 1.

    A pair that never stands in one row counts -1 (Bouma 2009; Lau et al. 2014). None for fewer than two columns.

    Args:
        counts: (n_units, n_terms) of one language; presence in a unit is what counts.
    """
    present = presence(counts)
    found: list[float | None] = []
    for columns in tops:
        if len(columns) < 2:
            found.append(None)
            continue
        pairs = np.triu_indices(len(columns), k=1)
        found.append(float(pair_npmi(present, columns)[pairs].mean()))
    return found


def presence(counts: sparse.csr_matrix) -> sparse.csc_matrix:
    """(n_units with a term, n_terms) ones where a term stands in a unit."""
    present = counts.copy()
    present.data = np.ones_like(present.data)
    return present[present.getnnz(axis=1) > 0].tocsc()


def pair_npmi(present: sparse.csc_matrix, columns: Sequence[int]) -> np.ndarray:
    """(n, n) normalised pointwise mutual information of each pair of columns, -1 for a pair that never meets."""
    chosen = present[:, list(columns)]
    together = np.asarray((chosen.T @ chosen).todense(), dtype=np.float64) / max(present.shape[0], 1)
    alone = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(together / np.outer(alone, alone)) / -np.log(together)
    return np.where(together <= 0, -1.0, np.where(together >= 1, 1.0, values))


def exclusivity(weights: np.ndarray) -> float:
    """Mean share of a top term's weight that its own topic holds, 1 / n_topics to 1.

    Args:
        weights: (n_topics, n_terms).
    """
    shares = weights / np.maximum(weights.sum(axis=0, keepdims=True), 1e-12)
    values = [shares[k, column] for k, columns in enumerate(top_columns(weights)) for column in columns]
    return float(np.mean(values)) if values else 0.0


def match_topics(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """For each row of `first` the row of `second` that it is paired with, so that the summed cosine is largest."""
    return np.asarray(linear_sum_assignment(-(first @ second.T))[1])


def resampled_documents(documents: Sequence[str], *, run: int, seed: int) -> list[str]:
    """A random 90 % of the documents, at least one left out of two or more; the same for the same run and seed."""
    distinct = sorted(set(documents))
    n = min(max(1, round(RUN_SHARE * len(distinct))), max(1, len(distinct) - 1))
    chosen = np.random.default_rng([seed, run]).permutation(len(distinct))[:n]
    return sorted(distinct[i] for i in chosen)


def stability(
    components: np.ndarray,
    documents: Sequence[str],
    refit: Callable[[np.ndarray, int], np.ndarray],
    *,
    n_columns: int,
    seed: int,
    n_runs: int = N_RUNS,
) -> np.ndarray:
    """(n_topics,) mean overlap, 0 to 1, of a topic's ten leading concepts with those of its match in refits.

    Each refit starts anew on 90 % of the documents (after Greene, O'Callaghan & Cunningham 2014, arXiv 1404.4606).

    Args:
        components: (n_topics, n_columns or more) of the model in question.
        documents: (n_units,) document of each unit.
        refit: (mask of units, seed) -> components of a model on them.
        n_columns: the first columns are concepts; only they are compared.
    """
    tops = [set(columns) for columns in top_columns(components[:, :n_columns])]
    owner = np.asarray(documents)
    overlaps = np.zeros((n_runs, len(components)))
    for run in range(n_runs):
        mask = np.isin(owner, resampled_documents(documents, run=run, seed=seed))
        other = refit(mask, seed + 1 + run)
        others = [set(columns) for columns in top_columns(other[:, :n_columns])]
        pairing = match_topics(components, other)
        for topic, partner in enumerate(pairing):
            overlaps[run, topic] = len(tops[topic] & others[partner]) / max(len(tops[topic]), 1)
    return np.asarray(overlaps.mean(axis=0))

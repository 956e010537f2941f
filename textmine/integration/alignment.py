"""Do two sets of texts set the same accents: alignment of code profiles against what chance would give.

A = 1 - (J - J0) / (1 - J0), J the mean Jensen-Shannon divergence (base 2) of the pairs and J0 its mean when the same
blocks are dealt at random to the same documents: 1 says no more different than chance. The plain similarity 1 - J
measures length (two samples of one profile score .52 at 10 mentions and .98 at 500, simulated).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["alignment", "alignment_draws", "divergence"]

Array: TypeAlias = NDArray[np.float64]

SHUFFLES = 200
#: Shuffles that the bootstrap draws share: each serves draws / 20 of them.
DRAW_SHUFFLES = 20
#: Pairs of documents looked at; beyond, a random choice of them (45 pairs are ten documents).
MAX_PAIRS = 45


def divergence(first: Array, second: Array) -> Array:
    """(…,) Jensen-Shannon divergence (base 2) of counts (…, k); nan where one has no count."""
    with np.errstate(invalid="ignore", divide="ignore"):
        p = first / first.sum(axis=-1, keepdims=True)
        q = second / second.sum(axis=-1, keepdims=True)
    return np.asarray(_entropy((p + q) / 2) - (_entropy(p) + _entropy(q)) / 2)


def _entropy(p: Array) -> Array:
    return np.asarray(-(p * np.log2(np.where(p > 0, p, 1))).sum(axis=-1))


def _score(j: Array, j0: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.clip(1 - (j - j0) / (1 - j0), 0, 1))


def _pairs(n: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    if len(pairs) <= MAX_PAIRS:
        return pairs
    return [pairs[i] for i in sorted(rng.choice(len(pairs), MAX_PAIRS, replace=False))]


def alignment(groups: Sequence[Array], *, seed: int, shuffles: int = SHUFFLES) -> float:
    """Alignment of two or more groups of blocks, each (n_blocks, k) codes; nan where none can be had."""
    rng = np.random.default_rng(seed)
    pairs = _pairs(len(groups), rng)
    blocks = np.vstack(groups)
    edges = np.cumsum([0, *(len(group) for group in groups)])

    def distance(rows: Array) -> float:
        profiles = np.add.reduceat(rows, edges[:-1], axis=0)
        values = [float(divergence(profiles[i], profiles[j])) for i, j in pairs]
        return float(np.nanmean(values)) if not np.all(np.isnan(values)) else float("nan")

    j0 = float(np.mean([distance(rng.permutation(blocks)) for _ in range(shuffles)]))
    return float(_score(np.array(distance(blocks)), np.array(j0)))


def alignment_draws(groups: Sequence[Array], weights: Sequence[Array], counts: Array, *, seed: int) -> Array:
    """(draws,) alignment under bootstrap weights.

    Args:
        groups: for each document (n_blocks, k) codes.
        weights: for each document (draws, n_blocks) how often a block was drawn.
        counts: (draws, n_documents) how often a document was drawn; pairs weigh by the product, so that a document
            drawn twice is not compared with itself. Draws with fewer than two documents are nan.
        seed: of shuffles and pairs.
    """
    rng = np.random.default_rng(seed)
    pairs = _pairs(len(groups), rng)
    draws = len(counts)
    blocks = np.vstack(groups)
    edges = np.cumsum([0, *(len(group) for group in groups)])
    real = [own @ group for own, group in zip(weights, groups, strict=True)]
    dealt = [np.zeros((draws, blocks.shape[1])) for _ in groups]
    for chosen in np.array_split(np.arange(draws), min(DRAW_SHUFFLES, draws)):
        shuffled = rng.permutation(blocks)
        for d, own in enumerate(weights):
            dealt[d][chosen] = own[chosen] @ shuffled[edges[d] : edges[d + 1]]
    total, j, j0 = np.zeros(draws), np.zeros(draws), np.zeros(draws)
    for a, b in pairs:
        both = counts[:, a] * counts[:, b]
        here = np.flatnonzero(both)
        real_j, dealt_j = divergence(real[a][here], real[b][here]), divergence(dealt[a][here], dealt[b][here])
        fine = ~(np.isnan(real_j) | np.isnan(dealt_j))
        here = here[fine]
        total[here] += both[here]
        j[here] += both[here] * real_j[fine]
        j0[here] += both[here] * dealt_j[fine]
    with np.errstate(invalid="ignore", divide="ignore"):
        return _score(j / total, j0 / total)

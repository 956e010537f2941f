"""Do two sets of texts set the same accents: alignment of code profiles against what chance would give.

A = 1 - (J - J0) / (1 - J0), J the mean Jensen-Shannon divergence (base 2) of the pairs and J0 its mean when the same
blocks are dealt at random to the same documents: 1 says no more different than chance. The plain similarity 1 - J
measures length (two samples of one profile score .52 at 10 mentions and .98 at 500, simulated).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Drawn", "alignment", "alignment_draws", "divergence", "pooled_alignment_draws"]

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
    first, second = np.array(_pairs(len(groups), rng)).T
    blocks, starts = np.vstack(groups), _starts(groups)

    def distance(rows: Array) -> float:
        profiles = np.add.reduceat(rows, starts, axis=0)
        values = divergence(profiles[first], profiles[second])
        return float(np.nanmean(values)) if not np.isnan(values).all() else float("nan")

    j0 = float(np.mean([distance(rng.permutation(blocks)) for _ in range(shuffles)]))
    return float(_score(np.array(distance(blocks)), np.array(j0)))


@dataclass(frozen=True)
class Drawn:
    """Blocks of some documents under bootstrap draws.

    `groups`: for each document (n_blocks, k) codes. `counts`: (draws, n_documents) how often each document was drawn.
    `weights`: for each document (draws, n_blocks) how often each block was, over all occurrences of the document; None
    where only documents were drawn.
    """

    groups: Sequence[Array]
    counts: Array
    weights: Sequence[Array] | None = None

    @property
    def blocks(self) -> Array:
        """(n, k) all blocks."""
        return np.vstack(self.groups)

    def by_document(self, blocks: Array, draws: NDArray[np.int64]) -> list[Array]:
        """For each document its (draws, k) or (1, k) codes, when `blocks` are dealt to the documents in order."""
        edges = np.cumsum([0, *(len(group) for group in self.groups)])
        parts = [blocks[a:b] for a, b in pairwise(edges)]
        if self.weights is None:
            return [part.sum(axis=0, keepdims=True) for part in parts]
        return [own[draws] @ part for own, part in zip(self.weights, parts, strict=True)]

    def pooled(self, blocks: Array, draws: NDArray[np.int64]) -> Array:
        """(draws, k) codes of all documents together."""
        if self.weights is None:
            return np.asarray(self.counts[draws] @ np.add.reduceat(blocks, _starts(self.groups), axis=0))
        return np.asarray(sum(self.by_document(blocks, draws)))


def _starts(groups: Sequence[Array]) -> NDArray[np.int64]:
    """Where each group begins; each has at least one row."""
    return np.cumsum([0, *(len(group) for group in groups[:-1])])


def alignment_draws(drawn: Drawn, *, seed: int) -> Array:
    """(draws,) alignment among the documents of a cell.

    Pairs weigh by how often both were drawn, so that a document drawn twice is not compared with itself. Draws with
    fewer than two documents are nan.
    """
    rng = np.random.default_rng(seed)
    pairs = _pairs(len(drawn.groups), rng)
    draws = len(drawn.counts)
    total, j, j0 = np.zeros(draws), np.zeros(draws), np.zeros(draws)
    blocks = drawn.blocks
    if drawn.weights is None:  # each document is as it is in all draws: only the pairs' weights change
        every = np.arange(1)
        dealt = [drawn.by_document(rng.permutation(blocks), every) for _ in range(DRAW_SHUFFLES)]
        real = drawn.by_document(blocks, every)
        for a, b in pairs:
            here = float(divergence(real[a][0], real[b][0]))
            chance = float(np.mean([divergence(one[a][0], one[b][0]) for one in dealt]))
            if not np.isnan(here + chance):
                both = drawn.counts[:, a] * drawn.counts[:, b]
                total += both
                j += both * here
                j0 += both * chance
        return _ratio(j, j0, total)
    for chosen in np.array_split(np.arange(draws), min(DRAW_SHUFFLES, draws)):
        shown = drawn.by_document(blocks, chosen)
        shuffled = drawn.by_document(rng.permutation(blocks), chosen)
        for a, b in pairs:
            both = drawn.counts[chosen, a] * drawn.counts[chosen, b]
            distance, chance_distance = divergence(shown[a], shown[b]), divergence(shuffled[a], shuffled[b])
            fine = (both > 0) & ~np.isnan(distance + chance_distance)
            total[chosen] += np.where(fine, both, 0)
            j[chosen] += np.where(fine, both * distance, 0)
            j0[chosen] += np.where(fine, both * chance_distance, 0)
    return _ratio(j, j0, total)


def pooled_alignment_draws(first: Drawn, second: Drawn, *, seed: int) -> Array:
    """(draws,) alignment of two sets of documents, each taken together; both have the same number of draws."""
    rng = np.random.default_rng(seed)
    draws = len(first.counts)
    every = np.arange(draws)
    one, two = first.blocks, second.blocks
    both = np.vstack([one, two])
    j = divergence(first.pooled(one, every), second.pooled(two, every))
    j0 = np.zeros(draws)
    for chosen in np.array_split(every, min(DRAW_SHUFFLES, draws)):
        dealt = rng.permutation(both)
        j0[chosen] = divergence(first.pooled(dealt[: len(one)], chosen), second.pooled(dealt[len(one) :], chosen))
    return _score(j, j0)


def _ratio(j: Array, j0: Array, total: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return _score(j / total, j0 / total)

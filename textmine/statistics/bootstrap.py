"""Two-stage bootstrap: documents within a cell, then blocks within each drawn document.

Sentences of one document resemble each other, so sentences are never drawn alone. Nothing is copied: a draw is a row of
multinomial weights on the blocks, and whatever is measured is a sum under those weights.
Drawing documents only is too narrow for few documents and drawing both is too wide for many (simulated coverage of a
nominal 95 %: 5 documents .83 and .94, 12 documents .91 and .96, 20 documents .94 and .98), hence `ONE_STAGE_FROM`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from textmine.statistics.intervals import student_quantile

__all__ = [
    "MIN_DOCUMENTS",
    "ONE_STAGE_FROM",
    "Measure",
    "Resample",
    "bootstrap_sums",
    "interval_bounds",
    "percentile_interval",
]

Array: TypeAlias = NDArray[np.float64]
#: (index of the document, (k, n_blocks) weights on its blocks) -> (k, m) what the document then contributes.
Measure: TypeAlias = Callable[[int, Array], Array]

#: From this many documents in a cell, only documents are drawn (see above).
ONE_STAGE_FROM = 20
#: Redraws of a document that its occurrences share: the spread within one document is then known to a fourteenth, that
#: within the five documents of a cell to a thirtieth.
REDRAWS = 100
#: Under this many documents there is no interval: two documents cannot say how far a third may differ.
MIN_DOCUMENTS = 3


class Resample:
    """The draws of one cell; all indicators measured on it share them, so that composites stay coherent.

    Each document is redrawn 100 times, and each of its occurrences in a draw takes one of these at random: a fresh
    redraw for each occurrence takes ten times as long. The redraws are balanced (Davison, Hinkley & Schechtman 1986):
    together they hold each block equally often, so that they do not move what they are drawn around.

    Args:
        sizes: number of blocks (or kinds of equal blocks) of each document.
        multiplicities: for each document (sizes[d],) how many equal blocks each entry stands for; None: one each.
        draws: number of draws.
        rng: source of randomness; the same state gives the same draws.
        one_stage_from: from this many documents, blocks are not drawn.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        draws: int,
        rng: np.random.Generator,
        multiplicities: Sequence[Array] | None = None,
        one_stage_from: int = ONE_STAGE_FROM,
    ) -> None:
        n = len(sizes)
        self.sizes = tuple(sizes)
        self.draws = draws
        self.two_stage = n < one_stage_from
        self.multiplicities = multiplicities or [np.ones(size) for size in sizes]
        picks = rng.integers(0, n, size=(draws, n))
        #: (draws, n_documents) how often each document was drawn
        self.counts: NDArray[np.int64] = np.bincount(
            (picks + np.arange(draws)[:, None] * n).ravel(), minlength=draws * n
        ).reshape(draws, n)
        if self.two_stage:
            self._documents = picks.ravel()
            self._redraws = min(REDRAWS, draws)
            self._chosen = rng.integers(0, self._redraws, size=draws * n)
            self._seed = int(rng.integers(0, 2**63))

    def slots(self, document: int) -> NDArray[np.int64]:
        """(k,) the draw of each occurrence of the document, ascending; k is about `draws`."""
        return np.repeat(np.arange(self.draws), self.counts[:, document])

    def weights(self, document: int) -> Array:
        """(k, n_blocks) how often each block was drawn in each occurrence; rows fit `slots`. Same answer each call."""
        if not self.two_stage:
            repeated = self.multiplicities[document]
            return np.broadcast_to(repeated, (int(self.counts[:, document].sum()), len(repeated)))
        return np.asarray(self._redrawn[document][self._chosen[self._documents == document]])

    @cached_property
    def _redrawn(self) -> list[Array]:
        """For each document (redraws, n_blocks) how often each of its blocks is in each of its redraws."""
        rng = np.random.default_rng(self._seed)
        found = []
        for multiplicities in self.multiplicities:
            repeated = multiplicities.astype(np.int64)
            total, n = int(repeated.sum()), len(repeated)
            if total == 0:
                found.append(np.zeros((self._redraws, n)))
                continue
            every = np.repeat(np.arange(n), repeated * self._redraws)
            places = rng.permutation(every).reshape(self._redraws, total) + np.arange(self._redraws)[:, None] * n
            counts = np.bincount(places.ravel(), minlength=self._redraws * n)
            found.append(counts.reshape(self._redraws, n).astype(np.float64))
        return found

    def sums_of_documents(self, measure: Measure) -> Array:
        """(draws, m) sums when only documents are drawn, each with all its blocks."""
        columns = np.vstack([measure(d, self.multiplicities[d][None, :]) for d in range(len(self.sizes))])
        return np.asarray(self.counts.astype(np.float64) @ columns)

    def sums(self, measure: Measure) -> Array:
        """(draws, m) sums over the drawn documents of what `measure` says of each."""
        if not self.two_stage:
            return self.sums_of_documents(measure)
        from scipy.sparse import csr_array

        values = np.vstack([measure(d, self._redrawn[d]) for d in range(len(self.sizes))])
        n = len(self.sizes)
        where = self._documents * self._redraws + self._chosen
        drawn = csr_array(
            (np.ones(len(where)), where, np.arange(0, len(where) + 1, n)), shape=(self.draws, n * self._redraws)
        )
        return np.asarray(drawn @ values)


def bootstrap_sums(
    blocks: Sequence[Array],
    *,
    draws: int,
    seed: int,
    measure: Callable[[Array], Array] | None = None,
    one_stage_from: int = ONE_STAGE_FROM,
) -> Array:
    """Sums over resampled documents of a function of each document's totals.

    Args:
        blocks: for each document (n_blocks, k) additive quantities, such as hits and words.
        draws: number of draws.
        seed: the same seed gives the same draws.
        measure: (rows, k) totals of documents -> (rows, m); None: the totals themselves.
        one_stage_from: see `ONE_STAGE_FROM`.
    Returns:
        (draws, m).
    """
    resample = Resample(
        [len(block) for block in blocks],
        draws=draws,
        rng=np.random.default_rng(seed),
        one_stage_from=one_stage_from,
    )

    def contribution(document: int, weights: Array) -> Array:
        totals = weights @ blocks[document]
        return totals if measure is None else measure(totals)

    return resample.sums(contribution)


def percentile_interval(
    values: Array,
    *,
    n_documents: int | None = None,
    alone: Array | float | None = None,
    confidence: float = 0.95,
) -> tuple[float | None, float | None]:
    """Percentile interval of (draws,) values; draws that are not a number are left out.

    Plain percentiles are too narrow for few documents, and how much depends on how unlike the documents are. With
    `alone`, the same quantity when only documents are drawn (or its standard deviation), the interval is widened around
    its median until it is as wide as Student's t asks for of that many documents; it is never narrowed, and never goes
    beyond the draws. Measured, 400 corpora, nominal 95 %, 5 / 8 / 12 documents: correlation 0.1 and 7 blocks a document
    .94 / .93 / .96 (plain: .91 / .93 / .95), 30 blocks .94 / .92 / .93 (plain: .86 / .89 / .90), correlation 0.3 and 30
    blocks .90 / .94 / .92 (plain: .84 / .88 / .88). Without `alone` it is widened half-way (all the way from 20
    documents on), which is wide enough but covers up to .99 where documents are alike.

    (None, None) when more than half of the draws are not a number, or there are fewer than `MIN_DOCUMENTS` documents.
    """
    found = values[~np.isnan(values)]
    if len(found) == 0 or len(found) * 2 < len(values) or (n_documents is not None and n_documents < MIN_DOCUMENTS):
        return None, None
    spread = None
    if alone is not None:
        spread = np.atleast_1d(alone if isinstance(alone, float | int) else np.nanstd(alone))
    low, high = interval_bounds(found[:, None], n_documents=n_documents, spread=spread, confidence=confidence)[:, 0]
    return float(low), float(high)


def interval_bounds(
    draws: Array, *, n_documents: int | None, spread: Array | None = None, confidence: float = 0.95
) -> Array:
    """(2, m) lower and upper ends for (draws, m) values without nan; `spread` (m,) is the standard `alone`."""
    tail = (1 - confidence) / 2
    if n_documents is None:
        return np.asarray(np.quantile(draws, [tail, 1 - tail], axis=0))
    normal = -float(ndtri(tail))
    student = student_quantile(n_documents - 1, confidence=confidence) * float(np.sqrt(n_documents / (n_documents - 1)))
    if spread is None:
        share = 0.5 if n_documents < ONE_STAGE_FROM else 1.0
        tail = float(ndtr(-(normal + share * (student - normal))))
        return np.asarray(np.quantile(draws, [tail, 1 - tail], axis=0))
    low, middle, high = np.quantile(np.ascontiguousarray(draws.T), [tail, 0.5, 1 - tail], axis=1)
    own = draws.std(axis=0)
    factor = np.maximum(1.0, spread * student / normal / np.where(own > 0, own, np.inf))
    ends = np.stack([middle + factor * (low - middle), middle + factor * (high - middle)])
    return np.asarray(np.clip(ends, draws.min(axis=0), draws.max(axis=0)))

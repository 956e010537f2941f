"""Shares among the sentences of a whole corpus, such as precision and recall, from a sample with known chances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from textmine.statistics.intervals import student_quantile, wilson

__all__ = ["cluster_weights", "weighted_ratio"]

Array = NDArray[np.float64]


def weighted_ratio(
    part: Array, whole: Array, weights: Array, clusters: NDArray[np.intp]
) -> tuple[float, float, float] | None:
    """Estimate of sum(part) / sum(whole) over the corpus, with its 95 % interval; None without a whole.

    The estimate is sum(w part) / sum(w whole) with w = 1 / chance. Its variance is that of the linearised residuals
    w (part - r whole) / sum(w whole), summed within documents (Särndal, Swensson & Wretman 1992, 5.6). The interval is
    Wilson's for the effective number r (1 - r) / variance, shrunk by (t of the sentences / t of the documents)^2 for
    few documents, so that it stays in 0..1 and is not empty at 0 or 1 (Korn & Graubard 1998; with Wilson: Dean &
    Pagano 2015). Where the variance is 0 the effective number is Kish's (sum w)^2 / sum w^2 (Kish 1965).

    Args:
        part, whole: (n,) counts of each sampled sentence, 0 <= part <= whole.
        weights: (n,) 1 / chance.
        clusters: (n,) number of each sentence's document.
    """
    total = float(weights @ whole)
    if total <= 0:
        return None
    ratio = float(weights @ part) / total
    own = weights * whole
    effective = total**2 / float(own @ own)
    sums = np.bincount(clusters, weights=weights * (part - ratio * whole) / total)
    n = len(np.unique(clusters[whole > 0]))
    counted = float(whole.sum())
    if n > 1:
        variance = float(sums @ sums) * n / (n - 1)
        if 0 < ratio < 1 and variance > 0:
            effective = ratio * (1 - ratio) / variance
        effective *= (student_quantile(max(counted - 1, 1)) / student_quantile(n - 1)) ** 2
    effective = min(effective, counted)
    low, high = wilson(ratio * effective, effective)
    return ratio, low, high


def cluster_weights(clusters: Sequence[str], draws: int, rng: np.random.Generator) -> tuple[NDArray[np.intp], Array]:
    """Number of each cluster, (n,), and how often its sentences are in each bootstrap draw, (draws, n)."""
    kinds, places = np.unique(np.array(clusters), return_inverse=True)
    drawn = rng.multinomial(len(kinds), np.full(len(kinds), 1 / len(kinds)), size=draws)
    return places.astype(np.intp), drawn.astype(np.float64)[:, places]

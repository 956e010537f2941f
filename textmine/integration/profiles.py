"""Whose accents do a region's documents share: alignment of its code profile with those above it and beside it.

The vertical look compares with EU and national documents of the same period, the horizontal one with other regions.
S8b and S10 of the indicators are the two that enter the sides; this table opens them up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.integration.alignment import Drawn, alignment, pooled_alignment_draws
from textmine.integration.contexts import PROFILE, Corpus, build_corpus
from textmine.integration.matrices import cells_of_regions
from textmine.statistics.bootstrap import MIN_DOCUMENTS, Resample, percentile_interval

__all__ = ["alignment_rows"]

Array: TypeAlias = NDArray[np.float64]
Row: TypeAlias = dict[str, Any]

#: Cluster contexts that a set of documents needs to have a profile.
MIN_CONTEXTS = 20
#: Codes named as accents of one side, and how much larger their share must be (a guess: smaller ones are noise).
N_ACCENTS, LEAST_ACCENT = 3, 0.05


def alignment_rows(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
    draws: int = 2000,
    seed: int = 20,
) -> list[Row]:
    """Alignment of each cell with the EU's, the national and each other region's documents of the same period.

    `value` is 1 where the profiles differ no more than chance would have it (see `textmine.integration.alignment`),
    with its interval where both have 3 documents. `n` and `n_with` are cluster contexts; with fewer than 20 on a side
    the value is empty (`insufficient`). `more` and `less` name the codes that the region stresses more, or less, than
    the other: they differ by a twentieth of all its codes or more. A pair of regions stands once, under the first.
    """
    corpus = build_corpus(documents, blocks, mentions, specialisations)
    rows = []
    for region, period, direction, name, own, other in _pairs(corpus, by):
        first, second = _profiles(corpus, own), _profiles(corpus, other)
        n, n_with = sum(map(len, first)), sum(map(len, second))
        value = low = high = None
        flag = "insufficient"
        more: list[str] = []
        less: list[str] = []
        if min(n, n_with) >= MIN_CONTEXTS:
            blocks_of = [np.vstack(first), np.vstack(second)]
            value = round(alignment(blocks_of, seed=seed), 4)
            more, less = _accents(*(part.sum(axis=0) for part in blocks_of))
            flag = "thin" if min(len(first), len(second)) < MIN_DOCUMENTS else ""
            if not flag:
                draws_of = pooled_alignment_draws(
                    _redrawn(first, draws, seed), _redrawn(second, draws, seed + 1), seed=seed
                )
                low, high = percentile_interval(draws_of, n_documents=min(len(first), len(second)))
        rows.append(
            {
                "region": region, "period": period, "direction": direction, "with": name, "value": value,
                "low": None if low is None else round(low, 4), "high": None if high is None else round(high, 4),
                "n": n, "n_with": n_with, "n_documents": len(own), "n_documents_with": len(other),
                "more": more, "less": less, "flag": flag,
            }
        )  # fmt: skip
    return rows


def _pairs(corpus: Corpus, by: Sequence[str]) -> Iterator[tuple[str, str, str, str, list[int], list[int]]]:
    """(region, period, direction, with, own documents, other documents)."""
    cells = list(cells_of_regions(corpus, by))
    upper = corpus.documents.filter(pl.col("region") == "")
    for number, (region, period, members) in enumerate(cells):
        for level in ("eu", "national"):
            inside = upper.filter(pl.col("level") == level)
            if period != "all":
                inside = inside.filter(pl.col("period") == period)
            if inside.height:
                yield region, period, "vertical", level, members, inside["d"].to_list()
        for other, other_period, others in cells[number + 1 :]:
            if other_period == period:
                yield region, period, "horizontal", other, members, others


def _profiles(corpus: Corpus, members: Sequence[int]) -> list[Array]:
    """(n_contexts, 28) codes of the theme contexts of each document that has one."""
    found = []
    for d in members:
        span = slice(int(corpus.ends[d]), int(corpus.ends[d + 1]))
        own = corpus.codes[span][corpus.theme[span] > 0, : len(PROFILE)]
        if len(own):
            found.append(own)
    return found


def _redrawn(profiles: list[Array], draws: int, seed: int) -> Drawn:
    resample = Resample([len(profile) for profile in profiles], draws=draws, rng=np.random.default_rng(seed))
    return _drawn_profiles(resample, profiles)


def _drawn_profiles(resample: Resample, profiles: Sequence[Array]) -> Drawn:
    """Profiles of documents under the draws of a resample of all their contexts."""
    weights = []
    for number in range(len(profiles)) if resample.two_stage else ():
        own = resample.weights(number)
        running = np.vstack([np.zeros((1, own.shape[1])), np.cumsum(own, axis=0)])
        ends = np.cumsum(resample.counts[:, number])
        weights.append(running[ends] - running[ends - resample.counts[:, number]])
    return Drawn(
        groups=list(profiles),
        counts=resample.counts.astype(np.float64),
        weights=weights if resample.two_stage else None,
    )


def _accents(first: Array, second: Array) -> tuple[list[str], list[str]]:
    """Codes with the largest surplus of share in the first, and in the second."""
    gap = first / max(first.sum(), 1) - second / max(second.sum(), 1)
    order = np.argsort(gap)
    more = [PROFILE[i] for i in order[::-1][:N_ACCENTS] if gap[i] >= LEAST_ACCENT]
    less = [PROFILE[i] for i in order[:N_ACCENTS] if gap[i] <= -LEAST_ACCENT]
    return more, less

"""Random samples of sentences to code by hand, each sentence with its chance of being picked.

Only a sample with known chances corrects counts (`trends --corrected`) and scores a coder fairly. Strata keep small
cells from being missed; the chance undoes their unequal shares.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from textmine.errors import DataError

__all__ = ["draw_sample", "sample_size"]


def draw_sample(sentences: pl.DataFrame, n: int, *, strata: Sequence[str] = (), seed: int = 20) -> pl.DataFrame:
    """A random sample without replacement, stratified.

    Half of `n` is shared out evenly among the strata, half by their size; a stratum smaller than its share is taken
    whole and the rest goes to the others. Same seed, same sample, whatever the order of the rows.

    Args:
        sentences: sentence_id, the strata's columns, and whatever else shall be in the sample.
        n: sentences wanted.
        strata: columns, such as period, language, type.
    Returns:
        The rows of the sample with `chance` (0..1] and `order` (1..n, random: the order to code in).
    Raises:
        DataError: there are fewer sentences than wanted, or a column is missing.
    """
    missing = {"sentence_id", *strata} - set(sentences.columns)
    if missing:
        raise DataError(f"a sample by {', '.join(strata)} needs the columns {', '.join(sorted(missing))}.")
    if not 0 < n <= sentences.height:
        raise DataError(f"a sample of {n} of {sentences.height} sentences cannot be drawn. Ask for fewer.")
    rng = np.random.default_rng(seed)
    ordered = sentences.sort(*strata, "sentence_id")
    groups = ordered.partition_by(list(strata), maintain_order=True) if strata else [ordered]
    sizes = np.array([group.height for group in groups])
    picked = []
    for group, wanted in zip(groups, _shares(sizes, n), strict=True):
        if wanted:
            rows = np.sort(rng.choice(group.height, wanted, replace=False))
            picked.append(group[rows].with_columns(chance=pl.lit(wanted / group.height)))
    sample = pl.concat(picked)
    return sample.with_columns(order=pl.Series(rng.permutation(n) + 1)).sort("order")


def _shares(sizes: np.ndarray, n: int) -> list[int]:
    """How many of each stratum, in all n; none above its size, and none of zero while there are enough to go round."""
    wanted = np.zeros(len(sizes))
    open_ = np.ones(len(sizes), dtype=bool)
    while True:
        left = n - sizes[~open_].sum()
        wanted[open_] = left / 2 / open_.sum() + left / 2 * sizes[open_] / sizes[open_].sum()
        wanted[~open_] = sizes[~open_]
        over = open_ & (wanted >= sizes)
        if not over.any():
            break
        open_ &= ~over
        if not open_.any():
            return [int(size) for size in sizes]
    whole = np.floor(wanted + 1e-9).astype(int)
    for place in np.argsort(whole - wanted, kind="stable")[: n - int(whole.sum())]:  # largest remainders
        whole[place] += 1
    return [int(count) for count in whole]


def sample_size(share: float, *, positives: int = 60) -> int:
    """Random sentences needed until so many of a code with that share are expected: 60 positives bound F1 to +-.08.

    Raises:
        ValueError: the share is not in (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError(f"share {share}: expected above 0 and at most 1")
    return int(np.ceil(positives / share))

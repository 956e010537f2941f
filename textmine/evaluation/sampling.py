"""Samples of sentences to code by hand, each sentence with its chance of being picked.

Only a sample with known chances corrects counts (`trends --corrected`) and scores a coder fairly. Strata keep small
cells from being missed; the chance undoes their unequal shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from textmine.errors import DataError

__all__ = ["CHOSEN", "draw_active", "draw_sample"]

#: Stratum of the sentences that an active sample takes for their doubt, and of those that it draws at random.
CHOSEN, DRAWN = "chosen", "random"
#: Of an active sample, the share drawn at random. A guess: enough to score the coder on, and most is left to learn on.
RANDOM_SHARE = 0.25
#: Among how many times the wanted number the most doubtful are looked at for being unlike. A guess.
CANDIDATES = 10


def draw_sample(sentences: pl.DataFrame, n: int, *, strata: Sequence[str] = (), seed: int = 20) -> pl.DataFrame:
    """A random sample without replacement, stratified.

    Half of `n` is shared out evenly among the strata, half by their size; a stratum smaller than its share is taken
    whole and the rest goes to the others. Same seed, same sample, whatever the order of the rows.

    Args:
        sentences: sentence_id, the strata's columns, and whatever else shall be in the sample.
        n: sentences wanted.
        strata: columns, such as period, language, type.
    Returns:
        The rows of the sample with `chance` (0..1], `stratum` (the values of the strata's columns) and `order` (1..n,
        random: the order to code in).
    Raises:
        DataError: there are fewer sentences than wanted, or a column is missing.
    """
    missing = {"sentence_id", *strata} - set(sentences.columns)
    if missing:
        raise DataError(f"a sample by {', '.join(strata)} needs the columns {', '.join(sorted(missing))}.")
    _check_size(n, sentences.height)
    rng = np.random.default_rng(seed)
    ordered = sentences.sort(*strata, "sentence_id")
    groups = ordered.partition_by(list(strata), maintain_order=True) if strata else [ordered]
    sizes = np.array([group.height for group in groups])
    picked = []
    for group, wanted in zip(groups, _shares(sizes, n), strict=True):
        if wanted:
            rows = np.sort(rng.choice(group.height, wanted, replace=False))
            picked.append(group[rows].with_columns(chance=pl.lit(wanted / group.height)))
    label = pl.concat_str([pl.col(name).cast(pl.String) for name in strata], separator=", ") if strata else pl.lit("")
    return _in_random_order(pl.concat(picked).with_columns(stratum=label), rng)


def draw_active(
    sentences: pl.DataFrame,
    n: int,
    encode: Callable[[Sequence[str]], np.ndarray],
    *,
    random_share: float = RANDOM_SHARE,
    seed: int = 20,
) -> pl.DataFrame:
    """A sample to learn on: doubtful sentences that are unlike each other, and a share drawn at random.

    The doubtful ones are picked one by one, each the one with the largest doubt x distance to the nearest picked before
    (after the k-centre choice of Sener & Savarese 2018, weighted by doubt). What is picked hangs on the machine only,
    never on what people say; so the picked are a stratum taken whole (chance 1), the others have the chance of the
    random share, and both together estimate the corpus without bias.

    Args:
        sentences: sentence_id, doubt (0..1; of sentences at 0 none is picked for its doubt).
        encode: sentence ids -> (n, dimensions) unit rows that say what they mean; asked for the most doubtful only.
        random_share: of `n`, drawn at random; all that is left over too where doubtful ones are few.
    Returns:
        As `draw_sample`; `stratum` is chosen or random.
    Raises:
        DataError: there are fewer sentences than wanted.
    """
    _check_size(n, sentences.height)
    rng = np.random.default_rng(seed)
    ordered = sentences.sort("doubt", "sentence_id", descending=[True, False])
    wanted = n - round(n * random_share)
    candidates = ordered.filter(pl.col("doubt") > 0).head(CANDIDATES * wanted)
    places = _unlike(candidates["doubt"].to_numpy(), encode(candidates["sentence_id"].to_list()), wanted)
    chosen = candidates[places].with_columns(chance=pl.lit(1.0), stratum=pl.lit(CHOSEN))
    others = sentences.join(chosen, on="sentence_id", how="anti").sort("sentence_id")
    n_random = n - chosen.height
    rows = np.sort(rng.choice(others.height, n_random, replace=False))
    chance = n_random / others.height if n_random else 1.0
    drawn = others[rows].with_columns(chance=pl.lit(chance), stratum=pl.lit(DRAWN))
    return _in_random_order(pl.concat([chosen, drawn]), rng)


def _check_size(n: int, there: int) -> None:
    if not 0 < n <= there:
        raise DataError(
            f"a sample of {n} of {there} sentences cannot be drawn. Ask for fewer, or for fewer conditions."
        )


def _in_random_order(sample: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    return sample.with_columns(order=pl.Series(rng.permutation(sample.height) + 1, dtype=pl.Int64)).sort("order")


def _unlike(doubt: np.ndarray, vectors: np.ndarray, n: int) -> list[int]:
    """Places of up to n rows: the most doubtful, then always the largest doubt x distance to the nearest before."""
    nearest = np.ones(len(doubt))
    places: list[int] = []
    for _ in range(min(n, len(doubt))):
        gain = doubt * nearest
        gain[places] = -1.0
        place = int(np.argmax(gain))
        places.append(place)
        nearest = np.minimum(nearest, np.clip(1 - vectors @ vectors[place], 0, 1))
    return places


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

"""Does it rise and then fall: the turning point of a yearly series.

Mann-Kendall sees nothing in a rise that a fall undoes, and a break cuts a slope into steps; this looks for the two
slopes. Written here because no statistics package that we use has it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from textmine.records import Finding
from textmine.trends.change import MIN_YEARS_ASYMPTOTIC, PERMUTATIONS, by_group, redrawn_rates, with_q
from textmine.trends.counts import Counts
from textmine.trends.rates import Cell, borrowed_spread

__all__ = ["turning_points"]

Array: TypeAlias = NDArray[np.float64]

#: Years of a side, the turning year counted on both. With three a side is monotonous in a third of all orders.
MIN_SIDE_YEARS = 4


def turning_points(
    counts: Counts, cells: Sequence[Cell], *, names: Collection[str] | None = None, seed: int = 20
) -> list[Finding]:
    """One finding a series and group where the yearly rates per 100 sentences rise and then fall, or the reverse.

    The year is the one that makes the weaker of the two sides' Kendall scores (S over its standard deviation) largest,
    so both sides have to move. `p` compares that score with 2,000 permutations of the years, which pays for having
    picked the year; `q` are Benjamini-Hochberg values over the series. `value` is the turning year, its interval from
    redrawn documents. Keys: `test` (`peak` or `trough`), `before` and `after` (Sen's slopes a year of the two sides).
    Series of fewer than 10 years, and those whose turn permutations explain (p > .05), have no finding.
    With `names` only these series are looked at.
    """
    from scipy import stats

    findings = []
    n_tested = 0
    spread = borrowed_spread(counts, cells, "per_100s")
    for group, own in by_group(cells):
        n = len(own)
        if n < MIN_YEARS_ASYMPTOTIC:
            continue
        n_tested += len(counts.series) if names is None else len(names)
        years = np.array([float(cell.period) for cell in own])
        for index, series in enumerate(counts.series):
            if names is not None and series.name not in names:
                continue
            rates = np.array([cell.value["per_100s"][index] for cell in own])
            score, place, sign = (part[0] for part in _turns(rates[None, :]))
            if score <= 0:
                continue
            rng = np.random.default_rng([seed, index])
            shuffled = rng.permuted(np.tile(rates, (PERMUTATIONS, 1)), axis=1)
            p = float((1 + (_turns(shuffled)[0] >= score).sum()) / (1 + PERMUTATIONS))
            if p > 0.05:
                continue
            places = _turns(redrawn_rates(counts, own, index, spread[index], rng), sign=int(sign))[1]
            low, high = np.quantile(places, [0.025, 0.975], method="nearest")
            slopes = [stats.theilslopes(rates[side], years[side])[0] for side in (slice(place + 1), slice(place, None))]
            findings.append(
                Finding(
                    what="change",
                    keys={
                        "code": series.name,
                        "period": str(int(years[place])),
                        "group": group,
                        "n_years": str(n),
                        "test": "peak" if sign > 0 else "trough",
                        "p": f"{p:.4f}",
                        "decisive": f"{p:.6f}",
                        "before": f"{slopes[0]:.2f}",
                        "after": f"{slopes[1]:.2f}",
                    },
                    value=float(years[place]),
                    low=float(years[int(low)]),
                    high=float(years[int(high)]),
                    n=float(sum(counts.hits[list(cell.rows), index].sum() for cell in own)),
                    denominator=float(sum(counts.sentences[list(cell.rows)].sum() for cell in own)),
                )
            )
    return with_q(findings, n_tested=n_tested)


def _turns(rows: Array, *, sign: int = 0) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
    """(score, place, sign) of the best turning point of each row; `sign` 1 asks for peaks only, -1 for troughs."""
    n = rows.shape[1]
    moves = np.sign(rows[:, None, :] - rows[:, :, None])  # [row, i, j]: does j lie above i
    best = np.full(len(rows), -np.inf)
    where, signs = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    for place in range(MIN_SIDE_YEARS - 1, n - MIN_SIDE_YEARS + 1):
        left = _kendall_score(moves[:, : place + 1, : place + 1])
        right = _kendall_score(moves[:, place:, place:])
        for way in (1, -1) if sign == 0 else (sign,):
            score = np.minimum(way * left, -way * right)
            better = score > best
            best, where = np.where(better, score, best), np.where(better, place, where)
            signs = np.where(better, way, signs)
    return best, where, signs


def _kendall_score(moves: NDArray[np.float64]) -> Array:
    """(rows,) Kendall's S over its standard deviation without ties, from (rows, n, n) signs."""
    n = moves.shape[1]
    upper = np.triu_indices(n, 1)
    return np.asarray(moves[:, upper[0], upper[1]].sum(axis=1) / np.sqrt(n * (n - 1) * (2 * n + 5) / 18))

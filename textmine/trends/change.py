"""Does it rise, does it break: trend tests, change points and steps between periods, with the power said.

Few years carry little: no test under 5 years, an exact one under 10, no change point under 10 (compare periods).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from textmine.records import Finding
from textmine.statistics.bootstrap import percentile_interval
from textmine.trends.counts import Counts
from textmine.trends.rates import Cell, borrowed_spread

__all__ = ["change_points", "mann_kendall_power", "period_steps", "trend_tests"]

Array: TypeAlias = NDArray[np.float64]

MIN_YEARS = 5
MIN_YEARS_ASYMPTOTIC = 10
#: The rise whose detection the stated power is about, in standard deviations of the yearly values.
POWER_SLOPE = 0.2
#: Below this power a test that finds nothing says nothing.
LOW_POWER = 0.8
MIN_SEGMENT_YEARS = 3
MAX_BREAKS = 2
PERMUTATIONS = 2000


def trend_tests(counts: Counts, cells: Sequence[Cell], *, seed: int = 20) -> list[Finding]:
    """Mann-Kendall with Sen's slope on the yearly rates per 100 sentences, one finding a series and group.

    Under 10 years the exact Kendall test (permutations when values tie), from 10 on also Hamed & Rao's correction for
    serial correlation (`p_hamed_rao`). `q` are Benjamini-Hochberg values over all series asked for. `value` is Sen's
    slope a year with its 95 % interval; keys hold test, years, tau, p, q and `power`, the chance to find a rise of 0.2
    standard deviations a year. Flags: `too few years`, `constant`, `no power` (nothing found, and power is under .8).
    """
    from scipy import stats

    findings: list[Finding] = []
    for group, own in _by_group(cells):
        years = np.array([float(cell.period) for cell in own])
        for index, series in enumerate(counts.series):
            values = np.array([cell.value["per_100s"][index] for cell in own])
            keys = {"code": series.name, "period": _span(own), "group": group, "n_years": str(len(years))}
            n = float(sum(counts.hits[list(cell.rows), index].sum() for cell in own))
            exposure = float(sum(counts.sentences[list(cell.rows)].sum() for cell in own))
            if len(years) < MIN_YEARS or np.ptp(values) == 0:
                flag = "constant" if len(years) >= MIN_YEARS else "too few years"
                findings.append(Finding("trend", {**keys, "test": "none"}, None, None, None, n, exposure, flag))
                continue
            slope = stats.theilslopes(values, years)
            tau, p, test = _kendall(years, values, seed)
            power = mann_kendall_power(len(years))
            keys |= {"test": test, "tau": f"{tau:.3f}", "p": f"{p:.4f}", "power": f"{power:.2f}"}
            decisive = p
            if len(years) >= MIN_YEARS_ASYMPTOTIC:
                import pymannkendall

                with np.errstate(invalid="ignore"):
                    corrected = float(pymannkendall.hamed_rao_modification_test(values).p)
                if not np.isnan(corrected):  # its variance can come out below zero in short series
                    decisive = max(p, corrected)
                    keys["p_hamed_rao"] = f"{corrected:.4f}"
            findings.append(
                Finding(
                    what="trend",
                    keys={**keys, "decisive": f"{decisive:.6f}"},
                    value=float(slope[0]),
                    low=float(slope[2]),
                    high=float(slope[3]),
                    n=n,
                    denominator=exposure,
                    flag="no power" if decisive > 0.05 and power < LOW_POWER else "",
                )
            )
    return _with_q(findings)


def _with_q(findings: list[Finding]) -> list[Finding]:
    """The findings with Benjamini-Hochberg q-values of the decisive p, which is the larger where there are two."""
    from scipy import stats

    tested = [finding for finding in findings if "decisive" in finding.keys]
    if not tested:
        return findings
    values = iter(stats.false_discovery_control([float(finding.keys["decisive"]) for finding in tested]))
    done = []
    for finding in findings:
        if "decisive" in finding.keys:
            keys = {key: value for key, value in finding.keys.items() if key != "decisive"} | {
                "q": f"{next(values):.4f}"
            }
            finding = _replaced(finding, keys)
        done.append(finding)
    return done


def _replaced(finding: Finding, keys: dict[str, str]) -> Finding:
    return Finding(
        finding.what, keys, finding.value, finding.low, finding.high, finding.n, finding.denominator, finding.flag
    )


def _kendall(years: Array, values: Array, seed: int) -> tuple[float, float, str]:
    """(tau, two-sided p, name of the test)."""
    from scipy import stats

    n = len(values)
    if n >= MIN_YEARS_ASYMPTOTIC:
        import pymannkendall

        result = pymannkendall.original_test(values)
        return float(result.Tau), float(result.p), "mann-kendall"
    if len(np.unique(values)) == n:
        result = stats.kendalltau(years, values, method="exact")
        return float(result.statistic), float(result.pvalue), "kendall exact"
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(np.tile(values, (20_000, 1)), axis=1)
    observed = _kendall_s(values[None, :])[0]
    p = float((1 + (np.abs(_kendall_s(shuffled)) >= abs(observed)).sum()) / (1 + len(shuffled)))
    return float(stats.kendalltau(years, values).statistic), p, "kendall permutation"


def _kendall_s(rows: Array) -> Array:
    """Kendall's S of each row against its order."""
    total = np.zeros(len(rows))
    for i in range(rows.shape[1] - 1):
        total += np.sign(rows[:, i + 1 :] - rows[:, i : i + 1]).sum(axis=1)
    return total


@cache
def mann_kendall_power(n_years: int, slope: float = POWER_SLOPE, *, draws: int = 4000) -> float:
    """Chance that the exact two-sided test at .05 finds a linear rise of `slope` standard deviations a year.

    Simulated with normal noise and a fixed seed; the critical value comes from the exact null distribution of S.
    """
    counts = np.ones(1)
    for i in range(2, n_years + 1):  # inversions of permutations (Mahonian numbers)
        counts = np.convolve(counts, np.ones(i))
    chance = counts / counts.sum()
    largest = n_years * (n_years - 1) // 2
    scores = np.abs(largest - 2 * np.arange(largest + 1))
    values = np.unique(scores)
    tails = np.array([chance[scores >= value].sum() for value in values])
    if not (tails <= 0.05).any():
        return 0.0
    critical = values[tails <= 0.05].min()
    noise = np.random.default_rng(n_years).standard_normal((draws, n_years))
    return float((np.abs(_kendall_s(noise + slope * np.arange(n_years))) >= critical).mean())


def change_points(counts: Counts, cells: Sequence[Cell], *, seed: int = 20) -> list[Finding]:
    """Break years of the yearly rates per 100 sentences: at most two a series, none under 10 years.

    `ruptures` Pelt (l2, jump=1, min_size=3, penalty 2 ln n) on 2 sqrt(k + 3/8), k the rate on equal exposure, scaled by
    its noise. `value` is the first year of the new level; the interval comes from redrawn documents. Keys: `p` (largest
    gain of one break against 2,000 permutations of the years), `before` and `after` (mean rates). A series with a
    break that permutations explain (p > .05) has the flag `not shown`; one without any break has no finding.
    """
    import ruptures

    findings: list[Finding] = []
    spread = borrowed_spread(counts, cells, "per_100s")
    for group, own in _by_group(cells):
        n = len(own)
        if n < MIN_YEARS_ASYMPTOTIC:
            continue
        years = [int(cell.period) for cell in own]
        exposure = np.mean([counts.sentences[list(cell.rows)].mean() for cell in own]) / 100
        for index, series in enumerate(counts.series):
            rate = np.array([cell.value["per_100s"][index] for cell in own])
            if np.ptp(rate) == 0:
                continue
            signal = 2 * np.sqrt(rate * exposure + 3 / 8)
            noise = max(1.0, float(np.median(np.abs(np.diff(signal)))) / (0.6745 * np.sqrt(2)))
            scaled = (signal / noise)[:, None]
            breaks = ruptures.Pelt(model="l2", jump=1, min_size=MIN_SEGMENT_YEARS).fit_predict(scaled, 2 * np.log(n))[
                :-1
            ]
            if len(breaks) > MAX_BREAKS:
                search = ruptures.Dynp(model="l2", jump=1, min_size=MIN_SEGMENT_YEARS)
                breaks = search.fit_predict(scaled, MAX_BREAKS)[:-1]
            if not breaks:
                continue
            rng = np.random.default_rng([seed, index])
            gains, _ = _best_breaks(rng.permuted(np.tile(signal, (PERMUTATIONS, 1)), axis=1), 1)
            p = float((1 + (gains >= _best_breaks(signal[None, :], 1)[0][0]).sum()) / (1 + PERMUTATIONS))
            _, places = _best_breaks(
                2 * np.sqrt(_redrawn(own, index, spread[index][0], rng) * exposure + 3 / 8), len(breaks)
            )
            edges = [0, *breaks, n]
            for number, place in enumerate(breaks):
                low, high = np.quantile(places[:, number], [0.025, 0.975], method="nearest")
                findings.append(
                    Finding(
                        what="change",
                        keys={
                            "code": series.name,
                            "period": str(years[place]),
                            "group": group,
                            "n_years": str(n),
                            "test": "break",
                            "p": f"{p:.4f}",
                            "before": f"{rate[edges[number] : place].mean():.2f}",
                            "after": f"{rate[place : edges[number + 2]].mean():.2f}",
                        },
                        value=float(years[place]),
                        low=float(years[int(low)]),
                        high=float(years[int(high)]),
                        n=float(sum(counts.hits[list(cell.rows), index].sum() for cell in own)),
                        denominator=float(sum(counts.sentences[list(cell.rows)].sum() for cell in own)),
                        flag="not shown" if p > 0.05 else "",
                    )
                )
    return findings


def _redrawn(cells: Sequence[Cell], index: int, spread: float, rng: np.random.Generator) -> Array:
    """(draws, n_years) rates per 100 sentences; years too thin to redraw vary as others do, on the root."""
    draws = max((len(cell.draws["per_100s"]) for cell in cells if cell.draws), default=PERMUTATIONS)
    columns = []
    for cell in cells:
        if cell.draws:
            columns.append(cell.draws["per_100s"][:, index])
        else:
            root = np.sqrt(cell.value["per_100s"][index])
            columns.append(np.maximum(root + spread / np.sqrt(len(cell.rows)) * rng.standard_normal(draws), 0) ** 2)
    return np.column_stack(columns)


def _best_breaks(rows: Array, n_breaks: int) -> tuple[Array, NDArray[np.int64]]:
    """Largest gain of squares by `n_breaks` (1 or 2) breaks in each row, and the breaks: (rows,), (rows, n_breaks)."""
    n = rows.shape[1]
    running = np.concatenate(
        [np.zeros((len(rows), 1)), np.cumsum(rows - rows.mean(axis=1, keepdims=True), axis=1)], axis=1
    )
    step = MIN_SEGMENT_YEARS
    places = [(i,) for i in range(step, n - step + 1)]
    if n_breaks == 2:
        places = [(i, j) for (i,) in places for j in range(i + step, n - step + 1)]  # type: ignore[misc]
    best, where = np.full(len(rows), -1.0), np.zeros((len(rows), n_breaks), dtype=np.int64)
    for chosen in places:
        edges = (0, *chosen, n)
        gain = sum((running[:, b] - running[:, a]) ** 2 / (b - a) for a, b in pairwise(edges))
        better = gain > best
        best = np.where(better, gain, best)
        where[better] = chosen
    return best, where


def period_steps(counts: Counts, cells: Sequence[Cell]) -> list[Finding]:
    """Differences of rates per 100 sentences between neighbouring periods, with their bootstrap interval.

    Flags: `not shown` (the interval holds 0), `no interval` (a period has fewer than 3 documents).
    """
    findings = []
    for group, own in _by_group(cells):
        for before, after in pairwise(own):
            rows = list(before.rows + after.rows)
            for index, series in enumerate(counts.series):
                low = high = None
                if before.draws and after.draws:
                    low, high = percentile_interval(
                        after.draws["per_100s"][:, index] - before.draws["per_100s"][:, index],
                        n_documents=min(len(before.rows), len(after.rows)),
                        alone=float(np.hypot(before.spread["per_100s"][index], after.spread["per_100s"][index])),
                    )
                flag = "no interval" if low is None or high is None else "not shown" if low <= 0 <= high else ""
                findings.append(
                    Finding(
                        what="change",
                        keys={
                            "code": series.name,
                            "period": f"{before.period} > {after.period}",
                            "group": group,
                            "test": "step",
                            "before": f"{before.value['per_100s'][index]:.2f}",
                            "after": f"{after.value['per_100s'][index]:.2f}",
                        },
                        value=float(after.value["per_100s"][index] - before.value["per_100s"][index]),
                        low=low,
                        high=high,
                        n=float(counts.hits[rows, index].sum()),
                        denominator=float(counts.sentences[rows].sum()),
                        flag=flag,
                    )
                )
    return findings


def _by_group(cells: Sequence[Cell]) -> Iterator[tuple[str, list[Cell]]]:
    for group in dict.fromkeys(cell.group for cell in cells):
        yield group, [cell for cell in cells if cell.group == group]


def _span(cells: Sequence[Cell]) -> str:
    return f"{cells[0].period}:{cells[-1].period}"

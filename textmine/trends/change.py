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
from textmine.trends.rates import Cell, Spread, borrowed_spread, cell_interval, root_error

__all__ = ["by_group", "change_points", "mann_kendall_power", "period_steps", "redrawn_rates", "trend_tests", "with_q"]

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
    for group, own in by_group(cells):
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
    return with_q(findings)


def with_q(findings: list[Finding], *, n_tested: int | None = None) -> list[Finding]:
    """The findings with Benjamini-Hochberg q-values of their series' decisive p.

    `n_tested` is the number of series looked at where not each has a finding; those without count as p = 1.
    """
    from scipy import stats

    chances = {
        (finding.keys["group"], finding.keys["code"]): float(finding.keys["decisive"])
        for finding in findings
        if "decisive" in finding.keys
    }
    if not chances:
        return findings
    silent = max((n_tested or 0) - len(chances), 0)
    q = dict(zip(chances, stats.false_discovery_control([*chances.values(), *[1.0] * silent]), strict=False))
    done = []
    for finding in findings:
        if "decisive" in finding.keys:
            keys = {key: value for key, value in finding.keys.items() if key != "decisive"}
            value = q[finding.keys["group"], finding.keys["code"]]
            finding = _replaced(finding, keys | {"q": f"{value:.4f}"})
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
    its noise. `value` is the first year of the new level; the interval comes from redrawn documents. Keys: `p` (what
    one or two breaks explain against the same of 2,000 permutations of the years; it is the series', not each break's),
    `q` (Benjamini-Hochberg over the series), `before` and `after` (mean rates). A series with a break that permutations
    explain (p > .05) has the flag `not shown`; one without any break has no finding.
    """
    import ruptures

    findings: list[Finding] = []
    spread = borrowed_spread(counts, cells, "per_100s")
    n_tested = 0
    for group, own in by_group(cells):
        n = len(own)
        if n < MIN_YEARS_ASYMPTOTIC:
            continue
        n_tested += len(counts.series)
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
            shuffled = rng.permuted(np.tile(signal, (PERMUTATIONS, 1)), axis=1)
            p = float((1 + (_break_score(shuffled) >= _break_score(signal[None, :])).sum()) / (1 + PERMUTATIONS))
            _, places = _best_breaks(
                2 * np.sqrt(redrawn_rates(counts, own, index, spread[index], rng) * exposure + 3 / 8), len(breaks)
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
                            "decisive": f"{p:.6f}",
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
    return with_q(findings, n_tested=n_tested)


def redrawn_rates(counts: Counts, cells: Sequence[Cell], index: int, spread: Spread, rng: np.random.Generator) -> Array:
    """(draws, n_years) rates per 100 sentences; years too thin to redraw vary as others do, on the root."""
    draws = max((len(cell.draws["per_100s"]) for cell in cells if cell.draws), default=PERMUTATIONS)
    columns = []
    for cell in cells:
        if cell.draws:
            columns.append(cell.draws["per_100s"][:, index])
        else:
            root = np.sqrt(cell.value["per_100s"][index])
            error = root_error(counts, cell, "per_100s", spread)
            columns.append(np.maximum(root + error * rng.standard_normal(draws), 0) ** 2)
    return np.column_stack(columns)


def _break_score(rows: Array) -> Array:
    """(rows,) the larger F ratio of the best one and the best two breaks; two show what rises and falls again."""
    n = rows.shape[1]
    total = ((rows - rows.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    ratios = []
    for n_breaks in range(1, MAX_BREAKS + 1):
        gain, _ = _best_breaks(rows, n_breaks)
        ratios.append((gain / n_breaks) / np.maximum((total - gain) / (n - n_breaks - 1), 1e-12))
    return np.asarray(np.maximum.reduce(ratios))


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

    Where a period has fewer than 3 documents, or not one hit, the interval is put together from those of the two rates
    (MOVER, Zou & Donner 2008). Flags: `borrowed` (a period has fewer than 3 documents), `not shown` (the interval holds
    0), `no interval`.
    """
    findings = []
    spread = borrowed_spread(counts, cells, "per_100s")
    for group, own in by_group(cells):
        for before, after in pairwise(own):
            rows = list(before.rows + after.rows)
            for index, series in enumerate(counts.series):
                flags = []
                seen = before.value["per_100s"][index] > 0 and after.value["per_100s"][index] > 0
                if before.draws and after.draws and seen:
                    low, high = percentile_interval(
                        after.draws["per_100s"][:, index] - before.draws["per_100s"][:, index],
                        n_documents=min(len(before.rows), len(after.rows)),
                        alone=float(np.hypot(before.spread["per_100s"][index], after.spread["per_100s"][index])),
                    )
                else:
                    low, high = _mover(
                        *(
                            (
                                cell.value["per_100s"][index],
                                *cell_interval(counts, cell, "per_100s", index, spread[index])[:2],
                            )
                            for cell in (before, after)
                        )
                    )
                    flags = ["borrowed"] if low is not None and not (before.draws and after.draws) else []
                if low is None or high is None:
                    flags.append("no interval")
                elif low <= 0 <= high:
                    flags.append("not shown")
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
                        flag=" ".join(flags),
                    )
                )
    return findings


def _mover(
    before: tuple[float, float | None, float | None], after: tuple[float, float | None, float | None]
) -> tuple[float | None, float | None]:
    """Interval of the difference of two independent values, each with its own (value, low, high)."""
    (a, a_low, a_high), (b, b_low, b_high) = before, after
    if a_low is None or a_high is None or b_low is None or b_high is None:
        return None, None
    return float(b - a - np.hypot(b - b_low, a_high - a)), float(b - a + np.hypot(b_high - b, a - a_low))


def by_group(cells: Sequence[Cell]) -> Iterator[tuple[str, list[Cell]]]:
    """Each group with its cells, in the order given."""
    for group in dict.fromkeys(cell.group for cell in cells):
        yield group, [cell for cell in cells if cell.group == group]


def _span(cells: Sequence[Cell]) -> str:
    return f"{cells[0].period}:{cells[-1].period}"

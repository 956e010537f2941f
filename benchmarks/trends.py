"""Trends: do intervals cover, do tests keep their size, is the corrected share unbiased, how fast is it.

    python benchmarks/trends.py                 simulations with a known truth (about three minutes)
    python benchmarks/trends.py STORE.db        CPU seconds of the usual calls on a store

Each simulated corpus is made of counts: documents differ by a beta distribution with the intra-document correlation.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from textmine.findings.integration import integration_findings
from textmine.findings.trends import TrendQuestion, rate_rows, trend_findings
from textmine.settings import load_settings
from textmine.statistics import prediction_powered
from textmine.store import Store
from textmine.trends import cells_of, change_points, count_mentions, trend_tests, turning_points
from textmine.trends.counts import Counts
from textmine.trends.rates import rate_findings

RUNS = 300
DRAWS = 500
#: Fourteen documents in eleven years, three of them with two.
YEARS = (2006, 2008, 2009, 2011, 2011, 2013, 2014, 2016, 2016, 2018, 2020, 2022, 2022, 2024)
LONG = tuple(range(2004, 2024))
FAMILIES = ("cluster", "barrier", "priority", "instrument", "integration")


def made_counts(
    years: tuple[int, ...],
    chance: Callable[[int], float],
    rng: np.random.Generator,
    *,
    correlation: float,
    n_blocks: int = 40,
) -> Counts:
    """One document a year of `years`, blocks of three sentences."""
    k = (1 - correlation) / correlation
    names = [f"d{number:02d}" for number in range(len(years))]
    schema = dict.fromkeys(("sentence_id", "block_id", "document_id"), pl.String)
    mentions = []
    for name, year in zip(names, years, strict=True):
        own = rng.beta(chance(year) * k, (1 - chance(year)) * k)
        mentions += [(f"{name}s{s}", f"{name}b{s // 3}", name) for s in np.flatnonzero(rng.random(3 * n_blocks) < own)]
    blocks = pl.DataFrame(
        [(f"{name}b{b}", name, 3, 50) for name in names for b in range(n_blocks)],
        schema=["block_id", "document_id", "n_sentences", "n_words"],
        orient="row",
    )
    return count_mentions(
        pl.DataFrame({"document_id": names, "year": years}),
        blocks.group_by("document_id").agg(pl.col("n_sentences", "n_words").sum()),
        pl.DataFrame(mentions, schema=schema, orient="row")
        .with_columns(code=pl.lit("x.y"), negated=pl.lit(False)),
        codes=["x.y"],
        known=["x.y"],
        blocks=blocks,
    )  # fmt: skip


def tent(year: int) -> float:
    """Up to 2016, then down."""
    return max(0.03, 0.30 - 0.025 * abs(year - 2016))


def coverage(years: tuple[int, ...], chance: Callable[[int], float], by: str, **how: float) -> float:
    """Share of intervals of rates per 100 sentences that hold the truth."""
    covered = cells = 0
    for run in range(RUNS):
        counts = made_counts(years, chance, np.random.default_rng(run), **how)  # type: ignore[arg-type]
        for one in rate_findings(counts, cells_of(counts, by=by, draws=DRAWS, seed=run)):  # type: ignore[arg-type]
            if one.keys["measure"] == "per_100s" and one.low is not None and one.high is not None:
                truth = chance(int(one.keys["period"]) if by == "year" else years[0])
                covered += one.low <= 100 * truth <= one.high
                cells += 1
    return covered / cells


def found(years: tuple[int, ...], chance: Callable[[int], float], **how: float) -> tuple[float, float, float]:
    """Shares of corpora with a trend, a break and a turn."""
    hits = np.zeros(3)
    for run in range(RUNS):
        counts = made_counts(years, chance, np.random.default_rng(run), **how)  # type: ignore[arg-type]
        cells = cells_of(counts, draws=50, seed=run)
        (trend,) = trend_tests(counts, cells)
        hits += [
            trend.value is not None and float(trend.keys["q"]) <= 0.05,
            any(not one.flag for one in change_points(counts, cells)),
            bool(turning_points(counts, cells)),
        ]
    a, b, c = hits / RUNS
    return float(a), float(b), float(c)


def correction() -> tuple[float, float, float]:
    """Bias of the raw and of the corrected share of a code at 4 %, and the coverage of the corrected interval."""
    raw, corrected, covered = [], [], 0
    for run in range(RUNS):
        rng = np.random.default_rng(run)
        documents = np.repeat(np.arange(30), 200)
        truth = rng.random(6000) < rng.beta(0.04 * 49, 0.96 * 49, 30)[documents]
        machine = np.where(truth, rng.random(6000) < 0.8, rng.random(6000) < 0.02)
        picked = rng.choice(6000, 900, replace=False)
        done = prediction_powered(
            float(machine.mean()), truth[picked].astype(float), machine[picked].astype(float), np.full(900, 0.15),
            clusters=documents[picked].astype(float),
        )  # fmt: skip
        raw.append(machine.mean() - truth.mean())
        corrected.append(done.value - truth.mean())
        covered += done.low <= truth.mean() <= done.high
    return float(np.mean(raw)), float(np.mean(corrected)), covered / RUNS


def simulate() -> None:
    """Print all simulated figures."""
    print(f"coverage of nominal 95 % intervals, {RUNS} corpora each")
    for correlation in (0.02, 0.1):
        for n in (5, 8, 12):
            share = coverage((2010,) * n, lambda year: 0.2, "period", correlation=correlation, n_blocks=7)
            print(f"  {n} documents of a period, 21 sentences, correlation {correlation}: {share:.3f}")
        for name, chance in (("flat", lambda year: 0.2), ("rise and fall", tent)):
            share = coverage(YEARS, chance, "year", correlation=correlation)
            print(f"  years with one or two documents, {name}, correlation {correlation}: {share:.3f}")
    print("share of corpora in which a trend, a break, a turn is shown (14 documents in 11 years; 20 years)")
    for name, chance in (
        ("flat", lambda year: 0.2),
        ("steady rise", lambda year: 0.05 + 0.012 * (year - 2004)),
        ("step in 2014", lambda year: 0.1 if year < 2014 else 0.25),
        ("rise and fall", tent),
    ):
        for years in (YEARS, LONG):
            shares = found(years, chance, correlation=0.02)
            print(f"  {name}, {len(set(years))} years: " + ", ".join(f"{share:.2f}" for share in shares))
    raw, corrected, covered = correction()
    print(
        f"share of a code at 4 %: raw {100 * raw:+.2f} points, corrected {100 * corrected:+.2f}, covered {covered:.3f}"
    )


def measure(path: Path) -> None:
    """Print CPU seconds of the usual calls on a store."""
    settings = load_settings(corpus=path)
    questions = {
        "families by year": TrendQuestion(codes=FAMILIES),
        "all codes by year": TrendQuestion(),
        "one family by year and region": TrendQuestion(codes=("cluster",), group="region"),
        "families by year and region": TrendQuestion(codes=FAMILIES, group="region"),
        "all codes by year and region": TrendQuestion(group="region"),
    }
    with Store.open(path) as store:
        print(f"{store.documents_frame().height} documents, CPU seconds without start-up")
        for name, question in questions.items():
            start = time.process_time()
            rows = rate_rows(trend_findings(store, settings, question), group=question.group)
            print(f"  trends, {name}: {time.process_time() - start:.1f} s, {len(rows)} rows")
        start = time.process_time()
        n = len(integration_findings(store, settings))
        print(f"  integration, {settings.draws} draws: {time.process_time() - start:.1f} s, {n} values")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
    else:
        simulate()

"""Our closed forms against scipy and statsmodels; the bootstrap against theory; corrections by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from textmine.statistics import (
    PERIODS,
    Resample,
    bootstrap_sums,
    percentile_interval,
    period_of,
    poisson_exact,
    prediction_powered,
    rogan_gladen,
    student_quantile,
    wilson,
)
from textmine.statistics.correction import error_rates
from textmine.statistics.periods import period_years


@given(st.integers(1, 500), st.data())
def test_wilson_is_that_of_statsmodels(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    assert wilson(k, n) == pytest.approx(proportion_confint(k, n, method="wilson"), abs=1e-9)


def test_wilson_of_the_method() -> None:
    assert wilson(3, 10) == pytest.approx((0.11, 0.60), abs=0.01)
    assert wilson(30, 100) == pytest.approx((0.22, 0.40), abs=0.01)
    assert wilson(0, 0) == (0, 1)
    with pytest.raises(ValueError, match="3 successes of 2"):
        wilson(3, 2)


@pytest.mark.parametrize("count", [0, 1, 7, 250])
def test_poisson_is_that_of_scipy(count: int) -> None:
    low, high = poisson_exact(count)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2)
    assert student_quantile(7) == pytest.approx(stats.t.ppf(0.975, 7))


@pytest.mark.parametrize(
    ("year", "period"),
    [
        (1999, "to 2003"),
        (2003, "to 2003"),
        (2004, "2004-06"),
        (2013, "2007-13"),
        (2020, "2014-20"),
        (2024, "2021-27"),
        (2030, "2028-34"),
    ],
)
def test_periods(year: int, period: str) -> None:
    assert period_of(year) == period
    first, last = period_years(period)
    assert first <= year <= last


def test_periods_follow_each_other() -> None:
    years = list(PERIODS.values())
    assert all(before[1] + 1 == after[0] for before, after in itertools.pairwise(years))
    assert period_years("2015") == (2015, 2015)


def blocks(rng: np.random.Generator, n_documents: int, n_blocks: int = 10) -> list[np.ndarray]:
    return [np.column_stack([rng.poisson(2, n_blocks), np.full(n_blocks, 3)]).astype(float) for _ in range(n_documents)]


@pytest.mark.parametrize("n_documents", [4, 25])
def test_bootstrap_has_the_variance_of_theory(n_documents: int) -> None:
    data = blocks(np.random.default_rng(1), n_documents)
    sums = bootstrap_sums(data, draws=20_000, seed=1)[:, 0]
    totals = np.array([block[:, 0].sum() for block in data])
    within = sum(len(block) * block[:, 0].var() for block in data) if n_documents < 20 else 0.0
    assert sums.mean() == pytest.approx(totals.sum(), rel=0.01)
    assert sums.var() == pytest.approx(n_documents * totals.var() + within, rel=0.06)


def test_equal_blocks_may_stand_as_one() -> None:
    data = np.vstack([np.full((6, 1), 2.0), np.full((4, 1), 5.0)])
    kinds = np.array([[2.0], [5.0]])
    spread = []
    for rows, repeats in ((data, None), (kinds, [np.array([6.0, 4.0])] * 3)):
        resample = Resample([len(rows)] * 3, draws=20_000, rng=np.random.default_rng(2), multiplicities=repeats)
        sums = resample.sums(lambda d, weights, rows=rows: weights @ rows)
        spread.append((sums.mean(), sums.std()))
    assert spread[0] == pytest.approx(spread[1], rel=0.03)


def test_a_resample_answers_the_same_twice() -> None:
    resample = Resample([5, 7, 4], draws=300, rng=np.random.default_rng(3))
    assert np.array_equal(resample.weights(1), resample.weights(1))
    assert resample.counts.sum(axis=1).tolist() == [3] * 300
    assert len(resample.slots(1)) == len(resample.weights(1)) == resample.counts[:, 1].sum()
    assert np.all(resample.weights(1).sum(axis=1) == 7)


def test_empty_documents_do_not_break_the_bootstrap() -> None:
    sums = bootstrap_sums([np.ones((3, 1)), np.zeros((1, 1)), np.ones((2, 1))], draws=200, seed=1)
    assert sums.shape == (200, 1)
    resample = Resample([1, 1], draws=50, rng=np.random.default_rng(1), multiplicities=[np.zeros(1), np.zeros(1)])
    assert not resample.sums(lambda d, weights: weights).any()


def coverage(n_documents: int, n_blocks: int, correlation: float, runs: int = 250) -> float:
    share, covered = 0.2, 0
    k = (1 - correlation) / correlation
    rng = np.random.default_rng(n_documents)
    for run in range(runs):
        chances = rng.beta(share * k, (1 - share) * k, n_documents)
        data = [np.column_stack([rng.binomial(3, p, n_blocks), np.full(n_blocks, 3)]).astype(float) for p in chances]
        draws, alone = (
            bootstrap_sums(
                data, draws=500, seed=run, measure=lambda totals: totals[:, :1] / totals[:, 1:], one_stage_from=n
            )[:, 0]
            / n_documents
            for n in (20, 1)
        )
        low, high = percentile_interval(draws, n_documents=n_documents, alone=alone)
        covered += low <= share <= high  # type: ignore[operator]
    return covered / runs


@pytest.mark.parametrize("n_documents", [5, 8, 12])
def test_nominal_95_covers_as_claimed(n_documents: int) -> None:
    """91-97 %, with two standard errors of 250 runs (.03) to each side; documents of 20 sentences, correlation 0.1."""
    assert 0.88 <= coverage(n_documents, 7, 0.1) <= 0.99


def test_long_documents_are_covered_too() -> None:
    assert 0.88 <= coverage(8, 30, 0.1) <= 0.99


def test_documents_that_are_alike_are_not_covered_too_well() -> None:
    assert 0.90 <= coverage(8, 7, 0.02) <= 0.99


def test_intervals_of_few_documents() -> None:
    draws = np.random.default_rng(1).normal(size=5000)
    plain, few, many = (percentile_interval(draws, n_documents=n) for n in (None, 5, 30))
    assert few[0] < many[0] < plain[0]  # type: ignore[operator]
    assert percentile_interval(draws, n_documents=2) == (None, None)
    assert percentile_interval(np.full(10, np.nan)) == (None, None)
    assert percentile_interval(np.r_[draws, np.full(6000, np.nan)]) == (None, None)


def test_rogan_gladen_of_the_method() -> None:
    assert rogan_gladen(0.0179, 0.8, 0.99) == pytest.approx(0.0100, abs=5e-5)
    assert rogan_gladen(0.005, 0.8, 0.99) == 0
    with pytest.raises(ValueError, match="no better than chance"):
        rogan_gladen(0.1, 0.5, 0.5)


def test_error_rates_are_weighted() -> None:
    human, machine = np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0, 1.0])
    assert error_rates(human, machine, np.array([0.1, 0.3, 0.5, 0.5])) == pytest.approx((0.75, 0.5))


def test_prediction_powered_by_hand() -> None:
    human, machine = np.array([1.0, 0.0, 0.0, 1.0]), np.array([0.0, 0.0, 1.0, 1.0])
    one = prediction_powered(0.3, human, machine, np.array([0.1, 0.2, 0.2, 0.1]))
    assert one.value == pytest.approx(0.3 + (10 * 1 + 5 * -1) / 30)
    assert 0 <= one.low < one.value < one.high <= 1
    with pytest.raises(ValueError, match="chance"):
        prediction_powered(0.3, human, machine, np.zeros(4))
    with pytest.raises(ValueError, match="at least 2"):
        prediction_powered(0.3, human, machine, np.ones(4), clusters=np.zeros(4))

"""Trends, breaks, steps, leaders and comparisons on series with a planted truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from textmine.errors import DataError
from textmine.trends import (
    cells_of,
    change_points,
    count_mentions,
    dominance,
    log_odds,
    period_log_odds,
    period_steps,
    trend_tests,
)
from textmine.trends.change import mann_kendall_power


def series(corpus_maker, years, chances, *, seed=1, by="year", draws=300, **options):
    made = corpus_maker(years, chances, seed=seed, **options)
    counts = count_mentions(*made.frames, blocks=made.blocks)
    return counts, cells_of(counts, by=by, draws=draws)


def flat(number: int, year: int) -> dict[str, float]:
    return {"cluster.concept": 0.2}


def rising(number: int, year: int) -> dict[str, float]:
    return {"cluster.concept": 0.05 + 0.03 * (year - 2004)}


def broken(number: int, year: int) -> dict[str, float]:
    return {"cluster.concept": 0.06 if year < 2014 else 0.40}


@pytest.mark.parametrize(
    ("n_years", "test"),
    [
        pytest.param(4, "none", id="too-few"),
        pytest.param(7, "kendall exact", id="exact"),
        pytest.param(16, "mann-kendall", id="asymptotic"),
    ],
)
def test_the_test_fits_the_number_of_years(n_years, test, corpus_maker) -> None:
    counts, cells = series(corpus_maker, [2004 + i for i in range(n_years)], rising, n_blocks=60)
    (one,) = trend_tests(counts, cells)
    assert one.keys["test"] == test
    if test == "none":
        assert (one.value, one.flag) == (None, "too few years")
    else:
        assert one.value > 0
        assert one.low <= one.value <= one.high


def test_a_planted_rise_is_found_and_a_flat_line_is_not(corpus_maker) -> None:
    years = list(range(2004, 2021))
    found = {"rise": 0, "flat": 0}
    for run in range(20):
        for name, chances in (("rise", rising), ("flat", flat)):
            counts, cells = series(corpus_maker, years, chances, seed=run, draws=200)
            (one,) = trend_tests(counts, cells)
            found[name] += float(one.keys["p"]) < 0.05
    assert found["rise"] == 20
    assert found["flat"] <= 3


def test_finding_nothing_without_power_is_said(corpus_maker) -> None:
    counts, cells = series(corpus_maker, list(range(2004, 2012)), flat, seed=4)
    (one,) = trend_tests(counts, cells)
    assert float(one.keys["p"]) > 0.05
    assert one.flag == "no power"
    assert float(one.keys["power"]) < 0.3


@pytest.mark.parametrize(("n_years", "power"), [(4, 0.0), (8, 0.14), (12, 0.50), (15, 0.80)])
def test_power_at_a_rise_of_a_fifth_of_a_deviation(n_years: int, power: float) -> None:
    assert mann_kendall_power(n_years) == pytest.approx(power, abs=0.05)


def test_smallest_exact_p_of_five_years(corpus_maker) -> None:
    counts, cells = series(
        corpus_maker, [2004, 2005, 2006, 2007, 2008], lambda n, y: {"cluster.concept": 0.02 + 0.2 * (y - 2004)}
    )
    (one,) = trend_tests(counts, cells)
    assert float(one.keys["p"]) == pytest.approx(0.0167, abs=1e-3)


def test_ties_take_permutations(corpus_maker) -> None:
    counts, cells = series(
        corpus_maker, [2004 + i for i in range(7)], lambda n, y: {"cluster.concept": float(y >= 2008)}
    )
    (one,) = trend_tests(counts, cells)
    assert one.keys["test"] == "kendall permutation"
    assert 0.02 < float(one.keys["p"]) < 0.12


def test_a_constant_series_is_said(corpus_maker) -> None:
    counts, cells = series(corpus_maker, [2004 + i for i in range(7)], lambda n, y: {"cluster.concept": 1.0})
    (one,) = trend_tests(counts, cells)
    assert (one.value, one.flag) == (None, "constant")


def test_many_codes_get_q_values(corpus_maker) -> None:
    def many(number: int, year: int) -> dict[str, float]:
        return {f"barrier.b{i}": 0.15 for i in range(12)} | rising(number, year)

    counts, cells = series(corpus_maker, list(range(2004, 2018)), many, seed=2, n_blocks=40)
    found = {one.keys["code"]: one for one in trend_tests(counts, cells)}
    assert all(float(one.keys["q"]) >= float(one.keys["p"]) - 1e-3 for one in found.values())
    assert float(found["cluster.concept"].keys["p"]) < 0.01
    assert float(found["cluster.concept"].keys["q"]) == min(float(one.keys["q"]) for one in found.values())


def test_a_planted_break_is_found_in_its_year(corpus_maker) -> None:
    years = [year for year in range(2004, 2024) for _ in range(2)]
    counts, cells = series(corpus_maker, years, broken, seed=3)
    (one,) = change_points(counts, cells)
    assert abs(one.value - 2014) <= 1
    assert one.low <= 2014 <= one.high
    assert float(one.keys["p"]) < 0.01
    assert float(one.keys["after"]) > 3 * float(one.keys["before"])
    assert one.flag == ""


def test_two_breaks(corpus_maker) -> None:
    def hump(number: int, year: int) -> dict[str, float]:
        return {"cluster.concept": 0.5 if 2010 <= year < 2018 else 0.05}

    counts, cells = series(corpus_maker, [year for year in range(2004, 2024) for _ in range(3)], hump, seed=3)
    assert [one.value for one in change_points(counts, cells)] == [2010, 2018]


def test_no_break_in_noise(corpus_maker) -> None:
    shown = 0
    for run in range(15):
        counts, cells = series(corpus_maker, list(range(2004, 2022)), flat, seed=run, draws=200)
        shown += any(one.flag == "" for one in change_points(counts, cells))
    assert shown <= 2


def test_no_change_point_under_ten_years(corpus_maker) -> None:
    counts, cells = series(corpus_maker, list(range(2010, 2018)), broken)
    assert change_points(counts, cells) == []


def test_steps_between_periods(corpus_maker) -> None:
    years = [2008] * 5 + [2016] * 5 + [2022] * 2
    counts, cells = series(corpus_maker, years, broken, by="period")
    first, second = period_steps(counts, cells)
    assert (first.keys["period"], second.keys["period"]) == ("2007-13 > 2014-20", "2014-20 > 2021-27")
    assert first.low > 0
    assert first.flag == ""
    assert second.flag.startswith("borrowed")
    assert second.low < second.value < second.high


def test_a_step_without_anything_to_borrow_has_no_interval(corpus_maker) -> None:
    counts, cells = series(corpus_maker, [2008, 2016], broken, by="period")
    (step,) = period_steps(counts, cells)
    assert (step.flag, step.low, step.high) == ("no interval", None, None)


def changing(number: int, year: int) -> dict[str, float]:
    lead = {"barrier.cooperation": 0.04, "barrier.finance": 0.04, "barrier.skills": 0.04}
    lead["barrier.cooperation" if year < 2014 else "barrier.finance" if year < 2021 else "barrier.skills"] = 0.25
    return lead


def test_the_leading_barrier_changes(corpus_maker) -> None:
    years = [2008] * 6 + [2016] * 6 + [2022] * 6 + [2005]
    counts, cells = series(corpus_maker, years, changing, by="period")
    leaders = {one.keys["period"]: one for one in dominance(counts, cells, "barrier") if one.keys["rank"] == "1"}
    assert {period: one.keys["code"] for period, one in leaders.items()} == {
        "2004-06": "barrier.cooperation",
        "2007-13": "barrier.cooperation",
        "2014-20": "barrier.finance",
        "2021-27": "barrier.skills",
    }
    assert all(one.value > 0.9 for period, one in leaders.items() if period != "2004-06")
    assert (leaders["2004-06"].value, leaders["2004-06"].flag) == (None, "thin")
    assert leaders["2014-20"].evidence


def test_no_leader_where_all_are_alike(corpus_maker) -> None:
    counts, cells = series(
        corpus_maker,
        [2016] * 8,
        lambda n, y: {f"barrier.{name}": 0.1 for name in ("trust", "market", "finance", "skills")},
        by="period",
    )
    found = dominance(counts, cells, "barrier")
    assert found[0].value < 0.9
    assert len(found) >= 2
    assert sum(one.value for one in found) <= 1 + 1e-9


def test_a_family_that_is_not_there(corpus_maker) -> None:
    counts, cells = series(corpus_maker, [2016] * 3, flat, by="period")
    with pytest.raises(DataError, match="--leading barrier"):
        dominance(counts, cells, "barrier")


def test_log_odds_by_hand() -> None:
    d, error = log_odds(np.array([10.0, 90.0]), np.array([20.0, 80.0]), np.array([1.0, 9.0]))
    assert d[0] == pytest.approx(np.log(11 / 99) - np.log(21 / 89))
    assert error[0] == pytest.approx(np.sqrt(1 / 11 + 1 / 21))
    with pytest.raises(ValueError, match="above 0"):
        log_odds(np.array([1.0]), np.array([1.0]), np.array([0.0]))


def test_log_odds_of_equal_groups_are_null() -> None:
    rng = np.random.default_rng(1)
    chance = rng.dirichlet(np.ones(20))
    z = []
    for _ in range(200):
        a, b = rng.multinomial(400, chance), rng.multinomial(300, chance)
        d, error = log_odds(a.astype(float), b.astype(float), chance * 100)
        z += list(d / error)
    assert np.mean(np.abs(z) > 1.96) < 0.06
    assert abs(stats.skew(z)) < 0.5


def test_periods_compared(corpus_maker) -> None:
    counts, cells = series(corpus_maker, [2008] * 6 + [2016] * 6, changing, by="period")
    found = {one.keys["code"]: one for one in period_log_odds(counts, cells, "2007-13", "2014-20")}
    assert found["barrier.finance"].low > 0
    assert found["barrier.cooperation"].high < 0
    assert found["barrier.skills"].flag == "not shown"
    with pytest.raises(DataError, match="no document in 2004-06"):
        period_log_odds(counts, cells, "2004-06", "2014-20")

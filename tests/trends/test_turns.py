"""A rise and a fall are found as one turn, a plain rise is none, and thin years have intervals that cover."""

from __future__ import annotations

import numpy as np
import pytest

from textmine.trends import cells_of, count_mentions, period_steps, rates, turning_points
from textmine.trends.turns import _turns

#: Fourteen documents in eleven years, three of them with two.
YEARS = [2006, 2008, 2009, 2011, 2011, 2013, 2014, 2016, 2016, 2018, 2020, 2022, 2022, 2024]


def tent(number: int, year: int) -> dict[str, float]:
    return {"cluster.concept": 0.30 - 0.025 * abs(year - 2016), "barrier.skills": 0.1}


def test_a_rise_and_a_fall_are_one_peak(corpus_maker) -> None:
    made = corpus_maker(YEARS, tent, seed=5, correlation=0.005, n_blocks=60)
    counts = count_mentions(*made.frames, blocks=made.blocks)
    found = {one.keys["code"]: one for one in turning_points(counts, cells_of(counts, draws=300))}
    peak = found["cluster.concept"]
    assert peak.keys["test"] == "peak"
    assert abs(peak.value - 2016) <= 2
    assert peak.low <= 2016 <= peak.high
    assert float(peak.keys["p"]) < 0.03
    assert float(peak.keys["before"]) > 0 > float(peak.keys["after"])
    assert "barrier.skills" not in found


def test_a_fall_and_a_rise_are_a_trough(corpus_maker) -> None:
    def valley(number: int, year: int) -> dict[str, float]:
        return {"cluster.concept": 0.02 + 0.03 * abs(year - 2014)}

    made = corpus_maker(YEARS, valley, seed=5, correlation=0.005, n_blocks=60)
    counts = count_mentions(*made.frames, blocks=made.blocks)
    (one,) = turning_points(counts, cells_of(counts, draws=300))
    assert one.keys["test"] == "trough"
    assert abs(one.value - 2014) <= 2


@pytest.mark.parametrize("slope", [0.0, 0.2, 1.0])
def test_a_plain_rise_is_no_turn(slope: float) -> None:
    """No more often than noise is, at each steepness: the weaker side has to move."""
    rng = np.random.default_rng(1)
    critical = np.quantile(_turns(rng.standard_normal((4000, 12)))[0], 0.95)
    rows = slope * np.arange(12) + rng.standard_normal((2000, 12))
    assert (_turns(rows)[0] > critical).mean() <= 0.08


def test_no_turn_under_ten_years(corpus_maker) -> None:
    made = corpus_maker(YEARS[:9], tent, seed=5, n_blocks=60)
    counts = count_mentions(*made.frames, blocks=made.blocks)
    assert turning_points(counts, cells_of(counts, draws=100)) == []


def test_thin_years_on_a_curve_are_covered(corpus_maker) -> None:
    """Where hardly any year has two documents, neighbouring years say how far a document may differ."""
    covered = cells = 0
    for run in range(60):
        made = corpus_maker(YEARS, tent, seed=run, correlation=0.02, n_blocks=40)
        for one in rates(*made.frames, codes=["cluster.concept"], blocks=made.blocks, draws=100):
            if one.keys["measure"] == "per_100s":
                assert one.flag == "thin borrowed"
                truth = 100 * tent(0, int(one.keys["period"]))["cluster.concept"]
                covered += one.low <= truth <= one.high
                cells += 1
    assert 0.91 <= covered / cells <= 0.995, covered / cells


def test_nothing_seen_is_not_known_to_be_nothing(corpus_maker) -> None:
    """A code that no document has keeps an upper limit of about 3.7 sentences over the text that was read."""
    made = corpus_maker([2008] * 5 + [2016] * 5, lambda n, y: {"barrier.trust": 0.2}, seed=1)
    found = rates(*made.frames, codes=["barrier.market"], known=["barrier.market", "barrier.trust"], by="period")
    for one in found:
        if one.keys["measure"] == "per_100s":
            assert (one.value, one.low) == (0, 0)
            assert one.high == pytest.approx(100 * 3.689 / one.denominator, rel=0.01)


def test_a_step_from_a_thin_period_borrows_its_interval(corpus_maker) -> None:
    def rising(number: int, year: int) -> dict[str, float]:
        return {"cluster.concept": 0.02 if year < 2007 else 0.4}

    made = corpus_maker([2005] + [2010] * 6, rising, seed=2, n_blocks=40)
    counts = count_mentions(*made.frames, blocks=made.blocks)
    (step,) = period_steps(counts, cells_of(counts, by="period", draws=300))
    assert step.flag == "borrowed"
    assert 0 < step.low < step.value < step.high

"""Shares of 0 or 1 do not pass for certain, alone or in what is made of them."""

from __future__ import annotations

import numpy as np
import pytest

from textmine.integration import integration, integration_steps
from textmine.integration.bounds import loosened, widened
from textmine.statistics import wilson


def no_instrument(region: str, year: int) -> dict[str, float]:
    unseen = 0.0 if year < 2014 else 0.6
    return {f"instrument.{name}": unseen for name in ("funding", "coordination", "skills")}


def test_no_instrument_seen_is_not_known_to_be_none(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2010)] * 3, seed=1, links=no_instrument)
    found = {one.keys["indicator"]: one for one in integration(*made.all, own_areas, draws=200)}
    one = found["S4a"]
    assert one.n == 0
    top, q0 = wilson(0, one.denominator)[1], float(one.keys["q0"])
    assert one.high >= (top - q0) / (1 - q0) - 1e-3
    if top > q0:
        assert found["S4"].high > 0
        assert found["instruments"].high > found["instruments"].value


def test_a_step_up_from_nothing_is_still_found_and_wider(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2010)] * 5 + [("mazowieckie", 2016)] * 5, seed=1, links=no_instrument)
    step = {one.keys["indicator"]: one for one in integration_steps(*made.all, own_areas, draws=300)}["S4a"]
    assert step.flag == ""
    assert 0 < step.low < step.value < step.high


def test_loosened_shares_are_wilsons() -> None:
    raw = {name: np.array([0.0]) for name in ("S1b", "S3a", "S3b", "S4a", "S4b", "S4a.q0", "S9a", "S9b")}
    raw |= {"S1a": np.array([1.0]), "S5": np.array([0.25])}
    n = {"S1a": 4.0, "S4a": 0.0}
    found = loosened(raw, n, {"S1a": 4.0, "S4a": 30.0}, {"S1", "S4", "S5"}, ("S1", "S3", "S4", "S9"))
    assert found["S1a"] == pytest.approx((wilson(4, 4)[0], 1.0))
    assert found["S4a"] == pytest.approx((0.0, wilson(0, 30)[1]))
    assert found["S1"][0] < found["S1"][1]
    assert found["instruments"][0] < found["instruments"][1]
    assert np.isnan(found["frame"][0])  # a third of the side's indicators is too few


def test_what_has_no_interval_stays_without() -> None:
    assert widened((None, None), (0.0, 1.0)) == (None, None)
    assert widened((0.2, 0.3), (0.1, 0.25)) == (0.1, 0.3)
    assert widened((0.2, 0.3), (float("nan"), 0.5)) == (0.2, 0.3)

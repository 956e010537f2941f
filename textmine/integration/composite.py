"""Scores, the four sides and the composite: fixed goalposts, plain means within a side, a geometric mean over sides.

A composite hides; print its four sides beside it. Goalposts are frozen in `goalposts.json`: with the extremes of the
sample instead, one new region would shift all the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["SIDES", "Mean", "composite", "goalposts", "scores", "side_scores"]

Array: TypeAlias = NDArray[np.float64]
Mean: TypeAlias = Literal["geometric", "arithmetic", "harmonic"]

#: Side -> its indicators (Candel & Biesbroek 2016: frame, subsystem, goals, instruments).
SIDES: dict[str, tuple[str, ...]] = {
    "frame": ("S1", "S2", "S3"),
    "subsystem": ("S7", "S8a", "S9"),
    "goals": ("S6", "S8b", "S10", "S11"),
    "instruments": ("S4", "S4f", "S5"),
}
FLOOR = 0.05


@cache
def goalposts() -> dict[str, float]:
    """Value that counts as 1 for rates and excesses, by indicator."""
    content = json.loads((Path(__file__).parent / "goalposts.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in content.items() if name not in ("version", "reference")}


def scores(raw: Mapping[str, Array], posts: Mapping[str, float] | None = None) -> dict[str, Array]:
    """Raw indicators -> scores in 0..1 of S1 to S11 as the sides take them; nan where one is missing.

    A score of two parts is their mean; S9 is its first part alone where the second is missing, S3 as well.
    """
    ends = goalposts() if posts is None else posts

    def part(name: str) -> Array:
        return np.clip(raw[name] / ends[name], 0, 1) if name in ends else np.clip(raw[name], 0, 1)

    found = {name: part(name) for names in SIDES.values() for name in names if name in raw}
    found["S1"] = (part("S1a") + part("S1b")) / 2
    found["S3"] = _mean(part("S3a"), part("S3b"), missing=part("S3a"))
    found["S4"] = (part("S4a") + part("S4b") * (raw["S4a"] > 0)) / 2
    found["S9"] = _mean(part("S9a"), part("S9b"), missing=part("S9a"))
    return found


def _mean(first: Array, second: Array, *, missing: Array) -> Array:
    return np.where(np.isnan(second), missing, (first + second) / 2)


def side_scores(found: Mapping[str, Array], allowed: Iterable[str]) -> dict[str, Array]:
    """Side -> mean of its allowed scores; nan (all rows) unless at least half of the side's indicators are allowed."""
    kept = set(allowed)
    sides = {}
    rows = len(next(iter(found.values())))
    for side, names in SIDES.items():
        own = [name for name in names if name in kept]
        if 2 * len(own) < len(names):
            sides[side] = np.full(rows, np.nan)
            continue
        table = np.column_stack([found[name] for name in own])
        there = ~np.isnan(table)
        with np.errstate(invalid="ignore", divide="ignore"):
            sides[side] = np.where(there, table, 0).sum(axis=1) / there.sum(axis=1)
    return sides


def composite(sides: Array, *, weights: Array | None = None, mean: Mean = "geometric", floor: float = FLOOR) -> Array:
    """(rows,) 100 x mean of (rows, 4) sides, each at least `floor`; nan where a side is."""
    values = np.maximum(sides, floor)
    share = np.full(values.shape[1], 1 / values.shape[1]) if weights is None else weights / weights.sum()
    if mean == "geometric":
        return np.asarray(100 * np.exp(np.log(values) @ share))
    if mean == "arithmetic":
        return np.asarray(100 * (values @ share))
    return np.asarray(100 / ((1 / values) @ share))

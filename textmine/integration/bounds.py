"""How far a share of 0 or 1 may lie from it: no resample of texts can leave such a share, so its draws all agree.

Indicators, sides and composites are recomputed with those shares at Wilson's bounds; no interval is narrower than that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from textmine.integration.composite import SIDES, composite, scores, side_scores
from textmine.integration.indicators import excess
from textmine.statistics.intervals import wilson

__all__ = ["loosened", "widened"]

Array: TypeAlias = NDArray[np.float64]
Ends: TypeAlias = tuple[float | None, float | None]

#: Plain shares of documents.
_SHARES = ("S1a", "S2h", "S9b", "S11")


def loosened(
    raw: Mapping[str, Array],
    n: Mapping[str, float],
    denominator: Mapping[str, float],
    allowed: Collection[str],
    scored: Collection[str],
) -> dict[str, tuple[float, float]]:
    """Indicator, side or composite (I) -> its value with all shares of 0 or 1 at their lower, and upper, bounds.

    Args:
        raw, n, denominator: of a cell.
        allowed: indicators that enter the sides.
        scored: indicators shown as scores; others are shown as they are.
    """
    low, high = dict(raw), dict(raw)
    for name in raw:
        over = denominator.get(name, 0.0)
        if not over or name not in n:
            continue
        bottom, top = wilson(min(n[name], over), over)
        if f"{name}.q0" in raw and n[name] == 0:
            high[name] = np.maximum(raw[name], excess(top, raw[f"{name}.q0"]))
        elif name in _SHARES and n[name] in (0, over):
            low[name], high[name] = np.minimum(raw[name], bottom), np.maximum(raw[name], top)
    ends = []
    for one in (low, high):
        own = scores(one)
        sides = side_scores(own, allowed)
        values = {name: float(one[name][0]) for name in one if name not in scored}
        values |= {name: float(own[name][0]) for name in scored if name in own}
        values |= {side: float(sides[side][0]) for side in SIDES}
        values["I"] = float(composite(np.column_stack([sides[side] for side in SIDES]))[0])
        ends.append(values)
    return {name: (ends[0][name], ends[1][name]) for name in ends[0]}


def widened(ends: Ends, loose: tuple[float, float] | None) -> Ends:
    """An interval that holds both of these values as well; without an interval there is nothing to widen."""
    low, high = ends
    if low is None or high is None or loose is None or np.isnan(loose[0]) or np.isnan(loose[1]):
        return ends
    return min(low, loose[0]), max(high, loose[1])

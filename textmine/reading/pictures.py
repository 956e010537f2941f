"""Rules in the picture of a scanned page: long straight dark runs, which make its tables findable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from textmine.reading.pages import Rect

__all__ = ["rules_in_picture"]

DARK = 175  # of 255; thin rules come out grey
RUN_PT = 24.0  # shorter runs are letters
FILLED = 0.96  # of a run; scans have gaps
THICK_PT = 4.0  # thicker dark bars are pictures


def rules_in_picture(picture: Any, scale: float) -> list[Rect]:
    """Horizontal and vertical rules of a grey PIL picture; `scale` is points a pixel."""
    dark = np.asarray(picture.convert("L")) < DARK
    window = max(8, int(RUN_PT / scale))
    levels = _bridged(_runs(dark, window, scale), gap=1000.0)
    uprights = _bridged(_runs(dark.T, window, scale), gap=45.0)
    return _squared([level for level in levels if level[2] - level[1] > 60], uprights)


Segment = tuple[float, float, float]  # at, low, high


def _bridged(runs: Sequence[tuple[float, float, float, float]], *, gap: float) -> list[Segment]:
    """Runs on one line as one segment: thin rules come out of a scan in pieces."""
    result: list[Segment] = []
    for low, first, high, last in sorted(runs, key=lambda run: (run[1] + run[3]) / 2):
        at = (first + last) / 2
        for place in range(len(result) - 1, max(-1, len(result) - 12), -1):
            other, left, right = result[place]
            if abs(other - at) < 1.8 and max(low - right, left - high) < gap:
                result[place] = (other, min(left, low), max(right, high))
                break
        else:
            result.append((at, low, high))
    return result


def _squared(levels: Sequence[Segment], uprights: Sequence[Segment]) -> list[Rect]:
    """Rules of tables with common ends: levels one under the other reach equally far, uprights from first to last."""
    rules: list[Rect] = []
    groups: list[list[Segment]] = []
    for level in levels:
        last = groups[-1][-1] if groups else None
        if (
            last
            and level[0] - last[0] < 90
            and min(level[2], last[2]) - max(level[1], last[1])
            > 0.6 * (max(level[2], last[2]) - min(level[1], last[1]))
        ):
            groups[-1].append(level)
        else:
            groups.append([level])
    for group in groups:
        low, high = min(level[1] for level in group), max(level[2] for level in group)
        top, bottom = group[0][0], group[-1][0]
        rules += [Rect(low, level[0] - 0.3, high, level[0] + 0.3) for level in group]
        for at, start, end in uprights:
            shared = min(end, bottom) - max(start, top)
            if len(group) > 1 and low - 4 < at < high + 4 and shared > 0.3 * (bottom - top):
                rules.append(Rect(at - 0.3, top, at + 0.3, bottom))
    return rules


def _runs(dark: npt.NDArray[np.bool_], window: int, scale: float) -> list[tuple[float, float, float, float]]:
    """(x0, top, x1, bottom) in points of horizontal dark runs; neighbouring rows of pixels are one rule."""
    if dark.shape[1] <= window:
        return []
    sums = np.cumsum(dark, axis=1, dtype=np.int32)
    full = (sums[:, window:] - sums[:, :-window]) >= FILLED * window
    rules: list[list[int]] = []  # left, first row, right, last row
    for row in np.flatnonzero(full.any(axis=1)).tolist():
        places = np.flatnonzero(full[row])
        cuts = np.flatnonzero(np.diff(places) > 1)
        starts = [places[0], *places[cuts + 1]]
        ends = [*places[cuts], places[-1]]
        for left, right in zip(starts, ends, strict=True):
            stop = int(right) + window
            for rule in reversed(rules[-60:]):
                if row - rule[3] <= 2 and rule[0] < stop and left < rule[2]:
                    rule[0], rule[2], rule[3] = min(rule[0], int(left)), max(rule[2], stop), row
                    break
            else:
                rules.append([int(left), row, stop, row])
    return [
        (left * scale, first * scale, right * scale, (last + 1) * scale)
        for left, first, right, last in rules
        if (last + 1 - first) * scale <= THICK_PT
    ]

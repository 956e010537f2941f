"""Grids of drawn lines: where the rules and frames of a page meet, which cells they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from textmine.reading.pages import PageText, Rect

__all__ = ["Grid", "Segment", "find_grids", "parallel_rules", "segments_of"]

TOUCH_PT = 3.0  # borders of neighbouring cells may leave a gap of this size
SEGMENTS_MAX = 2500
STRIP_SHARE = 0.45  # of the page height: the highest row of a table


@dataclass(slots=True)
class Grid:
    """A connected set of rules: columns between `xs`, rows between `ys`; merged cells share a number in `cells`."""

    xs: list[float]
    ys: list[float]
    cells: dict[tuple[int, int], tuple[int, int]]

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.xs[0]

    @property
    def x1(self) -> float:
        """Right edge."""
        return self.xs[-1]

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.ys[0]

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.ys[-1]

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """(row, column) of the cell at a point; of a merged cell its first."""
        column = min(max(int(np.searchsorted(self.xs, x)) - 1, 0), len(self.xs) - 2)
        row = min(max(int(np.searchsorted(self.ys, y)) - 1, 0), len(self.ys) - 2)
        return self.cells.get((row, column), (row, column))


#: (at, low, high): a vertical rule at x from y low to y high, or a horizontal one at y from x low to x high
Segment = tuple[float, float, float]


def segments_of(page: PageText, *, frames: bool = True) -> tuple[list[Segment], list[Segment]]:
    """Vertical and horizontal segments of the page's rules (and frames); those that continue each other joined."""
    vertical: list[Segment] = []
    horizontal: list[Segment] = []
    for rule in page.rules:
        if rule.height > rule.width:
            vertical.append(((rule.x0 + rule.x1) / 2, rule.top, rule.bottom))
        else:
            horizontal.append(((rule.top + rule.bottom) / 2, rule.x0, rule.x1))
    for frame in page.frames if frames else ():
        if frame.width < 12 or frame.height < 7 or frame.height > 0.95 * page.height:
            continue
        vertical += [(frame.x0, frame.top, frame.bottom), (frame.x1, frame.top, frame.bottom)]
        horizontal += [(frame.top, frame.x0, frame.x1), (frame.bottom, frame.x0, frame.x1)]
    return _joined(vertical), _joined(horizontal)


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Segments on one line that touch become one."""
    result: list[Segment] = []
    groups: list[list[Segment]] = []
    for segment in sorted(segments):
        if groups and segment[0] - groups[-1][-1][0] < 1.3 and segment[0] - groups[-1][0][0] < 2.6:
            groups[-1].append(segment)
        else:
            groups.append([segment])
    for group in groups:
        at = sum(segment[0] for segment in group) / len(group)
        spans = sorted((low, high) for _, low, high in group)
        low, high = spans[0]
        for start, end in spans[1:]:
            if start <= high + TOUCH_PT:
                high = max(high, end)
            else:
                result.append((at, low, high))
                low, high = start, end
        result.append((at, low, high))
    return result


def find_grids(page: PageText) -> list[Grid]:
    """Grids with at least two cells, from the top of the page downwards."""
    vertical, horizontal = segments_of(page)
    if len(vertical) < 2 or len(horizontal) < 2 or len(vertical) * len(horizontal) > SEGMENTS_MAX * 20:
        return []
    grids = []
    for uprights, levels in _connected(vertical, horizontal):
        xs = _places([segment[0] for segment in uprights])
        ys = _places([segment[0] for segment in levels])
        # a side without a border: the rules reach further than the uprights
        low = min(segment[1] for segment in levels)
        high = max(segment[2] for segment in levels)
        xs = ([low] if xs and low < xs[0] - 8 else []) + xs + ([high] if xs and high > xs[-1] + 8 else [])
        top = min(segment[1] for segment in uprights)
        bottom = max(segment[2] for segment in uprights)
        ys = ([top] if ys and top < ys[0] - 6 else []) + ys + ([bottom] if ys and bottom > ys[-1] + 6 else [])
        if len(xs) >= 2 and len(ys) >= 2 and (len(xs) - 1) * (len(ys) - 1) >= 2:
            grids.append(Grid(xs, ys, _merged(xs, ys, uprights, levels)))
    return sorted(grids, key=lambda grid: grid.top)


def _connected(vertical: Sequence[Segment], horizontal: Sequence[Segment]) -> list[tuple[list[Segment], list[Segment]]]:
    """Groups of segments that touch each other."""
    v, h = np.array(vertical), np.array(horizontal)
    touch = (
        (v[:, None, 0] >= h[None, :, 1] - TOUCH_PT)
        & (v[:, None, 0] <= h[None, :, 2] + TOUCH_PT)
        & (h[None, :, 0] >= v[:, None, 1] - TOUCH_PT)
        & (h[None, :, 0] <= v[:, None, 2] + TOUCH_PT)
    )
    seen_v, groups = set(), []
    for first in range(len(v)):
        if first in seen_v:
            continue
        in_v, in_h, waiting = {first}, set(), [first]
        while waiting:
            place = waiting.pop()
            for level in np.flatnonzero(touch[place]).tolist():
                if level not in in_h:
                    in_h.add(level)
                    for other in np.flatnonzero(touch[:, level]).tolist():
                        if other not in in_v:
                            in_v.add(other)
                            waiting.append(other)
        seen_v |= in_v
        if len(in_v) >= 1 and len(in_h) >= 2:
            groups.append(([vertical[place] for place in in_v], [horizontal[place] for place in in_h]))
    return groups


def _places(values: Sequence[float]) -> list[float]:
    """Distinct places, those within 4 points taken as one."""
    result: list[list[float]] = []
    for value in sorted(values):
        if result and value - result[-1][0] < 4:
            result[-1].append(value)
        else:
            result.append([value])
    return [sum(group) / len(group) for group in result]


def _merged(
    xs: Sequence[float], ys: Sequence[float], vertical: Sequence[Segment], horizontal: Sequence[Segment]
) -> dict[tuple[int, int], tuple[int, int]]:
    """The first cell of each cell's merged area: neighbours without a rule between them are one."""
    first = {(row, column): (row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)}
    if len(first) > 4000:
        return first

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while first[cell] != cell:
            cell = first[cell]
        return cell

    for row, column in list(first):
        middle_x = (xs[column] + xs[column + 1]) / 2
        middle_y = (ys[row] + ys[row + 1]) / 2
        if column + 2 < len(xs) and not _is_drawn(vertical, xs[column + 1], middle_y):
            first[root((row, column + 1))] = root((row, column))
        if row + 2 < len(ys) and not _is_drawn(horizontal, ys[row + 1], middle_x):
            below, above = root((row + 1, column)), root((row, column))
            first[max(below, above)] = min(below, above)
    return {cell: root(cell) for cell in first}


def _is_drawn(segments: Sequence[Segment], at: float, middle: float) -> bool:
    return any(abs(place - at) < 4.1 and low - 1 <= middle <= high + 1 for place, low, high in segments)


def parallel_rules(page: PageText) -> list[list[Rect]]:
    """Strips between neighbours of horizontal rules of one width and place, as in tables without uprights."""
    _, horizontal = segments_of(page, frames=False)
    regions: list[list[Rect]] = []
    groups: list[list[Segment]] = []
    for segment in sorted(horizontal):
        _, low, high = segment
        if high - low < 60:
            continue
        group = next((g for g in groups if abs(g[0][1] - low) < 4 and abs(g[0][2] - high) < 4), None)
        if group is None:
            groups.append([segment])
        else:
            group.append(segment)
    for group in groups:
        strips: list[Rect] = []
        for upper, lower in pairwise(group):
            # a rule under the header and one over the footer have a page between them, not a row
            if lower[0] - upper[0] < STRIP_SHARE * page.height:
                strips.append(Rect(upper[1], upper[0], upper[2], lower[0]))
            elif strips:
                regions.append(strips)
                strips = []
        if strips:
            regions.append(strips)
    return regions

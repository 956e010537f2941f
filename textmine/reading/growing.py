"""Rows that belong to a table but lie outside what is drawn of it: a head above a shade, rows that a page end cut off.

A row is taken in when it is near and all its pieces stand in columns of the table, at their left or right edge or in
their middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textmine.reading.drafts import Measures
from textmine.reading.lines import Line
from textmine.reading.paragraphs import CAPTION, SOURCE
from textmine.reading.rows import Table, cells_of, visual_rows

__all__ = ["grow"]

ROWS_ABOVE = 6
ALIGNED_PT = 3.0
LOOSE_EM = 5.0  # the widest gaps seen in lines of narrow justified columns
TIGHT_EM = 0.55  # white space between the lines of one cell is less than this
NEAR_EM = 1.1  # least distance at which a row still counts as the next

#: Left and right edge of a column's text, and the limits between which its text may stand.
Column = tuple[float, float, float, float]


def grow(table: Table, lines: Sequence[Line], measures: Measures) -> list[Line]:
    """Takes rows above and below into the table; returns the lines that are left, in their order."""
    columns = _columns(table)
    if len(columns) < 2:
        return list(lines)
    near = [line for line in lines if not line.vertical and line.x1 > columns[0][2] and line.x0 < columns[-1][3]]
    gap = _widest_gap(table)
    above = _fitting(
        reversed_rows(visual_rows([line for line in near if line.bottom < table.top + 2])), table, columns, gap, up=True
    )
    below = _fitting(visual_rows([line for line in near if line.top > table.bottom - 2]), table, columns, gap, up=False)
    if not above and not below:
        return list(lines)
    limits = [column[2] for column in columns[1:]]
    for part, is_above in ((above, True), (below, False)):
        if not part:
            continue
        chosen = set(part)
        cells = cells_of([line for line in lines if line in chosen], measures, limits)
        last = max(cell.row for cell in (cells if is_above else table.cells))
        for cell in table.cells if is_above else cells:
            cell.row += last
        table.cells = [*cells, *table.cells] if is_above else [*table.cells, *cells]
        table.top = min(table.top, min(line.top for line in part))
        table.bottom = max(table.bottom, max(line.bottom for line in part))
        table.order = min(table.order, min(line.order for line in part))
    used = {*above, *below}
    return [line for line in lines if line not in used]


def reversed_rows(rows: Sequence[list[Line]]) -> list[list[Line]]:
    """The rows from the lowest upwards, as many as a head may have."""
    return list(reversed(rows))[:ROWS_ABOVE]


def _columns(table: Table) -> list[Column]:
    """The table's columns from left to right: each may reach from the text of the one before to that of the next."""
    numbers = sorted({cell.column for cell in table.cells})
    lefts = [min(cell.x0 for cell in table.cells if cell.column == number) for number in numbers]
    rights: list[float] = []
    for number, following in zip(numbers, [*lefts[1:], float("inf")], strict=True):
        of_column = [cell.x1 for cell in table.cells if cell.column == number]
        # a cell that spans two columns says nothing of the first
        rights.append(max([right for right in of_column if right < following], default=min(of_column)))
    lows = [lefts[0] - 4, *(min(right + 1, left - 1) for right, left in zip(rights, lefts[1:], strict=False))]
    highs = [*(left - 1 for left in lefts[1:]), table.x1 + 4]
    return list(zip(lefts, rights, lows, highs, strict=True))


def _widest_gap(table: Table) -> float:
    """The widest white space between neighbouring rows of the table."""
    rows: dict[int, tuple[float, float]] = {}
    for cell in table.cells:
        top, bottom = rows.get(cell.row, (cell.top, cell.bottom))
        rows[cell.row] = (min(top, cell.top), max(bottom, cell.bottom))
    ordered = [rows[row] for row in sorted(rows)]
    gaps = [below[0] - above[1] for above, below in pairwise(ordered)]
    return max([gap for gap in gaps if gap < 60], default=0.0)


def _fitting(
    rows: Sequence[list[Line]], table: Table, columns: Sequence[Column], gap: float, *, up: bool
) -> list[Line]:
    """The lines of the rows next to the table that fit; single pieces count only with a row of several."""
    found: list[Line] = []
    waiting: list[Line] = []
    cells = [cell for cell in table.cells if cell.row == (min if up else max)(cell.row for cell in table.cells)]
    edge = min(cell.top for cell in cells) if up else max(cell.bottom for cell in cells)
    previous: set[int] = {_place(columns, cell.x0, cell.x1) for cell in cells}
    for number, row in enumerate(rows):
        size = row[0].size
        distance = edge - max(line.bottom for line in row) if up else min(line.top for line in row) - edge
        if distance > max(NEAR_EM * size + 2, 1.4 * gap + 2) or distance < -2:
            break
        places = [_place(columns, line.x0, line.x1) for line in row]
        if -1 in places or any(CAPTION.match(line.text) or SOURCE.match(line.text) for line in row):
            break
        several = len(set(places)) > 1
        aligned = sum(_is_aligned(line, columns[place]) for line, place in zip(row, places, strict=True))
        if several and aligned < len(row):
            break
        following = [line for other in rows[number + 1 : number + 3] for line in other] if not up else []
        if several and any(_runs_through(line, row, columns) for line in following):
            break
        if several:
            found += [*waiting, *row]
            waiting = []
        elif up:
            waiting += row
        elif distance < TIGHT_EM * size and places[0] in previous and aligned and len(row) == 1:
            found += row
        else:
            waiting += row
        previous = previous | set(places) if not several else set(places)
        edge = min(line.top for line in row) if up else max(line.bottom for line in row)
    return found


def _runs_through(line: Line, row: Sequence[Line], columns: Sequence[Column]) -> bool:
    """Whether a line below is as wide as the row and unbroken: the row is a loose line of a text."""
    ordered = sorted(row, key=lambda piece: piece.x0)
    left, right = ordered[0].x0, max(piece.x1 for piece in row)
    if any(after.x0 - before.x1 > LOOSE_EM * before.size for before, after in pairwise(ordered)):
        return False
    return _place(columns, line.x0, line.x1) < 0 and abs(line.x1 - right) < ALIGNED_PT and abs(line.x0 - left) < 25


def _place(columns: Sequence[Column], x0: float, x1: float) -> int:
    """The column that a piece stands in; -1 when it crosses into another."""
    fitting = [place for place, (_, _, low, high) in enumerate(columns) if low - 1 <= x0 and x1 <= high + 1]
    if not fitting:
        return -1
    return min(fitting, key=lambda place: min(abs(x0 - columns[place][0]), abs(x1 - columns[place][1])))


def _is_aligned(line: Line, column: Column) -> bool:
    left, right, _, _ = column
    return (
        abs(line.x0 - left) < ALIGNED_PT
        or abs(line.x1 - right) < ALIGNED_PT
        or abs((line.x0 + line.x1) - (left + right)) < 2 * ALIGNED_PT
    )

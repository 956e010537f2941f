"""Rows and cells of a table without a grid: columns by the white space that runs through them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise

from textmine.reading.columns import append_line, same_row
from textmine.reading.drafts import Draft, Measures
from textmine.reading.lines import Line

__all__ = [
    "Table",
    "are_paragraphs",
    "cells_of",
    "corridors_of",
    "is_running_text",
    "join_tables",
    "lefts_of",
    "visual_rows",
]

CORRIDOR_PT = 3.5  # least white space between columns


@dataclass(slots=True, eq=False)
class Table:
    """The cells of one table and its box; `order` is that of its first line in the file, `xs` the edges of columns."""

    cells: list[Draft]
    order: int
    x0: float
    top: float
    x1: float
    bottom: float
    xs: list[float] = field(default_factory=list)

    def is_like(self, xs: Sequence[float]) -> bool:
        """Whether columns with these edges are as wide as this table's: the same table in another column or page."""
        return len(xs) == len(self.xs) > 2 and all(
            abs((x - xs[0]) - (own - self.xs[0])) < 4 for x, own in zip(xs, self.xs, strict=True)
        )


def lefts_of(cells: Sequence[Draft]) -> list[float]:
    """Left edges of the columns, and an end, which stand for the edges of a grid."""
    columns: dict[int, float] = {}
    for cell in cells:
        columns[cell.column] = min(cell.x0, columns.get(cell.column, cell.x0))
    lefts = [columns[column] for column in sorted(columns)]
    return [*lefts, lefts[-1] + 1]


def visual_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines on one baseline together, from the top down."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: item.middle):
        if rows and same_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def is_running_text(lines: Sequence[Line]) -> bool:
    """Whether pieces in columns are prose: long lines that run on from one to the next."""
    if len(lines) < 12:
        return False
    follow = [
        (above, below)
        for above, below in pairwise(lines)
        if 0 < below.top - above.top < 2 * above.height and abs(above.x0 - below.x0) < 2 * above.size
    ]
    runs_on = sum(below.text[:1].islower() or above.text.endswith("-") for above, below in follow)
    longest = run = 0
    for above, below in pairwise(lines):
        run = run + 1 if (above, below) in follow else 0
        longest = max(longest, run)
    return bool(follow) and runs_on > 0.5 * len(lines) and longest >= 8


def cells_of(lines: Sequence[Line], measures: Measures, corridors: Sequence[float] = ()) -> list[Draft]:
    """Cells of a table without a grid: columns by white space (or `corridors`, the x between them), rows by the file's
    order. Empty without columns.
    """
    corridors = corridors or corridors_of(lines)
    if not corridors:
        return []
    drafts: list[Draft] = []
    row, last_column = 1, -1
    cells: dict[int, Draft] = {}
    for line in lines:
        column = sum((line.x0 + 1) > middle for middle in corridors)
        current = cells.get(column)
        if current is not None and column == last_column and _continues(current, line, measures):
            current.lines.append(line)
            continue
        if current is not None and same_row(current.lines[-1], line) and column == last_column:
            # a copy: the lines stay as they are where this turns out to be no table
            current.lines[-1] = copy(current.lines[-1])
            append_line(current.lines[-1], line)
            continue
        if cells and (column <= last_column or line.top > max(draft.bottom for draft in cells.values()) - 1):
            row += 1
            cells = {}
        cells[column] = Draft([line], "table", row=row, column=column)
        drafts.append(cells[column])
        last_column = column
    return drafts


LINES_IN_CELL = 9  # an unruled cell has fewer: more lines are a column of text


def are_paragraphs(cells: Sequence[Draft]) -> bool:
    """Whether these are too long for cells without rules about them."""
    lengths = sorted(len(cell.lines) for cell in cells)
    # one column may hold descriptions beside short cells
    long = {cell.column for cell in cells if len(cell.lines) > LINES_IN_CELL}
    columns = {cell.column for cell in cells}
    described = len(long) == 1 and len(columns) > 2 and lengths[-1] <= 2.5 * LINES_IN_CELL
    return (bool(long) and not described) or lengths[len(lengths) // 2] >= 4


def _continues(cell: Draft, line: Line, measures: Measures) -> bool:
    last = cell.lines[-1]
    distance = line.bottom - last.bottom
    return 0.5 * line.size < distance <= 1.3 * max(measures.line_distance(line.style.size), 1.15 * line.size)


def corridors_of(lines: Sequence[Line]) -> list[float]:
    """x in the middle of each strip that no line, or one in eight at most, runs over; outer edges not counted."""
    spans = sorted((line.x0, line.x1) for line in lines)
    if not spans:
        return []
    width = max(right for _, right in spans) - spans[0][0]
    narrow = sorted(span for span in spans if span[1] - span[0] < 0.6 * width)
    if len(spans) - len(narrow) > max(1, len(spans) // 8) or not narrow:
        narrow = spans
    corridors: list[float] = []
    right = narrow[0][1]
    many = max(3, len(visual_rows(lines)) // 2)
    for x0, x1 in narrow[1:]:
        gap = x0 - right
        # lines that begin at one x make a column, however near the text before it comes
        if gap >= CORRIDOR_PT or (gap > 0.5 and sum(abs(left - x0) < 1 for left, _ in narrow) >= many):
            corridors.append((right + x0) / 2)
        right = max(right, x1)
    return corridors


def join_tables(first: Table, second: Table) -> None:
    """Makes `second` continue `first`: a repeated head becomes furniture, a row cut by the page end whole."""
    head = {cell.column: cell.text for cell in first.cells if cell.row == 1}
    opening = [cell for cell in second.cells if cell.row == 1]
    if {cell.column: cell.text for cell in opening} == head and len(second.cells) > len(opening):
        for cell in opening:
            cell.kind, cell.row = "furniture", 0
        opening = [cell for cell in second.cells if cell.row == 2]
    last_row = max(cell.row for cell in first.cells)
    last = {cell.column: cell for cell in first.cells if cell.row == last_row}
    cut = bool(opening) and all(cell.column in last for cell in opening)
    if cut and (len(opening) < len(last) or all(cell.text[:1].islower() for cell in opening)):
        for cell in opening:
            last[cell.column].lines.extend(cell.lines)
            second.cells.remove(cell)
    shift = last_row + 1 - min((cell.row for cell in second.cells if cell.row), default=1)
    for cell in second.cells:
        if cell.row:
            cell.row += shift

"""Tables without any rule: rows whose pieces stand in the same columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from textmine.reading.columns import MARKER, same_row
from textmine.reading.drafts import Measures
from textmine.reading.lines import Line
from textmine.reading.rows import (
    Table,
    are_paragraphs,
    cells_of,
    corridors_of,
    is_running_text,
    lefts_of,
    visual_rows,
)

__all__ = ["rows_in_pieces", "tables_from_pieces"]

BULLET_MARK = re.compile(r"[•●○◦▪▫■□►▶➢➤✓✔❖·∙‣⁃\uf000-\uf0ff–—-](?:\s|$)")
LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")


def rows_in_pieces(lines: Sequence[Line]) -> int:
    """How many lines follow another on its own baseline."""
    return sum(same_row(left, right) and right.x0 > left.x1 for left, right in pairwise(lines))


def tables_from_pieces(lines: list[Line], measures: Measures) -> tuple[list[Table], list[Line]]:
    """Tables without any rule: at least three rows in pieces that stand in the same columns."""
    tables: list[Table] = []
    used: set[Line] = set()
    start = 0
    while start + 1 < len(lines):
        if not (same_row(lines[start], lines[start + 1]) and lines[start + 1].x0 > lines[start].x1):
            start += 1
            continue
        stop = _pieces_end(lines, start, measures)
        region = lines[start:stop]
        if _is_piece_table(region):
            cells = cells_of(region, measures)
            if cells and not are_paragraphs(cells):
                tables.append(
                    Table(
                        cells,
                        region[0].order,
                        min(line.x0 for line in region),
                        min(line.top for line in region),
                        max(line.x1 for line in region),
                        max(line.bottom for line in region),
                        lefts_of(cells),
                    )
                )
                used.update(region)
        start = max(stop, start + 1)
    return tables, [line for line in lines if line not in used]


def _pieces_end(lines: Sequence[Line], start: int, measures: Measures) -> int:
    """Index behind the last line of a region of pieces that begins at `start`."""
    lefts = [lines[start].x0, lines[start + 1].x0]
    bottom = lines[start].bottom
    stop = start + 1
    last_row = stop
    while stop < len(lines):
        line = lines[stop]
        # some makers write cell by cell: the first line of the cell before may be some lines back
        paired = any(same_row(other, line) and line.x0 > other.x1 for other in lines[max(start, stop - 8) : stop]) or (
            stop + 1 < len(lines) and same_row(line, lines[stop + 1]) and lines[stop + 1].x0 > line.x1
        )
        if line.top > bottom + 1.6 * measures.line_distance(line.style.size) or line.top < lines[start].top - 2:
            break
        if not paired and not any(abs(line.x0 - left) < 3 for left in lefts):
            break
        if not paired and line.n_words > 12 and line.x1 - line.x0 > 250:
            break
        if paired:
            lefts.append(line.x0)
            last_row = stop + 1
        elif line.x0 > lines[start].x0 + 3:
            last_row = stop + 1  # a further line of a cell, not the first column's
        bottom = max(bottom, line.bottom)
        stop += 1
    return max(last_row, start + 2)


def _is_piece_table(region: Sequence[Line]) -> bool:
    rows = [row for row in visual_rows(region) if len(row) > 1]
    if len(rows) < 3 or any(LEADER.search(line.text) for line in region) or is_running_text(region):
        return False
    firsts = [min(row, key=lambda line: line.x0) for row in rows]
    if all(MARKER.fullmatch(line.text) or re.fullmatch(r"\d{1,3}", line.text) for line in firsts) and all(
        len(row) == 2 for row in rows
    ):
        return False  # a numbered list, or notes
    if sum(BULLET_MARK.match(line.text) is not None for line in firsts) > len(firsts) / 2:
        return False
    return len(corridors_of(region)) >= 1 and _is_aligned(rows)


def _is_aligned(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether most pieces begin or end where others do: centred captions side by side do not."""
    pieces = [line for row in rows for line in row]
    aligned = sum(
        sum(abs(line.x0 - other.x0) < 2.5 for other in pieces) > 2
        or sum(abs(line.x1 - other.x1) < 2.5 for other in pieces) > 2
        for line in pieces
    )
    return aligned >= 0.6 * len(pieces)

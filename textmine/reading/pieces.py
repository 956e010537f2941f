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
        stop = _without_loose_line(lines, start, _pieces_end(lines, start, measures))
        region = lines[start:stop]
        if _is_piece_table(region) and not _is_justified(region, lines[max(0, start - 4) : stop + 4]):
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
    row_start = start  # the last line that stands in the first column
    while stop < len(lines):
        line = lines[stop]
        # some makers write cell by cell: the first line of the cell before may be some lines back
        paired = any(same_row(other, line) and line.x0 > other.x1 for other in lines[row_start:stop]) or (
            stop + 1 < len(lines) and same_row(line, lines[stop + 1]) and lines[stop + 1].x0 > line.x1
        )
        if line.x0 < lines[start].x0 + 3:
            row_start = stop
        if line.top > bottom + 1.6 * measures.line_distance(line.style.size) or line.top < lines[start].top - 2:
            break
        if not paired and not any(abs(line.x0 - left) < 3 for left in lefts):
            break
        # running text under the table: it crosses into columns that two rows at least have shown
        if (
            line.text.count(" ") > 2
            and any(map(str.isalpha, line.text))
            and any(
                line.x0 < left - 5 and line.x1 > left + 5 and sum(abs(left - other) < 2 for other in lefts) > 1
                for left in lefts
            )
        ):
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


def _without_loose_line(lines: Sequence[Line], start: int, stop: int) -> int:
    """`stop` before a last row that is a loose line of the text under the table: the next line is as wide, unbroken."""
    if stop - start < 3:
        return stop
    last = [line for line in lines[start:stop] if same_row(line, lines[stop - 1])]
    left, right = min(line.x0 for line in last), max(line.x1 for line in last)
    below = lines[stop : stop + 1]
    runs_on = any(abs(line.x1 - right) < 3 and abs(line.x0 - left) < 25 and line.x0 < last[0].x1 for line in below)
    return stop - len(last) if runs_on and len(last) > 1 and lines[stop - len(last)] in last else stop


def _is_piece_table(region: Sequence[Line]) -> bool:
    rows = [row for row in visual_rows(region) if len(row) > 1]
    if (
        (len(rows) < 3 and not _is_head_and_row(rows))
        or any(LEADER.search(line.text) for line in region)
        or is_running_text(region)
    ):
        return False
    firsts = [min(row, key=lambda line: line.x0) for row in rows]
    if all(MARKER.fullmatch(line.text) or re.fullmatch(r"\d{1,3}", line.text) for line in firsts) and all(
        len(row) == 2 for row in rows
    ):
        return False  # a numbered list, or notes
    if sum(BULLET_MARK.match(line.text) is not None for line in firsts) > len(firsts) / 2:
        return False
    return len(corridors_of(region)) >= 1 and _is_aligned(rows)


def _is_justified(region: Sequence[Line], around: Sequence[Line]) -> bool:
    """Whether the rows are loose lines of a justified column: all of one width, as is an unbroken line among them."""
    rows = visual_rows(region)
    parted = [row for row in rows if len(row) > 1]
    lefts, rights = [min(line.x0 for line in row) for row in parted], [max(line.x1 for line in row) for row in parted]
    right = max(rights)
    if sum(right - other < 3 for other in rights) < max(2, len(rights) / 2) or max(lefts) - min(lefts) > 25:
        return False
    pieces = {line for row in parted for line in row}
    return any(
        line not in pieces and line.x0 < min(lefts) + 25 and line.x0 > min(lefts) - 25 and abs(line.x1 - right) < 3
        for line in around
    )


def _is_head_and_row(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether two rows are the bold head of a table and its first row, before the page ends."""
    return (
        len(rows) == 2
        and len(rows[0]) > 2
        and len(rows[0]) == len(rows[1])
        and all(line.style.bold for line in rows[0])
        and not any(line.style.bold for line in rows[1])
    )


def _is_aligned(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether most pieces begin or end where others do: centred captions side by side do not."""
    pieces = [line for row in rows for line in row]
    aligned = sum(
        sum(abs(line.x0 - other.x0) < 2.5 for other in pieces) >= min(3, len(rows))
        or sum(abs(line.x1 - other.x1) < 2.5 for other in pieces) >= min(3, len(rows))
        for line in pieces
    )
    return aligned >= 0.6 * len(pieces)

"""Tables apart from prose: ruled ones from their grid, others from rows whose pieces stand in columns.

A table becomes one draft a cell, rows numbered from 1. The cheap test comes first: a page without rules, frames and
rows in pieces has no table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from textmine.reading.columns import MARKER, append_line, in_columns, same_row, with_marks
from textmine.reading.drafts import Draft, Measures
from textmine.reading.grids import Grid, Segment, find_grids, parallel_rules, segments_of
from textmine.reading.lines import Line
from textmine.reading.pages import PageText, Rect
from textmine.reading.paragraphs import CAPTION

__all__ = ["Table", "find_tables", "join_tables"]

CORRIDOR_PT = 3.5  # least white space between columns
BULLET_MARK = re.compile(r"[•●○◦▪▫■□►▶➢➤✓✔❖·∙‣⁃\uf000-\uf0ff–—-](?:\s|$)")
LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")


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


def find_tables(
    page: PageText, lines: Sequence[Line], measures: Measures, previous: Table | None = None
) -> tuple[list[Table], list[Line]]:
    """The tables of a page, and the lines that belong to none, in their order.

    `previous` is the last table before: a rest of it, be it a single cell, is known by its columns.
    """
    tables: list[Table] = []
    rest = list(lines)
    if page.rules or page.frames:
        grids = _striped(find_grids(page), rest, page)
        # twice: a rest at the top of a column is known by the table that stands lower in the column before
        for earlier in ([], [previous] if previous else []):
            for grid in list(grids):
                table, rest = _from_grid(grid, rest, [*earlier, *tables] if earlier or tables else [])
                if table:
                    tables.append(table)
                    grids.remove(grid)
        rest = with_marks(rest)
        for region in _split_at_captions(parallel_rules(page), rest):
            table, rest = _from_rules(region, rest, measures)
            if table:
                tables.append(table)
    if _rows_in_pieces(rest) >= 3:
        rest = in_columns(rest)  # rows of prose columns are no rows of a table
        found, rest = _from_pieces(rest, measures)
        tables.extend(found)
    return tables, rest


def _from_grid(grid: Grid, lines: list[Line], earlier: Sequence[Table]) -> tuple[Table | None, list[Line]]:
    """Lines inside the grid as cells; a grid with text in one cell only is a frame about a text, no table."""
    inside = [
        line
        for line in lines
        if grid.x0 - 2 < (line.x0 + line.x1) / 2 < grid.x1 + 2 and grid.top - 2 < line.middle < grid.bottom + 2
    ]
    cells: dict[tuple[int, int], list[Line]] = {}
    for line in inside:
        cells.setdefault(grid.cell_at(min(line.x0 + 3, (line.x0 + line.x1) / 2), line.middle), []).append(line)
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    rest_of_table = bool(cells) and any(table.is_like(grid.xs) for table in earlier)
    if not rest_of_table and (len(cells) < 2 or (len(columns) == 1 and len(cells) < 3)):
        return None, lines
    drafts: list[Draft] = []
    numbers = {row: number for number, row in enumerate(sorted(rows), 1)}
    for (row, column), of_cell in sorted(cells.items()):
        drafts.append(Draft(_cell_lines(of_cell), "table", row=numbers[row], column=column))
    used = set(inside)
    table = Table(drafts, min(line.order for line in inside), grid.x0, grid.top, grid.x1, grid.bottom, list(grid.xs))
    return table, [line for line in lines if line not in used]


def _split_at_captions(regions: Sequence[list[Rect]], lines: Sequence[Line]) -> list[Rect]:
    """One area a table: stacked tables of one width are parted where a caption or running text stands between rules."""
    areas: list[Rect] = []
    for strips in regions:
        start: Rect | None = None
        last: Rect | None = None
        for strip in strips:
            inside = [
                line for line in lines if strip.top < line.middle < strip.bottom and strip.x0 - 3 < line.x0 < strip.x1
            ]
            rows = _visual_rows(inside)
            whole = sum(len(row) == 1 for row in rows)
            apart = any(CAPTION.match(line.text) for line in inside) or (len(rows) > 3 and whole > 0.75 * len(rows))
            if apart:
                if start and last:
                    areas.append(Rect(start.x0, start.top, start.x1, last.bottom))
                start = last = None
                continue
            start, last = start or strip, strip
        if start and last:
            areas.append(Rect(start.x0, start.top, start.x1, last.bottom))
    return areas


def _cell_lines(lines: Sequence[Line]) -> list[Line]:
    """Lines of a cell, pieces of one row put together."""
    result: list[Line] = []
    for line in lines:
        if result and same_row(result[-1], line) and line.x0 >= result[-1].x1 - 1 and not line.vertical:
            append_line(result[-1], line)
        else:
            result.append(line)
    return result


def _striped(grids: list[Grid], lines: Sequence[Line], page: PageText) -> list[Grid]:
    """Grids of tables that shade every other row put together; rows without a shade above or below taken in."""
    result: list[Grid] = []
    for grid in grids:
        last = result[-1] if result else None
        if (
            last is not None
            and len(last.xs) == len(grid.xs) > 2
            and all(abs(one - two) < 3 for one, two in zip(last.xs, grid.xs, strict=True))
            and 0 < grid.top - last.bottom < 150
            and _fills_columns(_between(lines, last.bottom, grid.top, grid), grid.xs)
        ):
            rows = len(last.ys)
            last.cells.update(
                {(row + rows, column): (first + rows, at) for (row, column), (first, at) in grid.cells.items()}
            )
            last.ys = [*last.ys, *grid.ys]
        else:
            result.append(grid)
    _, levels = segments_of(page)
    for grid in result:
        if len(grid.xs) > 2:
            _take_in_ruled_rows(grid, lines, levels)
            _take_in_row(grid, lines)
    return result


def _take_in_ruled_rows(grid: Grid, lines: Sequence[Line], levels: Sequence[Segment]) -> None:
    """Adds rows below a grid that have rules under them but no uprights, as under a shaded head."""
    for at, low, high in sorted(levels):
        if at < grid.bottom + 4 or abs(low - grid.x0) > 5 or abs(high - grid.x1) > 5:
            continue
        row = _between(lines, grid.bottom, at, grid)
        if not row or at - grid.bottom > 250 or not _fills_columns(row, grid.xs, least=1):
            return
        if any(CAPTION.match(line.text) for line in row):
            return
        grid.ys = [*grid.ys, at]


def _between(lines: Sequence[Line], top: float, bottom: float, grid: Grid) -> list[Line]:
    return [
        line for line in lines if top - 1 < line.middle < bottom + 1 and grid.x0 - 2 < line.x0 and line.x1 < grid.x1 + 2
    ]


def _fills_columns(lines: Sequence[Line], xs: Sequence[float], *, least: int = 2) -> bool:
    """Whether lines stand in at least so many columns, each within one."""
    columns = set()
    for line in lines:
        column = sum(line.x0 + 1 > x for x in xs) - 1
        if column + 1 >= len(xs) or line.x1 > xs[column + 1] + 3:
            return False
        columns.add(column)
    return len(columns) >= least


def _take_in_row(grid: Grid, lines: Sequence[Line]) -> None:
    """Adds the row just below that has no border or shade of its own."""
    heights = [below - above for above, below in pairwise(grid.ys)]
    reach = 1.3 * max(heights)
    below = _between(lines, grid.bottom, grid.bottom + reach, grid)
    if (
        below
        and _fills_columns(below, grid.xs)
        and min(line.top for line in below) - grid.bottom < 0.8 * below[0].height
    ):
        rows = _visual_rows(below)
        kept = [row for row in rows if len(row) > 1]
        if kept and rows[0] is kept[0]:
            grid.ys = [*grid.ys, max(line.bottom for line in below) + 1]


def _from_rules(region: Rect, lines: list[Line], measures: Measures) -> tuple[Table | None, list[Line]]:
    """A table between horizontal rules of one width, columns by white space."""
    inside = [
        line
        for line in lines
        if region.x0 - 3 < line.x0 and line.x1 < region.x1 + 3 and region.top - 2 < line.middle < region.bottom + 2
    ]
    rows = _visual_rows(inside)
    several = sum(len(row) > 1 for row in rows)
    if several < 2 or several < 0.3 * len(rows) or _is_running_text(inside):
        return None, lines
    cells = _cells(inside, measures)
    if not cells or _are_paragraphs(cells):
        return None, lines
    above = _row_above(region, inside, lines)
    if above:
        inside = [*above, *inside]
        cells = _cells(inside, measures)
    used = set(inside)
    xs = _lefts(cells)
    table = Table(cells, min(line.order for line in inside), region.x0, region.top, region.x1, region.bottom, xs)
    return table, [line for line in lines if line not in used]


def _lefts(cells: Sequence[Draft]) -> list[float]:
    """Left edges of the columns, and an end, which stand for the edges of a grid."""
    columns: dict[int, float] = {}
    for cell in cells:
        columns[cell.column] = min(cell.x0, columns.get(cell.column, cell.x0))
    lefts = [columns[column] for column in sorted(columns)]
    return [*lefts, lefts[-1] + 1]


def _row_above(region: Rect, inside: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """The lines of a row over the first rule, where rules stand only under rows; empty when there is none."""
    lefts = sorted(line.x0 for line in inside)
    starts = [left for left in lefts if sum(abs(left - other) < 2 for other in lefts) >= 2]
    found: list[Line] = []
    edge = region.top
    for row in reversed(_visual_rows([line for line in lines if region.top - 150 < line.middle < region.top])):
        fits = all(
            any(abs(line.x0 - start) < 3 for start in starts) and line.x1 < region.x1 + 3 and line.x0 > region.x0 - 3
            for line in row
        )
        if not fits or edge - max(line.bottom for line in row) > 0.9 * row[0].height + 4:
            break
        found = [*row, *found]
        edge = min(line.top for line in row)
        if len(row) > 1:
            return [line for line in lines if line in found]
    return []


def _visual_rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: item.middle):
        if rows and same_row(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _is_running_text(lines: Sequence[Line]) -> bool:
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


def _cells(lines: Sequence[Line], measures: Measures) -> list[Draft]:
    """Cells of a table without a grid: columns by white space, rows by the file's order. Empty without columns."""
    corridors = _corridors(lines)
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


def _are_paragraphs(cells: Sequence[Draft]) -> bool:
    lengths = sorted(len(cell.lines) for cell in cells)
    return lengths[-1] > LINES_IN_CELL or lengths[len(lengths) // 2] >= 4


def _continues(cell: Draft, line: Line, measures: Measures) -> bool:
    last = cell.lines[-1]
    distance = line.bottom - last.bottom
    return 0.5 * line.size < distance <= 1.3 * max(measures.line_distance(line.style.size), 1.15 * line.size)


def _corridors(lines: Sequence[Line]) -> list[float]:
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
    for x0, x1 in narrow[1:]:
        if x0 - right >= CORRIDOR_PT:
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


def _rows_in_pieces(lines: Sequence[Line]) -> int:
    """How many lines follow another on its own baseline."""
    return sum(same_row(left, right) and right.x0 > left.x1 for left, right in pairwise(lines))


def _from_pieces(lines: list[Line], measures: Measures) -> tuple[list[Table], list[Line]]:
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
            cells = _cells(region, measures)
            if cells and not _are_paragraphs(cells):
                tables.append(
                    Table(
                        cells,
                        region[0].order,
                        min(line.x0 for line in region),
                        min(line.top for line in region),
                        max(line.x1 for line in region),
                        max(line.bottom for line in region),
                        _lefts(cells),
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
        paired = (same_row(lines[stop - 1], line) and line.x0 > lines[stop - 1].x1) or (
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
    rows = [row for row in _visual_rows(region) if len(row) > 1]
    if len(rows) < 3 or any(LEADER.search(line.text) for line in region) or _is_running_text(region):
        return False
    firsts = [min(row, key=lambda line: line.x0) for row in rows]
    if all(MARKER.fullmatch(line.text) or re.fullmatch(r"\d{1,3}", line.text) for line in firsts) and all(
        len(row) == 2 for row in rows
    ):
        return False  # a numbered list, or notes
    if sum(BULLET_MARK.match(line.text) is not None for line in firsts) > len(firsts) / 2:
        return False
    return len(_corridors(region)) >= 1 and _is_aligned(rows)


def _is_aligned(rows: Sequence[Sequence[Line]]) -> bool:
    """Whether most pieces begin or end where others do: centred captions side by side do not."""
    pieces = [line for row in rows for line in row]
    aligned = sum(
        sum(abs(line.x0 - other.x0) < 2.5 for other in pieces) > 2
        or sum(abs(line.x1 - other.x1) < 2.5 for other in pieces) > 2
        for line in pieces
    )
    return aligned >= 0.6 * len(pieces)

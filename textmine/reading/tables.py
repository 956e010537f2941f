"""Tables apart from prose: ruled ones from their grid, others from rows whose pieces stand in columns.

A table becomes one draft a cell, rows numbered from 1. The cheap test comes first: a page without rules, frames and
rows in pieces has no table.
"""

from __future__ import annotations

from collections.abc import Sequence

from textmine.reading.columns import append_line, in_columns, same_row, with_marks
from textmine.reading.drafts import Draft, Measures
from textmine.reading.grids import Grid, Segment, find_grids, parallel_rules, segments_of
from textmine.reading.growing import grow
from textmine.reading.lines import Line
from textmine.reading.pages import PageText, Rect
from textmine.reading.paragraphs import CAPTION
from textmine.reading.pieces import rows_in_pieces, tables_from_pieces
from textmine.reading.rows import Table, are_paragraphs, cells_of, is_running_text, join_tables, lefts_of, visual_rows

__all__ = ["Table", "find_tables", "join_tables"]

PANEL_LINES = 20  # more lines in one of at most three cells are a text with a frame


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
                    rest = grow(table, rest, measures)
                    tables.append(table)
                    grids.remove(grid)
        rest = with_marks(rest)
        for region in _split_at_captions(parallel_rules(page), rest):
            table, rest = _from_rules(region, rest, measures)
            if table:
                tables.append(table)
    if rows_in_pieces(rest) >= 3:
        rest = in_columns(rest)  # rows of prose columns are no rows of a table
        found, rest = tables_from_pieces(rest, measures)
        for table in found:
            rest = grow(table, rest, measures)
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
    if len(cells) <= 3 and max(map(len, cells.values())) > PANEL_LINES:
        return None, lines  # coloured panels of a brochure with a text on them
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
            rows = visual_rows(inside)
            whole = _wide_rows(rows, strip.width)
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


def _wide_rows(rows: Sequence[Sequence[Line]], width: float) -> int:
    """How many rows are one line over more than half the width, as of running text."""
    return sum(len(row) == 1 and row[0].x1 - row[0].x0 > 0.5 * width for row in rows)


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


def _from_rules(region: Rect, lines: list[Line], measures: Measures) -> tuple[Table | None, list[Line]]:
    """A table between horizontal rules of one width, columns by white space."""
    inside = [
        line
        for line in lines
        if region.x0 - 3 < line.x0 and line.x1 < region.x1 + 3 and region.top - 2 < line.middle < region.bottom + 2
    ]
    rows = visual_rows(inside)
    several = sum(len(row) > 1 for row in rows)
    if not several or _wide_rows(rows, region.width) > 0.5 * len(rows) or is_running_text(inside):
        return None, lines
    cells = cells_of(inside, measures)
    if not cells or are_paragraphs(cells):
        return None, lines
    above = _row_above(region, inside, lines)
    if above:
        inside = [*above, *inside]
        cells = cells_of(inside, measures)
    used = set(inside)
    order = min(line.order for line in inside)
    table = Table(cells, order, region.x0, region.top, region.x1, region.bottom, lefts_of(cells))
    rest = grow(table, [line for line in lines if line not in used], measures)
    if several < 2 and len(rest) + len(used) == len(lines):
        return None, lines  # one row between two rules, and none like it near
    return table, rest


def _row_above(region: Rect, inside: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """The lines of a row over the first rule, where rules stand only under rows; empty when there is none."""
    lefts = sorted(line.x0 for line in inside)
    starts = [left for left in lefts if sum(abs(left - other) < 2 for other in lefts) >= 2]
    found: list[Line] = []
    edge = region.top
    for row in reversed(visual_rows([line for line in lines if region.top - 150 < line.middle < region.top])):
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

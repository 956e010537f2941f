"""Pages of words to drafts in reading order: furniture off, rows, columns, tables, paragraphs, kinds, levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from textmine.reading.columns import downwards, in_columns, join_rows, sorted_blocks
from textmine.reading.contents import find_contents
from textmine.reading.drafts import Draft, Measures, measure
from textmine.reading.figures import figure_lines, mark_drawn_bullets
from textmine.reading.furniture import find_furniture
from textmine.reading.headings import set_levels
from textmine.reading.joining import join_continued
from textmine.reading.kinds import classify
from textmine.reading.lines import Line
from textmine.reading.marks import restore_figures
from textmine.reading.pages import PageText, Rect, Style
from textmine.reading.paragraphs import paragraphs_of
from textmine.reading.splicing import lines_on
from textmine.reading.tables import Table, find_tables, join_tables
from textmine.reading.turning import Turn, turned

__all__ = ["layout"]


def layout(pages: Sequence[PageText]) -> tuple[list[Draft], dict[int, Turn]]:
    """All drafts of a document in reading order, and the turns of sideways pages by page number.

    A page's furniture stands before its text.
    """
    _steady_sizes(pages)
    turns: dict[int, Turn] = {}
    upright, sideways, reading = [], [], []
    for page in pages:
        parts = turned(page)
        if parts:
            page, turned_page, turns[page.number] = parts
            sideways.append(downwards(lines_on(turned_page)))
            reading.append(turned_page)
        else:
            sideways.append([])
            reading.append(page)
        upright.append(lines_on(page))
    main = [
        lying if page.number in turns else lines for page, lines, lying in zip(pages, upright, sideways, strict=True)
    ]
    furniture = find_furniture(reading, main)
    body = [[line for line in of_page if line not in furniture] for of_page in main]
    contents = find_contents(body)
    measures = measure(body)
    drafts: list[Draft] = []
    open_table: Table | None = None  # the table that ends a page and may run on
    for page, lines, lying, text, entries in zip(reading, upright, sideways, body, contents, strict=True):
        drafts.extend(Draft([line], "furniture") for line in lines if line in furniture or page.number in turns)
        drafts.extend(Draft([line], "furniture", flags={"turned"}) for line in lying if line in furniture)
        items, labels = _page_items(page, text, entries, measures, open_table)
        open_table = _join_tables(items, open_table)
        drafts.extend(draft for item in items for draft in (item.cells if isinstance(item, Table) else [item]))
        drafts.extend(labels)
    joined = join_continued(drafts)
    restore_figures(joined)
    set_levels([draft for draft in joined if draft.kind == "heading"])
    return joined, turns


NEAR_BODY = 0.22  # sizes read from a scan are out by up to a fifth, as lines lack tall or deep letters


def _steady_sizes(pages: Sequence[PageText]) -> None:
    """Gives scanned text whose size is near the document's body size exactly that."""
    counts: dict[bool, Counter[float]] = {True: Counter(), False: Counter()}
    for page in pages:
        lengths = page.ends - page.starts
        for number, style in enumerate(page.styles):
            counts[page.source == "ocr"][style.size] += int(lengths[page.style == number].sum())
    usual = counts[False] or counts[True]
    if not counts[True] or not usual:
        return
    ordered = sorted(usual.elements()) if not counts[False] else []
    body = ordered[len(ordered) // 2] if ordered else usual.most_common(1)[0][0]
    for page in pages:
        if page.source == "ocr":
            page.styles = [
                Style(body if abs(style.size - body) < NEAR_BODY * body else style.size) for style in page.styles
            ]


def _join_tables(items: Sequence[Draft | Table], table: Table | None) -> Table | None:
    """Joins tables that follow each other in the same columns; returns the one that ends the page."""
    for item in items:
        if isinstance(item, Table):
            if table is not None and table.is_like(item.xs):
                join_tables(table, item)
            table = item
        elif item.kind not in ("footnote", "figure"):
            table = None
    return table


def _page_items(
    page: PageText, lines: list[Line], contents: list[Draft], measures: Measures, open_table: Table | None
) -> tuple[list[Draft | Table], list[Draft]]:
    """Drafts and tables of one page in reading order, and the labels of its figures."""
    if contents:
        lines = _without(lines, contents)
    mark_drawn_bullets(page, lines)
    tables, rest = find_tables(page, lines, measures, open_table)
    labels = figure_lines(page, rest, [Rect(table.x0, table.top, table.x1, table.bottom) for table in tables])
    if labels:
        rest = [line for line in rest if line not in labels]
    drafts = paragraphs_of(in_columns(join_rows(rest)), measures)
    classify(drafts, measures, page.height)
    items: list[Draft | Table] = list(drafts)
    late: list[Draft | Table] = [*contents, *tables]
    for item in late:
        place = next((place for place, other in enumerate(items) if _order(other) > _order(item)), len(items))
        items.insert(place, item)
    if _is_spread(page, lines):
        items.sort(key=lambda item: item.x0 > page.width / 2)
    # WeasyPrint and browsers paint tables before or after the text: they move first
    items = sorted_blocks(items, [1 if isinstance(item, Table) else _weight(item) for item in items])
    return items, [Draft([line], "figure") for line in sorted(labels, key=lambda line: line.order)]


def _is_spread(page: PageText, lines: Sequence[Line]) -> bool:
    """Whether a page shows two pages of a book side by side: very wide, and next to no line crosses its middle."""
    if page.width < 1.3 * page.height or len(lines) < 6:
        return False
    middle = page.width / 2
    crossing = sum(line.x0 < middle - 5 and line.x1 > middle + 5 for line in lines)
    right = sum(line.x0 > middle for line in lines)
    numbers = sum(rect.x0 < middle < rect.x1 for rect in page.rules if rect.width > 30)
    return crossing <= 0.03 * len(lines) and 3 <= right <= len(lines) - 3 and not numbers


def _weight(draft: Draft) -> int:
    """Characters of a draft."""
    return sum(len(line.text) for line in draft.lines)


def _order(item: Draft | Table) -> int:
    return item.order if isinstance(item, Table) else item.lines[0].order


def _without(lines: Sequence[Line], contents: Sequence[Draft]) -> list[Line]:
    """The lines that are in no contents row; what was joined to one is known by its place in the file."""
    used = {order for draft in contents for line in draft.lines for order in (line.order, *line.joined)}
    return [line for line in lines if line.order not in used]

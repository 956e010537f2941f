"""Pages of words to drafts in reading order: furniture off, rows, columns, tables, paragraphs, kinds, levels."""

from __future__ import annotations

from collections.abc import Sequence

from textmine.reading.columns import in_columns, join_rows, sorted_blocks
from textmine.reading.drafts import Draft, Measures, measure
from textmine.reading.furniture import find_furniture
from textmine.reading.headings import set_levels
from textmine.reading.joining import join_continued
from textmine.reading.kinds import classify
from textmine.reading.lines import Line, lines_of
from textmine.reading.pages import PageText
from textmine.reading.paragraphs import paragraphs_of
from textmine.reading.tables import Table, find_tables

__all__ = ["layout"]


def layout(pages: Sequence[PageText]) -> list[Draft]:
    """All drafts of a document in reading order; a page's furniture stands before its text."""
    lines = [lines_of(page) for page in pages]
    furniture = find_furniture(pages, lines)
    body = [[line for line in of_page if line not in furniture] for of_page in lines]
    measures = measure(body)
    drafts: list[Draft] = []
    for page, all_lines, text in zip(pages, lines, body, strict=True):
        drafts.extend(Draft([line], "furniture") for line in all_lines if line in furniture)
        drafts.extend(_page_drafts(page, text, measures))
    joined = join_continued(drafts)
    set_levels([draft for draft in joined if draft.kind == "heading"])
    return joined


def _page_drafts(page: PageText, lines: list[Line], measures: Measures) -> list[Draft]:
    tables, rest = find_tables(page, lines, measures)
    ordered = in_columns(join_rows(rest))
    drafts = paragraphs_of(ordered, measures)
    classify(drafts, measures, page.height)
    if not tables:
        return sorted_blocks(drafts)
    items: list[Draft | Table] = list(drafts)
    for table in tables:
        place = next(
            (place for place, item in enumerate(items) if isinstance(item, Draft) and item.lines[0].order > table.order),
            len(items),
        )
        items.insert(place, table)
    return [
        draft
        for item in sorted_blocks(items)
        for draft in (item.cells if isinstance(item, Table) else [item])
    ]

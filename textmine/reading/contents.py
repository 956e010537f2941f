"""Tables of contents: rows that end in a page number, with a dot leader or under a heading that says what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textmine.reading.columns import append_line, same_row
from textmine.reading.drafts import Draft
from textmine.reading.lines import Line

__all__ = ["CONTENTS", "LEADER", "find_contents"]

CONTENTS = re.compile(
    r"(?:spis\s+(?:treści|tabel|rysunków|wykresów|map|ilustracji|tablic|schematów|ramek)(?:\s*(?:,|i|oraz)\s*\w+)*|"
    r"(?:table\s+of\s+)?contents|list\s+of\s+(?:tables|figures|maps|charts|boxes)(?:\s*(?:,|and)\s*\w+)*)\s*[:.]?",
    re.IGNORECASE,
)
LEADER = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}|(?:·\s?){4,}")
PAGE_AT_END = re.compile(r"[\s.…_·](?:\d{1,3}|[ivxl]{1,6})\s*$")
WRAPPED_ROWS = 3  # rows that one entry may take before its page number


def find_contents(pages: Sequence[Sequence[Line]]) -> list[list[Draft]]:
    """For each page the contents rows as drafts; a list may run on over the next pages."""
    found: list[list[Draft]] = []
    right: float | None = None  # where the page numbers of a list that may run on end
    for lines in pages:
        rows = _rows(lines)
        marked, right = _marked(rows, right)
        found.append([_draft(row) for row, is_entry in zip(rows, marked, strict=True) if is_entry])
    return found


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in lines:
        if rows and not line.vertical and same_row(rows[-1][-1], line) and line.x0 > rows[-1][-1].x1 - 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _marked(rows: Sequence[Sequence[Line]], right: float | None) -> tuple[list[bool], float | None]:
    """Which rows are contents, and where page numbers end if the list may run on at the end of the page."""
    texts = [" ".join(line.text for line in row) for row in rows]
    entry = [_is_entry(text) for text in texts]
    leader = [is_entry and LEADER.search(text) is not None for is_entry, text in zip(entry, texts, strict=True)]
    marked = [is_entry and with_leader for is_entry, with_leader in zip(entry, leader, strict=True)]
    if sum(marked) == 1 and right is None:
        marked = [False] * len(rows)
    place = 0
    if right is not None:
        place = _follow(rows, entry, marked, 0, right)
        if place == 0:
            right = None
    while place < len(rows):
        if (
            len(texts[place]) < 60
            and CONTENTS.fullmatch(texts[place].strip())
            and any(entry[place + 1 : place + 2 + WRAPPED_ROWS])
        ):
            stop = _follow(rows, entry, marked, place + 1, None)
            if stop <= place + 2:
                stop = _follow_ragged(texts, entry, marked, place + 1)
            if stop > place + 2:
                marked[place] = True
                place = stop
                continue
        place += 1
    _fill(marked, rows)
    open_end = bool(rows) and any(marked[-2:])
    ends = [row[-1].x1 for row, is_marked in zip(rows, marked, strict=True) if is_marked]
    return marked, (max(ends) if open_end and ends else None)


def _is_entry(text: str) -> bool:
    """Whether a row has a word and ends in a page number."""
    if not text or len(text) > 400 or not (text[-1].isdigit() or text[-1] in "ivxl "):
        return False
    end = PAGE_AT_END.search(text[-8:])
    return end is not None and any(map(str.isalpha, text[: len(text) - len(end[0])]))


def _follow(
    rows: Sequence[Sequence[Line]], entry: Sequence[bool], marked: list[bool], start: int, right: float | None
) -> int:
    """Marks entries from `start` on; returns the place behind the last."""
    place, stop = start, start
    edge = right
    while place < len(rows) and place - stop < WRAPPED_ROWS:
        row = rows[place]
        if entry[place] and (edge is None or abs(row[-1].x1 - edge) < 4 or marked[place]):
            edge = row[-1].x1
            for at in range(stop, place + 1):
                marked[at] = True
            stop = place + 1
        elif right is not None and stop == start and not marked[place]:
            break
        place += 1
    return stop


def _follow_ragged(texts: Sequence[str], entry: Sequence[bool], marked: list[bool], start: int) -> int:
    """As `_follow` where the numbers stand right behind the titles: at least three rows, the numbers never falling."""
    stop, last = start, 0
    while stop < len(texts) and entry[stop] and len(texts[stop]) < 150:
        digits = re.search(r"(\d{1,3})\s*$", texts[stop])
        if not digits or int(digits[1]) < last:
            break
        last = int(digits[1])
        stop += 1
    if stop - start < 3:
        return start
    marked[start:stop] = [True] * (stop - start)
    return stop


def _fill(marked: list[bool], rows: Sequence[Sequence[Line]]) -> None:
    """Rows without a number between two entries: long titles on several lines."""
    for place in range(1, len(rows) - 1):
        if marked[place] or not marked[place - 1]:
            continue
        stop = next((at for at in range(place, min(place + WRAPPED_ROWS, len(rows))) if marked[at]), None)
        if stop is not None and rows[stop][0].top - rows[place - 1][0].top < 9 * rows[place][0].height:
            for at in range(place, stop):
                marked[at] = True


def _draft(row: Sequence[Line]) -> Draft:
    first = row[0]
    for line in row[1:]:
        append_line(first, line)
    return Draft([first], "toc")

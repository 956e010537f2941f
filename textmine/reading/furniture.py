"""Running headers, footers and page numbers: what stands at the same place of several pages, over or under the text.

One page alone cannot tell them from text; `find_furniture` looks at all pages of a document.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

from textmine.reading.lines import Line
from textmine.reading.pages import PageText

__all__ = ["find_furniture"]

ROWS = 4  # rows looked at from each end of a page
ZONE = 0.17  # share of the page height in which furniture may stand
SAME_PLACE_PT = 4.0
NUMBER = re.compile(r"\d+|(?<![A-Za-z])[ivxlcIVXLC]+(?![A-Za-z])")
PAGE_NUMBER = re.compile(
    r"[-–—•|\[(\s]*(?:(?:str(?:ona|\.)?|page|p\.|s\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|z|of|out of)\s*\d{1,4})?[-–—•|\])\s.]*",
    re.IGNORECASE,
)


def find_furniture(pages: Sequence[PageText], lines: Sequence[Sequence[Line]]) -> set[Line]:
    """The lines that are running headers, footers or page numbers.

    A row is one when it stands apart from the text among the outermost rows of its page, and its text, numbers aside,
    returns at the same place of other pages (odd and even pages may differ), or it is a page number that counts with
    the pages. A row at the same place and in the same size as such rows is one too: running chapter titles change.
    """
    rows = [
        _outer_rows(page, [line for line in of_page if not line.vertical])
        for page, of_page in zip(pages, lines, strict=True)
    ]
    sure = _repeated(rows) | _counting(pages, lines, rows)
    places = _places(rows, sure, len(pages))
    known = {_key(rows[number][SIDES.index(side)][depth]) for side, number, depth in sure}
    sure |= _alike(pages, rows, {key for key in known if sum(map(str.isalpha, key)) > 6})
    found: set[Line] = set()
    for number, sides in enumerate(rows):
        for side, of_side in zip(SIDES, sides, strict=True):
            last = -1
            for depth, row in enumerate(of_side):
                is_known = (side, number, depth) in sure or any(
                    abs(row[0].middle - middle) < 2 and abs(row[0].size - size) < 0.3 for middle, size in places[side]
                )
                if is_known and _stands_apart(of_side, depth):
                    last = depth
            for row in of_side[: last + 1]:
                found.update(row)
    return found


SIDES = ("top", "bottom")
EDGE_NUMBERS = re.compile(r"^\W*\d+|\s\d+\W*$")
NOTE_ROW = re.compile(r"\d{1,3}[.)]?\s+[^\W\d]")
#: Rows of a page from its upper edge inwards and from its lower edge inwards.
Sides = tuple[list[list[Line]], list[list[Line]]]
ALIKE = 0.75  # share of letters that the reading of a scanned header has in common with the true one


def _alike(pages: Sequence[PageText], rows: Sequence[Sides], known: set[str]) -> set[Place]:
    """Rows with the text of known furniture on pages of another size, or nearly its text on scanned pages."""
    sizes = Counter((round(page.width), round(page.height)) for page in pages)
    usual = sizes.most_common(1)[0][0] if sizes else (0, 0)
    found = set()
    for number, (page, sides) in enumerate(zip(pages, rows, strict=True)):
        scanned = page.source == "ocr"
        if not scanned and (round(page.width), round(page.height)) == usual:
            continue
        for side, of_side in zip(SIDES, sides, strict=True):
            for depth, row in enumerate(of_side):
                key = _key(row)
                near = key in known or any(
                    key in other and len(key) > 0.4 * len(other) for other in known if len(key) > 6
                )
                if near or (scanned and any(SequenceMatcher(None, key, other).ratio() > ALIKE for other in known)):
                    found.add((side, number, depth))
    return found


Place = tuple[str, int, int]  # side, index of the page, depth from the edge


def _places(rows: Sequence[Sides], sure: set[Place], n_pages: int) -> dict[str, list[tuple[float, float]]]:
    """By side the (middle, size) of rows that are furniture on at least a quarter of the pages, two at least."""
    counts: dict[str, Counter[tuple[float, float]]] = {side: Counter() for side in SIDES}
    for side, number, depth in sure:
        row = rows[number][SIDES.index(side)][depth]
        counts[side][round(row[0].middle), row[0].size] += 1
    least = max(2, n_pages / 4)
    return {side: [place for place, count in counts[side].items() if count >= least] for side in SIDES}


def _stands_apart(rows: Sequence[Sequence[Line]], depth: int) -> bool:
    """Whether white space, a change of size or of slant parts a row from the next one inwards."""
    if depth + 1 >= len(rows):
        return True
    row, inner = rows[depth][0], rows[depth + 1][0]
    if abs(row.size - inner.size) > 0.05 * inner.size or row.style.italic != inner.style.italic:
        return True
    return abs(row.middle - inner.middle) > 1.5 * max(row.size, inner.size)


def _outer_rows(page: PageText, lines: Sequence[Line]) -> Sides:
    """Rows from the top edge inwards and from the bottom edge inwards, only those within the zone."""
    ordered = sorted(lines, key=lambda line: line.middle)
    tops = _rows([line for line in ordered if line.middle < ZONE * page.height])
    bottoms = _rows([line for line in reversed(ordered) if line.middle > (1 - ZONE) * page.height])
    return tops[: ROWS + 1], bottoms[: ROWS + 1]


def _rows(ordered: Sequence[Line]) -> list[list[Line]]:
    rows: list[list[Line]] = []
    for line in ordered:
        if rows and abs(rows[-1][0].middle - line.middle) < 0.5 * max(line.height, rows[-1][0].height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _key(row: Sequence[Line]) -> str:
    """Text of a row without numbers, folded."""
    text = " ".join(line.text for line in sorted(row, key=lambda line: line.x0))
    return " ".join(NUMBER.sub("#", text).casefold().split())


def _repeated(rows: Sequence[Sides]) -> set[Place]:
    """(side, page, depth) of rows whose text returns at the same height."""
    places: dict[tuple[str, str], list[tuple[int, int, float, float]]] = defaultdict(list)
    for number, sides in enumerate(rows):
        for side, of_side in zip(SIDES, sides, strict=True):
            for depth, row in enumerate(of_side):
                places[side, _key(row)].append((number, depth, row[0].middle, row[0].size))
    found = set()
    for (side, key), seen in places.items():
        letters = sum(map(str.isalpha, key))
        for number, depth, middle, size in seen:
            others = sum(
                1
                for other, _, there, points in seen
                if other != number and abs(there - middle) < SAME_PLACE_PT and abs(points - size) < 0.3
            )
            # a bare number is judged by whether it counts
            of_side = rows[number][SIDES.index(side)]
            row = of_side[depth]
            if side == "top" and _is_table_head(row, of_side[depth + 1] if depth + 1 < len(of_side) else ()):
                continue
            if side == "bottom" and _is_note(row) and not _returns_exactly(row, number, seen, rows):
                continue  # notes like `12 Tamże, s. 5.` are alike but for their numbers
            if letters >= 2 and depth < ROWS and others >= (1 if len(rows) < 8 or letters > 12 else 2):
                found.add((side, number, depth))
    return found


def _is_table_head(row: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether a row at the top of a page is the head of a table: in several pieces, and so is the next row."""
    return len(row) > 3 or (len(row) == 3 and len(below) > 1)


def _is_note(row: Sequence[Line]) -> bool:
    """Whether a row opens as a footnote does: with a raised mark or a number and a text."""
    first = min(row, key=lambda line: line.x0)
    text = " ".join(line.text for line in sorted(row, key=lambda line: line.x0))
    return bool(first.small_start) or NOTE_ROW.match(text) is not None


def _returns_exactly(
    row: Sequence[Line], number: int, seen: Sequence[tuple[int, int, float, float]], rows: Sequence[Sides]
) -> bool:
    """Whether a row of the bottom stands on another page in the same words, or with a number that counts with it."""
    text, value = _words(row), _first_number(row)
    for other, depth, _, _ in seen:
        if other == number:
            continue
        twin = rows[other][1][depth]
        step = (_first_number(twin) or 0) - (value or 0)
        counts = value is not None and step in (other - number, 2 * (other - number))  # a spread shows two pages
        # but for the numbers at their ends they must agree, figures included
        same = EDGE_NUMBERS.sub("", text) == EDGE_NUMBERS.sub("", _words(twin))
        if _words(twin) == text or (counts and same and not row[0].small_start):
            return True
    return False


def _words(row: Sequence[Line]) -> str:
    return " ".join(f"{line.small_start}{line.text}" for line in sorted(row, key=lambda line: line.x0))


def _first_number(row: Sequence[Line]) -> int | None:
    found = re.search(r"\d{1,4}", _words(row))
    return int(found[0]) if found else None


def _counting(pages: Sequence[PageText], lines: Sequence[Sequence[Line]], rows: Sequence[Sides]) -> set[Place]:
    """(side, page, depth) of rows that are page numbers, or a running title with one: they count with the pages."""
    sizes: Counter[float] = Counter()
    for of_page in lines:
        for line in of_page:
            sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    offsets: Counter[tuple[str, int]] = Counter()
    seen: list[tuple[str, int, int, int, bool]] = []
    for number, sides in enumerate(rows):
        for side, of_side in zip(SIDES, sides, strict=True):
            for depth, row in enumerate(of_side[:2]):
                value = _page_number(row)
                bare = value is not None
                if value is None and row[0].size <= 1.08 * body:
                    value = _number_at_edge(row, side)
                if value is not None:
                    seen.append((side, number, depth, value, bare))
                    offsets[side, value - number] += 1
    found = set()
    for side, number, depth, value, bare in seen:
        alone = len(pages) <= 2 and len(rows[number][0 if side == "top" else 1][depth]) == 1 and value <= 999
        if offsets[side, value - number] >= (2 if bare else 3) or (alone and bare):
            found.add((side, number, depth))
    return found


NOTE_GAP_EM = 3.0  # a page number stands further from a text beside it
EDGE_NUMBER = re.compile(
    r"(\d{1,4})(?=\s+[^\W\d])|(?<=[^\W\d]\s)(\d{1,4})$|(?<=[|•·–—]\s)(\d{1,4})$|(\d{1,4})(?=\s+[|•·–—])"
)


def _number_at_edge(row: Sequence[Line], side: str) -> int | None:
    """The number at an end of a row, apart from its text: by itself, or over the text also in one line with it."""
    ordered = sorted(row, key=lambda line: line.x0)
    for line in (ordered[-1], ordered[0]) if len(ordered) > 1 else ():
        if line is ordered[0] and side == "bottom" and ordered[1].x0 - line.x1 < NOTE_GAP_EM * line.size:
            continue  # the number of a note
        value = _page_number([line])
        if value is not None:
            return value
    text = " ".join(line.text for line in ordered).strip()
    if side == "top" and len(text) < 120:
        for found in EDGE_NUMBER.finditer(text):
            if found.start() == 0 or found.end() == len(text):
                return int(found[0])
    return None


ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _page_number(row: Sequence[Line]) -> int | None:
    """The page number that a row consists of."""
    text = " ".join(line.text for line in sorted(row, key=lambda line: line.x0)).strip()
    if not text or not PAGE_NUMBER.fullmatch(text):
        return None
    digits = re.search(r"\d+", text)
    if digits:
        return int(digits[0])
    letters = re.search(r"[ivxlc]+", text, re.IGNORECASE)
    if not letters:
        return None
    values = [ROMAN[letter] for letter in letters[0].lower()]
    return sum(
        -value if place + 1 < len(values) and value < values[place + 1] else value for place, value in enumerate(values)
    )

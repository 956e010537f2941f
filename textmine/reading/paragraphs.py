"""Lines to drafts: where one paragraph, item or heading ends and the next begins.

The main evidence, in this order: a jump to another column, the distance of baselines, a change of size or weight,
a list mark, a line that was ended although the next word would have fitted, and the indent of a first line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from textmine.reading.drafts import Draft, Measures
from textmine.reading.lines import HYPHENS, Line

__all__ = ["CAPTION", "LIST_MARK", "paragraphs_of"]

SPREAD = 1.2  # a baseline distance over this many times the usual one parts paragraphs
SET_IN_EM = 2.2  # room that a box set into a column keeps free at its left: border, padding, margin
SPREAD_RAISED = 1.38  # browsers push lines apart to make room for a raised mark
BULLET = r"[»•●○◦▪▫■□►▶➢➤✓✔❖·∙‣⁃\uf000-\uf0ff]|[–—-](?=\s)|\*(?=\s)"
LIST_MARK = re.compile(
    rf"(?P<bullet>{BULLET})\s*|(?P<number>\(?(?:\d{{1,3}}|[a-zA-Z]|[ivx]{{1,5}})\)|\d{{1,2}}\.(?!\d)|[a-z]\.(?=\s))\s+"
)
CAPTION = re.compile(
    r"(?i:tab(?:ela|ele|\.|lica)?|rys(?:unek|\.)|ryc(?:ina|\.)|wykres|mapa|schemat|diagram|ramka|fot(?:ografia|\.)|"
    r"zdjęcie|table|figure|fig\.|chart|graph|map|box|exhibit|scheme|photo)\s*(?:(?i:nr|no\.?)\s*)?"
    r"(?:[A-Z]?\d+(?:[.\-–]\d+)*[a-z]?|[IVXLC]+)\s*(?:[.:–—|-]|\s+(?=[A-ZĄĆĘŁŃÓŚŹŻ„\"“])|(?<=\d)$)"
)
SOURCE = re.compile(r"(?:źródło|źródła|source|sources)\s*:", re.IGNORECASE)
NOTE_NUMBER = re.compile(r"(?:\d{1,3}|\*{1,3}|[a-z])[.)]?\s")
ENDED = (".", "!", "?", ":", ";", "…", ")", "”", '"')
NUMBERED = re.compile(r"(?:\d{1,2}\.){1,4}\d{0,2}\s|\d{1,2}(?:\.\d{1,2}){1,3}\s|[IVXLC]{1,6}\.\s")


def paragraphs_of(lines: Sequence[Line], measures: Measures) -> list[Draft]:
    """Drafts of one page from its lines in reading order."""
    drafts: list[Draft] = []
    edges = _right_edges(lines)
    hanging = _hanging(lines)
    for chunk, gap in _chunks(lines, measures):
        right = _column_right(chunk, edges)
        style = chunk[0].style
        heading = style.size >= 1.12 * measures.body_size or (style.bold and not measures.body_bold)
        first = 0
        for index in range(1, len(chunk) + 1):
            if index < len(chunk) and not _begins(chunk, index, first, right, lines, heading=heading, hanging=hanging):
                continue
            drafts.append(Draft(list(chunk[first:index]), gap_above=gap if first == 0 else 1.0, right=right))
            first = index
    return drafts


def _chunks(lines: Sequence[Line], measures: Measures) -> list[tuple[list[Line], float]]:
    """Runs of lines of one style, one column and usual distance, each with the gap above it in line distances."""
    chunks: list[tuple[list[Line], float]] = []
    for line in lines:
        if not chunks:
            chunks.append(([line], 0.0))
            continue
        above = chunks[-1][0][-1]
        gap = _gap(above, line, measures)
        limit = SPREAD_RAISED if "raised" in above.flags or "raised" in line.flags else SPREAD
        if 0 < gap <= limit and _same_column(above, line) and _same_style(above, line):
            chunks[-1][0].append(line)
        else:
            chunks.append(([line], gap))
    return chunks


def _gap(above: Line, below: Line, measures: Measures) -> float:
    """Distance of baselines in usual line distances; 0 when `below` is not under `above`."""
    if above.page != below.page or above.vertical or below.vertical:
        return 0.0
    distance = below.bottom - above.bottom
    if distance <= 0.3 * min(above.size, below.size):
        return 0.0
    return distance / measures.line_distance(max(above.style.size, below.style.size))


def _same_column(above: Line, below: Line) -> bool:
    # the mark of a note was cut off: its second line may be shorter than that
    note = above.small_start or NOTE_NUMBER.match(above.text)
    left = above.x0 - 2.5 * above.size if note else above.x0
    return left < below.x1 and below.x0 < above.x1


def _same_style(above: Line, below: Line) -> bool:
    first, second = above.style, below.style
    if first is second:
        return True
    if abs(first.size - second.size) > 0.06 * max(first.size, second.size):
        return False
    if first.bold == second.bold:
        return True
    # a line may be mostly bold inside a paragraph: then its first word or the line before shows it
    return not _wholly(above, first.bold) or not _wholly(below, second.bold)


def _wholly(line: Line, bold: bool) -> bool:
    """Whether the line's first word has the weight of the line."""
    return line.inner_style is None or line.inner_style.bold == bold


#: x at which lines end, and the left edges of these lines
Edge = tuple[float, list[float]]


def _right_edges(lines: Sequence[Line]) -> list[Edge]:
    """x at which at least four lines of the page end: the right edges of justified columns, ascending."""
    ordered = sorted((line.x1, line.x0) for line in lines if not line.vertical and line.n_words > 1)
    edges: list[Edge] = []
    start = 0
    for index in range(1, len(ordered) + 1):
        if index == len(ordered) or ordered[index][0] - ordered[index - 1][0] > 1.5:
            if index - start >= 4:
                edges.append((ordered[index - 1][0], [left for _, left in ordered[start:index]]))
            start = index
    return edges


def _column_right(chunk: Sequence[Line], edges: Sequence[Edge]) -> float:
    """Right edge of the column a chunk stands in: of lines that end there, two at least begin left of its own end."""
    right = max(line.x1 for line in chunk)
    for edge, lefts in edges:
        if edge >= right - 1.5 and sum(left < right for left in lefts) >= 2:
            return edge
    return right


def _begins(
    chunk: Sequence[Line],
    index: int,
    first: int,
    right: float,
    others: Sequence[Line],
    *,
    heading: bool,
    hanging: bool,
) -> bool:
    """Whether line `index` begins a new draft. The first rule that answers wins."""
    above, line = chunk[index - 1], chunk[index]
    if line.small_start or "bullet" in line.flags:
        return True
    if above.text.endswith(HYPHENS) and line.text[:1].islower():
        return False
    if CAPTION.match(line.text) and above.text.rstrip().endswith((".", "%", ")")):
        return True
    if SOURCE.match(line.text):
        return True
    mark = LIST_MARK.match(line.text)
    if mark and _is_item(chunk, index, mark, first):
        return True
    centred = abs(above.x0 + above.x1 - line.x0 - line.x1) < 0.5 * line.size and abs(above.x0 - line.x0) > 0.5
    if centred and line.text[:1].islower() and not above.text.rstrip().endswith((".", "!", "?")):
        return False  # text in a circle: its lines are broken by the room they have
    if _fits(above, line, right) and _fits(above, line, _narrowed(above, right, others)):
        # lines of a heading are broken by sense, not by width
        return not (heading and index - first < 3 and not NUMBERED.match(line.text))
    return _is_set_back(chunk, index, first, hanging=hanging) or _is_indented(chunk, index, first)


def _narrowed(line: Line, right: float, others: Sequence[Line]) -> float:
    """The right edge beside a line, where a box set into the column leaves less room than the column has."""
    beside = [
        other.x0 - SET_IN_EM * line.size
        for other in others
        if other.page == line.page
        and line.x1 < other.x0 < right
        and other.top < line.bottom
        and other.bottom > line.top
    ]
    return min(beside, default=right)


def _is_item(chunk: Sequence[Line], index: int, mark: re.Match[str], first: int) -> bool:
    """Whether a list mark at the start of a line is one, not a dash or a number that the line break brought there."""
    above, line = chunk[index - 1], chunk[index]
    head = chunk[first]
    opener = LIST_MARK.match(head.text)
    bullet = mark["bullet"]
    if bullet and bullet not in "–—-*":
        return True
    if opener and abs(head.x0 - line.x0) < 0.6 * line.size:
        return True
    # a dash inside a sentence that runs on over the line end
    ended = above.text.rstrip().endswith((".", ":", ";", ",", "?", "!", ")"))
    if bullet:
        later = [other for other in chunk[index + 1 :] if abs(other.x0 - line.x0) < 0.6 * line.size]
        return above.text.rstrip().endswith((":", ";", ".")) or (
            ended and any(LIST_MARK.match(other.text) for other in later)
        )
    return ended and not re.match(r"\d{1,2}\.\s+[a-ząćęłńóśźż]", line.text)


def _fits(above: Line, line: Line, right: float) -> bool:
    """Whether the first word of `line` would have fitted behind `above`, so that the break was meant."""
    words = line.text.split(" ", 2)
    width = line.first_width
    if len(words) > 1 and len(words[0]) <= 2:
        # short words are tied to the next by typists and typesetters
        width += (len(words[1]) + 1) * (line.x1 - line.x0) / max(1, len(line.text))
    return above.x1 + width + 0.3 * line.size < right - 0.3 * line.size


def _hanging(lines: Sequence[Line]) -> bool:
    """Whether the further lines of list items stand under their text, not under their mark."""
    under_text = under_mark = 0
    for line, below in pairwise(lines):
        mark = LIST_MARK.match(line.text)
        if mark and mark.end() < len(line.text) and 0 < below.top - line.top < 2 * line.height:
            under_text += abs(below.x0 - _x_at(line, mark.end())) < 0.3 * line.size
            under_mark += abs(below.x0 - line.x0) < 0.3 * line.size and not LIST_MARK.match(below.text)
    return under_text > under_mark


def _x_at(line: Line, offset: int) -> float:
    """Where the character at an offset begins."""
    for start, end, x0, x1 in line.marks:
        if start <= offset < end:
            return x0 + (x1 - x0) * (offset - start) / (end - start)
    return line.x1


def _is_set_back(chunk: Sequence[Line], index: int, first: int, *, hanging: bool) -> bool:
    """Whether a line stands further left than it would inside its paragraph: behind an item, or under a column."""
    above, line, head = chunk[index - 1], chunk[index], chunk[first]
    if LIST_MARK.match(head.text):
        hangs = above.x0 - head.x0 > 0.6 * line.size if index - 1 > first else hanging
        return hangs and line.x0 - head.x0 < 0.3 * line.size and above.text.rstrip().endswith(ENDED)
    # the last line of a column, ended, and a line of full width set in under the first column
    return (
        above.x0 - line.x0 > 6 * line.size
        and above.text.rstrip().endswith(ENDED)
        and index + 1 < len(chunk)
        and line.x0 - chunk[index + 1].x0 > 0.7 * line.size
    )


def _is_indented(chunk: Sequence[Line], index: int, first: int) -> bool:
    """Whether a line is set in as the first of a paragraph: the line above and the line below it are not."""
    line = chunk[index]
    deep = 0.7 * line.size
    if line.x0 - chunk[index - 1].x0 < deep:
        return False
    if LIST_MARK.match(chunk[first].text) or "bullet" in chunk[first].flags:
        return False  # further lines of an item
    if index - 1 == first and (index + 1 >= len(chunk) or chunk[index + 1].x0 - line.x0 > -deep):
        return False  # a hanging indent: the second line of an item
    if index + 1 < len(chunk):
        return line.x0 - chunk[index + 1].x0 >= deep
    return chunk[index - 1].text.rstrip().endswith((".", ":", ";", "?", "!"))

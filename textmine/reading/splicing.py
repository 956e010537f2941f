"""Lines put right by what stands beside them: stray glyphs into their gap, narrow columns of a table apart.

Office programs set a glyph that the font lacks (a ligature, a Polish letter) in another font, as a piece of its own
behind the line. And the columns of a small table may stand nearer to each other than words of a loose line do.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from textmine.reading.columns import MARKER, same_row
from textmine.reading.lines import SPACE_EM, WIDE_GAP_EM, Line, lines_of
from textmine.reading.pages import Floats, PageText

__all__ = ["lines_on"]

PIECE_LETTERS = 4
BACK = 12  # lines between a piece and the line it belongs to


COLUMN_GAP_EM = 0.42  # word spaces are narrower unless a line is justified
ROWS_NEAR = 9.0  # line heights
SAME_X_PT = 1.2


def lines_on(page: PageText) -> list[Line]:
    """The lines of a page in the file's order."""
    lines = lines_of(page)
    breaks = _column_breaks(page, lines)
    return spliced(page, lines_of(page, breaks) if breaks else lines)


def _column_breaks(page: PageText, lines: Sequence[Line]) -> list[int]:
    """Words that begin a column of a table, where rows above and below begin or end a piece at the same x."""
    pieces = [
        right for left, right in pairwise(lines) if same_row(left, right) and right.x0 > left.x1 and not right.vertical
    ]
    if len(pieces) < 2:
        return []
    sizes = np.array([style.size for style in page.styles])[page.style]
    gaps = page.boxes[1:, 0] - page.boxes[:-1, 2]
    wide = (gaps > COLUMN_GAP_EM * sizes[1:]) & (gaps <= WIDE_GAP_EM * sizes[1:])
    if not wide.any():
        return []
    at = np.array([(piece.x0, piece.x1, piece.middle) for piece in pieces])
    places = np.flatnonzero(wide) + 1
    alike = (np.abs(page.boxes[places, 0][:, None] - at[:, 0]) < SAME_X_PT).sum(axis=1) > 1
    chosen = [
        place
        for place, is_alike in zip(places.tolist(), alike.tolist(), strict=True)
        if is_alike or not page.text[page.starts[place]].isalpha()
    ]
    if not chosen:
        return []
    marked = set(pieces)
    parted = {*pieces, *(left for left, right in pairwise(lines) if right in marked)}
    whole = [line for line in lines if line not in parted and line.n_words > 1 and not line.vertical]
    edges = np.array([(line.x0, line.x1, line.middle) for line in whole]) if whole else np.zeros((0, 3))
    firsts = np.array([line.words[0] for line in lines])
    found: list[int] = []
    for place in chosen:
        line = lines[max(0, int(np.searchsorted(firsts, place, "right")) - 1)]
        first, last = line.words
        if first < place < last and not line.vertical and _begins_column(page, line, place, at, edges):
            found.append(place)
    return found


def _begins_column(page: PageText, line: Line, place: int, pieces: Floats, whole: Floats) -> bool:
    """Whether word `place` of a line begins a column, as other pieces do there; of each x0, x1 and middle are given."""
    first, last = line.words
    # a justified line, made loose to end where an unbroken one ends
    beside = np.abs(whole[:, 2] - line.middle)
    loose = (
        (np.abs(whole[:, 1] - line.x1) < 2 * SAME_X_PT)
        & (beside < ROWS_NEAR * line.height)
        & (beside > 0.6 * line.height)
        & (whole[:, 0] < page.boxes[place - 1, 2] - 2)
    )
    if loose.any() or MARKER.fullmatch(page.text[page.starts[first] : page.ends[place - 1]]):
        return False
    away = np.abs(pieces[:, 2] - line.middle)
    alike = np.abs(pieces[:, 0] - page.boxes[place, 0]) < SAME_X_PT
    # right edges show a column of figures only: words of justified lines end at one x as well
    if not any(map(str.isalpha, page.text[page.starts[place] : page.ends[last - 1]])):
        alike |= np.abs(pieces[:, 1] - line.x1) < SAME_X_PT
    alike &= away > 0.6 * line.height
    return bool(alike.sum() > 1 and (alike & (away < ROWS_NEAR * line.height)).any())


def spliced(page: PageText, lines: Sequence[Line]) -> list[Line]:
    """The lines of a page in the file's order, each stray piece in its gap."""
    result: list[Line] = []
    for line in lines:
        if len(line.text) <= PIECE_LETTERS and line.text.isalpha() and not line.vertical:
            owner = next((other for other in reversed(result[-BACK:]) if _encloses(other, line)), None)
            if owner is not None and _put_in(page, owner, line):
                continue
        result.append(line)
    return result


def _encloses(line: Line, piece: Line) -> bool:
    return (
        not line.vertical
        and line.x0 < piece.x0
        and piece.x1 < line.x1
        and abs(line.bottom - piece.bottom) < 0.25 * line.size
        and abs(line.size - piece.size) < 0.2 * line.size
    )


def _put_in(page: PageText, line: Line, piece: Line) -> bool:
    """Puts the piece between the two words of the line that leave a gap for it; false when there is no such gap."""
    first, last = line.words
    boxes = page.boxes[first:last]
    slack = 0.15 * line.size
    for place in range(1, last - first):
        left, right = float(boxes[place - 1, 2]), float(boxes[place, 0])
        if not (left - slack <= piece.x0 and piece.x1 <= right + slack):
            continue
        behind = page.text[page.starts[first + place] : page.ends[last - 1]].replace("\r", " ").replace("\n", " ")
        if not line.text.endswith(behind):
            return False
        at = len(line.text) - len(behind)
        head, rest = line.text[:at].rstrip(), behind
        text = piece.text
        if piece.x0 - left > SPACE_EM * line.size:
            text = " " + text
        if right - piece.x1 > SPACE_EM * line.size:
            text += " "
        shift = len(head) + len(text) + len(rest) - len(line.text)
        line.marks = [
            (start + shift if start > at else start, end + shift if end > at else end, x0, x1)
            for start, end, x0, x1 in line.marks
        ]
        line.text = head + text + rest
        return True
    return False

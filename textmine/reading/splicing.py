"""Glyphs that a file writes behind the line they stand in: put back into the gap that was left for them.

Office programs set a glyph that the font lacks (a ligature, a Polish letter) in another font, as a piece of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from textmine.reading.lines import SPACE_EM, Line
from textmine.reading.pages import PageText

__all__ = ["spliced"]

PIECE_LETTERS = 4
BACK = 12  # lines between a piece and the line it belongs to


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

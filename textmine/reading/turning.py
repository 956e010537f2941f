"""Pages whose text stands on its side: turned for reading, and boxes turned back to where they are on the page."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from textmine.reading.pages import Floats, PageText, Rect, lying_way
from textmine.records import Box

__all__ = ["Turn", "turned"]


@dataclass(frozen=True, slots=True)
class Turn:
    """How a page was turned: its text reads upwards (`way` 1), downwards (-1) or stands on its head (2).

    `width` and `height` are those before turning.
    """

    way: int
    width: float
    height: float

    def back(self, box: Box) -> Box:
        """A box of the turned page on the page as it is shown."""
        if self.way == 2:
            x0, top = round(self.width - box.x1, 2), round(self.height - box.bottom, 2)
            return Box(box.page, x0, top, round(self.width - box.x0, 2), round(self.height - box.top, 2))
        if self.way > 0:
            return Box(box.page, box.top, round(self.height - box.x1, 2), box.bottom, round(self.height - box.x0, 2))
        return Box(box.page, round(self.width - box.bottom, 2), box.x0, round(self.width - box.top, 2), box.x1)

    def boxes(self, boxes: Floats) -> Floats:
        """(n, 4) boxes of the page as shown on the turned page."""
        x0, top, x1, bottom = boxes.T
        if self.way == 2:
            return np.column_stack([self.width - x1, self.height - bottom, self.width - x0, self.height - top])
        if self.way > 0:
            return np.column_stack([self.height - bottom, x0, self.height - top, x1])
        return np.column_stack([top, self.width - x1, bottom, self.width - x0])


def turned(page: PageText) -> tuple[PageText, PageText, Turn] | None:
    """The upright words of a page, its sideways words turned, and the turn; None when most words are upright."""
    way = lying_way(page)
    if not way:
        return None
    sideways = page.vertical == way
    turn = Turn(way, page.width, page.height)
    reading = _only(page, sideways)
    reading.boxes = turn.boxes(reading.boxes)
    reading.vertical = np.zeros(reading.n_words, np.int64)
    if way != 2:
        reading.width, reading.height = page.height, page.width
    for name in ("rules", "frames", "pictures", "drawings"):
        rects = getattr(page, name)
        if rects:
            corners = turn.boxes(np.array([[rect.x0, rect.top, rect.x1, rect.bottom] for rect in rects]))
            setattr(reading, name, [Rect(*corner) for corner in corners.tolist()])
    return _only(page, ~sideways), reading, turn


def _only(page: PageText, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> PageText:
    """The page with the words of `keep`; rules and pictures stay with it."""
    return dataclasses.replace(
        page,
        starts=page.starts[keep],
        ends=page.ends[keep],
        boxes=page.boxes[keep],
        style=page.style[keep],
        vertical=page.vertical[keep],
        confidence=None if page.confidence is None else page.confidence[keep],
    )

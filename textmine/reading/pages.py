"""What an engine says of one page: words with boxes and styles, rules, pictures. The seam of engines and layout.

Points, origin at the top left corner of the page as it is shown, y grows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from textmine.records import PageSource

__all__ = ["Floats", "Ints", "PageText", "Rect", "Style", "empty_page", "lying_way", "shown_size"]

SIZES_PT = (0.1, 10_000.0)  # damaged files tell of fonts of no size, which nothing can be divided by
LYING_SHARE = 0.6  # of a page's words that must read the same way, upwards or downwards

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Style:
    """How a word is set. `size` in points as shown; `weight` 400 is normal, 700 bold."""

    size: float
    weight: int = 400
    italic: bool = False
    font: str = ""

    @property
    def bold(self) -> bool:
        """Whether it stands out by weight."""
        return self.weight >= 600


@dataclass(frozen=True, slots=True)
class Rect:
    """A drawn rectangle, a rule (one side thin) or a picture."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points."""
        return self.bottom - self.top


@dataclass(slots=True)
class PageText:
    """One page as an engine found it, words in the file's order.

    `text` holds the characters; word i is `text[starts[i]:ends[i]]`, stands in `boxes[i]` (x0, top, x1, bottom) and
    is set in `styles[style[i]]`. A word is a run without white space, cut where digits begin or end, so that a
    raised footnote mark is a word of its own. `vertical[i]`: +1 reads upwards, -1 downwards, 0 across.
    `confidence` (OCR only) is 0..1 by word.
    """

    number: int
    width: float
    height: float
    text: str
    starts: Ints
    ends: Ints
    boxes: Floats
    style: Ints
    styles: list[Style]
    vertical: Ints
    rules: list[Rect] = field(default_factory=list)
    frames: list[Rect] = field(default_factory=list)
    pictures: list[Rect] = field(default_factory=list)
    drawings: list[Rect] = field(default_factory=list)
    source: PageSource = "text"
    flags: set[str] = field(default_factory=set)
    confidence: Floats | None = None

    @property
    def n_words(self) -> int:
        """Number of words."""
        return len(self.starts)


def empty_page(number: int, width: float, height: float, *flags: str) -> PageText:
    """A page without a word; `flags` say why."""
    none = np.zeros(0, np.int64)
    return PageText(
        number, width, height, "", none, none, np.zeros((0, 4)), none, [], none, source="none", flags=set(flags)
    )


def lying_way(page: PageText) -> int:
    """How most words of a page lie: upwards (1), downwards (-1), on their head (2), or 0 where they are upright."""
    if not page.vertical.any():
        return 0
    way = max((1, -1, 2), key=lambda value: int((page.vertical == value).sum()))
    return way if (page.vertical == way).sum() >= LYING_SHARE * page.n_words else 0


def shown_size(size: float) -> float:
    """A font size in tenths of a point, within SIZES_PT; 10 where it is no number."""
    return min(max(round(size, 1), SIZES_PT[0]), SIZES_PT[1]) if size == size else 10.0

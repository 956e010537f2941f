"""Words to lines: runs of words on one baseline without a wide gap, in the file's order.

A line here may be a table cell or one column's part of a row; `columns.py` and `tables.py` decide which. Each line
keeps its text and `marks`, the places in it whose x is known, so that any character finds its box.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from textmine.reading.pages import Floats, Ints, PageText, Style

__all__ = ["HYPHENS", "SPACE_EM", "WIDE_GAP_EM", "Line", "Mark", "lines_of"]

WIDE_GAP_EM = 1.0  # word spaces are 0.25-0.35 em, 0.8 in loose justified lines; column gutters begin at 1.0 em
SPACE_EM = 0.12  # glyphs nearer than this belong to one word
UPRIGHTS_MAX = 3000
MARK_CHARACTERS = 24  # x is interpolated over runs of about this many characters: within 3 pt of the true place

#: What may part a word at a line end: hyphen-minus, soft hyphen, hyphen.
HYPHENS = ("-", "\u00ad", "\u2010")

#: (start, end, x0, x1): characters [start, end) of the line's text stand between x0 and x1
Mark = tuple[int, int, float, float]


@dataclass(slots=True, eq=False)
class Line:
    """A run of words on one baseline. `order` is its place in the file; `raised` holds footnote marks cut out of it."""

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    style: Style
    marks: list[Mark]
    order: int
    n_words: int
    vertical: int = 0
    confidence: float = 1.0
    first_width: float = 0.0  # of its first word
    raised: list[tuple[int, str]] = field(default_factory=list)
    spaced: bool = False  # letter-spaced in the file: its spaces were worked out from the gaps
    small_start: str = ""  # a raised mark that opened the line (a footnote's own)
    flags: set[str] = field(default_factory=set)
    joined: list[int] = field(default_factory=list)  # `order` of lines appended to this one
    inner_style: Style | None = None  # style of the first word where it differs from the line's
    words: tuple[int, int] = (0, 0)  # its words on the page: first, behind the last

    @property
    def size(self) -> float:
        """Font size in points."""
        return self.style.size

    @property
    def height(self) -> float:
        """Height of the box in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """y of the middle."""
        return (self.top + self.bottom) / 2


def lines_of(page: PageText, breaks: Sequence[int] = ()) -> list[Line]:
    """The page's lines in the file's order; `breaks` are words that begin one although no wide gap is before them."""
    if page.n_words == 0:
        return []
    sizes = np.array([style.size for style in page.styles])[page.style]
    begins = _breaks(page, sizes)
    begins[list(breaks)] = True
    firsts = np.flatnonzero(begins)
    edges = [*firsts.tolist(), page.n_words]
    low = np.round(np.minimum.reduceat(page.boxes[:, :2], firsts, axis=0), 2).tolist()
    high = np.round(np.maximum.reduceat(page.boxes[:, 2:], firsts, axis=0), 2).tolist()
    mixed = np.logical_or.reduceat(
        np.append(page.style[1:] != page.style[:-1], False) & ~_last(firsts, page.n_words), firsts
    )
    words = _Words(page, sizes)
    lines = []
    for order, (first, last) in enumerate(pairwise(edges)):
        (x0, top), (x1, bottom) = low[order], high[order]
        style = page.styles[words.style[first]]
        inner: Style | None = None
        if mixed[order]:
            number = page.style[first:last]
            main, body = _main_style(page, number, page.ends[first:last] - page.starts[first:last])
            if main != words.style[first]:
                style, inner = page.styles[main], style
            inside = page.boxes[first:last][body]
            top, bottom = round(float(inside[:, 1].min()), 2), round(float(inside[:, 3].max()), 2)
        line = Line(page.number, "", x0, top, x1, bottom, style, [], order, last - first, words.vertical[first])
        line.inner_style, line.words = inner, (first, last)
        if page.confidence is not None:
            line.confidence = float(page.confidence[first:last].mean())
        _set_text(line, words, first, last, plain=not mixed[order])
        if line.text:
            lines.append(line)
    return lines


def _break_at_rules(page: PageText, begins: npt.NDArray[np.bool_], gap: Floats) -> None:
    """Begins a line where a drawn upright or the side of a frame stands between two words."""
    uprights = [((rule.x0 + rule.x1) / 2, rule.top, rule.bottom) for rule in page.rules if rule.height > 6 > rule.width]
    for frame in page.frames:
        if frame.width >= 12 and 7 <= frame.height < 0.95 * page.height:
            uprights += [(frame.x0, frame.top, frame.bottom), (frame.x1, frame.top, frame.bottom)]
    places = np.flatnonzero((gap > 0) & ~begins[1:])
    if not uprights or not len(places) or len(uprights) > UPRIGHTS_MAX:
        return
    at, top, bottom = np.array(uprights).T[:, :, None]
    left, right = page.boxes[places, 2], page.boxes[places + 1, 0]
    middle = (page.boxes[places + 1, 1] + page.boxes[places + 1, 3]) / 2
    between = (left <= at + 1) & (right >= at - 1) & (middle > top - 1) & (middle < bottom + 1)
    begins[places[between.any(axis=0)] + 1] = True


def _last(firsts: Ints, count: int) -> npt.NDArray[np.bool_]:
    """(count,) true at the last word of each line."""
    ends = np.zeros(count, bool)
    ends[firsts[1:] - 1] = True
    ends[-1] = True
    return ends


class _Words:
    """A page's words as plain lists, which are faster one by one than arrays."""

    def __init__(self, page: PageText, sizes: Floats) -> None:
        self.text = page.text
        self.starts, self.ends = page.starts.tolist(), page.ends.tolist()
        self.x0, self.top, self.x1, self.bottom = np.round(page.boxes, 2).T.tolist()
        self.sizes = sizes.tolist()
        self.style = page.style.tolist()
        self.vertical = page.vertical.tolist()
        # a plain step: the file has white space where there is a gap, and none where there is none
        gap = page.boxes[1:, 0] - page.boxes[:-1, 2]
        glued = page.starts[1:] == page.ends[:-1]
        em = SPACE_EM * sizes[1:]
        single = (page.starts[1:] - page.ends[:-1]) == 1
        fine = (glued & (gap <= 2 * em)) | (single & (gap > em))
        self.odd = np.concatenate([[0, 0], np.cumsum(~fine)]).tolist()


def _breaks(page: PageText, sizes: Floats) -> npt.NDArray[np.bool_]:
    """(n_words,) true where a word begins a new line."""
    x0, top, x1, bottom = page.boxes.T
    begins = np.ones(page.n_words, bool)
    overlap = np.minimum(bottom[1:], bottom[:-1]) - np.maximum(top[1:], top[:-1])
    least = np.minimum(bottom[1:] - top[1:], bottom[:-1] - top[:-1])
    em = np.maximum(sizes[1:], sizes[:-1])
    gap = x0[1:] - x1[:-1]
    begins[1:] = (overlap < 0.35 * least) | (gap > WIDE_GAP_EM * em) | (gap < -0.6 * em)
    _break_at_rules(page, begins, gap)
    turned = page.vertical
    if turned.any():
        both = (turned[1:] != 0) & (turned[1:] == turned[:-1])
        beside = np.minimum(x1[1:], x1[:-1]) - np.maximum(x0[1:], x0[:-1])
        along = np.where(turned[1:] > 0, top[:-1] - bottom[1:], top[1:] - bottom[:-1])
        near = (beside > 0.4 * np.minimum(x1[1:] - x0[1:], x1[:-1] - x0[:-1])) & (along < em) & (along > -0.6 * em)
        begins[1:] = np.where(both, ~near, begins[1:] | (turned[1:] != turned[:-1]))
    return begins


def _main_style(page: PageText, number: Ints, counts: Ints) -> tuple[int, Floats]:
    """The style of most characters, and which words have its size or more (the others are raised or lowered)."""
    weight = np.bincount(number, weights=counts)
    main = int(weight.argmax())
    size = page.styles[main].size
    same = np.array([style.size >= 0.85 * size for style in page.styles])[number]
    return main, same


def _set_text(line: Line, words: _Words, first: int, last: int, *, plain: bool) -> None:
    """Text, marks and raised figures of the line."""
    starts, ends, text = words.starts, words.ends, words.text
    count = last - first
    if (
        count > 3
        and ends[last - 1] - starts[first] < 4.5 * count
        and _is_spaced_out(text, starts[first:last], ends[first:last])
    ):
        _set_spaced_text(line, words, first, last)
        return
    if plain and words.odd[last] == words.odd[first + 1] and not line.vertical:
        _set_plain_text(line, words, first, last)
        return
    size = line.style.size
    em = SPACE_EM * size
    pieces: list[str] = []
    at, mark_start, mark_x, previous_end, previous_x = 0, 0, words.x0[first], -1, 0.0
    marks = line.marks
    for place in range(first, last):
        start, end, x0, x1 = starts[place], ends[place], words.x0[place], words.x1[place]
        word = text[start:end]
        # a note's mark: figures or signs set small and high
        rise = line.bottom - words.bottom[place]
        if (
            rise > 0.12 * size
            and (words.sizes[place] < 0.85 * size or rise > 0.25 * size)
            and NOTE_MARK.fullmatch(word)
        ):
            if word in EXPONENTS and pieces and UNIT.search("".join(pieces[-2:])):
                pieces.append(EXPONENTS[word])
                at += 1
                previous_end, previous_x = end, x1
                continue
            if pieces:
                line.raised.append((at, word))
            else:
                line.small_start += word
            line.flags.add("raised")
            continue
        if previous_end >= 0 and (start != previous_end or x0 - previous_x > 2 * em):
            gap = x0 - previous_x
            close = 3 * em if word[0] in ",.;:)" else em
            if gap > close or (start != previous_end and gap > -em and text[previous_end:start].strip() == ""):
                if at - mark_start >= MARK_CHARACTERS:
                    marks.append((mark_start, at, mark_x, previous_x))
                    mark_start, mark_x = at, previous_x
                pieces.append(" ")
                at += 1
        elif previous_end < 0 and not pieces:
            mark_x = x0
        pieces.append(word)
        at += end - start
        previous_end, previous_x = end, x1
    if not pieces:
        # nothing but a raised mark: it is the text
        line.text, line.small_start = line.small_start, ""
        line.flags.discard("raised")
        marks.append((0, len(line.text), line.x0, line.x1))
        return
    marks.append((mark_start, at, mark_x, previous_x))
    line.text = "".join(pieces)
    line.x0 = marks[0][2]
    line.first_width = _first_width(line)


def _set_plain_text(line: Line, words: _Words, first: int, last: int) -> None:
    """A line of one style whose white space in the file agrees with its gaps."""
    starts, ends = words.starts, words.ends
    base = starts[first]
    line.text = words.text[base : ends[last - 1]].replace("\n", " ").replace("\r", " ")
    marks = line.marks
    mark_place, mark_start = first, 0
    for place in range(first + 1, last):
        at = starts[place] - base
        if at - mark_start > MARK_CHARACTERS:
            marks.append((mark_start, at, words.x0[mark_place], words.x0[place]))
            mark_place, mark_start = place, at
    marks.append((mark_start, ends[last - 1] - base, words.x0[mark_place], words.x1[last - 1]))
    line.first_width = _first_width(line)


NOTE_MARK = re.compile(r"\d{1,3}[,;)]?|[*†‡§]+\)?|\)")
#: Units that take an exponent, not a note: the raised figure stays.
UNIT = re.compile(r"(?:^|[\s\d/(])(?:[kcdm]?m|ha)$")
EXPONENTS = {"2": "²", "3": "³"}


def _first_width(line: Line) -> float:
    """Width of the first word, by characters."""
    space = line.text.find(" ")
    if space < 0:
        return line.x1 - line.x0
    start, end, x0, x1 = line.marks[0]
    return (x1 - x0) * min(1.0, space / max(1, end - start))


def _is_spaced_out(text: str, starts: list[int], ends: list[int]) -> bool:
    """Whether letters stand apart (`RO ZP O RZĄDZENIE`): very short words, most of them capitals or single letters."""
    words = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    letters = [word for word in words if word.isalpha()]
    if len(letters) < 4:
        return False
    total = sum(map(len, letters))
    if total / len(letters) > 2.6:
        return False
    single = sum(1 for word in letters if len(word) == 1)
    capitals = sum(word.isupper() for word in letters)
    return (capitals >= 0.8 * len(letters) and total >= 6) or single >= 0.6 * len(letters)


def _set_spaced_text(line: Line, words: _Words, first: int, last: int) -> None:
    """Text of a letter-spaced line: gaps fall into two sorts, and only the wide ones part words."""
    gaps = np.array(words.x0[first + 1 : last]) - np.array(words.x1[first : last - 1])
    limit = _widest_step(gaps, line.style.size)
    at = 0
    pieces: list[str] = []
    for place in range(first, last):
        if place > first and gaps[place - first - 1] > limit:
            pieces.append(" ")
            at += 1
        word = words.text[words.starts[place] : words.ends[place]]
        line.marks.append((at, at + len(word), words.x0[place], words.x1[place]))
        pieces.append(word)
        at += len(word)
    line.text = "".join(pieces)
    line.spaced = True
    head = line.text.split(" ", 1)[0]
    line.first_width = max((x1 for _, end, _, x1 in line.marks if end <= len(head)), default=line.x1) - line.x0


def _widest_step(gaps: Floats, size: float) -> float:
    """The gap width that parts letter gaps from word gaps; infinite when all gaps are of one sort."""
    ordered = np.sort(gaps)
    steps = np.diff(ordered)
    if not len(steps) or steps.max() < 0.12 * size:
        return float("inf") if not len(ordered) or ordered[-1] < 0.6 * size else 0.3 * size
    place = int(steps.argmax())
    return float((ordered[place] + ordered[place + 1]) / 2)

"""Text with its codes: pieces to colour, and boxes to lay over the picture of a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textmine.records import Block, Mention, Sentence
from textmine.store import PageView

__all__ = ["BoxMark", "Part", "SentenceMark", "box_marks", "page_parts", "pieces"]

Mark = tuple[int, int, str]


def pieces(text: str, marks: Iterable[Mark]) -> list[tuple[str, str]]:
    """The text cut into (piece, family) at marks (start, end, code); where two overlap the later wins."""
    family = [""] * len(text)
    for start, end, code in marks:
        first, last = max(0, start), min(len(text), end)
        family[first:last] = [code.partition(".")[0]] * max(0, last - first)
    found: list[tuple[str, str]] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or family[place] != family[start]:
            found.append((text[start:place], family[start]))
            start = place
    return found


@dataclass(frozen=True, slots=True)
class SentenceMark:
    """A sentence of a page: its pieces, the codes it carries and the codes it denies."""

    id: str
    language: str
    pieces: list[tuple[str, str]]
    codes: tuple[str, ...]
    denied: tuple[str, ...]
    gap: str


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a page, or the cells of a table's row (then `cells` holds them)."""

    kind: str
    level: int
    language: str
    sentences: tuple[SentenceMark, ...] = ()
    cells: tuple[tuple[SentenceMark, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class BoxMark:
    """A rectangle on the picture, in points from the top left corner, of one line of a coded sentence."""

    x: float
    y: float
    width: float
    height: float
    sentence: str
    family: str
    text: str


def page_parts(view: PageView) -> list[Part]:
    """The blocks of a page as they are shown, cells of one table row side by side."""
    found: list[Part] = []
    row = 0
    for block in view.blocks:
        sentences = _sentences(block, view)
        if block.kind == "table" and block.row and block.row == row and found:
            last = found[-1]
            found[-1] = Part("table", 0, last.language, cells=(*last.cells, sentences))
        elif block.kind == "table":
            found.append(Part("table", 0, block.language, cells=(sentences,)))
        else:
            found.append(Part(block.kind, block.level, block.language, sentences))
        row = block.row
    return found


def _sentences(block: Block, view: PageView) -> tuple[SentenceMark, ...]:
    own = view.sentences.get(block.id, ())
    found = []
    for sentence, following in zip(own, [*own[1:], None], strict=True):
        mentions = view.mentions.get(sentence.id, ())
        counted = [mention for mention in mentions if not mention.negated]
        codes = tuple(dict.fromkeys(mention.code for mention in counted))
        denied = tuple(dict.fromkeys(one.code for one in mentions if one.negated and one.code not in codes))
        gap = block.text[sentence.end : following.start] if following else ""
        marks = [(one.start, one.end, one.code) for one in counted]
        found.append(
            SentenceMark(sentence.id, sentence.language, pieces(sentence.text, marks), codes, denied, gap or " ")
        )
    if not own:  # a block without a sentence, such as a row of dots
        found.append(SentenceMark("", block.language, [(block.text, "")], (), (), ""))
    return tuple(found)


def box_marks(view: PageView, page: int, here: str = "") -> list[BoxMark]:
    """A box for each line of each coded sentence on a page; the sentence `here` has boxes also without a code."""
    found: list[BoxMark] = []
    for sentences in view.sentences.values():
        for sentence in sentences:
            family = _family(view.mentions.get(sentence.id, ()))
            if family or sentence.id == here:
                found += _boxes(sentence, page, family)
    return sorted(found, key=lambda box: box.sentence == here)  # drawn last: on top


def _family(mentions: Sequence[Mention]) -> str:
    return next((mention.code.partition(".")[0] for mention in mentions if not mention.negated), "")


def _boxes(sentence: Sentence, page: int, family: str) -> list[BoxMark]:
    return [
        BoxMark(
            round(box.x0, 2), round(box.top, 2), round(box.x1 - box.x0, 2), round(box.bottom - box.top, 2),
            sentence.id, family, sentence.text,
        )
        for box in sentence.boxes
        if box.page == page
    ]  # fmt: skip

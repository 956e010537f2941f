"""The records that the parts of textmine hand to each other: frozen, flat, joined by ids.

Ids are content hashes (`content_id`), so that a re-run joins with an earlier one. Only a `Coding` holds a clock: when
a person decided is a fact, not a result.
Lengths are in PDF points; the origin is the top left corner of the page as it is shown, y grows downwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "BLOCK_KINDS",
    "BODY_KINDS",
    "DOCUMENT_TYPES",
    "LEVELS",
    "Block",
    "BlockKind",
    "Box",
    "Coding",
    "CodingState",
    "Design",
    "Document",
    "DocumentStatus",
    "Finding",
    "Mention",
    "Page",
    "PageSource",
    "Reading",
    "Sample",
    "SampleSentence",
    "Sentence",
    "Span",
    "content_id",
]

LEVELS = ("eu", "national", "regional", "local")
DOCUMENT_TYPES = ("strategy", "programme", "report", "evaluation", "law", "article")

BlockKind = Literal["heading", "paragraph", "list", "table", "footnote", "caption", "furniture", "toc", "figure"]
BLOCK_KINDS: tuple[BlockKind, ...] = (
    "heading", "paragraph", "list", "table", "footnote", "caption", "furniture", "toc", "figure"
)  # fmt: skip
#: The kinds that carry what a document says; the others are kept but never coded or counted.
BODY_KINDS: tuple[BlockKind, ...] = BLOCK_KINDS[:6]

DocumentStatus = Literal["read", "flagged", "failed"]
PageSource = Literal["text", "ocr", "none"]
Method = Literal["keyword", "model", "human"]
Design = Literal["random", "stratified", "active"]
CodingState = Literal["done", "uncertain", "skipped"]


def content_id(*parts: object) -> str:
    """First 20 hex digits (80 bits) of the SHA-256 over the parts, separated by U+001F."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the top left corner; x0 <= x1, top <= bottom."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of a block's text and where they stand: a run of text on one line of one page."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Document:
    """One file.

    `id` is the SHA-256 of its bytes. `region` is a voivodeship by its Polish name (`mazowieckie`), the name of a
    foreign region, or empty. `origins` says of each metadata field whether it was `given: …` or `inferred: …` and
    from what. `status` is `failed` with a reason in `error`, `flagged` with `flags`, or `read`.
    """

    id: str
    path: str
    title: str = ""
    year: int | None = None
    region: str = ""
    level: str = ""
    type: str = ""
    issuer: str = ""
    languages: tuple[str, ...] = ()
    n_pages: int = 0
    n_words: int = 0
    status: DocumentStatus = "read"
    flags: tuple[str, ...] = ()
    error: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it is shown (rotation applied). `number` starts at 1. `source` none: no text could be had."""

    document_id: str
    number: int
    width_pt: float
    height_pt: float
    source: PageSource
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page that reads as one: a heading, a paragraph, a list item, a table cell, a footnote, a caption.

    `index` is the place in the document's reading order. `page` is the page it begins on; a paragraph that runs over
    a page end is one block. `level` is the heading level (1 = highest), 0 for other kinds. `section` holds the
    headings above it, outermost first. `spans` cover the text in order; repaired characters map to their line.
    `row` groups the cells of a table row (0: not in a table).
    """

    id: str
    document_id: str
    index: int
    page: int
    kind: BlockKind
    level: int
    section: tuple[str, ...]
    box: Box
    language: str
    text: str
    spans: tuple[Span, ...] = ()
    row: int = 0
    flags: tuple[str, ...] = ()

    def boxes(self, start: int, end: int) -> list[Box]:
        """Boxes of characters [start, end), one per line; x is interpolated by characters inside a span."""
        found = []
        for span in self.spans:
            first, last = max(start, span.start), min(end, span.end)
            if first >= last:
                continue
            width = (span.box.x1 - span.box.x0) / (span.end - span.start)
            found.append(
                Box(
                    page=span.box.page,
                    x0=span.box.x0 + (first - span.start) * width,
                    top=span.box.top,
                    x1=span.box.x0 + (last - span.start) * width,
                    bottom=span.box.bottom,
                )
            )
        return join_line_boxes(found)


def join_line_boxes(boxes: list[Box]) -> list[Box]:
    """The boxes with neighbours on the same line (overlap of more than half the height, same page) joined."""
    joined: list[Box] = []
    for box in boxes:
        if joined:
            last = joined[-1]
            overlap = min(last.bottom, box.bottom) - max(last.top, box.top)
            height = min(last.bottom - last.top, box.bottom - box.top)
            if last.page == box.page and overlap > height / 2 and box.x0 >= last.x0:
                joined[-1] = Box(
                    page=last.page,
                    x0=min(last.x0, box.x0),
                    top=min(last.top, box.top),
                    x1=max(last.x1, box.x1),
                    bottom=max(last.bottom, box.bottom),
                )
                continue
        joined.append(box)
    return joined


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a document gives; with status `failed` pages and blocks may be empty."""

    document: Document
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters [start, end) of a block. `lemmas[i]` is the lemma of the token at `offsets[i]` of `text`.

    `text` is the block's text in that range; `offsets` are (start, end) pairs in it. Lemmas are lower case;
    punctuation tokens keep their form.
    """

    id: str
    block_id: str
    document_id: str
    index: int
    start: int
    end: int
    language: str
    text: str
    lemmas: tuple[str, ...]
    offsets: tuple[tuple[int, int], ...]
    boxes: tuple[Box, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def n_words(self) -> int:
        """Tokens with a letter: the denominator of rates per 10,000 words."""
        return sum(1 for start, end in self.offsets if any(map(str.isalpha, self.text[start:end])))


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters [start, end) of a sentence that say `code`. `term` is the codebook's term or the registry's name.

    `negated` mentions are kept as evidence of what was seen and are left out of every count.
    """

    id: str
    sentence_id: str
    code: str
    start: int
    end: int
    term: str
    score: float
    method: Method
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One number with what it is about, its uncertainty, its denominator and its evidence.

    `what` is rate, trend, change, indicator, composite or topic; `keys` say of what (code, region, period …).
    `value` is None when the data are too few (then `flag` says so). `evidence` holds mention ids.
    """

    what: str
    keys: Mapping[str, str]
    value: float | None
    low: float | None
    high: float | None
    n: float
    denominator: float
    flag: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleSentence:
    """A sentence drawn to be coded by hand. `chance` in (0, 1] is how likely it was to be drawn; None: not known."""

    sentence_id: str
    document_id: str = ""
    language: str = ""
    text: str = ""
    stratum: str = ""
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Sentences drawn to be coded by hand, in the order to code them in; `settings` say from what and how."""

    name: str
    design: Design
    seed: int
    settings: Mapping[str, object]
    sentences: tuple[SampleSentence, ...]


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person decided of one sentence.

    `codes` is empty where no code applies. A `skipped` sentence was not decided and counts as not coded; an
    `uncertain` one counts. `time` is in UTC, ISO 8601.
    """

    sentence_id: str
    coder: str
    codes: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    state: CodingState = "done"
    note: str = ""
    time: str = ""
    codebook_id: str = ""
    sample: str = ""

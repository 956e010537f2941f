"""Concordances: the hits of a query as rows, each with its page, box, codes and link."""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal
from urllib.parse import quote

from textmine.records import Block, Box
from textmine.store.filters import Filter
from textmine.store.matching import Tokens, find_hits
from textmine.store.packing import fold_words, join_words, unpack_id, unpack_offsets, unpack_spans
from textmine.store.planning import make_plan
from textmine.store.query_syntax import Field, Node
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = [
    "COLUMNS",
    "LIKE_COLUMNS",
    "SORTS",
    "Hit",
    "Sort",
    "concordance",
    "describe_sentences",
    "find_sentences",
    "page_link",
]

Show = Literal["kwic", "sentence", "block"]
Sort = Literal["", "left", "right", "document", "year"]
SORTS = ("left", "right", "document", "year")

#: What is shown -> columns of its rows; the other keys of a row go to JSON.
COLUMNS = {
    "kwic": ("document", "year", "region", "page", "left", "match", "right", "codes"),
    "sentence": ("document", "year", "region", "page", "match", "text", "codes"),
    "block": ("document", "year", "region", "page", "section", "match", "text", "codes"),
}
LIKE_COLUMNS = ("document", "year", "region", "page", "language", "score", "text", "codes")

_SENTENCE = (
    's.number, s.id, s.block, s.start, s."end", s.language, s.lemmas, s.offsets, b.text'
)  # fmt: skip
_JOINS = "JOIN sentences AS s ON s.number = {n} JOIN blocks AS b ON b.number = s.block"


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence that a query hits, and the (start, end) of the hits in its text; none: the whole sentence."""

    number: int
    id: str
    block: int
    start: int
    end: int
    language: str
    tokens: Tokens
    block_text: str
    hits: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        """The sentence's text."""
        return self.block_text[self.start : self.end]

    @property
    def document(self) -> int:
        """Number of the sentence's document."""
        return self.number >> DOCUMENT_SHIFT


def find_sentences(connection: sqlite3.Connection, node: Node, filter: Filter) -> Iterator[Hit]:
    """The sentences that a query hits, in the order of the store."""
    plan = make_plan(node, filter)
    sql, values = plan.sql(_SENTENCE, joins=_JOINS, tail="ORDER BY {n}")
    field_hits = FieldHits(connection)
    for number, own, block, start, end, language, lemmas, offsets, block_text in connection.execute(sql, values):
        spans = unpack_offsets(offsets)
        text = block_text[start:end]
        forms = join_words([text[a:b] for a, b in spans])
        tokens = Tokens(fold_words(lemmas).split(" "), fold_words(forms).split(" "), spans)
        field_hits.sentence, field_hits.length = number, len(text)
        hits = find_hits(node, tokens, field_hits)
        if hits is not None:
            yield Hit(number, unpack_id(own), block, start, end, language, tokens, block_text, tuple(hits))


def describe_sentences(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Rows of these sentences, in this order, with the keys of a `sentence` row of `concordance`."""
    describe = _Describer(connection, "sentence", 0)
    for number in numbers:
        row = connection.execute(
            f"SELECT {_SENTENCE} FROM sentences AS s0 {_JOINS} WHERE s.number = ?".replace("{n}", "s0.number"),
            (number,),
        ).fetchone()
        own, block, start, end, language, _, _, text = row[1:]
        hit = Hit(number, unpack_id(own), block, start, end, language, Tokens((), (), ()), text, ())
        yield describe(hit, start, end)


class FieldHits:
    """Answers for a field whether it holds for `sentence`, and where: set `sentence` and `length`, then call."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[Field, int], bool] = {}
        self.sentence = 0
        self.length = 0

    def __call__(self, field: Field) -> list[tuple[int, int]] | None:
        if field.name in ("code", "name"):
            return self._mentioned(field)
        # what holds for a document is asked once
        per_document = field.name not in ("lang", "section")
        key = (field, self.sentence >> DOCUMENT_SHIFT if per_document else self.sentence)
        if key not in self._known:
            if not per_document:
                self._known = {
                    key: value for key, value in self._known.items() if key[0].name not in ("lang", "section")
                }
            self._known[key] = self._holds(field)
        return [] if self._known[key] else None

    def _holds(self, field: Field) -> bool:
        (condition,) = make_plan(field, Filter()).conditions
        sql = f"SELECT 1 WHERE {condition.sql}".replace("{n}", str(int(self.sentence)))
        return self._connection.execute(sql, condition.values).fetchone() is not None

    def _mentioned(self, field: Field) -> list[tuple[int, int]] | None:
        rows = (
            self._connection.execute(  # of this sentence alone: a condition on all of them would look at each mention
                'SELECT DISTINCT start, "end" FROM mentions WHERE sentence = ? AND negated = 0 AND code GLOB ? '
                "AND (? = '' OR instr(fold(term), fold(?)) > 0) ORDER BY start, \"end\"",
                (
                    self.sentence,
                    "cluster.named" if field.name == "name" else field.value.casefold().replace("[", "[[]"),
                    "" if field.name == "code" else field.value,
                    field.value,
                ),
            ).fetchall()
        )
        if not rows:
            return None
        # a mention by the model has no place of its own: it covers its sentence
        return [(start, end) for start, end in rows if 0 <= start < end <= self.length]


def concordance(
    connection: sqlite3.Connection,
    node: Node,
    filter: Filter,
    *,
    show: Show = "kwic",
    sort: Sort = "",
    limit: int | None = None,
    width: int = 60,
) -> Iterator[dict[str, Any]]:
    """One row a hit (`kwic`) or a sentence (`sentence`, `block`).

    Keys: document, year, region, page, left, match, right, text, section, codes, language, sentence_id, document_id,
    box ({page, x0, top, x1, bottom} of the hit's first line, or None), link. `left` and `right` are up to `width`
    characters of the block before and after the hit; `match` of a sentence row joins its hits by ` … `.

    Args:
        sort: by the words before the hit (nearest first), after it, by document or by year; empty: as stored.
        limit: rows at most; without sort no more than these are looked for.
    """
    placed = _placed(find_sentences(connection, node, filter), show)
    if sort:
        key = _sort_key(connection, sort)
        chosen = sorted(placed, key=key) if limit is None else heapq.nsmallest(limit, placed, key=key)
        placed = iter(chosen)
    describe = _Describer(connection, show, width)
    for number, (hit, start, end) in enumerate(placed):
        if limit is not None and number >= limit:
            return
        yield describe(hit, start, end)


Placed = tuple[Hit, int, int]


def _placed(found: Iterator[Hit], show: Show) -> Iterator[Placed]:
    """Each hit with where it starts and ends in the block; sentence and block rows: the sentence."""
    for hit in found:
        if show == "kwic" and hit.hits:
            for start, end in hit.hits:
                yield hit, hit.start + start, hit.start + end
        else:
            yield hit, hit.start, hit.end


def _sort_key(connection: sqlite3.Connection, sort: Sort) -> Callable[[Placed], Any]:
    if sort == "right":
        return lambda placed: placed[0].block_text[placed[2] :][:80].casefold().split()
    if sort == "left":
        return lambda placed: placed[0].block_text[: placed[1]][-80:].casefold().split()[::-1]
    column = "path" if sort == "document" else "coalesce(year, 9999)"
    order = dict(connection.execute(f"SELECT number, {column} FROM documents"))
    return lambda placed: (order[placed[0].document], placed[0].number, placed[1])


class _Describer:
    """Makes rows; what several rows share is asked once."""

    def __init__(self, connection: sqlite3.Connection, show: Show, width: int) -> None:
        self._connection, self._show, self._width = connection, show, width
        self._documents: dict[int, tuple[Any, ...]] = {}

    def __call__(self, hit: Hit, start: int, end: int) -> dict[str, Any]:
        document_id, path, year, region = self._document(hit.document)
        page, section, spans = self._connection.execute(
            "SELECT b.page, s.path, b.spans FROM blocks AS b JOIN sections AS s ON s.number = b.section "
            "WHERE b.number = ?",
            (hit.block,),
        ).fetchone()
        box = first_box(spans, start, end)
        codes = self._connection.execute(
            "SELECT DISTINCT code FROM mentions WHERE sentence = ? AND negated = 0 ORDER BY code", (hit.number,)
        )
        page = box.page if box else page
        text = hit.block_text
        row = {
            "document": PurePath(path).name,
            "year": year,
            "region": region,
            "page": page,
            "left": _one_line(text[max(0, start - self._width) : start], keep_end=True),
            "match": _one_line(text[start:end]),
            "right": _one_line(text[end : end + self._width], keep_start=True),
            "codes": [code for (code,) in codes],
            "section": " > ".join(json.loads(section)),
            "text": text if self._show == "block" else hit.text,
            "language": hit.language,
            "document_id": document_id,
            "sentence_id": hit.id,
            "box": box_row(box),
            "link": page_link(path, page),
        }
        if self._show != "kwic":
            del row["left"], row["right"]
            row["match"] = " … ".join(_one_line(hit.text[a:b]) for a, b in hit.hits)
        return row

    def _document(self, number: int) -> tuple[Any, ...]:
        if number not in self._documents:
            self._documents[number] = self._connection.execute(
                "SELECT id, path, year, region FROM documents WHERE number = ?", (number,)
            ).fetchone()
        return self._documents[number]


def first_box(spans: str, start: int, end: int, *, whole: bool = False) -> Box | None:
    """The box of the first line of characters [start, end) of a block with these packed spans.

    `whole`: the frame around all their lines on the first page.
    """
    unpacked = unpack_spans(spans)
    empty = Block("", "", 0, 0, "paragraph", 0, (), Box(0, 0, 0, 0, 0), "", "", unpacked)
    boxes = empty.boxes(start, end)
    if not boxes or not whole:
        return boxes[0] if boxes else None
    own = [box for box in boxes if box.page == boxes[0].page]
    return Box(
        own[0].page,
        min(box.x0 for box in own),
        min(box.top for box in own),
        max(box.x1 for box in own),
        max(box.bottom for box in own),
    )


def box_row(box: Box | None) -> dict[str, float] | None:
    """A box for JSON, rounded to 0.01 point."""
    if box is None:
        return None
    numbers = {name: round(getattr(box, name), 2) for name in ("x0", "top", "x1", "bottom")}
    return {"page": box.page, **numbers}


def page_link(path: str, page: int) -> str:
    """A link that PDF readers and browsers open on the page."""
    return f"{quote(path, safe='/:')}#page={page}"


def _one_line(text: str, *, keep_start: bool = False, keep_end: bool = False) -> str:
    joined = " ".join(text.split())
    before = " " if keep_start and text[:1].isspace() else ""
    after = " " if keep_end and text[-1:].isspace() else ""
    return f"{before}{joined}{after}" if joined else ""

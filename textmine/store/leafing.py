"""A document to leaf through: what it is, its headings, and one page at a time with sentences, codes and boxes."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from textmine.errors import StoreError
from textmine.records import BODY_KINDS, Block, Box, Document, Mention, Page, Sentence
from textmine.store.packing import unpack_id, unpack_spans
from textmine.store.read import read_document_row
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = ["DocumentView", "Heading", "PageView", "page_view", "read_view"]

#: A prefix of an id must be so long to name a document.
LEAST_PREFIX = 8


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the structure: its level (1 = highest), text and page."""

    level: int
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its pages and structure; `codes` counts coded sentences by code, `coded_pages` by page."""

    document: Document
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...]
    codes: dict[str, int]
    coded_pages: dict[int, int]


@dataclass(frozen=True, slots=True)
class PageView:
    """The blocks that stand on a page (wholly or in part), with their sentences and mentions."""

    blocks: tuple[Block, ...]
    sentences: dict[str, tuple[Sentence, ...]]
    mentions: dict[str, tuple[Mention, ...]]


def find_document(connection: sqlite3.Connection, prefix: str) -> int:
    """Number of the document whose id begins so.

    Raises:
        StoreError: none or several do, or the prefix is too short.
    """
    rows = []
    if len(prefix) >= LEAST_PREFIX and prefix.isalnum():
        rows = connection.execute(
            "SELECT number FROM documents WHERE id >= ? AND id < ? LIMIT 2", (prefix, prefix + "\U0010ffff")
        ).fetchall()
    if len(rows) != 1:
        raise StoreError(f"document {prefix[:70]}: not in the store.")
    return int(rows[0][0])


def read_view(connection: sqlite3.Connection, prefix: str) -> DocumentView:
    """The document whose id begins with `prefix` (8 characters or more).

    Raises:
        StoreError: there is no such document.
    """
    number = find_document(connection, prefix)
    document = read_document_row(connection, number)
    first, last = _bounds(number)
    pages = connection.execute(
        "SELECT number, width_pt, height_pt, source, flags FROM pages WHERE document = ? ORDER BY number", (number,)
    )
    headings = connection.execute(
        "SELECT level, text, page FROM blocks WHERE number BETWEEN ? AND ? AND kind = 'heading' ORDER BY number",
        (first, last),
    )
    codes = connection.execute(
        "SELECT code, count(DISTINCT sentence) FROM mentions WHERE sentence BETWEEN ? AND ? AND negated = 0 "
        "GROUP BY code ORDER BY code",
        (first, last),
    )
    coded = connection.execute(
        "SELECT b.page, count(DISTINCT m.sentence) FROM mentions AS m JOIN sentences AS s ON s.number = m.sentence "
        "JOIN blocks AS b ON b.number = s.block WHERE m.sentence BETWEEN ? AND ? AND m.negated = 0 GROUP BY b.page",
        (first, last),
    )
    return DocumentView(
        document,
        tuple(Page(document.id, n, width, height, source, tuple(json.loads(flags)))
              for n, width, height, source, flags in pages),
        tuple(Heading(*row) for row in headings),
        dict(codes),
        dict(coded),
    )  # fmt: skip


def page_view(connection: sqlite3.Connection, document_id: str, page: int) -> PageView:
    """What stands on a page, in reading order; a paragraph that runs over a page end is on both.

    Raises:
        StoreError: there is no such document.
    """
    number = find_document(connection, document_id)
    first, last = _bounds(number)
    kinds = ", ".join("?" * len(BODY_KINDS))
    # a block that began before the page may reach into it: those of the last page before it that has blocks
    rows = connection.execute(
        "SELECT b.number, b.id, b.place, b.page, b.kind, b.level, s.path, b.x0, b.top, b.x1, b.bottom, b.language, "
        "b.text, b.spans, b.row, b.flags FROM blocks AS b JOIN sections AS s ON s.number = b.section "
        f"WHERE b.number BETWEEN ? AND ? AND b.kind IN ({kinds}) AND b.page BETWEEN "
        "coalesce((SELECT max(x.page) FROM blocks AS x WHERE x.number BETWEEN ? AND ? AND x.page < ?), ?) AND ? "
        "ORDER BY b.number",
        (first, last, *BODY_KINDS, first, last, page, page, page),
    )
    blocks = {}
    for row in rows:
        block = _block(document_id, row[1:])
        if block.page == page or any(span.box.page == page for span in block.spans):
            blocks[int(row[0])] = block
    sentences: dict[str, list[Sentence]] = defaultdict(list)
    wanted = json.dumps(list(blocks))
    by_number: dict[int, str] = {}
    for own, cell, block_number, place, start, end, language in connection.execute(
        'SELECT number, id, block, place, start, "end", language FROM sentences '
        "WHERE block IN (SELECT value FROM json_each(?)) ORDER BY number",
        (wanted,),
    ):
        block = blocks[block_number]
        by_number[own] = unpack_id(cell)
        sentences[block.id].append(
            Sentence(by_number[own], block.id, document_id, place, start, end, language, block.text[start:end], (), (),
                     tuple(block.boxes(start, end)))
        )  # fmt: skip
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for cell, sentence, code, start, end, term, score, method, negated in connection.execute(
        'SELECT id, sentence, code, start, "end", term, score, method, negated FROM mentions '
        "WHERE sentence IN (SELECT value FROM json_each(?)) ORDER BY sentence, start, number",
        (json.dumps(list(by_number)),),
    ):
        own_id = by_number[sentence]
        mentions[own_id].append(Mention(unpack_id(cell), own_id, code, start, end, term, score, method, bool(negated)))
    return PageView(
        tuple(blocks.values()),
        {block: tuple(own) for block, own in sentences.items()},
        {sentence: tuple(own) for sentence, own in mentions.items()},
    )


def _bounds(number: int) -> tuple[int, int]:
    return number << DOCUMENT_SHIFT, ((number + 1) << DOCUMENT_SHIFT) - 1


def _block(document_id: str, row: tuple[Any, ...]) -> Block:
    return Block(
        id=unpack_id(row[0]),
        document_id=document_id,
        index=row[1],
        page=row[2],
        kind=row[3],
        level=row[4],
        section=tuple(json.loads(row[5])),
        box=Box(row[2], *row[6:10]),
        language=row[10],
        text=row[11],
        spans=unpack_spans(row[12]),
        row=row[13],
        flags=tuple(json.loads(row[14])),
    )

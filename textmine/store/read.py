"""Documents out of the store again, as the records they came in as."""

from __future__ import annotations

import json
import sqlite3

from textmine.errors import StoreError
from textmine.records import Block, Box, Document, Mention, Page, Reading, Sentence
from textmine.store.packing import split_words, unpack_id, unpack_offsets, unpack_spans
from textmine.store.schema import DOCUMENT_SHIFT
from textmine.store.write import document_number

__all__ = ["read_document_row", "read_mentions", "read_reading", "read_sentences"]


def _range(connection: sqlite3.Connection, document_id: str) -> tuple[int, int, int]:
    """Number of the document, and the first and last number its rows can have."""
    number = document_number(connection, document_id)
    if number is None:
        raise StoreError(f"document {document_id}: not in the store. 'textmine query --count document' lists all.")
    return number, number << DOCUMENT_SHIFT, ((number + 1) << DOCUMENT_SHIFT) - 1


def read_reading(connection: sqlite3.Connection, document_id: str) -> Reading:
    """The document with its pages and blocks; boxes of spans are rounded to 0.01 point.

    Raises:
        StoreError: there is no such document.
    """
    number, first, last = _range(connection, document_id)
    document = read_document_row(connection, number)
    pages = connection.execute(
        "SELECT number, width_pt, height_pt, source, flags FROM pages WHERE document = ? ORDER BY number", (number,)
    )
    blocks = connection.execute(
        "SELECT b.id, b.place, b.page, b.kind, b.level, s.path, b.x0, b.top, b.x1, b.bottom, b.language, b.text, "
        "b.spans, b.row, b.flags FROM blocks AS b JOIN sections AS s ON s.number = b.section "
        "WHERE b.number BETWEEN ? AND ? ORDER BY b.number",
        (first, last),
    )
    return Reading(
        document,
        tuple(
            Page(document_id, number, width, height, source, tuple(json.loads(flags)))
            for number, width, height, source, flags in pages
        ),
        tuple(
            Block(
                id=unpack_id(block[0]),
                document_id=document_id,
                index=block[1],
                page=block[2],
                kind=block[3],
                level=block[4],
                section=tuple(json.loads(block[5])),
                box=Box(block[2], *block[6:10]),
                language=block[10],
                text=block[11],
                spans=unpack_spans(block[12]),
                row=block[13],
                flags=tuple(json.loads(block[14])),
            )
            for block in blocks
        ),
    )


def read_document_row(connection: sqlite3.Connection, number: int) -> Document:
    """The document of this number."""
    (row,) = connection.execute(
        "SELECT id, path, title, year, region, level, type, issuer, languages, n_pages, n_words, status, flags, error, "
        "origins FROM documents WHERE number = ?",
        (number,),
    )
    names = ("id", "path", "title", "year", "region", "level", "type", "issuer")
    return Document(
        **dict(zip(names, row, strict=False)),
        languages=tuple(json.loads(row[8])),
        n_pages=row[9],
        n_words=row[10],
        status=row[11],
        flags=tuple(json.loads(row[12])),
        error=row[13],
        origins=json.loads(row[14]),
    )


def read_sentences(connection: sqlite3.Connection, reading: Reading) -> list[Sentence]:
    """The sentences of a document that `read_reading` gave, in order; their boxes come from its blocks."""
    _, first, last = _range(connection, reading.document.id)
    by_place = dict(enumerate(reading.blocks, first))
    rows = connection.execute(
        'SELECT id, block, place, start, "end", language, lemmas, offsets, flags FROM sentences '
        "WHERE number BETWEEN ? AND ? ORDER BY number",
        (first, last),
    )
    sentences = []
    for cell, block_number, place, start, end, language, lemmas, offsets, flags in rows:
        block = by_place[block_number]
        sentences.append(
            Sentence(
                id=unpack_id(cell),
                block_id=block.id,
                document_id=reading.document.id,
                index=place,
                start=start,
                end=end,
                language=language,
                text=block.text[start:end],
                lemmas=tuple(split_words(lemmas)),
                offsets=tuple(unpack_offsets(offsets)),
                boxes=tuple(block.boxes(start, end)),
                flags=tuple(json.loads(flags)) if flags else (),
            )
        )
    return sentences


def read_mentions(connection: sqlite3.Connection, document_id: str) -> list[Mention]:
    """The mentions of a document, in the order in which they were stored.

    Raises:
        StoreError: there is no such document.
    """
    _, first, last = _range(connection, document_id)
    rows = connection.execute(
        'SELECT m.id, s.id, m.code, m.start, m."end", m.term, m.score, m.method, m.negated FROM mentions AS m '
        "JOIN sentences AS s ON s.number = m.sentence WHERE m.number BETWEEN ? AND ? ORDER BY m.number",
        (first, last),
    )
    return [
        Mention(unpack_id(own), unpack_id(sentence), code, start, end, term, score, method, bool(negated))
        for own, sentence, code, start, end, term, score, method, negated in rows
    ]

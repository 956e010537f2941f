"""Documents into the store: each with its pages, blocks, sentences and mentions in one transaction, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from textmine.errors import StoreError
from textmine.records import BODY_KINDS, Block, Document, Mention, Reading, Sentence
from textmine.store.packing import (
    clean_text,
    count_words,
    fold_words,
    join_words,
    pack_id,
    pack_offsets,
    pack_spans,
    unpack_offsets,
)
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = ["add_document", "delete_document", "document_number", "replace_mentions", "transaction"]

MAX_ROWS = 1 << DOCUMENT_SHIFT

_ADD_SEARCH = "INSERT INTO search (rowid, lemmas, forms) VALUES (?, ?, ?)"
# the index keeps no texts: what is taken out must be said again, word for word
_DELETE_SEARCH = "INSERT INTO search (search, rowid, lemmas, forms) VALUES ('delete', ?, ?, ?)"


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; a transaction inside another is part of the outer one."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back already
            connection.execute("ROLLBACK")
        raise


def document_number(connection: sqlite3.Connection, document_id: str) -> int | None:
    """The number of a document in this store; None when it is not there."""
    row = connection.execute("SELECT number FROM documents WHERE id = ?", (document_id,)).fetchone()
    return row[0] if row else None


def add_document(
    connection: sqlite3.Connection,
    reading: Reading,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    *,
    work_key: str = "",
) -> int:
    """Store a document; one with the same id is replaced and keeps its number, which is returned.

    Raises:
        StoreError: a sentence names no block of the reading, a mention no sentence, or there are too many rows.
    """
    document = reading.document
    if max(len(reading.blocks), len(sentences), len(mentions)) > MAX_ROWS:
        raise StoreError(
            f"{document.path}: over {MAX_ROWS:,} blocks, sentences or mentions. Split the document, or set max_pages."
        )
    with transaction(connection):
        number = document_number(connection, document.id)
        if number is None:
            (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM documents").fetchone()
            number = last + 1
        else:
            delete_document(connection, document.id)
        first = number << DOCUMENT_SHIFT
        body = {block.id for block in reading.blocks if block.kind in BODY_KINDS}
        sentence_rows, search_rows, counts, block_counts = _sentence_rows(reading.blocks, sentences, first, body)
        _add_document_row(connection, document, number, sum(n for n, _, _ in counts.values()), work_key)
        connection.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?)",
            [
                (number, page.number, page.width_pt, page.height_pt, page.source, _json(page.flags))
                for page in reading.pages
            ],
        )
        _add_blocks(connection, reading.blocks, number, block_counts)
        connection.executemany("INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", sentence_rows)
        connection.executemany(_ADD_SEARCH, search_rows)
        connection.executemany(
            "INSERT INTO counts VALUES (?, ?, ?, ?, ?)",
            [(number, language, *numbers) for language, numbers in sorted(counts.items())],
        )
        _add_mentions(connection, document, mentions, {s.id: first + i for i, s in enumerate(sentences)}, first)
    return number


def replace_mentions(
    connection: sqlite3.Connection, document_id: str, mentions: Sequence[Mention], *, work_key: str
) -> None:
    """New mentions for a document that is stored; its text stays.

    Raises:
        StoreError: there is no such document.
    """
    with transaction(connection):
        number = document_number(connection, document_id)
        if number is None:
            raise StoreError(f"document {document_id}: not in the store. Ingest it first.")
        first, last = _range(number)
        connection.execute("DELETE FROM mentions WHERE number BETWEEN ? AND ?", (first, last))
        numbers = connection.execute("SELECT id, number FROM sentences WHERE number BETWEEN ? AND ?", (first, last))
        sentence_numbers = {(cell.hex() if isinstance(cell, bytes) else cell): row for cell, row in numbers}
        _add_mentions(connection, Document(document_id, document_id), mentions, sentence_numbers, first)
        connection.execute("UPDATE documents SET work_key = ? WHERE number = ?", (work_key, number))


def delete_document(connection: sqlite3.Connection, document_id: str) -> bool:
    """Take a document and all that hangs on it out of the store; whether it was there."""
    with transaction(connection):
        number = document_number(connection, document_id)
        if number is None:
            return False
        first, last = _range(number)
        connection.executemany(_DELETE_SEARCH, list(_stored_search_rows(connection, first, last)))
        connection.execute("DELETE FROM mentions WHERE number BETWEEN ? AND ?", (first, last))
        connection.execute("DELETE FROM vectors WHERE document = ?", (number,))
        connection.execute("DELETE FROM sentences WHERE number BETWEEN ? AND ?", (first, last))
        connection.execute("DELETE FROM blocks WHERE number BETWEEN ? AND ?", (first, last))
        for table in ("pages", "counts"):
            connection.execute(f"DELETE FROM {table} WHERE document = ?", (number,))
        connection.execute("DELETE FROM documents WHERE number = ?", (number,))
    return True


def _range(number: int) -> tuple[int, int]:
    """First and last number that blocks, sentences and mentions of a document can have."""
    return number << DOCUMENT_SHIFT, ((number + 1) << DOCUMENT_SHIFT) - 1


def _stored_search_rows(connection: sqlite3.Connection, first: int, last: int) -> Iterator[tuple[int, str, str]]:
    rows = connection.execute(
        'SELECT s.number, s.lemmas, s.offsets, s.start, s."end", b.text FROM sentences AS s '
        "JOIN blocks AS b ON b.number = s.block WHERE s.number BETWEEN ? AND ?",
        (first, last),
    )
    for number, lemmas, offsets, start, end, block_text in rows:
        text = block_text[start:end]
        forms = join_words([text[a:b] for a, b in unpack_offsets(offsets)])
        yield number, fold_words(lemmas), fold_words(forms)


def _json(values: Iterable[str] | Mapping[str, str]) -> str:
    if not values:
        return "{}" if isinstance(values, Mapping) else "[]"
    plain = dict(values) if isinstance(values, Mapping) else list(values)
    return clean_text(json.dumps(plain, ensure_ascii=False))


def _add_document_row(
    connection: sqlite3.Connection, document: Document, number: int, n_sentences: int, work_key: str
) -> None:
    texts = (document.title, document.region, document.level, document.type, document.issuer, document.error)
    title, region, level, kind, issuer, error = map(clean_text, texts)
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, document.id, clean_text(document.path), title, document.year, region, level, kind, issuer,
            _json(document.languages), document.n_pages, document.n_words, n_sentences, document.status,
            _json(document.flags), error, _json(document.origins), work_key,
        ),
    )  # fmt: skip


def _sentence_rows(
    blocks: Sequence[Block], sentences: Sequence[Sentence], first: int, body: set[str]
) -> tuple[list[tuple[object, ...]], list[tuple[int, str, str]], dict[str, list[int]], dict[str, list[int]]]:
    """Rows of `sentences` and of the index, [sentences, words, tokens] by language (body) and [.., ..] by block."""
    block_numbers = {block.id: first + place for place, block in enumerate(blocks)}
    rows: list[tuple[object, ...]] = []
    search: list[tuple[int, str, str]] = []
    counts: dict[str, list[int]] = {}
    block_counts: dict[str, list[int]] = {}
    for number, sentence in enumerate(sentences, first):
        block = block_numbers.get(sentence.block_id)
        if block is None:
            raise StoreError(f"sentence {sentence.id}: its block {sentence.block_id} is not in the document. A bug.")
        text = sentence.text
        forms = [text[start:end] for start, end in sentence.offsets]
        lemmas = join_words(sentence.lemmas)
        n_words = count_words(forms)
        rows.append(
            (
                number, pack_id(sentence.id), block, sentence.index, sentence.start, sentence.end, sentence.language,
                n_words, lemmas, pack_offsets(sentence.offsets), _json(sentence.flags) if sentence.flags else "",
            )
        )  # fmt: skip
        search.append((number, lemmas.casefold(), join_words(forms).casefold()))
        in_block = block_counts.setdefault(sentence.block_id, [0, 0])
        in_block[0] += 1
        in_block[1] += n_words
        if sentence.block_id in body:
            in_language = counts.setdefault(sentence.language, [0, 0, 0])
            in_language[0] += 1
            in_language[1] += n_words
            in_language[2] += len(forms)
    return rows, search, counts, block_counts


def _add_blocks(
    connection: sqlite3.Connection, blocks: Sequence[Block], number: int, block_counts: Mapping[str, Sequence[int]]
) -> None:
    first = number << DOCUMENT_SHIFT
    paths = {block.section: _json(block.section) for block in blocks}
    connection.executemany("INSERT OR IGNORE INTO sections (path) VALUES (?)", [(path,) for path in paths.values()])
    sections = {
        path: connection.execute("SELECT number FROM sections WHERE path = ?", (path,)).fetchone()[0]
        for path in paths.values()
    }
    rows = []
    for place, block in enumerate(blocks):
        n_sentences, n_words = block_counts.get(block.id, (0, 0))
        box = block.box
        rows.append(
            (
                first + place, pack_id(block.id), number, block.index, block.page, block.kind, block.level,
                sections[paths[block.section]], block.language, n_sentences, n_words, block.row,
                box.x0, box.top, box.x1, box.bottom, _json(block.flags), clean_text(block.text),
                pack_spans(block.spans),
            )
        )  # fmt: skip
    marks = ", ".join("?" * 19)
    connection.executemany(f"INSERT INTO blocks VALUES ({marks})", rows)


def _add_mentions(
    connection: sqlite3.Connection,
    document: Document,
    mentions: Sequence[Mention],
    sentence_numbers: Mapping[str, int],
    first: int,
) -> None:
    strangers = Counter(mention.sentence_id for mention in mentions if mention.sentence_id not in sentence_numbers)
    if strangers:
        raise StoreError(f"{document.path}: {strangers.total()} mentions name sentences that are not in it. A bug.")
    connection.executemany(
        "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                first + place, pack_id(mention.id), sentence_numbers[mention.sentence_id], mention.code,
                mention.start, mention.end, clean_text(mention.term), mention.score, mention.method, mention.negated,
            )
            for place, mention in enumerate(mentions)
        ],
    )  # fmt: skip

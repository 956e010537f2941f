"""Sentences of like meaning in both languages: their vectors in half precision, searched exactly, document by document.

The vectors of one document are one row (`sentences`: numbers, int64; `vectors`: (n, dimensions) float16, C order), so
that memory holds one document at a time, however large the corpus is.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np

from textmine.errors import DataError
from textmine.store.planning import Plan
from textmine.store.schema import DOCUMENT_SHIFT
from textmine.store.write import transaction

__all__ = ["MAX_UNSTORED", "count_missing", "nearest", "store_vectors"]

#: Sentences encoded for one question when none are stored: about a quarter of a minute.
MAX_UNSTORED = 10_000
#: Rows multiplied at a time.
_ROWS = 16_384

Encode = Callable[[Sequence[str]], np.ndarray]


def count_missing(connection: sqlite3.Connection, encoder: str) -> int:
    """Sentences in documents whose vectors by this encoder are not stored."""
    (n,) = connection.execute(
        "SELECT coalesce(sum(n_sentences), 0) FROM documents "
        "WHERE number NOT IN (SELECT document FROM vectors WHERE encoder = ?)",
        (encoder,),
    ).fetchone()
    return int(n)


def store_vectors(
    connection: sqlite3.Connection, encode: Encode, encoder: str, *, on_document: Callable[[str], None]
) -> int:
    """Encode the documents without vectors, each in a transaction of its own; the number of sentences encoded."""
    missing = _without_vectors(connection, encoder)
    n_encoded = 0
    for document, path in missing:
        numbers, texts = _texts(connection, document)
        if texts:
            cells = _pack(numbers, encode(texts))
            with transaction(connection):
                connection.execute("DELETE FROM vectors WHERE document = ?", (document,))
                connection.execute(
                    "INSERT INTO vectors (document, encoder, sentences, vectors) VALUES (?, ?, ?, ?)",
                    (document, encoder, *cells),
                )
        n_encoded += len(texts)
        on_document(path)
    return n_encoded


def nearest(
    connection: sqlite3.Connection, text: str, scope: Plan, encode: Encode, encoder: str, *, limit: int
) -> list[tuple[int, float]]:
    """(number of the sentence, cosine) of the sentences nearest in meaning, the nearest first.

    Raises:
        DataError: vectors are not stored and there are too many sentences to encode now.
    """
    question = encode([text])[0].astype(np.float32)
    wanted: np.ndarray | None = None
    if scope.match is not None or scope.conditions:
        sql, values = scope.sql()
        wanted = np.array(sorted(number for (number,) in connection.execute(sql, values)), dtype=np.int64)
    best: list[tuple[float, int]] = []
    documents = None if wanted is None else set((wanted >> DOCUMENT_SHIFT).tolist())
    for numbers, vectors in _blocks(connection, encode, encoder, documents):
        if wanted is not None:
            first_place, last_place = np.searchsorted(wanted, (numbers[0], numbers[-1] + 1))
            kept = np.isin(numbers, wanted[first_place:last_place], assume_unique=True)
            numbers, vectors = numbers[kept], vectors[kept]
        for first in range(0, len(numbers), _ROWS):
            cosines = _as_float32(vectors[first : first + _ROWS]) @ question
            floor = best[0][0] if len(best) == limit else -2.0
            for place in np.flatnonzero(cosines > floor):
                # the number decides between equals, so that the answer is the same every time
                entry = (float(cosines[place]), -int(numbers[first + place]))
                if len(best) < limit:
                    heapq.heappush(best, entry)
                else:
                    heapq.heappushpop(best, entry)
    return [(-number, cosine) for cosine, number in sorted(best, reverse=True)]


@cache
def _float32_of_float16() -> np.ndarray:
    """(65536,) float32: the value of every half-precision number, by its bits."""
    return np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)


def _as_float32(halves: np.ndarray) -> np.ndarray:
    """The same values, looked up: twice as fast as numpy's conversion (0.41 s against 0.85 s for 512 million)."""
    return np.take(_float32_of_float16(), np.ascontiguousarray(halves).view(np.uint16), mode="clip")


def _blocks(
    connection: sqlite3.Connection, encode: Encode, encoder: str, documents: set[int] | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Numbers, ascending, and vectors of one document after the other; of these documents, or of all."""
    n_missing = count_missing(connection, encoder)
    if n_missing > MAX_UNSTORED:
        raise DataError(
            f"--like: {n_missing:,} sentences have no vectors yet, too many to encode for one question. "
            "Store them once with 'textmine query --store-vectors'."
        )
    stored = connection.execute("SELECT number, document FROM vectors WHERE encoder = ?", (encoder,)).fetchall()
    for row, document in stored:
        if documents is None or document in documents:
            sentences, vectors = connection.execute(
                "SELECT sentences, vectors FROM vectors WHERE number = ?", (row,)
            ).fetchone()
            numbers = np.frombuffer(sentences, dtype="<i8")
            yield numbers, np.frombuffer(vectors, dtype="<f2").reshape(len(numbers), -1)
    if n_missing:
        for document, _ in _without_vectors(connection, encoder):
            own, texts = _texts(connection, document)
            if texts and (documents is None or document in documents):
                yield np.array(own, dtype=np.int64), encode(texts).astype(np.float16)


def _without_vectors(connection: sqlite3.Connection, encoder: str) -> list[tuple[int, str]]:
    """Number and path of the documents without vectors by this encoder."""
    return connection.execute(
        "SELECT number, path FROM documents WHERE number NOT IN (SELECT document FROM vectors WHERE encoder = ?)",
        (encoder,),
    ).fetchall()


def _pack(numbers: Sequence[int], vectors: np.ndarray) -> tuple[bytes, bytes]:
    return np.array(numbers, dtype="<i8").tobytes(), np.ascontiguousarray(vectors, dtype="<f2").tobytes()


def _texts(connection: sqlite3.Connection, document: int) -> tuple[list[int], list[str]]:
    rows = connection.execute(
        'SELECT s.number, b.text, s.start, s."end" FROM blocks AS b JOIN sentences AS s ON s.block = b.number '
        "WHERE b.document = ? ORDER BY s.number",
        (document,),
    ).fetchall()
    return [row[0] for row in rows], [row[1][row[2] : row[3]] for row in rows]

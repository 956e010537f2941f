"""`Store`: one SQLite file with a corpus in it. The methods are thin; the work stands in the files beside."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from textmine.records import Mention, Reading, Sentence
from textmine.store import read, write
from textmine.store.connection import Mode, explained, open_connection
from textmine.store.filters import Filter

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Store"]


class Store:
    """A corpus in one SQLite file.

    Open it with `Store.open`, best in a `with` statement. Many may read while one writes. Not for use by several
    threads at once: give each its own.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection

    @classmethod
    def open(cls, path: Path | str, mode: Mode = "ro") -> Store:
        """The store at `path`; `rw` makes it when it is not there, `ro` only reads, also while another writes.

        Raises:
            StoreError: the file is missing, is no store, is damaged, is locked or was made by another version.
        """
        path = Path(path)
        return cls(path, open_connection(path, mode))

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the last to close a store that was written folds its log into it."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What is written inside is kept together or not at all; makes many small writes faster."""
        with explained(self.path), write.transaction(self.connection):
            yield

    # Documents

    def add(
        self, reading: Reading, sentences: Sequence[Sentence], mentions: Sequence[Mention], *, work_key: str = ""
    ) -> None:
        """Store a document in one transaction; one with the same id is replaced.

        `work_key` names how it was read and coded; `has` asks for it.
        """
        with explained(self.path):
            write.add_document(self.connection, reading, sentences, mentions, work_key=work_key)

    def replace_mentions(self, document_id: str, mentions: Sequence[Mention], *, work_key: str = "") -> None:
        """New mentions for a stored document, whose text stays, in one transaction.

        Raises:
            StoreError: there is no such document.
        """
        with explained(self.path):
            write.replace_mentions(self.connection, document_id, mentions, work_key=work_key)

    def delete(self, document_id: str) -> bool:
        """Take a document out in one transaction; whether it was there."""
        with explained(self.path):
            return write.delete_document(self.connection, document_id)

    def has(self, document_id: str, work_key: str | None = None) -> bool:
        """Whether the document is there, was not a failure, and was made with this work key (None: any)."""
        row = self._one("SELECT work_key, status FROM documents WHERE id = ?", document_id)
        return row is not None and row[1] != "failed" and work_key in (None, row[0])

    def document_ids(self) -> list[str]:
        """Ids of all documents, by path."""
        return [row[0] for row in self._all("SELECT id FROM documents ORDER BY path, id")]

    def reading(self, document_id: str) -> Reading:
        """A document with its pages and blocks, as it was stored.

        Raises:
            StoreError: there is no such document.
        """
        with explained(self.path):
            return read.read_reading(self.connection, document_id)

    def sentences(self, document_id: str) -> list[Sentence]:
        """The sentences of a document, in order, as they were stored.

        Raises:
            StoreError: there is no such document.
        """
        with explained(self.path):
            return read.read_sentences(self.connection, read.read_reading(self.connection, document_id))

    def mentions(self, document_id: str) -> list[Mention]:
        """The mentions of a document, as they were stored.

        Raises:
            StoreError: there is no such document.
        """
        with explained(self.path):
            return read.read_mentions(self.connection, document_id)

    # Frames for the analysis

    def documents_frame(self, filter: Filter = Filter()) -> pl.DataFrame:  # noqa: B008 - frozen
        """Columns document_id, path, title, year, region, level, type, issuer, languages, n_pages, n_words,
        n_sentences (of the body), status; by path."""  # fmt: skip
        from textmine.store import frames

        with explained(self.path):
            return frames.documents_frame(self.connection, filter)

    def counts_frame(self, filter: Filter = Filter()) -> pl.DataFrame:  # noqa: B008 - frozen
        """Columns document_id, language, n_sentences, n_words: the body's denominators, by path and language."""
        from textmine.store import frames

        with explained(self.path):
            return frames.counts_frame(self.connection, filter)

    def blocks_frame(self, filter: Filter = Filter()) -> pl.DataFrame:  # noqa: B008 - frozen
        """Columns block_id, document_id, index, page, kind, section, language, n_sentences, n_words, lemmas."""
        from textmine.store import frames

        with explained(self.path):
            return frames.blocks_frame(self.connection, filter)

    def mentions_frame(self, filter: Filter = Filter()) -> pl.DataFrame:  # noqa: B008 - frozen
        """Columns mention_id, sentence_id, block_id, document_id, code, term, negated, score, method, language."""
        from textmine.store import frames

        with explained(self.path):
            return frames.mentions_frame(self.connection, filter)

    # Runs, facts about the corpus, derived tables

    def add_run(self, manifest: Mapping[str, object]) -> None:
        """Keep the manifest of a run; one equal to the last is not kept twice."""
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, default=str)
        last = self._one("SELECT manifest FROM runs ORDER BY number DESC LIMIT 1")
        if last is None or last[0] != text:
            self._write("INSERT INTO runs (manifest) VALUES (?)", text)

    def runs(self) -> list[dict[str, Any]]:
        """The manifests of all runs, the oldest first."""
        return [json.loads(row[0]) for row in self._all("SELECT manifest FROM runs ORDER BY number")]

    def get_meta(self, key: str, default: Any = None) -> Any:
        """A fact about the corpus, as `set_meta` was given it."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return default if row is None else json.loads(row[0])

    def set_meta(self, key: str, value: object) -> None:
        """Keep a fact about the corpus (anything that JSON holds)."""
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, json.dumps(value, ensure_ascii=False))

    def get_table(self, name: str) -> Any:
        """A derived result, as `put_table` was given it; None when there is none."""
        row = self._one("SELECT value FROM derived WHERE name = ?", name)
        return None if row is None else json.loads(row[0])

    def put_table(self, name: str, value: object) -> None:
        """Keep a derived result (anything that JSON holds), in place of an earlier one of this name."""
        self._write("INSERT OR REPLACE INTO derived VALUES (?, ?)", name, json.dumps(value, ensure_ascii=False))

    # The one way to SQL of the methods above

    def _one(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        with explained(self.path):
            row: tuple[Any, ...] | None = self.connection.execute(sql, values).fetchone()
            return row

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with explained(self.path):
            return self.connection.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with explained(self.path), write.transaction(self.connection):
            self.connection.execute(sql, values)

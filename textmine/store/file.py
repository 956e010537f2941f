"""An open store: its file, its transactions, what it sees while another process writes, and the way to its SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from textmine.store import write
from textmine.store.connection import Mode, explained, open_connection

__all__ = ["StoreFile"]


class StoreFile:
    """A SQLite file with a corpus in it, open; `Store` says what it holds."""

    def __init__(self, path: Path, connection: sqlite3.Connection, mode: Mode) -> None:
        self.path = path
        self.connection = connection
        self.mode = mode

    @classmethod
    def open(cls, path: Path | str, mode: Mode = "ro") -> Self:
        """The store at `path`; `rw` makes it when it is not there, `ro` only reads, also while another writes.

        Raises:
            StoreError: the file is missing, is no store, is damaged, is locked or was made by another version.
        """
        path = Path(path)
        return cls(path, open_connection(path, mode), mode)

    def __enter__(self) -> Self:
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

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """All reading inside sees one state of the store, whatever another process writes meanwhile.

        Only where this connection cannot write: what it wrote inside would wait for the end of the reading.
        """
        with explained(self.path):
            if self.mode == "rw" or self.connection.in_transaction:
                yield
                return
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                # closed: the rows were not read to their end, as in `textmine query … | head`
                with suppress(sqlite3.ProgrammingError):
                    if self.connection.in_transaction:
                        self.connection.execute("ROLLBACK")

    # The one way to SQL of the methods of a store

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

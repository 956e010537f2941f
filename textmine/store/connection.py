"""Opening a store file, and turning SQLite's errors into ours: what, where, what next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from textmine.errors import StoreError
from textmine.languages import strip_diacritics
from textmine.store.schema import APPLICATION_ID, MIGRATIONS, applied_migrations, migrate

__all__ = ["Mode", "explained", "fold", "open_connection"]

Mode = Literal["rw", "ro"]

#: How long a writer waits for another writer. One document is written in well under a second.
LOCK_SECONDS = 20.0
#: Readers look far and wide; a writer needs the pages it fills, and should stay small beside its workers.
_CACHE_KB = {"ro": 65_536, "rw": 24_576}


def open_connection(path: Path, mode: Mode) -> sqlite3.Connection:
    """A connection to the store at `path`; `rw` makes a store that is not there, `ro` never writes.

    Raises:
        StoreError: the file is missing, is no store, is damaged, is locked or was made by another version.
    """
    if mode == "ro" and not path.exists():
        raise StoreError(f"{path}: no store there. Make one with 'textmine ingest PATH', or name yours with --corpus.")
    if path.is_dir():
        raise StoreError(f"{path}: a folder, not a store. Name a file with --corpus.")
    if mode == "rw" and not path.parent.is_dir():
        raise StoreError(f"{path}: its folder does not exist. Make the folder, or name another file with --corpus.")
    with explained(path):
        connection = _connect(path, mode)
        try:
            _prepare(connection, path, mode)
        except BaseException:
            connection.close()
            raise
    return connection


def fold(text: object) -> str:
    """Text as names are compared: no case, no Polish diacritics (`Śląskie` is `slaskie`)."""
    return strip_diacritics(str(text if text is not None else "")).casefold()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors inside the block into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {_explanation(error)}") from error


def _explanation(error: sqlite3.Error) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return "locked by another program. Wait until it ends (an ingest?), or close what has the file open."
    if "not a database" in text:
        return "not a store of textmine. Name another file with --corpus."
    if "malformed" in text or "corrupt" in text:
        return f"damaged ({text}). Restore a copy, or move it away and ingest again."
    if "full" in text:
        return "the disk is full. Make room and run the same command again; what was finished is kept."
    if "disk I/O error" in text:
        return "the disk takes no more (full, over a quota, or failing). Mend it, run again; what was finished is kept."
    if "readonly" in text or "read-only" in text:
        return "cannot be written (read-only). Change its permissions, or name another file with --corpus."
    if "unable to open" in text:
        return "cannot be opened. Check its permissions, or name another file with --corpus."
    if "no such table" in text or "no such column" in text:
        return f"not a store of this version of textmine ({text}). Ingest again, or name another file with --corpus."
    return f"SQLite says: {text}. Check the file with 'PRAGMA integrity_check'."


def _connect(path: Path, mode: Mode) -> sqlite3.Connection:
    location = path.absolute().as_uri()
    if mode == "rw":
        return sqlite3.connect(f"{location}?mode=rwc", uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    connection = sqlite3.connect(f"{location}?mode=ro", uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        # a store on a read-only disk: SQLite cannot make the files of its log, and nobody can be writing
        connection.close()
        wal = path.with_name(path.name + "-wal")
        if "unable to open" not in str(error) or wal.exists():
            raise
        connection = sqlite3.connect(f"{location}?mode=ro&immutable=1", uri=True, isolation_level=None)
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, mode: Mode) -> None:
    connection.create_function("fold", 1, fold, deterministic=True)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KB[mode]}")
    connection.execute("PRAGMA temp_store = MEMORY")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (n_tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if n_tables and application != APPLICATION_ID:
        raise StoreError(f"{path}: a SQLite file, but not a store of textmine. Name another file with --corpus.")
    applied = applied_migrations(connection)
    unknown = [name for name in applied if name not in MIGRATIONS]
    if unknown:
        raise StoreError(f"{path}: made by a newer textmine (it has {unknown[0]}). Upgrade textmine, or ingest again.")
    if mode == "rw":
        connection.execute("PRAGMA journal_mode = WAL")
        # a crash of the machine may lose the last documents, never the store
        connection.execute("PRAGMA synchronous = NORMAL")
        if len(applied) < len(MIGRATIONS):
            migrate(connection)
    elif not applied:
        raise StoreError(f"{path}: an empty store. Fill it with 'textmine ingest PATH'.")
    elif len(applied) < len(MIGRATIONS):
        missing = next(name for name in MIGRATIONS if name not in applied)
        raise StoreError(f"{path}: made by an older textmine (it lacks {missing}). Run 'textmine ingest' on it once.")

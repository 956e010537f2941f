"""What a store knows of how its documents were made, and one store taken into another."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from textmine.errors import StoreError
from textmine.records import Coding
from textmine.store.connection import explained
from textmine.store.database import Store

__all__ = ["MergeSummary", "StoredWork", "merge_store", "stored_work"]


class StoredWork(NamedTuple):
    """How a stored document was read and coded, and its status."""

    work_key: str
    status: str


@dataclass
class MergeSummary:
    """Documents by what became of them; `unread` are (path, reason) of those that could not be taken over."""

    added: int = 0
    same: int = 0
    kept: int = 0
    replaced: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)


def stored_work(store: Store, document_id: str) -> StoredWork | None:
    """How the store's document of this id was made; None when it is not there."""
    with explained(store.path):
        row = store.connection.execute("SELECT work_key, status FROM documents WHERE id = ?", (document_id,)).fetchone()
    return StoredWork(*row) if row else None


def merge_store(
    target: Store, source: Store, *, replace: bool = False, on_document: Callable[[str], None] = lambda path: None
) -> MergeSummary:
    """Take the documents, runs, facts, saved queries and what people coded of one store into another.

    Each document goes in one transaction, so that a merge that was stopped can be run again. A document that both hold
    is the target's unless that one failed, or `replace` is set. Vectors and derived results (topics) stay behind: they
    are of one corpus, and are made anew.

    Args:
        on_document: called with the path of each document of the source.
    Raises:
        StoreError: the target cannot be written.
    """
    summary = MergeSummary()
    for document_id in source.document_ids():
        theirs, ours = stored_work(source, document_id), stored_work(target, document_id)
        if theirs is None:  # taken out while we merge
            continue
        if ours == theirs:
            summary.same += 1
        elif ours is not None and (theirs.status == "failed" or (ours.status != "failed" and not replace)):
            summary.kept += 1
        else:
            try:
                made = source.reading(document_id), source.sentences(document_id), source.mentions(document_id)
            except (StoreError, ValueError, KeyError, TypeError, IndexError) as error:
                summary.unread.append((document_id, str(error)))
                continue
            target.add(*made, work_key=theirs.work_key)
            summary.added += ours is None
            summary.replaced += ours is not None
        on_document(document_id)
    _merge_facts(target, source)
    _merge_codings(target, source)
    return summary


def _merge_codings(target: Store, source: Store) -> None:
    """Samples and what people decided of them, with the history.

    Raises:
        StoreError: both hold a sample of one name with other sentences.
    """
    with target.transaction():
        for name in dict.fromkeys(row["sample"] for row in source.sample_rows()):
            target.add_sample(source.sample(name))
            known = set(map(_said, target.codings(name, history=True)))
            theirs = source.codings(name, history=True)
            target.add_codings(sorted((one for one in theirs if _said(one) not in known), key=lambda one: one.time))


def _said(coding: Coding) -> tuple[object, ...]:
    return (coding.sentence_id, coding.coder, coding.codes, coding.names, coding.state, coding.note, coding.time)


def _merge_facts(target: Store, source: Store) -> None:
    """Runs, facts about the corpus and saved queries that the target does not have."""
    with explained(source.path):
        runs = [row[0] for row in source.connection.execute("SELECT manifest FROM runs ORDER BY number")]
        meta = source.connection.execute("SELECT key, value FROM meta").fetchall()
        queries = source.connection.execute("SELECT name, options FROM saved_queries").fetchall()
    known = {json.dumps(run, sort_keys=True) for run in target.runs()}
    with target.transaction():
        for run in runs:
            if json.dumps(json.loads(run), sort_keys=True) not in known:
                target.connection.execute("INSERT INTO runs (manifest) VALUES (?)", (run,))
        target.connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", meta)
        target.connection.executemany("INSERT OR IGNORE INTO saved_queries VALUES (?, ?)", queries)

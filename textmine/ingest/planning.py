"""What is to be done for each file, by its content and by how the store's document was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import textmine
from textmine.reading import ORIGIN, metadata_for
from textmine.records import content_id
from textmine.settings import Settings
from textmine.store import Store, stored_work

__all__ = ["Action", "Step", "plan_steps"]

Action = Literal["read", "code", "skip"]


@dataclass(frozen=True, slots=True)
class Step:
    """One file and what is to be done: read (and code) it, code what was read before, or skip it; and why."""

    path: Path
    digest: str
    metadata: Mapping[str, str]
    work_key: str
    action: Action
    why: str


def plan_steps(
    paths: Iterable[Path],
    store: Store | None,
    *,
    manifest: Mapping[str, Mapping[str, str]],
    settings: Settings,
    coder_id: str,
    force: bool = False,
) -> Iterator[Step]:
    """A step for each file, made when it is asked for, so that it knows what was stored meanwhile.

    Files with the same bytes are one document: the first counts.
    """
    seen: set[str] = set()
    for path in paths:
        metadata = metadata_for(path, manifest)
        reading_key, coding_key = _reading_key(metadata, settings), _coding_key(coder_id)
        digest = _digest(path)
        action, why = _decide(store, digest, reading_key, coding_key, force=force)
        if digest in seen:
            action, why = "skip", "same content as an earlier file"
        seen.add(digest)
        yield Step(path, digest, metadata, f"{reading_key}-{coding_key}", action, why)


def _decide(store: Store | None, digest: str, reading_key: str, coding_key: str, *, force: bool) -> tuple[Action, str]:
    work = stored_work(store, digest) if store is not None else None
    if work is None:
        return "read", "new"
    if force:
        return "read", "forced"
    if work.status == "failed":
        return "read", "failed before"
    read_as, _, coded_as = work.work_key.partition("-")
    if read_as != reading_key:
        return "read", "metadata, settings of reading or version changed"
    if coded_as != coding_key:
        return "code", "codebook or model changed"
    return "skip", "done"


def _reading_key(metadata: Mapping[str, str], settings: Settings) -> str:
    """Changes when the same bytes would be read in another way."""
    given = sorted((key, value) for key, value in metadata.items() if value and not key.startswith(ORIGIN))
    return content_id(textmine.__version__, settings.ocr, settings.engine, settings.max_pages, given)


def _coding_key(coder_id: str) -> str:
    """Changes when the same sentences would be coded in another way."""
    return content_id(textmine.__version__, coder_id)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()  # fails in the worker

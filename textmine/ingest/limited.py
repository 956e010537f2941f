"""Work on one document of a stranger, in a worker with limits on time and memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar, cast

from textmine.errors import DocumentError
from textmine.execution import run_limited
from textmine.reading import read_document
from textmine.records import Reading
from textmine.settings import Settings

__all__ = ["read_limited", "work_limited"]

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Job(Generic[Value]):
    """One document, and what a worker does with it."""

    work: Callable[[Path, Settings, str], Value]
    path: Path
    settings: Settings
    password: str

    def __str__(self) -> str:
        return str(self.path)


def work_limited(
    work: Callable[[Path, Settings, str], Value], path: Path, settings: Settings, *, password: str = ""
) -> Value:
    """`work(path, settings, password)` done in a worker with the limits of the settings.

    Raises:
        DocumentError: the document is missing, cannot be read, or is over a limit.
    """
    if not path.is_file():
        raise DocumentError(f"{path}: no such file. Check the path.")
    outcome = run_limited(
        _work,
        _Job(work, path, settings, password),
        max_seconds=settings.max_seconds,
        max_memory_mb=settings.max_memory_mb,
    )
    if outcome.error:
        raise outcome.error
    return cast(Value, outcome.value)


def read_limited(path: Path, settings: Settings, *, password: str = "") -> Reading:
    """A document read with limits; raises as `work_limited` does."""
    return work_limited(_read, path, settings, password=password)


def _work(job: _Job[Value]) -> Value:
    return job.work(job.path, job.settings, job.password)


def _read(path: Path, settings: Settings, password: str) -> Reading:
    return read_document(path, settings=settings, password=password)

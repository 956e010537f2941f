"""Work done here, one item after another: for tests, debuggers and profilers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from textmine.execution.garbage import collecting_rarely
from textmine.execution.outcome import Outcome, outcome_of

__all__ = ["map_serial"]

Item = TypeVar("Item")
Value = TypeVar("Value")


def map_serial(work: Callable[[Item], Value], items: Iterable[Item]) -> Iterator[Outcome[Item, Value]]:
    """Outcomes in the order of the items; no limits but those that the work keeps itself."""
    for item in items:
        with collecting_rarely():
            outcome = outcome_of(work, item)
        yield outcome

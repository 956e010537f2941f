"""What became of one item: a value, or an error of ours that names the item."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from textmine.errors import DocumentError, LimitError, TextmineError

__all__ = ["Outcome", "outcome_of"]

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Value]):
    """The item with its value, or with the error that kept it from having one."""

    item: Item
    value: Value | None = None
    error: TextmineError | None = None


def outcome_of(work: Callable[[Item], Value], item: Item) -> Outcome[Item, Value]:
    """Outcome of `work(item)`; an unforeseen exception becomes a DocumentError that names its kind."""
    try:
        return Outcome(item, value=work(item))
    except TextmineError as error:
        return Outcome(item, error=error)
    except MemoryError:
        return Outcome(item, error=LimitError(f"{item}: needs more memory than max_memory_mb allows. Raise the limit."))
    except RecursionError:
        return Outcome(item, error=DocumentError(f"{item}: nested too deeply to be read."))
    except Exception as error:  # a document is hostile until read: whatever it breaks, only it is lost
        return Outcome(item, error=DocumentError(f"{item}: cannot be read ({type(error).__name__}: {error})."))

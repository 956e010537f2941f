"""Answers that take long, kept by the state of the store: asked once, given at once, made anew when the corpus changes.

While a new answer is made, the old one is given and says so: an ingest beside never makes a reader wait.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Any

from textmine.errors import DataError, TextmineError
from textmine.execution import Background
from textmine.settings import Settings

__all__ = ["Answer", "Answers", "Pending", "answered"]

#: Answers kept. One of the largest (trends of all codes by year) takes about 1 MB.
KEPT = 200
#: While the corpus keeps changing, an answer is made anew not before this many times the seconds it took.
REST = 5.0


class Pending(Exception):
    """The answer is being made. Not an error: the page that asked says so and asks again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, and whether the corpus has changed since it was made."""

    value: Any
    is_stale: bool


@dataclass(slots=True)
class _Entry:
    state: str = ""
    value: Any = None
    failure: TextmineError | None = None
    is_made: bool = False
    future: Future[Any] | None = None
    asked_state: str = ""
    asked_at: float = 0.0
    seconds: float = 0.0
    made_at: float = 0.0


def answered(work: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, TextmineError | None]:
    """Value and error of a piece of work; an error goes home as a plain DataError, which can cross processes."""
    try:
        return work(*arguments), None
    except TextmineError as error:
        return None, DataError(str(error))


class Answers:
    """Answers of long work by (work, arguments). Safe for several threads."""

    def __init__(self, settings: Settings, background: Background) -> None:
        self._settings, self._background = settings, background
        self._entries: OrderedDict[tuple[Any, ...], _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def ask(self, state: str, work: Callable[..., Any], *arguments: Any, wait: float | None) -> Answer:
        """The answer of `work(settings, *arguments)` for this state of the store, or an earlier one.

        Args:
            state: of `Store.state_id`.
            wait: seconds to wait for an answer that is not there; None: as long as it takes.
        Raises:
            Pending: it was not made in this time. It goes on being made.
            TextmineError: it cannot be made.
        """
        key = (work, *arguments)
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            self._settle(entry)
            if not (entry.is_made and entry.state == state) and entry.future is None and self._is_due(entry):
                entry.asked_state, entry.asked_at = state, time.monotonic()
                entry.future = self._background.submit(answered, work, (self._settings, *arguments))
            future = entry.future
            self._forget()
        if not entry.is_made and future is not None:
            try:
                future.result(timeout=wait)
            except FutureTimeoutError:
                if not future.done():
                    raise Pending from None
            except (CancelledError, Exception):
                pass  # looked at again in _settle, where it is kept
            with self._lock:
                self._settle(entry)
        if entry.failure is not None:
            raise entry.failure
        return Answer(entry.value, is_stale=entry.state != state)

    def _is_due(self, entry: _Entry) -> bool:
        return not entry.is_made or time.monotonic() - entry.made_at > REST * entry.seconds

    @staticmethod
    def _settle(entry: _Entry) -> None:
        """Take over what a finished future brought."""
        future = entry.future
        if future is None or not future.done():
            return
        entry.future = None
        try:
            value, failure = future.result()
        except (CancelledError, Exception) as error:  # the worker hung, crashed or ran out of memory
            value, failure = None, DataError(f"this could not be computed ({type(error).__name__}: {error}).")
        now = time.monotonic()
        entry.value, entry.failure = value, failure
        entry.state, entry.is_made, entry.made_at, entry.seconds = entry.asked_state, True, now, now - entry.asked_at

    def _forget(self) -> None:
        while len(self._entries) > KEPT:
            key = next((key for key, entry in self._entries.items() if entry.future is None), None)
            if key is None:
                return
            del self._entries[key]

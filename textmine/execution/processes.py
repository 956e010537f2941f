"""Work done in worker processes with limits on time and memory; a crash, a hang or a bomb costs only its own item."""

from __future__ import annotations

import functools
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as ItemTimeoutError
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from textmine.errors import DocumentError, LimitError
from textmine.execution.outcome import Outcome, outcome_of

__all__ = ["limit_memory", "map_processes", "run_limited"]

Item = TypeVar("Item")
Value = TypeVar("Value")

#: Items that wait beside each worker: enough that none is idle, few enough that memory stays flat.
WAITING_PER_WORKER = 2
#: A worker is replaced after so many items, which returns what parsers leak.
ITEMS_PER_WORKER = 200


def map_processes(
    work: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    workers: int = 0,
    max_seconds: float,
    max_memory_mb: int,
) -> Iterator[Outcome[Item, Value]]:
    """Outcomes in the order of the items, from spawned worker processes.

    Args:
        work: a picklable function of one picklable item.
        workers: processes; 0: one a core that this process may use.
        max_seconds: time for one item; over it the item is a LimitError and its worker is replaced.
        max_memory_mb: data memory of one worker (RLIMIT_DATA; no limit where the system has none).
    """
    count = workers or _cores()
    with ProcessPool(
        max_workers=count,
        max_tasks=ITEMS_PER_WORKER,
        initializer=limit_memory,
        initargs=(max_memory_mb,),
        context=multiprocessing.get_context("spawn"),
    ) as pool:
        waiting: deque[tuple[Item, Any]] = deque()
        try:
            for item in items:
                future = pool.schedule(functools.partial(outcome_of, work), args=(item,), timeout=max_seconds)
                waiting.append((item, future))
                if len(waiting) > count * WAITING_PER_WORKER:
                    yield _outcome(*waiting.popleft(), max_seconds=max_seconds)
            while waiting:
                yield _outcome(*waiting.popleft(), max_seconds=max_seconds)
        except BaseException:  # interrupted, or the reader of the outcomes stopped: let go of what is in work
            pool.stop()
            raise


def run_limited(
    work: Callable[[Item], Value], item: Item, *, max_seconds: float, max_memory_mb: int
) -> Outcome[Item, Value]:
    """Outcome of one item in one worker process of its own."""
    outcomes = map_processes(work, [item], workers=1, max_seconds=max_seconds, max_memory_mb=max_memory_mb)
    return next(outcomes)


def _outcome(item: Item, future: Any, *, max_seconds: float) -> Outcome[Item, Any]:
    try:
        outcome: Outcome[Item, Any] = future.result()
        return outcome
    except ItemTimeoutError:
        return Outcome(
            item, error=LimitError(f"{item}: not done after {max_seconds:g} s. Raise max_seconds to give it longer.")
        )
    except ProcessExpired as error:
        return Outcome(
            item, error=DocumentError(f"{item}: the reader crashed on it (exit code {error.exitcode}). It is damaged.")
        )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def limit_memory(max_memory_mb: int) -> None:
    """Limit the data memory of this process; nothing where the system has no such limit."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = max_memory_mb * 2**20
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

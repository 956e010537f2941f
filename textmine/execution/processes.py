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

__all__ = ["available_cores", "limit_memory", "limited_outcome", "map_processes", "run_limited", "worker_pool"]

Item = TypeVar("Item")
Value = TypeVar("Value")

#: Items that wait beside each worker: enough that a slow one leaves none idle, few enough that memory stays flat.
WAITING_PER_WORKER = 3
#: A worker is replaced after so many items, which returns what parsers leak.
ITEMS_PER_WORKER = 200
#: How often an item is tried whose worker died: a worker may have been killed for no fault of the item's.
TRIES = 3


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
        items: taken one by one, a few ahead of the outcomes.
        workers: processes; 0: one a core that this process may use.
        max_seconds: time for one item; over it the item is a LimitError and its worker is replaced.
        max_memory_mb: data memory of one worker (RLIMIT_DATA; no limit where the system has none).
    """
    count = workers or available_cores()
    with worker_pool(count, max_memory_mb) as pool:
        waiting: deque[tuple[Item, Any]] = deque()

        def next_outcome() -> Outcome[Item, Value]:
            item, future = waiting.popleft()
            return limited_outcome(pool, work, item, max_seconds=max_seconds, future=future)

        try:
            for item in items:
                waiting.append((item, _schedule(pool, work, item, max_seconds)))
                if len(waiting) > count * WAITING_PER_WORKER:
                    yield next_outcome()
            while waiting:
                yield next_outcome()
        except BaseException:  # interrupted, or the reader of the outcomes stopped: let go of what is in work
            pool.stop()
            raise


def run_limited(
    work: Callable[[Item], Value], item: Item, *, max_seconds: float, max_memory_mb: int
) -> Outcome[Item, Value]:
    """Outcome of one item in one worker process of its own."""
    outcomes = map_processes(work, [item], workers=1, max_seconds=max_seconds, max_memory_mb=max_memory_mb)
    return next(outcomes)


def worker_pool(workers: int, max_memory_mb: int) -> ProcessPool:
    """A pool of spawned workers with a limit on memory; they start with the first work and are replaced in time."""
    return ProcessPool(
        max_workers=workers,
        max_tasks=ITEMS_PER_WORKER,
        initializer=limit_memory,
        initargs=(max_memory_mb,),
        context=multiprocessing.get_context("spawn"),
    )


def limited_outcome(
    pool: ProcessPool, work: Callable[[Item], Value], item: Item, *, max_seconds: float, future: Any = None
) -> Outcome[Item, Value]:
    """Outcome of an item in a pool, waited for; an item whose worker died is tried again.

    Args:
        future: of the item when it is scheduled already.
    """
    exit_code: int | None = None
    for _ in range(TRIES):
        try:
            outcome: Outcome[Item, Value] = (future or _schedule(pool, work, item, max_seconds)).result()
            return outcome
        except ItemTimeoutError:
            why = f"{item}: not done after {max_seconds:g} s. Raise max_seconds to give it longer."
            return Outcome(item, error=LimitError(why))
        except ProcessExpired as error:
            exit_code, future = error.exitcode, None
    why = f"{item}: the reader crashed on it {TRIES} times (exit code {exit_code}). It is damaged."
    return Outcome(item, error=DocumentError(why))


def _schedule(pool: ProcessPool, work: Callable[[Item], Any], item: Item, max_seconds: float) -> Any:
    return pool.schedule(functools.partial(outcome_of, work), args=(item,), timeout=max_seconds)


def available_cores() -> int:
    """Cores that this process may use."""
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

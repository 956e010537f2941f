"""Work done in worker processes with limits on time and memory; a crash, a hang or a bomb costs only its own item."""

from __future__ import annotations

import functools
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as ItemTimeoutError
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from pebble import CONSTS, ProcessExpired, ProcessPool

from textmine.errors import DocumentError, LimitError
from textmine.execution.garbage import collect_rarely
from textmine.execution.outcome import Outcome, outcome_of

__all__ = ["WorkerPool", "available_cores", "limit_memory", "map_processes", "run_limited"]

Item = TypeVar("Item")
Value = TypeVar("Value")
#: A pool and the future of an outcome that it owes.
Scheduled = tuple[ProcessPool, Any]

#: Items that wait beside each worker: enough that a slow one leaves none idle, few enough that memory stays flat.
WAITING_PER_WORKER = 3
#: A worker is replaced after so many items, which returns what parsers leak (4 MB in 1,000 pages). Its successor loads
#: all tools anew, 2-5 s: every 200 items that was a third of the time on short documents.
ITEMS_PER_WORKER = 1000
#: Seconds that workers and parent wait for the pipe they share, which is held only to pass one path or outcome. With
#: Pebble's 60 a run stood for a minute when a worker was killed while it held the pipe.
PIPE_SECONDS = 10.0
#: Seconds between two looks at whether an item that is waited for can still come.
LOOK_SECONDS = 2.0
#: Seconds after which an item that is waited for, and that no worker has begun, counts as lost: a worker takes an item
#: out of the pipe before it says so, and may be killed in between. A worker starts within 5 s, on a busy machine 20.
LOST_SECONDS = 60.0
#: Seconds given to a pool to end: a worker killed while it wrote leaves half an outcome in the pipe that Pebble reads.
END_SECONDS = 20.0
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
    pool = WorkerPool(count, max_memory_mb)
    waiting: deque[tuple[Item, Scheduled]] = deque()

    def next_outcome() -> Outcome[Item, Value]:
        item, scheduled = waiting.popleft()
        return pool.outcome(work, item, max_seconds=max_seconds, scheduled=scheduled)

    try:
        for item in items:
            waiting.append((item, pool.schedule(work, item, max_seconds=max_seconds)))
            if len(waiting) > count * WAITING_PER_WORKER:
                yield next_outcome()
        while waiting:
            yield next_outcome()
    finally:  # all is done, or it was interrupted, or the reader of the outcomes stopped: nothing is waited for
        pool.close()


def run_limited(
    work: Callable[[Item], Value], item: Item, *, max_seconds: float, max_memory_mb: int
) -> Outcome[Item, Value]:
    """Outcome of one item in one worker process of its own."""
    outcomes = map_processes(work, [item], workers=1, max_seconds=max_seconds, max_memory_mb=max_memory_mb)
    return next(outcomes)


class WorkerPool:
    """Spawned workers with a limit on memory. They start with the first work and are replaced when they die or age.

    Pebble gives up a pool one of whose workers died between two items, and then some futures never end; this one
    starts anew, and tries again what was lost. Threads may share it.
    """

    def __init__(self, workers: int, max_memory_mb: int) -> None:
        self._workers, self._max_memory_mb = workers, max_memory_mb
        self._lock = threading.Lock()
        self._pool = self._start()

    def outcome(
        self,
        work: Callable[[Item], Value],
        item: Item,
        *,
        max_seconds: float,
        scheduled: Scheduled | None = None,
    ) -> Outcome[Item, Value]:
        """Outcome of an item, waited for; an item whose worker died is tried again.

        Args:
            scheduled: what `schedule` gave for it, when it was scheduled before.
        """
        exit_code: int | str = "unknown"
        for _ in range(TRIES):
            pool, future = scheduled or self.schedule(work, item, max_seconds=max_seconds)
            scheduled = None
            try:
                self._wait(pool, future, max_seconds)
                outcome: Outcome[Item, Value] = future.result(timeout=0)
                return outcome
            except ItemTimeoutError:
                why = f"{item}: not done after {max_seconds:g} s. Raise max_seconds to give it longer."
                return Outcome(item, error=LimitError(why))
            except ProcessExpired as error:
                exit_code = error.exitcode
            except (BrokenProcessPool, CancelledError):  # its pool was given up
                pass
        why = f"{item}: the reader crashed on it {TRIES} times (exit code {exit_code}). It is damaged."
        return Outcome(item, error=DocumentError(why))

    def schedule(self, work: Callable[[Item], Any], item: Item, *, max_seconds: float) -> Scheduled:
        """Ask for the outcome of `work(item)`."""
        call = functools.partial(outcome_of, work)
        pool = self._pool
        try:
            return pool, pool.schedule(call, args=(item,), timeout=max_seconds)
        except RuntimeError:  # given up, or stopped by another thread that found it so
            self._replace(pool)
            pool = self._pool
            return pool, pool.schedule(call, args=(item,), timeout=max_seconds)

    def close(self) -> None:
        """End the workers and let go of what is in work."""
        _end(self._pool)

    def _wait(self, pool: ProcessPool, future: Any, max_seconds: float) -> None:
        """Wait until the future is done.

        Raises:
            BrokenProcessPool: it never will be.
        """
        begun, was_orphan = time.monotonic(), False
        while not wait_for([future], timeout=LOOK_SECONDS).done:
            is_orphan = _is_orphan(pool, future)
            if is_orphan and was_orphan:
                raise BrokenProcessPool("its worker is gone")
            was_orphan = is_orphan
            patience = LOST_SECONDS + (max_seconds if future.running() else 0)
            if time.monotonic() - begun <= patience and pool is self._pool and pool.active:
                continue
            if wait_for([future], timeout=LOOK_SECONDS).done:  # the pool was just ending it
                return
            self._replace(pool)
            raise BrokenProcessPool("lost")

    def _replace(self, pool: ProcessPool) -> None:
        """A new pool in the place of one that is given up, unless another thread has seen to it."""
        with self._lock:
            if pool is self._pool:
                _end(pool)
                self._pool = self._start()

    def _start(self) -> ProcessPool:
        CONSTS.channel_lock_timeout = PIPE_SECONDS
        return ProcessPool(
            max_workers=self._workers,
            max_tasks=ITEMS_PER_WORKER,
            initializer=_begin_work,
            initargs=(self._max_memory_mb,),
            context=multiprocessing.get_context("spawn"),
        )


def _is_orphan(pool: ProcessPool, future: Any) -> bool:
    """Whether the worker that began an item is gone: Pebble overlooks one that dies as soon as it has said so."""
    manager = pool._pool_manager
    tasks = [task for task in list(manager.task_manager.tasks.values()) if task.future is future]
    return any(task.worker_id and task.worker_id not in manager.worker_manager.workers for task in tasks)


def _end(pool: ProcessPool) -> None:
    """Stop a pool and wait until it has ended, but not for ever."""
    pool.stop()
    ending = threading.Thread(target=pool.join, daemon=True)
    ending.start()
    ending.join(END_SECONDS)


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin_work(max_memory_mb: int) -> None:
    CONSTS.channel_lock_timeout = PIPE_SECONDS
    collect_rarely()
    limit_memory(max_memory_mb)


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

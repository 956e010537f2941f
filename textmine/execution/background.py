"""Work done beside a server: one worker process, asked by name, that can be replaced when it hangs or crashes."""

from __future__ import annotations

import functools
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from pebble import ProcessPool

from textmine.execution.processes import limit_memory

__all__ = ["Background"]


class Background:
    """One worker: work is done in the order in which it was asked for.

    Args:
        max_seconds: time for one piece of work; over it the future raises TimeoutError and the worker is replaced.
        max_memory_mb: data memory of the worker.
        in_process: work in a thread of this process, without limits: for small stores and for tests.
    """

    def __init__(self, *, max_seconds: float, max_memory_mb: int, in_process: bool = False) -> None:
        self._max_seconds = max_seconds
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="background") if in_process else None
        self._processes: ProcessPool | None = None
        if not in_process:
            self._processes = ProcessPool(
                max_workers=1,
                initializer=limit_memory,
                initargs=(max_memory_mb,),
                context=multiprocessing.get_context("spawn"),
            )

    def submit(self, work: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """The future of `work(*arguments)`; both must be picklable."""
        if self._threads is not None:
            return self._threads.submit(functools.partial(work, *arguments))
        assert self._processes is not None
        future: Future[Any] = self._processes.schedule(work, args=arguments, timeout=self._max_seconds)
        return future

    def close(self) -> None:
        """Stop, and let go of what is in work."""
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
        if self._processes is not None:
            self._processes.stop()
            self._processes.join()

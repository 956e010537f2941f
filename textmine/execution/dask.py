"""Work done by Dask workers: processes of this machine, or a cluster of many machines behind a scheduler.

A Dask worker does not touch an item itself: it hands it to a child process with the same limits on time and memory as
`map_processes`, so that a hang or a crash costs the item and not the worker. A worker that is lost with what it had in
work is made good by Dask, which gives the work to another.
"""

from __future__ import annotations

import functools
import multiprocessing
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from textmine.errors import DocumentError, ExecutionError
from textmine.execution.outcome import Outcome
from textmine.execution.processes import WAITING_PER_WORKER, WorkerPool, available_cores

__all__ = ["map_dask"]

Item = TypeVar("Item")
Value = TypeVar("Value")

#: Seconds to find a scheduler and its first worker, and to wait for another when all are lost.
PATIENCE_SECONDS = 30.0
#: Seconds between two looks at whether there are workers, while an outcome is waited for.
LOOK_SECONDS = 5.0
#: Outcomes after which the workers are counted anew: a cluster may grow and shrink.
COUNT_EVERY = 16


def map_dask(
    work: Callable[[Item], Value],
    items: Iterable[Item],
    *,
    address: str = "",
    workers: int = 0,
    max_seconds: float,
    max_memory_mb: int,
) -> Iterator[Outcome[Item, Value]]:
    """Outcomes in the order of the items, from Dask workers.

    Args:
        work: a picklable function of one picklable item; workers must be able to import it.
        items: taken one by one, a few ahead of the outcomes.
        address: of a scheduler, such as `tcp://10.0.0.5:8786`; empty: a cluster of this machine for this one job.
        workers: processes of that cluster; 0: one a core that this process may use.
        max_seconds, max_memory_mb: as for `map_processes`, for each item wherever it is worked on.
    Raises:
        ExecutionError: Dask is not installed, the scheduler is out of reach or lost, or it has no workers.
    """
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise ExecutionError("Dask is not installed. Install it with: pip install 'textmine[dask]'") from error
    with dask.config.set(_CONFIG), _cluster(address, workers) as (scheduler, security):
        try:
            client = Client(scheduler, security=security, timeout=PATIENCE_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ExecutionError(f"{address}: no Dask scheduler answers there ({error}). Check the address.") from error
        with client:
            yield from _map(client, functools.partial(_work_limited, work, max_seconds, max_memory_mb), items)


#: Items may hold a whole document (Dask warns of 10 MB); work waits at the scheduler, where no lost worker takes it.
_CONFIG = {
    "distributed.admin.large-graph-warning-threshold": "1 GB",
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.comm.timeouts.connect": f"{PATIENCE_SECONDS:g}s",
}


@contextmanager
def _cluster(address: str, workers: int) -> Iterator[tuple[Any, Any]]:
    """Address and security of a scheduler: the one named, or that of a cluster on the loopback."""
    if address:
        yield address, None
        return
    from distributed import LocalCluster, Security

    # whoever can speak to a Dask scheduler can run code as its user: only this process has the key
    security = Security.temporary()
    try:
        cluster = LocalCluster(
            n_workers=workers or available_cores(),
            threads_per_worker=1,
            processes=True,
            host="tls://127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any free port: two runs on one machine must not meet
            memory_limit=0,
            security=security,
            silence_logs=50,  # CRITICAL: a lost worker is our business
        )
    except (RuntimeError, OSError) as error:
        raise ExecutionError(f"the Dask workers of this machine do not start ({error}). Run it again.") from error
    with cluster:
        yield cluster.scheduler_address, security


def _map(
    client: Any, limited: Callable[[Item], Outcome[None, Value]], items: Iterable[Item]
) -> Iterator[Outcome[Item, Value]]:
    run = uuid.uuid4().hex[:8]
    waiting: deque[tuple[Item, Any]] = deque()
    threads, done = _threads(client), 0

    def next_outcome() -> Outcome[Item, Value]:
        item, future = waiting.popleft()
        outcome = _outcome(client, item, future)
        future.release()
        return outcome

    try:
        for number, item in enumerate(items):
            key = f"textmine-{run}-{number}"
            waiting.append((item, client.submit(limited, item, key=key, pure=False)))
            if len(waiting) > threads * WAITING_PER_WORKER:
                yield next_outcome()
                done += 1
                if done % COUNT_EVERY == 0:
                    threads = _threads(client)
        while waiting:
            yield next_outcome()
    finally:
        with suppress(Exception):  # the cluster may be gone; then so are the children
            client.cancel([future for _, future in waiting])
            client.run(_close_pools)


def _threads(client: Any) -> int:
    """Threads of all workers, each of which takes one item at a time; waits for the first worker.

    Raises:
        ExecutionError: there is none.
    """
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        return sum(client.nthreads().values()) or 1
    except (TimeoutError, OSError) as error:
        where = client.scheduler.address if client.scheduler else "The cluster"
        raise ExecutionError(
            f"{where} has no workers. Start some with 'dask worker {where}' where textmine is installed; "
            "what was finished is kept."
        ) from error


def _outcome(client: Any, item: Item, future: Any) -> Outcome[Item, Any]:
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    while True:
        try:
            outcome: Outcome[None, Any] = future.result(timeout=LOOK_SECONDS)
            return Outcome(item, outcome.value, outcome.error)
        except TimeoutError:
            _threads(client)
        except KilledWorker as error:
            why = f"{item}: several workers were lost with it ({error.last_worker.address} last). Is it too large?"
            return Outcome(item, error=DocumentError(why))
        except (FutureCancelledError, OSError) as error:
            raise ExecutionError(
                f"the Dask scheduler was lost ({type(error).__name__}). Run the same command again; what was finished "
                "is kept."
            ) from error
        except (ImportError, AttributeError) as error:
            raise ExecutionError(f"a Dask worker has no textmine, or another version of it ({error}).") from error


# What runs in a Dask worker

#: The children of this worker by their limit of memory: kept, since heavy tools load once in each.
_pools: dict[int, WorkerPool] = {}


def _work_limited(
    work: Callable[[Item], Value], max_seconds: float, max_memory_mb: int, item: Item
) -> Outcome[None, Value]:
    """Outcome of an item in a child of this worker; the item itself stays behind, for whoever asked has it."""
    from distributed import get_worker

    if max_memory_mb not in _pools:
        multiprocessing.current_process().daemon = False  # daemons may have no children, and Dask's workers are
        _pools[max_memory_mb] = WorkerPool(get_worker().state.nthreads, max_memory_mb)
    outcome = _pools[max_memory_mb].outcome(work, item, max_seconds=max_seconds)
    return Outcome(None, outcome.value, outcome.error)


def _close_pools() -> None:
    for pool in _pools.values():
        pool.close()
    _pools.clear()

"""Which executor does the work: serial, processes of this machine, or Dask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from textmine.errors import SettingsError
from textmine.execution.outcome import Outcome
from textmine.execution.processes import map_processes
from textmine.execution.serial import map_serial

__all__ = ["Executor", "choose_executor"]

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Executor:
    """Where work is done.

    `workers` 0 is one a core. `address` is that of a Dask scheduler; empty: a Dask cluster of this machine. `ships`:
    workers may not see the files of this machine, so that items must hold what they need.
    """

    kind: Literal["serial", "processes", "dask"] = "processes"
    workers: int = 0
    address: str = ""
    ships: bool = False

    def map(
        self, work: Callable[[Item], Value], items: Iterable[Item], *, max_seconds: float, max_memory_mb: int
    ) -> Iterator[Outcome[Item, Value]]:
        """Outcomes of `work` in the order of the items, the same whatever the executor.

        `max_seconds` and `max_memory_mb` hold for each item; serial work has no limits but its own.

        Raises:
            ExecutionError: the workers cannot be had.
        """
        if self.kind == "serial":
            return map_serial(work, items)
        if self.kind == "processes":
            return map_processes(
                work, items, workers=self.workers, max_seconds=max_seconds, max_memory_mb=max_memory_mb
            )
        from textmine.execution.dask import map_dask  # an extra, and half a second to load

        return map_dask(
            work,
            items,
            address=self.address,
            workers=self.workers,
            max_seconds=max_seconds,
            max_memory_mb=max_memory_mb,
        )


def choose_executor(
    workers: str | None = None, *, scheduler: str | None = None, shared_files: bool = False, default: int = 0
) -> Executor:
    """The executor that a command line asks for.

    Args:
        workers: a number of processes, `serial`, `dask` or `dask:NUMBER`; None: `default` processes.
        scheduler: address of a Dask scheduler.
        shared_files: its workers see the documents under the same paths.
    Raises:
        SettingsError: none of these.
    """
    if scheduler:
        if not re.fullmatch(r"(?:tcp|tls|ws|wss|ucx)://\S+", scheduler):
            raise SettingsError(f"--scheduler: found {scheduler!r}, expected an address such as tcp://10.0.0.5:8786.")
        return Executor("dask", 0, scheduler, ships=not shared_files)
    if workers is None:
        return Executor("processes", default)
    if workers == "serial":
        return Executor("serial")
    found = re.fullmatch(r"(?:(dask)(?::(?=\d))?)?(\d{0,4})", workers)
    if not workers or found is None:
        raise SettingsError(f"--workers: found {workers!r}, expected a number, serial, dask or dask:NUMBER.")
    return Executor("dask" if found[1] else "processes", int(found[2] or 0))

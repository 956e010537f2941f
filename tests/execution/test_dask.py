from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from textmine.errors import DocumentError, ExecutionError, LimitError, PasswordError, SettingsError
from textmine.execution import Executor, choose_executor, map_serial

sys.path.insert(0, str(Path(__file__).parent))
from jobs import double, misbehave

distributed = pytest.importorskip("distributed")

from textmine.execution import dask as dask_workers  # noqa: E402 - after what may be missing

pytestmark = pytest.mark.filterwarnings("ignore")  # of distributed while its processes are killed

LIMITS = {"max_seconds": 5.0, "max_memory_mb": 1500}
TWO = Executor("dask", 2)


def test_dask_gives_the_outcomes_of_serial_and_one_bad_item_costs_only_itself() -> None:
    items = ["zażółć", "text", "hang", "crash", "bomb", "raise", "locked", *(f"dobry {n}" for n in range(20))]
    outcomes = list(TWO.map(misbehave, items, **LIMITS))
    assert [outcome.item for outcome in outcomes] == items
    assert [type(outcome.error) for outcome in outcomes[2:7]] == [
        LimitError, DocumentError, LimitError, DocumentError, PasswordError,
    ]  # fmt: skip
    good = items[:2] + items[7:]
    assert outcomes[:2] + outcomes[7:] == list(map_serial(misbehave, good))


def test_a_killed_worker_loses_nothing() -> None:
    killed: list[int] = []

    def kill_one() -> None:
        own = os.getpid()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not killed:
            time.sleep(0.05)
            for pid in _children(own):  # a worker at work is a child of ours that has spawned a child of its own
                if any(b"spawn_main" in _command(child) for child in _children(pid)):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    return

    killer = threading.Thread(target=kill_one)
    killer.start()
    items = [f"klaster {n}" for n in range(400)]
    outcomes = list(TWO.map(misbehave, items, **LIMITS))
    killer.join()
    assert killed
    assert outcomes == list(map_serial(misbehave, items))


def test_a_scheduler_is_used_by_its_address() -> None:
    cluster = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    )
    with cluster:
        executor = choose_executor(scheduler=cluster.scheduler_address)
        assert executor.ships
        assert [outcome.value for outcome in executor.map(double, range(5), **LIMITS)] == [0, 2, 4, 6, 8]


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_workers, "PATIENCE_SECONDS", 1.0)
    with pytest.raises(ExecutionError, match="no Dask scheduler answers"):
        list(choose_executor(scheduler="tcp://127.0.0.1:9").map(double, [1], **LIMITS))
    empty = distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None, silence_logs=50)
    with empty, pytest.raises(ExecutionError, match="has no workers"):
        list(choose_executor(scheduler=empty.scheduler_address).map(double, [1], **LIMITS))
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExecutionError, match=r"textmine\[dask\]"):
        list(TWO.map(double, [1], **LIMITS))


@pytest.mark.parametrize(
    ("workers", "scheduler", "expected"),
    [
        (None, None, Executor("processes", 3)),
        ("2", None, Executor("processes", 2)),
        ("serial", None, Executor("serial")),
        ("dask", None, Executor("dask")),
        ("dask:4", None, Executor("dask", 4)),
        ("2", "tcp://10.0.0.5:8786", Executor("dask", 0, "tcp://10.0.0.5:8786", ships=True)),
    ],
)
def test_executors_are_chosen_by_words(workers: str | None, scheduler: str | None, expected: Executor) -> None:
    assert choose_executor(workers, scheduler=scheduler, default=3) == expected


@pytest.mark.parametrize(
    ("workers", "scheduler"), [("dask:", None), ("-1", None), ("dwa", None), ("", None), ("2", "x")]
)
def test_other_words_are_refused(workers: str, scheduler: str | None) -> None:
    with pytest.raises(SettingsError, match="found"):
        choose_executor(workers, scheduler=scheduler)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, tasks.read_text().split())
        except OSError:
            continue
    return found

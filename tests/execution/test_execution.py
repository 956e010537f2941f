from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from textmine.errors import DocumentError, LimitError, PasswordError
from textmine.execution import map_processes, map_serial, processes, run_limited
from textmine.execution.processes import WorkerPool

sys.path.insert(0, str(Path(__file__).parent))
from jobs import double, misbehave, name_worker

LIMITS = {"max_seconds": 5.0, "max_memory_mb": 1500}


def test_both_executors_give_the_same_outcomes_in_order() -> None:
    numbers = list(range(25))
    serial = list(map_serial(double, numbers))
    assert [outcome.value for outcome in serial] == [2 * number for number in numbers]
    assert list(map_processes(double, numbers, workers=2, **LIMITS)) == serial


def test_one_bad_item_costs_only_itself() -> None:
    items = ["zażółć", "hang", "crash", "bomb", "raise", "locked", "good"]
    outcomes = list(map_processes(misbehave, items, workers=2, **LIMITS))
    assert [outcome.item for outcome in outcomes] == items
    assert [type(outcome.error) for outcome in outcomes] == [
        type(None), LimitError, DocumentError, LimitError, DocumentError, PasswordError, type(None),
    ]  # fmt: skip
    assert outcomes[0].value == "ZAŻÓŁĆ"
    assert "hang: not done after 5 s" in str(outcomes[1].error)
    assert "ZeroDivisionError: by zero" in str(outcomes[4].error)


def test_stopping_early_ends_the_workers() -> None:
    outcomes = map_processes(double, range(1000), workers=1, **LIMITS)
    assert next(outcomes).value == 0
    outcomes.close()


@pytest.mark.parametrize("name", ["łódź", "text"])
def test_run_limited_gives_one_outcome(name: str) -> None:
    assert run_limited(misbehave, name, **LIMITS).value == name.upper()


def test_an_item_is_done_though_its_pool_was_given_up() -> None:
    pool = WorkerPool(1, 1000)
    scheduled = pool.schedule(double, 21, max_seconds=30)
    scheduled[0].stop()  # Pebble leaves the future as it is
    assert pool.outcome(double, 21, max_seconds=30, scheduled=scheduled).value == 42
    pool.close()


def test_an_item_is_done_though_its_worker_died_unseen() -> None:
    pool = WorkerPool(1, 1000)
    assert pool.outcome(double, 1, max_seconds=30).value == 2
    owner, future = pool.schedule(name_worker, 5.0, max_seconds=30)
    while not future.running():
        time.sleep(0.05)
    workers = owner._pool_manager.worker_manager.workers
    workers.pop(pid := next(iter(workers)))  # as when the manager saw the death before the message
    os.kill(pid, signal.SIGKILL)
    outcome = pool.outcome(name_worker, 0.0, max_seconds=30, scheduled=(owner, future))
    assert outcome.value not in (None, pid)
    pool.close()


def test_an_item_that_no_worker_took_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOST_SECONDS", 3.0)
    pool = WorkerPool(1, 1000)
    assert pool.outcome(double, 1, max_seconds=30).value == 2
    owner, future = pool.schedule(double, 2, max_seconds=30)
    future = type(future)()  # that of an item whose worker was killed after it took it and before it said so
    assert pool.outcome(double, 2, max_seconds=30, scheduled=(owner, future)).value == 4
    pool.close()

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from textmine.errors import DocumentError, LimitError, PasswordError
from textmine.execution import map_processes, map_serial, run_limited

sys.path.insert(0, str(Path(__file__).parent))
from jobs import double, misbehave

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

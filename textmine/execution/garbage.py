"""How often Python looks for garbage that reference counts do not free."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["collect_rarely", "collecting_rarely"]

#: Objects made before a look, and looks of one age before the next older one's. Reading and coding make some 10,000
#: small objects a page and hardly a cycle: with Python's 700, 10, 10 a fifth of all time went into looking.
THRESHOLDS = (50_000, 20, 100)


def collect_rarely() -> None:
    """For the rest of this process."""
    gc.set_threshold(*THRESHOLDS)


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Inside the block."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)

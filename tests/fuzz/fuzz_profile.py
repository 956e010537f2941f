"""How much is tried: a few examples by default, the same each time; TEXTMINE_FUZZ=2000 for many new ones."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

__all__ = ["FUZZ", "IS_LONG"]

#: Whether more than the quick examples is asked for.
IS_LONG = "TEXTMINE_FUZZ" in os.environ
FUZZ = settings(
    max_examples=int(os.environ.get("TEXTMINE_FUZZ", "20")),
    deadline=None,
    derandomize=not IS_LONG,
    suppress_health_check=list(HealthCheck),
)

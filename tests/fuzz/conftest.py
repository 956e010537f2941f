"""Fuzzing: a few examples by default, TEXTMINE_FUZZ=2000 for many. What was once found stays as an explicit example."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("TEXTMINE_FUZZ", "25")),
    deadline=None,
    derandomize="TEXTMINE_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

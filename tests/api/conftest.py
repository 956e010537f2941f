"""The demo's corpus opened in Python, with few bootstrap draws for the API and the commands alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import textmine
from textmine.api import Corpus


@pytest.fixture(scope="module")
def corpus(demo_store: Path) -> Iterator[Corpus]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTMINE_DRAWS", "200")
        patch.setenv("TEXTMINE_CORPUS", str(demo_store))
        with textmine.open(demo_store) as opened:
            yield opened

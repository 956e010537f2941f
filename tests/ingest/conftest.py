"""Faults and repeats are the same with either coder; the keywords alone start sooner in each worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def keyword_coder() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTMINE_MODEL", "keyword")
        yield

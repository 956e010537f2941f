"""Fixtures: the made corpus and a store with it."""

from __future__ import annotations

import pytest
from made_corpus import POLICY, REPORT, STRATEGIA, make_store

from textmine.store import Store


@pytest.fixture
def documents():
    return [STRATEGIA, REPORT, POLICY]


@pytest.fixture
def store_path(tmp_path):
    return make_store(tmp_path / "korpus żółty.db")


@pytest.fixture
def store(store_path):
    with Store.open(store_path) as opened:
        yield opened

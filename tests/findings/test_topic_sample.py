"""Topics of a corpus that is too large are those of documents drawn at random, and they say so."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

from textmine.findings import topic_sample
from textmine.findings.topic_sample import draw_documents, sample_note
from textmine.findings.topics import fit_store_topics, stored_model
from textmine.settings import Settings
from textmine.store import Store


def test_a_corpus_that_fits_is_taken_whole() -> None:
    assert draw_documents(pl.DataFrame({"document_id": ["pl", "en"], "n_sentences": [300, 200]}), seed=1) is None


def test_documents_are_drawn_whole_and_the_same_for_a_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_sample, "SENTENCES_MAX", 1000)
    documents = pl.DataFrame({"document_id": [f"d{n:02}" for n in range(40)], "n_sentences": [50] * 40})
    first = draw_documents(documents, seed=1)
    assert first is not None
    assert len(set(first)) == 20
    assert draw_documents(documents, seed=1) == first
    assert draw_documents(documents, seed=2) != first


def test_a_sample_bounds_what_is_read_and_tells_its_error(
    demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "large.db"
    shutil.copy(demo_store, corpus)
    with Store.open(corpus, mode="rw") as store:
        whole = fit_store_topics(store, Settings(corpus=corpus), n_topics=8)
        assert sample_note(whole) == ""
        n_all = store.documents_frame()["n_sentences"].sum()
        monkeypatch.setattr(topic_sample, "SENTENCES_MAX", n_all // 2)
        fit_store_topics(store, Settings(corpus=corpus), n_topics=8)
        part = stored_model(store)
        sizes = dict(store.documents_frame().select("document_id", "n_sentences").iter_rows())
        drawn = {unit.document_id for unit in part.units}
        assert set(store.blocks_frame(documents=sorted(drawn))["document_id"]) == drawn
        assert set(store.mentions_frame(documents=sorted(drawn))["document_id"]) <= drawn
    assert sum(sizes[own] for own in drawn) <= n_all // 2
    sample = part.card["sample"]
    assert (sample["n_documents"], sample["of"]) == (len(drawn), len(sizes))
    assert 0 < sample["error"] < 0.5
    assert f"{len(drawn)} of {len(sizes)} documents" in sample_note(part)

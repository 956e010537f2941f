"""Samples and decisions in the store: kept, apart by coder, with their history, whatever becomes of the documents."""

from __future__ import annotations

import pytest
from made_corpus import POLICY, REPORT, STRATEGIA, make_store

from textmine.errors import StoreError
from textmine.records import Coding, Sample, SampleSentence
from textmine.store import Filter, Store, merge_store

POLISH, ENGLISH = STRATEGIA.sentences[1], REPORT.sentences[1]
SAMPLE = Sample(
    "próba-1", "stratified", 7, {"by": ["language"]},
    (
        SampleSentence(POLISH.id, POLISH.document_id, "pl", POLISH.text, "pl", 0.25),
        SampleSentence(ENGLISH.id, ENGLISH.document_id, "en", ENGLISH.text, "en", 1.0),
    ),
)  # fmt: skip


def coding(sentence, coder="Ala", *codes, **more) -> Coding:
    return Coding(sentence.id, coder, frozenset(codes), sample=SAMPLE.name, codebook_id="book", **more)


@pytest.fixture
def writable(store_path):
    with Store.open(store_path, "rw") as opened:
        opened.add_sample(SAMPLE)
        yield opened


def test_a_sample_comes_back_as_it_was_and_keeps_its_name(writable) -> None:
    writable.add_sample(SAMPLE)
    assert writable.sample("próba-1") == SAMPLE
    with pytest.raises(StoreError, match="another of this name"):
        writable.add_sample(Sample("próba-1", "random", 7, {}, SAMPLE.sentences[:1]))
    with pytest.raises(StoreError, match="there: próba-1"):
        writable.sample("other")


def test_coders_are_apart_and_the_newest_decision_counts(writable) -> None:
    first = coding(POLISH, "Ala", "barrier.trust", names=("Dolina Lotnicza",), note="pewne?", state="uncertain")
    assert writable.add_codings([first, coding(ENGLISH, "Ben", "cluster.concept")]) == 2
    assert writable.add_codings([first]) == 0
    assert writable.add_codings([coding(POLISH, "Ala"), coding(ENGLISH, "Ala", state="skipped")]) == 2
    (own, skipped) = writable.codings("próba-1", "Ala")
    assert (own.sentence_id, own.codes, own.state, own.codebook_id) == (POLISH.id, frozenset(), "done", "book")
    assert skipped.state == "skipped"
    assert {one.coder for one in writable.codings("próba-1")} == {"Ala", "Ben"}
    earlier = writable.codings("próba-1", "Ala", history=True)[0]
    assert (earlier.codes, earlier.names, earlier.note) == (first.codes, first.names, first.note)
    assert earlier.time.endswith("+00:00")
    ala, ben = writable.sample_rows()
    assert (ala["coder"], ala["n_done"], ala["n_skipped"], ala["n_left"]) == ("Ala", 1, 1, 0)
    assert (ben["coder"], ben["n_done"], ben["n_left"]) == ("Ben", 1, 1)


def test_a_decision_needs_its_sample_and_sentence(writable) -> None:
    with pytest.raises(StoreError, match="has no sentence"):
        writable.add_codings([coding(POLISH), coding(STRATEGIA.sentences[2])])
    assert writable.codings("próba-1") == []
    with pytest.raises(StoreError, match="not in the store"):
        writable.add_codings([Coding(POLISH.id, "Ala", sample="none")])


def test_decisions_outlive_their_document(writable) -> None:
    writable.add_codings([coding(POLISH, "Ala", "barrier.trust")])
    writable.delete(POLISH.document_id)
    assert writable.sample("próba-1").sentences[0].text == POLISH.text
    assert len(writable.codings("próba-1")) == 1
    assert POLISH.id not in writable.stored_mentions([POLISH.id])
    assert writable.context_rows([POLISH.id]) == {}


def test_context_and_mentions_of_sentences(store) -> None:
    rows = store.context_rows([POLISH.id, ENGLISH.id, POLICY.sentences[0].id])
    assert rows[POLISH.id]["before"] == "Diagnoza klastrów"
    assert rows[POLISH.id]["after"] == STRATEGIA.sentences[2].text
    assert rows[POLISH.id]["section"] == "3. Diagnoza > Analiza SWOT"
    assert (rows[POLISH.id]["page"], rows[POLISH.id]["text"]) == (2, POLISH.text)
    assert rows[POLICY.sentences[0].id]["before"] == ""
    last = store.context_rows([REPORT.sentences[3].id])[REPORT.sentences[3].id]
    assert last["after"] == "", "furniture is no neighbour"
    mentions = store.stored_mentions([POLISH.id, STRATEGIA.sentences[3].id])
    assert [one.code for one in mentions[POLISH.id]] == ["cluster.concept", "barrier.trust"]
    assert mentions[STRATEGIA.sentences[3].id][0].negated


def test_the_frame_that_samples_are_drawn_from_is_the_body(store) -> None:
    frame = store.body_sentences_frame()
    assert frame.height == 5 + 4 + 2
    assert store.body_sentences_frame(Filter(language="pl")).height == 6
    assert store.body_sentences_frame(Filter(codes=("barrier.*",), years=(2010, 2010))).height == 2
    three = store.body_sentences_frame(Filter(document="*report*", language="en"))
    assert set(three["language"]) == {"en"}
    assert three.height == three.width == 3


def test_merged_stores_keep_what_people_decided(writable, tmp_path) -> None:
    writable.add_codings([coding(POLISH, "Ala", "barrier.trust")])
    writable.add_codings([coding(POLISH, "Ala")])
    with Store.open(make_store(tmp_path / "other.db"), "rw") as target:
        for _ in range(2):
            merge_store(target, writable)
        assert target.codings("próba-1", history=True) == writable.codings("próba-1", history=True)
        assert target.sample("próba-1") == SAMPLE

"""Documents go in and come out as they were; replace and delete leave nothing behind."""

from __future__ import annotations

import dataclasses
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from textmine.errors import StoreError
from textmine.records import Document, Reading, Sentence
from textmine.store import Store
from textmine.store.packing import (
    join_words,
    pack_id,
    pack_offsets,
    split_words,
    unpack_id,
    unpack_offsets,
)

TABLES = ("documents", "pages", "blocks", "sentences", "mentions", "counts")


def dump(path) -> dict[str, list[tuple]]:
    with sqlite3.connect(path) as connection:
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}
        rows["search"] = connection.execute("SELECT term, col, doc, cnt FROM vocabulary ORDER BY term, col").fetchall()
    connection.close()
    return rows


def test_round_trip(store, documents):
    for made in documents:
        document_id = made.reading.document.id
        assert store.reading(document_id) == made.reading
        assert store.sentences(document_id) == made.sentences
        assert store.mentions(document_id) == made.mentions


def test_adding_twice_changes_nothing(store_path, documents):
    before = dump(store_path)
    with Store.open(store_path, "rw") as store:
        for made in reversed(documents):
            store.add(made.reading, made.sentences, made.mentions, work_key="k1")
    assert dump(store_path) == before


def test_delete_leaves_nothing(store_path, documents):
    with Store.open(store_path, "rw") as store:
        assert all(store.delete(made.reading.document.id) for made in documents)
        assert not store.delete(documents[0].reading.document.id)
    assert all(rows == [] for rows in dump(store_path).values())


def test_replacing_takes_the_new_text(store_path, documents):
    old = documents[0]
    first = old.sentences[0]
    reading = dataclasses.replace(old.reading, blocks=old.reading.blocks[:1])
    with Store.open(store_path, "rw") as store:
        store.add(reading, [first], [], work_key="k2")
        assert store.sentences(reading.document.id) == [first]
        assert store.mentions(reading.document.id) == []
        assert store.has(reading.document.id, "k2")
        assert not store.has(reading.document.id, "k1")


def test_new_mentions_for_a_stored_text(store_path, documents):
    made = documents[0]
    document_id = made.reading.document.id
    kept = made.mentions[1:3]
    with Store.open(store_path, "rw") as store:
        store.replace_mentions(document_id, kept, work_key="k2")
        assert store.mentions(document_id) == kept
        assert store.sentences(document_id) == made.sentences
        assert store.has(document_id, "k2")
        with pytest.raises(StoreError, match="not in the store"):
            store.replace_mentions("nowhere", kept)


def test_a_failed_document_is_kept_but_not_done(tmp_path):
    failed = Document("f" * 64, "zepsuty.pdf", status="failed", error="zepsuty.pdf: not a PDF.")
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(Reading(failed), [], [], work_key="k")
        assert store.reading(failed.id).document == failed
        assert not store.has(failed.id, "k")
        assert store.document_ids() == [failed.id]


@pytest.mark.parametrize("part", ["sentence", "mention"])
def test_a_row_without_its_parent_is_refused_whole(tmp_path, documents, part):
    made = documents[0]
    sentences, mentions = made.sentences, made.mentions
    if part == "sentence":
        sentences = [dataclasses.replace(sentences[0], block_id="elsewhere"), *sentences[1:]]
    else:
        mentions = [dataclasses.replace(mentions[0], sentence_id="elsewhere")]
    with Store.open(tmp_path / "t.db", "rw") as store:
        with pytest.raises(StoreError, match=r"A bug\.$"):
            store.add(made.reading, sentences, mentions)
        assert store.document_ids() == []


def add_then_fail(store, documents):
    with store.transaction():
        for made in documents:
            store.add(made.reading, made.sentences, made.mentions)
        raise KeyboardInterrupt


def test_many_documents_in_one_transaction(tmp_path, documents):
    with Store.open(tmp_path / "t.db", "rw") as store:
        with pytest.raises(KeyboardInterrupt):
            add_then_fail(store, documents)
        assert store.document_ids() == []
        with store.transaction():
            for made in documents:
                store.add(made.reading, made.sentences, made.mentions)
        assert len(store.document_ids()) == 3


def test_text_that_utf8_cannot_hold_keeps_its_length(tmp_path, documents):
    made = documents[0]
    block = dataclasses.replace(made.reading.blocks[0], text="Diagnoza \ud800klastrów")
    sentence = dataclasses.replace(
        made.sentences[0], start=0, end=18, text=block.text, offsets=((0, 8), (9, 18)), lemmas=("diagnoza", "\ud800 x")
    )
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(Reading(made.reading.document, (), (block,)), [sentence], [])
        (stored,) = store.sentences(made.reading.document.id)
        assert stored.text == "Diagnoza \ufffdklastrów"
        assert stored.lemmas == ("diagnoza", "\ufffd x")
        assert store.delete(made.reading.document.id)
        assert store.connection.execute("SELECT count(*) FROM vocabulary").fetchone() == (0,)


def test_runs_facts_and_derived_tables(tmp_path):
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add_run({"codebook": "abc", "files": {"żółw.pdf": "1"}})
        store.add_run({"files": {"żółw.pdf": "1"}, "codebook": "abc"})
        assert store.runs() == [{"codebook": "abc", "files": {"żółw.pdf": "1"}}]
        assert store.get_meta("title") is None
        store.set_meta("title", "Korpus")
        store.set_meta("title", ["Korpus", 2])
        assert store.get_meta("title") == ["Korpus", 2]
        assert store.get_table("topics") is None
        store.put_table("topics", {"k": [1.5, "ą"]})
        assert store.get_table("topics") == {"k": [1.5, "ą"]}


@given(st.lists(st.text(min_size=0, max_size=6), max_size=6))
def test_joined_words_are_as_many_as_the_words(words):
    joined = join_words(words)
    assert len(split_words(joined)) == len(words)
    assert all(a == b for a, b in zip(split_words(joined), words, strict=True) if b.isalnum())


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 300)), max_size=8))
def test_offsets_round_trip(steps):
    offsets, last = [], 0
    for gap, length in steps:
        offsets.append((last + gap, last + gap + length))
        last += gap + length
    assert unpack_offsets(pack_offsets(offsets)) == offsets


@given(st.one_of(st.text(max_size=22), st.from_regex(r"[0-9a-fA-F]{20}", fullmatch=True)))
def test_ids_round_trip(text):
    assert unpack_id(pack_id(text)) == text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(["klaster", "B+R", "żółć", "a b", ".", '"', "it's", "Łódź"]), min_size=1))
def test_sentences_of_odd_tokens_round_trip(tmp_path_factory, documents, words):
    block = dataclasses.replace(documents[0].reading.blocks[0], text=" ".join(words))
    offsets, last = [], 0
    for word in words:
        offsets.append((last, last + len(word)))
        last += len(word) + 1
    sentence = Sentence(
        "s1", block.id, block.document_id, 0, 0, len(block.text), "pl", block.text, tuple(words), tuple(offsets)
    )
    with Store.open(tmp_path_factory.mktemp("odd") / "t.db", "rw") as store:
        store.add(Reading(documents[0].reading.document, (), (block,)), [sentence], [])
        (stored,) = store.sentences(block.document_id)
        assert (stored.lemmas, stored.offsets) == (sentence.lemmas, sentence.offsets)

"""Frames for the analysis: their columns, their order, their filters."""

from __future__ import annotations

import pytest

from textmine.store import Filter, Store


def test_documents(store):
    frame = store.documents_frame()
    assert frame.columns == [
        "document_id", "path", "title", "year", "region", "level", "type", "issuer", "languages", "n_pages", "n_words",
        "n_sentences", "status",
    ]  # fmt: skip
    assert frame["year"].to_list() == [2005, 2016, 2010]  # by path: dane, data/eu, data/sla
    assert frame["languages"].to_list() == [["pl"], ["en"], ["en", "pl"]]
    assert frame["n_sentences"].to_list() == [5, 2, 4]  # the running header is not of the body


def test_counts_are_of_the_body_by_language(store):
    rows = store.counts_frame(Filter(document="sla-2010-report.pdf")).rows()
    assert [row[1:] for row in rows] == [("en", 3, 23), ("pl", 1, 4)]
    assert store.counts_frame(Filter(language="pl"))["n_sentences"].to_list() == [5, 1]


def test_blocks_hold_words_without_punctuation(store):
    frame = store.blocks_frame(Filter(region="slaskie"))
    assert frame.columns == [
        "block_id", "document_id", "index", "page", "kind", "section", "language", "n_sentences", "n_words", "lemmas",
        "row",
    ]  # fmt: skip
    assert frame["kind"].to_list() == ["paragraph", "paragraph"]
    assert frame["section"].to_list() == ["2 SWOT", ""]
    assert frame["lemmas"][1].split()[0] == "streszczenie"
    assert ":" not in frame["lemmas"][1]
    assert frame["n_sentences"].to_list() == [3, 1]
    assert store.blocks_frame(Filter(codes=("barrier.*",), language="pl"))["page"].to_list() == [2]
    assert store.blocks_frame(Filter(section="swot"))["n_sentences"].to_list() == [3, 3]


def test_mentions(store):
    frame = store.mentions_frame(Filter(codes=("barrier.*",)))
    assert frame.columns == [
        "mention_id", "sentence_id", "block_id", "document_id", "code", "term", "negated", "score", "method",
        "language",
    ]  # fmt: skip
    assert frame.select("code", "negated", "language").rows() == [
        ("barrier.trust", False, "pl"),
        ("barrier.cooperation", False, "pl"),
        ("barrier.trust", True, "pl"),
        ("barrier.governance", True, "en"),
        ("barrier.trust", False, "en"),
        ("barrier.finance", False, "en"),
    ]


@pytest.mark.parametrize(
    ("filter", "n_mentions"),
    [
        (Filter(), 17),
        (Filter(region="Mazowieckie"), 8),
        (Filter(level="EU"), 2),
        (Filter(type="report", language="pl"), 1),
        (Filter(years=(2006, 2016)), 9),
        (Filter(name="mazowiecki klaster"), 2),
        (Filter(document="eu-*"), 2),
        (Filter(document="*.txt"), 0),
        (Filter(codes=("cluster.policy", "instrument.*")), 2),
        (Filter(codes=("[c]luster.*",)), 0),
        (Filter(section="100%"), 0),
    ],
)
def test_filters(store, filter, n_mentions):
    assert store.mentions_frame(filter).height == n_mentions


def test_order_does_not_depend_on_the_order_of_adding(store, documents, tmp_path):
    with Store.open(tmp_path / "other.db", "rw") as other:
        for made in reversed(documents):
            other.add(made.reading, made.sentences, made.mentions)
        assert other.documents_frame().equals(store.documents_frame())
        assert other.counts_frame().equals(store.counts_frame())
        assert other.blocks_frame().equals(store.blocks_frame())
        assert other.mentions_frame().equals(store.mentions_frame())


def test_empty_store_gives_empty_frames(tmp_path):
    with Store.open(tmp_path / "t.db", "rw") as store:
        for frame in (store.documents_frame(), store.counts_frame(), store.blocks_frame(), store.mentions_frame()):
            assert frame.height == 0
            assert frame.width > 3

"""`textmine.open`, sentences and pages, ingest from Python, and what goes wrong."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import polars as pl
import pytest

import textmine
from textmine.api import Corpus
from textmine.errors import DataError, DocumentError, QueryError, SettingsError, StoreError
from textmine.settings import sample_corpus


@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_sentence_knows_its_place_and_neighbours(corpus: Corpus, language: str) -> None:
    row = corpus.mentions("barrier.*", language=language).filter(pl.col("text").str.len_chars() > 60).row(3, named=True)
    passage = corpus.sentence(row["sentence"])
    assert (passage.text, passage.document, passage.page) == (row["text"], row["document"], row["page"])
    assert (passage.codes, passage.language, passage.year) == (tuple(row["codes"]), language, row["year"])
    html = passage._repr_html_()
    assert f"lang='{language}'" in html
    assert row["codes"][0] in html


def test_text_of_documents_is_escaped_in_notebooks() -> None:
    from textmine.api.passages import Passage

    evil = "<script>alert(1)</script>"
    passage = Passage("a", evil, evil, evil, "en", (evil,), (), evil, evil, 2020, 1, (), (), "d")
    assert "<script>" not in passage._repr_html_()


def test_the_corpus_shows_itself(corpus: Corpus) -> None:
    html = corpus._repr_html_()
    assert "30 documents, 2005-2024" in html
    assert "<th>barrier</th>" in html
    assert repr(corpus).startswith("Corpus(")


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_page_of_a_sentence_has_it_marked(corpus: Corpus, language: str) -> None:
    row = corpus.mentions("barrier.skills", language=language).row(0, named=True)
    picture = corpus.page(row["sentence"], width=600).convert("RGB")
    assert picture.width == 600
    box = corpus.sentence(row["sentence"]).boxes[0]
    document = corpus.store.document_view(row["document_id"])
    (page,) = [page for page in document.pages if page.number == box.page]
    scale = 600 / page.width_pt
    inside = picture.crop([round(scale * side) for side in (box.x0, box.top, box.x1, box.bottom)])
    colours = inside.getcolors(1 << 20)
    red, green, blue = max(colours)[1]  # the most frequent colour behind the letters
    assert (red > 230, green > 200, blue < 150) == (True, True, True)
    corner = picture.getpixel((3, 3))
    assert min(corner) > 240


def test_a_page_without_its_file_is_said(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Brak zaufania hamuje rozwój klastra.", encoding="utf-8")
    with textmine.open(tmp_path / "own.db", create=True, model="keyword") as own:
        assert own.documents.height == 0
        assert own.ingest(tmp_path / "notes.txt", workers="serial").n_documents == 1
        (sentence,) = own.mentions("barrier.trust")["sentence"]
        with pytest.raises(DocumentError, match="not a PDF"):
            own.page(sentence)
        (tmp_path / "notes.txt").write_text("Something else.", encoding="utf-8")
        with pytest.raises(DocumentError, match="changed since it was read"):
            own.page(sentence)


def test_ingest_adds_to_an_open_corpus_and_goes_on_after_a_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("maz-2010-raport.pdf", "pom-2018-evaluation.pdf"):
        shutil.copy(sample_corpus() / "pdf" / name, tmp_path)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    with textmine.open(tmp_path / "own.db", create=True, model="keyword") as own:
        done = own.ingest([tmp_path], metadata=sample_corpus() / "manifest.csv", workers="serial")
        assert (done.n_documents, list(done.failures)) == (3, [str(tmp_path / "broken.pdf")])
        assert "1 of 3 documents failed" in caplog.text
        read = own.documents.filter(pl.col("status") != "failed")
        assert read.sort("year")["languages"].to_list() == [["pl", "en"], ["en"]]
        assert set(own.mentions("cluster.*")["language"]) == {"pl", "en"}
        again = own.ingest(str(tmp_path), metadata=sample_corpus() / "manifest.csv", workers="serial")
        assert (again.n_skipped, len(again.failures)) == (2, 1)


def test_code_codes_texts_of_both_languages() -> None:
    texts = ["Brak zaufania między firmami hamuje rozwój klastra.", "Brak zaufania nie jest już barierą.", "", "Hello."]
    found = textmine.code([*texts, "The cluster lacks skilled people."], model="keyword")
    assert found.columns == ["sentence", "language", "text", "codes", "scores", "names", "negated"]
    assert found["language"].to_list()[0] == "pl"
    assert found["codes"].to_list() == [
        ["barrier.trust", "cluster.concept"], [], [], [], ["barrier.skills", "cluster.concept"],
    ]  # fmt: skip
    assert found["negated"].to_list()[1] == ["barrier.trust"]
    assert found["scores"].list.len().to_list() == found["codes"].list.len().to_list()
    one = textmine.code("Klaster ICT", language="pl")
    assert one["codes"].to_list()[0]
    assert one["language"].item() == "pl"


def test_read_gives_the_blocks_of_extract(command: object) -> None:
    import json

    path = sample_corpus() / "pdf" / "maz-2010-raport.pdf"
    rows = json.loads(command("extract", path, "--format", "json").stdout)  # type: ignore[operator]
    assert textmine.read(path).to_dicts() == rows
    more = textmine.read(path, all_kinds=True)
    assert more.height > len(rows)
    with pytest.raises(DocumentError, match="no such file"):
        textmine.read("nowhere.pdf")


@pytest.mark.parametrize(
    ("ask", "error", "words"),
    [
        (lambda c: c.mentions(years=(2013, 2004)), SettingsError, "years: found"),
        (lambda c: c.mentions(years=("a", 2)), SettingsError, "years: found"),
        (lambda c: c.query(), SettingsError, "like="),
        (lambda c: c.query("klaster", show="page"), SettingsError, "show: found 'page'"),
        (lambda c: c.query("klaster", sort="size"), SettingsError, "sort"),
        (lambda c: c.query("(klaster"), QueryError, r"\^"),
        (lambda c: c.count("klaster", by="moon"), SettingsError, "by: found 'moon'"),
        (lambda c: c.trends(by="month"), SettingsError, "year, period, all"),
        (lambda c: c.trends("nonsense"), DataError, "nonsense: no such code"),
        (lambda c: c.trends(show="tests", evidence=True), SettingsError, "only rates"),
        (lambda c: c.trends(region="Atlantis"), DataError, "no document fits"),
        (lambda c: c.topics(by="page"), SettingsError, "by"),
        (lambda c: c.topic_passages("nothing"), DataError, "no such topic"),
        (lambda c: c.integration(by="year"), SettingsError, "region, period"),
        (lambda c: c.integration(show="all"), SettingsError, "show"),
        (lambda c: c.sentence("0" * 20), DataError, "not in this corpus"),
        (lambda c: c.sentence("no such id"), DataError, "not in this corpus"),
        (lambda c: c.evidence(pl.DataFrame({"a": [1]})), DataError, "evidence=True"),
        (lambda c: textmine.code("x", language="de"), SettingsError, "language"),
        (lambda c: textmine.open("nowhere.db"), StoreError, "create=True"),
        (lambda c: textmine.open(c.path, sede=1), SettingsError, "sede"),
    ],
)
def test_what_goes_wrong_says_what_to_do(corpus: Corpus, ask: object, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        ask(corpus)  # type: ignore[operator]


def test_a_closed_corpus_says_so(demo_store: Path) -> None:
    with textmine.open(demo_store) as opened:
        frame = opened.documents
    opened.close()
    assert frame.height == 30
    with pytest.raises(StoreError, match=r"closed.*textmine\.open"):
        _ = opened.documents


def test_reading_leaves_the_store_as_it_is(demo_store: Path) -> None:
    before = hashlib.sha256(demo_store.read_bytes()).hexdigest()
    with textmine.open(demo_store) as opened:
        opened.mentions(limit=1)
        opened.codes  # noqa: B018
    assert hashlib.sha256(demo_store.read_bytes()).hexdigest() == before


def test_topics_are_fitted_and_kept(demo_store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.db"
    shutil.copy(demo_store, own)
    with textmine.open(own, seed=3) as opened:
        fitted = opened.fit_topics(6, seed_codes=["barrier.*"])
        assert fitted.height == 6
        assert fitted["topic"][0] == "barrier"
        assert fitted.equals(opened.topics())

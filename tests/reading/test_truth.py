"""The sample corpus against its sources: text in order, kinds, notes, cells, nothing of headers in it."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from corpus.source import Source, read_source
from textmine.reading import read_document, tesseract_languages
from textmine.records import Reading
from textmine.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"
RUNNING = ("heading", "paragraph", "list", "caption")
#: Two columns, three makers, footnotes, SWOT, landscape, contents, both languages; no scans, which take seconds.
CHOSEN = (
    "maz-2005-strategia",
    "maz-2008-ris",
    "eu-2008-clusters",
    "pom-2014-strategia",
    "maz-2015-ris",
    "maz-2016-report",
    "maz-2017-program",
    "lub-2014-strategia",
    "lub-2020-report",
    "pdk-2007-strategia",
    "pdk-2022-evaluation",
    "maz-2021-strategia",
)


@cache
def pair(name: str) -> tuple[Source, Reading]:
    source = read_source(CORPUS / "texts" / f"{name}.md")
    return source, read_document(CORPUS / "pdf" / f"{name}.pdf", settings=Settings(ocr="auto"))


def folded(text: str) -> str:
    return " ".join(text.split())


def true_text(source: Source) -> str:
    cover = [source.issuer, source.title, str(source.year)]
    return folded(" ".join([*cover, *(block.text for block in source.blocks if block.kind in RUNNING)]))


def read_text(reading: Reading) -> str:
    return folded(" ".join(block.text for block in reading.blocks if block.kind in RUNNING))


def similarity(one: str, two: str) -> float:
    """1 - edits / length, over words: every wrong character makes its whole word wrong, so it is a stern measure."""
    first, second = one.split(), two.split()
    same = sum(match.size for match in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks())
    return same / max(len(first), len(second))


@pytest.mark.parametrize("name", CHOSEN)
def test_running_text_is_the_source(name: str) -> None:
    source, reading = pair(name)
    assert similarity(true_text(source), read_text(reading)) >= 0.99


@pytest.mark.parametrize("name", CHOSEN)
def test_kinds_are_those_of_the_source(name: str) -> None:
    source, reading = pair(name)
    truth = {kind: [folded(block.text) for block in source.blocks if block.kind == kind] for kind in RUNNING}
    # a paragraph that a page end cuts between two sentences may stay two
    right = sum(
        len(block.text) for block in reading.blocks if any(block.text in text for text in truth.get(block.kind, []))
    )
    assert right >= 0.95 * sum(len(text) for texts in truth.values() for text in texts)


@pytest.mark.parametrize("name", CHOSEN)
def test_notes_and_cells_are_found_as_such(name: str) -> None:
    source, reading = pair(name)
    notes = Counter(folded(block.text) for block in reading.blocks if block.kind == "footnote")
    true_notes = Counter(folded(block.text) for block in source.blocks if block.kind == "footnote")
    cells = Counter(folded(block.text) for block in reading.blocks if block.kind == "table")
    true_cells = Counter(folded(cell) for block in source.blocks for row in block.rows for cell in row if cell)
    assert (true_notes & notes).total() >= 0.97 * true_notes.total()
    assert (true_cells & cells).total() >= 0.97 * true_cells.total()


@pytest.mark.parametrize("name", CHOSEN)
def test_headers_footers_and_contents_stay_out(name: str) -> None:
    source, reading = pair(name)
    texts = [folded(block.text) for block in reading.blocks if block.kind in RUNNING]
    assert folded(source.header) not in texts[3:]
    assert not [text for text in texts if source.notice in text or re.fullmatch(r"\d+( / \d+)?", text)][1:]
    assert not [text for text in texts if re.search(r"(\.\s?){5}\d+$", text)]


@pytest.mark.parametrize("name", CHOSEN)
def test_every_character_knows_its_place(name: str) -> None:
    _, reading = pair(name)
    sizes = {page.number: (page.width_pt, page.height_pt) for page in reading.pages}
    for block in reading.blocks:
        assert block.spans[0].start == 0
        assert block.spans[-1].end == len(block.text)
        for span in block.spans:
            width, height = sizes[span.box.page]
            assert -1 <= span.box.x0 < span.box.x1 <= width + 1
            assert -1 <= span.box.top < span.box.bottom <= height + 1


@pytest.mark.skipif("pol" not in tesseract_languages(), reason="Tesseract with Polish is not installed")
def test_scanned_page_is_read() -> None:
    source, reading = pair("maz-2012-program")
    scanned = [page for page in reading.pages if page.source == "ocr"]
    assert [page.number for page in scanned] == list(source.scanned)
    assert similarity(true_text(source), read_text(reading)) >= 0.95


@pytest.mark.parametrize("name", ["maz-2015-ris", "maz-2016-report"])
def test_reading_twice_gives_the_same(name: str) -> None:
    _, first = pair(name)
    second = read_document(CORPUS / "pdf" / f"{name}.pdf", settings=Settings(ocr="never"))
    assert [(block.id, block.spans) for block in first.blocks] == [(block.id, block.spans) for block in second.blocks]

"""The PDFs of the sample corpus: all there, small, whole, with the troubles that their sources ask for."""

from __future__ import annotations

import re
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from corpus.source import Source, read_source

CORPUS = Path(__file__).parents[2] / "corpus"
SOURCES = [read_source(path) for path in sorted((CORPUS / "texts").glob("*.md"))]
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})


def page_texts(source: Source) -> list[str]:
    document = pypdfium2.PdfDocument(CORPUS / "pdf" / source.file_name)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def letters(text: str) -> str:
    """Letters and digits only: hyphens at line ends, ligatures and spaces do not matter here."""
    return re.sub(r"[\W_]", "", re.sub("[\ufffe\u00ad\u0002]", "", text).translate(LIGATURES)).lower()


def test_no_pdf_without_a_source() -> None:
    names = {path.name for path in (CORPUS / "pdf").iterdir()}
    assert names == {source.file_name for source in SOURCES}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_pdf_is_short_small_and_holds_its_source(source: Source) -> None:
    texts = page_texts(source)
    size = (CORPUS / "pdf" / source.file_name).stat().st_size
    assert 3 <= len(texts) <= 10
    assert size < (400_000 if source.scanned else 150_000)
    empty = {number for number, text in enumerate(texts, start=1) if not text.strip()}
    assert empty == set(source.scanned)
    for number, text in enumerate(texts, start=1):
        assert number in empty or letters(source.notice) in letters(text)
    if not source.scanned:
        whole = letters("".join(texts))
        # the beginning of every block or cell, and nearly all long words: a page end may break a word in two
        pieces = [text for block in source.blocks for text in (sum(block.rows, ()) or (block.text,))]
        assert [piece for piece in pieces if letters(piece)[:12] not in whole] == []
        words = {letters(word) for piece in pieces for word in re.findall(r"\w{5,}", piece)}
        assert len([word for word in words if word not in whole]) <= len(texts)


def test_at_least_110_pages() -> None:
    assert sum(len(page_texts(source)) for source in SOURCES) >= 110


@pytest.mark.parametrize("source", [source for source in SOURCES if source.scanned], ids=lambda source: source.id)
def test_scanned_page_is_one_picture_of_its_size(source: Source) -> None:
    document = pypdfium2.PdfDocument(CORPUS / "pdf" / source.file_name)
    for number in source.scanned:
        page = document[number - 1]
        (picture,) = page.get_objects()
        assert picture.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        assert picture.get_bounds() == pytest.approx((0, 0, *page.get_size()), abs=0.5)
    document.close()


def test_encrypted_document_opens_with_the_empty_password() -> None:
    (source,) = [source for source in SOURCES if source.password is not None]
    path = CORPUS / "pdf" / source.file_name
    assert b"/Encrypt" in path.read_bytes()
    pypdfium2.PdfDocument(path, password=source.password).close()


def test_landscape_page_is_wider_than_high() -> None:
    for source in SOURCES:
        document = pypdfium2.PdfDocument(CORPUS / "pdf" / source.file_name)
        wide = [page.get_width() > page.get_height() for page in document]
        document.close()
        assert any(wide) == any(block.landscape for block in source.blocks), source.id
        assert not all(wide)


@pytest.mark.parametrize("source", [source for source in SOURCES if source.hyphenate], ids=lambda source: source.id)
def test_hyphenated_documents_break_words(source: Source) -> None:
    # pdfium gives typst's hyphen at a line end as U+FFFE or U+0002; WeasyPrint writes U+2010
    assert len(re.findall("\\w[\ufffe\u0002\u2010-]\\s*\\w", "".join(page_texts(source)))) >= 20


@pytest.mark.parametrize("name", ["maz-2005-strategia", "eu-2021-report"])
def test_ligatures_are_characters_of_the_text_layer(name: str) -> None:
    # pdfplumber: pdfium takes some of them apart by itself
    with pdfplumber.open(CORPUS / "pdf" / f"{name}.pdf") as document:
        text = "".join(char["text"] for page in document.pages for char in page.chars)
    assert text.count("ﬁ") >= 5
    assert [source.ligatures for source in SOURCES if source.id == name] == [True]


def test_metadata_title_is_the_sources_and_wrong_where_it_says_so() -> None:
    for source in SOURCES:
        document = pypdfium2.PdfDocument(CORPUS / "pdf" / source.file_name)
        assert document.get_metadata_value("Title") == source.pdf_title
        assert document.get_metadata_value("CreationDate").startswith(f"D:{source.year}0615")
        document.close()

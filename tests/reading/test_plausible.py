"""Text layers that are no language: told by words, scripts and vowels; languages other than ours are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_pages import EN, PL

from textmine.reading import read_document, tesseract_languages
from textmine.reading.plausible import is_doubtful, is_garbled
from textmine.settings import Settings

GERMAN = "Die Förderung der Cluster gehört seit Jahren zu den wichtigsten Aufgaben der regionalen Wirtschaftspolitik."


def shifted(text: str, by: int = -29) -> str:
    """The text as a font without a character map gives it: glyph numbers for letters."""
    return "".join(chr(ord(char) + by) if "a" <= char <= "z" else char for char in text)


@pytest.mark.parametrize("text", [PL, EN, GERMAN, "1 200,50 3 400,00 12,5 % 48 %", "Rok 2015 2020"])
def test_language_and_figures_are_no_rubbish(text: str) -> None:
    assert not is_garbled(text)


@pytest.mark.parametrize("text", [shifted(PL), shifted(EN), "Ҩଋ ̽ୡȥ ဎഁୡࣧ ဌʾ ဎಱ̽ೌ ܆ȥ ਮΝ੧ ͱʸ͢ฏʤ" * 3, "?@'' ~^ ?/&' #$ ?&' ~@"])
def test_glyph_numbers_are_rubbish(text: str) -> None:
    assert is_garbled(text)


def test_a_few_unknown_words_are_doubtful_only() -> None:
    assert is_doubtful("6XPPD")
    assert not is_doubtful("Załącznik 1")
    assert not is_doubtful(PL)


@pytest.mark.parametrize("text", [PL, EN], ids=["pl", "en"])
def test_a_wrong_character_map_is_flagged_or_read_anew(tmp_path: Path, text: str) -> None:
    import pypdfium2 as pdfium
    from fpdf import FPDF

    # letters that nobody sees under a picture of the true text, as a font with a wrong map has them
    plain = FPDF(format="A4")
    plain.add_page()
    plain.add_font("dejavu", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    plain.set_font("dejavu", size=11)
    plain.multi_cell(0, 7, text)
    plain.output(str(tmp_path / "plain.pdf"))
    document = pdfium.PdfDocument(tmp_path / "plain.pdf")
    picture = document[0].render(scale=200 / 72).to_pil()
    document.close()
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    pdf.multi_cell(0, 7, shifted(EN))
    pdf.image(picture, 0, 0, 210, 297)
    pdf.output(str(tmp_path / "mapped.pdf"))
    unread = read_document(tmp_path / "mapped.pdf", settings=Settings(ocr="never"))
    assert unread.document.status == "flagged"
    assert "rubbish text" in unread.pages[0].flags
    if "pol" in tesseract_languages():
        reading = read_document(tmp_path / "mapped.pdf", settings=Settings(ocr="auto"))
        assert reading.pages[0].source == "ocr"
        assert " ".join(block.text for block in reading.blocks) == text

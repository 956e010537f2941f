"""Small PDFs made on the spot, in both languages, with the trouble that a test is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from textmine.reading import read_document
from textmine.records import Reading
from textmine.settings import Settings

SETTINGS = Settings(ocr="never")


@pytest.fixture
def read_typst(tmp_path: Path) -> Callable[..., Reading]:
    """Compiles Typst markup and reads the PDF."""
    import typst

    def make(source: str, **settings: object) -> Reading:
        markup = tmp_path / "made.typ"
        markup.write_text(source, encoding="utf-8")
        pdf = tmp_path / "made.pdf"
        typst.compile(str(markup), output=str(pdf))
        return read_document(pdf, settings=SETTINGS.model_copy(update=settings))

    return make


@pytest.fixture
def read_html(tmp_path: Path) -> Callable[..., Reading]:
    """Sets HTML with WeasyPrint and reads the PDF."""
    from weasyprint import HTML

    def make(html: str, css: str = "", lang: str = "pl", **settings: object) -> Reading:
        pdf = tmp_path / "set.pdf"
        base = "@page{size:A4;margin:25mm} body{font:10pt 'DejaVu Serif'}"
        HTML(string=f"<html lang={lang}><style>{base}{css}</style><body>{html}</body></html>").write_pdf(pdf)
        return read_document(pdf, settings=SETTINGS.model_copy(update=settings))

    return make

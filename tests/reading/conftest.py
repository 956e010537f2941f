"""Small PDFs made on the spot, in both languages, with the trouble that a test is about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from textmine.reading import read_document
from textmine.records import Block, Reading
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


def texts(reading: Reading, *kinds: str) -> list[str]:
    """Texts of the blocks of these kinds, in reading order."""
    return [block.text for block in reading.blocks if block.kind in kinds]


def only(reading: Reading, kind: str) -> Block:
    """The one block of a kind."""
    found = [block for block in reading.blocks if block.kind == kind]
    assert len(found) == 1, [block.text for block in found]
    return found[0]


PL = (
    "Polityka klastrowa województwa opiera się na współpracy przedsiębiorstw, uczelni i samorządów, które wspólnie "
    "przygotowują projekty badawczo-rozwojowe oraz przedsięwzięcia infrastrukturalne finansowane z wielu źródeł. "
    "Najważniejszą barierą pozostaje brak zaufania między partnerami oraz niedostateczna wiedza o instrumentach."
)
EN = (
    "Cluster policy in the region rests on cooperation between enterprises, universities and local authorities, which "
    "jointly prepare research projects and long-term infrastructure undertakings financed from several sources. "
    "The most important barrier remains the lack of trust between partners and insufficient knowledge of instruments."
)

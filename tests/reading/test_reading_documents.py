"""Files of all sorts to readings: encrypted, damaged, scanned, empty, too large; text formats."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from made_pages import EN, PL, only, texts

from textmine.errors import DocumentError, LimitError, PasswordError
from textmine.reading import failed_reading, page_report, read_document, tesseract_languages, words_by_other_engine
from textmine.records import Reading
from textmine.settings import Settings

SETTINGS = Settings(ocr="never")
CORPUS = Path(__file__).parents[2] / "corpus" / "pdf"


def make_pdf(path: Path, *pages: str, password: str = "") -> Path:
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.add_font("dejavu", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    pdf.set_font("dejavu", size=11)
    if password:
        pdf.set_encryption(owner_password="owner", user_password=password)
    for text in pages:
        pdf.add_page()
        pdf.multi_cell(0, text=text)
    pdf.output(str(path))
    return path


@pytest.mark.parametrize("engine", ["auto", "pdfium", "pdfplumber"])
@pytest.mark.parametrize("text", [PL, EN], ids=["pl", "en"])
def test_both_engines_give_the_text(tmp_path: Path, engine: str, text: str) -> None:
    settings = SETTINGS.model_copy(update={"engine": engine})
    reading = read_document(make_pdf(tmp_path / "made.pdf", text), settings=settings)
    assert only(reading, "paragraph").text == text
    assert reading.document.n_words == len(text.split())
    assert reading.document.status == "read"


@pytest.mark.parametrize("engine", ["auto", "pdfplumber"])
def test_password(tmp_path: Path, engine: str) -> None:
    settings = SETTINGS.model_copy(update={"engine": engine})
    path = make_pdf(tmp_path / "secret.pdf", PL, password="tajne")
    with pytest.raises(PasswordError, match=r"secret.pdf is encrypted. .*--password-file"):
        read_document(path, settings=settings)
    with pytest.raises(PasswordError, match="does not open it"):
        read_document(path, settings=settings, password="wrong")
    assert only(read_document(path, settings=settings, password="tajne"), "paragraph").text == PL


def test_what_is_no_pdf_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    with pytest.raises(DocumentError, match=r"broken.pdf: not a readable PDF"):
        read_document(path, settings=SETTINGS)


def test_truncated_pdf_still_gives_its_text(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "whole.pdf", PL, EN)
    data = path.read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(data[: data.rindex(b"xref") - 20])
    reading = read_document(cut, settings=SETTINGS)
    assert texts(reading, "paragraph") == [PL, EN]


def test_page_that_pdfium_loses_comes_from_pdfplumber(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2 as pdfium

    from textmine.reading import pdf

    real = pdf.read_pdfium_page

    def lose_second(document: pdfium.PdfDocument, index: int) -> object:
        if index == 1:
            raise pdfium.PdfiumError("Failed to load page.")
        return real(document, index)

    monkeypatch.setattr(pdf, "read_pdfium_page", lose_second)
    path = make_pdf(tmp_path / "made.pdf", PL, EN)
    reading = read_document(path, settings=SETTINGS)
    assert texts(reading, "paragraph") == [PL, EN]
    assert reading.pages[1].flags == ("read by pdfplumber",)
    forced = read_document(path, settings=SETTINGS.model_copy(update={"engine": "pdfium"}))
    assert texts(forced, "paragraph") == [PL]
    assert (forced.pages[1].source, forced.document.status) == ("none", "flagged")


def test_rubbish_is_told_from_text() -> None:
    from textmine.reading.pdf import is_rubbish

    assert is_rubbish("\ufffd\ue001 \ufffd\ue002 a")
    assert is_rubbish("(cid:12)(cid:7)(cid:9)")
    assert not is_rubbish(f"• {PL}")
    assert not is_rubbish(EN)


def test_engine_pdfium_alone_says_what_to_try(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(DocumentError, match="Try --engine pdfplumber"):
        read_document(path, settings=SETTINGS.model_copy(update={"engine": "pdfium"}))


@pytest.mark.parametrize("engine", ["auto", "pdfplumber"])
def test_pdf_without_an_end_or_a_page(tmp_path: Path, engine: str) -> None:
    path = tmp_path / "none.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
    )
    with pytest.raises(DocumentError, match=r"none.pdf: "):
        read_document(path, settings=SETTINGS.model_copy(update={"engine": engine}))


def test_limits(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "long.pdf", *[PL] * 4)
    reading = read_document(path, settings=SETTINGS.model_copy(update={"max_pages": 2}))
    assert len(reading.pages) == 2
    assert reading.document.flags == ("only the first 2 of 4 pages read",)
    (tmp_path / "large.pdf").write_bytes(b"%PDF-" + bytes(2 * 1024 * 1024))
    with pytest.raises(LimitError, match="over the limit of 1 MB"):
        read_document(tmp_path / "large.pdf", settings=SETTINGS.model_copy(update={"max_file_mb": 1}))


def test_blank_page_is_no_loss(tmp_path: Path) -> None:
    reading = read_document(make_pdf(tmp_path / "blank.pdf", PL, ""), settings=SETTINGS)
    assert [(page.source, page.flags) for page in reading.pages] == [("text", ()), ("text", ("blank",))]
    assert reading.document.status == "read"


@pytest.fixture
def scan(tmp_path: Path) -> Callable[..., Path]:
    """A PDF whose pages are pictures of text, turned by so many degrees."""

    def make(text: str, *, turn: int = 0) -> Path:
        import pypdfium2 as pdfium
        from fpdf import FPDF

        made = pdfium.PdfDocument(make_pdf(tmp_path / "text.pdf", f"{text}\n\n{text}"))
        picture = made[0].render(scale=200 / 72, grayscale=True).to_pil().rotate(turn, expand=True)
        pdf = FPDF(unit="pt", format=(picture.width * 72 / 200, picture.height * 72 / 200))
        pdf.add_page()
        pdf.image(picture, 0, 0, pdf.w, pdf.h)
        pdf.output(str(tmp_path / "scan.pdf"))
        return tmp_path / "scan.pdf"

    return make


needs_tesseract = pytest.mark.skipif("pol" not in tesseract_languages(), reason="Tesseract is not installed")


@needs_tesseract
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_scan_is_read_whichever_way_it_lies(scan: Callable[..., Path], turn: int) -> None:
    reading = read_document(scan(PL, turn=turn), settings=Settings(ocr="auto"))
    words = " ".join(texts(reading, "paragraph")).split()
    truth = f"{PL} {PL}".split()
    assert sum(one == two for one, two in zip(words, truth, strict=False)) >= 0.95 * len(truth)
    assert reading.pages[0].source == "ocr"
    page = reading.pages[0]
    assert all(0 <= span.box.x0 < span.box.x1 <= page.width_pt for block in reading.blocks for span in block.spans)


@pytest.mark.parametrize("settings", [SETTINGS, Settings(ocr="auto")], ids=["never", "not installed"])
def test_unread_scan_is_flagged_and_counted(
    scan: Callable[..., Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scan(EN)
    tesseract_languages.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    try:
        reading = read_document(path, settings=settings)
    finally:
        monkeypatch.undo()
        tesseract_languages.cache_clear()
    assert reading.pages[0].source == "none"
    assert "no text" in reading.pages[0].flags
    assert reading.document.status == "flagged"
    assert reading.document.flags == ("pages without text: 1",)


def test_failed_reading_keeps_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "bad.pdf"
    path.write_bytes(b"nothing")
    reading = failed_reading(path, PasswordError("bad.pdf is encrypted."))
    assert (reading.document.status, reading.document.error) == ("failed", "bad.pdf is encrypted.")
    assert len(reading.document.id) == 64
    assert failed_reading(tmp_path / "gone.pdf", OSError()).document.error == "OSError"


def test_page_report_names_what_is_doubtful(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "made.pdf", PL, EN)
    reading = read_document(path, settings=SETTINGS)
    rows = page_report(reading, words_by_other_engine(path, SETTINGS))
    assert [row["n_words"] for row in rows] == [len(PL.split()), len(EN.split())]
    assert [row["languages"] for row in rows] == [["pl"], ["en"]]
    assert [row["flags"] for row in rows] == [[], []]
    assert page_report(reading, {1: 3})[0]["flags"] == ["the engines differ"]


def test_nothing_is_lost_between_page_and_blocks() -> None:
    from collections import Counter

    from textmine.reading.assemble import blocks_of
    from textmine.reading.layout import layout
    from textmine.reading.pdf import read_pdf

    for name in ("maz-2008-ris", "maz-2016-report", "pom-2018-evaluation"):
        pages = read_pdf(CORPUS / f"{name}.pdf", settings=SETTINGS).pages
        on_pages = Counter(char for page in pages for char in page.text if char.isalnum())
        drafts, turns = layout(pages)
        in_blocks = Counter(char for block in blocks_of("d", drafts, turns) for char in block.text if char.isalnum())
        lost = on_pages - in_blocks
        assert set(lost) <= set("0123456789"), lost  # the marks of notes
        assert lost.total() < 20


DOCX = """<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>Cele</w:t></w:r></w:p>
<w:p><w:r><w:t xml:space="preserve">Wzrost </w:t></w:r><w:r><w:t>innowacji.</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>brak kadr</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>2015</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>21</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
</w:body></w:document>"""
STYLES = """<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style></w:styles>"""


def shape(reading: Reading) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level or block.row, block.text) for block in reading.blocks]


def test_docx(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", DOCX)
        archive.writestr("word/styles.xml", STYLES)
    assert shape(read_document(path, settings=SETTINGS)) == [
        ("heading", 2, "Cele"), ("paragraph", 0, "Wzrost innowacji."), ("list", 0, "brak kadr"),
        ("table", 1, "2015"), ("table", 1, "21"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"PK nothing", "not a DOCX file"), ("<!DOCTYPE x><a/>", "declares entities"), ("<a>", "is damaged")],
)
def test_bad_docx(tmp_path: Path, content: bytes | str, message: str) -> None:
    path = tmp_path / "bad.docx"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", content)
    with pytest.raises(DocumentError, match=message):
        read_document(path, settings=SETTINGS)


def test_entities_in_utf_16_are_seen_too(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<!DOCTYPE x [<!ENTITY a 'aa'>]><x>&a;</x>".encode("utf-16"))
    with pytest.raises(DocumentError, match="declares entities"):
        read_document(path, settings=SETTINGS)


def test_html(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<title>x</title><nav>Menu</nav><script>var a=1</script><h2>Bariery &amp; cele</h2><p>Brak <b>zaufania</b>.<br>"
        "Nowe.</p><ul><li>kadry</li></ul><table><caption>Tabela 1</caption><tr><td>a</td><td>b</td></tr></table>"
    )
    assert shape(read_document(path, settings=SETTINGS)) == [
        ("furniture", 0, "Menu"), ("heading", 2, "Bariery & cele"), ("paragraph", 0, "Brak zaufania."),
        ("paragraph", 0, "Nowe."), ("list", 0, "kadry"), ("caption", 0, "Tabela 1"),
        ("table", 1, "a"), ("table", 1, "b"),
    ]  # fmt: skip


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "note.md"
    path.write_text(
        "---\ntitle: x\n---\n# Goals\nA **bold** aim[^1]\nand [link](http://x).\n\n- lack of trust\n1. first\n\n"
        "| a | b |\n|---|---|\n| c | d |\n: Table 1. Aims\n\n```\ncode\n```\n[^1]: A note."
    )
    assert shape(read_document(path, settings=SETTINGS)) == [
        ("heading", 1, "Goals"), ("paragraph", 0, "A bold aim and link."), ("list", 0, "lack of trust"),
        ("list", 0, "1. first"), ("table", 1, "a"), ("table", 1, "b"), ("table", 2, "c"), ("table", 2, "d"),
        ("caption", 0, "Table 1. Aims"), ("footnote", 0, "A note."),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859_2"])
def test_text_in_any_code_page(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(
        "1. DIAGNOZA\n\nWspółpraca przedsię-\nbiorstw jest słabą stroną\nregionu.\n\n12\n", encoding=encoding
    )
    assert shape(read_document(path, settings=SETTINGS)) == [
        ("heading", 1, "1. DIAGNOZA"),
        ("paragraph", 0, "Współpraca przedsiębiorstw jest słabą stroną regionu."),
        ("furniture", 0, "12"),
    ]


def test_text_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes(bytes(range(256)) * 50)
    with pytest.raises(DocumentError, match="no text file"):
        read_document(path, settings=SETTINGS)
    (tmp_path / "empty.txt").write_text("")
    assert read_document(tmp_path / "empty.txt", settings=SETTINGS).document.flags == (
        "no text",
        "pages without text: 1",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tie a child's life to its parent's")
def test_recognition_dies_with_its_worker(tmp_path: Path) -> None:
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 60\n")
    program.chmod(0o755)
    code = "from PIL import Image; from textmine.reading.ocr import _run; _run(Image.new('L', (9, 9)), 'tsv')"
    path = f"{tmp_path}:{os.environ['PATH']}"
    worker = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PATH": path})
    written = tmp_path / "pid"
    deadline = time.monotonic() + 20
    while not (written.exists() and written.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)
    child = Path("/proc") / written.read_text().strip()
    assert child.exists()
    worker.kill()
    worker.wait()
    while child.exists() and "Z" not in (child / "stat").read_text().split() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.exists() or "Z" in (child / "stat").read_text().split()


def test_html_left_open_ends_as_in_a_browser(tmp_path: Path) -> None:
    path = tmp_path / "open.html"
    path.write_text(
        "<ul><li>kadry<li>lack of trust</ul><p>Brak <![if x]>zaufania.<p>Cel.<table><tr><td>a<td>b<tr><th>c</table>"
    )
    assert shape(read_document(path, settings=SETTINGS)) == [
        ("list", 0, "kadry"), ("list", 0, "lack of trust"), ("paragraph", 0, "Brak zaufania."),
        ("paragraph", 0, "Cel."),
        ("table", 1, "a"), ("table", 1, "b"), ("table", 2, "c"),
    ]  # fmt: skip


def test_html_nested_without_end_keeps_its_text(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<div>" * 2000 + "<p>Brak zaufania.</p>" + "</div>" * 2000 + "<h1>Goals</h1>")
    assert shape(read_document(path, settings=SETTINGS)) == [
        ("paragraph", 0, "Brak zaufania."),
        ("heading", 1, "Goals"),
    ]


def test_docx_nested_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a>" * 600 + "</a>" * 600)
    with pytest.raises(DocumentError, match="nests more than 512"):
        read_document(path, settings=SETTINGS)

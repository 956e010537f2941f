"""PDF files to pages of words: opens with either engine, tries the other where one fails, keeps the limits.

pypdfium2 reads first. A page that it loses or that comes out as rubbish is tried with pdfplumber, and a page without
text goes to OCR. The page counts of both are compared where a file was damaged.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from textmine.errors import DocumentError, LimitError, PasswordError
from textmine.reading.ocr import dots_per_inch, needs_ocr, ocr_picture, tesseract_languages
from textmine.reading.pages import PageText, empty_page
from textmine.reading.pdfium import read_pdfium_page, render
from textmine.reading.plausible import is_doubtful, is_garbled, known_share
from textmine.reading.plumber import open_plumber, read_plumber_page
from textmine.settings import Settings

__all__ = ["PdfReading", "read_pdf"]

log = logging.getLogger(__name__)

#: Share of characters that are no text (U+FFFD, private use, controls, `(cid:7)`) over which a page counts as rubbish.
RUBBISH_SHARE = 0.3
RUBBISH = "rubbish text"
INK = 200  # of 255: darker pixels are something drawn
SURE = 0.75  # mean confidence of text recognition that outweighs a few unknown words
NO_TEXT = re.compile(r"[\ufffd\ue000-\uf8ff\x01-\x08\x0e-\x1f]")


@dataclass(slots=True)
class PdfReading:
    """The pages of a PDF file with what the file says about itself."""

    pages: list[PageText]
    info: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)


def read_pdf(path: Path, *, settings: Settings, password: str = "") -> PdfReading:
    """All pages of a PDF file.

    Raises:
        PasswordError: it is encrypted, and `password` does not open it.
        DocumentError: neither engine can open it.
    """
    if settings.engine == "pdfplumber":
        return _read_with_plumber(path, settings, password)
    try:
        document = pdfium.PdfDocument(path, password=password or None)
        count = len(document)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() and settings.engine == "pdfium":
            raise password_error(path, password) from error
        if settings.engine == "pdfium":
            raise DocumentError(f"{path.name}: pdfium cannot open it ({error}). Try --engine pdfplumber.") from error
        rebuilt = _rebuilt(path)
        if rebuilt is not None:
            try:
                reading = _read_with_pdfium(path, rebuilt, len(rebuilt), settings, password)
            finally:
                rebuilt.close()
            reading.flags.add("damaged: rebuilt without its index")
            return reading
        locked = "password" in str(error).lower()
        try:
            reading = _rescue(path, settings, password, str(error))
        except DocumentError:
            if locked:
                raise password_error(path, password) from error
            raise
        if locked and not any(page.n_words for page in reading.pages):
            raise password_error(path, password) from error
        return reading
    try:
        reading = _read_with_pdfium(path, document, count, settings, password)
    finally:
        document.close()
    return reading


def password_error(path: Path, password: str) -> PasswordError:
    """What to say of an encrypted file."""
    what = "is encrypted, and the password given does not open it" if password else "is encrypted"
    return PasswordError(f"{path.name} {what}. Give the password with --password-file FILE.")


def _read_with_pdfium(
    path: Path, document: pdfium.PdfDocument, count: int, settings: Settings, password: str
) -> PdfReading:
    reading = PdfReading([], _info(document))
    if count > settings.max_pages:
        reading.flags.add(f"only the first {settings.max_pages} of {count} pages read")
    lost: list[int] = []
    for index in range(min(count, settings.max_pages)):
        try:
            page = read_pdfium_page(document, index)
        except pdfium.PdfiumError as error:
            log.info("%s, page %d: %s", path.name, index + 1, error)
            page = empty_page(index + 1, 595.0, 842.0, "page cannot be loaded by pdfium")
            lost.append(index)
        reading.pages.append(page)
        if index not in lost and page.n_words and (is_rubbish(page.text) or is_garbled(page.text)):
            page.flags.add(RUBBISH)
            lost.append(index)
    if settings.engine == "auto" and (lost or not count):
        _fill_from_plumber(path, reading, lost, settings, password)
    if not reading.pages:
        raise DocumentError(f"{path.name}: a PDF without pages. Get it again from where it came from.")
    _read_scans(document, reading, settings)
    return reading


def _read_scans(document: pdfium.PdfDocument, reading: PdfReading, settings: Settings) -> None:
    """Pages without usable text by OCR, when that is wanted and installed; the others are flagged."""
    for index, page in enumerate(reading.pages):
        always = settings.ocr == "always"
        rubbish = RUBBISH in page.flags
        doubtful = not rubbish and is_doubtful(page.text) and settings.ocr == "auto" and bool(tesseract_languages())
        if not always and not rubbish and not doubtful and not _needs_ocr(document, index, page):
            if page.n_words == 0 and not page.flags:
                page.source = "text"
                page.flags.add("blank")
            continue
        if settings.ocr == "never":
            page.flags.add("no text" if page.n_words == 0 else "hardly any text")
            continue
        found = _ocr(document, index, page)
        if doubtful and not _is_better(found, page):
            continue
        if found.n_words > (0 if always else page.n_words) or (
            (page.n_words == 0 or rubbish or doubtful) and found.n_words
        ):
            if rubbish or doubtful:
                found.flags.add("text layer was rubbish")
            found.rules, found.frames = [*found.rules, *page.rules], page.frames
            reading.pages[index] = found
        else:
            page.flags |= found.flags


def _needs_ocr(document: pdfium.PdfDocument, index: int, page: PageText) -> bool:
    """Whether a page shows something that its text does not say."""
    if needs_ocr(page) or page.n_words or page.flags or page.rules or page.frames:
        return needs_ocr(page)
    try:
        return bool(render(document, index, dpi=24).getextrema()[0] < INK)
    except (pdfium.PdfiumError, MemoryError, ValueError):
        return False


def _is_better(found: PageText, page: PageText) -> bool:
    """Whether text recognition is sure of its words and knows them, where the text layer has none that is known."""
    sure = found.confidence is not None and found.n_words > 0 and float(found.confidence.mean()) > SURE
    return sure and known_share(found.text) > known_share(page.text)


def _ocr(document: pdfium.PdfDocument, index: int, page: PageText) -> PageText:
    if not tesseract_languages():
        return empty_page(page.number, page.width, page.height, "no text", "scan: Tesseract is not installed")
    try:
        picture = render(document, index, dpi=dots_per_inch(page.width, page.height))
    except (pdfium.PdfiumError, MemoryError, ValueError) as error:
        log.info("page %d cannot be rendered: %s", index + 1, error)
        return empty_page(page.number, page.width, page.height, "no text", "page cannot be rendered")
    return ocr_picture(picture, page.number, page.width, page.height)


def _info(document: pdfium.PdfDocument) -> dict[str, str]:
    try:
        return dict(document.get_metadata_dict(skip_empty=True))
    except (pdfium.PdfiumError, ValueError, UnicodeDecodeError):
        return {}


def is_rubbish(text: str) -> bool:
    """Whether too much of a page's text is no text."""
    bad = len(NO_TEXT.findall(text)) + 6 * text.count("(cid:")
    if not bad:
        return False
    visible = len(text) - sum(map(str.isspace, text))
    return bad > RUBBISH_SHARE * visible


def _fill_from_plumber(path: Path, reading: PdfReading, lost: list[int], settings: Settings, password: str) -> None:
    """Pages that pdfium lost, as pdfplumber has them."""
    try:
        with open_plumber(path, password) as document:
            pages = document.pages[: settings.max_pages]
            for index in [*lost, *range(len(reading.pages), len(pages))]:
                if index >= len(pages):
                    continue
                page = _plumber_page(pages[index], path)
                if index == len(reading.pages):
                    reading.pages.append(page)
                elif page.n_words and not is_rubbish(page.text) and not is_garbled(page.text):
                    reading.pages[index] = page
                else:
                    continue
                page.flags.add("read by pdfplumber")
    except Exception as error:  # pdfminer raises whatever a broken file leads it to
        log.info("%s: pdfplumber cannot read it either: %s", path.name, error)


def _plumber_page(page: Any, path: Path) -> PageText:
    try:
        return read_plumber_page(page)
    except Exception as error:  # as above
        log.info("%s, page %d: pdfplumber: %s", path.name, page.page_number, error)
        return empty_page(page.page_number, 595.0, 842.0, "page cannot be read by pdfplumber")


CATALOG = re.compile(rb"(\d{1,7})\s+(\d{1,5})\s+obj\b(?:(?!endobj).){0,400}?/Type\s*/Catalog\b", re.DOTALL)


def _rebuilt(path: Path) -> pdfium.PdfDocument | None:
    """A file that lost its end opened with a new trailer to its catalog; None when it has none or is encrypted."""
    data = path.read_bytes()
    catalogs = list(CATALOG.finditer(data))
    if not catalogs or b"/Encrypt" in data:
        return None
    number, generation = catalogs[-1][1], catalogs[-1][2]
    trailer = b"\ntrailer\n<</Root %s %s R/Size 9999999>>\nstartxref\n0\n%%%%EOF\n" % (number, generation)
    try:
        document = pdfium.PdfDocument(data[: data.rindex(b"endobj") + 6] + trailer)
        if len(document):
            return document
    except (pdfium.PdfiumError, ValueError):
        return None
    return None


def _rescue(path: Path, settings: Settings, password: str, reason: str) -> PdfReading:
    """A file that pdfium cannot open, read by pdfplumber."""
    try:
        reading = _read_with_plumber(path, settings, password)
    except PasswordError:
        raise
    except DocumentError as error:
        raise DocumentError(
            f"{path.name}: not a readable PDF ({reason.rstrip('.')}; pdfplumber cannot open it either). "
            "Save it again from the program it came from, or repair it."
        ) from error
    if not reading.pages:
        raise DocumentError(f"{path.name}: not a readable PDF ({reason.rstrip('.')}; no pages). Repair it first.")
    reading.flags.add("damaged: read by pdfplumber only")
    return reading


def _read_with_plumber(path: Path, settings: Settings, password: str) -> PdfReading:
    reading = PdfReading([])
    try:
        with open_plumber(path, password) as document:
            reading.info = {str(key): str(value) for key, value in (document.metadata or {}).items()}
            pages = document.pages
            if len(pages) > settings.max_pages:
                reading.flags.add(f"only the first {settings.max_pages} of {len(pages)} pages read")
            reading.pages = [_plumber_page(page, path) for page in pages[: settings.max_pages]]
            for page in reading.pages:
                if page.n_words and (is_rubbish(page.text) or is_garbled(page.text)):
                    page.flags.add(RUBBISH)
    except Exception as error:  # pdfminer raises whatever a broken file leads it to
        name = f"{type(error).__name__} {error.__cause__ or ''} {error.args}"
        if "Password" in name:
            raise password_error(path, password) from error
        raise DocumentError(f"{path.name}: pdfplumber cannot read it ({type(error).__name__}).") from error
    return reading


@contextmanager
def opened(path: Path, password: str = "") -> Iterator[pdfium.PdfDocument]:
    """The file open in pdfium, for rendering."""
    document = pdfium.PdfDocument(path, password=password or None)
    try:
        yield document
    finally:
        document.close()


def check_size(path: Path, settings: Settings) -> None:
    """Raises LimitError when the file is larger than the settings allow."""
    size = path.stat().st_size
    if size > settings.max_file_mb * 1024 * 1024:
        raise LimitError(
            f"{path.name}: {size / 1048576:.0f} MB, over the limit of {settings.max_file_mb} MB. "
            f"Raise max_file_mb in textmine.toml to read it."
        )

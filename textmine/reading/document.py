"""One file to a Reading: opens it, lays it out, says what it is about and how well it could be read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from textmine.errors import DocumentError
from textmine.reading.assemble import blocks_of
from textmine.reading.dictionary import is_polish
from textmine.reading.drafts import Draft
from textmine.reading.layout import layout
from textmine.reading.markup import pieces_of_docx, pieces_of_html
from textmine.reading.mending import mend_drafts
from textmine.reading.metadata import Evidence, describe
from textmine.reading.pages import PageText, empty_page
from textmine.reading.pdf import PdfReading, check_size, read_pdf
from textmine.reading.texts import decoded, pieces_of_markdown, pieces_of_text, text_blocks
from textmine.records import BODY_KINDS, Document, Page, Reading
from textmine.settings import Settings

__all__ = ["failed_reading", "read_document"]

#: Flags of a page whose text may not be what it shows.
DOUBTFUL = frozenset(("rubbish text", "low confidence of text recognition", "hardly any text"))
TEXT_SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx")


def read_document(
    path: Path, *, settings: Settings, metadata: Mapping[str, str] | None = None, password: str = ""
) -> Reading:
    """The pages and blocks of a file, with its metadata.

    Args:
        path: a PDF, text, Markdown, HTML or DOCX file.
        settings: engine, OCR and limits.
        metadata: given values of title, year, region, level, type, issuer, languages; the others are inferred.
        password: of an encrypted PDF.
    Returns:
        A reading with status `read`, or `flagged` when something on the way may have been lost; flags say what.
    Raises:
        PasswordError: encrypted, and the password is missing or wrong.
        LimitError: the file is too large.
        DocumentError: it cannot be read at all.
    """
    check_size(path, settings)
    document_id = file_id(path)
    if _is_text(path):
        return _text_reading(path, document_id, metadata or {})
    reading = read_pdf(path, settings=settings, password=password)
    drafts, turns = layout(reading.pages)
    reading.flags |= mend_drafts(drafts, is_polish)
    blocks = blocks_of(document_id, drafts, turns)
    evidence = Evidence(path, reading.info, blocks, _largest(drafts))
    return _reading(evidence, document_id, reading, metadata or {})


def _is_text(path: Path) -> bool:
    """Whether a file is read as text: by its suffix, unless it begins as a PDF does."""
    with path.open("rb") as file:
        return path.suffix.lower() in TEXT_SUFFIXES and b"%PDF-" not in file.read(1024)


def _text_reading(path: Path, document_id: str, metadata: Mapping[str, str]) -> Reading:
    suffix = path.suffix.lower()
    if suffix == ".docx":
        pieces = pieces_of_docx(path)
    elif suffix in (".html", ".htm"):
        pieces = pieces_of_html(decoded(path))
    elif suffix == ".md":
        pieces = pieces_of_markdown(decoded(path))
    else:
        pieces = pieces_of_text(decoded(path))
    blocks = text_blocks(document_id, pieces)
    page = empty_page(1, 0.0, 0.0)
    page.source = "text"
    reading = PdfReading([page])
    if not blocks:
        page.source = "none"
        reading.flags.add("no text")
    return _reading(Evidence(path, {}, blocks), document_id, reading, metadata)


def _largest(drafts: Sequence[Draft]) -> str:
    """The text set largest on the first two pages, its lines joined."""
    cover = [
        draft
        for draft in drafts
        if draft.page <= 2 and draft.kind in ("heading", "paragraph") and sum(map(str.isalpha, draft.text)) > 5
    ]
    if not cover:
        return ""
    size = max(draft.size for draft in cover)
    page = min(draft.page for draft in cover if draft.size == size)
    usual = sorted(draft.size for draft in cover)[len(cover) // 2]
    if len(cover) > 3 and size < 1.1 * usual:
        return ""
    parts = [draft.text for draft in cover if draft.page == page and abs(draft.size - size) < 0.03 * size]
    return " ".join(" ".join(parts[:3]).replace("- ", "-").split())[:300]


def failed_reading(path: Path, error: Exception) -> Reading:
    """The record of a document that could not be read: status `failed`, the reason in `error`."""
    try:
        identity = file_id(path)
    except (OSError, DocumentError):
        identity = hashlib.sha256(str(path).encode()).hexdigest()
    reason = str(error) or type(error).__name__
    return Reading(Document(id=identity, path=str(path), title=path.stem, status="failed", error=reason))


def file_id(path: Path) -> str:
    """SHA-256 of the bytes of a file.

    Raises:
        DocumentError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror}).") from error


def _reading(evidence: Evidence, document_id: str, reading: PdfReading, metadata: Mapping[str, str]) -> Reading:
    blocks = evidence.blocks
    pages = tuple(_page(document_id, page) for page in reading.pages)
    flags = set(reading.flags)
    unread = [page.number for page in pages if page.source == "none"]
    if unread:
        flags.add(f"pages without text: {len(unread)}")
    doubtful = [page.number for page in pages if DOUBTFUL & set(page.flags)]
    if doubtful:
        flags.add(f"pages with doubtful text: {len(doubtful)}")
    if not blocks and not unread:
        flags.add("no text")
    description = describe(evidence, metadata)
    document = Document(
        id=document_id,
        path=str(evidence.path),
        languages=description.languages,
        title=description.title,
        year=description.year,
        region=description.region,
        level=description.level,
        type=description.type,
        issuer=description.issuer,
        n_pages=len(pages),
        n_words=sum(count_words(block.text) for block in blocks if block.kind in BODY_KINDS),
        status="flagged" if flags else "read",
        flags=tuple(sorted(flags)),
        origins=description.origins,
    )
    return Reading(document, pages, tuple(blocks))


def count_words(text: str) -> int:
    """Tokens with a letter."""
    return sum(any(map(str.isalpha, word)) for word in text.split())


def _page(document_id: str, page: PageText) -> Page:
    return Page(
        document_id, page.number, round(page.width, 2), round(page.height, 2), page.source, tuple(sorted(page.flags))
    )

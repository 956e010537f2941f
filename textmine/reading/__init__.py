"""Files in, blocks out: every page's text in reading order, with kinds, sections, places and what could not be read."""

from textmine.reading.document import failed_reading, read_document
from textmine.reading.files import METADATA_KEYS, ORIGIN, SUFFIXES, find_documents, metadata_for, read_manifest
from textmine.reading.given import gather_metadata
from textmine.reading.ocr import INSTALL_HINT, tesseract_languages
from textmine.reading.quality import QUALITY_COLUMNS, page_report, words_by_other_engine

__all__ = [
    "INSTALL_HINT",
    "METADATA_KEYS",
    "ORIGIN",
    "QUALITY_COLUMNS",
    "SUFFIXES",
    "failed_reading",
    "find_documents",
    "gather_metadata",
    "metadata_for",
    "page_report",
    "read_document",
    "read_manifest",
    "tesseract_languages",
    "words_by_other_engine",
]

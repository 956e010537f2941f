"""Files in, blocks out: every page's text in reading order, with kinds, sections, places and what could not be read."""

from textmine.reading.document import failed_reading, read_document
from textmine.reading.files import METADATA_KEYS, SUFFIXES, find_documents, metadata_for, read_manifest

__all__ = [
    "METADATA_KEYS",
    "SUFFIXES",
    "failed_reading",
    "find_documents",
    "metadata_for",
    "read_document",
    "read_manifest",
]

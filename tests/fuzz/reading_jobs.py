"""What a worker does with a hostile document: importable by spawned processes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from textmine.errors import DocumentError
from textmine.ingest import code_reading
from textmine.ingest.jobs import coder_of
from textmine.reading import failed_reading, read_document
from textmine.records import Reading
from textmine.settings import Settings
from textmine.store import Store

SETTINGS = Settings(ocr="never", model="keyword")


def read_and_store(path: Path) -> str:
    """Status of a document that went the whole way into a store; what is no error of ours comes through."""
    try:
        reading = read_document(path, settings=SETTINGS)
    except DocumentError as error:
        reading = failed_reading(path, error)
    _store(reading)
    return reading.document.status


def _store(reading: Reading) -> None:
    coded = code_reading(reading, coder=coder_of(SETTINGS))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "one.db", mode="rw") as store:
        store.add(coded.reading, coded.sentences, coded.mentions)
        assert store.documents_frame().height == 1

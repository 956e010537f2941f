"""Pictures of PDF pages, painted in a worker with limits. Only files whose bytes are a document are opened."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

from textmine.errors import DocumentError
from textmine.execution import Background
from textmine.reading.files import document_file, file_digest
from textmine.reading.painting import paint_page
from textmine.records import Document

__all__ = ["WIDTHS", "Pictures"]

#: Widths (pixels) that are painted: for a phone, beside the text, and enlarged.
WIDTHS = (600, 1000, 1600)
#: Bytes of pictures kept in memory.
KEPT_BYTES = 48_000_000


class Pictures:
    """Pictures of pages and the files they come from.

    Args:
        corpus: the store; documents that are not at their path any more are looked for beside it.
        painter: does the painting.
    """

    def __init__(self, corpus: Path, painter: Background) -> None:
        self._corpus, self._painter = corpus, painter
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._digests: dict[Path, tuple[tuple[int, int], str]] = {}
        self._lock = threading.Lock()

    def file_of(self, document: Document) -> Path:
        """The file of a document, unchanged since it was read.

        Raises:
            DocumentError: it is not there, or it is another file now.
        """
        return document_file(document, self._corpus, digest=self._digest)

    def page(self, document: Document, number: int, *, width: int) -> bytes:
        """PNG of a page, `width` pixels wide.

        Raises:
            DocumentError: there is no file, it is no PDF, or the page cannot be painted.
        """
        key = (document.id, number, width)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        path = self.file_of(document)
        if path.suffix.lower() != ".pdf":
            raise DocumentError(f"{path.name}: not a PDF, so its pages have no picture.")
        try:
            picture: bytes = self._painter.submit(paint_page, str(path), number, width).result()
        except Exception as error:  # a page is hostile until it was painted: whatever it breaks, only it is lost
            raise DocumentError(f"{path.name}, page {number}: cannot be painted ({type(error).__name__}).") from error
        with self._lock:
            self._kept[key] = picture
            while sum(map(len, self._kept.values())) > KEPT_BYTES:
                self._kept.popitem(last=False)
        return picture

    def _digest(self, path: Path) -> str:
        found = path.stat()
        mark = (found.st_size, found.st_mtime_ns)
        known = self._digests.get(path)
        if known is None or known[0] != mark:
            known = (mark, file_digest(path))
            self._digests[path] = known
        return known[1]

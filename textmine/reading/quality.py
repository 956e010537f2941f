"""How well a document could be read, page by page: what `textmine doctor FILE` shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from textmine.errors import DocumentError
from textmine.reading.pdf import read_pdf
from textmine.records import BODY_KINDS, Block, Reading
from textmine.settings import Settings

__all__ = ["QUALITY_COLUMNS", "page_report", "words_by_other_engine"]

QUALITY_COLUMNS = ("page", "source", "n_words", "other_engine", "n_blocks", "kinds", "languages", "flags")
DIFFERENCE = 0.2  # of the words of a page that one engine has and the other has not


def page_report(reading: Reading, other: dict[int, int] | None = None) -> list[dict[str, Any]]:
    """One row a page: where its text came from, words, blocks by kind, languages, flags of the page and its blocks.

    `other` are the words that the other engine found, by page; a page where they differ by over a fifth is flagged.
    """
    blocks: dict[int, list[Block]] = defaultdict(list)
    for block in reading.blocks:
        blocks[block.page].append(block)
    words = words_by_page(reading)
    rows = []
    for page in reading.pages:
        own = blocks[page.number]
        flags = {*page.flags, *(flag for block in own for flag in block.flags if not flag.startswith("note "))}
        count = words[page.number]
        theirs = (other or {}).get(page.number)
        if theirs is not None and page.source == "text" and abs(theirs - count) > DIFFERENCE * max(theirs, count, 10):
            flags.add("the engines differ")
        kinds = Counter(block.kind for block in own)
        rows.append(
            {
                "page": page.number,
                "source": page.source,
                "n_words": count,
                "other_engine": theirs,
                "n_blocks": len(own),
                "kinds": [f"{kind} {number}" for kind, number in kinds.most_common()],
                "languages": sorted({block.language for block in own if block.kind in BODY_KINDS and block.language}),
                "flags": sorted(flags),
            }
        )
    return rows


def words_by_page(reading: Reading) -> Counter[int]:
    """Words with their places, by the page on which they stand: a block may run over two."""
    counts: Counter[int] = Counter()
    for block in reading.blocks:
        if not block.spans:
            counts[block.page] += len(block.text.split())
            continue
        for word_start, word in _words(block.text):
            span = next((span for span in block.spans if span.start <= word_start < span.end), None)
            counts[span.box.page if span else block.page] += bool(word)
    return counts


def _words(text: str) -> list[tuple[int, str]]:
    at, found = 0, []
    for word in text.split(" "):
        found.append((at, word))
        at += len(word) + 1
    return found


def words_by_other_engine(path: Path, settings: Settings, password: str = "") -> dict[int, int]:
    """Words of each page as pdfplumber finds them; empty when it cannot read the file."""
    try:
        pages = read_pdf(path, settings=settings.model_copy(update={"engine": "pdfplumber"}), password=password).pages
    except DocumentError:
        return {}
    return {page.number: len(page.text.split()) for page in pages}

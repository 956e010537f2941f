"""Single steps without a store: code a few texts, read one document."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import polars as pl

from textmine.api.handle import check_choice
from textmine.coding import Coder, load_coder
from textmine.report.frames import to_frame
from textmine.report.rows import BLOCK_COLUMNS, SENTENCE_COLUMNS, block_rows, sentence_row
from textmine.sentences import sentence_from_text
from textmine.settings import load_settings

__all__ = ["code", "read"]


def code(
    texts: str | Iterable[str],
    language: str | None = None,
    *,
    model: str | None = None,
    codebook: str | Path | None = None,
) -> pl.DataFrame:
    """What texts say, each taken as one sentence, as `textmine classify` codes the lines of a JSONL file.

    The first call loads the coder (a second or two); later ones with the same coder do not.

    Args:
        texts: one text or several.
        language: `pl` or `en`; None: found for each text.
        model: `keyword`, `auto` (the shipped model beside the keywords) or the folder of a model; None: as the
            settings say.
        codebook: your own codebook, for which no model is shipped.
    Returns:
        (n_texts, 7), in the order of the texts: sentence (from 1), language (empty where none was found), text, codes
        (list), scores (list in the order of codes, 0 to 1), names (of clusters, as they stand), negated (codes only
        denied).
    Raises:
        SettingsError: the language is another.
        CodebookError: the codebook is unsound.
        ModelError: the model cannot be used with it.
    Example:
        >>> textmine.code("Brak zaufania między firmami hamuje rozwój klastra.")["codes"].to_list()
        [['barrier.trust', 'cluster.concept']]
    """
    check_choice("language", language or "pl", ("pl", "en"))
    given = [texts] if isinstance(texts, str) else list(texts)
    coder = _coder(model, codebook)
    sentences = [sentence_from_text(text, language=language or "") for text in given]
    pairs = enumerate(zip(sentences, coder.code_texts(sentences), strict=True), 1)
    rows = [sentence_row(sentence, found, document="", page=None, number=n) for n, (sentence, found) in pairs]
    return to_frame(rows, SENTENCE_COLUMNS[2:])


def read(
    path: str | Path, *, all_kinds: bool = False, ocr: str | None = None, engine: str | None = None, password: str = ""
) -> pl.DataFrame:
    """The text of one document as blocks in reading order, as `textmine extract` prints them.

    The document is read in a worker with the limits of the settings on time and memory.

    Args:
        path: a PDF, text, Markdown, HTML or DOCX file.
        all_kinds: also running headers and footers, contents lines and text in figures.
        ocr: scanned pages: auto, never or always.
        engine: auto, pdfium or pdfplumber.
        password: opens an encrypted document.
    Returns:
        (n_blocks, 10): page (from 1), kind, level (of a heading, else 0), section (list of the headings above),
        language, text, x0, top, x1, bottom (points from the top left corner).
    Raises:
        DocumentError: it is missing or cannot be read; PasswordError: it is encrypted; LimitError: over a limit.
    Example:
        >>> textmine.read("strategy.pdf").filter(pl.col("kind") == "heading")
    """
    from textmine.ingest.limited import read_limited

    settings = load_settings(ocr=ocr, engine=engine)
    reading = read_limited(Path(path), settings, password=password)
    return to_frame(block_rows(reading, all_kinds=all_kinds), BLOCK_COLUMNS)


def _coder(model: str | None, codebook: str | Path | None) -> Coder:
    """The coder of the settings; those without a file that may change are kept."""
    settings = load_settings(model=model, codebook=codebook)
    if settings.codebook is None and settings.model in ("auto", "keyword"):
        return _kept_coder(settings.model)
    return load_coder(settings)


@lru_cache(maxsize=2)
def _kept_coder(model: str) -> Coder:
    return load_coder(load_settings(model=model))

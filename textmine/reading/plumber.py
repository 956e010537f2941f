"""The second engine: pdfplumber. Slower, another parser: it checks the first and delivers what that one loses."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from textmine.reading.pages import PageText, Rect, Style, empty_page, shown_size
from textmine.reading.pdfium import BOLD, ITALIC, RULE_PT, WORD

__all__ = ["open_plumber", "read_plumber_page"]

#: x0, top, x1, bottom, size, font name, whether it stands on its side
Glyph = tuple[float, float, float, float, float, str, bool]


@contextmanager
def open_plumber(path: Path, password: str = "") -> Iterator[Any]:
    """An open pdfplumber document; whatever the parser raises comes through unchanged."""
    import pdfplumber

    for name in ("pdfminer", "pdfplumber"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    document = pdfplumber.open(path, password=password)
    try:
        yield document
    finally:
        document.close()


def read_plumber_page(page: Any) -> PageText:
    """One pdfplumber page; the page is closed, which frees what it keeps."""
    try:
        return _words(page)
    finally:
        page.close()


def _words(page: Any) -> PageText:
    number, width, height = page.page_number, float(page.width), float(page.height)
    pieces: list[str] = []
    boxes: list[Glyph] = []
    last: Glyph | None = None
    for char in page.chars:
        text = char["text"]
        box = (char["x0"], char["top"], char["x1"], char["bottom"], char["size"], char["fontname"], not char["upright"])
        if last is not None:
            em = max(last[4], box[4])
            gap = box[0] - last[2]
            overlap = min(last[3], box[3]) - max(last[1], box[1])
            if not box[6] and (
                overlap < 0.3 * min(last[3] - last[1], box[3] - box[1]) or gap > 0.2 * em or gap < -0.7 * em
            ):
                pieces.append(" ")
                boxes.append(last)
        for character in text:
            pieces.append(character)
            boxes.append(box)
        last = box
    text = "".join(pieces).replace("\x00", " ")
    found = [match.span() for match in WORD.finditer(text)]
    if not found:
        return empty_page(number, width, height)
    styles: list[Style] = []
    known: dict[tuple[str, float], int] = {}
    style, corners, vertical = [], [], []
    for start, end in found:
        inside = boxes[start:end]
        corners.append(
            (
                min(box[0] for box in inside),
                min(box[1] for box in inside),
                max(box[2] for box in inside),
                max(box[3] for box in inside),
            )
        )
        key = (inside[0][5], shown_size(inside[0][4]))
        if key not in known:
            known[key] = len(styles)
            name = str(key[0])
            weight = 700 if BOLD.search(name) else 400
            styles.append(Style(key[1], weight, bool(ITALIC.search(name)), name.split("+", 1)[-1]))
        style.append(known[key])
        vertical.append(int(inside[0][6]))
    spans = np.array(found, np.int64)
    result = PageText(
        number, width, height, text, spans[:, 0], spans[:, 1], np.array(corners, float), np.array(style), styles,
        np.array(vertical, np.int64),
    )  # fmt: skip
    _drawings(page, result)
    return result


def _drawings(page: Any, result: PageText) -> None:
    for item in [*page.lines, *page.rects]:
        rect = Rect(item["x0"], item["top"], item["x1"], item["bottom"])
        thin = rect.width < RULE_PT or rect.height < RULE_PT
        (result.rules if thin else result.frames).append(rect)
    result.pictures = [Rect(item["x0"], item["top"], item["x1"], item["bottom"]) for item in page.images]
    result.drawings = [Rect(item["x0"], item["top"], item["x1"], item["bottom"]) for item in page.curves]

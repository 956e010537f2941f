"""The picture of a PDF page, with marks on it. Pages are hostile until painted: call `paint_page` in a worker."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from textmine.records import Box
from textmine.settings import Settings

__all__ = ["PagePainter", "paint_page"]

#: A page whose sides differ more is no page that a person reads; its picture is cut down.
MOST_PIXELS = 12_000_000
#: Colours of a picture: enough for print and the marks on it, and small files.
COLOURS = 128
#: A marker's yellow, under the letters, and the dark line around it.
MARK, MARK_EDGE = (255, 226, 90), (190, 90, 0)
MARK_MARGIN_PT = 1.5


def paint_page(path: str, number: int, width: int, boxes: Sequence[Box] = ()) -> bytes:
    """PNG of page `number` (from 1) of a PDF file, `width` pixels wide, with the boxes marked (points)."""
    document = pdfium.PdfDocument(path)
    try:
        page = document[number - 1]
        width_pt, height_pt = page.get_size()
        scale = min(width / width_pt, (MOST_PIXELS / (width_pt * height_pt)) ** 0.5)
        picture = page.render(scale=scale).to_pil().convert("RGB")
        page.close()
    finally:
        document.close()
    if boxes:
        picture = _marked(picture, boxes, scale)
    buffer = io.BytesIO()
    picture.quantize(COLOURS).save(buffer, "PNG")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class PagePainter:
    """`paint_page` of one page as work that `ingest.limited` sends to a worker; passwords are not tried."""

    page: int
    width: int
    boxes: tuple[Box, ...] = ()

    def __call__(self, path: Path, settings: Settings, password: str) -> bytes:
        """PNG of the page."""
        return paint_page(str(path), self.page, self.width, self.boxes)


def _marked(picture: Any, boxes: Sequence[Box], scale: float) -> Any:
    """The picture as if a marker pen had gone over the boxes: letters stay black."""
    from PIL import Image, ImageChops, ImageDraw

    layer = Image.new("RGB", picture.size, "white")
    pen = ImageDraw.Draw(layer)
    for box in boxes:
        corners = (
            box.x0 - MARK_MARGIN_PT,
            box.top - MARK_MARGIN_PT,
            box.x1 + MARK_MARGIN_PT,
            box.bottom + MARK_MARGIN_PT,
        )
        pen.rectangle([scale * corner for corner in corners], fill=MARK, outline=MARK_EDGE)
    return ImageChops.multiply(picture, layer)

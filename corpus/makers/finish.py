"""What is done to a finished PDF: pages turned into scans, encryption; by pypdf, with nothing left to chance."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from corpus.source import Source

if TYPE_CHECKING:
    from pypdf import PdfWriter

__all__ = ["finish"]

SCAN_DPI = 200
TILT_DEGREES = 0.35
PAPER_GREY, SHADE = 0.96, 0.06
NOISE = 2.5
JPEG_QUALITY = 36
SEED = 20


def finish(pdf: bytes, source: Source) -> bytes:
    """`pdf` with the source's scanned pages as pictures and encrypted where it asks for that; else unchanged."""
    if not source.scanned and source.password is None:
        return pdf
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    writer = pypdf.PdfWriter(clone_from=reader)
    for number in source.scanned:
        _replace_page(writer, number - 1, *_scan(pdf, number - 1))
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    output = io.BytesIO()
    with _fixed_randomness(source.id):
        if source.password is not None:
            writer.encrypt(user_password=source.password, owner_password=source.id, algorithm="AES-256")
        writer.write(output)
    return output.getvalue()


def _replace_page(writer: PdfWriter, index: int, jpeg: bytes, width: int, height: int) -> None:
    """Page `index` holds only the picture from now on; its text, fonts and links are gone from the file."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject

    picture = DecodedStreamObject()
    picture.set_data(jpeg)
    for key, value in {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Image"),
        "/Width": NumberObject(width),
        "/Height": NumberObject(height),
        "/ColorSpace": NameObject("/DeviceGray"),
        "/BitsPerComponent": NumberObject(8),
        "/Filter": NameObject("/DCTDecode"),
    }.items():
        picture[NameObject(key)] = value
    page = writer.pages[index]
    drawing = DecodedStreamObject()
    drawing.set_data(f"q {page.mediabox.width} 0 0 {page.mediabox.height} 0 0 cm /Scan Do Q".encode())
    pictures = DictionaryObject({NameObject("/Scan"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    page[NameObject("/Contents")] = writer._add_object(drawing)
    page[NameObject("/Annots")] = ArrayObject()


@contextmanager
def _fixed_randomness(seed: str) -> Iterator[None]:
    """Inside, `secrets.token_bytes` gives a sequence that depends on `seed` only.

    pypdf draws salts, key and initialisation vectors from it. The corpus is public, so nothing is given away.
    """
    numbers = count()

    def token_bytes(nbytes: int | None = None) -> bytes:
        return hashlib.shake_256(f"{seed} {next(numbers)}".encode()).digest(nbytes or 32)

    real = secrets.token_bytes
    secrets.token_bytes = token_bytes
    try:
        yield
    finally:
        secrets.token_bytes = real


def _scan(pdf: bytes, index: int) -> tuple[bytes, int, int]:
    """A page as from a flatbed scanner, tilted, greyish and noisy: JPEG, width and height in pixels."""
    import numpy as np
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[index].render(scale=SCAN_DPI / 72, grayscale=True).to_pil().convert("L")
    finally:
        document.close()
    picture = picture.rotate(TILT_DEGREES, resample=Image.Resampling.BICUBIC, fillcolor=255)
    noise = np.random.default_rng(SEED + index).normal(0.0, NOISE, (picture.height, picture.width))
    light = PAPER_GREY - SHADE * np.linspace(0.0, 1.0, picture.width) ** 2  # darker towards the binding
    grey = np.clip(np.asarray(picture, dtype=float) * light + noise, 0, 255).astype(np.uint8)
    jpeg = io.BytesIO()
    Image.fromarray(grey).save(jpeg, "JPEG", quality=JPEG_QUALITY, dpi=(SCAN_DPI, SCAN_DPI))
    return jpeg.getvalue(), picture.width, picture.height

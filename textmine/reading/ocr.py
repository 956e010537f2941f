"""Scans: pages without usable text through Tesseract's command line, words with boxes and confidence.

Tesseract is a program of its own (Debian: tesseract-ocr, tesseract-ocr-pol). Without it such pages stay unread and
are counted; nothing else depends on it.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from collections import defaultdict
from functools import cache
from statistics import median
from typing import Any

import numpy as np

from textmine.reading.pages import PageText, Style, empty_page
from textmine.reading.pdfium import WORD

__all__ = ["INSTALL_HINT", "dots_per_inch", "needs_ocr", "ocr_picture", "tesseract_languages"]

DPI = 300
PIXELS_MAX = 30_000_000  # an A3 page at 300 dpi has 17 million; larger pages are rendered coarser
SECONDS_MAX = 120
CONFIDENCE_LOW = 0.6  # mean word confidence under which a page is tried in another orientation, and flagged
FEW_WORDS = 12  # a stamp or a page number on a scan
INSTALL_HINT = "Install Tesseract with Polish (Debian: tesseract-ocr tesseract-ocr-pol) to read scans."
WANTED = ("pol", "eng")


@cache
def tesseract_languages() -> tuple[str, ...]:
    """Installed languages that are of use (pol, eng), `osd` when orientation can be found; empty without Tesseract."""
    program = shutil.which("tesseract")
    if not program:
        return ()
    try:
        answer = subprocess.run(
            [program, "--list-langs"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    installed = set(answer.stdout.split())
    return tuple(name for name in (*WANTED, "osd") if name in installed)


def needs_ocr(page: PageText) -> bool:
    """Whether a page has no usable text but something that could hold some: a picture or drawings."""
    area = page.width * page.height
    covered = max((picture.width * picture.height for picture in page.pictures), default=0.0)
    if page.n_words == 0:
        return covered > 0.01 * area or bool(page.drawings) or len(page.frames) > 3 or "rubbish text" in page.flags
    return page.n_words <= FEW_WORDS and covered > 0.5 * area


def dots_per_inch(width: float, height: float) -> int:
    """Resolution for a page of this size in points."""
    pixels = width * height / 72**2
    return max(36, min(DPI, int((PIXELS_MAX / max(pixels, 1e-6)) ** 0.5)))


def ocr_picture(picture: Any, number: int, width: float, height: float) -> PageText:
    """The words of a page picture (PIL); the best of its orientations. Flags say what is doubtful."""
    languages = tesseract_languages()
    if not languages:
        return empty_page(number, width, height, "no text", "scan: Tesseract is not installed")
    scale = width / picture.width
    page = _page(_words(picture, "1" if "osd" in languages else "3"), number, width, height, scale)
    if _doubtful(page) and "osd" in languages:
        turn = _orientation(picture)
        if turn:
            other = _turned_page(picture, turn, number, width, height, scale)
            if _score(other) > _score(page):
                page = other
    if page.n_words == 0:
        return empty_page(number, width, height, "no text", "scan: no text found")
    if _doubtful(page):
        page.flags.add("low confidence of text recognition")
    return page


def _score(page: PageText) -> float:
    return 0.0 if page.confidence is None else float((page.confidence**2).sum())


def _doubtful(page: PageText) -> bool:
    return page.confidence is None or page.n_words == 0 or float(page.confidence.mean()) < CONFIDENCE_LOW


Row = dict[str, str]


def _words(picture: Any, mode: str) -> list[Row]:
    """Rows of Tesseract's TSV that are words; empty when it fails."""
    names = [name for name in tesseract_languages() if name in WANTED]
    answer = _run(picture, "-l", "+".join(names), "--psm", mode, "tsv")
    rows = csv.DictReader(io.StringIO(answer), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in rows if row.get("level") == "5" and (row.get("text") or "").strip()]


def _run(picture: Any, *options: str) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", compress_level=1)
    try:
        answer = subprocess.run(
            [shutil.which("tesseract") or "tesseract", "stdin", "stdout", "--dpi", str(DPI), *options],
            input=buffer.getvalue(),
            capture_output=True,
            timeout=SECONDS_MAX,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode("utf-8", "replace")


def _orientation(picture: Any) -> int:
    """Degrees by which the picture must be turned clockwise to stand upright; 0 when not known."""
    found = re.search(r"Rotate:\s*(\d+)", _run(picture, "--psm", "0"))
    return int(found[1]) % 360 if found else 0


def _turned_page(picture: Any, turn: int, number: int, width: float, height: float, scale: float) -> PageText:
    """The page read from the turned picture, its boxes on the page as it is shown."""
    upright = picture.rotate(-turn, expand=True)
    swapped = turn in (90, 270)
    page = _page(_words(upright, "3"), number, height if swapped else width, width if swapped else height, scale)
    if page.n_words == 0:
        return page
    x0, top, x1, bottom = page.boxes.T.copy()
    if turn == 90:
        # turned clockwise to be read: on the page it reads upwards
        page.boxes = np.column_stack([top, height - x1, bottom, height - x0])
        page.vertical = np.ones(page.n_words, np.int64)
    elif turn == 270:
        page.boxes = np.column_stack([width - bottom, x0, width - top, x1])
        page.vertical = -np.ones(page.n_words, np.int64)
    else:
        page.flags.add("upside down: boxes are on the page as it is read")
    page.width, page.height = width, height
    return page


def _page(rows: list[Row], number: int, width: float, height: float, scale: float) -> PageText:
    lines: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        lines[row["block_num"], row["par_num"], row["line_num"]].append(row)
    sizes: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (block, paragraph, _), words in lines.items():
        sizes[block, paragraph].append(_font_size(words, scale))
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    boxes: list[tuple[float, float, float, float]] = []
    style: list[int] = []
    styles: list[Style] = []
    confidence: list[float] = []
    at = 0
    for (block, paragraph, _), words in lines.items():
        size = Style(round(median(sizes[block, paragraph]), 1))
        if size not in styles:
            styles.append(size)
        chosen = styles.index(size)
        top = min(int(row["top"]) for row in words) * scale
        bottom = max(int(row["top"]) + int(row["height"]) for row in words) * scale
        for row in words:
            left, right = int(row["left"]) * scale, (int(row["left"]) + int(row["width"])) * scale
            word = row["text"]
            for match in WORD.finditer(word):
                share = (right - left) / len(word)
                starts.append(at + match.start())
                ends.append(at + match.end())
                boxes.append((left + match.start() * share, top, left + match.end() * share, bottom))
                style.append(chosen)
                confidence.append(float(row["conf"]) / 100)
            text.append(word + " ")
            at += len(word) + 1
        text.append("\n")
        at += 1
    if not starts:
        return empty_page(number, width, height)
    return PageText(
        number, width, height, "".join(text), np.array(starts), np.array(ends), np.array(boxes, float),
        np.array(style), styles, np.zeros(len(starts), np.int64), source="ocr",
        confidence=np.array(confidence),
    )  # fmt: skip


def _font_size(words: list[Row], scale: float) -> float:
    """Font size in points from the height of a line and the letters that it has."""
    text = "".join(row["text"] for row in words)
    height = (
        max(int(row["top"]) + int(row["height"]) for row in words) - min(int(row["top"]) for row in words)
    ) * scale
    tall = re.search(r"[A-ZĄĆĘŁŃÓŚŹŻa-z0-9]", text) and re.search(r"[bdfhkltłćńóśźżA-ZĄĆĘŁŃÓŚŹŻ0-9]", text)
    deep = re.search(r"[gjpqyąę,;()]", text)
    return height / ((0.69 if tall else 0.47) + (0.21 if deep else 0.0))

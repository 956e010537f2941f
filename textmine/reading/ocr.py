"""Scans: pages without usable text through Tesseract's command line, words with boxes and confidence.

Tesseract is a program of its own (Debian: tesseract-ocr, tesseract-ocr-pol). Without it such pages stay unread and
are counted; nothing else depends on it.
"""

from __future__ import annotations

import csv
import ctypes
import io
import math
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from functools import cache
from statistics import median
from typing import Any

import numpy as np

from textmine.reading.pages import PageText, Style, empty_page
from textmine.reading.pdfium import WORD
from textmine.reading.pictures import rules_in_picture

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
        answer = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    installed = set(answer.stdout.split())
    return tuple(name for name in (*WANTED, "osd") if name in installed)


def needs_ocr(page: PageText) -> bool:
    """Whether a page has no usable text but something that could hold some: a picture or drawings."""
    area = page.width * page.height
    covered = max((picture.width * picture.height for picture in page.pictures), default=0.0)
    if page.n_words == 0:
        return (
            covered > 0.01 * area
            or bool(page.drawings)
            or len(page.frames) > 3
            or "characters without meaning" in page.flags
        )
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
    rows = _words(picture, "3")
    page = _page(rows, number, width, height, scale)
    if _doubtful(page) and "osd" in languages:
        turn = _orientation(picture)
        if turn:
            other = _turned_page(picture, turn, number, width, height, scale)
            if _score(other) > _score(page):
                page = other
    if page.n_words == 0:
        return empty_page(number, width, height, "no text", "scan: no text found")
    if not page.vertical.any():
        slope = _slope(rows)
        straight = picture.rotate(math.degrees(math.atan(slope)), fillcolor=255) if abs(slope) > 0.0008 else picture
        page.rules = rules_in_picture(straight, scale)
    if _doubtful(page):
        page.flags.add("low confidence of text recognition")
    return page


def _score(page: PageText) -> float:
    return 0.0 if page.confidence is None else float((page.confidence**2).sum())


def _doubtful(page: PageText) -> bool:
    return page.confidence is None or page.n_words == 0 or float(page.confidence.mean()) < CONFIDENCE_LOW


Row = dict[str, str]
RULE_SIGNS = " |¦_"  # what Tesseract makes of the rules of a table


def _words(picture: Any, mode: str) -> list[Row]:
    """Rows of Tesseract's TSV that are words; empty when it fails."""
    names = [name for name in tesseract_languages() if name in WANTED]
    answer = _run(picture, "-l", "+".join(names), "--psm", mode, "tsv")
    rows = csv.DictReader(io.StringIO(answer), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [row for row in rows if row.get("level") == "5" and (row.get("text") or "").strip(RULE_SIGNS)]


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
            preexec_fn=_die_with_parent if _set_process_option else None,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode("utf-8", "replace")


DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux
_set_process_option = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """Called in the new process: it is killed when its parent is, so that no recognition outlives a stopped worker."""
    if _set_process_option:
        _set_process_option(DEATH_SIGNAL, signal.SIGKILL)


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
        page.boxes = np.column_stack([width - x1, height - bottom, width - x0, height - top])
        page.vertical = np.full(page.n_words, 2, np.int64)
    page.width, page.height = width, height
    return page


def _page(rows: list[Row], number: int, width: float, height: float, scale: float) -> PageText:
    """Words as a page, in points, set straight; `slope` of the scan is taken out of the boxes."""
    if not rows:
        return empty_page(number, width, height)
    slope = _slope(rows)
    keys = [(row["block_num"], row["par_num"], row["line_num"]) for row in rows]
    own = [_font_size(row, scale) for row in rows]
    by_paragraph: dict[tuple[str, str], list[float]] = defaultdict(list)
    for key, size in zip(keys, own, strict=True):
        by_paragraph[key[:2]].append(size)
    sizes = {key: round(median(values), 1) for key, values in by_paragraph.items()}
    styles = [Style(size) for size in sorted(set(sizes.values()))]
    text: list[str] = []
    found: list[tuple[int, int]] = []
    boxes: list[tuple[float, float, float, float]] = []
    style: list[int] = []
    confidence: list[float] = []
    at, previous = 0, None
    for row, key in zip(rows, keys, strict=True):
        word = row["text"].strip(RULE_SIGNS)
        if previous is not None and key != previous:
            text.append("\n")
            at += 1
        previous = key
        size = sizes[key[:2]]
        left, right = int(row["left"]) * scale, (int(row["left"]) + int(row["width"])) * scale
        base = (int(row["top"]) + int(row["height"])) * scale - (DEEP_EM * size if DEEP.search(word) else 0.0)
        # turned back about the middle of the page
        base -= slope * ((left + right) / 2 - width / 2)
        shift = slope * (base - height / 2)
        for match in WORD.finditer(word):
            share = (right - left) / len(word)
            found.append((at + match.start(), at + match.end()))
            x0, x1 = left + match.start() * share + shift, left + match.end() * share + shift
            boxes.append((x0, base - 0.75 * size, x1, base + 0.22 * size))
            style.append(styles.index(Style(size)))
            confidence.append(max(0.0, float(row["conf"])) / 100)
        text.append(word + " ")
        at += len(word) + 1
    if not found:
        return empty_page(number, width, height)
    spans = np.array(found, np.int64)
    return PageText(
        number, width, height, "".join(text), spans[:, 0], spans[:, 1], np.array(boxes, float),
        np.array(style, np.int64), styles, np.zeros(len(found), np.int64), source="ocr",
        confidence=np.array(confidence),
    )  # fmt: skip


def _slope(rows: list[Row]) -> float:
    """How far lines fall for each step to the right: the tilt of the scan. Median over lines of at least six words."""
    lines: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        lines[row["block_num"], row["par_num"], row["line_num"]].append(row)
    slopes = []
    for words in lines.values():
        flat = [row for row in words if not DEEP.search(row["text"])]
        if len(flat) < 6:
            continue
        x = np.array([int(row["left"]) + int(row["width"]) / 2 for row in flat])
        y = np.array([int(row["top"]) + int(row["height"]) for row in flat], float)
        if np.ptp(x) > 300:
            slopes.append(float(np.polyfit(x, y, 1)[0]))
    return median(slopes) if len(slopes) >= 3 else 0.0


TALL = re.compile(r"[bdfhkltiłćńóśźżA-ZĄĆĘŁŃÓŚŹŻ0-9]")
DEEP = re.compile(r"[gjpqyąę,;()/|\[\]{}Q„$@§]")
TALL_EM, LOW_EM, DEEP_EM = 0.69, 0.47, 0.21  # heights of letters in ems, of the serif and sans faces of scans seen


def _font_size(row: Row, scale: float) -> float:
    """Font size in points from the height of a word and the letters that it has."""
    text = row["text"]
    height = int(row["height"]) * scale
    return height / ((TALL_EM if TALL.search(text) else LOW_EM) + (DEEP_EM if DEEP.search(text) else 0.0))

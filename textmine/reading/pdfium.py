"""The fast engine: pypdfium2. Words with boxes and styles from a PDF page in the file's own order.

Called through ctypes with plain addresses: one call costs about 0.3 microseconds, so that boxes are asked for the
first and last character of a word only, and styles once for each font and height.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from textmine.reading.pages import Floats, Ints, PageText, Rect, Style, empty_page, lying_way, shown_size

__all__ = ["read_pdfium_page", "render"]

_P, _I, _F = ctypes.c_void_p, ctypes.c_int, ctypes.c_float
WORD = re.compile(r"[^\s\d\x02\ufffe]+[\x02\ufffe]?|\d+[\x02\ufffe]?|[\x02\ufffe]")
#: pdfium marks a hyphen that ends a line with U+0002 (U+FFFE in older versions).
CLEAN = str.maketrans({"\x02": "-", "\ufffe": "-", "\x00": " ", "\x03": " ", "\x1f": "-", "\ufeff": "\u200b"})
DRAWINGS_MAX = 3000  # a page with more is a map or a chart: its tables are not looked for beyond
RULE_PT = 2.6  # thicker strokes are bars; measured on table borders of five PDF makers (0.4-2 pt)


def _call(function: Any, result: Any, *arguments: Any) -> Any:
    """The same function of the library, but taking addresses and without letting go of the interpreter lock."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address or 0)


_load_text = _call(raw.FPDFText_LoadPage, _P, _P)
_close_text = _call(raw.FPDFText_ClosePage, None, _P)
_count_chars = _call(raw.FPDFText_CountChars, _I, _P)
_get_text = _call(raw.FPDFText_GetText, _I, _P, _I, _I, _P)
_get_unicode = _call(raw.FPDFText_GetUnicode, ctypes.c_uint, _P, _I)
_loose_box = _call(raw.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_char_box = _call(raw.FPDFText_GetCharBox, _I, _P, _I, _P, _P, _P, _P)
_char_origin = _call(raw.FPDFText_GetCharOrigin, _I, _P, _I, _P, _P)
_char_angle = _call(raw.FPDFText_GetCharAngle, _F, _P, _I)
_text_object = _call(raw.FPDFText_GetTextObject, _P, _P, _I)
_font_of = _call(raw.FPDFTextObj_GetFont, _P, _P)
_font_name = _call(raw.FPDFFont_GetBaseFontName, ctypes.c_size_t, _P, _P, ctypes.c_size_t)
_font_weight = _call(raw.FPDFFont_GetWeight, _I, _P)
_font_flags = _call(raw.FPDFFont_GetFlags, _I, _P)
_font_size = _call(raw.FPDFTextObj_GetFontSize, _I, _P, _P)
_matrix = _call(raw.FPDFPageObj_GetMatrix, _I, _P, _P)
_count_objects = _call(raw.FPDFPage_CountObjects, _I, _P)
_get_object = _call(raw.FPDFPage_GetObject, _P, _P, _I)
_object_type = _call(raw.FPDFPageObj_GetType, _I, _P)
_bounds = _call(raw.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)
_count_segments = _call(raw.FPDFPath_CountSegments, _I, _P)
_segment = _call(raw.FPDFPath_GetPathSegment, _P, _P, _I)
_segment_type = _call(raw.FPDFPathSegment_GetType, _I, _P)
_form_count = _call(raw.FPDFFormObj_CountObjects, _I, _P)
_form_object = _call(raw.FPDFFormObj_GetObject, _P, _P, ctypes.c_ulong)

BOLD = re.compile(r"bold|black|heavy|semibd|demi|[-,]bd|cmbx|sfbx|lmb|plbx|-medi", re.IGNORECASE)
ITALIC = re.compile(r"ital|obli|cmti|sfti|[-,]it\b|slant", re.IGNORECASE)


def read_pdfium_page(document: pdfium.PdfDocument, index: int) -> PageText:
    """Page `index` (from 0) of an open document.

    Raises:
        pypdfium2.PdfiumError: the page cannot be loaded.
    """
    page = document[index]
    try:
        return _read_page(page, index + 1)
    finally:
        page.close()


def render(document: pdfium.PdfDocument, index: int, *, dpi: int) -> Any:
    """Picture (PIL) of a page in grey."""
    page = document[index]
    try:
        return page.render(scale=dpi / 72, grayscale=True).to_pil()
    finally:
        page.close()


def _read_page(page: pdfium.PdfPage, number: int) -> PageText:
    width, height = page.get_size()
    handle = ctypes.cast(page.raw, ctypes.c_void_p).value or 0
    turn = _Turn(page)
    result = _read_text(handle, number, width, height, turn)
    way = lying_way(result)
    if way:
        # pdfium puts lines in order for the page as it is shown: shown with its text upright, it gets them right
        raw.FPDFPage_SetRotation(page.raw, (turn.quarters + QUARTERS_UPRIGHT[way]) % 4)
        result = _read_text(handle, number, width, height, turn)
        raw.FPDFPage_SetRotation(page.raw, turn.quarters)
    _read_drawings(handle, result, turn)
    return result


#: Quarter turns clockwise that set text upright which reads upwards (1), downwards (-1) or stands on its head (2).
QUARTERS_UPRIGHT = {1: 1, -1: 3, 2: 2}


def _read_text(handle: int, number: int, width: float, height: float, turn: _Turn) -> PageText:
    text_handle = _load_text(handle)
    if not text_handle:
        return empty_page(number, width, height, "text layer cannot be read")
    try:
        return _read_words(text_handle, number, width, height, turn)
    finally:
        _close_text(text_handle)


class _Turn:
    """Maps boxes in the page's own space (y up) to the page as shown (y down, rotation applied)."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.left, self.low, self.right, self.high = page.get_bbox()
        self.quarters = int(raw.FPDFPage_GetRotation(page.raw))

    def __call__(self, left: Any, high: Any, right: Any, low: Any) -> tuple[Any, Any, Any, Any]:
        """x0, top, x1, bottom."""
        if self.quarters == 1:
            return low - self.low, left - self.left, high - self.low, right - self.left
        if self.quarters == 2:
            return self.right - right, low - self.low, self.right - left, high - self.low
        if self.quarters == 3:
            return self.high - high, self.right - right, self.high - low, self.right - left
        return left - self.left, self.high - high, right - self.left, self.high - low


def _read_words(handle: int, number: int, width: float, height: float, turn: _Turn) -> PageText:
    count = _count_chars(handle)
    if count <= 0:
        return empty_page(number, width, height)
    text = _characters(handle, count)
    found = [match.span() for match in WORD.finditer(text)]
    if not found:
        # characters without a meaning: the page shows text, but the file does not say which
        return empty_page(number, width, height, *(["characters without meaning"] if "\x00" in text else []))
    text = text.translate(CLEAN)
    spans, raised = _cut_marks(handle, np.array(found, np.int64), text, turn)
    starts, ends = spans[:, 0], spans[:, 1]
    first, last = _loose_boxes(handle, starts, turn), _loose_boxes(handle, ends - 1, turn)
    boxes = np.column_stack(
        [
            np.minimum(first[:, 0], last[:, 0]),
            np.minimum(first[:, 1], last[:, 1]),
            np.maximum(first[:, 2], last[:, 2]),
            np.maximum(first[:, 3], last[:, 3]),
        ]
    )
    good = np.isfinite(boxes).all(axis=1) & (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    vertical = _direction(handle, starts, first, last, ends - starts)
    objects = list(map(_text_object, repeat(handle), starts.tolist()))
    tall = np.where(np.abs(vertical) != 1, first[:, 3] - first[:, 1], first[:, 2] - first[:, 0])
    style, styles = _styles(objects, tall.tolist())
    # a word whose ends stand on two lines has a box that is not its own: trust its first character
    torn = (boxes[:, 3] - boxes[:, 1] > 1.8 * (first[:, 3] - first[:, 1])) & (vertical == 0) & (ends - starts > 1)
    sizes = np.array([item.size for item in styles])[style]
    torn &= boxes[:, 3] - boxes[:, 1] > 2.2 * sizes
    boxes[torn] = first[torn]
    _even_heights(handle, starts, boxes, sizes, vertical, turn)
    page = PageText(number, width, height, text, starts, ends, boxes, style, styles, vertical)
    if raised:
        _set_raised(page, raised)
    visible = (boxes[:, 2] > 0) & (boxes[:, 0] < width) & (boxes[:, 3] > 0) & (boxes[:, 1] < height)
    if not good.all() or not visible.all():
        keep = good & visible
        page.starts, page.ends, page.boxes = starts[keep], ends[keep], boxes[keep]
        page.style, page.vertical = page.style[keep], vertical[keep]
        if not visible[good].all():
            page.flags.add("text outside the page left out")
        if not keep.any():
            return empty_page(number, width, height, *page.flags)
    return page


def _even_heights(handle: int, starts: Ints, boxes: Floats, sizes: Floats, vertical: Ints, turn: _Turn) -> None:
    """Boxes of one height above and below the baseline where a font without metrics gives words their ink's height."""
    heights = boxes[:, 3] - boxes[:, 1]
    level = (vertical == 0) & np.isfinite(heights) & (sizes > 0)
    if level.sum() < 3:
        return
    shares = heights[level] / sizes[level]
    low, middle, high = np.percentile(shares, (15, 50, 85))
    if high - low < 0.1 and middle > 0.87:
        return
    count = len(starts)
    buffer = np.zeros((count, 2), np.float64)
    address = buffer.ctypes.data
    for index, at in zip(starts.tolist(), range(address, address + 16 * count, 16), strict=True):
        _char_origin(handle, index, at, at + 8)
    _, base, _, _ = turn(buffer[:, 0], buffer[:, 1], buffer[:, 0], buffer[:, 1])
    boxes[level, 1] = base[level] - 0.75 * sizes[level]
    boxes[level, 3] = base[level] + 0.22 * sizes[level]


def _cut_marks(handle: int, spans: Ints, text: str, turn: _Turn) -> tuple[Ints, list[int]]:
    """The words, with figures cut where a raised mark begins (`2013`, `2`), and the places of words raised by ink."""
    places = [place for place, (start, end) in enumerate(spans.tolist()) if text[end - 1].isdecimal()]
    if not places:
        return spans, []
    chosen = spans[places]
    first, last = _loose_boxes(handle, chosen[:, 0], turn), _loose_boxes(handle, chosen[:, 1] - 1, turn)
    smaller = (last[:, 3] - last[:, 1]) < 0.85 * (first[:, 3] - first[:, 1])
    inked = [_is_raised(handle, end - 1) for end in chosen[:, 1].tolist()]
    if not smaller.any() and not any(inked):
        return spans, []
    result: list[list[int]] = []
    raised: list[int] = []
    fate = {place: (bool(smaller[at]), inked[at]) for at, place in enumerate(places)}
    for place, (start, end) in enumerate(spans.tolist()):
        small, ink = fate.get(place, (False, False))
        cut = start
        if ink:
            cut = end - 1
            while cut > start and _is_raised(handle, cut - 1):
                cut -= 1
        elif small and end - start > 1:
            inside = _loose_boxes(handle, np.arange(start, end), turn)
            heights = inside[:, 3] - inside[:, 1]
            cut = start + int((heights >= 0.85 * heights[0]).sum())
        if start < cut < end:
            result.append([start, cut])
        if ink:
            raised.append(len(result))
        result.append([cut if start < cut < end else start, end])
    return np.array(result, np.int64), raised


_ink = (ctypes.c_double * 4)()
_INK_AT = [ctypes.addressof(_ink) + 8 * place for place in range(4)]
_origin = (ctypes.c_double * 2)()
_ORIGIN_AT = [ctypes.addressof(_origin) + 8 * place for place in range(2)]


def _is_raised(handle: int, index: int) -> bool:
    """Whether a character's ink stands well above its baseline (upright pages only: others keep their marks)."""
    if not _char_box(handle, index, *_INK_AT) or not _char_origin(handle, index, *_ORIGIN_AT):
        return False
    height = _ink[3] - _ink[2]
    return _ink[2] - _origin[1] > 0.35 * height > 0


def _set_raised(page: PageText, raised: Sequence[int]) -> None:
    """Words raised by ink get the size and the place of a raised mark."""
    for place in raised:
        style = page.styles[page.style[place]]
        small = Style(round(0.6 * style.size, 1), style.weight, style.italic, style.font)
        if small not in page.styles:
            page.styles.append(small)
        page.style[place] = page.styles.index(small)
        page.boxes[place, 3] -= 0.35 * style.size


def _characters(handle: int, count: int) -> str:
    """One character an index; a surrogate pair becomes its character and U+200B."""
    buffer = np.zeros(count + 1, np.uint16)
    written = _get_text(handle, 0, count, buffer.ctypes.data) - 1
    codes = buffer[:written]
    if written != count:
        codes = np.fromiter(map(_get_unicode, repeat(handle), range(count)), np.uint32, count)
    elif not ((codes >= 0xD800) & (codes < 0xE000)).any():
        return codes.tobytes().decode("utf-16-le")
    characters = [chr(code) for code in codes.tolist()]
    for index in range(len(characters) - 1):
        if "\ud800" <= characters[index] <= "\udbff" and "\udc00" <= characters[index + 1] <= "\udfff":
            pair = characters[index] + characters[index + 1]
            characters[index] = pair.encode("utf-16", "surrogatepass").decode("utf-16")
            characters[index + 1] = "\u200b"
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in characters)


def _loose_boxes(handle: int, indices: Ints, turn: _Turn) -> Floats:
    """(n, 4) boxes as shown: x0, top, x1, bottom; NaN where pdfium gives none."""
    count = len(indices)
    buffer = np.zeros((count, 4), np.float32)
    address = buffer.ctypes.data
    done = list(map(_loose_box, repeat(handle), indices.tolist(), range(address, address + 16 * count, 16)))
    values = buffer.astype(np.float64)
    if not all(done):
        values[np.array(done) == 0] = np.nan
    return np.column_stack(turn(values[:, 0], values[:, 1], values[:, 2], values[:, 3]))


def _direction(handle: int, starts: Ints, first: Floats, last: Floats, lengths: Ints) -> Ints:
    """+1 where a word reads upwards, -1 downwards, 2 where it stands on its head, 0 across."""
    across = np.abs((last[:, 0] + last[:, 2]) - (first[:, 0] + first[:, 2]))
    along = (last[:, 1] + last[:, 3]) - (first[:, 1] + first[:, 3])
    width = first[:, 2] - first[:, 0]
    vertical = np.zeros(len(first), np.int64)
    sure = (lengths >= 3) & (across < 0.5 * width) & (np.abs(along) > 2 * width)
    reversed_ = (lengths >= 3) & (last[:, 2] < first[:, 0] + 0.5 * width) & (np.abs(along) < 0.5 * width)
    if not sure.any() and reversed_.sum() < 0.3 * len(first):
        return vertical
    vertical[sure] = np.where(along[sure] < 0, 1, -1)
    if reversed_.sum() >= 0.3 * len(first):
        vertical[reversed_] = 2
        sure = sure | reversed_
    # the others by the angle that the sure ones have
    angles = {
        round(float(_char_angle(handle, index)), 1): value
        for index, value in zip(starts[sure].tolist(), vertical[sure].tolist(), strict=True)
    }
    for place in np.flatnonzero(~sure & ((lengths < 5) | (across < 0.5 * width))).tolist():
        vertical[place] = angles.get(round(float(_char_angle(handle, int(starts[place]))), 1), 0)
    return vertical


def _styles(objects: Sequence[int | None], heights: Sequence[float]) -> tuple[Ints, list[Style]]:
    """Style number of each word, and the styles. Asked for once for each text object."""
    numbers: dict[tuple[int, float], int] = {}
    chosen: list[int] = []
    current, previous = 0, -1
    for item, height in zip(objects, heights, strict=True):
        if item != previous:
            previous = item or 0
            key = (_font_of(previous) or 0) if previous else 0, _size(previous, height)
            current = numbers.setdefault(key, len(numbers))
        chosen.append(current)
    fonts: dict[int, tuple[str, int, bool]] = {}
    styles = []
    for font, size in numbers:
        if font not in fonts:
            fonts[font] = _font(font)
        name, weight, italic = fonts[font]
        styles.append(Style(size, weight, italic, name))
    return np.array(chosen, np.int64), styles


_size_buffer = (ctypes.c_float * 1)()
_matrix_buffer = (ctypes.c_float * 6)()
_name_buffer = ctypes.create_string_buffer(256)
_SIZE_AT, _MATRIX_AT = ctypes.addressof(_size_buffer), ctypes.addressof(_matrix_buffer)


def _size(item: int, height: float) -> float:
    """Font size as shown, in points."""
    size = height / 1.2
    if item and _font_size(item, _SIZE_AT):
        scale = 1.0
        if _matrix(item, _MATRIX_AT):
            scale = math.hypot(_matrix_buffer[2], _matrix_buffer[3]) or 1.0
        told = abs(_size_buffer[0]) * scale
        # a form may scale its text once more, which neither figure shows: then the box decides
        if not height > 0 or 0.5 < told / height < 2.2:
            size = told
    return shown_size(size)


def _font(font: int) -> tuple[str, int, bool]:
    """Name without its subset mark, weight, whether it is italic."""
    if not font:
        return "", 400, False
    length = _font_name(font, ctypes.addressof(_name_buffer), 256)
    name = _name_buffer.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace")
    # pdfium works the weight out from the stem width, which many makers leave wrong: the name decides when it is a name
    named = re.search(r"[A-Za-z]{4}", name) is not None
    bold = BOLD.search(name) is not None or (not named and 600 <= _font_weight(font) <= 1000)
    flags = _font_flags(font)
    italic = bool(ITALIC.search(name)) or (not named and flags > 0 and bool(flags & 0x40))
    return name.split("+", 1)[-1], 700 if bold else 400, italic


_edges = (ctypes.c_float * 4)()
_EDGE_AT = [ctypes.addressof(_edges) + 4 * place for place in range(4)]


def _read_drawings(handle: int, page: PageText, turn: _Turn) -> None:
    """Rules, frames, pictures and curved drawings into the page."""
    objects = list(map(_get_object, repeat(handle), range(_count_objects(handle))))
    drawn = [
        (item, kind)
        for item, kind in zip(objects, map(_object_type, objects), strict=True)
        if kind != raw.FPDF_PAGEOBJ_TEXT
    ]
    for item, kind in drawn[:DRAWINGS_MAX]:
        if kind == raw.FPDF_PAGEOBJ_FORM:
            inside = _form_count(item)
            children = [_form_object(item, place) for place in range(min(inside, 2000))]
            if not children:
                continue
            scale = _form_scale(item)
            for child in children:
                if child and _object_type(child) != raw.FPDF_PAGEOBJ_TEXT:
                    _add_drawing(child, page, turn, scale)
            continue
        _add_drawing(item, page, turn, None)


def _is_straight(item: int) -> bool:
    """Whether a path is a rectangle, or a border drawn as one rectangle inside another."""
    count = _count_segments(item)
    if count <= 6:
        return True
    return count <= 12 and all(
        _segment_type(_segment(item, place)) != raw.FPDF_SEGMENT_BEZIERTO for place in range(count)
    )


def _form_scale(item: int) -> tuple[float, ...]:
    _matrix(item, _MATRIX_AT)
    return tuple(_matrix_buffer)


def _add_drawing(item: int, page: PageText, turn: _Turn, scale: tuple[float, ...] | None) -> None:
    if not _bounds(item, *_EDGE_AT):
        return
    left, low, right, high = _edges
    if scale:
        a, b, c, d, e, f = scale
        xs = [a * x + c * y + e for x in (left, right) for y in (low, high)]
        ys = [b * x + d * y + f for x in (left, right) for y in (low, high)]
        left, right, low, high = min(xs), max(xs), min(ys), max(ys)
    rect = Rect(*turn(left, high, right, low))
    kind = _object_type(item)
    if kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
        page.pictures.append(rect)
    elif kind == raw.FPDF_PAGEOBJ_PATH:
        if rect.width < RULE_PT or rect.height < RULE_PT:
            if max(rect.width, rect.height) >= 4:
                page.rules.append(rect)
        elif not _is_straight(item):
            page.drawings.append(rect)
        else:
            page.frames.append(rect)

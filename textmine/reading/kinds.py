"""What a draft is: heading, list item, caption, footnote, contents line, figure text or paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textmine.reading.drafts import Draft, Measures
from textmine.reading.paragraphs import CAPTION, LIST_MARK, SOURCE

__all__ = ["NOTE_START", "classify"]

HEADING_NUMBER = re.compile(
    r"(?:(?P<decimal>\d{1,2}(?:\.\d{1,2}){0,4})\.?|(?P<roman>[IVXLC]{1,7})\.?|(?P<letter>[A-Z])\.|"
    r"(?:rozdział|część|dział|oddział|załącznik|chapter|part|section|annex|appendix)\s+(?:nr\s+)?(?:\d+|[IVXLC]+|[A-Z])\b[.:]?)"
    r"(?:\s+|$)",
    re.IGNORECASE,
)
NOTE_START = re.compile(r"(?P<mark>[¹²³⁰⁴-⁹]+(?=\s*\w)|\d{1,3}|\*{1,3}|†|‡)(?:[.)]\s*|\s+|(?=[A-ZĄĆĘŁŃÓŚŹŻ„\"“]))")


def classify(drafts: Sequence[Draft], measures: Measures, page_height: float) -> None:
    """Sets the kind of each draft of one page; tables have theirs already."""
    for index, draft in enumerate(drafts):
        if draft.kind != "paragraph":
            continue
        following = drafts[index + 1] if index + 1 < len(drafts) else None
        draft.kind = (
            "figure" if draft.lines[0].vertical else
            "caption" if _is_caption(draft, measures) else
            "footnote" if _is_footnote(draft, drafts, measures, page_height) else
            # before lists: a numbered heading begins like an item
            "list" if "bullet" in draft.lines[0].flags else
            "heading" if _is_heading(draft, following, measures) else
            "list" if _is_item(draft, drafts, index) else
            "paragraph"
        )  # fmt: skip


def _is_caption(draft: Draft, measures: Measures) -> bool:
    text = draft.lines[0].text
    if SOURCE.match(text):
        return len(draft.lines) <= 4
    return CAPTION.match(text) is not None and len(draft.lines) <= 5 and len(draft.text) < 400


def _is_footnote(draft: Draft, drafts: Sequence[Draft], measures: Measures, page_height: float) -> bool:
    line = draft.lines[0]
    if draft.size > 0.93 * measures.body_size or (draft.top < 0.3 * page_height and not line.small_start):
        return False
    if sum(map(str.isalpha, draft.text)) < 3:
        return False
    started = bool(line.small_start) or NOTE_START.match(line.text) is not None
    for other in drafts:
        if other is draft or other.page != draft.page or other.x1 <= draft.x0 or other.x0 >= draft.x1:
            continue
        if other.top >= draft.bottom - 1 and other.size > 0.95 * measures.body_size:
            return False
        if other.kind == "footnote" and other.bottom <= draft.top + 2 and abs(other.size - draft.size) < 0.3:
            started = True
    return started


def _is_heading(draft: Draft, following: Draft | None, measures: Measures) -> bool:
    text = draft.text.strip()
    letters = sum(map(str.isalpha, text))
    if letters < 2 or len(text) > 260 or len(draft.lines) > 5 or text[-1:] in ",;":
        return False
    if text[:1].islower() and not HEADING_NUMBER.match(text):
        return False
    size, body = draft.size, measures.body_size
    number = HEADING_NUMBER.match(text)
    if text.endswith(":") and not number and not (draft.bold and size >= 1.08 * body):
        return False
    if size >= 1.08 * body and text.endswith(".") and not number and len(text.split()) > 7:
        return False  # a sentence set large: a lead or a quotation out of the text
    if size >= 1.08 * body:
        return len(draft.lines) <= 2 or len(text) < 200 or size >= 1.4 * body
    if size < 0.93 * body:
        return False
    ended = text.endswith(".") and not (number and number.end() == len(text))
    stands_out = (draft.bold and not measures.body_bold) or any(line.spaced for line in draft.lines)
    if stands_out:
        return not ended and len(draft.lines) <= 4
    if len(draft.lines) > 2 or ended or letters < 4:
        return False
    if draft.lines[0].confidence < 1 and number and number["decimal"] and len(text) < 90:
        return True  # a scan shows neither weight nor exact size
    return text.isupper() and len(text) < 120 and following is not None


def _is_item(draft: Draft, drafts: Sequence[Draft], index: int) -> bool:
    if "bullet" in draft.lines[0].flags:
        return True
    mark = LIST_MARK.match(draft.lines[0].text)
    if not mark or mark.end() >= len(draft.lines[0].text):
        return False
    if mark["bullet"]:
        return True
    near = [*drafts[max(0, index - 3) : index], *drafts[index + 1 : index + 4]]
    return any(
        other.kind in ("list", "paragraph") and (found := LIST_MARK.match(other.lines[0].text)) and found["number"]
        for other in near
    )

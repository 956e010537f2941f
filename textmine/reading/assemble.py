"""Drafts to Block records: text with hyphens rejoined and marks taken off, spans with boxes, sections, language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from textmine.languages import detect_language
from textmine.reading.dictionary import is_english, is_polish
from textmine.reading.drafts import Draft
from textmine.reading.kinds import NOTE_START
from textmine.reading.lines import HYPHENS, Line
from textmine.reading.mending import spoilt_flags
from textmine.reading.paragraphs import LIST_MARK
from textmine.reading.repair import LIGATURES, Hyphens, vocabulary
from textmine.reading.turning import Turn
from textmine.records import BODY_KINDS, Block, Box, Span, content_id

__all__ = ["blocks_of"]


def blocks_of(document_id: str, drafts: Sequence[Draft], turns: Mapping[int, Turn]) -> list[Block]:
    """The document's blocks in reading order; boxes of pages in `turns` are turned back."""
    inner = _inner_texts(drafts)
    # WeasyPrint and browsers end lines with U+2010; where no word holds one, each of them was set by the program
    sure = "\u00ad" if any("\u2010" in text for text in inner) else "\u00ad\u2010"
    hyphens = Hyphens(lambda: vocabulary(inner), (is_polish, is_english), sure=sure)
    section: list[tuple[int, str]] = []
    blocks: list[Block] = []
    for draft in drafts:
        text, spans = _text_and_spans(draft, hyphens)
        if not text:
            continue
        box = _box(draft)
        # an upright line of a sideways page is furniture and lies where it is
        if turns and (draft.kind != "furniture" or "turned" in draft.flags):
            spans = [
                Span(span.start, span.end, turns[span.box.page].back(span.box)) if span.box.page in turns else span
                for span in spans
            ]
            box = turns[box.page].back(box) if box.page in turns else box
        if draft.kind == "heading":
            section = [(level, title) for level, title in section if level < draft.level]
        index = len(blocks)
        language = detect_language(text) if draft.kind in BODY_KINDS else ""
        flags = (draft.flags - {"turned"}) | spoilt_flags(text, language)
        blocks.append(
            Block(
                id=content_id(document_id, index, draft.kind, text),
                document_id=document_id,
                index=index,
                page=draft.page,
                kind=draft.kind,
                level=draft.level,
                section=tuple(title for _, title in section) if draft.kind in BODY_KINDS else (),
                box=box,
                language=language,
                text=text,
                spans=tuple(spans),
                row=draft.row,
                flags=tuple(sorted(flags)),
            )
        )
        if draft.kind == "heading":
            section.append((draft.level, text))
    return blocks


def _inner_texts(drafts: Sequence[Draft]) -> list[str]:
    """Line texts without the words that a line end may have cut."""
    return [
        line.text.rsplit(" ", 1)[0] if line.text.endswith(HYPHENS) else line.text
        for draft in drafts
        for line in draft.lines
    ]


def _box(draft: Draft) -> Box:
    """Box of the part on the draft's first page."""
    lines = [line for line in draft.lines if line.page == draft.page]
    return Box(
        draft.page,
        round(min(line.x0 for line in lines), 2),
        round(min(line.top for line in lines), 2),
        round(max(line.x1 for line in lines), 2),
        round(max(line.bottom for line in lines), 2),
    )


def _text_and_spans(draft: Draft, hyphens: Hyphens) -> tuple[str, list[Span]]:
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    lines = draft.lines
    skip = _marker_length(draft)
    for place, line in enumerate(lines):
        text, cut = line.text, skip if place == 0 else 0
        keep_end = len(text)
        separator = " " if place + 1 < len(lines) else ""
        if text.endswith(" -") and separator and lines[place + 1].text[:1].islower():
            text, keep_end = text[:-2] + "-", keep_end - 1  # set apart by justification
        if separator and text.endswith(HYPHENS):
            following = lines[place + 1].text
            if following[:1] in HYPHENS and following[1:2].isalpha():
                # Polish custom repeats the hyphen of a compound on the next line
                text, keep_end = text[:-1], keep_end - 1
                parts.append(text[cut:keep_end])
                at = _add_spans(spans, line, cut, keep_end, at)
                continue
            joins = text[-1] in hyphens.sure or hyphens.joins(_last_word(text[:-1]), _first_word(following))
            if joins:
                keep_end -= 1
            if joins or text[-2:-1].isalnum():
                separator = ""
        elif (separator and text[-1] in "–/—" and text[-2:-1].isalnum()) or (
            separator
            and draft.kind == "table"
            and hyphens.was_cut(_last_word(text), _first_word(lines[place + 1].text))
        ):
            separator = ""
        piece = text[cut:keep_end]
        at = _add_spans(spans, line, cut, keep_end, at)
        parts.append(piece + separator)
        at += len(separator)
    text = "".join(parts)
    if " -" in text and (loose := [match.start() for match in LOOSE_HYPHEN.finditer(text)]):
        text, spans = _without(text, spans, set(loose))
    if "-" in text and (broken := hyphens.broken_words(text)):
        text, spans = _without(text, spans, set(broken))
    return _clean(text, spans)


#: A space before the hyphen of a compound, none behind it: `co -operation`.
LOOSE_HYPHEN = re.compile(r"(?<=[^\W\d_]) (?=-[^\W\d_])")


def _without(text: str, spans: list[Span], places: set[int]) -> tuple[str, list[Span]]:
    """Text and spans without the characters at these offsets."""
    moved = [0]
    for place in range(len(text)):
        moved.append(moved[-1] + (place not in places))
    kept = "".join(char for place, char in enumerate(text) if place not in places)
    return kept, [Span(moved[span.start], moved[span.end], span.box) for span in spans]


def _clean(text: str, spans: list[Span]) -> tuple[str, list[Span]]:
    """Ligatures and special spaces replaced, edges stripped; spans moved along."""
    changed = text.translate(LIGATURES)
    if len(changed) != len(text):
        moved = [0]
        for character in text:
            moved.append(moved[-1] + len(character.translate(LIGATURES)))
        spans = [Span(moved[span.start], moved[span.end], span.box) for span in spans]
    elif changed == text and text.strip() == text:
        return text, spans
    left = len(changed) - len(changed.lstrip())
    changed = changed.strip()
    end = len(changed)
    cut = [Span(max(0, span.start - left), min(end, span.end - left), span.box) for span in spans]
    return changed, [span for span in cut if span.start < span.end]


def _marker_length(draft: Draft) -> int:
    """Characters of a bullet at the start of an item, or of a note's mark; numbers of items stay."""
    if draft.kind == "list":
        mark = LIST_MARK.match(draft.lines[0].text)
        if mark and mark["bullet"]:
            draft.marker = mark["bullet"]
            return mark.end()
    if draft.kind == "footnote":
        line = draft.lines[0]
        note = None if line.small_start else NOTE_START.match(line.text)
        draft.marker = note["mark"] if note else line.small_start
        if draft.marker:
            draft.flags.add(f"note {draft.marker}")
        return note.end() if note else 0
    return 0


def _add_spans(spans: list[Span], line: Line, cut: int, keep_end: int, at: int) -> int:
    """Spans of characters [cut, keep_end) of the line, the first at offset `at`; returns the offset behind them."""
    page, top, bottom, shift = line.page, line.top, line.bottom, at - cut
    for start, end, x0, x1 in line.marks:
        if start >= cut and end <= keep_end:
            spans.append(Span(start + shift, end + shift, Box(page, x0, top, x1, bottom)))
            continue
        first, last = max(start, cut), min(end, keep_end)
        if first >= last:
            continue
        width = (x1 - x0) / (end - start)
        left, right = round(x0 + (first - start) * width, 2), round(x0 + (last - start) * width, 2)
        spans.append(Span(first + shift, last + shift, Box(page, left, top, right, bottom)))
    return at + max(0, keep_end - cut)


def _last_word(text: str) -> str:
    """Letters at the end of a text."""
    end = len(text)
    start = end
    while start and text[start - 1].isalpha():
        start -= 1
    return text[start:end]


def _first_word(text: str) -> str:
    """Letters at the start of a text."""
    end = 0
    while end < len(text) and text[end].isalpha():
        end += 1
    return text[:end]

"""Paragraphs that run over a column or a page become one draft again."""

from __future__ import annotations

from collections.abc import Sequence

from textmine.reading.drafts import Draft
from textmine.reading.lines import HYPHENS
from textmine.reading.paragraphs import CAPTION, LIST_MARK

__all__ = ["join_continued"]

ENDS = (".", "!", "?", ":", ";", "…", ".”", '."', ".)", "”")
#: what may stand between the two halves
SKIPPED = {"footnote", "caption", "table", "figure", "furniture"}


def join_continued(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts of a document in reading order, continued ones joined to their beginning."""
    result: list[Draft] = []
    open_one: Draft | None = None  # the last paragraph or item, if it may run on
    between: set[str] = set()
    for draft in drafts:
        if draft.kind in SKIPPED:
            notes = open_one if draft.kind != "footnote" else _last_note(result, draft)
            if draft.kind == "footnote" and notes is not None and _runs_on(notes, draft):
                notes.lines.extend(draft.lines)
                continue
            result.append(draft)
            between.add(draft.kind)
            continue
        if (
            open_one is not None
            and draft.kind == "paragraph"
            and _runs_on(open_one, draft)
            and (_moved(open_one, draft) or between & {"caption", "table", "figure"})
        ):
            open_one.lines.extend(draft.lines)
            open_one.right = draft.right
            between = set()
            continue
        earlier = _unfinished(result, draft) if draft.kind == "paragraph" else None
        if earlier is not None:
            earlier.lines.extend(draft.lines)
            continue
        result.append(draft)
        open_one = draft if draft.kind in ("paragraph", "list") else None
        between = set()
    return result


def _unfinished(result: Sequence[Draft], draft: Draft) -> Draft | None:
    """A paragraph on the page before that breaks off, with a box set apart between it and `draft`, which goes on."""
    if not draft.text[:1].islower() or LIST_MARK.match(draft.text):
        return None
    for other in reversed(result[-6:]):
        if other.lines[-1].page != draft.page - 1 or other.kind not in ("paragraph", *SKIPPED):
            return None
        if other.kind == "paragraph" and _runs_on(other, draft) and other.lines[-1].x1 > other.right - 3 * other.size:
            return other
    return None


def _last_note(result: Sequence[Draft], draft: Draft) -> Draft | None:
    """The footnote of the page before that this one may continue."""
    if draft.lines[0].small_start or draft.marker:
        return None
    return next(
        (
            other
            for other in reversed(result[-12:])
            if other.kind == "footnote" and other.lines[-1].page == draft.page - 1
        ),
        None,
    )


def _moved(above: Draft, below: Draft) -> bool:
    """Whether the second half stands in another column or on another page."""
    last, first = above.lines[-1], below.lines[0]
    return last.page != first.page or first.top < last.top or first.x0 > last.x1


def _runs_on(above: Draft, below: Draft) -> bool:
    """Whether the text of `above` goes on in `below`."""
    last, first = above.lines[-1], below.lines[0]
    if abs(above.size - below.size) > 0.06 * above.size or (
        last.style.bold != first.style.bold and above.bold != below.bold
    ):
        return False
    text, start = last.text.rstrip(), first.text.lstrip()
    if not text or not start or first.small_start or "bullet" in first.flags or CAPTION.match(start):
        return False
    if text.endswith(HYPHENS):
        return "bullet" not in first.flags
    if LIST_MARK.match(start) and not start[:1].islower():
        return False
    if start[:1].islower() or start[:1] in "(%)":
        return not text.endswith((".", "!", "?", ":", ";")) or start[:1] in "(" or not LIST_MARK.match(start)
    # a line alone shows no column: it must be about as long as the lines that would follow it
    long = len(above.lines) > 1 or last.x1 - last.x0 > 0.7 * (below.x1 - below.x0)
    return long and last.x1 > above.right - 2.5 * last.size and not text.endswith(ENDS)

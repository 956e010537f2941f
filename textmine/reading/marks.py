"""Raised figures: marks of notes are left out of the text, but only where there is such a note; others come back."""

from __future__ import annotations

from collections.abc import Sequence

from textmine.reading.drafts import Draft
from textmine.reading.kinds import NOTE_START
from textmine.reading.lines import Line

__all__ = ["restore_figures"]


def restore_figures(drafts: Sequence[Draft]) -> None:
    """Puts raised figures back that no note answers to: after a figure (`10⁶`, minutes of an angle) and before a text.

    After a word they stay out: that is where marks of notes stand, even when the note itself was not found.
    """
    notes = {mark for draft in drafts if draft.kind == "footnote" for mark in [_mark(draft)] if mark}
    for draft in drafts:
        for place, line in enumerate(draft.lines):
            if line.small_start and not (draft.kind == "footnote" and place == 0):
                _insert(line, 0, f"{line.small_start} ")
                line.small_start = ""
            for at, mark in reversed(line.raised):
                before = line.text[at - 1 : at]
                if before.isdigit() and mark.strip(",;)") not in notes:
                    _insert(line, at, mark)
            line.raised = []


def _mark(draft: Draft) -> str:
    line = draft.lines[0]
    if line.small_start:
        return line.small_start.strip(",;)")
    found = NOTE_START.match(line.text)
    return found["mark"] if found else ""


def _insert(line: Line, at: int, text: str) -> None:
    """Text put into a line; the run it falls into stretches over it."""
    shift = len(text)
    line.text = line.text[:at] + text + line.text[at:]
    moved = []
    for start, end, x0, x1 in line.marks:
        if start >= at > 0 or (at == 0 and start > 0):
            moved.append((start + shift, end + shift, x0, x1))
        elif end >= at:
            moved.append((start, end + shift, x0, x1))
        else:
            moved.append((start, end, x0, x1))
    line.marks = moved

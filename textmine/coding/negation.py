"""Where a sentence denies: the token ranges in which an asserted barrier is no barrier.

A denial reaches over its clause group: from the contrast before it (`but`, `lecz`, a semicolon) to the next one. An
aim before it keeps the barrier alive: "the aim is that trust should no longer be an obstacle" still says it is one.
"""

from __future__ import annotations

from collections.abc import Sequence

from textmine.coding.matcher import Range

__all__ = ["denied_ranges", "is_within"]

AIM_REACH = 8  # tokens between the aim and the denial; a guess


def denied_ranges(
    n_tokens: int, denials: Sequence[Range], contrasts: Sequence[Range], aims: Sequence[Range]
) -> list[Range]:
    """Token ranges under denial.

    Args:
        n_tokens: length of the sentence.
        denials, contrasts, aims: ranges of the sets `denial`, `contrast` (with semicolons) and `aim`.
    """
    cuts = sorted(first for first, _ in contrasts)
    found = []
    for first, last in denials:
        if any(0 <= first - aim_last - 1 <= AIM_REACH for _, aim_last in aims):
            continue
        start = max((cut for cut in cuts if cut < first), default=0)
        end = min((cut for cut in cuts if cut > last), default=n_tokens)
        found.append((start, end - 1))
    return found


def is_within(place: Range, ranges: Sequence[Range]) -> bool:
    """Whether a range lies in one of the ranges."""
    return any(first <= place[0] and place[1] <= last for first, last in ranges)

"""Levels of headings, the same over the whole document: by how they are set, and by their numbers if they have some."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from textmine.reading.drafts import Draft

__all__ = ["set_levels"]

LEVELS_MAX = 6
DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s")

#: size, bold, capitals: how a heading is set; larger, bolder and capitals stand higher
Look = tuple[float, bool, bool]


def set_levels(headings: Sequence[Draft]) -> None:
    """Sets `level` from 1 (highest) on headings in document order.

    Looks are ranked by size, weight and capitals. Where the numbers of a look (1, 1.2, 1.2.3) agree, their depth
    decides instead. The largest look, used on the first page only, is the title: level 1, like the chapters.
    """
    if not headings:
        return
    looks = [_look(draft) for draft in headings]
    ranked = _merged(sorted(set(looks), reverse=True))
    titles = {
        look
        for look in ranked.values()
        if {draft.page for draft, own in zip(headings, looks, strict=True) if ranked[own] == look} == {headings[0].page}
    }
    depths: dict[Look, Counter[int]] = defaultdict(Counter)
    for draft, look in zip(headings, looks, strict=True):
        number = DECIMAL.match(draft.text)
        depths[ranked[look]][number[1].count(".") + 1 if number else 0] += 1
    level, levels = 0, {}
    for look in sorted(set(ranked.values()), reverse=True):
        depth, count = depths[look].most_common(1)[0]
        if look in titles and level == 0 and len(set(ranked.values())) > len(titles):
            levels[look] = 1
            continue
        level = depth if depth and count >= 2 else level + 1
        levels[look] = min(max(level, 1), LEVELS_MAX)
    for draft, look in zip(headings, looks, strict=True):
        draft.level = levels[ranked[look]]


def _look(draft: Draft) -> Look:
    return draft.size, draft.bold, draft.text.isupper()


def _merged(looks: Sequence[Look]) -> dict[Look, Look]:
    """Each look with the one it counts as: sizes that differ by less than 4 % are one."""
    result: dict[Look, Look] = {}
    for look in looks:
        near = next(
            (other for other in result.values() if other[1:] == look[1:] and abs(other[0] - look[0]) < 0.04 * look[0]),
            look,
        )
        result[look] = near
    return result

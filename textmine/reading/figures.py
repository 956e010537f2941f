"""What is drawn beside text: the text inside charts and pictures, and list bullets that are drawn, not written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from textmine.reading.lines import Line
from textmine.reading.pages import PageText, Rect

__all__ = ["figure_lines", "mark_drawn_bullets"]

BULLET_PT = 8.0
LABEL_WORDS = 5
AREA_WORDS = 70
MARGIN_PT = 14.0  # axis labels stand outside the bars
JOIN_PT = 25.0  # bars of one chart are nearer than this
VALUE = re.compile(r"[\d\s.,%+–-]+(?:%|mln|tys\.|EUR|PLN|zł)?")


def mark_drawn_bullets(page: PageText, lines: Sequence[Line]) -> None:
    """Flags `bullet` on lines that have a small dot or square drawn just before them, as browsers do."""
    dots = [
        rect
        for rect in (*page.drawings, *page.frames)
        if 1.5 < rect.width < BULLET_PT and 0.7 < rect.height / rect.width < 1.4
    ]
    if not dots or len(dots) > 300:
        return
    for dot in dots:
        middle = (dot.top + dot.bottom) / 2
        beside = [
            line
            for line in lines
            if line.top < middle < line.bottom
            and 0 < line.x0 - dot.x1 < 2.2 * line.size
            and dot.width < 0.75 * line.size
        ]
        if len(beside) == 1:
            beside[0].flags.add("bullet")


def figure_lines(page: PageText, lines: Sequence[Line], grids: Sequence[Rect]) -> set[Line]:
    """Labels in charts and on pictures: short lines in or just beside a drawn area that holds no running text."""
    areas = _areas(page, grids)
    found: set[Line] = set()
    for area in areas:
        inside = [
            line
            for line in lines
            if area.x0 - MARGIN_PT < (line.x0 + line.x1) / 2 < area.x1 + MARGIN_PT
            and area.top - MARGIN_PT < line.middle < area.bottom + MARGIN_PT
        ]
        # a box full of words is a text with a background, be it drawn ever so richly
        if not inside or sum(line.n_words for line in inside) > AREA_WORDS:
            continue
        if sum(line.n_words > LABEL_WORDS for line in inside) > len(inside) / 4:
            continue
        for line in inside:
            core = area.top <= line.middle <= area.bottom and area.x0 <= line.x0 <= area.x1
            if line.n_words <= LABEL_WORDS and (core or VALUE.fullmatch(line.text)):
                found.add(line)
    return found


def _areas(page: PageText, grids: Sequence[Rect]) -> list[Rect]:
    """Boxes of pictures and of clusters of at least three drawn shapes; whole-page backgrounds are none."""
    shapes = [
        rect
        for rect in (*page.drawings, *page.frames)
        if not any(_inside(rect, grid) for grid in grids)
        and rect.width * rect.height < 0.5 * page.width * page.height
        and max(rect.width, rect.height) > BULLET_PT
    ]
    areas = [
        rect
        for rect in page.pictures
        if rect.width > 40 and rect.height > 40 and rect.width * rect.height < 0.8 * page.width * page.height
    ]
    clusters: list[tuple[Rect, int]] = []
    for shape in shapes[:800]:
        merged, count = shape, 1
        rest = []
        for other, number in clusters:
            if _near(merged, other):
                merged, count = _union(merged, other), count + number
            else:
                rest.append((other, number))
        clusters = [*rest, (merged, count)]
    areas += [rect for rect, count in clusters if count >= 3 and rect.width > 40 and rect.height > 25]
    return areas


def _inside(rect: Rect, area: Rect) -> bool:
    return rect.x0 > area.x0 - 3 and rect.x1 < area.x1 + 3 and rect.top > area.top - 3 and rect.bottom < area.bottom + 3


def _near(first: Rect, second: Rect) -> bool:
    return (
        first.x0 - JOIN_PT < second.x1
        and second.x0 - JOIN_PT < first.x1
        and first.top - JOIN_PT < second.bottom
        and second.top - JOIN_PT < first.bottom
    )


def _union(first: Rect, second: Rect) -> Rect:
    return Rect(
        min(first.x0, second.x0), min(first.top, second.top), max(first.x1, second.x1), max(first.bottom, second.bottom)
    )

"""What all makers need of a text: its blocks as sheets of items, and how wide the columns of a table should be."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from corpus.source import Row, Source, SourceBlock

__all__ = ["CONTENTS", "Sheet", "accent", "column_shares", "creation_date", "sheets"]

CONTENTS = {"pl": "Spis treści", "en": "Contents"}

# Every publisher has its colour: one a level, so that a national paper does not look like a regional one.
ACCENTS = {"eu": "#1f3d7a", "national": "#7a1f2b", "regional": "#1d5c45", "local": "#5c4a1d"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Blocks that share the orientation of their pages. Each item is one block, or the items of one list."""

    landscape: bool
    items: tuple[tuple[SourceBlock, ...], ...]


def sheets(source: Source) -> list[Sheet]:
    """The text in order; a new sheet begins where the orientation changes. Footnotes are left to `Source.notes`."""
    flowing = [block for block in source.blocks if block.kind != "footnote"]
    return [
        Sheet(landscape, tuple(_items(blocks)))
        for landscape, blocks in groupby(flowing, key=lambda block: block.landscape)
    ]


def _items(blocks: Iterable[SourceBlock]) -> list[tuple[SourceBlock, ...]]:
    items: list[tuple[SourceBlock, ...]] = []
    for block in blocks:
        if block.kind == "list" and items and items[-1][-1].kind == "list":
            items[-1] = (*items[-1], block)
        else:
            items.append((block,))
    return items


def column_shares(rows: Iterable[Row]) -> list[float]:
    """Shares of the width (sum 1), one a column: grow with the square root of the longest cell, none starves."""
    needs = [max(4.0, math.sqrt(max(len(cell) for cell in column)) * 2) for column in zip(*rows, strict=True)]
    return [need / sum(needs) for need in needs]


def accent(source: Source) -> str:
    """Colour of rules and headings as #rrggbb."""
    return ACCENTS.get(source.level, ACCENTS["regional"])


def creation_date(source: Source) -> datetime.datetime:
    """The date in the PDF's metadata: the middle of the year, so that two runs give the same bytes."""
    return datetime.datetime(source.year, 6, 15, 12, tzinfo=datetime.UTC)

"""Voivodeships in text: by noun, by adjective in any form, by English name, with the traps of Polish place names.

Traps: a town's second name (Tomaszów Mazowiecki, Ostrów Wielkopolski) is no region; `dolnośląski` is not `śląski`;
`Pomorze Zachodnie` is not `Pomorze`; `lubelski` and `lubuski` differ by two letters, so nothing is matched loosely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from textmine.codebook import regions

__all__ = ["RegionMention", "find_regions"]

#: Nouns that an adjective of a region belongs to when it stands after them, in any case of theirs.
_CARRIERS = re.compile(
    r"(?i)^(?:wojew[oó]dz|region|samorz|sejmik|urz[ąę]d|marszał|strategi|program|obszar|podregion|ziemi|regionaln|stolic|klast"
    r"|stref|przedsięb|gospodar|uczeln|gmin|powiat|marka|marki|rynek|rynk|specjalizac|rad[ay]|zarząd|fundusz)"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class RegionMention:
    """Characters [start, end) name the voivodeship `region` (its Polish name); `kind` is noun, adjective or english."""

    region: str
    start: int
    end: int
    kind: str


@cache
def _names() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """One pattern of all spellings, longest first, and what each spelling says: (region, kind)."""
    known: dict[str, tuple[str, str]] = {}
    for region in regions():
        for kind, names in (("noun", region.noun_forms), ("english", region.names_en)):
            for name in names:
                known.setdefault(name, (region.name, kind))
        for form in region.adjective_forms:
            for spelling in (form, form.capitalize(), form.title()):
                known.setdefault(spelling, (region.name, "adjective"))
    alternatives = "|".join(re.escape(name) for name in sorted(known, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])"), known


def find_regions(text: str) -> list[RegionMention]:
    """The voivodeships named in a text, in order; the longest spelling wins."""
    pattern, known = _names()
    found = []
    for match in pattern.finditer(text):
        region, kind = known[match.group()]
        if kind == "adjective" and _is_second_name(text, match.start(), match.group()):
            continue
        found.append(RegionMention(region, match.start(), match.end(), kind))
    return found


def _is_second_name(text: str, start: int, word: str) -> bool:
    """Whether a capitalised adjective ends a place name: a capitalised noun that is no carrier stands before it."""
    if not word[0].isupper():
        return False
    before = text[:start].rstrip()
    words = list(_WORD.finditer(before))
    if not words or words[-1].end() != len(before):
        return False
    previous = words[-1].group()
    return previous[0].isupper() and not _CARRIERS.match(previous)

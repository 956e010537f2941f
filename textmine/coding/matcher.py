"""One pass over the tokens of a sentence: every hit of every pattern, with its place.

Phrases are filed under the symbols of their anchor (the element with the fewest alternatives), so that a token costs
nothing unless some phrase hangs on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textmine.coding.terms import Element, Pattern, Phrase

__all__ = ["Found", "Hit", "Matcher", "Range"]

#: Combinations of symbols kept: many more than a language has.
MAX_KEPT = 200_000
#: Token positions [first, last] of a hit.
Range = tuple[int, int]


class Hit(NamedTuple):
    """Tokens `first` to `last` (both included) match the pattern of `owner` (a code) in the role `role`."""

    owner: str
    role: str
    term: str
    first: int
    last: int

    @property
    def n_tokens(self) -> int:
        """How many tokens it covers."""
        return self.last - self.first + 1


class Found(NamedTuple):
    """All that one pass finds: hits of codes, and the ranges of each set of words."""

    hits: list[Hit]
    frames: dict[str, list[Range]]


class _Uses(NamedTuple):
    """What a phrase stands for: sets of words; terms (owner, role, term); terms with conditions on other phrases."""

    frames: list[str]
    terms: list[tuple[str, str, str]]
    joined: list[tuple[str, str, str, tuple[tuple[int, int, bool], ...]]]


#: A phrase that waits for its anchor: (phrase id, the anchor's run of symbols, symbols one of which it needs besides).
_Waiting = tuple[int, tuple[int, ...], frozenset[int]]


class Matcher:
    """Patterns of one language, compiled for one pass."""

    def __init__(self) -> None:
        self._ids: dict[Phrase, int] = {}
        self._phrases: list[Phrase] = []
        self._singles: dict[int, list[int]] = {}
        self._anchored: dict[int, list[_Waiting]] = {}
        self._uses: list[_Uses] = []
        self._kept: dict[tuple[int, ...], tuple[list[int], list[_Waiting]]] = {}

    def add(self, owner: str, role: str, pattern: Pattern) -> None:
        """File a pattern."""
        head = self._file(pattern.head)
        if pattern.others:
            others = tuple((self._file(phrase), limit, wanted) for phrase, limit, wanted in pattern.others)
            self._uses[head].joined.append((owner, role, pattern.term, others))
        else:
            self._uses[head].terms.append((owner, role, pattern.term))

    def add_frame(self, name: str, pattern: Pattern) -> None:
        """File a member of a set of words; conditions of its pattern are not looked at."""
        names = self._uses[self._file(pattern.head)].frames
        if name not in names:
            names.append(name)

    def _file(self, phrase: Phrase) -> int:
        known = self._ids.get(phrase)
        if known is not None:
            return known
        number = self._ids[phrase] = len(self._phrases)
        self._phrases.append(phrase)
        self._uses.append(_Uses([], [], []))
        others = [element for index, element in enumerate(phrase.elements) if index != phrase.anchor]
        # the rarest other element must stand somewhere in the sentence: a cheap test before the walk
        rarest = min(others, key=lambda element: len(element.alternatives), default=None)
        needed = frozenset(run[0] for run in rarest.alternatives) if rarest else frozenset()
        for run in phrase.elements[phrase.anchor].alternatives:
            if len(phrase.elements) == 1 and len(run) == 1:
                self._singles.setdefault(run[0], []).append(number)
            else:
                self._anchored.setdefault(run[0], []).append((number, run, needed))
        return number

    def find(self, symbols: Sequence[tuple[int, ...]]) -> Found:
        """All hits in a sentence; `symbols[i]` are those of token i. Order: by phrase as found, left to right."""
        found: dict[int, list[Range]] = {}
        present = {symbol for here in symbols for symbol in here}
        for place, here in enumerate(symbols):
            if not here:
                continue
            singles, anchored = self._kept.get(here) or self._wait_for(here)
            for number in singles:
                if number in found:
                    found[number].append((place, place))
                else:
                    found[number] = [(place, place)]
            for number, run, needed in anchored:
                if needed and needed.isdisjoint(present):
                    continue
                place_of_it = self._match(self._phrases[number], run, place, symbols)
                if place_of_it:
                    found.setdefault(number, []).append(place_of_it)
        hits = []
        frames: dict[str, list[Range]] = {}
        for number, ranges in found.items():
            uses = self._uses[number]
            for name in uses.frames:
                frames.setdefault(name, []).extend(ranges)
            for owner, role, term in uses.terms:
                hits += [Hit(owner, role, term, first, last) for first, last in ranges]
            for owner, role, term, others in uses.joined:
                hits += [
                    Hit(owner, role, term, first, last)
                    for first, last in ranges
                    if all(_stands(found.get(other, ()), first, last, limit, wanted) for other, limit, wanted in others)
                ]
        return Found(hits, frames)

    def _wait_for(self, here: tuple[int, ...]) -> tuple[list[int], list[_Waiting]]:
        """What hangs on a token with these symbols, each phrase once; kept, since word types come again."""
        singles = list(dict.fromkeys(number for symbol in here for number in self._singles.get(symbol, ())))
        anchored = [one for symbol in here for one in self._anchored.get(symbol, ())]
        if len(self._kept) > MAX_KEPT:
            self._kept.clear()
        self._kept[here] = singles, anchored
        return singles, anchored

    def _match(
        self, phrase: Phrase, run: tuple[int, ...], place: int, symbols: Sequence[tuple[int, ...]]
    ) -> Range | None:
        """The range of a phrase whose anchor has matched `run` at `place`, or None."""
        last = _run_end(run, place, symbols)
        if last < 0:
            return None
        first = place
        gap = phrase.elements[phrase.anchor].gap
        for index in range(phrase.anchor - 1, -1, -1):
            first, gap = _before(phrase.elements[index], first, gap, symbols)
            if first < 0:
                return None
        for element in phrase.elements[phrase.anchor + 1 :]:
            last = _after(element, last, symbols)
            if last < 0:
                return None
        return first, last


def _run_end(run: tuple[int, ...], place: int, symbols: Sequence[tuple[int, ...]]) -> int:
    """Last token of the run that begins at `place`, or -1."""
    if place + len(run) > len(symbols):
        return -1
    for step, symbol in enumerate(run):
        if symbol not in symbols[place + step]:
            return -1
    return place + len(run) - 1


def _after(element: Element, last: int, symbols: Sequence[tuple[int, ...]]) -> int:
    """Last token of the nearest match of the element after token `last`, or -1."""
    for place in range(last + 1, min(last + 2 + element.gap, len(symbols))):
        here = symbols[place]
        if not here:
            continue
        for run in element.alternatives:
            if run[0] in here:
                end = _run_end(run, place, symbols)
                if end >= 0:
                    return end
    return -1


def _before(element: Element, first: int, gap: int, symbols: Sequence[tuple[int, ...]]) -> tuple[int, int]:
    """(first token, own gap) of the nearest match of the element that ends before token `first`, or (-1, 0)."""
    for end in range(first - 1, max(first - 2 - gap, -1), -1):
        here = symbols[end]
        if not here:
            continue
        for run in element.alternatives:
            start = end - len(run) + 1
            if start >= 0 and run[-1] in here and _run_end(run, start, symbols) == end:
                return start, element.gap
    return -1, 0


def _stands(ranges: Sequence[Range], first: int, last: int, limit: int, wanted: bool) -> bool:
    """Whether one of the ranges is within `limit` tokens of [first, last] and apart from it, as wanted."""
    near = any(
        (start > last and start - last - 1 <= limit) or (end < first and first - end - 1 <= limit)
        for start, end in ranges
    )
    return near is wanted

"""Proper names of clusters: the registry by lemma sequences, and patterns for names that no registry knows.

A name is given as it stands, inflected. A place that only follows it ("of Kraków", "z Białegostoku") is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textmine.codebook import Cluster, clusters
from textmine.coding.name_patterns import pattern_names
from textmine.coding.tokens import TokenView
from textmine.languages import analyse
from textmine.records import Sentence

__all__ = ["Name", "NameFinder"]

_QUOTES = frozenset("„”“\"«»'’‘")
_SKIPPED = _QUOTES | frozenset("-–—,!")
#: Words of a registry name that only say what kind of thing it is; a name without them is an alias.
_KIND = re.compile(r"(?i)^(?:klaster\s+)?[„\"](.+)[”\"]$")
_LOWER_TAIL = re.compile(r"(?:\s+[a-z]+)+$")
_HEADS = ("klaster", "klastr", "cluster", "dolina", "valley", "grono", "sieć", "network", "alliance", "sojusz")
INDEX_LETTERS = 3  # of the second word: endings change, beginnings do not
MIN_STEM = 4  # letters that two inflected forms of an unknown word must share


@dataclass(frozen=True, slots=True)
class Name:
    """A name at tokens `first` to `last` and characters [start, end); `name` is the registry's, else as it stands."""

    name: str
    first: int
    last: int
    start: int
    end: int
    score: float
    is_energy_cluster: bool
    known: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """One spelling in the registry: its content words with their lemmas in both languages, and what it names."""

    cluster: Cluster
    words: tuple[tuple[str, frozenset[str]], ...]
    short: bool


class NameFinder:
    """Finds names; made once, used for all sentences."""

    def __init__(self, registry: Iterable[Cluster] = ()) -> None:
        self._first_words: set[str] = set()
        self._stems: dict[str, set[str]] = {}
        self._by_first: dict[tuple[str, str], list[_Entry]] = {}
        for cluster in registry or clusters():
            for spelling in _spellings(cluster):
                self._add(cluster, spelling, short=False)
            for spelling in cluster.short_forms:
                self._add(cluster, spelling, short=True)

    def _add(self, cluster: Cluster, spelling: str, *, short: bool) -> None:
        words = []
        english = analyse(spelling, "en")
        polish = analyse(spelling, "pl")
        for (start, end), one, other in zip(english.offsets, english.lemmas, polish.lemmas, strict=True):
            word = spelling[start:end]
            if word not in _SKIPPED:
                words.append((word, frozenset((one, other, word.lower()))))
        if not words:
            return
        entry = _Entry(cluster, tuple(words), short)
        second = words[1][0][:INDEX_LETTERS].lower() if len(words) > 1 else ""
        for key in words[0][1]:
            self._by_first.setdefault((key, second), []).append(entry)
        self._first_words |= words[0][1]
        if len(words[0][0]) > MIN_STEM:
            self._stems.setdefault(_stem(words[0][0].lower()), set()).update(words[0][1])

    def full_names(self, sentences: Sequence[Sentence]) -> frozenset[str]:
        """Registry names of which a full spelling stands in one of the sentences."""
        from textmine.coding.tokens import view_tokens

        found: set[str] = set()
        for sentence in sentences:
            if sentence.language in ("pl", "en"):
                found |= {name.name for name in self._registry_names(view_tokens(sentence), frozenset())}
        return frozenset(found)

    def find(self, view: TokenView, names: frozenset[str], *, homonym: bool = False) -> list[Name]:
        """The names of a sentence, left to right, without overlaps; the longest wins.

        Args:
            names: registry names already seen in the document; their short forms count.
            homonym: the sentence speaks of another kind of cluster: only registry names count.
        """
        known = self._registry_names(view, names)
        seen = names | {name.name for name in known}
        if seen != names:
            known = self._registry_names(view, seen)
        found = known
        if not homonym:
            found = known + [
                Name(
                    view.text[one.start : one.end],
                    one.first,
                    one.last,
                    one.start,
                    one.end,
                    0.8,
                    one.is_energy_cluster,
                    False,
                )
                for one in pattern_names(view)
                if not any(one.start == name.start and one.end > name.end for name in known if " i " in view.text)
                and sum(one.start <= name.start and name.end <= one.end for name in known) < 2
            ]
        return _without_overlaps(found)

    def _registry_names(self, view: TokenView, names: frozenset[str]) -> list[Name]:
        found = []
        for place in range(len(view)):
            first_letter = view.text[view.starts[place]]
            if not (first_letter.isupper() or first_letter.isdigit() or view.forms[place] in ("it", "energyregion")):
                continue
            form = view.forms[place]
            keys = {view.lemmas[place], form} & self._first_words
            if not keys and view.language == "pl" and len(form) > MIN_STEM:  # a brand in another case: MedSilesię
                keys = next(
                    (stems for cut in (0, 1, 2, 3) if (stems := self._stems.get(form[: len(form) - cut]))), set()
                )
            if not keys:
                continue
            second = _next_letters(view, place)
            entries = {
                id(entry): entry
                for key in keys
                for letters in {second, ""}
                for entry in self._by_first.get((key, letters), ())
            }
            for entry in entries.values():
                if entry.short and entry.cluster.name not in names:
                    continue
                last = _match(entry, view, place)
                if last >= 0:
                    start, end = _span(view, place, last)
                    cluster = entry.cluster
                    found.append(Name(cluster.name, place, last, start, end, 0.95, cluster.is_energy_cluster, True))
        return found


def _stem(word: str) -> str:
    """What a brand keeps in all cases: `medsilesi`, `optoklast`, `interizon`."""
    if word.endswith(("er", "ek", "ec")):
        return word[:-2]
    return word[:-1] if word[-1] in "aeiouy" else word


def _next_letters(view: TokenView, place: int) -> str:
    """The first letters of the next word after a token, quotes and dashes passed over."""
    for after in range(place + 1, len(view)):
        if view.forms[after] not in _SKIPPED:
            return view.forms[after][:INDEX_LETTERS]
    return ""


def _spellings(cluster: Cluster) -> set[str]:
    """Full names, aliases, and what stands in quotes after `Klaster`, or before a tail of small words."""
    found = set(cluster.names)
    for name in cluster.names:
        quoted = _KIND.match(name)
        if quoted and " " in quoted[1]:
            found.add(quoted[1])
        shortened = _LOWER_TAIL.sub("", name)
        if shortened != name and shortened.count(" ") >= 2:
            found.add(shortened)
    # one-word aliases that are common words would match everywhere
    return {name for name in found if len(name) > 3 and not name.islower()}


def _match(entry: _Entry, view: TokenView, place: int) -> int:
    """Last token of the entry's words from `place` on, or -1; quotes, dashes and commas may stand between."""
    last = place - 1
    for word, lemmas in entry.words:
        place = last + 1
        while place < len(view) and view.forms[place] in _SKIPPED and place > 0:
            place += 1
        if place >= len(view) or not _same(word, lemmas, view, place):
            return -1
        last = place
    return last


def _same(word: str, lemmas: frozenset[str], view: TokenView, place: int) -> bool:
    """Whether a token is a form of a word of a name, written with the same kind of first letter."""
    text = view.text[view.starts[place] : view.ends[place]]
    if word[0].isupper() and not text[0].isupper():
        return False
    form, lemma = view.forms[place], view.lemmas[place]
    if form in lemmas or lemma in lemmas:
        return not (word.isupper() and len(word) > 1 and len(word) <= MIN_STEM and not text.isupper())
    if view.language != "pl" or len(word) <= MIN_STEM:
        return False
    low = word.lower()
    shared = max(MIN_STEM, len(low) - 2)
    return abs(len(form) - len(low)) <= 3 and form[:shared] == low[:shared]


def _span(view: TokenView, first: int, last: int) -> tuple[int, int]:
    """Characters of a name; a quote that opens inside it is closed inside it, an outer pair stays outside."""
    start, end = view.starts[first], view.ends[last]
    opened = sum(view.text[start:end].count(quote) for quote in "„«“")
    closed = sum(view.text[start:end].count(quote) for quote in "”»")
    straight = view.text[start:end].count('"')
    following = view.text[end : end + 1]
    if following and following in '”»"“' and (opened > closed or straight % 2):
        end += 1
    return start, end


def _without_overlaps(names: Sequence[Name]) -> list[Name]:
    kept: list[Name] = []
    for name in sorted(names, key=lambda one: (one.start - one.end, -one.score, one.start)):
        if not any(name.start < other.end and other.start < name.end for other in kept):
            kept.append(name)
    return sorted(kept, key=lambda one: one.start)

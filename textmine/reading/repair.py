"""Words broken by line ends and bad conversion, put together again on evidence; every character keeps its place.

A line end hyphen is undone when the joined word is known - to the document itself or to a dictionary - and kept in
real compounds (`badawczo-rozwojowy`, `long-term`). Nothing is guessed silently: what cannot be mended is flagged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

__all__ = ["Hyphens", "LIGATURES", "vocabulary"]

WORD = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
LIGATURES = str.maketrans(
    {
        "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "ft",
        "\ufb06": "st", "\u00ad": "", "\u200b": "", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u2002": " ",
        "\u2003": " ", "\u2009": " ", "\u202f": " ", "\u200c": "", "\u200d": "", "\u2060": "",
    }
)  # fmt: skip

#: First parts that keep their hyphen (English), unless the document itself writes the word as one.
KEEP_FIRST = frozenset("self non cross ex quasi well long short high low co pre post semi multi mid e all half so two three".split())
#: Second parts that keep theirs after a known word.
KEEP_SECOND = frozenset(
    "based term level quality tech border wide scale driven oriented led sized party year specific related friendly "
    "making sector cutting up down in off out to by of the and run lasting speed value growth date called known being".split()
)


def vocabulary(texts: Iterable[str]) -> Counter[str]:
    """Lower-case words and hyphenated compounds with their counts. Texts should hold no line ends."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(match.lower() for match in WORD.findall(text))
    return counts


class Hyphens:
    """Decides over hyphens; `known(word)` says whether a dictionary of either language has a word (lower case)."""

    def __init__(self, words: Counter[str], known: Callable[[str], bool]) -> None:
        self.words, self.known = words, known

    def joins(self, first: str, second: str) -> bool:
        """Whether `first` at a line end, without its hyphen, and `second` are parts of one word. First rule wins."""
        if not first or not second or not first[-1].isalpha() or not second[0].isalpha():
            return False
        if second[0].isupper() and not first.isupper():
            return False
        one, two = first.lower(), second.lower()
        joined, compound = one + two, f"{one}-{two}"
        seen_joined, seen_compound = self.words[joined], self.words[compound]
        if seen_joined or seen_compound:
            return seen_joined >= seen_compound
        if len(one) == 1:
            return self.known(joined)
        if one in KEEP_FIRST or (two in KEEP_SECOND and self.known(one)):
            return self.known(joined) and not self.known(two)
        if one.endswith("o") and len(one) > 3 and self.known(two) and _is_adjective(two):
            return self.known(joined) and not self.known(one)
        if self.known(joined):
            return True
        return not (self.known(one) and self.known(two) and len(one) > 2 and len(two) > 2)


def _is_adjective(word: str) -> bool:
    """Whether a Polish word looks like an adjective: the second half of `społeczno-gospodarczy`."""
    return re.search(r"(?:y|i|a|e|ego|iego|emu|iemu|ej|iej|ą|ią|ym|im|ych|ich|ymi|imi)$", word) is not None and (
        re.search(r"(?:ow|sk|ck|czn|czy|n|cz|żn|jn|ln|wn|dn|tn)(?:y|i|a|e|ego|iego|emu|iemu|ej|iej|ą|ią|ym|im|ych|ich|ymi|imi)$", word)
        is not None
    )

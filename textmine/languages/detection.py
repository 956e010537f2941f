"""The language of a text, Polish or English, from its words: light, and sure already for short headings.

Each word type is weighed once: function words, letters that only one of the languages uses, and whether the
dictionaries of the two languages know the word. Positive weights speak for Polish, negative ones for English.
"""

from __future__ import annotations

import re

from textmine.languages import english, polish
from textmine.languages.words import has_polish_letters

__all__ = ["detect_language", "language_evidence"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

#: Function words that stand in one language only, or mostly.
_POLISH_WORDS = frozenset(
    str.split("""
    w z i oraz się na nie jest są dla przez przy ze od za o u lub czy jak jako które który która których tym tego tej
    tych ich jego jej być był była było były może mogą można oraz także też tylko już ale albo gdy gdzie więc niż pod
    nad przed między według wobec ponad poza we ku roku lat latach rok zł tys mln mld art ust pkt poz nr woj np tzw
    ma mają ta te ten został została zostały ramach zakresie celu co kto by aby że bardzo wśród oraz jeszcze
    """)
)
_ENGLISH_WORDS = frozenset(
    str.split("""
    the of and in is are was were be been for with by from that this these those which who whom whose what it its as
    at an or not but if than then their there they them he his she her we our you your has have had will would can
    could should may might must shall also only more most such other some any all each both between within under over
    into through during about after before against because while where when how between per new year years
    """)
)
#: Spelt alike in both languages: they say nothing.
_SHARED_WORDS = frozenset(str.split("a to on do no ten but by most pod we i o plan program region park test bank firm"))


class _Weights(dict[str, float]):
    """Word -> weight, found on demand."""

    def __missing__(self, word: str) -> float:
        if len(self) > 500_000:
            self.clear()
        weight = self[word] = _weigh(word)
        return weight


_weights = _Weights()


def detect_language(text: str, *, default: str = "", margin: float = 1.0) -> str:
    """`pl`, `en`, or `default` when the words speak for neither by more than `margin`."""
    evidence = language_evidence(text)
    if abs(evidence) < margin:
        return default
    return "pl" if evidence > 0 else "en"


def language_evidence(text: str) -> float:
    """Sum of the weights of the words: above 0 Polish, below 0 English; about 2 a telling word."""
    return sum([_weights[word] for word in _WORD.findall(text.lower()[:4000])])


def _weigh(word: str) -> float:
    if word in _SHARED_WORDS:
        return 0.0
    if word in _POLISH_WORDS:
        return 2.5
    if word in _ENGLISH_WORDS:
        return -2.5
    if has_polish_letters(word):
        return 3.0
    if "'" in word or "’" in word:
        return -1.5
    if len(word) < 2:
        return 0.0
    weight = _spelling(word)
    if polish.is_known(word):
        weight += 2.0
    if english.is_known(word):
        weight -= 2.0
    return weight


def _spelling(word: str) -> float:
    """Letters and letter pairs that one of the two languages hardly uses."""
    weight = 0.0
    if any(letter in word for letter in "vxq"):
        weight -= 1.0
    if any(pair in word for pair in ("th", "sh", "ck", "oo", "ee", "ea", "ou", "ght", "tion", "wh", "ll", "ss", "y ")):
        weight -= 0.7
    if any(
        pair in word for pair in ("cz", "sz", "rz", "dz", "ie", "wy", "owa", "ych", "ego", "nia", "prz", "kj", "cj")
    ):
        weight += 0.7
    return weight

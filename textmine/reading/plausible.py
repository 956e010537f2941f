"""Whether a page's text is language at all: fonts with a wrong character map give letters, but no words.

Three signs, from the cheapest on: words that a dictionary of either language knows, words of letters from one script,
and the share of vowels, which lies between 30 and 50 % of the letters in every European language.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from textmine.reading.dictionary import is_english, is_polish

__all__ = ["is_doubtful", "is_garbled", "known_share"]

WORD = re.compile(r"[^\W\d_]{3,}")
SAMPLE = 12  # words looked up on a page, evenly spread
KNOWN_SURE = 0.3  # share of known words over which nothing else is asked
KNOWN_LEAST = 0.12
WORDS_LEAST = 8  # fewer words tell too little
VOWELS = frozenset("aeiouyąęóáéíúàèìòùâêîôûäëïöüåæøőűãõœ")
VOWEL_SHARES = (0.22, 0.62)
MIXED_SHARE = 0.15  # of words with letters of two scripts
SIGNS_SHARE = 0.35
PLAIN_SIGNS = frozenset(".,;:()[]-–—_…·•/'\"„”“’%*+=°§&©®<>|")
#: Scripts that are written mixed.
TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "IDEOGRAPHIC": "CJK", "KATAKANA-HIRAGANA": "CJK"}


def known_share(text: str) -> float:
    """Share of a sample of the words that either dictionary knows; 0 without words."""
    words = WORD.findall(text)
    sample = words[:: max(1, len(words) // SAMPLE)]
    return sum(_is_known(word.lower()) for word in sample) / len(sample) if sample else 0.0


def is_garbled(text: str) -> bool:
    """Whether the letters of a page make no words of any European language."""
    tokens = text.split()
    spread = [word for token in tokens[:: max(1, len(tokens) // SAMPLE)] for word in WORD.findall(token)]
    if sum(_is_known(word.lower()) for word in spread) > KNOWN_SURE * len(spread):
        return False
    words = WORD.findall(text)
    known = known_share(text)
    visible = [char for char in text if not char.isspace()]
    if len(visible) < WORDS_LEAST:
        return False
    signs = sum(not char.isalnum() and char not in PLAIN_SIGNS for char in visible)
    if signs > SIGNS_SHARE * len(visible):
        return True
    if _mixes_scripts(text):
        return True
    letters = [char for char in text.lower() if char.isalpha()]
    latin = sum(_script(char) == "LATIN" for char in letters)
    if len(words) < WORDS_LEAST or known > KNOWN_LEAST or latin < 0.8 * len(letters):
        return False
    vowels = sum(char in VOWELS for char in letters) / len(letters)
    return not VOWEL_SHARES[0] < vowels < VOWEL_SHARES[1]


def is_doubtful(text: str) -> bool:
    """Whether a page has a few words only, none of them known: too little to judge without looking at the page."""
    words = text.split()
    if not 0 < len(words) <= WORDS_LEAST + 4:
        return False
    long = WORD.findall(text)
    signs = sum(not char.isalnum() and char not in PLAIN_SIGNS and not char.isspace() for char in text)
    return (bool(long) and not any(_is_known(word.lower()) for word in long)) or (not long and signs > 2)


def _is_known(word: str) -> bool:
    return is_english(word) or is_polish(word)


def _mixes_scripts(text: str) -> bool:
    tokens = [token for token in text.split() if sum(map(str.isalpha, token)) > 1]
    if text.isascii() or not tokens:
        return False
    mixed = sum(len({_script(char) for char in token if char.isalpha()}) > 1 for token in tokens)
    scripts = Counter(_script(char) for char in text if char.isalpha())
    several = sum(count > 0.02 * scripts.total() for count in scripts.values())
    return mixed > MIXED_SHARE * len(tokens) and (several > 2 or mixed > 0.5 * len(tokens))


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    name = unicodedata.name(char, "NONE").split()[0]
    return TOGETHER.get(name, name)

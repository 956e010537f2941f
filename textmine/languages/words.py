"""Where the words of a text begin and end, and their letters. The same rules serve both languages.

Hyphenated words fall into parts (`agri`, `-`, `food`); research-and-development short forms stay whole (`R&D`,
`B+R`), and so do dotted abbreviations (`m.in.`, `e.g.`, `o.o.`), numbers with a point or comma, addresses.
"""

from __future__ import annotations

import re

__all__ = ["POLISH_LETTERS", "find_tokens", "has_polish_letters", "strip_diacritics"]

#: Letters that Polish has and English does not; ó and ć occur in other languages too, but hardly in English.
POLISH_LETTERS = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")

_LETTER = r"[^\W\d_]"
# The order of the alternatives is the rule: what must stay whole comes before what would cut it.
# A word before a space or comma can be nothing else; it comes first because it is the common case (2x faster).
_TOKEN = re.compile(
    r"[^\W\d_]+(?=[ ,;)\n])"
    r"|(?=[hw])(?:https?://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]]"  # web addresses
    r"|[\w.+-]+@\w[\w-]*(?:\.\w[\w-]*)+"  # mail addresses
    rf"|(?:{_LETTER}{{1,2}}\.){{1,4}}{_LETTER}{{1,3}}\.(?!\w)"  # m.in. e.g. o.o. U.S.
    r"|[A-ZŁ](?:[&+][A-ZŁ])+(?!\w)"  # R&D, B+R, B+R+I
    r"|[^\W\d_]+(?=n['’]t(?!\w))|n['’]t(?!\w)"  # do|n't
    r"|['’](?:s|re|ve|ll|d|m)(?!\w)"  # region|'s
    r"|\d+(?:[.,]\d+)*(?![^\W_])"  # 1,5 2.3 2014
    r"|[^\W_][^\W_\u0300-\u036f\u00ad]*(?:[\u0300-\u036f\u00ad]+[^\W_]*)*"  # words, soft hyphens too
    r"|\.{2,}"
    r"|[^\s]"
)

_PLAIN = str.maketrans("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ")


def find_tokens(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The tokens of a text in order, and their (start, end) in it; only white space stands between them."""
    offsets = [match.span() for match in _TOKEN.finditer(text)]
    return [text[start:end] for start, end in offsets], offsets


def has_polish_letters(text: str) -> bool:
    """Whether a letter that only Polish has stands in the text."""
    return not POLISH_LETTERS.isdisjoint(text)


def strip_diacritics(text: str) -> str:
    """The text with the nine Polish letters replaced by their plain ones; its length stays the same."""
    return text.translate(_PLAIN)

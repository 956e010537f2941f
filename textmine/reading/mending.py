"""Text that a wrong character map spoilt: mojibake mended where the evidence is plain, the rest flagged, never guessed.

Two sorts occur in Polish documents: UTF-8 bytes read as an eight-bit code (`Ä…`), which ftfy undoes, and Central
European code pages read as Western ones (`³¹czy` for `łączy`), mended when the dictionary then knows the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from textmine.reading.drafts import Draft
from textmine.reading.lines import Line

__all__ = ["mend_drafts", "spoilt_flags"]

#: One look at each line: without any of these it is sound.
SUSPECT = re.compile("[ÃÂÄÅĹĂâ¹œŸæê³ñ¿¶±¼]")
MOJIBAKE = re.compile(r"[ÃÂÄÅĹĂâ][\u0080-\u00bf\u0192\u02c6\u02dc\u2013-\u2122\u0141\u0142\u0105\u015a-\u017e]")
WESTERN = re.compile(r"(?<=[a-zA-Zó])[³¹œæêñ¿Ÿ¶±¼]|[³¹œæêñ¿Ÿ¶±¼](?=[a-zó])")
CP1250_AS_1252 = str.maketrans("¹œŸæê³ñ¿¥Œ\u008fÆÊ£Ñ¯", "ąśźćęłńżĄŚŹĆĘŁŃŻ")
LATIN2_AS_LATIN1 = str.maketrans("±¶¼æê³ñ¿¡¦¬ÆÊ£Ñ¯", "ąśźćęłńżĄŚŹĆĘŁŃŻ")
WORD = re.compile(r"[^\W\d_]+")
LEAST = 4  # spoilt places in a document before a code page is suspected
KNOWN_SHARE = 0.6  # of the mended words that the dictionary must know
#: Share of Polish letters with a mark among all letters is 6-8 % in running Polish text.
LOST = re.compile(r"\ufffd|\(cid:\d+\)")
DOUBTFUL = re.compile(r"[\ufffd\ue000-\uf8ff]|\(cid:")
PRIVATE = re.compile(r"[\ue000-\uf8ff]")


def mend_drafts(drafts: Sequence[Draft], known: Callable[[str], bool]) -> set[str]:
    """Mends the lines of the drafts in place; returns flags of the document that say what was done."""
    flags: set[str] = set()
    lines = [line for draft in drafts for line in draft.lines if SUSPECT.search(line.text)]
    broken = [line for line in lines if MOJIBAKE.search(line.text)]
    if broken and _fix_encoding(broken):
        flags.add("mojibake mended")
    spoilt = [line for line in lines if WESTERN.search(line.text)]
    if sum(len(WESTERN.findall(line.text)) for line in spoilt) >= LEAST:
        table = _code_page(spoilt, known)
        if table:
            for line in spoilt:
                line.text = _translated(line.text, table)
            flags.add("Polish letters mended: wrong code page")
    return flags


def _fix_encoding(lines: Sequence[Line]) -> bool:
    import ftfy

    changed = False
    for line in lines:
        text = ftfy.fix_encoding(line.text)
        if text != line.text:
            # one run over the whole line: the letters between are where they were in proportion
            line.text, changed = text, True
            line.marks = [(0, len(text), line.x0, line.x1)]
    return changed


def _code_page(lines: Sequence[Line], known: Callable[[str], bool]) -> dict[int, int] | None:
    """The table that makes known words of the spoilt ones; None when neither does."""
    words = [word for line in lines for word in line.text.split() if WESTERN.search(word) and len(word) > 2][:400]
    best, share = None, KNOWN_SHARE
    for table in (CP1250_AS_1252, LATIN2_AS_LATIN1):
        mended = [found[0] for word in words if (found := WORD.search(word.translate(table)))]
        good = sum(known(word.lower()) for word in mended) / max(1, len(mended))
        if good > share:
            best, share = table, good
    return best


def _translated(text: str, table: dict[int, int]) -> str:
    """Words with a spoilt letter translated; figures and units keep their signs."""
    return re.sub(r"\S+", lambda word: word[0].translate(table) if WESTERN.search(word[0]) else word[0], text)


def spoilt_flags(text: str, language: str) -> set[str]:
    """What is lost in a block's text and cannot be had back."""
    flags: set[str] = set()
    if not DOUBTFUL.search(text) and (language != "pl" or len(text) <= 200):
        return flags
    if LOST.search(text):
        flags.add("characters lost")
    if PRIVATE.search(text):
        flags.add("private-use characters")
    if language == "pl" and len(text) > 200 and not re.search(r"[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]", text):
        flags.add("Polish letters missing")
    return flags

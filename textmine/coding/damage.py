"""Words that a PDF broke, put together again for matching: hyphens of lost lines, lost ligatures, stray spaces.

The text and its offsets stay as they are; only the forms and lemmas that the matcher sees change. A join is made only
when the joined word is in the dictionary and a part of it is not, so that sound text is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from textmine.coding.tokens import TokenView
from textmine.languages import english, lemma, polish

__all__ = ["mend"]

LIGATURES = ("fi", "fl", "ff", "ffi", "ffl")
#: Letters that stand for others after a wrong code page (ISO 8859-3 read for 8859-2 and the like).
LETTERS = str.maketrans({"ŝ": "ż", "¿": "ż", "³": "ł", "ê": "ę", "œ": "ś", "æ": "ć", "ñ": "ń", "¹": "ą", "Ÿ": "ź"})
_WRONG = frozenset("ŝ¿³œæ¹Ÿ")
_HYPHENS = ("-", "\u00ad", "\u2010")
MAX_PIECES = 4
#: Words of ours that the dictionaries lack.
_OWN_WORDS = re.compile(
    r"klaster|klastr(?:a|y|owi|om|em|ze|ami|ach|ów)|klastrow(?:[yaeą]|ego|emu|ej|ych|ym|ymi|o)|clusters?|clustering"
)
_LINE_HYPHEN = re.compile(r"\w[-\u00ad\u2010]\s\w")

_DICTIONARIES: dict[str, Callable[[str], bool]] = {"pl": polish.is_known, "en": english.is_known}


@cache
def _is_known(word: str, language: str) -> bool:
    return bool(_OWN_WORDS.fullmatch(word)) or _DICTIONARIES[language](word)


@cache
def _is_odd(form: str, language: str) -> bool:
    """Whether a token looks like a word but is none."""
    return form.isalpha() and not _is_known(form, language)


def mend(view: TokenView) -> TokenView:
    """The tokens with broken words joined; the same object when nothing was broken."""
    language = view.language
    forms, starts, ends = list(view.forms), list(view.starts), list(view.ends)
    odd = [_is_odd(form, language) for form in forms]
    if True not in odd and not _LINE_HYPHEN.search(view.text):
        return view
    hyphens = [_hyphen_between(view.text, ends[i], starts[i + 1]) for i in range(len(forms) - 1)]
    is_damaged = any(gap == "- " for gap in hyphens)
    out: list[tuple[str, str, int, int]] = []
    place, changed = 0, False
    last = len(forms) - 1
    while place <= last:
        # sound words between sound words are the common case
        if odd[place] or (place < last and (odd[place + 1] or hyphens[place] in ("-", "- "))):
            is_capital = view.text[starts[place]].isupper()
            word, n_pieces = _joined(forms, odd, hyphens, place, language, is_damaged, is_capital)
        else:
            word, n_pieces = forms[place], 1
        changed = changed or word != forms[place]
        known = word == forms[place]
        out.append(
            (word, view.lemmas[place] if known else lemma(word, language), starts[place], ends[place + n_pieces - 1])
        )
        place += n_pieces
    if not changed:
        return view
    return TokenView(
        view.text,
        language,
        tuple(one[0] for one in out),
        tuple(one[1] for one in out),
        tuple(one[2] for one in out),
        tuple(one[3] for one in out),
    )


def _hyphen_between(text: str, end: int, start: int) -> str:
    """`-` or `- ` when only that stands between two tokens, a space for a space, else nothing."""
    between = text[end:start]
    if between in _HYPHENS:
        return "-"
    if between[:1] in _HYPHENS and len(between) == 2 and between[1].isspace():
        return "- "
    return " " if between == " " else ""


def _joined(
    forms: list[str], odd: list[bool], gaps: list[str], place: int, language: str, is_damaged: bool, is_capital: bool
) -> tuple[str, int]:
    """The word that begins at `place`, and how many tokens it takes. The first rule that answers wins.

    In a sentence that is surely damaged (a hyphen before a space) a hyphen inside a dictionary word also goes.
    """
    form = forms[place]
    if not form.isalpha():
        return form, 1
    # hyphens before ligatures: a hyphen is seen, a ligature is guessed
    for n_pieces in range(MAX_PIECES, 1, -1):
        if place + n_pieces > len(forms):
            continue
        inside = gaps[place : place + n_pieces - 1]
        pieces = range(place, place + n_pieces)
        if any(gap not in ("-", "- ") for gap in inside) or not all(forms[i].isalpha() for i in pieces):
            continue
        word = "".join(forms[i] for i in pieces)
        broken = any(odd[i] for i in pieces) or is_damaged
        if form.endswith("o") and not odd[place + 1] and inside == ["-"]:
            continue  # rolno-spożywczy: a compound, though `rolno` alone is in no dictionary
        if broken and _is_known(word, language):
            return word, n_pieces
        if n_pieces == 2 and is_damaged and odd[place] and is_capital:  # a proper name in no dictionary
            return word, n_pieces
    if place + 1 < len(forms) and gaps[place] == " " and (odd[place] or odd[place + 1]) and forms[place + 1].isalpha():
        tail = forms[place + 1]
        for ligature in LIGATURES:
            if _is_known(form + ligature + tail, language):
                return form + ligature + tail, 2
        if len(form) + len(tail) >= 7 and odd[place] and _is_known(form + tail, language):
            return form + tail, 2
    if not odd[place]:
        return form, 1
    for ligature in LIGATURES:
        for word in (ligature + form, form + ligature):
            if len(form) >= 3 and _is_known(word, language):
                return word, 1
    if not _WRONG.isdisjoint(form) and _is_known(form.translate(LETTERS), language):
        return form.translate(LETTERS), 1
    return form, 1

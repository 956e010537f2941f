"""`analyse`: the tokens of a text with their lemmas. Work is done once per word type and kept."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from textmine.languages import english, polish
from textmine.languages.words import find_tokens

__all__ = ["LANGUAGES", "Tokens", "analyse", "lemma", "stop_words"]

#: Word types kept per language before the table starts anew: about 100 MB, more than 10,000 pages bring.
MAX_WORD_TYPES = 500_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """`lemmas[i]` is the lemma of the token at `offsets[i]`, a (start, end) pair in the text.

    Lemmas are lower case; punctuation and numbers keep their form.
    """

    lemmas: tuple[str, ...]
    offsets: tuple[tuple[int, int], ...]


class _LemmaTable(dict[str, str]):
    """Word form -> lemma, filled on demand; one thread at a time asks the dictionaries."""

    def __init__(self, find_lemma: Callable[[str], str]) -> None:
        super().__init__()
        self._find_lemma = find_lemma
        self._lock = threading.Lock()

    def __missing__(self, form: str) -> str:
        with self._lock:
            if len(self) >= MAX_WORD_TYPES:
                self.clear()
            found = self[form] = self._find_lemma(form)
        return found


#: Language code -> lemmas of that language; a language is a file beside this one and a row here.
_TABLES = {"pl": _LemmaTable(polish.find_lemma), "en": _LemmaTable(english.find_lemma)}
#: Texts whose language is not known keep their forms, in lower case.
_FORMS = _LemmaTable(str.lower)
_STOP_WORDS = {"pl": polish.STOP_WORDS, "en": english.STOP_WORDS}

LANGUAGES = tuple(_TABLES)


def analyse(text: str, language: str) -> Tokens:
    """Tokens and lemmas of a text. A language other than `pl` and `en` gives lower-case forms as lemmas."""
    forms, offsets = find_tokens(text)
    table = _TABLES.get(language, _FORMS)
    return Tokens(lemmas=tuple([table[form] for form in forms]), offsets=tuple(offsets))


def lemma(word: str, language: str) -> str:
    """The lemma of one word, in lower case; the same for every case and spelling of that word in capitals."""
    return _TABLES.get(language, _FORMS)[word]


def stop_words(language: str) -> frozenset[str]:
    """Lemmas that carry no topic of their own, in lower case; empty for a language that is not known."""
    return _STOP_WORDS.get(language, frozenset())

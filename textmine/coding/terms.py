"""From a term of the codebook to a pattern over symbols, and from a word to the symbols it stands for.

A symbol is a lemma, a lower-case form, or a stem with a star. Which symbols a word type stands for is found once and
kept, so that matching only compares small integers. `plain` vocabularies have lost their Polish letters: they serve
damaged text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from textmine.codebook import Codebook
from textmine.errors import CodebookError
from textmine.languages import analyse, strip_diacritics

__all__ = ["HYPHENS", "Element", "Pattern", "Phrase", "Vocabulary", "compile_term"]

SHORT_WORD = 3  # letters; up to here a term is matched by form, not by lemma
DEFAULT_GAP = 4  # tokens; the gap of the lexicon seeds
#: How far apart the two sides of a bare `&` may stand: no limit within the sentence.
NO_LIMIT = 1_000
#: … unless the second side is a set of words: those are common, and in a long sentence belong to something else.
SET_REACH = 8
#: These fall out of the tokens, so that `agri-food` is `agri food`; a dash between words stays and counts in gaps.
HYPHENS = frozenset("-\u2010\u2011\u00ad")
_SHORT_FORM = re.compile(r"(?:\w[+&])+\w")
_JOIN = re.compile(r"\s+&(\d*)\s+")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase: `gap` tokens at most may stand before it; each alternative is a run of symbols."""

    gap: int
    alternatives: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Elements in order. `anchor` is the element with the fewest alternatives: matching starts there."""

    elements: tuple[Element, ...]
    anchor: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled term: `parts[0]` is where the mention stands; the others must (not) stand in the sentence.

    `parts[i]` for i > 0 is (phrase id, most tokens between, wanted). Phrase ids are those of the matcher.
    """

    term: str
    head: Phrase
    others: tuple[tuple[Phrase, int, bool], ...] = ()


class Vocabulary:
    """Symbols of one language."""

    def __init__(self, language: str, *, plain: bool = False) -> None:
        self.language = language
        self.plain = plain
        self._words: dict[str, int] = {}
        self._stems: dict[str, int] = {}
        self._known: dict[tuple[str, str], tuple[int, ...]] = {}
        self.compiled: dict[str, list[tuple[int, ...]]] = {}  # written words and @sets, once compiled
        self._size = 0

    def add_word(self, word: str) -> int:
        """The symbol of a lemma or form."""
        return self._add(self._words, word)

    def add_stem(self, stem: str) -> int:
        """The symbol of all words that begin with the stem."""
        return self._add(self._stems, stem)

    def _add(self, table: dict[str, int], key: str) -> int:
        key = strip_diacritics(key) if self.plain else key
        if key not in table:
            table[key] = self._size
            self._size += 1
        return table[key]

    def symbols(self, form: str, lemma: str) -> tuple[int, ...]:
        """Symbols of a token: of its lemma, its lower-case form, and of every stem that it begins with."""
        key = (form, lemma)
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 500_000:  # as many word types as `languages` keeps
                self._known.clear()
            found = self._known[key] = self._find(form, lemma)
        return found

    def _find(self, form: str, lemma: str) -> tuple[int, ...]:
        if self.plain:
            form, lemma = strip_diacritics(form), strip_diacritics(lemma)
        found = set()
        for word in {form, lemma}:
            if word in self._words:
                found.add(self._words[word])
            for length in range(1, len(word) + 1):
                if word[:length] in self._stems:
                    found.add(self._stems[word[:length]])
        return tuple(sorted(found))


def compile_term(term: str, codebook: Codebook, vocabulary: Vocabulary, place: str) -> Pattern:
    """The pattern of one term.

    Raises:
        CodebookError: the term breaks the syntax or calls an unknown set; the message names `place`.
    """
    pieces = _JOIN.split(term.strip())
    head = compile_phrase(pieces[0], codebook, vocabulary, place)
    others = []
    for limit, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        wanted = not piece.startswith("!")
        phrase = compile_phrase(piece.removeprefix("!").strip(), codebook, vocabulary, place)
        default = SET_REACH if piece.startswith("@") else NO_LIMIT
        others.append((phrase, int(limit) if limit else default, wanted))
    return Pattern(term=term, head=head, others=tuple(others))


def compile_phrase(text: str, codebook: Codebook, vocabulary: Vocabulary, place: str) -> Phrase:
    """The phrase written as `brak/niedobór … kadr*`; raises like `compile_term`."""
    elements: list[Element] = []
    gap = 0
    for word in text.split():
        if word.startswith("…"):
            gap = int(word[1:]) if word[1:].isdigit() else DEFAULT_GAP
            continue
        alternatives: list[tuple[int, ...]] = []
        for option in word.split("/"):
            if option and option not in vocabulary.compiled:
                vocabulary.compiled[option] = (
                    _members(option[1:], codebook, vocabulary, place)
                    if option.startswith("@")
                    else [_symbols(option, vocabulary)]
                )
            alternatives += vocabulary.compiled.get(option, ())
        if not alternatives:
            raise CodebookError(f"{place}: {text!r}: an empty alternative. Write a/b.")
        elements.append(Element(gap, tuple(dict.fromkeys(alternatives))))
        gap = 0
    if not elements or gap:
        raise CodebookError(f"{place}: {text!r}: a term needs a word at its start and end.")
    sizes = [len(element.alternatives) for element in elements]
    # of equals the longest word: short words are common ones
    words = [word for word in text.split() if not word.startswith("…")]
    anchor = min(range(len(elements)), key=lambda index: (sizes[index], -len(words[index]), index))
    return Phrase(tuple(elements), anchor)


def _members(name: str, codebook: Codebook, vocabulary: Vocabulary, place: str) -> list[tuple[int, ...]]:
    """The runs of symbols of a set's members; members with gaps, conditions or sets inside are left out."""
    frame = codebook.frames.get(name, {}).get(vocabulary.language)
    if frame is None:
        raise CodebookError(f"{place}: @{name}: no such set for {vocabulary.language}. Add it to the sets.")
    runs = []
    for term in (*frame.strong, *frame.usual):
        if term.startswith("@") and " " not in term:
            runs += _members(term[1:], codebook, vocabulary, place)
        if any(mark in term for mark in ("…", " &", "@")):
            continue
        options = [word.split("/") for word in term.split()]
        if len(options) == 1:
            runs += [_symbols(option, vocabulary) for option in options[0]]
        elif all(len(option) == 1 for option in options):
            runs.append(tuple(symbol for option in options for symbol in _symbols(option[0], vocabulary)))
    return runs


def _symbols(option: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    """Symbols of one written word; a hyphenated one is a run of several. The star belongs to the last part.

    `=form` is matched as it is written (lower case), not by its lemma.
    """
    if option.startswith("="):
        return (vocabulary.add_word(option[1:].lower()),)
    if _SHORT_FORM.fullmatch(option):  # the tokeniser keeps these whole, but only in capitals
        return (vocabulary.add_word(option.lower()),)
    starred = option.endswith("*")
    tokens = analyse(option.rstrip("*"), vocabulary.language)
    run = []
    for index, (lemma, (start, end)) in enumerate(zip(tokens.lemmas, tokens.offsets, strict=True)):
        if lemma in HYPHENS:
            continue
        if starred and index == len(tokens.lemmas) - 1:
            run.append(vocabulary.add_stem(option[start:end].lower()))
        else:
            form = option[start:end].lower()
            # short words have lemmas that many forms share (`ai` -> `be`)
            run.append(vocabulary.add_word(form if len(form) <= SHORT_WORD else lemma))
    return tuple(run)

"""Seeds: the words of a codebook that pull an anchor topic towards a family or a code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from textmine.codebook import Code, Codebook, Terms
from textmine.languages import LANGUAGES, lemma
from textmine.topics.vocabulary import PHRASE_MARK, Vocabulary

__all__ = ["DEFAULT_SEEDS", "Anchor", "anchor_name", "make_anchors"]

#: One anchor a family.
DEFAULT_SEEDS = ("cluster.*", "barrier.*", "priority.*", "instrument.*", "integration.*")
#: Seed words kept for an anchor and language, the weightiest first.
MAX_SEEDS = 40
#: How much a word of a term counts by the term's strength; a word of the code's frame counts like a usual one.
_STRENGTH_WEIGHT = {"strong": 2.0, "usual": 1.0, "weak": 0.5}
#: Shorter stems of `stem*` would match too much.
_MIN_STEM = 4

_OPERATOR = re.compile(r"…\d*$|&\d*$|!.*$|^[\d\W]+$")


@dataclass(frozen=True)
class Anchor:
    """An anchor topic: its name (`barrier` or `priority.ict`), its codes, and per language (n_terms,) seed weights."""

    name: str
    codes: tuple[str, ...]
    weights: Mapping[str, np.ndarray]


def anchor_name(pattern: str) -> str:
    """`barrier` for `barrier.*`, else the pattern itself."""
    return pattern.removesuffix(".*")


def make_anchors(
    codebook: Codebook, vocabularies: Mapping[str, Vocabulary], patterns: Sequence[str] = DEFAULT_SEEDS
) -> list[Anchor]:
    """One anchor for each pattern of codes; patterns that match no code of the codebook give none.

    A seed word weighs by how many terms of the anchor hold it and how few of the other anchors do.
    """
    grouped = {
        pattern: [code for code in codebook.codes if fnmatchcase(code.code, pattern)]
        for pattern in dict.fromkeys(patterns)
    }
    grouped = {pattern: codes for pattern, codes in grouped.items() if codes}
    weights: dict[str, dict[str, np.ndarray]] = {pattern: {} for pattern in grouped}
    for language in LANGUAGES:
        finder = _TermFinder(vocabularies[language])
        raw = np.array([_code_words(codebook, codes, language, finder) for codes in grouped.values()])
        if not len(raw):
            continue
        share = raw / np.maximum(raw.sum(axis=0, keepdims=True), 1e-9)
        scores = np.log1p(raw) * share
        for pattern, row in zip(grouped, scores, strict=True):
            cut = np.sort(row)[-MAX_SEEDS] if len(row) > MAX_SEEDS else 0.0
            weights[pattern][language] = np.where(row >= max(cut, 1e-9), row, 0.0)
    return [
        Anchor(anchor_name(pattern), tuple(code.code for code in codes), weights[pattern])
        for pattern, codes in grouped.items()
    ]


class _TermFinder:
    """Which terms of a vocabulary a word of the codebook means: `stem*` by beginning, else by lemma."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.language = vocabulary.language
        self.terms = vocabulary.terms
        self.column = {term: i for i, term in enumerate(vocabulary.terms)}

    def find(self, word: str) -> list[int]:
        """Columns of single-word terms, ascending."""
        word = word.strip("=").casefold()
        if not word.endswith("*"):
            found = {self.column.get(word), self.column.get(lemma(word, self.language))}
            return sorted(column for column in found if column is not None)
        stem = word[:-1]
        if len(stem) < _MIN_STEM:
            return []
        return [i for i, term in enumerate(self.terms) if term.startswith(stem) and PHRASE_MARK not in term]


def _code_words(codebook: Codebook, codes: Iterable[Code], language: str, finder: _TermFinder) -> np.ndarray:
    """(n_terms,) weights of the vocabulary's terms in the codes' terms and frames."""
    totals = np.zeros(len(finder.terms))
    frames = set()
    for code in codes:
        totals += _terms_weights(codebook, code.terms(language), language, finder)
        frames.add(code.frame)
    for name in sorted(frames - {""}):
        totals += _terms_weights(codebook, codebook.frames[name][language], language, finder)
    return totals


def _terms_weights(codebook: Codebook, terms: Terms, language: str, finder: _TermFinder) -> np.ndarray:
    totals = np.zeros(len(finder.terms))
    for strength, weight in _STRENGTH_WEIGHT.items():
        for term in getattr(terms, strength):
            for column, share in _pattern_columns(codebook, term, language, finder).items():
                totals[column] += weight * share
    return totals


def _pattern_columns(codebook: Codebook, term: str, language: str, finder: _TermFinder) -> dict[int, float]:
    """Column -> share of the term that it stands for; a set (`@lack`) is taken when it stands alone."""
    places = [place for place in term.split() if not _OPERATOR.search(place)]
    columns: dict[int, float] = defaultdict(float)
    for place in places:
        for word in place.split("/"):
            if word.startswith("@"):
                frame = codebook.frames.get(word[1:], {}).get(language)
                if frame is not None and len(places) == 1:
                    for member in np.flatnonzero(_terms_weights(codebook, frame, language, finder)):
                        columns[int(member)] += 1.0
                continue
            for column in finder.find(word):
                columns[column] += 1.0 / len(places)
    return columns

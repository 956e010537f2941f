"""Units and vocabulary: what a topic model counts. Blocks become units of 30 to 120 words, lemmas and phrases terms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy import sparse

from textmine.languages import stop_words

__all__ = [
    "MIN_UNIT_WORDS",
    "PHRASE_MARK",
    "Unit",
    "Vocabulary",
    "build_vocabulary",
    "content_lemmas",
    "count_terms",
    "make_units",
    "mask_names",
    "mask_units",
]

#: Blocks of one section are joined until a unit has this many words …
MIN_UNIT_WORDS = 30
#: … and a unit takes no further block beyond this many.
MAX_UNIT_WORDS = 120
#: Joins the lemmas of a phrase inside a term: `kluczowy_klaster`.
PHRASE_MARK = "_"

_WORD = re.compile(r"[^\W\d_][^\W\d_&+]*$")


@dataclass(frozen=True, slots=True)
class Unit:
    """Neighbouring blocks of one document, section and language that are modelled as one text."""

    document_id: str
    block_ids: tuple[str, ...]
    language: str
    n_words: int
    lemmas: tuple[str, ...]


@dataclass(frozen=True)
class Vocabulary:
    """The terms of one language.

    `terms` are lemmas and phrases in alphabetical order, `idf[i]` is the smoothed inverse unit frequency of
    `terms[i]`, 1 + ln((1 + n_units) / (1 + n_units with the term)), `phrases` the two-word terms among them.
    """

    language: str
    terms: tuple[str, ...]
    idf: np.ndarray
    n_units: int

    @property
    def phrases(self) -> frozenset[tuple[str, str]]:
        """Pairs of lemmas that make one term."""
        pairs = (term.split(PHRASE_MARK) for term in self.terms if PHRASE_MARK in term)
        return frozenset((pair[0], pair[1]) for pair in pairs)


def make_units(blocks: pl.DataFrame) -> list[Unit]:
    """Units of a frame of blocks (see `store.blocks_frame`), by document and language, then in reading order.

    A unit never crosses a document or a language; blocks of another language in between do not end it. It ends at a
    new outermost section once it has MIN_UNIT_WORDS, so that headings go with what they head; what is left over below
    that goes to the unit before. A long block is whole.
    """
    columns = ("block_id", "document_id", "section", "language", "n_words", "lemmas")
    runs: dict[tuple[str, str], list[_Row]] = {}
    for values in blocks.select(columns).iter_rows():
        row = _Row(*values)
        runs.setdefault((row.document_id, row.language), []).append(row)
    return [_join_rows(rows) for run in runs.values() for rows in _cut_run(run)]


class _Row(NamedTuple):
    block_id: str
    document_id: str
    section: str
    language: str
    n_words: int
    lemmas: str | None


def _cut_run(run: Sequence[_Row]) -> list[list[_Row]]:
    """Neighbouring blocks of one document and language, cut into units."""
    pieces: list[list[_Row]] = [[]]
    n_open = 0
    for row in run:
        is_new_section = pieces[-1] and _outermost(row) != _outermost(pieces[-1][-1])
        if n_open >= MIN_UNIT_WORDS and (is_new_section or n_open + row.n_words > MAX_UNIT_WORDS):
            pieces.append([])
            n_open = 0
        pieces[-1].append(row)
        n_open += row.n_words
    if len(pieces) > 1 and n_open < MIN_UNIT_WORDS:
        last = pieces.pop()
        pieces[-1] += last
    return pieces


def _outermost(row: _Row) -> str:
    return row.section.partition(" > ")[0]


def _join_rows(rows: Sequence[_Row]) -> Unit:
    return Unit(
        document_id=rows[0].document_id,
        block_ids=tuple(row.block_id for row in rows),
        language=rows[0].language,
        n_words=sum(row.n_words for row in rows),
        lemmas=tuple(lemma for row in rows for lemma in (row.lemmas or "").split()),
    )


def mask_names(lemmas: Sequence[str], names: Mapping[str, Sequence[tuple[str, ...]]]) -> list[str]:
    """The lemmas without names; a name is a sequence of lemmas, found under its first one, the longest first."""
    kept: list[str] = []
    at = 0
    while at < len(lemmas):
        for name in names.get(lemmas[at], ()):
            if tuple(lemmas[at : at + len(name)]) == name:
                at += len(name)
                kept.append("")  # nothing may become a phrase across the gap
                break
        else:
            kept.append(lemmas[at])
            at += 1
    return kept


def mask_units(units: Iterable[Unit], names: Mapping[str, Sequence[tuple[str, ...]]]) -> list[Unit]:
    """The units without the names; see `mask_names`."""
    return [replace(unit, lemmas=tuple(mask_names(unit.lemmas, names))) for unit in units]


def index_names(names: Iterable[tuple[str, ...]]) -> dict[str, list[tuple[str, ...]]]:
    """Names under their first lemma, the longest first, for `mask_names`."""
    indexed: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        if name:
            indexed[name[0]].append(name)
    return dict(indexed)


def build_vocabulary(
    units: Sequence[Unit],
    language: str,
    *,
    min_units: int = 3,
    min_documents: int = 2,
    max_share: float = 0.9,
    max_terms: int = 4000,
    with_phrases: bool = True,
) -> Vocabulary:
    """The vocabulary of the units of one language.

    Args:
        units: of both languages; the others are left out. An empty lemma marks a gap.
        min_units: a term stands in at least so many units …
        min_documents: … and documents (in one, if there is but one document).
        max_share: and in at most this share of units.
        max_terms: of more, the most frequent are kept.
        with_phrases: whether pairs that stand together more often than by chance become terms (gensim Phrases, NPMI).
    """
    own = [unit for unit in units if unit.language == language]
    texts = [content_lemmas(unit.lemmas, language) for unit in own]
    phrases = _find_phrases(texts) if with_phrases else frozenset()
    in_units: Counter[str] = Counter()
    in_documents: dict[str, set[str]] = defaultdict(set)
    for unit, text in zip(own, texts, strict=True):
        for term in set(_terms(text, phrases)):
            in_units[term] += 1
            in_documents[term].add(unit.document_id)
    n_documents = len({unit.document_id for unit in own})
    min_documents = min(min_documents, n_documents)
    kept = [
        term
        for term, n in in_units.items()
        if n >= min_units and n <= max(max_share * len(own), min_units) and len(in_documents[term]) >= min_documents
    ]
    kept = sorted(sorted(kept, key=lambda term: (-in_units[term], term))[:max_terms])
    frequency = np.array([in_units[term] for term in kept], dtype=np.float64)
    idf = 1 + np.log((1 + len(own)) / (1 + frequency))
    return Vocabulary(language=language, terms=tuple(kept), idf=idf, n_units=len(own))


def count_terms(units: Sequence[Unit], vocabulary: Vocabulary) -> sparse.csr_matrix:
    """(n_units, n_terms) counts of the terms; rows of units in another language are empty."""
    column = {term: i for i, term in enumerate(vocabulary.terms)}
    phrases = vocabulary.phrases
    indptr, indices, data = [0], [], []
    for unit in units:
        if unit.language == vocabulary.language:
            counts = Counter(
                column[term] for term in _terms(content_lemmas(unit.lemmas, unit.language), phrases) if term in column
            )
            indices += list(counts)
            data += list(counts.values())
        indptr.append(len(indices))
    shape = (len(units), len(vocabulary.terms))
    matrix = sparse.csr_matrix((np.array(data, dtype=np.float64), indices, indptr), shape=shape)
    matrix.sort_indices()
    return matrix


def content_lemmas(lemmas: Sequence[str], language: str) -> list[str]:
    """The lemmas with stop words, numbers and single letters replaced by gaps."""
    stops = stop_words(language)
    return [lemma if len(lemma) > 2 and lemma not in stops and _WORD.match(lemma) else "" for lemma in lemmas]


def _find_phrases(texts: Sequence[Sequence[str]]) -> frozenset[tuple[str, str]]:
    from gensim.models.phrases import Phrases  # takes a second to load

    runs = [run for text in texts for run in _runs(text)]
    if not runs:
        return frozenset()
    found = Phrases(runs, min_count=5, threshold=0.45, scoring="npmi", delimiter=PHRASE_MARK)
    pairs = (phrase.split(PHRASE_MARK) for phrase in found.export_phrases())
    return frozenset((pair[0], pair[1]) for pair in pairs if len(pair) == 2)


def _runs(text: Sequence[str]) -> Iterable[list[str]]:
    run: list[str] = []
    for lemma in text:
        if lemma:
            run.append(lemma)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _terms(text: Sequence[str], phrases: frozenset[tuple[str, str]]) -> list[str]:
    """Lemmas and, beside them, the phrases that they make: a phrase does not take its words away."""
    words = [lemma for lemma in text if lemma]
    pairs = [PHRASE_MARK.join(pair) for pair in pairwise(text) if pair in phrases]
    return words + pairs

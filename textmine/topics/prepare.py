"""From blocks to what a fit works on: units, vocabularies, shared concepts, anchors, meanings, and their matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from textmine.codebook import Codebook
from textmine.errors import DataError
from textmine.languages import LANGUAGES
from textmine.topics.align import Concepts, align_vocabularies, balance_languages
from textmine.topics.factors import anchor_rows, code_matrix, concept_matrix, term_matrix
from textmine.topics.meaning import Meaning, fit_meaning
from textmine.topics.model import count_codes
from textmine.topics.repeats import Repeats, find_repeats
from textmine.topics.seeds import DEFAULT_SEEDS, Anchor, make_anchors
from textmine.topics.vocabulary import (
    Unit,
    Vocabulary,
    build_vocabulary,
    count_terms,
    index_names,
    make_units,
    mask_units,
)

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True)
class Prepared:
    """What all fits on one corpus share; see `prepare`.

    `fitted` is (n_units,) bool: false for a unit that mostly copies another document. It has its weights and its share,
    but topics are not made of it. `n_boilerplate` blocks were left out altogether.
    """

    units: tuple[Unit, ...]
    vocabularies: Mapping[str, Vocabulary]
    counts: Mapping[str, sparse.csr_matrix]
    terms: Mapping[str, sparse.csr_matrix]
    concepts: Concepts
    anchors: tuple[Anchor, ...]
    names: Mapping[str, Sequence[tuple[str, ...]]]
    matrix: sparse.csr_matrix
    seeds: np.ndarray
    code_rows: sparse.csr_matrix | None
    meaning: Meaning
    meaning_rows: np.ndarray
    fitted: np.ndarray
    n_boilerplate: int


def prepare(
    blocks: pl.DataFrame,
    *,
    codebook: Codebook,
    mentions: pl.DataFrame | None = None,
    seed_codes: Sequence[str] = DEFAULT_SEEDS,
    names: Iterable[tuple[str, ...]] = (),
    keep_repeats: bool = False,
) -> Prepared:
    """Units, vocabularies, concepts and the matrix of a corpus, which do not hang on the number of topics.

    Args:
        blocks: `block_id, document_id, section, language, n_words, lemmas` in reading order, as the store gives them.
        mentions: `block_id, code, negated, score`; with them codes help to say how much of an anchor a text holds.
        seed_codes: a pattern of codes for each anchor; empty for a model without anchors.
        names: sequences of lemmas that are masked (regions, clusters), so that topics are not places.
        keep_repeats: whether text that several documents share counts each time (see `repeats`).
    Raises:
        DataError: the corpus is too small for a vocabulary.
    """
    indexed = index_names(names)
    blocks = blocks.filter(pl.col("language").is_in(LANGUAGES))
    repeats = Repeats(frozenset(), frozenset()) if keep_repeats else find_repeats(blocks)
    words_of = dict(blocks.select("block_id", "n_words").iter_rows())
    units = make_units(blocks.filter(~pl.col("block_id").is_in(sorted(repeats.boilerplate))))
    masked = mask_units(units, indexed)
    vocabularies = {language: build_vocabulary(masked, language) for language in LANGUAGES}
    counts = {language: count_terms(masked, vocabulary) for language, vocabulary in vocabularies.items()}
    terms = {language: term_matrix(counts[language], vocabularies[language]) for language in LANGUAGES}
    concepts = align_vocabularies(vocabularies["pl"], vocabularies["en"])
    if not concepts.concepts:
        raise DataError(
            f"too little text for topics: the {len(units)} units of text have no words that translate each other. "
            "Ingest more documents, at least a few in each language."
        )
    concepts = _balance(concepts, terms, units)
    meaning = fit_meaning(masked, vocabularies)
    anchors = tuple(make_anchors(codebook, vocabularies, seed_codes))
    return Prepared(
        units=tuple(units),
        vocabularies=vocabularies,
        counts=counts,
        terms=terms,
        concepts=concepts,
        anchors=anchors,
        names=indexed,
        matrix=concept_matrix(terms, concepts),
        seeds=anchor_rows(anchors, concepts),
        code_rows=None
        if mentions is None
        else code_matrix(units, count_codes(mentions), [anchor.codes for anchor in anchors]),
        meaning=meaning,
        meaning_rows=meaning.rows(masked, vocabularies),
        fitted=np.array([not _is_copy(unit, repeats.copies, words_of) for unit in units], dtype=bool),
        n_boilerplate=len(repeats.boilerplate),
    )


def _balance(concepts: Concepts, terms: Mapping[str, sparse.csr_matrix], units: Sequence[Unit]) -> Concepts:
    """The concepts with as much say in one language as in the other, if there is text of both."""
    matrix = concept_matrix(terms, concepts)
    languages = np.array([unit.language for unit in units])
    means = {
        language: np.asarray(matrix[languages == language].mean(axis=0)).ravel()
        for language in LANGUAGES
        if (languages == language).any()
    }
    return balance_languages(concepts, means) if len(means) == len(LANGUAGES) else concepts


def _is_copy(unit: Unit, copies: frozenset[str], words_of: Mapping[str, int]) -> bool:
    copied = sum(words_of[block_id] for block_id in unit.block_ids if block_id in copies)
    return copied > unit.n_words / 2

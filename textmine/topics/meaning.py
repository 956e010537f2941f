"""Meaning of whole units: one vector a unit, alike for a text and its translation, also for words no model has seen.

A unit's vector is the mean of the encoder's vectors of its content words, each word encoded once; frequent words count
less (SIF, Arora, Liang & Ma 2017). What the words of a language have in common is taken off, so that the language
itself does not show: the mean of its side of the table of translations, since the corpus may speak of other things in
the one language than in the other. On 1,000 parallel sentences such vectors find the other side nearly as well as
encoded sentences do, at a hundredth of the cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from textmine.languages import LANGUAGES
from textmine.languages.vectors import DIMENSIONS
from textmine.topics.align import load_pairs, term_vectors
from textmine.topics.vocabulary import Unit, Vocabulary, content_lemmas

__all__ = ["Meaning", "fit_meaning", "topic_meanings"]

#: Frequency at which a word counts half (SIF's usual constant).
HALF_FREQUENCY = 1e-3


@dataclass(frozen=True)
class Meaning:
    """What is taken off before vectors are compared: (512,) mean of words by language, and of all units."""

    of_words: Mapping[str, np.ndarray]
    of_units: np.ndarray

    def rows(self, units: Sequence[Unit], vocabularies: Mapping[str, Vocabulary]) -> np.ndarray:
        """(n_units, 512) rows of length 1; 0 for a unit without a content word."""
        raw = _word_means(units, vocabularies, self.of_words)
        has_words = np.linalg.norm(raw, axis=1, keepdims=True) > 0
        return np.asarray(normalize(raw - self.of_units) * has_words) if len(units) else raw


def fit_meaning(units: Sequence[Unit], vocabularies: Mapping[str, Vocabulary]) -> Meaning:
    """The means of a corpus; its languages have equal say in the mean of units."""
    sides = dict(zip(LANGUAGES, zip(*load_pairs(), strict=True), strict=True))
    of_words = {language: term_vectors(sides[language]).mean(axis=0) for language in LANGUAGES}
    raw = _word_means(units, vocabularies, of_words)
    languages = np.array([unit.language for unit in units])
    means = [raw[languages == language].mean(axis=0) for language in LANGUAGES if (languages == language).any()]
    return Meaning(of_words=of_words, of_units=np.mean(means, axis=0) if means else np.zeros(DIMENSIONS))


def topic_meanings(weights: np.ndarray, rows: np.ndarray, languages: Sequence[str]) -> np.ndarray:
    """(n_topics, 512) rows of length 1: the mean vector of each topic's text, both languages with equal say.

    Args:
        weights: (n_units, n_topics).
        rows: (n_units, 512), see `Meaning.rows`.
        languages: (n_units,).
    """
    owner = np.asarray(languages)
    sides = [normalize(weights[owner == language].T @ rows[owner == language]) for language in dict.fromkeys(languages)]
    return np.asarray(normalize(np.sum(sides, axis=0)))


def _word_means(
    units: Sequence[Unit], vocabularies: Mapping[str, Vocabulary], of_words: Mapping[str, np.ndarray]
) -> np.ndarray:
    """(n_units, 512) weighted means of word vectors, rows of length 1 or 0."""
    means = np.zeros((len(units), DIMENSIONS))
    for language, vocabulary in vocabularies.items():
        own = [row for row, unit in enumerate(units) if unit.language == language]
        texts = [[word for word in content_lemmas(units[row].lemmas, language) if word] for row in own]
        words = sorted({word for text in texts for word in text})
        if not words:
            continue
        column = {word: i for i, word in enumerate(words)}
        indices = [column[word] for text in texts for word in text]
        indptr = np.cumsum([0, *(len(text) for text in texts)])
        counts = sparse.csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(own), len(words)))
        weights = _word_weights(words, vocabulary)
        means[own] = counts @ ((term_vectors(words) - of_words[language]) * weights[:, None])
    return np.asarray(normalize(means)) if len(units) else means


def _word_weights(words: Sequence[str], vocabulary: Vocabulary) -> np.ndarray:
    """(n_words,) 1 for a word that the vocabulary does not know, less the more units hold it."""
    in_units = (1 + vocabulary.n_units) * np.exp(1 - vocabulary.idf) - 1
    total = max(float(in_units.sum()), 1.0)
    frequency = dict(zip(vocabulary.terms, in_units / total, strict=True))
    return np.array([HALF_FREQUENCY / (HALF_FREQUENCY + frequency.get(word, 0.0)) for word in words])

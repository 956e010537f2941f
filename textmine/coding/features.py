"""What a model sees of a sentence: its words and letters, what the keyword pass saw, and meaning across languages.

Meaning comes from a table of word vectors that is made once, at fitting, from the cross-lingual encoder: no encoder
runs when sentences are coded. A word outside the table still counts by its letters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import numpy as np
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfTransformer, TfidfVectorizer

from textmine.coding.keywords import Evidence

__all__ = ["SentenceFeatures", "signals"]

#: Word vectors keep this many dimensions of the encoder's 512 (128 lose about two points of retrieval).
N_DIMENSIONS = 128
N_CONCEPTS = 1000
#: Concepts a word belongs to at most, and the cosine from which it does.
CONCEPTS_PER_WORD = 3
MIN_COSINE = 0.4
#: Weight of frequent words in the mean of word vectors: a / (a + share), Arora et al. 2017.
SIF_A = 1e-3
MAX_CHARACTER_FEATURES = 60_000
#: Word types whose letter columns are kept: about 40 MB.
MAX_KEPT_WORDS = 50_000
#: Rows of the word table made at a time: its matrix of all cosines would take 60 MB and its sorting 200 MB more.
TABLE_ROWS = 1024


def signals(evidence: Evidence) -> dict[str, float]:
    """What the keyword pass saw, by name: best score of each code, denials, roles of the terms hit, frames."""
    seen: dict[str, float] = {}
    for candidate in evidence.candidates:
        if candidate.negated:
            seen[f"denied {candidate.code}"] = 1.0
            continue
        key = f"score {candidate.code}"
        seen[key] = max(seen.get(key, 0.0), candidate.score)
        if candidate.score >= 0.5:
            seen[f"coded {candidate.code}"] = 1.0
    for hit in evidence.hits:
        seen[f"hit {hit.owner} {hit.role}"] = 1.0
    for frame in evidence.frames:
        seen[f"frame {frame}"] = 1.0
    return seen


@dataclass(frozen=True, slots=True)
class _Words:
    """The table of word vectors: (n_words, 128) float32 and, per word, concepts with their cosines."""

    place: dict[str, int]
    vectors: np.ndarray
    concepts: sparse.csr_matrix


class SentenceFeatures:
    """Sentences as rows of numbers; `fit` learns vocabularies and the word table, `transform` gives the rows.

    Both take the evidence of the keyword pass (`KeywordCoder.evidence`), which holds text, tokens and lemmas.
    """

    _letter_columns: _LetterColumns | None = None

    def fit(self, rows: Sequence[Evidence], *, random_state: int) -> Self:
        """Learn from training sentences; needs the encoder, once for each word."""
        from textmine.languages.vectors import encode

        counts = Counter(word for row in rows for word in _content(row))
        vocabulary = sorted(counts)
        total = sum(counts.values())
        encoded = encode(vocabulary).astype(np.float64)
        centred = encoded - encoded.mean(axis=0)
        svd = TruncatedSVD(min(N_DIMENSIONS, len(vocabulary) - 1), random_state=random_state).fit(centred)
        vectors = (centred @ svd.components_.T).astype(np.float16)
        units = _unit_rows(vectors.astype(np.float64))
        n_concepts = min(N_CONCEPTS, len(vocabulary))
        centres = MiniBatchKMeans(n_concepts, random_state=random_state, n_init=1, batch_size=4096).fit(units)
        self.vocabulary_ = vocabulary
        self.vectors_ = vectors
        self.centres_ = _unit_rows(centres.cluster_centers_).astype(np.float16)
        shares = np.array([counts[word] / total for word in vocabulary])
        self.weights_ = (SIF_A / (SIF_A + shares)).astype(np.float32)
        self._words = _word_table(self.vocabulary_, self.vectors_, self.centres_)
        self.terms_ = _terms().fit(map(_lemma_line, rows))
        self.letters_ = _letters().fit(row.view.text for row in rows)
        self.signals_ = DictVectorizer(dtype=np.float32).fit(signals(row) for row in rows)
        self.concept_weights_ = TfidfTransformer(sublinear_tf=True).fit(self._concept_counts(rows)[0])
        return self

    def transform(self, rows: Sequence[Evidence]) -> sparse.csr_matrix:
        """(n_rows, n_features) float32: mean vector, concepts, lemmas and their pairs, letters, keyword signals."""
        concepts, means = self._concept_counts(rows)
        parts = [
            sparse.csr_matrix(means),
            self.concept_weights_.transform(concepts),
            self.terms_.transform(map(_lemma_line, rows)),
            self._letter_weights(rows),
            self.signals_.transform(signals(row) for row in rows),
        ]
        return sparse.hstack(parts, format="csr", dtype=np.float32)

    def term_columns(self) -> tuple[int, np.ndarray]:
        """Where the lemma columns begin, and the lemma or pair of each (with its language before it)."""
        return self.vectors_.shape[1] + self.centres_.shape[0], self.terms_.get_feature_names_out()

    def state(self) -> dict[str, Any]:
        """All that was learnt, as arrays and texts with one entry a line."""
        return {
            "vocabulary": "\n".join(self.vocabulary_),
            "vectors": self.vectors_,
            "centres": self.centres_,
            "weights": self.weights_,
            "terms": "\n".join(self.terms_.get_feature_names_out()),
            "terms_idf": self.terms_.idf_.astype(np.float32),
            "letters": "\n".join(self.letters_.get_feature_names_out()),
            "letters_idf": self.letters_.idf_.astype(np.float32),
            "signals": "\n".join(self.signals_.get_feature_names_out()),
            "concepts_idf": self.concept_weights_.idf_.astype(np.float32),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """The features from what `state` gave."""
        made = cls()
        made.vocabulary_ = state["vocabulary"].split("\n")
        made.vectors_, made.centres_, made.weights_ = state["vectors"], state["centres"], state["weights"]
        made._words = _word_table(made.vocabulary_, made.vectors_, made.centres_)
        made.terms_ = _terms(_places(state["terms"]))
        made.terms_.idf_ = state["terms_idf"]
        made.letters_ = _letters(_places(state["letters"]))
        made.letters_.idf_ = state["letters_idf"]
        made.signals_ = DictVectorizer(dtype=np.float32).fit([_places(state["signals"])])
        made.concept_weights_ = TfidfTransformer(sublinear_tf=True)
        made.concept_weights_.idf_ = state["concepts_idf"]
        return made

    def _letter_weights(self, rows: Sequence[Evidence]) -> sparse.csr_matrix:
        """What `letters_.transform` gives of the texts, to the bit: a run of letters stays in its word, so that the

        columns of a word type are found once and kept.
        """
        if self._letter_columns is None:
            self._letter_columns = _LetterColumns(self.letters_)
        found = self._letter_columns
        columns: list[int] = []
        counts: list[int] = []
        ends = [0]
        for row in rows:
            counted = Counter(chain.from_iterable([found[word] for word in row.view.text.lower().split()]))
            places = sorted(counted)
            columns += places
            counts += [counted[place] for place in places]
            ends.append(len(columns))
        cells = (np.array(counts, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int32))
        matrix = sparse.csr_matrix(cells, shape=(len(rows), len(self.letters_.vocabulary_)))
        return self.letters_._tfidf.transform(matrix, copy=False)

    def _concept_counts(self, rows: Sequence[Evidence]) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Concepts of the words of each row, (n, n_concepts), and the weighted mean vectors, (n, 128) unit rows."""
        return self.meaning([list(_content(row)) for row in rows])

    def meaning(self, words: Sequence[Sequence[str]]) -> tuple[sparse.csr_matrix, np.ndarray]:
        """Concepts of the lemmas of each text, (n, n_concepts), and the weighted mean vectors, (n, 128) unit rows."""
        place = self._words.place
        found = [[place[word] for word in own if word in place] for own in words]
        ends = np.cumsum([0, *map(len, found)])
        columns = np.fromiter((word for words in found for word in words), dtype=np.int64, count=int(ends[-1]))
        shape = (len(words), len(place))
        present = sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=shape)
        weighted = sparse.csr_matrix((self.weights_[columns], columns, ends), shape=shape)
        means = _unit_rows(weighted @ self._words.vectors)
        return present @ self._words.concepts, means.astype(np.float32)


class _LetterColumns(dict[str, list[int]]):
    """Word -> columns of its letter runs, one entry an occurrence; filled on demand."""

    def __init__(self, letters: TfidfVectorizer) -> None:
        super().__init__()
        self._runs, self._places = letters.build_analyzer(), letters.vocabulary_

    def __missing__(self, word: str) -> list[int]:
        if len(self) >= MAX_KEPT_WORDS:
            self.clear()
        found = self[word] = [self._places[run] for run in self._runs(word) if run in self._places]
        return found


def _terms(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        token_pattern=r"\S+",
        lowercase=False,
        ngram_range=(1, 2),
        min_df=2 if vocabulary is None else 1,
        sublinear_tf=True,
        dtype=np.float32,
        vocabulary=vocabulary,
    )


def _letters(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(3, 5),
        min_df=3 if vocabulary is None else 1,
        sublinear_tf=True,
        max_features=MAX_CHARACTER_FEATURES if vocabulary is None else None,
        dtype=np.float32,
        vocabulary=vocabulary,
    )


def _places(lines: str) -> dict[str, int]:
    return {line: place for place, line in enumerate(lines.split("\n"))}


def _word_table(vocabulary: Sequence[str], vectors: np.ndarray, centres: np.ndarray) -> _Words:
    exact = vectors.astype(np.float32)
    units, directions = _unit_rows(exact), centres.astype(np.float32).T
    n_kept = min(CONCEPTS_PER_WORD, centres.shape[0])
    nearest = [
        _nearest(units[first : first + TABLE_ROWS] @ directions, n_kept) for first in range(0, len(units), TABLE_ROWS)
    ]
    best = np.concatenate([places for places, _ in nearest])
    values = np.concatenate([cosines for _, cosines in nearest])
    values[values < MIN_COSINE] = 0
    rows = np.repeat(np.arange(len(vocabulary)), n_kept)
    shape = (len(vocabulary), centres.shape[0])
    concepts = sparse.csr_matrix((values.ravel(), (rows, best.ravel())), shape=shape, dtype=np.float32)
    concepts.eliminate_zeros()
    return _Words({word: index for index, word in enumerate(vocabulary)}, exact, concepts)


def _nearest(cosines: np.ndarray, n_kept: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns and values of the largest cosines of each row, largest first, of equals the first column."""
    best = np.argsort(-cosines, axis=1, kind="stable")[:, :n_kept]
    return best, np.take_along_axis(cosines, best, axis=1)


def _unit_rows(rows: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1))


def _content(row: Evidence) -> Iterable[str]:
    return (lemma for lemma in row.view.lemmas if any(letter.isalpha() for letter in lemma))


def _lemma_line(row: Evidence) -> str:
    """The lemmas with their language before them, so that Polish and English words of one spelling stay apart."""
    language = row.view.language
    return " ".join(f"{language}:{lemma}" for lemma in row.view.lemmas)

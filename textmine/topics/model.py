"""A fitted model: its topics, the weights of its own units, and the weights of other documents without a new fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from textmine.topics.align import Concepts
from textmine.topics.factors import Factors, code_matrix, concept_matrix, infer_weights, term_matrix
from textmine.topics.meaning import Meaning
from textmine.topics.vocabulary import Unit, Vocabulary, count_terms, make_units, mask_units

__all__ = ["Topic", "TopicModel", "count_codes"]


@dataclass(frozen=True)
class Topic:
    """One topic. `share` is of the words of the corpus; `coherence` the mean NPMI of both languages, None if neither
    has two terms. Flags: `unstable`, `one-language`. `examples` are ids of the blocks that show it best."""

    topic: str
    codes: tuple[str, ...]
    label_pl: str
    label_en: str
    terms_pl: tuple[str, ...]
    terms_en: tuple[str, ...]
    share: float
    stability: float
    coherence: float | None
    flags: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True)
class TopicModel:
    """A fitted model. `weights` is (n_units, n_topics), rows sum to 1 or 0; row i belongs to `units[i]`.

    `card` holds settings, seed and figures of the whole model. `columns[k]` are the columns of `weights` that topic k
    of `all_topics` sums up: one, or several where a person has merged topics (see `corrections`).
    """

    all_topics: tuple[Topic, ...]
    vocabularies: Mapping[str, Vocabulary]
    concepts: Concepts
    factors: Factors
    anchor_codes: tuple[tuple[str, ...], ...]
    names: Mapping[str, Sequence[tuple[str, ...]]]
    units: tuple[Unit, ...]
    meaning: Meaning
    weights: np.ndarray
    card: Mapping[str, Any]
    columns: tuple[tuple[int, ...], ...]

    def topics(self) -> tuple[Topic, ...]:
        """The topics: anchors in the order of the codebook, then the free ones from the largest share down."""
        return self.all_topics

    def transform(
        self, units: Sequence[Unit], block_codes: Mapping[str, Mapping[str, float]] | None = None
    ) -> np.ndarray:
        """(n_units, n_topics) weights of units of other documents; rows sum to 1 or 0. Nothing is fitted.

        Args:
            block_codes: block id -> code -> mentions, as `count_codes` gives them; None: words decide alone.
        """
        masked = mask_units(units, self.names)
        terms = {
            language: term_matrix(count_terms(masked, vocabulary), vocabulary)
            for language, vocabulary in self.vocabularies.items()
        }
        return infer_weights(
            concept_matrix(terms, self.concepts),
            self.factors,
            meanings=self.meaning.rows(masked, self.vocabularies),
            codes=None if block_codes is None else code_matrix(units, block_codes, self.anchor_codes),
        )

    def shares(self, weights: np.ndarray | None = None) -> np.ndarray:
        """(n_units, n of `topics()`) weights with merged topics summed; None: those of the model's own units."""
        weights = self.weights if weights is None else weights
        return np.column_stack([weights[:, list(columns)].sum(axis=1) for columns in self.columns]).astype(np.float64)

    def assign(self, blocks: pl.DataFrame, mentions: pl.DataFrame | None = None) -> list[dict[str, Any]]:
        """Rows `document, topic, weight` of documents: means over their words, each document's weights sum to 1
        unless topics are hidden.

        Args:
            blocks, mentions: frames as `fit_topics` takes them. A document without a known word gives no row.
        """
        units = make_units(blocks)
        weights = self.transform(units, None if mentions is None else count_codes(mentions))
        words = np.array([unit.n_words for unit in units], dtype=np.float64)
        rows: list[dict[str, Any]] = []
        for document_id in dict.fromkeys(unit.document_id for unit in units):
            own = np.array([unit.document_id == document_id for unit in units])
            totals = (weights[own] * words[own, None]).sum(axis=0)
            if totals.sum() > 0:
                shares = self.shares(totals[None, :] / totals.sum())[0]
                rows += [
                    {"document": document_id, "topic": topic.topic, "weight": round(float(share), 6)}
                    for topic, share in zip(self.all_topics, shares, strict=True)
                ]
        return rows


def count_codes(mentions: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Block id -> code -> how many mentions are to be expected: the sum of the scores of those not negated."""
    counts: dict[str, dict[str, float]] = defaultdict(dict)
    grouped = mentions.filter(~pl.col("negated")).group_by("block_id", "code").agg(pl.col("score").sum())
    for block_id, code, n in grouped.iter_rows():
        counts[block_id][code] = n
    return counts

"""Made corpora with a known truth, in the columns of the store's frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest


@dataclass(frozen=True)
class Corpus:
    documents: pl.DataFrame
    counts: pl.DataFrame
    mentions: pl.DataFrame
    blocks: pl.DataFrame

    @property
    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        return self.documents, self.counts, self.mentions


def make_corpus(
    years: list[int],
    chances: Callable[[int, int], Mapping[str, float]],
    *,
    seed: int,
    correlation: float = 0.05,
    n_blocks: int = 15,
    block_sentences: int = 3,
    languages: tuple[str, ...] = ("pl", "en"),
) -> Corpus:
    """One document a year in `years`; chances(number, year) gives each code's chance in a sentence.

    Documents differ by a beta distribution with the intra-document correlation.
    """
    rng = np.random.default_rng(seed)
    documents, counts, mentions, blocks = [], [], [], []
    for number, year in enumerate(years):
        language = languages[number % len(languages)]
        name = f"d{number:04d}"
        documents.append((name, year, ["mazowieckie", "lubelskie"][number % 2], "regional", "strategy", [language]))
        own = {
            code: rng.beta(p * (1 - correlation) / correlation, (1 - p) * (1 - correlation) / correlation)
            if 0 < p < 1
            else float(p)
            for code, p in chances(number, year).items()
        }
        total = 0
        for block in range(n_blocks):
            words = int(rng.integers(30, 70))
            total += words
            blocks.append((f"{name}b{block}", name, language, block_sentences, words))
            for sentence in range(block_sentences):
                for code, p in own.items():
                    if rng.random() < p:
                        key = f"{name}b{block}s{sentence}"
                        mentions.append((f"{key}{code}", key, f"{name}b{block}", name, code, False, language))
        counts.append((name, language, n_blocks * block_sentences, total))
    return Corpus(
        pl.DataFrame(
            documents,
            schema={
                "document_id": pl.String,
                "year": pl.Int64,
                "region": pl.String,
                "level": pl.String,
                "type": pl.String,
                "languages": pl.List(pl.String),
            },
            orient="row",
        ),
        pl.DataFrame(counts, schema=["document_id", "language", "n_sentences", "n_words"], orient="row"),
        pl.DataFrame(
            mentions,
            schema={
                "mention_id": pl.String,
                "sentence_id": pl.String,
                "block_id": pl.String,
                "document_id": pl.String,
                "code": pl.String,
                "negated": pl.Boolean,
                "language": pl.String,
            },
            orient="row",
        ),
        pl.DataFrame(blocks, schema=["block_id", "document_id", "language", "n_sentences", "n_words"], orient="row"),
    )


@pytest.fixture(scope="session")
def corpus_maker() -> Callable[..., Corpus]:
    return make_corpus

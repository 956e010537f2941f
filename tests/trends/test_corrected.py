"""The corrected prevalence is unbiased where the raw one is not, and its interval covers."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from textmine.errors import DataError
from textmine.trends import HandCoded, cells_of, corrected_rates, count_mentions


def erring_corpus(seed: int, *, share: float = 0.04, sensitivity: float = 0.8, specificity: float = 0.98):
    """Two periods of sentences with true and machine codes; the second period has twice the share."""
    rng = np.random.default_rng(seed)
    documents, counts, mentions, truth = [], [], [], []
    for number in range(40):
        year = 2010 if number < 20 else 2016
        name = f"d{number:02d}"
        documents.append((name, year))
        counts.append((name, "pl" if number % 2 else "en", 100, 1500))
        own = rng.beta(20 * share * (1 + (year == 2016)), 20 * (1 - share * (1 + (year == 2016))))
        for i in range(100):
            sentence = f"{name}s{i:02d}"
            real = rng.random() < own
            truth.append((sentence, name, year, real))
            if rng.random() < (sensitivity if real else 1 - specificity):
                mentions.append((sentence, f"{name}b{i // 4}", name, "barrier.skills", False))
    frames = (
        pl.DataFrame(documents, schema=["document_id", "year"], orient="row"),
        pl.DataFrame(counts, schema=["document_id", "language", "n_sentences", "n_words"], orient="row"),
        pl.DataFrame(mentions, schema=["sentence_id", "block_id", "document_id", "code", "negated"], orient="row"),
    )
    return frames, pl.DataFrame(truth, schema=["sentence_id", "document_id", "year", "real"], orient="row")


def hand_code(truth: pl.DataFrame, n: int, seed: int) -> HandCoded:
    chosen = truth.sample(n, seed=seed)
    return HandCoded(
        tuple(chosen["sentence_id"]),
        tuple(frozenset({"barrier.skills"} if real else ()) for real in chosen["real"]),
        tuple(n / truth.height for _ in range(n)),
    )


def corrected(seed: int, n: int):
    frames, truth = erring_corpus(seed)
    counts = count_mentions(*frames)
    cells = cells_of(counts, by="period", weighting="word", draws=200)
    found = corrected_rates(counts, cells, hand_code(truth, n, seed), truth)
    real = [100 * truth.filter(pl.col("year") == year)["real"].mean() for year in (2010, 2016)]
    raw = [float(cell.value["per_100s"][0]) for cell in cells]
    return found, real, raw


def test_corrected_is_unbiased_where_raw_is_not() -> None:
    errors, raw_errors, covered = [], [], []
    for seed in range(40):
        found, real, raw = corrected(seed, 800)
        assert {one.keys["method"] for one in found} == {"design"}
        errors += [one.value - true for one, true in zip(found, real, strict=True)]
        raw_errors += [one - true for one, true in zip(raw, real, strict=True)]
        covered += [one.low <= true <= one.high for one, true in zip(found, real, strict=True)]
    standard = np.std(errors) / np.sqrt(len(errors))
    assert abs(np.mean(errors)) < 2.5 * standard
    assert np.mean(raw_errors) > 0.5  # per 100 sentences, at a true 4 to 8
    assert np.mean(covered) >= 0.9


def test_a_cell_without_its_own_sample_borrows_error_rates() -> None:
    frames, truth = erring_corpus(1)
    counts = count_mentions(*frames)
    cells = cells_of(counts, by="period", weighting="word", draws=200)
    sample = hand_code(truth.filter(pl.col("year") == 2010), 600, 1)
    first, second = corrected_rates(counts, cells, sample, truth)
    assert (first.keys["method"], first.flag) == ("design", "")
    assert (second.keys["method"], second.flag) == ("rogan-gladen", "borrowed")
    real = 100 * truth.filter(pl.col("year") == 2016)["real"].mean()
    assert second.low <= real <= second.high


def test_nothing_to_borrow_from_leaves_the_cell_empty() -> None:
    frames, truth = erring_corpus(2)
    counts = count_mentions(*frames)
    cells = cells_of(counts, by="period", weighting="word", draws=200)
    sample = hand_code(truth.filter(pl.col("year") == 2010, ~pl.col("real")), 200, 1)
    assert corrected_rates(counts, cells, sample, truth)[1].flag == "insufficient"


def test_a_sample_of_other_documents_is_refused() -> None:
    frames, truth = erring_corpus(3)
    counts = count_mentions(*frames)
    cells = cells_of(counts, by="period", draws=200)
    with pytest.raises(DataError, match="only 0 of its sentences"):
        corrected_rates(counts, cells, hand_code(truth.with_columns(sentence_id=pl.lit("x")), 150, 1), truth)

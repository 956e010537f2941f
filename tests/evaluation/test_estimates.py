"""Precision and recall from an unequal sample are those of the corpus, and their intervals hold it."""

from __future__ import annotations

import numpy as np
import pytest

from textmine.evaluation import GoldSentence, Prediction, score_predictions
from textmine.evaluation.estimates import weighted_ratio
from textmine.records import SampleSentence
from textmine.statistics import wilson

CODE = frozenset({"barrier.trust"})


def made_corpus(rng: np.random.Generator):
    """(document, language, gold, found) of 6,000 sentences; the coder is worse in the rare English ones."""
    rows = []
    for document in range(60):
        english = document < 10
        share = rng.beta(4, 36)
        for _ in range(100):
            gold = rng.random() < share
            found = rng.random() < ((0.5 if english else 0.9) if gold else (0.05 if english else 0.01))
            rows.append((f"d{document}", "en" if english else "pl", gold, found))
    return rows


def drawn_sample(rows, rng: np.random.Generator, n: int):
    """Half the sample English, though a sixth of the corpus is: gold, predictions, chances."""
    picked = []
    for language in ("pl", "en"):
        places = [i for i, row in enumerate(rows) if row[1] == language]
        picked += [(i, n / 2 / len(places)) for i in rng.choice(places, n // 2, replace=False)]
    gold, predictions, drawn = [], [], []
    for i, chance in picked:
        document, language, real, found = rows[i]
        gold.append(GoldSentence(str(i), language, "", CODE if real else frozenset()))
        predictions.append(Prediction(CODE if found else frozenset()))
        drawn.append(SampleSentence(str(i), document, language, chance=chance))
    return gold, predictions, drawn


def test_weighted_scores_are_unbiased_and_their_intervals_cover() -> None:
    rng = np.random.default_rng(5)
    errors, raw, covered = [], [], []
    for _ in range(60):
        rows = made_corpus(rng)
        truth = sum(g and f for _, _, g, f in rows) / sum(g for _, _, g, _ in rows)
        sample = drawn_sample(rows, rng, 800)
        (one,) = [
            s
            for s in score_predictions(*sample[:2], drawn=sample[2], draws=200)
            if s.code in CODE and s.language == "all"
        ]
        (plain,) = [s for s in score_predictions(*sample[:2], draws=200) if s.code in CODE and s.language == "all"]
        assert (one.estimate, plain.estimate) == ("corpus", "sample")
        assert one.true_positives == plain.true_positives
        errors.append(one.recall - truth)
        raw.append(plain.recall - truth)
        covered.append(one.recall_low <= truth <= one.recall_high)
        assert one.f1_low <= one.f1 <= one.f1_high
    assert abs(np.mean(errors)) < 2.5 * np.std(errors) / np.sqrt(len(errors))
    assert np.mean(raw) < -0.05
    assert np.mean(covered) >= 0.9


def test_ratio_by_hand() -> None:
    part, whole = np.array([1.0, 0, 1, 0]), np.array([1.0, 1, 1, 0])
    ratio, low, high = weighted_ratio(part, whole, np.array([2.0, 4, 2, 9]), np.arange(4))
    assert ratio == pytest.approx(4 / 8)
    assert low < 0.5 < high
    assert weighted_ratio(part, np.zeros(4), np.ones(4), np.arange(4)) is None


def test_certain_shares_keep_an_interval() -> None:
    ones = np.ones(40)
    ratio, low, high = weighted_ratio(ones, ones, ones, np.arange(40))
    assert (ratio, high) == (1, 1)
    assert low == pytest.approx(wilson(40, 40)[0])
    assert weighted_ratio(ones, ones, np.linspace(1, 9, 40), np.arange(40))[1] < low, "unequal chances say less"
    assert weighted_ratio(ones, ones, ones, np.arange(40) // 20)[1] < low, "two documents say less than forty"


def test_without_chances_the_scores_are_of_the_sample() -> None:
    gold, predictions = [GoldSentence("a", "pl", "", CODE)] * 3, [Prediction(CODE)] * 3
    (micro, *_) = score_predictions(gold, predictions, drawn=[SampleSentence("a")] * 3, draws=200)
    assert (micro.estimate, micro.precision_low) == ("sample", pytest.approx(wilson(3, 3)[0]))

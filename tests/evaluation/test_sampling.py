"""Samples are random, their chances true, and small strata are not missed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from textmine.errors import DataError
from textmine.evaluation.sampling import CHOSEN, draw_active, draw_sample
from textmine.evaluation.sizes import sample_sizes, sentences_for
from textmine.statistics import wilson


def frame() -> pl.DataFrame:
    rng = np.random.default_rng(1)
    language = ["pl"] * 900 + ["en"] * 95 + ["pl"] * 5
    period = ["2014-20"] * 995 + ["2004-06"] * 5
    return pl.DataFrame(
        {
            "sentence_id": [f"s{i:04d}" for i in range(1000)],
            "language": language,
            "period": period,
            "x": rng.random(1000),
        }
    )


def test_small_strata_are_taken_whole_and_sizes_add_up() -> None:
    sample = draw_sample(frame(), 120, strata=["language", "period"])
    sizes = dict(
        sample.group_by("language", "period").len().select(pl.concat_str("language", "period"), "len").iter_rows()
    )
    assert sample.height == 120
    assert sizes["pl2004-06"] == 5
    assert 20 < sizes["en2014-20"] < 50
    assert sample["sentence_id"].n_unique() == 120
    assert sorted(sample["order"]) == list(range(1, 121))


def test_weighted_by_chance_the_sample_is_the_corpus() -> None:
    sample = draw_sample(frame(), 200, strata=["language", "period"])
    assert (1 / sample["chance"]).sum() == pytest.approx(1000)
    means = []
    for seed in range(200):
        one = draw_sample(frame(), 100, strata=["language"], seed=seed)
        means.append(float((one["x"] / one["chance"]).sum() / 1000))
    assert np.mean(means) == pytest.approx(frame()["x"].mean(), abs=3 * np.std(means) / np.sqrt(200))


def test_same_seed_same_sample_in_any_order() -> None:
    shuffled = frame().sample(fraction=1, shuffle=True, seed=3)
    assert draw_sample(frame(), 50, strata=["language"]).equals(draw_sample(shuffled, 50, strata=["language"]))
    assert not draw_sample(frame(), 50, seed=1).equals(draw_sample(frame(), 50, seed=2))


@pytest.mark.parametrize("n", [1, 999, 1000])
def test_any_size(n: int) -> None:
    assert draw_sample(frame(), n, strata=["language", "period"]).height == n


def test_what_cannot_be_drawn() -> None:
    with pytest.raises(DataError, match="1001 of 1000"):
        draw_sample(frame(), 1001)
    with pytest.raises(DataError, match="columns type"):
        draw_sample(frame(), 10, strata=["type"])


def kind(name: str) -> str:
    """What a made sentence is about: the most doubtful are nearly all of one kind (k)."""
    place = int(name[1:])
    return "k" if place < 80 and place % 8 else "abcdefghij"[place // 8 % 10]


def spread(names: list[str]) -> np.ndarray:
    """Unit vectors: sentences of one kind mean the same."""
    return np.eye(11)[["abcdefghijk".index(kind(name)) for name in names]]


def doubtful(n: int = 400) -> pl.DataFrame:
    """Doubt falls along the ids."""
    return pl.DataFrame(
        {
            "sentence_id": [f"s{i:04d}" for i in range(n)],
            "doubt": [max(0.0, 1 - i / 200) for i in range(n)],
            "x": [float(i < 120) for i in range(n)],
        }
    )


def test_active_sample_is_doubtful_unlike_and_partly_random() -> None:
    sample = draw_active(doubtful(), 40, spread)
    chosen = sample.filter(pl.col("stratum") == CHOSEN)
    assert (sample.height, chosen.height) == (40, 30)
    assert set(chosen["chance"]) == {1.0}
    assert set(sample.filter(pl.col("stratum") != CHOSEN)["chance"]) == {10 / 370}
    kinds = set(map(kind, chosen["sentence_id"]))
    assert len(kinds) >= 10, "not only the kind that is most doubtful"
    assert chosen["doubt"].min() > 0
    assert sample.equals(
        draw_active(doubtful().sample(fraction=1, shuffle=True, seed=1), 40, spread).select(sample.columns)
    )


def test_active_sample_estimates_the_corpus_without_bias() -> None:
    shares = []
    for seed in range(150):
        sample = draw_active(doubtful(), 60, spread, random_share=0.5, seed=seed)
        shares.append(float((sample["x"] / sample["chance"]).sum() / 400))
    assert np.mean(shares) == pytest.approx(0.3, abs=3 * np.std(shares) / np.sqrt(150))


def test_active_sample_without_doubt_is_random() -> None:
    sure = doubtful().with_columns(doubt=pl.lit(0.0))
    sample = draw_active(sure, 40, spread)
    assert set(sample["stratum"]) == {"random"}
    assert set(sample["chance"]) == {0.1}
    assert draw_active(doubtful(), 400, spread).height == 400


def test_the_stratum_is_written_beside_the_sentence() -> None:
    assert set(draw_sample(frame(), 120, strata=["language", "period"])["stratum"]) == {
        "pl, 2014-20", "en, 2014-20", "pl, 2004-06",
    }  # fmt: skip
    assert set(draw_sample(frame(), 12)["stratum"]) == {""}


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.5])
@pytest.mark.parametrize("width", [0.02, 0.05, 0.1])
def test_sizes_are_the_least_that_keep_the_width(share: float, width: float) -> None:
    def reach(n: int) -> float:
        low, high = wilson(share * n, n)
        return (high - low) / 2

    n = sentences_for(share, width)
    assert reach(n) <= width
    assert n == 1 or reach(n - 1) > width


def test_sizes_by_share() -> None:
    # 385 for a share of one half +- .05 is the textbook's figure; Wilson's interval needs a little less
    assert sentences_for(0.5, 0.05) == pytest.approx(385, abs=5)
    rare, common = sample_sizes({"barrier.trust": 0.02, "priority.ict": 0.2, "none": 0.0}, 0.05)
    assert rare.n_recall == 10 * common.n_recall
    assert rare.n_recall * 0.02 == pytest.approx(rare.n_precision, abs=1)
    assert rare.n_share < common.n_share
    (small,) = sample_sizes({"barrier.trust": 0.02}, 0.05, corpus=2000)
    assert small.n_recall < 2000 < rare.n_recall
    assert small.n_precision < rare.n_precision
    with pytest.raises(ValueError, match=r"width of 0\.5"):
        sample_sizes({"a": 0.1}, 0.5)

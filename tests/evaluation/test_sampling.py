"""Samples are random, their chances true, and small strata are not missed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from textmine.errors import DataError
from textmine.evaluation.sampling import draw_sample, sample_size


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


def test_sample_size_of_the_method() -> None:
    assert sample_size(0.02) == 3000
    with pytest.raises(ValueError, match="share 0"):
        sample_size(0)

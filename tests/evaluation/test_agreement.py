"""Alpha against its published example, and what rare and unanimous codes give."""

from __future__ import annotations

import numpy as np
import pytest

from textmine.errors import DataError
from textmine.evaluation.agreement import Coding, code_agreement, nominal_alpha

N = np.nan
#: Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example C: four coders, twelve units, gaps.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
)


def test_alpha_of_the_published_example() -> None:
    assert nominal_alpha(PUBLISHED) == pytest.approx(0.743, abs=5e-4)


def test_weights_are_repeats() -> None:
    weights = np.array([2.0, 0, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1])
    repeated = np.repeat(PUBLISHED, weights.astype(int), axis=1)
    assert nominal_alpha(PUBLISHED, weights) == pytest.approx(nominal_alpha(repeated))


def codings(share: float, sensitivity: float, *, n: int = 600, seed: int = 1) -> list[Coding]:
    rng = np.random.default_rng(seed)
    found = []
    for i in range(n):
        real = rng.random() < share
        for coder in ("Ala", "Ben"):
            yes = rng.random() < (sensitivity if real else 0.005)
            document = f"{('pl', 'en')[i % 2]}-{i // 30}"
            found.append(Coding(coder, f"s{i}", document, frozenset({"barrier.trust"} if yes else ())))
    return found


def test_good_coders_agree_and_careless_ones_less() -> None:
    (good,), (poor,) = (code_agreement(codings(0.1, s), ["barrier.trust"], draws=300) for s in (0.95, 0.6))
    assert good.alpha > 0.8 > poor.alpha
    assert good.low <= good.alpha <= good.high
    assert good.both + good.one + good.none == good.n_sentences == 600
    assert good.positive == pytest.approx(2 * good.both / (2 * good.both + good.one))


def test_chance_coding_has_no_agreement() -> None:
    rng = np.random.default_rng(2)
    values = (rng.random((2, 5000)) < 0.3).astype(float)
    assert abs(nominal_alpha(values)) < 0.05


def test_a_code_that_nobody_gave_has_no_alpha() -> None:
    (one,) = code_agreement(codings(0.1, 0.9, n=60), ["priority.ict"], draws=200)
    assert (one.alpha, one.low, one.positive, one.both) == (None, None, None, 0)


def test_no_shared_sentence() -> None:
    alone = [Coding("Ala", "s1", "d", frozenset()), Coding("Ben", "s2", "d", frozenset())]
    with pytest.raises(DataError, match="coded by two people"):
        code_agreement(alone, ["barrier.trust"])

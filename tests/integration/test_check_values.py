"""The check values of the method, and what each formula does at its edges."""

from __future__ import annotations

import numpy as np
import pytest

from textmine.integration.alignment import alignment, divergence
from textmine.integration.composite import composite
from textmine.integration.indicators import balance, breadth, excess
from textmine.integration.parts import part_of


def test_excess() -> None:
    assert excess(0.50, 0.20) == pytest.approx(0.375)
    assert excess(0.20, 0.20) == 0
    assert excess(0.0, 0.9) == -1
    assert np.isnan(excess(1.0, 1.0))


def test_breadth() -> None:
    assert breadth(np.array([40.0]), np.array([[20.0, 5.0, 1.0, 0.0]]))[0] == pytest.approx(0.619, abs=5e-4)
    assert breadth(np.array([20.0]), np.array([[1.0, 0.0]]))[0] == pytest.approx(0.5)
    assert np.isnan(breadth(np.array([0.0]), np.array([[0.0, 0.0]]))[0])


def test_breadth_is_what_random_draws_show() -> None:
    rng = np.random.default_rng(1)
    has = np.zeros((30, 3))
    for kind, count in enumerate((12, 4, 1)):
        has[rng.choice(30, count, replace=False), kind] = 1
    seen = np.mean([has[rng.choice(30, 20, replace=False)].any(axis=0).mean() for _ in range(4000)])
    assert breadth(np.array([30.0]), has.sum(axis=0)[None, :])[0] == pytest.approx(seen, abs=0.01)


def test_balance() -> None:
    assert balance(8, 4, 0.0) == pytest.approx(0.654, abs=5e-4)
    assert balance(4, 4, 0.0) == 0.5


def test_composite() -> None:
    assert composite(np.array([[0.8, 0.4, 0.5, 0.0]]))[0] == pytest.approx(29.9, abs=0.05)
    assert composite(np.array([[0.8, 0.4, 0.5, 0.0]]), mean="arithmetic", floor=0)[0] == pytest.approx(42.5)
    assert composite(np.array([[0.5, 0.5, 0.5, 0.5]]), mean="harmonic")[0] == pytest.approx(50)


def test_divergence() -> None:
    assert divergence(np.array([1.0, 0.0]), np.array([0.0, 3.0])) == pytest.approx(1)
    assert divergence(np.array([1.0, 2.0]), np.array([10.0, 20.0])) == pytest.approx(0, abs=1e-12)
    assert np.isnan(divergence(np.array([0.0, 0.0]), np.array([1.0, 0.0])))


@pytest.mark.parametrize("n_blocks", [10, 50, 300])
def test_alignment_of_one_source_is_one_at_any_length(n_blocks: int) -> None:
    rng = np.random.default_rng(n_blocks)
    chance = rng.dirichlet(np.ones(28)) * 1.5
    found = [
        alignment([(rng.random((n_blocks, 28)) < chance).astype(float) for _ in range(3)], seed=run, shuffles=60)
        for run in range(12)
    ]
    assert np.mean(found) > 0.93


def test_alignment_of_opposites_is_low() -> None:
    rng = np.random.default_rng(2)
    first = (rng.random((40, 28)) < np.r_[np.full(14, 0.2), np.zeros(14)]).astype(float)
    second = (rng.random((40, 28)) < np.r_[np.zeros(14), np.full(14, 0.2)]).astype(float)
    assert alignment([first, second], seed=1) < 0.1


@pytest.mark.parametrize(
    ("section", "part"),
    [
        ("2. Diagnoza gospodarki > 2.2. Nauka i innowacje", "diagnosis"),
        ("3. Analiza SWOT", "diagnosis"),
        ("2. Diagnosis > 2.3. Research and innovation", "diagnosis"),
        ("5. Cele i priorytety", "goals"),
        ("4. Vision and objectives", "goals"),
        ("5. Cele i kierunki działań", "measures"),
        ("6. Actions > 6.1 Key projects", "measures"),
        ("6. Wdrażanie > 6.2. Ramy finansowe", "money"),
        ("6.2. Źródła finansowania", "money"),
        ("7. Monitoring i ewaluacja", "reporting"),
        ("7. Implementation", "reporting"),
        ("Załącznik 1. Wykaz klastrów", "annex"),
        ("Annex A. Clusters", "annex"),
        ("Wprowadzenie", ""),
        ("1.2. Starostwa", ""),
        ("", ""),
    ],
)
def test_parts(section: str, part: str) -> None:
    assert part_of(section) == part

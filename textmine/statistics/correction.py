"""Prevalence corrected for the errors of the coder, with the help of a hand-coded random sample.

Design-based: mean of the machine's codes plus the weighted mean of (human - machine) over the sample (Egami et al.
2023, arXiv:2306.04746; prediction-powered inference, Angelopoulos et al. 2023). Its only need is that each sentence of
the sample had a known chance above zero of being picked. Rogan & Gladen (1978) is the fallback where a cell has too few
hand-coded sentences of its own: it borrows the error rates from the other cells and is biased when they differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textmine.statistics.intervals import student_quantile

__all__ = ["Corrected", "error_rates", "prediction_powered", "rogan_gladen"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected share with its 95 % interval, all in 0..1; `n` is the hand-coded sentences behind it."""

    value: float
    low: float
    high: float
    n: int


def prediction_powered(
    machine_share: float,
    human: Array,
    machine: Array,
    chance: Array,
    *,
    clusters: Array | None = None,
    share_error: float = 0.0,
) -> Corrected:
    """Design-based share of sentences with a code.

    Args:
        machine_share: share of all sentences that the machine coded.
        human: (n,) 1 where a person gave the code to a sampled sentence, else 0.
        machine: (n,) the same for the machine.
        chance: (n,) chance that the sentence had of being picked, above 0.
        clusters: (n,) document of each sentence; its sentences are not independent. None: each on its own.
        share_error: standard error of `machine_share` as an estimate for other texts of the kind; 0: these texts only.
    Raises:
        ValueError: fewer than two clusters, or a chance outside (0, 1].
    """
    if np.any(chance <= 0) or np.any(chance > 1):
        raise ValueError("each chance must be above 0 and at most 1")
    labels = np.arange(len(human)) if clusters is None else clusters
    kinds, groups = np.unique(labels, return_inverse=True)
    if len(kinds) < 2:
        raise ValueError(f"hand-coded sentences of {len(kinds)} documents: at least 2 are needed")
    weights = 1 / chance
    gap = human - machine
    rectifier = float(weights @ gap / weights.sum())
    # Hájek estimator: linearised residuals, summed within documents
    residuals = np.bincount(groups, weights=weights * (gap - rectifier)) / weights.sum()
    variance = float(residuals @ residuals) * len(kinds) / (len(kinds) - 1)
    reach = student_quantile(len(kinds) - 1) * np.sqrt(variance + share_error**2)
    value = machine_share + rectifier
    return Corrected(
        value=float(np.clip(value, 0, 1)),
        low=float(np.clip(value - reach, 0, 1)),
        high=float(np.clip(value + reach, 0, 1)),
        n=len(human),
    )


def error_rates(human: Array, machine: Array, chance: Array) -> tuple[float, float]:
    """Sensitivity and specificity of the machine, weighted by 1 / chance; nan where nobody said yes (or no)."""
    weights = 1 / chance
    yes, no = weights * human, weights * (1 - human)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float((yes @ machine) / yes.sum()), float((no @ (1 - machine)) / no.sum())


def rogan_gladen(observed: float, sensitivity: float, specificity: float) -> float:
    """True share behind an observed one, (observed + sp - 1) / (se + sp - 1), clipped to 0..1.

    Raises:
        ValueError: sensitivity + specificity is not above 1: the coder does no better than chance.
    """
    youden = sensitivity + specificity - 1
    if not youden > 0:
        raise ValueError(f"sensitivity {sensitivity:.3f} and specificity {specificity:.3f} do no better than chance")
    return float(np.clip((observed + specificity - 1) / youden, 0, 1))

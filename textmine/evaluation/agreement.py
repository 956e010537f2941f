"""Do people code alike: Krippendorff's alpha by code, with positive agreement and raw counts beside it.

Alpha swings for rare codes; read it with `positive` (2a / (2a + b + c)) and the counts. Usual marks: .80 firm, .667
tentative. The formula is written out here because the package `krippendorff` is under the GPL; the two agree to 1e-12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from textmine.errors import DataError
from textmine.statistics.bootstrap import percentile_interval

__all__ = ["Agreement", "Coding", "code_agreement", "nominal_alpha"]


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person said of one sentence."""

    coder: str
    sentence_id: str
    document_id: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike a code was used. `both`, `one` and `none` count pairs of coders by who gave the code.

    `alpha` is None where all said the same of all sentences: agreement beyond chance is then not defined. `positive` is
    None where nobody gave the code. `low` and `high` bound alpha (bootstrap over documents); None under 3 documents.
    """

    code: str
    n_sentences: int
    n_documents: int
    alpha: float | None
    low: float | None
    high: float | None
    positive: float | None
    both: int
    one: int
    none: int


def nominal_alpha(values: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> float:
    """Krippendorff's alpha for nominal values (Hayes & Krippendorff 2007).

    Args:
        values: (n_coders, n_units) category numbers, nan where a coder did not see a unit.
        weights: (n_units,) how often each unit counts, as in a bootstrap draw.
    Returns:
        1 - observed / expected disagreement; nan when no two values differ, or no unit was seen twice.
    """
    kinds = np.unique(values[~np.isnan(values)])
    counts = np.stack([(values == kind).sum(axis=0) for kind in kinds], axis=1) if len(kinds) else np.zeros((0, 1))
    share = np.ones(len(counts)) if weights is None else weights
    return float(_alpha(counts.astype(np.float64), share[None, :])[0])


def _alpha(counts: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """(draws,) alpha from (n_units, n_kinds) values a unit, under (draws, n_units) weights."""
    seen = counts.sum(axis=1)
    counts, weights, seen = counts[seen > 1], weights[:, seen > 1], seen[seen > 1]
    observed = weights @ ((seen**2 - (counts**2).sum(axis=1)) / (seen - 1))
    totals = weights @ counts
    n = totals.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = (n**2 - (totals**2).sum(axis=1)) / (n - 1)
        return np.asarray(np.where(expected > 0, 1 - observed / expected, np.nan))


def code_agreement(
    codings: Sequence[Coding], codes: Sequence[str], *, draws: int = 2000, seed: int = 20
) -> list[Agreement]:
    """Agreement on each code over the sentences that two or more people coded.

    Raises:
        DataError: no sentence was coded by two people.
    """
    coders = sorted({coding.coder for coding in codings})
    said = {(coding.coder, coding.sentence_id): coding.codes for coding in codings}
    documents = {coding.sentence_id: coding.document_id for coding in codings}
    shared = sorted(name for name in documents if sum((coder, name) in said for coder in coders) > 1)
    if not shared:
        raise DataError("no sentence was coded by two people. Agreement needs some that both were given.")
    kinds, places = np.unique([documents[name] for name in shared], return_inverse=True)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(kinds), np.full(len(kinds), 1 / len(kinds)), size=draws).astype(np.float64)[:, places]
    found = []
    for code in codes:
        counts = np.zeros((len(shared), 2))
        for row, name in enumerate(shared):
            for coder in coders:
                if (coder, name) in said:
                    counts[row, int(code in said[coder, name])] += 1
        no, yes = counts.T
        both, one, none = (int(pairs.sum()) for pairs in (yes * (yes - 1) / 2, yes * no, no * (no - 1) / 2))
        alpha = float(_alpha(counts, np.ones((1, len(shared))))[0])
        alphas = _alpha(counts, drawn)
        low, high = percentile_interval(alphas, n_documents=len(kinds), alone=alphas)
        found.append(
            Agreement(
                code=code,
                n_sentences=len(shared),
                n_documents=len(kinds),
                alpha=None if np.isnan(alpha) else alpha,
                low=low,
                high=high,
                positive=2 * both / (2 * both + one) if both + one else None,
                both=both,
                one=one,
                none=none,
            )
        )
    return found

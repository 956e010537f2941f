"""Krippendorff's alpha for single values and for sets, under weights, so that a bootstrap is one product of matrices.

The formula is written out here because the package `krippendorff` is under the GPL; the tests hold its values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["DISTANCES", "alpha_of_counts", "jaccard", "masi", "nominal_alpha", "set_alpha", "set_counts"]

Array: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = frozenset[str]
Distance: TypeAlias = Callable[[Codes, Codes], float]


def jaccard(one: Codes, other: Codes) -> float:
    """Distance of two sets, 1 - |A ∩ B| / |A ∪ B| (Jaccard 1901); 0 for two empty ones."""
    return 1 - len(one & other) / len(one | other) if one or other else 0.0


def masi(one: Codes, other: Codes) -> float:
    """Distance of two sets, 1 - Jaccard x monotonicity (Passonneau 2006, "Measuring agreement on set-valued items").

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap. Two empty sets are at 0.
    """
    if one == other:
        return 0.0
    shared = len(one & other) / len(one | other)
    return 1 - shared * (2 / 3 if one <= other or other <= one else 1 / 3)


DISTANCES: dict[str, Distance] = {"masi": masi, "jaccard": jaccard}


def nominal_alpha(values: Array, weights: Array | None = None) -> float:
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
    return float(alpha_of_counts(counts.astype(np.float64), share[None, :])[0])


def set_alpha(said: Sequence[Sequence[Codes | None]], *, distance: Distance = masi) -> float:
    """Alpha of set-valued codings: said[coder][unit], None where a coder did not see a unit; nan as above."""
    units = [[one for one in unit if one is not None] for unit in zip(*said, strict=True)]
    counts, apart = set_counts(units, distance)
    return float(alpha_of_counts(counts, np.ones((1, len(units))), apart)[0])


def set_counts(units: Sequence[Sequence[Codes]], distance: Distance) -> tuple[Array, Array]:
    """(n_units, n_kinds) how many coders gave a unit each set, and the (n_kinds, n_kinds) distances of the sets."""
    kinds = sorted({one for unit in units for one in unit}, key=sorted)
    place = {kind: column for column, kind in enumerate(kinds)}
    counts = np.zeros((len(units), len(kinds)))
    for row, unit in enumerate(units):
        for one in unit:
            counts[row, place[one]] += 1
    return counts, np.array([[distance(a, b) for b in kinds] for a in kinds]).reshape(len(kinds), len(kinds))


def alpha_of_counts(
    counts: Array, weights: Array, distances: Array | None = None, *, groups: NDArray[np.intp] | None = None
) -> Array:
    """Alpha under several weightings.

    Args:
        counts: (n_units, n_kinds) how many coders gave a unit each value.
        weights: (draws, n_groups).
        distances: (n_kinds, n_kinds), zero on the diagonal; None: nominal, all at 1.
        groups: (n_units,) the group, such as a document, whose weight a unit has; None: each its own.
    Returns:
        (draws,); nan where nothing differs.
    """
    seen = counts.sum(axis=1)
    counts = np.where(seen[:, None] > 1, counts, 0.0)  # a value without a second one says nothing
    apart = 1 - np.eye(counts.shape[1]) if distances is None else distances
    differing = ((counts @ apart) * counts).sum(axis=1) / np.maximum(seen - 1, 1)
    if groups is not None:
        differing = np.bincount(groups, differing, weights.shape[1])
        counts = np.stack([np.bincount(groups, column, weights.shape[1]) for column in counts.T], axis=1)
    observed = weights @ differing
    totals = weights @ counts
    n = totals.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = ((totals @ apart) * totals).sum(axis=1) / (n - 1)
        return np.asarray(np.where(expected > 1e-12, 1 - observed / expected, np.nan))

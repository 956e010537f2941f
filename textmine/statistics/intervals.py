"""Closed-form intervals for shares and counts.

They go through `scipy.special` and not `scipy.stats` or `statsmodels`, which give the same numbers (the tests compare
them) but take a second to import: longer than the whole `trends` command on a small corpus.
"""

from __future__ import annotations

import math

from scipy.special import gammaincinv, ndtri, stdtrit

__all__ = ["poisson_exact", "student_quantile", "wilson"]


def wilson(successes: float, n: float, *, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of a share (Wilson 1927); (0, 1) when n is 0.

    Raises:
        ValueError: successes are not in 0..n.
    """
    if n == 0:
        return 0.0, 1.0
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n}: expected 0 <= successes <= n")
    z = float(ndtri(0.5 + confidence / 2))
    share = successes / n
    centre = share + z * z / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = (centre - reach) / (1 + z * z / n), (centre + reach) / (1 + z * z / n)
    return (0.0 if successes == 0 else max(low, 0.0)), (1.0 if successes == n else min(high, 1.0))


def poisson_exact(count: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Exact interval of a Poisson mean (Garwood 1936), in counts. Right only when counts are not overdispersed."""
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(gammaincinv(count, tail))
    return low, float(gammaincinv(count + 1, 1 - tail))


def student_quantile(degrees: float, *, confidence: float = 0.95) -> float:
    """How many standard errors a two-sided interval reaches to each side with that many degrees of freedom."""
    return float(stdtrit(degrees, 0.5 + confidence / 2))

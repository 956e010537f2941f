"""What every figure leans on: intervals, the two-stage bootstrap, correction for coding errors, periods.

Bricks of scipy; what is written here is what scipy does not have (clustered documents, hand-coded samples).
"""

from __future__ import annotations

from textmine.statistics.bootstrap import ONE_STAGE_FROM, Resample, bootstrap_sums, percentile_interval
from textmine.statistics.correction import Corrected, prediction_powered, rogan_gladen
from textmine.statistics.intervals import poisson_exact, student_quantile, wilson
from textmine.statistics.periods import PERIODS, period_of

__all__ = [
    "ONE_STAGE_FROM",
    "PERIODS",
    "Corrected",
    "Resample",
    "bootstrap_sums",
    "percentile_interval",
    "period_of",
    "poisson_exact",
    "prediction_powered",
    "rogan_gladen",
    "student_quantile",
    "wilson",
]

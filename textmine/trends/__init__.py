"""How what documents say changes: rates with intervals, trends, breaks, periods compared, who leads, text reused.

Pure functions on frames of the store; they return `Finding` records and draw nothing.
"""

from __future__ import annotations

from textmine.trends.change import change_points, period_steps, trend_tests
from textmine.trends.compare import dominance, log_odds, period_log_odds
from textmine.trends.corrected import HandCoded, corrected_rates
from textmine.trends.counts import Counts, Series, count_mentions, match_series
from textmine.trends.events import Event, load_events
from textmine.trends.rates import Cell, Weighting, cells_of, rates
from textmine.trends.reuse import find_reuse
from textmine.trends.turns import turning_points

__all__ = [
    "Cell",
    "Counts",
    "Event",
    "HandCoded",
    "Series",
    "Weighting",
    "cells_of",
    "change_points",
    "corrected_rates",
    "count_mentions",
    "dominance",
    "find_reuse",
    "load_events",
    "log_odds",
    "match_series",
    "period_log_odds",
    "period_steps",
    "rates",
    "trend_tests",
    "turning_points",
]

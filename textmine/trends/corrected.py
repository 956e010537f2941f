"""Rates per 100 sentences corrected for the coder's errors, with a hand-coded random sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from textmine.errors import DataError
from textmine.records import Finding
from textmine.statistics.correction import error_rates, prediction_powered, rogan_gladen
from textmine.trends.counts import Counts
from textmine.trends.rates import Cell

__all__ = ["MIN_SAMPLE", "NEEDS", "HandCoded", "corrected_rates"]

#: Hand-coded sentences a cell needs for a correction of its own; below, error rates of all cells are borrowed.
MIN_OWN = 50
#: Hand-coded sentences that the whole sample needs. A guess: with fewer, a code at 2 % has no positive.
MIN_SAMPLE = 100

NEEDS = (
    "The sample must be random, with the chance of each sentence known: a sheet of textmine sample, its name in the "
    "store, or a CSV or JSONL file with sentence_id, codes (joined by ;) and chance (above 0, at most 1). "
    "At least 100 sentences, 50 or more in each period to be corrected on its own."
)


@dataclass(frozen=True, slots=True)
class HandCoded:
    """What people said of a random sample of sentences; `chance[i]` is that sentence's chance of being picked."""

    sentence_id: tuple[str, ...]
    codes: tuple[frozenset[str], ...]
    chance: tuple[float, ...]


def corrected_rates(counts: Counts, cells: Sequence[Cell], sample: HandCoded, sentences: pl.DataFrame) -> list[Finding]:
    """Corrected rates per 100 sentences, one finding a series and cell, measure `corrected_per_100s`.

    Args:
        counts: as counted by the machine.
        cells: cells whose `weighting` is "word": the correction is about all sentences of a cell.
        sample: the hand-coded sentences.
        sentences: sentence_id, document_id of (at least) the sampled sentences.
    Returns:
        Findings with `n` the hand-coded sentences used and the key `method`: `design` (the cell's own sample) or
        `rogan-gladen` (under 50 of its own: sensitivity and specificity of the whole sample, flag `borrowed`).
    Raises:
        DataError: fewer than 100 sentences of the sample stand in these documents.
    """
    places = (
        sentences.select("sentence_id", "document_id")
        .unique("sentence_id")
        .join(counts.documents.select("document_id", "row"), on="document_id")
    )
    row_of = dict(places.select("sentence_id", "row").iter_rows())
    kept = [i for i, name in enumerate(sample.sentence_id) if name in row_of]
    if len(kept) < MIN_SAMPLE:
        raise DataError(f"--corrected: only {len(kept)} of its sentences stand in the documents asked for. {NEEDS}")
    names = [sample.sentence_id[i] for i in kept]
    rows = np.array([row_of[name] for name in names])
    chance = np.array([sample.chance[i] for i in kept])
    coded = {(name, series) for name, series in counts.mentions.select("sentence_id", "series").iter_rows()}
    findings = []
    for index, series in enumerate(counts.series):
        human = np.array([float(bool(sample.codes[i] & set(series.codes))) for i in kept])
        machine = np.array([float((name, index) in coded) for name in names])
        for cell in cells:
            own = np.isin(rows, cell.rows)
            share = float(counts.hits[list(cell.rows), index].sum() / counts.sentences[list(cell.rows)].sum())
            error = float(cell.draws["per_100s"][:, index].std() / 100) if cell.draws else 0.0
            keys = {"code": series.name, "period": cell.period, "group": cell.group, "measure": "corrected_per_100s"}
            value, low, high, flag, method = None, None, None, "", "design"
            if own.sum() >= MIN_OWN and len(np.unique(rows[own])) >= 2:
                done = prediction_powered(
                    share, human[own], machine[own], chance[own], clusters=rows[own], share_error=error
                )
                value, low, high, n = done.value, done.low, done.high, done.n
            else:
                method, n, flag = "rogan-gladen", len(kept), "borrowed"
                value, low, high = _borrowed(share, human, machine, chance, rows, error)
                if value is None:
                    flag = "insufficient"
            findings.append(
                Finding(
                    what="rate",
                    keys={**keys, "method": method},
                    value=None if value is None else 100 * value,
                    low=None if low is None else 100 * low,
                    high=None if high is None else 100 * high,
                    n=n,
                    denominator=float(counts.sentences[list(cell.rows)].sum()),
                    flag=flag,
                )
            )
    return findings


def _borrowed(
    share: float, human: np.ndarray, machine: np.ndarray, chance: np.ndarray, rows: np.ndarray, error: float
) -> tuple[float | None, float | None, float | None]:
    """Rogan-Gladen with a bootstrap over the sample's documents; None where nobody said yes or the coder is useless."""
    kinds = np.unique(rows)
    members = [np.flatnonzero(rows == kind) for kind in kinds]
    rng = np.random.default_rng(20)
    try:
        value = rogan_gladen(share, *error_rates(human, machine, chance))
    except ValueError:
        return None, None, None
    draws = []
    for _ in range(500):
        chosen = np.concatenate([members[i] for i in rng.integers(0, len(kinds), len(kinds))])
        moved = float(np.clip(share + error * rng.standard_normal(), 0, 1))
        try:
            draws.append(rogan_gladen(moved, *error_rates(human[chosen], machine[chosen], chance[chosen])))
        except ValueError:
            continue
    if len(draws) < 250:
        return value, None, None
    low, high = np.quantile(draws, [0.025, 0.975])
    return value, float(low), float(high)

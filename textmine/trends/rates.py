"""Rates by year or programming period: per 10,000 words, per 100 sentences, shares of documents, with intervals.

Documents weigh the same by default: a year's rate is the mean of its documents' rates, so that two documents in a year
do not look like a rise and a long one does not drown the others. `weighting="word"` pools instead.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.errors import DataError
from textmine.records import Finding
from textmine.statistics.bootstrap import MIN_DOCUMENTS, ONE_STAGE_FROM, Resample, interval_bounds
from textmine.statistics.intervals import poisson_exact, student_quantile, wilson
from textmine.trends.counts import Counts, count_mentions

__all__ = [
    "MEASURES",
    "By",
    "Cell",
    "Group",
    "Spread",
    "Weighting",
    "borrowed_spread",
    "cell_interval",
    "cells_of",
    "rate_findings",
    "rates",
    "root_error",
]

Array: TypeAlias = NDArray[np.float64]
By: TypeAlias = Literal["year", "period", "all"]
Group: TypeAlias = Literal["region", "level", "type", "language"]
Weighting: TypeAlias = Literal["document", "word"]

#: Measure -> how many units of the denominator one rate is over.
MEASURES = {"per_100s": 100.0, "per_10k": 10_000.0}

#: A cell is thin with fewer documents, or fewer sentences: 3 / 300 is the upper limit of an unseen rate of one in 100.
THIN_SENTENCES = 100
#: Degrees of freedom that the spread of other cells must have before a thin cell may borrow it. A guess: Student's t
#: then reaches 3.2 standard deviations.
MIN_BORROWED_DEGREES = 3
#: With fewer degrees of freedom within cells, neighbouring years are looked at too.
MIN_WITHIN = 10
#: Degrees of freedom that one departure from the neighbours' line is worth (the variance of the mean square of n of
#: them is 35 / (9 n) times the squared variance, where n independent ones would have 2 / n).
GASSER_DEGREES = 18 / 35


@dataclass(frozen=True)
class Cell:
    """The documents of a period (and group) with the draws of their rates.

    `rows` index `Counts.documents`. `value` and `draws` hold, by measure, (n_series,) rates and (draws, n_series);
    `spread` (n_series,) standard deviations of the rates when only documents are drawn. The last two are empty where
    documents are too few for an interval of their own.
    """

    period: str
    group: str
    rows: tuple[int, ...]
    value: dict[str, Array]
    draws: dict[str, Array]
    spread: dict[str, Array]


def cells_of(
    counts: Counts,
    *,
    by: By = "year",
    group: Group | None = None,
    weighting: Weighting = "document",
    draws: int = 2000,
    seed: int = 20,
) -> list[Cell]:
    """The cells in order of group and time; a period without a document has none; `all` is one cell for all years."""
    if group is not None and group not in counts.documents.columns:
        raise DataError(f"--group {group}: the documents carry no {group}.")
    keys = counts.documents.select(
        "row",
        "year",
        key=pl.lit("all") if by == "all" else pl.col(by).cast(pl.String),
        group=pl.col(group).cast(pl.String).fill_null("") if group else pl.lit(""),
    )
    cells = []
    for (name, label), part in sorted(
        keys.group_by(["group", "key"]),
        key=lambda item: (item[0][0], int(item[1]["year"].cast(pl.Int64).sum() / item[1].height)),
    ):
        rows = tuple(sorted(part["row"].to_list()))
        rng = np.random.default_rng([seed, rows[0], len(rows)])
        cells.append(_cell(counts, str(label), str(name), rows, weighting, draws, rng))
    return cells


def _cell(
    counts: Counts,
    period: str,
    group: str,
    rows: tuple[int, ...],
    weighting: Weighting,
    draws: int,
    rng: np.random.Generator,
) -> Cell:
    index = np.array(rows)
    n_series = len(counts.series)
    hits = counts.hits[index]
    exposure = {"per_100s": counts.sentences[index], "per_10k": counts.words[index]}
    value = {}
    for measure, scale in MEASURES.items():
        if weighting == "document":
            value[measure] = scale * (hits / exposure[measure][:, None]).mean(axis=0)
        else:
            value[measure] = scale * hits.sum(axis=0) / exposure[measure].sum()
    if len(rows) < MIN_DOCUMENTS or (counts.is_coarse and len(rows) < ONE_STAGE_FROM):
        return Cell(period, group, rows, value, {}, {})
    resample = Resample(
        [len(counts.blocks[row]) for row in rows],
        multiplicities=[counts.repeats[row] for row in rows],
        draws=draws,
        rng=rng,
    )

    def contribution(document: int, weights: Array) -> Array:
        if resample.two_stage:
            totals = weights @ counts.blocks[rows[document]]
            found, sentences, words = totals[:, :n_series], totals[:, -2:-1], totals[:, -1:]
        else:
            row = rows[document]
            found = counts.hits[row][None, :]
            sentences, words = counts.sentences[[row]][:, None], counts.words[[row]][:, None]
        if weighting == "word":
            return np.hstack([found, sentences, words])
        return np.hstack([found / np.maximum(sentences, 1e-9), found / np.maximum(words, 1e-9)])

    def rates_of(sums: Array) -> dict[str, Array]:
        if weighting == "word":
            parts = {"per_100s": sums[:, :-2] / sums[:, -2:-1], "per_10k": sums[:, :-2] / sums[:, -1:]}
        else:
            parts = {"per_100s": sums[:, :n_series] / len(rows), "per_10k": sums[:, n_series:] / len(rows)}
        return {measure: MEASURES[measure] * part for measure, part in parts.items()}

    spread = {}
    for measure, scale in MEASURES.items():
        if weighting == "document":
            own = hits / exposure[measure][:, None]
        else:  # of a ratio, linearised
            mean = exposure[measure].mean()
            own = (hits - value[measure] / scale * exposure[measure][:, None]) / mean
        spread[measure] = scale * own.std(axis=0) / np.sqrt(len(rows))
    return Cell(period, group, rows, value, rates_of(resample.sums(contribution)), spread)


def rates(
    documents: pl.DataFrame,
    counts: pl.DataFrame,
    mentions: pl.DataFrame,
    *,
    blocks: pl.DataFrame | None = None,
    by: By = "year",
    group: Group | None = None,
    codes: Iterable[str] | None = None,
    known: Collection[str] | None = None,
    weighting: Weighting = "document",
    draws: int = 2000,
    seed: int = 20,
) -> list[Finding]:
    """Rates of codes over time; see `rate_findings` for what comes back and `count_mentions` for the frames."""
    counted = count_mentions(
        documents, counts, mentions, codes=codes, known=known, blocks=blocks, split_languages=group == "language"
    )
    return rate_findings(
        counted, cells_of(counted, by=by, group=group, weighting=weighting, draws=draws, seed=seed), group=group
    )


def rate_findings(counts: Counts, cells: list[Cell], *, group: Group | None = None) -> list[Finding]:
    """Three findings a series and cell: measures `per_10k`, `per_100s` and `documents`.

    Keys: code, period, measure, n_documents and the group's name where one is given. `n` is the number of sentences
    with the series (for `documents`: of documents), `denominator` the words, sentences or documents.
    Flags: `thin` (fewer than 3 documents or 100 sentences), `borrowed` (the interval of a thin cell takes the spread of
    rates from the other cells), `no interval` (there was nothing to borrow from).
    """
    findings = []
    spread = {measure: borrowed_spread(counts, cells, measure) for measure in MEASURES}
    evidence = _evidence(counts, cells)
    bounds: dict[tuple[int, str], Array] = {}
    for number, cell in enumerate(cells):
        if cell.draws:  # all series and measures at once: one by one takes a second for 35 codes
            draws = np.hstack(list(cell.draws.values()))
            own = np.concatenate(list(cell.spread.values()))
            ends = interval_bounds(draws, n_documents=len(cell.rows), spread=own)
            bounds |= {
                (number, measure): part
                for measure, part in zip(cell.draws, np.hsplit(ends, len(cell.draws)), strict=True)
            }
    for index, series in enumerate(counts.series):
        for number, cell in enumerate(cells):
            rows = np.array(cell.rows)
            n_documents = len(rows)
            keys = {"code": series.name, "period": cell.period, "n_documents": str(n_documents)}
            if group:
                keys[group] = cell.group
            n = float(counts.hits[rows, index].sum())
            thin = n_documents < MIN_DOCUMENTS or counts.sentences[rows].sum() < THIN_SENTENCES
            for measure in ("per_10k", "per_100s"):
                exposure = counts.words if measure == "per_10k" else counts.sentences
                low, high, flags = cell_interval(
                    counts, cell, measure, index, spread[measure][index], bounds.get((number, measure))
                )
                findings.append(
                    Finding(
                        what="rate",
                        keys={**keys, "measure": measure},
                        value=float(cell.value[measure][index]),
                        low=low,
                        high=high,
                        n=n,
                        denominator=float(exposure[rows].sum()),
                        flag=" ".join((["thin"] if thin else []) + flags),
                        evidence=evidence.get((number, index), ()),
                    )
                )
            having = int((counts.hits[rows, index] > 0).sum())
            low, high = wilson(having, n_documents)
            findings.append(
                Finding(
                    what="rate",
                    keys={**keys, "measure": "documents"},
                    value=having / n_documents,
                    low=low,
                    high=high,
                    n=having,
                    denominator=n_documents,
                    flag="thin" if n_documents < MIN_DOCUMENTS else "",
                    evidence=evidence.get((number, index), ()),
                )
            )
    return findings


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of the documents' root rates of a series, and the degrees of freedom it was had from."""

    deviation: float
    degrees: float


def root_error(counts: Counts, cell: Cell, measure: str, spread: Spread) -> float:
    """Standard error of a cell's root rate when it borrows the spread of others.

    It is never less than that of a Poisson count in a text of this length: the root of a count has the deviation 1/2.
    """
    exposure = _exposure(counts, cell, measure)
    return max(spread.deviation / math.sqrt(len(cell.rows)), 0.5 * math.sqrt(MEASURES[measure] / exposure))


def cell_interval(
    counts: Counts, cell: Cell, measure: str, index: int, spread: Spread, bounds: Array | None = None
) -> tuple[float | None, float | None, list[str]]:
    """(low, high, flags) of a cell's rate; `bounds` (2, n_series) spares their computation where a caller has them."""
    value = float(cell.value[measure][index])
    # what a text of this length without a hit leaves possible, were its sentences independent
    unseen = MEASURES[measure] * poisson_exact(0)[1] / _exposure(counts, cell, measure) if value == 0 else 0.0
    if bounds is None and cell.draws:
        bounds = interval_bounds(cell.draws[measure], n_documents=len(cell.rows), spread=cell.spread[measure])
    if bounds is not None:
        low, high = float(bounds[0, index]), float(bounds[1, index])
        if value > 0 or spread.degrees < MIN_BORROWED_DEGREES:
            return low, max(high, unseen), []
        # all draws of a zero are zero; what other cells vary by says how far above it may lie
    if spread.degrees < MIN_BORROWED_DEGREES:
        return None, None, ["no interval"]
    reach = student_quantile(spread.degrees) * root_error(counts, cell, measure, spread)
    root = math.sqrt(value)
    return max(root - reach, 0) ** 2, max((root + reach) ** 2, unseen), ["borrowed"]


def _exposure(counts: Counts, cell: Cell, measure: str) -> float:
    """Words or sentences of a cell."""
    return float((counts.words if measure == "per_10k" else counts.sentences)[list(cell.rows)].sum())


def borrowed_spread(counts: Counts, cells: Sequence[Cell], measure: str) -> list[Spread]:
    """For each series how much root rates of documents vary within cells.

    On the root, because the variance of a count grows with its mean (Anscombe): there one spread fits all cells. Where
    cells hold too few documents to tell (under `MIN_WITHIN` degrees of freedom), what each year departs from the line
    through its neighbours adds to it (Gasser, Sroka & Jennen-Steinmetz 1986): a trend drops out, a bend makes the
    spread larger than it is, and so the intervals wider.
    """
    exposure = counts.words if measure == "per_10k" else counts.sentences
    roots = np.sqrt(MEASURES[measure] * counts.hits / exposure[:, None])
    squares, degrees = np.zeros(len(counts.series)), 0.0
    for cell in cells:
        if len(cell.rows) > 1:
            own = roots[list(cell.rows)]
            squares += ((own - own.mean(axis=0)) ** 2).sum(axis=0)
            degrees += len(cell.rows) - 1
    if degrees < MIN_WITHIN:
        departures = _departures(roots, cells)
        if len(departures):
            gained = GASSER_DEGREES * len(departures)
            squares += gained * (departures**2).mean(axis=0)
            degrees += gained
    return [Spread(float(np.sqrt(square / degrees)) if degrees else 0.0, degrees) for square in squares]


def _departures(roots: Array, cells: Sequence[Cell]) -> Array:
    """(n, n_series) departures of each year's mean root rate from its neighbours' line, as of one document."""
    found = []
    for before, here, after in zip(cells, cells[1:], cells[2:], strict=False):
        if before.group != after.group or not all(cell.period.isdigit() for cell in (before, here, after)):
            continue
        years = [int(cell.period) for cell in (before, here, after)]
        share = (years[2] - years[1]) / (years[2] - years[0])
        means = [roots[list(cell.rows)].mean(axis=0) for cell in (before, here, after)]
        sizes = [len(cell.rows) for cell in (before, here, after)]
        variance = share**2 / sizes[0] + 1 / sizes[1] + (1 - share) ** 2 / sizes[2]
        found.append((share * means[0] + (1 - share) * means[2] - means[1]) / np.sqrt(variance))
    return np.array(found)


def _evidence(counts: Counts, cells: list[Cell]) -> dict[tuple[int, int], tuple[str, ...]]:
    """(number of the cell, number of the series) -> mention ids, sorted."""
    if "mention_id" not in counts.mentions.columns:
        return {}
    where = pl.DataFrame(
        [(row, number) for number, cell in enumerate(cells) for row in cell.rows],
        schema={"row": counts.mentions.schema["row"], "cell": pl.Int64},
        orient="row",
    )
    grouped = (
        counts.mentions.lazy()
        .join(where.lazy(), on="row")
        .group_by("cell", "series")
        .agg(pl.col("mention_id").sort())
        .collect()
    )
    return {(cell, series): tuple(ids) for cell, series, ids in grouped.select("cell", "series", "mention_id").rows()}

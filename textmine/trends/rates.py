"""Rates by year or programming period: per 10,000 words, per 100 sentences, shares of documents, with intervals.

Documents weigh the same by default: a year's rate is the mean of its documents' rates, so that two documents in a year
do not look like a rise and a long one does not drown the others. `weighting="word"` pools instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.errors import DataError
from textmine.records import Finding
from textmine.statistics.bootstrap import MIN_DOCUMENTS, ONE_STAGE_FROM, Resample, interval_bounds
from textmine.statistics.intervals import student_quantile, wilson
from textmine.trends.counts import Counts, count_mentions

__all__ = ["MEASURES", "By", "Cell", "Group", "Weighting", "borrowed_spread", "cells_of", "rate_findings", "rates"]

Array: TypeAlias = NDArray[np.float64]
By: TypeAlias = Literal["year", "period", "all"]
Group: TypeAlias = Literal["region", "level", "type", "language"]
Weighting: TypeAlias = Literal["document", "word"]

#: Measure -> how many units of the denominator one rate is over.
MEASURES = {"per_100s": 100.0, "per_10k": 10_000.0}

#: A cell is thin with fewer documents, or fewer sentences: 3 / 300 is the upper limit of an unseen rate of one in 100.
THIN_SENTENCES = 100
#: Degrees of freedom that the spread of other cells must have before a thin cell may borrow it.
MIN_BORROWED_DEGREES = 4


@dataclass(frozen=True)
class Cell:
    """The documents of a period (and group) with the draws of their rates.

    `rows` index `Counts.documents`. `value` and `draws` hold, by measure, (n_series,) rates and (draws, n_series);
    `spread` (n_series,) standard deviations of the rates when only documents are drawn. Both are empty without draws.
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

    drawn = rates_of(resample.sums(contribution))
    alone = rates_of(resample.sums_of_documents(contribution)) if resample.two_stage else drawn
    return Cell(period, group, rows, value, drawn, {measure: rates.std(axis=0) for measure, rates in alone.items()})


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
    bounds = {}
    for number, cell in enumerate(cells):
        for measure, draws in cell.draws.items():  # all series at once: one by one takes a second for 35 codes
            spread_alone = cell.spread[measure]
            bounds[number, measure] = interval_bounds(draws, n_documents=len(cell.rows), spread=spread_alone)
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
                low, high, flags = _interval(
                    cell, measure, index, spread[measure][index], bounds.get((number, measure))
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


def _interval(
    cell: Cell, measure: str, index: int, spread: tuple[float, int], bounds: Array | None
) -> tuple[float | None, float | None, list[str]]:
    if bounds is not None:
        low, high = float(bounds[0, index]), float(bounds[1, index])
        if cell.value[measure][index] > 0 or spread[1] < MIN_BORROWED_DEGREES:
            return low, high, []
        # all draws of a zero are zero; what other cells vary by says how far above it may lie
    if spread[1] < MIN_BORROWED_DEGREES:
        return None, None, ["no interval"]
    reach = student_quantile(spread[1]) * spread[0] / np.sqrt(len(cell.rows))
    root = np.sqrt(cell.value[measure][index])
    return float(max(root - reach, 0) ** 2), float((root + reach) ** 2), ["borrowed"]


def borrowed_spread(counts: Counts, cells: Sequence[Cell], measure: str) -> list[tuple[float, int]]:
    """For each series the pooled standard deviation of the documents' root rates within cells, and its degrees.

    On the root, because the variance of a count grows with its mean (Anscombe): there one spread fits all cells.
    """
    exposure = counts.words if measure == "per_10k" else counts.sentences
    roots = np.sqrt(MEASURES[measure] * counts.hits / exposure[:, None])
    squares, degrees = np.zeros(len(counts.series)), 0
    for cell in cells:
        if len(cell.rows) > 1:
            own = roots[list(cell.rows)]
            squares += ((own - own.mean(axis=0)) ** 2).sum(axis=0)
            degrees += len(cell.rows) - 1
    return [(float(np.sqrt(square / degrees)) if degrees else 0.0, degrees) for square in squares]


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

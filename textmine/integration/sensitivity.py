"""How far ranks hang on our choices: 1,000 runs that draw all choices at once (Saisana, Saltelli & Tarantola 2005).

Each run draws goalposts or percentile ranks, weights, the mean, the floor, one indicator left out, what a context is,
the score threshold, the answer table and a bootstrap sample of documents; regions are ranked anew. Shares of variance
come from a plain analysis of variance of the ranks on each choice; what no single choice explains is put down to the
documents drawn and to choices acting together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import rankdata

from textmine.errors import DataError
from textmine.integration.composite import SIDES, composite, scores
from textmine.integration.contexts import THEME, build_corpus
from textmine.integration.picture import CellPicture, picture_cells
from textmine.records import Finding

__all__ = ["sensitivity"]

Array: TypeAlias = NDArray[np.float64]

RUNS = 1000
UNITS = ("block", "sentence", "section")
THRESHOLDS = (0.4, 0.5, 0.6)
ANSWERS = ("table", "strict", "wide")
NORMALISED = ("goalposts", "ranks")
WEIGHTS = ("sides", "indicators", "dirichlet")
MEANS = ("geometric", "arithmetic", "harmonic")
FLOORS = (0.01, 0.05, 0.10)
#: Ranks spread over more than this share of the regions: publish groups, not ranks.
ROBUST = 0.5
#: Bootstrap samples of documents that the runs draw from, for each way of counting.
_SAMPLES = 200


def sensitivity(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
    runs: int = RUNS,
    seed: int = 20,
    theme: Collection[str] = THEME,
    min_documents: int = 3,
) -> list[Finding]:
    """Rank ranges of the cells and variance shares of the choices.

    Cells of one period are ranked among themselves; cells need `min_documents` and, in the plain way of counting,
    an indicator on each side. Alignment (S8b, S10) is left out: a thousand shufflings of each would take hours.

    Returns:
        Findings `rank`: value the median rank (1 = most tied in), low and high its 5-95 % range, `n` the runs,
        `denominator` the cells ranked, flag `not robust` where the range spans more than half of them; then findings
        `variance`: key `choice`, value its share in 0..1.
    Raises:
        DataError: fewer than three cells of a period can be ranked.
    """
    rng = np.random.default_rng(seed)
    ways = {
        (unit, threshold, answers): picture_cells(
            build_corpus(documents, blocks, mentions, specialisations, unit=unit, min_score=threshold, theme=theme),  # type: ignore[arg-type]
            specialisations,
            by=by,
            draws=_SAMPLES,
            seed=seed,
            answers=answers,  # type: ignore[arg-type]
            align=False,
        )
        for unit, threshold, answers in product(UNITS, THRESHOLDS, ANSWERS)
    }
    plain = ways["block", 0.5, "table"]
    groups: dict[str, list[tuple[str, str]]] = {}
    for cell in plain:
        sided = all(any(name in cell.enough for name in names) for names in SIDES.values())
        if len(cell.members) >= min_documents and sided and not cell.is_silent:
            groups.setdefault(cell.period, []).append((cell.region, cell.period))
    groups = {period: names for period, names in groups.items() if len(names) >= 3}
    if not groups:
        raise DataError(
            f"no period has three regions with an indicator on each side and {min_documents} documents or more: "
            "there is nothing to rank. Add documents, or pool the periods with --by region."
        )
    findings = []
    for period, names in groups.items():
        tables = {way: [_table(cells, name) for name in names] for way, cells in ways.items()}
        ranks, choices = _runs(tables, runs, rng)
        for place, (region, _) in enumerate(names):
            low, median, high = np.quantile(ranks[:, place], [0.05, 0.5, 0.95])
            findings.append(
                Finding(
                    "rank",
                    {"region": region, "period": period, "side": "composite", "indicator": "rank"},
                    float(median),
                    float(low),
                    float(high),
                    runs,
                    len(names),
                    "not robust" if high - low > ROBUST * len(names) else "",
                )
            )
        for choice, share in _variance_shares(ranks, choices).items():
            keys = {"region": "all", "period": period, "side": "composite", "indicator": "variance", "choice": choice}
            findings.append(Finding("variance", keys, share, None, None, runs, len(names)))
    return findings


def _table(cells: Sequence[CellPicture], name: tuple[str, str]) -> dict[str, Array]:
    """Scores (draws,) of the cell by indicator, for those with enough data; empty when the cell is not there."""
    for cell in cells:
        if (cell.region, cell.period) == name and cell.drawn is not None:
            found = scores(cell.drawn)
            allowed = {indicator for names in SIDES.values() for indicator in names} & cell.enough
            return {indicator: found[indicator] for indicator in allowed if indicator in found}
    return {}


def _runs(
    tables: Mapping[tuple[str, float, str], list[dict[str, Array]]], runs: int, rng: np.random.Generator
) -> tuple[Array, dict[str, list[Any]]]:
    """(runs, cells) ranks and the choices of each run."""
    n_cells = len(next(iter(tables.values())))
    indicators = [name for names in SIDES.values() for name in names if name not in ("S8b", "S10")]
    options: dict[str, Sequence[Any]] = {
        "context": UNITS, "threshold": THRESHOLDS, "answers": ANSWERS, "normalisation": NORMALISED,
        "weights": WEIGHTS, "mean": MEANS, "floor": FLOORS, "left out": ("", *indicators),
    }  # fmt: skip
    choices = {name: [values[i] for i in rng.integers(0, len(values), runs)] for name, values in options.items()}
    ranks = np.zeros((runs, n_cells))
    for run in range(runs):
        way = (choices["context"][run], choices["threshold"][run], choices["answers"][run])
        kept = [name for name in indicators if name != choices["left out"][run]]
        place = int(rng.integers(0, _SAMPLES))
        values = np.array(
            [[table[name][place] if name in table else np.nan for name in kept] for table in tables[way]]
        ).reshape(n_cells, len(kept))
        if choices["normalisation"][run] == "ranks":
            values = _percentile_ranks(values)
        result = _combine(values, kept, choices["weights"][run], choices["mean"][run], choices["floor"][run], rng)
        ranks[run] = rankdata(-np.where(np.isnan(result), -1, result))
    return ranks, choices


def _percentile_ranks(values: Array) -> Array:
    """Columns as ranks in 0..1 among the cells that have a value."""
    found = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        there = ~np.isnan(values[:, column])
        if there.sum() > 1:
            found[there, column] = (rankdata(values[there, column]) - 1) / (there.sum() - 1)
    return found


def _combine(values: Array, kept: list[str], weights: str, mean: Any, floor: float, rng: np.random.Generator) -> Array:
    """(cells,) composites of (cells, indicators) scores; what a cell lacks is left out of its means."""
    if weights == "indicators":
        filled = np.where(np.isnan(values), np.nanmean(np.maximum(values, floor)), values)
        return composite(filled, mean=mean, floor=floor)
    columns = {name: values[:, i] for i, name in enumerate(kept)}
    sides = []
    for names in SIDES.values():
        own = [name for name in names if name in columns]
        if not own:
            continue
        table = np.column_stack([columns[name] for name in own])
        there = ~np.isnan(table)
        count = there.sum(axis=1)
        sides.append(np.where(count > 0, np.where(there, table, 0).sum(axis=1) / np.maximum(count, 1), np.nan))
    stacked = np.column_stack(sides)
    stacked = np.where(np.isnan(stacked), 0, stacked)
    share = rng.dirichlet(np.full(stacked.shape[1], 10.0)) if weights == "dirichlet" else None
    return composite(stacked, weights=share, mean=mean, floor=floor)


def _variance_shares(ranks: Array, choices: Mapping[str, Sequence[Any]]) -> dict[str, float]:
    """Share of the variance of ranks explained by each choice alone, less what chance explains, and the rest."""
    total = float(ranks.var(axis=0).sum())
    shares: dict[str, float] = {}
    if total == 0:
        return dict.fromkeys([*choices, "documents and choices together"], 0.0)
    runs = len(ranks)
    for name, values in choices.items():
        kinds, groups = np.unique(np.array(values, dtype=str), return_inverse=True)
        explained = 0.0
        for kind in range(len(kinds)):
            own = ranks[groups == kind]
            explained += len(own) / runs * float(((own.mean(axis=0) - ranks.mean(axis=0)) ** 2).sum())
        # omega squared: k groups explain (k - 1) / (n - 1) of pure noise
        noise = (len(kinds) - 1) / (runs - 1)
        shares[name] = max(0.0, (explained / total - noise) / (1 - noise))
    shares["documents and choices together"] = max(0.0, 1 - sum(shares.values()))
    return shares

"""Does a region's cluster policy become more tied in: differences of its indicators between neighbouring periods."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.integration.composite import SIDES, composite, scores
from textmine.integration.contexts import THEME, build_corpus
from textmine.integration.picture import SCORED, SIDE_OF, CellPicture, picture_cells
from textmine.records import Finding
from textmine.statistics.bootstrap import percentile_interval

__all__ = ["integration_steps"]

Array: TypeAlias = NDArray[np.float64]


def integration_steps(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    draws: int = 2000,
    seed: int = 20,
    confirmed: Mapping[tuple[str, str], int] | None = None,
    theme: Collection[str] = THEME,
) -> list[Finding]:
    """Findings `change` for each region, indicator, side and composite that both of two neighbouring periods have.

    `value` is later less earlier, with the interval of the difference (documents of the two periods are drawn apart).
    Keys: region, period ("earlier > later"), side, indicator, before, after. `n` and `denominator` are the documents of
    the later and the earlier period. Flags: `not shown` (the interval holds 0), `no interval` (under 3 documents).
    """
    corpus = build_corpus(documents, blocks, mentions, specialisations, theme=theme)
    cells = picture_cells(corpus, specialisations, draws=draws, seed=seed, confirmed=confirmed)
    findings = []
    for before, after in pairwise(cells):
        if before.region != after.region:
            continue
        later = {(side, name): (value, drawn) for side, name, value, drawn in _shown(after)}
        for side, name, value, drawn in _shown(before):
            if (side, name) not in later:
                continue
            value_after, drawn_after = later[side, name]
            low = high = None
            if drawn is not None and drawn_after is not None:
                low, high = percentile_interval(
                    drawn_after - drawn, n_documents=min(len(before.members), len(after.members))
                )
            findings.append(
                Finding(
                    what="change",
                    keys={
                        "region": before.region,
                        "period": f"{before.period} > {after.period}",
                        "side": side,
                        "indicator": name,
                        "before": f"{value:.4f}",
                        "after": f"{value_after:.4f}",
                    },
                    value=value_after - value,
                    low=low,
                    high=high,
                    n=len(after.members),
                    denominator=len(before.members),
                    flag="no interval" if low is None or high is None else "not shown" if low <= 0 <= high else "",
                )
            )
    return findings


def _shown(cell: CellPicture) -> Iterator[tuple[str, str, float, Array | None]]:
    """(side, indicator, value, draws) of all that a cell shows and that has draws of its own."""
    scored = scores(cell.raw)
    drawn = scores(cell.drawn) if cell.drawn is not None else None
    for name, side in SIDE_OF.items():
        source, draws = (scored, drawn) if name in SCORED else (cell.raw, cell.drawn)
        if name in cell.enough and name in source and name not in cell.bounds and not np.isnan(source[name][0]):
            yield side, name, float(source[name][0]), draws[name] if draws is not None else None
    for i, side in enumerate(SIDES):
        if not np.isnan(cell.sides[i]):
            yield side, side, float(cell.sides[i]), cell.side_draws[:, i] if cell.side_draws is not None else None
    whole = composite(cell.sides[None, :])[0]
    if not np.isnan(whole):
        yield "composite", "I", float(whole), composite(cell.side_draws) if cell.side_draws is not None else None

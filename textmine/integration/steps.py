"""Does a region's cluster policy become more tied in: differences of its indicators between neighbouring periods."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.integration.bounds import widened
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
        later = {(side, name): (value, drawn, spread) for side, name, value, drawn, spread in _shown(after)}
        for side, name, value, drawn, spread in _shown(before):
            if (side, name) not in later:
                continue
            value_after, drawn_after, spread_after = later[side, name]
            low = high = None
            if drawn is not None and drawn_after is not None:
                low, high = percentile_interval(
                    drawn_after - drawn,
                    n_documents=min(len(before.members), len(after.members)),
                    alone=float(np.hypot(spread, spread_after)),
                )
                first, last = before.loose.get(name, (value, value)), after.loose.get(name, (value_after, value_after))
                for loose in (
                    (value_after - first[1], value_after - first[0]),
                    (last[0] - value, last[1] - value),
                ):
                    low, high = widened((low, high), loose)
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


def _shown(cell: CellPicture) -> Iterator[tuple[str, str, float, Array | None, float]]:
    """(side, indicator, value, draws, spread of documents alone) of all that a cell shows and that has draws."""
    scored = scores(cell.raw)
    drawn = scores(cell.drawn) if cell.drawn is not None else None
    alone = scores(cell.alone) if cell.alone is not None else None
    for name, side in SIDE_OF.items():
        source, draws, only = (scored, drawn, alone) if name in SCORED else (cell.raw, cell.drawn, cell.alone)
        if name in cell.enough and name in source and name not in cell.bounds and not np.isnan(source[name][0]):
            spread = float(np.nanstd(only[name])) if only and name in only else 0.0
            yield side, name, float(source[name][0]), draws[name] if draws is not None else None, spread
    sides, only_sides = cell.side_draws, cell.side_alone
    for i, side in enumerate(SIDES):
        if not np.isnan(cell.sides[i]):
            spread = float(np.nanstd(only_sides[:, i])) if only_sides is not None else 0.0
            yield side, side, float(cell.sides[i]), sides[:, i] if sides is not None else None, spread
    whole = composite(cell.sides[None, :])[0]
    if not np.isnan(whole):
        spread = float(np.nanstd(composite(only_sides))) if only_sides is not None else 0.0
        yield "composite", "I", float(whole), composite(sides) if sides is not None else None, spread

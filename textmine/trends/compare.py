"""Two periods side by side, and who leads in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from textmine.errors import DataError
from textmine.records import Finding
from textmine.trends.counts import Counts
from textmine.trends.rates import Cell

__all__ = ["dominance", "log_odds", "period_log_odds"]

Array: TypeAlias = NDArray[np.float64]


def log_odds(first: Array, second: Array, prior: Array) -> tuple[Array, Array]:
    """Log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).

    Args:
        first, second: (n,) counts of the same words or codes in two groups.
        prior: (n,) pseudo-counts, all above 0, such as counts of the whole corpus scaled down.
    Returns:
        (d, se): d above 0 leans to the first group; |d / se| > 1.96 is worth a look. se ignores that words cluster in
        documents: show in how many documents each stands.
    Raises:
        ValueError: a prior is not above 0.
    """
    if np.any(prior <= 0):
        raise ValueError("each prior count must be above 0")
    total = prior.sum()
    a, b = first + prior, second + prior
    d = np.log(a / (first.sum() + total - a)) - np.log(b / (second.sum() + total - b))
    return d, np.sqrt(1 / a + 1 / b)


def period_log_odds(counts: Counts, cells: Sequence[Cell], first: str, second: str) -> list[Finding]:
    """Which series lean to which of two periods, among all series asked for; strongest first.

    The prior is the corpus's mix with the weight of ten mentions a series. Keys: code, period ("second > first"), z,
    and in how many documents of each period the series stands. Above 0 leans to `second`.

    Raises:
        DataError: a period is not there.
    """
    found: dict[str, list[int]] = {}
    for cell in cells:
        found.setdefault(cell.period, []).extend(cell.rows)
    for period in (first, second):
        if period not in found:
            raise DataError(f"--compare: no document in {period}. There are: {', '.join(found)}.")
    a, b = counts.hits[found[second]], counts.hits[found[first]]
    prior = counts.hits.sum(axis=0) + 0.5
    prior = prior / prior.sum() * 10 * len(prior)
    d, error = log_odds(a.sum(axis=0), b.sum(axis=0), prior)
    findings = [
        Finding(
            what="comparison",
            keys={
                "code": series.name,
                "period": f"{first} > {second}",
                "test": "log-odds",
                "z": f"{d[i] / error[i]:.2f}",
                "n_documents": f"{int((b[:, i] > 0).sum())} > {int((a[:, i] > 0).sum())}",
            },
            value=float(d[i]),
            low=float(d[i] - 1.96 * error[i]),
            high=float(d[i] + 1.96 * error[i]),
            n=float(a[:, i].sum() + b[:, i].sum()),
            denominator=float(a.sum() + b.sum()),
            flag="" if abs(d[i]) > 1.96 * error[i] else "not shown",
        )
        for i, series in enumerate(counts.series)
    ]
    return sorted(findings, key=lambda finding: -abs(float(finding.keys["z"])))


def dominance(counts: Counts, cells: Sequence[Cell], family: str) -> list[Finding]:
    """Which code of a family leads in each cell, and how sure that is.

    One finding a code that leads in at least one draw in twenty, and always the leader, most probable first: `value` is
    the share of bootstrap draws (documents, then blocks) in which the code has the highest rate per 100 sentences; ties
    are split. Keys: code, period, group, rank, rate, n_documents. Flags: `thin` (under 3 documents: the leader of these
    texts, no probability), `unclear` (the leader has less than .5), `none` (no mention at all, value empty).

    Raises:
        DataError: no series belongs to the family.
    """
    own = [i for i, series in enumerate(counts.series) if series.name.startswith(f"{family}.")]
    if not own:
        raise DataError(f"--leading {family}: no such family. `textmine codebook show` lists them.")
    findings = []
    for cell in cells:
        rates = cell.value["per_100s"][own]
        rows = list(cell.rows)
        denominator = float(counts.sentences[rows].sum())
        keys = {"period": cell.period, "group": cell.group, "n_documents": str(len(rows))}
        if rates.max() == 0:
            findings.append(Finding("dominance", {**keys, "code": ""}, None, None, None, 0, denominator, "none"))
            continue
        chance = None
        if cell.draws:
            drawn = cell.draws["per_100s"][:, own]
            top = drawn == drawn.max(axis=1, keepdims=True)
            chance = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
        order = np.lexsort((-rates, -(chance if chance is not None else rates)))
        for rank, place in enumerate(order, start=1):
            if rank > 1 and (chance is None or chance[place] < 0.05):
                break
            flag = "thin" if chance is None else "unclear" if rank == 1 and chance[place] < 0.5 else ""
            findings.append(
                Finding(
                    what="dominance",
                    keys={
                        **keys,
                        "code": counts.series[own[place]].name,
                        "rank": str(rank),
                        "rate_per_100s": f"{rates[place]:.2f}",
                    },
                    value=None if chance is None else float(chance[place]),
                    low=None,
                    high=None,
                    n=float(counts.hits[rows, own[place]].sum()),
                    denominator=denominator,
                    flag=flag,
                    evidence=counts.evidence(rows, own[place]),
                )
            )
    return findings

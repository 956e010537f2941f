"""Shares of topics by year, period or any other group, with intervals from resampled documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from textmine.errors import DataError
from textmine.records import Finding
from textmine.statistics import bootstrap_sums, percentile_interval, period_of
from textmine.topics.model import TopicModel

__all__ = ["GROUPINGS", "compare_groups", "topic_shares"]

#: What a share can be split by.
GROUPINGS = ("year", "period", "region", "level", "type", "language")
#: Fewer documents than this in a group are flagged: a share of one or two texts says little of a time.
MIN_DOCUMENTS = 3


def topic_shares(
    model: TopicModel, documents: pl.DataFrame, *, by: str = "year", draws: int = 2000, seed: int = 20
) -> list[Finding]:
    """Share of each topic in the words of each group, 0 to 1; the shares of a group sum to 1 unless topics are hidden.

    Args:
        documents: `document_id, year, region, level, type`; documents that are not in it are left out.
        by: one of GROUPINGS.
    Returns:
        Findings `topic` with keys topic, `by`, n_documents; n is the words given to the topic, the denominator all
        words that any topic claims. Groups ascend; flag `few documents` below three, then without an interval.
    Raises:
        DataError: `by` is something else.
    """
    shares = model.shares()
    findings = []
    for group, rows_by_document in sorted(_group_rows(model, documents, by).items()):
        totals, drawn = _sums(model, shares, list(rows_by_document.values()), draws=draws, seed=seed)
        n_documents = len(rows_by_document)
        for k, topic in enumerate(model.topics()):
            with np.errstate(divide="ignore", invalid="ignore"):
                low, high = percentile_interval(drawn[:, k] / drawn[:, -1], n_documents=n_documents)
            findings.append(
                Finding(
                    what="topic",
                    keys={"topic": topic.topic, by: group, "n_documents": str(n_documents)},
                    value=float(totals[k] / totals[-1]) if totals[-1] > 0 else None,
                    low=low,
                    high=high,
                    n=round(float(totals[k]), 1),
                    denominator=round(float(totals[-1]), 1),
                    flag="few documents" if n_documents < MIN_DOCUMENTS else "",
                )
            )
    return findings


def compare_groups(
    model: TopicModel,
    documents: pl.DataFrame,
    first: str,
    second: str,
    *,
    by: str,
    draws: int = 2000,
    seed: int = 20,
) -> list[Finding]:
    """Difference of each topic's share, first group minus second, with an interval.

    Returns:
        Findings `topic` with keys topic, first, second, share_first, share_second (four decimals); n and denominator
        are the numbers of documents.
    Raises:
        DataError: a group has no document.
    """
    groups = _group_rows(model, documents, by)
    for name in (first, second):
        if name not in groups:
            raise DataError(f"no document with {by} {name}. There are: {', '.join(sorted(groups))}.")
    shares = model.shares()
    results = [
        _sums(model, shares, list(groups[name].values()), draws=draws, seed=seed + i)
        for i, name in enumerate((first, second))
    ]
    fewest = min(len(groups[first]), len(groups[second]))
    findings = []
    for k, topic in enumerate(model.topics()):
        with np.errstate(divide="ignore", invalid="ignore"):
            values = [totals[k] / totals[-1] for totals, _ in results]
            drawn = [sums[:, k] / sums[:, -1] for _, sums in results]
        low, high = percentile_interval(drawn[0] - drawn[1], n_documents=fewest)
        findings.append(
            Finding(
                what="topic",
                keys={
                    "topic": topic.topic,
                    "first": first,
                    "second": second,
                    "share_first": f"{values[0]:.4f}",
                    "share_second": f"{values[1]:.4f}",
                },
                value=float(values[0] - values[1]),
                low=low,
                high=high,
                n=float(len(groups[first])),
                denominator=float(len(groups[second])),
                flag="few documents" if fewest < MIN_DOCUMENTS else "",
            )
        )
    return findings


def _group_rows(model: TopicModel, documents: pl.DataFrame, by: str) -> dict[str, dict[str, list[int]]]:
    """Group -> document -> rows of its units."""
    if by not in GROUPINGS:
        raise DataError(f"topics are split by {', '.join(GROUPINGS)}; found {by!r}.")
    groups: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    known: Mapping[str, str] = {} if by == "language" else _document_groups(documents, by)
    ids = set(documents["document_id"].to_list())
    for row, unit in enumerate(model.units):
        if unit.document_id not in ids:
            continue
        group = unit.language if by == "language" else known.get(unit.document_id, "")
        if group:
            groups[group][unit.document_id].append(row)
    return groups


def _document_groups(documents: pl.DataFrame, by: str) -> dict[str, str]:
    """Document -> group; documents without a value are left out."""
    column = "year" if by == "period" else by
    rows = documents.select("document_id", column).iter_rows()
    found = {document_id: value for document_id, value in rows if value not in (None, "")}
    return {key: period_of(value) if by == "period" else str(value) for key, value in found.items()}


def _sums(
    model: TopicModel, shares: np.ndarray, rows_of_documents: Sequence[Sequence[int]], *, draws: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """(n_topics + 1,) words of each topic and of all that is claimed, and (draws, n_topics + 1) resampled ones."""
    words = np.array([unit.n_words for unit in model.units], dtype=np.float64)
    claimed = words * (model.weights.sum(axis=1) > 0)
    columns = np.column_stack([shares * words[:, None], claimed])
    blocks = [columns[list(rows)] for rows in rows_of_documents]
    totals = np.sum([block.sum(axis=0) for block in blocks], axis=0)
    return totals, bootstrap_sums(blocks, draws=draws, seed=seed)

"""Two tables behind the indicators: which instruments stand by which barrier, and which priorities clusters go with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.integration.answers import answer_matrix
from textmine.integration.contexts import BARRIERS, INSTRUMENTS, PRIORITIES, Corpus, build_corpus
from textmine.integration.indicators import excess
from textmine.statistics.bootstrap import MIN_DOCUMENTS, Resample, percentile_interval
from textmine.statistics.intervals import wilson

__all__ = ["answer_rows", "cells_of_regions", "coupling_rows"]

Array: TypeAlias = NDArray[np.float64]
Row: TypeAlias = dict[str, Any]


def answer_rows(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
    draws: int = 2000,
    seed: int = 20,
) -> list[Row]:
    """Barrier x instrument: which instruments stand by which barrier of clusters; pairs that do not occur are left out.

    `n` of `denominator` cluster contexts with the barrier stand in a section where a cluster context has the
    instrument; `share` is their quotient with its interval over documents (none under 3). `answers`: whether the table
    of answers holds the pair. `evidence`: ids of the mentions of both.
    """
    corpus = build_corpus(documents, blocks, mentions, specialisations)
    answers = answer_matrix()
    rows = []
    for region, period, members in cells_of_regions(corpus, by):
        tables, named = [], []
        pairs: dict[tuple[int, int], set[str]] = {}
        for d in members:
            table, own = _answers_of(corpus, d, pairs)
            tables.append(table)
            named.append(own)
        total, barriers = np.sum(tables, axis=0), np.sum(named, axis=0)
        papers = [np.concatenate([table.ravel(), own]) for table, own in zip(tables, named, strict=True)]
        low, high = _intervals(papers, _answer_shares, draws=draws, seed=seed)
        for b, i in zip(*np.nonzero(total), strict=True):
            place = int(b) * len(INSTRUMENTS) + int(i)
            rows.append(
                {
                    "region": region,
                    "period": period,
                    "barrier": BARRIERS[b],
                    "instrument": INSTRUMENTS[i],
                    "n": int(total[b, i]),
                    "denominator": int(barriers[b]),
                    "share": round(float(total[b, i] / barriers[b]), 4),
                    "low": low[place],
                    "high": high[place],
                    "answers": bool(answers[b, i]),
                    "n_documents": len(members),
                    "evidence": sorted(pairs.get((int(b), int(i)), ())),
                }
            )
    return rows


def _answers_of(corpus: Corpus, d: int, pairs: dict[tuple[int, int], set[str]]) -> tuple[Array, Array]:
    """(10, 7) cluster contexts with a barrier beside an instrument of their section, (10,) with the barrier.

    The ids of the mentions are added to `pairs`.
    """
    span = slice(int(corpus.ends[d]), int(corpus.ends[d + 1]))
    places = np.flatnonzero(corpus.theme[span] > 0)
    barriers, instruments = corpus.columns(BARRIERS, span)[places], corpus.columns(INSTRUMENTS, span)[places]
    sections = corpus.section[span][places]
    ids = _mention_ids(corpus, d)
    table = np.zeros((len(BARRIERS), len(INSTRUMENTS)))
    for section in np.unique(sections):
        here = sections == section
        found = np.outer(barriers[here].sum(axis=0), instruments[here].max(axis=0))
        table += found
        contexts = places[here] + span.start
        for b, i in zip(*np.nonzero(found), strict=True):
            codes = (BARRIERS[b], INSTRUMENTS[i])
            pairs.setdefault((int(b), int(i)), set()).update(
                name for context in contexts for code in codes for name in ids.get((int(context), code), ())
            )
    return table, barriers.sum(axis=0)


def coupling_rows(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
    draws: int = 2000,
    seed: int = 20,
) -> list[Row]:
    """Priority x cluster: which areas stand beside clusters more often than elsewhere in the same documents.

    `share`: of the cell's cluster contexts with the priority (`n` of `denominator`). `around`: its share in the cell's
    other contexts. `excess` of the one over the other with its interval (documents, then contexts redrawn; none under 3
    documents). `own`: whether it is a smart specialisation of the region. `evidence`: ids of the mentions.
    """
    corpus = build_corpus(documents, blocks, mentions, specialisations)
    rows = []
    width = len(PRIORITIES)
    for region, period, members in cells_of_regions(corpus, by):
        papers = []
        ids: dict[str, list[str]] = {}
        for d in members:
            span = slice(int(corpus.ends[d]), int(corpus.ends[d + 1]))
            hit = (corpus.theme[span] > 0).astype(np.float64)[:, None]
            codes = corpus.columns(PRIORITIES, span)
            papers.append(np.hstack([hit, codes * hit, 1 - hit, codes * (1 - hit)]))
            for (context, code), names in _mention_ids(corpus, d).items():
                if code in PRIORITIES and corpus.theme[context] > 0:
                    ids.setdefault(code, []).extend(names)
        point = np.vstack(papers).sum(axis=0)
        n_theme, n_other = point[0], point[width + 1]
        if not n_theme:
            continue

        low, high = _intervals(papers, _excesses, draws=draws, seed=seed)
        for column, code in enumerate(PRIORITIES):
            n = int(point[1 + column])
            share = n / n_theme
            around = float(point[width + 2 + column] / n_other) if n_other else 0.0
            top = high[column]
            if n == 0 and top is not None:  # a share of 0 is one that no draw can leave
                top = max(top, round(float(excess(wilson(0, n_theme)[1], around)), 4))
            rows.append(
                {
                    "region": region,
                    "period": period,
                    "priority": code,
                    "own": code in specialisations.get(region, ()),
                    "n": n,
                    "denominator": int(n_theme),
                    "share": round(float(share), 4),
                    "around": round(around, 4),
                    "excess": round(float(excess(share, around)), 4) if around < 1 else None,
                    "low": low[column],
                    "high": top,
                    "n_documents": len(members),
                    "evidence": sorted(ids.get(code, ())),
                }
            )
    return rows


def _answer_shares(sums: Array) -> Array:
    """(rows, 70) of the barriers of each kind, the share that stands beside each instrument."""
    size = len(BARRIERS) * len(INSTRUMENTS)
    pairs = sums[:, :size].reshape(len(sums), len(BARRIERS), len(INSTRUMENTS))
    return np.asarray((pairs / np.maximum(sums[:, size:, None], 1e-9)).reshape(len(sums), -1))


def _excesses(sums: Array) -> Array:
    """(rows, 11) excess of each priority beside clusters over its share in other contexts."""
    width = len(PRIORITIES)
    beside = sums[:, 1 : width + 1] / np.maximum(sums[:, :1], 1e-9)
    around = sums[:, width + 2 :] / np.maximum(sums[:, width + 1 : width + 2], 1e-9)
    return excess(beside, around)


def _intervals(
    papers: Sequence[Array], formula: Callable[[Array], Array], *, draws: int, seed: int
) -> tuple[list[float | None], list[float | None]]:
    """Lower and upper ends of `formula` ((rows, k) sums -> (rows, m)) over redrawn documents.

    `papers`: (n_contexts, k) of each document, whose contexts are redrawn too; or (k,) its sums.
    """
    rows = [np.atleast_2d(paper) for paper in papers]
    nothing: list[float | None] = [None] * formula(rows[0].sum(axis=0, keepdims=True)).shape[1]
    if len(rows) < MIN_DOCUMENTS:
        return nothing, list(nothing)
    kinds = [np.unique(paper, axis=0, return_counts=True) for paper in rows]
    resample = Resample(
        [len(kind) for kind, _ in kinds],
        draws=draws,
        rng=np.random.default_rng([seed, len(rows)]),
        multiplicities=[repeats.astype(np.float64) for _, repeats in kinds],
    )

    def measure(document: int, weights: Array) -> Array:
        return np.asarray(weights @ kinds[document][0])

    drawn, alone = formula(resample.sums(measure)), formula(resample.sums_of_documents(measure))
    ends = [percentile_interval(drawn[:, i], n_documents=len(rows), alone=alone[:, i]) for i in range(drawn.shape[1])]
    low, high = ([None if value is None else round(value, 4) for value in column] for column in zip(*ends, strict=True))
    return low, high


def _mention_ids(corpus: Corpus, d: int) -> dict[tuple[int, str], list[str]]:
    """(context, code) -> ids of the mentions in a document; empty where the frame came without ids."""
    if "mention_id" not in corpus.mentions.columns:
        return {}
    found: dict[tuple[int, str], list[str]] = {}
    own = corpus.mentions.filter(pl.col("d") == d)
    for context, code, name in own.select("context", "code", "mention_id").iter_rows():
        found.setdefault((context, code), []).append(name)
    return found


def cells_of_regions(corpus: Corpus, by: Sequence[str]) -> Iterator[tuple[str, str, list[int]]]:
    """(region, period, documents) in order; only documents that belong to a region."""
    own = corpus.documents.filter(pl.col("region") != "").with_columns(
        r=pl.col("region") if "region" in by else pl.lit("all"),
        p=pl.col("period") if "period" in by else pl.lit("all"),
    )
    groups = own.group_by("r", "p").agg(pl.col("d"), pl.col("year").min()).sort("r", "year")
    for region, period, members in groups.select("r", "p", "d").iter_rows():
        yield region, period, sorted(members)

"""Two tables behind the indicators: which instruments stand by which barrier, and which priorities clusters go with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.integration.answers import answer_matrix
from textmine.integration.contexts import BARRIERS, INSTRUMENTS, PRIORITIES, Corpus, build_corpus
from textmine.integration.indicators import excess

__all__ = ["answer_rows", "coupling_rows"]

Array: TypeAlias = NDArray[np.float64]
Row: TypeAlias = dict[str, Any]


def answer_rows(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
) -> list[Row]:
    """Barrier x instrument: which instruments stand by which barrier of clusters; pairs that do not occur are left out.

    `n`: cluster contexts that name the barrier, in sections where a cluster context has the instrument. `answers`:
    whether the table of answers holds the pair.
    """
    corpus = build_corpus(documents, blocks, mentions, specialisations)
    answers = answer_matrix()
    rows = []
    for region, period, members in _cells(corpus, by):
        table = np.zeros((len(BARRIERS), len(INSTRUMENTS)))
        for d in members:
            span = slice(int(corpus.ends[d]), int(corpus.ends[d + 1]))
            hit = corpus.theme[span] > 0
            barriers, instruments = corpus.columns(BARRIERS, span)[hit], corpus.columns(INSTRUMENTS, span)[hit]
            sections = corpus.section[span][hit]
            for section in np.unique(sections):
                here = sections == section
                table += np.outer(barriers[here].sum(axis=0), instruments[here].max(axis=0))
        for b, i in zip(*np.nonzero(table), strict=True):
            rows.append(
                {
                    "region": region,
                    "period": period,
                    "barrier": BARRIERS[b],
                    "instrument": INSTRUMENTS[i],
                    "n": int(table[b, i]),
                    "answers": bool(answers[b, i]),
                }
            )
    return rows


def coupling_rows(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
) -> list[Row]:
    """Priority x cluster: which areas stand beside clusters more often than elsewhere in the same documents.

    `share`: of the cell's cluster contexts with the priority (`n` of `denominator`). `around`: its share in the cell's
    other contexts. `excess` of the one over the other. `own`: whether it is a smart specialisation of the region.
    """
    corpus = build_corpus(documents, blocks, mentions, specialisations)
    rows = []
    for region, period, members in _cells(corpus, by):
        places = np.concatenate([np.arange(corpus.ends[d], corpus.ends[d + 1]) for d in members])
        hit = corpus.theme[places] > 0
        if not hit.any():
            continue
        table = corpus.columns(PRIORITIES)[places]
        for column, code in enumerate(PRIORITIES):
            n = int(table[hit, column].sum())
            share = n / int(hit.sum())
            around = float(table[~hit, column].mean()) if not hit.all() else 0.0
            rows.append(
                {
                    "region": region,
                    "period": period,
                    "priority": code,
                    "own": code in specialisations.get(region, ()),
                    "n": n,
                    "denominator": int(hit.sum()),
                    "share": round(share, 4),
                    "around": round(around, 4),
                    "excess": round(float(excess(share, around)), 4) if around < 1 else None,
                }
            )
    return rows


def _cells(corpus: Corpus, by: Sequence[str]) -> Iterator[tuple[str, str, list[int]]]:
    """(region, period, documents) in order; only documents that belong to a region."""
    own = corpus.documents.filter(pl.col("region") != "").with_columns(
        r=pl.col("region") if "region" in by else pl.lit("all"),
        p=pl.col("period") if "period" in by else pl.lit("all"),
    )
    groups = own.group_by("r", "p").agg(pl.col("d"), pl.col("year").min()).sort("r", "year")
    for region, period, members in groups.select("r", "p", "d").iter_rows():
        yield region, period, sorted(members)

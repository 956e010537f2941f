"""Frames of the store -> one table of counts by document and block: what all of `trends` works on.

A mention counts once per sentence and series; negated mentions do not count. A series is a code or a whole family.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.errors import DataError
from textmine.statistics.periods import period_of

__all__ = ["Counts", "Series", "count_mentions", "match_series"]

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Series:
    """What is counted together: `name` is a code, or a family such as `barrier`; `codes` are its codes."""

    name: str
    codes: tuple[str, ...]


#: Codes that a family's series leaves out. Energy clusters are another law, from 2016: with them statements on clusters
#: would jump in that year.
APART = frozenset({"cluster.energy"})


def match_series(patterns: Iterable[str] | None, known: Collection[str]) -> tuple[Series, ...]:
    """Patterns -> series, in the order asked.

    `barrier.*` gives each code its series, `barrier` one series of the whole family (energy clusters are not in
    `cluster`), `barrier.trust` itself. None asks for each known code. A full code that is not known gives a series
    without a hit: zero is an answer.

    Raises:
        DataError: a pattern with a wildcard, or a family, matches nothing.
    """
    codes = sorted(known)
    if not patterns:
        return tuple(Series(code, (code,)) for code in codes)
    found: dict[str, Series] = {}
    for pattern in patterns:
        family = tuple(code for code in codes if code.startswith(f"{pattern}.") and code not in APART)
        # a query is a series by its own name, whatever marks it holds
        if pattern in known or ("." in pattern and not any(mark in pattern for mark in "*?[")):
            matches = [Series(pattern, (pattern,))]
        elif family:
            matches = [Series(pattern, family)]
        else:
            matches = [Series(code, (code,)) for code in codes if fnmatchcase(code, pattern)]
        if not matches:
            raise DataError(f"--code {pattern}: no such code here. `textmine codebook show` lists them.")
        for series in matches:
            found.setdefault(series.name, series)
    return tuple(found.values())


@dataclass(frozen=True)
class Counts:
    """Sentences with each series, by document and by block.

    `documents` has one row a document that has a year and a sentence, with `period` added; row d belongs to index d of
    the arrays. `hits[d]`: (n_series,) distinct sentences. `blocks[d]`: (k_d, n_series + 2) the same by block, then the
    block's sentences and words; blocks without any hit stand as equal average blocks in the last row, `repeats[d]`
    says how many each row stands for (that is exact for hits and within a percent for the denominators).
    `is_coarse`: blocks were not kept, so that cells of fewer than 20 documents have no interval.
    """

    documents: pl.DataFrame
    series: tuple[Series, ...]
    hits: Array
    sentences: Array
    words: Array
    blocks: tuple[Array, ...]
    repeats: tuple[Array, ...]
    mentions: pl.DataFrame
    is_coarse: bool = False

    @property
    def n_documents(self) -> int:
        """Documents that count."""
        return self.documents.height

    def evidence(self, rows: Sequence[int], series: int) -> tuple[str, ...]:
        """Mention ids behind a series in some documents; empty when the frame came without ids."""
        if "mention_id" not in self.mentions.columns:
            return ()
        chosen = self.mentions.filter(pl.col("series") == series, pl.col("row").is_in(list(rows)))
        return tuple(chosen["mention_id"].sort())


def count_mentions(
    documents: pl.DataFrame,
    counts: pl.DataFrame,
    mentions: pl.DataFrame,
    *,
    codes: Iterable[str] | None = None,
    known: Collection[str] | None = None,
    blocks: pl.DataFrame | None = None,
    split_languages: bool = False,
    coarse: bool = False,
) -> Counts:
    """Count mentions of some codes by document and block.

    Args:
        documents: document_id, year and what may be grouped by (region, level, type, languages).
        counts: document_id, n_sentences, n_words of the body, perhaps language; rows of one document (one a language)
            are summed. Text without a language (numbers in cells of tables: an eighth of the sample corpus's
            "sentences") is not in the denominators.
        mentions: sentence_id, block_id, document_id, code, negated, perhaps mention_id; maybe of more documents.
        codes: patterns as in `match_series`.
        known: all codes there are; None: those seen in `mentions`.
        blocks: block_id, document_id, n_sentences, n_words; None: a block is as long as the document's average.
        split_languages: the Polish and the English part of a bilingual document count as two documents, with a column
            `language`, from 10 sentences on; needs `language` in counts, mentions and blocks.
        coarse: keep no blocks; enough, and faster, where each cell has 20 documents.
    Raises:
        DataError: no document has a year.
    """
    if split_languages:
        documents, counts, mentions, blocks = _by_language(documents, counts, mentions, blocks)
    counts = _with_words(counts)
    blocks = None if blocks is None else _with_words(blocks)
    totals = counts.group_by("document_id").agg(pl.col("n_sentences", "n_words").sum())
    kept = (
        documents.drop([c for c in ("n_sentences", "n_words") if c in documents.columns])
        .join(totals, on="document_id")
        .filter(pl.col("year").is_not_null(), pl.col("n_sentences") > 0, pl.col("n_words") > 0)
        .sort("year", "document_id")
        .with_row_index("row")
    )
    if kept.height == 0:
        raise DataError("no document with a year and a sentence. Give years with --metadata FILE.csv at ingest.")
    periods = {year: period_of(year) for year in kept["year"].unique()}
    kept = kept.with_columns(
        period=pl.col("year").replace_strict(periods, return_dtype=pl.String),
        year=pl.col("year").cast(pl.Int64),
    )
    series = match_series(codes, known if known is not None else mentions["code"].unique().to_list())
    where = pl.DataFrame(
        [(code, index) for index, one in enumerate(series) for code in one.codes],
        schema={"code": pl.String, "series": pl.Int64},
        orient="row",
    )
    places = kept.select("document_id", "row")
    found = (
        mentions.lazy()
        .filter(~pl.col("negated"))
        .join(where.lazy(), on="code")
        .join(places.lazy(), on="document_id")
        .unique(["sentence_id", "series"], keep="first", maintain_order=False)
        .collect()
    )
    hits = np.zeros((kept.height, len(series)))
    np.add.at(hits, (found["row"].to_numpy(), found["series"].to_numpy()), 1)
    if coarse:
        by_block = (np.zeros((0, len(series) + 2)),) * kept.height
        repeats = (np.zeros(0),) * kept.height
    else:
        by_block, repeats = _block_table(kept, found, len(series), blocks)
    return Counts(
        documents=kept,
        series=series,
        hits=hits,
        sentences=kept["n_sentences"].cast(pl.Float64).to_numpy(),
        words=kept["n_words"].cast(pl.Float64).to_numpy(),
        blocks=by_block,
        repeats=repeats,
        mentions=found,
        is_coarse=coarse,
    )


def _with_words(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("language") != "") if "language" in frame.columns else frame


#: Sentences that the part of a document in one language needs to count as a document. Less is a name, a title or a
#: footnote in the other language (in the sample corpus such parts have 2 to 7 sentences, summaries 31 and more).
MIN_PART_SENTENCES = 10


def _by_language(
    documents: pl.DataFrame, counts: pl.DataFrame, mentions: pl.DataFrame, blocks: pl.DataFrame | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame | None]:
    """The frames with one document for each language of a document that has `MIN_PART_SENTENCES` in it."""
    part = pl.concat_str("document_id", "language", separator="\x1f").alias("part")
    enough = pl.col("n_sentences").sum().over("document_id", "language") >= MIN_PART_SENTENCES
    parts = counts.filter(enough, pl.col("language") != "").select("document_id", "language", part).unique()
    renamed = pl.col("part").alias("document_id")
    return (
        documents.join(parts, on="document_id").with_columns(renamed),
        counts.with_columns(part.alias("document_id")),
        mentions.with_columns(part.alias("document_id")),
        None if blocks is None else blocks.with_columns(part.alias("document_id")),
    )


#: Sentences of a block where blocks are not given. A guess: the sample corpus has 2 to 4.
_SENTENCES_PER_BLOCK = 3.0


def _block_table(
    kept: pl.DataFrame, found: pl.DataFrame, n_series: int, blocks: pl.DataFrame | None
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """(by_block, repeats) of `Counts`."""
    sentences = kept["n_sentences"].cast(pl.Float64).to_numpy()
    words = kept["n_words"].cast(pl.Float64).to_numpy()
    coded = found.select("row", "block_id").unique().sort("row", "block_id").with_row_index("place")
    placed = found.join(coded.select("block_id", "row", "place"), on=["block_id", "row"])
    table = np.zeros((coded.height, n_series + 2))
    np.add.at(table, (placed["place"].to_numpy(), placed["series"].to_numpy()), 1)
    rows = coded["row"].to_numpy()
    if blocks is not None:
        sizes_of = blocks.select("block_id", "document_id", "n_sentences", "n_words")
        body = sizes_of.filter(pl.col("n_sentences") > 0).join(kept.select("document_id", "row"), on="document_id")
        n_blocks = np.bincount(body["row"].to_numpy(), minlength=kept.height).astype(np.float64)
        sizes = coded.join(body.select("block_id", "n_sentences", "n_words"), on="block_id", how="left").sort("place")
        table[:, -2] = sizes["n_sentences"].fill_null(1).to_numpy()
        # hits of a query come by sentence: those are as long as the document's average
        table[:, -1] = np.where(sizes["n_words"].is_null(), (words / sentences)[rows], sizes["n_words"].fill_null(0))
    else:
        n_blocks = np.maximum(1.0, np.round(sentences / _SENTENCES_PER_BLOCK))
        table[:, -2] = np.maximum((sentences / n_blocks)[rows], table[:, :-2].max(axis=1, initial=0))
        table[:, -1] = table[:, -2] * (words / sentences)[rows]
    ends = np.searchsorted(rows, np.arange(kept.height + 1))
    by_block, repeats = [], []
    for d in range(kept.height):
        own = table[ends[d] : ends[d + 1]]
        rest = max(n_blocks[d] - len(own), 0.0)
        left = np.maximum([sentences[d] - own[:, -2].sum(), words[d] - own[:, -1].sum()], 0)
        if rest == 0 and left.any():  # counts know of text that no block row holds
            rest = 1.0
        row = np.zeros((1, n_series + 2))
        if rest:
            row[0, -2:] = left / rest
        by_block.append(np.vstack([own, row]))
        repeats.append(np.append(np.ones(len(own)), rest))
    return tuple(by_block), tuple(repeats)

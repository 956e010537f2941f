"""Frames of the store -> contexts with what stands in them: the arrays that all indicators are sums over.

A context is what a reader takes in at once: a paragraph, a list with its lead-in, a row of a table. Whole documents and
fixed windows saturate: with no link at all a window of one sentence to each side still shows a third of the cluster
sentences "with an instrument" (simulated), so neither is offered; `sentence` and `section` serve the sensitivity test.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.integration.parts import is_other_field, part_of
from textmine.integration.phases import phases_of
from textmine.statistics.periods import period_of

__all__ = ["BARRIERS", "INSTRUMENTS", "PRIORITIES", "PROFILE", "THEME", "Corpus", "Unit", "build_corpus"]

Array: TypeAlias = NDArray[np.float64]
Unit: TypeAlias = Literal["sentence", "block", "section"]

#: A sentence with one of these is a cluster sentence. Energy clusters are apart: another law, from 2016.
THEME = ("cluster.concept", "cluster.named", "cluster.policy")
BARRIERS = tuple(
    f"barrier.{name}"
    for name in (
        "cooperation", "trust", "finance", "skills", "awareness",
        "governance", "infrastructure", "innovation", "market", "territorial",
    )
)  # fmt: skip
PRIORITIES = tuple(
    f"priority.{name}"
    for name in (
        "ict", "health", "energy", "agrifood", "manufacturing", "mobility",
        "construction", "environment", "creative", "tourism", "services",
    )
)  # fmt: skip
INSTRUMENTS = tuple(
    f"instrument.{name}"
    for name in ("funding", "coordination", "infrastructure", "skills", "promotion", "research", "regulation")
)
#: The 28 codes whose mix is a document's profile.
PROFILE = BARRIERS + PRIORITIES + INSTRUMENTS
#: Titles tie nothing: as contexts they only thinned the shares. What they name is S2h.
_TITLES = ("heading", "caption")
_LINKS = ("integration.vertical", "integration.horizontal", "integration.actors", "cluster.policy")
_CODES = PROFILE + _LINKS

#: Lemmas that say a target or a measure of success.
_TARGETS = frozenset({"docelowy", "wskaźnik", "miernik", "target", "indicator", "milestone"})


@dataclass(frozen=True)
class Corpus:
    """All contexts of a corpus, ordered by document; annexes, headings and captions are left out.

    `documents` has a row a document (document_id, region, period, year, level, type, title, other_field, heads: a theme
    sentence stands in a heading of level 1-2, headline: in its title or a heading of level 1). Contexts of document d
    are rows ends[d] to ends[d + 1] of the arrays:
    `codes` (n, 32) 1 where a code stands in the context, columns as `_CODES`; `theme` (n,) theme sentences;
    `sentences` (n,); `part` (n,) names; `section` (n,) number of the section within the document;
    `own` (n,) 1 where a smart specialisation of the document's region stands; `baseline` property -> (n,) chance of the
    property in a context of the same type and language without the theme; `target` (n,) and, in theme contexts,
    `phases` (n, 4): cue words.
    """

    documents: pl.DataFrame
    ends: NDArray[np.int64]
    codes: Array
    theme: Array
    sentences: Array
    part: NDArray[np.str_]
    section: NDArray[np.int64]
    own: Array
    baseline: Mapping[str, Array]
    target: NDArray[np.bool_]
    phases: NDArray[np.bool_]
    mentions: pl.DataFrame
    unit: Unit

    def column(self, code: str, span: slice = slice(None)) -> Array:
        """(n,) 1 where the code stands in the context, for some rows."""
        return np.asarray(self.codes[span, _CODES.index(code)])

    def columns(self, codes: Sequence[str], span: slice = slice(None)) -> Array:
        """(n, len(codes)) the same for several codes."""
        return np.asarray(self.codes[span][:, [_CODES.index(code) for code in codes]])


def build_corpus(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    unit: Unit = "block",
    theme: Collection[str] = THEME,
    min_score: float = 0.5,
) -> Corpus:
    """Arrange the frames by context.

    Args:
        documents: document_id, title, year, region, level, type; those without a year are left out.
        blocks: block_id, document_id, index, kind, section (headings joined by " > "), language, n_sentences, perhaps
            lemmas (space-joined) and row (number of the table row, 0 outside).
        mentions: mention_id, sentence_id, block_id, document_id, code, negated, score; perhaps term.
        specialisations: region -> priority codes of its smart specialisations.
        unit: what a context is.
        theme: codes that make a theme sentence; another theme makes the same indicators a placebo.
        min_score: mentions below it do not count.
    """
    papers = _documents(documents)
    body = _contexts(papers, blocks, unit)
    counted_mentions = mentions.filter(~pl.col("negated"), pl.col("score") >= min_score)
    heard = counted_mentions.join(body.select("block_id", "place", "part"), on="block_id")
    if unit == "sentence":
        body, heard = _by_sentence(body, heard)
    n_contexts = int(body["context"].to_numpy().max(initial=-1)) + 1
    contexts = (
        body.group_by("context")
        .agg(
            pl.col("d", "part", "language", "place_of").first(),
            pl.col("n_sentences").sum(),
            pl.col("lemmas").str.join(" ") if "lemmas" in body.columns else pl.lit("").first().alias("lemmas"),
        )
        .sort("context")
    )
    heard = heard.join(body.select("place", "context", "d"), on="place")
    codes = np.zeros((n_contexts, len(_CODES)))
    numbered = heard.filter(pl.col("code").is_in(_CODES))
    where = numbered["code"].replace_strict({code: i for i, code in enumerate(_CODES)}, return_dtype=pl.Int64)
    codes[numbered["context"].to_numpy(), where.to_numpy()] = 1
    themed = heard.filter(pl.col("code").is_in(list(theme))).unique("sentence_id")
    counted = np.bincount(themed["context"].to_numpy(), minlength=n_contexts).astype(np.float64)
    sentences = np.maximum(contexts["n_sentences"].to_numpy().astype(np.float64), counted)
    d = contexts["d"].to_numpy()
    papers = papers.with_columns(_headings(papers, blocks, counted_mentions, theme))
    own = np.zeros(n_contexts)
    for number, region in enumerate(papers["region"].to_list()):
        kinds = [code for code in specialisations.get(region, ()) if code in PRIORITIES]
        if kinds:
            span = slice(*np.searchsorted(d, [number, number + 1]))
            own[span] = codes[span][:, [_CODES.index(code) for code in kinds]].max(axis=1, initial=0)
    texts = contexts["lemmas"].fill_null("").to_list()
    part = contexts["part"].to_numpy().astype(str)
    return Corpus(
        documents=papers,
        ends=np.searchsorted(d, np.arange(papers.height + 1)),
        codes=codes,
        theme=counted,
        sentences=sentences,
        part=part,
        section=contexts["place_of"].to_numpy(),
        own=own,
        baseline=_baselines(papers, d, contexts["language"].to_numpy().astype(str), codes, own, counted, part),
        # not kept: the words of a million sentences are 2 GB
        target=np.array([not _TARGETS.isdisjoint(text.split()) for text in texts], dtype=bool),
        phases=np.array(
            [phases_of(text) if themed else (False,) * 4 for text, themed in zip(texts, counted > 0, strict=True)],
            dtype=bool,
        ).reshape(-1, 4),
        mentions=heard,
        unit=unit,
    )


def _documents(documents: pl.DataFrame) -> pl.DataFrame:
    dated = documents.filter(pl.col("year").is_not_null())
    periods = {year: period_of(year) for year in dated["year"].unique()}
    titles = dated["title"].fill_null("") if "title" in dated.columns else pl.Series(["" for _ in range(dated.height)])
    return (
        dated.with_columns(
            period=pl.col("year").replace_strict(periods, return_dtype=pl.String),
            region=pl.col("region").fill_null(""),
            level=pl.col("level").fill_null(""),
            title=titles,
            other_field=pl.Series([is_other_field(title) for title in titles], dtype=pl.Boolean),
        )
        .sort("region", "period", "year", "document_id")
        .with_row_index("d")
        .with_columns(pl.col("d").cast(pl.Int64))
    )


def _contexts(papers: pl.DataFrame, blocks: pl.DataFrame, unit: Unit) -> pl.DataFrame:
    """Body blocks outside annexes in reading order, with `place` (row), `part`, section (`place_of`) and context."""
    sections = blocks["section"].unique().to_list()
    body = (
        blocks.filter(pl.col("n_sentences") > 0)
        .join(papers.select("document_id", "d"), on="document_id")
        .with_columns(
            part=pl.col("section").replace_strict({s: part_of(s or "") for s in sections}, return_dtype=pl.String),
        )
        .with_columns(place_of=pl.col("section").fill_null("").rank("dense").over("d").cast(pl.Int64) - 1)
        .filter(pl.col("part") != "annex", ~pl.col("kind").is_in(_TITLES))
        .sort("d", "index")
        .with_row_index("place")
        .with_columns(pl.col("place").cast(pl.Int64))
    )
    here, before = pl.col("kind"), pl.col("kind").shift(1)
    if unit == "section":
        starts = pl.col("section").fill_null("") != pl.col("section").fill_null("").shift(1)
    else:
        # a list goes with the paragraph that leads into it
        starts = ~((here == "list") & before.is_in(["list", "paragraph"])) | (
            pl.col("section").fill_null("") != pl.col("section").fill_null("").shift(1)
        )
        if "row" in body.columns:
            # cells of a row belong together, but not the strength and the weakness of a SWOT that share a line
            row = pl.when(pl.col("section").str.to_lowercase().str.contains("swot")).then(0).otherwise(pl.col("row"))
            starts &= ~((row > 0) & (row == row.shift(1)))
    starts = (starts | (pl.col("d") != pl.col("d").shift(1))).fill_null(True)
    return body.with_columns(context=starts.cast(pl.Int64).cum_sum() - 1)


def _by_sentence(body: pl.DataFrame, heard: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same with each sentence a context of its own; sentences without a code are rows without an id."""
    coded = heard.select("place", "sentence_id").unique().sort("place", "sentence_id")
    named = body.join(coded, on="place").with_columns(n_sentences=pl.lit(1, dtype=pl.Int64))
    rest = (
        body.join(coded.group_by("place").len("coded"), on="place", how="left")
        .with_columns(left=(pl.col("n_sentences") - pl.col("coded").fill_null(0)).clip(0))
        .with_columns(n_sentences=pl.int_ranges(0, pl.col("left")))
        .explode("n_sentences")
        .drop_nulls("n_sentences")
        .with_columns(n_sentences=pl.lit(1, dtype=pl.Int64), sentence_id=pl.lit(None, dtype=pl.String))
        .select(named.columns)
    )
    whole = pl.concat([named, rest]).sort("d", "place", "sentence_id", nulls_last=True)
    whole = whole.drop("place", "context").with_row_index("place")
    whole = whole.with_columns(pl.col("place").cast(pl.Int64), context=pl.col("place").cast(pl.Int64))
    placed = heard.drop("place").join(whole.drop_nulls("sentence_id").select("sentence_id", "place"), on="sentence_id")
    return whole, placed


def _headings(
    papers: pl.DataFrame, blocks: pl.DataFrame, heard: pl.DataFrame, theme: Collection[str]
) -> list[pl.Series]:
    """`heads` and `headline` of each document: the theme in headings of level 1-2; in those of level 1 or the title."""
    themed = heard.filter(pl.col("code").is_in(list(theme)))["block_id"].unique()
    heads = blocks.filter(pl.col("kind") == "heading", pl.col("block_id").is_in(themed.implode())).with_columns(
        level=pl.col("section").fill_null("").map_elements(_heading_level, return_dtype=pl.Int64)
    )
    upper = set(heads.filter(pl.col("level") <= 2)["document_id"])
    top = set(heads.filter(pl.col("level") <= 1)["document_id"])
    titled = [any(word in title.casefold() for word in ("klaster", "klastr", "cluster")) for title in papers["title"]]
    ids = papers["document_id"].to_list()
    return [
        pl.Series("heads", [name in upper for name in ids], dtype=pl.Boolean),
        pl.Series("headline", [name in top or said for name, said in zip(ids, titled, strict=True)], dtype=pl.Boolean),
    ]


def _heading_level(section: str) -> int:
    """Level of a heading below this path: a heading's own section holds the headings above it."""
    return 1 + len([part for part in section.split(" > ") if part])


#: Contexts that a stratum of type and language must have to speak for itself.
_MIN_STRATUM = 50


def _baselines(
    papers: pl.DataFrame,
    d: NDArray[np.int64],
    languages: NDArray[np.str_],
    codes: Array,
    own: Array,
    theme: Array,
    part: NDArray[np.str_],
) -> dict[str, Array]:
    """Property -> (n,) its share among contexts without the theme, of the same document type and language.

    A stratum with fewer than 50 such contexts takes those of its language, and then all.
    """
    types = papers["type"].fill_null("").to_numpy().astype(str)[d] if len(d) else np.array([], dtype=str)
    flags = {
        "own": own,
        "instrument": codes[:, [_CODES.index(code) for code in INSTRUMENTS]].max(axis=1, initial=0),
        "funding": codes[:, _CODES.index("instrument.funding")],
        "vertical": codes[:, _CODES.index("integration.vertical")],
        "horizontal": codes[:, _CODES.index("integration.horizontal")],
    }
    plain = theme == 0
    acting = np.isin(part, ("goals", "measures", "money"))
    found = {name: np.zeros(len(d)) for name in flags}
    for language in np.unique(languages):
        for kind in np.unique(types[languages == language]):
            here = (languages == language) & (types == kind)
            for name, flag in flags.items():
                allowed = plain & acting if name == "funding" else plain
                for pool in (here & allowed, (languages == language) & allowed, allowed, plain):
                    if pool.sum() >= _MIN_STRATUM:
                        break
                found[name][here] = flag[pool].mean() if pool.any() else 0.0
    return found

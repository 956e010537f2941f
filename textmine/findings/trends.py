"""store -> rates, tests, steps and leaders over time, as findings and as the rows of `textmine trends`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from textmine.codebook import load_codebook
from textmine.errors import DataError
from textmine.findings.coders import hand_coded
from textmine.findings.places import placed_documents
from textmine.records import Finding
from textmine.settings import Settings
from textmine.statistics import ONE_STAGE_FROM
from textmine.store import Filter, Store
from textmine.trends.change import change_points, period_steps, trend_tests
from textmine.trends.compare import dominance, period_log_odds
from textmine.trends.corrected import corrected_rates
from textmine.trends.counts import Counts, count_mentions
from textmine.trends.rates import By, Group, Weighting, cells_of, rate_findings
from textmine.trends.reuse import find_reuse
from textmine.trends.turns import turning_points

__all__ = [
    "CORRECTED_COLUMNS",
    "FAMILIES",
    "LEADER_COLUMNS",
    "RATE_COLUMNS",
    "REUSE_COLUMNS",
    "TEST_COLUMNS",
    "TrendQuestion",
    "change_findings",
    "change_rows",
    "corrected_findings",
    "corrected_rows",
    "leader_rows",
    "rate_rows",
    "reuse_rows",
    "trend_counts",
    "trend_findings",
]

#: What is followed when nothing is asked for. All codes by year are hundreds of rows: the pattern `*` gives them.
FAMILIES = ("cluster", "barrier", "priority", "instrument", "integration")
RATE_COLUMNS = (
    "code", "period", "n_mentions", "n_sentences", "n_words", "n_documents", "rate_per_10k", "low", "high", "flag",
    "rate_per_100s", "low_100s", "high_100s", "share_documents", "low_share", "high_share",
)  # fmt: skip
TEST_COLUMNS = (
    "code", "period", "test", "value", "low", "high", "n", "denominator", "flag",
    "n_years", "tau", "p", "p_hamed_rao", "q", "power", "before", "after", "z", "n_documents",
)  # fmt: skip
LEADER_COLUMNS = (
    "period", "code", "rank", "probability", "rate_per_100s", "n_mentions", "n_sentences", "n_documents", "flag",
)  # fmt: skip
CORRECTED_COLUMNS = ("code", "period", "rate_per_100s", "low", "high", "method", "n", "n_sentences", "flag")
REUSE_COLUMNS = ("group", "document", "year", "page", "section", "likeness", "block_id", "source")


@dataclass(frozen=True, slots=True)
class TrendQuestion:
    """What is asked: which series, in which documents, along which time.

    `codes` are patterns as in `match_series`; `names` are parts of cluster names, `queries` are queries of the store:
    each makes a series of its own. `once` counts a passage that documents share only in the earliest of them.
    """

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    filter: Filter = Filter()  # noqa: RUF009 - frozen
    by: By = "year"
    group: Group | None = None
    weighting: Weighting = "document"
    once: bool = False


def trend_findings(
    store: Store, settings: Settings, question: TrendQuestion, *, with_ids: bool = False
) -> list[Finding]:
    """Rates: see `textmine.trends.rates.rate_findings`; `with_ids` gives all of them their evidence."""
    counts = trend_counts(store, settings, question)
    found = rate_findings(counts, _cells(counts, settings, question), group=question.group)
    if not with_ids or any(one.evidence for one in found):
        return found
    # counted again with ids; coarse, because the intervals are there already
    counts = replace(trend_counts(store, settings, question, with_ids=True), is_coarse=True)
    again = rate_findings(counts, _cells(counts, settings, question), group=question.group)
    evidence = {tuple(one.keys.items()): one.evidence for one in again}
    return [replace(one, evidence=evidence[tuple(one.keys.items())]) for one in found]


def _cells(counts: Counts, settings: Settings, question: TrendQuestion, **changes: Any) -> Any:
    options: dict[str, Any] = {"by": question.by, "group": question.group, "weighting": question.weighting} | changes
    return cells_of(counts, draws=settings.draws, seed=settings.seed, **options)


def trend_counts(store: Store, settings: Settings, question: TrendQuestion, *, with_ids: bool = False) -> Counts:
    """The store's documents counted for a question.

    `with_ids` keeps the ids of sentences and mentions; without them the slim frames of the store are enough.

    Raises:
        DataError: no document fits the filters, none has a year, or a code is not in the codebook.
    """
    known = {code.code for code in load_codebook(settings.codebook).codes}
    documents, place = placed_documents(store, replace(question.filter, codes=()))
    if not documents.height:
        raise DataError("no document fits these filters. `textmine trends` without filters shows what there is.")
    counts = store.counts_frame(place)
    fast = not (with_ids or question.once or question.names or question.queries)
    coarse = fast and _is_wide(documents, question)
    if fast:  # numbers are enough to count
        wanted = tuple(code if "." in code or "*" in code else f"{code}.*" for code in question.codes)
        split = question.group == "language" or bool(question.filter.section)
        mentions = store.coded_sentences_frame(
            replace(place, codes=wanted), blocks=not coarse, languages=question.group == "language"
        )
        blocks = None if coarse and not question.filter.section else store.block_sizes_frame(place, languages=split)
    else:
        mentions = store.mentions_frame(place)
        blocks = store.blocks_frame(place)
    if question.filter.section and blocks is not None:
        counts = blocks.group_by("document_id", "language").agg(pl.col("n_sentences", "n_words").sum())
    if question.once and blocks is not None:
        kept = blocks.join(_repeats(blocks, documents).select("block_id"), on="block_id", how="anti")
        mentions = mentions.join(kept.select("block_id"), on="block_id", how="semi")
        blocks = kept
        counts = blocks.group_by("document_id", "language").agg(pl.col("n_sentences", "n_words").sum())
    asked = list(question.codes)
    extra = [_named(mentions, name) for name in question.names]
    extra += [_queried(store, query, place) for query in question.queries]
    if extra:
        mentions = pl.concat([mentions, *extra], how="diagonal")
        asked += [f"name.{name}" for name in question.names] + [f"query.{query}" for query in question.queries]
    return count_mentions(
        documents,
        counts,
        mentions,
        codes=asked or None,
        known=known | set(asked if extra else ()),
        blocks=blocks,
        split_languages=question.group == "language",
        coarse=coarse,
    )


def _is_wide(documents: pl.DataFrame, question: TrendQuestion) -> bool:
    """Whether each year (and group) has documents enough for intervals that need no blocks."""
    if question.group == "language":
        return False
    keys = ["year", *([question.group] if question.group else [])]
    return bool((documents.drop_nulls("year").group_by(keys).len()["len"] >= ONE_STAGE_FROM).all())


def _named(mentions: pl.DataFrame, name: str) -> pl.DataFrame:
    """Mentions of clusters whose name holds the words, as a code of their own."""
    return mentions.filter(
        pl.col("code") == "cluster.named",
        pl.col("term").str.to_lowercase().str.contains(name.lower(), literal=True),
    ).with_columns(code=pl.lit(f"name.{name}"))


def _queried(store: Store, query: str, filter: Filter) -> pl.DataFrame:
    """Sentences that a query hits, as mentions of a code of their own; each stands for its block."""
    rows = [
        (row["sentence_id"], row["sentence_id"], row["document_id"], row["language"])
        for row in store.query(query, filter, show="sentence")
    ]
    found = pl.DataFrame(
        rows,
        schema={"sentence_id": pl.String, "block_id": pl.String, "document_id": pl.String, "language": pl.String},
        orient="row",
    )
    return found.with_columns(code=pl.lit(f"query.{query}"), negated=pl.lit(False))


def _repeats(blocks: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Blocks that repeat an earlier document's."""
    return find_reuse(blocks, documents).filter(pl.col("block_id") != pl.col("source"))


def rate_rows(findings: Sequence[Finding], *, group: Group | None = None) -> list[dict[str, Any]]:
    """Findings of `trend_findings` -> one row a series and cell, columns RATE_COLUMNS (and the group after period)."""
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    names = {"per_10k": ("rate_per_10k", "low", "high"), "per_100s": ("rate_per_100s", "low_100s", "high_100s"),
             "documents": ("share_documents", "low_share", "high_share")}  # fmt: skip
    for one in findings:
        label = one.keys.get(group, "") if group else ""
        row = rows.setdefault(
            (one.keys["code"], label, one.keys["period"]),
            {"code": one.keys["code"], "period": one.keys["period"], **({group: label} if group else {})},
        )
        for column, value in zip(names[one.keys["measure"]], (one.value, one.low, one.high), strict=True):
            row[column] = _rounded(value)
        if one.keys["measure"] == "documents":
            row["n_documents"] = int(one.denominator)
        else:
            row["n_mentions"] = int(one.n)
            row["n_words" if one.keys["measure"] == "per_10k" else "n_sentences"] = int(one.denominator)
        if one.keys["measure"] == "per_10k":
            row["flag"] = one.flag
            row["evidence"] = list(one.evidence)
    return list(rows.values())


def change_findings(
    store: Store, settings: Settings, question: TrendQuestion, *, compare: tuple[str, str] | None = None
) -> list[Finding]:
    """Trend tests, breaks and turns of the yearly rates, steps between periods; or two periods compared."""
    counts = trend_counts(store, settings, question)
    periods = _cells(counts, settings, question, by="period")
    if compare:
        return period_log_odds(counts, periods, *compare)
    years = _cells(counts, settings, question, by="year")
    return [
        *trend_tests(counts, years, seed=settings.seed),
        *change_points(counts, years, seed=settings.seed),
        *turning_points(counts, years, seed=settings.seed),
        *period_steps(counts, periods),
    ]


def change_rows(findings: Sequence[Finding], *, group: Group | None = None) -> list[dict[str, Any]]:
    """Findings of `change_findings` as rows; columns TEST_COLUMNS."""
    return [_row(one, group, {"value": one.value, "n": one.n, "denominator": one.denominator}) for one in findings]


def leader_rows(store: Store, settings: Settings, question: TrendQuestion, family: str) -> list[dict[str, Any]]:
    """Which code of a family leads, with the probability; columns LEADER_COLUMNS."""
    asked = replace(question, codes=(f"{family}.*",), names=(), queries=())
    counts = trend_counts(store, settings, asked)
    return [
        _row(one, question.group, {"probability": one.value, "n_mentions": one.n, "n_sentences": one.denominator})
        for one in dominance(counts, _cells(counts, settings, asked), family)
    ]


def corrected_findings(
    store: Store, settings: Settings, question: TrendQuestion, file: Path, *, coder: str | None = None
) -> list[Finding]:
    """Rates per 100 sentences corrected with a hand-coded sample: a file, or the name of one in the store.

    Raises:
        DataError: the sample is missing, too small or not a random one; the message says what it needs.
    """
    sample = hand_coded(store, settings, file, coder)
    counts = trend_counts(store, settings, question, with_ids=True)
    wanted = set(sample.sentence_id)
    sentences = pl.DataFrame(
        [
            (sentence.id, document)
            for document in counts.documents["document_id"].to_list()
            for sentence in store.sentences(document.split("\x1f")[0])
            if sentence.id in wanted
        ],
        schema={"sentence_id": pl.String, "document_id": pl.String},
        orient="row",
    )
    cells = _cells(counts, settings, question, weighting="word")
    return corrected_rates(counts, cells, sample, sentences)


def corrected_rows(findings: Sequence[Finding], *, group: Group | None = None) -> list[dict[str, Any]]:
    """Findings of `corrected_findings` as rows; columns CORRECTED_COLUMNS."""
    return [
        _row(one, group, {"rate_per_100s": one.value, "n": one.n, "n_sentences": one.denominator}) for one in findings
    ]


def reuse_rows(store: Store, filter: Filter) -> list[dict[str, Any]]:
    """Passages that stand in more than one document, the earliest first; columns REUSE_COLUMNS."""
    documents, place = placed_documents(store, filter)
    blocks = store.blocks_frame(place).join(documents.select("document_id"), on="document_id", how="semi")
    found = (
        find_reuse(blocks, documents)
        .join(blocks.select("block_id", "page", "section"), on="block_id")
        .join(documents.select("document_id", pl.col("path").alias("document"), "year"), on="document_id")
        .sort("group", pl.col("year").fill_null(9999), "document")
    )
    return found.select(REUSE_COLUMNS).to_dicts()


def _row(finding: Finding, group: Group | None, values: dict[str, Any]) -> dict[str, Any]:
    """Keys and values of a finding as one row; the key `group` takes the group's name."""
    row: dict[str, Any] = {key: _number(value) if key in _NUMBERS else value for key, value in finding.keys.items()}
    label = row.pop("group", "")
    if group:
        row[group] = label
    row |= {"low": _rounded(finding.low), "high": _rounded(finding.high), "flag": finding.flag}
    row |= {name: _counted(value) if name in _COUNTS else _rounded(value) for name, value in values.items()}
    if finding.evidence:
        row["evidence"] = list(finding.evidence)
    return row


#: Keys of findings that are numbers in a row; one that holds two (`9 > 12` documents) stays a text.
_NUMBERS = frozenset(
    (
        "n_years", "tau", "p", "p_hamed_rao", "q", "power", "before", "after", "z", "rank", "rate_per_100s",
        "n_documents",
    )
)  # fmt: skip
#: Columns of counts.
_COUNTS = frozenset(("n", "denominator", "n_mentions", "n_sentences"))


def _counted(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else _rounded(value)


def _number(text: str) -> float | int | str:
    if ">" in text:
        return text
    value = float(text)
    return int(value) if value.is_integer() and "." not in text else value


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)

"""What a reader of the report checks and cites: the scorecard, quotes by region and period, the methods of this run."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from textmine.errors import DataError, SettingsError
from textmine.findings.corpus_report import FAMILIES, CorpusReport
from textmine.findings.integration import sensitivity_rows
from textmine.findings.topics import topic_rows
from textmine.integration import SIDES
from textmine.records import Finding
from textmine.report.html import Link, Quote, Section, Table
from textmine.report.words import SIDE_NAMES
from textmine.settings import models_folder
from textmine.statistics.periods import period_of
from textmine.store import Filter

__all__ = ["evidence_section", "methods_section", "run_ids", "scorecard"]

#: Quotes a family and language, each from another document where possible.
QUOTES = 3
#: Sentences of these lengths (characters) read well alone.
QUOTE_LENGTH = (60, 320)
GOOD_LENGTH = 180


def run_ids(report: CorpusReport) -> dict[str, str]:
    """The ids that a result is cited with: corpus, codebook and coder."""
    runs = report.store.runs()
    return {
        "corpus": report.store.corpus_id()[:12],
        "codebook": report.codebook.id[:12],
        "coder": str(runs[-1]["coder"]) if runs else "–",
    }


# The scorecard


def scorecard(report: CorpusReport, findings: Sequence[Finding]) -> Table:
    """One row a region and period: the index and its four sides with intervals, and the range of ranks.

    Ranks come from `sensitivity`; where too few regions can be ranked their cells are empty, and the note says so.
    """
    words = report.words
    values = {
        (one.keys["region"], one.keys["period"], one.keys["side"]): one for one in findings if one.what == "composite"
    }
    places = list(dict.fromkeys((region, period) for region, period, _ in values))
    try:
        ranked = sensitivity_rows(report.store, report.settings)
    except DataError:
        ranked = []
    ranks = {(row["region"], row["period"]): row for row in ranked if row["indicator"] == "rank"}
    rows = []
    for region, period in places:
        index = values.get((region, period, "composite"))
        sides = [_with_interval(report, values.get((region, period, side)), 2) for side in SIDES]
        rank = ranks.get((region, period))
        rows.append(
            [
                region, period, _with_interval(report, index, 0), *sides,
                f"{rank['value']:g} ({rank['low']:g}–{rank['high']:g})" if rank and rank["value"] is not None else "–",
                int(index.keys["n_documents"]) if index else None, index.flag if index else "",
            ]
        )  # fmt: skip
    names = [SIDE_NAMES[report.language][side] for side in SIDES]
    columns = [
        words["region"],
        words["period"],
        words["index"],
        *names,
        words["rank"],
        words["n_documents"],
        words["flag"],
    ]
    return Table(
        columns,
        rows,
        caption=words["table_scorecard"],
        note=words["scorecard_note"] if ranks else words["scorecard_unranked"],
        faint=frozenset(
            i
            for i, place in enumerate(places)
            if (one := values.get((*place, "composite"))) is None or one.value is None
        ),
    )


def _with_interval(report: CorpusReport, one: Finding | None, decimals: int) -> str:
    if one is None or one.value is None:
        return "–"
    text = report.number(one.value, decimals)
    if one.low is None:
        return text
    return f"{text} ({report.number(one.low, decimals)}–{report.number(one.high, decimals)})"


# Quotes


def evidence_section(report: CorpusReport, folder: Path) -> Section:
    """The best sentences of each family and language, and of each region and period, with their pages.

    Args:
        folder: of the report; links to pages are relative to it.
    """
    words = report.words
    paths = dict(report.documents.select("document_id", "path").iter_rows())

    def source(row: dict[str, Any]) -> Link:
        text = f"{row['title'] or row['document']}, {words['page_short'].format(page=row['page'])}"
        return Link(text, _page_address(paths[row["document_id"]], row["page"], folder))

    quotes = []
    cells: dict[tuple[str, str, str], dict[str, Any]] = {}
    regions = dict(report.documents.select("document_id", "region").iter_rows())
    for family in FAMILIES:
        good = _good_rows(report, family)
        for language in ("pl", "en"):
            best: dict[str, dict[str, Any]] = {}
            for row in good:
                if row["language"] == language:
                    best.setdefault(row["document"], row)
            quotes += [
                Quote(text=row["text"], codes=row["codes"], language=language, source=source(row))
                for row in list(best.values())[:QUOTES]
            ]
        for row in good:
            region = regions.get(row["document_id"]) or ""
            if region and row["year"] is not None:
                cells.setdefault((region, period_of(row["year"]), family), row)
    rows = [
        [region, period, report.name(family), row["text"], source(row)]
        for (region, period, family), row in sorted(cells.items(), key=lambda cell: _cell_order(*cell[0]))
    ]
    columns = [words["region"], words["period"], words["family"], words["quote"], words["document"]]
    table = Table(columns, rows, caption=words["table_quotes"])
    return Section(
        id="evidence",
        title=words["evidence"],
        paragraphs=(words["evidence_intro"],),
        quotes=quotes,
        tables=(table,) if rows else (),
    )


def _cell_order(region: str, period: str, family: str) -> tuple[str, bool, str, int]:
    return region, period != "to 2003", period, FAMILIES.index(family)


def _good_rows(report: CorpusReport, family: str) -> list[dict[str, Any]]:
    """Sentences of a family that read well alone: the best-scored, among equals those of a good length first."""
    shortest, longest = QUOTE_LENGTH
    rows = report.store.mention_rows(Filter(codes=(f"{family}.*",)))
    good = [row for row in rows if shortest <= len(row["text"]) <= longest]
    return sorted(
        good, key=lambda row: (-row["score"], abs(len(row["text"]) - GOOD_LENGTH), row["document"], row["page"])
    )


def _page_address(path: str, page: int, folder: Path) -> str:
    """Address of a page relative to the folder of the report, so that both can be moved together."""
    try:
        relative = os.path.relpath(Path(path).absolute(), folder.absolute())
    except ValueError:  # another drive
        relative = str(Path(path).absolute())
    return f"{quote(relative.replace(os.sep, '/'))}#page={page}"


# Methods


def methods_section(report: CorpusReport) -> Section:
    """How this report came about, from the run itself: whole sentences to paste into a paper, and the sample sizes."""
    words, ids = report.words, run_ids(report)
    read = report.documents.filter(pl.col("status") != "failed")
    runs = report.store.runs()
    libraries = runs[-1]["libraries"] if runs else {}
    paragraphs = [
        words["methods_corpus"].format(
            n_documents=read.height,
            n_pages=int(read["n_pages"].sum()),
            n_sentences=int(report.counts["n_sentences"].sum()),
            n_words=int(report.counts["n_words"].sum()),
            n_failed=report.documents.height - read.height,
            n_unread=sum(report.store.unread_pages().values()),
            corpus=ids["corpus"],
        ),
        words["methods_coding"].format(
            codebook=ids["codebook"],
            n_codes=len(report.codes),
            n_families=len(report.codebook.families),
            coder=ids["coder"],
        ),
        _scores(report, ids["coder"]),
        words["methods_rates"].format(draws=report.settings.draws, seed=report.settings.seed),
        words["methods_periods"],
    ]
    topics = topic_rows(report.store)
    if topics:
        stable = sum((row["stability"] or 0) >= 0.5 for row in topics)
        paragraphs.append(
            words["methods_topics"].format(n_topics=len(topics), n_stable=stable, seed=report.settings.seed)
        )
    paragraphs += [
        words["methods_integration"],
        words["limits"],
        words["versions"].format(
            versions=", ".join(f"{name} {version}" for name, version in sorted(libraries.items()))
        ),
    ]
    return Section(id="methods", title=words["methods"], paragraphs=paragraphs, tables=(_sizes(report, read),))


def _scores(report: CorpusReport, coder: str) -> str:
    """The held-out scores of the model that coded the corpus, by language; that there are none where there are none."""
    card = _card(report, coder)
    scores = [
        report.words["methods_score"].format(
            language=report.words[{"pl": "polish", "en": "english"}[language]],
            f1=report.number(card["held_out"][language]["micro_f1"], 2),
            n=card["n_sentences"][language],
        )
        for language in ("pl", "en")
        if language in card.get("held_out", {})
    ]
    if not scores:
        return report.words["methods_unscored"]
    return report.words["methods_scores"].format(model=str(card["id"])[:12], scores="; ".join(scores))


def _card(report: CorpusReport, coder: str) -> dict[str, Any]:
    """The card of the fitted model whose id is part of the coder's; empty where there is none."""
    places: list[Path] = [Path(report.settings.model)]
    with suppress(SettingsError):  # an installation without models
        places += sorted(path.parent for path in models_folder().rglob("card.json"))
    for place in places:
        try:
            card: dict[str, Any] = json.loads((place / "card.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if card.get("id") and str(card["id"]) in coder:
            return card
    return {}


def _sizes(report: CorpusReport, read: pl.DataFrame) -> Table:
    """Documents, sentences and words by programming period and language: the sizes of the samples behind the rates."""
    words = report.words
    dated = read.filter(pl.col("year").is_not_null()).select("document_id", "year")
    joined = report.counts.filter(pl.col("language") != "").join(dated, on="document_id")
    found = (
        joined.with_columns(period=pl.col("year").map_elements(period_of, return_dtype=pl.String))
        .group_by("period", "language")
        .agg(pl.col("document_id").n_unique(), pl.col("n_sentences").sum(), pl.col("n_words").sum())
    )
    rows = [
        [period, words["polish" if language == "pl" else "english"], n_documents, n_sentences, n_words]
        for period, language, n_documents, n_sentences, n_words in sorted(
            found.rows(), key=lambda row: (row[0] != "to 2003", row[0], row[1])
        )
    ]
    columns = [words[key] for key in ("period", "language", "documents", "sentences", "words")]
    return Table(columns, rows, caption=words["table_sizes"])

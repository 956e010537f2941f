"""store -> the picture of integration, as findings and as the rows of `textmine integration`."""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from textmine.codebook import regions
from textmine.errors import DataError
from textmine.findings.places import placed_documents, region_name
from textmine.integration import (
    THEME,
    alignment_rows,
    answer_rows,
    coupling_rows,
    integration,
    integration_steps,
    sensitivity,
)
from textmine.records import Finding
from textmine.settings import Settings
from textmine.store import Filter, Store

__all__ = [
    "ALIGNMENT_COLUMNS",
    "ANSWER_COLUMNS",
    "COUPLING_COLUMNS",
    "EVIDENCE_COLUMNS",
    "INTEGRATION_COLUMNS",
    "STEP_COLUMNS",
    "alignment_table_rows",
    "answer_table_rows",
    "coupling_table_rows",
    "evidence_rows",
    "integration_findings",
    "integration_rows",
    "read_confirmed",
    "region_name",
    "sensitivity_rows",
    "step_rows",
    "table_findings",
]

INTEGRATION_COLUMNS = (
    "region", "period", "side", "indicator", "value", "low", "high", "n", "denominator", "flag",
    "n_documents", "score", "q", "q0",
)  # fmt: skip
EVIDENCE_COLUMNS = (
    "region", "period", "indicator", "value", "document", "year", "page", "section", "text", "codes", "names",
)  # fmt: skip
STEP_COLUMNS = (
    "region", "period", "side", "indicator", "value", "low", "high", "n", "denominator", "flag", "before", "after",
)  # fmt: skip
ANSWER_COLUMNS = (
    "region", "period", "barrier", "instrument", "n", "denominator", "share", "low", "high", "answers", "n_documents",
)  # fmt: skip
COUPLING_COLUMNS = (
    "region", "period", "priority", "own", "n", "denominator", "share", "around", "excess", "low", "high",
    "n_documents",
)  # fmt: skip
ALIGNMENT_COLUMNS = (
    "region", "period", "direction", "with", "value", "low", "high", "n", "n_with", "n_documents",
    "n_documents_with", "more", "less", "flag",
)  # fmt: skip
#: Flag of cells without a cluster sentence; they are listed after all others.
SILENT = "no cluster policy found"


def integration_findings(
    store: Store,
    settings: Settings,
    *,
    by: Sequence[str] = ("region", "period"),
    filter: Filter = Filter(),  # noqa: B008 - frozen
    confirmed: Mapping[tuple[str, str], int] | None = None,
    theme: Collection[str] = THEME,
) -> list[Finding]:
    """Indicators, sides and composites of the store; see `textmine.integration.picture.integration`."""
    documents, blocks, mentions = _frames(store, filter)
    return integration(
        documents,
        blocks,
        mentions,
        specialisations(),
        by=by,
        draws=settings.draws,
        seed=settings.seed,
        confirmed=confirmed,
        theme=theme,
    )


def specialisations() -> dict[str, tuple[str, ...]]:
    """Region -> codes of its smart specialisations, from the table of regions."""
    return {region.name: region.specialisations for region in regions()}


def _frames(store: Store, filter: Filter) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Documents, blocks and mentions; the national and EU documents stay when a region is asked for.

    Chance references and pooled values come from all documents of the store, so a filter by region acts on rows.
    """
    place = Filter(level=filter.level, type=filter.type, language=filter.language, years=filter.years)
    documents, place = placed_documents(store, place)
    if not documents.height:
        raise DataError("no document fits these filters. `textmine integration` without filters shows what there is.")
    if not documents["year"].is_not_null().any():
        raise DataError("no document has a year. Give years with --metadata FILE.csv at ingest.")
    return documents, store.blocks_frame(place), store.mentions_frame(place)


def integration_rows(findings: Sequence[Finding], *, region: str = "") -> list[dict[str, Any]]:
    """Findings -> rows with INTEGRATION_COLUMNS; `region` keeps one region.

    Cells without a cluster sentence stand after all others: they are not the end of a ranking.
    """
    rows = []
    for one in sorted(findings, key=lambda finding: finding.flag == SILENT):
        if region and one.keys["region"] != region_name(region):
            continue
        row: dict[str, Any] = dict(one.keys)
        row |= {
            "value": _rounded(one.value),
            "low": _rounded(one.low),
            "high": _rounded(one.high),
            "n": _counted(one.n),
            "denominator": _counted(one.denominator),
            "flag": one.flag,
        }
        for name in ("score", "q", "q0", "before", "after"):
            row[name] = float(row[name]) if name in row else None
        if "n_documents" in row:
            row["n_documents"] = int(row["n_documents"])
        if one.evidence:
            row["evidence"] = list(one.evidence)
        rows.append(row)
    return rows


def sensitivity_rows(
    store: Store,
    settings: Settings,
    *,
    by: Sequence[str] = ("region", "period"),
    filter: Filter = Filter(),  # noqa: B008 - frozen
    runs: int = 1000,
) -> list[dict[str, Any]]:
    """Rank ranges and variance shares; see `textmine.integration.sensitivity`."""
    documents, blocks, mentions = _frames(store, filter)
    found = sensitivity(documents, blocks, mentions, specialisations(), by=by, runs=runs, seed=settings.seed)
    rows = integration_rows(found)
    for row in rows:
        row["indicator"] = f"variance: {row['choice']}" if "choice" in row else row["indicator"]
    return rows


def step_rows(
    store: Store,
    settings: Settings,
    *,
    filter: Filter = Filter(),  # noqa: B008 - frozen
    confirmed: Mapping[tuple[str, str], int] | None = None,
) -> list[dict[str, Any]]:
    """Differences between neighbouring periods of a region; columns STEP_COLUMNS."""
    found = integration_steps(
        *_frames(store, filter), specialisations(), draws=settings.draws, seed=settings.seed, confirmed=confirmed
    )
    return integration_rows(found, region=filter.region)


def answer_table_rows(
    store: Store,
    *,
    by: Sequence[str] = ("region", "period"),
    filter: Filter = Filter(),  # noqa: B008 - frozen
    draws: int = 2000,
    seed: int = 20,
) -> list[dict[str, Any]]:
    """Which instruments stand in the sections that name a barrier of clusters; columns ANSWER_COLUMNS."""
    frames = _frames(store, filter)
    rows = answer_rows(*frames, specialisations(), by=by, draws=draws, seed=seed)
    return _of_region(rows, filter.region)


def coupling_table_rows(
    store: Store,
    *,
    by: Sequence[str] = ("region", "period"),
    filter: Filter = Filter(),  # noqa: B008 - frozen
    draws: int = 2000,
    seed: int = 20,
) -> list[dict[str, Any]]:
    """How often each priority stands beside clusters, against its share elsewhere; columns COUPLING_COLUMNS."""
    frames = _frames(store, filter)
    rows = coupling_rows(*frames, specialisations(), by=by, draws=draws, seed=seed)
    return _of_region(rows, filter.region)


def alignment_table_rows(
    store: Store,
    settings: Settings,
    *,
    by: Sequence[str] = ("region", "period"),
    filter: Filter = Filter(),  # noqa: B008 - frozen
) -> list[dict[str, Any]]:
    """Whose accents each region shares: with the EU, the country, other regions; columns ALIGNMENT_COLUMNS."""
    frames = _frames(store, filter)
    rows = alignment_rows(*frames, specialisations(), by=by, draws=settings.draws, seed=settings.seed)
    wanted = region_name(filter.region)
    return [row for row in rows if not filter.region or wanted in (row["region"], row["with"])]


def table_findings(rows: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Rows of the tables of answers and coupling as findings, so that `evidence_rows` opens them."""
    return [
        Finding(
            what="matrix",
            keys={
                "region": row["region"],
                "period": row["period"],
                "indicator": row["priority"] if "priority" in row else f"{row['barrier']} > {row['instrument']}",
            },
            value=row["share"],
            low=row["low"],
            high=row["high"],
            n=row["n"],
            denominator=row["denominator"],
            evidence=tuple(row["evidence"]),
        )
        for row in rows
    ]


def _of_region(rows: list[dict[str, Any]], region: str) -> list[dict[str, Any]]:
    return [row for row in rows if not region or row["region"] == region_name(region)]


def evidence_rows(
    store: Store, findings: Sequence[Finding], *, indicators: Collection[str] = (), region: str = ""
) -> list[dict[str, Any]]:
    """The sentences behind indicators, one row a sentence and indicator; columns EVIDENCE_COLUMNS.

    Args:
        findings: of `integration_findings`.
        indicators: such as S4 or S7; empty: all that have evidence and a value.
        region: keeps one region.
    """
    wanted = [
        one
        for one in findings
        if one.evidence
        and one.value is not None
        and (not indicators or one.keys["indicator"] in indicators)
        and (not region or one.keys["region"] == region_name(region))
    ]
    ids = {name for one in wanted for name in one.evidence}
    mentions = store.mentions_frame().filter(pl.col("mention_id").is_in(list(ids)))
    sentence_of = dict(mentions.select("mention_id", "sentence_id").iter_rows())
    codes: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    for sentence, code, term in mentions.select("sentence_id", "code", "term").iter_rows():
        codes.setdefault(sentence, set()).add(code)
        if code == "cluster.named":
            names.setdefault(sentence, set()).add(term)
    places = _places(store, mentions)
    rows = []
    for one in wanted:
        sentences = dict.fromkeys(sentence_of[name] for name in one.evidence if name in sentence_of)
        own = sorted((places[sentence], sentence) for sentence in sentences if sentence in places)
        for (document, year, index, page, section, text), sentence in own:
            rows.append(
                {
                    "region": one.keys["region"],
                    "period": one.keys["period"],
                    "indicator": one.keys["indicator"],
                    "value": _rounded(one.value),
                    "document": document,
                    "year": year,
                    "page": page,
                    "section": section,
                    "text": text,
                    "codes": sorted(codes[sentence]),
                    "names": sorted(names.get(sentence, ())),
                    "sentence_id": sentence,
                    "index": index,
                }
            )
    return rows


def _places(store: Store, mentions: pl.DataFrame) -> dict[str, tuple[str, int, int, int, str, str]]:
    """Sentence id -> (file name, year, place in the document, page, section, text)."""
    documents = {
        name: (Path(path).name, year or 0)
        for name, path, year in store.documents_frame().select("document_id", "path", "year").iter_rows()
    }
    found = {}
    for document in mentions["document_id"].unique().sort():
        blocks = {block.id: block for block in store.reading(document).blocks}
        for sentence in store.sentences(document):
            block = blocks[sentence.block_id]
            page = sentence.boxes[0].page if sentence.boxes else block.page
            found[sentence.id] = (*documents[document], sentence.index, page, " > ".join(block.section), sentence.text)
    return found


def read_confirmed(path: Path) -> dict[tuple[str, str], int]:
    """A person's levels of S5: CSV with region, period and level (0-4).

    Raises:
        DataError: the file cannot be read, or a row is wrong (with its line).
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"--confirm {path}: cannot be read as CSV in UTF-8 ({error}).") from error
    confirmed = {}
    for line, row in enumerate(rows, start=2):
        if not {"region", "period", "level"} <= row.keys() or row["level"] not in ("0", "1", "2", "3", "4"):
            raise DataError(
                f"--confirm {path}, line {line}: needs region, period and a level 0-4, such as mazowieckie,2014-20,4."
            )
        confirmed[row["region"], row["period"]] = int(row["level"])
    return confirmed


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)


def _counted(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else _rounded(value)

"""Tables of the store as polars frames, for the analysis. Their order does not depend on how the store was filled."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from textmine.records import BODY_KINDS
from textmine.store.filters import Condition, Filter
from textmine.store.packing import has_letter, split_words, unpack_id

__all__ = ["blocks_frame", "counts_frame", "documents_frame", "mentions_frame"]

_DOCUMENTS = {
    "document_id": pl.String,
    "path": pl.String,
    "title": pl.String,
    "year": pl.Int64,
    "region": pl.String,
    "level": pl.String,
    "type": pl.String,
    "issuer": pl.String,
    "languages": pl.List(pl.String),
    "n_pages": pl.Int64,
    "n_words": pl.Int64,
    "n_sentences": pl.Int64,
    "status": pl.String,
}
_COUNTS = {"document_id": pl.String, "language": pl.String, "n_sentences": pl.Int64, "n_words": pl.Int64}
_BLOCKS = {
    "block_id": pl.String,
    "document_id": pl.String,
    "index": pl.Int64,
    "page": pl.Int64,
    "kind": pl.String,
    "section": pl.String,
    "language": pl.String,
    "n_sentences": pl.Int64,
    "n_words": pl.Int64,
    "lemmas": pl.String,
    "row": pl.Int64,
}
_MENTIONS = {
    "mention_id": pl.String,
    "sentence_id": pl.String,
    "block_id": pl.String,
    "document_id": pl.String,
    "code": pl.String,
    "term": pl.String,
    "negated": pl.Boolean,
    "score": pl.Float64,
    "method": pl.String,
    "language": pl.String,
}
#: Rows turned into columns at a time; bounds memory.
_BATCH = 50_000


def documents_frame(connection: sqlite3.Connection, filter: Filter) -> pl.DataFrame:
    """One row a document, by path: the columns of Document that analysis needs; n_sentences counts the body."""
    where, values = _where(filter.document_conditions())
    rows = connection.execute(
        "SELECT d.id, d.path, d.title, d.year, d.region, d.level, d.type, d.issuer, d.languages, d.n_pages, d.n_words, "
        f"d.n_sentences, d.status FROM documents AS d {where} ORDER BY d.path, d.id",
        values,
    )
    return _frame(_DOCUMENTS, ((*row[:8], json.loads(row[8]), *row[9:]) for row in rows))


def counts_frame(connection: sqlite3.Connection, filter: Filter) -> pl.DataFrame:
    """One row a document and language: sentences and words of the body, the denominators of rates."""
    conditions = filter.document_conditions()
    if filter.language:
        conditions.append(Condition("c.language = ?", (filter.language,)))
    where, values = _where(conditions)
    rows = connection.execute(
        "SELECT d.id, c.language, c.n_sentences, c.n_words FROM counts AS c "
        "JOIN documents AS d ON d.number = c.document "
        f"{where} ORDER BY d.path, d.id, c.language",
        values,
    )
    return _frame(_COUNTS, rows)


def blocks_frame(
    connection: sqlite3.Connection, filter: Filter, *, lemmas: bool = True, documents: Sequence[str] | None = None
) -> pl.DataFrame:
    """One row a body block in reading order; `lemmas` are its tokens with a letter, joined by spaces.

    `section` joins the headings by ` > `. With codes in the filter: blocks with such a mention. `language` is the
    block's; a filter by language goes by it. `row` groups the cells of a table row (0: not in a table). Without
    `lemmas` they are empty, which spares a look at the sentences. `documents` are ids: only theirs; None: of all.
    """
    kinds = ", ".join("?" * len(BODY_KINDS))
    conditions = [
        Condition(f"b.kind IN ({kinds})", BODY_KINDS),
        *filter.document_conditions(),
        *filter.block_conditions(),
        *_among(documents),
    ]
    if filter.language:
        conditions.append(Condition("b.language = ?", (filter.language,)))
    inner = Filter(codes=filter.codes, name=filter.name, negated=filter.negated).sentence_conditions("x")
    if inner:
        sql = " AND ".join(condition.sql for condition in inner)
        values = tuple(value for condition in inner for value in condition.values)
        conditions.append(Condition(f"b.number IN (SELECT x.block FROM sentences AS x WHERE {sql})", values))
    where, values = _where(conditions)
    own = "(SELECT s.lemmas FROM sentences AS s WHERE s.block = b.number ORDER BY s.number)"
    tokens = f"(SELECT group_concat(lemmas, ' ') FROM {own})" if lemmas else "NULL"
    rows = connection.execute(
        "SELECT b.id, d.id, b.place, b.page, b.kind, sections.path, b.language, b.n_sentences, b.n_words, "
        f"{tokens}, b.row FROM blocks AS b JOIN documents AS d ON d.number = b.document "
        "JOIN sections ON sections.number = b.section "
        f"{where} ORDER BY d.path, d.id, b.number",
        values,
    )
    sections: dict[str, str] = {}

    def section(path: str) -> str:
        if path not in sections:
            sections[path] = " > ".join(json.loads(path))
        return sections[path]

    def words(joined: str | None) -> str:
        return " ".join(word for word in split_words(joined or "") if has_letter(word))

    return _frame(
        _BLOCKS,
        ((unpack_id(row[0]), *row[1:5], section(row[5]), *row[6:9], words(row[9]), row[10]) for row in rows),
    )


def mentions_frame(
    connection: sqlite3.Connection, filter: Filter, *, documents: Sequence[str] | None = None
) -> pl.DataFrame:
    """One row a mention in reading order; the filter's codes choose mentions. Negated ones are there, marked.

    `documents` as for `blocks_frame`.
    """
    conditions = [*filter.document_conditions(), *filter.block_conditions(), *_among(documents)]
    conditions += Filter(language=filter.language, name=filter.name).sentence_conditions()
    if filter.codes:
        patterns = tuple(pattern.casefold().replace("[", "[[]") for pattern in filter.codes)
        conditions.append(Condition("(" + " OR ".join(["m.code GLOB ?"] * len(patterns)) + ")", patterns))
    where, values = _where(conditions)
    rows = connection.execute(
        "SELECT m.id, s.id, b.id, d.id, m.code, m.term, m.negated, m.score, m.method, s.language "
        "FROM mentions AS m JOIN sentences AS s ON s.number = m.sentence JOIN blocks AS b ON b.number = s.block "
        f"JOIN documents AS d ON d.number = b.document {where} ORDER BY d.path, d.id, m.sentence, m.number",
        values,
    )
    return _frame(
        _MENTIONS,
        ((unpack_id(row[0]), unpack_id(row[1]), unpack_id(row[2]), *row[3:6], bool(row[6]), *row[7:]) for row in rows),
    )


def _among(documents: Sequence[str] | None) -> list[Condition]:
    if documents is None:
        return []
    return [Condition("d.id IN (SELECT value FROM json_each(?))", (json.dumps(list(documents)),))]


def _where(conditions: Sequence[Condition]) -> tuple[str, tuple[object, ...]]:
    if not conditions:
        return "", ()
    sql = " AND ".join(condition.sql for condition in conditions)
    return f"WHERE {sql}", tuple(value for condition in conditions for value in condition.values)


def _frame(schema: dict[str, Any], rows: Iterable[Sequence[object]]) -> pl.DataFrame:
    frames = []
    batch: list[Sequence[object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            frames.append(pl.DataFrame(batch, schema=schema, orient="row"))
            batch = []
    frames.append(pl.DataFrame(batch, schema=schema, orient="row"))
    return pl.concat(frames)

"""Slim frames for counting over time: numbers instead of ids, and no text, because they are read much faster."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import polars as pl

from textmine.records import BODY_KINDS
from textmine.store.filters import Condition, Filter
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = ["block_sizes_frame", "coded_sentences_frame"]

_BATCH = 100_000


def coded_sentences_frame(connection: sqlite3.Connection, filter: Filter, *, blocks: bool = True) -> pl.DataFrame:
    """One row a mention that is not negated, in no order; the filter's codes choose mentions.

    Columns sentence_id and block_id (numbers of this store), document_id, code, language, negated (always false).
    Without `blocks`, block_id and language are null, which spares a look at each sentence.
    """
    conditions = [Condition("m.negated = 0"), *_of_documents(filter, "m.sentence"), *filter.block_conditions()]
    conditions += Filter(language=filter.language).sentence_conditions()
    if filter.codes:
        patterns = tuple(pattern.casefold().replace("[", "[[]") for pattern in filter.codes)
        conditions.append(Condition("(" + " OR ".join(["m.code GLOB ?"] * len(patterns)) + ")", patterns))
    joins, columns = "", "m.sentence, NULL, m.code, NULL"
    if blocks or filter.language or filter.section:
        joins, columns = "JOIN sentences AS s ON s.number = m.sentence ", "m.sentence, s.block, m.code, s.language"
    if filter.section:
        joins += "JOIN blocks AS b ON b.number = s.block "
    frame = _numbers(
        connection,
        f"SELECT {columns} FROM mentions AS m {joins}",
        conditions,
        {"sentence_id": pl.Int64, "block_id": pl.Int64, "code": pl.String, "language": pl.String},
    )
    return _with_documents(connection, frame, "sentence_id").with_columns(negated=pl.lit(False))


def block_sizes_frame(connection: sqlite3.Connection, filter: Filter) -> pl.DataFrame:
    """One row a body block: block_id (as in `coded_sentences_frame`), document_id, language, n_sentences, n_words."""
    kinds = ", ".join("?" * len(BODY_KINDS))
    conditions = [Condition(f"b.kind IN ({kinds})", BODY_KINDS), *_of_documents(filter, "b.number")]
    conditions += filter.block_conditions()
    if filter.language:
        conditions.append(Condition("b.language = ?", (filter.language,)))
    frame = _numbers(
        connection,
        "SELECT b.number, b.language, b.n_sentences, b.n_words FROM blocks AS b ",
        conditions,
        {"block_id": pl.Int64, "language": pl.String, "n_sentences": pl.Int64, "n_words": pl.Int64},
    )
    return _with_documents(connection, frame, "block_id")


def _of_documents(filter: Filter, column: str) -> list[Condition]:
    """The filter's conditions on documents, as one on a number that carries its document."""
    conditions = filter.document_conditions()
    if not conditions:
        return []
    sql = " AND ".join(condition.sql for condition in conditions)
    values = tuple(value for condition in conditions for value in condition.values)
    return [Condition(f"{column} >> {DOCUMENT_SHIFT} IN (SELECT d.number FROM documents AS d WHERE {sql})", values)]


def _numbers(
    connection: sqlite3.Connection, sql: str, conditions: Sequence[Condition], schema: dict[str, type[pl.DataType]]
) -> pl.DataFrame:
    where = " AND ".join(condition.sql for condition in conditions)
    values = tuple(value for condition in conditions for value in condition.values)
    cursor = connection.execute(f"{sql} WHERE {where}", values)
    frames = [pl.DataFrame(schema=schema)]
    while rows := cursor.fetchmany(_BATCH):
        columns = zip(*rows, strict=True)
        frames.append(
            pl.DataFrame(
                [
                    pl.Series(name, column, dtype=kind)
                    for (name, kind), column in zip(schema.items(), columns, strict=True)
                ]
            )
        )
    return pl.concat(frames)


def _with_documents(connection: sqlite3.Connection, frame: pl.DataFrame, number: str) -> pl.DataFrame:
    documents = pl.DataFrame(
        connection.execute("SELECT number, id FROM documents").fetchall(),
        schema={"document": pl.Int64, "document_id": pl.String},
        orient="row",
    )
    return (
        frame.with_columns(document=pl.col(number) // 2**DOCUMENT_SHIFT).join(documents, on="document").drop("document")
    )

"""Slim frames for counting over time: numbers instead of ids, and no text, because they are read much faster."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from textmine.records import BODY_KINDS
from textmine.store.filters import Condition, Filter
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = ["block_sizes_frame", "coded_sentences_frame"]


def coded_sentences_frame(
    connection: sqlite3.Connection, filter: Filter, *, blocks: bool = True, languages: bool = True
) -> pl.DataFrame:
    """One row a mention that is not negated, in no order; the filter's codes choose mentions.

    Columns sentence_id and block_id (numbers of this store), document_id, code, language, negated (always false).
    Without `blocks`, block_id and language are null; without `languages`, language is. Each spares a look at the
    sentences.
    """
    conditions = [Condition("m.negated = 0"), *_of_documents(filter, "m.sentence"), *filter.block_conditions()]
    conditions += Filter(language=filter.language).sentence_conditions()
    if filter.codes:
        patterns = tuple(pattern.casefold().replace("[", "[[]") for pattern in filter.codes)
        conditions.append(Condition("(" + " OR ".join(["m.code GLOB ?"] * len(patterns)) + ")", patterns))
    if filter.language or filter.section or (blocks and languages):
        joins = "JOIN sentences AS s ON s.number = m.sentence "
        joins += "JOIN blocks AS b ON b.number = s.block " if filter.section else ""
        frame = _numbers(
            connection,
            f"mentions AS m {joins}",
            conditions,
            texts={"code": "m.code", "language": "s.language"},
            numbers={"sentence_id": "m.sentence", "block_id": "s.block"},
        )
    else:
        frame = _numbers(
            connection, "mentions AS m", conditions, texts={"code": "m.code"}, numbers={"sentence_id": "m.sentence"}
        ).with_columns(language=pl.lit(None, dtype=pl.String))
        if blocks:  # from an index, which is several times smaller than the table
            places = {"sentence_id": "number", "block_id": "block"}
            frame = frame.join(_numbers(connection, "sentences", [], numbers=places), on="sentence_id")
        else:
            frame = frame.with_columns(block_id=pl.lit(None, dtype=pl.Int64))
    return _with_documents(connection, frame, "sentence_id").select(
        "sentence_id", "block_id", "code", "language", "document_id", negated=pl.lit(False)
    )


def block_sizes_frame(connection: sqlite3.Connection, filter: Filter, *, languages: bool = True) -> pl.DataFrame:
    """One row a body block: block_id (as in `coded_sentences_frame`), document_id, language, n_sentences, n_words.

    Without `languages` there is no such column, and blocks without a language (numbers in tables) are left out.
    """
    kinds = ", ".join("?" * len(BODY_KINDS))
    conditions = [Condition(f"b.kind IN ({kinds})", BODY_KINDS), *_of_documents(filter, "b.number")]
    conditions += filter.block_conditions()
    if filter.language:
        conditions.append(Condition("b.language = ?", (filter.language,)))
    if not languages:
        conditions.append(Condition("b.language <> ''"))
    frame = _numbers(
        connection,
        "blocks AS b",
        conditions,
        texts={"language": "b.language"} if languages else {},
        numbers={"block_id": "b.number", "n_sentences": "b.n_sentences", "n_words": "b.n_words"},
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
    connection: sqlite3.Connection,
    source: str,
    conditions: Sequence[Condition],
    *,
    numbers: Mapping[str, str],
    texts: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Columns by name -> SQL. Numbers come as one text for each mix of `texts`: twenty times faster than row by row."""
    labels = texts or {}
    columns = [*labels.values(), *(f"group_concat({column})" for column in numbers.values())]
    where = f" WHERE {' AND '.join(condition.sql for condition in conditions)}" if conditions else ""
    groups = f" GROUP BY {', '.join(labels.values())}" if labels else ""
    values = tuple(value for condition in conditions for value in condition.values)
    frames = [pl.DataFrame(schema=dict.fromkeys(labels, pl.String) | dict.fromkeys(numbers, pl.Int64))]
    for row in connection.execute(f"SELECT {', '.join(columns)} FROM {source}{where}{groups}", values):
        joined = row[len(labels) :]
        if joined[0] is None:  # nothing fits
            continue
        parts = [np.fromstring(text, dtype=np.int64, sep=",") for text in map(str, joined)]
        frames.append(
            pl.DataFrame(dict(zip(numbers, parts, strict=True))).select(
                *(pl.lit(text, dtype=pl.String).alias(name) for name, text in zip(labels, row, strict=False)),
                *numbers,
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

"""How often: hits by a field with the denominators beside them, and facets."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from textmine.store.filters import Filter
from textmine.store.planning import make_plan, scope_conditions
from textmine.store.query import find_sentences
from textmine.store.query_syntax import Node
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = ["COUNT_COLUMNS", "COUNT_FIELDS", "FACETS", "count_by", "count_sentences", "scope_tokens"]

#: Fields of documents, and their columns.
_DOCUMENT_FIELDS = {
    "document": "d.path",
    "year": "d.year",
    "region": "d.region",
    "level": "d.level",
    "type": "d.type",
    "issuer": "d.issuer",
}
COUNT_FIELDS = (*_DOCUMENT_FIELDS, "language", "code", "section", "kind", "page", "match")
FACETS = ("year", "region", "level", "type", "language")
COUNT_COLUMNS = ("n_sentences", "n_documents", "of_sentences", "of_words", "per_1000_sentences")


def count_sentences(connection: sqlite3.Connection, node: Node, filter: Filter) -> int:
    """How many sentences a query hits."""
    plan = make_plan(node, filter)
    if not plan.exact:
        return sum(1 for _ in find_sentences(connection, node, filter))
    sql, values = plan.sql("count(*)")
    (n,) = connection.execute(sql, values).fetchone()
    return int(n)


def count_by(connection: sqlite3.Connection, node: Node, filter: Filter, field: str) -> list[dict[str, Any]]:
    """Rows `field, n_sentences, n_documents, of_sentences, of_words, per_1000_sentences`.

    A field of documents or the language: every value in scope, also without hits, ascending; `of_sentences` and
    `of_words` count the body sentences and words there. Other fields: by number, the largest first, and the
    denominators are those of the whole scope. A sentence with two codes counts for each.
    """
    if field in _DOCUMENT_FIELDS:
        return _by_document(connection, node, filter, field)
    counts: Counter[object] = Counter()
    documents: dict[object, set[int]] = defaultdict(set)
    for value, number in _values(connection, node, filter, field):
        counts[value] += 1
        documents[value].add(number >> DOCUMENT_SHIFT)
    bases = _denominators(connection, node, filter, "c.language" if field == "language" else "''")
    if field == "language":
        return [_row(field, key, counts[key], len(documents[key]), bases[key]) for key in sorted(bases, key=str)]
    base = bases.get("", (0, 0))
    ordered = sorted(counts, key=lambda key: (-counts[key], str(key)))
    return [_row(field, key, counts[key], len(documents[key]), base) for key in ordered]


def _row(field: str, value: object, n: int, n_documents: int, base: tuple[int, int]) -> dict[str, Any]:
    shown = PurePath(str(value)).name if field == "document" else value
    return {
        field: shown,
        "n_sentences": n,
        "n_documents": n_documents,
        "of_sentences": base[0],
        "of_words": base[1],
        "per_1000_sentences": round(1000 * n / base[0], 3) if base[0] else None,
    }


def _by_document(connection: sqlite3.Connection, node: Node, filter: Filter, field: str) -> list[dict[str, Any]]:
    plan = make_plan(node, filter)
    per_document: Mapping[int, int]
    if plan.exact:
        number = f"{{n}} >> {DOCUMENT_SHIFT}"
        sql, values = plan.sql(f"{number} AS document, count(*)", tail="GROUP BY document")
        per_document = dict(connection.execute(sql, values))
    else:
        per_document = Counter(hit.document for hit in find_sentences(connection, node, filter))
    column = _DOCUMENT_FIELDS[field]
    value_of = dict(connection.execute(f"SELECT d.number, {column} FROM documents AS d"))
    counts: Counter[object] = Counter()
    documents: Counter[object] = Counter()
    for document, n in per_document.items():
        counts[value_of[document]] += n
        documents[value_of[document]] += 1
    bases = _denominators(connection, node, filter, column)
    keys = sorted({*bases, *counts}, key=lambda key: (key is None, key if key is not None else 0))
    return [_row(field, key, counts[key], documents[key], bases.get(key, (0, 0))) for key in keys]


def _denominators(
    connection: sqlite3.Connection, node: Node, filter: Filter, column: str
) -> dict[object, tuple[int, int]]:
    """Body sentences and words by the column, in the scope of query and filter (documents and language)."""
    conditions = scope_conditions(node, filter)
    where = " AND ".join(condition.sql for condition in conditions) or "1"
    rows = connection.execute(
        f"SELECT {column} AS value, sum(c.n_sentences), sum(c.n_words) FROM counts AS c "
        f"JOIN documents AS d ON d.number = c.document WHERE {where} GROUP BY value",
        tuple(value for condition in conditions for value in condition.values),
    )
    return {value: (n_sentences, n_words) for value, n_sentences, n_words in rows}


def scope_tokens(connection: sqlite3.Connection, node: Node, filter: Filter) -> int:
    """Tokens, punctuation among them, where query and filter look."""
    conditions = scope_conditions(node, filter)
    where = " AND ".join(condition.sql for condition in conditions) or "1"
    (n,) = connection.execute(
        "SELECT coalesce(sum(c.n_tokens), 0) FROM counts AS c "
        f"JOIN documents AS d ON d.number = c.document WHERE {where}",
        tuple(value for condition in conditions for value in condition.values),
    ).fetchone()
    return int(n)


def _values(connection: sqlite3.Connection, node: Node, filter: Filter, field: str) -> Iterable[tuple[object, int]]:
    """(value of the field, number of the sentence) for every sentence hit."""
    if field == "match":
        for hit in find_sentences(connection, node, filter):
            for form in {" ".join(hit.text[start:end].split()).casefold() for start, end in hit.hits}:
                yield form, hit.number
        return
    if field == "code":
        column, joins = "m.code", "JOIN mentions AS m ON m.sentence = {n} AND m.negated = 0"
    else:
        joins = "JOIN sentences AS s ON s.number = {n} JOIN blocks AS b ON b.number = s.block "
        joins += "JOIN sections AS x ON x.number = b.section"
        section = "(SELECT group_concat(value, ' > ') FROM json_each(x.path))"
        column = {"language": "s.language", "kind": "b.kind", "page": "b.page", "section": section}[field]
    plan = make_plan(node, filter)
    if plan.exact:
        sql, values = plan.sql(f"DISTINCT {column}, {{n}}", joins=joins)
    else:
        numbers = json.dumps([hit.number for hit in find_sentences(connection, node, filter)])
        sql = f"SELECT DISTINCT {column}, {{n}} FROM json_each(?) AS hit {joins}".replace("{n}", "hit.value")
        values = (numbers,)
    yield from connection.execute(sql, values)

"""What a reader who turns pages asks: a page of coded sentences, a page of a document, facets in one pass, names.

Everything here answers from indexes and touches the text of what is shown only, so that it stays quick in a store of a
million sentences.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import PurePath
from typing import Any

from textmine.records import content_id
from textmine.store.counting import FACETS
from textmine.store.filters import Condition, Filter
from textmine.store.mentions import rows_where
from textmine.store.planning import make_plan
from textmine.store.query import find_sentences
from textmine.store.query_syntax import Node
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = [
    "Scope",
    "code_counts",
    "coded_by_document",
    "document_counts",
    "evidence_page",
    "evidence_rows",
    "fault_rows",
    "inferred_rows",
    "name_rows",
    "page_fault_rows",
    "query_facets",
    "sentence_place",
    "state_id",
    "term_counts",
]

NAME_CODE = "cluster.named"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which coded sentences are meant: a filter, and what it cannot say.

    `regions` are regions as documents write them (the empty text: documents without one); None is any. `term` is a
    cluster by its whole name, where `filter.name` takes a part of it. `least` wants so many sentences in the filter's
    language of a document, as trends by language do.
    """

    filter: Filter = Filter()  # noqa: RUF009 - frozen
    regions: tuple[str, ...] | None = None
    term: str = ""
    least: int = 0

    def __bool__(self) -> bool:
        return bool(self.filter) or self.regions is not None or bool(self.term)


def state_id(connection: sqlite3.Connection) -> str:
    """Changes whenever a document, how it was coded, or a derived result (the topics) changes."""
    documents = connection.execute("SELECT id, work_key FROM documents ORDER BY id").fetchall()
    derived = connection.execute("SELECT name, rowid FROM derived ORDER BY name").fetchall()
    return content_id(*(part for row in (*documents, *derived) for part in row))


# Coded sentences, a page at a time


def document_counts(connection: sqlite3.Connection, scope: Scope) -> dict[int, int]:
    """Number of a document -> its coded sentences in scope; documents without any are absent."""
    filter = scope.filter
    conditions: list[Condition] = []
    joins = ""
    if filter.codes:
        patterns = tuple(pattern.casefold().replace("[", "[[]") for pattern in filter.codes)
        conditions.append(Condition(" OR ".join(["m.code GLOB ?"] * len(patterns)), patterns))
    if not filter.negated:
        conditions.append(Condition("m.negated = 0"))
    documents = [*filter.document_conditions(), *_document_conditions(scope)]
    if documents:
        where = " AND ".join(f"({condition.sql})" for condition in documents)
        values = tuple(value for condition in documents for value in condition.values)
        inner = f"SELECT d.number FROM documents AS d WHERE {where}"
        conditions.append(Condition(f"m.sentence >> {DOCUMENT_SHIFT} IN ({inner})", values))
    if filter.language or filter.section:
        joins += " JOIN sentences AS s ON s.number = m.sentence"
        conditions += Filter(language=filter.language).sentence_conditions()
    if filter.section:
        joins += " JOIN blocks AS b ON b.number = s.block"
        conditions += filter.block_conditions()
    conditions += _name_conditions(scope, "m.sentence")
    where = " AND ".join(f"({condition.sql})" for condition in conditions) or "1"
    rows = connection.execute(
        f"SELECT m.sentence >> {DOCUMENT_SHIFT} AS document, count(DISTINCT m.sentence) FROM mentions AS m{joins} "
        f"WHERE {where} GROUP BY document",
        tuple(value for condition in conditions for value in condition.values),
    )
    return dict(rows)


def coded_by_document(connection: sqlite3.Connection) -> dict[str, int]:
    """Id of a document -> its coded sentences; without those that have none."""
    counts = document_counts(connection, Scope())
    return {
        own: counts[number]
        for number, own in connection.execute("SELECT number, id FROM documents")
        if number in counts
    }


def evidence_page(
    connection: sqlite3.Connection,
    scope: Scope,
    counts: Mapping[int, int],
    *,
    offset: int = 0,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Rows of `mentions.rows_where` with marks, from `offset` on; only the documents on this page are read.

    Args:
        counts: of `document_counts` for this scope.
    """
    documents = _in_order(connection, counts)
    ends = list(accumulate(counts[number] for number in documents))
    rows: list[dict[str, Any]] = []
    for number, end in zip(documents, ends, strict=True):
        start = end - counts[number]
        if end <= offset or start >= offset + limit:
            continue
        first, last = max(0, offset - start), min(counts[number], offset + limit - start)
        own = list(rows_where(connection, _row_conditions(scope, number), limit=last, marks=True))
        rows += own[first:last]
    return rows


def evidence_rows(connection: sqlite3.Connection, scope: Scope, counts: Mapping[int, int]) -> Iterator[dict[str, Any]]:
    """All rows of `mentions.mention_rows` in scope, document by document, in the order of the command line."""
    for number in _in_order(connection, counts):
        yield from rows_where(connection, _row_conditions(scope, number))


def _in_order(connection: sqlite3.Connection, counts: Mapping[int, int]) -> list[int]:
    ordered = connection.execute("SELECT number FROM documents ORDER BY path, id").fetchall()
    return [number for (number,) in ordered if number in counts]


def _row_conditions(scope: Scope, document: int) -> list[Condition]:
    """What a sentence of one document must have; conditions on the document itself are settled by the counts."""
    bounds = (document << DOCUMENT_SHIFT, ((document + 1) << DOCUMENT_SHIFT) - 1)
    filter = scope.filter
    found = [Condition("s.number BETWEEN ? AND ?", bounds)]
    # conditions on mentions look at this document's alone: those of the filter would list all sentences each time
    near = Condition("sentence BETWEEN ? AND ?", bounds)
    counted = "" if filter.negated else " AND negated = 0"
    if filter.codes:
        patterns = tuple(pattern.casefold().replace("[", "[[]") for pattern in filter.codes)
        codes = " OR ".join(["code GLOB ?"] * len(patterns))
        inner = f"SELECT sentence FROM mentions WHERE {near.sql} AND ({codes}){counted}"
        found.append(Condition(f"s.number IN ({inner})", (*bounds, *patterns)))
    elif not (filter.name or scope.term):
        inner = f"SELECT sentence FROM mentions WHERE {near.sql}{counted}"
        found.append(Condition(f"s.number IN ({inner})", bounds))
    return [
        *found,
        *Filter(language=filter.language).sentence_conditions(),
        *filter.block_conditions(),
        *_name_conditions(scope, "s.number"),
    ]


def _document_conditions(scope: Scope) -> list[Condition]:
    found = []
    if scope.regions is not None:
        found.append(Condition("d.region IN (SELECT value FROM json_each(?))", (json.dumps(scope.regions),)))
    if scope.least and scope.filter.language:
        enough = "SELECT document FROM counts WHERE language = ? AND n_sentences >= ?"
        found.append(Condition(f"d.number IN ({enough})", (scope.filter.language, scope.least)))
    return found


def _name_conditions(scope: Scope, column: str) -> list[Condition]:
    found = []
    if scope.filter.name:
        found += [
            Condition(condition.sql.replace("s.number", column), condition.values)
            for condition in Filter(name=scope.filter.name).sentence_conditions()
        ]
    if scope.term:
        where = f"SELECT sentence FROM mentions WHERE code = '{NAME_CODE}' AND negated = 0 AND term = ?"
        found.append(Condition(f"{column} IN ({where})", (scope.term,)))
    return found


def sentence_place(connection: sqlite3.Connection, cell: bytes | str) -> tuple[str, int, str] | None:
    """Document id, page on which it begins, and text of a sentence; None when there is none."""
    from textmine.store.query import first_box

    row = connection.execute(
        'SELECT d.id, b.page, b.text, b.spans, s.start, s."end" FROM sentences AS s '
        "JOIN blocks AS b ON b.number = s.block JOIN documents AS d ON d.number = b.document WHERE s.id = ?",
        (cell,),
    ).fetchone()
    if row is None:
        return None
    document_id, page, text, spans, start, end = row
    box = first_box(spans, start, end)
    return document_id, box.page if box else page, text[start:end]


# Facets


def query_facets(
    connection: sqlite3.Connection, node: Node, filter: Filter
) -> tuple[int, dict[str, list[tuple[object, int]]]]:
    """How many sentences a query hits, and by facet the values with hits, ascending, with their numbers.

    The numbers are those of `counting.count_by`; all facets come from one pass over the hits.
    """
    plan = make_plan(node, filter)
    per_document: Mapping[int, int]
    if plan.exact:
        sql, values = plan.sql(f"{{n}} >> {DOCUMENT_SHIFT} AS document, count(*)", tail="GROUP BY document")
        per_document = dict(connection.execute(sql, values))
    else:
        per_document = Counter(hit.document for hit in find_sentences(connection, node, filter))
    columns = [facet for facet in FACETS if facet != "language"]
    known = {row[0]: row[1:] for row in connection.execute(f"SELECT number, {', '.join(columns)} FROM documents AS d")}
    found: dict[str, list[tuple[object, int]]] = {}
    for place, facet in enumerate(columns):
        counts: Counter[object] = Counter()
        for document, n in per_document.items():
            counts[known[document][place]] += n
        found[facet] = sorted(counts.items(), key=lambda item: (item[0] is None, item[0] if item[0] is not None else 0))
    found["language"] = sorted(_by_language(connection, node, filter, per_document).items())
    return sum(per_document.values()), {facet: found[facet] for facet in FACETS}


def _by_language(
    connection: sqlite3.Connection, node: Node, filter: Filter, per_document: Mapping[int, int]
) -> Counter[str]:
    """Hits by language; sentences are looked at only in documents that hold several."""
    languages: dict[int, list[str]] = defaultdict(list)
    for document, language in connection.execute("SELECT document, language FROM counts"):
        languages[document].append(language)
    counts: Counter[str] = Counter()
    mixed = []
    for document, n in per_document.items():
        if len(languages[document]) == 1:
            counts[languages[document][0]] += n
        else:
            mixed.append(document)
    if not mixed:
        return counts
    plan = make_plan(node, filter)
    if plan.exact:
        own = Condition(f"{{n}} >> {DOCUMENT_SHIFT} IN (SELECT value FROM json_each(?))", (json.dumps(mixed),))
        sql, values = replace(plan, conditions=(*plan.conditions, own)).sql(
            "x.language, count(*)", joins="JOIN sentences AS x ON x.number = {n}", tail="GROUP BY x.language"
        )
        counts.update(dict(connection.execute(sql, values)))
    else:
        wanted = set(mixed)
        counts.update(hit.language for hit in find_sentences(connection, node, filter) if hit.document in wanted)
    return counts


# Names of clusters


def name_rows(connection: sqlite3.Connection, scope: Scope) -> list[dict[str, Any]]:
    """One row a named cluster, the most named first.

    Keys: name, n_sentences, n_documents, first, last (years), years, regions (of the documents) and priorities (named
    in the same sentence), the last three as lists of (value, sentences) with the most first (years ascending).
    """
    documents = [*scope.filter.document_conditions(), *_document_conditions(scope)]
    where = " AND ".join(f"({condition.sql})" for condition in documents) or "1"
    values = tuple(value for condition in documents for value in condition.values)
    places = {
        number: (year, region)
        for number, year, region in connection.execute(
            f"SELECT d.number, d.year, d.region FROM documents AS d WHERE {where}", values
        )
    }
    named: dict[str, set[int]] = defaultdict(set)
    for term, sentence in connection.execute(
        "SELECT term, sentence FROM mentions WHERE code = ? AND negated = 0", (NAME_CODE,)
    ):
        if sentence >> DOCUMENT_SHIFT in places:
            named[term].add(sentence)
    priorities = _priorities(connection)
    rows = []
    for term, sentences in named.items():
        years: Counter[int] = Counter()
        regions: Counter[str] = Counter()
        codes: Counter[str] = Counter()
        for sentence in sentences:
            year, region = places[sentence >> DOCUMENT_SHIFT]
            if year is not None:
                years[year] += 1
            regions[region] += 1
            codes.update(priorities.get(sentence, ()))
        rows.append(
            {
                "name": term,
                "n_sentences": len(sentences),
                "n_documents": len({sentence >> DOCUMENT_SHIFT for sentence in sentences}),
                "first": min(years, default=None),
                "last": max(years, default=None),
                "years": sorted(years.items()),
                "regions": _ranked(regions),
                "priorities": _ranked(codes),
            }
        )
    return sorted(rows, key=lambda row: (-row["n_sentences"], row["name"]))


def _priorities(connection: sqlite3.Connection) -> dict[int, set[str]]:
    """Sentence that names a cluster -> the priority codes that it carries too."""
    found: dict[int, set[str]] = defaultdict(set)
    rows: Iterator[tuple[int, str]] = connection.execute(
        "SELECT sentence, code FROM mentions WHERE code GLOB 'priority.*' AND negated = 0 AND sentence IN "
        "(SELECT sentence FROM mentions WHERE code = ? AND negated = 0)",
        (NAME_CODE,),
    )
    for sentence, code in rows:
        found[sentence].add(code)
    return found


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    ordered: Sequence[tuple[str, int]] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return list(ordered)


# Quality


def fault_rows(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Rows document, document_id, status, error, flags of documents that failed or were read with flags, by path."""
    rows = connection.execute(
        "SELECT path, id, status, error, flags FROM documents WHERE status <> 'read' ORDER BY path"
    )
    return [
        {"document": PurePath(path).name, "document_id": own, "status": status, "error": error,
         "flags": json.loads(flags)}
        for path, own, status, error, flags in rows
    ]  # fmt: skip


def page_fault_rows(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Rows document, document_id, page, source, flags of pages without text, read by OCR, or with flags.

    A blank page is no fault.
    """
    rows = connection.execute(
        "SELECT d.path, d.id, p.number, p.source, p.flags FROM pages AS p JOIN documents AS d ON d.number = p.document "
        "WHERE (p.source <> 'text' OR p.flags <> '[]') AND NOT EXISTS "
        "(SELECT 1 FROM json_each(p.flags) WHERE value = 'blank') ORDER BY d.path, p.number"
    )
    return [
        {"document": PurePath(path).name, "document_id": own, "page": page, "source": source,
         "flags": json.loads(flags)}
        for path, own, page, source, flags in rows
    ]  # fmt: skip


def inferred_rows(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Rows document, document_id, field, value, origin of metadata that was inferred, not given."""
    columns = ("title", "year", "region", "level", "type", "issuer", "languages")
    found = []
    for path, own, origins, *values in connection.execute(
        f"SELECT path, id, origins, {', '.join(columns)} FROM documents ORDER BY path"
    ):
        known = json.loads(origins)
        for column, value in zip(columns, values, strict=True):
            origin = known.get(column, "")
            if origin.startswith("inferred"):
                shown = json.loads(value) if column == "languages" else value
                found.append(
                    {"document": PurePath(path).name, "document_id": own, "field": column, "value": shown,
                     "origin": origin}
                )  # fmt: skip
    return found


# Codes


def code_counts(connection: sqlite3.Connection) -> dict[tuple[str, str], int]:
    """(code, language) -> coded sentences."""
    rows = connection.execute(
        "SELECT m.code, s.language, count(DISTINCT m.sentence) FROM mentions AS m "
        "JOIN sentences AS s ON s.number = m.sentence WHERE m.negated = 0 GROUP BY m.code, s.language"
    )
    return {(code, language): n for code, language, n in rows}


def term_counts(connection: sqlite3.Connection, code: str) -> dict[str, list[tuple[str, int]]]:
    """Language -> terms that found a code, with their mentions, the most first."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for language, term, n in connection.execute(
        "SELECT s.language, m.term, count(*) AS n FROM mentions AS m JOIN sentences AS s ON s.number = m.sentence "
        "WHERE m.code = ? AND m.negated = 0 GROUP BY s.language, m.term ORDER BY n DESC, m.term",
        (code,),
    ):
        found[language].append((term, n))
    return dict(found)

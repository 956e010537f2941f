"""Samples to code by hand and what people decided, sentence by sentence: all states are kept, the newest counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from textmine.errors import StoreError
from textmine.records import BODY_KINDS, Coding, Mention, Sample, SampleSentence
from textmine.store.filters import Condition, Filter
from textmine.store.packing import clean_text, pack_id, unpack_id
from textmine.store.query import page_link
from textmine.store.schema import DOCUMENT_SHIFT
from textmine.store.write import transaction

__all__ = [
    "CONTEXT_COLUMNS",
    "add_codings",
    "add_sample",
    "body_sentences",
    "context_rows",
    "read_codings",
    "read_sample",
    "sample_rows",
    "stored_mentions",
]

CONTEXT_COLUMNS = ("document", "title", "year", "page", "section", "before", "after", "link")

#: Ids asked for at a time; SQLite takes 999 values everywhere.
_IDS = 900


def add_sample(connection: sqlite3.Connection, sample: Sample) -> None:
    """Keep a sample; one that is there already with the same sentences is left as it is.

    Raises:
        StoreError: another sample has this name.
    """
    with transaction(connection):
        if connection.execute("SELECT 1 FROM samples WHERE name = ?", (sample.name,)).fetchone():
            known = read_sample(connection, sample.name)
            if [one.sentence_id for one in known.sentences] == [one.sentence_id for one in sample.sentences]:
                return
            raise StoreError(f"sample {sample.name}: there is another of this name already. Choose a name with --name.")
        connection.execute(
            "INSERT INTO samples VALUES (?, ?, ?, ?)",
            (sample.name, sample.design, sample.seed, json.dumps(dict(sample.settings), ensure_ascii=False)),
        )
        connection.executemany(
            "INSERT INTO sample_sentences VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    sample.name, place, pack_id(one.sentence_id), one.document_id, one.language, clean_text(one.text),
                    one.stratum, one.chance,
                )
                for place, one in enumerate(sample.sentences, 1)
            ],
        )  # fmt: skip


def read_sample(connection: sqlite3.Connection, name: str) -> Sample:
    """The sample of this name.

    Raises:
        StoreError: there is none; the message lists those that are there.
    """
    row = connection.execute("SELECT design, seed, settings FROM samples WHERE name = ?", (name,)).fetchone()
    if row is None:
        names = ", ".join(known for (known,) in connection.execute("SELECT name FROM samples ORDER BY name"))
        raise StoreError(f"sample {name}: not in the store (there: {names or 'none'}). Draw one with textmine sample.")
    sentences = connection.execute(
        "SELECT sentence, document, language, text, stratum, chance FROM sample_sentences WHERE sample = ? "
        "ORDER BY place",
        (name,),
    )
    return Sample(
        name,
        row[0],
        row[1],
        json.loads(row[2]),
        tuple(SampleSentence(unpack_id(own), *rest) for own, *rest in sentences),
    )


def sample_rows(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """One row a sample and coder, by name: `sample, design, seed, n_sentences, coder, n_done, n_uncertain, n_skipped,
    n_left, last` (time of the newest decision). A sample that nobody has begun has one row with an empty coder.
    """
    rows = connection.execute(
        "SELECT s.name, s.design, s.seed, (SELECT count(*) FROM sample_sentences AS x WHERE x.sample = s.name), "
        "coalesce(c.coder, ''), coalesce(sum(c.state = 'done'), 0), coalesce(sum(c.state = 'uncertain'), 0), "
        "coalesce(sum(c.state = 'skipped'), 0), count(c.state), coalesce(max(c.time), '') FROM samples AS s "
        "LEFT JOIN codings AS c ON c.sample = s.name "
        "AND c.number IN (SELECT max(number) FROM codings GROUP BY sample, coder, sentence) "
        "GROUP BY s.name, c.coder ORDER BY s.name, c.coder"
    )
    keys = ("sample", "design", "seed", "n_sentences", "coder", "n_done", "n_uncertain", "n_skipped", "n_left", "last")
    return [dict(zip(keys, (*row[:8], row[3] - row[8], row[9]), strict=True)) for row in rows]


def add_codings(connection: sqlite3.Connection, codings: Sequence[Coding]) -> int:
    """Keep decisions, all or none; how many are new. One that says what the coder's newest says is not kept twice.

    A coding without a time gets the present one.

    Raises:
        StoreError: a sample is not there, or has no such sentence.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    n_new = 0
    with transaction(connection):
        for one in codings:
            cell = pack_id(one.sentence_id)
            if not connection.execute(
                "SELECT 1 FROM sample_sentences WHERE sample = ? AND sentence = ?", (one.sample, cell)
            ).fetchone():
                read_sample(connection, one.sample)
                raise StoreError(f"sample {one.sample}: has no sentence {one.sentence_id}. Name its own with --name.")
            names = [clean_text(name) for name in one.names]
            said = (
                one.state, json.dumps(sorted(one.codes)), json.dumps(names, ensure_ascii=False),
                clean_text(one.note), one.codebook_id,
            )  # fmt: skip
            last = connection.execute(
                "SELECT state, codes, names, note, codebook FROM codings "
                "WHERE sample = ? AND coder = ? AND sentence = ? ORDER BY number DESC LIMIT 1",
                (one.sample, one.coder, cell),
            ).fetchone()
            if last == said:
                continue
            connection.execute(
                "INSERT INTO codings (sample, sentence, coder, state, codes, names, note, time, codebook) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (one.sample, cell, one.coder, *said[:4], one.time or now, one.codebook_id),
            )
            n_new += 1
    return n_new


def read_codings(
    connection: sqlite3.Connection, sample: str, coder: str | None = None, *, history: bool = False
) -> list[Coding]:
    """The decisions on a sample, by coder and in its order; of one coder only, unless `coder` is None.

    Only the newest of each coder and sentence; with `history` all of them, the oldest first.
    """
    conditions = [Condition("c.sample = ?", (sample,))]
    if coder is not None:
        conditions.append(Condition("c.coder = ?", (coder,)))
    if not history:
        conditions.append(Condition("c.number IN (SELECT max(number) FROM codings GROUP BY sample, coder, sentence)"))
    rows = connection.execute(
        "SELECT c.sentence, c.coder, c.codes, c.names, c.state, c.note, c.time, c.codebook, c.sample "
        "FROM codings AS c JOIN sample_sentences AS x ON x.sample = c.sample AND x.sentence = c.sentence "
        f"WHERE {' AND '.join(condition.sql for condition in conditions)} ORDER BY c.coder, x.place, c.number",
        tuple(value for condition in conditions for value in condition.values),
    )
    return [
        Coding(unpack_id(own), name, frozenset(json.loads(codes)), tuple(json.loads(names)), *rest)
        for own, name, codes, names, *rest in rows
    ]


def body_sentences(connection: sqlite3.Connection, filter: Filter) -> Iterator[tuple[str, str, str]]:
    """(sentence id, document id, language) of the sentences of the bodies that a filter lets through."""
    kinds = ", ".join("?" * len(BODY_KINDS))
    conditions = [
        Condition(f"b.kind IN ({kinds})", BODY_KINDS),
        *filter.document_conditions(), *filter.block_conditions(), *filter.sentence_conditions(),
    ]  # fmt: skip
    rows = connection.execute(
        "SELECT s.id, d.id, s.language FROM sentences AS s JOIN blocks AS b ON b.number = s.block "
        "JOIN documents AS d ON d.number = b.document "
        f"WHERE {' AND '.join(f'({condition.sql})' for condition in conditions)}",
        tuple(value for condition in conditions for value in condition.values),
    )
    return ((unpack_id(own), document, language) for own, document, language in rows)


def context_rows(connection: sqlite3.Connection, sentence_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Sentence id -> where it stands: `text, language, document_id` and CONTEXT_COLUMNS.

    `before` and `after` are its neighbours in the document's body. Ids that are not in the store have no entry.
    """
    found: dict[str, dict[str, Any]] = {}
    kinds = ", ".join("?" * len(BODY_KINDS))
    beside = (
        '(SELECT substr(y.text, n.start + 1, n."end" - n.start) FROM sentences AS n JOIN blocks AS y '
        f"ON y.number = n.block WHERE n.number {{}} AND y.kind IN ({kinds}) ORDER BY n.number {{}} LIMIT 1)"
    )
    before_it = beside.format(f"BETWEEN d.number << {DOCUMENT_SHIFT} AND s.number - 1", "DESC")
    after_it = beside.format(f"BETWEEN s.number + 1 AND ((d.number + 1) << {DOCUMENT_SHIFT}) - 1", "")
    for cells in _in_parts(sentence_ids):
        marks = ", ".join("?" * len(cells))
        rows = connection.execute(
            'SELECT s.id, substr(b.text, s.start + 1, s."end" - s.start), s.language, d.id, d.path, d.title, d.year, '
            f"b.page, (SELECT group_concat(value, ' > ') FROM json_each(x.path)), {before_it}, {after_it} "
            "FROM sentences AS s JOIN blocks AS b ON b.number = s.block JOIN documents AS d ON d.number = b.document "
            f"JOIN sections AS x ON x.number = b.section WHERE s.id IN ({marks}) ORDER BY s.number",
            (*BODY_KINDS, *BODY_KINDS, *cells),
        )
        for own, text, language, document, path, title, year, page, section, before, after in rows:
            found[unpack_id(own)] = {
                "text": text,
                "language": language,
                "document_id": document,
                "document": PurePath(path).name,
                "title": title,
                "year": year,
                "page": page,
                "section": section or "",
                "before": before or "",
                "after": after or "",
                "link": page_link(path, page),
            }
    return found


def stored_mentions(connection: sqlite3.Connection, sentence_ids: Iterable[str]) -> dict[str, list[Mention]]:
    """Sentence id -> what the machine found in it; an empty list where nothing, no entry where it is not stored."""
    found: dict[str, list[Mention]] = {}
    for cells in _in_parts(sentence_ids):
        rows = connection.execute(
            'SELECT s.id, m.id, m.code, m.start, m."end", m.term, m.score, m.method, m.negated '
            "FROM sentences AS s LEFT JOIN mentions AS m ON m.sentence = s.number "
            f"WHERE s.id IN ({', '.join('?' * len(cells))}) ORDER BY s.number, m.number",
            cells,
        )
        for own, mention, code, start, end, term, score, method, negated in rows:
            mentions = found.setdefault(unpack_id(own), [])
            if mention is not None:
                mentions.append(
                    Mention(unpack_id(mention), unpack_id(own), code, start, end, term, score, method, bool(negated))
                )
    return found


def _in_parts(sentence_ids: Iterable[str]) -> Iterator[list[bytes | str]]:
    cells = [pack_id(own) for own in dict.fromkeys(sentence_ids)]
    for first in range(0, len(cells), _IDS):
        yield cells[first : first + _IDS]

"""The rows of `textmine mentions`: one a coded sentence, with its page and box."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import PurePath
from typing import Any

from textmine.store.filters import Condition, Filter
from textmine.store.packing import pack_id, unpack_id
from textmine.store.query import box_row, first_box, page_link

__all__ = ["MENTION_COLUMNS", "evidence_rows", "mention_rows", "rows_where"]

MENTION_COLUMNS = (
    "document", "title", "year", "region", "level", "type", "page", "section", "sentence", "language", "text", "codes",
    "terms", "names", "negated", "score", "method", "x0", "top", "x1", "bottom",
)  # fmt: skip

#: Ids asked for at a time; SQLite takes 999 values everywhere.
_IDS = 900
_NAME_CODE = "cluster.named"


def mention_rows(
    connection: sqlite3.Connection, filter: Filter, *, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """One row a sentence with a mention that the filter wants, by document and place: MENTION_COLUMNS and more.

    `codes` are all codes of the sentence, `terms` what they were found by, `names` the names of clusters as they
    stand, `negated` the codes that the sentence denies, `score` the highest of its mentions. `sentence` is its id;
    x0, top, x1, bottom (points) frame it on `page`, where it begins. Further keys: document_id, link, box,
    mention_ids.
    """
    yield from rows_where(connection, _conditions(filter), limit=limit)


def evidence_rows(connection: sqlite3.Connection, mention_ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of `mention_rows` for the sentences of these mentions, by document and place; unknown ids have none."""
    cells = sorted({pack_id(own) for own in mention_ids}, key=str)
    numbers: set[int] = set()
    for first in range(0, len(cells), _IDS):
        part = cells[first : first + _IDS]
        marks = ", ".join("?" * len(part))
        found = connection.execute(f"SELECT sentence FROM mentions WHERE id IN ({marks})", part)
        numbers.update(number for (number,) in found)
    wanted = Condition("s.number IN (SELECT value FROM json_each(?))", (json.dumps(sorted(numbers)),))
    yield from rows_where(connection, [wanted])


def _conditions(filter: Filter) -> list[Condition]:
    conditions = [*filter.document_conditions(), *filter.block_conditions(), *filter.sentence_conditions()]
    if not filter.codes and not filter.name:
        conditions += replace(filter, codes=("*",), language="").sentence_conditions()
    return conditions


def rows_where(
    connection: sqlite3.Connection, conditions: Sequence[Condition], *, limit: int | None = None, marks: bool = False
) -> Iterator[dict[str, Any]]:
    """The rows of `mention_rows` for sentences that meet conditions on the tables s, b, d, x and m.

    With `marks` a row also says where its counted mentions stand in the text: (start, end, code).
    """
    where = " AND ".join(f"({condition.sql})" for condition in conditions)
    rows = connection.execute(
        "SELECT s.number, d.path, d.title, d.year, d.region, d.level, d.type, b.page, "
        "(SELECT group_concat(value, ' > ') FROM json_each(x.path)), s.id, s.language, "
        'b.text, s.start, s."end", b.spans, d.id, m.code, m.start, m."end", m.term, m.negated, m.score, m.method, m.id '
        "FROM sentences AS s JOIN blocks AS b ON b.number = s.block JOIN documents AS d ON d.number = b.document "
        "JOIN sections AS x ON x.number = b.section JOIN mentions AS m ON m.sentence = s.number "
        f"WHERE {where} ORDER BY d.path, d.id, s.number, m.start, m.number",
        tuple(value for condition in conditions for value in condition.values),
    )
    for n_rows, (_, group) in enumerate(groupby(rows, key=lambda row: row[0])):
        if limit is not None and n_rows >= limit:
            return
        mentions = list(group)
        row = _row(mentions)
        if marks:
            row["marks"] = [
                (start, end, code) for code, start, end, _, negated, *_ in (m[16:] for m in mentions) if not negated
            ]
        yield row


def _row(mentions: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """The row of one sentence from the joined rows of its mentions."""
    (_, path, title, year, region, level, kind, page, section, own, language, text, start, end, spans, document_id) = (
        mentions[0][:16]
    )
    counted = [mention[16:] for mention in mentions if not mention[20]]
    denied = [mention[16:] for mention in mentions if mention[20]]
    codes = list(dict.fromkeys(mention[0] for mention in counted))
    sentence = text[start:end]
    box = _whole_box(spans, start, end)
    page = int(box["page"]) if box else page
    return {
        "document": PurePath(path).name,
        "title": title,
        "year": year,
        "region": region,
        "level": level,
        "type": kind,
        "page": page,
        "section": section or "",
        "sentence": unpack_id(own),
        "language": language,
        "text": sentence,
        "codes": codes,
        "terms": list(dict.fromkeys(mention[3] for mention in counted if mention[3])),
        "names": list(dict.fromkeys(sentence[m[1] : m[2]] for m in counted if m[0] == _NAME_CODE)),
        "negated": [code for code in dict.fromkeys(mention[0] for mention in denied) if code not in codes],
        "score": max((mention[5] for mention in counted or denied), default=None),
        "method": "+".join(dict.fromkeys(mention[6] for mention in counted or denied)),
        "x0": box and box["x0"],
        "top": box and box["top"],
        "x1": box and box["x1"],
        "bottom": box and box["bottom"],
        "document_id": document_id,
        "mention_ids": [unpack_id(mention[7]) for mention in counted + denied],
        "link": page_link(path, page),
    }


def _whole_box(spans: str, start: int, end: int) -> dict[str, float] | None:
    """The frame around all lines of the sentence on the page where it begins."""
    return box_row(first_box(spans, start, end, whole=True))

"""What docs/query.md and docs/store.md show does run."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from textmine.store.query_language import FIELDS, parse_query

DOCS = Path(__file__).parents[2] / "docs"
QUERY = (DOCS / "query.md").read_text(encoding="utf-8")
STORE = (DOCS / "store.md").read_text(encoding="utf-8")


def language_examples() -> list[str]:
    """The Polish and English columns of the first table, the example column of the fields, the CQL block."""
    found = []
    for line in QUERY.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[2].startswith("`"):
            found += [cells[2].strip("`"), cells[3].strip("`")]
        if len(cells) == 3 and re.match(r"`\w+:`", cells[0]):
            found += re.findall(r"`([^`]+)`", cells[1])
    block = re.search(r"```\n(\[lemma=.*?)```", QUERY, re.DOTALL)
    assert block
    found += [re.split(r" {3,}", line)[0] for line in block[1].splitlines()]
    return found


def test_there_are_examples():
    assert len(language_examples()) > 30


@pytest.mark.parametrize("query", language_examples())
def test_an_example_is_understood_and_answered(store, query):
    parse_query(query)
    assert store.count(query) >= 0


def test_all_fields_are_documented():
    assert all(f"| `{field}:` |" in QUERY for field in FIELDS)


def test_the_sql_examples_run(store_path):
    connection = sqlite3.connect(store_path)
    blocks = re.findall(r"```sql\n(.*?)```", STORE, re.DOTALL)
    statements = [part for block in blocks for part in block.split(";") if part.strip()]
    answers = [connection.execute(statement).fetchall() for statement in statements]
    connection.close()
    assert len(answers) == 3
    assert len(answers[0]) == 2
    assert len(answers[1]) == 1
    assert len(answers[2]) == 1


def test_all_tables_and_columns_are_documented(store_path):
    connection = sqlite3.connect(store_path)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    for (table,) in tables:
        if re.match(r"(search_|sqlite_)", table):
            continue
        assert f"`{table}`" in STORE, table
        described = ("documents", "pages", "sections", "blocks", "sentences", "mentions", "counts", "vectors")
        if table in (*described, "samples", "sample_sentences", "codings"):
            (row,) = [line for line in STORE.splitlines() if line.startswith(f"| `{table}` |")]
            for column in connection.execute(f"SELECT name FROM pragma_table_info('{table}')"):
                assert re.search(rf"\b{column[0]}\b", row), (table, column)
    connection.close()

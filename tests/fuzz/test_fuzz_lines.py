"""Lines of JSONL of anyone: coded, or a DataError that names the line."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from fuzz_profile import FUZZ
from hypothesis import example, given
from hypothesis import strategies as st
from reading_jobs import SETTINGS

from textmine.commands.classify import classify_lines
from textmine.errors import DataError
from textmine.ingest.jobs import coder_of

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
rows = values | st.fixed_dictionaries(
    {},
    optional={
        "id": values,
        "lang": st.sampled_from(["pl", "en", "de", ""]) | values,
        "text": st.just("Brak zaufania hamuje klastry.") | st.text() | values,
    },
)


def classify(folder: Path, data: bytes) -> list[dict[str, object]]:
    path = folder / "lines.jsonl"
    path.write_bytes(data)
    found = []
    with suppress(DataError):
        for row in classify_lines(path, coder_of(SETTINGS)):
            json.dumps(row, ensure_ascii=False).encode("utf-8")
            found.append(row)
    return found


@FUZZ
@given(lines=st.lists(rows.map(lambda row: json.dumps(row).encode()) | st.binary(max_size=30), max_size=4))
@example(lines=[b"[" * 200_000])
@example(lines=[b'{"text": "\\ud800"}'])
@example(lines=[b'{"text": 5}'])
@example(lines=[b'{"text": "a", "lang": ["pl"]}'])
@example(lines=[b'{"text": "\xff"}'])
@example(lines=[b'{"text": "' + b"brak zaufania " * 100_000 + b'"}'])
def test_any_line_is_coded_or_a_fault(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]) -> None:
    classify(tmp_path_factory.mktemp("lines"), b"\n".join(lines))


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    line = '\ufeff{"id": "pl-1", "lang": "pl", "text": "Brak zaufania hamuje klastry."}'
    assert [row["document"] for row in classify(tmp_path, line.encode())] == ["pl-1"]

"""The notebooks of the documentation: one runs here from start to end, and all keep outputs of this state."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parent.parent.parent / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
sys.path.insert(0, str(FOLDER))

from execute import execute  # noqa: E402


def cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def table_after(notebook: nbformat.NotebookNode, words: str) -> list[dict[str, str]]:
    """The rows of the frame that the cell with these words shows, as text."""
    (cell,) = [cell for cell in cells(notebook) if words in cell.source]
    html = cell.outputs[-1]["data"]["text/html"]
    head = re.findall(r"<th>(.*?)</th>", html)
    rows = re.findall(r"<tr>((?:<td>.*?</td>)+)</tr>", html, flags=re.DOTALL)
    kept = [[unescape(text).strip('"') for text in re.findall(r"<td>(.*?)</td>", row)] for row in rows]
    return [dict(zip(head, row, strict=True)) for row in kept if row[0] not in ("str", "i64", "f64")]


def test_the_main_notebook_runs_and_shows_the_numbers_of_the_command(
    demo_store: Path, command: Callable[..., Any]
) -> None:
    notebook = execute(FOLDER / "integration-mazovia.ipynb", demo_store)
    shown = table_after(notebook, "sides = ")
    line = ("integration", "--corpus", demo_store, "--region", "mazowieckie", "--format", "json")
    rows = {
        (row["period"], row["indicator"]): row
        for row in json.loads(command(*line).stdout)
        if row["side"] == "composite" or row["indicator"] == row["side"]
    }
    assert len(shown) == len(rows) > 4
    for row in shown:
        theirs = rows[row["period"], row["indicator"]]
        for column in ("value", "low", "high", "n_documents"):
            expected = theirs[column]
            assert row[column] == "null" if expected is None else float(row[column]) == expected
    regions = table_after(notebook, "beside = ")
    by_region = json.loads(command(*line[:3], "--by", "region", "--format", "json").stdout)
    composite = {row["region"]: row["value"] for row in by_region if row["side"] == "composite"}
    assert {row["region"]: None if row["value"] == "null" else float(row["value"]) for row in regions} == composite
    (picture,) = [cell for cell in cells(notebook) if "corpus.page(" in cell.source]
    assert picture.outputs[-1]["data"]["image/png"].startswith("iVBOR")


def test_there_is_a_notebook_for_each_main_question() -> None:
    names = {path.stem for path in NOTEBOOKS}
    assert names == {
        "integration-mazovia", "barriers-over-time", "priorytety-i-klastry", "topics-both-languages", "own-documents",
    }  # fmt: skip


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_kept_whole_and_without_paths_of_a_machine(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in cells(notebook):
        assert cell.execution_count, cell.source
        kinds = {output["output_type"] for output in cell.outputs}
        assert kinds <= {"execute_result", "display_data", "stream"}
        assert not [out for out in cell.outputs if out.get("name") == "stderr"], cell.source
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<![\w.])/(?:home|work|tmp|root|usr|Users)/", text)
    assert path.stat().st_size < 400_000
    first = notebook.cells[0].source
    assert "Po polsku" in first or path.stem == "priorytety-i-klastry"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_those_of_this_state(path: Path, command: Callable[..., Any], demo_store: Path) -> None:
    """After a change of reading, coding or the sample corpus: `make notebooks`."""
    said = [cell for cell in cells(nbformat.read(path, as_version=4)) if "corpus.cite()" in cell.source]
    if path.stem == "own-documents":
        assert not said
        return
    facts = json.loads(command("cite", "--corpus", demo_store, "--format", "json").stdout)[0]
    assert said[0].outputs[0]["text"].split() == [facts["corpus"], facts["model"]], "run: make notebooks"

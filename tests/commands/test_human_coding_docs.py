"""The loop that docs/human-coding.md shows does run, from sizes to corrected rates, and its columns are ours."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
from typer.testing import Result

from textmine.findings.coders import AGREEMENT_COLUMNS, DISAGREEMENT_COLUMNS
from textmine.findings.samples import SHEET_COLUMNS, SIZE_COLUMNS
from textmine.store import Store

DOC = (Path(__file__).parents[2] / "docs" / "human-coding.md").read_text(encoding="utf-8")


def fill(path: Path, answers: dict[str, set[str]], to: Path) -> None:
    """A coder's copy of a workbook: every code of a sentence typed into `more 1`, done where there is none."""
    book = openpyxl.load_workbook(path)
    sheet = book["sentences"]
    place = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        codes = answers[sheet.cell(row, place["sentence_id"]).value]
        if codes:
            sheet.cell(row, place["more 1"], "; ".join(sorted(codes)))
        else:
            sheet.cell(row, place["state"], "done")
    book.save(to)


def test_the_loop_runs(command: Callable[..., Result], demo_store: Path, tmp_path: Path) -> None:
    shutil.copy(demo_store, tmp_path / "textmine.db")
    (block,) = re.findall(r"```\n(textmine sample --size-for.*?)```", DOC, re.DOTALL)
    for line in block.splitlines():
        words = shlex.split(line, comments=True)
        if words:
            result = command(*words[1:], folder=tmp_path)
            assert result.exit_code == 0, (line, result.output, result.exception)
            if "evaluate" in words:
                assert "corpus" in result.stdout
        else:  # two people each fill in a copy: one as the machine, one without trust
            with Store.open(tmp_path / "textmine.db") as store:
                found = store.stored_mentions(one.sentence_id for one in store.sample("s1").sentences)
            machine = {name: {one.code for one in mentions if not one.negated} for name, mentions in found.items()}
            fill(tmp_path / "s1.xlsx", machine, tmp_path / "ala.xlsx")
            fill(
                tmp_path / "s1.xlsx",
                {name: codes - {"barrier.trust"} for name, codes in machine.items()},
                tmp_path / "ben.xlsx",
            )
    assert {row.split("\t")[4] for row in result.stdout.splitlines()[1:]} == {"Ala", "Ben"}
    assert (tmp_path / "differ.xlsx").exists()


def test_all_columns_are_documented() -> None:
    for columns in (SHEET_COLUMNS, AGREEMENT_COLUMNS, DISAGREEMENT_COLUMNS, SIZE_COLUMNS):
        assert ", ".join(columns) in DOC

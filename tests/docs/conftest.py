"""What the tests of the pages share: two people who fill in a sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest

from textmine.store import Store

#: What each overlooks of what the machine says; Ben also skips the first sentence.
MISSED = {"ala": {"barrier.finance"}, "ben": {"barrier.finance", "barrier.trust", "cluster.policy"}}
#: Ala sees actors brought together wherever a sentence is about a cluster: something to disagree on, and to be learnt.
ALA_ADDS = "integration.actors"


def fill_in(folder: Path) -> None:
    """Make ala.xlsx and ben.xlsx from the s1.xlsx of a folder, as two people would."""
    with Store.open(folder / "textmine.db") as store:
        found = store.stored_mentions(one.sentence_id for one in store.sample("s1").sentences)
    said = {name: {one.code for one in mentions if not one.negated} for name, mentions in found.items()}
    for coder, missed in MISSED.items():
        book = openpyxl.load_workbook(folder / "s1.xlsx")
        sheet = book["sentences"]
        place: Mapping[str, int] = {str(cell.value): cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            codes = said[sheet.cell(row, place["sentence_id"]).value] - missed
            if coder == "ala" and any(code.startswith("cluster.") for code in codes):
                codes = codes | {ALA_ADDS}
            if coder == "ben" and row == 2:
                sheet.cell(row, place["state"], "skipped")
            elif codes:
                sheet.cell(row, place["more 1"], "; ".join(sorted(codes)))
            else:
                sheet.cell(row, place["state"], "done")
        book.save(folder / f"{coder}.xlsx")


@pytest.fixture(scope="session")
def two_people() -> Callable[[Path], None]:
    """`two_people(folder)` makes ala.xlsx and ben.xlsx from the folder's s1.xlsx."""
    return fill_in

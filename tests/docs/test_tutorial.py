"""The tutorial runs as it stands there: every line of its shell blocks, from a folder of PDFs to the report.

Two things are done by people and are done here in their stead: the file of corrections is written down from the page,
and two coders fill in their copies of the sample.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import Result

import textmine

ROOT = Path(__file__).parents[2]
PAGES = {
    language: (ROOT / "docs" / path).read_text(encoding="utf-8")
    for language, path in {"en": "tutorial.md", "pl": "pl/tutorial.md"}.items()
}
PEOPLE = "# two people each fill in a copy of s1.xlsx"


def blocks(language: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGES[language], re.DOTALL | re.MULTILINE)


def rows(output: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(output), delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def followed(
    command: Callable[..., Result], two_people: Callable[[Path], None], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str]]:
    """The folder in which the tutorial was followed, and what each line printed on stdout."""
    folder = tmp_path_factory.mktemp("tutorial")
    (folder / "corpus").symlink_to(ROOT / "corpus")
    printed: dict[str, str] = {}
    (corrections,) = blocks("en", "csv")
    for line in "".join(blocks("en", "sh")).splitlines():
        words = shlex.split(line)
        if line == PEOPLE:
            two_people(folder)
        elif words[0] == "cd":
            folder = folder / words[1]
            (folder / "corrections.csv").write_text(corrections, encoding="utf-8")
        elif words[0] == "textmine":
            if words[1] == "train":
                with textmine.open(folder / "textmine.db") as corpus:
                    printed["actors before training"] = str(corpus.mentions("integration.actors").height)
            result = command(*words[1:], folder=folder)
            assert result.exit_code == 0, (line, result.output, result.exception)
            printed[line] = result.stdout
        else:
            subprocess.run(words, cwd=folder, check=True)
    return folder, printed


def said(printed: Mapping[str, str], start: str) -> list[dict[str, str]]:
    """The rows that the line with this beginning printed."""
    return rows(next(output for line, output in printed.items() if line.startswith(start)))


def test_both_languages_have_the_same_commands() -> None:
    for kind in ("sh", "csv"):
        assert blocks("en", kind) == blocks("pl", kind)
        assert blocks("en", kind)
    assert PEOPLE in PAGES["en"]


def test_the_zotero_export_is_made_from_the_manifest() -> None:
    from corpus.make_zotero import zotero_rdf

    with (ROOT / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        assert (ROOT / "corpus" / "zotero.rdf").read_text(encoding="utf-8") == zotero_rdf(csv.DictReader(file))


def test_all_is_known_of_the_documents(followed: tuple[Path, dict[str, str]]) -> None:
    with textmine.open(followed[0] / "textmine.db") as corpus:
        known = {Path(row["path"]).name: row for row in corpus.documents.to_dicts()}
    with (ROOT / "corpus" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for field in ("title", "year", "region", "level", "type", "issuer"):
                assert str(known[row["path"]][field] or "") == row[field], (row["path"], field)


def test_the_leading_barriers_are_those_of_the_page(followed: tuple[Path, dict[str, str]]) -> None:
    leading = {row["period"]: row["code"] for row in said(followed[1], "textmine trends --by period --leading")
               if row["rank"] == "1"}  # fmt: skip
    assert leading["2007-13"] == "barrier.cooperation"
    assert leading["2014-20"] == "barrier.finance"
    assert leading["2021-27"] == "barrier.skills"


def test_integration_answers_as_the_page_says(followed: tuple[Path, dict[str, str]]) -> None:
    composite = {row["period"]: float(row["value"]) for row in said(followed[1], "textmine integration --region")
                 if row["side"] == "composite" and row["value"]}  # fmt: skip
    assert composite["2014-20"] > 2 * composite["2007-13"]
    assert composite["2021-27"] > 2 * composite["2007-13"]
    first, second = (row for row in said(followed[1], "textmine integration --steps") if row["side"] == "composite")
    assert float(first["low"]) > 0
    assert float(second["low"]) < 0 < float(second["high"])


def test_two_coders_agree_and_score_the_machine(followed: tuple[Path, dict[str, str]]) -> None:
    agreed = {row["code"]: row for row in said(followed[1], "textmine agree ala.xlsx ben.xlsx --level")
              if row["language"] == "all"}  # fmt: skip
    assert float(agreed["priority"]["alpha"]) == 1
    assert float(agreed["integration"]["alpha"]) < 0.8
    scores = {row["code"]: row for row in said(followed[1], "textmine evaluate --sample s1")
              if row["language"] == "all"}  # fmt: skip
    assert float(scores["priority"]["f1"]) == 1
    assert float(scores["barrier"]["precision"]) < 1
    assert float(scores["integration"]["recall"]) < 0.8
    corrected = said(followed[1], "textmine trends --by period --code 'barrier.*' --corrected")
    assert {row["code"] for row in corrected} >= {"barrier.cooperation", "barrier.skills"}


def test_the_machine_learns_what_ala_does_and_codes_so(followed: tuple[Path, dict[str, str]]) -> None:
    curve = [row for row in said(followed[1], "textmine train") if row["language"] == "all"]
    before = next(float(row["f1"]) for row in curve if row["kind"] == "before")
    measured = [float(row["f1"]) for row in curve if row["kind"] == "measured"]
    assert measured[-1] > before
    with textmine.open(followed[0] / "textmine.db") as corpus:
        assert corpus.mentions("integration.actors").height > 1.5 * int(followed[1]["actors before training"])
        assert corpus.mentions("priority.*").height > 500  # what was not learnt anew stays


def test_what_is_promised_is_written(followed: tuple[Path, dict[str, str]]) -> None:
    for name in (
        "textmine.db", "tables/documents.csv", "barriers.svg", "evidence.xlsx", "s1.xlsx", "differ.xlsx",
        "my-model/card.json",
        "mazovia.html", "mazowsze.html", "package/datapackage.json", "package/CITATION.cff",
    ):  # fmt: skip
        assert (followed[0] / name).stat().st_size > 0, name

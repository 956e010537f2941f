"""The shell blocks of the how-to pages run as they stand there, in a folder such as their readers have."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

FOLDER = Path(__file__).parents[2] / "docs" / "how-to"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
 <bib:Report rdf:about="#item_1"><z:itemType>report</z:itemType><link:link rdf:resource="#item_2"/>
  <dc:title>Strategia „Mazowsze”</dc:title><dc:date>2013</dc:date></bib:Report>
 <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>
  <rdf:resource rdf:resource="strategia.md"/></z:Attachment>
</rdf:RDF>"""
TEXTS = {
    "strategia.md": "# Strategia Mazowsza 2013\n\nBrak zaufania hamuje klastry. Brak współpracy jest "
    "barierą. Ubóstwo energetyczne dotyka co dziesiątą rodzinę. Program wspiera klastry dotacjami.\n",
    "strategy.md": "# Strategy of Mazovia 2016\n\nThe clusters lack skilled people. Firms do not trust each other. "
    "Fuel poverty is widespread. The programme pays for vouchers. ICT is a priority of the region.\n",
}


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def reader(command: Callable[..., Result], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents, a table, a Zotero export and three small stores."""
    place = tmp_path_factory.mktemp("reader")
    for folder in ("strategies", "zotero-export"):
        (place / folder).mkdir()
        for name, text in TEXTS.items():
            (place / folder / name).write_text(text, encoding="utf-8")
    (place / "zotero-export" / "export.rdf").write_text(RDF, encoding="utf-8")
    (place / "strategies.csv").write_text(
        "path,year,region,type\nstrategia.md,2013,mazowieckie,strategy\nstrategy.md,2016,mazowieckie,strategy\n",
        encoding="utf-8",
    )
    for store, documents in {"mazovia": "", "north": "strategia.md", "south": "strategy.md"}.items():
        result = command(
            "ingest", f"strategies/{documents}", "--corpus", f"{store}.db", "--model", "keyword", "--workers", "serial",
            folder=place,
        )  # fmt: skip
        assert result.exit_code == 0, result.output
    return place


@pytest.mark.parametrize("page", PAGES)
def test_the_page_runs(
    page: str,
    reader: Path,
    command: Callable[..., Result],
    two_people: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEXTMINE_MODEL", "keyword")  # coding is not what is looked at; loading the model takes seconds
    monkeypatch.setenv("TEXTMINE_WORKERS", "1")
    monkeypatch.setenv("TEXTMINE_DRAWS", "200")
    place = tmp_path / "reader"
    shutil.copytree(reader, place)
    shutil.copy(place / "mazovia.db", place / "textmine.db")
    for text in blocks(page, "yaml"):
        (place / "mine.yaml").write_text(text, encoding="utf-8")
    lines = "".join(blocks(page, "sh")).splitlines()
    assert lines
    for line in lines:
        program, *arguments = shlex.split(line.replace("--n 200", "--n 8"))  # this folder has no 200 sentences
        assert program == "textmine"
        result = command(*arguments, folder=place)
        assert result.exit_code == 0, (line, result.output, result.exception)
        if arguments[0] == "sample" and "--output" in arguments:
            two_people(place)


def test_the_codebook_of_the_page_finds_its_words(command, tmp_path):
    (tmp_path / "mine.yaml").write_text(blocks("own-codebook", "yaml")[0], encoding="utf-8")
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = command("classify", *TEXTS, "--codebook", "mine.yaml", "--coded", "--format", "tsv", folder=tmp_path)
    assert "Ubóstwo energetyczne dotyka" in result.stdout
    assert "Fuel poverty is widespread." in result.stdout
    assert len(result.stdout.splitlines()) == 3

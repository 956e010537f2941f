"""`textmine ingest` with a Zotero export (with its files), and with names of files that say what they are."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from textmine.errors import SettingsError

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
 <bib:Report rdf:about="#item_1"><z:itemType>report</z:itemType><link:link rdf:resource="#item_2"/>
  <dc:title>Strategia „Mazowsze”</dc:title><dc:date>2013-05</dc:date><z:language>pl</z:language></bib:Report>
 <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>
  <rdf:resource rdf:resource="files/2/pełny tekst.txt"/></z:Attachment>
 <bib:Report rdf:about="#item_3"><z:itemType>report</z:itemType><dc:title>Not here</dc:title></bib:Report>
</rdf:RDF>"""


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coding is not what is looked at, and loading the model takes seconds."""
    monkeypatch.setenv("TEXTMINE_MODEL", "keyword")


def stored(command, folder: Path) -> dict[str, dict[str, str]]:
    command("export", "datapackage", "out", folder=folder)
    rows = csv.DictReader(io.StringIO((folder / "out" / "documents.csv").read_text(encoding="utf-8")))
    return {Path(row["path"]).name: row for row in rows}


def test_a_zotero_export_with_its_files(command, tmp_path: Path) -> None:
    (tmp_path / "export" / "files" / "2").mkdir(parents=True)
    (tmp_path / "export" / "files" / "2" / "pełny tekst.txt").write_text("Brak zaufania hamuje klastry.", "utf-8")
    (tmp_path / "export" / "other.txt").write_text("A cluster lacks trust.", "utf-8")
    (tmp_path / "export" / "export.rdf").write_text(RDF, "utf-8")
    plan = command("ingest", "export", "--bibliography", "export", "--dry-run", "--workers", "serial", folder=tmp_path)
    assert "export.rdf: 1 of 2 items for 1 of 2 documents." in plan.stderr
    done = command("ingest", "export", "--bibliography", "export", "--workers", "serial", folder=tmp_path)
    assert done.exit_code == 0, done.output
    assert "1 item without a document here: #item_3." in done.stderr
    assert "1 document without an item: other.txt." in done.stderr
    row = stored(command, tmp_path)["pełny tekst.txt"]
    assert (row["title"], row["year"], row["region"]) == ("Strategia „Mazowsze”", "2013", "mazowieckie")
    again = command("ingest", "export", "--bibliography", "export", "--workers", "serial", folder=tmp_path)
    assert "0 documents (2 skipped" in again.stderr


def test_a_broken_entry_is_named_and_the_rest_is_done(command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A cluster lacks trust.", "utf-8")
    (tmp_path / "refs.bib").write_text("@misc{a, title = {Report}, year = 2010}\n@misc{b, title = {x\n", "utf-8")
    result = command("ingest", "a.txt", "--bibliography", "refs.bib", "--workers", "serial", folder=tmp_path)
    assert result.exit_code == 1
    assert "error: refs.bib, line 2: this entry is broken" in result.stderr
    assert stored(command, tmp_path)["a.txt"]["year"] == "2010"


def test_names_of_files(command, tmp_path: Path) -> None:
    (tmp_path / "opolskie_2011_Plan_rozwoju.txt").write_text("Klastry współpracują.", "utf-8")
    result = command("ingest", ".", "--name-pattern", "{region}_{year}_{title}", "--workers", "serial", folder=tmp_path)
    assert result.exit_code == 0, result.output
    (row,) = stored(command, tmp_path).values()
    assert (row["region"], row["year"], row["title"]) == ("opolskie", "2011", "Plan rozwoju")
    wrong = command("ingest", ".", "--name-pattern", "{rok}", "--workers", "serial", folder=tmp_path)
    assert isinstance(wrong.exception, SettingsError)  # exit code 2
    assert "{rok} is not known" in str(wrong.exception)

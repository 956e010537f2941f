"""The commands and the code of docs/exchange.md run as they stand there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from textmine.commands.export import Kind
from textmine.findings.exports import EXPORTS

PAGE = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text(encoding="utf-8")
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/">
 <bib:Report rdf:about="#item_1"><z:itemType>report</z:itemType><link:link rdf:resource="#item_2"/>
  <dc:title>Strategia „Mazowsze”</dc:title><dc:date>2013</dc:date></bib:Report>
 <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType>
  <rdf:resource rdf:resource="files/2/a.txt"/></z:Attachment>
</rdf:RDF>"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def folder(command, tmp_path_factory) -> Path:
    """Where all commands of the page have run."""
    place = tmp_path_factory.mktemp("exchange")
    (place / "zotero-export" / "files" / "2").mkdir(parents=True)
    (place / "zotero-export" / "export.rdf").write_text(RDF, encoding="utf-8")
    texts = {"files/2/a.txt": "Brak zaufania hamuje klastry.\n", "b.txt": "Clusters lack trust.\n"}
    for name, text in texts.items():
        (place / "zotero-export" / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTMINE_MODEL", "keyword")  # coding is not what is looked at; loading the model takes seconds
        patch.setenv("TEXTMINE_WORKERS", "1")
        for line in "".join(blocks("sh")).splitlines():
            program, *arguments = shlex.split(line)
            assert program == "textmine"
            result = command(*arguments, folder=place)
            assert result.exit_code == 0, f"{line}: {result.output}"
    return place


def test_the_commands_write_what_the_page_names(folder):
    for name in ("excel/mentions.xlsx", "r/read.R", "matrix/dtm.mtx", "qda/corpus.qdpx", "package/CITATION.cff"):
        assert (folder / name).is_file()


def test_the_python_code_runs(folder, monkeypatch):
    monkeypatch.chdir(folder)
    (code,) = blocks("python")
    found: dict = {}
    exec(code, found)
    assert found["matrix"].shape[0] == 2
    assert found["sentences"].height == found["by_year"].height == 2


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed (Debian: apt-get install r-base-core)")
def test_the_r_code_runs(folder):
    (code,) = blocks("r")
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", code],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    assert "mazowieckie" in done.stdout
    assert "pl:klaster" in done.stdout


def test_every_kind_of_export_is_on_the_page():
    assert {kind.value for kind in Kind} == set(EXPORTS) | {"parquet", "datapackage"}
    for kind in Kind:
        assert f"`export {kind.value}" in PAGE
        assert re.search(rf"^\|.*\b{kind.value}\b.*\|$", PAGE.split("## What goes where")[1], re.MULTILINE)

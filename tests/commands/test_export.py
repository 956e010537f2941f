"""`textmine export`: each format is read back with a reader of its own."""

from __future__ import annotations

import csv
import json
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

from made_corpus import REPORT, STRATEGIA, Passage, make_document, make_store

from textmine.commands.app import app
from textmine.store import Store

runner = CliRunner()
TEI = "{http://www.tei-c.org/ns/1.0}"


@pytest.fixture
def corpus(tmp_path):
    return make_store(tmp_path / "t.db")


def export(corpus, kind, *options):
    folder = corpus.parent / "wyniki eksportu"
    result = runner.invoke(app, ["export", kind, str(folder), "--corpus", str(corpus), *options])
    assert result.exit_code == 0, result.output
    assert "files in" in result.stderr
    return folder


def test_tei(corpus):
    folder = export(corpus, "tei")
    (path,) = folder.glob("maz_2005*.xml")
    root = ET.parse(path).getroot()
    sentences = list(root.iter(f"{TEI}s"))
    assert ["".join(s.itertext()) for s in sentences] == [s.text for s in STRATEGIA.sentences]
    assert sentences[1].get("ana") == "#cluster.concept #barrier.trust"
    assert sentences[3].get("ana") is None  # denied
    assert [pb.get("n") for pb in root.iter(f"{TEI}pb")] == ["1", "2", "3"]
    ids = {category.get("{http://www.w3.org/XML/1998/namespace}id") for category in root.iter(f"{TEI}category")}
    assert {code[1:] for s in sentences for code in s.get("ana", "").split()} <= ids
    assert root.find(f".//{TEI}date").get("when") == "2005"
    assert ["".join(head.itertext()) for head in root.iter(f"{TEI}head")] == ["Diagnoza klastrów"]
    paragraph = next(root.iter(f"{TEI}p"))
    assert paragraph is not None
    text = "".join(next(p for p in root.iter(f"{TEI}p") if p.find(f"{TEI}s") is not None).itertext())
    assert text == STRATEGIA.reading.blocks[1].text


def test_tei_holds_what_xml_cannot(tmp_path):
    made = make_document("a&b.txt", "pl", [Passage(["Klaster \x01 <b> & ]]> działa."], kind="list"), Passage([""])])
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(made.reading, made.sentences, [])
    (path,) = export(tmp_path / "t.db", "tei").glob("*.xml")
    (item,) = ET.parse(path).getroot().iter(f"{TEI}item")
    assert "".join(item.itertext()) == "Klaster \ufffd <b> & ]]> działa."


def test_conllu(corpus):
    folder = export(corpus, "conllu")
    (path,) = folder.glob("sla-2010*.conllu")
    blocks = [block.splitlines() for block in path.read_text(encoding="utf-8").strip().split("\n\n")]
    assert len(blocks) == len(REPORT.sentences)
    comments = [line for line in blocks[0] if line.startswith("#")]
    assert f"# sent_id = {REPORT.sentences[0].id}" in comments
    assert "# codes = cluster.concept barrier.trust" in comments
    tokens = [line.split("\t") for line in blocks[0] if not line.startswith("#")]
    assert all(len(fields) == 10 for fields in tokens)
    assert [fields[1] for fields in tokens] == ["Clusters", "in", "the", "region", "lack", "trust", "."]
    assert (tokens[0][2], tokens[0][9]) == ("cluster", "Codes=cluster.concept|Page=1")
    assert tokens[5][9] == "Codes=barrier.trust|Page=1|SpaceAfter=No"
    polish = [line for line in blocks[3] if line.startswith("# lang")]
    assert polish == ["# lang = pl"]


def test_parquet_by_year(corpus):
    folder = export(corpus, "parquet")
    sentences = pl.read_parquet(folder / "sentences", hive_partitioning=True)
    assert sentences.height == 12
    assert sorted(sentences["year"].unique()) == [2005, 2010, 2016]
    coded = sentences.filter(pl.col("text").str.starts_with("Clusters in"))
    assert coded["codes"].to_list() == [["cluster.concept", "barrier.trust"]]
    mentions = pl.read_parquet(folder / "mentions", hive_partitioning=True)
    assert mentions.height == 17
    assert pl.read_parquet(folder / "documents.parquet").height == 3


def test_parquet_of_documents_without_a_year(tmp_path):
    made = make_document("a.txt", "en", [Passage(["A cluster."])])
    with Store.open(tmp_path / "t.db", "rw") as store:
        store.add(made.reading, made.sentences, [])
    folder = export(tmp_path / "t.db", "parquet")
    assert pl.read_parquet(folder / "sentences", hive_partitioning=True)["year"].to_list() == [None]


def test_xlsx(corpus):
    folder = export(corpus, "xlsx", "--region", "mazowieckie")
    assert sorted(path.name for path in folder.iterdir()) == ["documents.xlsx", "mentions.xlsx"]
    with zipfile.ZipFile(folder / "mentions.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row") == 5


def test_document_term_matrix(corpus):
    folder = export(corpus, "dtm", "--language", "pl")
    rows = list(csv.DictReader((folder / "document_terms.csv").read_text(encoding="utf-8").splitlines()))
    counts = {(row["document"], row["lemma"]): int(row["n"]) for row in rows}
    assert counts["maz 2005 strategia.pdf", "klaster"] == 4
    assert counts["sla-2010-report.pdf", "klaster"] == 1
    assert {row["language"] for row in rows} == {"pl"}
    assert all(any(map(str.isalpha, row["lemma"])) for row in rows)


def test_datapackage_describes_its_files(corpus):
    folder = export(corpus, "datapackage")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    with Store.open(corpus) as store:
        assert package["id"] == store.corpus_id()
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert list(rows[0]) == [field["name"] for field in resource["schema"]["fields"]]
        keys = [row[resource["schema"]["primaryKey"]] for row in rows]
        assert len(keys) == len(set(keys))

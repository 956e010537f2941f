"""Each export is read back by the program or library it is for, and says what the store says: nothing is lost."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import uuid
import zipfile
from pathlib import Path

import conllu
import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest
import scipy.io
import yaml
from lxml import etree
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent.parent / "store"))

from made_corpus import REPORT, STRATEGIA, Passage, make_document

from textmine.commands.app import app
from textmine.records import Coding, Sample, SampleSentence
from textmine.store import Store

runner = CliRunner()
SCHEMAS = Path(__file__).parent.parent / "report"
TEI = {"t": "http://www.tei-c.org/ns/1.0", "xml": "http://www.w3.org/XML/1998/namespace"}
QDA = {"q": "urn:QDA-XML:project:1.0"}

#: What spreadsheets, separators, XML and escapes trip over, in both languages.
HARD = make_document(
    "dane/trudne – ąę & <x>.pdf",
    "pl",
    [
        Passage(["=SUMA(A1) to klaster."], [(0, "klaster", "cluster.concept", False)], kind="heading"),
        Passage(
            ["„Klaster” i 'klaster'; \"brak\tzaufania\"\ntrwa, 🙂 1,5 | 2.", "- lista\r\nklastrów\\n"],
            [
                (0, "Klaster", "cluster.concept", False),
                (0, "brak\tzaufania", "barrier.trust", False),
                (0, "zaufania", "integration.actors", False),
                (1, "klastrów", "cluster.concept", True),
            ],
            kind="list",
            page=2,
        ),
        Passage(["'=x @klaster"], [(0, "klaster", "cluster.concept", False)], kind="list", page=3),
        Passage(["komórka"], kind="table", page=3),
        Passage(["druga"], kind="table", page=4),
        Passage(["The cluster's “trust” <b>&amp;</b> ]]> 100 %"], [(0, "trust", "barrier.trust", False)], "en"),
        Passage(["Przypis o klastrze."], kind="footnote", page=4),
    ],
    title='Tytuł "trudny"; <&> =1',
    year=2013,
    region="łódzkie",
    issuer="-Urząd, Łódź",
)  # fmt: skip
EMPTY = make_document("puste.txt", "en", [], year=None)
MADE = (HARD, REPORT, STRATEGIA, EMPTY)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("korpus ąę") / "kor pus.db"
    with Store.open(path, mode="rw") as store:
        for made in MADE:
            store.add(made.reading, made.sentences, made.mentions)
        coded = HARD.sentences[1]
        sample = Sample("próba", "random", 1, {}, (SampleSentence(coded.id, coded.document_id, "pl", coded.text),))
        store.add_sample(sample)
        store.add_codings(
            [
                Coding(
                    coded.id,
                    "Ewa",
                    frozenset({"own.code", "barrier.trust"}),
                    sample="próba",
                    time="2026-01-02T03:04:05+00:00",
                )
            ]
        )
    return path


@pytest.fixture(scope="module")
def made(corpus) -> dict:
    """What the store says: the truth that every reader has to find."""
    with Store.open(corpus) as store:
        documents = store.documents_frame()
        ids = documents["document_id"].to_list()
        sentences = [sentence for own in ids for sentence in store.sentences(own)]
        mentions = [mention for own in ids for mention in store.mentions(own)]
    return {
        "documents": {row["document_id"]: row for row in documents.iter_rows(named=True)},
        "sentences": {sentence.id: sentence for sentence in sentences},
        "mentions": {mention.id: mention for mention in mentions},
    }


def export(corpus: Path, kind: str, folder: Path, *options: str) -> Path:
    result = runner.invoke(app, ["export", kind, str(folder), "--corpus", str(corpus), *options])
    assert result.exit_code == 0, result.output
    assert not list(folder.glob(".*.part"))
    return folder


def undone(text: str) -> str:
    """Text without the apostrophe that keeps a spreadsheet from running it."""
    return re.sub(r"^'('*[=+@\t\r-])", r"\1", text)


def test_the_hard_text_is_hard(made):
    texts = [sentence.text for sentence in made["sentences"].values()]
    for sign in ("=SUMA", "'=x", "\t", "\n", "🙂", "ó", '"', ";", "<b>", "- lista"):
        assert any(sign in text for text in texts), sign


def test_csv_with_pandas_polars_and_duckdb(corpus, made, tmp_path):
    folder = export(corpus, "csv", tmp_path / "out")
    texts = {own: sentence.text for own, sentence in made["sentences"].items()}
    frame = pd.read_csv(folder / "sentences.csv", keep_default_na=False)
    assert dict(zip(frame["sentence_id"], map(undone, frame["text"]), strict=True)) == texts
    frame = pl.read_csv(folder / "sentences.csv")
    assert dict(zip(frame["sentence_id"], map(undone, frame["text"]), strict=True)) == texts
    rows = duckdb.sql(
        f"SELECT sentence_id, text FROM read_csv('{folder}/sentences.csv', header = true, all_varchar = true, "
        "quote = '\"', escape = '\"', delim = ',')"
    ).fetchall()
    assert {own: undone(text) for own, text in rows} == texts
    spans = pd.read_csv(folder / "mentions.csv", keep_default_na=False)
    for row in spans.to_dict("records"):
        mention = made["mentions"][row["mention_id"]]
        assert (row["code"], row["start"], row["end"]) == (mention.code, mention.start, mention.end)
        assert (bool(row["negated"]), row["score"], undone(row["term"])) == (
            mention.negated,
            mention.score,
            mention.term,
        )
    assert len(spans) == len(made["mentions"])
    documents = pd.read_csv(folder / "documents.csv", keep_default_na=False).set_index("document_id")
    hard = documents.loc[HARD.reading.document.id]
    assert (hard["title"], undone(hard["issuer"]), hard["year"]) == ('Tytuł "trudny"; <&> =1', "-Urząd, Łódź", "2013")


def test_csv_for_excel_and_exact(corpus, made, tmp_path):
    folder = export(corpus, "csv", tmp_path / "pl", "--bom", "--semicolons")
    raw = (folder / "mentions.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfmention_id;")
    frame = pd.read_csv(io.BytesIO(raw), sep=";", decimal=",", encoding="utf-8-sig")
    assert set(frame["score"]) == {0.75}
    exact = export(corpus, "csv", tmp_path / "exact", "--exact")
    with (exact / "sentences.csv").open(encoding="utf-8", newline="") as file:
        found = {row["sentence_id"]: row["text"] for row in csv.DictReader(file)}
    assert found == {own: sentence.text for own, sentence in made["sentences"].items()}


def test_jsonl_with_polars_and_duckdb(corpus, made, tmp_path):
    folder = export(corpus, "jsonl", tmp_path / "out")
    lines = [json.loads(line) for line in (folder / "sentences.jsonl").read_text(encoding="utf-8").split("\n") if line]
    assert {row["sentence_id"]: row["text"] for row in lines} == {o: s.text for o, s in made["sentences"].items()}
    spans = {span["mention_id"]: span for row in lines for span in row["mentions"]}
    assert {own: (span["start"], span["end"], span["negated"]) for own, span in spans.items()} == {
        own: (mention.start, mention.end, mention.negated) for own, mention in made["mentions"].items()
    }
    assert pl.read_ndjson(folder / "sentences.jsonl").height == len(lines)
    query = (
        f"SELECT count(*), sum(len(mentions)) FROM read_json('{folder}/sentences.jsonl', format = 'newline_delimited')"
    )
    assert duckdb.sql(query).fetchall() == [(len(lines), len(spans))]


def test_xlsx_with_openpyxl(corpus, made, tmp_path):
    folder = export(corpus, "xlsx", tmp_path / "out")
    sheet = openpyxl.load_workbook(folder / "mentions.xlsx")["textmine"]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(names, row, strict=True))
        sentence = made["sentences"][cells["sentence"].value]
        assert cells["text"].value == sentence.text.replace("\r", "")
        assert cells["text"].data_type == "s"  # never a formula
        link = cells["link"].hyperlink
        assert link.location == f"page={cells['page'].value}"
        assert link.target.lower().startswith("file:///")
        assert cells["document"].value.split(" ")[0].lower() in link.target.lower()
    documents = openpyxl.load_workbook(folder / "documents.xlsx")["textmine"]
    assert documents.max_row == len(made["documents"]) + 1


def test_tei_with_lxml_and_a_schema(corpus, made, tmp_path):
    folder = export(corpus, "tei", tmp_path / "out")
    schema = etree.RelaxNG(etree.parse(SCHEMAS / "tei_subset.rng"))
    found: dict[str, str] = {}
    spans: dict[str, tuple] = {}
    for path in folder.glob("*.xml"):
        tree = etree.parse(path)
        schema.assertValid(tree)
        for s in tree.iterfind(".//t:s", TEI):
            found[s.get(f"{{{TEI['xml']}}}id")[1:]] = "".join(s.itertext())
        places = {}
        for s in tree.iterfind(".//t:s", TEI):
            place = len(s.text or "")
            for anchor in s:
                places[anchor.get(f"{{{TEI['xml']}}}id")] = place
                place += len(anchor.tail or "")
        for span in tree.iterfind(".//t:span", TEI):
            spans[span.get(f"{{{TEI['xml']}}}id")[1:]] = (
                places[span.get("from")[1:]], places[span.get("to")[1:]], span.get("ana")[1:],
                span.getparent().get("type") == "denied", float(span.get("cert")),
            )  # fmt: skip
        ids = {element.get(f"{{{TEI['xml']}}}id") for element in tree.iter() if element.get(f"{{{TEI['xml']}}}id")}
        pointers = [
            part
            for e in tree.iter()
            for name in ("facs", "ana", "resp", "from", "to")
            if e.get(name)
            for part in e.get(name).split()
        ]
        assert all(pointer[1:] in ids for pointer in pointers)
    assert found == {
        own: sentence.text for own, sentence in made["sentences"].items() if sentence.text != "Page header"
    }
    assert spans == {
        own: (mention.start, mention.end, mention.code, mention.negated, mention.score)
        for own, mention in made["mentions"].items()
    }
    hard = etree.parse(next(folder.glob("trudne*.xml")))
    assert [pb.get("n") for pb in hard.iterfind(".//t:pb", TEI)] == ["1", "2", "3", "4", "1", "4"]
    assert [len(element) for element in hard.iterfind(".//t:list", TEI)] == [4]  # two items, each after its page break
    zone = hard.find(".//t:zone", TEI)
    assert float(zone.get("lrx")) > float(zone.get("ulx"))
    assert set(pd.read_csv(folder / "metadata.csv")["id"]) == {path.stem for path in folder.glob("*.xml")}


def test_conllu_with_a_parser(corpus, made, tmp_path):
    folder = export(corpus, "conllu", tmp_path / "out")
    spaces = {r"\s": " ", r"\t": "\t", r"\n": "\n", r"\r": "\r", r"\p": "|", r"\\": "\\"}
    found, codes = {}, {}
    for path in folder.glob("*.conllu"):
        for parsed in conllu.parse(path.read_text(encoding="utf-8")):
            text = ""
            own = codes.setdefault(parsed.metadata["sent_id"], {})
            for token in parsed:
                misc = token["misc"]
                text += token["form"]
                if misc.get("SpaceAfter") != "No":
                    gap = misc.get("SpacesAfter", r"\s")
                    text += re.sub(r"\\.", lambda match: spaces[match[0]], gap)
                for code in misc.get("Codes", "").split(","):
                    own.setdefault(code, set()).add(int(misc["Page"]))
            found[parsed.metadata["sent_id"]] = text
            assert [token["lemma"] for token in parsed] == list(made["sentences"][parsed.metadata["sent_id"]].lemmas)
    assert {own: text.rstrip(" ") for own, text in found.items()} == {
        own: sentence.text for own, sentence in made["sentences"].items()
    }
    for mention in made["mentions"].values():
        if not mention.negated:
            assert mention.code in codes[mention.sentence_id]
    assert codes[HARD.sentences[1].id]["barrier.trust"] == {2}


def test_vertical_text(corpus, made, tmp_path):
    """As Sketch Engine's compiler reads it: tags on their own lines, three columns, entities."""
    folder = export(corpus, "vertical", tmp_path / "out")
    lines = (folder / "corpus.vert").read_text(encoding="utf-8").split("\n")[:-1]
    tags = [line for line in lines if re.fullmatch(r"</?(?:doc|p|s|g)\b[^\t]*>", line)]
    assert all(line.count("\t") == 2 for line in lines if line not in tags)
    tree = etree.fromstring("<c>" + "\n".join(lines) + "</c>")
    assert [doc.get("id") for doc in tree] == list(made["documents"])
    assert next(doc for doc in tree if "trudne" in doc.get("file")).get("title") == 'Tytuł "trudny"; <&> =1'
    for s in tree.iter("s"):
        sentence = made["sentences"][s.get("id")]
        tokens = [line.split("\t") for line in "".join(s.itertext()).split("\n") if line]
        assert [token[0] for token in tokens] == [sentence.text[start:end] for start, end in sentence.offsets]
        codes = {m.code for m in made["mentions"].values() if m.sentence_id == sentence.id and not m.negated}
        assert set(s.get("codes").split("|")) - {""} == codes
        assert {code for token in tokens for code in token[2].split("|") if code} == codes
    conf = (folder / "corpus.conf").read_text(encoding="utf-8")
    for doc in list(tree)[:1]:
        assert all(f"ATTRIBUTE {name}\n" in conf for name in doc.attrib)


def test_matrix_with_scipy(corpus, made, tmp_path):
    folder = export(corpus, "dtm", tmp_path / "out")
    matrix = scipy.io.mmread(folder / "dtm.mtx").tocsr()
    documents = pd.read_csv(folder / "documents.csv", keep_default_na=False)
    vocabulary = pd.read_csv(folder / "vocabulary.csv", keep_default_na=False)
    assert matrix.shape == (len(documents), len(vocabulary))
    assert list(documents["row"]) == list(range(1, len(documents) + 1))
    counts: dict[tuple[str, str, str], int] = {}
    for sentence in made["sentences"].values():
        for lemma in sentence.lemmas:
            if any(map(str.isalpha, lemma)):
                key = (sentence.document_id, sentence.language, lemma)
                counts[key] = counts.get(key, 0) + 1
    found = {
        (documents["document_id"][row], vocabulary["language"][column], undone(vocabulary["lemma"][column])): int(n)
        for row, column, n in zip(*matrix.nonzero(), matrix.data, strict=True)
    }
    assert found == counts
    assert list(vocabulary["n"]) == list(
        matrix.sum(axis=0).A1 if hasattr(matrix.sum(axis=0), "A1") else matrix.sum(axis=0)
    )
    assert {"pl", "en"} == set(vocabulary["language"])


def test_an_empty_matrix_is_one(tmp_path):
    Store.open(tmp_path / "t.db", mode="rw").close()
    folder = export(tmp_path / "t.db", "dtm", tmp_path / "out")
    assert scipy.io.mmread(folder / "dtm.mtx").shape == (0, 0)


R_TEST = r"""
source("read.R", chdir = TRUE)
stopifnot(nrow(texts) == nrow(documents), identical(texts$doc_id, documents$document_id))
stopifnot(is.numeric(documents$year), nrow(dtm) == nrow(documents), ncol(dtm) == nrow(vocabulary))
stopifnot(all(Matrix::colSums(dtm) == vocabulary$n))
out <- file("back.txt", "wb")
for (i in seq_len(nrow(sentences))) {
  writeBin(c(charToRaw(sentences$doc_id[i]), as.raw(0x1f), charToRaw(enc2utf8(sentences$text[i])), as.raw(0x1e)), out)
}
close(out)
cat(sum(dtm), "\n")
"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed (Debian: apt-get install r-base-core)")
@pytest.mark.parametrize("options", [(), ("--bom", "--semicolons")])
def test_quanteda_tables_with_r(corpus, made, tmp_path, options):
    folder = export(corpus, "quanteda", tmp_path / "out", *options)
    for language, word in (("pl", "klaster"), ("en", "cluster")):
        dictionary = yaml.safe_load((folder / f"dictionary_{language}.yml").read_text(encoding="utf-8"))
        assert any(word in pattern for pattern in dictionary["cluster"]["concept"])
    has_matrix = subprocess.run(["Rscript", "-e", "library(Matrix)"], capture_output=True).returncode == 0
    if not has_matrix:
        pytest.skip("R has no package Matrix (Debian: apt-get install r-cran-matrix)")
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", R_TEST], cwd=folder, capture_output=True, text=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    parts = (folder / "back.txt").read_bytes().decode().split("\x1e")[:-1]
    found = dict(part.split("\x1f") for part in parts)
    # R reads \r\n inside a cell as \n
    assert found == {own: sentence.text.replace("\r\n", "\n") for own, sentence in made["sentences"].items()}


def test_refi_qda_project(corpus, made, tmp_path):
    folder = export(corpus, "refi-qda", tmp_path / "out")
    grammar = etree.parse(SCHEMAS / "refi_project.rng")
    with zipfile.ZipFile(folder / "corpus.qdpx") as archive:
        assert archive.testzip() is None
        project = etree.fromstring(archive.read("project.qde"))
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.startswith("sources/")}
    etree.RelaxNG(grammar).assertValid(project)
    guids = [element.get("guid") for element in project.iter() if element.get("guid")]
    assert len(guids) == len(set(guids))
    assert all(uuid.UUID(own).version == 5 for own in guids)
    targets = {element.get("targetGUID") for element in project.iter() if element.get("targetGUID")}
    assert targets <= set(guids)
    assert {coding.get("creatingUser") for coding in project.iterfind(".//q:Coding", QDA)} <= set(guids)
    codes = {code.get("guid"): code.get("name") for code in project.iterfind(".//q:Code", QDA)}
    users = {user.get("guid"): user.get("name") for user in project.iterfind(".//q:User", QDA)}
    assert set(users.values()) == {"textmine (keywords)", "Ewa"}
    found: set[tuple[str, str, str]] = set()
    for source in project.iterfind(".//q:TextSource", QDA):
        text = texts["sources/" + source.get("plainTextPath").removeprefix("internal://")]
        for selection in source.iterfind("q:PlainTextSelection", QDA):
            shown = text[int(selection.get("startPosition")) : int(selection.get("endPosition"))]
            for coding in selection.iterfind("q:Coding", QDA):
                code = codes[coding.find("q:CodeRef", QDA).get("targetGUID")]
                found.add((shown, code, users[coding.get("creatingUser")]))
    expected = {
        (made["sentences"][mention.sentence_id].text.replace("\r", " "), mention.code, "textmine (keywords)")
        for mention in made["mentions"].values()
        if not mention.negated
    }
    hand = {(HARD.sentences[1].text, code, "Ewa") for code in ("own.code", "barrier.trust")}
    assert found == expected | hand
    case = next(case for case in project.iterfind(".//q:Case", QDA) if case.get("name").startswith("Tytuł"))
    values = [pair[1].text for pair in case.iterfind("q:VariableValue", QDA)]
    assert values == ["2013", "łódzkie", "-Urząd, Łódź"]


def test_refi_qda_codebook_and_the_same_twice(corpus, tmp_path):
    first, second = (export(corpus, "refi-qda", tmp_path / name) for name in ("a", "b"))
    for name in ("corpus.qdpx", "codebook.qdc"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    codebook = etree.parse(first / "codebook.qdc").getroot()
    space = {"c": "urn:QDA-XML:codebook:1.0"}
    families = codebook.findall("c:Codes/c:Code", space)
    assert [family.get("isCodable") for family in families] == ["false"] * len(families)
    names = {
        code.get("name"): code.findtext("c:Description", "", space) for code in codebook.iterfind(".//c:Code", space)
    }
    assert {"barrier", "barrier.trust", "cluster.concept"} <= set(names)
    assert all(names.values())
    with zipfile.ZipFile(first / "corpus.qdpx") as archive:
        project = etree.fromstring(archive.read("project.qde"))
    same = {code.get("guid") for code in codebook.iterfind(".//c:Code", space)}
    assert same < {code.get("guid") for code in project.iterfind(".//q:Code", QDA)}


def test_data_package_and_citation(corpus, made, tmp_path):
    folder = export(corpus, "datapackage", tmp_path / "out", "--semicolons")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    kinds = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "string": pl.String}
    tables = {}
    for resource in package["resources"]:
        path = folder / resource["path"]
        assert path.stat().st_size == resource["bytes"]
        fields = resource["schema"]["fields"]
        frame = pl.read_csv(
            path, separator=resource["dialect"]["delimiter"], decimal_comma=True,
            schema={field["name"]: kinds[field["type"]] for field in fields},
        )  # fmt: skip
        assert frame[resource["schema"]["primaryKey"]].n_unique() == frame.height
        tables[resource["name"]] = frame
    for name, frame in tables.items():
        schema = next(resource["schema"] for resource in package["resources"] if resource["name"] == name)
        for key in schema.get("foreignKeys", []):
            other = tables[key["reference"]["resource"]]
            assert set(frame[key["fields"]]) <= set(other[key["reference"]["fields"]])
    assert tables["mentions"].height == len(made["mentions"])
    citation = yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert all(set(author) & {"name", "family-names"} for author in citation["authors"])
    assert citation["identifiers"][0]["value"] == package["id"]


def test_a_language_and_a_folder_that_cannot_be(corpus, tmp_path):
    folder = export(corpus, "quanteda", tmp_path / "out", "--language", "en")
    assert set(pd.read_csv(folder / "sentences.csv")["language"]) == {"en"}
    (tmp_path / "file").write_text("x")
    result = runner.invoke(app, ["export", "csv", str(tmp_path / "file" / "x"), "--corpus", str(corpus)])
    assert "cannot be made" in str(result.exception)


def test_codebook_command_gives_the_same_codebook(corpus, tmp_path):
    folder = export(corpus, "refi-qda", tmp_path / "out")
    result = runner.invoke(app, ["codebook", "export", "--to", "refi-qda"])
    assert result.stdout == (folder / "codebook.qdc").read_text(encoding="utf-8")


def test_files_of_before_are_said(corpus, tmp_path):
    folder = export(corpus, "tei", tmp_path / "out")
    result = runner.invoke(app, ["export", "tei", str(folder), "--corpus", str(corpus), "--years", "2013"])
    assert "2 files in" in result.stderr
    assert "3 other files were there before and stay: " in result.stderr
    again = runner.invoke(app, ["export", "tei", str(folder), "--corpus", str(corpus)])
    assert "stay" not in again.stderr

"""Bibliographies as Zotero, Better BibTeX and JabRef write them, and as a hostile hand might."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from textmine.errors import DocumentError
from textmine.reading.bibliography import attachment_paths, read_bibliography

BIBTEX = r"""% Encoding: UTF-8
@string{parp = "Polska Agencja Rozwoju Przedsiębiorczości"}

@report{klastry2012,
  title = {Benchmarking klastr{\'o}w w {Polsce}: wzrost o 5% -- edycja 2012},
  author = {Kowalski, Jan and Nowak, Anna},
  institution = parp,
  date = {2012-03},
  month = mar,
  langid = {polish},
  keywords = {klastry, mazowieckie},
  file = {Full Text PDF:files/12/Nowak\; i inni\: 2012.pdf:application/pdf;Snapshot:files/13/x.html:text/html},
}
@techreport{broken,
  title = {Unclosed {brace,
  year = 2013
}
@article{smith2008, title = "A framework for clusters", year = "2008", journal = "Regional Studies",
  language = {en-GB}, file = {:C\:\\Users\\jan\\papers\\x_y.pdf:PDF}}
@article{smith2008, title = "Again", year = "2009"}
@misc{ris2013, title = {Regionalna strategia innowacji}, year = 2013, address = {Rzeszów},
  author = {{Urz{\k{a}}d Marsza{\l}kowski}}}
@comment{jabref-meta: databaseType:bibtex;}
"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:vcard="http://nwalsh.com/rdf/vCard#" xmlns:dcterms="http://purl.org/dc/terms/">
 <bib:Report rdf:about="#item_12">
  <z:itemType>report</z:itemType>
  <dc:publisher><foaf:Organization>
   <vcard:adr><vcard:Address><vcard:locality>Warszawa</vcard:locality></vcard:Address></vcard:adr>
   <foaf:name>Zarząd Województwa Mazowieckiego</foaf:name></foaf:Organization></dc:publisher>
  <bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Nowak</foaf:surname><foaf:givenName>Anna</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>
  <link:link rdf:resource="#item_13"/>
  <dc:subject><z:AutomaticTag><rdf:value>innowacje</rdf:value></z:AutomaticTag></dc:subject>
  <dc:title>Strategia rozwoju „Mazowsze &amp; klastry”</dc:title>
  <dc:date>15 marca 2013</dc:date>
  <z:language>pl-PL</z:language>
  <dc:description>Citation Key: maz2013</dc:description>
 </bib:Report>
 <z:Attachment rdf:about="#item_13">
  <z:itemType>attachment</z:itemType>
  <rdf:resource rdf:resource="files/13/Zarz%C4%85d - 2013 - Strategia.pdf"/>
  <dc:title>Full Text PDF</dc:title>
 </z:Attachment>
 <bib:Article rdf:about="http://example.org/a.pdf">
  <z:itemType>journalArticle</z:itemType>
  <dcterms:isPartOf><bib:Journal><dc:title>Regional Studies</dc:title></bib:Journal></dcterms:isPartOf>
  <dc:title>Clusters in Lower Silesia</dc:title><dc:date>2008</dc:date><z:language>English</z:language>
 </bib:Article>
 <z:Attachment rdf:about="#item_20"><z:itemType>attachment</z:itemType>
  <rdf:resource rdf:resource="files/20/alone.pdf"/></z:Attachment>
 <bib:Memo rdf:about="#item_21"><rdf:value>a note</rdf:value></bib:Memo>
</rdf:RDF>"""

CSL = [
    {
        "id": "http://zotero.org/items/1",
        "citation-key": "pomorska2018",
        "type": "report",
        "title": "Ewaluacja polityki klastrowej",
        "issued": {"date-parts": [["2018", 5]]},
        "publisher": "Urząd Marszałkowski Województwa Pomorskiego",
        "publisher-place": "Gdańsk",
        "language": "pl",
        "genre": "Ewaluacja",
    },
    {
        "id": 7,
        "type": "legislation",
        "title": "Act on innovation",
        "issued": "2005-07-29",
        "language": "eng",
        "author": [{"literal": "Sejm"}],
    },
]

BETTER = {
    "config": {"id": "36a3b0b5-bad0-4a04-b79b-441c7cef77db"},
    "items": [
        {
            "itemType": "report",
            "citationKey": "slaskie2020",
            "title": "Regional Innovation Strategy of the Śląskie Voivodeship",
            "date": "2020",
            "institution": "Board of the Śląskie Voivodeship",
            "language": "en",
            "tags": [{"tag": "clusters"}],
            "attachments": [{"path": "/home/u/Zotero/storage/ABCD/Śląskie 2020.pdf"}, {"title": "link only"}],
        }
    ],
}

CSV = (
    '"Key","Item Type","Publication Year","Author","Title","Url","Publisher","Place","Language","Type",'
    '"File Attachments","Manual Tags","Automatic Tags"\n"ABCD1234","report","2015","Nowak, Anna",'
    '"Raport ""o klastrach""","","Urząd Marszałkowski","Opole","polski","Raport",'
    '"C:\\Users\\jan\\Zotero\\storage\\X\\raport.pdf; /home/j/Zotero/storage/Y/annex.pdf","klastry",""\n'
)  # fmt: skip


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_bibtex(tmp_path: Path) -> None:
    library = read_bibliography(written(tmp_path, "refs.bib", BIBTEX))
    klastry, smith, ris = library.items
    assert klastry.metadata == {
        "title": "Benchmarking klastrów w Polsce: wzrost o 5% – edycja 2012",
        "year": "2012",
        "issuer": "Polska Agencja Rozwoju Przedsiębiorczości",
        "region": "mazowieckie",
        "languages": "pl",
    }
    assert klastry.attachments == ("files/12/Nowak; i inni: 2012.pdf", "files/13/x.html")
    assert klastry.place == "refs.bib, line 4: klastry2012"
    assert (smith.metadata["type"], smith.metadata["languages"], smith.metadata["year"]) == ("article", "en", "2008")
    assert smith.attachments == (r"C:\Users\jan\papers\x_y.pdf",)
    assert ris.metadata["issuer"] == "Urząd Marszałkowski"
    assert ris.metadata["region"] == "podkarpackie"  # the seat of a regional office
    assert len(library.faults) == 1
    assert library.faults[0].startswith("refs.bib, line 14: this entry is broken (@techreport{broken")
    assert [note.split(": ")[0] for note in library.notes] == ["refs.bib, line 20"]


@pytest.mark.parametrize(
    ("field", "paths"),
    [
        pytest.param("Pełny tekst:files/1/ą.pdf:application/pdf", ["files/1/ą.pdf"], id="zotero"),
        pytest.param("/home/u/a.pdf;/home/u/b\\;c.pdf", ["/home/u/a.pdf", "/home/u/b;c.pdf"], id="better-bibtex"),
        pytest.param(":papers/x.pdf:PDF;:papers/y.pdf:PDF", ["papers/x.pdf", "papers/y.pdf"], id="jabref"),
        pytest.param(r":C$\backslash$:/Users/j/x.pdf:pdf", ["C:/Users/j/x.pdf"], id="mendeley"),
        pytest.param(r"C:\Users\jan\x.pdf", [r"C:\Users\jan\x.pdf"], id="windows-bare"),
        pytest.param(r"a\{b\}.pdf", ["a{b}.pdf"], id="braces"),
        pytest.param("", [], id="empty"),
        pytest.param("::;", [], id="nothing"),
    ],
)
def test_attachment_fields(field: str, paths: list[str]) -> None:
    assert attachment_paths(field) == paths


def test_zotero_rdf(tmp_path: Path) -> None:
    report, article, alone = read_bibliography(written(tmp_path, "export.rdf", RDF)).items
    assert report.key == "maz2013"
    assert report.metadata == {
        "title": "Strategia rozwoju „Mazowsze & klastry”",
        "year": "2013",
        "issuer": "Zarząd Województwa Mazowieckiego",
        "region": "mazowieckie",
        "languages": "pl",
    }
    assert report.attachments == ("files/13/Zarz%C4%85d - 2013 - Strategia.pdf",)
    assert article.metadata["title"] == "Clusters in Lower Silesia"
    assert (article.metadata["region"], article.metadata["type"]) == ("dolnośląskie", "article")
    assert article.url == "http://example.org/a.pdf"
    assert alone.attachments == ("files/20/alone.pdf",)


def test_csl_json(tmp_path: Path) -> None:
    report, law = read_bibliography(written(tmp_path, "refs.json", json.dumps(CSL))).items
    assert report.key == "pomorska2018"
    assert report.metadata == {
        "title": "Ewaluacja polityki klastrowej",
        "year": "2018",
        "issuer": "Urząd Marszałkowski Województwa Pomorskiego",
        "region": "pomorskie",
        "type": "evaluation",
        "languages": "pl",
    }
    assert law.metadata == {
        "title": "Act on innovation", "year": "2005", "issuer": "Sejm", "type": "law", "languages": "en",
    }  # fmt: skip


def test_better_bibtex_json(tmp_path: Path) -> None:
    (item,) = read_bibliography(written(tmp_path, "refs.json", json.dumps(BETTER))).items
    assert item.key == "slaskie2020"
    assert (item.metadata["region"], item.metadata["languages"]) == ("śląskie", "en")
    assert item.attachments == ("/home/u/Zotero/storage/ABCD/Śląskie 2020.pdf",)


def test_zotero_csv(tmp_path: Path) -> None:
    (item,) = read_bibliography(written(tmp_path, "export.csv", "\ufeff" + CSV)).items
    assert item.metadata["title"] == 'Raport "o klastrach"'
    assert (item.metadata["region"], item.metadata["type"], item.metadata["languages"]) == ("opolskie", "report", "pl")
    assert item.attachments == (r"C:\Users\jan\Zotero\storage\X\raport.pdf", "/home/j/Zotero/storage/Y/annex.pdf")


def test_a_folder_is_its_one_bibliography(tmp_path: Path) -> None:
    written(tmp_path, "export.rdf", RDF)
    assert read_bibliography(tmp_path).path.name == "export.rdf"
    written(tmp_path, "more.bib", BIBTEX)
    with pytest.raises(DocumentError, match=r"found export\.rdf, more\.bib"):
        read_bibliography(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.bib", b"@article{x, title = {never closed", "First fault: a.bib, line 1"),
        ("a.bib", b"", "no item"),
        ("a.bib", b"@misc{a, title={x}}\n@misc{b, title={Urz\xb9d}}", "line 2: not UTF-8"),
        ("a.json", b"[{]", "line 1: not JSON"),
        ("a.json", b"[" * 200_000, "nested too deeply"),
        ("a.json", b'{"a": 1}', "expected a list"),
        ("a.json", b"[" + b"1" * 5000 + b"]", "numbers too long"),
        ("a.json", b'[{"title": "' + b"x" * 5000 + b'", "id": 1}]', r"over 4,000 characters \(a\.json, item 1"),
        ("a.json", b"[1, null]", "First fault: a.json, item 1"),
        ("a.rdf", b"<rdf:RDF", "line 1: not sound XML"),
        ("a.rdf", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "declares entities"),
        ("a.rdf", b"<html/>", "not RDF"),
        ("a.csv", b"path,title\na.pdf,x\n", "goes to --metadata"),
        ("a.ris", b"TY  - RPRT", r"expected \.bib, \.json, \.rdf, \.csv"),
    ],
)
def test_hostile_bibliographies(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=message):
        read_bibliography(path)


def test_a_missing_bibliography_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"gone\.bib: the bibliography cannot be read"):
        read_bibliography(tmp_path / "gone.bib")


def test_odd_values_do_no_harm(tmp_path: Path) -> None:
    rows = [
        {"type": None, "title": ["a", 1], "issued": {"date-parts": [[None]]}, "author": "x", "language": 5, "id": None},
        {"itemType": "report", "title": {"x": 1}, "tags": "x", "attachments": [1, {"path": ""}], "creators": [{}]},
    ]
    first, second = read_bibliography(written(tmp_path, "a.json", json.dumps(rows))).items
    assert first.metadata == {"title": "a 1"}
    assert (second.metadata, second.attachments) == ({}, ())

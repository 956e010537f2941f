"""Which document an item belongs to, what a file name says, and who wins where several say something."""

from __future__ import annotations

import datetime
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from textmine.errors import DocumentError, SettingsError
from textmine.reading import gather_metadata, metadata_for, read_document, read_manifest
from textmine.reading.bibliography import Bibliography, Item
from textmine.reading.given import NamePattern, tie_items
from textmine.settings import Settings


def item(key: str, *attachments: str, title: str = "", url: str = "") -> Item:
    return Item(key, f"refs.bib: {key}", {"title": title, "year": "2013"}, attachments, url)


def tied(folder: Path, documents: list[str], *items: Item) -> tuple[dict[str, str], list[str]]:
    paths = [folder / name for name in documents]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found, notes = tie_items(Bibliography(folder / "refs.bib", items), paths)
    return {path.relative_to(folder).as_posix(): row["origin"].split(": ")[1] for path, row in found.items()}, notes


@pytest.mark.parametrize(
    ("document", "named"),
    [
        pytest.param("files/12/a.pdf", item("k", "files/12/a.pdf"), id="relative"),
        pytest.param("Zarząd 2013.pdf", item("k", "files/9/Zarz%C4%85d%202013.pdf"), id="name-percent-encoded"),
        pytest.param("files/1/Ą.pdf", item("k", unicodedata.normalize("NFD", "files/1/ą.PDF")), id="case-and-accents"),
        pytest.param("x.pdf", item("k", r"C:\Users\jan\Zotero\storage\AB\x.pdf"), id="windows"),
        pytest.param("x y.pdf", item("k", "file:///C:/Users/j/x%20y.pdf"), id="file-url"),
        pytest.param("Kowalski2013.pdf", item("kowalski2013"), id="key"),
        pytest.param("ris-mazowsze.pdf", item("k", url="https://mazovia.pl/d/ris-mazowsze.pdf?v=2"), id="url"),
        pytest.param(
            "Zarząd - 2013 - Regionalna Strategia Innowa.pdf",
            item("k", title="Regionalna Strategia Innowacji dla Mazowsza"),
            id="title-cut-by-zotero-pl",
        ),
        pytest.param(
            "2008_a_framework_for_clusters.pdf", item("k", title="A framework for clusters"), id="title-in-name-en"
        ),
    ],
)
def test_an_item_finds_its_document(tmp_path: Path, document: str, named: Item) -> None:
    found, notes = tied(tmp_path, [document, "other.pdf"], named)
    assert found == {document: named.key}
    assert "1 document without an item: other.pdf." in notes[-1]


def test_folders_tell_files_of_one_name_apart(tmp_path: Path) -> None:
    documents = ["export/files/1/full.pdf", "export/files/2/full.pdf"]
    found, _ = tied(tmp_path, documents, item("second", "files/2/full.pdf"), item("unclear", "full.pdf"))
    assert found == {"export/files/2/full.pdf": "second"}


def test_all_attachments_that_are_documents_belong_to_the_item(tmp_path: Path) -> None:
    found, _ = tied(tmp_path, ["main.pdf", "annex.pdf"], item("k", "main.pdf", "annex.pdf", "snapshot.html"))
    assert found == {"main.pdf": "k", "annex.pdf": "k"}


def test_a_whole_title_wins_over_a_beginning(tmp_path: Path) -> None:
    documents = ["RIS - 2013 - Strategia rozwoju tom 1.pdf", "RIS - 2013 - Strategia rozwoju tom 12.pdf"]
    found, _ = tied(tmp_path, documents, item("k", title="Strategia rozwoju, tom 12"))
    assert found == {documents[1]: "k"}


def test_what_is_not_tied_is_said(tmp_path: Path) -> None:
    found, notes = tied(
        tmp_path, ["a.pdf", "b.pdf"], item("first", "a.pdf"), item("second", "a.pdf"), item("gone", "files/9/gone.pdf"),
        item("bare"), item("nul", "a\0.pdf"), item("odd", url="http://[broken"),
    )  # fmt: skip
    assert found == {"a.pdf": "first"}
    assert notes == [
        "refs.bib: 2 of 6 items for 1 of 2 documents.",
        "a.pdf: named by refs.bib: first and by refs.bib: second; the first counts.",
        "refs.bib: 4 items without a document here: gone (files/9/gone.pdf), bare, nul (a\0.pdf), odd.",
        "refs.bib: 1 document without an item: b.pdf.",
    ]


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    _, notes = tied(tmp_path, ["a.pdf"], *(item(f"i{number}") for number in range(20)))
    assert notes[1].endswith("i7 and 12 more.")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        (
            "{region}_{year}_{title}.pdf",
            "/d/Mazowsze_2013_Strategia_rozwoju.pdf",
            {"region": "mazowieckie", "year": "2013", "title": "Strategia rozwoju"},
        ),
        ("{region}_{year}_{}", "/d/warmińsko-mazurskie_2020_x.docx",
         {"region": "warmińsko-mazurskie", "year": "2020"}),
        ("{region}/{year} {type}", "/d/Lower Silesia/2016 Report.txt",
         {"region": "dolnośląskie", "year": "2016", "type": "report"}),
        ("{title} ({year}).pdf", "/d/A+B [v1] (2013).PDF", {"title": "A+B [v1]", "year": "2013"}),
        ("{region}_{year}.pdf", "/d/Bavaria_2013.pdf", {"region": "Bavaria", "year": "2013"}),
        ("{region}_{year}.pdf", "/d/mazowieckie_20.pdf", {}),
        ("{region}_{year}.pdf", "/d/mazowieckie_2013.txt", {}),
    ],
)  # fmt: skip
def test_file_names_by_a_pattern(pattern: str, path: str, expected: dict[str, str]) -> None:
    row = NamePattern(pattern).read(Path(path))
    assert row == (expected | {"origin": f"file name {Path(path).name}"} if expected else {})


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("{rok}_{title}", "{rok} is not known"),
        ("{year}_{year}", "stands twice"),
        ("x.pdf", "no field"),
        ("", "no field"),
    ],
)
def test_patterns_that_are_none(pattern: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        NamePattern(pattern)


def test_table_wins_over_bibliography_wins_over_name(tmp_path: Path) -> None:
    document = tmp_path / "mazowieckie_2011_Plan.txt"
    document.write_text("Klastry.", encoding="utf-8")
    (tmp_path / "refs.bib").write_text(
        f"@report{{k, title = {{Strategia}}, date = {{2012}}, file = {{{document.name}}}}}", encoding="utf-8"
    )
    (tmp_path / "meta.csv").write_text(f"path,title\n{document.name},Tytuł\n", encoding="utf-8")
    given = gather_metadata(
        [document],
        manifest=tmp_path / "meta.csv",
        bibliography=tmp_path / "refs.bib",
        name_pattern="{region}_{year}_{title}",
    )
    row = metadata_for(document, given.manifest)
    read = read_document(document, settings=Settings(ocr="never"), metadata=row).document
    assert (read.title, read.year, read.region) == ("Tytuł", 2012, "mazowieckie")
    assert read.origins["title"] == "given: meta.csv"
    assert read.origins["year"] == "given: refs.bib, line 1: k"
    assert read.origins["region"] == f"given: file name {document.name}"
    assert given.notes == ("refs.bib: 1 of 1 item for 1 of 1 document.",)


def test_names_that_are_not_of_the_pattern_are_said(tmp_path: Path) -> None:
    given = gather_metadata([tmp_path / "x.pdf", tmp_path / "opolskie_2013.pdf"], name_pattern="{region}_{year}")
    assert given.notes == ("1 file name not of the pattern {region}_{year}: x.pdf.",)
    assert next(iter(given.manifest.values()))["region"] == "opolskie"


def test_a_table_alone_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "meta.csv").write_text("path,title\nsub/a.txt,Tytuł\n", encoding="utf-8")
    assert gather_metadata([], manifest=tmp_path / "meta.csv").manifest == {
        "sub/a.txt": {"title": "Tytuł", "origin": "meta.csv"}
    }


def test_a_workbook_as_excel_saves_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "puste"
    sheet = book.create_sheet("korpus")
    sheet.append(["Plik", "Tytuł", "Rok", "Województwo", "Poziom", "Rodzaj", None, "Uwagi"])
    sheet.append([r"sub\a.pdf", "„Suma”\nMazowsza 🙂", 2013, "mazowieckie", "regionalny", "Strategia", "x", "y"])
    sheet.append([None, None])
    sheet.append(["b.pdf", "Report", datetime.datetime(2008, 10, 17), None, "EU", "report"])
    book.save(tmp_path / "korpus.xlsx")
    rows = read_manifest(tmp_path / "korpus.xlsx")
    assert rows == {
        "sub/a.pdf": {
            "title": "„Suma”\nMazowsza 🙂", "year": "2013", "region": "mazowieckie", "level": "regional",
            "type": "strategy", "origin": "korpus.xlsx",
        },
        "b.pdf": {"title": "Report", "year": "2008", "level": "eu", "type": "report", "origin": "korpus.xlsx"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no zip", "not an XLSX workbook"), (b"PK\x05\x06" + bytes(18), "not an XLSX workbook")],
)
def test_workbooks_that_are_none(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "meta.xlsx"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=message):
        read_manifest(path)
    with pytest.raises(DocumentError, match="cannot be read"):
        read_manifest(tmp_path / "gone.xlsx")


def test_an_empty_workbook_is_said(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "meta.xlsx")
    with pytest.raises(DocumentError, match="no sheet of this workbook has rows"):
        read_manifest(tmp_path / "meta.xlsx")


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("a.pdf,13,,", r"row 2 \(a\.pdf\): year '13', expected four digits"),
        ("a.pdf,,wojewódzka,", "level 'wojewódzka', expected one of eu, national, regional, local"),
        ("a.pdf,,,book", "type 'book', expected one of strategy"),
    ],
)
def test_values_that_are_none_are_named(tmp_path: Path, cells: str, message: str) -> None:
    (tmp_path / "meta.csv").write_text(f"path,year,level,type\n{cells}\n", encoding="utf-8")
    with pytest.raises(DocumentError, match=message):
        read_manifest(tmp_path / "meta.csv")

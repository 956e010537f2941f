"""Which files, what is given of them, what is inferred and from what."""

from __future__ import annotations

from pathlib import Path

import pytest

from textmine.errors import DocumentError
from textmine.reading import find_documents, metadata_for, read_document, read_manifest
from textmine.reading.metadata import Evidence, describe
from textmine.records import Block, Box
from textmine.settings import Settings

CORPUS = Path(__file__).parents[2] / "corpus"


def block(text: str, kind: str = "paragraph", page: int = 1, language: str = "pl") -> Block:
    box = Box(page, 0, 0, 1, 1)
    return Block(text, "d", 0, page, kind, 0, (), box, language, text)  # type: ignore[arg-type]


def evidence(*blocks: Block, name: str = "plik.pdf", largest: str = "", **info: str) -> Evidence:
    return Evidence(Path(name), info, blocks, largest)


@pytest.mark.parametrize(
    ("title", "issuer", "year", "expected"),
    [
        (
            "Strategia rozwoju województwa podkarpackiego",
            "Zarząd Województwa Podkarpackiego",
            "Rzeszów, grudzień 2013",
            ("podkarpackie", "regional", "strategy", 2013),
        ),
        (
            "Innovation programme for Lower Silesia",
            "Board of the Dolnośląskie Voivodeship",
            "Wrocław 2016",
            ("dolnośląskie", "regional", "programme", 2016),
        ),
        ("Raport z ewaluacji programu", "Ministerstwo Rozwoju", "2019", ("", "national", "evaluation", 2019)),
        ("A framework for clusters", "European Commission", "of 17 October 2008", ("", "eu", "strategy", 2008)),
        ("Ustawa o samorządzie", "Marszałek Sejmu", "z dnia 8 marca 1990 r.", ("", "national", "law", 1990)),
    ],
)
def test_cover_tells(title: str, issuer: str, year: str, expected: tuple[str, str, str, int]) -> None:
    found = describe(evidence(block(issuer), block(title, "heading"), block(year), largest=title), {})
    assert (found.region, found.level, found.type, found.year) == expected
    assert (found.title, found.issuer) == (title, issuer)
    assert all(origin.startswith("inferred: ") for origin in found.origins.values())
    assert issuer in found.origins["region"] or title in found.origins["region"] if found.region else True


def test_given_values_win_and_say_so() -> None:
    found = describe(evidence(block("Warszawa 2013")), {"year": "2015", "region": "śląskie", "languages": "pl;en"})
    assert (found.year, found.region, found.languages) == (2015, "śląskie", ("pl", "en"))
    assert found.origins["year"].startswith("given: ")
    assert found.level == "regional"


@pytest.mark.parametrize(
    ("name", "year"), [("pl_2020_ustawa.pdf", 2020), ("ID-2015-44.pdf", 2015), ("raport20201.pdf", None)]
)
def test_year_of_the_file_name(name: str, year: int | None) -> None:
    assert describe(evidence(name=name), {}).year == year


def test_towns_are_no_regions() -> None:
    text = "Firmy z Tomaszowa Mazowieckiego i Grodziska Mazowieckiego"
    assert describe(evidence(block(text, "heading"), largest=text), {}).region == ""


@pytest.mark.parametrize(
    ("told", "title"),
    [("Microsoft Word - plan.doc", "plik"), ("Polityka klastrowa regionu", "Polityka klastrowa regionu")],
)
def test_useless_titles_of_pdf_information(told: str, title: str) -> None:
    assert describe(evidence(Title=told), {}).title == title


def test_sample_corpus_is_described_from_its_covers(tmp_path: Path) -> None:
    right = 0
    manifest = read_manifest(CORPUS / "manifest.csv")
    for name in ("maz-2008-ris.pdf", "pdk-2013-report.pdf", "pom-2018-evaluation.pdf", "lub-2020-report.pdf"):
        given = manifest[name]
        path = tmp_path / "unnamed.pdf"
        path.write_bytes((CORPUS / "pdf" / name).read_bytes())
        document = read_document(path, settings=Settings(ocr="never")).document
        for key in ("title", "year", "region", "level", "type", "issuer"):
            right += str(getattr(document, key)) == given[key]
    assert right >= 22


def test_given_values_name_the_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "korpus.csv"
    manifest.write_text("path,year\na.txt,2015\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("Strategia rozwoju województwa śląskiego.", encoding="utf-8")
    given = metadata_for(tmp_path / "a.txt", read_manifest(manifest))
    document = read_document(tmp_path / "a.txt", settings=Settings(ocr="never"), metadata=given).document
    assert document.year == 2015
    assert document.origins["year"] == "given: korpus.csv"
    assert document.origins["title"].startswith("inferred: ")


def test_folders_give_their_documents_once_and_sorted(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("b.pdf", "a.txt", "sub/c.PDF", "notes.xyz", ".hidden/d.pdf"):
        (tmp_path / name).write_text("x")
    found = find_documents([tmp_path, tmp_path / "b.pdf", tmp_path / "notes.xyz"])
    assert [path.name for path in found] == ["a.txt", "b.pdf", "notes.xyz", "c.PDF"]


def test_missing_and_empty_paths_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file or folder"):
        find_documents([tmp_path / "gone.pdf"])
    with pytest.raises(DocumentError, match="no document in this folder"):
        find_documents([tmp_path])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_manifest(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "manifest.csv"
    rows = [
        ["path", "title", "year", "other"],
        ["sub/a.pdf", "Strategia śląska", "2015", "x"],
        ["b.pdf", "", "2016", ""],
    ]
    path.write_text("\n".join(separator.join(row) for row in rows), encoding="utf-8-sig")
    manifest = read_manifest(path)
    assert manifest == {
        "sub/a.pdf": {"title": "Strategia śląska", "year": "2015", "origin": "manifest.csv"},
        "b.pdf": {"year": "2016", "origin": "manifest.csv"},
    }
    assert metadata_for(Path("/data/sub/a.pdf"), manifest)["year"] == "2015"
    assert metadata_for(Path("elsewhere/b.pdf"), manifest)["year"] == "2016"
    assert metadata_for(Path("c.pdf"), manifest) == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"title,year\nx,1", "no column 'path'"),
        (b"\xff\xfe\xfa", "UTF-8"),
        (b"path,title\na.pdf," + b"x" * 200_000, "after line 1"),
    ],
)
def test_bad_manifest(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "manifest.csv"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=message):
        read_manifest(path)


def test_a_title_of_two_lines_is_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "manifest.csv"
    path.write_text('path,title,year\na.pdf,"Strategia\nMazowsza",2013\n', encoding="utf-8")
    assert read_manifest(path)["a.pdf"]["year"] == "2013"
    assert read_manifest(path)["a.pdf"]["title"] == "Strategia\nMazowsza"

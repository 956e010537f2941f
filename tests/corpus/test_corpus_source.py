"""The source format of the sample corpus: text -> blocks in reading order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from corpus.source import Source, SourceError, read_source

FRONT = """---
id: {id}
title: Tytuł (dokument przykładowy)
year: 2015
region: {region}
level: regional
type: strategy
issuer: Urząd (tekst przykładowy)
languages: {languages}
maker: {maker}
columns: 1
header: Tytuł
---
"""


def read_text(
    folder: Path, text: str, *, languages: str = "pl", maker: str = "typst", region: str = "mazowieckie"
) -> Source:
    path = folder / "x-2015.md"
    path.write_text(FRONT.format(id="x-2015", languages=languages, maker=maker, region=region) + text, encoding="utf-8")
    return read_source(path)


@pytest.mark.parametrize(
    ("language", "heading", "text"),
    [
        pytest.param("pl", "1. Diagnoza", "Klaster zrzesza 12 firm.", id="pl"),
        pytest.param("en", "1. Diagnosis", "The cluster has 12 members.", id="en"),
    ],
)
def test_sections_are_the_headings_above(tmp_path: Path, language: str, heading: str, text: str) -> None:
    source = read_text(tmp_path, f"# {heading}\n\n## A\n\n{text}\n\n- x\n- y\n\n## B\n\n{text}\n", languages=language)
    assert [(block.kind, block.section) for block in source.blocks] == [
        ("heading", ()),
        ("heading", (heading,)),
        ("paragraph", (heading, "A")),
        ("list", (heading, "A")),
        ("list", (heading, "A")),
        ("heading", (heading,)),
        ("paragraph", (heading, "B")),
    ]
    assert {block.language for block in source.blocks} == {language}


def test_summary_in_the_other_language_ends_at_the_next_heading_of_level_1(tmp_path: Path) -> None:
    text = "# Wstęp\n\na\n\n# Summary {lang=en}\n\nb\n\n## Detail\n\nc\n\n# Wnioski\n\nd\n"
    blocks = read_text(tmp_path, text, languages="pl;en").blocks
    assert [block.language for block in blocks] == ["pl", "pl", "en", "en", "en", "en", "pl", "pl"]
    assert blocks[2].text == "Summary"


def test_footnote_follows_the_block_that_cites_it(tmp_path: Path) -> None:
    source = read_text(tmp_path, "# A\n\nZdanie.[^z] Dalej.\n\nKoniec.[^2]\n\n[^z]: Zob. mapa.\n[^2]: Tamże.\n")
    assert [(block.kind, block.text) for block in source.blocks[1:]] == [
        ("paragraph", "Zdanie. Dalej."),
        ("footnote", "Zob. mapa."),
        ("paragraph", "Koniec."),
        ("footnote", "Tamże."),
    ]
    assert list(source.blocks[1].pieces()) == [("Zdanie.", 1), (" Dalej.", 0)]
    assert source.notes[2].text == "Tamże."


@pytest.mark.parametrize(
    ("maker", "kinds"),
    [("typst", ["caption", "table"]), ("fpdf2", ["caption", "table"]), ("weasyprint", ["table", "caption"])],
)
def test_caption_stands_where_the_maker_sets_it(tmp_path: Path, maker: str, kinds: list[str]) -> None:
    text = "# SWOT\n\n::: landscape\n| Mocne | Słabe |\n|---|---|\n| nauka | |\n: Tabela 1. SWOT\n:::\n\nDalej.\n"
    blocks = read_text(tmp_path, text, maker=maker).blocks
    assert [block.kind for block in blocks[1:3]] == kinds
    table = next(block for block in blocks if block.kind == "table")
    assert table.rows == (("Mocne", "Słabe"), ("nauka", ""))
    assert [block.landscape for block in blocks] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("### C\n", "heading of level 3", id="level-skipped"),
        pytest.param("To **ważne**.\n", "no bold", id="markup"),
        pytest.param("A.[^1]\n", "note 1 has no text", id="note-missing"),
        pytest.param("A.[^1] B.[^1]\n\n[^1]: C\n", "cited twice", id="note-twice"),
        pytest.param("A.\n\n[^1]: C\n", "never cited", id="note-unused"),
        pytest.param("| a | b |\n|---|---|\n| c |\n", "differ in their number of cells", id="ragged-table"),
        pytest.param("| a | b |\n", "a table is a head", id="no-rule"),
        pytest.param("::: landscape\nA\n", "not closed", id="open-fence"),
        pytest.param(":::\n", "begins", id="fence-not-open"),
        pytest.param(": Tabela 1\n", "a caption follows its table", id="lost-caption"),
    ],
)
def test_fault_in_the_text_names_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError, match=rf"x-2015\.md, line \d+: .*{message}"):
        read_text(tmp_path, text)


@pytest.mark.parametrize(
    ("found", "instead", "message"),
    [
        ("id: x-2015", "id: y-2015", "id must be the file name"),
        ("maker: typst", "maker: latex", "maker one of"),
        ("languages: pl", "languages: de", "languages of pl;en"),
        ("header: Tytuł\n", "", "lacks .'header'"),
        ("columns: 1", "columns: 1\ncolour: red", "does not know .'colour'"),
        ("columns: 1", "columns: [", "not YAML"),
        ("maker: typst\ncolumns: 1", "maker: fpdf2\ncolumns: 2", "fpdf2 sets one column"),
        ("maker: typst", "maker: weasyprint\nligatures: true", "only typst writes ligatures"),
        ("---\n", "", "no front matter"),
    ],
)
def test_fault_in_the_front_matter_is_named(tmp_path: Path, found: str, instead: str, message: str) -> None:
    path = tmp_path / "x-2015.md"
    whole = FRONT.format(id="x-2015", languages="pl", maker="typst", region="śląskie") + "A.\n"
    path.write_text(whole.replace(found, instead, 1), encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_source(path)


def test_reading_sources_needs_no_maker_of_pdfs() -> None:
    lines = Path(sys.modules["corpus.source"].__file__ or "").read_text(encoding="utf-8").splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported - set(sys.stdlib_module_names) == {"yaml"}

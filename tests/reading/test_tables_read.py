"""Tables as cells: ruled, shaded, without uprights, without any rule; SWOT; over a page end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_pages import EN, PL, texts

from textmine.records import Reading

Read = Callable[..., Reading]

PL_ROWS = [
    ["Wskaźnik", "2015", "2020"],
    ["Nakłady na badania i rozwój (% PKB)", "1,8", "2,4"],
    ["Firmy innowacyjne (%)", "21", "26"],
    ["Liczba klastrów kluczowych", "3", "5"],
]
EN_ROWS = [
    ["Indicator", "2015", "2020"],
    ["Expenditure on research and development", "1.8", "2.4"],
    ["Innovative firms (%)", "21", "26"],
    ["Number of key clusters", "3", "5"],
]
STYLES = {
    "ruled": "td{border:0.5pt solid black}",
    "rows only": "table{border-top:1pt solid black} td{border-bottom:0.5pt solid #999}",
    "striped": "tr:nth-child(odd) td{background:#dde}",
    "no rules": "",
    "head between rules": "tr:nth-child(1) td{border-top:1pt solid;border-bottom:1pt solid}",
    "striped under a plain head": "tr:nth-child(3) td{background:#dde}",
}


def cells(reading: Reading) -> list[list[str]]:
    rows: dict[int, list[str]] = {}
    for block in reading.blocks:
        if block.kind == "table":
            rows.setdefault(block.row, []).append(block.text)
    return [rows[row] for row in sorted(rows)]


def as_html(rows: list[list[str]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{body}</table>"


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES.keys())
@pytest.mark.parametrize(("rows", "text"), [(PL_ROWS, PL), (EN_ROWS, EN)], ids=["pl", "en"])
def test_rows_and_cells(read_html: Read, rows: list[list[str]], text: str, style: str) -> None:
    css = f"table{{width:100%;border-collapse:collapse}} td{{padding:3pt 6pt}} {style}"
    reading = read_html(f"<p>{text}</p>{as_html(rows)}<p>{text}</p>", css)
    assert cells(reading) == rows
    assert texts(reading, "paragraph") == [text, text]


@pytest.mark.parametrize(
    "rows",
    [
        [["Mocne strony", "Słabe strony"], ["Silne uczelnie.", "Brak kapitału."], ["Szanse", "Zagrożenia"]],
        [["Strengths", "Weaknesses"], ["Strong universities.", "Lack of capital."], ["Opportunities", "Threats"]],
    ],
    ids=["pl", "en"],
)
def test_swot_is_a_table(read_html: Read, rows: list[list[str]]) -> None:
    assert cells(read_html(as_html(rows), "td{border:1pt solid black;width:50%}")) == rows


def test_table_over_a_page_end_goes_on(read_html: Read) -> None:
    rows = [[f"Działanie {number}", f"{number} mln zł"] for number in range(1, 61)]
    reading = read_html(as_html(rows), "td{border:0.5pt solid black;padding:4pt;width:60mm}")
    assert len(reading.pages) > 1
    assert cells(reading) == rows


@pytest.mark.parametrize("style", ["", "tr:nth-child(even) td{background:#dde}"], ids=["plain", "striped"])
def test_table_cut_by_a_page_end_keeps_its_first_and_last_rows(read_html: Read, style: str) -> None:
    rows = [["Działanie", "Budżet", "Termin"]]
    rows += [[f"Działanie {number} w regionie", f"{number} mln", str(2020 + number)] for number in range(1, 61)]
    reading = read_html(as_html(rows), f"td{{padding:4pt;width:50mm}} {style}")
    assert len(reading.pages) > 1
    assert cells(reading) == rows


@pytest.mark.parametrize("text", [PL, EN], ids=["pl", "en"])
def test_loose_lines_that_look_like_cells_are_not_doubled(read_html: Read, text: str) -> None:
    css = "div{columns:3;column-gap:8mm;text-align:justify;hyphens:none} li{margin:4pt}"
    items = "".join(f"<li>{word} {number};</li>" for number, word in enumerate(text.split()[:3]))
    paragraphs = [f"{word} {text}" for word in ("Alfa", "Beta", "Gamma")]
    reading = read_html(f"<ul>{items}</ul><div>" + "".join(f"<p>{one}</p>" for one in paragraphs) + "</div>", css)
    assert texts(reading, "paragraph") == paragraphs


def test_framed_text_is_no_table(read_html: Read) -> None:
    reading = read_html(f"<div style='border:1pt solid black;padding:6pt'>{PL}</div><p>{PL}</p>")
    assert cells(reading) == []
    assert texts(reading, "paragraph") == [PL, PL]


@pytest.mark.parametrize(
    ("caption", "source"),
    [("Tabela 1. Wskaźniki strategii", "Źródło: opracowanie własne."), ("Table 1. Indicators", "Source: own work.")],
    ids=["pl", "en"],
)
def test_captions_and_sources(read_html: Read, caption: str, source: str) -> None:
    css = "td{border:0.5pt solid black} .c{font-style:italic}"
    reading = read_html(f"<p>{PL}</p><p class=c>{caption}</p>{as_html(PL_ROWS)}<p class=c>{source}</p>", css)
    assert texts(reading, "caption") == [caption, source]


def test_sentence_about_a_table_is_no_caption(read_html: Read) -> None:
    text = "Table 2 presents spending of the regional operational programme in the years of the period."
    assert texts(read_html(f"<p>{text}</p>", lang="en"), "paragraph") == [text]


@pytest.mark.parametrize("words", [["Klastry energii w", "Doradztwo", "Szkolenia kadr", "Targi"]], ids=["pl"])
def test_columns_nearer_than_a_wide_gap_are_parted(read_typst: Read, words: list[str]) -> None:
    rows = [[word, f"{number},{number}00"] for number, word in enumerate(words, 1)]
    body = ",".join(f"[{cell}]" for row in rows for cell in row)
    table = f"#align(center, table(columns: 2, align: (left, right), stroke: none, column-gutter: -2pt, {body}))"
    assert cells(read_typst(f"{PL}\n\n{table}\n\n{PL}")) == rows

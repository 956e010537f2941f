"""Order, kinds and sections of pages made for the purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from made_pages import EN, PL, only, texts

from textmine.records import Reading

Read = Callable[..., Reading]


@pytest.mark.parametrize(("text", "lang"), [(PL, "pl"), (EN, "en")], ids=["pl", "en"])
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_read_one_after_the_other(read_html: Read, text: str, lang: str, columns: int) -> None:
    numbered = [f"{word} {text}" for word in ("Alfa", "Beta", "Gamma", "Delta")]
    html = "".join(f"<p>{paragraph}</p>" for paragraph in numbered)
    reading = read_html(html, f"body{{columns:{columns};hyphens:auto;text-align:justify}}", lang)
    assert texts(reading, "paragraph") == numbered
    assert {block.language for block in reading.blocks} == {lang}


@pytest.mark.parametrize(("text", "lang"), [(PL, "pl"), (EN, "en")], ids=["pl", "en"])
def test_rows_written_across_columns_are_put_in_order(tmp_path, text: str, lang: str) -> None:  # type: ignore[no-untyped-def]
    from fpdf import FPDF

    from textmine.reading import read_document
    from textmine.settings import Settings

    words = text.split()
    half = len(words) // 2
    columns = [" ".join(words[:half]), " ".join(words[half:])]
    lines = [[column[at : at + 38] for at in range(0, len(column), 38)] for column in _wrapped(columns)]
    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.add_font("dejavu", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    pdf.set_font("dejavu", size=9)
    for row in range(max(map(len, lines))):
        for column, left in ((0, 20), (1, 110)):
            if row < len(lines[column]):
                pdf.text(left, 30 + 5 * row, lines[column][row])
    path = tmp_path / "rows.pdf"
    pdf.output(str(path))
    reading = read_document(path, settings=Settings(ocr="never"))
    assert " ".join(" ".join(texts(reading, "paragraph")).split()) == " ".join(
        " ".join(line for column in lines for line in column).split()
    )


def _wrapped(columns: list[str]) -> list[str]:
    """Columns whose lines of 38 characters end at words."""
    result = []
    for column in columns:
        padded, line = "", ""
        for word in column.split():
            if len(line) + len(word) + 1 > 38:
                padded, line = padded + line.ljust(38), word
            else:
                line = f"{line} {word}".strip()
        result.append(padded + line)
    return result


def test_headings_have_levels_and_make_sections(read_typst: Read) -> None:
    reading = read_typst(f"= 1. Diagnoza\n== 1.1. Klastry\n{PL}\n= 2. Cele\n{PL}\n== 2.1. Instrumenty\n{PL}")
    headings = [(block.level, block.text) for block in reading.blocks if block.kind == "heading"]
    assert headings == [(1, "1. Diagnoza"), (2, "1.1. Klastry"), (1, "2. Cele"), (2, "2.1. Instrumenty")]
    sections = [block.section for block in reading.blocks if block.kind == "paragraph"]
    assert sections == [("1. Diagnoza", "1.1. Klastry"), ("2. Cele",), ("2. Cele", "2.1. Instrumenty")]


@pytest.mark.parametrize(
    ("text", "note"),
    [(PL, "Dane Głównego Urzędu Statystycznego za 2019 rok."), (EN, "Data of Statistics Poland for 2019.")],
    ids=["pl", "en"],
)
def test_footnotes_stand_apart_without_their_marks(read_typst: Read, text: str, note: str) -> None:
    first, rest = text.split(". ", 1)
    reading = read_typst(f"{first}.#footnote[{note}] {rest}")
    assert only(reading, "footnote").text == note
    assert only(reading, "footnote").flags == ("note 1",)
    assert only(reading, "paragraph").text == text


def test_exponents_are_no_marks(read_html: Read) -> None:
    reading = read_html("<p>Powierzchnia wynosi 35 tys. km<sup style='font-size:6pt'>2</sup> i stale rośnie.</p>")
    assert only(reading, "paragraph").text == "Powierzchnia wynosi 35 tys. km² i stale rośnie."


def test_raised_figures_without_a_note_stay(read_html: Read) -> None:
    small = "<span style='font-size:6pt;vertical-align:4pt'>6</span>"
    reading = read_html(f"<p>Wartość wynosi 10{small} jednostek, a słowo{small} ma odsyłacz do przypisu.</p>")
    assert only(reading, "paragraph").text == "Wartość wynosi 106 jednostek, a słowo ma odsyłacz do przypisu."


@pytest.mark.parametrize(
    ("items", "lang"),
    [(["brak zaufania;", "niedobór kadr;"], "pl"), (["lack of trust;", "shortage of staff;"], "en")],
    ids=["pl", "en"],
)
def test_list_items_lose_their_bullets(read_typst: Read, items: list[str], lang: str) -> None:
    lead = "Wskazano bariery:" if lang == "pl" else "The barriers are:"
    reading = read_typst(f"{lead}\n\n" + "\n".join(f"- {item}" for item in items))
    assert texts(reading, "list") == items


def test_paragraph_over_a_page_end_is_one_block(read_typst: Read) -> None:
    reading = read_typst(
        '#set page(height: 90pt, width: 300pt, margin: 20pt)\n#set text(lang: "pl", hyphenate: true)\n'
        f"#set par(justify: true)\n{PL}"
    )
    block = only(reading, "paragraph")
    assert block.text == PL
    assert {span.box.page for span in block.spans} == {page.number for page in reading.pages}
    assert len(reading.pages) > 1


@pytest.mark.parametrize(
    ("header", "page", "lang"),
    [("Strategia rozwoju Mazowsza", "Strona", "pl"), ("Development strategy of Mazovia", "Page", "en")],
    ids=["pl", "en"],
)
def test_headers_and_page_numbers_are_furniture(read_html: Read, header: str, page: str, lang: str) -> None:
    text = PL if lang == "pl" else EN
    css = f'@page{{@top-left{{content:"{header}"}}@bottom-center{{content:"{page} " counter(page)}}}}'
    html = "".join(f"<p style='break-after:page'>{text}</p>" for _ in range(3))
    reading = read_html(html, css, lang)
    assert texts(reading, "furniture") == [text for n in (1, 2, 3) for text in (header, f"{page} {n}")]
    assert texts(reading, "paragraph") == [text] * 3


def test_odd_and_even_headers_may_differ(read_html: Read) -> None:
    css = "@page:left{@top-left{content:'Urząd Marszałkowski'}}@page:right{@top-right{content:'Strategia innowacji'}}"
    reading = read_html("".join(f"<p style='break-after:page'>{PL}</p>" for _ in range(6)), css)
    assert set(texts(reading, "furniture")) == {"Urząd Marszałkowski", "Strategia innowacji"}
    assert texts(reading, "paragraph") == [PL] * 6


@pytest.mark.parametrize(("title", "lang"), [("Spis treści", "pl"), ("Contents", "en")], ids=["pl", "en"])
def test_contents_stay_out_of_the_text(read_typst: Read, title: str, lang: str) -> None:
    text = PL if lang == "pl" else EN
    reading = read_typst(f"#outline(title: [{title}])\n#pagebreak()\n= Alfa\n{text}\n= Beta\n{text}\n= Gamma\n{text}")
    assert texts(reading, "heading") == ["Alfa", "Beta", "Gamma"]
    assert len(texts(reading, "toc")) == 4
    assert texts(reading, "toc")[0] == title


def test_sidebar_comes_where_it_stands(read_html: Read) -> None:
    side = "Ramka: w regionie działa 31 klastrów."
    html = f"<p>Pierwszy. {PL}</p><aside style='float:right;width:40mm'>{side}</aside><p>Drugi. {PL}</p>"
    assert texts(read_html(html), "paragraph") == [f"Pierwszy. {PL}", side, f"Drugi. {PL}"]


@pytest.mark.parametrize("turn", ["90deg", "270deg"])
def test_sideways_text_is_turned_and_keeps_its_place(read_typst: Read, turn: str) -> None:
    reading = read_typst(f"#rotate({turn}, reflow: true)[#block(width: 400pt)[{PL}]]")
    block = only(reading, "paragraph")
    assert block.text == PL
    # lines of upright text are wider than high: on the page these are higher than wide
    assert all(box.bottom - box.top > box.x1 - box.x0 for box in block.boxes(0, 60))


def test_page_with_rotation_entry_is_read_upright(read_html: Read, tmp_path) -> None:  # type: ignore[no-untyped-def]
    import pypdfium2 as pdfium

    from textmine.reading import read_document
    from textmine.settings import Settings

    read_html(f"<p>{EN}</p>", lang="en")
    document = pdfium.PdfDocument(tmp_path / "set.pdf")
    boxes = []
    for rotation in (0, 90, 180, 270):
        document[0].set_rotation(rotation)
        document.save(tmp_path / "turned.pdf")
        reading = read_document(tmp_path / "turned.pdf", settings=Settings(ocr="never"))
        block = only(reading, "paragraph")
        assert block.text == EN
        boxes.append(block.spans[0].box)
    # turned a quarter clockwise, what was at the top left stands at the top right
    assert boxes[1].x1 > 500
    assert boxes[2].top > 700
    assert boxes[3].x0 < 100


def test_figure_labels_are_no_text(read_html: Read) -> None:
    bars = "".join(
        f"<rect x={20 + 45 * n} y={80 - 15 * n} width=30 height={20 + 15 * n} fill='#69c'/>"
        f"<text x={22 + 45 * n} y=114 font-size=8>{2010 + n}</text>"
        for n in range(5)
    )
    html = f"<p>{PL}</p><svg width=300 height=120 viewBox='0 0 300 120'>{bars}</svg><p>Wykres 1. Liczba klastrów</p>"
    reading = read_html(html)
    assert texts(reading, "figure") == ["2010", "2011", "2012", "2013", "2014"]
    assert texts(reading, "caption") == ["Wykres 1. Liczba klastrów"]
    assert texts(reading, "paragraph") == [PL]


@pytest.mark.parametrize(
    ("title", "lang"), [("WNIOSKI I ZALECENIA", "pl"), ("CONCLUSIONS AND ADVICE", "en")], ids=["pl", "en"]
)
def test_spaced_letters_are_put_together(read_html: Read, title: str, lang: str) -> None:
    reading = read_html(f"<h2 style='letter-spacing:4pt'>{title}</h2><p>{PL if lang == 'pl' else EN}</p>", lang=lang)
    assert texts(reading, "heading") == [title]


def turned_about(text: str, number: int) -> str:
    """The text with its first words at its end: the lines of no two pages are alike."""
    words = text.split()
    return " ".join([*words[3 * number :], *words[: 3 * number]])


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_notes_that_differ_by_numbers_only_are_no_footers(read_typst: Read, lang: str) -> None:
    text, note = (PL, "Zob. raport GUS z 201{} r., s. 2{}.") if lang == "pl" else (EN, "See report 201{}, p. 2{}.")
    body = "#pagebreak()\n".join(
        f"{turned_about(text, number)}#footnote[{note.format(number, number)}]\n" for number in range(1, 5)
    )
    reading = read_typst(body)
    assert texts(reading, "footnote") == [note.format(number, number) for number in range(1, 5)]


def test_running_chapter_titles_count_with_their_pages(read_html: Read) -> None:
    css = "h1{string-set:chapter content();break-before:page}"
    css += "@page{@top-left{font-size:8pt;content:counter(page) ' ' string(chapter)}}"
    words = ("Bariery rozwoju", "Cele strategiczne", "Ramy finansowe", "System wdrażania")
    reading = read_html(
        "".join(f"<h1>{word}</h1><p>{turned_about(PL, number)}</p>" for number, word in enumerate(words)), css
    )
    assert texts(reading, "heading") == list(words)
    assert len(texts(reading, "furniture")) == 4


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_pages_keep_headers_apart(read_html: Read, tmp_path, rotation: int) -> None:  # type: ignore[no-untyped-def]
    import pypdfium2 as pdfium

    from textmine.reading import read_document
    from textmine.settings import Settings

    css = "@page{@top-left{content:'Strategia rozwoju regionu'}@bottom-center{content:counter(page)}} div{columns:2}"
    read_html("".join(f"<div style='break-after:page'><p>{PL}</p><p>{EN}</p></div>" for _ in range(3)), css)
    document = pdfium.PdfDocument(tmp_path / "set.pdf")
    for page in document:
        page.set_rotation(rotation)
    document.save(tmp_path / "turned.pdf")
    reading = read_document(tmp_path / "turned.pdf", settings=Settings(ocr="never"))
    assert texts(reading, "paragraph") == [PL, EN] * 3
    assert len(texts(reading, "furniture")) == 6


def test_stray_ligature_goes_into_its_gap(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from fpdf import FPDF

    from textmine.reading import read_document
    from textmine.settings import Settings

    pdf = FPDF(format="A4")
    pdf.add_page()
    pdf.add_font("dejavu", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    pdf.set_font("dejavu", size=10)
    head = "Firms need an e"
    start = 20 + pdf.get_string_width(head)
    pdf.text(20, 30, head)
    pdf.text(start + pdf.get_string_width("ffi"), 30, "cient office")
    pdf.text(start, 30, "ffi")
    pdf.output(str(tmp_path / "glyph.pdf"))
    reading = read_document(tmp_path / "glyph.pdf", settings=Settings(ocr="never"))
    assert "".join(block.text for block in reading.blocks) == "Firms need an efficient office"

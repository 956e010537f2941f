"""PDFs by fpdf2: one column of placed lines, as older office tools wrote them; no contents.

A footnote's mark is a superscript digit of the font (U+00B9 and others), not a raised and smaller one.
"""

from __future__ import annotations

from fpdf.fonts import FontFace

from corpus.makers.arrange import accent, column_shares, sheets
from corpus.makers.paper import BLACK, BODY, GREY, HEADS, Paper
from corpus.source import Source, SourceBlock

__all__ = ["make"]

BODY_PT, TABLE_PT = 9.8, 8.2
LINE_MM, TABLE_LINE_MM = 5.3, 4.3
HEADING_PT = {1: 14.0, 2: 11.5, 3: 10.5, 4: 10.0}
BULLET_MM = 6.0
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def make(source: Source) -> bytes:
    """The PDF, the same bytes each time.

    Raises:
        MissingFontError: the DejaVu fonts are not installed.
    """
    pdf = Paper(source)
    pdf.add_page()
    _cover(pdf, source)
    landscape = False
    for sheet in sheets(source):
        if sheet.landscape != landscape:
            pdf.add_page(orientation="landscape" if sheet.landscape else "portrait")
            landscape = sheet.landscape
        for blocks in sheet.items:
            _item(pdf, blocks, source)
    return bytes(pdf.output())


def _cover(pdf: Paper, source: Source) -> None:
    colour = _rgb(accent(source))
    pdf.ln(4)
    pdf.set_font(HEADS, size=10)
    pdf.set_text_color(*GREY)
    pdf.multi_cell(0, 5.5, source.issuer, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_font(HEADS, style="B", size=19)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, 8.5, source.title, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(3)
    pdf.set_font(HEADS, size=12)
    pdf.set_text_color(*BLACK)
    pdf.cell(0, 6, str(source.year), align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_draw_color(*colour)
    pdf.set_line_width(0.8)
    pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
    pdf.set_line_width(0.2)
    pdf.ln(8)


def _item(pdf: Paper, blocks: tuple[SourceBlock, ...], source: Source) -> None:
    first = blocks[0]
    if first.kind == "heading":
        _heading(pdf, first, _rgb(accent(source)))
    elif first.kind == "list":
        for block in blocks:
            _prose(pdf, block, source, bullet=True)
        pdf.ln(2)
    elif first.kind == "table":
        _table(pdf, first, _rgb(accent(source)))
    elif first.kind == "caption":
        _caption(pdf, first)
    else:
        _prose(pdf, first, source, bullet=False)


def _prose(pdf: Paper, block: SourceBlock, source: Source, *, bullet: bool) -> None:
    """A justified paragraph, or a list item hung behind its bullet; its notes come to the foot of its page."""
    text = "".join(piece + (_superscript(number) if number else "") for piece, number in block.pieces())
    left = pdf.l_margin
    pdf.set_left_margin(left + (BULLET_MM if bullet else 0))
    pdf.set_font(BODY, size=BODY_PT)
    height = pdf.text_height(text, LINE_MM)
    if block.marks:
        notes = [f"{_superscript(number)} {source.notes[number].text}" for _, number in block.marks]
        pdf.reserve(notes, height)
    elif bullet and pdf.will_page_break(min(height, 2 * LINE_MM)):
        pdf.add_page(same=True)
    pdf.set_font(BODY, size=BODY_PT)
    if bullet:
        pdf.set_x(left)
        pdf.cell(BULLET_MM, LINE_MM, "•", align="C")
    pdf.set_left_margin(left + (BULLET_MM if bullet else 0))
    pdf.multi_cell(0, LINE_MM, text, align="L" if bullet else "J", new_x="LMARGIN", new_y="NEXT")
    pdf.set_left_margin(left)
    pdf.ln(0.8 if bullet else 2.4)


def _heading(pdf: Paper, block: SourceBlock, colour: tuple[int, int, int]) -> None:
    size = HEADING_PT[block.level]
    pdf.ln(4 if block.level == 1 else 2)
    # room for itself and three lines of text, so that no heading stands alone at a page foot
    if pdf.will_page_break(size / 2 + 3 * LINE_MM):
        pdf.add_page(same=True)
    pdf.set_font(HEADS, style="B", size=size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.45, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_text_color(*BLACK)
    pdf.ln(2)


def _caption(pdf: Paper, block: SourceBlock) -> None:
    pdf.ln(2)
    # the head of its table and two rows go with it
    if pdf.will_page_break(8 * TABLE_LINE_MM):
        pdf.add_page(same=True)
    pdf.set_font(HEADS, style="B", size=8.5)
    pdf.multi_cell(0, 4.5, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _table(pdf: Paper, block: SourceBlock, colour: tuple[int, int, int]) -> None:
    from corpus.makers.paper import BLACK, HEADS

    pdf.set_font(HEADS, size=TABLE_PT)
    pdf.set_draw_color(150, 150, 150)
    red, green, blue = (255 - (255 - part) // 6 for part in colour)
    head = FontFace(emphasis="BOLD", color=BLACK, fill_color=(red, green, blue))
    shares = tuple(round(1000 * share) for share in column_shares(block.rows))
    with pdf.table(
        col_widths=shares, text_align="LEFT", line_height=TABLE_LINE_MM, headings_style=head, padding=1.0
    ) as table:
        for cells in block.rows:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    pdf.ln(4)


def _superscript(number: int) -> str:
    return str(number).translate(SUPERSCRIPTS)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue

"""The page of the fpdf2 documents: fonts, running header, footer, and room for footnotes above the footer."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from corpus.makers.arrange import creation_date
from corpus.makers.fonts import font_file
from corpus.source import Source

__all__ = ["BLACK", "BODY", "GREY", "HEADS", "MARGIN_MM", "Paper"]

BODY, HEADS = "DejaVu Serif", "DejaVu Sans Condensed"
MARGIN_MM, FOOT_MM = 26.0, 24.0
NOTE_PT, NOTE_LINE_MM, NOTE_GAP_MM = 7.8, 3.8, 4.0
GREY, BLACK = (90, 90, 90), (0, 0, 0)


class Paper(FPDF):
    """A document with fonts and metadata, and no page yet."""

    def __init__(self, source: Source) -> None:
        super().__init__(format="A4")
        self.source = source
        self.notes: list[str] = []
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, FOOT_MM)
        for family in (BODY, HEADS):
            self.add_font(family, fname=font_file(family))
            self.add_font(family, style="B", fname=font_file(family, "Bold"))
        self.set_title(source.pdf_title)
        self.set_author(source.issuer)
        self.set_lang(source.language)
        self.set_creation_date(creation_date(source))

    def header(self) -> None:
        """The running header, on page 1 too."""
        left = self.l_margin
        self.set_left_margin(MARGIN_MM)  # a list item that runs on to this page has its own
        self.set_font(HEADS, size=8)
        self.set_text_color(*GREY)
        self.set_y(13)
        self.cell(0, 5, self.source.header, align="C", new_x="LMARGIN", new_y="NEXT")
        self.set_draw_color(*GREY)
        self.line(self.l_margin, 19, self.w - self.r_margin, 19)
        self.set_text_color(*BLACK)
        self.set_left_margin(left)
        self.set_y(MARGIN_MM)

    def footer(self) -> None:
        """This page's footnotes, then the page number and the notice."""
        left = self.l_margin
        self.set_left_margin(MARGIN_MM)
        self.set_auto_page_break(False)
        self._set_notes()
        self.set_font(HEADS, size=8)
        self.set_text_color(*GREY)
        self.set_y(-17)
        self.cell(0, 4, f"– {self.page_no()} –", align="C", new_x="LMARGIN", new_y="NEXT")
        self.cell(0, 4, self.source.notice, align="C")
        self.set_text_color(*BLACK)
        self.set_auto_page_break(True, FOOT_MM)
        self.set_left_margin(left)

    def reserve(self, notes: list[str], height_mm: float) -> None:
        """Keep room for notes on the page that takes the block which cites them, `height_mm` high, in one piece."""
        needed = sum(map(self._note_height, notes))
        if self.will_page_break(height_mm + needed + NOTE_GAP_MM):
            self.add_page(same=True)
        if not self.notes:
            needed += NOTE_GAP_MM
        self.notes += notes
        self.set_auto_page_break(True, self.b_margin + needed)

    def text_height(self, text: str, line_mm: float) -> float:
        """Height in mm of a text set in the font in force between the margins in force."""
        margin = self.b_margin
        # fpdf2 breaks pages in a dry run too, and the footer would then count this page's notes as written
        self.set_auto_page_break(False)
        height = self.multi_cell(0, line_mm, text, align="J", dry_run=True, output=MethodReturnValue.HEIGHT)
        self.set_auto_page_break(True, margin)
        assert isinstance(height, float)
        return height

    def _note_height(self, text: str) -> float:
        left = self.l_margin
        self.set_left_margin(MARGIN_MM)
        self.set_font(HEADS, size=NOTE_PT)
        height = self.text_height(text, NOTE_LINE_MM)
        self.set_left_margin(left)
        return height

    def _set_notes(self) -> None:
        if not self.notes:
            return
        top = self.h - FOOT_MM - sum(map(self._note_height, self.notes))
        self.set_draw_color(*GREY)
        self.line(self.l_margin, top - 1.5, self.l_margin + 45, top - 1.5)
        self.set_y(top)
        for text in self.notes:
            self.multi_cell(0, NOTE_LINE_MM, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.notes = []

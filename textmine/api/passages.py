"""`Passage`: one sentence of the corpus with where it stands and what it says."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from textmine.records import Box
from textmine.store import PageView

__all__ = ["Passage", "find_passage"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, its neighbours in the same block, and its place; in a notebook it shows as a quotation.

    `page` counts from 1; `boxes` are in points from the top left corner, one a line, on the pages they name.
    `codes` are what it says, `negated` what it only denies. `section` holds the headings above it, outermost first.
    """

    id: str
    text: str
    before: str
    after: str
    language: str
    codes: tuple[str, ...]
    negated: tuple[str, ...]
    document: str
    title: str
    year: int | None
    page: int
    section: tuple[str, ...]
    boxes: tuple[Box, ...]
    document_id: str

    def _repr_html_(self) -> str:
        """HTML in which all text of the document is escaped."""
        place = f"{self.title or self.document}, {self.year or 'no year'}, p. {self.page}"
        return str(
            Markup("<blockquote lang='{}'>{} <mark>{}</mark> {}<footer>{}<br><small>{}</small></footer></blockquote>")
            .format(self.language, self.before, self.text, self.after, place, escape(" · ".join(self.codes)))
        )  # fmt: skip


def find_passage(view: PageView, sentence_id: str, *, document: str, title: str, year: int | None) -> Passage | None:
    """The sentence on a page, or None when it is not there."""
    for block in view.blocks:
        own = view.sentences.get(block.id, ())
        for place, sentence in enumerate(own):
            if sentence.id != sentence_id:
                continue
            mentions = view.mentions.get(sentence_id, ())
            codes = tuple(dict.fromkeys(one.code for one in mentions if not one.negated))
            return Passage(
                id=sentence_id,
                text=sentence.text,
                before=own[place - 1].text if place else "",
                after=own[place + 1].text if place + 1 < len(own) else "",
                language=sentence.language,
                codes=codes,
                negated=tuple(dict.fromkeys(one.code for one in mentions if one.negated and one.code not in codes)),
                document=document,
                title=title,
                year=year,
                page=sentence.boxes[0].page if sentence.boxes else block.page,
                section=block.section,
                boxes=sentence.boxes,
                document_id=block.document_id,
            )
    return None

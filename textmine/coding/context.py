"""What stands around a sentence: headings, the line that leads into a list, the kind of block, names seen before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from textmine.records import Block, Sentence

__all__ = ["Context", "contexts"]

#: A paragraph that ends so introduces the list items after it.
_LEADS_IN = (":", "–", "—")


@dataclass(frozen=True, slots=True)
class Context:
    """`section`: headings, outermost first; `kind`: of the block; `lead_in`: the line above a list, a table's header;

    `names`: full names of clusters seen in the document, in the registry's spelling (short forms count beside them).
    """

    section: tuple[str, ...] = ()
    kind: str = ""
    lead_in: str = ""
    names: frozenset[str] = field(default_factory=frozenset)

    @property
    def headers(self) -> tuple[str, ...]:
        """The texts that may say what a list item is about: the lead-in, then the nearest heading."""
        return tuple(text for text in (self.lead_in, *self.section[-1:]) if text)


def contexts(
    blocks: Sequence[Block], sentences: Sequence[Sentence], *, names: frozenset[str] = frozenset()
) -> list[Context]:
    """The context of each sentence, in the order of `sentences`; a sentence of an unknown block has an empty one.

    Headings count for list items and table cells only: under "Barriers" running prose also says what is no barrier.
    """
    by_block: dict[str, Context] = {}
    lead_in = ""
    header: dict[float, str] = {}  # x0 of a table's header cell -> its text
    table_page, first_row = 0, 0
    for block in blocks:
        if block.kind == "table":
            if block.page != table_page or not first_row:
                header, table_page, first_row = {}, block.page, block.row
            if block.row == first_row:
                header[block.box.x0] = block.text
            above = min(header, key=lambda x0: abs(x0 - block.box.x0), default=None)
            own = "" if block.row == first_row or above is None else header[above]
            by_block[block.id] = Context(block.section, block.kind, own, names)
            continue
        first_row = 0
        if block.kind == "list":
            by_block[block.id] = Context(block.section, block.kind, lead_in, names)
            continue
        lead_in = _last_line(block.text) if block.text.rstrip().endswith(_LEADS_IN) else ""
        by_block[block.id] = Context((), block.kind, "", names)
    return [by_block.get(sentence.block_id, Context(names=names)) for sentence in sentences]


def _last_line(text: str) -> str:
    """The part of a paragraph after its last full stop: what leads into the list."""
    return text.rstrip().rpartition(". ")[2]

"""PDFs by typst: one or two columns, ligatures, native footnotes and contents; fonts that typst brings along."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import typst

from corpus.makers.arrange import CONTENTS, accent, column_shares, creation_date, sheets
from corpus.source import Source, SourceBlock

__all__ = ["make"]

# as LaTeX of those years wrote them into the text layer; the longest first
LIGATURES = (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"))
TEMPLATE = Path(__file__).with_name("document.typ")


def make(source: Source) -> bytes:
    """The PDF, the same bytes each time."""
    ligate = _ligated if source.ligatures else str
    document = {
        "title": source.title,
        "pdf_title": source.pdf_title,
        "issuer": source.issuer,
        "year": source.year,
        "language": source.language,
        "header": source.header,
        "notice": source.notice,
        "columns": source.columns,
        "hyphenate": source.hyphenate,
        "accent": accent(source),
        "contents": CONTENTS[source.language] if source.contents else "",
        "notes": {str(number): ligate(note.text) for number, note in source.notes.items()},
        "sheets": [
            {"landscape": sheet.landscape, "items": [_item(blocks, ligate) for blocks in sheet.items]}
            for sheet in sheets(source)
        ],
    }
    compiler = typst.Compiler(
        input=TEMPLATE,
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
    )
    pdf = compiler.compile(format="pdf", timestamp=creation_date(source))
    assert isinstance(pdf, bytes)
    return pdf


def _ligated(text: str) -> str:
    for letters, character in LIGATURES:
        text = text.replace(letters, character)
    return text


def _item(blocks: tuple[SourceBlock, ...], ligate: Callable[[str], str]) -> dict[str, object]:
    first = blocks[0]
    return {
        "kind": first.kind,
        "level": first.level,
        "language": first.language,
        "text": ligate(first.text),
        "pieces": [[(ligate(text), number) for text, number in block.pieces()] for block in blocks],
        "rows": [[ligate(cell) for cell in row] for row in first.rows],
        "shares": column_shares(first.rows) if first.rows else [],
    }

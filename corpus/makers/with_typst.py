"""PDFs by typst: one or two columns, ligatures, native footnotes and contents; fonts that typst brings along."""

from __future__ import annotations

import json
from pathlib import Path

from corpus.makers.arrange import CONTENTS, accent, column_shares, creation_date, sheets
from corpus.source import Source, SourceBlock

__all__ = ["make_with_typst"]

TEMPLATE = Path(__file__).with_name("document.typ")


def make_with_typst(source: Source) -> bytes:
    """The PDF, the same bytes each time."""
    import typst

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
        "notes": {str(number): note.text for number, note in source.notes.items()},
        "sheets": [
            {"landscape": sheet.landscape, "items": [_item(blocks) for blocks in sheet.items]}
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


def _item(blocks: tuple[SourceBlock, ...]) -> dict[str, object]:
    first = blocks[0]
    return {
        "kind": first.kind,
        "level": first.level,
        "language": first.language,
        "text": first.text,
        "pieces": [list(block.pieces()) for block in blocks],
        "rows": first.rows,
        "shares": column_shares(first.rows) if first.rows else [],
    }

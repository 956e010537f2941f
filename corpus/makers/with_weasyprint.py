"""PDFs by WeasyPrint (HTML and CSS): columns, hyphenation by dictionary, native footnotes and page references."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import weasyprint

from corpus.makers.arrange import CONTENTS, accent, column_shares, creation_date, sheets
from corpus.makers.fonts import font_file
from corpus.source import Source, SourceBlock

__all__ = ["make"]

STYLE = Path(__file__).with_name("document.css")
WIDE_FROM = 5  # columns: such a table runs across both text columns
FAMILIES = ("Liberation Serif", "Liberation Sans")


def make(source: Source) -> bytes:
    """The PDF, the same bytes each time.

    Raises:
        MissingFontError: the Liberation fonts are not installed.
    """
    for family in FAMILIES:
        font_file(family)
    html = weasyprint.HTML(string=page_html(source))
    pdf = html.write_pdf(pdf_identifier=source.id.encode(), custom_metadata=False)
    assert isinstance(pdf, bytes)
    return pdf


def page_html(source: Source) -> str:
    """The whole document as HTML with its style inside."""
    date = creation_date(source).isoformat()
    body = "\n".join(
        ('<section class="landscape">' if sheet.landscape else '<section class="portrait">')
        + "\n".join(_item(blocks, source) for blocks in sheet.items)
        + "</section>"
        for sheet in sheets(source)
    )
    return f"""<!doctype html>
<html lang="{source.language}" class="{"hyphenate" if source.hyphenate else "plain"} columns{source.columns}">
<head>
<meta charset="utf-8">
<title>{escape(source.pdf_title)}</title>
<meta name="author" content="{escape(source.issuer)}">
<meta name="dcterms.created" content="{date}">
<meta name="dcterms.modified" content="{date}">
<style>{STYLE.read_text(encoding="utf-8").replace("#accent", accent(source))}</style>
</head>
<body>
<div class="header">{escape(source.header)}</div>
<div class="notice">{escape(source.notice)}</div>
<header><p class="issuer">{escape(source.issuer)}</p><h1 class="title">{escape(source.title)}</h1>
<p class="year">{source.year}</p></header>
{_contents(source) if source.contents else ""}
{body}
</body>
</html>"""


def _contents(source: Source) -> str:
    entries = "".join(
        f'<li class="level{block.level}"><a href="#{_anchor(block)}">{escape(block.text)}</a></li>'
        for block in source.blocks
        if block.kind == "heading" and block.level <= 2
    )
    return f'<nav><p class="contents">{CONTENTS[source.language]}</p><ul>{entries}</ul></nav>'


def _item(blocks: tuple[SourceBlock, ...], source: Source) -> str:
    first = blocks[0]
    lang = f' lang="{first.language}"'
    if first.kind == "heading":
        return f'<h{first.level}{lang} id="{_anchor(first)}">{escape(first.text)}</h{first.level}>'
    if first.kind == "list":
        return f"<ul{lang}>" + "".join(f"<li>{_prose(block, source)}</li>" for block in blocks) + "</ul>"
    if first.kind == "table":
        return _table(first, lang)
    return f'<p{lang} class="{first.kind}">{_prose(first, source)}</p>'


def _prose(block: SourceBlock, source: Source) -> str:
    """The text with its footnotes inside, as CSS wants them; they float to the foot of the page."""
    return "".join(
        escape(text) + (f'<span class="footnote">{escape(source.notes[number].text)}</span>' if number else "")
        for text, number in block.pieces()
    )


def _table(block: SourceBlock, lang: str) -> str:
    widths = "".join(f'<col style="width: {share:.1%}">' for share in column_shares(block.rows))
    head, *rows = [[escape(cell) for cell in row] for row in block.rows]
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    heads = "".join(f"<th>{cell}</th>" for cell in head)
    table = f"<table{lang}><colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="wide">{table}</div>' if len(block.rows[0]) >= WIDE_FROM else table


def _anchor(heading: SourceBlock) -> str:
    return re.sub(r"\W+", "-", " ".join((*heading.section, heading.text)).lower())

"""A coded document as TEI P5 XML: pages with their zones, divisions by heading, sentences, and the codes as spans.

The elements are those of TEI All: `facsimile` holds pages and the boxes of blocks in points, `standOff` the mentions
(from anchor to anchor, so that they may overlap), `taxonomy` the codes.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from textmine.records import BODY_KINDS, Block, Document, Mention, Page, Reading, Sentence

__all__ = ["tei_document", "xml_text"]

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
#: What XML 1.0 cannot hold.
_UNHOLDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {"heading": "head", "list": "item", "footnote": "note", "table": "cell", "caption": "p", "paragraph": "p"}
_METHODS = {"keyword": "coded by the terms of the codebook", "model": "coded by a model", "human": "coded by a person"}


def tei_document(reading: Reading, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> str:
    """One TEI document, UTF-8, with its XML declaration.

    A sentence is `<s xml:id ana>`, the codes it has stand in `ana` as `#family.type`. Each mention is a `<span>` with
    its term as content, score in `cert` and method in `resp`; mentions that a sentence denies are spans of the type
    `denied` and not in `ana`. Pages begin with `<pb n facs>`.
    """
    root = ET.Element("TEI", {"xmlns": _NAMESPACE})
    _add_header(root, reading.document, mentions)
    blocks = [block for block in reading.blocks if block.kind in BODY_KINDS]
    _add_facsimile(root, reading.pages, blocks)
    kept = {sentence.id for sentence in sentences}
    _add_spans(root, [mention for mention in mentions if mention.sentence_id in kept])
    body = ET.SubElement(ET.SubElement(root, "text"), "body")
    own: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        own.setdefault(sentence.block_id, []).append(sentence)
    codes: dict[str, list[Mention]] = {}
    for mention in mentions:
        codes.setdefault(mention.sentence_id, []).append(mention)
    page = 0
    division: ET.Element | None = None
    section: tuple[str, ...] = ()
    before: Block | None = None
    for block in blocks:
        opens = block.kind == "heading"
        if division is None or opens or block.section != section:
            # a heading opens the division of what stands under it
            section = (*block.section, block.text) if opens else block.section
            division = ET.SubElement(body, "div", {"n": xml_text(" > ".join(section))} if section else {})
            before = None
        parent = _container(division, block, before)
        if block.page != page:
            page = block.page
            ET.SubElement(parent, "pb", {"n": str(page), "facs": f"#page{page}"})
        if block.kind == "table":
            parent = _row(parent, block, before)
        _add_block(parent, block, own.get(block.id, []), codes)
        before = block
    if division is None:
        ET.SubElement(body, "p")  # a body is never empty
    # a bare carriage return would be read as a line feed
    text = ET.tostring(root, encoding="unicode").replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _container(division: ET.Element, block: Block, before: Block | None) -> ET.Element:
    """What a block stands in: neighbours of a list in one list, of a table in one table, others in the division."""
    name = {"list": "list", "table": "table"}.get(block.kind)
    if name is None:
        return division
    return division[-1] if before is not None and before.kind == block.kind else ET.SubElement(division, name)


def _row(table: ET.Element, block: Block, before: Block | None) -> ET.Element:
    """The row of a cell; a cell that is in no row is one of its own, and no row runs over a page's end."""
    same = before is not None and before.kind == "table" and before.page == block.page
    return table[-1] if same and before and block.row and before.row == block.row else ET.SubElement(table, "row")


def _add_facsimile(root: ET.Element, pages: Sequence[Page], blocks: Sequence[Block]) -> None:
    if not pages:
        return
    on_page: dict[int, list[Block]] = {}
    for block in blocks:
        on_page.setdefault(block.box.page, []).append(block)
    facsimile = ET.SubElement(root, "facsimile")
    for page in pages:
        size = {"ulx": "0", "uly": "0", "lrx": f"{page.width_pt:g}", "lry": f"{page.height_pt:g}"}
        surface = ET.SubElement(facsimile, "surface", {"xml:id": f"page{page.number}", "n": str(page.number), **size})
        for block in on_page.get(page.number, ()):
            box = block.box
            corners = {"ulx": box.x0, "uly": box.top, "lrx": box.x1, "lry": box.bottom}
            places = {name: f"{place:.2f}" for name, place in corners.items()}
            ET.SubElement(surface, "zone", {"xml:id": f"z{block.id}"} | places)


def _add_spans(root: ET.Element, mentions: Sequence[Mention]) -> None:
    if not mentions:
        return
    standoff = ET.SubElement(root, "standOff")
    for kind in ("codes", "denied"):
        own = [mention for mention in mentions if mention.negated == (kind == "denied")]
        group = ET.SubElement(standoff, "spanGrp", {"type": kind}) if own else None
        for mention in own:
            assert group is not None
            span = ET.SubElement(
                group,
                "span",
                {
                    "xml:id": f"m{mention.id}",
                    "from": f"#a{mention.id}",
                    "to": f"#e{mention.id}",
                    "ana": f"#{mention.code}",
                    "cert": f"{min(1.0, max(0.0, mention.score)):g}",
                    "resp": f"#by-{mention.method}",
                },
            )
            span.text = xml_text(mention.term)


def _add_header(root: ET.Element, document: Document, mentions: Sequence[Mention]) -> None:
    header = ET.SubElement(root, "teiHeader")
    description = ET.SubElement(header, "fileDesc")
    title = ET.SubElement(description, "titleStmt")
    ET.SubElement(title, "title").text = xml_text(document.title or PurePath(document.path).name)
    if document.issuer:
        ET.SubElement(title, "author").text = xml_text(document.issuer)
    for method in sorted({mention.method for mention in mentions}):
        statement = ET.SubElement(title, "respStmt", {"xml:id": f"by-{method}"})
        ET.SubElement(statement, "resp").text = _METHODS[method]
        ET.SubElement(statement, "name").text = "textmine" if method != "human" else "a coder"
    publication = ET.SubElement(description, "publicationStmt")
    ET.SubElement(publication, "p").text = "Made with textmine from the file named in sourceDesc."
    source = ET.SubElement(ET.SubElement(description, "sourceDesc"), "bibl")
    ET.SubElement(source, "title").text = xml_text(document.title or PurePath(document.path).name)
    if document.year is not None:
        ET.SubElement(source, "date", {"when": f"{document.year:04}"}).text = str(document.year)
    ET.SubElement(source, "idno", {"type": "file"}).text = xml_text(document.path)
    ET.SubElement(source, "idno", {"type": "sha256"}).text = document.id
    for kind, value in (("region", document.region), ("level", document.level), ("type", document.type)):
        if value:
            ET.SubElement(source, "note", {"type": kind}).text = xml_text(value)
    codes = sorted({mention.code for mention in mentions})
    if codes:
        taxonomy = ET.SubElement(ET.SubElement(ET.SubElement(header, "encodingDesc"), "classDecl"), "taxonomy")
        for code in codes:
            category = ET.SubElement(taxonomy, "category", {"xml:id": code})
            ET.SubElement(category, "catDesc").text = code
    if document.languages:
        usage = ET.SubElement(ET.SubElement(header, "profileDesc"), "langUsage")
        for language in document.languages:
            ET.SubElement(usage, "language", {"ident": language}).text = language


def _add_block(
    parent: ET.Element, block: Block, sentences: Sequence[Sentence], mentions: Mapping[str, Sequence[Mention]]
) -> None:
    attributes = {"facs": f"#z{block.id}"}
    if block.language:
        attributes["xml:lang"] = block.language
    element = ET.SubElement(parent, _ELEMENTS[block.kind], attributes)
    if not sentences:
        element.text = xml_text(block.text)
    place = 0
    last: ET.Element | None = None
    for sentence in sentences:
        between = xml_text(block.text[place : sentence.start])
        if last is None:
            element.text = between
        else:
            last.tail = between
        own = mentions.get(sentence.id, ())
        last = ET.SubElement(element, "s", {"xml:id": f"s{sentence.id}"})
        if sentence.language != block.language:
            last.set("xml:lang", sentence.language)
        codes = dict.fromkeys(mention.code for mention in own if not mention.negated)
        if codes:
            last.set("ana", " ".join(f"#{code}" for code in codes))
        _add_text(last, sentence.text, own)
        place = sentence.end
    if last is not None:
        last.tail = xml_text(block.text[place:])


def _add_text(element: ET.Element, text: str, mentions: Sequence[Mention]) -> None:
    """The text of a sentence with an anchor where a mention begins and where it ends."""
    marks = [(mention.start, f"a{mention.id}") for mention in mentions]
    marks += [(mention.end, f"e{mention.id}") for mention in mentions]
    marks.sort(key=lambda mark: mark[0])
    element.text = xml_text(text[: marks[0][0]] if marks else text)
    ends = [place for place, _ in marks[1:]] + [len(text)]
    for (place, name), end in zip(marks, ends, strict=False):
        anchor = ET.SubElement(element, "anchor", {"xml:id": name})
        anchor.tail = xml_text(text[place:end])


def xml_text(text: str) -> str:
    """Text with a replacement character for each that XML cannot hold."""
    return _UNHOLDABLE.sub("\ufffd", text)

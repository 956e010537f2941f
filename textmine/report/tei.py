"""A coded document as TEI P5 XML: divisions by heading, paragraphs with page and box, sentences with codes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from textmine.records import BODY_KINDS, Block, Document, Mention, Reading, Sentence

__all__ = ["tei_document"]

_NAMESPACE = "http://www.tei-c.org/ns/1.0"
#: What XML 1.0 cannot hold.
_UNHOLDABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS = {"heading": "head", "list": "item", "footnote": "note", "table": "p", "caption": "p", "paragraph": "p"}


def tei_document(reading: Reading, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> str:
    """One TEI document, UTF-8, with its XML declaration.

    A sentence is `<s xml:id ana>`, its codes stand in `ana` as `#family.type`; pages begin with `<pb n>`, and every
    paragraph has its box in points in `rend` (`page x0 top x1 bottom`). Denied mentions are left out.
    """
    root = ET.Element("TEI", {"xmlns": _NAMESPACE})
    codes = _codes_by_sentence(mentions)
    _add_header(root, reading.document, sorted({code for found in codes.values() for code in found}))
    body = ET.SubElement(ET.SubElement(root, "text"), "body")
    by_block: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        by_block.setdefault(sentence.block_id, []).append(sentence)
    page = 0
    division = body
    section: tuple[str, ...] | None = None
    for block in reading.blocks:
        if block.kind not in BODY_KINDS:
            continue
        if block.kind == "heading" or section is None or block.section != section:
            # a heading opens the division of what stands under it
            opens = block.kind == "heading"
            section = (*block.section, block.text) if opens else block.section
            division = ET.SubElement(body, "div", {"n": _clean(" > ".join(section))} if section else {})
        if block.page != page:
            page = block.page
            ET.SubElement(division, "pb", {"n": str(page)})
        _add_block(division, block, by_block.get(block.id, []), codes)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _codes_by_sentence(mentions: Sequence[Mention]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mention in mentions:
        if not mention.negated and mention.code not in found.setdefault(mention.sentence_id, []):
            found[mention.sentence_id].append(mention.code)
    return found


def _add_header(root: ET.Element, document: Document, codes: Sequence[str]) -> None:
    header = ET.SubElement(root, "teiHeader")
    description = ET.SubElement(header, "fileDesc")
    title = ET.SubElement(description, "titleStmt")
    ET.SubElement(title, "title").text = _clean(document.title or PurePath(document.path).name)
    if document.issuer:
        ET.SubElement(title, "author").text = _clean(document.issuer)
    publication = ET.SubElement(description, "publicationStmt")
    ET.SubElement(publication, "p").text = "Made with textmine from the file named in sourceDesc."
    source = ET.SubElement(ET.SubElement(description, "sourceDesc"), "bibl")
    ET.SubElement(source, "title").text = _clean(document.title or PurePath(document.path).name)
    if document.year is not None:
        ET.SubElement(source, "date", {"when": f"{document.year:04}"}).text = str(document.year)
    ET.SubElement(source, "idno", {"type": "file"}).text = _clean(document.path)
    ET.SubElement(source, "idno", {"type": "sha256"}).text = document.id
    for kind, value in (("region", document.region), ("level", document.level), ("type", document.type)):
        if value:
            ET.SubElement(source, "note", {"type": kind}).text = _clean(value)
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
    division: ET.Element, block: Block, sentences: Sequence[Sentence], codes: Mapping[str, Sequence[str]]
) -> None:
    box = block.box
    attributes = {"rend": f"{box.page} {box.x0:.2f} {box.top:.2f} {box.x1:.2f} {box.bottom:.2f}"}
    if block.language:
        attributes["xml:lang"] = block.language
    # an item stands in a list, even alone
    parent = ET.SubElement(division, "list") if block.kind == "list" else division
    element = ET.SubElement(parent, _ELEMENTS[block.kind], attributes)
    if not sentences:
        element.text = _clean(block.text)
    place = 0
    last: ET.Element | None = None
    for sentence in sentences:
        between = _clean(block.text[place : sentence.start])
        if last is None:
            element.text = between
        else:
            last.tail = between
        last = ET.SubElement(element, "s", {"xml:id": f"s{sentence.id}"})
        if sentence.language != block.language:
            last.set("xml:lang", sentence.language)
        if codes.get(sentence.id):
            last.set("ana", " ".join(f"#{code}" for code in codes[sentence.id]))
        last.text = _clean(sentence.text)
        place = sentence.end


def _clean(text: str) -> str:
    return _UNHOLDABLE.sub("\ufffd", text)

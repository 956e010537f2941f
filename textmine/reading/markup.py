"""HTML and DOCX files as pieces, by the standard library's parsers; a hostile file is refused, not followed."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from textmine.errors import DocumentError, LimitError
from textmine.reading.texts import Piece

__all__ = ["pieces_of_docx", "pieces_of_html"]

MEMBER_MAX = 200 * 1024 * 1024  # bytes of one unpacked part of a DOCX file
MEMBERS_MAX = 20_000  # files in a DOCX file; a report full of pictures has some 500
DEPTH_MAX = 512  # tags open at once, as in Chrome; tables in tables of Word reach 60
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

SKIPPED = {"script", "style", "noscript", "template", "svg", "head", "title"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
FURNITURE = {"nav", "header", "footer"}
BLOCKS = {
    "p", "div", "section", "article", "main", "aside", "li", "td", "th", "tr", "table", "ul", "ol", "dl", "dt", "dd",
    "blockquote", "pre", "caption", "figcaption", "figure", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "body",
    "nav", "header", "footer", "form", "address", "details", "summary",
}  # fmt: skip
#: What an opening tag ends when it was left open: `<li>` another item, `<tr>` a cell and its row.
ENDS = {
    "p": {"p"}, "li": {"p", "li"}, "dt": {"p", "dt", "dd"}, "dd": {"p", "dt", "dd"}, "td": {"p", "td", "th"},
    "th": {"p", "td", "th"}, "tr": {"p", "td", "th", "tr"},
}  # fmt: skip


def pieces_of_html(text: str) -> list[Piece]:
    """Blocks of an HTML page; navigation, headers and footers of the site as furniture."""
    parser = _Page()
    parser.feed(text)
    parser.close()
    parser.flush()
    return parser.pieces


class _Page(HTMLParser):
    """Collects text between block tags; what is open decides the kind. Tags deeper than DEPTH_MAX decide nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.open: list[str] = []
        self.deeper = 0
        self.text: list[str] = []
        self.row = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.flush()
        if tag == "table":
            self.row = 0
        if tag == "tr":
            self.row += 1
        while self.open and self.open[-1] in ENDS.get(tag, ()):
            self.open.pop()
        if tag in ("br", "hr", "img", "meta", "link", "input", "wbr"):
            return
        if len(self.open) < DEPTH_MAX:
            self.open.append(tag)
        else:
            self.deeper += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.flush()
        if self.deeper:
            self.deeper -= 1
        elif tag in self.open:
            while self.open and self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not SKIPPED & set(self.open):
            self.text.append(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """`<![…` is skipped to the next `>`, as browsers do; most of them Python's parser cannot read."""
        return self.parse_bogus_comment(i, report)

    def flush(self) -> None:
        text = " ".join("".join(self.text).split())
        self.text = []
        if not text:
            return
        inside = set(self.open)
        heading = next((tag for tag in reversed(self.open) if tag in HEADINGS), "")
        if FURNITURE & inside and "article" not in inside and "main" not in inside:
            self.pieces.append(Piece("furniture", text))
        elif heading:
            self.pieces.append(Piece("heading", text, int(heading[1])))
        elif {"caption", "figcaption"} & inside:
            self.pieces.append(Piece("caption", text))
        elif {"td", "th"} & inside:
            self.pieces.append(Piece("table", text, row=self.row))
        elif "li" in inside:
            self.pieces.append(Piece("list", text))
        else:
            self.pieces.append(Piece("paragraph", text))


def pieces_of_docx(path: Path) -> list[Piece]:
    """Blocks of a Word document: headings by style, items by numbering, table cells, footnotes at the end.

    Raises:
        LimitError: a part unpacks to more than 200 MB.
        DocumentError: it is not a DOCX file, or its XML is unsound.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.namelist()) > MEMBERS_MAX:
                raise LimitError(f"{path.name}: holds more than {MEMBERS_MAX:,} files. It is not read.")
            body = _tree(archive, "word/document.xml", path)
            notes = _tree(archive, "word/footnotes.xml", path) if "word/footnotes.xml" in archive.namelist() else None
            styles = _tree(archive, "word/styles.xml", path) if "word/styles.xml" in archive.namelist() else None
    except (
        zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, KeyError, OSError, RuntimeError, ValueError,
        NotImplementedError, struct.error,
    ) as error:  # fmt: skip
        raise DocumentError(
            f"{path.name}: not a DOCX file ({error}). Save it again from the word processor."
        ) from error
    levels = _heading_levels(styles)
    content = body.find(f"{W}body")
    pieces = list(_pieces(content, levels)) if content is not None else []
    if notes is not None:
        for note in notes.findall(f"{W}footnote"):
            if note.get(f"{W}type") is None and (text := _text(note)):
                pieces.append(Piece("footnote", text))
    return pieces


def _tree(archive: zipfile.ZipFile, name: str, path: Path) -> ElementTree.Element:
    if archive.getinfo(name).file_size > MEMBER_MAX:
        raise LimitError(f"{path.name}: {name} unpacks to more than {MEMBER_MAX // 1048576} MB. It is not read.")
    data = archive.read(name)
    try:
        _check_xml(data, f"{path.name}: {name}")
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, expat.ExpatError, ValueError) as error:  # ValueError: an encoding of several bytes
        raise DocumentError(
            f"{path.name}: {name} is damaged ({error}). Save it again from the word processor."
        ) from error


def _check_xml(data: bytes, name: str) -> None:
    """Refuse XML that declares a document type, so entities, or is nested too deeply for what walks its tree.

    Raises:
        DocumentError, LimitError: it is such.
        expat.ExpatError, ValueError: it is not XML.
    """
    depth = 0

    def start(tag: str, attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > DEPTH_MAX:
            raise LimitError(f"{name} nests more than {DEPTH_MAX} elements. It is not read.")

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*declaration: object) -> None:
        raise DocumentError(f"{name} declares entities, which no word processor does. It is not read.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.Parse(data, True)


def _heading_levels(styles: ElementTree.Element | None) -> dict[str, int]:
    """Style id -> heading level: by outline level, or by a name such as `heading 2` or `nagłówek 2`."""
    levels: dict[str, int] = {}
    for style in styles.iter(f"{W}style") if styles is not None else ():
        name = style.find(f"{W}name")
        shown = (name.get(f"{W}val") or "").lower() if name is not None else ""
        match = re.fullmatch(r"(?:heading|nagłówek)\s*(\d)", shown)
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        if match:
            levels[style.get(f"{W}styleId") or ""] = int(match[1])
        elif outline is not None and (outline.get(f"{W}val") or "9").isdigit() and int(outline.get(f"{W}val") or 9) < 9:
            levels[style.get(f"{W}styleId") or ""] = int(outline.get(f"{W}val") or 0) + 1
        elif shown in ("title", "tytuł"):
            levels[style.get(f"{W}styleId") or ""] = 1
    return levels


def _pieces(parent: ElementTree.Element, levels: dict[str, int]) -> Iterator[Piece]:
    for child in parent:
        if child.tag == f"{W}p":
            text = _text(child)
            style = child.find(f"{W}pPr/{W}pStyle")
            name = (style.get(f"{W}val") or "") if style is not None else ""
            if not text:
                continue
            if name in levels:
                yield Piece("heading", text, levels[name])
            elif re.match(r"(?i)toc|spistreci", name):
                yield Piece("toc", text)
            elif re.match(r"(?i)caption|legenda|podpis", name):
                yield Piece("caption", text)
            elif child.find(f"{W}pPr/{W}numPr") is not None or name.lower().startswith("list"):
                yield Piece("list", text)
            else:
                yield Piece("paragraph", text)
        elif child.tag == f"{W}tbl":
            for number, row in enumerate(child.findall(f"{W}tr"), 1):
                for cell in row.findall(f"{W}tc"):
                    if text := " ".join(filter(None, (_text(item) for item in cell.iter(f"{W}p")))):
                        yield Piece("table", text, row=number)
        elif child.tag in (f"{W}sdt", f"{W}sdtContent"):
            yield from _pieces(child, levels)


def _text(element: ElementTree.Element) -> str:
    """Text of the runs inside, deleted ones left out."""
    parts = []
    for node in element.iter():
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            parts.append(" ")
        elif node.tag == f"{W}noBreakHyphen":
            parts.append("-")
    return " ".join("".join(parts).split())

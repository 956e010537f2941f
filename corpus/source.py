"""The texts of the sample corpus as blocks in reading order: what the PDFs are made from, and the truth about them.

Needs PyYAML only, so that a test can compare what was read from a PDF with what was put into it. The format is
described in STORY.md and README.md; making the PDFs is left to make_pdfs.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

__all__ = ["NOTICES", "Source", "SourceBlock", "SourceError", "read_source"]

SourceKind = Literal["heading", "paragraph", "list", "table", "caption", "footnote"]
Row = tuple[str, ...]

#: The footer of every page says it, beside the page number.
NOTICES = {"pl": "dokument przykładowy, nie urzędowy", "en": "sample document, not official"}

# WeasyPrint's documents set captions below their tables, the others above: both customs occur in real documents.
CAPTION_BELOW = {"weasyprint"}

REQUIRED = {"id", "title", "year", "region", "level", "type", "issuer", "languages", "maker", "columns", "header"}
OPTIONAL = {"hyphenate", "scanned", "password", "contents", "ligatures", "pdf_title"}
MAKERS = ("typst", "weasyprint", "fpdf2")

HEADING = re.compile(r"(#{1,4}) +(.+?)(?: *\{lang=(pl|en)\})?$")
MARK = re.compile(r"\[\^([^\]\s]+)\]")
NOTE = re.compile(r"\[\^([^\]\s]+)\]: +(.+)$")
TABLE_RULE = re.compile(r"\|(?: *:?-+:? *\|)+$")
MARKUP = re.compile(r"\*\*|__|\]\(|`|<[a-z/]")


class SourceError(ValueError):
    """A text breaks the source format; the message names file, line and what is expected."""


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A heading, paragraph, list item, whole table, caption or footnote.

    `level` is the heading level (1 = highest), 0 for other kinds. `section` holds the headings above it, outermost
    first. `text` has no footnote marks; `marks` are (offset in text, number) of the notes cited in it. `number` is
    that of a footnote. `rows` are a table's cells, the head first; its `text` is the cells joined by spaces.
    `landscape`: it stands on a landscape page.
    """

    kind: SourceKind
    level: int
    language: str
    section: tuple[str, ...]
    text: str
    marks: tuple[tuple[int, int], ...] = ()
    number: int = 0
    rows: tuple[Row, ...] = ()
    landscape: bool = False

    def pieces(self) -> Iterator[tuple[str, int]]:
        """(text, number of the note cited after it) in order; the number of the last piece is 0."""
        start = 0
        for offset, number in self.marks:
            yield self.text[start:offset], number
            start = offset
        yield self.text[start:], 0


@dataclass(frozen=True, slots=True)
class Source:
    """One text with its front matter.

    `blocks` are in the reading order of the PDF: a caption stands above or below its table as the maker sets it; a
    footnote follows the block that cites it. On top of page 1 stands a cover block that is not among them:
    `issuer`, `title`, `year`. `pdf_title` is the title in the PDF's metadata, for two documents a wrong one.
    `scanned` are page numbers from 1; `password` is None for a document that is not encrypted; `contents` says that
    a table of contents follows the cover block; `ligatures` that the PDF's text layer has U+FB01 where `text` has fi.
    """

    id: str
    title: str
    year: int
    region: str
    level: str
    type: str
    issuer: str
    languages: tuple[str, ...]
    maker: str
    columns: int
    hyphenate: bool
    header: str
    scanned: tuple[int, ...]
    password: str | None
    contents: bool
    ligatures: bool
    pdf_title: str
    blocks: tuple[SourceBlock, ...]

    @property
    def file_name(self) -> str:
        """Name of the PDF."""
        return f"{self.id}.pdf"

    @property
    def language(self) -> str:
        """Language of the body; the header and the footer are in it too."""
        return self.languages[0]

    @property
    def notice(self) -> str:
        """What the footer of every page says beside the page number."""
        return NOTICES[self.language]

    @property
    def notes(self) -> dict[int, SourceBlock]:
        """Footnotes by number."""
        return {block.number: block for block in self.blocks if block.kind == "footnote"}


def read_source(path: Path) -> Source:
    """The text in `path` with its blocks in reading order.

    Raises:
        SourceError: the front matter or the text breaks the format.
    """
    head, body, first_line = _split(path)
    fields = _front_matter(path, head)
    caption_below = fields["maker"] in CAPTION_BELOW
    parser = _Parser(path, first_line, fields["languages"][0], caption_below=caption_below)
    blocks = tuple(parser.parse(body))
    if fields["ligatures"] and fields["maker"] != "typst":
        raise SourceError(f"{path.name}: only typst writes ligatures as characters.")
    if fields["maker"] == "fpdf2" and (fields["columns"] != 1 or fields["contents"] or fields["hyphenate"]):
        raise SourceError(f"{path.name}: fpdf2 sets one column, no contents, no hyphens. Name another maker.")
    return Source(**fields, blocks=blocks)


def _split(path: Path) -> tuple[str, list[str], int]:
    """Front matter, lines of the text, line number of the first of them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    marks = [index for index, line in enumerate(lines) if line.rstrip() == "---"][:2]
    if len(marks) < 2 or marks[0] != 0:
        raise SourceError(f"{path.name}: no front matter between two lines of ---.")
    return "\n".join(lines[1 : marks[1]]), lines[marks[1] + 1 :], marks[1] + 2


def _front_matter(path: Path, text: str) -> dict[str, Any]:
    """The fields of a Source but for its blocks."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SourceError(f"{path.name}: front matter is not YAML: {error}") from error
    missing, unknown = REQUIRED - set(found), set(found) - REQUIRED - OPTIONAL
    if missing or unknown:
        raise SourceError(f"{path.name}: front matter lacks {sorted(missing)}, does not know {sorted(unknown)}.")
    languages = tuple(str(found["languages"]).replace(" ", "").split(";"))
    if found["id"] != path.stem or found["maker"] not in MAKERS or not set(languages) <= set(NOTICES):
        raise SourceError(f"{path.name}: id must be the file name, maker one of {MAKERS}, languages of pl;en.")
    return {
        **{key: str(found[key] or "") for key in ("id", "title", "region", "level", "type", "issuer", "maker")},
        "year": int(found["year"]),
        "languages": languages,
        "columns": int(found["columns"]),
        "hyphenate": bool(found.get("hyphenate", False)),
        "header": str(found["header"]),
        "scanned": tuple(int(page) for page in found.get("scanned") or ()),
        "password": None if found.get("password") is None else str(found["password"]),
        "contents": bool(found.get("contents", False)),
        "ligatures": bool(found.get("ligatures", False)),
        "pdf_title": str(found.get("pdf_title") or found["title"]),
    }


class _Parser:
    """Lines -> blocks. Holds what the lines before have said: headings, language, landscape, notes cited."""

    def __init__(self, path: Path, first_line: int, language: str, *, caption_below: bool) -> None:
        self.path, self.line, self.first_line = path, first_line, first_line
        self.document_language = self.language = language
        self.caption_below = caption_below
        self.headings: list[str] = []
        self.landscape = False
        self.notes: dict[str, str] = {}
        self.numbers: dict[str, int] = {}

    def parse(self, lines: list[str]) -> Iterator[SourceBlock]:
        self.notes = {match[1]: match[2] for line in lines if (match := NOTE.match(line.rstrip()))}
        at = 0
        while at < len(lines):
            self.line = self.first_line + at
            text = lines[at].strip()
            if text.startswith("|"):
                end = next((i for i in range(at, len(lines)) if not lines[i].strip().startswith("|")), len(lines))
                caption_at = end if end < len(lines) and lines[end].strip() else end + 1
                caption = lines[caption_at].strip() if caption_at < len(lines) else ""
                yield from self._table([line.strip() for line in lines[at:end]], caption)
                at = caption_at + 1 if caption.startswith(": ") else end
                continue
            if text and not NOTE.match(text):
                yield from self._line(text)
            at += 1
        unused = set(self.notes) - set(self.numbers)
        if unused or self.landscape:
            raise self._fault(f"notes never cited {sorted(unused)}, or ::: landscape is not closed")

    def _line(self, text: str) -> Iterator[SourceBlock]:
        if text.startswith(":::"):
            self.landscape = self._fence(text)
        elif heading := HEADING.match(text):
            yield self._heading(len(heading[1]), heading[2], heading[3])
        elif text.startswith(("#", ": ", "[^")):
            raise self._fault("a heading is '# Text', a caption follows its table, a note is '[^1]: text'")
        elif text.startswith("- "):
            yield from self._prose("list", text[2:].strip())
        else:
            yield from self._prose("paragraph", text)

    def _fence(self, text: str) -> bool:
        """Whether landscape begins (True) or ends (False) here."""
        name = text.strip(": ")
        if name not in ("", "landscape") or bool(name) == self.landscape:
            raise self._fault("'::: landscape' begins and ':::' ends a landscape page")
        return bool(name)

    def _heading(self, level: int, text: str, language: str | None) -> SourceBlock:
        self._check(text)
        if level > len(self.headings) + 1:
            raise self._fault(f"heading of level {level} below one of level {len(self.headings)}")
        if level == 1:
            self.language = language or self.document_language
        self.headings = self.headings[: level - 1]
        block = SourceBlock("heading", level, self.language, tuple(self.headings), text, landscape=self.landscape)
        self.headings.append(text)
        return block

    def _prose(self, kind: Literal["paragraph", "list"], marked: str) -> Iterator[SourceBlock]:
        """A paragraph or list item, then the notes that it cites."""
        self._check(MARK.sub("", marked))
        marks, clean, start, new = [], "", 0, []
        for match in MARK.finditer(marked):
            clean += marked[start : match.start()]
            start = match.end()
            if match[1] not in self.notes:
                raise self._fault(f"note {match[1]} has no text")
            if match[1] in self.numbers:
                raise self._fault(f"note {match[1]} is cited twice")
            self.numbers[match[1]] = len(self.numbers) + 1
            new.append(match[1])
            marks.append((len(clean), self.numbers[match[1]]))
        yield self._block(kind, clean + marked[start:], marks=tuple(marks))
        for name in new:
            self._check(self.notes[name])
            yield self._block("footnote", self.notes[name], number=self.numbers[name])

    def _table(self, lines: list[str], caption: str) -> Iterator[SourceBlock]:
        if len(lines) < 3 or not TABLE_RULE.match(lines[1]):
            raise self._fault("a table is a head, a rule |---|---| and at least one row")
        rows = tuple(
            tuple(cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|"))
            for line in [lines[0], *lines[2:]]
        )
        if len({len(row) for row in rows}) != 1:
            raise self._fault("the rows of a table differ in their number of cells")
        text = " ".join(cell for row in rows for cell in row if cell)
        self._check(text + caption)
        blocks = [self._block("table", text, rows=rows)]
        if caption.startswith(": "):
            blocks.insert(len(blocks) if self.caption_below else 0, self._block("caption", caption[2:].strip()))
        yield from blocks

    def _block(self, kind: SourceKind, text: str, **more: Any) -> SourceBlock:
        return SourceBlock(kind, 0, self.language, tuple(self.headings), text, landscape=self.landscape, **more)

    def _check(self, text: str) -> None:
        if MARKUP.search(text) or MARK.search(text):
            raise self._fault("no bold, link, code, tag, and no note in a heading, cell, caption or note")

    def _fault(self, message: str) -> SourceError:
        return SourceError(f"{self.path.name}, line {self.line}: {message}.")

"""Documents that are text already: plain text, Markdown, HTML and DOCX, as the same blocks that a PDF gives.

They have no pages: all is on page 1, without boxes. Only the standard library reads them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textmine.errors import DocumentError
from textmine.languages import detect_language
from textmine.reading.contents import CONTENTS, LEADER
from textmine.reading.dictionary import is_english, is_polish
from textmine.reading.kinds import HEADING_NUMBER
from textmine.reading.mending import spoilt_flags
from textmine.reading.paragraphs import CAPTION, LIST_MARK, SOURCE
from textmine.reading.repair import LIGATURES, Hyphens, vocabulary
from textmine.records import BODY_KINDS, Block, BlockKind, Box, content_id

__all__ = ["Piece", "decoded", "pieces_of_markdown", "pieces_of_text", "text_blocks"]


@dataclass(slots=True)
class Piece:
    """A block in the making, without a place."""

    kind: BlockKind
    text: str
    level: int = 0
    row: int = 0


def text_blocks(document_id: str, pieces: Sequence[Piece]) -> list[Block]:
    """Blocks of page 1 in their order, with sections and languages; boxes are empty."""
    hyphens = Hyphens(lambda: vocabulary(piece.text for piece in pieces), (is_polish, is_english))
    section: list[tuple[int, str]] = []
    blocks: list[Block] = []
    for piece in pieces:
        text = " ".join(piece.text.translate(LIGATURES).split())
        for place in reversed(hyphens.broken_words(text) if "-" in text else []):
            text = text[:place] + text[place + 1 :]
        if not text:
            continue
        if piece.kind == "heading":
            section = [(level, title) for level, title in section if level < piece.level]
        body = piece.kind in BODY_KINDS
        language = detect_language(text) if body else ""
        blocks.append(
            Block(
                id=content_id(document_id, len(blocks), piece.kind, text),
                document_id=document_id,
                index=len(blocks),
                page=1,
                kind=piece.kind,
                level=piece.level,
                section=tuple(title for _, title in section) if body else (),
                box=Box(1, 0.0, 0.0, 0.0, 0.0),
                language=language,
                text=text,
                row=piece.row,
                flags=tuple(sorted(spoilt_flags(text, language))),
            )
        )
        if piece.kind == "heading":
            section.append((piece.level, text))
    return blocks


PARAGRAPH_MAX = 20_000  # characters; lines that follow begin another
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")


def decoded(path: Path) -> str:
    """Text of a file: UTF-8, UTF-16 with its mark, or the Central European code page that gives more Polish letters.

    Raises:
        DocumentError: it is no text.
    """
    data = path.read_bytes()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        readings = [data.decode(name, "replace") for name in ("cp1250", "iso8859_2", "cp1252")]
        text = max(readings, key=lambda reading: len(re.findall(r"[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]", reading)))
    if len(CONTROLS.findall(text[:20_000])) > 0.03 * len(text[:20_000]):
        raise DocumentError(f"{path.name}: this is no text file. Give a PDF, TXT, Markdown, HTML or DOCX file.")
    return text


def pieces_of_text(text: str) -> list[Piece]:
    """Blocks of plain text. Lines that a converter wrapped are joined, page numbers and contents lines told apart."""
    lines = [line.strip() for line in text.replace("\f", "\n\n").splitlines()]
    hyphens = Hyphens(lambda: vocabulary(line.rsplit(" ", 1)[0] for line in lines), (is_polish, is_english))
    usual = _usual_length(lines)
    pieces: list[Piece] = []
    open_text, gap = "", True
    for line in lines:
        if not line:
            gap = True
            continue
        kind = _line_kind(line, gap)
        if kind in ("toc", "furniture"):
            pieces.append(Piece(kind, line))
            continue
        if open_text and _goes_on(pieces[-1] if pieces else None, open_text, line, gap, usual):
            pieces[-1].text = open_text = _joined(open_text, line, hyphens)
        else:
            mark = LIST_MARK.match(line)
            is_item = mark is not None and mark.end() < len(line) and not (gap and _is_heading(line))
            shown = line[mark.end() :] if is_item and mark and mark["bullet"] else line
            sort: BlockKind = "list" if is_item else kind
            pieces.append(Piece(sort, shown, _level(line) if sort == "heading" else 0))
            open_text = shown
        gap = False
    return pieces


def _usual_length(lines: Sequence[str]) -> int:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[int(len(lengths) * 0.8)] if lengths else 0


def _line_kind(line: str, gap: bool) -> BlockKind:
    if LEADER.search(line) or CONTENTS.fullmatch(line):
        return "toc"
    if re.fullmatch(r"[-–\s]*\d{1,4}[-–\s]*|(?i:strona|page)\s+\d+.*", line):
        return "furniture"
    if CAPTION.match(line) or SOURCE.match(line):
        return "caption"
    return "heading" if gap and _is_heading(line) else "paragraph"


def _is_heading(line: str) -> bool:
    letters = [char for char in line if char.isalpha()]
    if len(letters) < 3 or len(line) > 120 or line[-1] in ".,;:":
        return False
    number = HEADING_NUMBER.match(line)
    return bool(number and number.end() < len(line) and line[number.end()].isupper()) or line.isupper()


def _level(line: str) -> int:
    number = re.match(r"(\d+(?:\.\d+)*)", line)
    return number[1].count(".") + 1 if number else 1


def _goes_on(last: Piece | None, text: str, line: str, gap: bool, usual: int) -> bool:
    """Whether a line continues the block before it."""
    if last is None or last.kind in ("toc", "furniture") or LIST_MARK.match(line) or len(text) > PARAGRAPH_MAX:
        return False
    ended = text.endswith((".", "!", "?", ":", ";", "”"))
    if gap or last.kind == "heading":
        return not ended and line[:1].islower()
    if line[:1].islower() or not ended:
        return len(text) > 0.4 * usual or line[:1].islower()
    # a sentence ended on a full line: the paragraph may go on
    return len(text.rsplit("\n", 1)[-1]) >= 0.85 * usual > 0 and len(text) > usual


def _joined(text: str, line: str, hyphens: Hyphens) -> str:
    if text.endswith(("-", "\u00ad", "\u2010")):
        first, second = re.search(r"[^\W\d_]*$", text[-80:-1]), re.match(r"[^\W\d_]*", line)
        if text[-1] == "\u00ad" or (first and second and hyphens.joins(first[0], second[0])):
            return text[:-1] + line
        return text + line
    return f"{text} {line}"


# bounded: an opening sign without its closing one would else be looked for to the end of the line, from each such sign
MARKUP = (
    (re.compile(r"!\[([^\]]{0,500})\]\([^)]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]^]{1,500})\]\([^)]{0,2000}\)"), r"\1"),
    (re.compile(r"\[\^[^\]]{1,100}\]"), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.{1,1000}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*]{1,1000}?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`]{0,1000})`"), r"\1"),
    (re.compile(r"<[^>]{1,200}>"), ""),
)
FENCES = ("```", "~~~")


def _without_code(lines: Sequence[str]) -> list[str]:
    """The lines that stand in no fenced block of code; a fence that nothing closes is a line as others."""
    closing = {fence: [n for n, line in enumerate(lines) if line.rstrip() == fence] for fence in FENCES}
    kept: list[str] = []
    after = 0
    for number, line in enumerate(lines):
        if number < after:
            continue
        ends = closing.get(line[:3], [])
        place = bisect_right(ends, number)
        if place < len(ends):
            after = ends[place] + 1
        else:
            kept.append(line)
    return kept


def pieces_of_markdown(text: str) -> list[Piece]:
    """Blocks of Markdown: headings, items, table cells, notes, captions, paragraphs; front matter and code left out."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    pieces: list[Piece] = []
    row, fresh = 0, True
    for raw in _without_code(text.splitlines()):
        line = raw.strip()
        if not line.startswith("|"):
            row = 0
        if not line or re.fullmatch(r"[-*_]{3,}|:::.*", line):
            fresh = True
            continue
        heading = re.match(r"(#{1,6})\s+(.*?)(?:\s*#+)?(?:\s*\{[^}]*\})?$", line)
        note = re.match(r"\[\^[^\]]+\]:\s*(.*)", line)
        item = re.match(r"(?:[-*+]|(\d+[.)]))\s+(.*)", line)
        if heading:
            pieces.append(Piece("heading", _plain(heading[2]), len(heading[1])))
            fresh = True
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                continue
            row += 1
            pieces.extend(Piece("table", _plain(cell), row=row) for cell in cells if cell)
            fresh = True
        elif note:
            pieces.append(Piece("footnote", _plain(note[1])))
            fresh = False
        elif item:
            pieces.append(Piece("list", _plain(f"{item[1]} {item[2]}" if item[1] else item[2])))
            fresh = False
        elif line.startswith(": ") or (fresh and CAPTION.match(line)):
            pieces.append(Piece("caption", _plain(line.removeprefix(": "))))
            fresh = True
        elif fresh or not pieces:
            pieces.append(Piece("paragraph", _plain(line.lstrip("> "))))
            fresh = False
        else:
            pieces[-1].text += " " + _plain(line.lstrip("> "))
    return pieces


def _plain(text: str) -> str:
    for pattern, shown in MARKUP:
        text = pattern.sub(shown, text)
    return text

"""How records are packed into cells: ids as bytes, offsets as a byte a token, spans as JSON, words for the index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from textmine.records import Box, Span

__all__ = [
    "ODD_SPACE",
    "clean_text",
    "fold_words",
    "has_letter",
    "index_word",
    "join_words",
    "pack_id",
    "pack_offsets",
    "pack_spans",
    "split_words",
    "unpack_id",
    "unpack_offsets",
    "unpack_spans",
]

#: Stands in the index for white space and controls inside a token, which would cut it in two.
ODD_SPACE = "␣"

#: Longest token that fits into one byte with the bit that tells whether a space stands before it.
_MAX_LENGTH = 127

#: Word types whose letters were looked for; starts anew when full.
_MAX_TYPES = 500_000
_letters: dict[str, bool] = {}
_SURROGATES = re.compile("[\ud800-\udfff]")


def pack_id(text: str) -> bytes | str:
    """A content id as its 10 bytes; any other id as it is."""
    if len(text) == 20:
        try:
            packed = bytes.fromhex(text)
        except ValueError:
            return text
        if packed.hex() == text:
            return packed
    return text


def unpack_id(cell: bytes | str) -> str:
    """The id that `pack_id` packed."""
    return cell.hex() if isinstance(cell, bytes) else cell


def clean_text(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot hold, replaced one by one; lengths stay."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def join_words(words: Sequence[str]) -> str:
    """Tokens joined by spaces, each one word for the index."""
    joined = " ".join(words)
    if joined.isprintable() and joined.count(" ") == len(words) - 1 and "" not in words:
        return joined
    return " ".join(_one_word(word) for word in words)


def _one_word(word: str) -> str:
    kept = (ODD_SPACE if char.isspace() or char < " " or "\x7f" <= char <= "\x9f" else char for char in word)
    return clean_text("".join(kept)) or ODD_SPACE


def split_words(joined: str) -> list[str]:
    """The tokens that `join_words` joined; white space inside a token comes back as a plain space."""
    if ODD_SPACE not in joined:
        return joined.split(" ") if joined else []
    return ["" if word == ODD_SPACE else word.replace(ODD_SPACE, " ") for word in joined.split(" ")]


def fold_words(joined: str) -> str:
    """Joined tokens as the index holds them: case folded, so that KLASTRÓW and klastrów are one."""
    return joined.casefold()


def index_word(word: str) -> str:
    """One token as the index holds it."""
    return fold_words(join_words([word]))


def has_letter(word: str) -> bool:
    """Whether a token counts as a word: it has a letter."""
    found = _letters.get(word)
    if found is None:
        if len(_letters) >= _MAX_TYPES:
            _letters.clear()
        found = _letters[word] = any(map(str.isalpha, word))
    return found


def pack_offsets(offsets: Iterable[tuple[int, int]]) -> bytes | str:
    """Token offsets, a byte each: length * 2 + (a character stands before it); JSON where that cannot say it."""
    packed = bytearray()
    last = 0
    for start, end in offsets:
        gap, length = start - last, end - start
        if not (0 <= gap <= 1 and 0 <= length <= _MAX_LENGTH):
            return json.dumps(list(map(list, offsets)), separators=(",", ":"))
        packed.append(length << 1 | gap)
        last = end
    return bytes(packed)


def unpack_offsets(cell: bytes | str) -> list[tuple[int, int]]:
    """The offsets that `pack_offsets` packed."""
    if isinstance(cell, str):
        return [(start, end) for start, end in json.loads(cell)]
    offsets = []
    last = 0
    for byte in cell:
        start = last + (byte & 1)
        last = start + (byte >> 1)
        offsets.append((start, last))
    return offsets


def pack_spans(spans: Iterable[Span]) -> str:
    """Spans as a JSON array of [start, end, page, x0, top, x1, bottom], rounded to 0.01 point."""
    rows = [
        [
            span.start,
            span.end,
            span.box.page,
            round(span.box.x0, 2),
            round(span.box.top, 2),
            round(span.box.x1, 2),
            round(span.box.bottom, 2),
        ]
        for span in spans
    ]
    return json.dumps(rows, separators=(",", ":")) if rows else "[]"


def unpack_spans(cell: str) -> tuple[Span, ...]:
    """The spans that `pack_spans` packed."""
    return tuple(Span(start, end, Box(*box)) for start, end, *box in json.loads(cell))

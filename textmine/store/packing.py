"""How records are packed into cells: ids as bytes, offsets as a byte a token, spans as JSON, words for the index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from textmine.records import Box, Span

__all__ = [
    "ODD_SPACE",
    "clean_text",
    "count_words",
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
#: Made once: `json.dumps` with separators makes an encoder at every call.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
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


class _Letters(dict[str, bool]):
    """Word type -> whether it has a letter; filled on demand, begun anew when full."""

    def __missing__(self, word: str) -> bool:
        if len(self) >= _MAX_TYPES:
            self.clear()
        found = self[word] = any(map(str.isalpha, word))
        return found


_letters = _Letters()


def has_letter(word: str) -> bool:
    """Whether a token counts as a word: it has a letter."""
    return _letters[word]


def count_words(words: Iterable[str]) -> int:
    """How many tokens have a letter."""
    return sum(map(_letters.__getitem__, words))


def pack_offsets(offsets: Sequence[tuple[int, int]]) -> bytes | str:
    """Token offsets, a byte each: length * 2 + (a character stands before it); JSON where that cannot say it."""
    packed = []
    last = 0
    for start, end in offsets:
        gap = start - last
        if gap >> 1 or end - start > _MAX_LENGTH or end < start:  # neither 0 nor 1
            return _encode(offsets)
        packed.append(end + end - start - last)  # = 2 * (end - start) + gap
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
        (span.start, span.end, box.page, round(box.x0, 2), round(box.top, 2), round(box.x1, 2), round(box.bottom, 2))
        for span in spans
        for box in (span.box,)
    ]
    return _encode(rows) if rows else "[]"


def unpack_spans(cell: str) -> tuple[Span, ...]:
    """The spans that `pack_spans` packed."""
    return tuple(Span(start, end, Box(*box)) for start, end, *box in json.loads(cell))

"""The tokens of a sentence as the matcher sees them: hyphens gone, damaged words mended, offsets kept."""

from __future__ import annotations

from dataclasses import dataclass

from textmine.coding.terms import HYPHENS
from textmine.records import Sentence

__all__ = ["TokenView", "view_tokens"]


@dataclass(frozen=True, slots=True)
class TokenView:
    """Parallel tuples, one entry a token: lower-case form, lemma, first character, character after the last."""

    text: str
    language: str
    forms: tuple[str, ...]
    lemmas: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)


def view_tokens(sentence: Sentence) -> TokenView:
    """The tokens of a sentence without its hyphens, as they stand."""
    text, low = sentence.text, sentence.text.lower()
    if len(low) != len(text):  # `İ` and the like: lower case moves the offsets
        low = text
    kept = [
        (low[start:end], lemma, start, end)
        for lemma, (start, end) in zip(sentence.lemmas, sentence.offsets, strict=True)
        if lemma not in HYPHENS
    ]
    if not kept:
        return TokenView(text, sentence.language, (), (), (), ())
    return TokenView(text, sentence.language, *zip(*kept, strict=True))

"""Whether a word exists: Polish by morfeusz2 (SGJP), English by simplemma. Loaded when first asked, cached by word."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

__all__ = ["is_english", "is_polish"]


@lru_cache(maxsize=200_000)
def is_polish(word: str) -> bool:
    """Whether morfeusz2 knows the word as a whole."""
    return any(tag != "ign" for _, _, (_, _, tag, _, _) in _morfeusz().analyse(word))


@lru_cache(maxsize=200_000)
def is_english(word: str) -> bool:
    """Whether simplemma's English list has the word."""
    import simplemma

    return bool(simplemma.is_known(word, lang="en"))


@cache
def _morfeusz() -> Any:
    import morfeusz2

    return morfeusz2.Morfeusz()

"""Text that stands in several documents: boilerplate, which says nothing of any of them, and passages copied by a few.

Two blocks are copies when four fifths of their runs of three lemmas are the same: another year, another name or an
added half-sentence changes nothing. What is a copy in many documents is left out of topics; of what a few documents
share, one copy is fitted.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from dataclasses import dataclass

import polars as pl

__all__ = ["Repeats", "find_repeats"]

#: Lemmas with a letter that a block must have: shorter ones, such as headings, are alike without being copied.
MIN_LEMMAS = 8
#: Jaccard similarity of the runs from which blocks are copies (a guess, between an edited date and a rewrite).
MIN_SIMILARITY = 0.8
RUN_LENGTH = 3
#: Blocks are compared when they share one of their few smallest hashes (bottom-k sketches, Broder 1997).
SKETCH = 6
#: Copies in more than this share of the documents of a language, and in at least so many, are boilerplate.
BOILERPLATE_SHARE = 0.3
BOILERPLATE_DOCUMENTS = 4


@dataclass(frozen=True)
class Repeats:
    """Ids of blocks that are boilerplate, and of blocks that copy one of an earlier document."""

    boilerplate: frozenset[str]
    copies: frozenset[str]


def find_repeats(blocks: pl.DataFrame) -> Repeats:
    """The repeated blocks of a frame with `block_id, document_id, language, lemmas`, documents in their order there."""
    boilerplate: set[str] = set()
    copies: set[str] = set()
    for (_language,), own in blocks.group_by("language", maintain_order=True):
        many = max(BOILERPLATE_DOCUMENTS, BOILERPLATE_SHARE * own["document_id"].n_unique())
        for group in _group_copies(own):
            documents = {document_id for _, document_id in group}
            if len(documents) >= many:
                boilerplate.update(block_id for block_id, _ in group)
            elif len(documents) > 1:
                first = group[0][1]
                copies.update(block_id for block_id, document_id in group if document_id != first)
    return Repeats(boilerplate=frozenset(boilerplate), copies=frozenset(copies))


def _group_copies(blocks: pl.DataFrame) -> list[list[tuple[str, str]]]:
    """(block, document) of blocks that copy each other; the first of a group is what others are compared with."""
    groups: list[list[tuple[str, str]]] = []
    runs_of: list[frozenset[int]] = []
    by_hash: dict[int, list[int]] = defaultdict(list)
    for block_id, document_id, lemmas in blocks.select("block_id", "document_id", "lemmas").iter_rows():
        words = [lemma for lemma in (lemmas or "").split() if lemma.isalpha()]
        if len(words) < MIN_LEMMAS:
            continue
        runs = frozenset(
            zlib.crc32(" ".join(words[i : i + RUN_LENGTH]).encode()) for i in range(len(words) - RUN_LENGTH + 1)
        )
        sketch = sorted(runs)[:SKETCH]
        candidates = sorted({group for value in sketch for group in by_hash[value]})
        match = next((group for group in candidates if _similarity(runs, runs_of[group]) >= MIN_SIMILARITY), None)
        if match is None:
            match = len(groups)
            groups.append([])
            runs_of.append(runs)
            for value in sketch:
                by_hash[value].append(match)
        groups[match].append((block_id, document_id))
    return groups


def _similarity(first: frozenset[int], second: frozenset[int]) -> float:
    return len(first & second) / len(first | second)

"""Records as the rows that commands and the Python API show: blocks, coded sentences, codes of a codebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from textmine.records import BODY_KINDS

if TYPE_CHECKING:
    from textmine.codebook import Codebook
    from textmine.records import Mention, Reading, Sentence

__all__ = ["BLOCK_COLUMNS", "CODE_COLUMNS", "SENTENCE_COLUMNS", "block_rows", "code_rows", "sentence_row"]

BLOCK_COLUMNS = ("page", "kind", "level", "section", "language", "text", "x0", "top", "x1", "bottom")
SENTENCE_COLUMNS = ("document", "page", "sentence", "language", "text", "codes", "scores", "names", "negated")
CODE_COLUMNS = ("code", "definition", "decisions", "terms_pl", "terms_en", "negative_pl", "negative_en", "examples")


def block_rows(reading: Reading, *, all_kinds: bool = False) -> Iterator[dict[str, Any]]:
    """One row a block, BLOCK_COLUMNS, lengths in points; furniture, contents and figure text only on demand."""
    for block in reading.blocks:
        if all_kinds or block.kind in BODY_KINDS:
            yield {
                "page": block.page,
                "kind": block.kind,
                "level": block.level,
                "section": list(block.section),
                "language": block.language,
                "text": block.text,
                "x0": block.box.x0,
                "top": block.box.top,
                "x1": block.box.x1,
                "bottom": block.box.bottom,
            }


def sentence_row(
    sentence: Sentence, mentions: Sequence[Mention], *, document: str, page: int | None, number: int
) -> dict[str, Any]:
    """The row of a coded sentence, SENTENCE_COLUMNS and its `id`.

    `scores` stand in the order of `codes`; `negated` are codes that are seen only denied.
    """
    best: dict[str, float] = {}
    denied: dict[str, None] = {}
    names = []
    for mention in mentions:
        if mention.negated:
            denied[mention.code] = None
            continue
        best[mention.code] = max(best.get(mention.code, 0.0), mention.score)
        if mention.code == "cluster.named":
            names.append(sentence.text[mention.start : mention.end])
    codes = sorted(best)
    return {
        "document": document,
        "page": page,
        "sentence": number,
        "language": sentence.language,
        "text": sentence.text,
        "codes": codes,
        "scores": [round(best[code], 3) for code in codes],
        "names": names,
        "negated": sorted(code for code in denied if code not in best),
        "id": sentence.id,
    }


def code_rows(book: Codebook) -> Iterator[dict[str, Any]]:
    """One row a code, CODE_COLUMNS: what it means and how many terms and examples of each language it has."""
    for code in book.codes:
        row: dict[str, Any] = {"code": code.code, "definition": code.definition, "decisions": list(code.decisions)}
        for language in ("pl", "en"):
            terms, examples = code.terms(language), code.examples(language)
            row[f"terms_{language}"] = len(terms.strong) + len(terms.usual) + len(terms.weak)
            row[f"negative_{language}"] = len(terms.not_) + len(terms.not_with)
            row["examples"] = row.get("examples", 0) + len(examples.match) + len(examples.no_match)
        yield row

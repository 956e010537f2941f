"""A coded document as vertical text: a token a line between structure tags, for Sketch Engine, NoSketch and CWB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from xml.sax.saxutils import escape, quoteattr

from textmine.records import Document, Mention, Reading, Sentence

__all__ = ["vertical_lines"]


def vertical_lines(reading: Reading, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Iterator[str]:
    """Lines without their ends: `word`, `lemma`, `codes` by tabs, in `<doc>`, `<p>`, `<s>`; `<g/>` where no space is.

    `codes` of a token, a value between bars (`|barrier.trust|`), are those of the mentions over it; `<s>` lists those
    of the sentence likewise. Denied mentions are left out. `<p>` has the page, kind and section of its block.
    """
    own: dict[str, list[Mention]] = {}
    for mention in mentions:
        if not mention.negated:
            own.setdefault(mention.sentence_id, []).append(mention)
    blocks = {block.id: block for block in reading.blocks}
    yield f"<doc{_document(reading.document)}>"
    block_id = ""
    for sentence in sentences:
        if sentence.block_id != block_id:
            if block_id:
                yield "</p>"
            block_id = sentence.block_id
            block = blocks[block_id]
            yield f"<p{_attributes(page=block.page, kind=block.kind, section=' > '.join(block.section))}>"
        found = own.get(sentence.id, [])
        codes = _set(mention.code for mention in found)
        yield f"<s{_attributes(id=sentence.id, language=sentence.language, codes=codes)}>"
        end_before = None
        for lemma, (start, end) in zip(sentence.lemmas, sentence.offsets, strict=True):
            if end_before == start:
                yield "<g/>"
            end_before = end
            codes = _set(mention.code for mention in found if mention.start < end and start < mention.end)
            word = sentence.text[start:end]
            yield "\t".join((escape(word), escape("".join(lemma.split()) or word), codes))
        yield "</s>"
    if block_id:
        yield "</p>"
    yield "</doc>"


def _document(document: Document) -> str:
    return _attributes(
        id=document.id,
        file=PurePath(document.path).name,
        title=document.title,
        year="" if document.year is None else document.year,
        region=document.region,
        level=document.level,
        type=document.type,
        issuer=document.issuer,
    )


def _attributes(**values: object) -> str:
    """Attributes of a tag on one line; all, also empty ones, so that every document has the same."""
    return "".join(f" {name}={quoteattr(' '.join(str(value).split()))}" for name, value in values.items())


def _set(codes: Iterator[str]) -> str:
    return "".join(f"|{code}" for code in dict.fromkeys(codes)) + "|"

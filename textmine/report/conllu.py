"""A coded document as CoNLL-U: a token a line with form and lemma, page and codes of each token in MISC."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textmine.records import Block, Document, Mention, Sentence

__all__ = ["conllu_lines"]

#: White space as UDPipe spells it in MISC.
_SPACES = str.maketrans({" ": r"\s", "\t": r"\t", "\n": r"\n", "\r": r"\r", "|": r"\p", "\\": r"\\"})


def conllu_lines(
    document: Document, sentences: Sequence[Sentence], mentions: Sequence[Mention], blocks: Sequence[Block] = ()
) -> Iterator[str]:
    """Lines of CoNLL-U (universaldependencies.org/format.html) without their ends.

    Parts of speech and syntax are not known and stand as `_`. `# codes` lists the codes of a sentence, `# denied` those
    that it denies; a token inside a mention has `Codes=` in MISC, each token its `Page=` when the blocks are given.
    White space between tokens that is not one space is in `SpacesAfter=`, so that the text can be made again.
    """
    by_sentence: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_sentence.setdefault(mention.sentence_id, []).append(mention)
    homes = {block.id: block for block in blocks}
    block_id = ""
    for sentence in sentences:
        if not sentence.offsets:
            continue
        own = by_sentence.get(sentence.id, [])
        if not block_id:
            yield f"# newdoc id = {document.id}"
        if sentence.block_id != block_id:
            block_id = sentence.block_id
            yield f"# newpar id = {block_id}"
        yield f"# sent_id = {sentence.id}"
        yield f"# text = {' '.join(sentence.text.split())}"
        yield f"# lang = {sentence.language}"
        codes = list(dict.fromkeys(mention.code for mention in own if not mention.negated))
        denied = dict.fromkeys(mention.code for mention in own if mention.negated and mention.code not in codes)
        if codes:
            yield f"# codes = {' '.join(codes)}"
        if denied:
            yield f"# denied = {' '.join(denied)}"
        yield from _tokens(sentence, [mention for mention in own if not mention.negated], homes.get(block_id))
        yield ""


def _tokens(sentence: Sentence, mentions: Sequence[Mention], block: Block | None) -> Iterator[str]:
    ends = [start for start, _ in sentence.offsets[1:]] + [len(sentence.text)]
    for number, (lemma, (start, end)) in enumerate(zip(sentence.lemmas, sentence.offsets, strict=True)):
        codes = sorted({mention.code for mention in mentions if mention.start < end and start < mention.end})
        misc = [f"Codes={','.join(codes)}"] if codes else []
        if block is not None:
            boxes = block.boxes(sentence.start + start, sentence.start + end)
            misc.append(f"Page={boxes[0].page if boxes else block.page}")
        gap = sentence.text[end : ends[number]]
        if number == 0 and start:
            misc.append(f"SpacesBefore={sentence.text[:start].translate(_SPACES)}")
        if not gap:
            # the sentence's end is no gap: what stands there belongs to the block
            misc += ["SpaceAfter=No"] if number + 1 < len(sentence.offsets) else []
        elif gap != " ":
            misc.append(f"SpacesAfter={gap.translate(_SPACES)}")
        form = sentence.text[start:end]
        yield "\t".join([str(number + 1), form, "".join(lemma.split()) or "_", *["_"] * 6, "|".join(misc) or "_"])

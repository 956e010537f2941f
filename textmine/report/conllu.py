"""A coded document as CoNLL-U: a token a line with form and lemma, the codes of a sentence in its comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textmine.records import Document, Mention, Sentence

__all__ = ["conllu_lines"]


def conllu_lines(document: Document, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> Iterator[str]:
    """Lines of CoNLL-U (universaldependencies.org/format.html) without their ends.

    Parts of speech and syntax are not known and stand as `_`. `# codes` lists the codes of a sentence; a token inside
    a mention has `Codes=` in MISC. Denied mentions are left out.
    """
    by_sentence: dict[str, list[Mention]] = {}
    for mention in mentions:
        if not mention.negated:
            by_sentence.setdefault(mention.sentence_id, []).append(mention)
    yield f"# newdoc id = {document.id}"
    block = ""
    for sentence in sentences:
        own = by_sentence.get(sentence.id, [])
        if sentence.block_id != block:
            block = sentence.block_id
            yield f"# newpar id = {block}"
        yield f"# sent_id = {sentence.id}"
        yield f"# text = {' '.join(sentence.text.split())}"
        yield f"# lang = {sentence.language}"
        if own:
            yield "# codes = " + " ".join(dict.fromkeys(mention.code for mention in own))
        for number, (lemma, (start, end)) in enumerate(zip(sentence.lemmas, sentence.offsets, strict=True), 1):
            form = "".join(sentence.text[start:end].split()) or "_"
            codes = sorted({mention.code for mention in own if mention.start < end and start < mention.end})
            misc = [f"Codes={','.join(codes)}"] if codes else []
            following = sentence.text[end : end + 1]
            if following and not following.isspace():
                misc.append("SpaceAfter=No")
            fields = [str(number), form, "".join(lemma.split()) or "_", *["_"] * 6, "|".join(misc) or "_"]
            yield "\t".join(fields)
        yield ""

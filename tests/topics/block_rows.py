"""Rows of a blocks frame, made from text."""

from textmine.records import Block, Box
from textmine.sentences import split_sentences


def lemmas_of(text: str, language: str) -> tuple[str, int]:
    block = Block("b", "d", 0, 1, "paragraph", 0, (), Box(1, 0, 0, 1, 1), language, text)
    sentences = split_sentences(block)
    words = [
        lemma
        for sentence in sentences
        for lemma, (start, end) in zip(sentence.lemmas, sentence.offsets, strict=True)
        if any(map(str.isalpha, sentence.text[start:end]))
    ]
    return " ".join(words), sum(sentence.n_words for sentence in sentences)


def make_row(block_id: str, document_id: str, section: str, language: str, text: str) -> dict[str, object]:
    lemmas, n_words = lemmas_of(text, language)
    return {
        "block_id": block_id,
        "document_id": document_id,
        "section": section,
        "language": language,
        "n_words": n_words,
        "lemmas": lemmas,
    }

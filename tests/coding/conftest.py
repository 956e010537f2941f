from __future__ import annotations

from collections.abc import Callable

import pytest

from textmine.codebook import load_codebook
from textmine.coding import Context, KeywordCoder
from textmine.records import Mention
from textmine.sentences import sentence_from_text


@pytest.fixture(scope="session")
def coder() -> KeywordCoder:
    return KeywordCoder(load_codebook())


@pytest.fixture(scope="session")
def code_text(coder: KeywordCoder) -> Callable[..., list[Mention]]:
    def code(text: str, language: str, context: Context | None = None) -> list[Mention]:
        sentence = sentence_from_text(text, language=language)
        return coder.code(sentence, context) if context else coder.code(sentence)

    return code


@pytest.fixture(scope="session")
def codes_of(code_text: Callable[..., list[Mention]]) -> Callable[..., set[str]]:
    def codes(text: str, language: str, context: Context | None = None) -> set[str]:
        return {mention.code for mention in code_text(text, language, context) if not mention.negated}

    return codes


@pytest.fixture(scope="session")
def names_of(code_text: Callable[..., list[Mention]]) -> Callable[..., list[str]]:
    def names(text: str, language: str, context: Context | None = None) -> list[str]:
        found = code_text(text, language, context)
        return [text[mention.start : mention.end] for mention in found if mention.code == "cluster.named"]

    return names

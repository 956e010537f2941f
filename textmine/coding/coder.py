"""Which coder does the work: the keywords alone, or a fitted model beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from textmine.codebook import load_codebook
from textmine.coding.context import Context
from textmine.coding.keywords import KeywordCoder
from textmine.errors import ModelError
from textmine.records import Block, Mention, Sentence
from textmine.settings import Settings

__all__ = ["Coder", "load_coder"]


class Coder(Protocol):
    """Sentences in, mentions out. `id` changes whenever the same sentence could be coded in another way."""

    @property
    def id(self) -> str:
        """What a store keeps beside the mentions, to know which coder made them."""

    @property
    def method(self) -> str:
        """`keyword` or `model`."""

    def code(self, sentence: Sentence, context: Context = ...) -> list[Mention]:
        """The mentions of one sentence."""

    def code_document(self, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> list[Mention]:
        """The mentions of a document, each sentence in the context of its blocks."""

    def code_texts(self, sentences: Sequence[Sentence]) -> list[list[Mention]]:
        """The mentions of sentences that stand alone, one list a sentence."""


def load_coder(settings: Settings) -> Coder:
    """The coder that the settings ask for.

    `model` is `keyword`, `auto` (a fitted model if this installation carries one, else keywords) or a model folder.

    Raises:
        CodebookError: the codebook of the settings is unsound.
        ModelError: the model folder cannot be used.
    """
    keywords = KeywordCoder(load_codebook(settings.codebook))
    if settings.model in ("keyword", "auto"):
        return keywords
    raise ModelError(f"{settings.model}: fitted models are not supported yet. Use --model keyword or auto.")

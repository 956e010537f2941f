"""Which coder does the work: the keywords alone, or a fitted model beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from textmine.codebook import load_codebook
from textmine.coding.card import CARD, read_card
from textmine.coding.context import Context
from textmine.coding.keywords import KeywordCoder, keyword_coder_id
from textmine.errors import ModelError
from textmine.records import Block, Mention, Sentence, content_id
from textmine.settings import Settings, models_folder

__all__ = ["Coder", "coder_id", "combined_coder_id", "load_coder"]


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


#: The model that the package carries, in its models folder.
SHIPPED = "coder"


def load_coder(settings: Settings) -> Coder:
    """The coder that the settings ask for.

    `model` is `keyword`, `auto` (the shipped model beside the keywords, or the keywords alone with a codebook of your
    own, for which no model is shipped) or a model folder.

    Raises:
        CodebookError: the codebook of the settings is unsound.
        ModelError: the model folder cannot be used, or its codes are not the codebook's.
    """
    keywords = KeywordCoder(load_codebook(settings.codebook))
    folder = _model_folder(settings)
    if folder is None:
        return keywords
    from textmine.coding.classifier import load_model  # scikit-learn: only where a model is wanted
    from textmine.coding.combine import CombinedCoder

    model = load_model(folder)
    codes = {code.code for code in keywords.codebook.codes}
    known = {*model.codes, *model.card.get("keyword_codes", ())}
    if known != codes:
        differing = sorted(codes.symmetric_difference(known))
        raise ModelError(
            f"{folder}: fitted for other codes than the codebook's ({', '.join(differing[:5])}). "
            "Train a model for this codebook, or use --model keyword."
        )
    return CombinedCoder(keywords, model)


def coder_id(settings: Settings) -> str:
    """The `id` of the coder that `load_coder` gives, without loading a model or compiling terms.

    Raises:
        CodebookError: the codebook of the settings is unsound.
        ModelError: the model folder has no readable card.
    """
    keywords = keyword_coder_id(load_codebook(settings.codebook))
    folder = _model_folder(settings)
    if folder is None:
        return keywords
    try:
        return combined_coder_id(keywords, str(read_card(folder)["id"]))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{folder}: not a readable model ({type(error).__name__}: {error}). "
            f"Name a folder with a model and its {CARD}, or use --model keyword."
        ) from error


def combined_coder_id(keywords: str, model: str) -> str:
    """The id of a keyword coder and a model together."""
    return content_id("combined", keywords, model)


def _model_folder(settings: Settings) -> Path | None:
    """Where the model of the settings stands; None for the keywords alone."""
    if settings.model == "keyword":
        return None
    if settings.model != "auto":
        return Path(settings.model)
    folder = models_folder() / SHIPPED
    return folder if settings.codebook is None and folder.is_dir() else None

"""spaCy pipelines with our tokens, lemmas and language as registered components, for those who work with spaCy.

    nlp = make_pipeline("pl")
    [token.lemma_ for token in nlp("Klastry współpracują.")]    # ['klaster', 'współpracować', '.']

textmine itself does not need a `Doc`: `languages.analyse` gives the same tokens and lemmas ten times faster. The
factories are `textmine_lemmas` and `textmine_language` (sets `doc._.language` and `span._.language`), the tokeniser is
`textmine_tokens`; any pipeline, also an installed `pl_core_news_sm`, can use them once this module is imported.
"""

from __future__ import annotations

from collections.abc import Callable

import spacy
from spacy import util
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from textmine.languages.analysis import lemma
from textmine.languages.detection import detect_language
from textmine.languages.words import find_tokens

__all__ = ["WordTokenizer", "make_pipeline"]


class WordTokenizer:
    """Text -> `Doc` with the tokens of `find_tokens`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """The tokens; white space longer than one space becomes a token of its own, so that the text is kept."""
        words: list[str] = []
        spaces: list[bool] = []
        at = 0
        for form, (start, end) in zip(*find_tokens(text), strict=True):
            _add_gap(text[at:start], words, spaces)
            words.append(form)
            spaces.append(False)
            at = end
        _add_gap(text[at:], words, spaces)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: object) -> bytes:
        """Nothing to keep; spaCy asks."""
        return b""

    def from_bytes(self, _: bytes, **__: object) -> WordTokenizer:
        """Nothing to restore."""
        return self

    def to_disk(self, *_: object, **__: object) -> None:
        """Nothing to write."""

    def from_disk(self, *_: object, **__: object) -> WordTokenizer:
        """Nothing to read."""
        return self


def _add_gap(gap: str, words: list[str], spaces: list[bool]) -> None:
    if gap.startswith(" ") and words:
        spaces[-1] = True
        gap = gap[1:]
    if gap:
        words.append(gap)
        spaces.append(False)


@util.registry.tokenizers("textmine_tokens")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], WordTokenizer]:
    """The registered tokeniser."""
    return lambda nlp: WordTokenizer(nlp.vocab)


@Language.component("textmine_lemmas", assigns=["token.lemma"])
def set_lemmas(doc: Doc) -> Doc:
    """Lemmas by `languages.lemma` in the pipeline's language."""
    for token in doc:
        token.lemma_ = lemma(token.text, doc.lang_)
    return doc


@Language.component("textmine_language", assigns=["doc._.language"])
def set_language(doc: Doc) -> Doc:
    """`doc._.language` by `detect_language`; a `Span` answers for its own text."""
    doc._.language = detect_language(doc.text, default=doc.lang_)
    return doc


def make_pipeline(language: str) -> Language:
    """A blank spaCy pipeline for `pl` or `en` with our tokeniser, language and lemmas."""
    nlp = spacy.blank(language, config={"nlp": {"tokenizer": {"@tokenizers": "textmine_tokens"}}})
    nlp.add_pipe("textmine_language")
    nlp.add_pipe("textmine_lemmas")
    return nlp


if not Doc.has_extension("language"):
    Doc.set_extension("language", default="")
    Span.set_extension("language", getter=lambda span: detect_language(span.text, default=span.doc._.language))

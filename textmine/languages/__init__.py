"""Polish and English: tokens, lemmas, stop words, the language of a text and its meaning as a vector.

Start with `analyse`. Vectors live in `textmine.languages.vectors`, spaCy pipelines in `textmine.languages.pipeline`;
both are imported only where they are wanted, because they take time and memory.
"""

from textmine.languages.analysis import LANGUAGES, Tokens, analyse, lemma, stop_words
from textmine.languages.detection import detect_language, language_evidence
from textmine.languages.words import find_tokens, has_polish_letters, strip_diacritics

__all__ = [
    "LANGUAGES",
    "Tokens",
    "analyse",
    "detect_language",
    "find_tokens",
    "has_polish_letters",
    "language_evidence",
    "lemma",
    "stop_words",
    "strip_diacritics",
]

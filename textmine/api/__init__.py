"""The Python API: a corpus as an object for notebooks, single steps without a store. `import textmine` offers it."""

from textmine.api.corpus import Corpus, open_corpus
from textmine.api.passages import Passage
from textmine.api.texts import code, read

__all__ = ["Corpus", "Passage", "code", "open_corpus", "read"]

"""textmine reads cluster-policy documents and says, sentence by sentence, what they contain.

    import textmine
    corpus = textmine.open("textmine.db")                       # a store that `textmine ingest` or `demo` made
    corpus.trends("barrier.*", by="period", region="mazowieckie")   # a polars frame
    textmine.code("Klastry cierpią na brak zaufania.")          # without a store

Names are loaded when they are first asked for: importing textmine takes no time.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textmine.api import Corpus, code, read
    from textmine.api import open_corpus as open

__version__ = "0.1.0"
__all__ = ["Corpus", "__version__", "code", "open", "read"]

#: Public name -> its name in `textmine.api`.
_OFFERED = {"Corpus": "Corpus", "code": "code", "open": "open_corpus", "read": "read"}


def __getattr__(name: str) -> Any:
    if name not in _OFFERED:
        raise AttributeError(f"module 'textmine' has no attribute {name!r}")
    return getattr(importlib.import_module("textmine.api"), _OFFERED[name])


def __dir__() -> list[str]:
    return [*globals(), *_OFFERED]

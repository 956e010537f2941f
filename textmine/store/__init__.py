"""The store: one SQLite file that keeps a corpus, and the queries it answers. The only SQL of textmine."""

from textmine.store.database import Store
from textmine.store.filters import Filter

__all__ = ["Filter", "Store"]

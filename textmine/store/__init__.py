"""The store: one SQLite file that keeps a corpus, and the queries it answers. The only SQL of textmine."""

from textmine.store.association import COLLOCATE_COLUMNS, KEYNESS_COLUMNS
from textmine.store.browsing import Scope
from textmine.store.codings import CONTEXT_COLUMNS
from textmine.store.counting import COUNT_COLUMNS, COUNT_FIELDS, FACETS
from textmine.store.database import Store
from textmine.store.filters import Filter
from textmine.store.leafing import DocumentView, Heading, PageView
from textmine.store.mentions import MENTION_COLUMNS
from textmine.store.merging import MergeSummary, StoredWork, merge_store, stored_work
from textmine.store.query import COLUMNS, LIKE_COLUMNS, SORTS, page_link

__all__ = [
    "COLLOCATE_COLUMNS",
    "COLUMNS",
    "CONTEXT_COLUMNS",
    "COUNT_COLUMNS",
    "COUNT_FIELDS",
    "FACETS",
    "KEYNESS_COLUMNS",
    "LIKE_COLUMNS",
    "MENTION_COLUMNS",
    "SORTS",
    "DocumentView",
    "Filter",
    "Heading",
    "MergeSummary",
    "PageView",
    "Scope",
    "Store",
    "StoredWork",
    "merge_store",
    "page_link",
    "stored_work",
]

"""What is asked of a store: queries, counts of their hits, coded sentences, likeness in meaning, kept queries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from textmine.store import association, browsing, counting
from textmine.store.connection import explained
from textmine.store.file import StoreFile
from textmine.store.filters import Filter
from textmine.store.mentions import evidence_rows, mention_rows
from textmine.store.planning import Plan, filter_conditions, numbers_plan
from textmine.store.query import Show, Sort, concordance, describe_sentences, find_sentences
from textmine.store.query_language import join_near, parse_query
from textmine.store.query_syntax import Node

if TYPE_CHECKING:
    from textmine.codebook import Codebook

__all__ = ["Questions"]


class Questions(StoreFile):
    """The part of `Store` that answers queries."""

    def parse(self, text: str, *, exact: bool = False, near: int | None = None) -> Node:
        """The nodes of a query, for the methods below, which also take text.

        Args:
            exact: words are forms, not lemmas.
            near: words and phrases side by side stand at most so many tokens apart.
        Raises:
            QueryError: it cannot be understood.
        """
        node = parse_query(text, exact=exact)
        return join_near(node, near, query=text) if near is not None else node

    def query(
        self,
        query: str | Node,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        *,
        show: Show = "kwic",
        sort: Sort = "",
        limit: int | None = None,
        width: int = 60,
    ) -> Iterator[dict[str, Any]]:
        """Rows of a concordance; see `textmine.store.query.concordance` for their keys.

        Raises:
            QueryError: the query cannot be understood.
        """
        with self._snapshot():
            yield from concordance(
                self.connection, self._node(query), filter, show=show, sort=sort, limit=limit, width=width
            )

    def count(self, query: str | Node, filter: Filter = Filter()) -> int:  # noqa: B008 - frozen
        """How many sentences a query hits."""
        with self._snapshot():
            return counting.count_sentences(self.connection, self._node(query), filter)

    def count_by(
        self,
        query: str | Node,
        field: str,
        filter: Filter = Filter(),  # noqa: B008 - frozen
    ) -> list[dict[str, Any]]:
        """Rows `field, n_sentences, n_documents, of_sentences, of_words, per_1000_sentences`; see `counting`."""
        with self._snapshot():
            return counting.count_by(self.connection, self._node(query), filter, field)

    def facets(self, query: str | Node, filter: Filter = Filter()) -> dict[str, list[dict[str, Any]]]:  # noqa: B008
        """Rows of `count_by` for year, region, level, type and language."""
        node = self._node(query)
        return {field: self.count_by(node, field, filter) for field in counting.FACETS}

    def query_facets(
        self,
        query: str | Node,
        filter: Filter = Filter(),  # noqa: B008 - frozen
    ) -> tuple[int, dict[str, list[tuple[object, int]]]]:
        """How many sentences a query hits, and how many by year, region, level, type and language, in one pass."""
        with self._snapshot():
            return browsing.query_facets(self.connection, self._node(query), filter)

    def collocates(
        self,
        query: str | Node,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        *,
        window: int = 5,
    ) -> list[dict[str, Any]]:
        """Lemmas that go with the hits, the strongest first; see `association.collocates`."""
        with self._snapshot():
            return association.collocates(self.connection, self._node(query), filter, window=window)

    def keyness(
        self,
        a: str | Node,
        b: str | Node,
        filter: Filter = Filter(),  # noqa: B008 - frozen
    ) -> list[dict[str, Any]]:
        """Lemmas that tell the sentences of one query from those of another; see `association.keyness`."""
        with self._snapshot():
            return association.keyness(self.connection, self._node(a), self._node(b), filter)

    def mention_rows(
        self,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        limit: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """One row a coded sentence; see `textmine.store.mentions.mention_rows`."""
        with self._snapshot():
            yield from mention_rows(self.connection, filter, limit=limit)

    def evidence(self, mention_ids: Iterable[str]) -> Iterator[dict[str, Any]]:
        """The rows of `mention_rows` for the sentences behind a finding (`Finding.evidence`)."""
        with self._snapshot():
            yield from evidence_rows(self.connection, mention_ids)

    def like(
        self,
        text: str,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        *,
        within: str | Node | None = None,
        limit: int = 50,
    ) -> Iterator[dict[str, Any]]:
        """Sentences of both languages nearest in meaning: rows of `query(show="sentence")` with a `score` (cosine).

        `within`: only among the sentences that this query hits.

        Raises:
            DataError: too many sentences have no stored vectors (`add_vectors`).
        """
        from textmine.languages.vectors import ENCODER, encode
        from textmine.store.likeness import nearest

        with self._snapshot():
            scope = Plan(None, tuple(filter_conditions(filter)))
            if within is not None:
                scope = numbers_plan(hit.number for hit in find_sentences(self.connection, self._node(within), filter))
            found = nearest(self.connection, text, scope, encode, ENCODER, limit=limit)
            rows = describe_sentences(self.connection, [number for number, _ in found])
            for (_, cosine), row in zip(found, rows, strict=True):
                yield row | {"score": round(cosine, 4)}

    def also(self, query: str | Node, codebook: Codebook) -> tuple[Node, dict[str, list[str]]]:
        """The query with other-language partners of its words, and the partners by word (see `expansion.expand`)."""
        from textmine.languages.vectors import encode
        from textmine.store.expansion import expand

        return expand(self._node(query), codebook, encode)

    def add_vectors(self, *, on_document: Callable[[str], None] = lambda path: None) -> int:
        """Encode and keep the sentences that have no vectors yet, for `like`; how many were encoded."""
        from textmine.languages.vectors import ENCODER, encode
        from textmine.store.likeness import store_vectors

        with explained(self.path):
            return store_vectors(self.connection, encode, ENCODER, on_document=on_document)

    def count_without_vectors(self) -> int:
        """Sentences that `like` would have to encode for each question."""
        from textmine.languages.vectors import ENCODER
        from textmine.store.likeness import count_missing

        with self._snapshot():
            return count_missing(self.connection, ENCODER)

    def save_query(self, name: str, options: Mapping[str, object]) -> None:
        """Keep a query (its text and options) under a name, in place of an earlier one."""
        text = json.dumps(options, ensure_ascii=False)
        self._write("INSERT OR REPLACE INTO saved_queries VALUES (?, ?)", name, text)

    def saved_queries(self) -> dict[str, dict[str, Any]]:
        """Name -> options of all saved queries, by name."""
        return {name: json.loads(text) for name, text in self._all("SELECT * FROM saved_queries ORDER BY name")}

    @staticmethod
    def _node(query: str | Node) -> Node:
        return parse_query(query) if isinstance(query, str) else query

"""`Store`: one SQLite file with a corpus in it. The methods are thin; the work stands in the files beside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textmine.records import Coding, Mention, Reading, Sample, Sentence, content_id
from textmine.store import browsing, codings, leafing, read, write
from textmine.store.connection import explained
from textmine.store.filters import Filter
from textmine.store.packing import clean_text, pack_id
from textmine.store.questions import Questions

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Store"]


class Store(Questions):
    """A corpus in one SQLite file.

    Open it with `Store.open`, best in a `with` statement. Many may read while one writes. Not for use by several
    threads at once: give each its own.
    """

    # Documents

    def add(
        self, reading: Reading, sentences: Sequence[Sentence], mentions: Sequence[Mention], *, work_key: str = ""
    ) -> None:
        """Store a document in one transaction; one with the same id is replaced.

        `work_key` names how it was read and coded; `has` asks for it.
        """
        with explained(self.path):
            write.add_document(self.connection, reading, sentences, mentions, work_key=work_key)

    def replace_mentions(self, document_id: str, mentions: Sequence[Mention], *, work_key: str = "") -> None:
        """New mentions for a stored document, whose text stays, in one transaction.

        Raises:
            StoreError: there is no such document.
        """
        with explained(self.path):
            write.replace_mentions(self.connection, document_id, mentions, work_key=work_key)

    def delete(self, document_id: str) -> bool:
        """Take a document out in one transaction; whether it was there."""
        with explained(self.path):
            return write.delete_document(self.connection, document_id)

    def has(self, document_id: str, work_key: str | None = None) -> bool:
        """Whether the document is there, was not a failure, and was made with this work key (None: any)."""
        row = self._one("SELECT work_key, status FROM documents WHERE id = ?", document_id)
        return row is not None and row[1] != "failed" and work_key in (None, row[0])

    def document_ids(self) -> list[str]:
        """Ids of all documents, by path."""
        return [row[0] for row in self._all("SELECT id FROM documents ORDER BY path, id")]

    def reading(self, document_id: str) -> Reading:
        """A document with its pages and blocks, as it was stored.

        Raises:
            StoreError: there is no such document.
        """
        with self._snapshot():
            return read.read_reading(self.connection, document_id)

    def sentences(self, document_id: str) -> list[Sentence]:
        """The sentences of a document, in order, as they were stored.

        Raises:
            StoreError: there is no such document.
        """
        with self._snapshot():
            return read.read_sentences(self.connection, read.read_reading(self.connection, document_id))

    def mentions(self, document_id: str) -> list[Mention]:
        """The mentions of a document, as they were stored.

        Raises:
            StoreError: there is no such document.
        """
        with self._snapshot():
            return read.read_mentions(self.connection, document_id)

    def unread_pages(self) -> dict[str, int]:
        """Path -> pages that gave no text and are not blank, for documents that have some, by path."""
        sql = (
            "SELECT d.path, count(*) FROM pages AS p JOIN documents AS d ON d.number = p.document "
            "WHERE p.source = 'none' AND NOT EXISTS (SELECT 1 FROM json_each(p.flags) WHERE value = 'blank') "
            "GROUP BY d.number ORDER BY d.path"
        )
        return dict(self._all(sql))

    def faulty_documents(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """(path, error, flags) of the documents that failed or were read with flags, by path."""
        sql = "SELECT path, error, flags FROM documents WHERE status <> 'read' ORDER BY path"
        return [(path, error, tuple(json.loads(flags))) for path, error, flags in self._all(sql)]

    def find_damage(self) -> list[str]:
        """What SQLite finds wrong with the file: pages, indices, rows without the row they refer to; empty if sound."""
        with explained(self.path):
            found = [str(row[0]) for row in self.connection.execute("PRAGMA integrity_check(20)")]
            lost = self.connection.execute("PRAGMA foreign_key_check").fetchall()
        faults = [] if found == ["ok"] else found
        if lost:
            faults.append(f"{len(lost)} rows refer to rows that are not there")
        return faults

    # Frames for the analysis

    def documents_frame(self, filter: Filter = Filter()) -> pl.DataFrame:  # noqa: B008 - frozen
        """Columns document_id, path, title, year, region, level, type, issuer, languages, n_pages, n_words,
        n_sentences (of the body), status; by path."""  # fmt: skip
        from textmine.store import frames

        with self._snapshot():
            return frames.documents_frame(self.connection, filter)

    def counts_frame(self, filter: Filter = Filter()) -> pl.DataFrame:  # noqa: B008 - frozen
        """Columns document_id, language, n_sentences, n_words: the body's denominators, by path and language."""
        from textmine.store import frames

        with self._snapshot():
            return frames.counts_frame(self.connection, filter)

    def blocks_frame(
        self,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        *,
        lemmas: bool = True,
        documents: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Columns block_id, document_id, index, page, kind, section, language, n_sentences, n_words, lemmas, row.

        `documents` are the ids of those that are wanted; None: all.
        """
        from textmine.store import frames

        with self._snapshot():
            return frames.blocks_frame(self.connection, filter, lemmas=lemmas, documents=documents)

    def mentions_frame(
        self,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        *,
        documents: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Columns mention_id, sentence_id, block_id, document_id, code, term, negated, score, method, language."""
        from textmine.store import frames

        with self._snapshot():
            return frames.mentions_frame(self.connection, filter, documents=documents)

    def coded_sentences_frame(
        self,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        *,
        blocks: bool = True,
        languages: bool = True,
    ) -> pl.DataFrame:
        """Columns sentence_id and block_id (numbers), document_id, code, language, negated; see `store.tallies`."""
        from textmine.store import tallies

        with self._snapshot():
            return tallies.coded_sentences_frame(self.connection, filter, blocks=blocks, languages=languages)

    def block_sizes_frame(
        self,
        filter: Filter = Filter(),  # noqa: B008 - frozen
        *,
        languages: bool = True,
    ) -> pl.DataFrame:
        """Columns block_id (number), document_id, language, n_sentences, n_words; see `store.tallies`."""
        from textmine.store import tallies

        with self._snapshot():
            return tallies.block_sizes_frame(self.connection, filter, languages=languages)

    # Turning pages

    def state_id(self) -> str:
        """Changes whenever a document, how it was coded, or a derived result (the topics) changes."""
        with self._snapshot():
            return browsing.state_id(self.connection)

    def document_view(self, prefix: str) -> leafing.DocumentView:
        """A document by the first 8 or more characters of its id, with pages, headings and counts of codes.

        Raises:
            StoreError: there is no such document.
        """
        with self._snapshot():
            return leafing.read_view(self.connection, prefix)

    def page_view(self, document_id: str, page: int) -> leafing.PageView:
        """The blocks, sentences and mentions of one page; see `leafing.page_view`."""
        with self._snapshot():
            return leafing.page_view(self.connection, document_id, page)

    def sentence_place(self, sentence_id: str) -> tuple[str, int, str] | None:
        """Document id, page and text of a sentence."""
        with self._snapshot():
            return browsing.sentence_place(self.connection, pack_id(sentence_id))

    def coded_by_document(self) -> dict[str, int]:
        """Id of a document -> its coded sentences; without those that have none."""
        with self._snapshot():
            return browsing.coded_by_document(self.connection)

    def fault_rows(self) -> list[dict[str, Any]]:
        """Documents that failed or were read with flags; see `browsing.fault_rows`."""
        with self._snapshot():
            return browsing.fault_rows(self.connection)

    def page_fault_rows(self) -> list[dict[str, Any]]:
        """Pages without text, read by OCR, or with flags; see `browsing.page_fault_rows`."""
        with self._snapshot():
            return browsing.page_fault_rows(self.connection)

    def inferred_rows(self) -> list[dict[str, Any]]:
        """Metadata that was inferred, not given; see `browsing.inferred_rows`."""
        with self._snapshot():
            return browsing.inferred_rows(self.connection)

    def code_counts(self) -> dict[tuple[str, str], int]:
        """(code, language) -> coded sentences."""
        with self._snapshot():
            return browsing.code_counts(self.connection)

    def term_counts(self, code: str) -> dict[str, list[tuple[str, int]]]:
        """Language -> terms that found a code, with their mentions, the most first."""
        with self._snapshot():
            return browsing.term_counts(self.connection, code)

    def evidence_counts(self, scope: browsing.Scope) -> dict[int, int]:
        """Number of a document -> coded sentences in scope; `evidence_page` takes it."""
        with self._snapshot():
            return browsing.document_counts(self.connection, scope)

    def evidence_page(
        self, scope: browsing.Scope, counts: Mapping[int, int], *, offset: int = 0, limit: int = 50
    ) -> list[dict[str, Any]]:
        """The rows of `mention_rows` from `offset` on; see `browsing.evidence_page`."""
        with self._snapshot():
            return browsing.evidence_page(self.connection, scope, counts, offset=offset, limit=limit)

    def evidence_rows(self, scope: browsing.Scope, counts: Mapping[int, int]) -> Iterator[dict[str, Any]]:
        """The rows of `mention_rows` in scope, all of them, document by document."""
        with self._snapshot():
            yield from browsing.evidence_rows(self.connection, scope, counts)

    def name_rows(self, scope: browsing.Scope = browsing.Scope()) -> list[dict[str, Any]]:  # noqa: B008 - frozen
        """One row a named cluster: where, when and with which priorities; see `browsing.name_rows`."""
        with self._snapshot():
            return browsing.name_rows(self.connection, scope)

    # Human coding

    def add_sample(self, sample: Sample) -> None:
        """Keep a sample; the same one again changes nothing.

        Raises:
            StoreError: another sample has its name.
        """
        with explained(self.path):
            codings.add_sample(self.connection, sample)

    def sample(self, name: str) -> Sample:
        """The sample of this name.

        Raises:
            StoreError: there is none.
        """
        with self._snapshot():
            return codings.read_sample(self.connection, name)

    def sample_rows(self) -> list[dict[str, Any]]:
        """One row a sample and coder with how far the coder is; see `codings.sample_rows`."""
        with self._snapshot():
            return codings.sample_rows(self.connection)

    def add_codings(self, decisions: Sequence[Coding]) -> int:
        """Keep what coders decided, all or none; earlier decisions stay as history. How many said something new.

        Raises:
            StoreError: a sample or a sentence of one is not there.
        """
        with explained(self.path):
            return codings.add_codings(self.connection, decisions)

    def codings(self, sample: str, coder: str | None = None, *, history: bool = False) -> list[Coding]:
        """The newest decision of each coder and sentence, or of one coder alone; with `history` all of them."""
        with self._snapshot():
            return codings.read_codings(self.connection, sample, coder, history=history)

    def context_rows(self, sentence_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Sentence id -> text, document, page, section and neighbours; see `codings.context_rows`."""
        with self._snapshot():
            return codings.context_rows(self.connection, sentence_ids)

    def stored_mentions(self, sentence_ids: Iterable[str]) -> dict[str, list[Mention]]:
        """Sentence id -> the machine's mentions; no entry for a sentence that is not stored."""
        with self._snapshot():
            return codings.stored_mentions(self.connection, sentence_ids)

    def body_sentences_frame(self, filter: Filter = Filter()) -> pl.DataFrame:  # noqa: B008 - frozen
        """Columns sentence_id, document_id, language of the sentences of the bodies: what samples are drawn from."""
        import polars as pl

        with self._snapshot():
            rows = codings.body_sentences(self.connection, filter)
            columns = dict.fromkeys(("sentence_id", "document_id", "language"), pl.String)
            return pl.DataFrame(rows, schema=columns, orient="row")

    # Runs, facts about the corpus, derived tables

    def corpus_id(self) -> str:
        """Hash of the documents and of how each was read and coded: equal ids, equal corpora."""
        return content_id(
            *(part for row in self._all("SELECT id, work_key FROM documents ORDER BY id") for part in row)
        )

    def add_run(self, manifest: Mapping[str, object]) -> None:
        """Keep the manifest of a run; one equal to the last is not kept twice."""
        text = clean_text(json.dumps(manifest, ensure_ascii=False, sort_keys=True, default=str))
        last = self._one("SELECT manifest FROM runs ORDER BY number DESC LIMIT 1")
        if last is None or last[0] != text:
            self._write("INSERT INTO runs (manifest) VALUES (?)", text)

    def runs(self) -> list[dict[str, Any]]:
        """The manifests of all runs, the oldest first."""
        return [json.loads(row[0]) for row in self._all("SELECT manifest FROM runs ORDER BY number")]

    def get_meta(self, key: str, default: Any = None) -> Any:
        """A fact about the corpus, as `set_meta` was given it."""
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return default if row is None else json.loads(row[0])

    def set_meta(self, key: str, value: object) -> None:
        """Keep a fact about the corpus (anything that JSON holds)."""
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, json.dumps(value, ensure_ascii=False))

    def get_table(self, name: str) -> Any:
        """A derived result, as `put_table` was given it; None when there is none."""
        row = self._one("SELECT value FROM derived WHERE name = ?", name)
        return None if row is None else json.loads(row[0])

    def put_table(self, name: str, value: object) -> None:
        """Keep a derived result (anything that JSON holds), in place of an earlier one of this name."""
        self._write("INSERT OR REPLACE INTO derived VALUES (?, ?)", name, json.dumps(value, ensure_ascii=False))

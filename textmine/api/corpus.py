"""`Corpus`: a store as an object for notebooks and scripts. Its frames have the columns of the commands."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from markupsafe import Markup

from textmine.api.analysis import Analysis
from textmine.api.handle import as_path
from textmine.api.search import Search
from textmine.codebook import load_codebook
from textmine.errors import StoreError
from textmine.findings.citation import corpus_facts
from textmine.report.frames import to_frame
from textmine.report.rows import CODE_COLUMNS, code_rows
from textmine.settings import load_settings
from textmine.store import Store

if TYPE_CHECKING:
    from textmine.ingest import IngestSummary

__all__ = ["Corpus", "open_corpus"]

_LOG = logging.getLogger(__name__)


def open_corpus(path: str | Path = "textmine.db", *, create: bool = False, **settings: Any) -> Corpus:
    """Open a corpus that `textmine ingest` or `Corpus.ingest` made; as `textmine.open`.

    Args:
        path: the store, one SQLite file.
        create: make an empty one when it is not there.
        settings: any of `textmine.settings.Settings`, such as `seed=20`, `draws=500`, `codebook="mine.yaml"`; what is
            not given comes from the environment and textmine.toml, as for the commands.
    Returns:
        A `Corpus`, best in a `with` statement.
    Raises:
        StoreError: the file is missing, is no store, is damaged or of another version.
        SettingsError: a setting is wrong; names it.
    Example:
        >>> with textmine.open("textmine.db") as corpus:
        ...     corpus.mentions("barrier.*", region="mazowieckie")
    """
    chosen = load_settings(corpus=Path(path), **settings)
    if create and not chosen.corpus.exists():
        Store.open(chosen.corpus, mode="rw").close()
    try:
        return Corpus(Store.open(chosen.corpus), chosen)
    except StoreError as error:
        if chosen.corpus.exists():
            raise
        raise StoreError(
            f"{error} In Python: textmine.open({str(path)!r}, create=True), then corpus.ingest([…])."
        ) from error


class Corpus(Search, Analysis):
    """A corpus of coded documents. Made by `textmine.open`; all its tables are polars frames.

    A frame has the columns of the command of the same name, in the same order, and the same values; `.to_pandas()`
    turns it into one of pandas where pandas and pyarrow are installed. Reading only, but for `ingest` and
    `fit_topics`. One thread at a time.
    """

    @property
    def documents(self) -> pl.DataFrame:
        """All documents, by path, also those that failed (see `status`).

        (n_documents, 13): document_id, path, title, year, region, level, type, issuer, languages (list),
        n_pages, n_words, n_sentences (of the body), status (read, flagged, failed).
        """
        return self.store.documents_frame()

    @property
    def codes(self) -> pl.DataFrame:
        """The codebook, as `textmine codebook show`, with what each code found.

        (n_codes, 10): code, definition, decisions (list), terms_pl, terms_en, negative_pl, negative_en, examples
        (numbers of terms and examples), sentences_pl, sentences_en (coded sentences of the corpus).
        """
        counts = self.store.code_counts()
        rows = [
            row | {f"sentences_{language}": counts.get((row["code"], language), 0) for language in ("pl", "en")}
            for row in code_rows(load_codebook(self.settings.codebook))
        ]
        return to_frame(rows, (*CODE_COLUMNS, "sentences_pl", "sentences_en"))

    def cite(self) -> dict[str, Any]:
        """How to name this state of the corpus, as `textmine cite`: equal ids mean equal documents, coded alike.

        Returns:
            corpus, codebook, model (ids), textmine (version), documents, years, sentences, words, bibtex.
        Example:
            >>> print(corpus.cite()["bibtex"])
        """
        return corpus_facts(self.store)

    def ingest(
        self,
        paths: str | Path | Iterable[str | Path],
        *,
        metadata: str | Path | None = None,
        bibliography: str | Path | None = None,
        name_pattern: str | None = None,
        password: str = "",
        workers: int | str | None = None,
        force: bool = False,
    ) -> IngestSummary:
        """Read, code and store documents, as `textmine ingest`; what is done is skipped.

        In a script, call it below `if __name__ == "__main__":`, as worker processes need.

        Args:
            paths: documents and folders of documents.
            metadata: CSV with path, title, year, region, level, type, issuer, languages.
            bibliography: Zotero or JabRef: .bib, .json, .rdf, .csv or an export's folder.
            name_pattern: what file names say: `{region}_{year}_{title}.pdf`.
            password: tried on encrypted documents.
            workers: processes (0: one a core), `serial`, or `dask:N`; None: as the settings say.
            force: also what the store holds already.
        Returns:
            What was done: n_documents, n_skipped, n_recoded, n_pages, n_sentences, n_flagged, mentions (a count by
            family and language), failures (path -> reason), seconds. A document that fails does not stop the others.
        Raises:
            DocumentError: a path is missing, or metadata cannot be read.
            StoreError: the store cannot be written.
            ExecutionError: the workers cannot be had.
        Example:
            >>> corpus = textmine.open("mazovia.db", create=True)
            >>> corpus.ingest("strategies/", metadata="strategies.csv")
        """
        from textmine.execution import choose_executor
        from textmine.ingest import ingest
        from textmine.reading import find_documents, gather_metadata

        places = [paths] if isinstance(paths, str | Path) else list(paths)
        documents = find_documents([Path(place) for place in places])
        given = gather_metadata(
            documents,
            manifest=as_path(metadata),
            bibliography=as_path(bibliography),
            name_pattern=name_pattern,
        )
        for note in (*given.notes, *given.faults):
            _LOG.warning("%s", note)
        summary = ingest(
            documents,
            settings=self.settings,
            manifest=given.manifest,
            password=password,
            force=force,
            executor=choose_executor(None if workers is None else str(workers), default=self.settings.workers),
        )
        if summary.failures:
            _LOG.warning("%d of %d documents failed; see .failures", len(summary.failures), len(documents))
        return summary

    def __repr__(self) -> str:
        return f"Corpus({str(self.path)!r})"

    def _repr_html_(self) -> str:
        """For notebooks: how many documents of which years, and coded sentences by family and language."""
        facts = self.cite()
        counts: Counter[tuple[str, str]] = Counter()
        for (code, language), n in self.store.code_counts().items():
            counts[code.partition(".")[0], language] += n
        rows = Markup("").join(
            Markup("<tr><th>{}</th><td>{:,}</td><td>{:,}</td></tr>").format(
                family, counts[family, "pl"], counts[family, "en"]
            )
            for family in sorted({family for family, _ in counts})
        )
        return str(
            Markup(
                "<b>{}</b>: {:,} documents, {}, {:,} sentences, {:,} words"
                "<table><thead><tr><th>codes of sentences</th><th>pl</th><th>en</th></tr></thead>"
                "<tbody>{}</tbody></table>"
            ).format(self.path.name, facts["documents"], facts["years"], facts["sentences"], facts["words"], rows)
        )

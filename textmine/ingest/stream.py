"""The stream of an ingest: steps in, work to the workers, finished documents into the store, a few at a time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import textmine
from textmine.codebook import load_codebook
from textmine.coding import coder_id
from textmine.errors import DocumentError, ExecutionError, StoreError, TextmineError
from textmine.execution import Executor, Outcome
from textmine.ingest.jobs import (
    CodeJob,
    Made,
    Parcel,
    ReadJob,
    maker_id,
    pack_codebook,
    process,
)
from textmine.ingest.planning import Step, plan_steps
from textmine.reading import failed_reading
from textmine.records import BODY_KINDS, Mention, Reading, Sentence
from textmine.settings import Settings
from textmine.store import Store

__all__ = ["IngestSummary", "ingest", "plan_ingest"]

#: The packages whose version can change what is read or coded; they stand in the manifest of a run.
LIBRARIES = ("pdfplumber", "pypdfium2", "spacy", "simplemma", "morfeusz2", "scikit-learn", "gensim", "polars")

#: Finished documents are written together: so many, or as soon as they have so many sentences or seconds of age. One
#: transaction each would cost the index a third more.
BATCH_DOCUMENTS = 8
BATCH_SENTENCES = 2_000
BATCH_SECONDS = 1.0


@dataclass
class IngestSummary:
    """What an ingest did; filled as it goes, so that an interrupted one can tell too.

    `n_documents` were read (or failed); `n_recoded` were only coded anew, from the text that the store holds.
    """

    n_documents: int = 0
    n_skipped: int = 0
    n_recoded: int = 0
    n_pages: int = 0
    n_sentences: int = 0
    n_flagged: int = 0
    pages_without_text: Counter[str] = field(default_factory=Counter)
    mentions: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def ingest(
    paths: Sequence[Path],
    *,
    settings: Settings,
    manifest: Mapping[str, Mapping[str, str]] | None = None,
    password: str = "",
    force: bool = False,
    executor: Executor | None = None,
    on_document: Callable[[str], None] = lambda path: None,
    summary: IngestSummary | None = None,
) -> IngestSummary:
    """Read, code and store the documents, each whole or not at all; what is done is skipped.

    The stream holds a few documents at a time, whatever the number of paths. It may be killed at any time: the
    documents in work, and the few finished ones that wait for each other to be written, are lost, and the next run
    takes them up.

    Args:
        paths: files, as `textmine.reading.find_documents` gives them.
        manifest: metadata by file name or relative path (`textmine.reading.read_manifest`).
        password: tried on encrypted documents.
        force: process also what the store holds already.
        executor: where the work is done; None: processes as the settings say.
        on_document: called with the path of each document that is done.
        summary: is filled while the work goes on.
    Raises:
        StoreError: the store cannot be opened or written.
        ExecutionError: the workers cannot be had, or are of another version.
        ModelError, CodebookError: a worker cannot load the coder.
    """
    summary = summary if summary is not None else IngestSummary()
    executor = executor or Executor("processes", settings.workers)
    started = time.perf_counter()
    own_coder = coder_id(settings)  # the coder itself is loaded by the workers only
    with Store.open(settings.corpus, mode="rw") as store:
        with store.transaction():  # a store that cannot be written is known before the work, not after it
            pass
        stream = _Stream(store, settings, password, executor, summary, on_document)
        steps = plan_steps(paths, store, manifest=manifest or {}, settings=settings, coder_id=own_coder, force=force)
        outcomes = executor.map(
            process, stream.jobs(steps), max_seconds=settings.max_seconds, max_memory_mb=settings.max_memory_mb
        )
        try:
            for outcome in outcomes:
                stream.keep(outcome, maker=maker_id(own_coder))
                summary.seconds = time.perf_counter() - started
        finally:
            stream.flush()
        if stream.files:
            store.add_run(_run_manifest(settings, own_coder, stream.files))
    summary.seconds = time.perf_counter() - started
    return summary


def plan_ingest(
    paths: Sequence[Path],
    *,
    settings: Settings,
    manifest: Mapping[str, Mapping[str, str]] | None = None,
    force: bool = False,
) -> Iterator[Step]:
    """The steps of an ingest, without taking one; a store that is not there is not made.

    Raises:
        StoreError: the store cannot be opened.
    """
    plan = {"manifest": manifest or {}, "settings": settings, "coder_id": coder_id(settings), "force": force}
    if not settings.corpus.exists():
        yield from plan_steps(paths, None, **plan)  # type: ignore[arg-type]
        return
    with Store.open(settings.corpus) as store:
        yield from plan_steps(paths, store, **plan)  # type: ignore[arg-type]


@dataclass
class _Stream:
    """Jobs on their way out, outcomes on their way into the store."""

    store: Store
    settings: Settings
    password: str
    executor: Executor
    summary: IngestSummary
    on_document: Callable[[str], None]
    files: dict[str, str] = field(default_factory=dict)
    work_keys: dict[Path, str] = field(default_factory=dict)
    waiting: list[Outcome[ReadJob | CodeJob, Made]] = field(default_factory=list)
    waiting_since: float = 0.0

    def jobs(self, steps: Iterator[Step]) -> Iterator[ReadJob | CodeJob]:
        """The jobs of the steps that are not skipped."""
        codebook = pack_codebook(self.settings) if self.executor.ships else None
        for step in steps:
            self._note(step)
            if step.action == "skip":
                self.summary.n_skipped += 1
                self.on_document(str(step.path))
                continue
            self.work_keys[step.path] = step.work_key
            job = self._code_job(step, codebook) if step.action == "code" else None
            yield job or self._read_job(step, codebook)

    def keep(self, outcome: Outcome[ReadJob | CodeJob, Made], *, maker: str) -> None:
        """Take what became of a job; it is stored with the next batch.

        Raises:
            ExecutionError: the worker is of another version.
            StoreError: a batch was full and could not be written.
            TextmineError: an error that is not the document's own.
        """
        made, error = outcome.value, outcome.error
        if error is not None and not isinstance(error, DocumentError):
            raise error
        if made is not None and made.maker != maker:
            raise ExecutionError(
                f"a worker has another textmine or coder ({made.maker}) than this machine ({maker}). Install the same."
            )
        if not self.waiting:
            self.waiting_since = time.monotonic()
        self.waiting.append(outcome)
        n_sentences = sum(len(one.value.document.sentences) for one in self.waiting if one.value and one.value.document)
        if (
            len(self.waiting) >= BATCH_DOCUMENTS
            or n_sentences >= BATCH_SENTENCES
            or time.monotonic() - self.waiting_since >= BATCH_SECONDS
        ):
            self.flush()

    def flush(self) -> None:
        """Store what waits, in one transaction; then it counts as done.

        Raises:
            StoreError: it cannot be written; none of it is stored.
        """
        batch, self.waiting = self.waiting, []
        if not batch:
            return
        failed: dict[Path, Reading] = {}
        with self.store.transaction():
            for outcome in batch:
                job, made, work_key = outcome.item, outcome.value, self.work_keys.pop(outcome.item.path)
                if made is not None and isinstance(job, CodeJob):
                    self.store.replace_mentions(job.document_id, made.mentions, work_key=work_key)
                elif made is not None and made.document is not None:
                    document = made.document
                    self.store.add(document.reading, document.sentences, document.mentions, work_key=work_key)
                elif not isinstance(job, CodeJob):  # what was coded before stays, and is tried again next time
                    error = outcome.error or TextmineError(f"{job.path}: no result.")
                    failed[job.path] = failed_reading(job.path, error)
                    self.store.add(failed[job.path], (), (), work_key=work_key)
        for outcome in batch:
            self._count(outcome, failed)
            self.on_document(str(outcome.item.path))

    def _count(self, outcome: Outcome[ReadJob | CodeJob, Made], failed: Mapping[Path, Reading]) -> None:
        job, made = outcome.item, outcome.value
        if made is None and isinstance(job, CodeJob):
            self.summary.failures[str(job.path)] = str(outcome.error)
        elif isinstance(job, CodeJob) and made is not None:
            self.summary.n_recoded += 1
            _count_mentions(self.summary, job.sentences, made.mentions)
        elif made is not None and made.document is not None:
            document = made.document
            _count_reading(self.summary, document.reading)
            self.summary.n_sentences += len(document.sentences)
            _count_mentions(self.summary, document.sentences, document.mentions)
        else:
            reading = failed[job.path]
            self.summary.n_documents += 1
            self.summary.failures[reading.document.path] = reading.document.error

    def _read_job(self, step: Step, codebook: Parcel | None) -> ReadJob:
        parcel = None
        if self.executor.ships:
            try:
                if step.path.stat().st_size <= self.settings.max_file_mb * 2**20:
                    parcel = Parcel(((step.path.name, step.path.read_bytes()),))
            except OSError:
                parcel = None  # the worker will not find it either, and says so
        return ReadJob(step.path, step.metadata, self.password, self.settings, step.digest, parcel, codebook)

    def _code_job(self, step: Step, codebook: Parcel | None) -> CodeJob | None:
        """None when what the store holds of the document cannot be read: the file is then read again."""
        try:
            blocks = self.store.reading(step.digest).blocks
            sentences = self.store.sentences(step.digest)
        except (StoreError, ValueError, KeyError, TypeError, IndexError):
            return None
        body = tuple(block for block in blocks if block.kind in BODY_KINDS)
        return CodeJob(step.path, step.digest, body, tuple(sentences), self.settings, codebook)

    def _note(self, step: Step) -> None:
        """Put the file into the manifest of the run: by its name, with folders where two share one."""
        parts = step.path.parts
        for n_parts in range(1, len(parts) + 1):
            name = "/".join(parts[-n_parts:])
            if self.files.setdefault(name, step.digest) == step.digest:
                return


def _count_reading(summary: IngestSummary, reading: Reading) -> None:
    document = reading.document
    summary.n_documents += 1
    summary.n_flagged += document.status == "flagged"
    summary.n_pages += len(reading.pages)
    for page in reading.pages:
        if page.source == "none" and "blank" not in page.flags:
            summary.pages_without_text[document.path] += 1


def _count_mentions(summary: IngestSummary, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> None:
    languages = {sentence.id: sentence.language for sentence in sentences}
    for mention in mentions:
        if not mention.negated:
            summary.mentions[mention.code.partition(".")[0], languages[mention.sentence_id]] += 1


def _run_manifest(settings: Settings, coder_id: str, files: Mapping[str, str]) -> dict[str, object]:
    return {
        "textmine": textmine.__version__,
        "libraries": {name: version(name) for name in LIBRARIES},
        "codebook": load_codebook(settings.codebook).id,
        "coder": coder_id,
        "settings": settings.model_dump(mode="json", exclude={"corpus", "workers"}),
        "files": dict(sorted(files.items())),
    }

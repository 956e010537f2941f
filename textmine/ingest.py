"""Documents -> mentions in the store: the one place where reading, sentences, coding, execution and store meet."""

from __future__ import annotations

import functools
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import textmine
from textmine.codebook import load_codebook
from textmine.coding import Coder, load_coder
from textmine.errors import TextmineError
from textmine.execution import map_processes, map_serial
from textmine.reading import ORIGIN, failed_reading, metadata_for, read_document
from textmine.records import BODY_KINDS, Mention, Reading, Sentence, content_id
from textmine.sentences import split_sentences
from textmine.settings import Settings
from textmine.store import Store

__all__ = ["CodedDocument", "IngestSummary", "ingest", "process_document"]

#: The packages whose version can change what is read or coded; they stand in the manifest of a run.
LIBRARIES = ("pdfplumber", "pypdfium2", "spacy", "simplemma", "morfeusz2", "scikit-learn", "gensim", "polars")


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """What a worker needs to process one document."""

    path: Path
    metadata: Mapping[str, str]
    password: str
    settings: Settings

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class CodedDocument:
    """A document read, split into sentences and coded."""

    reading: Reading
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]


@dataclass
class IngestSummary:
    """What an ingest did; filled as it goes, so that an interrupted one can tell too."""

    n_documents: int = 0
    n_skipped: int = 0
    n_pages: int = 0
    n_sentences: int = 0
    n_flagged: int = 0
    pages_without_text: Counter[str] = field(default_factory=Counter)
    mentions: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def process_document(job: DocumentJob) -> CodedDocument:
    """The document of a job, read and coded; runs in a worker.

    Raises:
        DocumentError: it cannot be read.
    """
    reading = read_document(job.path, settings=job.settings, metadata=job.metadata, password=job.password)
    return code_reading(reading, coder=_coder(job.settings))


def code_reading(reading: Reading, *, coder: Coder) -> CodedDocument:
    """The body of a reading as coded sentences."""
    blocks = [block for block in reading.blocks if block.kind in BODY_KINDS]
    sentences = [sentence for block in blocks for sentence in split_sentences(block)]
    mentions = coder.code_document(blocks, sentences)
    return CodedDocument(reading, tuple(sentences), tuple(mentions))


def ingest(
    paths: Sequence[Path],
    *,
    settings: Settings,
    manifest: Mapping[str, Mapping[str, str]] | None = None,
    password: str = "",
    force: bool = False,
    serial: bool = False,
    on_document: Callable[[str], None] = lambda path: None,
    summary: IngestSummary | None = None,
) -> IngestSummary:
    """Read, code and store the documents; each is stored in one transaction, done ones are skipped.

    Args:
        paths: files, as `textmine.reading.find_documents` gives them.
        manifest: metadata by file name or relative path (`textmine.reading.read_manifest`).
        password: tried on encrypted documents.
        force: process also what the store holds already.
        serial: work in this process, without limits on time and memory.
        on_document: called with the path of each document that is done.
        summary: is filled while the work goes on.
    Raises:
        StoreError: the store cannot be opened or written.
    """
    summary = summary if summary is not None else IngestSummary()
    started = time.perf_counter()
    manifest = manifest or {}
    coder_id = _coder(settings).id
    with Store.open(settings.corpus, mode="rw") as store:
        jobs: list[DocumentJob] = []
        keys: dict[Path, str] = {}
        seen: dict[str, Path] = {}
        for path in paths:
            metadata = metadata_for(path, manifest)
            keys[path] = _work_key(coder_id, metadata, settings)
            digest = _digest(path)
            if digest in seen or (not force and store.has(digest, keys[path])):
                summary.n_skipped += 1
                on_document(str(path))
                continue
            seen[digest] = path
            jobs.append(DocumentJob(path, metadata, password, settings))
        if serial:
            outcomes = map_serial(process_document, jobs)
        else:
            outcomes = map_processes(
                process_document,
                jobs,
                workers=settings.workers,
                max_seconds=settings.max_seconds,
                max_memory_mb=settings.max_memory_mb,
            )
        for outcome in outcomes:
            path = outcome.item.path
            coded = outcome.value or _failed(path, outcome.error)
            store.add(coded.reading, coded.sentences, coded.mentions, work_key=keys[path])
            _count(summary, coded)
            summary.seconds = time.perf_counter() - started
            on_document(str(path))
        store.add_run(_run_manifest(settings, coder_id, [seen[digest] for digest in sorted(seen)]))
    summary.seconds = time.perf_counter() - started
    return summary


@functools.lru_cache(maxsize=1)
def _coder(settings: Settings) -> Coder:
    return load_coder(settings)


def _failed(path: Path, error: TextmineError | None) -> CodedDocument:
    return CodedDocument(failed_reading(path, error or TextmineError(f"{path}: no result.")), (), ())


def _work_key(coder_id: str, metadata: Mapping[str, str], settings: Settings) -> str:
    """Changes when the same bytes would be read or coded in another way."""
    given = sorted((key, value) for key, value in metadata.items() if value and key != ORIGIN)
    return content_id(textmine.__version__, coder_id, settings.ocr, settings.engine, settings.max_pages, given)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return str(path)  # it will fail in the worker, where the failure is recorded


def _count(summary: IngestSummary, coded: CodedDocument) -> None:
    document = coded.reading.document
    summary.n_documents += 1
    if document.status == "failed":
        summary.failures[document.path] = document.error
        return
    summary.n_flagged += document.status == "flagged"
    summary.n_pages += len(coded.reading.pages)
    summary.n_sentences += len(coded.sentences)
    for page in coded.reading.pages:
        if page.source == "none" and "blank" not in page.flags:
            summary.pages_without_text[document.path] += 1
    languages = {sentence.id: sentence.language for sentence in coded.sentences}
    for mention in coded.mentions:
        if not mention.negated:
            summary.mentions[mention.code.partition(".")[0], languages[mention.sentence_id]] += 1


def _run_manifest(settings: Settings, coder_id: str, paths: Iterable[Path]) -> dict[str, object]:
    return {
        "textmine": textmine.__version__,
        "libraries": {name: version(name) for name in LIBRARIES},
        "codebook": load_codebook(settings.codebook).id,
        "coder": coder_id,
        "settings": settings.model_dump(mode="json", exclude={"corpus", "workers"}),
        "files": {path.name: _digest(path) for path in paths},
    }

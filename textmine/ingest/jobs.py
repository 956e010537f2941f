"""What a worker does for one document: read and code it, or code again what was read before."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import textmine
from textmine.coding import Coder, load_coder
from textmine.errors import DocumentError, LimitError, PasswordError
from textmine.reading import read_document
from textmine.records import BODY_KINDS, Block, Mention, Reading, Sentence
from textmine.sentences import split_sentences
from textmine.settings import Settings

__all__ = [
    "CodeJob",
    "CodedDocument",
    "Made",
    "Parcel",
    "ReadJob",
    "code_reading",
    "coder_of",
    "maker_id",
    "pack_codebook",
    "process",
]


@dataclass(frozen=True, slots=True)
class Parcel:
    """Files for a worker that does not see ours: (name, bytes), the name relative and without folders above it."""

    files: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A document to read and code. With `parcel` its bytes travel along, else the worker opens `path`."""

    path: Path
    metadata: Mapping[str, str]
    password: str
    settings: Settings
    digest: str = ""
    parcel: Parcel | None = None
    codebook: Parcel | None = None

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class CodeJob:
    """A document that was read before, to be coded anew."""

    path: Path
    document_id: str
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    settings: Settings
    codebook: Parcel | None = None

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class CodedDocument:
    """A document read, split into sentences and coded."""

    reading: Reading
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker hands back: the document of a ReadJob, or the new mentions of a CodeJob; and who made it."""

    maker: str
    document: CodedDocument | None = None
    mentions: tuple[Mention, ...] = ()


def process(job: ReadJob | CodeJob) -> Made:
    """What a job asks for; runs in a worker.

    Raises:
        DocumentError: it cannot be read.
    """
    coder = coder_of(job.settings, job.codebook)
    if isinstance(job, CodeJob):
        return Made(maker_id(coder.id), mentions=tuple(coder.code_document(job.blocks, job.sentences)))
    return Made(maker_id(coder.id), document=code_reading(_read(job), coder=coder))


def code_reading(reading: Reading, *, coder: Coder) -> CodedDocument:
    """The body of a reading as coded sentences."""
    blocks = [block for block in reading.blocks if block.kind in BODY_KINDS]
    sentences = [sentence for block in blocks for sentence in split_sentences(block)]
    mentions = coder.code_document(blocks, sentences)
    return CodedDocument(reading, tuple(sentences), tuple(mentions))


def maker_id(coder_id: str) -> str:
    """Version and coder: two workers with the same give the same records."""
    return f"{textmine.__version__} {coder_id}"


@functools.lru_cache(maxsize=1)
def coder_of(settings: Settings, codebook: Parcel | None = None) -> Coder:
    """The coder of the settings, with the codebook that travelled along if one did; loaded once in a process."""
    if codebook is None:
        return load_coder(settings)
    with tempfile.TemporaryDirectory(prefix="textmine-") as folder:
        for name, data in codebook.files:
            (Path(folder) / Path(name).name).write_bytes(data)
        return load_coder(settings.model_copy(update={"codebook": Path(folder)}))


def pack_codebook(settings: Settings) -> Parcel | None:
    """The files of the user's own codebook; None for the shipped one.

    Raises:
        OSError: they cannot be read.
    """
    path = settings.codebook
    if path is None:
        return None
    files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    return Parcel(tuple((file.name, file.read_bytes()) for file in files))


def _read(job: ReadJob) -> Reading:
    options = {"settings": job.settings, "metadata": job.metadata, "password": job.password}
    if job.parcel is None:
        return read_document(job.path, **options)  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory(prefix="textmine-") as folder:
        ((name, data),) = job.parcel.files
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        try:
            reading = read_document(path, **options)  # type: ignore[arg-type]
        except DocumentError as error:
            kind = next(known for known in (PasswordError, LimitError, DocumentError) if isinstance(error, known))
            raise kind(str(error).replace(str(path), str(job.path))) from None
    return replace(reading, document=replace(reading.document, path=str(job.path)))

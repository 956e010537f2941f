"""`textmine classify`: what each sentence of documents or of a JSONL file says, without a store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import (
    CodebookOption,
    FormatOption,
    LimitOption,
    ModelOption,
    OutputOption,
    print_rows,
    warn,
)
from textmine.errors import DataError, DocumentError
from textmine.report.rows import SENTENCE_COLUMNS, sentence_row
from textmine.settings import Settings, load_settings

if TYPE_CHECKING:
    from textmine.coding import Coder
    from textmine.coding.documents import DocumentModel
    from textmine.ingest import CodedDocument
    from textmine.records import Mention, Reading, Sentence

__all__ = ["classify_documents", "classify_lines", "register", "sum_up"]

DOCUMENT_COLUMNS = (
    "document", "languages", "sentences", "coded", "codes", "counts", "names", "families", "shares", "scores",
    "evidence", "pages", "flags",
)  # fmt: skip
#: Lines coded at a time: enough to be fast, few enough to stream.
BATCH = 256
#: Characters of a text on a line of JSONL, which is coded as one sentence: coding takes the square of its length.
LINE_MAX = 100_000


class Unit(StrEnum):
    """What a row is."""

    SENTENCE = "sentence"
    DOCUMENT = "document"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("classify")(classify)


def classify(
    paths: Annotated[list[Path], typer.Argument(help="Documents, folders, or .jsonl files with id, lang, text.")],
    unit: Annotated[Unit, typer.Option("--unit", help="One row a sentence or one a document.")] = Unit.SENTENCE,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    coded: Annotated[bool, typer.Option("--coded", help="Leave out sentences that carry no code.")] = False,
    codebook: CodebookOption = None,
    model: ModelOption = None,
) -> None:
    """Say what each sentence is about: clusters, barriers, priorities, instruments, integration.

    Example: textmine classify strategy.pdf --format csv > codes.csv
    """
    settings = load_settings(codebook=codebook, model=model)
    failures: list[str] = []
    if unit is Unit.DOCUMENT:
        labels, settings = _labels_of(settings)
        columns: tuple[str, ...] = DOCUMENT_COLUMNS
        if labels is not None:
            columns += tuple(name for one in labels.labels for name in (one.name, f"{one.name}_probability"))
        summaries = classify_whole(paths, settings, labels, failures)
        chosen = (row for row in summaries if row["codes"]) if coded else summaries
        print_rows(chosen, columns, format=format, output=output, limit=limit)
    else:
        rows = classify_paths(paths, settings, failures)
        chosen = (row for row in rows if row["codes"]) if coded else rows
        print_rows(chosen, SENTENCE_COLUMNS, format=format, output=output, limit=limit)
    if failures:
        warn(f"{len(failures)} of the documents could not be read; the others are done.")
        raise typer.Exit(1)


def _labels_of(settings: Settings) -> tuple[DocumentModel | None, Settings]:
    """The model of documents that --model names, if it is one, and the settings of the coder that belongs to it."""
    if settings.model in ("auto", "keyword"):
        return None, settings
    from textmine.findings.document_labels import is_document_model, open_document_model

    if not is_document_model(settings.model):
        return None, settings
    folder = settings.model
    labels, belonging = open_document_model(Path(folder))
    return labels, settings.model_copy(
        update={
            "model": belonging["model"],
            "codebook": settings.codebook or (Path(belonging["codebook"]) if belonging["codebook"] else None),
        }
    )


def classify_paths(paths: Sequence[Path], settings: Settings, failures: list[str]) -> Iterator[dict[str, Any]]:
    """One row a sentence of all paths, in their order; a document that cannot be read goes to `failures` and stderr."""
    from textmine.coding import load_coder

    lines, documents = _lines_and_documents(paths)
    coder = load_coder(settings)
    for path in lines:
        yield from classify_lines(path, coder)
    yield from classify_documents(documents, settings, coder, failures)


def _lines_and_documents(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The JSONL files among the paths, and the documents that the other paths are or hold."""
    from textmine.reading import find_documents

    lines = [path for path in paths if path.suffix.lower() == ".jsonl" and path.is_file()]
    others = [path for path in paths if path not in lines]
    return lines, find_documents(others) if others else []


def classify_documents(
    paths: Iterable[Path], settings: Settings, coder: Coder, failures: list[str]
) -> Iterator[dict[str, Any]]:
    """One row a sentence of the documents' bodies, with the page it begins on."""
    from textmine.ingest import code_reading
    from textmine.reading import read_document

    for path in paths:
        try:
            reading = read_document(path, settings=settings)
        except DocumentError as error:
            failures.append(str(path))
            warn(f"error: {error}")
            continue
        document = code_reading(reading, coder=coder)
        mentions: dict[str, list[Mention]] = {}
        for mention in document.mentions:
            mentions.setdefault(mention.sentence_id, []).append(mention)
        pages = {block.id: block.page for block in reading.blocks}
        for number, sentence in enumerate(document.sentences, 1):
            page = sentence.boxes[0].page if sentence.boxes else pages.get(sentence.block_id, 0)
            yield sentence_row(sentence, mentions.get(sentence.id, []), document=str(path), page=page, number=number)


def classify_lines(path: Path, coder: Coder) -> Iterator[dict[str, Any]]:
    """One row a line of a JSONL file; `document` and `id` are the line's id.

    Raises:
        DataError: a line is not an object with a `text`; the message names the line.
    """
    from textmine.sentences import sentence_from_text

    batch: list[tuple[int, Sentence]] = []
    for number, key, language, text in _lines(path):
        batch.append((number, sentence_from_text(text, language=language, id=key)))
        if len(batch) == BATCH:
            yield from _code_batch(batch, coder)
            batch.clear()
    yield from _code_batch(batch, coder)


def _lines(path: Path) -> Iterator[tuple[int, str, str, str]]:
    """(number, id, language, text) of each line of a JSONL file.

    Raises:
        DataError: a line is not an object with a `text`; the message names the line.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                text, key, language = row["text"], str(row.get("id", number)), str(row.get("lang") or "")
                text.encode("utf-8")  # a string, without lone surrogates
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise DataError(
                    f"{path.name}, line {number}: {type(error).__name__}, {error}; expected an object with id, lang "
                    "and text in UTF-8."
                ) from error
            if len(text) > LINE_MAX:
                raise DataError(
                    f"{path.name}, line {number}: a text of over {LINE_MAX:,} characters. Cut it into lines."
                )
            yield number, key, language, text


def _code_batch(batch: Sequence[tuple[int, Sentence]], coder: Coder) -> Iterator[dict[str, Any]]:
    coded = coder.code_texts([sentence for _, sentence in batch])
    for (number, sentence), mentions in zip(batch, coded, strict=True):
        yield sentence_row(sentence, mentions, document=sentence.id, page=None, number=number)


def classify_whole(
    paths: Sequence[Path], settings: Settings, labels: DocumentModel | None, failures: list[str]
) -> Iterator[dict[str, Any]]:
    """One row a document of all paths, or a line of a JSONL file, as they are done; one that failed has a row too.

    Raises:
        ModelError: `labels` were learnt with another coder than that of the settings.
    """
    from textmine.coding import load_coder
    from textmine.errors import ModelError
    from textmine.ingest import code_reading
    from textmine.reading import read_document

    lines, documents = _lines_and_documents(paths)
    coder = load_coder(settings)
    if labels is not None and labels.card["coder"] != coder.id:
        raise ModelError(
            "the model of documents was learnt from sentences coded in another way (another codebook, model or version "
            "of textmine). Train it again: textmine train --unit document."
        )
    for path in lines:
        for reading in _read_lines(path):
            yield sum_up(reading.document.path, code_reading(reading, coder=coder), labels)
    for path in documents:
        try:
            reading = read_document(path, settings=settings)
        except DocumentError as error:
            failures.append(str(path))
            warn(f"error: {error}")
            yield failed_row(str(path), labels)
            continue
        yield sum_up(str(path), code_reading(reading, coder=coder), labels)


def _read_lines(path: Path) -> Iterator[Reading]:
    """Each line of a JSONL file as a document: its text is cut into paragraphs and sentences."""
    from textmine.languages import detect_language
    from textmine.records import Block, Box, Document, Reading, content_id

    for _, key, language, text in _lines(path):
        blocks = []
        for number, part in enumerate(part.strip() for part in text.split("\n") if part.strip()):
            own = language or detect_language(part)
            name = content_id(key, number, part)
            blocks.append(Block(name, key, number, 1, "paragraph", 0, (), Box(1, 0, 0, 0, 0), own, part))
        yield Reading(Document(id=key, path=key), (), tuple(blocks))


def sum_up(name: str, document: CodedDocument, labels: DocumentModel | None = None) -> dict[str, Any]:
    """The row of a document: codes by falling count with the sentences that say each and the best score.

    `families` stand in the order of `shares`, the share of sentences that carry one; `evidence` is the sentence with
    the surest mentions of each family, in their order, with its page in `pages`; `flags` say what was not read. With
    `labels`, each label, and its probability.
    """
    from textmine.records import BODY_KINDS

    reading, sentences, mentions = document.reading, document.sentences, document.mentions
    pages = {block.id: block.page for block in reading.blocks}
    by_id = {sentence.id: sentence for sentence in sentences}
    scores: dict[str, dict[str, float]] = {}  # code -> sentence id -> best score
    names: dict[str, None] = {}
    for mention in mentions:
        if mention.negated:
            continue
        own = scores.setdefault(mention.code, {})
        own[mention.sentence_id] = max(own.get(mention.sentence_id, 0.0), mention.score)
        if mention.code == "cluster.named":
            names[by_id[mention.sentence_id].text[mention.start : mention.end]] = None
    codes = sorted(scores, key=lambda code: (-len(scores[code]), code))
    of_family: dict[str, Counter[str]] = {}
    for code, own in scores.items():
        of_family.setdefault(code.partition(".")[0], Counter()).update(own)
    families = sorted(of_family, key=lambda family: (-len(of_family[family]), family))
    evidence = [by_id[_surest(of_family[family], by_id)] for family in families]
    languages = Counter(sentence.language for sentence in sentences)
    row: dict[str, Any] = {
        "document": name,
        "languages": [language for language, _ in languages.most_common()],
        "sentences": len(sentences),
        "coded": len({sentence for own in scores.values() for sentence in own}),
        "codes": codes,
        "counts": [len(scores[code]) for code in codes],
        "names": list(names),
        "families": families,
        "shares": [round(len(of_family[family]) / len(sentences), 4) for family in families],
        "scores": [round(max(scores[code].values()), 3) for code in codes],
        "evidence": [sentence.text for sentence in evidence],
        "pages": [one.boxes[0].page if one.boxes else pages.get(one.block_id, 0) for one in evidence],
        "flags": [*reading.document.flags, *([] if sentences else ["no sentences"])],
    }
    if labels is not None:
        from textmine.coding.documents import view_document

        body = [block for block in reading.blocks if block.kind in BODY_KINDS]
        found = labels.classify(view_document(body, sentences, mentions)) if sentences else {}
        row |= _label_cells(labels, found)
    return row


def _surest(scores: Counter[str], sentences: Mapping[str, Sentence]) -> str:
    """The sentence with most, then the first of them."""
    return min(scores, key=lambda name: (-scores[name], sentences[name].index, name))


def failed_row(name: str, labels: DocumentModel | None) -> dict[str, Any]:
    """The row of a document that could not be read."""
    empty: dict[str, Any] = {column: [] for column in DOCUMENT_COLUMNS}
    return empty | {"document": name, "sentences": 0, "coded": 0, "flags": ["failed"]} | _label_cells(labels, {})


def _label_cells(labels: DocumentModel | None, found: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Each label with its likeliest value and that value's probability; nothing where nothing could be read."""
    cells: dict[str, Any] = {}
    for one in labels.labels if labels is not None else ():
        chances = found.get(one.name)
        value = next(iter(chances)) if chances else None
        cells[one.name] = value
        cells[f"{one.name}_probability"] = round(chances[value], 4) if chances and value is not None else None
    return cells

"""`textmine classify`: what each sentence of documents or of a JSONL file says, without a store."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import FormatOption, LimitOption, OutputOption, print_rows, warn
from textmine.errors import DataError, DocumentError
from textmine.report.rows import SENTENCE_COLUMNS, sentence_row
from textmine.settings import Settings, load_settings

if TYPE_CHECKING:
    from textmine.coding import Coder
    from textmine.records import Mention, Sentence

__all__ = ["classify_documents", "classify_lines", "register", "sum_up"]

DOCUMENT_COLUMNS = ("document", "languages", "sentences", "coded", "codes", "counts", "names")
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
    codebook: Annotated[Path | None, typer.Option("--codebook", help="Your own codebook file or folder.")] = None,
    model: Annotated[str | None, typer.Option("--model", help="keyword, auto or the folder of a model.")] = None,
) -> None:
    """Say what each sentence is about: clusters, barriers, priorities, instruments, integration.

    Example: textmine classify strategy.pdf --format csv > codes.csv
    """
    settings = load_settings(codebook=codebook, model=model)
    failures: list[str] = []
    rows = classify_paths(paths, settings, failures)
    if unit is Unit.DOCUMENT:
        print_rows(sum_up(rows), DOCUMENT_COLUMNS, format=format, output=output, limit=limit)
    else:
        chosen = (row for row in rows if row["codes"]) if coded else rows
        print_rows(chosen, SENTENCE_COLUMNS, format=format, output=output, limit=limit)
    if failures:
        warn(f"{len(failures)} of the documents could not be read; the others are done.")
        raise typer.Exit(1)


def classify_paths(paths: Sequence[Path], settings: Settings, failures: list[str]) -> Iterator[dict[str, Any]]:
    """One row a sentence of all paths, in their order; a document that cannot be read goes to `failures` and stderr."""
    from textmine.coding import load_coder
    from textmine.reading import find_documents

    lines = [path for path in paths if path.suffix.lower() == ".jsonl" and path.is_file()]
    others = [path for path in paths if path not in lines]
    documents = find_documents(others) if others else []
    coder = load_coder(settings)
    for path in lines:
        yield from classify_lines(path, coder)
    yield from classify_documents(documents, settings, coder, failures)


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
            batch.append((number, sentence_from_text(text, language=language, id=key)))
            if len(batch) == BATCH:
                yield from _code_batch(batch, coder)
                batch.clear()
    yield from _code_batch(batch, coder)


def _code_batch(batch: Sequence[tuple[int, Sentence]], coder: Coder) -> Iterator[dict[str, Any]]:
    coded = coder.code_texts([sentence for _, sentence in batch])
    for (number, sentence), mentions in zip(batch, coded, strict=True):
        yield sentence_row(sentence, mentions, document=sentence.id, page=None, number=number)


def sum_up(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row a document: its codes by falling count, how many sentences say each, the names in order."""
    document, counts, names, languages = "", Counter[str](), dict[str, None](), Counter[str]()
    n_sentences = n_coded = 0

    def summary() -> dict[str, Any]:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return {
            "document": document,
            "languages": [language for language, _ in languages.most_common()],
            "sentences": n_sentences,
            "coded": n_coded,
            "codes": [code for code, _ in ordered],
            "counts": [count for _, count in ordered],
            "names": list(names),
        }

    for row in rows:
        if row["document"] != document and n_sentences:
            yield summary()
            counts, names, languages = Counter(), {}, Counter()
            n_sentences = n_coded = 0
        document = row["document"]
        n_sentences += 1
        n_coded += bool(row["codes"])
        counts.update(row["codes"])
        names |= dict.fromkeys(row["names"])
        languages[row["language"]] += 1
    if n_sentences:
        yield summary()

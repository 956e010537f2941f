"""`textmine train`: a coder of one's own from coded sentences, or labels of documents from a few dozen of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import (
    CodebookOption,
    CorpusOption,
    FormatOption,
    LimitOption,
    SeedOption,
    corpus_settings,
    print_rows,
    warn,
)
from textmine.errors import DataError

if TYPE_CHECKING:
    from textmine.settings import Settings

__all__ = ["register", "train"]


class Unit(StrEnum):
    """What carries the labels."""

    SENTENCE = "sentence"
    DOCUMENT = "document"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train")(train)


def train(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Coded sheets (CSV, XLSX, JSONL); with --unit document one table of labels.", show_default=False
        ),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder for the model.")] = None,
    unit: Annotated[Unit, typer.Option("--unit", help="Codes of sentences, or labels of documents.")] = Unit.SENTENCE,
    sample: Annotated[
        str | None, typer.Option("--sample", help="A coded sample of the store, instead of files.")
    ] = None,
    coder: Annotated[str | None, typer.Option("--coder", help="Whose codes to learn, where several coded.")] = None,
    documents: Annotated[
        Path | None, typer.Option("--documents", help="Folder of the labelled documents; else they are in the store.")
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", help="A column of labels to learn; default all; may be repeated.")
    ] = None,
    curve: Annotated[bool, typer.Option("--curve", help="Print the learning curve instead of the scores.")] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Learn from these sentences alone, not on top of the shipped model.")
    ] = False,
    corpus: CorpusOption = None,
    format: FormatOption = None,
    limit: LimitOption = None,
    seed: SeedOption = None,
    codebook: CodebookOption = None,
    model: Annotated[
        str | None, typer.Option("--model", help="Documents: the coder of their sentences (keyword, auto, a folder).")
    ] = None,
) -> None:
    """Learn from people: a model of your own, scored on documents that it has not seen.

    The folder is then used with `--model FOLDER` by classify, ingest and evaluate.

    Example: textmine train ala.xlsx --output my-model
    """
    if output is None:
        raise typer.BadParameter("say where the model goes with --output FOLDER.")
    if output.is_file():
        raise typer.BadParameter(f"--output {output}: a file. Name a folder for the model.")
    settings = corpus_settings(corpus, codebook=codebook, model=model, seed=seed)
    if unit is Unit.DOCUMENT:
        if not files or len(files) != 1:
            raise typer.BadParameter("name one table with a column path, title or document_id and columns of labels.")
        _train_documents(settings, files[0], documents, label or [], output, format, limit)
        return
    if bool(files) == bool(sample):
        raise typer.BadParameter("name coded files, or a coded sample of the store with --sample NAME.")
    _train_sentences(settings, files or [], sample, coder, output, format, limit, curve=curve, with_base=not alone)


def _train_sentences(
    settings: Settings,
    files: list[Path],
    sample: str | None,
    coder: str | None,
    output: Path,
    format: Any,
    limit: int | None,
    *,
    curve: bool,
    with_base: bool,
) -> None:
    from textmine.coding.classifier import save_model
    from textmine.findings.coders import decisions_of_files, decisions_of_sample
    from textmine.findings.training import CURVE_COLUMNS, TRAIN_COLUMNS, train_sentences
    from textmine.store import Store

    if sample:
        with Store.open(settings.corpus) as store:
            decisions = decisions_of_sample(store, sample, coder)
    else:
        decisions = decisions_of_files(files, settings, coder)
    trained = train_sentences(decisions, settings, with_base=with_base)
    save_model(trained.model, output)
    for line in trained.talk:
        warn(line)
    for row in trained.curve:
        if row["language"] == trained.curve[0]["language"]:
            low, high = row["low"], row["high"]
            interval = f" [{low:.3f}, {high:.3f}]" if low is not None else ""
            warn(f"  {row['n_sentences']:>6,} sentences: F1 {row['f1']:.3f}{interval}, {row['kind']}")
    if curve:
        print_rows(trained.curve, CURVE_COLUMNS, format=format, limit=limit)
    else:
        print_rows(trained.scores, TRAIN_COLUMNS, format=format, limit=limit)
    codebook = f" --codebook {settings.codebook}" if settings.codebook else ""
    warn(f"model: {output}. Code a corpus with it: textmine ingest PATH --model {output}{codebook}")


def _train_documents(
    settings: Settings,
    table: Path,
    folder: Path | None,
    columns: list[str],
    output: Path,
    format: Any,
    limit: int | None,
) -> None:
    from textmine.coding import load_coder
    from textmine.coding.documents import save_document_model
    from textmine.findings.document_labels import LABEL_COLUMNS, read_labels, stored_views, train_documents
    from textmine.store import Store

    labels = read_labels(table, columns)
    coder = load_coder(settings)
    if folder is not None:
        views, failed = _read_views(labels, folder, settings, coder)
    else:
        failed = []
        with Store.open(settings.corpus) as store:
            views = stored_views(store, labels, coder)
    trained = train_documents(labels, views, coder, settings)
    save_document_model(trained.model, output)
    for line in trained.talk:
        warn(line)
    print_rows(trained.scores, LABEL_COLUMNS, format=format, limit=limit)
    warn(f"model: {output}. Use it with: textmine classify PATH --unit document --model {output}")
    if failed:
        warn(f"{len(failed)} of the labelled documents could not be read; the model was learnt without them.")
        raise typer.Exit(1)


def _read_views(labels: Any, folder: Path, settings: Settings, coder: Any) -> tuple[dict[int, Any], list[str]]:
    """Row -> view of each labelled document of a folder, and the files that could not be read."""
    from textmine.coding.documents import view_document
    from textmine.errors import DocumentError
    from textmine.findings.document_labels import match_rows
    from textmine.ingest import code_reading
    from textmine.reading import find_documents, read_document
    from textmine.records import BODY_KINDS

    files = find_documents([folder])
    found = match_rows(labels, [(str(path), path.as_posix(), "") for path in files])
    views, failed = {}, []
    for row, name in found.items():
        try:
            reading = read_document(Path(name), settings=settings)
        except DocumentError as error:
            failed.append(name)
            warn(f"error: {error}")
            continue
        document = code_reading(reading, coder=coder)
        blocks = [block for block in reading.blocks if block.kind in BODY_KINDS]
        views[row] = view_document(blocks, document.sentences, document.mentions)
    if not views:
        raise DataError(f"{folder}: holds none of the documents of {labels.name}.")
    return views, failed

"""`textmine export`: the coded corpus in the formats that other tools read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import (
    CorpusOption,
    LanguageOption,
    LevelOption,
    RegionOption,
    TypeOption,
    YearsOption,
    corpus_settings,
    parse_years,
    warn,
)

if TYPE_CHECKING:
    from textmine.records import Document, Mention, Reading, Sentence
    from textmine.store import Filter, Store

__all__ = ["register"]

_DOCUMENTS = (
    "document_id", "path", "title", "year", "region", "level", "type", "issuer", "languages", "n_pages", "n_words",
    "n_sentences", "status",
)  # fmt: skip
_SENTENCES = (
    "sentence_id", "document_id", "document", "year", "page", "kind", "section", "language", "text", "lemmas",
    "n_words", "codes",
)  # fmt: skip
_MENTIONS = (
    "mention_id", "sentence_id", "block_id", "document_id", "code", "term", "negated", "score", "method", "language",
)  # fmt: skip
_TERMS = ("document_id", "document", "year", "language", "lemma", "n")
#: Sentences in one Parquet file: keeps memory small, and a file large enough to be read fast.
_PART_ROWS = 100_000


class Kind(StrEnum):
    """What is made."""

    TEI = "tei"
    CONLLU = "conllu"
    PARQUET = "parquet"
    XLSX = "xlsx"
    DTM = "dtm"
    DATAPACKAGE = "datapackage"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    kind: Annotated[Kind, typer.Argument(help="The format.")],
    folder: Annotated[Path, typer.Argument(help="Where the files go; made when it is not there.")],
    corpus: CorpusOption = None,
    region: RegionOption = None,
    level: LevelOption = None,
    document_type: TypeOption = None,
    language: LanguageOption = None,
    years: YearsOption = None,
) -> None:
    """Write documents, coded sentences and mentions for other tools.

    tei and conllu: a file a document. parquet: documents, and sentences and mentions by year (DuckDB, Spark, R).
    xlsx: documents and mentions. dtm: lemma counts a document. datapackage: CSV with a datapackage.json.

    Example: textmine export parquet out/ --region mazowieckie
    """
    from textmine.store import Filter, Store

    filter = Filter(
        region=region or "",
        level=level or "",
        type=document_type or "",
        language=language or "",
        years=parse_years(years),
    )
    folder.mkdir(parents=True, exist_ok=True)
    with Store.open(corpus_settings(corpus).corpus) as store:
        written = _WRITERS[kind](store, filter, folder)
    warn(f"{written} files in {folder}.")


Coded = tuple["Reading", list["Sentence"], list["Mention"]]


def _documents(store: Store, filter: Filter) -> Iterator[Coded]:
    """One document at a time, by path; with a language in the filter only its sentences."""
    from dataclasses import replace

    for document_id in store.documents_frame(replace(filter, language=""))["document_id"]:
        sentences = store.sentences(document_id)
        if filter.language:
            sentences = [sentence for sentence in sentences if sentence.language == filter.language]
        kept = {sentence.id for sentence in sentences}
        mentions = [mention for mention in store.mentions(document_id) if mention.sentence_id in kept]
        yield store.reading(document_id), sentences, mentions


def _file_name(document: Document, ending: str) -> str:
    """A name that no other document has, and that every file system takes."""
    stem = re.sub(r"[^\w.-]+", "_", PurePath(document.path).stem)[:80] or "document"
    return f"{stem}-{document.id[:8]}.{ending}"


def _write_text(path: Path, parts: Iterable[str]) -> None:
    from textmine.report.output import written_by_rename

    with written_by_rename(path) as part, part.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(parts)


def _export_tei(store: Store, filter: Filter, folder: Path) -> int:
    from textmine.report.tei import tei_document

    n = 0
    for reading, sentences, mentions in _documents(store, filter):
        _write_text(folder / _file_name(reading.document, "xml"), [tei_document(reading, sentences, mentions)])
        n += 1
    return n


def _export_conllu(store: Store, filter: Filter, folder: Path) -> int:
    from textmine.report.conllu import conllu_lines

    n = 0
    for reading, sentences, mentions in _documents(store, filter):
        lines = (line + "\n" for line in conllu_lines(reading.document, sentences, mentions))
        _write_text(folder / _file_name(reading.document, "conllu"), lines)
        n += 1
    return n


def _sentence_rows(store: Store, filter: Filter) -> Iterator[dict[str, Any]]:
    for reading, sentences, mentions in _documents(store, filter):
        blocks = {block.id: block for block in reading.blocks}
        codes: dict[str, list[str]] = {}
        for mention in mentions:
            if not mention.negated and mention.code not in codes.setdefault(mention.sentence_id, []):
                codes[mention.sentence_id].append(mention.code)
        for sentence in sentences:
            block = blocks[sentence.block_id]
            yield {
                "sentence_id": sentence.id,
                "document_id": reading.document.id,
                "document": PurePath(reading.document.path).name,
                "year": reading.document.year,
                "page": sentence.boxes[0].page if sentence.boxes else block.page,
                "kind": block.kind,
                "section": " > ".join(block.section),
                "language": sentence.language,
                "text": sentence.text,
                "lemmas": " ".join(sentence.lemmas),
                "n_words": sentence.n_words,
                "codes": codes.get(sentence.id, []),
            }


def _export_parquet(store: Store, filter: Filter, folder: Path) -> int:
    """Hive partitions by year; documents without a year are under year=__HIVE_DEFAULT_PARTITION__."""
    import polars as pl

    documents = store.documents_frame(filter)
    _write_parquet(documents, folder / "documents.parquet")
    n = 1
    mentions = store.mentions_frame(filter).join(documents.select("document_id", "year"), on="document_id")
    for (year,), part in mentions.group_by("year", maintain_order=True):
        _write_parquet(part.drop("year"), _partition(folder, "mentions", year) / "part-0.parquet")
        n += 1
    waiting: dict[Any, list[dict[str, Any]]] = {}
    parts: Counter[Any] = Counter()
    schema: dict[str, Any] = dict.fromkeys(_SENTENCES, pl.String) | {
        "page": pl.Int64, "n_words": pl.Int64, "codes": pl.List(pl.String),
    }  # fmt: skip
    del schema["year"]

    def flush(year: Any) -> None:
        frame = pl.DataFrame(waiting.pop(year), schema=schema)
        _write_parquet(frame, _partition(folder, "sentences", year) / f"part-{parts[year]}.parquet")
        parts[year] += 1

    for row in _sentence_rows(store, filter):
        year = row.pop("year")
        waiting.setdefault(year, []).append(row)
        if sum(map(len, waiting.values())) >= _PART_ROWS:
            flush(max(waiting, key=lambda key: len(waiting[key])))
    for year in list(waiting):
        flush(year)
    return n + parts.total()


def _partition(folder: Path, table: str, year: int | None) -> Path:
    place = folder / table / f"year={year if year is not None else '__HIVE_DEFAULT_PARTITION__'}"
    place.mkdir(parents=True, exist_ok=True)
    return place


def _write_parquet(frame: Any, path: Path) -> None:
    from textmine.report.output import written_by_rename

    with written_by_rename(path) as part:
        frame.write_parquet(part)


def _write_rows(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], path: Path) -> None:
    from textmine.report.tables import write_table

    write_table(rows, columns, output=path)


def _export_xlsx(store: Store, filter: Filter, folder: Path) -> int:
    from textmine.store import MENTION_COLUMNS

    _write_rows(store.documents_frame(filter).iter_rows(named=True), _DOCUMENTS, folder / "documents.xlsx")
    _write_rows(store.mention_rows(filter), MENTION_COLUMNS, folder / "mentions.xlsx")
    return 2


def _term_rows(store: Store, filter: Filter) -> Iterator[dict[str, Any]]:
    for reading, sentences, _ in _documents(store, filter):
        counts = Counter(
            (sentence.language, lemma)
            for sentence in sentences
            for lemma in sentence.lemmas
            if any(map(str.isalpha, lemma))
        )
        for (language, lemma), n in sorted(counts.items()):
            yield {
                "document_id": reading.document.id,
                "document": PurePath(reading.document.path).name,
                "year": reading.document.year,
                "language": language,
                "lemma": lemma,
                "n": n,
            }


def _export_terms(store: Store, filter: Filter, folder: Path) -> int:
    """The document-term matrix in long form: what is not listed is 0 (`tidytext::cast_dtm`, `DataFrame.pivot`)."""
    _write_rows(_term_rows(store, filter), _TERMS, folder / "document_terms.csv")
    return 1


def _export_datapackage(store: Store, filter: Filter, folder: Path) -> int:
    tables: dict[str, tuple[Iterable[Mapping[str, Any]], Sequence[str]]] = {
        "documents": (store.documents_frame(filter).iter_rows(named=True), _DOCUMENTS),
        "sentences": (_sentence_rows(store, filter), _SENTENCES),
        "mentions": (store.mentions_frame(filter).iter_rows(named=True), _MENTIONS),
    }
    resources = []
    for name, (rows, columns) in tables.items():
        _write_rows(rows, columns, folder / f"{name}.csv")
        resources.append(
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [{"name": column, "type": _TYPES.get(column, "string")} for column in columns],
                    "primaryKey": columns[0],
                },
            }
        )
    package = {
        "profile": "tabular-data-package",
        "name": "textmine-corpus",
        "id": store.corpus_id(),
        "title": str(store.get_meta("title", store.path.stem)),
        "resources": resources,
    }
    _write_text(folder / "datapackage.json", [json.dumps(package, ensure_ascii=False, indent=2) + "\n"])
    return len(tables) + 1


_TYPES = {
    "year": "integer",
    "n_pages": "integer",
    "n_words": "integer",
    "n_sentences": "integer",
    "page": "integer",
    "negated": "boolean",
    "score": "number",
}
_WRITERS = {
    Kind.TEI: _export_tei,
    Kind.CONLLU: _export_conllu,
    Kind.PARQUET: _export_parquet,
    Kind.XLSX: _export_xlsx,
    Kind.DTM: _export_terms,
    Kind.DATAPACKAGE: _export_datapackage,
}

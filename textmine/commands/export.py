"""`textmine export`: the coded corpus in the formats that other tools read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

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

__all__ = ["register"]


class Kind(StrEnum):
    """What is made."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PARQUET = "parquet"
    TEI = "tei"
    CONLLU = "conllu"
    VERTICAL = "vertical"
    DTM = "dtm"
    QUANTEDA = "quanteda"
    REFI_QDA = "refi-qda"
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
    semicolons: Annotated[
        bool, typer.Option("--semicolons", help="CSV: semicolons between cells, decimal commas (Excel in Poland).")
    ] = False,
    bom: Annotated[bool, typer.Option("--bom", help="CSV: begin with a byte order mark (Excel).")] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="CSV: text as it is, also what Excel would run as a formula.")
    ] = False,
    codebook: Annotated[
        Path | None, typer.Option("--codebook", help="Your own codebook file or folder (refi-qda, quanteda).")
    ] = None,
) -> None:
    """Write documents, coded sentences and mentions for other tools; docs/exchange.md says which for which.

    csv, jsonl, xlsx: tables (xlsx with links to the pages). parquet: by year (DuckDB, Spark, R). tei (with metadata
    for TXM) and conllu: a file a document. vertical: for Sketch Engine. dtm: lemma counts as MatrixMarket.
    quanteda: texts, matrix, dictionaries and read.R. refi-qda: project and codebook for MAXQDA, NVivo, ATLAS.ti.
    datapackage: CSV with datapackage.json and CITATION.cff.

    Example: textmine export parquet out/ --region mazowieckie

    Example: textmine export csv for-excel/ --bom --semicolons
    """
    from textmine.codebook import load_codebook
    from textmine.errors import DataError
    from textmine.findings.data_package import write_package
    from textmine.findings.exports import EXPORTS, Export
    from textmine.findings.parquet import write_parquet
    from textmine.report.tables import CsvStyle
    from textmine.store import Filter, Store

    filter = Filter(
        region=region or "",
        level=level or "",
        type=document_type or "",
        language=language or "",
        years=parse_years(years),
    )
    settings = corpus_settings(corpus, codebook=codebook)
    style = CsvStyle(";", ",", bom, exact) if semicolons else CsvStyle(mark=bom, exact=exact)
    with Store.open(settings.corpus) as store:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(f"{folder}: cannot be made ({error.strerror}). Name another folder.") from error
        before = {path: path.stat().st_ino for path in folder.iterdir() if path.is_file()}
        if kind is Kind.PARQUET:
            written = write_parquet(store, filter, folder)
        else:
            writer = write_package if kind is Kind.DATAPACKAGE else EXPORTS[kind]
            written = writer(Export(store, filter, folder, load_codebook(settings.codebook), style))
    warn(f"{written} files in {folder}.")
    stale = sorted(path.name for path, inode in before.items() if path.exists() and path.stat().st_ino == inode)
    if stale:
        names = ", ".join(stale[:5]) + (" …" if len(stale) > 5 else "")
        warn(f"{len(stale)} other files were there before and stay: {names}")

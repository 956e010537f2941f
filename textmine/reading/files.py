"""Which files are read, and what a manifest says about them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from textmine.errors import DocumentError
from textmine.reading.spreadsheet import sheet_rows
from textmine.records import DOCUMENT_TYPES, LEVELS, Document

__all__ = [
    "METADATA_KEYS",
    "ORIGIN",
    "SUFFIXES",
    "document_file",
    "file_digest",
    "find_documents",
    "metadata_for",
    "read_manifest",
]

SUFFIXES = (".pdf", ".txt", ".md", ".html", ".htm", ".docx")
#: Key of a row that says where its values were given.
ORIGIN = "origin"
METADATA_KEYS = ("title", "year", "region", "level", "type", "issuer", "languages")
#: A manifest of 100,000 documents has some 20 MB; the longest title seen has 300 characters.
MANIFEST_MB_MAX = 100
VALUE_MAX = 4000


def find_documents(paths: Iterable[Path]) -> list[Path]:
    """Readable files among files and folders (with their subfolders), sorted, none twice.

    A file that is named is taken whatever its suffix; in a folder only files with a known suffix are.

    Raises:
        DocumentError: a path does not exist, or a folder holds no document; names it.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            inside = [
                item
                for item in sorted(path.rglob("*"))
                if item.suffix.lower() in SUFFIXES
                and item.is_file()
                and not any(part.startswith(".") for part in item.relative_to(path).parts)
            ]
            if not inside:
                raise DocumentError(f"{path}: no document in this folder ({', '.join(SUFFIXES)}).")
            for item in inside:
                found.setdefault(item.resolve(), item)
        elif path.is_file():
            found.setdefault(path.resolve(), path)
        else:
            raise DocumentError(f"{path}: no such file or folder. Check the path.")
    return sorted(found.values())


def read_manifest(path: Path) -> dict[str, dict[str, str]]:
    """Metadata by path from a CSV or an XLSX workbook with the column `path` and any of METADATA_KEYS.

    Columns may have their Polish names (`plik, tytuł, rok, województwo, poziom, rodzaj, wydawca, języki`), levels and
    types too. Empty cells are left out; `origin` names the manifest. In CSV comma, semicolon or tab parts the cells;
    UTF-8, with or without a byte order mark.

    Raises:
        DocumentError: the file cannot be read, has no column `path`, a wrong year, level or type, or is over 100 MB or
            4,000 characters a cell.
    """
    if path.suffix.lower() == ".xlsx":
        names, rows = sheet_rows(path)
    else:
        names, rows = _csv_rows(path)
    columns = {name: _COLUMNS.get(name.strip().lower(), name.strip().lower()) for name in names}
    if "path" not in columns.values():
        shown = ", ".join(names)[:200]
        raise DocumentError(f"{path}: the manifest has no column 'path' (found: {shown}).")
    manifest: dict[str, dict[str, str]] = {}
    for number, cells in enumerate(rows, 2):
        row = {columns[name]: value.strip() for name, value in cells.items() if name in columns and value}
        key = row.get("path", "").replace("\\", "/")
        if key:
            place = f"{path}, row {number} ({key[:80]})"
            values = {name: _value(name, row[name], place) for name in METADATA_KEYS if row.get(name)}
            manifest[key] = {**values, ORIGIN: path.name} if values else {}
    return manifest


#: Polish names of our columns, and other usual ones.
_COLUMNS = {
    "plik": "path", "ścieżka": "path", "sciezka": "path", "file": "path", "filename": "path", "nazwa pliku": "path",
    "tytuł": "title", "tytul": "title", "rok": "year", "województwo": "region", "wojewodztwo": "region",
    "poziom": "level", "szczebel": "level", "rodzaj": "type", "typ": "type", "wydawca": "issuer", "autor": "issuer",
    "instytucja": "issuer", "publisher": "issuer", "język": "languages", "języki": "languages", "jezyk": "languages",
    "jezyki": "languages", "language": "languages",
}  # fmt: skip
_SPELLINGS = {
    "level": dict.fromkeys(LEVELS, "") | {
        "unijny": "eu", "ue": "eu", "krajowy": "national", "regionalny": "regional", "wojewódzki": "regional",
        "lokalny": "local",
    },
    "type": dict.fromkeys(DOCUMENT_TYPES, "") | {
        "strategia": "strategy", "program": "programme", "plan": "programme", "raport": "report",
        "sprawozdanie": "report", "ewaluacja": "evaluation", "ustawa": "law", "prawo": "law", "artykuł": "article",
    },
}  # fmt: skip


def _value(name: str, value: str, place: str) -> str:
    """A cell as we hold it.

    Raises:
        DocumentError: it is no value for this column.
    """
    if len(value) > VALUE_MAX:
        raise DocumentError(f"{place}: {name} has over {VALUE_MAX:,} characters. Is a quote missing?")
    if name == "year":
        year = re.fullmatch(r"(\d{4})(?:\.0|-\d\d-\d\d)?(?:\s*r\.?)?", value)
        if year is None:
            raise DocumentError(
                f"{place}: year {value[:40]!r}, expected four digits such as 2013. Mend or empty the cell."
            )
        return year[1]
    if name in _SPELLINGS:
        known = _SPELLINGS[name]
        if value.lower() not in known:
            expected = ", ".join(word for word, ours in known.items() if not ours)
            raise DocumentError(f"{place}: {name} {value[:40]!r}, expected one of {expected}. Mend or empty the cell.")
        return known[value.lower()] or value.lower()
    return value


def _csv_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Names of the columns of a CSV, and its rows; what stands beyond the last column is left out."""
    try:
        with path.open("rb") as file:
            data = file.read(MANIFEST_MB_MAX * 2**20 + 1)
        if len(data) > MANIFEST_MB_MAX * 2**20:
            raise DocumentError(f"{path}: the manifest is over {MANIFEST_MB_MAX} MB. Is it the right file?")
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: the manifest cannot be read ({error}). It must be CSV in UTF-8.") from error
    head = text.split("\n", 1)[0]
    separator = ";" if head.count(";") > head.count(",") else "\t" if head.count("\t") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        names, rows = reader.fieldnames or [], list(reader)
    except csv.Error as error:
        place = f"{path}, after line {reader.line_num}"
        raise DocumentError(f"{place}: {error}. Mend the manifest; it must be CSV.") from error
    return list(names), [{name: row[name] or "" for name in names} for row in rows]


def metadata_for(path: Path, manifest: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """The manifest's row whose path is the end of this file's path, the longest such; empty when it has none."""
    parts = path.absolute().parts
    for n_parts in range(len(parts), 0, -1):
        row = manifest.get("/".join(parts[-n_parts:]))
        if row is not None:
            return row
    return {}


def file_digest(path: Path) -> str:
    """SHA-256 of the bytes of a file: the id of the document that it is."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def document_file(document: Document, corpus: Path, *, digest: Callable[[Path], str] = file_digest) -> Path:
    """The file of a stored document, unchanged since it was read: at its path, or beside the store.

    Args:
        corpus: the store; relative paths are also looked for from its folder.
        digest: gives the id of a file.
    Raises:
        DocumentError: it is not there, or it is another file now.
    """
    given = Path(document.path)
    folder = corpus.absolute().parent
    places = [given, folder / given, folder / given.name] if not given.is_absolute() else [given, folder / given.name]
    for place in places:
        if place.is_file() and digest(place) == document.id:
            return place
    raise DocumentError(f"{given.name}: the file is not at its place, or it was changed since it was read.")

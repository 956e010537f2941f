"""A table in an XLSX workbook as rows of text: the first sheet that has rows, its first row as names."""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textmine.errors import DocumentError

__all__ = ["sheet_rows"]

#: A workbook unpacks to no more; ten thousand documents with their titles take about 5 MB.
UNPACKED_MAX = 500 * 1024 * 1024


def sheet_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Names of the columns, and the rows as texts by name; a whole number has no decimals, a date is ISO 8601.

    Raises:
        DocumentError: it cannot be read, is no XLSX workbook, is too large, or has no rows.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > UNPACKED_MAX:
            raise DocumentError(f"{path}: unpacks to more than {UNPACKED_MAX // 1048576} MB. Save it as CSV in UTF-8.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl says which styles and drop-downs it does not keep
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                rows = [list(row) for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
                if rows:
                    names = [_text(cell) for cell in rows[0]]
                    return names, list(_by_name(names, rows[1:]))
        finally:
            book.close()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror}). Check the path.") from error
    except DocumentError:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged workbook makes its parts raise
        raise DocumentError(
            f"{path}: not an XLSX workbook ({error or type(error).__name__}). Save it again without a password."
        ) from error
    raise DocumentError(f"{path}: no sheet of this workbook has rows. Is it the right file?")


def _by_name(names: list[str], rows: list[list[Any]]) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {name: _text(cell) for name, cell in zip(names, row, strict=False) if name}


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat()
    return str(cell).strip()

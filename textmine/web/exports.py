"""Files to save: rows written just as the command line writes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from fastapi import Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from textmine.report.tables import write_table

__all__ = ["Format", "file_response"]

Format = Literal["csv", "tsv", "json", "jsonl", "parquet", "xlsx"]
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_response(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, format: Format, name: str) -> Response:
    """The rows as a file `name.format`, byte for byte what `--format` and `--output` of a command give."""
    folder = tempfile.TemporaryDirectory(prefix="textmine-export-")
    path = Path(folder.name) / f"{name}.{format}"
    try:
        write_table(rows, columns, format=format, output=path)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path, media_type=MEDIA_TYPES[format], filename=path.name, background=BackgroundTask(folder.cleanup)
    )

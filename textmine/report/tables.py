"""`write_table`: the rows of any command as a table on a terminal, CSV, TSV, JSON, JSON lines, Parquet or XLSX.

Lists are arrays in JSON and Parquet, and joined by `;` elsewhere. Text that a spreadsheet would run as a formula is
defused in CSV and TSV by an apostrophe before it (to undo: take one away where `'*[=+-@]` begins a cell), in XLSX by
the cell's own mark for text.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from textmine.errors import SettingsError
from textmine.report.output import written_by_rename

__all__ = ["FORMATS", "TERMINAL_ROWS", "CsvStyle", "cell_text", "json_row", "json_value", "write_table"]

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "parquet", "xlsx")

#: Rows shown on a terminal when no limit is given.
TERMINAL_ROWS = 50

#: Width of a table that goes to a file or a pipe, where no terminal says its own.
_PIPE_WIDTH = 200

Row = Mapping[str, Any]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BREAKS = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")
#: Controls that could steer a terminal, and that XML (so XLSX) cannot hold.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
#: A cell of XLSX holds no more.
_XLSX_CELL = 32_767
_XLSX_ROWS = 1_048_575
#: A sheet holds no more links, and a link no more signs; what is beyond stands as text.
_XLSX_LINKS, _XLSX_LINK = 65_530, 2_079


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How CSV is spelled. Excel on a Polish system wants a mark, semicolons and decimal commas; R and pandas do not.

    `mark` puts a byte order mark first, `exact` leaves text as it is, formulas included: not for spreadsheets.
    """

    separator: str = ","
    decimal: str = "."
    mark: bool = False
    exact: bool = False


def write_table(
    rows: Iterable[Row],
    columns: Sequence[str],
    *,
    format: str | None = None,
    output: Path | None = None,
    limit: int | None = None,
    csv_style: CsvStyle = CsvStyle(),
) -> None:
    """Write rows to stdout, or to a file, which appears only when it is whole.

    Args:
        rows: read no further than the limit. JSON also writes the keys that are not in `columns`.
        format: one of FORMATS; None is a table on a terminal and TSV in a pipe, and goes by the ending of a file.
        limit: rows at most; None is TERMINAL_ROWS for a table on a terminal, else all.
        csv_style: how CSV is spelled.
    Raises:
        SettingsError: the format is not known, or is binary and would go to a terminal.
        TextmineError: the file cannot be written.
    """
    on_terminal = output is None and sys.stdout.isatty()
    format = format or _default_format(output, on_terminal=on_terminal)
    if format not in FORMATS:
        raise SettingsError(f"format: found {format!r}, expected one of {', '.join(FORMATS)}.")
    if limit is None and format == "table" and on_terminal:
        limit = TERMINAL_ROWS
    taken = _Limited(rows, limit)
    if format in _BINARY:
        if on_terminal:
            raise SettingsError(f"{format} is not for a terminal. Add --output FILE.{format}, or send it into a pipe.")
        _write_binary(_BINARY[format], taken, columns, output)
        return
    writer = partial(_write_csv, style=csv_style) if format == "csv" else _TEXT[format]
    if output is None:
        writer(taken, columns, sys.stdout)
    else:
        with written_by_rename(output) as part, part.open("w", encoding="utf-8", newline="") as stream:
            writer(taken, columns, stream)
    if on_terminal and taken.is_cut:
        print(f"The first {limit} rows. More with --limit N, all with --format csv.", file=sys.stderr)  # noqa: T201


def _default_format(output: Path | None, *, on_terminal: bool) -> str:
    if output is not None:
        ending = output.suffix.lstrip(".").lower()
        return ending if ending in FORMATS else "tsv"
    return "table" if on_terminal else "tsv"


class _Limited:
    """Rows up to a limit; `is_cut` tells afterwards whether there were more."""

    def __init__(self, rows: Iterable[Row], limit: int | None) -> None:
        self._rows, self._limit = rows, limit
        self.is_cut = False

    def __iter__(self) -> Iterator[Row]:
        rows = iter(self._rows)
        yield from itertools.islice(rows, self._limit)
        if self._limit is not None:
            self.is_cut = next(rows, None) is not None


def _plain(value: Any) -> str:
    """A value as text in one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value)
    if isinstance(value, Mapping):
        return json.dumps(json_value(value), ensure_ascii=False)
    if isinstance(value, list | tuple | set | frozenset):
        return ";".join(_plain(part) for part in value)
    return str(value)


def _defused(value: Any) -> Any:
    """A value for a spreadsheet: numbers as they are, text never a formula."""
    if isinstance(value, bool | int | float):
        return value
    text = _plain(value)
    # apostrophes before the sign get one more too, so that one can be taken away again
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def cell_text(text: str) -> str:
    """Text for a cell of XLSX: without control characters, and not longer than a cell."""
    return _cut(_CONTROLS.sub("", text), _XLSX_CELL)


def json_value(value: Any) -> Any:
    """A value as JSON has it: no number without end, lists for sets and tuples, texts for what it does not know."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): json_value(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def json_row(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """A row as `--format json` writes it: the columns first, then its other keys, each a value that JSON has."""
    extra = [key for key in row if key not in columns]
    return {key: json_value(row.get(key)) for key in (*columns, *extra)}


def _write_csv(
    rows: Iterable[Row],
    columns: Sequence[str],
    stream: TextIO,
    style: CsvStyle = CsvStyle(),
) -> None:
    def spelled(value: Any) -> str:
        if isinstance(value, float):
            return _plain(value).replace(".", style.decimal)
        return _plain(value if style.exact else _defused(value))

    if style.mark:
        stream.write("\ufeff")
    writer = csv.writer(stream, delimiter=style.separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([spelled(row.get(column)) for column in columns] for row in rows)


def _write_tsv(rows: Iterable[Row], columns: Sequence[str], stream: TextIO) -> None:
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
    writer.writerow(columns)
    # tabs and line breaks become spaces: a line is a row, also for cut and awk; other controls could steer a terminal
    for row in rows:
        cells = (_BREAKS.sub(" ", _plain(_defused(row.get(column)))) for column in columns)
        writer.writerow([_CONTROLS.sub("", cell) for cell in cells])


def _write_json(rows: Iterable[Row], columns: Sequence[str], stream: TextIO) -> None:
    separator = "[\n"
    for row in rows:
        stream.write(separator + json.dumps(json_row(row, columns), ensure_ascii=False))
        separator = ",\n"
    stream.write("[]\n" if separator == "[\n" else "\n]\n")


def _write_jsonl(rows: Iterable[Row], columns: Sequence[str], stream: TextIO) -> None:
    for row in rows:
        stream.write(json.dumps(json_row(row, columns), ensure_ascii=False) + "\n")


def _write_rich(rows: Iterable[Row], columns: Sequence[str], stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream, width=None if stream.isatty() else _PIPE_WIDTH)
    numeric = dict.fromkeys(columns, True)
    kept: list[dict[str, str]] = []
    for row in rows:
        kept.append({column: _CONTROLS.sub("", _for_table(row.get(column))) for column in columns})
        for column in columns:
            numeric[column] &= isinstance(row.get(column), int | float | None)
    concordance = {"left", "match", "right"} <= set(columns)
    if concordance:
        kept = _fitted(kept, columns, console.width)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            column,
            justify="right" if numeric[column] or (concordance and column == "left") else "left",
            no_wrap=concordance and column != "codes",
            style="bold" if concordance and column == "match" else None,
            overflow="fold",
        )
    for row in kept:
        table.add_row(*(Text(row[column]) for column in columns))
    console.print(table)


def _fitted(rows: Sequence[dict[str, str]], columns: Sequence[str], width: int) -> list[dict[str, str]]:
    """Rows of a concordance cut so that hits stand under each other within the width."""
    most = {"document": 24, "region": 20, "match": 30, "codes": 24}
    cells = [
        row | {column: _cut(row[column], most[column]) for column in ("document", "region", "match") if column in row}
        for row in rows
    ]
    others = [column for column in columns if column not in ("left", "right")]
    taken = sum(
        min(most.get(column, 12), max((len(column), *(len(row[column]) for row in cells)))) for column in others
    )
    side = max(10, (width - taken - 2 * len(columns)) // 2)
    return [row | {"left": row["left"][-side:], "right": row["right"][:side]} for row in cells]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _for_table(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(_plain, value))  # with a space, so that lines break between parts
    return _BREAKS.sub(" ", _plain(value))


_TEXT: dict[str, Callable[[Iterable[Row], Sequence[str], TextIO], None]] = {
    "table": _write_rich,
    "csv": _write_csv,
    "tsv": _write_tsv,
    "json": _write_json,
    "jsonl": _write_jsonl,
}


def _parquet_bytes(rows: Iterable[Row], columns: Sequence[str], target: Any) -> None:
    from textmine.report.frames import to_frame  # polars

    to_frame(rows, columns).write_parquet(target)


def _xlsx_bytes(rows: Iterable[Row], columns: Sequence[str], target: Any) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("textmine")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        text = book.add_format({"quote_prefix": True})
        link = book.get_default_url_format()
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column, bold)
        for number, row in enumerate(rows, 1):
            if number > _XLSX_ROWS:
                raise SettingsError(
                    f"xlsx holds {_XLSX_ROWS:,} rows and there are more. Use csv or parquet, or --limit."
                )
            for place, column in enumerate(columns):
                value = row.get(column)
                if isinstance(value, bool):
                    sheet.write_boolean(number, place, value)
                elif not isinstance(value, int | float):
                    shown = cell_text(_plain(value))
                    if column == "link" and "://" in shown and number <= _XLSX_LINKS and len(shown) <= _XLSX_LINK:
                        # xlsxwriter turns the slashes of file:// over, which only Windows understands
                        sheet.write_url(number, place, re.sub("^file:", "FILE:", shown), link, shown)
                    else:
                        sheet.write_string(number, place, shown, text if shown.startswith(_FORMULA) else None)
                elif math.isfinite(value):
                    sheet.write_number(number, place, value)


_BINARY: dict[str, Callable[[Iterable[Row], Sequence[str], Any], None]] = {
    "parquet": _parquet_bytes,
    "xlsx": _xlsx_bytes,
}


def _write_binary(
    writer: Callable[[Iterable[Row], Sequence[str], Any], None],
    rows: Iterable[Row],
    columns: Sequence[str],
    output: Path | None,
) -> None:
    if output is None:
        buffer = io.BytesIO()
        writer(rows, columns, buffer)
        sys.stdout.buffer.write(buffer.getvalue())
        return
    with written_by_rename(output) as part, part.open("wb") as stream:
        writer(rows, columns, stream)

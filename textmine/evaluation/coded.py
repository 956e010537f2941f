"""What coders send back: CSV, TSV, XLSX, JSON lines or JSON of annotation tools -> decisions, each code checked.

Columns: `sentence_id` (or `id`); the codes in `codes` (joined by `;`), in one column a family, in `more`, `code_1` …;
and, if any, `names, state, note, time, coder, sample, document_id, language, text, stratum, chance`. A code may be
followed by its name (`barrier.trust – lack of trust`); `none` says that no code applies. In a table with a column
`state` a row without codes and state is still open; without that column it says that no code applies.
docs/human-coding.md shows what Label Studio, doccano and Prodigy export; all three are read.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
import warnings
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textmine.errors import DataError
from textmine.records import Coding, CodingState, SampleSentence

__all__ = ["CodedFile", "read_coded"]

#: What coders write for a state, in both languages.
STATES: dict[str, CodingState] = {
    "done": "done", "x": "done", "ok": "done", "gotowe": "done", "zrobione": "done", "accept": "done",
    "uncertain": "uncertain", "?": "uncertain", "niepewne": "uncertain",
    "skipped": "skipped", "skip": "skipped", "pominięte": "skipped", "pominiete": "skipped", "ignore": "skipped",
    "reject": "skipped",
}  # fmt: skip
NONE = frozenset(("none", "brak", "-", "–", "—", "0"))
#: Keys under which annotation tools keep the codes of a sentence: ours, doccano, doccano's older exports, Prodigy.
CODE_KEYS = ("codes", "label", "labels", "accept")
#: Faults that a message lists.
SHOWN = 5
#: Bytes an XLSX file may hold unpacked.
MAX_BYTES = 300_000_000
#: What textmine writes before text that a spreadsheet would run as a formula.
_DEFUSED = re.compile(r"^'(?='*[=+\-@\t\r])")
_CODE_COLUMN = re.compile(r"(codes?|more)(_?\d+)?")


@dataclass(frozen=True, slots=True)
class CodedFile:
    """The sentences of a file, the decisions on them, and how many are still open."""

    sentences: tuple[SampleSentence, ...]
    codings: tuple[Coding, ...]
    n_open: int


def read_coded(path: Path, codes: Collection[str], *, coder: str = "", codebook_id: str = "") -> CodedFile:
    """The decisions in a file.

    Args:
        codes: the codes that there are.
        coder: of rows that name none; empty: the file's name without its ending.
    Raises:
        DataError: it cannot be read, has no column for sentences or codes, or a row has an unknown code or state, or
            stands twice; the message names file, row, what was found and the nearest code.
    """
    families = {code.partition(".")[0] for code in codes}
    rows = list(_read_rows(path))
    if not rows:
        raise DataError(f"{path.name}: holds no rows. Expected sentence_id and codes.")
    columns = {column for _, row in rows for column in row}
    code_columns = [name for name in columns if _CODE_COLUMN.fullmatch(name) or name in families]
    if "sentence_id" not in columns or not code_columns:
        found = ", ".join(sorted(columns)[:12])
        raise DataError(f"{path.name}: found the columns {found}; expected sentence_id (or id) and codes.")
    has_state = "state" in columns  # in JSON a missing or null list is open, whatever the columns
    faults: list[str] = []
    sentences: dict[str, SampleSentence] = {}
    codings: dict[tuple[str, str], Coding] = {}
    n_open = 0
    for number, row in rows:
        here: list[str] = []
        name = _text(row.get("sentence_id"))
        if not name:
            faults.append(f"row {number}: no sentence_id")
            continue
        given = _codes([row[column] for column in sorted(code_columns) if column in row], codes, here)
        state = _state(_text(row.get("state")), here)
        names, note = _names(row.get("names")), _text(row.get("note"))
        sentences.setdefault(name, _sentence(name, row, here))
        if given is None and state is None and (has_state or row.get("_json")):
            n_open += 1
            if note or names:
                here.append("a note or a name but no decision; write codes, none, or a state")
        else:
            key = _text(row.get("coder")) or coder or path.stem, name
            if key in codings:
                here.append(f"sentence {name} stands twice")
            codings[key] = Coding(
                name, key[0], frozenset(given or ()), names, state or "done", note, _text(row.get("time")),
                codebook_id, _text(row.get("sample")),
            )  # fmt: skip
        faults += [f"row {number}: {fault}" for fault in here]
    if faults:
        more = f" … and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise DataError(f"{path.name}, {'; '.join(faults[:SHOWN])}{more}. Mend the file; nothing was taken from it.")
    return CodedFile(tuple(sentences.values()), tuple(codings.values()), n_open)


def _codes(cells: Iterable[Any], codes: Collection[str], faults: list[str]) -> set[str] | None:
    """The codes in cells; an empty set where they say none or hold an empty list; None where they are empty."""
    found: set[str] = set()
    decided = False
    for cell in cells:
        if isinstance(cell, list | tuple):
            decided = True
        parts = cell if isinstance(cell, list | tuple) else re.split(r"[;\n]", _text(cell))
        for part in parts:
            # what follows a dash between spaces is the code's name
            for word in re.split(r"[,\s]+", re.split(r"\s[–—-]\s", str(part).strip())[0].strip()):
                code = word.casefold()
                if code in NONE:
                    decided = True
                elif code in codes:
                    found.add(code)
                elif code:
                    near = difflib.get_close_matches(code, codes, 1)
                    faults.append(f"unknown code {word!r}" + (f" (nearest: {near[0]})" if near else ""))
    return found if found or decided else None


def _state(text: str, faults: list[str]) -> CodingState | None:
    if text and text.casefold() not in STATES:
        faults.append(f"unknown state {text!r} (done, uncertain or skipped)")
    return STATES.get(text.casefold())


def _names(cell: Any) -> tuple[str, ...]:
    parts = cell if isinstance(cell, list | tuple) else _text(cell).split(";")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _sentence(name: str, row: Mapping[str, Any], faults: list[str]) -> SampleSentence:
    chance: float | None = None
    if text := _text(row.get("chance")):
        try:
            chance = float(text.replace(",", "."))
        except ValueError:
            chance = 0.0
        if not 0 < chance <= 1:
            faults.append(f"chance {text!r} is not in (0, 1]")
    return SampleSentence(
        sentence_id=name,
        document_id=_text(row.get("document_id")) or _text(row.get("document")),
        language=_text(row.get("language")) or _text(row.get("lang")),
        text=_text(row.get("text")),
        stratum=_text(row.get("stratum")),
        chance=chance,
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _read_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(number of the row or line, its cells by column) of a file, by its ending."""
    kind = path.suffix.lower()
    try:
        if kind in (".xlsx", ".xlsm"):
            yield from _xlsx_rows(path)
        elif kind in (".jsonl", ".json", ".ndjson"):
            for number, row in _json_objects(path):
                yield number, _flat(row, path, number)
        else:
            yield from _csv_rows(path)
    except DataError:
        raise
    except Exception as error:  # openpyxl lets through whatever a damaged workbook makes its parts raise
        raise DataError(f"{path}: cannot be read ({error}). Give CSV, XLSX or JSON lines.") from error


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of CSV as programs of both languages save it: commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1250."""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1250")  # what Excel in Poland saves
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    names = [_column(cell) for cell in next(reader, [])]
    for number, cells in enumerate(reader, 2):
        if any(cell.strip() for cell in cells):
            yield number, {name: _DEFUSED.sub("", cell) for name, cell in zip(names, cells, strict=False)}


def _xlsx_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows of the sheet `sentences`, or of the first."""
    import openpyxl

    with zipfile.ZipFile(path) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_BYTES:
            raise DataError(f"{path.name}: holds over {MAX_BYTES // 1_000_000} MB unpacked. Save only the sentences.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says which drop-downs and styles it does not keep
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book["sentences"] if "sentences" in book.sheetnames else book.worksheets[0]
            rows = sheet.iter_rows(values_only=True)
            names = [_column(cell) for cell in next(rows, ())]
            for number, cells in enumerate(rows, 2):
                if any(_text(cell) for cell in cells):
                    yield number, {name: cell for name, cell in zip(names, cells, strict=False) if name}
        finally:
            book.close()


def _column(cell: Any) -> str:
    name = _text(cell).casefold().replace(" ", "_")
    return "sentence_id" if name in ("id", "sentence") else name


def _json_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    text = path.read_text(encoding="utf-8-sig")
    if text.lstrip().startswith("["):
        rows = list(enumerate(json.loads(text), 1))
    else:
        rows = [(number, json.loads(line)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    for number, row in rows:
        if not isinstance(row, dict):
            raise ValueError(f"row {number} is not an object")
        yield number, row


def _flat(row: Mapping[str, Any], path: Path, number: int) -> dict[str, Any]:
    """An object of ours, of doccano, Prodigy or Label Studio as one row."""
    inner: dict[str, Any] = {}
    for key in ("data", "meta", "metadata"):
        if isinstance(row.get(key), dict):
            inner |= row[key]
    flat = {**inner, **{key: value for key, value in row.items() if key not in ("data", "meta", "metadata")}}
    own = inner.get("sentence_id") or row.get("sentence_id") or inner.get("id") or row.get("id")
    flat["sentence_id"] = own
    flat["_json"] = True
    said = [flat.pop(key, None) for key in CODE_KEYS]
    if "annotations" in row:  # Label Studio: the newest annotation that was not cancelled
        done = [one for one in row["annotations"] if not one.get("was_cancelled")]
        if row["annotations"] and not done:
            flat["state"] = "skipped"
        said = [[code for part in done[-1]["result"] for code in part["value"].get("choices", ())]] if done else [None]
    if "answer" in flat:  # Prodigy
        flat["state"] = {"accept": flat.get("state")}.get(flat["answer"], flat["answer"])
    flat["codes"] = next((one for one in said if one is not None), None)
    if isinstance(flat["codes"], list) and not all(isinstance(code, str) for code in flat["codes"]):
        raise DataError(f"{path.name}, row {number}: codes with places in the text; expected a list of codes.")
    return flat

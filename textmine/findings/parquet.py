"""The coded corpus as Parquet, partitioned by year, for DuckDB, Spark, pandas, polars and R.

    documents.parquet
    sentences/year=2014/part-0.parquet ...
    mentions/year=2014/part-0.parquet ...

The year of a partition is in the name of its folder (Hive style) and not in its files; documents without a year are
under `year=__HIVE_DEFAULT_PARTITION__`, which readers give as null; where there are such, pandas reads them by
`pyarrow.dataset.dataset(folder, partitioning="hive").to_table().to_pandas()`. Memory holds one document and the
rows of one file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from textmine.errors import DataError
from textmine.findings.exports import SENTENCE_COLUMNS, SPAN_COLUMNS, coded_documents, sentence_rows
from textmine.report.output import renamed_into
from textmine.store import Filter, Store

__all__ = ["write_parquet"]

#: Rows in one file: few enough for little memory, many enough to be read fast.
PART_ROWS = 100_000
_INTEGERS, _TEXTS = ("page", "n_words", "start", "end"), pl.List(pl.String)
_TYPES = dict.fromkeys(_INTEGERS, pl.Int64()) | {"codes": _TEXTS, "negated": pl.Boolean(), "score": pl.Float64()}


def write_parquet(store: Store, filter: Filter, folder: Path) -> int:
    """Write the three tables into a folder, in the place of what an earlier export left there; how many files.

    They are made in a folder of their own and renamed when all are whole.

    Raises:
        DataError: `sentences` or `mentions` is there and holds something else.
        TextmineError: the folder cannot be written.
    """
    for table in ("sentences", "mentions"):
        strange = [path.name for path in (folder / table).glob("*") if not path.name.startswith("year=")]
        if strange:
            raise DataError(f"{folder / table}: holds {strange[0]}, which is no export of ours. Name another folder.")
    with renamed_into(folder) as made:
        store.documents_frame(replace(filter, language="")).write_parquet(made / "documents.parquet")
        sentences = _Table(made / "sentences", SENTENCE_COLUMNS)
        mentions = _Table(made / "mentions", ("year", *SPAN_COLUMNS))
        for document in coded_documents(store, filter):
            blocks = {sentence.id: sentence.block_id for sentence in document[1]}
            for row in sentence_rows([document]):
                year, own = row.pop("year"), row.pop("mentions")
                sentences.add(year, row)
                keys = {name: row[name] for name in ("sentence_id", "document_id", "language")}
                for mention in own:
                    mentions.add(year, mention | keys | {"block_id": blocks[row["sentence_id"]]})
        return 1 + sentences.close() + mentions.close()


class _Table:
    """A table in the making: rows wait by year, and go into a file of their year when they are many."""

    def __init__(self, folder: Path, columns: tuple[str, ...]) -> None:
        self._folder = folder
        self._schema = {name: _TYPES.get(name, pl.String()) for name in columns if name != "year"}
        self._waiting: dict[int | None, list[dict[str, Any]]] = {}
        self._n_waiting = 0
        self._parts: Counter[int | None] = Counter()

    def add(self, year: int | None, row: dict[str, Any]) -> None:
        self._waiting.setdefault(year, []).append(row)
        self._n_waiting += 1
        if self._n_waiting >= PART_ROWS:
            self._flush(max(self._waiting, key=lambda key: len(self._waiting[key])))

    def close(self) -> int:
        """Write what waits; how many files there are. Without a row there is an empty one, which tells the columns."""
        for year in list(self._waiting) or ([] if self._parts else [None]):
            self._flush(year)
        return self._parts.total()

    def _flush(self, year: int | None) -> None:
        rows = self._waiting.pop(year, [])
        self._n_waiting -= len(rows)
        place = self._folder / f"year={year if year is not None else '__HIVE_DEFAULT_PARTITION__'}"
        place.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows, schema=self._schema).write_parquet(place / f"part-{self._parts[year]}.parquet")
        self._parts[year] += 1

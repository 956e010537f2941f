"""`to_frame`: rows as a polars frame whose columns have their types also where all their cells are empty."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from textmine.report.tables import json_value

__all__ = ["to_frame"]

_INTEGERS = frozenset(
    str.split("""
    year page rank n_pages n_words n_sentences n_documents n_mentions n_first n_second n_units n_years of_sentences
    of_words n_with n_documents_with
    """)
)
_NUMBERS = frozenset(
    str.split("""
    value low high n denominator score q q0 before after share around excess difference first second weight stability
    coherence x0 top x1 bottom rate_per_10k rate_per_100s low_100s high_100s share_documents low_share high_share
    probability p tau p_hamed_rao power z likeness per_1000_sentences
    """)
)
_LISTS = frozenset(str.split("codes terms names negated evidence mention_ids scores flags"))


def to_frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pl.DataFrame:
    """The rows as a frame of shape (n_rows, n_columns), in their order.

    Lists stay lists (sets are sorted), mappings become JSON texts, a key that a row has not is null. A column whose
    cells are all empty, or of a frame without rows, has the type that it has elsewhere.
    """
    kept = [{column: _cell(row.get(column)) for column in columns} for row in rows]
    # the whole is looked at: a column may begin with thousands of empty cells
    frame = pl.DataFrame(kept, infer_schema_length=None, strict=False) if kept else pl.DataFrame(schema=list(columns))
    vague = [name for name, kind in frame.schema.items() if kind in (pl.Null, pl.List(pl.Null))]
    return frame.with_columns(pl.col(name).cast(_usual_type(name)) for name in vague).select(columns)


def _usual_type(column: str) -> pl.DataType:
    if column in _INTEGERS:
        return pl.Int64()
    if column in _NUMBERS:
        return pl.Float64()
    if column in _LISTS:
        return pl.List(pl.Float64() if column == "scores" else pl.String())
    return pl.String()


def _cell(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    return json.dumps(json_value(value), ensure_ascii=False) if isinstance(value, Mapping) else value

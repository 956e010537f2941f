"""The addresses of pages: stable, readable, the same for a link of a page, a point of a chart and a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from textmine.statistics.periods import period_years
from textmine.store import Filter
from textmine.trends.counts import MIN_PART_SENTENCES
from textmine.web.questions import NO_REGION, Search

__all__ = [
    "address",
    "document_address",
    "evidence_address",
    "filter_parameters",
    "period_text",
    "rate_address",
    "row_address",
    "search_parameters",
    "without",
    "years_text",
]

#: Characters of a document's id in an address: 64 bits, enough for any corpus.
ID_LENGTH = 16


def address(path: str, parameters: Mapping[str, Any] | Sequence[tuple[str, Any]] = ()) -> str:
    """A path with its parameters; empty ones are left out, sequences are repeated."""
    pairs: list[tuple[str, str]] = []
    for key, value in parameters.items() if isinstance(parameters, Mapping) else parameters:
        values = value if isinstance(value, list | tuple) else (value,)
        for one in values:
            if one is True:
                pairs.append((key, "true"))
            elif one is not None and one is not False and one != "":
                pairs.append((key, str(one)))
    return path + (f"?{urlencode(pairs, safe=':*,.@', quote_via=quote)}" if pairs else "")


def document_address(document_id: str, *, page: int | None = None, sentence: str = "") -> str:
    """A document, on a page, with a sentence marked (the address then leads straight to it)."""
    found = address(f"/documents/{document_id[:ID_LENGTH]}", {"page": page, "sentence": sentence})
    return f"{found}#here" if sentence else found


def row_address(row: Mapping[str, Any]) -> str:
    """The place of a row of `mentions` or `query`."""
    sentence = row.get("sentence_id") or row.get("sentence") or ""
    return document_address(row["document_id"], page=row["page"], sentence=sentence)


def filter_parameters(filter: Filter) -> dict[str, Any]:
    """A filter as parameters of an address."""
    return {
        "code": filter.codes,
        "region": filter.region,
        "level": filter.level,
        "type": filter.type,
        "language": filter.language,
        "years": years_text(filter.years),
        "section": filter.section,
        "name": filter.name,
        "document": filter.document,
        "negated": filter.negated,
    }


def years_text(years: tuple[int, int] | None) -> str:
    """Years as `2004:2013`, `2004` or an empty text."""
    if years is None:
        return ""
    first, last = years
    if first == last:
        return str(first)
    return f"{first or ''}:{last if last < 9999 else ''}"


def search_parameters(search: Search) -> dict[str, Any]:
    """A search as parameters of an address."""
    return {
        "q": search.text,
        "exact": search.exact,
        "also": search.also,
        "near": search.near,
        "like": search.like,
        "show": search.show if search.show != "kwic" else "",
        "sort": search.sort,
        **filter_parameters(search.filter),
    }


def evidence_address(filter: Filter, **more: Any) -> str:
    """The list of coded sentences that fit a filter."""
    return address("/evidence", {**filter_parameters(filter), **more})


def period_text(period: str) -> str:
    """A period (or a year, or `all`) as the years of an address."""
    if period == "all":
        return "0:9999"
    first, last = period_years(period)
    return str(first) if first == last else f"{first}:{last}"


def rate_address(code: str, period: str, filter: Filter, *, group: str = "", label: str = "") -> str:
    """The sentences behind a rate: those of its code, period and group.

    Args:
        code: a code, a family, or a series `name.…` or `query.…` of a trend question.
    """
    given = filter_parameters(filter)
    given["years"] = _narrowed(period, filter.years)
    if group == "region":
        given["region"] = label or NO_REGION
    elif group:
        given[group] = label
    if group == "language":
        given["least"] = MIN_PART_SENTENCES
    kind, _, rest = code.partition(".")
    if kind == "query":
        return address("/search", {**given, "q": rest, "code": ()})
    if kind == "name":
        return address("/evidence", {**given, "code": "cluster.named", "name": rest})
    return address("/evidence", {**given, "code": code})


def _narrowed(period: str, years: tuple[int, int] | None) -> str:
    """The years of a period that a filter by years leaves."""
    first, last = (0, 9999) if period == "all" else period_years(period)
    if years is not None:
        first, last = max(first, years[0]), min(last, years[1])
    return str(first) if first == last else f"{first}:{last}"


def without(parameters: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The parameters with one value of one key taken away."""
    kept = dict(parameters)
    old = kept[key]
    kept[key] = [one for one in old if one != value] if isinstance(old, list | tuple) else None
    return kept

"""What an address asks for: filters, trend questions and searches, the same words as on the command line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Annotated, Literal

from fastapi import Depends, Query

from textmine.errors import QueryError, SettingsError
from textmine.findings.places import region_name
from textmine.findings.trends import TrendQuestion
from textmine.store import Filter, Scope, Store
from textmine.trends.counts import match_series

__all__ = [
    "NO_REGION",
    "AskedFilter",
    "AskedSearch",
    "AskedTrend",
    "Search",
    "asked_filter",
    "asked_search",
    "asked_trend",
    "parse_years",
    "recalled",
    "scope_of",
]

#: Stands for documents without a region in an address.
NO_REGION = "none"
_CODE = r"^[a-z_.*?]*$"
_YEARS = r"^\s*(\d{1,4}\s*:?\s*(\d{1,4})?|:\s*\d{1,4})?\s*$"

Text = Annotated[str, Query(max_length=200)]
Codes = Annotated[
    list[Annotated[str, Query(max_length=60, pattern=_CODE)]],
    Query(description="A code or pattern (`barrier.*`); may be repeated.", max_length=60),
]
Years = Annotated[str, Query(pattern=_YEARS, description="A year or a range A:B, both ends included.")]
LanguageCode = Annotated[Literal["", "pl", "en"], Query(description="Language of the sentence.")]
Level = Literal["", "eu", "national", "regional", "local"]
Kind = Literal["", "strategy", "programme", "report", "evaluation", "law", "article"]


def parse_years(text: str) -> tuple[int, int] | None:
    """First and last year of `2004:2013`, `2004:`, `:2013` or `2004`; None for an empty text.

    Raises:
        SettingsError: the first year is after the last.
    """
    plain = re.sub(r"\s", "", text)
    if not plain or plain == ":":
        return None
    first, colon, last = plain.partition(":")
    years = int(first or 0), int((last or 9999) if colon else first)
    if years[0] > years[1]:
        raise SettingsError(f"years: {text} runs backwards; write the earlier year first.")
    return years


def asked_filter(
    code: Codes = [],  # noqa: B006 - FastAPI copies it
    region: Text = "",
    level: Level = "",
    type: Kind = "",
    language: LanguageCode = "",
    years: Years = "",
    section: Text = "",
    name: Text = "",
    document: Text = "",
    negated: bool = False,
) -> Filter:
    """The filter that an address asks for; as the options of `textmine mentions`."""
    return Filter(
        codes=tuple(one for one in code if one),
        region=region.strip(),
        level=level,
        type=type,
        language=language,
        years=parse_years(years),
        section=section.strip(),
        name=name.strip(),
        document=document.strip(),
        negated=negated,
    )


AskedFilter = Annotated[Filter, Depends(asked_filter)]


def scope_of(
    filter: Filter, spellings: Mapping[str, tuple[str, ...]], known: Collection[str], *, term: str = "", least: int = 0
) -> Scope:
    """A filter as a scope: a region by any of its names stands for all that documents call it.

    A family by its bare name stands for the codes that trends count as its series (energy clusters are apart).

    Args:
        spellings: region's name -> what documents of the store write.
        known: all codes of the codebook.
    """
    codes = tuple(
        code
        for asked in filter.codes
        for code in ((asked,) if re.search(r"[.*?]", asked) else _series_codes(asked, known))
    )
    filter = replace(filter, codes=codes)
    if not filter.region:
        return Scope(filter, None, term, least)
    wanted = "" if filter.region == NO_REGION else region_name(filter.region)
    folded = {name.casefold(): name for name in spellings}
    found = spellings.get(folded.get(wanted.casefold(), wanted), (wanted,))
    return Scope(replace(filter, region=""), found, term, least)


@dataclass(frozen=True, slots=True)
class Search:
    """A search: `text` in the query language, or `like` by meaning, or both."""

    text: str = ""
    exact: bool = False
    also: bool = False
    near: int | None = None
    like: str = ""
    show: Literal["kwic", "sentence", "block"] = "kwic"
    sort: Literal["", "left", "right", "document", "year"] = ""
    filter: Filter = Filter()  # noqa: RUF009 - frozen


def asked_search(
    filter: AskedFilter,
    q: Annotated[str, Query(max_length=1000, description="The query language of `textmine query`, or @NAME.")] = "",
    exact: Annotated[bool, Query(description="Words as they are written, not by lemma.")] = False,
    also: Annotated[bool, Query(description="Also the codebook's terms in the other language.")] = False,
    near: Annotated[int | None, Query(ge=0, le=100, description="Words at most so many words apart.")] = None,
    like: Annotated[str, Query(max_length=1000, description="Sentences of this meaning, nearest first.")] = "",
    show: Literal["kwic", "sentence", "block"] = "kwic",
    sort: Literal["", "left", "right", "document", "year"] = "",
) -> Search:
    """The search that an address asks for; as the options of `textmine query`."""
    return Search(q.strip(), exact, also, near, like.strip(), show, sort, filter)


def _series_codes(family: str, known: Collection[str]) -> tuple[str, ...]:
    """The codes of a family's series; a family that is not known stays as it is, and finds nothing."""
    own = tuple(code for code in sorted(known) if code.startswith(f"{family}."))
    return match_series((family,), own)[0].codes if own else (family,)


AskedSearch = Annotated[Search, Depends(asked_search)]


def recalled(store: Store, search: Search) -> Search:
    """A search for `@NAME` as the saved query of this name, with what the address gives put in its place.

    Raises:
        QueryError: no query was saved under the name.
    """
    if not search.text.startswith("@"):
        return search
    known = store.saved_queries()
    name = search.text[1:]
    if name not in known:
        names = ", ".join("@" + other for other in known) or "–"
        raise QueryError(f"no saved query @{name}.", query=search.text, position=0, hint=f"Saved are: {names}.")
    kept = known[name]
    own = kept["filter"] | {key: value for key, value in asdict(search.filter).items() if value}
    own["codes"] = tuple(own["codes"])
    own["years"] = tuple(own["years"]) if own["years"] else None
    return replace(
        search, text=kept["text"], exact=kept["exact"], also=kept["also"], near=kept["near"], filter=Filter(**own)
    )


def asked_trend(
    filter: AskedFilter,
    by: Literal["year", "period", "all"] = "year",
    group: Literal["", "region", "level", "type", "language"] = "",
    weight: Literal["document", "word"] = "document",
    query: Annotated[
        list[Annotated[str, Query(max_length=1000)]], Query(description="A query as a series.", max_length=5)
    ] = [],  # noqa: B006 - FastAPI copies it
    cluster: Annotated[
        list[Annotated[str, Query(max_length=200)]], Query(description="Part of a cluster's name.", max_length=5)
    ] = [],  # noqa: B006 - FastAPI copies it
) -> TrendQuestion:
    """The question that an address asks; as the options of `textmine trends`."""
    return TrendQuestion(
        codes=filter.codes,
        names=tuple(one for one in cluster if one.strip()),
        queries=tuple(one for one in query if one.strip()),
        filter=replace(filter, codes=(), negated=False, name="", document=""),
        by=by,
        group=group or None,
        weighting=weight,
    )


AskedTrend = Annotated[TrendQuestion, Depends(asked_trend)]

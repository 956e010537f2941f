"""What a region is called: any of its names, NUTS 2 codes of any year and TERYT codes -> its Polish name.

Mazowieckie was PL12 up to NUTS 2013 and is PL91 (capital) and PL92 since NUTS 2016; both are the region, so that it
stays one over time.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import polars as pl

from textmine.codebook import regions
from textmine.store import Filter, Store

__all__ = ["placed_documents", "region_name"]

#: NUTS 2 codes before NUTS 2016 -> the name; the others did not change (Commission Regulation (EU) 2016/2066).
_OLD_NUTS2 = {
    "PL11": "łódzkie", "PL12": "mazowieckie", "PL31": "lubelskie", "PL32": "podkarpackie", "PL33": "świętokrzyskie",
    "PL34": "podlaskie",
}  # fmt: skip


@cache
def _names() -> dict[str, str]:
    found = {code.casefold(): name for code, name in _OLD_NUTS2.items()}
    for region in regions():
        keys = (region.name, region.teryt, *region.nuts2, *region.adjective_forms, *region.noun_forms, *region.names_en)
        for key in keys:
            found.setdefault(key.casefold(), region.name)
    return found


def region_name(text: str) -> str:
    """The Polish name of the voivodeship that a name form, NUTS 2 or TERYT code stands for; other text as it is."""
    plain = text.strip().casefold()
    for word in ("województwo ", "woj. ", " voivodeship", " region"):
        plain = plain.replace(word, "") if plain not in _names() else plain
    return _names().get(plain, text.strip())


def placed_documents(store: Store, filter: Filter) -> tuple[pl.DataFrame, Filter]:
    """The documents that fit a filter, their regions by one name, and a filter for the store's other frames.

    That filter may let more documents through, where a document's region is written in another way than asked for;
    joined with these documents, the frames come out right.
    """
    documents = store.documents_frame(replace(filter, region=""))
    raw = documents["region"].fill_null("")
    names = {text: region_name(text) for text in raw.unique()}
    documents = documents.with_columns(region=raw.replace_strict(names, return_dtype=pl.String))
    if not filter.region:
        return documents, filter
    wanted = region_name(filter.region)
    inside = documents["region"].str.to_lowercase() == wanted.lower()
    uniform = (raw.filter(inside) == wanted).all()
    return documents.filter(inside), replace(filter, region=wanted if uniform else "")

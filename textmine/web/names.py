"""Clusters by name: where, when and with which priority areas they are named."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from textmine.codebook import clusters
from textmine.store import Scope, Store
from textmine.web.addresses import filter_parameters
from textmine.web.exports import Format, file_response
from textmine.web.questions import AskedFilter, scope_of
from textmine.web.site import Site, Standing, site_of

__all__ = ["NAME_COLUMNS", "names_found", "router"]

router = APIRouter(include_in_schema=False)

NAME_COLUMNS = ("name", "n_sentences", "n_documents", "first", "last", "regions", "priorities")


def names_found(site: Site, store: Store, standing: Standing, scope: Scope) -> list[dict[str, Any]]:
    """The clusters named in scope; `filter.name` keeps those with these words in their name."""
    rows = site.remembered(standing, ("names", scope), lambda: store.name_rows(scope))
    wanted = scope.filter.name.casefold()
    return [row for row in rows if wanted in row["name"].casefold()]


@router.get("/names", response_class=HTMLResponse)
def names(request: Request, filter: AskedFilter) -> HTMLResponse:
    """A row a cluster."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        rows = names_found(site, store, standing, scope_of(filter, standing.spellings, site.codes))
        return site.page(
            request,
            "names.html.j2",
            store,
            rows=rows,
            filter=filter,
            parameters=filter_parameters(filter),
            registry={cluster.name: cluster for cluster in clusters()},
        )


@router.get("/names/export")
def export(request: Request, filter: AskedFilter, format: Format = "csv") -> Response:
    """The rows as a file."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        rows = names_found(site, store, standing, scope_of(filter, standing.spellings, site.codes))
    flat = [{**row, "regions": [one for one, _ in row["regions"] if one],
             "priorities": [one for one, _ in row["priorities"]]} for row in rows]  # fmt: skip
    return file_response(flat, NAME_COLUMNS, format=format, name="names")

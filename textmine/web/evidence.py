"""Coded sentences: the list behind a number, and its export."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from textmine.errors import StoreError
from textmine.store import MENTION_COLUMNS
from textmine.web.addresses import document_address, filter_parameters
from textmine.web.exports import Format, file_response
from textmine.web.marking import pieces
from textmine.web.questions import AskedFilter, scope_of
from textmine.web.site import site_of

__all__ = ["PAGE_LINES", "router", "shown"]

router = APIRouter(include_in_schema=False)

#: Lines of a list on one page.
PAGE_LINES = 50

Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Term = Annotated[str, Query(max_length=300, description="A cluster by its whole name.")]
Least = Annotated[int, Query(ge=0, le=1000, description="Sentences a document needs in the language.")]


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `mentions` with its text cut into pieces to colour."""
    return row | {"pieces": pieces(row["text"], row.get("marks", ()))}


@router.get("/evidence", response_class=HTMLResponse)
def evidence(
    request: Request, filter: AskedFilter, offset: Offset = 0, term: Term = "", least: Least = 0
) -> HTMLResponse:
    """The coded sentences that fit a filter, a page of them."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        scope = scope_of(filter, standing.spellings, site.codes, term=term, least=least)
        counts = site.remembered(standing, ("evidence", scope), lambda: store.evidence_counts(scope))
        rows = store.evidence_page(scope, counts, offset=offset, limit=PAGE_LINES)
        parameters = {**filter_parameters(filter), "term": term, "least": least or None}
        return site.page(
            request,
            "evidence.html.j2",
            store,
            rows=[shown(row) for row in rows],
            total=sum(counts.values()),
            n_documents=len(counts),
            offset=offset,
            limit=PAGE_LINES,
            parameters=parameters,
            filter=filter,
            term=term,
        )


@router.get("/evidence/export")
def export(
    request: Request,
    filter: AskedFilter,
    format: Format = "csv",
    term: Term = "",
    least: Least = 0,
) -> Response:
    """All of these sentences, as `textmine mentions` writes them."""
    site = site_of(request)
    with site.reading() as store:
        scope = scope_of(filter, site.standing(store).spellings, site.codes, term=term, least=least)
        counts = store.evidence_counts(scope)
        rows = store.evidence_rows(scope, counts)
        return file_response(rows, MENTION_COLUMNS, format=format, name="mentions")


@router.get("/sentences/{sentence_id}", response_model=None)
def sentence(request: Request, sentence_id: str) -> Response:
    """Leads to a sentence on its page: an address that lasts as long as its document."""
    site = site_of(request)
    with site.reading() as store:
        place = store.sentence_place(sentence_id)
    if place is None:
        raise StoreError(f"sentence {sentence_id[:40]}: not in the store.")
    document_id, page, _ = place
    return RedirectResponse(document_address(document_id, page=page, sentence=sentence_id), status_code=303)

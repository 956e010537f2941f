"""The first page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from textmine.errors import DataError
from textmine.web import jobs
from textmine.web.answers import Answer, Pending
from textmine.web.site import site_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def overview(request: Request) -> HTMLResponse:
    """What the corpus is and what it says, with charts."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        answer: Answer | None = None
        pending = False
        if standing.documents.height:
            try:
                answer = site.ask(store, jobs.overview, site.language(request))
            except Pending:
                pending = True
            except DataError:
                answer = None
        return site.page(
            request,
            "overview.html.j2",
            store,
            overview=answer.value if answer else None,
            stale=bool(answer and answer.is_stale),
            pending=pending,
        )

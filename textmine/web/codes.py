"""The codebook: what each code means, what finds it, and how often it is found."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from textmine.web.site import site_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

STRENGTHS = ("strong", "usual", "weak", "not_", "not_with")


@router.get("/codebook", response_class=HTMLResponse)
def codebook(request: Request) -> HTMLResponse:
    """Families and codes, with the sentences found in each language."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        counts = site.remembered(standing, ("codes",), store.code_counts)
        return site.page(request, "codebook.html.j2", store, counts=counts)


@router.get("/codebook/{code}", response_class=HTMLResponse)
def code_page(request: Request, code: Annotated[str, Path(max_length=60)]) -> HTMLResponse:
    """One code: definition, terms and examples in both languages, and the terms that find it here."""
    site = site_of(request)
    try:
        found = site.codebook.code(code)
    except KeyError:
        raise HTTPException(404, f"no such code: {code}.") from None
    with site.reading() as store:
        standing = site.standing(store)
        return site.page(
            request,
            "code.html.j2",
            store,
            entry=found,
            counts=site.remembered(standing, ("codes",), store.code_counts),
            terms=site.remembered(standing, ("terms", code), lambda: store.term_counts(code)),
            strengths=STRENGTHS,
        )

"""Quality: what could not be read, what is doubtful, what was inferred, and how the corpus was made."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from textmine.store import Store
from textmine.web.site import site_of

__all__ = ["quality_rows", "router"]

router = APIRouter(include_in_schema=False)


def quality_rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Rows on what is not as it should be: `documents` (failed or flagged), `pages`, `inferred` metadata."""
    return {
        "documents": store.fault_rows(),
        "pages": store.page_fault_rows(),
        "inferred": store.inferred_rows(),
    }


@router.get("/quality", response_class=HTMLResponse)
def quality(request: Request) -> HTMLResponse:
    """All of it on one page."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        rows = site.remembered(standing, ("quality",), lambda: quality_rows(store))
        undated = standing.documents.filter(standing.documents["year"].is_null())
        return site.page(
            request,
            "quality.html.j2",
            store,
            rows=rows,
            undated=undated.to_dicts(),
            runs=store.runs()[-10:][::-1],
            most=200,
        )

"""The list of documents, and the reader: structure, text with its codes, and the page as it looks with boxes on it."""

from __future__ import annotations

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from textmine.errors import DocumentError, StoreError
from textmine.web.addresses import filter_parameters
from textmine.web.evidence import PAGE_LINES, Offset
from textmine.web.marking import box_marks, page_parts
from textmine.web.pictures import WIDTHS
from textmine.web.questions import AskedFilter, scope_of
from textmine.web.site import site_of

__all__ = ["missing_picture", "router"]

router = APIRouter(include_in_schema=False)

DocumentId = Annotated[str, Path(min_length=8, max_length=80)]
PageNumber = Annotated[int, Path(ge=1, le=1_000_000)]
_WEEK = "private, max-age=604800"


@router.get("/documents", response_class=HTMLResponse)
def document_list(
    request: Request,
    filter: AskedFilter,
    offset: Offset = 0,
    languages: Annotated[str, Query(max_length=20, description="Languages joined by +.")] = "",
) -> HTMLResponse:
    """The documents, by year and title."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        found = standing.documents
        scope = scope_of(filter, standing.spellings, site.codes)
        if scope.regions is not None:
            found = found.filter(pl.col("region").fill_null("").is_in(list(scope.regions)))
        for column in ("level", "type"):
            if getattr(filter, column):
                found = found.filter(pl.col(column) == getattr(filter, column))
        if filter.years:
            found = found.filter(pl.col("year").is_between(*filter.years))
        if filter.language:
            found = found.filter(pl.col("languages").list.contains(filter.language))
        if languages:
            found = found.filter(pl.col("languages").list.sort().list.join("+") == languages)
        found = found.sort("year", "title", "path", nulls_last=True)
        counts = site.remembered(standing, ("coded",), store.coded_by_document)
        return site.page(
            request,
            "documents.html.j2",
            store,
            rows=found[offset : offset + PAGE_LINES].to_dicts(),
            coded=counts,
            total=found.height,
            offset=offset,
            limit=PAGE_LINES,
            parameters={**filter_parameters(filter), "languages": languages},
            filter=filter,
        )


@router.get("/documents/{document_id}", response_class=HTMLResponse)
def reader(
    request: Request,
    document_id: DocumentId,
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    sentence: Annotated[str, Query(max_length=80)] = "",
    large: bool = False,
) -> HTMLResponse:
    """A page of a document: what it says, coded, and what it looks like."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        view = site.remembered(standing, ("view", document_id), lambda: store.document_view(document_id))
        document = view.document
        last = max((one.number for one in view.pages), default=1)
        if page > last:
            raise StoreError(f"{document.title or document.path}, page {page}: not in the store, it ends at {last}.")
        content = store.page_view(document.id, page)
        about = next((one for one in view.pages if one.number == page), None)
        return site.page(
            request,
            "reader.html.j2",
            store,
            document=document,
            view=view,
            page=page,
            last=last,
            about=about,
            parts=page_parts(content),
            boxes=box_marks(content, page, sentence) if about else [],
            sentence=sentence,
            large=large,
            missing=missing_picture(site.pictures.file_of, document),
            width=WIDTHS[2] if large else WIDTHS[1],
        )


def missing_picture(file_of: Any, document: Any) -> str:
    """Why there is no picture; empty where there is one."""
    try:
        path = file_of(document)
    except DocumentError as error:
        return str(error)
    return "" if path.suffix.lower() == ".pdf" else path.suffix.lstrip(".").upper()


@router.get("/documents/{document_id}/pages/{number}.png")
def picture(
    request: Request,
    document_id: DocumentId,
    number: PageNumber,
    width: Annotated[int, Query(ge=1, le=10_000)] = WIDTHS[1],
) -> Response:
    """The picture of a page; of the widths there are, the next larger one."""
    site = site_of(request)
    with site.reading() as store:
        view = site.remembered(site.standing(store), ("view", document_id), lambda: store.document_view(document_id))
    if number not in {one.number for one in view.pages}:
        raise DocumentError(f"page {number}: not in the store.")
    content = site.pictures.page(
        view.document, number, width=min([one for one in WIDTHS if one >= width], default=WIDTHS[-1])
    )
    return Response(content, media_type="image/png", headers={"cache-control": _WEEK})


@router.get("/documents/{document_id}/file")
def original(request: Request, document_id: DocumentId) -> Response:
    """The file of a document, to save: only if its bytes are the document's."""
    site = site_of(request)
    with site.reading() as store:
        document = store.document_view(document_id).document
    path = site.pictures.file_of(document)
    return FileResponse(path, media_type="application/octet-stream", filename=path.name)

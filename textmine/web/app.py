"""The application: routes, files beside them, and what an error looks like."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

import textmine
from textmine.errors import DataError, DocumentError, QueryError, SettingsError, StoreError, TextmineError
from textmine.settings import Settings
from textmine.web import (
    api,
    codes,
    coding,
    coding_agreement,
    documents,
    evidence,
    names,
    overview,
    quality,
    regions,
    search,
    topics,
    trends,
)
from textmine.web.answers import Pending
from textmine.web.security import LOOPBACK, Guard
from textmine.web.site import Site, site_of

__all__ = ["create_app"]

STATIC = {
    "style.css": "text/css",
    "app.js": "text/javascript",
    "coding.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
PARTS = (
    overview, search, documents, evidence, trends, topics, regions, names, quality, codes, coding,
    coding_agreement, api,
)  # fmt: skip
_DAY = "public, max-age=86400"

static = APIRouter(include_in_schema=False)


def create_app(
    settings: Settings, *, token: str = "", hosts: tuple[str, ...] = LOOPBACK, in_process: bool = False
) -> Guard:
    """The application on the store of the settings.

    Args:
        token: what visitors must bring; empty only where nobody but this machine can come.
        hosts: names it answers to; empty: any.
        in_process: no worker processes (for tests and small stores).
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        site = app.state.site = Site(settings, in_process=in_process, may_code=not token)
        try:
            yield
        finally:
            site.close()

    app = FastAPI(
        title="textmine",
        version=textmine.__version__,
        description="The records of the command line as JSON.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    for part in PARTS:
        app.include_router(part.router)
    app.include_router(static)
    app.add_exception_handler(TextmineError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_wrong_call)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Pending, _on_pending)
    return Guard(app, hosts=hosts, token=token)


@static.get("/static/vega.js")
def vega() -> Response:
    """The script that draws charts that move, out of the installed package."""
    return Response(_vega(), media_type="text/javascript", headers={"cache-control": _DAY})


@cache
def _vega() -> str:
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return script


@static.get("/static/{name}")
def static_file(name: str) -> Response:
    """A file of the pages' own."""
    if name not in STATIC:
        raise HTTPException(404)
    content = files("textmine.web").joinpath("static", name).read_bytes()
    return Response(content, media_type=STATIC[name], headers={"cache-control": _DAY})


@static.get("/favicon.ico")
def favicon() -> Response:
    """The icon, for browsers that ask for it by this name."""
    return static_file("icon.svg")


#: What went wrong -> HTTP status; the first that fits. A QueryError and a SettingsError are the caller's.
_STATUS: tuple[tuple[type[TextmineError], int], ...] = (
    (QueryError, 400),
    (SettingsError, 400),
    (DocumentError, 404),
    (DataError, 422),
)


def _status_of(error: Exception) -> int:
    if isinstance(error, StoreError):
        return 404 if "not in the store" in str(error) else 503
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


async def _on_error(request: Request, error: Exception) -> Response:
    return _failure(request, _status_of(error), str(error))


async def _on_wrong_call(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors()]
    return _failure(request, 422, "; ".join(faults))


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _failure(request, error.status_code, str(error.detail), headers=dict(error.headers or {}))


async def _on_pending(request: Request, error: Exception) -> Response:
    return site_of(request).page(request, "working.html.j2", status=200)


def _failure(request: Request, status: int, message: str, *, headers: dict[str, str] | None = None) -> Response:
    content: dict[str, Any] = {"detail": message}
    if request.url.path.startswith("/api/"):
        return JSONResponse(content, status_code=status, headers=headers)
    response = site_of(request).page(request, "error.html.j2", status=status, message=message, is_missing=status == 404)
    response.headers.update(headers or {})
    return response

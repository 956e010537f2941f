"""Search: the query language of the command line, hits in context, facets, the other language, saved searches."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from textmine.errors import QueryError, SettingsError
from textmine.store import COLUMNS, Filter, Store
from textmine.web.addresses import address, search_parameters
from textmine.web.evidence import PAGE_LINES
from textmine.web.exports import Format, file_response
from textmine.web.forms import own_form
from textmine.web.questions import AskedSearch, Search, recalled
from textmine.web.site import Site, Standing, site_of

__all__ = ["LIKE_COLUMNS", "Asked", "hits_of", "node_of", "router"]

router = APIRouter(include_in_schema=False)

LIKE_COLUMNS = ("document", "year", "region", "page", "language", "score", "text", "codes")
#: Sentences by meaning when no limit is given, as on the command line.
LIKE_ROWS = 50
#: Rows further down are for an export: each page looks at all rows before it.
DEEPEST = 10_000
#: Characters on each side of a hit: on a page, and in files.
PAGE_WIDTH, FILE_WIDTH = 110, 60
#: A name of a saved search; `@NAME` stands in a query, so it has no spaces.
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A search made ready: the node of the query (None: only by meaning), and what `also` added by word."""

    search: Search
    node: Any
    added: dict[str, list[str]]


def node_of(site: Site, store: Store, standing: Standing, search: Search) -> Asked:
    """The search with its query parsed, and widened to the other language where that was asked.

    Raises:
        QueryError: it cannot be understood.
    """
    search = recalled(store, search)
    if not search.text:
        return Asked(search, None, {})
    node = store.parse(search.text, exact=search.exact, near=search.near)
    if not search.also:
        return Asked(search, node, {})
    key = ("also", search.text, search.exact, search.near)
    node, added = site.remembered(standing, key, lambda: store.also(node, site.codebook))
    return Asked(search, node, added)


def hits_of(store: Store, asked: Asked, *, limit: int | None, width: int = FILE_WIDTH) -> Any:
    """Rows of the concordance, or by meaning the nearest first; as `textmine query` gives them."""
    search = asked.search
    if search.like:
        return store.like(search.like, search.filter, within=asked.node, limit=LIKE_ROWS if limit is None else limit)
    return store.query(asked.node, search.filter, show=search.show, sort=search.sort, limit=limit, width=width)


def columns_of(search: Search) -> tuple[str, ...]:
    """The columns of a search's rows in a file."""
    return LIKE_COLUMNS if search.like else COLUMNS[search.show]


@router.get("/search", response_class=HTMLResponse)
def search_page(
    request: Request, search: AskedSearch, offset: Annotated[int, Query(ge=0, le=DEEPEST)] = 0, saved: str = ""
) -> HTMLResponse:
    """Hits in context with facets beside; an empty search explains the language."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        content: dict[str, Any] = {
            "search": search, "rows": [], "total": 0, "n_rows": 0, "facets": {}, "added": {}, "fault": "",
            "saved_queries": {name: address("/search", {"q": f"@{name}"}) for name in store.saved_queries()},
            "saved": saved[:NAME_LENGTH], "offset": offset, "limit": PAGE_LINES, "parameters": {}, "asked": False,
        }  # fmt: skip
        status = 200
        if search.text or search.like:
            try:
                content |= _found(site, store, standing, search, offset)
            except (QueryError, SettingsError) as error:
                content["fault"], status = str(error), 400
        return site.page(request, "search.html.j2", store, status=status, **content)


def _found(site: Site, store: Store, standing: Standing, search: Search, offset: int) -> dict[str, Any]:
    asked = node_of(site, store, standing, search)
    rows = list(hits_of(store, asked, limit=offset + PAGE_LINES + 1, width=PAGE_WIDTH))
    total = len(rows)
    facets: dict[str, Any] = {}
    if asked.node is not None and not asked.search.like:
        key = ("facets", replace(asked.search, show="kwic", sort=""))
        total, facets = site.remembered(standing, key, lambda: store.query_facets(asked.node, asked.search.filter))
    return {
        "asked": True,
        "search": asked.search,
        "rows": rows[offset : offset + PAGE_LINES],
        "is_more": len(rows) > offset + PAGE_LINES,
        "total": total,
        "facets": facets,
        "added": asked.added,
        "parameters": search_parameters(asked.search),
    }


@router.get("/search/export")
def export(request: Request, search: AskedSearch, format: Format = "csv") -> Response:
    """All hits, as `textmine query` writes them."""
    site = site_of(request)
    if not (search.text or search.like):
        raise SettingsError("q is missing. Write a word such as klaster.")
    with site.reading() as store:
        asked = node_of(site, store, site.standing(store), search)
        rows = hits_of(store, asked, limit=None)
        return file_response(rows, columns_of(asked.search), format=format, name="query")


@router.post("/searches")
async def save(request: Request) -> Response:
    """Keep a search under a name. Only a form of our own pages can do this."""
    fields = dict(await own_form(request))
    return await run_in_threadpool(_save, site_of(request), fields)


def _save(site: Site, fields: dict[str, str]) -> Response:
    name = fields.get("save", "").strip().lstrip("@")
    if not name or len(name) > NAME_LENGTH or not all(one.isalnum() or one in "-_." for one in name):
        raise SettingsError(f"save: found {name[:80]!r}, expected letters, digits, - and _ ({NAME_LENGTH} at most).")
    text = fields.get("q", "").strip()[:1000]
    if not text or text.startswith("@"):
        raise SettingsError("q is missing. Save a search that has words.")
    filter = saved_filter(fields)
    near = int(fields["near"]) if fields.get("near", "").isdigit() else None
    asked = {"text": text, "exact": fields.get("exact") == "true", "also": fields.get("also") == "true", "near": near}
    with Store.open(site.settings.corpus, mode="rw") as store:
        store.parse(text, exact=bool(asked["exact"]), near=near)  # a faulty query is not kept
        store.save_query(name, asked | {"filter": asdict(filter)})
    return RedirectResponse(address("/search", {"q": f"@{name}", "saved": name}), status_code=303)


def saved_filter(fields: dict[str, str]) -> Filter:
    """The filter of a form's fields."""
    from textmine.web.questions import parse_years

    return Filter(
        codes=tuple(one for one in fields.get("code", "").split(";") if one),
        region=fields.get("region", "")[:200],
        level=fields.get("level", "")[:20],
        type=fields.get("type", "")[:20],
        language=fields.get("language", "")[:2],
        years=parse_years(fields.get("years", "")[:20]),
        section=fields.get("section", "")[:200],
    )

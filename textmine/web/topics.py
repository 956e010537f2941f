"""Topics of both languages: the list, their shares over time and by region, and their passages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from textmine.errors import DataError
from textmine.findings.topics import topic_rows
from textmine.web import topic_jobs
from textmine.web.answers import Pending
from textmine.web.exports import Format, file_response
from textmine.web.site import site_of

__all__ = ["TOPIC_COLUMNS", "router"]

router = APIRouter(include_in_schema=False)

TOPIC_COLUMNS = ("topic", "label_pl", "label_en", "terms_pl", "terms_en", "share", "stability", "coherence")
#: Below this overlap between runs a topic is shown but should not be interpreted.
STABLE = 0.5


@router.get("/topics", response_class=HTMLResponse)
def topics(request: Request) -> HTMLResponse:
    """All topics, and their shares by programming period."""
    site = site_of(request)
    with site.reading() as store:
        rows = topic_rows(store)
        shares: list[dict[str, Any]] = []
        pending = stale = False
        fault = ""
        if rows:
            try:
                answer = site.ask(store, topic_jobs.topic_shares, "period")
                shares, stale = answer.value, answer.is_stale
            except Pending:
                pending = True
            except DataError as error:
                fault = str(error)
        return site.page(
            request,
            "topics.html.j2",
            store,
            rows=rows,
            periods=list(dict.fromkeys(row["period"] for row in shares)),
            cells={(row["topic"], row["period"]): row for row in shares},
            largest=max((row["share"] or 0.0 for row in shares), default=0.0),
            pending=pending,
            fault=fault,
            stale=stale,
            stable=STABLE,
        )


@router.get("/topics/export")
def export(request: Request, format: Format = "csv") -> Response:
    """The topics, as `textmine topics list` writes them."""
    with site_of(request).reading() as store:
        return file_response(topic_rows(store), TOPIC_COLUMNS, format=format, name="topics")


@router.get("/topics/{topic}", response_class=HTMLResponse)
def topic_page(
    request: Request,
    topic: str,
    by: Annotated[topic_jobs.By, Query()] = "period",
    label: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """One topic: its words, its shares, and its passages, all of them or those of a group."""
    site = site_of(request)
    with site.reading() as store:
        row = next((row for row in topic_rows(store) if row["topic"] == topic), None)
        if row is None:
            raise HTTPException(404, f"no such topic: {topic[:60]}.")
        groups = []
        for one in dict.fromkeys(("period", "region", by)):
            shares = [share for share in site.ask(store, topic_jobs.topic_shares, one).value if share["topic"] == topic]
            groups.append((one, shares))
        found = site.ask(store, topic_jobs.passages, topic, by, label)
        return site.page(
            request, "topic.html.j2", store, topic=row, groups=groups, passages=found.value, by=by, label=label,
            stale=found.is_stale, stable=STABLE,
        )  # fmt: skip

"""The trends explorer: series by choice, each point and number a link to its sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from textmine.errors import DataError
from textmine.findings.trends import RATE_COLUMNS, TrendQuestion, rate_rows, trend_findings
from textmine.web import trend_jobs
from textmine.web.addresses import address, filter_parameters
from textmine.web.exports import Format, file_response
from textmine.web.questions import AskedTrend
from textmine.web.site import site_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

Measure = Annotated[Literal["per_100s", "per_10k", "documents"], Query()]
#: What is shown before anything was chosen.
FIRST_CODES = ("cluster", "barrier", "priority", "instrument", "integration")
#: Columns of a table of periods by series; with more series each has its own rows.
MOST_COLUMNS = 6


def parameters_of(question: TrendQuestion, measure: str) -> dict[str, Any]:
    """A question as parameters of an address."""
    return {
        **filter_parameters(question.filter),
        "code": question.codes,
        "by": question.by if question.by != "year" else "",
        "group": question.group,
        "weight": question.weighting if question.weighting != "document" else "",
        "query": question.queries,
        "cluster": question.names,
        "measure": measure if measure != "per_100s" else "",
    }


def _completed(question: TrendQuestion) -> TrendQuestion:
    """The question; without any series the families."""
    if question.codes or question.names or question.queries:
        return question
    return replace(question, codes=FIRST_CODES)


@router.get("/trends", response_class=HTMLResponse)
def trends(request: Request, question: AskedTrend, measure: Measure = "per_100s", tests: bool = False) -> HTMLResponse:
    """Rates over time as a chart and a table."""
    site = site_of(request)
    language = site.language(request)
    asked = _completed(question)
    parameters = parameters_of(asked, measure)
    with site.reading() as store:
        view, stale, fault, test_rows = None, False, "", []
        try:
            answer = site.ask(store, trend_jobs.trend_view, asked, measure, language)
            view, stale = answer.value, answer.is_stale
            if tests:
                test_rows = site.ask(store, trend_jobs.trend_tests, asked).value
        except DataError as error:
            fault = str(error)
        group = asked.group or ""
        return site.page(
            request,
            "trends.html.j2",
            store,
            view=view,
            stale=stale,
            fault=fault,
            question=asked,
            measure=measure,
            columns=trend_jobs.MEASURES[measure],
            tests=tests,
            test_rows=test_rows,
            group=group,
            cells={(row["code"], row.get(group, "") if group else "", row["period"]): row for row in view.rows}
            if view
            else {},
            wide=bool(view and len(view.series) > MOST_COLUMNS),
            series_name=lambda code: trend_jobs.series_name(code, language),
            parameters=parameters,
            picture=lambda format: address(f"/trends/chart.{format}", parameters),
            export_address=lambda: address("/trends/export", {**parameters, "format": "csv"}),
        )


@router.get("/trends/chart.{format}")
def chart(
    request: Request, question: AskedTrend, format: Literal["svg", "png", "json"], measure: Measure = "per_100s"
) -> Response:
    """The chart as a file, or as what the drawing script reads."""
    site = site_of(request)
    with site.reading() as store:
        content = site.ask(
            store, trend_jobs.trend_picture, _completed(question), measure, site.language(request), format, wait=None
        ).value
    media = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json"}[format]
    headers = {} if format == "json" else {"content-disposition": f'attachment; filename="trends.{format}"'}
    return Response(content, media_type=media, headers=headers)


@router.get("/trends/export")
def export(request: Request, question: AskedTrend, format: Format = "csv") -> Response:
    """The values, as `textmine trends` writes them."""
    site = site_of(request)
    asked = _completed(question)
    with site.reading() as store:
        rows = rate_rows(trend_findings(store, site.settings, asked), group=asked.group)
    columns = (*RATE_COLUMNS[:2], asked.group, *RATE_COLUMNS[2:]) if asked.group else RATE_COLUMNS
    return file_response(rows, columns, format=format, name="trends")

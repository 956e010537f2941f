"""The JSON API: the records of the command line under `/api`, with their description in `/api/openapi.json`."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from textmine.findings.integration import INTEGRATION_COLUMNS, integration_rows
from textmine.findings.topics import topic_rows
from textmine.findings.trends import TEST_COLUMNS, rate_rows, trend_findings
from textmine.report.tables import json_row
from textmine.store import COLUMNS, FACETS, MENTION_COLUMNS
from textmine.web import region_jobs, topic_jobs, trend_jobs
from textmine.web.evidence import Least, Term
from textmine.web.names import names_found
from textmine.web.quality import quality_rows
from textmine.web.questions import AskedFilter, AskedSearch, AskedTrend, scope_of
from textmine.web.search import LIKE_COLUMNS, hits_of, node_of
from textmine.web.site import site_of

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["records"])

#: Rows that one answer holds at most; more come with `offset`, or as a file from the pages' exports.
MOST_ROWS = 1000

Limit = Annotated[int, Query(ge=0, le=MOST_ROWS, description="Rows at most.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Rows left out at the beginning.")]
FAULTS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The query cannot be understood."},
    404: {"description": "There is no such thing in the store."},
    422: {"description": "A parameter has a wrong value, or there is too little data."},
    503: {"description": "The store is locked by another program."},
}


class Row(BaseModel):
    """A record; it may hold more keys than are described."""

    model_config = ConfigDict(extra="allow")


class Corpus(Row):
    """What the store holds."""

    corpus: str
    codebook: str
    n_documents: int
    regions: list[str]
    first: int | None
    last: int | None


class DocumentRow(Row):
    """A document as in `documents_frame`."""

    document_id: str
    path: str
    title: str
    year: int | None
    region: str | None
    level: str | None
    type: str | None
    languages: list[str]
    n_pages: int
    n_words: int
    n_sentences: int
    status: str


class MentionRow(Row):
    """A row of `textmine mentions`."""

    document: str
    title: str
    year: int | None
    region: str
    page: int
    section: str
    sentence: str
    language: str
    text: str
    codes: list[str]
    terms: list[str]
    names: list[str]
    negated: list[str]
    document_id: str


class QueryRow(Row):
    """A row of `textmine query`."""

    document: str
    year: int | None
    region: str
    page: int
    match: str
    text: str
    codes: list[str]
    language: str
    document_id: str
    sentence_id: str


class FacetRow(Row):
    """How many sentences a query hits, by a value of a facet."""

    facet: str
    value: str | int | None
    n_sentences: int


class TrendRow(Row):
    """A row of `textmine trends`."""

    code: str
    period: str
    n_mentions: int
    n_sentences: int
    n_documents: int
    rate_per_10k: float | None
    rate_per_100s: float | None
    flag: str


class IntegrationRow(Row):
    """A row of `textmine integration`."""

    region: str
    period: str
    indicator: str
    value: float | None
    low: float | None
    high: float | None
    flag: str


class TopicRow(Row):
    """A row of `textmine topics list`."""

    topic: str
    label_pl: str
    label_en: str
    terms_pl: list[str]
    terms_en: list[str]
    share: float
    stability: float | None
    coherence: float | None


class NameRow(Row):
    """A cluster by name: where, when, with which priority areas."""

    name: str
    n_sentences: int
    n_documents: int
    first: int | None
    last: int | None


def _plain(rows: Any, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows as the command line writes them as JSON."""
    return [json_row(row, columns) for row in rows]


@router.get("/corpus", responses=FAULTS)
def corpus(request: Request) -> Corpus:
    """What the store holds, and the ids that a result is cited with."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
    years = [int(year) for year in standing.documents["year"].drop_nulls().to_list()]
    return Corpus(
        corpus=standing.corpus,
        codebook=site.codebook.id,
        n_documents=standing.documents.height,
        regions=standing.regions,
        first=min(years, default=None),
        last=max(years, default=None),
    )


@router.get("/documents", responses=FAULTS)
def documents(request: Request, limit: Limit = 100, offset: Offset = 0) -> list[DocumentRow]:
    """The documents, by path."""
    site = site_of(request)
    with site.reading() as store:
        frame = site.standing(store).documents
    return [DocumentRow(**row) for row in frame[offset : offset + limit].to_dicts()]


@router.get("/documents/{document_id}", responses=FAULTS)
def document(request: Request, document_id: Annotated[str, Path(min_length=8, max_length=80)]) -> dict[str, Any]:
    """One document: what is known of it, its headings and pages, and its coded sentences by code."""
    site = site_of(request)
    with site.reading() as store:
        view = store.document_view(document_id)
    own = view.document
    return {
        **{name: getattr(own, name) for name in own.__slots__ if name not in ("origins",)},
        "origins": dict(own.origins),
        "headings": [{"level": one.level, "text": one.text, "page": one.page} for one in view.headings],
        "pages": [
            {"number": one.number, "width_pt": one.width_pt, "height_pt": one.height_pt, "source": one.source,
             "flags": list(one.flags)}
            for one in view.pages
        ],
        "codes": view.codes,
    }  # fmt: skip


@router.get("/mentions", responses=FAULTS)
def mentions(
    request: Request,
    response: Response,
    filter: AskedFilter,
    term: Term = "",
    least: Least = 0,
    limit: Limit = 50,
    offset: Offset = 0,
) -> list[MentionRow]:
    """Coded sentences, as `textmine mentions` lists them; X-Total-Count says how many there are."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        scope = scope_of(filter, standing.spellings, site.codes, term=term, least=least)
        counts = site.remembered(standing, ("evidence", scope), lambda: store.evidence_counts(scope))
        rows = store.evidence_page(scope, counts, offset=offset, limit=limit)
    response.headers["x-total-count"] = str(sum(counts.values()))
    for row in rows:
        row.pop("marks", None)
    return [MentionRow(**row) for row in _plain(rows, MENTION_COLUMNS)]


@router.get("/sentences/{sentence_id}", responses=FAULTS)
def sentence(request: Request, sentence_id: Annotated[str, Path(max_length=80)]) -> dict[str, Any]:
    """Where a sentence stands, and its text."""
    with site_of(request).reading() as store:
        place = store.sentence_place(sentence_id)
    if place is None:
        raise HTTPException(404, f"sentence {sentence_id[:40]}: not in the store.")
    return {"sentence_id": sentence_id, "document_id": place[0], "page": place[1], "text": place[2]}


@router.get("/query", responses=FAULTS)
def query(request: Request, search: AskedSearch, limit: Limit = 50, offset: Offset = 0) -> list[QueryRow]:
    """Hits, as `textmine query` lists them (`q`), or sentences of a meaning (`like`)."""
    site = site_of(request)
    _wants_words(search.text or search.like)
    with site.reading() as store:
        asked = node_of(site, store, site.standing(store), search)
        rows = list(islice(hits_of(store, asked, limit=offset + limit), offset, None))
    columns = LIKE_COLUMNS if asked.search.like else COLUMNS[asked.search.show]
    return [QueryRow(**row) for row in _plain(rows, columns)]


@router.get("/facets", responses=FAULTS)
def facets(request: Request, search: AskedSearch) -> list[FacetRow]:
    """Sentences that a query hits by year, region, level, type and language; values without hits are left out."""
    site = site_of(request)
    _wants_words(search.text)
    with site.reading() as store:
        standing = site.standing(store)
        asked = node_of(site, store, standing, search)
        _, found = store.query_facets(asked.node, asked.search.filter)
    return [
        FacetRow(facet=facet, value=value, n_sentences=n)  # type: ignore[arg-type]
        for facet in FACETS
        for value, n in found[facet]
    ]


def _wants_words(text: str) -> None:
    if not text:
        raise HTTPException(400, "q is missing. Write a word such as klaster.")


@router.get("/trends", responses=FAULTS)
def trends(request: Request, question: AskedTrend) -> list[TrendRow]:
    """Rates over time with intervals, as `textmine trends` writes them."""
    site = site_of(request)
    with site.reading() as store:
        rows = rate_rows(trend_findings(store, site.settings, question), group=question.group)
    return [TrendRow(**{"flag": "", **row}) for row in _plain(rows, ())]


@router.get("/trends/tests", responses=FAULTS)
def trend_tests(request: Request, question: AskedTrend) -> list[dict[str, Any]]:
    """Trend tests, break years and steps, as `textmine trends --test` writes them."""
    site = site_of(request)
    with site.reading() as store:
        rows = site.ask(store, trend_jobs.trend_tests, question, wait=None).value
    return _plain(rows, TEST_COLUMNS)


@router.get("/topics", responses=FAULTS)
def topics(request: Request) -> list[TopicRow]:
    """The topics, as `textmine topics list` writes them; none before a model was fitted."""
    with site_of(request).reading() as store:
        return [TopicRow(**row) for row in _plain(topic_rows(store), ())]


@router.get("/topics/over-time", responses=FAULTS)
def topics_over_time(request: Request, by: topic_jobs.By = "period") -> list[dict[str, Any]]:
    """Shares of the topics, as `textmine topics over-time` writes them."""
    site = site_of(request)
    with site.reading() as store:
        return _plain(site.ask(store, topic_jobs.topic_shares, by, wait=None).value, ())


@router.get("/integration", responses=FAULTS)
def integration(request: Request, region: Annotated[str, Query(max_length=200)] = "") -> list[IntegrationRow]:
    """Indicators, sides and composites by region and period, as `textmine integration` writes them."""
    site = site_of(request)
    with site.reading() as store:
        findings = site.ask(store, region_jobs.indicator_findings, wait=None, slow=True).value
    return [IntegrationRow(**row) for row in _plain(integration_rows(findings, region=region), INTEGRATION_COLUMNS)]


@router.get("/names", responses=FAULTS)
def names(request: Request, filter: AskedFilter, limit: Limit = 100, offset: Offset = 0) -> list[NameRow]:
    """Clusters by name: where, when and with which priority areas."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        rows = names_found(site, store, standing, scope_of(filter, standing.spellings, site.codes))
    return [NameRow(**row) for row in _plain(rows[offset : offset + limit], ())]


@router.get("/quality/{what}", responses=FAULTS)
def quality(
    request: Request, what: Literal["documents", "pages", "inferred"], limit: Limit = 100, offset: Offset = 0
) -> list[dict[str, Any]]:
    """Documents that failed or are flagged, pages without text or with flags, metadata that was inferred."""
    with site_of(request).reading() as store:
        return quality_rows(store)[what][offset : offset + limit]


@router.get("/codebook", responses=FAULTS)
def codebook(request: Request) -> list[dict[str, Any]]:
    """The codes with their definitions and numbers of coded sentences by language."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        counts: dict[tuple[str, str], int] = site.remembered(standing, ("codes",), store.code_counts)
    return [
        {
            "code": code.code,
            "definition": code.definition,
            "n_sentences": {language: counts.get((code.code, language), 0) for language in ("pl", "en")},
        }
        for code in site.codebook.codes
    ]


@router.get("/saved-queries", responses=FAULTS)
def saved_queries(request: Request) -> list[dict[str, Any]]:
    """The saved queries, as `textmine query --saved` lists them."""
    with site_of(request).reading() as store:
        return [{"name": name, **options} for name, options in store.saved_queries().items()]

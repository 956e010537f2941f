"""Regions: which priority areas, how far cluster policy is tied in, and the sentences behind each value."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from textmine.codebook import regions as known_regions
from textmine.errors import DataError
from textmine.findings.integration import INTEGRATION_COLUMNS, integration_rows
from textmine.findings.places import region_name
from textmine.records import Finding
from textmine.store import Store
from textmine.web import region_jobs
from textmine.web.answers import Answer, Pending
from textmine.web.evidence import PAGE_LINES, Offset, shown
from textmine.web.exports import Format, file_response
from textmine.web.site import Site, site_of

__all__ = ["SIDES", "router"]

router = APIRouter(include_in_schema=False)

SIDES = ("frame", "subsystem", "goals", "instruments")
#: A cell of the heat map needs so many documents of the region to show a number, as in the report.
HEAT_MAP_DOCUMENTS = 2


def _asked(site: Site, store: Store, work: Any, *arguments: Any, slow: bool = False) -> tuple[Answer | None, bool]:
    """An answer or None, and whether it is still being made; nothing to say is None too."""
    try:
        return site.ask(store, work, *arguments, slow=slow), False
    except Pending:
        return None, True
    except DataError:
        return None, False


@router.get("/regions", response_class=HTMLResponse)
def regions(request: Request) -> HTMLResponse:
    """The heat map of priorities and the scorecard of integration."""
    site = site_of(request)
    with site.reading() as store:
        heat, waits_heat = _asked(site, store, region_jobs.heat_rows)
        found, waits_found = _asked(site, store, region_jobs.indicator_findings, slow=True)
        ranks, waits_ranks = _asked(site, store, region_jobs.rank_rows, slow=True) if found else (None, False)
        heat_rows = [row for row in (heat.value if heat else []) if row["region"]]
        shown_rates = [row for row in heat_rows if row["n_documents"] >= HEAT_MAP_DOCUMENTS]
        rows = region_jobs.indicator_rows(found.value) if found else []
        return site.page(
            request,
            "regions.html.j2",
            store,
            heat={(row["region"], row["code"]): row for row in heat_rows},
            heat_regions=list(dict.fromkeys(row["region"] for row in heat_rows)),
            heat_codes=list(dict.fromkeys(row["code"] for row in heat_rows)),
            largest=max((row["rate_per_100s"] or 0.0 for row in shown_rates), default=0.0),
            least=HEAT_MAP_DOCUMENTS,
            places=list(dict.fromkeys((row["region"], row["period"]) for row in rows)),
            values={(row["region"], row["period"], row["indicator"]): row for row in rows},
            ranks={
                (row["region"], row["period"]): row
                for row in (ranks.value if ranks else [])
                if row["indicator"] == "rank"
            },
            sides=SIDES,
            pending=waits_heat or waits_found,
            waits_ranks=waits_ranks,
            stale=any(one is not None and one.is_stale for one in (heat, found)),
        )


@router.get("/regions/export")
def export(request: Request, format: Format = "csv") -> Response:
    """All indicators, as `textmine integration` writes them."""
    site = site_of(request)
    with site.reading() as store:
        findings = site.ask(store, region_jobs.indicator_findings, wait=None, slow=True).value
    return file_response(integration_rows(findings), INTEGRATION_COLUMNS, format=format, name="integration")


@router.get("/regions/profile", response_class=HTMLResponse)
def region_page(request: Request, region: Annotated[str, Query(max_length=200)]) -> HTMLResponse:
    """One region: its priorities, and every indicator by period."""
    site = site_of(request)
    with site.reading() as store:
        standing = site.standing(store)
        name = region_name(region)
        if name not in standing.regions:
            raise HTTPException(404, f"no document of a region called {region[:60]}.")
        heat, waits_heat = _asked(site, store, region_jobs.heat_rows)
        found, waits_found = _asked(site, store, region_jobs.indicator_findings, slow=True)
        picture, waits_picture = _asked(
            site, store, region_jobs.region_picture, name, site.language(request), slow=True
        )
        rows = [row for row in region_jobs.indicator_rows(found.value) if row["region"] == name] if found else []
        own = next((one.specialisations for one in known_regions() if one.name == name), ())
        return site.page(
            request,
            "region.html.j2",
            store,
            region=name,
            heat=[row for row in (heat.value if heat else []) if row["region"] == name],
            periods=list(dict.fromkeys(row["period"] for row in rows)),
            indicators=list(dict.fromkeys((row["side"], row["indicator"]) for row in rows)),
            values={(row["indicator"], row["period"]): row for row in rows},
            picture=picture.value if picture else "",
            specialisations=own,
            pending=waits_heat or waits_found or waits_picture,
            stale=bool(found and found.is_stale),
        )


@router.get("/regions/evidence", response_class=HTMLResponse)
def indicator_evidence(
    request: Request,
    region: Annotated[str, Query(max_length=200)],
    indicator: Annotated[str, Query(max_length=40)],
    period: Annotated[str, Query(max_length=20)],
    offset: Offset = 0,
) -> HTMLResponse:
    """The sentences behind one value of one indicator."""
    site = site_of(request)
    with site.reading() as store:
        findings: list[Finding] = site.ask(store, region_jobs.indicator_findings, slow=True).value
        found = next(
            (
                one
                for one in findings
                if (one.keys["region"], one.keys["period"], one.keys.get("indicator"))
                == (region_name(region), period, indicator)
            ),
            None,
        )
        if found is None:
            raise HTTPException(404, f"no value of {indicator} for {region[:60]}, {period}.")
        rows = store.evidence(found.evidence)
        page = list(islice(rows, offset, offset + PAGE_LINES + 1))
        return site.page(
            request,
            "indicator.html.j2",
            store,
            finding=integration_rows([found])[0],
            rows=[shown(row) for row in page[:PAGE_LINES]],
            is_more=len(page) > PAGE_LINES,
            offset=offset,
            limit=PAGE_LINES,
            parameters={"region": region, "indicator": indicator, "period": period},
            region=region_name(region),
        )

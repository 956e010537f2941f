"""Agreement between the coders of a sample who are through with it, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from textmine.errors import DataError
from textmine.findings.coders import (
    AGREEMENT_COLUMNS,
    DISAGREEMENT_COLUMNS,
    Decisions,
    agreement_rows,
    decisions_of_sample,
    disagreement_rows,
)
from textmine.records import content_id
from textmine.settings import Settings
from textmine.store import Store
from textmine.web.coding import SampleName
from textmine.web.exports import Format, file_response
from textmine.web.site import Site, site_of

__all__ = ["agreement_of", "router"]

router = APIRouter(include_in_schema=False)

What = Literal["agreement", "disagreements"]


def agreement_of(
    settings: Settings, sample: str, coders: Sequence[str], state: str
) -> dict[What, list[dict[str, Any]]]:
    """Rows of `textmine agree` and of its --disagreements, for some coders of a sample.

    Args:
        state: of their decisions, so that an answer is kept until one changes.
    Raises:
        DataError: no sentence was decided by two of them.
    """
    with Store.open(settings.corpus) as store:
        decisions = _decisions(store, sample, coders)
    return {"agreement": agreement_rows(decisions, settings), "disagreements": disagreement_rows(decisions, settings)}


def _decisions(store: Store, sample: str, coders: Sequence[str]) -> Decisions:
    found = decisions_of_sample(store, sample)
    return replace(found, codings=tuple(one for one in found.codings if one.coder in coders))


def _coders(store: Store, sample: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Coders who are through, and those who still code.

    Raises:
        StoreError: there is no such sample.
        DataError: fewer than two are through.
    """
    store.sample(sample)
    rows = [row for row in store.sample_rows() if row["sample"] == sample and row["coder"]]
    through = tuple(row["coder"] for row in rows if not row["n_left"])
    if len(through) < 2:
        raise DataError(f"sample {sample}: agreement can be seen when two coders are through; {len(through)} are.")
    return through, tuple(row["coder"] for row in rows if row["n_left"])


def _answer(site: Site, store: Store, sample: str, through: Sequence[str], *, wait: float | None = -1.0) -> Any:
    said = _decisions(store, sample, through).codings
    state = content_id(*((one.coder, one.sentence_id, one.state, sorted(one.codes), one.note) for one in said))
    return site.ask(store, agreement_of, sample, tuple(through), state, wait=wait).value


@router.get("/coding/agreement", response_class=HTMLResponse)
def agreement(request: Request, sample: SampleName, all: bool = False) -> HTMLResponse:
    """Agreement by code and language; the disagreements too, unless somebody still codes (`all` shows them then)."""
    site = site_of(request)
    with site.reading() as store:
        through, coding = _coders(store, sample)
        found = _answer(site, store, sample, through)
        is_open = all or not coding
        rows = found["disagreements"] if is_open else []
        context = store.context_rows({row["sentence_id"] for row in rows})
        return site.page(
            request,
            "coding_agreement.html.j2",
            store,
            sample=sample,
            through=through,
            coding=coding,
            is_open=is_open,
            rows=found["agreement"],
            disagreements=[row | {"page": context.get(row["sentence_id"], {}).get("page")} for row in rows],
        )


@router.get("/coding/agreement/export")
def export(
    request: Request, sample: SampleName, what: What = "agreement", format: Format = "csv", all: bool = False
) -> Response:
    """The rows as `textmine agree` writes them; disagreements only with `all` while somebody still codes."""
    site = site_of(request)
    with site.reading() as store:
        through, coding = _coders(store, sample)
        if what == "disagreements" and coding and not all:
            raise DataError(f"sample {sample}: {', '.join(coding)} still code; with all=true you get it all the same.")
        rows = _answer(site, store, sample, through, wait=None)[what]
    columns = AGREEMENT_COLUMNS if what == "agreement" else DISAGREEMENT_COLUMNS
    return file_response(rows, columns, format=format, name=what)

"""The API gives the command line's records, and no call breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from textmine.settings import load_settings
from textmine.store import Store
from textmine.web import create_app

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


SCHEMA = schemathesis.openapi.from_dict(create_app(load_settings()).app.openapi())
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_call_breaks_the_api(site, operation: Any) -> None:
    @hypothesis.settings(max_examples=15, deadline=None, database=None, derandomize=True)
    @hypothesis.given(case=operation.as_strategy())
    def call(case: Any) -> None:
        case.call_and_validate(base_url=site.address, checks=CHECKS, timeout=60)

    call()


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("/mentions?code=barrier.*&language=pl&limit=1000", ("mentions", "--code", "barrier.*", "--language", "pl")),
        ("/mentions?years=2007:2013&level=eu&limit=1000", ("mentions", "--years", "2007:2013", "--level", "eu")),
        ("/query?q=klaster+NEAR/5+bariera&limit=1000", ("query", "klaster NEAR/5 bariera")),
        ("/query?q=barrier&also=true&show=sentence&sort=year&limit=1000",
         ("query", "barrier", "--also", "--show", "sentence", "--sort", "year")),
        ("/trends?by=period&code=barrier.*&group=language",
         ("trends", "--by", "period", "--code", "barrier.*", "--group", "language")),
        ("/trends/tests?code=cluster", ("trends", "--test", "--code", "cluster")),
        ("/integration?region=mazowieckie", ("integration", "--region", "mazowieckie")),
        ("/topics", ("topics", "list")),
        ("/topics/over-time?by=region", ("topics", "over-time", "--by", "region")),
    ],
)  # fmt: skip
def test_a_record_is_the_command_line_s(
    site, command: Callable[..., Any], monkeypatch, path: str, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("TEXTMINE_DRAWS", "400")
    told = command(*arguments, "--corpus", site.corpus, "--format", "json")
    assert told.exit_code == 0, told.stderr
    records = json.loads(told.stdout)
    given = site.get(f"/api{path}").json()
    assert records
    assert len(given) == len(records)
    for mine, theirs in zip(given, records, strict=True):
        assert {key: mine[key] for key in theirs if key != "evidence"} == {
            key: value for key, value in theirs.items() if key != "evidence"
        }


def test_saved_queries_and_facets(site, command) -> None:
    command("query", "klaster region:mazowieckie", "--save", "mazowsze", "--corpus", site.corpus)
    assert {"mazowsze"} <= {row["name"] for row in site.get("/api/saved-queries").json()}
    told = json.loads(command("query", "@mazowsze", "--corpus", site.corpus, "--format", "json").stdout)
    assert site.get("/api/query?q=@mazowsze&limit=1000").json() == told
    with Store.open(site.corpus) as store:
        assert sum(
            row["n_sentences"] for row in site.get("/api/facets?q=@mazowsze").json() if row["facet"] == "year"
        ) == store.count("klaster region:mazowieckie")


def test_pages_of_mentions_join(site) -> None:
    whole = site.get("/api/mentions?code=priority.*&limit=1000")
    assert whole.headers["x-total-count"] == str(len(whole.json()))
    parts = [row for offset in range(0, len(whole.json()), 37)
             for row in site.get(f"/api/mentions?code=priority.*&limit=37&offset={offset}").json()]  # fmt: skip
    assert parts == whole.json()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/query", 400), ("/query?q=klaster+AND", 400), ("/query?q=regoin:x", 400), ("/documents/00000000", 404),
        ("/mentions?years=2013:2007", 400), ("/mentions?limit=100000", 422), ("/trends?code=nothing.*", 422),
        ("/nothing", 404), ("/sentences/none", 404), ("/quality/all", 422),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_as_json(site, path: str, status: int) -> None:
    response = site.client.get(f"/api{path}")
    assert response.status_code == status
    assert response.json()["detail"]

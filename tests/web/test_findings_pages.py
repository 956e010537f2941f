"""Trends, topics, regions, names, codebook: each number is the command line's and leads to its sentences."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from textmine.report.html import format_number
from textmine.store import Filter, Store

PAGES = (
    "/trends",
    "/trends?by=period&code=barrier.trust&tests=true",
    "/topics",
    "/regions",
    "/regions/profile?region=mazowieckie",
    "/names",
    "/quality",
    "/codebook",
    "/codebook/barrier.trust",
)


def cell_links(page: str) -> list[tuple[str, str]]:
    """(address, text) of all links of a page."""
    return [(html.unescape(a), b) for a, b in re.findall(r'<a href="([^"]+)"[^>]*>([^<]*)</a>', page)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_page_answers_in_its_language(site, page: str, language: str) -> None:
    response = site.get(page, headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text


def test_each_trend_value_leads_to_as_many_sentences_as_it_counts(site, command: Callable[..., Any]) -> None:
    told = command(
        "trends",
        "--by",
        "period",
        "--code",
        "barrier.*",
        "--group",
        "level",
        "--corpus",
        site.corpus,
        "--format",
        "json",
    )
    rows = [row for row in pl.read_json(told.stdout.encode()).to_dicts() if row["n_mentions"]]
    page = site.get("/trends?by=period&code=barrier.*&group=level").text
    links = [link for link, text in cell_links(page) if link.startswith("/evidence") and re.fullmatch(r"[\d,]+", text)]
    assert len(rows) > 20
    for row in rows[::3]:
        wanted = [one for one in links if f"code={row['code']}&" in one and f"level={row['level']}" in one]
        counted = {re.search(r'"lead">([\d,]+) sentences', site.get(one).text)[1] for one in wanted}
        assert str(row["n_mentions"]) in counted


@pytest.mark.parametrize("group", ["region", "language", "type"])
def test_a_group_without_a_name_has_its_own_sentences(site, group: str) -> None:
    page = site.get(f"/trends/export?by=all&code=cluster&group={group}&format=json").json()
    shown = site.get(f"/trends?by=all&code=cluster&group={group}").text
    links = dict.fromkeys(link for link, _ in cell_links(shown) if link.startswith("/evidence"))
    counts = [int(re.search(r'"lead">([\d,]+) sentences', site.get(link).text)[1].replace(",", "")) for link in links]
    assert sorted(counts) == sorted(row["n_mentions"] for row in page)


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("by=period&code=barrier.*", ("--by", "period", "--code", "barrier.*")),
        (
            "code=cluster&region=mazowieckie&years=2007:2020",
            ("--code", "cluster", "--region", "mazowieckie", "--years", "2007:2020"),
        ),
        ("by=period&query=innowacja&group=language", ("--by", "period", "--query", "innowacja", "--group", "language")),
        ("cluster=Dolina&by=all&weight=word", ("--name", "Dolina", "--by", "all", "--weight", "word")),
    ],
)
def test_trends_are_the_command_line_s(site, command, monkeypatch, address: str, arguments: tuple[str, ...]) -> None:
    monkeypatch.setenv("TEXTMINE_DRAWS", "400")
    told = command("trends", *arguments, "--corpus", site.corpus, "--format", "csv")
    assert told.exit_code == 0, told.stderr
    assert site.get(f"/trends/export?{address}&format=csv").text == told.stdout


def test_integration_is_the_command_line_s_and_opens_its_sentences(site, command, monkeypatch) -> None:
    monkeypatch.setenv("TEXTMINE_DRAWS", "400")
    told = command("integration", "--corpus", site.corpus, "--format", "csv")
    site.get("/regions")
    assert site.get("/regions/export?format=csv").text == told.stdout
    table = pl.read_csv(told.stdout.encode())
    index = table.filter(pl.col("indicator") == "I", pl.col("value").is_not_null()).to_dicts()[0]
    page = site.get("/regions").text
    assert f">{format_number(index['value'], language='en')}</a>" in page
    region = site.get(f"/regions/profile?region={index['region']}").text
    links = [link for link, _ in cell_links(region) if "&indicator=" in link]
    assert links
    told = command(
        "integration",
        "--indicator",
        "S4",
        "--region",
        "mazowieckie",
        "--evidence",
        "--corpus",
        site.corpus,
        "--format",
        "json",
    )
    behind = pl.read_json(told.stdout.encode()).filter(pl.col("period") == "2014-20")
    sentences = set(behind["sentence_id"])
    shown: set[str] = set()
    for offset in (0, 50, 100):
        text = site.get(f"/regions/evidence?region=mazowieckie&indicator=S4&period=2014-20&offset={offset}").text
        shown |= set(re.findall(r"sentence=([0-9a-f]+)#here", text))
    assert shown == sentences


def test_the_heat_map_is_the_trend_by_region(site, command, monkeypatch) -> None:
    monkeypatch.setenv("TEXTMINE_DRAWS", "400")
    told = command(
        "trends",
        "--by",
        "all",
        "--group",
        "region",
        "--code",
        "priority.*",
        "--corpus",
        site.corpus,
        "--format",
        "json",
    )
    rows = pl.read_json(told.stdout.encode()).to_dicts()
    links = dict(cell_links(site.get("/regions").text))
    for row in rows:
        if row["region"] and row["n_documents"] >= 2:
            address = next(one for one in links if row["code"] in one and f"region={row['region']}" in _plain(one))
            assert links[address] == format_number(row["rate_per_100s"], language="en")


def _plain(address: str) -> str:
    from urllib.parse import unquote

    return unquote(address)


def test_topics_lead_to_their_passages(site, command) -> None:
    told = command("topics", "list", "--corpus", site.corpus, "--format", "csv")
    assert site.get("/topics/export?format=csv").text == told.stdout
    page = site.get("/topics").text
    (cell, *_) = [link for link, _ in cell_links(page) if "label=2014-20" in link]
    passages = site.get(cell).text
    links = [link for link, _ in cell_links(passages) if link.startswith("/documents/")]
    assert links
    assert site.get(links[0]).status_code == 200
    years = [int(year) for year in re.findall(r"<span>[^<]*, (\d{4})(?:, [^<]*)?</span>", passages)]
    assert years
    assert all(2014 <= year <= 2020 for year in years)


def test_names_say_where_when_and_with_what(site) -> None:
    with Store.open(site.corpus) as store:
        rows = store.name_rows()
    page = site.get("/names").text
    links = cell_links(page)
    for row in rows[:5]:
        link = next(link for link, text in links if html.unescape(text) == row["name"])
        shown = site.get(link).text
        assert f"{row['n_sentences']} sentences in {row['n_documents']} documents" in shown
        for code, n in row["priorities"]:
            narrowed = site.get(f"{link}&code={code}").text
            assert f'"lead">{n} sentences' in narrowed


def test_names_are_saved_as_a_file_and_narrowed(site) -> None:
    rows = site.get("/names/export?format=json&region=podkarpackie").json()
    assert rows[0]["regions"] == ["podkarpackie"]
    assert {row["name"] for row in rows} >= {"Klaster Dolina Lotnicza"}
    assert [row["name"] for row in site.get("/names/export?format=json&name=dolina+lotnicza").json()] == [
        "Klaster Dolina Lotnicza"
    ]


def test_the_codebook_counts_the_sentences_that_it_links(site) -> None:
    with Store.open(site.corpus) as store:
        for code, language in (("barrier.trust", "pl"), ("cluster.named", "en")):
            n = sum(1 for _ in store.mention_rows(Filter(codes=(code,), language=language)))
            page = site.get("/codebook").text
            assert (f"/evidence?code={code}&language={language}", str(n)) in cell_links(page)
    assert site.get("/codebook/barrier.nothing").status_code == 404


def test_charts_are_links_and_files(site) -> None:
    page = site.get("/trends?code=cluster&by=period").text
    svg = re.search(r"<svg role.*?</svg>", page, re.DOTALL)[0]
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)"', svg)
    assert len(links) >= 4
    assert all(link.startswith("/evidence?code=cluster&amp;years=") for link, _ in links)
    assert "style=" not in svg
    assert "textmine.invalid" not in page
    assert site.get("/trends/chart.png?code=cluster&by=period").content.startswith(b"\x89PNG")
    assert "<svg" in site.get("/trends/chart.svg?code=cluster&by=period").text
    assert site.get("/trends/chart.json?code=cluster&by=period").json()["layer"]


@pytest.mark.parametrize(
    "path",
    [
        "/trends?code=nothing.*",
        "/regions/profile?region=nowhere",
        "/topics/nothing",
        "/names?name=xyzzy",
        "/trends?years=1901",
        "/regions/evidence?region=mazowieckie&indicator=X&period=2014-20",
    ],
)
def test_what_is_not_there_is_said(site, path: str) -> None:
    response = site.get(path)
    assert response.status_code in (200, 404)
    assert 'class="empty"' in response.text

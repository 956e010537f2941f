"""The pages answer in both languages, and what they count is what the store holds."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from textmine.store import Filter, Store

PAGES = ("/", "/search", "/search?q=klaster&also=true", "/documents", "/evidence?code=barrier.*")


def links(text: str, start: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r'href="([^"]+)"', text) if found.startswith(start)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_a_page_answers_in_its_language(site, page: str, language: str) -> None:
    response = site.get(page, headers={"accept-language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert ("Szukaj" in response.text) == (language == "pl")


def test_the_language_of_the_address_stays(site) -> None:
    site.client.get("/documents?lang=pl")
    assert '<html lang="pl">' in site.get("/search").text
    site.client.get("/documents?lang=en")
    assert '<html lang="en">' in site.get("/search").text
    site.client.cookies.clear()


@pytest.mark.parametrize(
    ("address", "filter"),
    [
        pytest.param("code=barrier.*", Filter(codes=("barrier.*",)), id="family"),
        pytest.param("code=cluster.named&language=pl", Filter(codes=("cluster.named",), language="pl"), id="pl"),
        pytest.param("code=priority.ict&years=2014", Filter(codes=("priority.ict",), years=(2014, 2014)), id="year"),
        pytest.param("years=2007:2013&level=eu", Filter(years=(2007, 2013), level="eu"), id="years"),
        pytest.param("region=mazowieckie&level=regional", Filter(region="mazowieckie", level="regional"), id="region"),
        pytest.param("name=dolina&language=en", Filter(name="dolina", language="en"), id="en-name"),
        pytest.param("section=diagnoza&language=pl", Filter(section="diagnoza", language="pl"), id="section"),
    ],
)  # fmt: skip
def test_evidence_is_what_the_store_lists(site, address: str, filter: Filter) -> None:
    with Store.open(site.corpus) as store:
        rows = list(store.mention_rows(filter))
    assert rows
    seen: list[str] = []
    for offset in range(0, len(rows), 50):
        page = site.get(f"/evidence?{address}&offset={offset}").text
        found = re.findall(r'<a class="text" href="[^"]*sentence=([0-9a-f]+)#here"', page)
        seen += found
    assert seen == [row["sentence"] for row in rows]


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "jsonl"])
def test_an_export_is_the_command_line_s_output(site, command: Callable[..., object], format: str) -> None:
    told = command("mentions", "--corpus", site.corpus, "--code", "barrier.*", "--language", "en", "--format", format)
    assert site.get(f"/evidence/export?code=barrier.*&language=en&format={format}").text == told.stdout
    told = command("query", "bariera", "--also", "--years", "2007:2013", "--corpus", site.corpus, "--format", format)
    assert site.get(f"/search/export?q=bariera&also=true&years=2007:2013&format={format}").text == told.stdout


def test_search_joins_the_languages_and_a_facet_narrows(site) -> None:
    page = site.get("/search?q=bariera&also=true").text
    assert {"pl", "en"} <= set(re.findall(r'<tr lang="(\w+)">', page))
    narrowed = next(link for link in links(page, "/search?") if "language=en" in link)
    page = site.get(narrowed).text
    assert set(re.findall(r'<tr lang="(\w+)">', page)) == {"en"}
    with Store.open(site.corpus) as store:
        n = store.count("bariera", Filter(language="en"))
    assert n == 0, "without the other language there is nothing in English"


def test_facets_are_those_of_the_command_line(site) -> None:
    with Store.open(site.corpus) as store:
        for query in ("klaster", "cluster OR klaster", '"brak współpracy"', "code:barrier.*"):
            for filter in (Filter(), Filter(language="pl"), Filter(region="mazowieckie")):
                total, facets = store.query_facets(query, filter)
                assert total == store.count(query, filter)
                told = store.facets(query, filter)
                for facet, values in facets.items():
                    assert values == [(row[facet], row["n_sentences"]) for row in told[facet] if row["n_sentences"]]


@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_reader_marks_the_sentence_on_the_page(site, language: str) -> None:
    with Store.open(site.corpus) as store:
        row = next(store.mention_rows(Filter(codes=("barrier.*",), language=language)))
    place = site.client.get(f"/sentences/{row['sentence']}")
    assert place.status_code == 303
    page = site.get(place.headers["location"]).text
    here = re.search(r'<span class="s here" id="here"[^>]*>(.*?)</span>', page, re.DOTALL)
    assert here
    text = html.unescape(re.sub(r"<a .*?</a>|<[^>]+>", "", here[1])).strip()
    assert text == row["text"]
    boxes = re.findall(r'<rect class="box \w* here" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', page)
    assert float(boxes[0][1]) == pytest.approx(row["top"], abs=0.02)
    assert min(float(x) for x, *_ in boxes) == pytest.approx(row["x0"], abs=0.02)
    picture = site.get(re.search(r'<image href="([^"]+)"', page)[1])
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/0000000000000000", 404), ("/documents/abc", 422), ("/nothing", 404), ("/sentences/xyz", 404),
        ("/evidence?years=2013:2007", 400), ("/evidence?years=old", 422), ("/search?q=klaster+AND", 400),
        ("/search?q=regoin:x", 400), ("/search?q=@nobody", 400), ("/static/app.py", 404), ("/search/export", 400),
        ("/documents/..%2f..%2fetc%2fpasswd", 404),
    ],
)  # fmt: skip
def test_a_wrong_address_is_told_so(site, path: str, status: int) -> None:
    response = site.get(path)
    assert response.status_code == status
    assert "Traceback" not in response.text


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path, serve) -> None:
    corpus = tmp_path / "empty.db"
    Store.open(corpus, "rw").close()
    with serve(corpus) as running:
        assert "textmine ingest" in running.get("/").text
        for path in ("/documents", "/evidence", "/search?q=klaster"):
            assert running.get(path).status_code == 200

"""What a person does, in Debian's Chromium: from a number to the sentence on its page, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pypdfium2 as pdfium
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from textmine.store import Store

PAGES = (
    "/",
    "/search",
    "/search?q=bariera&also=true",
    "/search?q=klaster&show=sentence",
    "/search?q=klaster+AND",
    "/documents",
    "/evidence?code=barrier.*",
    "/evidence?code=barrier.trust&years=1901",
    "/trends",
    "/trends?code=barrier.trust&by=period&tests=true",
    "/topics",
    "/topics/barrier",
    "/regions",
    "/regions/profile?region=mazowieckie",
    "/names",
    "/quality",
    "/codebook",
    "/codebook/barrier.trust",
    "/coding",
    "/nothing",
)
#: Presses of the tab key after which a thing counts as out of reach.
MOST_TABS = 250


@pytest.fixture
def visit(browser: Browser, site) -> Iterator[Callable[..., Page]]:
    """`visit("/trends", locale="pl")` opens a page; afterwards nothing left the machine and the console is clean."""
    contexts, requests, talk = [], [], []

    def open_page(path: str, *, locale: str = "en", width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.address, locale=locale, viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: talk.append(message.text))
        page.on("pageerror", lambda error: talk.append(str(error)))
        site.get(path, headers={"accept-language": locale})  # what takes long is counted before
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    host = urlsplit(site.address).netloc
    assert {urlsplit(url).netloc for url in requests if not url.startswith("data:")} <= {host}
    assert [line for line in talk if "404 (Not Found)" not in line and "400 (Bad Request)" not in line] == []


def tab_to(page: Page, wanted: str) -> None:
    """Press Tab until a link whose address fits has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        address = page.evaluate(
            "document.activeElement.getAttribute('href') || document.activeElement.getAttribute('name') || ''"
        )
        if re.search(wanted, address):
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"{wanted}: not reached with {MOST_TABS} tabs")


def boxed_text(page: Page, corpus: Path) -> tuple[str, str]:
    """The text of the PDF's own text layer under the boxes as they stand on the screen, and the marked sentence."""
    place = page.evaluate(
        """() => {
            const picture = document.querySelector('.picture image').getBoundingClientRect();
            return [...document.querySelectorAll('.box.here')].map((box) => {
                const own = box.getBoundingClientRect();
                return [(own.left - picture.left) / picture.width, (own.top - picture.top) / picture.height,
                        (own.right - picture.left) / picture.width, (own.bottom - picture.top) / picture.height];
            });
        }"""
    )
    address = urlsplit(page.url)
    number = int(re.search(r"page=(\d+)", address.query)[1])
    with Store.open(corpus) as store:
        document = store.document_view(address.path.split("/")[-1]).document
    pdf = pdfium.PdfDocument(document.path)
    sheet = pdf[number - 1]
    layer = sheet.get_textpage()
    width, height = sheet.get_size()
    found = " ".join(
        layer.get_text_bounded(left * width, height - bottom * height, right * width, height - top * height)
        for left, top, right, bottom in place
    )
    layer.close()
    sheet.close()
    pdf.close()
    sentence = page.evaluate("document.querySelector('#here').cloneNode(true).textContent")
    chips = page.locator("#here .code").all_text_contents()
    for chip in chips:
        sentence = sentence[: sentence.rindex(chip)] + sentence[sentence.rindex(chip) + len(chip) :]
    return found, sentence


def letters(text: str) -> str:
    """Letters and digits alone: line ends and the hyphens of a layout do not count."""
    return "".join(char for char in text.casefold() if char.isalnum())


def covers(found: str, sentence: str) -> bool:
    """Whether the boxes hold the sentence and hardly more (a letter of a neighbour may touch the edge)."""
    wanted, held = letters(sentence), letters(found)
    return wanted in held and len(held) <= len(wanted) * 1.1 + 4


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_from_overview_to_the_page_by_mouse(visit, site, locale: str) -> None:
    page = visit("/", locale=locale)
    page.locator("#cluster-trend svg a[href*='years=2012']").first.click()
    page.wait_for_url("**/evidence?*")
    assert "code=cluster" in page.url
    page.locator(".lines a.text").nth(1).click()
    page.wait_for_url("**/documents/**")
    page.locator(".picture image").wait_for()
    found, sentence = boxed_text(page, site.corpus)
    assert covers(found, sentence), (found, sentence)
    assert page.locator("#here").is_visible()
    box = page.locator(".box.here").first
    assert box.is_visible()
    assert page.locator("#here").bounding_box()["y"] < 900, "the sentence is in view"


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_from_overview_to_the_page_by_keyboard_alone(visit, site, locale: str) -> None:
    page = visit("/", locale=locale)
    tab_to(page, r"^/trends")
    page.keyboard.press("Enter")
    page.wait_for_url("**/trends")
    page.wait_for_selector("#trend svg")
    tab_to(page, r"code=barrier&years=2008|years=2008&code=barrier")
    page.keyboard.press("Enter")
    page.wait_for_url("**/evidence?*")
    tab_to(page, r"^/documents/.*sentence=")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/**")
    page.locator(".picture image").wait_for()
    found, sentence = boxed_text(page, site.corpus)
    assert covers(found, sentence), (found, sentence)


def test_boxes_cover_their_sentences_all_over_the_corpus(visit, site) -> None:
    page = visit("/")
    with Store.open(site.corpus) as store:
        rows = list(store.mention_rows())
    faults = []
    for row in rows[:: len(rows) // 25]:
        page.goto(f"/documents/{row['document_id'][:16]}?page={row['page']}&sentence={row['sentence']}")
        found, sentence = boxed_text(page, site.corpus)
        if not covers(found, sentence) and not letters(sentence).startswith(letters(found)[:20]):
            faults.append((row["document"], row["page"], found, sentence))
    assert len(faults) <= 1, faults


def test_search_joins_languages_narrows_and_exports(visit, site, command) -> None:
    page = visit("/search")
    page.fill("#q", "bariera")
    page.check("input[name=also]")
    page.locator("form[role=search] button").click()
    page.wait_for_url("**/search?q=bariera*")
    assert {"pl", "en"} <= set(page.locator(".kwic tr[lang]").evaluate_all("rows => rows.map(row => row.lang)"))
    page.locator(".facets a", has_text="mazowieckie").click()
    page.wait_for_url("**region=mazowieckie**")
    with page.expect_download() as download:
        page.locator(".save a", has_text="CSV").first.click()
    told = command("query", "bariera", "--also", "--region", "mazowieckie", "--corpus", site.corpus, "--format", "csv")
    assert Path(download.value.path()).read_text(encoding="utf-8") == told.stdout


def test_a_search_is_saved_by_its_form_only(visit, site) -> None:
    page = visit("/search?q=klaster&region=mazowieckie")
    page.fill("#save", "klastry-mazowsza")
    page.locator("form[method=post] button").click()
    page.wait_for_url("**/search?q=@klastry-mazowsza*")
    assert page.locator("[role=status]").is_visible()
    with Store.open(site.corpus) as store:
        kept = store.saved_queries()["klastry-mazowsza"]
    assert kept["text"] == "klaster"
    assert kept["filter"]["region"] == "mazowieckie"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_fault(visit, path: str) -> None:
    for locale, width in (("en", 1280), ("pl", 390)):
        page = visit(path, locale=locale, width=width)
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found
                   if one["impact"] in ("serious", "critical")]  # fmt: skip
        assert serious == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing sticks out at the side"


def test_the_reader_has_no_serious_fault(visit, site) -> None:
    with Store.open(site.corpus) as store:
        row = next(store.mention_rows())
    path = f"/documents/{row['document_id'][:16]}?page={row['page']}&sentence={row['sentence']}"
    test_a_page_has_no_serious_fault(visit, path)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_the_html_is_valid(site, path: str, language: str) -> None:
    text = site.get(path, headers={"accept-language": language}).text
    tree = html5lib.HTMLParser(strict=True).parse(text)
    ids = [element.attrib["id"] for element in tree.iter() if isinstance(element.tag, str) and "id" in element.attrib]
    assert len(ids) == len(set(ids))


def test_all_can_be_read_without_scripts(visit, site) -> None:
    page = visit("/trends?code=cluster", java_script_enabled=False)
    page.locator("#trend svg a[href*='code=cluster']").first.click()
    page.wait_for_url("**/evidence?*")
    page.locator(".lines a.text").first.click()
    page.wait_for_url("**/documents/**")
    assert page.locator(".box.here").first.is_visible()
    assert page.locator("#here").is_visible()


def test_a_chart_moves_within_the_policy(visit) -> None:
    page = visit("/trends?code=cluster&code=barrier")
    page.locator("button[data-chart]").click()
    page.locator(".live svg").wait_for(timeout=20_000)
    assert page.locator(".live svg path").count() > 20

"""Coding by hand in Debian's Chromium: by keyboard alone, by mouse, without scripts, in two tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from desk import N, path, post
from playwright.sync_api import Browser, Page, expect

from textmine.store import Store


@pytest.fixture
def visit(browser: Browser, desk) -> Iterator[Callable[..., Page]]:
    """`visit("/coding", locale="pl")` opens a page; afterwards the console is clean."""
    contexts, talk = [], []

    def open_page(address: str, *, locale: str = "en", width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=desk.address, locale=locale, viewport={"width": width, "height": 900}, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: talk.append(message.text))
        page.on("pageerror", lambda error: talk.append(str(error)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert talk == []


def kept(desk: Any, coder: str, **options: Any) -> list[Any]:
    with Store.open(desk.corpus) as store:
        return store.codings("s1", coder, **options)


def keys(page: Page, *pressed: str) -> None:
    for one in pressed:
        page.keyboard.press(one)


def at(page: Page, order: int) -> None:
    """Wait until the page of this sentence is there."""
    expect(page.locator("h1")).to_contain_text(f" {order} ")
    page.wait_for_load_state()


@pytest.mark.parametrize("locale", ["pl", "en"])
def test_a_sample_is_coded_by_keyboard_alone(visit, desk, locale: str) -> None:
    page = visit("/coding", locale=locale)
    while page.evaluate("document.activeElement.name") != "coder":
        keys(page, "Tab")
    page.keyboard.type("Ala")
    keys(page, "Enter")
    at(page, 1)
    keys(page, "2", "b", "4", "a", "Space")  # barriers: trust; instruments: funding
    at(page, 2)
    assert page.locator("#progress").evaluate("bar => bar.value") == 1
    keys(page, "Enter")  # no code applies
    at(page, 3)
    keys(page, "1", "a", "1", "b", "1", "a", "m")  # set, set, taken away; then a note
    page.keyboard.type("czy to nazwa?")
    keys(page, "Escape", "u")
    at(page, 4)
    keys(page, "s")
    at(page, 5)
    keys(page, "ArrowLeft")
    at(page, 4)
    keys(page, "ArrowRight")
    at(page, 5)
    keys(page, "5", "c", "0", "3", "k", "Space")
    at(page, 6)
    keys(page, "z")  # undoes sentence 5
    at(page, 5)
    assert page.locator("input[name=code]:checked").count() == 0
    keys(page, "3", "j", "Space")
    at(page, 6)
    keys(page, "Space")
    page.locator(".lines").wait_for()
    told = [(sorted(one.codes), one.state, one.note) for one in kept(desk, "Ala")]
    assert told == [
        (["barrier.trust", "instrument.funding"], "done", ""),
        ([], "done", ""),
        (["cluster.named"], "uncertain", "czy to nazwa?"),
        ([], "skipped", ""),
        (["priority.tourism"], "done", ""),
        ([], "done", ""),
    ]
    with Store.open(desk.corpus) as store:
        fifth = store.sample("s1").sentences[4].sentence_id
    states = [one for one in kept(desk, "Ala", history=True) if one.sentence_id == fifth]
    assert [sorted(one.codes) for one in states] == [["priority.services"], [], ["priority.tourism"]]


def test_a_cluster_s_name_is_taken_from_the_sentence(visit, desk) -> None:
    page = visit(path("Ala"))
    page.locator("#sentence").click(click_count=2, position={"x": 10, "y": 10})
    word = page.evaluate("getSelection().toString().trim()")
    keys(page, "n", "Space")
    at(page, 2)
    (one,) = kept(desk, "Ala")
    assert one.names == (word,)
    assert one.codes == {"cluster.named"}


def test_help_definitions_and_the_page_by_keys(visit) -> None:
    page = visit(path("Ala"), locale="pl")
    keys(page, "?")
    assert page.locator("#keys dl").is_visible()
    keys(page, "2", "Shift+B")
    assert page.get_by_text("Brak zaufania, niski kapitał społeczny").is_visible()
    assert page.locator("input[name=code]:checked").count() == 0
    with page.context.expect_page() as opened:
        keys(page, "p")
    opened.value.locator(".box.here").first.wait_for()


def test_what_is_not_saved_is_not_left_unawares(visit, desk) -> None:
    page = visit(path("Ala"))
    keys(page, "2", "a", "ArrowRight")
    expect(page.locator("#message")).to_contain_text("Not saved yet")
    assert "order=2" not in page.url
    keys(page, "ArrowRight")
    at(page, 2)
    assert kept(desk, "Ala") == []


def test_keys_can_be_switched_off(visit, desk) -> None:
    page = visit(path("Ala"))
    keys(page, "?")
    page.locator("#keys-on").uncheck()
    page.reload()
    page.locator("h1").click()
    keys(page, "2", "a", "Space", "s")
    assert page.locator("input[name=code]:checked").count() == 0
    assert kept(desk, "Ala") == []


def test_a_held_key_saves_once(visit, desk) -> None:
    page = visit(path("Ala"))
    page.keyboard.down("Space")
    for _ in range(5):
        page.keyboard.down("Space")  # a repetition
    at(page, 2)
    page.keyboard.up("Space")
    assert len(kept(desk, "Ala")) == 1


def test_by_mouse_and_on_a_narrow_screen(visit, desk) -> None:
    page = visit(path("Ala"), width=390)
    page.get_by_label("lack of trust").check()
    keys(page, "Space")  # after the mouse it saves, too
    at(page, 2)
    assert kept(desk, "Ala")[0].codes == {"barrier.trust"}
    page.locator("button[value=uncertain]").click()
    at(page, 3)


def test_what_tab_reached_keeps_its_own_keys(visit, desk) -> None:
    page = visit(path("Ala"))
    while page.evaluate("document.activeElement.value") != "barrier.trust":
        keys(page, "Tab")
    keys(page, "Space")
    assert page.locator("input[name=code]:checked").evaluate_all("boxes => boxes.map(box => box.value)") == [
        "barrier.trust"
    ]
    assert kept(desk, "Ala") == []


def test_it_works_without_scripts(visit, desk) -> None:
    page = visit("/coding", java_script_enabled=False)
    page.fill("input[name=coder]", "Ala")
    page.locator("form.ask button").click()
    assert page.locator("kbd:visible").count() == 0, "keys that do nothing are not shown"
    for order in range(1, N + 1):
        page.locator("input[value='barrier.trust']").check()
        page.locator("button[value=done]").click()
        if order == 2:
            page.locator("#undo").click()
            page.locator("input[value='priority.ict']").check()
            page.locator("button[value=done]").click()
    page.locator("progress").wait_for()
    assert [sorted(one.codes) for one in kept(desk, "Ala")] == [
        ["priority.ict"] if order == 2 else ["barrier.trust"] for order in range(1, N + 1)
    ]


def test_two_tabs_and_two_coders_at_once(visit, desk) -> None:
    ala, also_ala, ben = visit(path("Ala")), visit(path("Ala")), visit(path("Ben"), locale="pl")
    keys(ala, "2", "a", "Space")
    keys(ben, "2", "c", "Space")
    keys(also_ala, "2", "b", "Space")  # had shown the sentence before the first tab decided it
    for page in (ala, ben, also_ala):
        at(page, 2)
    assert [sorted(one.codes) for one in kept(desk, "Ala", history=True)] == [
        ["barrier.cooperation"],
        ["barrier.trust"],
    ]
    assert [sorted(one.codes) for one in kept(desk, "Ben")] == [["barrier.finance"]]


def test_the_machine_s_codes_are_taken_over_by_a_key(visit, desk) -> None:
    page = visit(path("Ala", machine="after"))
    assert page.locator(".machine").count() == 0
    keys(page, "Space")
    page.locator(".machine .code").first.wait_for()
    at(page, 1)
    keys(page, "a")
    at(page, 2)
    first, last = kept(desk, "Ala", history=True)
    assert first.codes == frozenset()
    assert last.codes
    assert last.note == "machine seen"


def test_the_pages_have_no_serious_fault(visit, desk) -> None:
    with Store.open(desk.corpus) as store:
        ids = [one.sentence_id for one in store.sample("s1").sentences]
    for coder in ("Ala", "Ben"):
        for place, own in enumerate(ids):
            code = ["barrier.trust"] if place % 2 or coder == "Ala" else ["priority.ict"]
            post(desk.client, coder, own, "uncertain", code=code, note="?")
    post(desk.client, "Cela", ids[0], code=["barrier.trust"])
    pages = (
        "/coding", path("Cela"), path("Cela", 1, machine="after"), path("Cela", 1, saved=1), path("Ala"),
        "/coding/page?sample=s1&coder=Ben&order=2", "/coding/agreement?sample=s1&all=true",
    )  # fmt: skip
    for address in pages:
        for locale, width in (("en", 1280), ("pl", 390)):
            tree = html5lib.HTMLParser(strict=True).parse(desk.get(address, headers={"accept-language": locale}).text)
            found = [one.attrib["id"] for one in tree.iter() if isinstance(one.tag, str) and "id" in one.attrib]
            assert len(found) == len(set(found))
            page = visit(address, locale=locale, width=width)
            if page.locator("#keys").count():
                keys(page, "?", "2", "Shift+A", "2")
            violations = Axe().run(page).response["violations"]
            serious = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in violations
                       if one["impact"] in ("serious", "critical")]  # fmt: skip
            assert serious == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address

"""Coding by hand over HTTP: what is kept, who sees what, two at once, other sites, hostile text."""

from __future__ import annotations

import html
import re
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import html5lib
import httpx
import pytest
from desk import N, add_sample, path, post, token_of
from test_hostile import IMAGE, SCRIPT, SQL, faults_of

from textmine.codebook import load_codebook
from textmine.errors import SettingsError
from textmine.findings.coders import agreement_rows, decisions_of_sample, disagreement_rows
from textmine.report.definitions import definition_in
from textmine.settings import load_settings
from textmine.store import Store
from textmine.web.coding import coder_name


@pytest.fixture
def ids(made: Path) -> list[str]:
    with Store.open(made) as store:
        return [one.sentence_id for one in store.sample("s1").sentences]


def kept(desk: Any, coder: str | None = None, **options: Any) -> list[Any]:
    with Store.open(desk.corpus) as store:
        return store.codings("s1", coder, **options)


def without_token(text: str) -> str:
    """A page without what differs with each visitor or state of the corpus."""
    return re.sub(r'(?<=value=")[0-9a-f]{64}(?=")|(?:corpus|korpus) [0-9a-f]{12}', "", text)


def test_a_decision_is_kept_at_once_with_all_that_belongs_to_it(desk, ids) -> None:
    answer = post(
        desk.client, "Ala Żuk", ids[0], "uncertain", code=["barrier.trust", "cluster.named"],
        names="Dolina  Lotnicza; Dolina Lotnicza;", note="  wątpliwe ",
    )  # fmt: skip
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (asked["order"], asked["saved"], asked["coder"]) == (["2"], ["1"], ["Ala Żuk"])
    (one,) = kept(desk, "Ala Żuk")
    assert one.codes == {"barrier.trust", "cluster.named"}
    assert (one.names, one.state, one.note, one.sample) == (("Dolina Lotnicza",), "uncertain", "wątpliwe", "s1")
    assert one.codebook_id == load_codebook().id
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", one.time)


def test_no_code_is_a_decision_and_skipped_has_no_codes(desk, ids) -> None:
    post(desk.client, "Ala", ids[0])
    post(desk.client, "Ala", ids[1], "skipped", code=["barrier.trust"], names="x")
    assert [(one.state, one.codes, one.names) for one in kept(desk)] == [
        ("done", frozenset(), ()), ("skipped", frozenset(), ())
    ]  # fmt: skip


def test_coders_go_on_where_they_stopped(desk, ids) -> None:
    for place in (0, 1, 3):
        post(desk.client, "Ala", ids[place])
    text = desk.client.get(path("Ala")).text
    assert ids[2] in text
    assert f'max="{N}" value="3"' in text
    answer = post(desk.client, "Ala", ids[2])
    assert "order=5" in answer.headers["location"]
    for place in (4, 5):
        answer = post(desk.client, "Ala", ids[place], "uncertain" if place == 5 else "done")
    assert "order" not in answer.headers["location"]
    done = desk.client.get(answer.headers["location"], headers={"accept-language": "pl"}).text
    assert "Wszystkie zdania próby s1 są rozstrzygnięte" in done
    assert done.count('class="lines"') == 1, "the unsure one is listed"


def test_undoing_is_a_new_state(desk, ids) -> None:
    for state, codes in (("done", ["barrier.trust"]), ("done", ["barrier.finance"]), ("undo", [])):
        answer = post(desk.client, "Ala", ids[0], state, code=codes)
    assert "undone=true" in answer.headers["location"]
    states = kept(desk, "Ala", history=True)
    assert [one.codes for one in states] == [{"barrier.trust"}, {"barrier.finance"}, {"barrier.trust"}]
    assert [one.codes for one in kept(desk, "Ala")] == [{"barrier.trust"}]


def test_the_first_decision_undone_does_not_count(desk, ids) -> None:
    post(desk.client, "Ala", ids[0], code=["barrier.trust"])
    answer = post(desk.client, "Ala", ids[0], "undo")
    assert [(one.state, one.codes) for one in kept(desk, history=True)] == [
        ("done", {"barrier.trust"}), ("skipped", frozenset())
    ]  # fmt: skip
    assert "order=1" in answer.headers["location"]
    assert post(desk.client, "Ala", ids[1], "undo").status_code == 422


@pytest.mark.parametrize("language", ["pl", "en"])
def test_coders_are_blind_to_each_other(desk, ids, language: str) -> None:
    def pages() -> list[str]:
        answers = [
            desk.client.get(place, headers={"accept-language": language})
            for order in range(1, N + 1)
            for place in (path("Ben", order), path("Ben", order, machine="after"))
        ]
        assert {answer.status_code for answer in answers} == {200}
        return [without_token(answer.text) for answer in answers]

    before = pages()
    for own in ids:
        post(desk.client, "Ala", own, "uncertain", code=["barrier.trust", "priority.ict"], note="sekret")
    after = pages()
    assert after == before
    assert not any("sekret" in text or " checked>" in text.replace('id="keys-on" checked', "") for text in after)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_coders_are_blind_to_the_machine(desk, made, tmp_path, serve, ids, language: str) -> None:
    bare = Path(shutil.copy(made, tmp_path / "bare.db"))
    with sqlite3.connect(bare) as connection:
        assert connection.execute("DELETE FROM mentions").rowcount > N
    connection.close()
    with serve(bare) as other:
        for order in range(1, N + 1):
            for place in (path("Ben", order), path("Ben", order, machine="after"), path("Ben", order).replace(
                "/coding/sentence", "/coding/page"
            )):  # fmt: skip
                texts = [
                    without_token(one.client.get(place, headers={"accept-language": language}).text)
                    for one in (desk, other)
                ]
                assert texts[0] == texts[1], place


def test_a_page_of_the_document_marks_the_sentence_only(desk) -> None:
    text = desk.client.get("/coding/page?sample=s1&coder=Ben&order=2").text
    assert re.findall(r'<rect class="([^"]*)"', text) == ["box here"] * text.count("<rect")
    assert text.count("<rect") >= 1
    picture = desk.client.get(html.unescape(re.search(r'<image href="([^"]+)"', text)[1]))
    assert picture.headers["content-type"] == "image/png"


def test_the_machine_is_shown_after_the_own_decision_where_asked(desk, ids) -> None:
    early = post(desk.client, "Ala", ids[0], "accept", machine="after")
    assert early.status_code == 422
    answer = post(desk.client, "Ala", ids[0], code=["barrier.trust"], machine="after")
    assert "order=1&" in answer.headers["location"]
    assert 'id="accept"' in desk.client.get(answer.headers["location"]).text
    assert 'id="accept"' not in desk.client.get(path("Ala", 1)).text, "not where it was not asked"
    assert 'id="accept"' not in desk.client.get(path("Ala", 2, machine="after")).text
    same = post(desk.client, "Ala", ids[0], code=["barrier.trust"], machine="after")
    assert "order=2&" in same.headers["location"]
    assert len(kept(desk, history=True)) == 1, "nothing new was said"
    post(desk.client, "Ala", ids[0], "accept", machine="after", note="zgoda")
    with Store.open(desk.corpus) as store:
        found = {one.code for one in store.stored_mentions(ids[:1])[ids[0]] if not one.negated}
    first, last = kept(desk, history=True)
    assert (first.codes, first.note) == ({"barrier.trust"}, "")
    assert last.codes == found
    assert last.note == "machine seen; zgoda"


def test_two_coders_in_several_tabs_at_once_lose_nothing(desk, ids) -> None:
    def code(coder: str, tab: int) -> None:
        with httpx.Client(base_url=desk.address, timeout=60) as client:
            for place, own in enumerate(ids):
                answer = post(client, coder, own, note=f"{tab} {place}")
                assert answer.status_code == 303

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(code, ("Ala", "Ala", "Ben", "Ben"), (1, 2, 1, 2)))
    for coder in ("Ala", "Ben"):
        states = {(one.sentence_id, one.note) for one in kept(desk, coder, history=True)}
        assert states == {(own, f"{tab} {place}") for place, own in enumerate(ids) for tab in (1, 2)}
        assert len(kept(desk, coder)) == N


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        pytest.param({}, "", id="no-token"),
        pytest.param({}, "0" * 64, id="wrong-token"),
        pytest.param({"origin": "http://evil.example"}, None, id="another-site"),
        pytest.param({"sec-fetch-site": "cross-site"}, None, id="told-by-the-browser"),
    ],
)
def test_another_site_decides_nothing(desk, ids, headers: dict[str, str], token: str | None) -> None:
    own = token_of(desk.client.get(path("Ala", 1)).text)
    fields = {"sample": "s1", "coder": "Ala", "sentence": ids[0], "state": "done"}
    fields["form_token"] = own if token is None else token
    assert desk.client.post("/coding/decisions", data=fields, headers=headers).status_code == 403
    assert kept(desk) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": "perhaps"}, 400), ({"code": ["barrier.nothing"]}, 400), ({"coder": " "}, 400),
        ({"coder": "a\x00b"}, 400), ({"coder": "x" * 61}, 400), ({"sample": "s2"}, 404), ({"sentence": "abc"}, 404),
        ({"note": "x" * 30_000}, 413), ({"code": ["barrier.trust"] * 300}, 422),
    ],
)  # fmt: skip
def test_a_faulty_decision_is_not_kept(desk, ids, fields: dict[str, Any], status: int) -> None:
    token = token_of(desk.client.get(path("Ala", 1)).text)
    given = {"form_token": token, "sample": "s1", "coder": "Ala", "sentence": ids[0], "state": "done"} | fields
    answer = desk.client.post("/coding/decisions", data=given)
    assert answer.status_code == status
    assert faults_of(answer.text) == []
    assert kept(desk) == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/coding/sentence?sample=none&coder=Ala", 404), ("/coding/sentence?sample=s1&coder=%20", 400),
        ("/coding/sentence?sample=s1", 422), ("/coding/sentence?sample=s1&coder=Ala&order=7", 404),
        ("/coding/sentence?sample=s1&coder=Ala&order=-1", 422), ("/coding/page?sample=s1&coder=Ala&order=0", 404),
        ("/coding/agreement?sample=s1", 422), ("/coding/agreement?sample=none", 404),
        ("/coding/sentence?sample=s1&coder=Ala&saved=99", 200), ("/coding/decisions", 405),
    ],
)  # fmt: skip
def test_a_wrong_address_is_told(desk, address: str, status: int) -> None:
    answer = desk.client.get(address)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("given", "name"),
    [("  Ala \t Żuk ", "Ala Żuk"), ("ala żuk", "Ala Żuk"), ("Z\u0307uk", "Żuk"), ("BEN", "BEN")],
)
def test_a_name_is_one_name(given: str, name: str) -> None:
    assert coder_name(given, ["Ala Żuk"]) == name


@pytest.mark.parametrize("given", ["", "\x07", "a\u202eb", "x" * 61])
def test_a_name_that_cannot_be_seen_is_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="coder"):
        coder_name(given)


@pytest.mark.parametrize("language", ["pl", "en"])
def test_agreement_when_two_are_through(desk, ids, language: str) -> None:
    for place, own in enumerate(ids):
        post(desk.client, "Ala", own, code=["barrier.trust"] if place < 3 else ["priority.ict"], note="bo tak")
        if place < N - 1:
            post(desk.client, "Ben", own, code=["barrier.trust"] if place < 2 else ["priority.ict"])
    asking = {"headers": {"accept-language": language}}
    assert "/coding/agreement" not in desk.client.get("/coding", **asking).text
    post(desk.client, "Ben", ids[-1], code=["priority.ict"])
    assert "/coding/agreement?sample=s1" in desk.client.get("/coding", **asking).text
    page = desk.get("/coding/agreement?sample=s1", **asking).text
    html5lib.HTMLParser(strict=True).parse(page)
    with Store.open(desk.corpus) as store:
        decisions = decisions_of_sample(store, "s1")
    settings = load_settings(corpus=desk.corpus, draws=400)
    rows, differing = agreement_rows(decisions, settings), disagreement_rows(decisions, settings)
    assert page.count("<tr>") == len(rows) + 1
    assert page.count("bo tak") == len(differing) == 2
    given = desk.client.get("/coding/agreement/export?sample=s1&format=json").json()
    assert [(row["code"], row["alpha"], row["f1"]) for row in given] == [
        (row["code"], row["alpha"], row["f1"]) for row in rows
    ]

    post(desk.client, "Cela", ids[0])
    page = desk.get("/coding/agreement?sample=s1", **asking).text
    assert "bo tak" not in page, "who still codes does not come upon the others' codes"
    assert desk.client.get("/coding/agreement/export?sample=s1&what=disagreements").status_code == 422
    assert "bo tak" in desk.get("/coding/agreement?sample=s1&all=true", **asking).text


@pytest.fixture(scope="module")
def hostile_desk(tmp_path_factory: pytest.TempPathFactory, serve) -> Iterator[Any]:
    corpus = tmp_path_factory.mktemp("hostile-desk") / "h.db"
    with Store.open(corpus, "rw") as store:
        texts = [f"Brak zaufania {SCRIPT} {IMAGE}", f"Lack of trust {SQL} {{{{ 7*7 }}}}", f"</p></form>{SCRIPT}"]
        sentences = [(f"{place:020x}", "d" * 64, "", text) for place, text in enumerate(texts, 1)]
        add_sample(store, f"s {IMAGE}", sentences)
    with serve(corpus) as running:
        yield running


@pytest.mark.parametrize("language", ["pl", "en"])
def test_hostile_sentences_names_and_coders_show_as_text(hostile_desk, language: str) -> None:
    client, sample, coder = hostile_desk.client, f"s {IMAGE}", f"{SCRIPT}{language}"
    client.headers["accept-language"] = language
    for order in (1, 2, 3):
        fields = {"sample": sample, "names": SCRIPT, "note": IMAGE, "code": ["barrier.trust"]}
        answer = post(client, coder, f"{order:020x}", "uncertain", **fields)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/coding/sentence?")
        pages = [client.get(answer.headers["location"]).text, client.get(path(coder, order, sample=sample)).text]
        for text in [*pages, client.get("/coding").text]:
            assert faults_of(text) == []
            assert "49" not in re.findall(r"-- (\S+)", text)
    assert SCRIPT in html.unescape(pages[0])
    assert client.get(path(coder, 1, sample=sample).replace("sentence?", "page?")).status_code == 404
    if language == "en":
        page = hostile_desk.get("/coding/agreement", params={"sample": sample}).text
        assert faults_of(page) == []


def test_all_definitions_of_the_codebook_are_there_in_polish() -> None:
    book = load_codebook()
    for one in (*book.families, *book.codes):
        assert definition_in(one.definition, language="pl") != one.definition
        assert definition_in(one.definition, language="en") == one.definition
    assert definition_in("Something of one's own.", language="pl") == "Something of one's own."


def test_names_definitions_and_examples_stand_beside_the_codes(desk) -> None:
    for language in ("pl", "en"):
        text = html.unescape(desk.client.get(path("Ala"), headers={"accept-language": language}).text)
        for code in load_codebook().codes:
            assert f'value="{code.code}"' in text
            assert definition_in(code.definition, language=language) in text  # type: ignore[arg-type]
            assert code.examples_pl.match[0] in text
            assert code.examples_en.match[0] in text


def test_others_than_this_machine_look_only(made, ids, serve) -> None:
    token = "a-token-of-sixteen"
    with serve(made, token=token, hosts=()) as running:
        running.client.headers["authorization"] = f"Bearer {token}"
        text = running.client.get(path("Ala")).text
        assert "/coding/decisions" not in text
        given = token_of(running.client.get("/search?q=klaster").text)
        fields = {"form_token": given, "sample": "s1", "coder": "Ala", "sentence": ids[0], "state": "done"}
        assert running.client.post("/coding/decisions", data=fields).status_code == 403


def test_without_a_sample_the_page_says_how_to_draw_one(tmp_path: Path, serve) -> None:
    corpus = tmp_path / "empty.db"
    Store.open(corpus, "rw").close()
    with serve(corpus) as running:
        assert "textmine sample --n" in running.client.get("/coding").text

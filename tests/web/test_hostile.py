"""What documents, names and visitors may try: scripts, SQL, paths, other sites' forms, foreign host names."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import html5lib
import httpx
import pytest
from typer.testing import CliRunner

from textmine.commands.app import app
from textmine.store import Store
from textmine.web.security import form_token, is_own_post, own_location

SCRIPT = "<script>alert('x')</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
SQL = "'; DROP TABLE documents; --"
PATH = "../../../../etc/passwd"
BODY = (
    f"# Diagnoza {IMAGE}\n\nBrak zaufania {SCRIPT} hamuje współpracę w klastrach. "
    f"Klaster Dolina Lotnicza {SQL} wspiera lotnictwo i ICT w regionie {PATH}.\n\n"
    f"Lack of trust {{{{ 7*7 }}}} {IMAGE} hampers cooperation in clusters &lt;b&gt; javascript:alert(1).\n"
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, serve) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("hostile")
    names = ["<img src=x onerror=alert(1)>.txt", "'; DROP TABLE documents; --.md", "..%2f..%2fetc%2fpasswd.txt"]
    for place, name in enumerate(names):
        (folder / name).write_text(f"{BODY}\nDokument {place}.\n", encoding="utf-8")
    with (folder / "meta.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "title", "year", "region", "level", "type", "issuer"])
        writer.writerow([names[0], SCRIPT, 2010, IMAGE, "regional", "strategy", IMAGE])
        writer.writerow([names[1], SQL, 2015, SQL, "regional", "report", SQL])
        writer.writerow([names[2], PATH, 2020, PATH, "regional", "strategy", SCRIPT])
    corpus = folder / "hostile.db"
    result = CliRunner().invoke(
        app,
        [
            "ingest",
            *(str(folder / name) for name in names),
            "--corpus",
            str(corpus),
            "--metadata",
            str(folder / "meta.csv"),
            "--workers",
            "1",
        ],
    )
    assert result.exit_code == 0, result.output
    with Store.open(corpus, "rw") as store:
        store.save_query("x", {"text": SCRIPT, "exact": False, "also": False, "near": None, "filter": _no_filter()})
        store.put_table(
            "topics",
            [
                {
                    "topic": IMAGE,
                    "label_pl": SCRIPT,
                    "label_en": IMAGE,
                    "terms_pl": [SCRIPT],
                    "terms_en": [IMAGE],
                    "share": 1.0,
                    "stability": 1.0,
                    "coherence": 0.1,
                    "flags": [SCRIPT],
                }
            ],
        )
    with serve(corpus) as running:
        yield running


def _no_filter() -> dict[str, Any]:
    return {
        "codes": [],
        "region": "",
        "level": "",
        "type": "",
        "language": "",
        "years": None,
        "section": "",
        "name": "",
        "document": "",
        "negated": False,
    }


def faults_of(text: str) -> list[str]:
    """What a page has that only an injection could have brought."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    faults = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2]
        if tag == "script" and not element.attrib.get("src", "").startswith("/static/"):
            faults.append(f"script {element.text}")
        if tag in ("img", "iframe", "object", "embed", "style", "b"):
            faults.append(tag)
        for key, value in element.attrib.items():
            name = key if isinstance(key, str) else key[-1]
            if name.startswith("on") or name == "style":
                faults.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action") and not value.startswith(("/", "#")):
                faults.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action") and value.startswith("//"):
                faults.append(f"{tag} {name}={value}")
    return faults


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/documents",
        "/evidence",
        "/evidence?code=barrier.*",
        "/search",
        "/search?q=klaster",
        "/search?q=@x",
        "/search?q=trust&show=block",
        "/trends",
        "/trends?group=region&by=all",
        "/topics",
        "/regions",
        "/names",
        "/quality",
        "/codebook",
        f"/regions/profile?region={quote(IMAGE)}",
        f"/evidence?region={quote(SQL)}",
        f"/search?q={quote(SCRIPT)}",
        f"/search?q=klaster&region={quote(IMAGE)}",
        f"/evidence?section={quote(SCRIPT)}&term={quote(IMAGE)}",
        f"/topics/{quote(IMAGE, safe='')}",
        f"/trends?query={quote(SCRIPT)}",
        f"/trends?cluster={quote(IMAGE)}",
        f"/search?q=klaster&saved={quote(SCRIPT)}",
        f"/documents?languages={quote(IMAGE)[:20]}",
        f"/{quote(SCRIPT)}",
        f"/codebook/{quote(SCRIPT, safe='')}",
        f"/sentences/{quote(IMAGE, safe='')}",
        f"/evidence?years={quote(SCRIPT)}",
    ],
)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_what_is_hostile_shows_as_plain_text(hostile, path: str, language: str) -> None:
    response = hostile.get(path, headers={"accept-language": language})
    assert response.status_code < 500
    assert faults_of(response.text) == []
    assert "49" not in re.findall(r"trust (\S+)", response.text), "no template in a template"


def test_titles_are_shown_as_they_are(hostile) -> None:
    text = html5lib.parse(hostile.get("/documents").text, namespaceHTMLElements=False)
    shown = " ".join(text.itertext())
    for title in (SCRIPT, SQL, PATH):
        assert title in shown
    with Store.open(hostile.corpus) as store:
        assert store.documents_frame().height == 3


def test_every_link_of_a_hostile_store_works(hostile) -> None:
    seen: set[str] = set()
    for page in (
        "/",
        "/documents",
        "/evidence",
        "/names",
        "/regions",
        "/search?q=klaster",
        "/trends?group=region&by=all",
    ):
        for link in re.findall(r'href="(/[^"#]+)', hostile.get(page).text):
            if link not in seen and "/export" not in link and len(seen) < 120:
                seen.add(link)
                answer = hostile.get(link.replace("&amp;", "&"))
                assert answer.status_code in (200, 303), (page, link)
                if "text/html" in answer.headers["content-type"]:
                    assert faults_of(answer.text) == [], link
    assert len(seen) > 40


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/documents/..%2f..%2f/file",
        "/documents/%2fetc%2fpasswd/file",
        "/documents/../../etc/passwd",
        "/documents/*/file",
        "/documents/????????/file",
        "/documents/%00%00%00%00%00%00%00%00/file",
        "//etc/passwd",
        "/static//etc/passwd",
        "/documents/________/file",
    ],
)
def test_no_path_of_the_machine_is_served(hostile, path: str) -> None:
    for address in (path, unquote(path)):
        if "\x00" in address:
            continue
        response = httpx.get(hostile.address + address)
        assert response.status_code in (404, 422)
        assert "root:" not in response.text


def test_a_file_that_was_changed_is_not_served(tmp_path: Path, serve) -> None:
    document = tmp_path / "one.txt"
    document.write_text("Klaster rozwija współpracę firm.\n", encoding="utf-8")
    corpus = tmp_path / "one.db"
    result = CliRunner().invoke(app, ["ingest", str(document), "--corpus", str(corpus), "--workers", "1"])
    assert result.exit_code == 0, result.output
    with Store.open(corpus) as store:
        (own,) = store.document_ids()
    with serve(corpus) as running:
        assert running.client.get(f"/documents/{own}/file").text == "Klaster rozwija współpracę firm.\n"
        document.unlink()
        document.symlink_to("/etc/hostname")
        response = running.client.get(f"/documents/{own}/file")
        assert response.status_code == 404
        assert Path("/etc/hostname").read_text(encoding="utf-8").strip() not in response.text
        assert running.get(f"/documents/{own}").status_code == 200


def test_headers_allow_nothing_but_our_own(site) -> None:
    for path in ("/", "/nothing", "/static/style.css", "/api/corpus", "/trends/chart.svg?code=cluster&by=period"):
        headers = site.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_another_host_name_is_refused(site, host: str) -> None:
    assert site.client.get("/", headers={"host": host}).status_code == 421
    assert site.client.get("/api/mentions", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        pytest.param({}, "", id="no-token"),
        pytest.param({}, "0" * 64, id="wrong-token"),
        pytest.param({"origin": "http://evil.example"}, None, id="another-site"),
        pytest.param({"origin": "null"}, None, id="a-sandboxed-frame"),
        pytest.param({"sec-fetch-site": "cross-site"}, None, id="told-by-the-browser"),
    ],
)
def test_a_search_is_not_saved_for_another_site(site, headers: dict[str, str], token: str | None) -> None:
    page = site.get("/search?q=klaster").text
    own = re.search(r'name="form_token" value="(\w+)"', page)[1]
    response = site.client.post(
        "/searches",
        data={"save": "stolen", "q": "klaster", "form_token": own if token is None else token},
        headers=headers,
    )
    assert response.status_code == 403
    with Store.open(site.corpus) as store:
        assert "stolen" not in store.saved_queries()
    site.client.cookies.clear()


def test_the_entry_with_a_token_leads_to_our_own_pages() -> None:
    assert own_location("/trends") == "/trends"
    assert own_location("//evil.example/") == "/evil.example/"
    assert own_location("/\\evil.example") == "/evil.example"
    assert own_location("/a\r\nset-cookie: x") == "/a%0D%0Aset-cookie%3A%20x"


def test_a_form_of_another_session_is_refused() -> None:
    secret = b"secret"
    given = form_token(secret, "mine")
    assert is_own_post({"host": "localhost"}, secret=secret, session="mine", given=given)
    assert not is_own_post({"host": "localhost"}, secret=secret, session="yours", given=given)
    assert not is_own_post({"host": "localhost"}, secret=secret, session="", given=form_token(secret, ""))


@pytest.mark.parametrize(
    "fields",
    [{"save": "a b"}, {"save": "x", "q": ""}, {"save": "x", "q": "klaster AND"}, {"save": "../x"}, {"save": "x" * 61}],
)
def test_a_faulty_search_is_not_saved(site, fields: dict[str, str]) -> None:
    page = site.get("/search?q=klaster").text
    own = re.search(r'name="form_token" value="(\w+)"', page)[1]
    response = site.client.post("/searches", data={"q": "klaster", "form_token": own, **fields})
    assert response.status_code == 400
    assert faults_of(response.text) == []
    assert site.client.post("/searches", content=b"x" * 30_000).status_code in (403, 413)
    site.client.cookies.clear()


def test_with_a_token_nothing_is_given_without_it(site, serve: Callable[..., Any]) -> None:
    token = "a-token-of-sixteen"
    with serve(site.corpus, token=token, hosts=()) as running:
        for path in ("/", "/api/mentions", "/static/style.css", "/documents", "/?token=wrong"):
            assert running.client.get(path).status_code == 401
        assert running.client.get("/api/corpus", headers={"authorization": f"Bearer {token}"}).status_code == 200
        assert running.client.get("/api/corpus", headers={"authorization": "Bearer wrong"}).status_code == 401
        entry = running.client.get(f"/evidence?code=barrier.*&token={token}")
        assert entry.status_code == 303
        assert entry.headers["location"] == "/evidence?code=barrier.%2A"
        assert "HttpOnly" in entry.headers["set-cookie"]
        assert running.client.get(entry.headers["location"]).status_code == 200

"""The documentation builds without a warning, loads nothing from elsewhere, and its reference is complete."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from textmine.codebook import load_codebook
from textmine.commands.app import COMMANDS
from textmine.store.schema import MIGRATIONS

ROOT = Path(__file__).parents[2]


class Loads(HTMLParser):
    """What a page loads by itself, where its links lead, and its ids."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {value for name in ("id", "name") if (value := found.get(name))}
        for name in ("src", "data", "poster", "action"):
            if value := found.get(name):
                self.loaded.append(value)
        if value := found.get("href"):
            (self.loaded if tag == "link" and found.get("rel") != "canonical" else self.links).append(value)
        self.loaded += re.findall(r"url\(['\"]?([^'\")]+)", found.get("style") or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    place = tmp_path_factory.mktemp("site")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(place)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return place


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Loads]:
    """Each built page, parsed."""
    parsed = {}
    for path in sorted(site.rglob("*.html")):
        if path.name == "404.html":  # made for a server; its addresses begin at its root
            continue
        parsed[path] = Loads()
        parsed[path].feed(path.read_text(encoding="utf-8"))
    return parsed


def test_pages_load_nothing_from_elsewhere(pages: dict[Path, Loads]) -> None:
    for path, page in pages.items():
        outside = [address for address in page.loaded if urlsplit(address).netloc]
        assert not outside, f"{path.name} loads {outside}"


def test_styles_and_scripts_load_nothing_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", text), path
    for path in site.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"(?:fetch|import|importScripts|open)\(\s*['\"](?:GET['\"],\s*['\"])?https?://", text), (
            path
        )
        assert not re.findall(r"\.src\s*=\s*['\"](?:https?:)?//", text), path


def test_links_between_pages_lead_somewhere(site: Path, pages: dict[Path, Loads]) -> None:
    for path, page in pages.items():
        for address in page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.exists(), f"{path.name} links to {address}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].ids, f"{path.name} links to {address}"


def test_the_reference_has_every_command_in_both_languages(site: Path) -> None:
    for page, example in (("reference/commands.html", "Read documents"), ("pl/commands.html", "Czyta dokumenty")):
        text = (site / page).read_text(encoding="utf-8")
        assert example in text
        for command in COMMANDS:
            if command in ("topics", "codebook"):
                assert re.search(rf'id="{command}-\w+', text), command
            elif (ROOT / "textmine" / "commands" / f"{command}.py").exists():
                assert f'id="{command}"' in text, command


def test_the_reference_has_every_code_with_its_definition(site: Path, pages: dict[Path, Loads]) -> None:
    page = pages[site / "reference" / "codebook.html"]
    for code in load_codebook().codes:
        assert code.code.replace(".", "") in page.ids


def test_the_reference_has_the_whole_schema(site: Path) -> None:
    text = re.sub(r"<[^>]+>", "", (site / "reference" / "schema.html").read_text(encoding="utf-8"))
    for table in re.findall(r"CREATE (?:TABLE|VIEW) (\w+)", "".join(MIGRATIONS.values())):
        assert re.search(rf"CREATE (TABLE|VIEW) {table}\b", text), table


def test_the_reference_has_the_public_python_names(site: Path, pages: dict[Path, Loads]) -> None:
    ids = pages[site / "reference" / "python.html"].ids
    for name in ("open_corpus", "code", "read", "Corpus", "Corpus.trends", "Corpus.mentions", "Corpus.integration"):
        assert any(found.endswith(name) for found in ids), name


def test_a_broken_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings = (
        settings.split("nav:")[0].replace("hooks: [docs/reference.py]\n", "").replace("extra_css: [style.css]\n", "")
    )
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")
    (tmp_path / "docs" / "index.md").write_text("# Home\n\n[gone](nowhere.md)\n", encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert built.returncode != 0
    assert "nowhere.md" in built.stderr

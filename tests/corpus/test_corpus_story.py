"""The sample corpus as a whole: enough documents, the right spread, sources and manifest in step."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from corpus.source import Source, read_source
from textmine.records import DOCUMENT_TYPES, LEVELS

CORPUS = Path(__file__).parents[2] / "corpus"
COLUMNS = ["path", "title", "year", "region", "level", "type", "issuer", "languages"]


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return [read_source(path) for path in sorted((CORPUS / "texts").glob("*.md"))]


@pytest.fixture(scope="module")
def manifest() -> list[dict[str, str]]:
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_thirty_documents_about_half_in_each_language(sources: list[Source]) -> None:
    languages = Counter(source.language for source in sources)
    assert len(sources) == 30
    assert set(languages) == {"pl", "en"}
    assert min(languages.values()) >= 12
    assert sum(len(source.languages) == 2 for source in sources) >= 3


def test_bilingual_documents_say_something_in_both_languages(sources: list[Source]) -> None:
    for source in sources:
        words = Counter[str]()
        for block in source.blocks:
            words[block.language] += len(block.text.split())
        assert set(words) == set(source.languages), source.id
        assert min(words.values()) >= 80, source.id


def test_years_regions_levels_and_types(sources: list[Source]) -> None:
    years = [source.year for source in sources]
    regions = Counter(source.region for source in sources if source.level == "regional")
    assert 2004 <= min(years) <= 2005
    assert max(years) == 2024
    assert "" not in regions
    assert len(regions) >= 5
    assert regions.most_common(1)[0][0] == "mazowieckie"
    assert {source.level for source in sources} >= {"eu", "national", "regional"} <= set(LEVELS)
    assert {"strategy", "programme", "report", "evaluation"} <= {source.type for source in sources}
    assert {source.type for source in sources} <= set(DOCUMENT_TYPES)


def test_layout_troubles_are_all_there(sources: list[Source]) -> None:
    assert {source.maker for source in sources} == {"typst", "weasyprint", "fpdf2"}
    assert sum(source.columns == 2 for source in sources) >= 8
    assert {source.language for source in sources if source.hyphenate} == {"pl", "en"}
    assert sum(source.contents for source in sources) >= 4
    assert sum(source.pdf_title != source.title for source in sources) == 2
    assert sum(len(source.scanned) for source in sources) == 2
    assert [source.id for source in sources if source.password == ""] == ["lub-2014-strategia"]
    assert any(block.landscape and block.kind == "table" for source in sources for block in source.blocks)
    for maker in ("typst", "weasyprint", "fpdf2"):
        kinds = {block.kind for source in sources if source.maker == maker for block in source.blocks}
        assert kinds == {"heading", "paragraph", "list", "table", "caption", "footnote"}


def test_every_document_says_that_it_is_a_sample(sources: list[Source]) -> None:
    for source in sources:
        assert source.title.endswith(("(dokument przykładowy)", "(sample document)")), source.id
        assert source.issuer.endswith(("(tekst przykładowy)", "(sample text)")), source.id


def test_manifest_says_what_the_sources_say(sources: list[Source], manifest: list[dict[str, str]]) -> None:
    assert list(manifest[0]) == COLUMNS
    assert {row["path"]: row for row in manifest} == {
        source.file_name: {
            "path": source.file_name,
            "title": source.title,
            "year": str(source.year),
            "region": source.region,
            "level": source.level,
            "type": source.type,
            "issuer": source.issuer,
            "languages": ";".join(source.languages),
        }
        for source in sources
    }
    assert len(manifest) == len(sources)

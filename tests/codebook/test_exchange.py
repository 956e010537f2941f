from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from textmine.codebook import from_quanteda, load_codebook, to_quanteda, to_skos
from textmine.errors import CodebookError


@pytest.mark.parametrize("language", ["pl", "en"])
def test_quanteda_holds_phrases_and_globs(language: str) -> None:
    text, n_left = to_quanteda(load_codebook(), language)
    families = yaml.safe_load(text)
    assert set(families) == {"cluster", "barrier", "priority", "instrument", "integration"}
    patterns = [pattern for codes in families.values() for found in codes.values() for pattern in found]
    assert not any(mark in pattern for pattern in patterns for mark in ("…", "@", " &", "="))
    assert n_left > 0
    assert {"pl": "nieufn*", "en": "mistrust*"}[language] in families["barrier"]["trust"]


def test_quanteda_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(from_quanteda("Ryzyko:\n  powódź: [powód*, wielka woda]\nsusza: susza\n", "pl"), encoding="utf-8")
    book = load_codebook(path)
    terms = {code.code: code.terms("pl").strong for code in book.codes}
    assert terms == {"own.susza": ("susza",), "ryzyko.pow_d": ("powód*", "wielka woda")}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param("a: [", "not YAML", id="syntax"),
        pytest.param("[]", "empty", id="empty"),
        pytest.param("a: {b: {c: [d]}}", "Deeper levels", id="three-levels"),
        pytest.param("a: {'1': [d]}", "no name", id="no-name"),
    ],
)
def test_wrong_dictionaries_are_named(text: str, fault: str) -> None:
    with pytest.raises(CodebookError, match=fault):
        from_quanteda(text, "en")
    with pytest.raises(CodebookError, match="expected pl or en"):
        from_quanteda("a: [b]", "de")


def test_skos_has_every_code_with_labels_in_both_languages() -> None:
    graph = {node["@id"]: node for node in json.loads(to_skos(load_codebook()))["@graph"]}
    trust = graph["urn:textmine:codebook:barrier.trust"]
    assert trust["skos:broader"] == {"@id": "urn:textmine:codebook:barrier"}
    assert {label["@language"] for label in trust["skos:altLabel"]} == {"pl", "en"}
    assert len(graph) == 1 + 5 + 35

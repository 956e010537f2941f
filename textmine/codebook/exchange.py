"""Codebooks of others: quanteda dictionaries (YAML) in and out, SKOS (JSON-LD) out.

A quanteda dictionary knows globs and phrases but no gaps, sets or conditions: terms that need those stay behind, and
the caller is told how many. SKOS takes the words as labels: strong terms are alternative labels, others hidden ones.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

import yaml

from textmine.codebook.model import LANGUAGES, STRENGTHS, Codebook
from textmine.codebook.yaml_text import parse_yaml
from textmine.errors import CodebookError

__all__ = ["from_quanteda", "to_quanteda", "to_skos"]

_ORIGIN = ", from a quanteda dictionary"
_SKOS = "http://www.w3.org/2004/02/skos/core#"


def to_quanteda(codebook: Codebook, language: str) -> tuple[str, int]:
    """YAML of a quanteda dictionary in one language, and how many terms it cannot hold."""
    families: dict[str, dict[str, list[str]]] = {}
    n_left = 0
    for code in codebook.codes:
        patterns: list[str] = []
        for term in (*code.terms(language).strong, *code.terms(language).usual):
            spelled = list(_plain_patterns(term))
            n_left += not spelled
            patterns += spelled
        families.setdefault(code.family, {})[code.code.partition(".")[2]] = list(dict.fromkeys(patterns))
    return yaml.safe_dump(families, allow_unicode=True, sort_keys=False, width=100), n_left


def _plain_patterns(term: str) -> Iterator[str]:
    """The phrases that a term stands for; none when it needs a gap, a set or a condition."""
    if any(mark in term for mark in ("…", " &", "@")):
        return
    for words in itertools.product(*(word.split("/") for word in term.split())):
        yield " ".join(word.lstrip("=") for word in words)


def from_quanteda(text: str, language: str) -> str:
    """YAML of a codebook of ours from a quanteda dictionary with two levels (family, code) or one (codes).

    All patterns become strong terms of the language. A key that is no code name is spelled as one.

    Raises:
        CodebookError: it is not YAML, or not such a dictionary; the message names the place.
    """
    if language not in LANGUAGES:
        raise CodebookError(f"language {language!r}: expected pl or en.")
    content = parse_yaml(text, source="the dictionary")
    if not isinstance(content, dict) or not content:
        raise CodebookError("the dictionary is empty, or not a mapping of keys to patterns.")
    families = []
    one_level = {key: value for key, value in content.items() if not isinstance(value, dict)}
    groups: dict[str, dict[str, Any]] = {"own": one_level} if one_level else {}
    groups |= {str(key): value for key, value in content.items() if isinstance(value, dict)}
    for family, codes in groups.items():
        rows = []
        for key, patterns in codes.items():
            if isinstance(patterns, str):
                patterns = [patterns]
            if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
                raise CodebookError(f"{family} > {key}: expected a list of patterns. Deeper levels are not supported.")
            code = f"{_spell(family)}.{_spell(str(key))}"
            rows.append(
                {"code": code, "definition": f"{key}, from a quanteda dictionary", language: {"strong": patterns}}
            )
        families.append(
            {"family": _spell(family), "definition": f"{family}, from a quanteda dictionary", "codes": rows}
        )
    return yaml.safe_dump({"families": families}, allow_unicode=True, sort_keys=False, width=100)


def _spell(key: str) -> str:
    """A key as a part of a code name: lower-case Latin letters, the rest underscores."""
    spelled = "".join(letter if letter.isascii() and letter.isalpha() else "_" for letter in key.lower()).strip("_")
    if not spelled:
        raise CodebookError(f"{key!r}: no name can be made of this key. Give it a name with Latin letters.")
    return spelled


def to_skos(codebook: Codebook, base: str = "urn:textmine:codebook:") -> str:
    """JSON-LD of a SKOS concept scheme: families are top concepts, codes narrower ones, examples are kept as such."""
    scheme = f"{base}scheme"
    graph: list[dict[str, Any]] = [{"@id": scheme, "@type": "skos:ConceptScheme", "skos:notation": codebook.id}]
    for family in codebook.families:
        graph.append(
            {
                "@id": base + family.family,
                "@type": "skos:Concept",
                "skos:topConceptOf": {"@id": scheme},
                "skos:prefLabel": {"@value": family.family, "@language": "en"},
                "skos:definition": {"@value": family.definition, "@language": "en"},
            }
        )
        for code in family.codes:
            labels: dict[str, list[dict[str, str]]] = {"skos:altLabel": [], "skos:hiddenLabel": [], "skos:example": []}
            for language in LANGUAGES:
                for strength in STRENGTHS:
                    kind = "skos:altLabel" if strength == "strong" else "skos:hiddenLabel"
                    labels[kind] += [
                        {"@value": pattern, "@language": language}
                        for term in getattr(code.terms(language), strength)
                        for pattern in _plain_patterns(term)
                    ]
                labels["skos:example"] += [
                    {"@value": text, "@language": language} for text in code.examples(language).match
                ]
            graph.append(
                {
                    "@id": base + code.code,
                    "@type": "skos:Concept",
                    "skos:inScheme": {"@id": scheme},
                    "skos:broader": {"@id": base + family.family},
                    "skos:notation": code.code,
                    "skos:prefLabel": {"@value": code.code, "@language": "en"},
                    "skos:definition": {"@value": code.definition, "@language": "en"},
                    **labels,
                }
            )
    return json.dumps({"@context": {"skos": _SKOS}, "@graph": graph}, ensure_ascii=False, indent=1)

"""The coded corpus as a data package: CSV tables, `datapackage.json` that describes them, `CITATION.cff` to cite it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from textmine.findings.citation import corpus_facts, corpus_title
from textmine.findings.exports import DOCUMENT_COLUMNS, EXPORTS, SENTENCE_COLUMNS, SPAN_COLUMNS, Export
from textmine.store import Store

__all__ = ["COLUMN_MEANINGS", "write_package"]

_TYPES = dict.fromkeys(("year", "n_pages", "n_words", "n_sentences", "page", "start", "end"), "integer") | {
    "negated": "boolean", "score": "number",
}  # fmt: skip
COLUMN_MEANINGS = {
    "document_id": "SHA-256 of the file's bytes",
    "sentence_id": "Made of the document, the place and the text",
    "mention_id": "Made of the sentence, the code and the place",
    "document": "Name of the file",
    "path": "Where the file was when it was read",
    "year": "Year of adoption",
    "region": "Voivodeship by its Polish name, or a foreign region",
    "level": "eu, national, regional or local",
    "type": "strategy, programme, report, evaluation, law or article",
    "languages": "Languages of the text, the main one first, joined by ;",
    "status": "read, flagged (something may be lost) or failed",
    "page": "Page where the sentence begins, from 1",
    "kind": "heading, paragraph, list, table, footnote or caption",
    "section": "Headings above it, outermost first, joined by >",
    "lemmas": "Lemmas of the tokens, joined by spaces",
    "n_words": "Tokens with a letter",
    "codes": "Codes of the sentence, joined by ;",
    "code": "family.type of the codebook",
    "start": "First character in the sentence, from 0",
    "end": "Character after the last",
    "term": "Term of the codebook, or name of the registry, that was found",
    "negated": "Whether the sentence denies it; such mentions are left out of counts",
    "score": "0 to 1",
    "method": "keyword, model or human",
}
_KEYS = {
    "sentences": [{"fields": "document_id", "reference": {"resource": "documents", "fields": "document_id"}}],
    "mentions": [
        {"fields": "sentence_id", "reference": {"resource": "sentences", "fields": "sentence_id"}},
        {"fields": "document_id", "reference": {"resource": "documents", "fields": "document_id"}},
    ],
}


def write_package(export: Export) -> int:
    """Write the tables and what describes them; how many files."""
    n = EXPORTS["csv"](export)
    columns = {"documents": DOCUMENT_COLUMNS, "sentences": SENTENCE_COLUMNS, "mentions": SPAN_COLUMNS}
    facts = corpus_facts(export.store)
    package = {
        "profile": "tabular-data-package",
        "name": "textmine-corpus",
        "id": facts["corpus"],
        "title": corpus_title(export.store),
        "description": (
            f"{facts['documents']} documents, {facts['years']}, coded with textmine {facts['textmine']} "
            f"(codebook {facts['codebook']}, coder {facts['model']})."
        ),
        "resources": [_resource(export, name, own) for name, own in columns.items()],
    }
    export.text("datapackage.json", [json.dumps(package, ensure_ascii=False, indent=2) + "\n"])
    export.text("CITATION.cff", [_citation(export.store, facts)])
    return n + 2


def _resource(export: Export, name: str, columns: Sequence[str]) -> dict[str, Any]:
    path = export.folder / f"{name}.csv"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    style = export.csv_style
    fields: list[dict[str, Any]] = []
    for column in columns:
        kind = _TYPES.get(column, "string")
        own = {"name": column, "type": kind} | (
            {"description": COLUMN_MEANINGS[column]} if column in COLUMN_MEANINGS else {}
        )
        fields.append(own | ({"decimalChar": style.decimal} if kind == "number" and style.decimal != "." else {}))
    schema = {"fields": fields, "primaryKey": columns[0], "missingValues": [""]}
    return {
        "name": name,
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "description": "Text is as it was read."
        if style.exact
        else "An apostrophe stands before text that a spreadsheet would take for a formula.",
        "dialect": {"delimiter": style.separator, "lineTerminator": "\n", "doubleQuote": True},
        "schema": schema | ({"foreignKeys": _KEYS[name]} if name in _KEYS else {}),
    }


def _citation(store: Store, facts: Mapping[str, Any]) -> str:
    """CITATION.cff 1.2.0. Who compiled the corpus nobody but its compiler can say."""
    citation = {
        "cff-version": "1.2.0",
        "message": "Cite this corpus as below; equal ids mean equal documents, read and coded alike.",
        "type": "dataset",
        "title": f"{corpus_title(store)}: a corpus of coded policy documents",
        "authors": [{"name": str(store.get_meta("author", "The compiler of this corpus (write your name here)"))}],
        "version": str(facts["corpus"])[:10],
        "identifiers": [{"type": "other", "value": str(facts["corpus"]), "description": "Corpus id of textmine"}],
        "abstract": (
            f"{facts['documents']} documents, {facts['years']}, {facts['sentences']} sentences, {facts['words']} "
            f"words; codebook {facts['codebook']}, coder {facts['model']}."
        ),
        "references": [
            {
                "type": "software",
                "title": "textmine",
                "version": str(facts["textmine"]),
                "authors": [{"name": "The authors of textmine"}],
            }
        ],
    }
    return yaml.safe_dump(citation, allow_unicode=True, sort_keys=False, width=100)

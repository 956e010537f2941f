"""A small store with a sample to code by hand, and what tests do with its pages over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from textmine.records import Sample, SampleSentence
from textmine.store import Filter, Store

ROOT = Path(__file__).parents[2]
#: One Polish and one English document of the sample corpus.
DOCUMENTS = ("maz-2005-strategia.pdf", "pol-2020-evaluation.pdf")
N = 6


def make_store(command: Callable[..., Any], corpus: Path) -> Path:
    """A store of two documents with the sample `s1`: three Polish, three English sentences with codes."""
    pdfs = [ROOT / "corpus" / "pdf" / name for name in DOCUMENTS]
    told = command("ingest", *pdfs, "--corpus", corpus, "--workers", "1")
    assert told.exit_code == 0, told.output
    with Store.open(corpus, "rw") as store:
        rows = [
            [row for row in store.mention_rows(Filter(language=language)) if row["codes"] and not row["negated"]]
            for language in ("pl", "en")
        ]
        chosen = [row for pair in zip(rows[0][2:5], rows[1][2:5], strict=True) for row in pair]
        add_sample(store, "s1", [(row["sentence"], row["document_id"], row["language"], row["text"]) for row in chosen])
    return corpus


def add_sample(store: Store, name: str, sentences: Sequence[tuple[str, str, str, str]]) -> Sample:
    """Keep a sample of sentences (id, document, language, text), each with the chance 0.5."""
    drawn = tuple(SampleSentence(*one, stratum="", chance=0.5) for one in sentences)
    sample = Sample(name, "random", 1, {}, drawn)
    store.add_sample(sample)
    return sample


def path(coder: str, order: int | None = None, *, sample: str = "s1", **more: Any) -> str:
    """Address of a sentence's page."""
    parameters = {"sample": sample, "coder": coder, **({"order": order} if order else {}), **more}
    return f"/coding/sentence?{httpx.QueryParams(parameters)}"


def token_of(text: str) -> str:
    """The token of a page's form."""
    return re.search(r'name="form_token" value="(\w+)"', text)[1]  # type: ignore[index]


def post(client: httpx.Client, coder: str, sentence: str, state: str = "done", **fields: Any) -> httpx.Response:
    """Send a decision as the page's form does."""
    sample = fields.get("sample", "s1")
    token = token_of(client.get(path(coder, 1, sample=sample)).text)
    given = {"form_token": token, "sample": sample, "coder": coder, "sentence": sentence, "state": state}
    return client.post("/coding/decisions", data=given | fields)

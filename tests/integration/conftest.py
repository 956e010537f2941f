"""Made corpora with planted links, in the columns of the store's frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

OWN = {"mazowieckie": ("priority.agrifood", "priority.health"), "lubelskie": ("priority.agrifood", "priority.energy")}

#: Chances of codes in any block.
AROUND = {
    "barrier.cooperation": 0.06,
    "barrier.finance": 0.06,
    "barrier.skills": 0.06,
    "priority.agrifood": 0.08,
    "priority.health": 0.05,
    "priority.energy": 0.05,
    "priority.tourism": 0.20,
    "instrument.funding": 0.10,
    "instrument.coordination": 0.05,
    "instrument.skills": 0.06,
    "integration.vertical": 0.08,
    "integration.horizontal": 0.05,
    "integration.actors": 0.08,
}
SECTIONS = {
    "pl": ("1. Diagnoza", "2. Cele", "3. Kierunki działań", "4. Ramy finansowe", "5. Monitoring", "Załącznik 1"),
    "en": ("1. Diagnosis", "2. Objectives", "3. Actions", "4. Financing", "5. Monitoring", "Annex 1"),
}


@dataclass(frozen=True)
class Frames:
    documents: pl.DataFrame
    blocks: pl.DataFrame
    mentions: pl.DataFrame

    @property
    def all(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        return self.documents, self.blocks, self.mentions


def make_frames(
    documents: list[tuple[str, int]],
    *,
    seed: int,
    share: float = 0.25,
    links: Callable[[str, int], Mapping[str, float]] | None = None,
    n_blocks: int = 36,
    correlation: float = 0.05,
    upper: int = 0,
) -> Frames:
    """Documents (region, year), half Polish and half English; links(region, year) replaces chances in cluster blocks.

    The share of cluster blocks varies between documents with the intra-document correlation, and so do linked chances.
    `upper` national documents are added in each year that occurs.
    """
    rng = np.random.default_rng(seed)
    papers, blocks, mentions = [], [], []
    years = sorted({year for _, year in documents})
    wanted = [(region, year, "regional") for region, year in documents]
    wanted += [("", year, "national") for year in years for _ in range(upper)]

    def vary(p: float) -> float:
        if not 0 < p < 1 or correlation == 0:
            return p
        k = (1 - correlation) / correlation
        return float(rng.beta(p * k, (1 - p) * k))

    for number, (region, year, level) in enumerate(wanted):
        name, language = f"d{number:03d}", ("pl", "en")[number % 2]
        title = "Strategia rozwoju" if language == "pl" else "Development strategy"
        papers.append((name, title, year, region, level, "strategy"))
        own = vary(share)
        linked = {code: vary(p) for code, p in (links(region, year) if links else {}).items()}
        for index in range(n_blocks):
            section = SECTIONS[language][index * 6 // n_blocks]
            key = f"{name}b{index:02d}"
            sentences = int(rng.integers(2, 5))
            blocks.append((key, name, index, "paragraph", section, language, sentences, ""))
            is_cluster = rng.random() < own
            chances = AROUND | linked if is_cluster else AROUND
            found = [code for code, p in chances.items() if rng.random() < p]
            found += ["cluster.concept"] if is_cluster else []
            for code in found:
                sentence = f"{key}s{rng.integers(0, sentences)}"
                mentions.append((f"{sentence}-{code}", sentence, key, name, code, code, False, 1.0, language))
    return Frames(
        pl.DataFrame(papers, schema=["document_id", "title", "year", "region", "level", "type"], orient="row"),
        pl.DataFrame(
            blocks,
            schema=["block_id", "document_id", "index", "kind", "section", "language", "n_sentences", "lemmas"],
            orient="row",
        ),
        pl.DataFrame(
            mentions,
            schema=[
                "mention_id", "sentence_id", "block_id", "document_id", "code", "term", "negated", "score", "language",
            ],
            orient="row",
        ),
    )  # fmt: skip


@pytest.fixture(scope="session")
def frames_maker() -> Callable[..., Frames]:
    return make_frames


@pytest.fixture(scope="session")
def own_areas() -> dict[str, tuple[str, ...]]:
    return OWN

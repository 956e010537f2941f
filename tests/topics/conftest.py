"""A small bilingual corpus: twenty passages in both languages, shared out to documents of four passages."""

from pathlib import Path

import polars as pl
import pytest
from block_rows import make_row

from textmine.codebook import load_codebook
from textmine.topics import TopicModel, fit_topics

YEARS = (2006, 2010, 2016, 2022)


@pytest.fixture(scope="session")
def passages() -> list[tuple[str, str]]:
    lines = Path(__file__).with_name("parallel.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(polish, english) for polish, english in pairs]


@pytest.fixture(scope="session")
def blocks(passages: list[tuple[str, str]]) -> pl.DataFrame:
    rows = []
    for language, side in (("pl", 0), ("en", 1)):
        for number in range(len(passages)):
            document = f"{language}-{number:02d}"
            for step in range(4):
                text = passages[(number + step) % len(passages)][side]
                rows.append(make_row(f"{document}-{step}", document, f"Part {step}", language, text))
    return pl.DataFrame(rows)


@pytest.fixture(scope="session")
def documents(blocks: pl.DataFrame) -> pl.DataFrame:
    ids = blocks["document_id"].unique(maintain_order=True).to_list()
    return pl.DataFrame(
        {
            "document_id": ids,
            "year": [YEARS[i % 4] for i in range(len(ids))],
            "region": ["mazowieckie" if i % 2 else "lubelskie" for i in range(len(ids))],
            "level": ["regional"] * len(ids),
            "type": ["strategy" if i % 3 else "report" for i in range(len(ids))],
        }
    )


@pytest.fixture(scope="session")
def model(blocks: pl.DataFrame, documents: pl.DataFrame) -> TopicModel:
    return fit_topics(blocks, documents, codebook=load_codebook(), n_topics=10, n_runs=3, keep_repeats=True)

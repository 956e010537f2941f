import polars as pl
import pytest
from block_rows import make_row

from textmine.codebook import load_codebook
from textmine.topics.prepare import prepare
from textmine.topics.repeats import find_repeats

NOTICES = {
    "pl": "Ten dokument powstał w ramach projektu współfinansowanego przez Unię Europejską w roku {} i jest bezpłatny.",
    "en": "This document was written within a project co-financed by the European Union in {} and is free of charge.",
}


def add_notices(blocks: pl.DataFrame, n_documents: int) -> pl.DataFrame:
    rows = []
    for language, text in NOTICES.items():
        for number in range(n_documents):
            document = f"{language}-{number:02d}"
            rows.append(make_row(f"{document}-notice", document, "", language, text.format(2000 + number)))
    return pl.concat([pl.DataFrame(rows), blocks])


@pytest.fixture
def distinct(passages: list[tuple[str, str]]) -> pl.DataFrame:
    rows = [
        make_row(f"{language}-{number:02d}-0", f"{language}-{number:02d}", "", language, pair[side])
        for side, language in enumerate(("pl", "en"))
        for number, pair in enumerate(passages)
    ]
    return pl.DataFrame(rows)


def test_a_notice_in_most_documents_is_boilerplate(distinct: pl.DataFrame) -> None:
    found = find_repeats(add_notices(distinct, 12))
    assert found.boilerplate == {f"{language}-{number:02d}-notice" for language in NOTICES for number in range(12)}
    assert not found.copies


def test_a_passage_of_two_documents_is_fitted_once(distinct: pl.DataFrame) -> None:
    found = find_repeats(add_notices(distinct, 2))
    assert not found.boilerplate
    assert found.copies == {"pl-01-notice", "en-01-notice"}


def test_texts_of_their_own_are_kept(distinct: pl.DataFrame) -> None:
    found = find_repeats(distinct)
    assert not found.boilerplate
    assert not found.copies


def test_boilerplate_makes_no_vocabulary_and_is_counted(distinct: pl.DataFrame) -> None:
    blocks = add_notices(distinct, 16)
    with_notices = prepare(blocks, codebook=load_codebook(), keep_repeats=True)
    without = prepare(blocks, codebook=load_codebook())
    assert without.n_boilerplate == 32
    assert "bezpłatny" in with_notices.vocabularies["pl"].terms
    assert "bezpłatny" not in without.vocabularies["pl"].terms
    assert with_notices.n_boilerplate == 0

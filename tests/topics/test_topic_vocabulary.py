import numpy as np
import polars as pl

from textmine.topics.vocabulary import (
    MAX_UNIT_WORDS,
    MIN_UNIT_WORDS,
    Unit,
    build_vocabulary,
    count_terms,
    index_names,
    make_units,
    mask_names,
)


def frame(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "block_id": f"b{i}",
                "document_id": document,
                "section": section,
                "language": language,
                "n_words": n_words,
                "lemmas": " ".join(["klaster"] * n_words),
            }
            for i, (document, section, language, n_words) in enumerate(rows)
        ]
    )


def blocks_of(units: list[Unit]) -> list[tuple[str, ...]]:
    return [unit.block_ids for unit in units]


def test_short_blocks_join_until_a_unit_is_long_enough() -> None:
    units = make_units(frame(("d", "A", "pl", 3), ("d", "A", "pl", 40), ("d", "A", "pl", 60), ("d", "A", "pl", 50)))
    assert blocks_of(units) == [("b0", "b1", "b2"), ("b3",)]
    assert all(MIN_UNIT_WORDS <= unit.n_words <= MAX_UNIT_WORDS for unit in units)


def test_a_heading_goes_with_what_it_heads() -> None:
    units = make_units(frame(("d", "A", "pl", 50), ("d", "", "pl", 2), ("d", "B > b", "pl", 50)))
    assert blocks_of(units) == [("b0",), ("b1", "b2")]


def test_the_rest_goes_to_the_unit_before() -> None:
    units = make_units(frame(("d", "A", "pl", 100), ("d", "B", "pl", 5)))
    assert blocks_of(units) == [("b0", "b1")]


def test_units_keep_to_documents_and_languages() -> None:
    rows = (("d", "A", "pl", 20), ("d", "A", "en", 20), ("d", "A", "pl", 20), ("e", "A", "pl", 5))
    units = make_units(frame(*rows))
    assert blocks_of(units) == [("b0", "b2"), ("b1",), ("b3",)]
    assert [unit.language for unit in units] == ["pl", "en", "pl"]
    assert make_units(frame(*rows).head(0)) == []


def test_names_leave_a_gap() -> None:
    names = index_names([("dolina", "lotniczy"), ("dolina",), ("dolina", "lotniczy", "podkarpacki")])
    assert mask_names(["w", "dolina", "lotniczy", "i", "dolina"], names) == ["w", "", "i", ""]
    assert mask_names(["dolina", "lotniczy", "podkarpacki"], names) == [""]
    assert mask_names(["klaster"], {}) == ["klaster"]


def make_unit(document: str, text: str, language: str = "pl") -> Unit:
    return Unit(document, (document,), language, len(text.split()), tuple(text.split()))


def test_vocabulary_keeps_what_stands_in_several_documents() -> None:
    units = [make_unit(f"d{i}", "klaster i bariera oraz 2014") for i in range(4)]
    units += [make_unit("d9", "rzadki klaster"), make_unit("e", "cluster barrier", "en")]
    vocabulary = build_vocabulary(units, "pl", max_share=1.0)
    assert vocabulary.terms == ("bariera", "klaster")
    assert vocabulary.idf[0] > vocabulary.idf[1]
    assert vocabulary.n_units == 5
    counts = count_terms(units, vocabulary)
    assert counts.shape == (6, 2)
    assert counts[5].nnz == 0
    assert np.asarray(counts.sum(axis=0)).ravel().tolist() == [4, 5]


def test_phrases_become_terms_beside_their_words() -> None:
    units = [make_unit(f"d{i}", f"inteligentny specjalizacja słowo{i % 3} inny{i % 2} rzecz{i % 4}") for i in range(12)]
    vocabulary = build_vocabulary(units, "pl", max_share=1.0)
    assert {"inteligentny", "specjalizacja", "inteligentny_specjalizacja"} <= set(vocabulary.terms)
    assert ("inteligentny", "specjalizacja") in vocabulary.phrases
    gap = [make_unit("x", "inteligentny i specjalizacja")]
    column = vocabulary.terms.index("inteligentny_specjalizacja")
    assert count_terms(gap, vocabulary)[0, column] == 0
    assert not build_vocabulary(units, "pl", with_phrases=False, max_share=1.0).phrases


def test_no_text_no_terms() -> None:
    assert build_vocabulary([], "en").terms == ()

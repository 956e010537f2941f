"""Rates: what counts, what weighs, what is thin, what the interval covers."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from textmine.errors import DataError
from textmine.trends import cells_of, count_mentions, match_series, rates

DOCUMENTS = pl.DataFrame(
    {
        "document_id": ["pl-long", "en-short", "bilingual", "undated"],
        "year": [2015, 2015, 2022, None],
        "region": ["mazowieckie", "mazowieckie", "lubelskie", "lubelskie"],
    }
)
COUNTS = pl.DataFrame(
    {
        "document_id": ["pl-long", "en-short", "bilingual", "bilingual", "undated"],
        "language": ["pl", "en", "pl", "en", "pl"],
        "n_sentences": [100, 20, 30, 10, 50],
        "n_words": [2000, 400, 600, 200, 1000],
    }
)


def mention(
    sentence: str, code: str, document: str, *, language: str = "pl", negated: bool = False
) -> tuple[object, ...]:
    return (f"m-{sentence}-{code}-{negated}", sentence, f"b-{sentence[:-1]}", document, code, negated, language)


MENTIONS = pl.DataFrame(
    [
        mention("l1", "barrier.trust", "pl-long"),
        mention("l2", "barrier.trust", "pl-long", negated=True),
        mention("s1", "barrier.trust", "en-short", language="en"),
        mention("s1", "barrier.skills", "en-short", language="en"),
        mention("s2", "barrier.trust", "en-short", language="en"),
        mention("b1", "cluster.concept", "bilingual"),
        mention("b2", "cluster.concept", "bilingual", language="en"),
        mention("u1", "barrier.trust", "undated"),
    ],
    schema=["mention_id", "sentence_id", "block_id", "document_id", "code", "negated", "language"],
    orient="row",
)


def table(**options: object) -> dict[tuple[str, str, str], object]:
    found = rates(DOCUMENTS, COUNTS, MENTIONS, draws=200, **options)  # type: ignore[arg-type]
    return {(one.keys["code"], one.keys["period"], one.keys["measure"]): one for one in found}


def test_documents_weigh_the_same_by_default() -> None:
    one = table()["barrier.trust", "2015", "per_100s"]
    assert one.value == pytest.approx((1 + 10) / 2)  # 1 of 100 and 2 of 20; pooled it would be 2.5
    assert (one.n, one.denominator) == (3, 120)
    assert table(weighting="word")["barrier.trust", "2015", "per_100s"].value == pytest.approx(2.5)


def test_denied_and_undated_do_not_count() -> None:
    one = table()["barrier.trust", "2015", "per_10k"]
    assert one.value == pytest.approx((5 + 50) / 2)
    assert "m-l2-barrier.trust-True" not in one.evidence
    assert not any(period == "" for _, period, _ in table())


def test_share_of_documents_has_a_wilson_interval() -> None:
    one = table()["barrier.skills", "2015", "documents"]
    assert (one.value, one.n, one.denominator) == (0.5, 1, 2)
    assert one.low == pytest.approx(0.0945, abs=1e-3)
    assert one.high == pytest.approx(0.9055, abs=1e-3)
    assert one.flag == "thin"


def test_a_family_counts_a_sentence_once() -> None:
    one = table(codes=["barrier"])["barrier", "2015", "per_100s"]
    assert one.n == 3
    assert set(one.evidence) <= set(MENTIONS["mention_id"])


def test_evidence_is_what_was_counted() -> None:
    assert table()["barrier.trust", "2015", "per_10k"].evidence == (
        "m-l1-barrier.trust-False",
        "m-s1-barrier.trust-False",
        "m-s2-barrier.trust-False",
    )


def test_a_bilingual_document_parts_by_language() -> None:
    found = rates(DOCUMENTS, COUNTS, MENTIONS, group="language", codes=["cluster.concept"], draws=200)
    value = {
        (one.keys["period"], one.keys["language"]): one.value for one in found if one.keys["measure"] == "per_100s"
    }
    assert value["2022", "pl"] == pytest.approx(100 / 30)
    assert value["2022", "en"] == pytest.approx(10)
    assert value["2015", "en"] == 0


def test_periods_are_programming_periods() -> None:
    assert {period for _, period, _ in table(by="period")} == {"2014-20", "2021-27"}


def test_thin_cells_without_spread_have_no_interval() -> None:
    one = table()["barrier.trust", "2015", "per_100s"]
    assert (one.low, one.high, one.flag) == (None, None, "thin no interval")


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        pytest.param(["barrier.*"], ["barrier.skills", "barrier.trust"], id="glob"),
        pytest.param(["barrier"], ["barrier"], id="family"),
        pytest.param(["barrier.market"], ["barrier.market"], id="unseen-code-is-zero"),
        pytest.param(None, ["barrier.skills", "barrier.trust", "cluster.concept"], id="all"),
        pytest.param(["barrier.trust", "barrier.*"], ["barrier.trust", "barrier.skills"], id="once"),
    ],
)
def test_series(patterns: list[str] | None, names: list[str]) -> None:
    known = MENTIONS["code"].unique().to_list()
    assert [series.name for series in match_series(patterns, known)] == names


def test_a_pattern_without_a_code_is_named() -> None:
    with pytest.raises(DataError, match=r"--code bariera\.\*"):
        match_series(["bariera.*"], ["barrier.trust"])


def test_no_dated_document() -> None:
    with pytest.raises(DataError, match="--metadata"):
        rates(DOCUMENTS.with_columns(year=pl.lit(None, dtype=pl.Int64)), COUNTS, MENTIONS)


def test_group_that_is_not_there() -> None:
    with pytest.raises(DataError, match="--group type"):
        rates(DOCUMENTS, COUNTS, MENTIONS, group="type")


def test_two_documents_in_a_year_are_no_rise(corpus_maker) -> None:
    made = corpus_maker([2010, 2011, 2011, 2012], lambda n, y: {"cluster.concept": 0.2}, seed=1)
    found = {f.keys["period"]: f for f in rates(*made.frames, draws=200) if f.keys["measure"] == "per_100s"}
    assert found["2011"].n > 1.4 * found["2010"].n
    assert found["2011"].value < 1.4 * found["2010"].value


def test_same_seed_same_answer(corpus_maker) -> None:
    made = corpus_maker([2010] * 4 + [2016] * 25, lambda n, y: {"cluster.concept": 0.2}, seed=1)
    assert rates(*made.frames, by="period", draws=200) == rates(*made.frames, by="period", draws=200)


@pytest.mark.parametrize("n_documents", [5, 8, 12, 24])
def test_intervals_cover(n_documents: int, corpus_maker) -> None:
    """Nominal 95 % covers 91-97 % at 5, 8 and 12 documents (20 sentences a document, correlation 0.1)."""
    covered, runs = 0, 200
    truth = 0.2
    for run in range(runs):
        made = corpus_maker(
            [2010] * n_documents,
            lambda n, y: {"cluster.concept": truth},
            seed=run,
            correlation=0.1,
            n_blocks=7,
        )
        counted = count_mentions(*made.frames, blocks=made.blocks)
        (cell,) = cells_of(counted, by="period", draws=400, seed=run)
        from textmine.statistics import percentile_interval

        low, high = percentile_interval(
            cell.draws["per_100s"][:, 0], n_documents=n_documents, alone=float(cell.spread["per_100s"][0])
        )
        assert low is not None
        assert high is not None
        covered += low <= 100 * truth <= high
    # 200 runs at .94 vary by .034 (two standard errors)
    assert 0.905 <= covered / runs <= 0.985, covered / runs


def test_borrowed_intervals_cover(corpus_maker) -> None:
    """A year with one document takes the spread of rates from the years with more."""
    covered = cells = 0
    for run in range(40):
        years = [2004, 2005, 2006, 2006, 2006, 2007, 2008, 2009, 2009, 2010, 2010, 2010]
        made = corpus_maker(years, lambda n, y: {"barrier.trust": 0.15}, seed=run, correlation=0.1)
        for one in rates(*made.frames, draws=200):
            if one.keys["measure"] == "per_100s" and one.keys["n_documents"] == "1":
                assert one.flag == "thin borrowed"
                covered += one.low <= 15 <= one.high
                cells += 1
    assert 0.90 <= covered / cells <= 0.99, covered / cells


def test_blocks_and_averages_agree(corpus_maker) -> None:
    made = corpus_maker([2010] * 6, lambda n, y: {"cluster.concept": 0.2}, seed=3)
    in_tables = made.blocks.with_columns(row=pl.lit(3))  # a column of the store's frame that once hid the document's
    cells = [
        cells_of(count_mentions(*made.frames, blocks=blocks), by="period", draws=2000)[0]
        for blocks in (made.blocks, None, in_tables)
    ]
    assert np.array_equal(cells[0].draws["per_100s"], cells[2].draws["per_100s"])
    assert cells[0].draws["per_100s"].std() == pytest.approx(cells[1].draws["per_100s"].std(), rel=0.1)
    assert np.allclose(cells[0].value["per_10k"], cells[1].value["per_10k"])

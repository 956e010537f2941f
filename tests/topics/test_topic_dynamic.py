import polars as pl
import pytest

from textmine.codebook import load_codebook
from textmine.errors import DataError
from textmine.topics import dynamic
from textmine.topics.dynamic import fit_dynamic
from textmine.topics.prepare import Prepared, prepare


@pytest.fixture(scope="module")
def prepared(blocks: pl.DataFrame) -> Prepared:
    return prepare(blocks, codebook=load_codebook(), seed_codes=[], keep_repeats=True)


def test_words_by_period(prepared: Prepared, documents: pl.DataFrame) -> None:
    two = documents.with_columns(year=pl.when(pl.col("year") < 2013).then(2010).otherwise(2016))
    rows = fit_dynamic(prepared, two, n_topics=2)
    assert [(row["topic"], row["period"]) for row in rows] == [
        (f"dynamic-0{topic}", period) for topic in (1, 2) for period in ("2007-13", "2014-20")
    ]
    assert all(len(row["terms_pl"]) == len(row["terms_en"]) == 10 for row in rows)
    for period in ("2007-13", "2014-20"):
        assert sum(row["share"] for row in rows if row["period"] == period) == pytest.approx(1, abs=1e-3)


def test_one_period_or_too_much_text(
    prepared: Prepared, documents: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match="at least two periods; found 1"):
        fit_dynamic(prepared, documents.with_columns(year=pl.lit(2010)), n_topics=2)
    monkeypatch.setattr(dynamic, "MAX_UNITS", 3)
    with pytest.raises(DataError, match="would take hours"):
        fit_dynamic(prepared, documents, n_topics=2)

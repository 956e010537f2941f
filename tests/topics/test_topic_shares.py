import polars as pl
import pytest

from textmine.errors import DataError
from textmine.topics import TopicModel
from textmine.topics.over_time import compare_groups, topic_shares


def test_shares_of_a_group_sum_to_one(model: TopicModel, documents: pl.DataFrame) -> None:
    findings = topic_shares(model, documents, by="year", draws=200)
    years = sorted({finding.keys["year"] for finding in findings})
    assert years == ["2006", "2010", "2016", "2022"]
    for year in years:
        own = [finding for finding in findings if finding.keys["year"] == year]
        assert sum(finding.value or 0 for finding in own) == pytest.approx(1, abs=1e-4)
        assert all(finding.low is not None and finding.low <= finding.value <= finding.high for finding in own)  # type: ignore[operator]
        assert all(finding.what == "topic" and finding.denominator > 0 for finding in own)


def test_a_constant_share_in_a_growing_corpus_is_constant(model: TopicModel) -> None:
    # the same ten Polish texts once in 2010, and with their doubles in 2011
    units = [unit for unit in model.units if unit.document_id < "pl-10" and unit.language == "pl"]
    ids = sorted({unit.document_id for unit in units})
    small = pl.DataFrame({"document_id": ids, "year": [2010] * len(ids)})
    large = pl.DataFrame({"document_id": ids, "year": [2011] * len(ids)})
    shares = [
        {finding.keys["topic"]: finding.value for finding in topic_shares(model, frame, draws=200)}
        for frame in (small, large)
    ]
    assert shares[0] == shares[1]


def test_share_does_not_hang_on_the_number_of_documents(model: TopicModel) -> None:
    # every text stands in four documents, so halves of the corpus have nearly equal shares though one has 3x the texts
    ids = sorted({unit.document_id for unit in model.units if unit.language == "en"})
    years = [2010 if i % 4 == 0 else 2011 for i in range(len(ids))]
    findings = topic_shares(model, pl.DataFrame({"document_id": ids, "year": years}), draws=200)
    by_year = {(finding.keys["topic"], finding.keys["year"]): finding for finding in findings}
    for topic in model.topics():
        few, many = by_year[topic.topic, "2010"], by_year[topic.topic, "2011"]
        assert few.value == pytest.approx(many.value, abs=0.03)
        assert many.denominator > 2 * few.denominator


def test_few_documents_have_no_interval(model: TopicModel) -> None:
    one = pl.DataFrame({"document_id": ["pl-00", "en-00"], "year": [2010, None]})
    findings = topic_shares(model, one, draws=200)
    assert {finding.keys["year"] for finding in findings} == {"2010"}
    assert all(finding.flag == "few documents" and finding.low is None for finding in findings)


@pytest.mark.parametrize("by", ["period", "region", "level", "type", "language"])
def test_other_groupings(model: TopicModel, documents: pl.DataFrame, by: str) -> None:
    findings = topic_shares(model, documents, by=by, draws=200)
    assert findings
    assert all(by in finding.keys for finding in findings)


def test_unknown_grouping(model: TopicModel, documents: pl.DataFrame) -> None:
    with pytest.raises(DataError, match="colour"):
        topic_shares(model, documents, by="colour")


def test_same_seed_same_intervals(model: TopicModel, documents: pl.DataFrame) -> None:
    assert topic_shares(model, documents, draws=200) == topic_shares(model, documents, draws=200)


def test_comparison_of_two_groups(model: TopicModel, documents: pl.DataFrame) -> None:
    findings = compare_groups(model, documents, "mazowieckie", "lubelskie", by="region", draws=200)
    assert len(findings) == len(model.topics())
    assert sum(finding.value or 0 for finding in findings) == pytest.approx(0, abs=1e-4)
    assert all(finding.low <= finding.value <= finding.high for finding in findings)  # type: ignore[operator]
    with pytest.raises(DataError, match="no document with region nowhere"):
        compare_groups(model, documents, "nowhere", "lubelskie", by="region")

"""The story written into the sample corpus (corpus/STORY.md) is found from the PDFs alone, with intervals that part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from textmine.findings.integration import (
    answer_table_rows,
    coupling_table_rows,
    evidence_rows,
    integration_findings,
    integration_rows,
    sensitivity_rows,
    step_rows,
)
from textmine.findings.report import answers
from textmine.findings.trends import (
    TrendQuestion,
    change_findings,
    change_rows,
    corrected_findings,
    corrected_rows,
    leader_rows,
    rate_rows,
    reuse_rows,
    trend_findings,
)
from textmine.report.words import SIDE_NAMES
from textmine.settings import Settings
from textmine.store import Filter, Store

SETTINGS = Settings(draws=1000)
PERIODS = ("2004-06", "2007-13", "2014-20", "2021-27")


@pytest.fixture(scope="module")
def store(demo_store: Path) -> Iterator[Store]:
    with Store.open(demo_store) as opened:
        yield opened


def rates(store: Store, *codes: str, by: str = "period", **filter: Any) -> dict[tuple[str, str], dict[str, Any]]:
    question = TrendQuestion(codes=codes, by=by, filter=Filter(**filter))  # type: ignore[arg-type]
    rows = rate_rows(trend_findings(store, SETTINGS, question))
    return {(row["code"], row["period"]): row for row in rows}


def test_statements_on_clusters_rise_then_fall(store: Store) -> None:
    found = rates(store, "cluster", type="strategy")
    values = [found["cluster", period]["rate_per_100s"] for period in PERIODS]
    assert values[0] < values[1] < values[2] > values[3]
    assert found["cluster", "2014-20"]["low_100s"] > found["cluster", "2004-06"]["rate_per_100s"]


def test_plain_sums_are_not_the_trend(store: Store) -> None:
    """2012 has three documents: its sum stands out among its neighbours, its rate does not."""
    found = rates(store, "cluster", by="year")
    sums = [found["cluster", year]["n_mentions"] for year in ("2011", "2012", "2013")]
    means = [found["cluster", year]["rate_per_100s"] for year in ("2011", "2012", "2013")]
    assert sums[1] == max(sums)
    assert means[1] == min(means)


@pytest.mark.parametrize(
    ("period", "code"),
    [("2007-13", "barrier.cooperation"), ("2014-20", "barrier.finance"), ("2021-27", "barrier.skills")],
)
def test_the_leading_barrier_changes(period: str, code: str, store: Store) -> None:
    rows = leader_rows(store, SETTINGS, TrendQuestion(by="period"), "barrier")
    (leader,) = [row for row in rows if row["period"] == period and row["rank"] == 1]
    assert leader["code"] == code
    assert leader["probability"] > 0.9


def test_priorities_move(store: Store) -> None:
    found = rates(store, "priority.ict", "priority.energy", "priority.tourism")

    def rate(code: str, period: str) -> float:
        return float(found[code, period]["rate_per_100s"])

    assert rate("priority.ict", "2007-13") < rate("priority.ict", "2021-27")
    assert rate("priority.energy", "2007-13") < rate("priority.energy", "2014-20") < rate("priority.energy", "2021-27")
    assert found["priority.energy", "2021-27"]["low_100s"] > found["priority.energy", "2007-13"]["rate_per_100s"]
    assert rate("priority.tourism", "2004-06") > rate("priority.tourism", "2014-20")


def test_trend_and_break_are_tested(store: Store) -> None:
    rows = change_rows(change_findings(store, SETTINGS, TrendQuestion(codes=("barrier.skills", "cluster"))))
    tests = {(row["code"], row["test"]): row for row in rows}
    assert tests["cluster", "mann-kendall"]["n_years"] >= 15
    skills = tests["barrier.skills", "break"]
    assert 2018 <= skills["value"] <= 2022
    assert skills["p"] < 0.05


@pytest.mark.parametrize(
    ("language", "turn", "side"),
    [
        (
            "en",
            "Statements on clusters rise until 2018",
            "mazowieckie, from 2007-13 to 2014-20: clusters are tied in more",
        ),
        (
            "pl",
            "Wypowiedzi o klastrach przybywa do roku 2018",
            "mazowieckie, od 2007-13 do 2014-20: klastry są powiązane",
        ),
    ],
)
def test_the_answers_tell_the_story(language: Any, turn: str, side: str, store: Store) -> None:
    found = answers(store, SETTINGS, language=language)
    assert any(text.startswith(turn) for text in found)
    (sides,) = [text for text in found if text.startswith(side)]
    assert sum(name in sides for name in SIDE_NAMES[language].values()) >= 3


def test_rates_are_corrected_with_a_random_sample(store: Store, tmp_path: Path) -> None:
    """People who say what the coder said leave the share as it is; people who say less lower it."""
    sentences = [one for name in store.documents_frame()["document_id"] for one in store.sentences(name)]
    coded = set(store.mentions_frame(Filter(codes=("barrier.skills",)))["sentence_id"])
    picked = np.random.default_rng(1).choice(len(sentences), 1200, replace=False)
    rates = {}
    for name, kept in (("same", 1.0), ("stricter", 0.5)):
        rows = ["sentence_id,codes,chance"]
        for number, place in enumerate(picked):
            said = sentences[place].id in coded and number % 2 < 2 * kept
            rows.append(f"{sentences[place].id},{'barrier.skills' if said else ''},{1200 / len(sentences)}")
        file = tmp_path / f"{name}.csv"
        file.write_text("\n".join(rows), encoding="utf-8")
        question = TrendQuestion(codes=("barrier.skills",), by="all")
        (row,) = corrected_rows(corrected_findings(store, SETTINGS, question, file))
        assert row["method"] == "design"
        assert row["low"] <= row["rate_per_100s"] <= row["high"]
        rates[name] = row["rate_per_100s"]
    question = TrendQuestion(codes=("barrier.skills",), by="all", weighting="word")
    (raw,) = rate_rows(trend_findings(store, SETTINGS, question))
    assert rates["same"] == pytest.approx(raw["rate_per_100s"], rel=0.01)
    assert rates["stricter"] < 0.8 * rates["same"]


def test_the_copied_paragraph_is_found(store: Store) -> None:
    groups: dict[int, list[str]] = {}
    for row in reuse_rows(store, Filter(region="mazowieckie")):
        groups.setdefault(row["group"], []).append(Path(row["document"]).stem)
    assert any(len(set(documents)) >= 2 for documents in groups.values())


def test_counting_once_takes_the_copies_out(store: Store) -> None:
    everything, once = (
        sum(
            row["n_sentences"]
            for row in rate_rows(
                trend_findings(store, SETTINGS, TrendQuestion(codes=("cluster",), by="all", once=flag))
            )
        )
        for flag in (False, True)
    )
    assert 0 < everything - once < 100


@pytest.fixture(scope="module")
def cells(store: Store) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = integration_rows(integration_findings(store, SETTINGS))
    return {(row["region"], row["period"], row["indicator"]): row for row in rows}


def test_integration_grows_in_mazowieckie(store: Store) -> None:
    rows = step_rows(store, SETTINGS, filter=Filter(region="mazowieckie"))
    step = {row["indicator"]: row for row in rows if row["period"] == "2007-13 > 2014-20"}
    for indicator in ("S4a", "S7", "I"):
        assert step[indicator]["low"] > 0, indicator
    assert step["S3a"]["value"] > 0
    assert step["S8a"]["value"] > 0
    after = {row["indicator"]: row for row in rows if row["period"] == "2014-20 > 2021-27"}
    assert after["I"]["flag"] == "not shown"  # still tied, less said


def test_mazowieckie_gets_a_programme_that_a_person_has_to_confirm(cells) -> None:
    assert cells["mazowieckie", "2007-13", "S5"]["value"] <= 0.5
    assert cells["mazowieckie", "2014-20", "S5"]["value"] >= 0.75  # level 3 or 4 of 4
    assert cells["mazowieckie", "2014-20", "S5"]["flag"] == "unconfirmed"


def test_lubelskie_names_clusters_ritually(store: Store) -> None:
    rows = integration_rows(integration_findings(store, SETTINGS, by=("region",)))
    cells = {(row["region"], row["indicator"]): row for row in rows}
    assert cells["lubelskie", "S1b"]["value"] > 0.5 * cells["mazowieckie", "S1b"]["value"]
    for indicator in ("S3a", "S4a"):
        assert cells["lubelskie", indicator]["q"] < 0.1
        assert cells["lubelskie", indicator]["value"] < min(
            cells[region, indicator]["value"] for region in ("podkarpackie", "pomorskie")
        )
    assert cells["lubelskie", "I"]["high"] < cells["mazowieckie", "I"]["low"]


def test_podkarpackie_is_tied_early(cells) -> None:
    assert cells["podkarpackie", "2007-13", "S3a"]["value"] > 0.1
    assert cells["podkarpackie", "2007-13", "S3a"]["value"] > cells["mazowieckie", "2007-13", "S3a"]["value"]


def test_every_number_opens_its_sentences(store: Store) -> None:
    findings = integration_findings(store, SETTINGS)
    rows = evidence_rows(store, findings, indicators=("S4", "S7"), region="mazowieckie")
    assert {row["indicator"] for row in rows} == {"S4", "S7"}
    for row in rows:
        assert row["document"].startswith("maz-")
        assert row["page"] >= 1
        assert row["text"].strip()
        assert row["codes"]
    backed = [row for row in rows if row["indicator"] == "S4"]
    assert all(any(code.startswith("instrument.") for code in row["codes"]) for row in backed)


def test_answers_and_coupling(store: Store) -> None:
    pairs = answer_table_rows(store, filter=Filter(region="mazowieckie"))
    assert any(row["answers"] and row["period"] == "2014-20" for row in pairs)
    areas = {(row["period"], row["priority"]): row for row in coupling_table_rows(store, filter=Filter(region="PL91"))}
    assert areas["2014-20", "priority.agrifood"]["own"]
    assert areas["2014-20", "priority.agrifood"]["share"] > areas["2007-13", "priority.agrifood"]["share"]


def test_ranks_come_with_ranges(store: Store) -> None:
    rows = sensitivity_rows(store, SETTINGS, by=("region",), runs=200)
    ranks = {row["region"]: row for row in rows if row["indicator"] == "rank"}
    assert max(ranks, key=lambda region: ranks[region]["value"]) == "lubelskie"
    assert sum(row["value"] for row in rows if row["indicator"].startswith("variance")) == pytest.approx(1, abs=0.01)

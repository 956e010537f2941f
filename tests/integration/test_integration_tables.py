"""The tables behind the indicators: answers, coupling, alignment; and the cues of a cluster's phase of life."""

from __future__ import annotations

import numpy as np
import pytest

from textmine.integration import alignment_rows, answer_rows, coupling_rows, integration
from textmine.integration.phases import PHASES, phases_of
from textmine.languages import analyse


def tied(region: str, year: int) -> dict[str, float]:
    return {"priority.agrifood": 0.5} if region == "mazowieckie" else {}


def test_a_planted_coupling_parts_from_chance_and_others_do_not(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2015)] * 6 + [("lubelskie", 2015)] * 6, seed=3, links=tied)
    rows = coupling_rows(*made.all, own_areas, draws=400)
    found = {(row["region"], row["priority"]): row for row in rows}
    planted = found["mazowieckie", "priority.agrifood"]
    assert planted["own"]
    assert planted["low"] > 0.1
    assert planted["low"] <= planted["excess"] <= planted["high"]
    assert len(planted["evidence"]) >= planted["n"]
    assert not found["mazowieckie", "priority.tourism"]["own"]
    others = [row for key, row in found.items() if key != ("mazowieckie", "priority.agrifood") and row["n"]]
    assert np.mean([row["low"] <= 0 <= row["high"] for row in others]) >= 0.8


def test_a_priority_never_seen_beside_clusters_may_still_be_there(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2015)] * 4, seed=3, links=lambda r, y: {"priority.tourism": 0.0})
    row = {row["priority"]: row for row in coupling_rows(*made.all, own_areas, draws=200)}["priority.mobility"]
    assert (row["n"], row["around"]) == (0, 0)
    assert row["high"] == pytest.approx(3.84 / (row["denominator"] + 3.84), rel=0.02)  # Wilson's bound of none


def test_answers_have_shares_and_evidence(frames_maker, own_areas) -> None:
    def answered(region: str, year: int) -> dict[str, float]:
        return {"barrier.skills": 0.4, "instrument.skills": 0.6}

    made = frames_maker([("lubelskie", 2015)] * 5, seed=1, links=answered)
    rows = {(row["barrier"], row["instrument"]): row for row in answer_rows(*made.all, own_areas, draws=200)}
    row = rows["barrier.skills", "instrument.skills"]
    assert row["answers"]
    assert row["share"] == pytest.approx(row["n"] / row["denominator"], abs=1e-3)
    assert row["low"] <= row["share"] <= row["high"]
    codes = {name.rpartition("-")[2] for name in row["evidence"]}
    assert codes == {"barrier.skills", "instrument.skills"}


def test_two_documents_have_no_interval(frames_maker, own_areas) -> None:
    made = frames_maker([("lubelskie", 2015)] * 2, seed=1)
    for rows in (coupling_rows(*made.all, own_areas), answer_rows(*made.all, own_areas)):
        assert rows
        assert all(row["low"] is None and row["high"] is None for row in rows)


def test_alignment_tells_like_from_unlike(frames_maker, own_areas) -> None:
    """Mazowieckie speaks as the country does, lubelskie of skills alone."""

    def accents(region: str, year: int) -> dict[str, float]:
        return {"barrier.skills": 0.9, "instrument.skills": 0.9} if region == "lubelskie" else {}

    made = frames_maker(
        [("mazowieckie", 2015)] * 5 + [("lubelskie", 2015)] * 5, seed=2, links=accents, upper=4, share=0.5
    )
    found = {(row["region"], row["with"]): row for row in alignment_rows(*made.all, own_areas, draws=300)}
    assert set(found) == {("lubelskie", "national"), ("lubelskie", "mazowieckie"), ("mazowieckie", "national")}
    like, unlike = found["mazowieckie", "national"], found["lubelskie", "national"]
    assert (like["direction"], found["lubelskie", "mazowieckie"]["direction"]) == ("vertical", "horizontal")
    assert like["value"] > 0.9 > unlike["high"]
    assert set(unlike["more"]) == {"barrier.skills", "instrument.skills"}
    assert like["low"] <= like["value"] <= like["high"]


def test_too_few_contexts_are_not_aligned(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2015), ("lubelskie", 2015)], seed=2, share=0.1)
    (row,) = alignment_rows(*made.all, own_areas)
    assert (row["value"], row["flag"]) == (None, "insufficient")


def test_regions_without_clusters_are_flagged(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2015)] * 3 + [("lubelskie", 2015)] * 3, seed=2)
    quiet = made.documents.filter(made.documents["region"] == "lubelskie")["document_id"]
    mentions = made.mentions.filter(
        ~((made.mentions["code"] == "cluster.concept") & made.mentions["document_id"].is_in(quiet.implode()))
    )
    found = integration(made.documents, made.blocks, mentions, own_areas, draws=100)
    flags = {one.flag for one in found if one.keys["region"] == "lubelskie"}
    assert flags == {"no cluster policy found"}


@pytest.mark.parametrize(
    ("text", "language", "phase"),
    [
        pytest.param("Klastry są w fazie początkowej.", "pl", "initial", id="pl-initial"),
        pytest.param("Nowo powstałe klastry szukają członków.", "pl", "initial", id="pl-new"),
        pytest.param("Rozwijające się klastry potrzebują wsparcia.", "pl", "growth", id="pl-growth"),
        pytest.param("Trzy klastry są już dojrzałe.", "pl", "mature", id="pl-mature"),
        pytest.param("Klaster wszedł w fazę schyłkową.", "pl", "decline", id="pl-decline"),
        pytest.param("Emerging clusters look for members.", "en", "initial", id="en-emerging"),
        pytest.param("Most clusters are at an early stage.", "en", "initial", id="en-early"),
        pytest.param("Some clusters are in the growth phase.", "en", "growth", id="en-growth"),
        pytest.param("Mature clusters export more.", "en", "mature", id="en-mature"),
        pytest.param("Declining clusters lose members.", "en", "decline", id="en-decline"),
        pytest.param("Samorząd będzie rozwijał klastry.", "pl", "", id="pl-develop"),
        pytest.param("Transformacja energetyczna wymaga pieniędzy.", "pl", "", id="pl-energy"),
        pytest.param("The region will establish clusters.", "en", "", id="en-establish"),
        pytest.param("Firms in clusters grow.", "en", "", id="en-grow"),
    ],
)
def test_phase_cues(text: str, language: str, phase: str) -> None:
    lemmas = " ".join(word for word in analyse(text, language).lemmas if any(map(str.isalpha, word)))
    assert dict(zip(PHASES, phases_of(lemmas), strict=True)) == {name: name == phase for name in PHASES}

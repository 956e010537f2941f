"""Planted links are found, nulls stay null, what is missing is not zero, and a placebo does not rank the same."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import spearmanr

from textmine.errors import DataError
from textmine.integration import build_corpus, integration, picture_cells, sensitivity
from textmine.records import Finding

TIED = {
    "instrument.coordination": 0.4,
    "instrument.funding": 0.4,
    "priority.agrifood": 0.5,
    "integration.vertical": 0.4,
    "integration.actors": 0.5,
}


def by_key(found: list[Finding]) -> dict[tuple[str, str, str], Finding]:
    return {(f.keys["region"], f.keys["period"], f.keys["indicator"]): f for f in found}


@pytest.fixture(scope="module")
def tied(frames_maker, own_areas):
    """Mazowieckie is tied in 2014-20 and not before; Lubelskie names clusters as often and never ties them."""
    documents = [(region, year) for region in ("mazowieckie", "lubelskie") for year in (2010, 2016) for _ in range(9)]
    return frames_maker(documents, seed=3, links=lambda r, y: TIED if (r, y) == ("mazowieckie", 2016) else {}, upper=3)


@pytest.fixture(scope="module")
def found(tied, own_areas):
    return by_key(integration(*tied.all, own_areas, draws=500))


@pytest.mark.parametrize("indicator", ["S3a", "S4a", "S8a"])
def test_planted_links_are_found(indicator: str, found) -> None:
    after = found["mazowieckie", "2014-20", indicator]
    assert after.low > 0
    for cell in (("mazowieckie", "2007-13"), ("lubelskie", "2007-13"), ("lubelskie", "2014-20")):
        assert found[*cell, indicator].low < 0.05, cell
        assert found[*cell, indicator].high < after.value


def test_composite_rises_where_links_were_planted(found) -> None:
    before, after = (found["mazowieckie", period, "I"] for period in ("2007-13", "2014-20"))
    assert after.low > before.value
    assert after.value > found["lubelskie", "2014-20", "I"].high


def test_naming_clusters_is_not_tying_them(found) -> None:
    """S1 is as high in the ritual region."""
    assert found["lubelskie", "2014-20", "S1"].value > 0.8 * found["mazowieckie", "2014-20", "S1"].value


def test_values_lie_inside_their_intervals(found) -> None:
    for key, one in found.items():
        if one.value is not None and one.low is not None and key[2] not in ("S8b", "S10", "I"):
            assert one.low - 1e-9 <= one.value <= one.high + 1e-9, key


def test_missing_is_not_zero(found) -> None:
    one = found["mazowieckie", "2007-13", "S9b"]
    assert (one.value, one.flag) == (None, "insufficient")


def test_same_seed_same_picture(tied, own_areas) -> None:
    assert integration(*tied.all, own_areas, draws=200) == integration(*tied.all, own_areas, draws=200)


def test_order_of_rows_does_not_matter(tied, own_areas) -> None:
    shuffled = [frame.sample(fraction=1, shuffle=True, seed=1) for frame in tied.all]
    assert integration(*shuffled, own_areas, draws=200) == integration(*tied.all, own_areas, draws=200)


def test_null_links_stay_null(frames_maker, own_areas) -> None:
    """With no link the excess intervals hold 0 about as often as they claim."""
    held = tried = 0
    for run in range(30):
        made = frames_maker([("mazowieckie", 2010)] * 6 + [("lubelskie", 2010)] * 6, seed=100 + run)
        cells = by_key(integration(*made.all, own_areas, draws=300, seed=run))
        for region in ("mazowieckie", "lubelskie"):
            for indicator in ("S3a", "S4a", "S8a"):
                one = cells[region, "2007-13", indicator]
                if one.low is not None:
                    tried += 1
                    held += one.low <= 0 <= one.high
    assert tried > 150
    assert held / tried > 0.9


@pytest.mark.parametrize("n_documents", [5, 8, 12])
def test_intervals_cover_a_planted_excess(n_documents: int, frames_maker, own_areas) -> None:
    covered = runs = 0
    around = 1 - np.prod([1 - p for p in (0.10, 0.05, 0.06)])
    linked = 1 - (1 - 0.10) * (1 - 0.06) * (1 - 0.35)  # funding and skills as everywhere, coordination planted
    truth = (linked - around) / (1 - around)
    for run in range(80):
        made = frames_maker(
            [("mazowieckie", 2010)] * n_documents,
            seed=run,
            links=lambda r, y: {"instrument.coordination": 0.35},
            n_blocks=30,
        )
        corpus = build_corpus(*made.all, own_areas)
        (cell,) = picture_cells(corpus, own_areas, draws=300, seed=run, align=False)
        from textmine.statistics import percentile_interval

        low, high = percentile_interval(cell.drawn["S4a"], n_documents=n_documents, alone=cell.alone["S4a"])
        runs += 1
        covered += low <= truth <= high
    # 80 runs at .94 vary by .053 (two standard errors)
    assert 0.88 <= covered / runs <= 0.99, covered / runs


def test_a_placebo_theme_does_not_rank_the_same(frames_maker, own_areas) -> None:
    """Tourism is as frequent as clusters and tied to nothing."""
    regions = ["mazowieckie", "lubelskie", "pomorskie", "opolskie", "podlaskie"]
    strength = dict(zip(regions, (0.6, 0.45, 0.3, 0.15, 0.0), strict=True))
    made = frames_maker(
        [(region, 2016) for region in regions for _ in range(6)],
        seed=5,
        links=lambda r, y: {code: max(p * strength[r] / 0.6, 0.03) for code, p in TIED.items()},
    )
    areas = dict.fromkeys(regions, ("priority.agrifood", "priority.health"))
    real = by_key(integration(*made.all, areas, draws=200))
    placebo = by_key(integration(*made.all, areas, draws=200, theme=("priority.tourism",)))
    values = [[cells[region, "2014-20", "S4a"].value for region in regions] for cells in (real, placebo)]
    assert np.corrcoef(values[0], list(strength.values()))[0, 1] > 0.9
    assert np.mean(values[0]) > np.mean(values[1]) + 0.1
    assert spearmanr(values[0], list(strength.values())).statistic > 0.85
    assert spearmanr(values[1], list(strength.values())).statistic < 0.6
    assert all(cells[region, "2014-20", "S4a"].low < 0.05 for cells in [placebo] for region in regions)


def test_a_silent_region_is_listed_apart(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2016)] * 4 + [("lubelskie", 2016)] * 4, seed=6)
    silent = made.documents.filter(pl.col("region") == "lubelskie")["document_id"]
    mentions = made.mentions.filter(
        ~(pl.col("document_id").is_in(silent.implode()) & (pl.col("code") == "cluster.concept"))
    )
    cells = by_key(integration(made.documents, made.blocks, mentions, own_areas, draws=200))
    assert {f.flag for (region, _, _), f in cells.items() if region == "lubelskie"} == {"no cluster policy found"}
    assert cells["lubelskie", "2014-20", "S1a"].value == 0
    assert cells["lubelskie", "2014-20", "S5"].value == 0
    assert cells["lubelskie", "2014-20", "S4a"].value is None
    assert cells["lubelskie", "2014-20", "I"].value is None


def test_negated_weak_and_annexed_mentions_do_not_count(frames_maker, own_areas) -> None:
    made = frames_maker([("mazowieckie", 2016)] * 3, seed=7)
    plain = build_corpus(*made.all, own_areas)
    denied = build_corpus(made.documents, made.blocks, made.mentions.with_columns(negated=pl.lit(True)), own_areas)
    weak = build_corpus(made.documents, made.blocks, made.mentions.with_columns(score=pl.lit(0.4)), own_areas)
    assert plain.theme.sum() > 0
    assert denied.theme.sum() == weak.theme.sum() == 0
    assert "annex" not in set(plain.part)


def test_a_person_confirms_the_ladder(tied, own_areas) -> None:
    where = ("mazowieckie", "2014-20")
    one = by_key(integration(*tied.all, own_areas, draws=200, confirmed={where: 4}))[*where, "S5"]
    assert (one.value, one.flag, one.low) == (1.0, "confirmed", None)


LADDER = [
    pytest.param([], "strategy", 0.0, id="nothing"),
    pytest.param(["cluster.policy"], "strategy", 0.25, id="policy"),
    pytest.param(["cluster.policy", "instrument.coordination"], "report", 0.5, id="steered-in-a-report"),
    pytest.param(["cluster.policy", "instrument.coordination"], "strategy", 0.75, id="steered-by-the-region"),
    pytest.param(["cluster.policy", "instrument.coordination"], "programme", 1.0, id="programme-on-clusters"),
]


@pytest.mark.parametrize(("codes", "kind", "value"), LADDER)
@pytest.mark.parametrize(
    ("title", "section"), [("Program wspierania klastrów", "3. Działania"), ("Cluster programme", "3. Actions")]
)
def test_the_ladder_of_a_regional_programme(codes, kind, value, title, section) -> None:
    documents = pl.DataFrame(
        {
            "document_id": ["d"],
            "title": [title],
            "year": [2016],
            "region": ["mazowieckie"],
            "level": ["regional"],
            "type": [kind],
        }
    )
    blocks = pl.DataFrame(
        {
            "block_id": ["b0", "b1"], "document_id": ["d", "d"], "index": [0, 1], "kind": ["paragraph"] * 2,
            "section": [section] * 2, "language": ["pl"] * 2, "n_sentences": [2, 30], "lemmas": ["", ""],
        }
    )  # fmt: skip
    mentions = pl.DataFrame(
        [(f"m{i}", f"s{i}", "b0", "d", code, code, False, 1.0) for i, code in enumerate([*codes, "priority.ict"])],
        schema=["mention_id", "sentence_id", "block_id", "document_id", "code", "term", "negated", "score"],
        orient="row",
    )
    one = by_key(integration(documents, blocks, mentions, {}, draws=200))["mazowieckie", "2014-20", "S5"]
    assert one.value == value
    assert ("unconfirmed" in one.flag) == (value >= 0.75)


def test_a_list_goes_with_its_lead_in_and_a_row_with_its_cells(own_areas) -> None:
    documents = pl.DataFrame(
        {
            "document_id": ["d"],
            "title": [""],
            "year": [2016],
            "region": ["mazowieckie"],
            "level": ["regional"],
            "type": ["report"],
        }
    )
    kinds = ["paragraph", "list", "list", "paragraph", "table", "table", "table"]
    blocks = pl.DataFrame(
        {
            "block_id": [f"b{i}" for i in range(7)], "document_id": ["d"] * 7, "index": list(range(7)), "kind": kinds,
            "section": ["1. Stan"] * 7, "language": ["pl"] * 7, "n_sentences": [1] * 7, "lemmas": [""] * 7,
            "row": [0, 0, 0, 0, 1, 1, 2],
        }
    )  # fmt: skip
    mentions = pl.DataFrame(
        schema={
            "mention_id": pl.String, "sentence_id": pl.String, "block_id": pl.String, "document_id": pl.String,
            "code": pl.String, "term": pl.String, "negated": pl.Boolean, "score": pl.Float64,
        }
    )  # fmt: skip
    assert build_corpus(documents, blocks, mentions, own_areas).sentences.tolist() == [3, 1, 2, 1]
    assert len(build_corpus(documents, blocks, mentions, own_areas, unit="sentence").sentences) == 7
    assert len(build_corpus(documents, blocks, mentions, own_areas, unit="section").sentences) == 1


def test_evidence_opens_every_shown_number(tied, found) -> None:
    ids = set(tied.mentions["mention_id"])
    one = found["mazowieckie", "2014-20", "S4a"]
    codes = {name.rsplit("-", 1)[1] for name in one.evidence}
    assert set(one.evidence) <= ids
    assert codes == {"instrument.funding", "instrument.coordination", "instrument.skills"}
    assert len(found["mazowieckie", "2014-20", "S1"].evidence) >= one.n


@pytest.mark.parametrize(("by", "cells"), [(("region",), 2), (("period",), 2), (("region", "period"), 4)])
def test_by(by, cells: int, tied, own_areas) -> None:
    found = integration(*tied.all, own_areas, by=by, draws=200)
    assert len({(f.keys["region"], f.keys["period"]) for f in found}) == cells
    if "region" not in by:
        assert {f.keys["region"] for f in found} == {"all"}


def test_sensitivity_ranks_and_shares(frames_maker) -> None:
    regions = ["mazowieckie", "lubelskie", "pomorskie", "opolskie"]
    strength = dict(zip(regions, (1.0, 0.5, 0.5, 0.0), strict=True))
    made = frames_maker(
        [(region, 2016) for region in regions for _ in range(5)],
        seed=8,
        links=lambda r, y: {code: max(p * strength[r], 0.02) for code, p in TIED.items()},
    )
    areas = dict.fromkeys(regions, ("priority.agrifood", "priority.health"))
    found = sensitivity(*made.all, areas, runs=300)
    ranks = {f.keys["region"]: f for f in found if f.what == "rank"}
    assert ranks["mazowieckie"].value == 1
    assert ranks["opolskie"].value >= 3
    assert all(f.low <= f.value <= f.high for f in ranks.values())
    shares = [f.value for f in found if f.what == "variance"]
    assert sum(shares) == pytest.approx(1, abs=0.01)
    assert all(share >= 0 for share in shares)


def test_nothing_to_rank(tied, own_areas) -> None:
    with pytest.raises(DataError, match="nothing to rank"):
        sensitivity(*tied.all, own_areas, runs=10)


def test_many_documents_are_drawn_in_one_stage(frames_maker, own_areas) -> None:
    """From 20 documents blocks are not drawn; alignments then come from sums of documents and stay near 1."""
    made = frames_maker([("mazowieckie", 2016)] * 22, seed=9, share=0.4, upper=22)
    cells = by_key(integration(*made.all, own_areas, draws=300))
    for indicator in ("S8b", "S10"):
        one = cells["mazowieckie", "2014-20", indicator]
        assert 0.6 < one.low <= one.high <= 1, indicator
    assert cells["mazowieckie", "2014-20", "I"].low is not None

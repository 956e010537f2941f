"""The picture of integration: cells of region and period, their indicators, sides and composite, each a Finding.

Text is not practice, and ritual mentions count: a value says what the documents tie together, not what was done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from textmine.integration.alignment import alignment, alignment_draws, pooled_alignment_draws
from textmine.integration.answers import AnswerTable
from textmine.integration.bounds import loosened, widened
from textmine.integration.composite import SIDES, composite, scores, side_scores
from textmine.integration.contexts import PRIORITIES, THEME, Corpus, build_corpus
from textmine.integration.evidence import evidence_of
from textmine.integration.indicators import CONTEXT, DOCUMENT, CellSums, pooled_balance, raw_indicators
from textmine.integration.phases import PHASES
from textmine.records import Finding
from textmine.statistics.bootstrap import MIN_DOCUMENTS, Resample, percentile_interval
from textmine.statistics.intervals import wilson

__all__ = ["SCORED", "SIDE_OF", "CellPicture", "integration", "picture_cells"]

Array: TypeAlias = NDArray[np.float64]

MIN_CONTEXTS = 20
MIN_BARRIERS = 10
MIN_BALANCE = 10
MIN_ALIGNED_BLOCKS = 8
MIN_NAMES = 5
MIN_CUES = 10
#: Documents from which regions may be ranked (fewer: value and interval, no rank).
MIN_RANKED = 5

#: Indicator -> side under which it is listed, in the order of rows.
SIDE_OF = {
    "S1": "frame", "S1a": "frame", "S1b": "frame", "S2": "frame", "S2h": "frame",
    "S3": "frame", "S3a": "frame", "S3b": "frame",
    "S7": "subsystem", "S8a": "subsystem", "S9": "subsystem", "S9a": "subsystem", "S9b": "subsystem",
    "S6": "goals", "S8b": "goals", "S10": "goals", "S11": "goals",
    "S4": "instruments", "S4a": "instruments", "S4b": "instruments", "S4f": "instruments", "S5": "instruments",
    "S12": "beside", "L": "beside",
}  # fmt: skip
#: Shown as the score of its two parts; every other indicator as its own value.
SCORED = ("S1", "S3", "S4", "S9")


@dataclass
class CellPicture:
    """A cell: its documents, values of the texts, draws, and what is enough to be shown.

    `raw` and `drawn` hold indicator -> (1,) and (draws,) values, `alone` the draws of documents with all their blocks;
    `sides`, `side_draws` and `side_alone` are (4,) and (draws, 4) in the order of SIDES; `enough` names the indicators
    whose needs are met; `n` and `denominator` go by indicator; `bounds` holds intervals that need no draws,
    `loose` the values with shares of 0 or 1 at their bounds.
    """

    region: str
    period: str
    members: list[int]
    sums: Array
    raw: dict[str, Array]
    drawn: dict[str, Array] | None
    alone: dict[str, Array] | None
    enough: set[str]
    n: dict[str, float]
    denominator: dict[str, float]
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    loose: dict[str, tuple[float, float]] = field(default_factory=dict)
    sides: Array = field(default_factory=lambda: np.full(4, np.nan))
    side_draws: Array | None = None
    side_alone: Array | None = None
    resample: Resample | None = None

    @property
    def is_silent(self) -> bool:
        """Enough documents and no cluster sentence in them: listed apart, never ranked."""
        return len(self.members) >= MIN_DOCUMENTS and CONTEXT.get(self.sums, "theme")[0] == 0


def integration(
    documents: pl.DataFrame,
    blocks: pl.DataFrame,
    mentions: pl.DataFrame,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
    draws: int = 2000,
    seed: int = 20,
    confirmed: Mapping[tuple[str, str], int] | None = None,
    theme: Collection[str] = THEME,
) -> list[Finding]:
    """Sub-indicators, sides and composite by region and period.

    Args:
        documents, blocks, mentions, specialisations: see `build_corpus`.
        by: region and period, or one of them; what is left out is pooled and called `all`.
        draws, seed: of the two-stage bootstrap.
        confirmed: (region, period) -> level 0-4 of S5 that a person read out of the documents.
        theme: codes that make a theme sentence; another theme makes a placebo.
    Returns:
        Findings `indicator`, then `composite` (four sides, then the composite I in 0..100), cell by cell. Keys: region,
        period, side, indicator, n_documents, score (0..1 as the sides take it), q and q0 (share, chance reference).
        Flags: `insufficient` (value empty), `thin` (under 3 documents, no interval), `no ranking` (composite from under
        5 documents), `unconfirmed` (S5 at 3-4 without a person's word), `no cluster policy found` (listed apart).
    """
    corpus = build_corpus(documents, blocks, mentions, specialisations, theme=theme)
    cells = picture_cells(corpus, specialisations, by=by, draws=draws, seed=seed, confirmed=confirmed)
    findings = []
    for cell in cells:
        findings += _cell_findings(corpus, cell, specialisations, confirmed or {}, theme)
    return findings


def picture_cells(
    corpus: Corpus,
    specialisations: Mapping[str, Collection[str]],
    *,
    by: Sequence[str] = ("region", "period"),
    draws: int = 2000,
    seed: int = 20,
    confirmed: Mapping[tuple[str, str], int] | None = None,
    answers: AnswerTable = "table",
    align: bool = True,
) -> list[CellPicture]:
    """The cells of documents that belong to a region, in order of region and time, with all that is measured on them.

    `align=False` leaves out S8b and S10, which cost most.
    """
    pooled = pooled_balance(corpus)
    regional = corpus.documents.filter(pl.col("region") != "")
    keys = regional.with_columns(
        r=pl.col("region") if "region" in by else pl.lit("all"),
        p=pl.col("period") if "period" in by else pl.lit("all"),
    )
    above: dict[str, CellSums] = {}
    upper = corpus.documents.filter(pl.col("region") == "", pl.col("level").is_in(["eu", "national"]))
    if align:
        for (period,), part in upper.group_by(pl.col("period") if "period" in by else pl.lit("all").alias("period")):
            above[str(period)] = CellSums(corpus, sorted(part["d"].to_list()))
    order = sorted(
        (str(r), min(part["year"].to_list()), str(p), sorted(part["d"].to_list()))
        for (r, p), part in keys.group_by(["r", "p"])
    )
    cells: list[CellPicture] = []
    for region, _, period, members in order:
        own = [i for i, code in enumerate(PRIORITIES) if code in specialisations.get(region, ())]
        known = any(specialisations.get(one) for one in corpus.documents["region"].gather(members).to_list())
        sums = CellSums(corpus, members, answers=answers)
        rng = np.random.default_rng([seed, members[0], len(members)])
        cell = _measure(sums, region, period, pooled, own, known, draws, rng)
        if align:
            _align(cell, sums, above.get(period), seed, draws)
        _longitudinal(corpus, cell, cells)
        _judge(cell, confirmed or {})
        cells.append(cell)
    return cells


def _measure(
    sums: CellSums,
    region: str,
    period: str,
    pooled: float,
    own: list[int],
    known: bool,
    draws: int,
    rng: np.random.Generator,
) -> CellPicture:
    """Values, draws and needs of all indicators that are formulas on sums."""
    point = sums.point()
    options = {"pooled": pooled, "n_specialisations": int(known), "own": own}
    raw = raw_indicators(point, **options)  # type: ignore[arg-type]
    drawn, alone, resample = None, None, None
    if len(sums.members) >= MIN_DOCUMENTS:
        resample = sums.resample(draws=draws, rng=rng)
        drawn = raw_indicators(resample.sums(sums.measure), **options)  # type: ignore[arg-type]
        alone = drawn
        if resample.two_stage:
            alone = raw_indicators(resample.sums_of_documents(sums.measure), **options)  # type: ignore[arg-type]

    def context(name: str) -> float:
        return float(CONTEXT.get(point, name).sum())

    def document(name: str) -> float:
        return float(DOCUMENT.get(point[:, CONTEXT.width :], name).sum())

    papers, n = document("documents"), context("n")
    many = {"S2", "S3", "S3a", "S3b", "S4", "S4a", "S4b", "S8a", "S9", "S9a"} if n >= MIN_CONTEXTS else set()
    enough = {"S5", "S2h"} | many
    if context("sentences_acting") == 0:
        enough.discard("S2")  # a document without section paths, or a diagnosis alone, says nothing about weight
    if context("n_money") >= MIN_CONTEXTS:
        enough.add("S4f")
    if papers >= MIN_DOCUMENTS:
        enough |= {"S1", "S1a", "S1b"} | ({"S11"} if document("taken_up") else set())
    if document("barriers") >= MIN_BARRIERS:
        enough.add("S6")
    if context("actors") + context("against") >= MIN_BALANCE:
        enough.add("S7")
    if document("other") >= MIN_DOCUMENTS:
        enough.add("S9b")
    if not known:
        enough -= {"S3", "S3a", "S3b"}
    if not own:
        enough.discard("S3b")
    cell = CellPicture(
        region,
        period,
        sums.members,
        point,
        raw,
        drawn,
        alone,
        enough,
        n={
            "S1": document("taken_up"), "S1a": document("taken_up"), "S1b": context("theme"),
            "S2": context("theme_acting"),
            "S2h": document("heads"), "S3": context("own"), "S3a": context("own"), "S3b": context("own"),
            "S4": context("instrument"), "S4a": context("instrument"), "S4b": context("instrument"),
            "S4f": context("funding"),
            "S5": context("policy"), "S6": document("answered"), "S7": context("actors"), "S8a": context("vertical"),
            "S8b": n, "S9": context("horizontal"), "S9a": context("horizontal"), "S9b": document("other_taken_up"),
            "S10": n, "S11": document("reporting"),
        },
        denominator={
            **dict.fromkeys(("S3", "S3a", "S3b", "S4", "S4a", "S4b", "S8a", "S8b", "S9", "S9a", "S10"), n),
            "S1": papers, "S1a": papers, "S1b": context("sentences"), "S2": context("theme"),
            "S2h": papers, "S5": papers,
            "S4f": context("n_money"), "S6": document("barriers"), "S7": context("actors") + context("against"),
            "S9b": document("other"), "S11": document("taken_up"),
        },
    )  # fmt: skip
    cell.resample = resample
    return cell


def _align(cell: CellPicture, sums: CellSums, above: CellSums | None, seed: int, draws: int) -> None:
    """Add S8b (with the documents above) and S10 (among the cell's documents)."""
    nothing = np.full(1, np.nan)
    cell.raw |= {"S8b": nothing, "S10": nothing}
    if cell.drawn is not None:
        cell.drawn |= {"S8b": np.full(draws, np.nan), "S10": np.full(draws, np.nan)}
    resample = cell.resample
    long = [i for i, paper in enumerate(sums.papers) if paper.n_theme >= MIN_ALIGNED_BLOCKS]
    if len(long) >= 2:
        groups = [sums.papers[i].profile for i in long]
        cell.raw["S10"] = np.array([alignment(groups, seed=seed)])
        cell.enough.add("S10")
        if cell.drawn is not None and resample is not None:
            cell.drawn["S10"] = alignment_draws(sums.drawn(resample, long), seed=seed)
    if above is None or len(above.members) < 2 or "S8a" not in cell.enough:
        return
    groups = [np.vstack([paper.profile for paper in one.papers]) for one in (sums, above)]
    if not groups[1].any():
        return
    cell.raw["S8b"] = np.array([alignment(groups, seed=seed)])
    cell.enough.add("S8b")
    if cell.drawn is not None:
        upper = above.resample(draws=draws, rng=np.random.default_rng(seed))
        own = sums.drawn(resample, sums.themed) if resample is not None else None
        if own is not None:
            cell.drawn["S8b"] = pooled_alignment_draws(own, above.drawn(upper, above.themed), seed=seed)


def _longitudinal(corpus: Corpus, cell: CellPicture, before: list[CellPicture]) -> None:
    """Add S12 (what the period before named is named again) and L (phase cues): shares with Wilson intervals."""
    cues = sum(
        corpus.phases[int(corpus.ends[d]) : int(corpus.ends[d + 1])][
            corpus.theme[int(corpus.ends[d]) : int(corpus.ends[d + 1])] > 0
        ].sum(axis=0)
        for d in cell.members
    )
    counts = dict(zip(PHASES, np.asarray(cues, dtype=np.float64), strict=True))
    _share(cell, "L", counts["growth"] + counts["mature"], sum(counts.values()), MIN_CUES)
    last = before[-1] if before and before[-1].region == cell.region and cell.period != "all" else None
    names, kinds = _kept(corpus, cell.members)
    if last is None:
        _share(cell, "S12", 0, 0, MIN_NAMES)
        return
    old_names, old_kinds = _kept(corpus, last.members)
    enough = MIN_NAMES if len(old_names) < MIN_NAMES else 0
    _share(
        cell,
        "S12",
        len(names & old_names) + len(kinds & old_kinds),
        len(old_names) + len(old_kinds),
        len(old_names) + len(old_kinds) + 1 if enough else 0,
    )


def _share(cell: CellPicture, name: str, n: float, denominator: float, needed: float) -> None:
    cell.n[name], cell.denominator[name] = float(n), float(denominator)
    cell.raw[name] = np.array([n / denominator if denominator else np.nan])
    cell.bounds[name] = wilson(n, denominator)
    if denominator and denominator >= needed:
        cell.enough.add(name)


def _kept(corpus: Corpus, members: list[int]) -> tuple[set[str], set[str]]:
    """Cluster names (as the registry writes them) and instrument kinds beside clusters in some documents."""
    own = corpus.mentions.filter(pl.col("d").is_in(members))
    names = own.filter(pl.col("code") == "cluster.named")
    beside = own.filter(
        pl.Series(corpus.theme[own["context"].to_numpy()] > 0), pl.col("code").str.starts_with("instrument.")
    )
    return (set(names["term"]) if "term" in names.columns else set()), set(beside["code"])


def _judge(cell: CellPicture, confirmed: Mapping[tuple[str, str], int]) -> None:
    """A person's word on S5, then the sides."""
    if (cell.region, cell.period) in confirmed:
        level = confirmed[cell.region, cell.period] / 4
        cell.raw["S5"] = np.array([level])
        if cell.drawn is not None:
            cell.drawn["S5"] = np.full(len(cell.drawn["S5"]), level)
        if cell.alone is not None:
            cell.alone["S5"] = np.full(len(cell.alone["S5"]), level)
    if cell.is_silent:
        cell.enough = {"S1", "S1a", "S1b", "S5"}
        return
    allowed = cell.enough & {name for names in SIDES.values() for name in names}
    allowed = {name for name in allowed if not np.isnan(scores(cell.raw).get(name, cell.raw.get(name, np.zeros(1)))[0])}
    cell.loose = loosened(cell.raw, cell.n, cell.denominator, allowed, SCORED)
    sides = side_scores(scores(cell.raw), allowed)
    cell.sides = np.array([sides[side][0] for side in SIDES])
    if cell.drawn is not None:
        drawn = side_scores(scores(cell.drawn), allowed)
        cell.side_draws = np.column_stack([drawn[side] for side in SIDES])
    if cell.drawn is not None and cell.alone is not None:
        # alignments have no draws of documents alone: their own draws stand in
        alone = cell.alone | {name: cell.drawn[name] for name in ("S8b", "S10") if name in cell.drawn}
        only = side_scores(scores(alone), allowed)
        cell.side_alone = np.column_stack([only[side] for side in SIDES])


def _cell_findings(
    corpus: Corpus,
    cell: CellPicture,
    specialisations: Mapping[str, Collection[str]],
    confirmed: Mapping[tuple[str, str], int],
    theme: Collection[str],
) -> list[Finding]:
    scored = scores(cell.raw)
    drawn = scores(cell.drawn) if cell.drawn is not None else None
    alone = scores(cell.alone) if cell.alone is not None else None
    papers = len(cell.members)
    base = {"region": cell.region, "period": cell.period, "n_documents": str(papers)}
    thin = "thin" if papers < MIN_DOCUMENTS else ""
    evidence = evidence_of(corpus, cell.members, specialisations, theme)
    findings = []
    for name, side in SIDE_OF.items():
        source, draws = (scored, drawn) if name in SCORED else (cell.raw, cell.drawn)
        value = float(source[name][0]) if name in cell.enough and name in source else np.nan
        keys = {**base, "side": side, "indicator": name}
        if np.isnan(value):
            flag, shown, low, high = "insufficient", None, None, None
        else:
            flag, shown = thin, value
            low, high = cell.bounds.get(name, (None, None))
            if draws is not None and name in draws and name not in cell.bounds:
                only = (alone if name in SCORED else cell.alone) or {}
                ends = percentile_interval(draws[name], n_documents=papers, alone=only.get(name, 0.0))
                low, high = widened(ends, cell.loose.get(name))
            keys |= {
                key: f"{float(values[0]):.4f}"
                for key, values in (
                    ("score", scored.get(name)),
                    ("q", cell.raw.get(f"{name}.q")),
                    ("q0", cell.raw.get(f"{name}.q0")),
                )
                if values is not None
            }
        if name == "S5" and (cell.region, cell.period) in confirmed:
            low = high = None
            flag = "confirmed"
        elif name == "S5" and value >= 0.75:
            flag = f"{flag} unconfirmed".strip()
        if cell.is_silent:
            flag = "no cluster policy found"
        findings.append(
            Finding(
                "indicator",
                keys,
                shown,
                low,
                high,
                cell.n.get(name, 0.0),
                cell.denominator.get(name, 0.0),
                flag,
                evidence.get(name, ()),
            )
        )
    return findings + _composites(cell, base, thin)


def _composites(cell: CellPicture, base: Mapping[str, str], thin: str) -> list[Finding]:
    """The four sides and the composite."""
    n = float(CONTEXT.get(cell.sums, "n")[0])
    papers = len(cell.members)
    values = {side: float(value) for side, value in zip(SIDES, cell.sides, strict=True)}
    draws = {side: cell.side_draws[:, i] for i, side in enumerate(SIDES)} if cell.side_draws is not None else {}
    values["I"] = float(composite(cell.sides[None, :])[0])
    if cell.side_draws is not None:
        draws["I"] = composite(cell.side_draws)
    alone = {side: cell.side_alone[:, i] for i, side in enumerate(SIDES)} if cell.side_alone is not None else {}
    if cell.side_alone is not None:
        alone["I"] = composite(cell.side_alone)
    findings = []
    for name, value in values.items():
        keys = {**base, "side": "composite" if name == "I" else name, "indicator": name}
        if np.isnan(value):
            flag = "no cluster policy found" if cell.is_silent else "insufficient"
            findings.append(Finding("composite", keys, None, None, None, n, papers, flag))
            continue
        low = high = None
        if name in draws:
            ends = percentile_interval(draws[name], n_documents=papers, alone=alone.get(name, 0.0))
            low, high = widened(ends, cell.loose.get(name))
        flag = thin if thin or name != "I" or papers >= MIN_RANKED else "no ranking"
        findings.append(Finding("composite", keys, value, low, high, n, papers, flag))
    return findings

"""The sub-indicators of a cell (region x period) as sums over its documents and a table of formulas on the sums.

`CellSums` turns documents into sums, for the texts as they are and for bootstrap draws alike; `raw_indicators` turns
sums into values. So a value and its interval cannot follow different formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from textmine.integration.alignment import Drawn
from textmine.integration.answers import AnswerTable, answer_matrix
from textmine.integration.contexts import BARRIERS, INSTRUMENTS, PRIORITIES, PROFILE, Corpus
from textmine.statistics.bootstrap import Resample

__all__ = ["CellSums", "Layout", "balance", "breadth", "excess", "pooled_balance", "raw_indicators"]

Array: TypeAlias = NDArray[np.float64]

#: Contexts drawn for the rarefied breadth.
RAREFIED = 20
#: Theme sentences that make a document "take clusters up" (S1a).
TAKEN_UP = 3
#: Share of theme sentences that makes a programme one about clusters (S5, level 4).
ABOUT = 0.10
_ISSUED = ("strategy", "programme", "law")


def excess(q: Array | float, q0: Array | float) -> Array:
    """How far a share is above its chance reference, (q - q0) / (1 - q0), clipped to -1..1; nan where q0 is 1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.clip((np.asarray(q) - q0) / (1 - np.asarray(q0)), -1, 1))


def breadth(n: Array, counts: Array, *, m: int = RAREFIED) -> Array:
    """Share of kinds expected in m random contexts (Hurlbert 1971).

    Args:
        n: (rows,) contexts; with fewer than m, all of them are drawn.
        counts: (rows, n_kinds) contexts with each kind, each at most n.
    Returns:
        (rows,) in 0..1; nan where n is 0.
    """
    n = np.asarray(n, dtype=np.float64)[:, None]
    drawn = np.minimum(m, n)
    left = n - counts - drawn
    missed = gammaln(n - counts + 1) - gammaln(np.maximum(left, 0) + 1) - gammaln(n + 1) + gammaln(n - drawn + 1)
    seen = np.where(left >= 0, 1 - np.exp(missed), 1.0)
    return np.asarray(np.where(n[:, 0] > 0, np.clip(seen.mean(axis=1), 0, 1), np.nan))


def balance(together: Array | float, against: Array | float, pooled: float) -> Array:
    """S7: 1 / (1 + e^-l), l the log of (together + .5) / (against + .5) less its pooled value; .5 is the average."""
    ratio = np.log((np.asarray(together) + 0.5) / (np.asarray(against) + 0.5)) - pooled
    return np.asarray(1 / (1 + np.exp(-ratio)))


def pooled_balance(corpus: Corpus) -> float:
    """The log ratio of S7 over all theme contexts of the corpus."""
    themed = corpus.theme > 0
    together = corpus.column("integration.actors")[themed].sum()
    against = corpus.columns(("barrier.cooperation", "barrier.trust"))[themed].max(axis=1, initial=0).sum()
    return float(np.log((together + 0.5) / (against + 0.5)))


class Layout:
    """Names of the columns of sums and where they stand."""

    def __init__(self, widths: dict[str, int]) -> None:
        ends = np.cumsum([0, *widths.values()])
        self.places = {name: slice(int(a), int(b)) for name, a, b in zip(widths, ends[:-1], ends[1:], strict=True)}
        self.width = int(ends[-1])

    def get(self, sums: Array, name: str) -> Array:
        """(rows,) the column, or (rows, width) for a wide one."""
        part = sums[:, self.places[name]]
        return part[:, 0] if part.shape[1] == 1 else part


#: Sums of contexts.
CONTEXT = Layout(
    {
        "sentences": 1, "theme": 1, "sentences_acting": 1, "theme_acting": 1, "theme_outside": 1, "theme_report": 1,
        "n": 1, "own": 1, "own0": 1, "instrument": 1, "instrument0": 1, "n_money": 1, "funding": 1, "funding0": 1,
        "vertical": 1, "vertical0": 1, "horizontal": 1, "horizontal0": 1, "actors": 1, "against": 1,
        "policy": 1, "steered": 1, "steered_acting": 1, "priorities": len(PRIORITIES), "instruments": len(INSTRUMENTS),
    }
)  # fmt: skip
#: Sums of documents, after the sums of their contexts.
DOCUMENT = Layout(
    {
        "documents": 1, "taken_up": 1, "rate": 1, "reporting": 1, "other": 1, "other_taken_up": 1, "heads": 1,
        "step1": 1, "step2": 1, "step3": 1, "step4": 1,
        "answered": 1, "barriers": len(BARRIERS), "reachable": len(BARRIERS),
    }
)  # fmt: skip


@dataclass
class _Paper:
    """A document as arrays: theme contexts one by one, then the kinds of other contexts."""

    rows: Array
    repeats: Array
    n_theme: int
    barriers: Array
    instruments: Array
    sections: list[NDArray[np.int64]]
    profile: Array
    other: bool
    heads: bool
    issued: bool
    about: bool


class CellSums:
    """The documents of a cell and their sums.

    Args:
        corpus: all contexts.
        members: indices of the cell's documents.
        answers: which answer table S6 goes by.
    """

    def __init__(self, corpus: Corpus, members: list[int], *, answers: AnswerTable = "table") -> None:
        self.corpus, self.members = corpus, members
        self.matrix = answer_matrix(answers)
        self.papers = [self._paper(d) for d in members]

    def _paper(self, d: int) -> _Paper:
        corpus = self.corpus
        span = slice(int(corpus.ends[d]), int(corpus.ends[d + 1]))
        theme, sentences, part = corpus.theme[span], corpus.sentences[span], corpus.part[span]
        codes = corpus.codes[span]
        hit = (theme > 0).astype(np.float64)
        acting = np.isin(part, ("goals", "measures")).astype(np.float64)
        money = np.isin(part, ("goals", "measures", "money")) * hit
        report = hit * ((part == "reporting") | corpus.target[span])

        def column(name: str) -> Array:
            return corpus.column(name, span) * hit

        instruments = corpus.columns(INSTRUMENTS, span) * hit[:, None]
        barriers = corpus.columns(BARRIERS, span) * hit[:, None]
        steered = column("cluster.policy") * column("instrument.coordination")
        base = {name: values[span] for name, values in corpus.baseline.items()}
        rows = np.column_stack(
            [
                sentences, theme, sentences * acting, theme * acting, theme * (part != "diagnosis"), theme * report,
                hit, corpus.own[span] * hit, base["own"] * hit,
                instruments.max(axis=1, initial=0), base["instrument"] * hit,
                money, column("instrument.funding") * money, base["funding"] * money,
                column("integration.vertical"), base["vertical"] * hit,
                column("integration.horizontal"), base["horizontal"] * hit,
                column("integration.actors"),
                corpus.columns(("barrier.cooperation", "barrier.trust"), span).max(axis=1, initial=0) * hit,
                column("cluster.policy"), steered, steered * acting,
                corpus.columns(PRIORITIES, span) * hit[:, None], instruments,
            ]
        )  # fmt: skip
        themed, plain = np.flatnonzero(hit), np.flatnonzero(hit == 0)
        kinds, repeats = np.unique(rows[plain], axis=0, return_counts=True)
        section = corpus.section[span][themed]
        info = corpus.documents.row(d, named=True)
        issued = info["level"] == "regional" and info["type"] in _ISSUED
        return _Paper(
            rows=np.vstack([rows[themed], kinds]),
            repeats=np.concatenate([np.ones(len(themed)), repeats.astype(np.float64)]),
            n_theme=len(themed),
            barriers=barriers[themed],
            instruments=instruments[themed],
            sections=[np.flatnonzero(section == one) for one in np.unique(section)],
            profile=codes[themed][:, : len(PROFILE)],
            other=bool(info["other_field"]),
            heads=bool(info["heads"]),
            issued=issued,
            about=issued and info["type"] == "programme" and bool(info["headline"]),
        )

    def measure(self, number: int, weights: Array) -> Array:
        """(k, m) sums of the cell's document `number` under (k, n) weights: CONTEXT columns, then DOCUMENT columns."""
        paper = self.papers[number]
        contexts = weights @ paper.rows
        get = CONTEXT.get
        theme, sentences = get(contexts, "theme"), get(contexts, "sentences")
        taken_up = (theme >= TAKEN_UP) & (get(contexts, "theme_outside") > 0)
        about = paper.about | (theme >= ABOUT * sentences) if paper.issued else np.zeros(len(theme), dtype=bool)
        steps = [
            get(contexts, "policy") > 0,
            get(contexts, "steered") > 0,
            (get(contexts, "steered_acting") > 0) & paper.issued,
        ]
        programme = paper.issued and self.corpus.documents["type"][self.members[number]] == "programme"
        steps.append(steps[2] & about & programme)
        own = np.column_stack(
            [
                np.ones(len(theme)), taken_up, theme / np.maximum(sentences, 1),
                taken_up & (get(contexts, "theme_report") > 0),
                np.full(len(theme), paper.other), taken_up & paper.other, np.full(len(theme), paper.heads),
                *steps, self._answered(paper, weights[:, : paper.n_theme]),
            ]
        ).astype(np.float64)  # fmt: skip
        return np.hstack([contexts, own])

    def _answered(self, paper: _Paper, weights: Array) -> Array:
        """(k, 21) answered barriers, barriers of each kind, and how many would be answered if all were of one kind."""
        k = len(weights)
        answered, kinds, reachable = np.zeros(k), np.zeros((k, len(BARRIERS))), np.zeros((k, len(BARRIERS)))
        for places in paper.sections:
            named = weights[:, places] @ paper.barriers[places]
            if not named.any():
                continue
            present = (weights[:, places] @ paper.instruments[places] > 0).astype(np.float64)
            able = (present @ self.matrix.T > 0).astype(np.float64)
            answered += (named * able).sum(axis=1)
            kinds += named
            reachable += named.sum(axis=1, keepdims=True) * able
        return np.column_stack([answered, kinds, reachable])

    def point(self) -> Array:
        """(1, m) sums of the texts as they are."""
        return np.asarray(sum(self.measure(i, paper.repeats[None, :]) for i, paper in enumerate(self.papers)))

    def resample(self, *, draws: int, rng: np.random.Generator) -> Resample:
        """The cell's bootstrap draws."""
        return Resample(
            [len(paper.rows) for paper in self.papers],
            multiplicities=[paper.repeats for paper in self.papers],
            draws=draws,
            rng=rng,
        )

    @property
    def themed(self) -> list[int]:
        """Places of the documents that have a theme context."""
        return [i for i, paper in enumerate(self.papers) if paper.n_theme]

    def drawn(self, resample: Resample, places: list[int]) -> Drawn:
        """The profiles of some of the cell's documents under its draws."""
        weights = []
        for number in places if resample.two_stage else ():
            own = resample.weights(number)[:, : self.papers[number].n_theme]
            running = np.vstack([np.zeros((1, own.shape[1])), np.cumsum(own, axis=0)])
            ends = np.cumsum(resample.counts[:, number])
            weights.append(running[ends] - running[ends - resample.counts[:, number]])
        return Drawn(
            groups=[self.papers[i].profile for i in places],
            counts=resample.counts[:, places].astype(np.float64),
            weights=weights if resample.two_stage else None,
        )


def raw_indicators(sums: Array, *, pooled: float, n_specialisations: int, own: list[int]) -> dict[str, Array]:
    """Values of the sub-indicators before goalposts, each (rows,); nan where the formula has nothing to divide by.

    Args:
        sums: (rows, m) of `CellSums`.
        pooled: log ratio of S7 over the corpus.
        n_specialisations: 0 where the region's specialisations are not known: S3 is then nan.
        own: places of the region's specialisations in PRIORITIES.
    Returns:
        Indicator -> values; `q` and `q0` of the excesses stand under `S3a.q`, `S3a.q0` and so on.
    """

    def context(name: str) -> Array:
        return CONTEXT.get(sums, name)

    def document(name: str) -> Array:
        return DOCUMENT.get(sums[:, CONTEXT.width :], name)

    with np.errstate(invalid="ignore", divide="ignore"):
        n, papers = context("n"), document("documents")
        found: dict[str, Array] = {
            "S1a": document("taken_up") / papers,
            "S1b": 1000 * document("rate") / papers,
            "S2h": document("heads") / papers,
        }
        quotient = (context("theme_acting") / context("theme")) / (context("sentences_acting") / context("sentences"))
        found["S2"] = quotient / (1 + quotient)
        for name, top, below in (
            ("S3a", "own", "n"),
            ("S4a", "instrument", "n"),
            ("S4f", "funding", "n_money"),
            ("S8a", "vertical", "n"),
            ("S9a", "horizontal", "n"),
        ):
            found[f"{name}.q"] = context(top) / context(below)
            found[f"{name}.q0"] = context(f"{top}0") / context(below)
            found[name] = excess(found[f"{name}.q"], found[f"{name}.q0"])
        found["S3b"] = breadth(n, context("priorities")[:, own]) if own else np.full(len(sums), np.nan)
        if n_specialisations == 0:
            found["S3a"] = np.full(len(sums), np.nan)
        found["S4b"] = breadth(n, context("instruments"))
        steps = [document(f"step{step}") > 0 for step in (1, 2, 3, 4)]
        found["S5"] = np.select(steps[::-1], [1.0, 0.75, 0.5, 0.25], 0.0)
        kinds = document("barriers")
        total = kinds.sum(axis=1)
        found["S6.q"] = document("answered") / total
        found["S6.q0"] = (kinds / total[:, None] * document("reachable") / total[:, None]).sum(axis=1)
        found["S6"] = excess(found["S6.q"], found["S6.q0"])
        found["S7"] = balance(context("actors"), context("against"), pooled)
        found["S9b"] = document("other_taken_up") / document("other")
        found["S11"] = document("reporting") / document("taken_up")
    return found

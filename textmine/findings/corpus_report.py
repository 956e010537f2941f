"""A store counted once for a report, and its answers on clusters, barriers and priorities as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from textmine.codebook import load_codebook
from textmine.codebook.model import Codebook
from textmine.errors import DataError
from textmine.findings.places import placed_documents
from textmine.findings.trends import FAMILIES, TrendQuestion, trend_counts
from textmine.records import Finding
from textmine.report.words import WORDS, code_name, number_text
from textmine.settings import Settings
from textmine.store import Filter, Store
from textmine.trends.compare import dominance
from textmine.trends.counts import Counts
from textmine.trends.rates import By, Cell, Group, cells_of, rate_findings
from textmine.trends.turns import turning_points

__all__ = ["FAMILIES", "Answer", "CorpusReport", "has_years"]

Language = Literal["pl", "en"]

#: A share of draws above which the report says that a barrier leads; below, that it may.
SURE = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence that answers a question, and whose sentences stand behind it: of a code, a period and a region."""

    text: str
    code: str
    period: str
    region: str = ""


class CorpusReport:
    """What the sections are made of: the frames of a store, counted once."""

    def __init__(self, store: Store, settings: Settings, *, language: Language) -> None:
        self.store, self.settings, self.language = store, settings, language
        self.words = WORDS[language]
        self.documents, _ = placed_documents(store, Filter())
        self.counts = store.counts_frame()
        self.mentions = store.mentions_frame()
        self.codebook: Codebook = load_codebook(settings.codebook)
        self.codes = [code.code for code in self.codebook.codes]
        self._counted: dict[Any, Counts] = {}
        self._cells: dict[Any, list[Cell]] = {}

    def counted(self, *codes: str, group: Group | None = None) -> Counts:
        """Counts for some codes, as `textmine trends --code …` counts them: intervals rest on what is asked together.

        Raises:
            DataError: no document has a year.
        """
        key = (codes, group)
        if key not in self._counted:
            self._counted[key] = trend_counts(self.store, self.settings, TrendQuestion(codes=codes, group=group))
        return self._counted[key]

    def cells(self, *codes: str, by: By, group: Group | None = None) -> list[Cell]:
        """Cells of `counted` with the draws and seed of the settings."""
        key = (codes, by, group)
        if key not in self._cells:
            self._cells[key] = cells_of(
                self.counted(*codes, group=group),
                by=by,
                group=group,
                draws=self.settings.draws,
                seed=self.settings.seed,
            )
        return self._cells[key]

    def rates(self, *codes: str, by: By, group: Group | None = None) -> list[Finding]:
        """Rates per 100 sentences of these codes, those of `textmine trends` with the same options."""
        found = rate_findings(self.counted(*codes, group=group), self.cells(*codes, by=by, group=group), group=group)
        return [finding for finding in found if finding.keys["measure"] == "per_100s"]

    @cached_property
    def period_rates(self) -> dict[tuple[str, str], Finding]:
        """(code or family, period) -> rate per 100 sentences, for clusters, barriers and priorities."""
        return {
            (finding.keys["code"], finding.keys["period"]): finding
            for asked in ("cluster", "barrier.*", "priority.*")
            for finding in self.rates(asked, by="period")
        }

    @cached_property
    def periods(self) -> list[str]:
        """The periods that have documents, in order."""
        return [cell.period for cell in self.cells("cluster", by="period")]

    def name(self, code: str) -> str:
        """What a code or family is called in the report's language."""
        return code_name(code, language=self.language)

    def number(self, value: float | None, decimals: int = 1) -> str:
        """A number inside a sentence."""
        return number_text(value, language=self.language, decimals=decimals)

    # Answers

    def answer_points(self) -> list[str]:
        """The answers on clusters, barriers and priorities as sentences, each with its interval."""
        return [answer.text for answer in self.answers()]

    def answers(self) -> list[Answer]:
        """The answers on clusters, barriers and priorities, each with what stands behind it."""
        points = []
        for period in self.periods:
            rate = self.period_rates["cluster", period]
            if rate.low is not None:
                text = self.words["answer_cluster"].format(
                    value=self.number(rate.value),
                    low=self.number(rate.low),
                    high=self.number(rate.high),
                    period=period,
                    n_documents=rate.keys["n_documents"],
                )
                points.append(Answer(text, "cluster", period))
        for turn in turning_points(
            self.counted("cluster"), self.cells("cluster", by="year"), names=("cluster",), seed=self.settings.seed
        ):
            text = self.words[f"answer_{turn.keys['test']}"].format(
                year=turn.keys["period"], low=f"{turn.low:.0f}", high=f"{turn.high:.0f}"
            )
            points.append(Answer(text, "cluster", "all"))
        for leader in dominance(self.counted("barrier.*"), self.cells("barrier.*", by="period"), "barrier"):
            if leader.keys.get("rank") != "1":
                continue
            code, period = leader.keys["code"], leader.keys["period"]
            rate = self.period_rates[code, period]
            template = "answer_barrier" if leader.value is not None else "answer_barrier_thin"
            text = self.words[template].format(
                period=period,
                barrier=self.name(code),
                value=self.number(rate.value),
                low=self.number(rate.low),
                high=self.number(rate.high),
                chance=f"{self.number(100 * (leader.value or 0), 0)} %",
                n_documents=rate.keys["n_documents"],
            )
            points.append(Answer(text, code, period))
        return points + self._priority_points()

    def _priority_points(self) -> list[Answer]:
        """The priority areas whose intervals of the first and last well-covered period part."""
        covered = [period for period in self.periods if self.period_rates["cluster", period].flag == ""]
        if len(covered) < 2:
            return []
        points = []
        for code in (code for code in self.codes if code.startswith("priority.")):
            first, last = self.period_rates[code, covered[0]], self.period_rates[code, covered[-1]]
            if None in (first.low, last.low, first.high, last.high):
                continue
            if first.high < last.low or last.high < first.low:  # type: ignore[operator]
                text = self.words["answer_priority"].format(
                    priority=self.name(code),
                    first=covered[0],
                    last=covered[-1],
                    first_value=self.number(first.value),
                    last_value=self.number(last.value),
                )
                points.append(Answer(text, code, "all"))
        return points


def has_years(documents: pl.DataFrame) -> bool:
    """Whether any document can be placed in time.

    Raises:
        DataError: there is no document at all.
    """
    if not documents.height:
        raise DataError("the store holds no document. Fill it with textmine ingest PATH.")
    return bool(documents["year"].is_not_null().any())

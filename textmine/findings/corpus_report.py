"""Sections of the report on the corpus itself, on what was found, and on how it moved over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import polars as pl

from textmine.codebook import load_codebook
from textmine.codebook.model import Codebook
from textmine.errors import DataError
from textmine.records import Finding
from textmine.report.corpus_charts import code_points, document_bars, heat_map, trend_points
from textmine.report.html import Fact, Figure, Section, Table
from textmine.report.theme import draw
from textmine.report.words import WORDS, code_name, number_text
from textmine.settings import Settings
from textmine.statistics.periods import period_years
from textmine.store import Store
from textmine.trends.compare import dominance
from textmine.trends.counts import Counts, count_mentions
from textmine.trends.events import landmarks, load_events
from textmine.trends.rates import Cell, cells_of, rate_findings

__all__ = ["Answer", "CorpusReport", "make_figure"]

Language = Literal["pl", "en"]

FAMILIES = ("cluster", "barrier", "priority", "instrument", "integration")
#: A cell of the heat map needs so many documents of the region to show a number.
HEAT_MAP_DOCUMENTS = 2
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
        self.documents = store.documents_frame()
        self.counts = store.counts_frame()
        self.mentions = store.mentions_frame()
        self.blocks = store.blocks_frame()
        self.codebook: Codebook = load_codebook(settings.codebook)
        self.codes = [code.code for code in self.codebook.codes]

    @cached_property
    def counted(self) -> Counts:
        """Counts of all families and codes.

        Raises:
            DataError: no document has a year.
        """
        return count_mentions(
            self.documents,
            self.counts,
            self.mentions,
            codes=[*FAMILIES, *self.codes],
            known=self.codes,
            blocks=self.blocks,
        )

    def cells(self, **how: Any) -> list[Cell]:
        """Cells of the counts with the draws and seed of the settings."""
        return cells_of(self.counted, draws=self.settings.draws, seed=self.settings.seed, **how)

    @cached_property
    def period_cells(self) -> list[Cell]:
        """Cells by programming period."""
        return self.cells(by="period")

    @cached_property
    def period_rates(self) -> dict[tuple[str, str], Finding]:
        """(code or family, period) -> rate per 100 sentences."""
        return {
            (finding.keys["code"], finding.keys["period"]): finding
            for finding in rate_findings(self.counted, self.period_cells)
            if finding.keys["measure"] == "per_100s"
        }

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
        periods = [cell.period for cell in self.period_cells]
        points = []
        for period in periods:
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
        for leader in dominance(self.counted, self.period_cells, "barrier"):
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
        return points + self._priority_points(periods)

    def _priority_points(self, periods: Sequence[str]) -> list[Answer]:
        """The priority areas whose intervals of the first and last well-covered period part."""
        covered = [period for period in periods if self.period_rates["priority", period].flag == ""]
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

    # The corpus

    def corpus_section(self) -> Section:
        """How much was read, of what, and what could not be read."""
        words = self.words
        read = self.documents.filter(pl.col("status") != "failed")
        unread = self.store.unread_pages()
        facts = (
            Fact(read.height, words["documents"]),
            Fact(int(read["n_pages"].sum()), words["pages"]),
            Fact(int(self.counts["n_sentences"].sum()), words["sentences"]),
            Fact(int(self.counts["n_words"].sum()), words["words"]),
            Fact(self.mentions.filter(~pl.col("negated")).height, words["mentions"]),
            Fact(sum(unread.values()), words["unread_pages"]),
            Fact(self.documents.height - read.height, words["failed_documents"]),
        )
        return Section(
            id="corpus",
            title=words["corpus"],
            paragraphs=(words["corpus_intro"],),
            facts=facts,
            figures=self._document_figure(read),
            tables=(self._region_table(read), *self._fault_table()),
        )

    def _document_figure(self, read: pl.DataFrame) -> tuple[Figure, ...]:
        languages = {"pl": self.words["polish"], "en": self.words["english"]}
        dated = read.filter(pl.col("year").is_not_null())
        if not dated.height:
            return ()
        grouped = dated.group_by("year", "languages").len().sort("year", "languages")
        rows = [
            {
                "year": year,
                "language": " + ".join(sorted(languages.get(part, part) for part in codes)),
                "n_documents": n,
            }
            for year, codes, n in grouped.rows()
        ]
        titles = {key: self.words[key] for key in ("year", "language")} | {"n_documents": self.words["documents"]}
        table = Table(
            [self.words["year"], self.words["language"], self.words["documents"]], [list(row.values()) for row in rows]
        )
        chart = document_bars(rows, titles=titles)
        return (make_figure("documents", self.words["chart_documents"], chart, table),)

    def _region_table(self, read: pl.DataFrame) -> Table:
        words = self.words
        grouped = (
            read.group_by("level", "region")
            .agg(
                pl.len(),
                pl.col("year").min().alias("first"),
                pl.col("year").max().alias("last"),
                pl.col("n_pages").sum(),
            )
            .sort("level", "region")
        )
        rows = [
            [region or "–", words.get(level, level or "–"), n, _years(first, last), pages]
            for level, region, n, first, last, pages in grouped.rows()
        ]
        columns = [words["region"], words["level"], words["documents"], words["year"], words["pages"]]
        return Table(columns, rows, caption=words["table_documents"])

    def _fault_table(self) -> tuple[Table, ...]:
        rows = [[Path(path).name, error or ", ".join(flags)] for path, error, flags in self.store.faulty_documents()]
        if not rows:
            return ()
        columns = [self.words["document"], self.words["reason"]]
        return (Table(columns, rows, caption=self.words["table_unread"]),)

    # What was found

    def found_section(self) -> Section:
        """Rates of all codes over the whole corpus, and mentions by family and language."""
        words = self.words
        whole = self.cells(by="all")
        rates = {
            finding.keys["code"]: finding
            for finding in rate_findings(self.counted, whole)
            if finding.keys["measure"] == "per_100s"
        }
        rows: list[dict[str, Any]] = [
            {
                "code": self.name(code),
                "family": code.partition(".")[0],
                "value": rates[code].value,
                "low": rates[code].low,
                "high": rates[code].high,
            }
            for code in self.codes
        ]
        table = Table(
            [words[key] for key in ("code", "value", "low", "high", "sentences", "n_documents")],
            [
                [
                    f"{row['code']} ({code})",
                    row["value"],
                    row["low"],
                    row["high"],
                    int(rates[code].n),
                    int(rates[code].keys["n_documents"]),
                ]
                for row, code in zip(rows, self.codes, strict=True)
            ],
        )
        chart = code_points(rows, titles={"value": words["per_100"]})
        return Section(
            id="found",
            title=words["found"],
            paragraphs=(words["found_intro"],),
            figures=(make_figure("codes", words["chart_codes"], chart, table),),
            tables=(self._family_table(),),
        )

    def _family_table(self) -> Table:
        words = self.words
        found = (
            self.mentions.filter(~pl.col("negated"))
            .with_columns(family=pl.col("code").str.split(".").list.first())
            .group_by("family", "language")
            .len()
        )
        by: Counter[tuple[str, str]] = Counter({(family, language): n for family, language, n in found.rows()})
        rows = [
            [self.name(family), by[family, "pl"], by[family, "en"], by[family, "pl"] + by[family, "en"]]
            for family in FAMILIES
        ]
        columns = [words["family"], words["polish"], words["english"], words["all"]]
        return Table(columns, rows, caption=words["table_families"])

    # Over time

    def trend_section(self) -> Section:
        """Statements on clusters by year with the policy time line, barriers by period, priorities by region."""
        words = self.words
        figures = [self._cluster_figure(), self._barrier_figure()]
        heat = self._priority_figure()
        return Section(
            id="trends",
            title=words["trends"],
            paragraphs=(words["trends_intro"],),
            figures=[*figures, *heat],
        )

    def _cluster_figure(self) -> Figure:
        words = self.words
        rates = [
            finding
            for finding in rate_findings(self.counted, self.cells(by="year"))
            if finding.keys["measure"] == "per_100s" and finding.keys["code"] == "cluster"
        ]
        years = [int(finding.keys["period"]) for finding in rates]
        chosen = landmarks(load_events(), min(years), max(years))
        events = [
            {"year": event.first, "title": getattr(event, f"title_{self.language}") or event.title_en or event.title_pl}
            for event in chosen
        ]
        rows = [_point(finding) for finding in rates]
        chart = trend_points(
            rows,
            self._period_bands(min(years), max(years)),
            events,
            titles={"value": words["per_100"], "x": words["year"]},
        )
        return make_figure(
            "cluster-trend",
            words["chart_trend"],
            chart,
            self._rate_table([*self._cluster_periods(), *rates], first_column=words["year"]),
            note=f"{words['events']}: " + "; ".join(f"{event['year']} {event['title']}" for event in events) + ".",
        )

    def _cluster_periods(self) -> list[Finding]:
        return [self.period_rates["cluster", cell.period] for cell in self.period_cells]

    def _period_bands(self, first: int, last: int) -> list[dict[str, Any]]:
        """The level of each programming period with its interval, cut to the years of the corpus."""
        bands = []
        for rate in self._cluster_periods():
            start, end = period_years(rate.keys["period"])
            if rate.low is not None:
                bands.append(
                    {
                        "first": max(start, first),
                        "last": min(end, last),
                        "value": rate.value,
                        "low": rate.low,
                        "high": rate.high,
                    }
                )
        return bands

    def _barrier_figure(self) -> Figure:
        words = self.words
        rates = [
            finding
            for (code, _), finding in self.period_rates.items()
            if code.startswith("barrier.")
        ]  # fmt: skip
        periods = [cell.period for cell in self.period_cells]
        rows = [
            {
                "barrier": self.name(finding.keys["code"]),
                "period": finding.keys["period"],
                "value": finding.value,
                "text": self.number(finding.value),
            }
            for finding in rates
        ]
        chart = heat_map(rows, x="period", y="barrier", x_order=periods, titles={"x": None, "y": None})
        return make_figure(
            "barriers", words["chart_barriers"], chart, self._rate_table(rates, first_column=words["period"])
        )

    def _priority_figure(self) -> tuple[Figure, ...]:
        words = self.words
        if not self.counted.documents.filter(pl.col("region") != "").height:
            return ()
        rates = [
            finding
            for finding in rate_findings(self.counted, self.cells(by="all", group="region"), group="region")
            if finding.keys["measure"] == "per_100s"
            and finding.keys["code"].startswith("priority.")
            and finding.keys["region"]
        ]
        rows = []
        for finding in rates:
            shown = int(finding.keys["n_documents"]) >= HEAT_MAP_DOCUMENTS
            rows.append(
                {
                    "region": finding.keys["region"],
                    "priority": self.name(finding.keys["code"]),
                    "value": finding.value if shown else None,
                    "text": self.number(finding.value) if shown else "–",
                }
            )
        order = [self.name(code) for code in self.codes if code.startswith("priority.")]
        chart = heat_map(rows, x="priority", y="region", x_order=order, titles={"x": None, "y": None})
        table = Table(
            [words[key] for key in ("region", "code", "value", "low", "high", "sentences", "n_documents", "flag")],
            [
                [
                    finding.keys["region"],
                    self.name(finding.keys["code"]),
                    finding.value,
                    finding.low,
                    finding.high,
                    int(finding.n),
                    int(finding.keys["n_documents"]),
                    finding.flag,
                ]
                for finding in rates
            ],
        )
        return (make_figure("priorities", words["chart_priorities"], chart, table, note=words["priorities_note"]),)

    def _rate_table(self, rates: Sequence[Finding], *, first_column: str) -> Table:
        words = self.words
        columns = [
            first_column,
            *(words[key] for key in ("code", "value", "low", "high", "n_sentences", "n_documents", "flag")),
        ]
        rows = [
            [
                finding.keys["period"],
                self.name(finding.keys["code"]),
                finding.value,
                finding.low,
                finding.high,
                f"{finding.n:.0f} / {finding.denominator:.0f}",
                int(finding.keys["n_documents"]),
                finding.flag,
            ]
            for finding in rates
        ]
        return Table(columns, rows, faint=frozenset(i for i, finding in enumerate(rates) if "thin" in finding.flag))


def make_figure(id: str, title: str, chart: Any, table: Table, *, note: str = "") -> Figure:
    """A figure of the report: the chart drawn twice, beside its table."""
    svg = draw(chart, format="svg").decode("utf-8")
    return Figure(id=id, title=title, svg=svg, png=draw(chart, format="png"), table=table, note=note)


def _point(finding: Finding) -> dict[str, Any]:
    return {
        "x": finding.keys["period"],
        "value": finding.value,
        "low": finding.low,
        "high": finding.high,
        "thin": "thin" in finding.flag,
    }


def _years(first: int | None, last: int | None) -> str:
    if first is None or last is None:
        return "–"
    return str(first) if first == last else f"{first}–{last}"


def has_years(documents: pl.DataFrame) -> bool:
    """Whether any document can be placed in time.

    Raises:
        DataError: there is no document at all.
    """
    if not documents.height:
        raise DataError("the store holds no document. Fill it with textmine ingest PATH.")
    return bool(documents["year"].is_not_null().any())

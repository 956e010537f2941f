"""The questions to a corpus that give numbers: trends, topics, integration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import polars as pl

from textmine.api.handle import Handle, Patterns, Years, as_path, as_tuple, check_choice, make_filter
from textmine.errors import SettingsError
from textmine.findings import integration as integrations
from textmine.findings import topics as topic_findings
from textmine.findings import trends as trend_findings
from textmine.report.frames import to_frame
from textmine.store import Store

__all__ = ["Analysis"]

_PERIODS = ("year", "period", "all")
_GROUPS = ("region", "level", "type", "language")
_TREND_TABLES = ("rates", "tests", "reuse")
_INTEGRATION_TABLES = ("values", "evidence", "steps", "sensitivity", "answers", "coupling", "alignment")


class Analysis(Handle):
    """The part of `Corpus` that measures."""

    def trends(
        self,
        code: Patterns = (),
        *,
        by: Literal["year", "period", "all"] = "year",
        group: Literal["region", "level", "type", "language"] | None = None,
        show: Literal["rates", "tests", "reuse"] = "rates",
        leading: str = "",
        compare: tuple[str, str] | None = None,
        corrected: str | Path | None = None,
        coder: str | None = None,
        name: Patterns = (),
        query: Patterns = (),
        weight: Literal["document", "word"] = "document",
        count_once: bool = False,
        region: str = "",
        level: str = "",
        type: str = "",
        language: str = "",
        years: Years = None,
        section: str = "",
        evidence: bool = False,
    ) -> pl.DataFrame:
        """Codes over time with 95 % intervals, as `textmine trends` prints them.

        Args:
            code: codes, families or patterns; empty: the five families.
            by: year, EU programming period, or all years together.
            group: split the documents; its name becomes a column.
            show: rates; trend tests, breaks and steps; or passages that documents share.
            leading: a family, such as `barrier`: which of its codes leads, with what probability.
            compare: two periods: which codes lean to which (log-odds).
            corrected: a hand-coded random sample, a file or its name in the store: rates corrected for coding errors.
            coder: whose codes correct, where several coded the sample.
            name, query: parts of cluster names, and queries, as series of their own.
            weight: the mean of documents' rates, or of pooled text.
            count_once: a passage that documents share counts only in the earliest.
            region, level, type, language, years, section: as in `mentions`.
            evidence: with rates, also a column of mention ids, for `evidence`.
        Returns:
            Rates: code, period, n_mentions, n_sentences, n_words, n_documents, rate_per_10k (coded sentences per
            10,000 words), low, high, flag, rate_per_100s (per 100 sentences), low_100s, high_100s, share_documents
            (0 to 1), low_share, high_share. Other tables: their columns stand in the reference of `textmine trends`.
        Raises:
            DataError: no document fits, none has a year, or a code is not in the codebook.
            SettingsError: a choice is not known.
        Example:
            >>> corpus.trends("barrier.*", by="period", region="mazowieckie")
        """
        check_choice("by", by, _PERIODS)
        check_choice("group", group or "region", _GROUPS)
        check_choice("show", show, _TREND_TABLES)
        check_choice("weight", weight, ("document", "word"))
        filter = make_filter(region=region, level=level, type=type, language=language, years=years, section=section)
        asked_otherwise = name or query or show == "tests" or compare or corrected
        question = trend_findings.TrendQuestion(
            codes=as_tuple(code) or (() if asked_otherwise else trend_findings.FAMILIES),
            names=as_tuple(name),
            queries=as_tuple(query),
            filter=filter,
            by=by,
            group=group,
            weighting=weight,
            once=count_once,
        )
        if evidence and (show != "rates" or leading or compare or corrected):
            raise SettingsError("evidence: only rates carry it. Leave out what is asked for instead of them.")
        columns: Sequence[str]
        if show == "reuse":
            return to_frame(trend_findings.reuse_rows(self.store, filter), trend_findings.REUSE_COLUMNS)
        if leading:
            rows = trend_findings.leader_rows(self.store, self.settings, question, leading)
            columns = trend_findings.LEADER_COLUMNS
        elif corrected:
            found = trend_findings.corrected_findings(self.store, self.settings, question, Path(corrected), coder=coder)
            rows, columns = trend_findings.corrected_rows(found, group=group), trend_findings.CORRECTED_COLUMNS
        elif show == "tests" or compare:
            found = trend_findings.change_findings(self.store, self.settings, question, compare=compare)
            rows, columns = trend_findings.change_rows(found, group=group), trend_findings.TEST_COLUMNS
        else:
            found = trend_findings.trend_findings(self.store, self.settings, question, with_ids=evidence)
            rows, columns = trend_findings.rate_rows(found, group=group), trend_findings.RATE_COLUMNS
        if group:
            columns = (*columns[:2], group, *columns[2:])
        return to_frame(rows, (*columns, "evidence") if evidence else columns)

    def topics(
        self,
        by: Literal["year", "period", "region", "level", "type", "language"] | None = None,
        *,
        model_folder: str | Path | None = None,
        names: str | Path | None = None,
    ) -> pl.DataFrame:
        """The topics of the corpus, or their shares in groups of documents, as `textmine topics list` and `over-time`.

        Args:
            by: split the shares by this; None: the list of topics.
            model_folder: a model in a folder, in place of that in the store.
            names: YAML with `rename`, `merge` and `hide`, your own decisions on topics.
        Returns:
            The list: topic, label_pl, label_en, terms_pl, terms_en (lists), share (0 to 1, of the text), stability and
            coherence. By groups: topic, label_pl, label_en, the group, share, low, high (95 %), n_words, n_documents,
            flag.
        Raises:
            DataError: no topics were fitted yet (`fit_topics`).
            ModelError: the model is damaged.
            SettingsError: `by` is not known.
        Example:
            >>> corpus.topics(by="period")
        """
        check_choice("by", by or "year", ("year", "period", *_GROUPS))
        chosen: dict[str, Any] = {"folder": as_path(model_folder), "names": as_path(names)}
        if by is None:
            rows = topic_findings.topic_rows(self.store, **chosen)
            if not rows:
                topic_findings.stored_model(self.store)  # says how to get one
            return to_frame(rows, topic_findings.TOPIC_COLUMNS)
        model = topic_findings.stored_model(self.store, **chosen)
        found = topic_findings.topic_findings(self.store, self.settings, model, by=by)
        columns = [by if column == "by" else column for column in topic_findings.SHARE_COLUMNS]
        return to_frame(topic_findings.share_rows(model, found, by=by), columns)

    def topic_passages(
        self, topic: str, *, model_folder: str | Path | None = None, names: str | Path | None = None
    ) -> pl.DataFrame:
        """The passages that are most about a topic, in both languages, as `textmine topics show`.

        Args:
            topic: of the column `topic` of `topics`.
            model_folder, names: as in `topics`.
        Returns:
            One row a passage: topic, document, page, section, language, weight (0 to 1), text.
        Raises:
            DataError: there is no such topic, or no topics at all.
        Example:
            >>> corpus.topic_passages("barrier")
        """
        model = topic_findings.stored_model(self.store, folder=as_path(model_folder), names=as_path(names))
        return to_frame(topic_findings.example_rows(self.store, model, topic), topic_findings.EXAMPLE_COLUMNS)

    def compare_topics(
        self,
        first: str,
        second: str,
        *,
        by: Literal["year", "period", "region", "level", "type", "language"] = "region",
        model_folder: str | Path | None = None,
        names: str | Path | None = None,
    ) -> pl.DataFrame:
        """Shares of topics in two groups of documents and their difference, as `textmine topics compare`.

        Args:
            first, second: groups, such as `mazowieckie` and `lubelskie`.
            by: what the groups are.
            model_folder, names: as in `topics`.
        Returns:
            One row a topic: topic, label_pl, label_en, first, second (shares, 0 to 1), difference, low, high (95 %),
            n_first, n_second (documents), flag.
        Raises:
            DataError: a group has no document, or there are no topics.
            SettingsError: `by` is not known.
        Example:
            >>> corpus.compare_topics("2007-13", "2014-20", by="period")
        """
        check_choice("by", by, ("year", "period", *_GROUPS))
        model = topic_findings.stored_model(self.store, folder=as_path(model_folder), names=as_path(names))
        rows = topic_findings.compare_rows(self.store, self.settings, model, first, second, by=by)
        return to_frame(rows, topic_findings.COMPARE_COLUMNS)

    def fit_topics(
        self,
        n_topics: int | None = None,
        *,
        kind: Literal["nmf", "lda"] = "nmf",
        seed_codes: Iterable[str] | None = None,
        keep_names: bool = False,
    ) -> pl.DataFrame:
        """Fit topics to the corpus, keep them in the store, and give the list of `topics`; as `textmine topics fit`.

        Args:
            n_topics: anchors included; None: the usual number.
            kind: `nmf` is stable; `lda` is there for comparison.
            seed_codes: an anchor topic for each of these codes or patterns; None: the usual ones; empty: none.
            keep_names: leave names of regions and clusters, titles and issuers in.
        Raises:
            DataError: too little text, or fewer topics than seeds.
            StoreError: the store cannot be written.
        Example:
            >>> corpus.fit_topics(15, seed_codes=["barrier.*", "priority.ict"])
        """
        check_choice("kind", kind, ("nmf", "lda"))
        with Store.open(self.path, mode="rw") as store:
            topic_findings.fit_store_topics(
                store,
                self.settings,
                n_topics=n_topics,
                kind=kind,
                seed_codes=None if seed_codes is None else list(seed_codes),
                mask=not keep_names,
            )
        return self.topics()

    def integration(
        self,
        *,
        by: Patterns = ("region", "period"),
        show: Literal["values", "evidence", "steps", "sensitivity", "answers", "coupling", "alignment"] = "values",
        indicator: Patterns = (),
        region: str = "",
        type: str = "",
        language: str = "",
        years: Years = None,
        confirmed: Mapping[tuple[str, str], int] | None = None,
        theme: Patterns = (),
        evidence: bool = False,
    ) -> pl.DataFrame:
        """How far cluster policy is tied into development policy, as `textmine integration` prints it.

        Text is not practice: a value says what documents tie together. A null value means too little text, not zero.

        Args:
            by: region, period, or both.
            show: indicators, sides and composite; the sentences behind them; differences between periods; rank ranges
                over 1,000 ways of counting; instruments by barriers; priorities that clusters go with; accents shared.
            indicator: only these, such as `S4`.
            region: any name form, NUTS 2 or TERYT code of a voivodeship.
            type, language, years: as in `mentions`.
            confirmed: (region, period) -> level of S5 (0 to 4) as a person read it.
            theme: codes that stand in for the cluster codes (a placebo), such as `priority.tourism`.
            evidence: also a column of mention ids, for `evidence`.
        Returns:
            Values: region, period, side, indicator, value (sides 0 to 1, the composite 0 to 100, indicators in their
            own units), low, high (95 %), n, denominator, flag, n_documents, score (0 to 1), q, q0. Other tables: their
            columns stand in the reference of `textmine integration`.
        Raises:
            DataError: no document fits, or none has a year.
            SettingsError: a choice is not known.
        Example:
            >>> corpus.integration(region="mazowieckie", indicator=["S1", "S4"])
        """
        cells = as_tuple(by)
        for cell in cells:
            check_choice("by", cell, ("region", "period"))
        check_choice("show", show, _INTEGRATION_TABLES)
        filter = make_filter(region=region, type=type, language=language, years=years)
        store, settings = self.store, self.settings
        columns: Sequence[str]
        if show == "sensitivity":
            rows = integrations.sensitivity_rows(store, settings, by=cells, filter=filter)
            columns = integrations.INTEGRATION_COLUMNS[:10]
        elif show == "steps":
            rows = integrations.step_rows(store, settings, filter=filter, confirmed=confirmed)
            columns = integrations.STEP_COLUMNS
        elif show in ("answers", "coupling"):
            table = integrations.answer_table_rows if show == "answers" else integrations.coupling_table_rows
            rows = table(store, by=cells, filter=filter, draws=settings.draws, seed=settings.seed)
            columns = integrations.ANSWER_COLUMNS if show == "answers" else integrations.COUPLING_COLUMNS
        elif show == "alignment":
            rows = integrations.alignment_table_rows(store, settings, by=cells, filter=filter)
            columns = integrations.ALIGNMENT_COLUMNS
        else:
            options: dict[str, Any] = {"theme": as_tuple(theme)} if theme else {}
            every = integrations.integration_findings(
                store, settings, by=cells, filter=filter, confirmed=confirmed, **options
            )
            wanted = as_tuple(indicator)
            found = [one for one in every if not wanted or one.keys["indicator"] in wanted]
            place = integrations.region_name(region)
            if show == "evidence":
                rows = integrations.evidence_rows(store, found, region=place)
                return to_frame(rows, (*integrations.EVIDENCE_COLUMNS, "sentence_id"))
            rows, columns = integrations.integration_rows(found, region=place), integrations.INTEGRATION_COLUMNS
        return to_frame(rows, (*columns, "evidence") if evidence else columns)

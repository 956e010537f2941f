"""The store and the coding by hand: samples drawn, sheets to code in, decisions taken back, how many are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from textmine.codebook import load_codebook
from textmine.coding import load_coder
from textmine.coding.combine import CombinedCoder
from textmine.coding.context import contexts
from textmine.errors import DataError
from textmine.evaluation.coded import read_coded
from textmine.evaluation.sampling import draw_active, draw_sample
from textmine.evaluation.sizes import sample_sizes
from textmine.findings.places import placed_documents
from textmine.languages import LANGUAGES
from textmine.languages.vectors import encode
from textmine.records import Coding, Design, Sample, SampleSentence
from textmine.settings import Settings
from textmine.statistics import period_of
from textmine.store import Filter, Store

__all__ = [
    "SHEET_COLUMNS",
    "SIZE_COLUMNS",
    "STRATA",
    "SampleQuestion",
    "draw",
    "sheet_rows",
    "size_rows",
    "take_in",
]

SHEET_COLUMNS = (
    "order", "sentence_id", "document", "page", "section", "before", "text", "after", "language", "codes", "names",
    "state", "note", "sample", "stratum", "chance",
)  # fmt: skip
SIZE_COLUMNS = ("code", "share", "width", "n_share", "n_share_20pct", "n_recall", "n_precision")
#: What a sample may be stratified by.
STRATA = ("period", "language", "type", "level", "region", "year")
#: Shares that sizes are told for when there is no store to take them from.
SHARES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
#: Sentences whose doubt is asked of the coder at most; of a larger corpus documents are drawn until there are as many.
POOL = 20_000


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """What is drawn: `n` sentences by a design, of the sentences that the filter lets through."""

    n: int
    design: Design = "random"
    by: tuple[str, ...] = ()
    filter: Filter = Filter()  # noqa: RUF009 - frozen
    name: str = ""


def draw(store: Store, settings: Settings, question: SampleQuestion) -> Sample:
    """A sample of the store's body sentences, not yet kept; the seed is that of the settings.

    Raises:
        DataError: there are fewer sentences than wanted.
    """
    documents, place = placed_documents(store, question.filter)
    documents = documents.select(
        "document_id",
        pl.col("year"),
        pl.col("year").map_elements(period_of, return_dtype=pl.String).fill_null("no year").alias("period"),
        *(pl.when(pl.col(name) == "").then(pl.lit(f"no {name}")).otherwise(name).alias(name) for name in STRATA[2:5]),
    )
    frame = store.body_sentences_frame(place).join(documents, on="document_id")
    seed = settings.seed
    if question.design == "active":
        frame = frame.with_columns(doubt=_doubts(store, settings, frame, question.filter.codes))

        def meaning(ids: Sequence[str]) -> np.ndarray:
            context = store.context_rows(ids)
            return encode([str(context[name]["text"]) for name in ids])

        drawn = draw_active(frame, question.n, meaning, seed=seed)
    else:
        drawn = draw_sample(frame, question.n, strata=question.by, seed=seed)
    context = store.context_rows(drawn["sentence_id"])
    chosen = {key: value for key, value in asdict(question.filter).items() if value}
    return Sample(
        name=question.name or f"{question.design}-{question.n}-seed{seed}",
        design=question.design,
        seed=seed,
        settings={"by": list(question.by), "filter": chosen, "of": frame.height, "corpus": store.corpus_id()},
        sentences=tuple(
            SampleSentence(name, document, language, str(context[name]["text"]), stratum, chance)
            for name, document, language, stratum, chance in drawn.select(
                "sentence_id", "document_id", "language", "stratum", "chance"
            ).iter_rows()
        ),
    )


def _doubts(store: Store, settings: Settings, frame: pl.DataFrame, codes: Sequence[str]) -> pl.Series:
    """(n,) how doubtful the coder is of each sentence: 1 where a code stands at its threshold, 0 where all are sure.

    With a model it is asked of all codes; with the keywords alone, the scores of what they found tell.
    """
    coder = load_coder(settings)
    doubts: dict[str, float] = {}
    if isinstance(coder, CombinedCoder):
        for document in np.random.default_rng(settings.seed).permutation(sorted(frame["document_id"].unique())):
            doubts |= _model_doubts(store, coder, document, codes)
            if len(doubts) >= POOL:
                break
    else:
        found = store.mentions_frame(Filter(codes=tuple(codes))).with_columns(doubt=1 - (2 * pl.col("score") - 1).abs())
        doubts = dict(found.group_by("sentence_id").agg(pl.col("doubt").max()).iter_rows())
    return pl.Series([doubts.get(name, 0.0) for name in frame["sentence_id"]], dtype=pl.Float64)


def _model_doubts(store: Store, coder: CombinedCoder, document_id: str, codes: Sequence[str]) -> dict[str, float]:
    """Sentence id -> doubt, of the sentences of a document in a language that the coder knows."""
    blocks, sentences = store.reading(document_id).blocks, store.sentences(document_id)
    around = contexts(blocks, sentences, names=coder.keywords.names.full_names(sentences))
    known = [place for place, sentence in enumerate(sentences) if sentence.language in LANGUAGES]
    rows = [coder.keywords.evidence(sentences[place], around[place]) for place in known]
    if not rows:
        return {}
    asked = [any(fnmatchcase(code, pattern) for pattern in codes or ("*",)) for code in coder.model.codes]
    probabilities, _ = coder.model.probabilities(rows)
    thresholds = coder.model.thresholds
    near = np.where(probabilities < thresholds, probabilities / thresholds, (1 - probabilities) / (1 - thresholds))
    doubt = near[:, asked].max(axis=1, initial=0.0)
    return {sentences[place].id: float(value) for place, value in zip(known, doubt, strict=True)}


def sheet_rows(store: Store, sample: Sample, *, coder: str = "", with_codes: bool = False) -> list[dict[str, Any]]:
    """One row a sentence of a sample, in the order to code in: SHEET_COLUMNS, for coders to fill in.

    Args:
        coder: whose decisions are filled in (with `coder` and `time`); empty: nobody's.
        with_codes: adds `machine`, the codes that the store holds: the coder is then no longer blind.
    """
    ids = [one.sentence_id for one in sample.sentences]
    context = store.context_rows(ids)
    decided = {one.sentence_id: one for one in store.codings(sample.name, coder)} if coder else {}
    machine = store.stored_mentions(ids) if with_codes else {}
    rows = []
    for order, one in enumerate(sample.sentences, 1):
        # a sentence whose document was taken out of the store has no surroundings, but keeps its text
        row: dict[str, Any] = {"order": order} | asdict(one)
        row |= {key: context.get(one.sentence_id, {}).get(key, "") for key in _CONTEXT}
        row |= {"sample": sample.name, "codes": None, "names": [], "state": "", "note": ""}
        if coding := decided.get(one.sentence_id):
            row |= {"codes": sorted(coding.codes), "names": list(coding.names), "state": coding.state}
            row |= {"note": coding.note, "coder": coding.coder, "time": coding.time}
        if with_codes:
            found = machine.get(one.sentence_id, [])
            row["machine"] = sorted({mention.code for mention in found if not mention.negated})
        rows.append(row)
    return rows


_CONTEXT = ("document", "page", "section", "before", "after")


def take_in(store: Store, settings: Settings, files: Sequence[Path], *, coder: str, sample: str) -> dict[str, Any]:
    """Read coded files into the store, all or none; what was found: `decisions, new, open, coders, samples`.

    Args:
        coder: of rows that name none.
        sample: the sample's name; empty: as the rows say.
    Raises:
        DataError: a file cannot be read, a code is unknown, or coder or sample are not said; nothing was taken then.
        StoreError: the sample is not in the store, or has no such sentence.
    """
    book = load_codebook(settings.codebook)
    codes = [code.code for code in book.codes]
    decisions: list[Coding] = []
    n_open = 0
    for file in files:
        found = read_coded(file, codes, coder=coder or _NOBODY, codebook_id=book.id)
        n_open += found.n_open
        for one in found.codings:
            if one.coder == _NOBODY:
                raise DataError(f"{file.name}: says not who coded. Say it with --coder NAME, or add a column coder.")
            if not (sample or one.sample):
                raise DataError(
                    f"{file.name}: says not which sample it is. Say it with --name, or add a column sample."
                )
            decisions.append(replace(one, sample=sample or one.sample))
    new = store.add_codings(decisions)
    return {
        "decisions": len(decisions),
        "new": new,
        "open": n_open,
        "coders": sorted({one.coder for one in decisions}),
        "samples": sorted({one.sample for one in decisions}),
    }


_NOBODY = "\x00"


def size_rows(
    widths: Sequence[float],
    store: Store | None = None,
    filter: Filter = Filter(),  # noqa: B008 - frozen
) -> list[dict[str, Any]]:
    """How many sentences to code for intervals of +- each width; columns SIZE_COLUMNS.

    By code, with the shares that the machine finds in the store, heeding how many sentences there are; without a store
    for typical shares.

    Raises:
        ValueError: a width is not in (0, .5).
    """
    shares: dict[str, float] = {}
    total: int | None = None
    if store is not None:
        total = store.body_sentences_frame(replace(filter, codes=())).height
        found = store.mentions_frame(filter).filter(~pl.col("negated"))
        counts = found.group_by("code").agg(pl.col("sentence_id").n_unique()).sort("code")
        shares = {code: round(n / total, 6) for code, n in counts.iter_rows()} if total else {}
    if not shares:
        total, shares = None, {f"share {share:g}": share for share in SHARES}
    return [asdict(row) for width in widths for row in sample_sizes(shares, width, corpus=total)]

"""A dynamic model: topics whose words drift from period to period (Blei & Lafferty 2006), by gensim's LdaSeqModel.

For small corpora: time grows with documents, topics and periods together (`docs/topics.md` has figures). Shares over
time need no such model; this one shows how the words of one theme change.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import polars as pl

from textmine.errors import DataError
from textmine.languages import LANGUAGES
from textmine.statistics import period_of
from textmine.topics.labels import say_term
from textmine.topics.prepare import Prepared
from textmine.topics.quality import TOP_TERMS

__all__ = ["MAX_UNITS", "fit_dynamic"]

#: Beyond this many units a fit takes more than about a quarter of an hour.
MAX_UNITS = 3000
#: Concepts kept, the most frequent ones: time is linear in them.
MAX_CONCEPTS = 400
#: A concept's weight in a unit times this is about a count.
COUNT_SCALE = 20.0


def fit_dynamic(
    prepared: Prepared, documents: pl.DataFrame, *, n_topics: int, by: str = "period", seed: int = 20
) -> list[dict[str, Any]]:
    """Rows `topic, <by>, terms_pl, terms_en, share, n_units`, a topic's periods one after the other.

    Terms are the ten leading concepts in either language; share is the mean of the units of the period.

    Args:
        documents: `document_id, year`; units of documents without a year are left out.
        by: `period` or `year`.
    Raises:
        DataError: fewer than two periods, or more than MAX_UNITS units.
    """
    from gensim.models import LdaModel, LdaSeqModel  # take a second to load

    years = dict(documents.select("document_id", "year").drop_nulls().iter_rows())
    of_unit = [
        (period_of(years[unit.document_id]) if by == "period" else str(years[unit.document_id]), row)
        for row, unit in enumerate(prepared.units)
        if unit.document_id in years and prepared.fitted[row] and prepared.matrix[row].nnz
    ]
    of_unit.sort()
    periods = sorted({period for period, _ in of_unit})
    if len(periods) < 2:
        raise DataError(f"a dynamic model needs documents of at least two {by}s; found {len(periods)}.")
    if len(of_unit) > MAX_UNITS:
        raise DataError(
            f"a dynamic model of {len(of_unit)} units would take hours (at most {MAX_UNITS}). "
            "Leave out --dynamic: shares over time need no such model."
        )
    rows = [row for _, row in of_unit]
    sums = np.asarray(prepared.matrix[rows].sum(axis=0)).ravel()
    kept = np.sort(np.argsort(-sums, kind="stable")[:MAX_CONCEPTS])
    matrix = prepared.matrix[rows][:, kept].tocsr()
    corpus = [
        [
            (int(column), max(1, round(float(value) * COUNT_SCALE)))
            for column, value in zip(row.indices, row.data, strict=True)
        ]
        for row in matrix
    ]
    slices = [sum(period == one for period, _ in of_unit) for one in periods]
    words = {i: str(i) for i in range(len(kept))}
    start = LdaModel(corpus, num_topics=n_topics, id2word=words, passes=10, random_state=seed, dtype=np.float64)
    with warnings.catch_warnings():
        # gensim divides by zero where a topic has no weight in a period
        warnings.simplefilter("ignore", RuntimeWarning)
        model = LdaSeqModel(
            corpus=corpus,
            time_slice=slices,
            id2word=words,
            num_topics=n_topics,
            initialize="ldamodel",
            lda_model=start,
            em_min_iter=2,
            em_max_iter=6,
            random_state=seed,
        )
    shares = model.gammas / model.gammas.sum(axis=1, keepdims=True)
    found = []
    for topic in range(n_topics):
        first = 0
        for time, (period, n_units) in enumerate(zip(periods, slices, strict=True)):
            chances = np.exp(model.topic_chains[topic].e_log_prob[:, time])
            leading = [prepared.concepts.concepts[kept[i]] for i in np.argsort(-chances, kind="stable")[:TOP_TERMS]]
            names = {
                language: [concept.polish if language == "pl" else concept.english for concept in leading]
                for language in LANGUAGES
            }
            found.append(
                {
                    "topic": f"dynamic-{topic + 1:02d}",
                    by: period,
                    "terms_pl": tuple(say_term(term, "pl") for term in names["pl"]),
                    "terms_en": tuple(say_term(term, "en") for term in names["en"]),
                    "share": round(float(shares[first : first + n_units, topic].mean()), 4),
                    "n_units": n_units,
                }
            )
            first += n_units
    return found

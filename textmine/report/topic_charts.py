"""Charts of topics: the share of each over groups of documents, and the figures behind a number of topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt

from textmine.report.theme import SERIES_COLOURS

__all__ = ["topic_choice_chart", "topic_shares_chart"]

Language = Literal["pl", "en"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "share": "share of the text",
        "thin": "Bars: 95 % intervals from resampled documents. Hollow: under 3 documents, no interval.",
        "n_topics": "number of topics",
        "coherence": "coherence (NPMI)",
        "c_v": "coherence (c_v)",
        "exclusivity": "exclusivity",
        "stability": "stability",
        "chosen": "Filled: the recommended number.",
    },
    "pl": {
        "share": "udział w tekście",
        "thin": "Kreski: przedziały 95 % z losowania dokumentów. Puste: mniej niż 3 dokumenty, bez przedziału.",
        "n_topics": "liczba tematów",
        "coherence": "spójność (NPMI)",
        "c_v": "spójność (c_v)",
        "exclusivity": "wyłączność",
        "stability": "stabilność",
        "chosen": "Wypełnione: liczba zalecana.",
    },
}
_COLOUR = SERIES_COLOURS[0]


def topic_shares_chart(rows: Sequence[Mapping[str, Any]], *, by: str, language: Language = "en") -> alt.FacetChart:
    """One small picture a topic: its share in each group with the interval; the same scale in all.

    Args:
        rows: of `findings.topics.share_rows`.
        by: the key that holds the group.
    """
    words = _WORDS[language]
    values = [
        {
            "topic": row[f"label_{language}"] or row["topic"],
            "group": str(row[by]),
            "share": row["share"],
            "low": row["low"],
            "high": row["high"],
            "thin": row["low"] is None,
            "documents": row["n_documents"],
        }
        for row in rows
        if row["share"] is not None
    ]
    topics = list(dict.fromkeys(value["topic"] for value in values))
    groups = sorted({value["group"] for value in values}, key=lambda one: (one != "to 2003", one))
    base = alt.Chart().encode(x=alt.X("group:N", title=None, sort=groups, axis=alt.Axis(labelAngle=-40)))
    y = alt.Y("share:Q", title=words["share"], axis=alt.Axis(format="%"), scale=alt.Scale(zero=True))
    tips = ["topic:N", "group:N", "share:Q", "low:Q", "high:Q", "documents:Q"]
    layers = [
        base.mark_rule(strokeWidth=2, color=_COLOUR).encode(y=alt.Y("low:Q", title=words["share"]), y2="high:Q"),
        base.mark_point(filled=True, size=45, opacity=1, color=_COLOUR)
        .encode(y=y, tooltip=tips)
        .transform_filter("!datum.thin"),
        base.mark_point(filled=False, size=40, fill="white", opacity=1, color=_COLOUR)
        .encode(y=y, tooltip=tips)
        .transform_filter("datum.thin"),
    ]
    drawn = alt.layer(*layers, data=alt.Data(values=values)).properties(width=190, height=110)
    header = alt.Header(labelFontSize=11, labelLimit=190)
    facet = alt.Facet("topic:N", title=None, sort=topics, header=header)
    return drawn.facet(facet, columns=4).properties(title=alt.TitleParams(words["thin"], anchor="start", fontSize=11))


def topic_choice_chart(rows: Sequence[Mapping[str, Any]], *, language: Language = "en") -> alt.FacetChart:
    """Coherence, exclusivity and stability by the number of topics; the recommended number is filled.

    Args:
        rows: with `n_topics, coherence, c_v, exclusivity, stability, recommended`.
    """
    words = _WORDS[language]
    figures = ("coherence", "c_v", "exclusivity", "stability")
    values = [
        {
            "n_topics": row["n_topics"],
            "figure": words[figure],
            "value": row[figure],
            "chosen": bool(row["recommended"]),
        }
        for row in rows
        for figure in figures
        if row[figure] is not None
    ]
    x = alt.X("n_topics:Q", title=words["n_topics"], axis=alt.Axis(format="d", tickMinStep=1), scale={"zero": False})
    base = alt.Chart().encode(x=x, y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)))
    drawn = alt.layer(
        base.mark_line(color=_COLOUR, opacity=0.5),
        base.mark_point(filled=False, fill="white", opacity=1, size=50, color=_COLOUR),
        base.mark_point(filled=True, opacity=1, size=70, color=_COLOUR).transform_filter("datum.chosen"),
        data=alt.Data(values=values),
    ).properties(width=190, height=150)
    return (
        drawn.facet(alt.Facet("figure:N", title=None), columns=4)
        .resolve_scale(y="independent")
        .properties(title=alt.TitleParams(words["chosen"], anchor="start", fontSize=11))
    )

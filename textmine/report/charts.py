"""Charts of findings: rates over time with the policy time line, the sides of integration. Records in, Altair out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from textmine.records import Finding
from textmine.report.theme import SERIES_COLOURS

__all__ = ["integration_chart", "trend_chart"]

SIDES = ("frame", "subsystem", "goals", "instruments", "composite")
_MEASURES = {
    "per_100s": "per 100 sentences",
    "per_10k": "per 10,000 words",
    "documents": "share of documents",
}
#: Characters of an event's title that fit beside its line.
_TITLE_LENGTH = 46


def trend_chart(
    findings: Sequence[Finding],
    events: Sequence[Any] = (),
    *,
    measure: str = "per_100s",
    group: str = "",
    language: str = "en",
) -> alt.LayerChart:
    """Rates over time: a line a series, a bar for each interval, thin cells hollow and grey, events as dashed lines.

    Args:
        findings: rates of `textmine.trends.rates`; those of another measure are left out.
        events: objects with `first`, `title_pl`, `title_en`; drawn only where the axis shows years.
        group: key whose values tell series apart beside the code.
        language: of the events' titles.
    """
    rows: list[dict[str, Any]] = [
        {
            "period": one.keys["period"],
            "series": one.keys["code"] + (f", {one.keys[group] or 'none'}" if group else ""),
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "thin": bool(one.flag),
            "n": f"{one.n:.0f} of {one.denominator:.0f}, {one.keys.get('n_documents', '')} documents",
        }
        for one in findings
        if one.keys.get("measure") == measure and one.value is not None
    ]
    yearly = all(row["period"].isdigit() for row in rows)
    if yearly:
        rows = [row | {"period": int(row["period"])} for row in rows]
    periods = sorted({row["period"] for row in rows}, key=lambda one: (one != "to 2003", one))
    x: Any
    if yearly:
        edges = [periods[0] - 0.5, periods[-1] + 0.5] if periods else [2000, 2001]
        x = alt.X(
            "period:Q",
            title=None,
            scale=alt.Scale(domain=edges, nice=False),
            axis=alt.Axis(format="d", grid=False, tickMinStep=1),
        )
    else:
        x = alt.X("period:O", title=None, sort=periods, axis=alt.Axis(labelAngle=0))
    series = list(dict.fromkeys(row["series"] for row in rows))
    colour = alt.Color(
        "series:N",
        title=None,
        sort=series,
        scale=alt.Scale(domain=series, range=[SERIES_COLOURS[i % len(SERIES_COLOURS)] for i in range(len(series))]),
        legend=alt.Legend(orient="top", columns=3),
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, color=colour)
    offset = {} if yearly or len(series) < 2 else {"xOffset": alt.XOffset("series:N", sort=series)}
    value = alt.Y("value:Q", title=_MEASURES[measure], scale=alt.Scale(zero=True))
    layers = []
    if yearly and events:
        layers += _event_layers(events, x, language)
    if not offset:
        layers.append(base.mark_line(strokeWidth=1.5, opacity=0.45).encode(y=value))
    layers += [
        base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q", **offset).transform_filter("!datum.thin"),
        base.mark_rule(strokeWidth=1, opacity=0.35)
        .encode(y="low:Q", y2="high:Q", **offset)
        .transform_filter("datum.thin && isValid(datum.low)"),
        base.mark_point(filled=True, size=60, opacity=1)
        .encode(y=value, tooltip=["series:N", "period:N", "value:Q", "low:Q", "high:Q", "n:N"], **offset)
        .transform_filter("!datum.thin"),
        base.mark_point(filled=False, size=50, opacity=0.6, fill="white")
        .encode(y=value, tooltip=["series:N", "period:N", "value:Q", "n:N"], **offset)
        .transform_filter("datum.thin"),
    ]
    return alt.layer(*layers).properties(width=760, height=320)


def _event_layers(events: Sequence[Any], x: Any, language: str) -> list[alt.Chart]:
    """Dashed lines at the years of events, each with its title set upright along it."""
    rows = []
    for event in events:
        title = event.title_pl if language == "pl" else event.title_en
        title = title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip(" ,;(") + "…"
        rows.append({"period": event.first, "title": title})
    marks = alt.Chart(alt.Data(values=rows)).encode(x=x)
    return [
        marks.mark_rule(color="#aab3be", strokeDash=[3, 3]),
        marks.mark_text(angle=270, align="right", baseline="bottom", dx=-4, dy=-3, fontSize=10, color="#55606e").encode(
            y=alt.value(0), text="title:N"
        ),
    ]


def integration_chart(findings: Sequence[Finding]) -> alt.FacetChart:
    """The four sides and the composite of each region by period, with intervals; one row a region, one column a side.

    Cells with too little text stay empty; values from fewer than three documents are hollow and without an interval.
    The composite is drawn on 0..1 as the sides are.
    """
    rows: list[dict[str, Any]] = []
    for one in findings:
        if one.what != "composite" or one.value is None:
            continue
        scale = 100.0 if one.keys["side"] == "composite" else 1.0
        rows.append(
            {
                "region": one.keys["region"],
                "period": one.keys["period"],
                "side": one.keys["side"],
                "value": one.value / scale,
                "low": None if one.low is None else one.low / scale,
                "high": None if one.high is None else one.high / scale,
                "thin": one.low is None,
            }
        )
    periods = sorted({row["period"] for row in rows}, key=lambda one: (one != "to 2003", one))
    # each region needs each side, else the grid moves the next cell into the gap
    rows += [
        {"region": region, "period": periods[0], "side": side, "value": None, "low": None, "high": None, "thin": True}
        for region in sorted({row["region"] for row in rows})
        for side in SIDES
    ]
    base = alt.Chart().encode(
        x=alt.X("period:O", title=None, sort=periods, scale=alt.Scale(domain=periods), axis=alt.Axis(labelAngle=-35)),
        color=alt.Color(
            "side:N", legend=None, scale=alt.Scale(domain=list(SIDES), range=[*SERIES_COLOURS[:4], "#1b2430"])
        ),
    )
    value = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 1]))
    layers = alt.layer(
        base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q").transform_filter("!datum.thin"),
        base.mark_point(filled=True, size=60, opacity=1).encode(y=value).transform_filter("!datum.thin"),
        base.mark_point(filled=False, size=60, opacity=0.8)
        .encode(y=value)
        .transform_filter("datum.thin && isValid(datum.value)"),
        data=alt.Data(values=rows),
    ).properties(width=130, height=90)
    return layers.facet(
        row=alt.Row("region:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
        column=alt.Column("side:N", title=None, sort=list(SIDES)),
    )

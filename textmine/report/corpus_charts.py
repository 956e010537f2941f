"""Charts of the corpus and of what was found in it: plain rows in, Altair charts out.

Rows may carry `href` and `label` (see `theme.linked`): then each mark is a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from textmine.report.theme import FAMILY_COLOURS, linked

__all__ = ["code_points", "document_bars", "heat_map", "trend_points"]

Row = Mapping[str, Any]


def document_bars(rows: Sequence[Row], *, titles: Mapping[str, str]) -> alt.Chart:
    """Documents by year, stacked by language.

    Args:
        rows: year, language, n_documents.
        titles: the words for year, language and n_documents.
    """
    years = [str(year) for year in range(min(row["year"] for row in rows), max(row["year"] for row in rows) + 1)]
    values = [{**row, "year": str(row["year"])} for row in rows]
    scale = alt.Scale(domain=years)  # a year without a document keeps its place
    return (
        alt.Chart(alt.Data(values=values), width=760, height=180)
        .mark_bar()
        .encode(
            x=alt.X("year:O", title=titles["year"], scale=scale, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("n_documents:Q", title=titles["n_documents"], axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("language:N", title=titles["language"]),
            order=alt.Order("language:N"),
            **linked(rows),
        )
    )


def code_points(rows: Sequence[Row], *, titles: Mapping[str, str]) -> alt.LayerChart:
    """Rate of each code as a point with its interval, in the colour of its family.

    Args:
        rows: code, family, value, low, high (low and high may be None).
        titles: the word for value.
    """
    data = alt.Data(values=[dict(row) for row in rows])
    base = alt.Chart(data).encode(
        y=alt.Y("code:N", title=None, sort=[row["code"] for row in rows], axis=alt.Axis(grid=True)),
        color=alt.Color(
            "family:N",
            scale=alt.Scale(domain=list(FAMILY_COLOURS), range=list(FAMILY_COLOURS.values())),
            legend=None,
        ),
    )
    points = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=alt.X("value:Q", title=titles["value"]), **linked(rows)
    )
    intervals = base.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q")
    return alt.layer(intervals, points).properties(width=560, height=alt.Step(18))


def trend_points(
    rows: Sequence[Row], bands: Sequence[Row], events: Sequence[Row], *, titles: Mapping[str, str]
) -> alt.LayerChart:
    """Values by year as points with intervals (thin ones hollow and without) over the level of each period.

    Args:
        rows: x (a year as text), value, low, high, thin.
        bands: first, last (years), value, low, high of each period that has an interval.
        events: year, title; drawn in their order as dashed lines marked with the year.
        titles: the words for x and value.
    """
    first, last = min(int(row["x"]) for row in rows), max(int(row["x"]) for row in rows)
    data = alt.Data(values=[{**row, "x": int(row["x"])} for row in rows])
    x = alt.X(
        "x:Q",
        title=titles["x"],
        scale=alt.Scale(domain=[first - 0.5, last + 0.5], nice=False),
        axis=alt.Axis(format="d", tickMinStep=1, grid=False),
    )
    base = alt.Chart(data).encode(x=x)
    colour = FAMILY_COLOURS["cluster"]
    layers: list[alt.Chart] = []
    if bands:
        spans = [{**band, "x": band["first"] - 0.5, "x2": band["last"] + 0.5} for band in bands]
        levels = alt.Chart(alt.Data(values=spans)).encode(x=x, x2="x2:Q")
        layers.append(levels.mark_rect(color=colour, opacity=0.12).encode(y="low:Q", y2="high:Q"))
        layers.append(levels.mark_rule(color=colour, strokeWidth=2.5).encode(y="value:Q"))
    if events:
        marks = alt.Chart(alt.Data(values=[{"x": event["year"]} for event in events])).encode(x=x)
        layers.append(marks.mark_rule(color="#aab3be", strokeDash=[3, 3]))
        layers.append(marks.mark_text(y=-6, fontSize=11, color="#55606e").encode(text=alt.Text("x:Q", format="d")))
    layers += [
        base.mark_line(color=colour, opacity=0.35, strokeWidth=1.5).encode(y="value:Q"),
        base.mark_rule(color=colour, strokeWidth=2).encode(y="low:Q", y2="high:Q").transform_filter("!datum.thin"),
        base.mark_point(size=70, filled=True, color=colour, opacity=1)
        .encode(y=alt.Y("value:Q", title=titles["value"]), **linked(rows))
        .transform_filter("!datum.thin"),
        base.mark_point(size=70, color=colour, strokeWidth=1.5, fill="white", opacity=1)
        .encode(y="value:Q", **linked(rows))
        .transform_filter("datum.thin"),
    ]
    return alt.layer(*layers).properties(width=760, height=260)


def heat_map(
    rows: Sequence[Row], *, x: str, y: str, x_order: Sequence[str], titles: Mapping[str, str | None]
) -> alt.Chart:
    """A table of values as shades, each cell with its number (so no legend); a cell without a value stays white.

    Args:
        rows: the x and y fields, value (None: too few data) and text (what stands in the cell).
        titles: the words for x and y.
    """
    data = alt.Data(values=[dict(row) for row in rows])
    largest = max((row["value"] or 0.0 for row in rows), default=0.0)
    base = alt.Chart(data).encode(
        x=alt.X(f"{x}:N", title=titles["x"], sort=list(x_order), axis=alt.Axis(labelAngle=-35)),
        y=alt.Y(f"{y}:N", title=titles["y"]),
    )
    cells = base.transform_filter("isValid(datum.value)").mark_rect().encode(
        color=alt.Color("value:Q", scale=alt.Scale(scheme="tealblues", domainMin=0), legend=None), **linked(rows)
    )  # fmt: skip
    numbers = base.mark_text(fontSize=11).encode(
        text="text:N",
        color=alt.condition(f"datum.value > {largest * 0.55}", alt.value("white"), alt.value("#1b2430")),
    )
    return alt.layer(cells, numbers).properties(width=alt.Step(58), height=alt.Step(26))

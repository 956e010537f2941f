"""Charts of findings: rates over time with the policy time line, the sides of integration. Records in, Altair out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import altair as alt

from textmine.records import Finding
from textmine.report.theme import FAMILY_COLOURS, SERIES_COLOURS, linked
from textmine.report.words import SIDE_NAMES, code_name
from textmine.statistics.periods import PERIODS

__all__ = ["integration_chart", "trend_chart"]

Language = Literal["pl", "en"]

SIDES = ("frame", "subsystem", "goals", "instruments", "composite")
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "per_100s": "per 100 sentences",
        "per_10k": "per 10,000 words",
        "documents": "share of documents",
        "corrected_per_100s": "per 100 sentences, corrected",
        "none": "none",
        "thin": "Bars: 95 % intervals. Hollow with a grey bar: under 3 documents or 100 sentences.",
        "turns": "On the axis: triangle up: peak; triangle down: trough; diamond: break that the test shows (p ≤ .05).",
        "composite": "composite / 100",
        "sides": "Bars: 95 % intervals. Hollow: under 3 documents, no interval. Empty: too little text.",
        "silent": "No cluster policy found in the text",
    },
    "pl": {
        "per_100s": "na 100 zdań",
        "per_10k": "na 10 000 słów",
        "documents": "udział dokumentów",
        "corrected_per_100s": "na 100 zdań, po korekcie",
        "none": "brak",
        "thin": "Kreski: przedziały 95 %. Puste z szarą kreską: mniej niż 3 dokumenty lub 100 zdań.",
        "turns": "Na osi: trójkąt w górę to szczyt, w dół dołek, romb załamanie, które wykazuje test (p ≤ 0,05).",
        "composite": "indeks / 100",
        "sides": "Kreski: przedziały 95 %. Puste: mniej niż 3 dokumenty, bez przedziału. Brak znaku: za mało tekstu.",
        "silent": "Bez polityki klastrowej w tekście",
    },
}
#: Characters of an event's title that fit beside its line.
_TITLE_LENGTH = 46
_GREY = "#aab3be"
_QUIET = "#55606e"


def trend_chart(
    findings: Sequence[Finding],
    events: Sequence[Any] = (),
    *,
    measure: str = "per_100s",
    group: str = "",
    language: Language = "en",
    turns: Sequence[Finding] = (),
    link: Callable[[Finding], dict[str, str]] | None = None,
) -> alt.LayerChart:
    """Rates over time: a line a series, a bar for each interval, thin cells hollow with a grey bar.

    Years stand over bands of the EU programming periods; events are dashed lines with their titles.

    Args:
        findings: rates of `textmine.trends.rates`; those of another measure are left out.
        events: objects with `first`, `title_pl`, `title_en`; drawn only where the axis shows years.
        group: key whose values tell series apart beside the code.
        language: of all words.
        turns: breaks, peaks and troughs; marked below the years, in the colour of their series.
        link: `href` and `label` of a finding: makes its point a link (see `theme.linked`).
    """
    words = _WORDS[language]
    rows: list[dict[str, Any]] = [
        {
            "period": one.keys["period"],
            "series": _series_name(one, group, language),
            "code": one.keys["code"],
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "thin": "thin" in one.flag or one.low is None,
            "n": f"{one.n:.0f} / {one.denominator:.0f}",
            **(link(one) if link else {}),
        }
        for one in findings
        if one.keys.get("measure") == measure and one.value is not None
    ]
    yearly = bool(rows) and all(row["period"].isdigit() for row in rows)
    if yearly:
        rows = [row | {"period": int(row["period"])} for row in rows]
    periods = sorted({row["period"] for row in rows}, key=lambda one: (one != "to 2003", one))
    first_rows = {row["series"]: row for row in reversed(rows)}
    series = list(dict.fromkeys(row["series"] for row in rows))
    x: Any
    layers: list[alt.Chart] = []
    if yearly:
        edges = (periods[0] - 0.5, periods[-1] + 0.5)
        x = _years_axis("period", *edges)
        layers += _period_bands(x, *edges)
        layers += _event_layers(events, x, language) if events else []
    else:
        x = alt.X("period:O", title=None, sort=periods, axis=alt.Axis(labelAngle=0))
    colour = alt.Color(
        "series:N",
        title=None,
        sort=series,
        scale=alt.Scale(domain=series, range=_colours([first_rows[name]["code"] for name in series])),
        legend=alt.Legend(orient="top", columns=3, symbolOpacity=1, symbolType="circle", symbolFillColor=None),
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x)
    offset = {} if yearly or len(series) < 2 else {"xOffset": alt.XOffset("series:N", sort=series)}
    value = alt.Y("value:Q", title=words[measure], scale=alt.Scale(zero=True))
    tips: dict[str, Any] = {"tooltip": ["series:N", "period:N", "value:Q", "low:Q", "high:Q", "n:N"]} | linked(rows)
    layers.append(
        base.mark_rule(strokeWidth=1.5, color=_GREY)
        .encode(y="low:Q", y2="high:Q", **offset)
        .transform_filter("datum.thin && isValid(datum.low)")
    )
    if not offset:
        layers.append(base.mark_line(strokeWidth=1.5, opacity=0.45).encode(y=value, color=colour))
    layers += [
        base.mark_rule(strokeWidth=2)
        .encode(y="low:Q", y2="high:Q", color=colour, **offset)
        .transform_filter("!datum.thin"),
        base.mark_point(filled=True, size=60, opacity=1)
        .encode(y=value, color=colour, **tips, **offset)
        .transform_filter("!datum.thin"),
        base.mark_point(filled=False, size=50, fill="white", opacity=1)
        .encode(y=value, color=colour, **tips, **offset)
        .transform_filter("datum.thin"),
    ]
    if yearly and turns:
        layers.append(_turn_layer(turns, x, colour, group, language))
    notes = [words["thin"], *([words["turns"]] if yearly and turns else [])]
    return alt.layer(*layers).properties(width=760, height=320, title=_note(notes))


def _colours(codes: Sequence[str]) -> list[str]:
    """A colour a series: of its family where each is of another family, else one after the other."""
    families = [code.partition(".")[0] for code in codes]
    if len(set(families)) == len(families) and set(families) <= FAMILY_COLOURS.keys():
        return [FAMILY_COLOURS[family] for family in families]
    return [SERIES_COLOURS[place % len(SERIES_COLOURS)] for place in range(len(codes))]


def _note(lines: Sequence[str]) -> alt.TitleParams:
    """Lines below a chart that say how to read it."""
    return alt.TitleParams(
        text=list(lines), anchor="start", orient="bottom", fontSize=11, fontWeight="normal", color=_QUIET, offset=10
    )


def _years_axis(field: str, first: float, last: float) -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(format="d", grid=False, tickMinStep=1),
    )


def _series_name(one: Finding, group: str, language: Language) -> str:
    code = one.keys["code"]
    name = code_name(code, language=language)
    if code.startswith(("name.", "query.")):
        name = f"„{code.partition('.')[2]}”" if language == "pl" else f"“{code.partition('.')[2]}”"
    label = one.keys.get(group) or one.keys.get("group", "") if group else ""
    return f"{name}, {label or _WORDS[language]['none']}" if group else name


def _period_bands(x: Any, first: float, last: float) -> list[alt.Chart]:
    """Every second EU programming period shaded, each with its name at the top."""
    rows = [
        {
            "period": max(start - 0.5, first),
            "end": min(end + 0.5, last),
            "middle": (max(start - 0.5, first) + min(end + 0.5, last)) / 2,
            "name": name,
            "shaded": number % 2 == 0,
        }
        for number, (name, (start, end)) in enumerate(PERIODS.items())
        if start - 0.5 < last and end + 0.5 > first
    ]
    bands = alt.Chart(alt.Data(values=rows))
    names = bands.mark_text(y=-7, fontSize=11, color=_QUIET).encode(x=_years_axis("middle", first, last), text="name:N")
    shades = bands.mark_rect(color="#f1f4f7").encode(x=x, x2="end:Q").transform_filter("datum.shaded")
    return [shades, names]


def _event_layers(events: Sequence[Any], x: Any, language: str) -> list[alt.Chart]:
    """Dashed lines at the years of events, each with its title set upright along it."""
    rows = []
    for event in events:
        title = event.title_pl if language == "pl" else event.title_en
        title = title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1].rstrip(" ,;(") + "…"
        rows.append({"period": event.first, "title": title})
    marks = alt.Chart(alt.Data(values=rows)).encode(x=x)
    return [
        marks.mark_rule(color=_GREY, strokeDash=[3, 3]),
        marks.mark_text(angle=270, align="right", baseline="bottom", dx=-4, dy=-3, fontSize=10, color=_QUIET).encode(
            y=alt.value(0), text="title:N"
        ),
    ]


#: Test -> the sign that marks its year.
_SIGNS = {"peak": "triangle-up", "trough": "triangle-down", "break": "diamond"}


def _turn_layer(turns: Sequence[Finding], x: Any, colour: Any, group: str, language: Language) -> alt.Chart:
    rows = [
        {
            "period": one.value,
            "series": _series_name(one, group, language),
            "test": one.keys["test"],
            "p": one.keys["p"],
            "low": one.low,
            "high": one.high,
        }
        for one in turns
        if not one.flag and one.value is not None and one.keys["test"] in _SIGNS
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_point(filled=True, size=110, opacity=1, clip=False)
        .encode(
            x=x,
            y=alt.value(320),
            color=colour,
            shape=alt.Shape("test:N", legend=None, scale=alt.Scale(domain=list(_SIGNS), range=list(_SIGNS.values()))),
            tooltip=["series:N", "test:N", "period:Q", "low:Q", "high:Q", "p:N"],
        )
    )


def integration_chart(findings: Sequence[Finding], *, language: Language = "en") -> alt.FacetChart:
    """The four sides and the composite of each region by period, with intervals; one row a region, one column a side.

    Cells with too little text stay empty; values from fewer than three documents are hollow and without an interval.
    The composite is drawn on 0..1 as the sides are. Regions without a cluster sentence are named below, not drawn.
    """
    words = _WORDS[language] | SIDE_NAMES[language]
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
    silent = sorted(
        {f"{one.keys['region']} {one.keys['period']}" for one in findings if one.flag == "no cluster policy found"}
    )
    periods = sorted({row["period"] for row in rows}, key=lambda one: (one != "to 2003", one)) or [""]
    # each region needs each side, else the grid moves the next cell into the gap
    rows += [
        {"region": region, "period": periods[0], "side": side, "value": None, "low": None, "high": None, "thin": True}
        for region in sorted({row["region"] for row in rows})
        for side in SIDES
    ]
    rows = [row | {"label": words[row["side"]]} for row in rows]
    labels = [words[side] for side in SIDES]
    base = alt.Chart().encode(
        x=alt.X("period:O", title=None, sort=periods, scale=alt.Scale(domain=periods), axis=alt.Axis(labelAngle=-35)),
        color=alt.Color("label:N", legend=None, scale=alt.Scale(domain=labels, range=[*SERIES_COLOURS[:4], "#1b2430"])),
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
    notes = [words["sides"], *([f"{words['silent']}: {', '.join(silent)}."] if silent else [])]
    return layers.facet(
        row=alt.Row("region:N", title=None, header=alt.Header(labelAngle=0, labelAlign="left")),
        column=alt.Column("label:N", title=None, sort=labels),
        title=_note(notes),
    )

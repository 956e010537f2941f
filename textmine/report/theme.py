"""How charts look and how they leave Altair: one typeface, a fixed colour a family, SVG and PNG without a browser."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

__all__ = ["FAMILY_COLOURS", "LINK_BASE", "SERIES_COLOURS", "draw", "draw_inline", "linked", "themed"]

#: Colours of the families, told apart by the colour-blind (Okabe & Ito 2008), darkened to a contrast of 4.5 on white.
FAMILY_COLOURS = {
    "cluster": "#0072b2",
    "barrier": "#b34700",
    "priority": "#007a5a",
    "instrument": "#8f4f7d",
    "integration": "#7a5c00",
}
#: Colours of series that are not families, in order.
SERIES_COLOURS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#e69f00",
    "#56b4e9",
    "#5f6b7a",
    "#7a5c00",
    "#3d2b56",
    "#9ac53a",
)
FONT = "Liberation Sans, Arial, sans-serif"
PNG_SCALE = 2.0

#: Stands before the addresses of links while a chart is drawn: the drawing engine takes whole addresses only.
LINK_BASE = "https://textmine.invalid"
_LINK = re.compile(
    rf'<a xlink:href="{re.escape(LINK_BASE)}([^"]*)"><path aria-label="([^"]*)" role="graphics-symbol" '
    r'aria-roledescription="[^"]*"'
)
_ROLES = re.compile(
    r' (?:role|aria-roledescription)="(?:graphics-object|graphics-symbol|[^"]*(?:mark|container)[^"]*)"'
)


def themed(chart: Any) -> Any:
    """The chart with the typeface, grid and colours of all our charts."""
    return (
        chart.configure(font=FONT, background="white")
        .configure_view(strokeWidth=0)
        .configure_axis(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor="#1b2430", titleColor="#55606e",
            gridColor="#e6eaef", domainColor="#aab3be", tickColor="#aab3be", labelLimit=260,
        )
        .configure_legend(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelLimit=260,
            titleLimit=400, orient="top",
        )
        .configure_range(category=list(SERIES_COLOURS))
    )  # fmt: skip


def draw(chart: Any, *, format: Literal["svg", "png", "html"]) -> bytes:
    """The themed chart as bytes of an SVG (UTF-8), PNG or HTML file; the page holds its scripts and works offline."""
    import vl_convert

    specification = themed(chart).to_dict()
    if format == "html":
        page: str = vl_convert.vegalite_to_html(specification, bundle=True)
        return page.encode("utf-8")
    if format == "svg":
        svg: str = vl_convert.vegalite_to_svg(specification)
        return svg.encode("utf-8")
    png: bytes = vl_convert.vegalite_to_png(specification, scale=PNG_SCALE)
    return png


def linked(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Encodings that make marks links: for rows with `href` (an address of ours) and `label` (what the link says)."""
    if not rows or "href" not in rows[0]:
        return {}
    return {"href": "href:N", "description": "label:N", "tooltip": "label:N"}


def draw_inline(chart: Any, *, label: str) -> str:
    """The themed chart as an SVG element for a page: its links lead to our own addresses and can be tabbed to.

    Args:
        chart: marks with links are encoded with `linked`, their addresses begin with LINK_BASE.
        label: what the chart shows, for those who cannot see it.
    """
    from html import escape

    svg = draw(chart, format="svg").decode("utf-8")
    svg = _LINK.sub(r'<a href="\1" aria-label="\2"><title>\2</title><path', svg)
    svg = _ROLES.sub("", svg)
    svg = re.sub(r' aria-label="[^"]*"(?=[^<>]*/>)', "", svg)  # marks without a link: the table beside says more
    return svg.replace("<svg ", f'<svg role="group" aria-label="{escape(label)}" ', 1)

"""A report as one self-contained HTML file: sections of prose, figures, tables and quotes, in Polish or English.

What stands in the sections is decided by `textmine.findings.report`; this module only lays it out. The page holds no
script and asks nothing of any host: charts are SVG, downloads are data addresses.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

__all__ = ["Fact", "Figure", "Link", "Quote", "Section", "Table", "format_number", "render_report"]

Language = Literal["pl", "en"]


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to an address."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One large number of the overview with what it counts."""

    value: float | str
    label: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table; numbers are aligned right, None shows as an empty cell. `faint` holds the indices of greyed rows."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str = ""
    note: str = ""
    faint: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart as SVG and PNG with the table that it was drawn from."""

    id: str
    title: str
    svg: str
    png: bytes
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A coded sentence with the place where it stands."""

    text: str
    codes: Sequence[str]
    language: str
    source: Link


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report."""

    id: str
    title: str
    paragraphs: Sequence[str] = ()
    facts: Sequence[Fact] = ()
    points: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    quotes: Sequence[Quote] = field(default=())


def format_number(value: float, *, language: Language) -> str:
    """The number as a reader of the language writes it: whole, or with as many decimals as three digits need."""
    if isinstance(value, int) or (float(value).is_integer() and abs(value) >= 100):
        text = f"{value:,.0f}"
    else:
        decimals = 2 if abs(value) < 10 else 1
        text = f"{value:,.{decimals}f}"
    if language == "pl":
        # a no-break space parts thousands, a comma the decimals
        return text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return text


def render_report(
    sections: Sequence[Section], *, title: str, subtitle: str, language: Language, words: dict[str, str]
) -> str:
    """The HTML of the report.

    Args:
        sections: in the order of reading; the contents list is made of them.
        words: the few words of the frame (contents, data, save_svg, save_png, save_csv, generated) in the language.
    """
    return (
        _environment(language)
        .get_template("report.html.j2")
        .render(
            sections=sections, title=title, subtitle=subtitle, language=language, words=words, style=Markup(_style())
        )
    )


def _style() -> str:
    return files("textmine.report").joinpath("templates/report.css").read_text(encoding="utf-8")


@lru_cache(maxsize=2)
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("textmine.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cell"] = lambda value: _cell(value, language=language)
    environment.filters["is_number"] = lambda value: isinstance(value, int | float) and not isinstance(value, bool)
    environment.filters["is_link"] = lambda value: isinstance(value, Link)
    environment.filters["csv_address"] = _csv_address
    environment.filters["data_address"] = _data_address
    environment.filters["svg"] = lambda text: Markup(text)  # made by our own charts from escaped data
    return environment


def _cell(value: Any, *, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(value, language=language)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def _csv_address(table: Table) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([[_plain(value) for value in row] for row in table.rows])
    return _data_address(buffer.getvalue().encode("utf-8-sig"), "text/csv")


def _plain(value: Any) -> Any:
    if isinstance(value, Link):
        return value.text
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return "'" + value  # a spreadsheet would run it as a formula
    return value


def _data_address(content: bytes | str, kind: str) -> str:
    data = content.encode("utf-8") if isinstance(content, str) else content
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"

"""Options that several commands share, in one wording, and the few steps that all of them take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import typer

from textmine.settings import Settings, load_settings

__all__ = [
    "ChartLanguageOption",
    "ChartOption",
    "CodeOption",
    "CodebookOption",
    "CorpusOption",
    "Format",
    "FormatOption",
    "LanguageOption",
    "LevelOption",
    "LimitOption",
    "ModelOption",
    "OutputOption",
    "RegionOption",
    "SectionOption",
    "SeedOption",
    "TypeOption",
    "YearsOption",
    "chart_format",
    "chart_words",
    "corpus_settings",
    "one_line",
    "parse_years",
    "print_rows",
    "warn",
    "write_chart",
]


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"


class ChartLanguage(StrEnum):
    """Language of the words in a chart."""

    POLISH = "pl"
    ENGLISH = "en"


ChartFormat: TypeAlias = Literal["svg", "png", "html"]
_FORMATS: dict[str, ChartFormat] = {".svg": "svg", ".png": "png", ".html": "html"}

FormatOption = Annotated[
    Format | None,
    typer.Option("--format", "-f", help="How to write rows; a table on a terminal, TSV when piped."),
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file, not to stdout.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=0, help="Rows at most; 50 on a terminal, all when piped.")
]
CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", help="The store; default textmine.db or TEXTMINE_CORPUS.")
]
CodeOption = Annotated[
    list[str] | None, typer.Option("--code", help="A code or pattern (`barrier.*`); may be repeated.")
]
RegionOption = Annotated[str | None, typer.Option("--region", help="A region, such as mazowieckie.")]
LevelOption = Annotated[str | None, typer.Option("--level", help="eu, national, regional or local.")]
TypeOption = Annotated[
    str | None, typer.Option("--type", help="strategy, programme, report, evaluation, law or article.")
]
LanguageOption = Annotated[str | None, typer.Option("--language", help="pl or en.")]
YearsOption = Annotated[str | None, typer.Option("--years", help="A year or a range A:B, both ends included.")]
SectionOption = Annotated[str | None, typer.Option("--section", help="Words of a heading above the passage.")]
CodebookOption = Annotated[Path | None, typer.Option("--codebook", help="Your own codebook file or folder.")]
ModelOption = Annotated[str | None, typer.Option("--model", help="keyword, auto or the folder of a model.")]
SeedOption = Annotated[int | None, typer.Option("--seed", help="Seed of everything random.")]

ChartOption = Annotated[
    Path | None, typer.Option("--chart", help="Also draw a picture: FILE.svg, FILE.png or FILE.html.")
]
ChartLanguageOption = Annotated[
    ChartLanguage | None, typer.Option("--chart-language", help="pl or en; default TEXTMINE_LANG, else en.")
]


def parse_years(text: str | None) -> tuple[int, int] | None:
    """First and last year of `2004:2013`, `2004:`, `:2013` or `2004`; None for None.

    Raises:
        typer.BadParameter: it is none of these, or the first year is after the last.
    """
    if text is None:
        return None
    first, colon, last = text.partition(":")
    try:
        years = int(first or 0), int((last or 9999) if colon else first)
    except ValueError:
        raise typer.BadParameter(f"--years: found {text!r}, expected a year or A:B such as 2004:2013.") from None
    if years[0] > years[1]:
        raise typer.BadParameter(f"--years: {text} runs backwards; write the earlier year first.")
    return years


def corpus_settings(corpus: Path | None, **flags: Any) -> Settings:
    """The settings in force with the store named by --corpus."""
    return load_settings(corpus=corpus, **flags)


def print_rows(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    format: Format | None,
    output: Path | None = None,
    limit: int | None = None,
) -> None:
    """Write rows to stdout or a file in the asked format (see `textmine.report.tables.write_table`)."""
    from textmine.report.tables import write_table  # polars loads only when there is something to write

    write_table(rows, columns, format=format.value if format else None, output=output, limit=limit)


def warn(message: str) -> None:
    """One line of talk on stderr; it may name files of strangers, so nothing in it steers the terminal."""
    typer.echo(one_line(message), err=True)


#: Line ends, controls (ESC begins what moves the cursor or sets a title), marks that turn the reading direction.
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """The text with line ends and whatever could steer a terminal written as escapes: `\\n`, `\\x1b`."""
    return _STEERING.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def chart_format(file: Path | None) -> ChartFormat | None:
    """How the file that a chart goes to is written; None without a file.

    Raises:
        typer.BadParameter: its ending is none of ours.
    """
    if file is None:
        return None
    if file.suffix.lower() not in _FORMATS:
        raise typer.BadParameter(f"--chart {file}: write to a file that ends in .svg, .png or .html.")
    return _FORMATS[file.suffix.lower()]


def chart_words(asked: ChartLanguage | None, settings: Settings) -> Literal["pl", "en"]:
    """The language asked for, or that of the settings, or English."""
    return "pl" if (asked.value if asked else settings.lang) == "pl" else "en"


def write_chart(picture: Any, file: Path, format: ChartFormat) -> None:
    """Draw an Altair chart into a file and say so on stderr.

    Raises:
        TextmineError: the file cannot be written.
    """
    from textmine.report.output import written_by_rename
    from textmine.report.theme import draw

    drawn = draw(picture, format=format)
    with written_by_rename(file) as part:
        part.write_bytes(drawn)
    warn(f"chart: {file}")

"""Events beside the curve: strategies, programmes and laws of the policy time line, or a user's own."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from textmine.codebook.tables import policy_timeline
from textmine.errors import DataError

__all__ = ["Event", "landmarks", "load_events"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in `first`; `last` is None while it is open or when only the start is known."""

    first: int
    last: int | None
    title_pl: str
    title_en: str
    level: str = ""
    region: str = ""
    type: str = ""


def load_events(path: Path | None = None, *, region: str | None = None, level: str | None = None) -> list[Event]:
    """Events by first year: the shipped policy time line, or a CSV file of one's own.

    The file needs the columns `year_from` and `title` (or `title_pl`, `title_en`); `year_to`, `level`, `region` and
    `type` may follow. With a region, other regions' events are left out; those above the regions stay.

    Raises:
        DataError: the file cannot be read, lacks a column, or has a year that is no number (with its line).
    """
    if path is None:
        events = [
            Event(one.year_from, one.year_to, one.title_pl, one.title_en, one.level, one.region, one.type)
            for one in policy_timeline()
        ]
    else:
        events = _read(path)
    return sorted(
        (
            event
            for event in events
            if (region is None or event.region in ("", region)) and (level is None or event.level in ("", level))
        ),
        key=lambda event: (event.first, event.title_pl or event.title_en),
    )


def _read(path: Path) -> list[Event]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"--events {path}: cannot be read as CSV in UTF-8 ({error}).") from error
    events = []
    for line, row in enumerate(rows, start=2):
        title = row.get("title") or ""
        polish, english = row.get("title_pl") or title, row.get("title_en") or title
        if "year_from" not in row or not (polish or english):
            raise DataError(
                f"--events {path}, line {line}: needs the columns year_from and title (or title_pl, title_en)."
            )
        try:
            first = int(row["year_from"])
            last = int(row["year_to"]) if row.get("year_to") else None
        except ValueError as error:
            raise DataError(f"--events {path}, line {line}: {error}. Years are whole numbers.") from error
        events.append(
            Event(
                first,
                last,
                polish or english,
                english or polish,
                row.get("level") or "",
                row.get("region") or "",
                row.get("type") or "",
            )
        )
    return events


#: What a chart of policy shows first; reports and evaluations are not events of policy.
_RANKS = {"strategy": 0, "law": 1, "programme": 2, "": 2}


def landmarks(events: Sequence[Event], first: int, last: int, *, region: str = "", at_most: int = 8) -> list[Event]:
    """The events that a chart has room for: on clusters by their title, national or of the region, one a year.

    Strategies go before laws and these before programmes; of too many, the programme nearest to another event goes
    first.
    """
    words = ("klastr", "klaster", "cluster", "kooperacyjn")
    chosen: dict[int, Event] = {}
    for event in sorted(events, key=lambda one: (one.first, _RANKS.get(one.type, 9), one.region != region)):
        title = f"{event.title_pl} {event.title_en}".lower()
        fits = first <= event.first <= last and event.level != "eu" and event.region in ("", region)
        if fits and event.type in _RANKS and any(word in title for word in words):
            chosen.setdefault(event.first, event)
    found = list(chosen.values())
    while len(found) > at_most:
        gaps = [
            min(abs(event.first - other.first) for other in found if other is not event) - 100 * _RANKS[event.type]
            for event in found
        ]
        del found[gaps.index(min(gaps))]
    return found

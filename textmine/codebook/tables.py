"""Facts beside the codebook: clusters by name, voivodeships with their forms, policy documents by year (CSV, UTF-8).

Cells that hold lists join them by `;`. The `source` columns name the public pages a fact was taken from.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from textmine.errors import CodebookError

__all__ = ["Cluster", "PolicyEvent", "Region", "clusters", "policy_timeline", "regions"]

_FOLDER = Path(__file__).parent
_AREA = re.compile(r"\[(priority\.\w+)\]")


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster of the registry; `region` is a voivodeship by its Polish name, empty abroad or across regions."""

    name_pl: str
    name_en: str
    aliases: tuple[str, ...]
    short_forms: tuple[str, ...]
    country: str
    region: str
    nuts2: str
    sector: str
    status: str
    founded: str
    source: str

    @property
    def name(self) -> str:
        """The Polish name, else the English one."""
        return self.name_pl or self.name_en

    @property
    def names(self) -> tuple[str, ...]:
        """All full names; short forms are apart, since they are safe only beside a full name."""
        return tuple(name for name in (self.name_pl, self.name_en, *self.aliases) if name)

    @property
    def is_energy_cluster(self) -> bool:
        """An energy cluster in the legal sense (klaster energii)."""
        return self.status == "energy cluster"


@dataclass(frozen=True, slots=True)
class Region:
    """One voivodeship. `specialisations` are the priority codes of its smart specialisations, in the source's order."""

    name: str
    teryt: str
    nuts2: tuple[str, ...]
    adjective_stem: str
    adjective_forms: tuple[str, ...]
    noun_forms: tuple[str, ...]
    names_en: tuple[str, ...]
    capital: str
    specialisations: tuple[str, ...]
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class PolicyEvent:
    """A policy document or measure; `year_to` is None while it is open or when only the start is known."""

    year_from: int
    year_to: int | None
    level: str
    region: str
    title_pl: str
    title_en: str
    type: str
    relevance: str
    source: str


@cache
def clusters() -> tuple[Cluster, ...]:
    """The registry of clusters, in the order of its table."""
    return tuple(
        Cluster(
            name_pl=row["name_pl"],
            name_en=row["name_en"],
            aliases=_split(row["aliases"]),
            short_forms=_split(row["short_forms"]),
            country=row["country"],
            region=row["region"],
            nuts2=row["nuts2"],
            sector=row["sector"],
            status=row["status"],
            founded=row["founded"],
            source=row["source"],
        )
        for row in _rows("clusters.csv")
    )


@cache
def regions() -> tuple[Region, ...]:
    """The sixteen voivodeships, by Polish name."""
    return tuple(
        Region(
            name=row["name_pl"],
            teryt=row["teryt"],
            nuts2=_split(row["nuts2_2021"]),
            adjective_stem=row["adjective_stem"],
            adjective_forms=_split(row["adjective_forms"]),
            noun_forms=_split(row["noun_forms"]),
            names_en=_split(row["names_en"]),
            capital=row["capital"],
            specialisations=tuple(dict.fromkeys(_AREA.findall(row["smart_specialisations"]))),
            source=row["specialisations_source"],
            note=row["note"],
        )
        for row in _rows("regions.csv")
    )


@cache
def policy_timeline() -> tuple[PolicyEvent, ...]:
    """Policy documents and measures on clusters, by first year."""
    return tuple(
        PolicyEvent(
            year_from=int(row["year_from"]),
            year_to=int(row["year_to"]) if row["year_to"] else None,
            level=row["level"],
            region=row["region"],
            title_pl=row["title_pl"],
            title_en=row["title_en"],
            type=row["type"],
            relevance=row["relevance"],
            source=row["source"],
        )
        for row in _rows("policy_timeline.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    path = _FOLDER / name
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except OSError as error:
        raise CodebookError(f"{name} is missing from this installation. Install textmine again.") from error


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())

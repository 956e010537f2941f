"""What a document is: title, year, region, level, type, issuer, languages - given, or inferred with the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from textmine.records import BODY_KINDS, Block

__all__ = ["Description", "describe"]


@dataclass(frozen=True, slots=True)
class Description:
    """Metadata of one document; `origins` says of each field where it comes from."""

    title: str = ""
    year: int | None = None
    region: str = ""
    level: str = ""
    type: str = ""
    issuer: str = ""
    languages: tuple[str, ...] = ()
    origins: dict[str, str] = field(default_factory=dict)


def describe(
    path: Path, info: Mapping[str, str], blocks: Sequence[Block], given: Mapping[str, str]
) -> Description:
    """The description of a document; given values win over inferred ones."""
    origins = {key: "given: manifest" for key, value in given.items() if value}
    title = given.get("title", "")
    if not title:
        title = next((block.text for block in blocks if block.kind == "heading"), path.stem)
        origins["title"] = "inferred: first heading"
    languages = tuple(part.strip() for part in given.get("languages", "").split(";") if part.strip())
    if not languages:
        languages = _languages(blocks)
        origins["languages"] = "inferred: text"
    year = given.get("year", "")
    return Description(
        title=title,
        year=int(year) if year.isdigit() else None,
        region=given.get("region", ""),
        level=given.get("level", ""),
        type=given.get("type", ""),
        issuer=given.get("issuer", ""),
        languages=languages,
        origins=origins,
    )


def _languages(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Languages of at least a twentieth of the text, the main one first."""
    counts: Counter[str] = Counter()
    for block in blocks:
        if block.kind in BODY_KINDS and block.language:
            counts[block.language] += len(block.text)
    total = sum(counts.values())
    return tuple(language for language, count in counts.most_common() if count >= 0.05 * total)

"""The codebook's decisions as rules over the candidates of one sentence (numbers as in the codebook's file).

Decisions about single words (which area wood belongs to, which barrier ageing is) stand in the codebook's terms; here
stand those that need two codes at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textmine.coding.matcher import Range
from textmine.coding.tokens import TokenView

if TYPE_CHECKING:
    from textmine.coding.names import Name

__all__ = ["Candidate", "apply_decisions"]

THRESHOLD = 0.5
# Tokens; chosen by hand on the development sentences.
GROUP_REACH = 10
TOGETHER_REACH = 8
LACK_REACH = 2
MEASURE_REACH = 6
APPOSITION_REACH = 5
#: Measures that are for a field; what coordination and regulation are for is seldom one.
DIRECTED = frozenset(("instrument.funding", "instrument.infrastructure", "instrument.promotion", "instrument.research"))


class Candidate(NamedTuple):
    """A code that tokens `first` to `last` may say. `start`, `end`: characters, where they differ from the tokens'."""

    code: str
    first: int
    last: int
    term: str
    score: float
    negated: bool = False
    start: int = -1
    end: int = -1


def apply_decisions(
    candidates: Sequence[Candidate], view: TokenView, names: Sequence[Name], frames: dict[str, list[Range]]
) -> list[Candidate]:
    """The candidates after the decisions, in the order of the rules below."""
    found = list(candidates)
    found = _energy_cluster_names(found, names)
    found = _apposition(found, view, names)
    found = _acting_together(found, names, frames)
    found = _area_of_a_measure(found)
    found = _missing_measure(found, frames)
    found = _missing_link(found, frames)
    found = _background_of_a_barrier(found, frames)
    return _policy_beside_measure(found, frames)


def _has(candidates: Sequence[Candidate], prefix: str, *, at_least: float = THRESHOLD) -> bool:
    return any(one.code.startswith(prefix) and one.score >= at_least and not one.negated for one in candidates)


def _energy_cluster_names(candidates: list[Candidate], names: Sequence[Name]) -> list[Candidate]:
    """Decision 2: an energy cluster with a proper name is named and energy."""
    added = [
        Candidate("cluster.energy", name.first, name.last, name.name, 0.85, start=name.start, end=name.end)
        for name in names
        if name.is_energy_cluster
    ]
    return candidates + added


def _apposition(candidates: list[Candidate], view: TokenView, names: Sequence[Name]) -> list[Candidate]:
    """Decision 1: "Aviation Valley, a cluster of …" is named alone: the noun only says what the name is."""
    said = [
        (name.last + 1, name.last + APPOSITION_REACH)
        for name in names
        if name.last + 1 < len(view) and view.forms[name.last + 1] == ","
    ]
    return [
        one
        for one in candidates
        if not (
            one.code == "cluster.concept"
            and view.forms[one.first] in ("cluster", "klaster")
            and any(comma < one.first <= last for comma, last in said)
        )
    ]


def _acting_together(
    candidates: list[Candidate], names: Sequence[Name], frames: dict[str, list[Range]]
) -> list[Candidate]:
    """Decisions 12 and 33: two of business, science and administration near each other, and a word of acting together.

    A cluster stands for business.
    """
    together = frames.get("together", ())
    if not together:
        return candidates
    clusters = ((one.first, one.last) for one in candidates if one.code == "cluster.concept" and one.score >= THRESHOLD)
    business = [*frames.get("business", ()), *((name.first, name.last) for name in names), *clusters]
    groups = (business, frames.get("science", ()), frames.get("administration", ()))
    for index, group in enumerate(groups):
        for other in groups[index + 1 :]:
            for one in group:
                for two in other:
                    first, last = min(one[0], two[0]), max(one[1], two[1])
                    if _apart(one, two) > GROUP_REACH or one == two:
                        continue
                    if any(_apart((first, last), word) <= TOGETHER_REACH for word in together):
                        return [*candidates, Candidate("integration.actors", first, last, "acting together", 0.75)]
    return candidates


def _area_of_a_measure(candidates: list[Candidate]) -> list[Candidate]:
    """Decision 32: an area that follows a measure closely is what the measure is for ("an incubator for foundries")."""
    measures = [one for one in candidates if one.code in DIRECTED and one.score >= 0.9]
    return [
        one._replace(score=0.6)
        if one.score < THRESHOLD
        and one.code.startswith("priority.")
        and any(0 <= one.first - measure.last - 1 <= MEASURE_REACH for measure in measures)
        else one
        for one in candidates
    ]


def _apart(one: Range, two: Range) -> int:
    """Tokens between two ranges; negative where they overlap."""
    return max(one[0], two[0]) - min(one[1], two[1]) - 1


def _missing_measure(candidates: list[Candidate], frames: dict[str, list[Range]]) -> list[Candidate]:
    """A measure or area right after a word of lack ("no incubator") is what is missing, not what is done."""
    lacks = frames.get("lack", ())
    if not lacks or not _has(candidates, "barrier."):
        return candidates
    return [
        one._replace(score=min(one.score, 0.4))
        if one.code.startswith(("instrument.", "priority."))
        and any(0 <= one.first - last - 1 <= LACK_REACH for _, last in lacks)
        else one
        for one in candidates
    ]


def _missing_link(candidates: list[Candidate], frames: dict[str, list[Range]]) -> list[Candidate]:
    """Decision 8: a missing or weak link is a barrier, never integration, unless the sentence also states an aim."""
    if not _has(candidates, "barrier.") or frames.get("aim"):
        return candidates
    return [one._replace(score=min(one.score, 0.45)) if one.code == "integration.actors" else one for one in candidates]


def _background_of_a_barrier(candidates: list[Candidate], frames: dict[str, list[Range]]) -> list[Candidate]:
    """Decision 9: a measure named only as the background of a barrier is none, unless something is also planned."""
    if not _has(candidates, "barrier.") or frames.get("plan_word"):
        return candidates
    return [
        one._replace(score=min(one.score, 0.45)) if one.code.startswith("instrument.") else one for one in candidates
    ]


def _policy_beside_measure(candidates: list[Candidate], frames: dict[str, list[Range]]) -> list[Candidate]:
    """Decisions 13 and 22: a public measure for clusters is concept and policy; for energy clusters it is not (16)."""
    if not _has(candidates, "cluster.concept") or _has(candidates, "cluster.policy"):
        return candidates
    if _has(candidates, "cluster.energy") or not _has(candidates, "instrument.", at_least=0.9):
        return candidates
    concept = next(one for one in candidates if one.code == "cluster.concept" and one.score >= THRESHOLD)
    return [*candidates, concept._replace(code="cluster.policy", score=0.7)]

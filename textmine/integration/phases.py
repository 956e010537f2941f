"""In which phase of life a text says that clusters are: cue phrases on lemmas of both languages (indicator L)."""

from __future__ import annotations

import re

__all__ = ["PHASES", "phases_of"]

#: A cluster, as lemmas write it.
_CLUSTER = r"(?:klaster|klastrowy|cluster)"
#: Phase -> phrases on space-joined lemmas (phases after Menzel & Fornahl 2007). Participles share their lemma with the
#: verb ("emerging" is "emerge", "rozwijający się" is "rozwijać się"), so single words would fire on any text: "we will
#: develop clusters", "energy transformation". Hence phrases with the cluster or with the word phase.
_PHASE = r"(?:faza|etap|stadium)"
_CUES = {
    "initial": (
        r"\b(?:zalążkowy|embrionalny|embryonic|nascent)\b",
        rf"\b{_PHASE} (?:początkowy|wstępny|wczesny|inkubacja)\b|\b(?:wczesny|początkowy|pierwszy) {_PHASE}\b",
        r"\b(?:early|initial|first|emerging) (?:phase|stage)\b",
        rf"\b(?:młody|powstawać|powstały|inicjować|young|emerge) {_CLUSTER}\b",
        rf"\b{_CLUSTER} (?:powstawać|młody|powstały)\b",
    ),
    "growth": (
        rf"\bwzrostowy\b|\b{_PHASE} (?:wzrost|ekspansja)\b",
        r"\b(?:growth|expansion) (?:phase|stage)\b|\b(?:phase|stage) of (?:growth|expansion)\b",
        rf"\b(?:rozwijać się|grow) {_CLUSTER}\b|\b{_CLUSTER} rozwijać się\b",
    ),
    "mature": (
        r"\b(?:dojrzały|dojrzałość|ugruntować|ugruntowany|mature|maturity)\b",
        r"\bwell (?:- )?establish\b",
    ),
    "decline": (
        rf"\bschyłkowy\b|\b{_PHASE} (?:spadek|stagnacja|transformacja|odnowa)\b|\b(?:phase|stage) of decline\b",
        rf"\b(?:decline|renewal|renewal of|transformacja|odnowa|upadek) {_CLUSTER}\b",
        rf"\b{_CLUSTER} (?:decline|be in decline)\b",
    ),
}
PHASES = tuple(_CUES)
_PATTERNS = tuple(re.compile("|".join(cues)) for cues in _CUES.values())


def phases_of(lemmas: str) -> tuple[bool, ...]:
    """Which of the four phases a context speaks of, from its space-joined lemmas (no punctuation)."""
    return tuple(bool(pattern.search(lemmas)) for pattern in _PATTERNS)

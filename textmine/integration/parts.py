"""Which part of a strategy a heading opens, and which field a document is about, by cue words of both languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, TypeAlias

__all__ = ["Part", "is_other_field", "part_of"]

Part: TypeAlias = Literal["annex", "reporting", "money", "diagnosis", "measures", "goals", ""]

#: Part -> cues at the start of a word of the heading. The first part that matches wins: "monitoring of goals" reports,
#: "goals and measures" measures (the two count together wherever they count). From METHOD, sub-indicators; barriers,
#: conclusions of a diagnosis and recommendations were added after the headings of the sample corpus.
_CUES: dict[Part, str] = {
    "annex": r"załącznik|zalacznik|spis|bibliografi|definicj|słownik|annex|appendix|glossar|references|bibliograph",
    "reporting": r"wdraża|wdroż|wdrozen|monitor|wskaźnik|ewaluacj|sprawozd|implement|indicator|evaluation|reporting",
    "money": r"ramy finans|źródł\w* finans|finans|budżet|nakłady|money|budget|financ|funding",
    "diagnosis": (
        r"diagnoz|uwarunkowa|stan\b|stanu\b|charakterysty|swot|potencja|trend|barier|wyzwa|problem|sytuacj|"
        r"diagnos|context|state of play|position|barrier|challenge|weakness|strength|potential"
    ),
    "measures": (
        r"kierunki|kierunek|działani|zada[nń]|przedsięwzię|instrument|projekty kluczowe|wsparci|rekomendacj|zaleceni|"
        r"action|measure|instrument|project|undertaking|recommendation|support"
    ),
    "goals": (
        r"wizj|misj|cel\b|cele\b|celów\b|priorytet|scenariusz|specjalizacj|"
        r"vision|mission|objective|goal|priorit|specialisation"
    ),
}
_PATTERNS = {part: re.compile(rf"\b(?:{cues})") for part, cues in _CUES.items()}

#: Titles of documents outside innovation and development policy.
_OTHER_FIELDS = re.compile(
    r"\b(?:transport|edukac|oświat|prac[yę]\b|zatrudnien|rynk\w* pracy|kultur|energ|środowisk|zdrow|turyst|społeczn|"
    r"education|labour|employment|cultur|energy|environment|health|touris|social policy)"
)


@cache
def part_of(section: str) -> Part:
    """The part of a section path such as `2. Diagnosis > 2.3. Innovation`; the innermost heading with a cue decides."""
    for heading in reversed(section.casefold().split(" > ")):
        for part, pattern in _PATTERNS.items():
            if pattern.search(heading):
                return part
    return ""


def is_other_field(title: str) -> bool:
    """True when the title says another field of policy: transport, education, labour, culture, energy …"""
    return _OTHER_FIELDS.search(title.casefold()) is not None

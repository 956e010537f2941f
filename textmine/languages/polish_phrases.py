"""Two Polish lemmas as the phrase that people would say: `słaby` + `strona` -> `słaba strona`.

An adjective agrees with its noun, a second noun stands in the genitive (`rozwój województwa`). Number is not known
from lemmas: what the text had in the plural comes back in the singular.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from textmine.languages.polish import readings

__all__ = ["say_phrase"]


@cache
def say_phrase(first: str, second: str) -> str:
    """The phrase of two lemmas in the nominative; the lemmas side by side where no rule fits."""
    kinds = _kind(first), _kind(second)
    if kinds == ("adjective", "noun"):
        return f"{_agree(first, second)} {second}"
    if kinds == ("noun", "adjective"):
        return f"{first} {_agree(second, first)}"
    if kinds == ("noun", "noun"):
        return f"{first} {_genitive(second)}"
    return f"{first} {second}"


@cache
def _generator() -> Any:
    import morfeusz2  # the generator's dictionary takes as long to load as the analyser's

    return morfeusz2.Morfeusz(analyse=False, expand_tags=True)


def _kind(lemma: str) -> str:
    """Kind of word by the cheapest reading that has the form as its lemma; empty if there is none."""
    own = [reading for reading in readings(lemma) if reading.lemma == lemma]
    if not own:
        return "adjective" if lemma.endswith("wy") else ""
    kind = min(own, key=lambda reading: reading.cost).kind
    # `brak` is a verb of its own as well, but not in a phrase
    return "noun" if kind in ("verb", "other") and any(reading.kind == "noun" for reading in own) else kind


def _forms(lemma: str, *tags: str) -> list[str]:
    """Forms whose tag holds all the given parts."""
    found = []
    for form, base, tag, _, labels in _generator().generate(lemma):
        if base.split(":")[0] == lemma and set(tags) <= set(tag.split(":")) and not labels:
            found.append(form)
    return found


def _agree(adjective: str, noun: str) -> str:
    for gender, number in (("f", "sg"), ("n", "sg"), ("n", "pl")):
        # plural-only nouns (`dane`, `targi`) come last: their tag has no singular
        if noun in _forms(noun, "subst", number, "nom", gender):
            if adjective.endswith("wy") and not readings(adjective):  # `klastrowy`, which SGJP does not list
                return adjective[:-1] + ("a" if gender == "f" else "e")
            agreeing = _forms(adjective, "adj", number, "nom", gender, "pos")
            return agreeing[0] if agreeing else adjective
    return adjective


def _genitive(noun: str) -> str:
    # of two forms the shorter is the usual one: `klastra` beside `klastera`
    return min(_forms(noun, "subst", "sg", "gen") or _forms(noun, "subst", "pl", "gen") or [noun], key=len)

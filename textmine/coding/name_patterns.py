"""Names of clusters by their shape: Klaster + capitals, „quoted” names, X Cluster, X Valley, Dolina X, Optoklaster."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from textmine.coding.tokens import TokenView

__all__ = ["PatternName", "pattern_names"]


@dataclass(frozen=True, slots=True)
class PatternName:
    """Tokens `first` to `last`, characters [start, end)."""

    first: int
    last: int
    start: int
    end: int
    is_energy_cluster: bool = False


_POLISH_HEAD = re.compile(r"^Klast(?:er|ra|rowi|rem|rze)$|^KLAST(?:ER|RA|ROWI|REM|RZE)$")
_POLISH_ADJECTIVE = re.compile(r"(?:[sc]k|dzk|n|ow|jn|czn|i)(?:i|y|iego|ego|iemu|emu|im|ym)$")
_OWN_WORD = re.compile(r"^[A-ZŁŚŻ][\w-]*(?:klaster|klastra|klastrem|klastrowi|klastrze|cluster)$", re.IGNORECASE)
_NOT_OWN = re.compile(r"(?i)^(?:meta|super|euro|spitzen|mega|mikro|micro|sub|inter|podklaster|proto)?(?:klast|cluster)")
_ENGLISH_HEADS = frozenset(("Cluster", "CLUSTER", "Klaster"))
_VALLEY = frozenset(("Valley",))
_FEMININE = re.compile(r"(?:ow|cz|n|sk|ck)(?:a|ej|ą)$")
_VALLEY_PL = re.compile(r"^(?:Dolin|Wyżyn|Krain)(?:a|y|ie|ę|ą|o)$")
#: After a head these make a policy term, a body or a title of it, not a name.
_STATUS_PL = re.compile(r"(?i)^(?:kluczow|wzrostow|zalążkow|krajow)")
_GENERIC_PL = frozenset(("energii", "energetyczny"))
_NOT_AFTER = frozenset(
    str.split("""
    policy policies collaboration excellence programme program support initiative initiatives council team forum
    observatory week organisation organisations organization label manager managers management development strategy
    act analysis mapping partnership partnerships days day conference summit network members coordinator report study
    cooperation labelling accreditation award benchmarking scheme sampling""")
)
_NOT_BEFORE = frozenset(
    str.split("""
    key national the a an in on at of for by with from to as like each every this that its no our and or new one
    another such any some other most energy both two three four under since when while after before although joint
    industrial regional innovation business innovative although because if however moreover european eu polish-german
    certified selected only local name cluster clusters""")
)
#: A name may not consist of these alone (with the head).
_WEAK = frozenset(
    str.split("key national energy joint industrial regional innovation business innovative european eu polish local")
)
#: The Norwegian programme's levels stand before a cluster's name (NCE Maritime, GCE Ocean Technology).
_PROGRAMMES = frozenset(("NCE", "GCE"))
_CONNECT_EN = frozenset(("of", "for", "and", "&", "the", "in"))
_OPEN, _CLOSE = frozenset('„“"«‘'), frozenset('”"»“’')
_CLUSTER_CUES = re.compile(r"(?i)klast|cluster|member|compan|firm|zrzesz|członk|associat|coordinat|koordynat|founded")


def pattern_names(view: TokenView) -> Iterator[PatternName]:
    """All names that a pattern sees, in any order; they may overlap."""
    words = [view.text[start:end] for start, end in zip(view.starts, view.ends, strict=True)]
    for place, word in enumerate(words):
        if not word[0].isupper():
            continue
        if word in _PROGRAMMES and place + 1 < len(words) and _is_capital(words[place + 1]):
            yield PatternName(place, place + 1, view.starts[place], view.ends[place + 1])
        if _POLISH_HEAD.match(word):
            yield from _polish(view, words, place)
        if word in _ENGLISH_HEADS or word in _VALLEY:
            yield from _english(view, words, place)
        elif _OWN_WORD.match(word) and not _NOT_OWN.match(word):
            yield PatternName(place, place, view.starts[place], view.ends[place])
        elif _VALLEY_PL.match(word):
            yield from _valley(view, words, place)
    yield from _apposition(view, words)


def _polish(view: TokenView, words: list[str], head: int) -> Iterator[PatternName]:
    first = head
    while first > 0 and words[first - 1][0].isupper() and _is_adjective(words[first - 1], view, first - 1):
        first -= 1
    last, end, content = head, view.ends[head], 0
    place = head + 1
    if place < len(words) and _STATUS_PL.match(words[place]):
        return
    is_energy = False
    while place < len(words):
        word = words[place]
        if word in _OPEN:
            close = _closing(words, place)
            if close < 0:
                break
            last, end, content = close, view.ends[close], content + 2
            break
        if word.lower() in _GENERIC_PL and place == head + 1:
            if not word[0].isupper() and not (place + 1 < len(words) and words[place + 1] in _OPEN):
                break
            is_energy = True
            last, end = place, view.ends[place]
            place += 1
            continue
        if word in ("i", "&", "oraz") and content and place + 1 < len(words) and _is_capital(words[place + 1]):
            if word == "oraz" or _is_organisation(words[place + 1]):
                break
            place += 1
            continue
        if word in ("–", "—") and content and place + 1 < len(words) and _is_capital(words[place + 1]):
            break
        if not _is_capital(word) or _POLISH_HEAD.match(word):
            break
        last, end, content = place, view.ends[place], content + 1
        place += 1
    if is_energy and first == head and not content:
        return
    if content or first < head:
        if last == head and first == 0 and not content and not is_energy:
            return  # `Lubelski Klaster …` at the start of a sentence may be anything
        yield PatternName(first, last, view.starts[first], end, is_energy)


def _english(view: TokenView, words: list[str], head: int) -> Iterator[PatternName]:
    after = words[head + 1] if head + 1 < len(words) else ""
    if after.lower() in _NOT_AFTER and after[:1].isupper():
        return
    first = head
    while first > 0:
        before = words[first - 1]
        if before in _ENGLISH_HEADS:
            break
        if before in ("and", "&") and first - 1 > 0 and head - first == 1 and _is_capital(words[first - 2]):
            if words[first - 2].lower() in _NOT_BEFORE or words[first - 2] in _ENGLISH_HEADS:
                break
            first -= 2
            continue
        if not _is_capital(before) and not re.fullmatch(r"\d+x\d+|\d+", before):
            break
        if first - 1 == 0 and before.lower() in _NOT_BEFORE - _WEAK:
            break
        if before in ("The", "A", "An"):
            break
        first -= 1
    content = [word for word in words[first:head] if word.lower() not in _WEAK and word not in ("and", "&")]
    last = head
    if words[head] in _VALLEY:
        if content and content != ["Silicon"] and (_CLUSTER_CUES.search(view.text) or first > 0):
            yield PatternName(first, head, view.starts[first], view.ends[head])
        return
    place = head + 1
    if not content and first == head and after == "of" and place + 1 < len(words) and _is_capital(words[place + 1]):
        place += 1
    while place < len(words) and _is_capital(words[place]):
        last = place
        place += 1
        if place + 1 < len(words) and words[place] in ("of", "and") and first == head and _is_capital(words[place + 1]):
            place += 1
    proper = [word for word in words[head + 1 : last + 1] if word.lower() not in _CONNECT_EN]
    lowered = [word.lower() for word in words[first:head]]
    if lowered[-2:] == ["key", "national"] or lowered[-2:] == ["national", "key"] or lowered[-1:] == ["key"]:
        return
    if content or proper or len(lowered) >= 2:
        yield PatternName(first, last, view.starts[first], view.ends[last])


def _valley(view: TokenView, words: list[str], head: int) -> Iterator[PatternName]:
    """Dolina + a feminine adjective in capitals (Dolina Wodorowa); a river or a town is a noun and does not fit."""
    after = head + 1
    if after >= len(words) or not _is_capital(words[after]) or not _FEMININE.search(words[after]):
        return
    if words[after].startswith("Krzemow") or (after + 1 < len(words) and _is_capital(words[after + 1])):
        return
    first = head
    if head > 0 and _is_capital(words[head - 1]) and _FEMININE.search(words[head - 1]):
        first -= 1
    yield PatternName(first, after, view.starts[first], view.ends[after])


def _apposition(view: TokenView, words: list[str]) -> Iterator[PatternName]:
    """`CLEAN, the Danish cluster for …`: the capitalised words before a comma and `the/a … cluster`."""
    for comma, word in enumerate(words):
        if word != "," or comma == 0 or not _is_capital(words[comma - 1]):
            continue
        tail = [one.lower() for one in words[comma + 1 : comma + 6]]
        if view.language == "en":
            heads = [index for index, one in enumerate(tail) if one == "cluster"]
            if not tail or tail[0] not in ("the", "a", "an") or not heads or "," in tail[: heads[0]]:
                continue
        elif not tail or tail[0] not in ("klaster", "klastra") or "klaster" not in view.lemmas[comma + 1 : comma + 3]:
            continue
        first = comma - 1
        while first > 0 and _is_capital(words[first - 1]) and words[first - 1] not in ("The", "In"):
            first -= 1
        if comma - first > 4:
            continue
        yield PatternName(first, comma - 1, view.starts[first], view.ends[comma - 1])


def _closing(words: list[str], opening: int) -> int:
    """The token that closes the quotes, at most 12 tokens on, or -1."""
    for place in range(opening + 2, min(opening + 13, len(words))):
        if words[place] in _CLOSE:
            return place
    return -1


def _is_capital(word: str) -> bool:
    return word[0].isupper() or (word[0].isdigit() and any(map(str.isupper, word)))


def _is_adjective(word: str, view: TokenView, place: int) -> bool:
    """Whether a word has an adjective's ending, or is the first half of a hyphenated one (Małopolsko-Podkarpacki)."""
    is_half = word.endswith("o") and view.text[view.ends[place] : view.ends[place] + 1] == "-"
    return len(word) > 4 and (is_half or bool(_POLISH_ADJECTIVE.search(word)))


_ORGANISATIONS = re.compile(
    r"^(?:Politechni|Uniwersyt|Urz[ąę]d|Akademi|Instytut|Ministerst|Agencj|Izb|Fundacj|Stowarzysz|Klast|Samorząd|Związ|Miast|Gmin)"
)


def _is_organisation(word: str) -> bool:
    return bool(_ORGANISATIONS.match(word))

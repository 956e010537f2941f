"""The exact match: which tokens of one sentence a query hits. The index only proposes sentences; this decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textmine.store.query_syntax import (
    And,
    Anything,
    Field,
    Leaf,
    Near,
    Node,
    Not,
    NotTest,
    Or,
    Step,
    TestAll,
    TestAny,
    TokenTest,
    Wild,
    Word,
)

__all__ = ["Tokens", "find_hits"]

#: [start, end) of tokens.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a sentence, case folded, and where they stand in its text."""

    lemmas: Sequence[str]
    forms: Sequence[str]
    offsets: Sequence[tuple[int, int]]


def find_hits(
    node: Node, tokens: Tokens, field_hits: Callable[[Field], list[tuple[int, int]] | None]
) -> list[tuple[int, int]] | None:
    """The (start, end) in the sentence's text that a query hits, in order; None when it does not hold.

    An empty list: it holds, but says no word (`region:mazowieckie`). `field_hits` answers so for a field.
    """
    match node:
        case Leaf() | Near():
            spans = _text_spans(node, tokens)
            return [(tokens.offsets[i][0], tokens.offsets[j - 1][1]) for i, j in spans] or None
        case Field():
            return field_hits(node)
        case Not(part):
            return [] if find_hits(part, tokens, field_hits) is None else None
        case And(parts):
            found: list[tuple[int, int]] = []
            for part in parts:
                hits = find_hits(part, tokens, field_hits)
                if hits is None:
                    return None
                found = found or hits
            return found
        case Or(parts):
            all_hits = [hits for part in parts if (hits := find_hits(part, tokens, field_hits)) is not None]
            return sorted({hit for hits in all_hits for hit in hits}) if all_hits else None


def _text_spans(node: Node, tokens: Tokens) -> list[Span]:
    """Token spans of a text node, in order, each once."""
    match node:
        case Leaf(sequences):
            return _leaf_spans(sequences, tokens)
        case Or(parts):
            return sorted({span for part in parts for span in _text_spans(part, tokens)})
        case Near(left, right, distance):
            lefts = _text_spans(left, tokens)
            rights = _text_spans(right, tokens) if lefts else []
            return sorted(
                {
                    (min(a, c), max(b, d))
                    for a, b in lefts
                    for c, d in rights
                    if 0 <= (c - b if a < c else a - d) <= distance
                }
            )
    raise TypeError(node)  # the parser lets no other node into NEAR


def _leaf_spans(sequences: Sequence[tuple[Step, ...]], tokens: Tokens) -> list[Span]:
    if len(sequences) == 1 and len(sequences[0]) == 1:
        (step,) = sequences[0]
        if step.least == 1:
            return [(i, i + 1) for i in range(len(tokens.offsets)) if _passes(step.test, tokens, i)]
    spans = []
    for start in range(len(tokens.offsets)):
        ends = [end for steps in sequences if (end := _shortest_end(steps, tokens, start)) > start]
        if ends:
            spans.append((start, min(ends)))
    return spans


def _shortest_end(steps: Sequence[Step], tokens: Tokens, start: int) -> int:
    """Where the shortest match that begins at `start` ends; -1 when there is none."""
    places = {start}
    n_tokens = len(tokens.offsets)
    for step in steps:
        reached: set[int] = set()
        for place in places:
            n_passed = 0
            while True:
                if n_passed >= step.least:
                    reached.add(place + n_passed)
                at = place + n_passed
                if n_passed == step.most or at >= n_tokens or not _passes(step.test, tokens, at):
                    break
                n_passed += 1
        if not reached:
            return -1
        places = reached
    return min(places)


def _passes(test: TokenTest, tokens: Tokens, at: int) -> bool:
    match test:
        case Word(attribute, text):
            return (tokens.lemmas if attribute == "lemma" else tokens.forms)[at] == text
        case Wild():
            words = tokens.lemmas if test.attribute == "lemma" else tokens.forms
            other = tokens.forms if test.attribute == "lemma" else tokens.lemmas
            return bool(test.regex.fullmatch(words[at]) or (test.either and test.regex.fullmatch(other[at])))
        case Anything():
            return True
        case NotTest(inner):
            return not _passes(inner, tokens, at)
        case TestAll(tests):
            return all(_passes(inner, tokens, at) for inner in tests)
        case TestAny(tests):
            return any(_passes(inner, tokens, at) for inner in tests)

"""Across languages: what a query asks in one language, asked in the other too, by codebook and cluster registry."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from textmine.codebook import Codebook, clusters
from textmine.languages import LANGUAGES, analyse
from textmine.store.matching import Tokens, find_hits
from textmine.store.packing import index_word
from textmine.store.query_language import text_leaf
from textmine.store.query_syntax import And, Anything, Leaf, Near, Node, Not, Or, Step, TestAny, TokenTest, Wild, Word

__all__ = ["expand", "term_leaf"]

Encode = Callable[[Sequence[str]], np.ndarray]

#: Cosine from which a term of the same code counts as a translation. Of four Polish terms against twelve English
#: ones the translations had 0.63 to 0.86, related terms up to 0.44 and one of the same meaning 0.71.
MIN_COSINE = 0.55
#: Terms added to one word or phrase.
MAX_PARTNERS = 8

_GAP = re.compile(r"…(\d*)")
_DEFAULT_GAP = 4


def expand(node: Node, codebook: Codebook, encode: Encode) -> tuple[Node, dict[str, list[str]]]:
    """The query with other-language partners beside its words and phrases, and the partners by word.

    A word or phrase that a term of the codebook finds brings those terms of the same code (or frame of words) in the
    other language that mean the same; a cluster's name brings its names in the other language. Words after NOT and
    CQL stay as they are.
    """
    added: dict[str, list[str]] = {}

    def walk(part: Node) -> Node:
        match part:
            case Leaf(_, text) if text and not text.startswith("="):
                partners = _partners(part, codebook, encode)
                if partners:
                    added[text] = [name for name, _ in partners]
                    return Or((part, *(leaf for _, leaf in partners)))
            case And(parts):
                return And(tuple(walk(inner) for inner in parts))
            case Or(parts):
                return Or(tuple(walk(inner) for inner in parts))
            case Near(left, right, _):
                sides = walk(left), walk(right)
                assert isinstance(sides[0], Leaf | Or | Near)
                assert isinstance(sides[1], Leaf | Or | Near)
                return replace(part, left=sides[0], right=sides[1])
            case Not():
                return part
        return part

    return walk(node), added


@cache
def term_leaf(term: str, language: str) -> Leaf | None:
    """A term of the codebook as a leaf; None for terms with `@`, `&` or `!`, which say more than words in a row."""
    steps: list[Step] = []
    for piece in term.split():
        gap = _GAP.fullmatch(piece)
        if gap:
            steps.append(Step(Anything(), 0, int(gap[1] or _DEFAULT_GAP)))
        elif any(sign in piece for sign in "@&!…"):
            return None
        else:
            more = _piece_steps(piece, language)
            if more is None:
                return None
            steps += more
    if not steps or all(step.least == 0 for step in steps):
        return None
    return Leaf((tuple(steps),))


def _piece_steps(piece: str, language: str) -> list[Step] | None:
    tests: list[TokenTest] = []
    choices = piece.split("/")
    for choice in choices:
        if choice.endswith("*"):
            tests.append(Wild("form", index_word(choice.rstrip("*")) + "*", either=True))
            continue
        lemmas = analyse(choice, language).lemmas
        if len(lemmas) != 1:
            return [Step(Word("lemma", index_word(lemma))) for lemma in lemmas] if len(choices) == 1 else None
        tests.append(Word("lemma", index_word(lemmas[0])))
    return [Step(tests[0] if len(tests) == 1 else TestAny(tuple(tests)))]


def _partners(leaf: Leaf, codebook: Codebook, encode: Encode) -> list[tuple[str, Leaf]]:
    """Written form and leaf of each partner, the nearest first."""
    names = _other_names(leaf)
    found = [(name, partner) for name in names if (partner := text_leaf(name)) is not None]
    known = set(leaf.sequences)
    for language in LANGUAGES:
        tokens = _tokens(leaf.text, language)
        groups = [group for group in _groups(codebook) if _finds(group.get(language, ()), language, tokens)]
        for other in LANGUAGES:
            if other == language or not groups:
                continue
            terms = sorted({term for group in groups for term in group.get(other, ())})
            leaves = [(term, made) for term in terms if (made := term_leaf(term, other)) is not None]
            found += _nearest(leaf.text, leaves, encode)
    unique = {partner.sequences: (name, partner) for name, partner in reversed(found)}
    return [pair for pair in reversed(unique.values()) if not known.issuperset(pair[1].sequences)][:MAX_PARTNERS]


def _nearest(text: str, leaves: Sequence[tuple[str, Leaf]], encode: Encode) -> list[tuple[str, Leaf]]:
    readable = [" ".join(_GAP.sub("", term).replace("*", "").replace("/", " ").split()) for term, _ in leaves]
    if not readable:
        return []
    vectors = encode([text.rstrip("*"), *readable])
    cosines = vectors[1:] @ vectors[0]
    order = np.argsort(-cosines, kind="stable")
    return [leaves[place] for place in order if cosines[place] >= MIN_COSINE]


def _tokens(text: str, language: str) -> Tokens:
    analysed = analyse(text.rstrip("*"), language)
    forms = [index_word(text[start:end]) for start, end in analysed.offsets]
    return Tokens([index_word(lemma) for lemma in analysed.lemmas], forms, analysed.offsets)


def _groups(codebook: Codebook) -> Iterator[dict[str, tuple[str, ...]]]:
    """Terms by language that belong together: those of a code, and the members of a frame (`bariera`, `barrier`)."""
    for code in codebook.codes:
        yield {one: (*code.terms(one).strong, *code.terms(one).usual) for one in LANGUAGES}
    for frame in codebook.frames.values():
        yield {one: members.strong for one, members in frame.items()}


def _finds(terms: Iterable[str], language: str, tokens: Tokens) -> bool:
    """Whether one of the terms covers all the tokens."""
    whole = (tokens.offsets[0][0], tokens.offsets[-1][1])
    for term in terms:
        leaf = term_leaf(term, language)
        if leaf is not None and whole in (find_hits(leaf, tokens, _no_fields) or ()):
            return True
    return False


def _no_fields(_: object) -> None:
    return None


def _other_names(leaf: Leaf) -> Iterable[str]:
    """The other names of the cluster that the leaf names."""
    asked = set(leaf.sequences)
    for names, sequences in _registry():
        if not asked.isdisjoint(sequences):
            return [name for name in names if (named := text_leaf(name)) and asked.isdisjoint(named.sequences)]
    return []


@cache
def _registry() -> tuple[tuple[tuple[str, ...], frozenset[tuple[Step, ...]]], ...]:
    rows = []
    for cluster in clusters():
        leaves = [leaf for name in cluster.names if (leaf := text_leaf(name)) is not None]
        rows.append((cluster.names, frozenset(steps for leaf in leaves for steps in leaf.sequences)))
    return tuple(rows)

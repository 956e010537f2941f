"""What a query says, as frozen nodes: the parser makes them, the index and the exact match both read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

__all__ = [
    "And",
    "Anything",
    "Field",
    "Leaf",
    "Near",
    "Node",
    "Not",
    "NotTest",
    "Or",
    "Sequence",
    "Step",
    "TestAll",
    "TestAny",
    "TokenTest",
    "Wild",
    "Word",
]

Attribute = Literal["lemma", "form"]


@dataclass(frozen=True, slots=True)
class Word:
    """A token whose lemma or form (case folded) is `text`."""

    attribute: Attribute
    text: str


@dataclass(frozen=True)
class Wild:
    """A token whose lemma or form fits a pattern of `*` and `?`; `either` looks at both (`klast*`)."""

    attribute: Attribute
    pattern: str
    either: bool = False

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern for `fullmatch`; stars one after the other are one, so that it cannot run away."""
        parts = re.split(r"(\*+|\?)", self.pattern)
        return re.compile("".join(".*" if "*" in p else "." if p == "?" else re.escape(p) for p in parts), re.DOTALL)

    @property
    def prefix(self) -> str:
        """The letters before the first `*` or `?`."""
        return re.split(r"[*?]", self.pattern, maxsplit=1)[0]

    @property
    def is_prefix(self) -> bool:
        """Whether the pattern is some letters and one star at their end."""
        return self.pattern == self.prefix + "*"


@dataclass(frozen=True, slots=True)
class Anything:
    """Any token: `[]`."""


@dataclass(frozen=True, slots=True)
class NotTest:
    """A token that fails a test: `!=`."""

    test: TokenTest


@dataclass(frozen=True, slots=True)
class TestAll:
    """A token that passes all tests: `&`."""

    tests: tuple[TokenTest, ...]


@dataclass(frozen=True, slots=True)
class TestAny:
    """A token that passes one of the tests: `|`."""

    tests: tuple[TokenTest, ...]


TokenTest = Word | Wild | Anything | NotTest | TestAll | TestAny


@dataclass(frozen=True, slots=True)
class Step:
    """`least` to `most` tokens in a row that pass a test."""

    test: TokenTest
    least: int = 1
    most: int = 1


Sequence = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """Tokens in a row, in one of several readings (a word has a Polish and an English lemma).

    `text` is how it was written; empty for CQL.
    """

    sequences: tuple[Sequence, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Two texts with at most `distance` tokens between them, in any order, not overlapping."""

    left: Leaf | Or | Near
    right: Leaf | Or | Near
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    """A sentence for which all parts hold; the hits are those of the first part that has any."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """A sentence for which a part holds; the hits are those of all such parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A sentence for which the part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Field:
    """A property of the sentence or its document, such as `region:mazowieckie`."""

    name: str
    value: str


Node = Leaf | Near | And | Or | Not | Field

"""The subset of CQL (the Corpus Query Language of CWB and of the Polish corpora) that queries may hold.

    [lemma="klaster"] []{0,3} [base="bariera" & orth!="barier.*"] within s

Attributes: `lemma` (also `base`) and `orth` (also `word`). Values are literal but for `.*` (any letters), `.` (one
letter; a real point is `\\.`) and `|` (or). Case never counts.
"""

from __future__ import annotations

import re
from typing import NoReturn

from textmine.errors import QueryError
from textmine.store.packing import index_word
from textmine.store.query_syntax import (
    Anything,
    Attribute,
    Leaf,
    NotTest,
    Step,
    TestAll,
    TestAny,
    TokenTest,
    Wild,
    Word,
)

__all__ = ["parse_cql"]

_ATTRIBUTES: dict[str, Attribute] = {"lemma": "lemma", "base": "lemma", "orth": "form", "word": "form"}
#: Most tokens that `*` and `+` take; no sentence of a document is longer that reads as one.
MAX_REPEAT = 1000
#: Each .* more multiplies the work of a match that fails by the length of the word.
_MAX_STARS = 3
_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[^\W\d]\w*")
_REPEAT = re.compile(r"\{\s*(\d{1,4})?\s*(,)?\s*(\d{1,4})?\s*\}|[?*+]")
_WITHIN = re.compile(r"within\b\s*(<?/?[\w-]*/?>?)")
_UNSUPPORTED = re.compile(r"[()\[\]{}+?^$]|(?<!\.)\*")


def parse_cql(query: str, text: str, start: int) -> tuple[Leaf, int]:
    """The tokens that begin with the `[` at `start`, and where they end.

    `text` is the query with plain quotation marks, of the same length.

    Raises:
        QueryError: they cannot be understood.
    """
    return _Reader(query, text, start).tokens()


class _Reader:
    """Reads from `place` on; every method leaves `place` behind what it read."""

    def __init__(self, query: str, text: str, place: int) -> None:
        self.query, self.text, self.place = query, text, place

    def fail(self, message: str, hint: str, position: int | None = None) -> NoReturn:
        raise QueryError(message, query=self.query, position=self.place if position is None else position, hint=hint)

    def skip_space(self) -> None:
        match = _SPACE.match(self.text, self.place)
        self.place = match.end() if match else self.place

    def is_next(self, char: str) -> bool:
        return self.text.startswith(char, self.place)

    def tokens(self) -> tuple[Leaf, int]:
        start = self.place
        steps = []
        end = start
        while self.is_next("["):
            steps.append(self.step())
            end = self.place
            self.skip_space()
        if match := _WITHIN.match(self.text, self.place):
            if match[1].strip("</>") != "s":
                self.fail("only 'within s' is known: a match never leaves its sentence.", "Write within s, or nothing.")
            end = match.end()
        if sum(step.least for step in steps) == 0:
            self.fail("these tokens may all be missing.", "Give one of them a number: []{1,3}.", start)
        return Leaf((tuple(steps),)), end

    def step(self) -> Step:
        opened = self.place
        self.place += 1
        self.skip_space()
        test: TokenTest = Anything() if self.is_next("]") else self.any_of(opened)
        if not self.is_next("]"):
            self.fail("the token is not closed.", 'Write [lemma="klaster"].', min(self.place, len(self.query)))
        self.place += 1
        least, most = self.repeat()
        return Step(test, least, most)

    def repeat(self) -> tuple[int, int]:
        match = _REPEAT.match(self.text, self.place)
        if match is None:
            if self.is_next("{"):
                self.fail("a repetition that cannot be read.", "Write {2}, {0,3} or {1,}.")
            return 1, 1
        at, self.place = self.place, match.end()
        mark = match.group()
        if mark in "?*+":
            return {"?": (0, 1), "*": (0, MAX_REPEAT), "+": (1, MAX_REPEAT)}[mark]
        first, comma, last = match.groups()
        if first is None and last is None:
            self.fail("a repetition without a number.", "Write {2}, {0,3} or {1,}.", at)
        least = int(first or 0)
        most = int(last) if last else (MAX_REPEAT if comma else least)
        if least > most or most == 0:
            self.fail(
                f"a repetition from {least} to {most}.", "Write the smaller number first, the larger above 0.", at
            )
        return least, min(most, MAX_REPEAT)

    def any_of(self, opened: int) -> TokenTest:
        tests = [self.all_of(opened)]
        while self.is_next("|"):
            self.place += 1
            tests.append(self.all_of(opened))
        return tests[0] if len(tests) == 1 else TestAny(tuple(tests))

    def all_of(self, opened: int) -> TokenTest:
        tests = [self.condition(opened)]
        while self.is_next("&"):
            self.place += 1
            tests.append(self.condition(opened))
        return tests[0] if len(tests) == 1 else TestAll(tuple(tests))

    def condition(self, opened: int) -> TokenTest:
        self.skip_space()
        name = _NAME.match(self.text, self.place)
        if self.is_next('"'):
            self.fail("an attribute is missing before the value.", 'Write [lemma="klaster"] or [orth="klastra"].')
        if name is None or name.group() not in _ATTRIBUTES:
            found = f"attribute {name.group()}" if name else "what stands here"
            self.fail(f"{found} is not known.", "Attributes are lemma (or base) and orth (or word).")
        self.place = name.end()
        self.skip_space()
        negative = self.is_next("!=")
        if not negative and not self.is_next("="):
            self.fail("= or != is missing.", 'Write [lemma="klaster"].')
        self.place += 1 + negative
        self.skip_space()
        test = self.value(_ATTRIBUTES[name.group()])
        self.skip_space()
        return NotTest(test) if negative else test

    def value(self, attribute: Attribute) -> TokenTest:
        closed = self.text.find('"', self.place + 1)
        if not self.is_next('"') or closed < 0:
            self.fail("the value stands between quotation marks.", 'Write [lemma="klaster"].')
        begin = self.place + 1
        value = self.text[begin:closed]
        self.place = closed + 1
        self.skip_space()
        if self.is_next("%"):  # %c, ignore case: that is what we do anyway
            self.place += 1
            while self.place < len(self.text) and self.text[self.place].isalpha():
                self.place += 1
        if not value:
            self.fail("the value is empty.", "Write a word, or [] for any token.", begin)
        bare = re.sub(r"\\.", "  ", value)
        if fault := _UNSUPPORTED.search(bare):
            self.fail(
                f"{fault.group()} in a value is not known.",
                "Values know .* (any letters), . (one letter), | (or) and \\ before a sign that means itself.",
                begin + fault.start(),
            )
        if max(part.count(".*") for part in value.split("|")) > _MAX_STARS:
            self.fail(f"more than {_MAX_STARS} .* in a value.", "Write a shorter pattern.", begin)
        tests = tuple(_test(attribute, part) for part in re.split(r"(?<!\\)\|", value.casefold()))
        return tests[0] if len(tests) == 1 else TestAny(tests)


def _test(attribute: Attribute, value: str) -> TokenTest:
    pieces = re.findall(r"\\.|\.\*|\.|[^\\.]+|\\", value)
    if not any(piece in (".*", ".") for piece in pieces):
        return Word(attribute, index_word("".join(piece[1:] if piece.startswith("\\") else piece for piece in pieces)))
    # an escaped * or ? beside a .* stands for any one letter, the nearest thing that a pattern can say
    marks = {".*": "*", ".": "?", "\\*": "?", "\\?": "?"}
    return Wild(attribute, "".join(marks.get(piece, piece.lstrip("\\")) for piece in pieces))

"""The query language: `parse_query` turns text into nodes. docs/query.md is its page for users.

query  = and ( OR and )*
and    = unary ( [AND] unary )*                 two words side by side are joined by AND
unary  = NOT unary | near
near   = item ( NEAR/n item )*                  from left to right
item   = word | word* | =form | "phrase" | ="exact phrase" | field:value | [cql]... | ( query )
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from textmine.errors import QueryError
from textmine.languages import LANGUAGES, analyse, find_tokens
from textmine.store.cql import parse_cql
from textmine.store.packing import index_word
from textmine.store.query_syntax import And, Field, Leaf, Near, Node, Not, Or, Sequence, Step, Wild, Word

__all__ = ["FIELDS", "join_near", "parse_query", "text_leaf"]

#: Field -> what may stand after its colon, for messages.
FIELDS = {
    "code": "a code or pattern such as barrier.*",
    "doc": "a file name or pattern such as maz-*",
    "lang": "pl or en",
    "level": "eu, national, regional or local",
    "name": "a part of a cluster's name",
    "region": "a region such as mazowieckie",
    "section": "words of a heading above the passage",
    "type": "strategy, programme, report, evaluation, law or article",
    "year": "a year or a range such as 2007..2013",
}
_ALIASES = {
    "document": "doc", "language": "lang", "years": "year", "codes": "code", "rok": "year", "kod": "code",
    "typ": "type", "poziom": "level", "sekcja": "section", "nazwa": "name", "język": "lang", "dokument": "doc",
}  # fmt: skip
_NEAR_TOKENS = 5
_MAX_NEAR = 1000
#: Brackets, NOTs and NEARs inside each other; the parsers of SQLite hold about 25 of them.
_MAX_DEPTH = 12
_MAX_QUERY = 10_000
#: Words, fields and operators; SQLite bounds the depth of what it is asked (256 in FTS5, 1000 in SQL).
_MAX_ITEMS = 400
_YEARS = re.compile(r"(\d{4})?(\.\.|:)?(\d{4})?")
_QUOTES = str.maketrans("„”“«»＂", '""""""')
_ITEM = re.compile(
    r"""(?P<space>\s+)
    |(?P<open>\()|(?P<close>\))
    |(?P<cql>\[)
    |(?P<phrase>="[^"]*"|"[^"]*")
    |(?P<field>[^\W\d_]+:(?:"[^"]*"|[^\s()"\[\]]*))
    |(?P<word>[^\s()"\[\]]+)
    |(?P<fault>["\]])""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Item:
    kind: str
    text: str
    position: int
    node: Node | None = None


def parse_query(query: str, *, exact: bool = False) -> Node:
    """The nodes of a query; `exact` takes words as forms, not as lemmas.

    Raises:
        QueryError: it cannot be understood; says where, and what to write instead.
    """
    if not query.strip():
        raise QueryError("empty query.", query=query, position=0, hint="Write a word, such as klaster or cluster.")
    if len(query) > _MAX_QUERY:
        raise QueryError(
            f"the query has over {_MAX_QUERY:,} characters.", query=query[:60], position=0, hint="Write a shorter one."
        )
    return _Parser(query, _read_items(query, exact=exact)).whole()


def join_near(node: Node, distance: int, *, query: str) -> Node:
    """The query with words and phrases that stand side by side at the top joined by NEAR.

    Raises:
        QueryError: they are too many.
    """
    if not isinstance(node, And):
        return node
    texts = [part for part in node.parts if _is_text(part)]
    others = tuple(part for part in node.parts if not _is_text(part))
    if len(texts) < 2:
        return node
    if len(texts) > _MAX_DEPTH:
        raise QueryError(f"more than {_MAX_DEPTH} words for --near.", query=query, position=0, hint="Ask for fewer.")
    joined = texts[0]
    for text in texts[1:]:
        assert isinstance(joined, Leaf | Or | Near)
        assert isinstance(text, Leaf | Or | Near)
        joined = Near(joined, text, distance)
    return And((joined, *others)) if others else joined


def text_leaf(text: str, *, exact: bool = False) -> Leaf | None:
    """Words in a row as a leaf: by lemma in either language, or by form when `exact`; None without words.

    A word that begins with `=` is a form, one that ends with `*` is a beginning.
    """
    readings: dict[Sequence, None] = {}
    for language in LANGUAGES:
        steps: list[Step] = []
        for piece in text.split():
            steps += _piece_steps(piece, language, exact=exact)
        if steps:
            readings[tuple(steps)] = None
    return Leaf(tuple(readings), text) if readings else None


def _piece_steps(piece: str, language: str, *, exact: bool) -> list[Step]:
    is_form = exact or (piece.startswith("=") and len(piece) > 1)
    if is_form and not exact:
        piece = piece[1:]
    is_prefix = piece.endswith("*") and len(piece) > 1
    if is_prefix:
        piece = piece.rstrip("*")
    if not (is_form or is_prefix):
        return [Step(Word("lemma", index_word(lemma))) for lemma in analyse(piece, language).lemmas]
    forms, _ = find_tokens(piece)
    steps = [Step(Word("form", index_word(form))) for form in forms]
    if is_prefix and steps:
        steps[-1] = Step(Wild("form", index_word(forms[-1]) + "*", either=not is_form))
    return steps


def _read_items(query: str, *, exact: bool) -> list[_Item]:
    text = query.translate(_QUOTES)
    items: list[_Item] = []
    position = 0
    while position < len(text):
        match = _ITEM.match(text, position)
        if match is None or match.lastgroup == "fault":
            if text[position] == "]":
                raise QueryError("a ] without its [.", query=query, position=position, hint='Write [lemma="klaster"].')
            raise QueryError(
                "a quotation mark that is not closed.", query=query, position=position, hint='Write "brak zaufania".'
            )
        kind = match.lastgroup or ""
        if len(items) == _MAX_ITEMS and kind != "space":
            raise QueryError(
                f"the query has over {_MAX_ITEMS} parts.", query=query, position=position, hint="Ask in two queries."
            )
        if kind == "cql":
            leaf, end = parse_cql(query, text, position)
            items.append(_Item("node", text[position:end], position, leaf))
            position = end
            continue
        if kind != "space":
            items.append(_read_item(query, kind, match.group(), position, exact=exact))
        position = match.end()
    return items


def _read_item(query: str, kind: str, text: str, position: int, *, exact: bool) -> _Item:
    if kind == "phrase":
        exact = exact or text.startswith("=")
        inner = text.lstrip("=").strip('"')
        leaf = text_leaf(inner, exact=exact)
        if leaf is None:
            raise QueryError(
                "a phrase without words.",
                query=query,
                position=position,
                hint='Write "brak zaufania" or "lack of trust".',
            )
        return _Item("node", text, position, leaf)
    if kind == "field":
        return _Item("node", text, position, _field(query, text, position))
    if kind == "word":
        return _word_item(query, text, position, exact=exact)
    return _Item(kind, text, position)


def _word_item(query: str, text: str, position: int, *, exact: bool) -> _Item:
    if text in ("AND", "OR", "NOT"):
        return _Item(text, text, position)
    if text == "NEAR" or text.startswith("NEAR/"):
        distance = text[5:] or str(_NEAR_TOKENS) if text == "NEAR" else text[5:]
        if not (distance.isascii() and distance.isdigit() and int(distance) <= _MAX_NEAR):
            raise QueryError(
                f"NEAR/ wants a number of words up to {_MAX_NEAR}.",
                query=query, position=min(position + 5, len(query)), hint="Write klaster NEAR/5 bariera.",
            )  # fmt: skip
        return _Item("NEAR", distance, position)
    star = text.find("*")
    if 0 <= star < len(text.rstrip("*")) or (star >= 0 and text.rstrip("*") in ("", "=")):
        raise QueryError(
            "a star may only end a word.",
            query=query, position=position + max(star, 0),
            hint='Write klast*, or [orth=".*ster"] for a star elsewhere.',
        )  # fmt: skip
    leaf = text_leaf(text, exact=exact and not text.startswith("="))
    if leaf is None or text == "=":
        raise QueryError("= without a word.", query=query, position=position, hint="Write =klastra.")
    return _Item("node", text, position, leaf)


def _field(query: str, text: str, position: int) -> Field:
    written, _, value = text.partition(":")
    name = _ALIASES.get(written.casefold(), written.casefold())
    if name not in FIELDS:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        hint = f"Did you mean {near[0]}:? " if near else ""
        raise QueryError(
            f"there is no field {written}:.",
            query=query, position=position,
            hint=f'{hint}Fields are {", ".join(FIELDS)}. To look for the text itself, write "{written} {value}".',
        )  # fmt: skip
    after = position + len(written) + 1
    value = value.strip('"').strip()
    if not value:
        raise QueryError(f"{name}: without a value.", query=query, position=after, hint=f"Write {FIELDS[name]}.")
    if name == "year":
        match = _YEARS.fullmatch(value)
        if not match or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
            raise QueryError(
                f"year: found {value}.",
                query=query,
                position=after,
                hint="Write year:2007, year:2007..2013 or year:..2013.",
            )
        if match[1] and match[3] and match[1] > match[3]:
            raise QueryError(
                f"year: {value} runs backwards.",
                query=query,
                position=after,
                hint=f"Write year:{match[3]}..{match[1]}.",
            )
        value = f"{match[1] or ''}..{match[3] or ''}" if match[2] else f"{match[1]}..{match[1]}"
    if name == "lang" and value.casefold() not in LANGUAGES:
        raise QueryError(
            f"lang: found {value}.", query=query, position=after, hint=f"Write lang:{' or lang:'.join(LANGUAGES)}."
        )
    return Field(name, value)


class _Parser:
    """Recursive descent over the items; a method a rule of the grammar."""

    def __init__(self, query: str, items: list[_Item]) -> None:
        self.query, self.items, self.place, self.depth = query, items, 0, 0

    def whole(self) -> Node:
        """The whole query."""
        node = self.any_of()
        item = self.peek()
        if item is not None:  # only a bracket can be left over
            raise self.fault("a ) without its (.", item, "Take it away, or open it with (.")
        return node

    def peek(self) -> _Item | None:
        return self.items[self.place] if self.place < len(self.items) else None

    def take(self, kind: str) -> _Item | None:
        item = self.peek()
        if item is None or item.kind != kind:
            return None
        self.place += 1
        return item

    def fault(self, message: str, item: _Item | None, hint: str) -> QueryError:
        position = item.position if item else len(self.query)
        return QueryError(message, query=self.query, position=position, hint=hint)

    def any_of(self) -> Node:
        parts = [self.all_of()]
        while self.take("OR"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Node:
        parts = [self.unary()]
        while True:
            item = self.peek()
            if item is None or item.kind in ("OR", "close"):
                break
            if item.kind == "AND":
                self.place += 1
            parts.append(self.unary())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def unary(self) -> Node:
        if self.take("NOT"):
            self.deeper(self.items[self.place - 1])
            node: Node = Not(self.unary())
            self.depth -= 1
            return node
        return self.near()

    def near(self) -> Node:
        node = self.item()
        depth = self.depth
        while operator := self.take("NEAR"):
            self.deeper(operator)
            right = self.item()
            for side in (node, right):
                if not _is_text(side):
                    raise self.fault(
                        "NEAR stands between words or phrases.", operator, "Write (klaster OR grono) NEAR/5 bariera."
                    )
            assert isinstance(node, Leaf | Or | Near)
            assert isinstance(right, Leaf | Or | Near)
            node = Near(node, right, int(operator.text))
        self.depth = depth
        return node

    def item(self) -> Node:
        opened = self.take("open")
        if opened:
            self.deeper(opened)
            if closed := self.take("close"):
                raise self.fault("nothing between ( and ).", closed, "Write a word there, or take the brackets away.")
            node = self.any_of()
            if not self.take("close"):
                raise self.fault("a ( that is not closed.", opened, "Close it with ).")
            self.depth -= 1
            return node
        item = self.peek()
        if item is not None and item.node is not None:
            self.place += 1
            return item.node
        before = self.items[self.place - 1].kind if self.place else "the beginning"
        what = f"after {before}" if before in ("AND", "OR", "NOT", "NEAR") else "here"
        found = f", found {item.text if item.kind != 'NEAR' else 'NEAR'}" if item else ", found the end"
        raise self.fault(
            f"a word is missing {what}{found}.", item, 'Write a word; to look for an operator itself, write "AND".'
        )

    def deeper(self, item: _Item) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.fault(
                f"more than {_MAX_DEPTH} brackets, NOT or NEAR inside each other.", item, "Write it flatter."
            )


def _is_text(node: Node) -> bool:
    return isinstance(node, Leaf | Near) or (isinstance(node, Or) and all(map(_is_text, node.parts)))

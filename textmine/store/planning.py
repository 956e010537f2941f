"""From a query to what SQLite can find fast: an expression for the index, conditions in SQL, and whether that is exact.

What comes out is never too little: a sentence that the query hits is always proposed. Where the plan is exact, counts
need no look at the sentences.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from textmine.store.filters import (
    Condition,
    Filter,
    code_condition,
    document_condition,
    name_condition,
    section_condition,
)
from textmine.store.query_syntax import (
    And,
    Field,
    Leaf,
    Near,
    Node,
    Not,
    Or,
    Step,
    TestAll,
    TestAny,
    TokenTest,
    Wild,
    Word,
)
from textmine.store.schema import DOCUMENT_SHIFT

__all__ = ["Plan", "filter_conditions", "make_plan", "numbers_plan", "scope_conditions", "scope_plan"]

#: Stands in conditions for the number of the sentence.
NUMBER = "{n}"
#: Fields that say where to look, not what for.
_SCOPE = ("region", "level", "type", "year", "doc", "lang")


@dataclass(frozen=True, slots=True)
class Plan:
    """Sentences for which `match` (FTS5; None: all) and all conditions hold; exact when these are just the hits."""

    match: str | None = None
    conditions: tuple[Condition, ...] = ()
    exact: bool = True

    def sql(self, columns: str = "{n}", *, joins: str = "", tail: str = "") -> tuple[str, tuple[object, ...]]:
        """SELECT over the sentences, with its values; `{n}` in the arguments becomes the sentence's number."""
        # the plus keeps SQLite from looking rows of the index up by number, where MATCH is an error
        source, number = ("search", "+search.rowid") if self.match is not None else ("sentences AS s0", "s0.number")
        where = [condition.sql for condition in self.conditions]
        values: list[object] = []
        if self.match is not None:
            where.insert(0, "search MATCH ?")
            values.append(self.match)
        for condition in self.conditions:
            values += condition.values
        text = f"SELECT {columns} FROM {source} {joins}"
        if where:
            text += " WHERE " + " AND ".join(f"({part})" for part in where)
        # ORDER BY without the plus: the index gives its rows in order anyway
        return text.replace(NUMBER, number) + " " + tail.replace(NUMBER, number.lstrip("+")), tuple(values)


def make_plan(node: Node, filter: Filter) -> Plan:
    """The plan of a query inside a filter."""
    plan = _plan(node)
    return replace(plan, conditions=(*filter_conditions(filter), *plan.conditions))


def filter_conditions(filter: Filter) -> list[Condition]:
    """A filter as conditions on the number of a sentence."""
    found = [
        _of_document(" AND ".join(c.sql for c in conditions), tuple(v for c in conditions for v in c.values))
        for conditions in [filter.document_conditions()]
        if conditions
    ]
    if filter.section:
        found.append(_of_section(filter.section))
    if filter.language:
        found.append(_of_language(filter.language))
    if filter.codes:
        found.append(code_condition(filter.codes, NUMBER, negated=filter.negated))
    if filter.name:
        found.append(name_condition(filter.name, NUMBER))
    return found


def scope_nodes(node: Node) -> list[Field]:
    """The fields that must hold whatever else does, and that say where to look."""
    parts = node.parts if isinstance(node, And) else (node,)
    return [part for part in parts if isinstance(part, Field) and part.name in _SCOPE]


def scope_conditions(node: Node, filter: Filter) -> list[Condition]:
    """Where query and filter look, as conditions on `documents AS d` and `counts AS c`."""
    found = filter.document_conditions()
    languages = [filter.language] if filter.language else []
    for field in scope_nodes(node):
        if field.name == "lang":
            languages.append(field.value)
        else:
            found += _document_filter(field).document_conditions()
    return found + [Condition("c.language = ?", (language.casefold(),)) for language in languages]


def scope_plan(node: Node, filter: Filter) -> Plan:
    """All sentences where query and filter look."""
    scope = replace(filter, codes=(), section="", name="")
    conditions = filter_conditions(scope) + [_field_condition(field) for field in scope_nodes(node)]
    return Plan(None, tuple(conditions))


def numbers_plan(numbers: Iterable[int]) -> Plan:
    """Just these sentences."""
    return Plan(None, (Condition(f"{NUMBER} IN (SELECT value FROM json_each(?))", (json.dumps(list(numbers)),)),))


def _of_document(where: str, values: tuple[object, ...]) -> Condition:
    return Condition(f"({NUMBER} >> {DOCUMENT_SHIFT}) IN (SELECT d.number FROM documents AS d WHERE {where})", values)


def _of_section(words: str) -> Condition:
    inner = section_condition(words, "b.section")
    where = f"SELECT x.number FROM blocks AS b JOIN sentences AS x ON x.block = b.number WHERE {inner.sql}"
    return Condition(f"{NUMBER} IN ({where})", inner.values)


def _of_language(language: str) -> Condition:
    return Condition(f"(SELECT x.language FROM sentences AS x WHERE x.number = {NUMBER}) = ?", (language.casefold(),))


def _document_filter(field: Field) -> Filter:
    match field.name:
        case "year":
            first, _, last = field.value.partition("..")
            return Filter(years=(int(first or 0), int(last or 9999)))
        case "doc":
            return Filter(document=field.value)
        case "region":
            return Filter(region=field.value)
        case "level":
            return Filter(level=field.value)
    return Filter(type=field.value)


def _field_condition(field: Field) -> Condition:
    match field.name:
        case "code":
            return code_condition((field.value,), NUMBER)
        case "name":
            return name_condition(field.value, NUMBER)
        case "lang":
            return _of_language(field.value)
        case "section":
            return _of_section(field.value)
        case "doc":
            inner = document_condition(field.value, "d")
            return _of_document(inner.sql, inner.values)
    (inner,) = _document_filter(field).document_conditions()
    return _of_document(inner.sql, inner.values)


def _plan(node: Node) -> Plan:
    match node:
        case Field():
            return Plan(None, (_field_condition(node),))
        case Leaf():
            return _leaf_plan(node)
        case Near():
            return _near_plan(node)
        case And(parts):
            return _and_plan(parts)
        case Or(parts):
            return _or_plan([_plan(part) for part in parts])
        case Not(part):
            plan = _plan(part)
            # what is proposed for an inexact part may not hit, so nothing can be left out
            return Plan(None, (_negation(plan),)) if plan.exact else Plan(exact=False)


def _negation(plan: Plan) -> Condition:
    inner = _as_condition(plan)
    return Condition(f"NOT ({inner.sql})", inner.values)


def _as_condition(plan: Plan) -> Condition:
    """The plan as one condition on the sentence's number."""
    parts = list(plan.conditions)
    if plan.match is not None:
        parts.insert(0, Condition(f"{NUMBER} IN (SELECT rowid FROM search WHERE search MATCH ?)", (plan.match,)))
    if not parts:
        return Condition("1")
    sql = " AND ".join(f"({part.sql})" for part in parts)
    return Condition(sql, tuple(value for part in parts for value in part.values))


def _and_plan(parts: Sequence[Node]) -> Plan:
    wanted: list[str] = []
    unwanted: list[str] = []
    conditions: list[Condition] = []
    exact = True
    for part in parts:
        plan = _plan(part.part if isinstance(part, Not) else part)
        if not isinstance(part, Not):
            wanted += [plan.match] if plan.match is not None else []
            conditions += plan.conditions
            exact = exact and plan.exact
        elif not plan.exact:
            exact = False
        elif plan.match is not None and not plan.conditions:
            unwanted.append(plan.match)
        else:
            conditions.append(_negation(plan))
    if not wanted:
        conditions += [_negation(Plan(match)) for match in unwanted]
        return Plan(None, tuple(conditions), exact)
    match = " AND ".join(f"({part})" for part in wanted)
    if unwanted:
        match = f"({match}) NOT ({' OR '.join(f'({part})' for part in unwanted)})"
    return Plan(match, tuple(conditions), exact)


def _or_plan(plans: Sequence[Plan]) -> Plan:
    exact = all(plan.exact for plan in plans)
    if any(plan.match is None and not plan.conditions for plan in plans):
        return Plan(exact=exact)
    if all(plan.match is not None and not plan.conditions for plan in plans):
        return Plan(" OR ".join(f"({plan.match})" for plan in plans), (), exact)
    parts = [_as_condition(plan) for plan in plans]
    sql = " OR ".join(f"({part.sql})" for part in parts)
    return Plan(None, (Condition(sql, tuple(value for part in parts for value in part.values)),), exact)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _leaf_plan(leaf: Leaf) -> Plan:
    plans = [_sequence_plan(steps) for steps in leaf.sequences]
    return plans[0] if len(plans) == 1 else _or_plan(plans)


def _sequence_plan(steps: Sequence[Step]) -> Plan:
    column = _column(steps)
    if column:
        return Plan(f"{column} : {_phrase(steps)}")
    single = len(steps) == 1 and (steps[0].least, steps[0].most) == (1, 1)
    required = [_test_match(step.test) for step in steps if step.least]
    known = [match for match, _ in required if match]
    if not known:
        return Plan(exact=False)
    exact = single and required[0][1]
    near = _ordered_near(steps)
    return Plan(near or " AND ".join(f"({match})" for match in dict.fromkeys(known)), (), exact)


def _column(steps: Sequence[Step]) -> str:
    """`lemmas` or `forms` when the steps are plain words of that column, one after the other; else empty."""
    attributes = set()
    for step in steps:
        if not isinstance(step.test, Word) or (step.least, step.most) != (1, 1):
            return ""
        attributes.add(step.test.attribute)
    return attributes.pop() + "s" if len(attributes) == 1 else ""


def _phrase(steps: Sequence[Step]) -> str:
    return _quoted(" ".join(step.test.text for step in steps if isinstance(step.test, Word)))


def _ordered_near(steps: Sequence[Step]) -> str:
    """NEAR for words of one column with gaps of a limited number of tokens between them; else empty.

    It also proposes other orders, so it is never exact.
    """
    words = [step.test for step in steps if isinstance(step.test, Word) and (step.least, step.most) == (1, 1)]
    reach = sum(step.most for step in steps)
    if len(words) < 2 or len({word.attribute for word in words}) > 1 or reach > 100:
        return ""
    # the distance of FTS5 is from the end of the first to the start of the last, so the whole reach is enough
    return f"{words[0].attribute}s : NEAR({' '.join(_quoted(word.text) for word in words)}, {reach})"


def _test_match(test: TokenTest) -> tuple[str, bool]:
    """An index expression that holds where some token passes (empty: cannot be said), and whether it says just that."""
    match test:
        case Word(attribute, text):
            return f"{attribute}s : {_quoted(text)}", True
        case Wild():
            columns = "{lemmas forms}" if test.either else f"{test.attribute}s"
            return (f"{columns} : {_quoted(test.prefix)} *", test.is_prefix) if test.prefix else ("", False)
        case TestAll(tests):
            found = [match for match, _ in map(_test_match, tests) if match]
            return " AND ".join(f"({match})" for match in found), False
        case TestAny(tests):
            each = [_test_match(inner) for inner in tests]
            if all(match for match, _ in each):
                return " OR ".join(f"({match})" for match, _ in each), all(exact for _, exact in each)
    return "", False


def _near_plan(node: Near) -> Plan:
    pairs = _word_pairs(node)
    if pairs:
        near = [f"{column} : NEAR({left} {right}, {node.distance})" for column, left, right in pairs]
        return Plan(" OR ".join(f"({part})" for part in near))
    plan = _and_plan((node.left, node.right))
    return replace(plan, exact=False)


def _word_pairs(node: Near) -> list[tuple[str, str, str]]:
    """Column and the two phrases of every pair of readings, when the index can say this NEAR exactly; else empty."""
    sides = []
    for side in (node.left, node.right):
        leaves = side.parts if isinstance(side, Or) else (side,)
        if not all(isinstance(leaf, Leaf) for leaf in leaves):
            return []
        sides.append([steps for leaf in leaves if isinstance(leaf, Leaf) for steps in leaf.sequences])
    lefts, rights = sides
    columns = {_column(steps) for steps in (*lefts, *rights)}
    if len(columns) != 1 or "" in columns or len(lefts) * len(rights) > 64:
        return []
    texts = [{step.test.text for steps in side for step in steps if isinstance(step.test, Word)} for side in sides]
    if texts[0] & texts[1]:  # the index would let a word be near itself
        return []
    (column,) = columns
    return [(column, _phrase(left), _phrase(right)) for left in lefts for right in rights]

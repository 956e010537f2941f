"""`Filter`: which part of the corpus is meant. The same one serves frames, mentions and queries."""

from __future__ import annotations

from dataclasses import dataclass, fields

from textmine.store.connection import fold

__all__ = ["Condition", "Filter", "code_condition", "escape_like"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL for WHERE, with the values of its question marks."""

    sql: str
    values: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """All that is given must hold; what is empty or None does not restrict.

    `codes` and `document` are patterns with `*` and `?` (`barrier.*`); any one of the codes is enough, and negated
    mentions do not count unless `negated`. `region`, `level` and `type` compare without case and Polish diacritics.
    `years` holds both ends. `section` is found in any heading above the passage, `name` in the term of a
    cluster.named mention. `document` is a file name, a path or an id.
    """

    codes: tuple[str, ...] = ()
    region: str = ""
    level: str = ""
    type: str = ""
    language: str = ""
    years: tuple[int, int] | None = None
    section: str = ""
    name: str = ""
    document: str = ""
    negated: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))

    def document_conditions(self, table: str = "d") -> list[Condition]:
        """Conditions on a row of `documents` called `table`."""
        found = [
            Condition(f"fold({table}.{column}) = ?", (fold(value),))
            for column, value in (("region", self.region), ("level", self.level), ("type", self.type))
            if value
        ]
        if self.years is not None:
            found.append(Condition(f"{table}.year BETWEEN ? AND ?", self.years))
        if self.document:
            found.append(document_condition(self.document, table))
        return found

    def block_conditions(self, table: str = "b") -> list[Condition]:
        """Conditions on a row of `blocks` called `table`."""
        return [section_condition(self.section, f"{table}.section")] if self.section else []

    def sentence_conditions(self, table: str = "s") -> list[Condition]:
        """Conditions on a row of `sentences` called `table`."""
        found = []
        if self.language:
            found.append(Condition(f"{table}.language = ?", (self.language.casefold(),)))
        if self.codes:
            found.append(code_condition(self.codes, f"{table}.number", negated=self.negated))
        if self.name:
            found.append(name_condition(self.name, f"{table}.number"))
        return found


def document_condition(pattern: str, table: str) -> Condition:
    """A document by file name, path or id, with `*` and `?`."""
    folded = _pattern(fold(pattern))
    name = f"fold({table}.path) GLOB ? OR fold({table}.path) GLOB ?"
    return Condition(f"({name} OR {table}.id GLOB ?)", (folded, "*/" + folded, _pattern(pattern)))


def section_condition(words: str, column: str) -> Condition:
    """A section with these words in one of its headings."""
    where = "SELECT s.number FROM sections AS s, json_each(s.path) AS h WHERE fold(h.value) LIKE ? ESCAPE '\\'"
    return Condition(f"{column} IN ({where})", (f"%{escape_like(fold(words))}%",))


def code_condition(patterns: tuple[str, ...], column: str, *, negated: bool = False) -> Condition:
    """A sentence number whose sentence has a mention of one of the codes."""
    codes = " OR ".join(["code GLOB ?"] * len(patterns))
    counted = "" if negated else " AND negated = 0"
    values = tuple(_pattern(pattern.casefold()) for pattern in patterns)
    return Condition(f"{column} IN (SELECT sentence FROM mentions WHERE ({codes}){counted})", values)


def name_condition(name: str, column: str) -> Condition:
    """A sentence number whose sentence names a cluster so; part of the name is enough."""
    where = (
        "SELECT sentence FROM mentions WHERE code = 'cluster.named' AND negated = 0 AND fold(term) LIKE ? ESCAPE '\\'"
    )
    return Condition(f"{column} IN ({where})", (f"%{escape_like(fold(name))}%",))


def escape_like(text: str) -> str:
    """Text that means itself in a LIKE pattern with ESCAPE '\\'."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _pattern(text: str) -> str:
    """A GLOB pattern in which only `*` and `?` are special."""
    return text.replace("[", "[[]")

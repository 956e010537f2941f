"""What a codebook is: frozen pydantic models, and the syntax of a term.

A term is written in citation form and matched on lemmas (and on lower-case forms), token by token:

    brak współpracy           two tokens in a row
    brak … mechanizm          a gap of up to 4 tokens; `…8` of up to 8
    słaby/niski poziom        alternatives in one place
    innowacyjn*               any ending (the glob of quanteda dictionaries)
    @low … innowacyjn*        any member of the set `low` of frames.yaml
    granty & @plan            both in one sentence, in any order; `&6` at most 6 tokens apart
    klaster & !serwer         the second must not stand in the sentence
"""

from __future__ import annotations

import re
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, field_validator

from textmine.records import content_id

__all__ = ["LANGUAGES", "STRENGTHS", "Code", "Codebook", "Examples", "Family", "Frame", "Terms"]

LANGUAGES: tuple[str, ...] = ("pl", "en")
STRENGTHS: tuple[str, ...] = ("strong", "usual", "weak")
_CODE = re.compile(r"^[a-z]+\.[a-z_]+$")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Terms(_Frozen):
    """Terms of one code in one language.

    `strong` counts alone; `usual` wants the code's frame nearby; `weak` wants the frame and a second sign of the
    code; a `not_` term (written `not`) cancels every hit of the code that it covers; a `not_with` term cancels all
    hits of the code in its sentence.
    """

    strong: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    not_: tuple[str, ...] = Field(default=(), alias="not")
    not_with: tuple[str, ...] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        if isinstance(value, str):  # `a; b; c`, the short way for long lists
            return tuple(part.strip() for part in value.split(";") if part.strip())
        return tuple(value) if isinstance(value, list) else value


class Frame(Terms):
    """A named set of words, in one language: the members are its `strong` terms, without conditions."""


class Examples(_Frozen):
    """Sentences of one language that must (`match`) and must not (`no_match`) carry the code; they run as tests."""

    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()

    @field_validator("*", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value


class Code(_Frozen):
    """One code, `family.type`, with what it means, the decisions that shape it, and how it is said."""

    code: str
    definition: str = Field(min_length=10)
    decisions: tuple[int, ...] = ()
    frame: str = ""
    pl: Terms = Field(default_factory=lambda: Terms.model_validate({}))
    en: Terms = Field(default_factory=lambda: Terms.model_validate({}))
    examples_pl: Examples = Examples()
    examples_en: Examples = Examples()

    @field_validator("decisions", mode="before")
    @classmethod
    def _as_tuple(cls, value: object) -> object:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("code")
    @classmethod
    def _is_code(cls, value: str) -> str:
        if not _CODE.match(value):
            raise ValueError("a code is written family.type, in lower case")
        return value

    @property
    def family(self) -> str:
        """The part before the dot."""
        return self.code.partition(".")[0]

    def terms(self, language: str) -> Terms:
        """The terms of `pl` or `en`."""
        return self.pl if language == "pl" else self.en

    def examples(self, language: str) -> Examples:
        """The examples of `pl` or `en`."""
        return self.examples_pl if language == "pl" else self.examples_en


class Family(_Frozen):
    """Codes of one kind."""

    family: str
    definition: str
    codes: tuple[Code, ...]


class Codebook(_Frozen):
    """Families in the order of their files, and the sets that terms call as `@name`.

    `frames[name][language]`; `reach[name]` is how far (tokens) a frame may stand from a `usual` term.
    """

    families: tuple[Family, ...]
    frames: dict[str, dict[str, Frame]]
    reach: dict[str, int]

    @cached_property
    def id(self) -> str:
        """Hash of all that the codebook says: two codebooks with one id code alike."""
        return content_id(self.model_dump_json(by_alias=True))

    @property
    def codes(self) -> tuple[Code, ...]:
        """All codes, family by family."""
        return tuple(code for family in self.families for code in family.codes)

    def code(self, name: str) -> Code:
        """One code by name.

        Raises:
            KeyError: there is no such code.
        """
        for code in self.codes:
            if code.code == name:
                return code
        raise KeyError(name)

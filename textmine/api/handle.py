"""What the parts of `Corpus` share: the open store, its settings, and the steps from arguments to filters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self, TypeAlias

from textmine.errors import SettingsError, StoreError
from textmine.settings import Settings
from textmine.store import Filter, Store

__all__ = ["Handle", "Patterns", "Years", "as_path", "as_tuple", "check_choice", "make_filter"]

#: A code or pattern, or several.
Patterns: TypeAlias = str | Sequence[str]
#: A year, or the first and the last.
Years: TypeAlias = int | tuple[int, int] | None


class Handle:
    """An open store, read only, with the settings of all questions to it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store: Store | None = store
        self.path = store.path
        self.settings = settings

    @property
    def store(self) -> Store:
        """The store below.

        Raises:
            StoreError: the corpus was closed.
        """
        if self._store is None:
            raise StoreError(f"{self.path}: the corpus is closed. Open it again: textmine.open({str(self.path)!r})")
        return self._store

    def close(self) -> None:
        """Let go of the file; also after a `with` statement. Frames that were made stay."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def as_tuple(value: Patterns) -> tuple[str, ...]:
    """One text or several as a tuple; empty for an empty text."""
    return (value,) * bool(value) if isinstance(value, str) else tuple(value)


def as_path(place: str | Path | None) -> Path | None:
    """A place as a path; None stays None."""
    return None if place is None else Path(place)


def check_choice(name: str, value: object, known: Collection[str]) -> None:
    """Nothing, for a value that is known.

    Raises:
        SettingsError: it is not; names the argument, the value and what is known.
    """
    if value not in known:
        raise SettingsError(f"{name}: found {value!r}, expected one of {', '.join(known)}.")


def make_filter(
    code: Patterns = (),
    *,
    region: str = "",
    level: str = "",
    type: str = "",
    language: str = "",
    years: Years = None,
    section: str = "",
    name: str = "",
    document: str = "",
    negated: bool = False,
) -> Filter:
    """The filter of the arguments that all questions share; see `textmine.store.Filter`.

    Raises:
        SettingsError: `years` is neither a year nor two in order.
    """
    return Filter(
        codes=as_tuple(code),
        region=region,
        level=level,
        type=type,
        language=language,
        years=_years(years),
        section=section,
        name=name,
        document=document,
        negated=negated,
    )


def _years(years: Years) -> tuple[int, int] | None:
    """The first and the last year.

    Raises:
        SettingsError: it is neither a year nor two in order.
    """
    if years is None:
        return None
    match (years, years) if isinstance(years, int) else tuple(years):
        case (int(first), int(last)) if first <= last:
            return first, last
    raise SettingsError(f"years: found {years!r}, expected a year or two in order, such as (2007, 2013).")

"""The error family. Each message says what was found, where, and what to do next.

TextmineError
├── SettingsError      a setting has a wrong value, or a settings file cannot be read
├── DocumentError      one document cannot be read; the others go on
│   ├── PasswordError  it is encrypted and the password is missing or wrong
│   └── LimitError     it is over a limit of time, memory, pages or bytes
├── CodebookError      a codebook or a lexicon is unsound
├── QueryError         a query cannot be understood; knows the place of the fault
├── StoreError         a store is missing, damaged, locked or of another version
├── ModelError         a fitted model is missing or does not fit its card
├── ExecutionError     the workers cannot be had: no Dask, no scheduler, workers of another version
└── DataError          too little or wrong data for the result that was asked for
"""

from __future__ import annotations

__all__ = [
    "CodebookError",
    "DataError",
    "DocumentError",
    "ExecutionError",
    "LimitError",
    "ModelError",
    "PasswordError",
    "QueryError",
    "SettingsError",
    "StoreError",
    "TextmineError",
]


class TextmineError(Exception):
    """Base of all errors that textmine raises on purpose."""


class SettingsError(TextmineError):
    """A setting has a wrong value; the message names key, value found and value expected."""


class DocumentError(TextmineError):
    """One document cannot be read; the message names the file and, where known, the page."""


class PasswordError(DocumentError):
    """The document is encrypted and the password is missing or wrong."""


class LimitError(DocumentError):
    """The document is over a limit of time, memory, pages or bytes."""


class CodebookError(TextmineError):
    """A codebook or lexicon is unsound; the message names the path inside the file."""


class QueryError(TextmineError):
    """A query cannot be understood.

    Args:
        message: what is wrong.
        query: the whole query.
        position: index of the first faulty character, 0 <= position <= len(query).
        hint: what to write instead; may be empty.
    """

    def __init__(self, message: str, *, query: str, position: int, hint: str = "") -> None:
        self.query, self.position, self.hint = query, position, hint
        pointer = f"\n  {query}\n  {' ' * position}^"
        super().__init__(message + pointer + (f"\n  {hint}" if hint else ""))


class StoreError(TextmineError):
    """A store is missing, damaged, locked or of another version."""


class ModelError(TextmineError):
    """A fitted model is missing, damaged or does not fit its card."""


class ExecutionError(TextmineError):
    """The workers cannot be had: Dask is not installed, its scheduler is out of reach, its workers do not fit."""


class DataError(TextmineError):
    """There is too little data, or data of the wrong kind, for the result that was asked for."""

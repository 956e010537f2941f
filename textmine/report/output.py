"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textmine.errors import TextmineError

__all__ = ["written_by_rename"]


@contextmanager
def written_by_rename(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; renamed to `path` at the end, removed after an error.

    Raises:
        TextmineError: the file cannot be written there.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise TextmineError(
            f"{path}: cannot be written ({error.strerror}). Name another file with --output."
        ) from error
    finally:
        part.unlink(missing_ok=True)

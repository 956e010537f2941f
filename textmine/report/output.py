"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textmine.errors import TextmineError

__all__ = ["renamed_into", "written_by_rename"]


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


@contextmanager
def renamed_into(folder: Path) -> Iterator[Path]:
    """An empty folder inside `folder` to fill; at the end its files and folders take the place of those of their names.

    After an error `folder` holds what it held before. It is made when it is not there.

    Raises:
        TextmineError: it cannot be written.
    """
    part = folder / f".{os.getpid()}.part"
    made, old = part / "made", part / "old"
    try:
        shutil.rmtree(part, ignore_errors=True)
        made.mkdir(parents=True)
        old.mkdir()
        yield made
        for item in sorted(made.iterdir()):
            target = folder / item.name
            if target.exists():
                target.rename(old / item.name)
            item.rename(target)
    except OSError as error:
        raise TextmineError(f"{folder}: cannot be written ({error.strerror}). Name another folder.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)

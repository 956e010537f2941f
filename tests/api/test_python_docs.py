"""What docs/python.md shows does run; every public name of the API says what it takes, gives and raises."""

from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sklearn.base import BaseEstimator

import textmine
from textmine.api import Corpus, Passage
from textmine.spacy_components import SentenceCodes
from textmine.topics.estimator import AnchoredTopics

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "python.md"

ESTIMATORS: list[type[BaseEstimator]] = [AnchoredTopics]
METHODS = [
    (name, member)
    for name, member in inspect.getmembers(Corpus, inspect.isfunction)
    if not name.startswith("_") and name != "close"
]
FUNCTIONS = [
    (name, getattr(textmine, name)) for name in textmine.__all__ if inspect.isfunction(getattr(textmine, name))
]


def test_the_page_runs(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(demo_store, tmp_path / "textmine.db")
    (tmp_path / "strategies").mkdir()
    (tmp_path / "strategies" / "strategia.md").write_text("# Klastry\n\nBrak zaufania hamuje klaster.\n", "utf-8")
    (tmp_path / "strategies" / "report.md").write_text("# Clusters\n\nThe cluster lacks skills.\n", "utf-8")
    (tmp_path / "strategies.csv").write_text("path,year\nstrategia.md,2020\nreport.md,2021\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 8
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), names)
    assert names["doc"]._.textmine_codes == ("barrier.trust", "cluster.concept", "barrier.skills")
    assert names["done"].n_documents == 2
    assert names["weights"].shape[1] == 5
    names["corpus"].close()


def test_every_method_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name, _ in METHODS:
        assert f".{name}" in text, name
    for name in ("open", "code", "read"):
        assert f"textmine.{name}(" in text


@pytest.mark.parametrize(("name", "function"), [*METHODS, *FUNCTIONS], ids=lambda value: getattr(value, "__name__", ""))
def test_docstrings_name_arguments_results_errors_and_an_example(name: str, function: Callable[..., Any]) -> None:
    text = inspect.getdoc(function) or ""
    parameters = [one for one in inspect.signature(function).parameters if one != "self"]
    if parameters:
        told = text.partition("Args:")[2].partition("Returns:")[0].partition("Raises:")[0]
        for parameter in parameters:
            assert re.search(rf"\b{parameter}\b", told), f"{name}: {parameter}"
        assert "Raises:" in text, name
    assert "Returns:" in text or name == "fit_topics", name
    example = text.partition("Example:")[2]
    lines = re.findall(r"^\s*(?:>>>|\.\.\.) (.*)$", example, flags=re.MULTILINE)
    assert lines, f"{name}: no example"
    compile("\n".join(lines), name, "exec")


@pytest.mark.parametrize("owner", [Corpus, Passage, SentenceCodes, *ESTIMATORS], ids=lambda owner: owner.__name__)
def test_every_public_member_has_a_docstring(owner: type) -> None:
    assert owner.__doc__
    for name in dir(owner):
        member = inspect.getattr_static(owner, name)
        own = getattr(member, "__module__", "") or getattr(getattr(member, "fget", None), "__module__", "")
        if not name.startswith("_") and str(own).startswith("textmine") and callable(getattr(owner, name)):
            assert inspect.getdoc(getattr(owner, name)), f"{owner.__name__}.{name}"
        if isinstance(member, property) and not name.startswith("_"):
            assert member.__doc__, f"{owner.__name__}.{name}"


@pytest.mark.parametrize(
    ("method", "ask"),
    [
        ("documents", lambda corpus: corpus.documents),
        ("codes", lambda corpus: corpus.codes),
        ("mentions", lambda corpus: corpus.mentions(limit=1)),
        ("query", lambda corpus: corpus.query("klaster", limit=1)),
        ("trends", lambda corpus: corpus.trends("cluster", by="all")),
        ("topics", lambda corpus: corpus.topics()),
        ("compare_topics", lambda corpus: corpus.compare_topics("pl", "en", by="language")),
        ("integration", lambda corpus: corpus.integration(by="region")),
    ],
)
def test_docstrings_name_the_columns(corpus: Corpus, method: str, ask: Callable[[Corpus], pl.DataFrame]) -> None:
    text = inspect.getdoc(inspect.getattr_static(Corpus, method)) or ""
    for column in ask(corpus).columns:
        assert re.search(rf"\b{column}\b", text), f"{method}: {column}"


def test_importing_textmine_loads_nothing_heavy_and_offers_all_its_names() -> None:
    code = (
        "import sys, textmine; heavy = {'spacy', 'sklearn', 'polars', 'pydantic', 'numpy', 'textmine.api'}; "
        "print(sorted(heavy & set(sys.modules)), set(textmine.__all__) <= set(dir(textmine)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[] True"
    with pytest.raises(AttributeError, match="nonsense"):
        textmine.nonsense  # noqa: B018

from __future__ import annotations

from pathlib import Path

import pytest

from textmine.coding import load_coder
from textmine.errors import CodebookError, ModelError
from textmine.settings import Settings


def test_keywords_are_the_coder_that_needs_no_model() -> None:
    coder = load_coder(Settings(model="keyword"))
    assert coder.method == "keyword"


def test_a_missing_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        load_coder(Settings(model=str(tmp_path / "none")))


def test_a_missing_codebook_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CodebookError, match="no such file"):
        load_coder(Settings(codebook=tmp_path / "none.yaml"))

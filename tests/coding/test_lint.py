from __future__ import annotations

from pathlib import Path

from textmine.codebook import load_codebook
from textmine.coding.lint import check_codebook


def test_shipped_codebook_is_sound() -> None:
    assert check_codebook(load_codebook()) == []


def test_each_kind_of_fault_is_found(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        """
family: barrier
definition: Something is in the way.
codes:
  - code: barrier.trust
    definition: Lack of trust between firms.
    pl: {strong: "brak zaufania; brak zaufania; nieufność; podejrzliwość; rywalizacja", not: "nieufność"}
    en: {strong: "lack of trust"}
    examples_pl: {match: [Wszyscy sobie ufają.]}
    examples_en: {match: [A lack of trust.], no_match: [The lack of trust is felt.]}
  - code: barrier.other
    definition: Lack of other things.
    pl: {strong: "brak zaufania"}
    en: {strong: "lack of things"}
    examples_pl: {match: [Brak zaufania.]}
""",
        encoding="utf-8",
    )
    found = {(fault.kind, fault.code, fault.language) for fault in check_codebook(load_codebook(path))}
    assert found == {
        ("twice", "barrier.trust", "pl"),
        ("contradiction", "barrier.trust", "pl"),
        ("dead term", "barrier.trust", "pl"),
        ("example", "barrier.trust", "pl"),
        ("example", "barrier.trust", "en"),
        ("weak language", "barrier.trust", "en"),
        ("weak language", "barrier.other", "en"),
        ("collision", "barrier.trust", "pl"),
    }

from __future__ import annotations

from collections.abc import Callable

import pytest

from textmine.coding.negation import denied_ranges, is_within
from textmine.records import Mention


@pytest.mark.parametrize(
    ("text", "language", "code", "negated"),
    [
        pytest.param("Brak zaufania nie jest już barierą.", "pl", "barrier.trust", True, id="pl-no-longer"),
        pytest.param("Brak zaufania jest barierą.", "pl", "barrier.trust", False, id="pl-asserted"),
        pytest.param("Lack of trust is no longer an obstacle.", "en", "barrier.trust", True, id="en-no-longer"),
        pytest.param("Lack of trust is an obstacle.", "en", "barrier.trust", False, id="en-asserted"),
        pytest.param(
            "The aim is that lack of trust should be overcome.", "en", "barrier.trust", False, id="en-aim-asserts"
        ),
        pytest.param(
            "Celem jest przełamanie braku zaufania między firmami.", "pl", "barrier.trust", False, id="pl-aim-asserts"
        ),
        pytest.param(
            "Red tape is no longer a problem, but firms lack trust and keep rivalry alive.",
            "en",
            "barrier.trust",
            False,
            id="en-after-contrast",
        ),
        pytest.param(
            "Biurokracja nie jest już problemem, lecz firmy sobie nie ufają.",
            "pl",
            "barrier.trust",
            False,
            id="pl-after-contrast",
        ),
    ],
)
def test_denied_barriers(
    code_text: Callable[..., list[Mention]], text: str, language: str, code: str, negated: bool
) -> None:
    found = {mention.negated for mention in code_text(text, language) if mention.code == code}
    assert found == {negated}


def test_denial_ends_at_the_contrast() -> None:
    assert denied_ranges(10, [(1, 2)], [(5, 5)], []) == [(0, 4)]
    assert denied_ranges(10, [(7, 8)], [(5, 5)], []) == [(5, 9)]
    assert denied_ranges(10, [(7, 8)], [], [(3, 3)]) == []


def test_within_needs_both_ends() -> None:
    assert is_within((1, 2), [(0, 3)])
    assert not is_within((1, 4), [(0, 3)])

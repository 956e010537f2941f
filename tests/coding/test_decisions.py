"""Decisions of the codebook that need two codes at once, by number."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    ("text", "language", "carried", "not_carried"),
    [
        pytest.param(
            "Polityka klastrowa wymaga zmian.", "pl", {"cluster.policy"}, {"cluster.concept"}, id="1-fixed-term-pl"
        ),
        pytest.param(
            "The cluster policy was revised.", "en", {"cluster.policy"}, {"cluster.concept"}, id="1-fixed-term-en"
        ),
        pytest.param(
            "Klaster energii obejmuje pięć gmin.", "pl", {"cluster.energy"}, {"cluster.concept"}, id="2-energy-pl"
        ),
        pytest.param(
            "Energy clusters will receive grants for storage.",
            "en",
            {"cluster.energy", "instrument.funding"},
            {"cluster.policy", "cluster.concept"},
            id="16-energy-support-en",
        ),
        pytest.param(
            "Brak współpracy uczelni z firmami hamuje rozwój.",
            "pl",
            {"barrier.cooperation"},
            {"integration.actors"},
            id="8-missing-link-pl",
        ),
        pytest.param(
            "Firms and universities do not cooperate with each other.",
            "en",
            {"barrier.cooperation"},
            {"integration.actors"},
            id="8-missing-link-en",
        ),
        pytest.param(
            "Klastry są uzależnione od dotacji.",
            "pl",
            {"barrier.finance"},
            {"instrument.funding"},
            id="9-background-pl",
        ),
        pytest.param(
            "Most clusters depend on grants.", "en", {"barrier.finance"}, {"instrument.funding"}, id="9-background-en"
        ),
        pytest.param(
            "Ministerstwo sfinansuje szkolenia dla koordynatorów klastrów.",
            "pl",
            {"cluster.concept", "cluster.policy", "instrument.skills"},
            set(),
            id="13-support-pl",
        ),
        pytest.param(
            "Weaknesses: no incubator and no laboratory.",
            "en",
            {"barrier.infrastructure"},
            {"instrument.infrastructure"},
            id="missing-facility-en",
        ),
        pytest.param(
            "Słabe strony: brak inkubatora i laboratorium.",
            "pl",
            {"barrier.infrastructure"},
            {"instrument.infrastructure"},
            id="missing-facility-pl",
        ),
    ],
)
def test_decisions(
    codes_of: Callable[..., set[str]], text: str, language: str, carried: set[str], not_carried: set[str]
) -> None:
    found = codes_of(text, language)
    assert carried <= found
    assert not not_carried & found

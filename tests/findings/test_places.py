"""Names, NUTS codes of any year and TERYT codes lead to one region."""

from __future__ import annotations

import pytest

from textmine.findings.places import region_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mazowieckie", "mazowieckie"),
        ("Mazowieckie", "mazowieckie"),
        ("PL12", "mazowieckie"),
        ("PL91", "mazowieckie"),
        ("pl92", "mazowieckie"),
        ("14", "mazowieckie"),
        ("mazowieckiego", "mazowieckie"),
        ("Województwo mazowieckie", "mazowieckie"),
        ("Lower Silesia", "dolnośląskie"),
        ("PL11", "łódzkie"),
        ("PL71", "łódzkie"),
        ("lubelskie", "lubelskie"),
        ("lubuskie", "lubuskie"),
        ("Luxembourg", "Luxembourg"),
        ("", ""),
    ],
)
def test_region_name(text: str, name: str) -> None:
    assert region_name(text) == name

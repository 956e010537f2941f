from __future__ import annotations

import pytest

from textmine.codebook import regions
from textmine.coding.regions import find_regions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Samorząd województwa mazowieckiego przyjął plan.", ["mazowieckie"], id="pl-adjective"),
        pytest.param("Strategia Rozwoju Województwa Mazowieckiego", ["mazowieckie"], id="pl-title"),
        pytest.param("Na Mazowszu i w Małopolsce działają klastry.", ["mazowieckie", "małopolskie"], id="pl-nouns"),
        pytest.param("Tomaszów Mazowiecki leży nad Pilicą.", [], id="pl-town"),
        pytest.param("W Ostrowie Wielkopolskim i Gorzowie Wielkopolskim", [], id="pl-towns-inflected"),
        pytest.param("Dolnośląski i śląski rynek pracy", ["dolnośląskie", "śląskie"], id="pl-two-silesias"),
        pytest.param("Na Dolnym Śląsku i na Śląsku", ["dolnośląskie", "śląskie"], id="pl-two-silesias-nouns"),
        pytest.param("Pomorze Zachodnie i Pomorze", ["zachodniopomorskie", "pomorskie"], id="pl-two-pomeranias"),
        pytest.param("kujawsko-pomorskie firmy", ["kujawsko-pomorskie"], id="pl-double"),
        pytest.param("lubelskie i lubuskie gminy", ["lubelskie", "lubuskie"], id="pl-alike"),
        pytest.param("Mazowiecki Klaster ICT", ["mazowieckie"], id="pl-in-a-name"),
        pytest.param(
            "Mazovia and Lower Silesia differ from Silesia.", ["mazowieckie", "dolnośląskie", "śląskie"], id="en"
        ),
        pytest.param("the Warmian-Masurian Voivodeship", ["warmińsko-mazurskie"], id="en-double"),
        pytest.param("The region grows.", [], id="en-none"),
    ],
)
def test_regions(text: str, found: list[str]) -> None:
    assert [mention.region for mention in find_regions(text)] == found


@pytest.mark.parametrize("region", regions(), ids=lambda region: region.name)
def test_every_form_of_every_region_is_its_own(region: object) -> None:
    for form in (*region.adjective_forms, *region.noun_forms, *region.names_en):  # type: ignore[attr-defined]
        assert [mention.region for mention in find_regions(form)] == [region.name], form  # type: ignore[attr-defined]

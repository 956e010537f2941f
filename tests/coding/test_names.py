from __future__ import annotations

from collections.abc import Callable

import pytest

from textmine.coding import Context, KeywordCoder
from textmine.coding.names import NameFinder
from textmine.sentences import sentence_from_text


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        pytest.param("Dolinie Lotniczej brakuje dostawców.", "pl", ["Dolinie Lotniczej"], id="pl-registry-inflected"),
        pytest.param(
            "Siedziba Mazowieckiego Klastra ICT jest w stolicy.", "pl", ["Mazowieckiego Klastra ICT"], id="pl-ict"
        ),
        pytest.param(
            "Do płońskiego Klastra „Bezpieczna Żywność” przystąpiły młyny.",
            "pl",
            ["Klastra „Bezpieczna Żywność”"],
            id="pl-quotes-without-place",
        ),
        pytest.param(
            "Klaster Obróbki Metali z Białegostoku zrzesza 90 firm.", "pl", ["Klaster Obróbki Metali"], id="pl-from"
        ),
        pytest.param(
            "Powstał Nadwiślański Klaster Szkła i Ceramiki.",
            "pl",
            ["Nadwiślański Klaster Szkła i Ceramiki"],
            id="pl-new",
        ),
        pytest.param("W Klastrze „Złota Jesień” są sady.", "pl", ["Klastrze „Złota Jesień”"], id="pl-new-quoted"),
        pytest.param(
            "O Optoklastrze i Bioklastrze nie wspomniano.", "pl", ["Optoklastrze", "Bioklastrze"], id="pl-own-word"
        ),
        pytest.param(
            "Mazowiecka Dolina Wodorowa rozpoczęła prace.", "pl", ["Mazowiecka Dolina Wodorowa"], id="pl-valley"
        ),
        pytest.param("Dolina Wisły jest obszarem chronionym.", "pl", [], id="pl-river"),
        pytest.param("Klaster zrzesza firmy z Radomia.", "pl", [], id="pl-common-noun"),
        pytest.param("Status Krajowego Klastra Kluczowego przyznano trzem.", "pl", [], id="pl-status"),
        pytest.param("Aviation Valley was founded in 2003.", "en", ["Aviation Valley"], id="en-registry"),
        pytest.param(
            "The Digital Entertainment Cluster of Kraków grew.", "en", ["Digital Entertainment Cluster"], id="en-of"
        ),
        pytest.param("The Carpathian Wool Cluster met.", "en", ["Carpathian Wool Cluster"], id="en-new"),
        pytest.param("Wood and Paper Cluster members met.", "en", ["Wood and Paper Cluster"], id="en-and"),
        pytest.param("ALFA, the Danish cluster for sound, has 40 members.", "en", ["ALFA"], id="en-apposition"),
        pytest.param("Sorano Valley companies founded a school.", "en", ["Sorano Valley"], id="en-valley"),
        pytest.param("The Key National Cluster status is held by five.", "en", [], id="en-status"),
        pytest.param("The European Cluster Collaboration Platform grew.", "en", [], id="en-platform"),
        pytest.param("Silicon Valley is far away.", "en", ["Silicon Valley"], id="en-silicon-is-registered"),
    ],
)
def test_names(names_of: Callable[..., list[str]], text: str, language: str, names: list[str]) -> None:
    assert names_of(text, language) == names


def test_short_forms_count_beside_the_full_name(names_of: Callable[..., list[str]]) -> None:
    assert names_of("KOM organizuje szkolenia.", "pl") == []
    context = Context(names=frozenset(("Klaster Obróbki Metali",)))
    assert names_of("KOM organizuje szkolenia.", "pl", context) == ["KOM"]
    assert names_of("Klaster Obróbki Metali (KOM) organizuje szkolenia.", "pl") == ["Klaster Obróbki Metali", "KOM"]


def test_full_names_of_a_document() -> None:
    sentences = [
        sentence_from_text("Siedzibą Doliny Lotniczej jest Rzeszów.", language="pl"),
        sentence_from_text("Aviation Valley is one of them.", language="en"),
        sentence_from_text("?", language="de"),
    ]
    assert NameFinder().full_names(sentences) == {"Klaster Dolina Lotnicza"}


def test_energy_cluster_with_a_name_is_both(codes_of: Callable[..., set[str]]) -> None:
    found = codes_of("Klaster Energii Zielone Wzgórza obejmuje trzy gminy.", "pl")
    assert {"cluster.named", "cluster.energy"} <= found
    assert "cluster.concept" not in found


def test_other_kinds_of_cluster_have_no_names(coder: KeywordCoder, names_of: Callable[..., list[str]]) -> None:
    assert names_of("The Shelter Cluster is led by UNHCR in the humanitarian system.", "en") == []

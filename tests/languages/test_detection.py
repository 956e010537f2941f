import pytest

from textmine.languages import detect_language, language_evidence


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Bariery rozwoju", "pl", id="pl-heading"),
        pytest.param("Cele strategiczne", "pl", id="pl-heading-plain-letters"),
        pytest.param("DIAGNOZA SPOŁECZNO-GOSPODARCZA", "pl", id="pl-capitals"),
        pytest.param("Klastry w regionie", "pl", id="pl-three-words"),
        pytest.param("Rozwoj klastrow w wojewodztwie", "pl", id="pl-damaged"),
        pytest.param("Dolina Lotnicza zrzesza 150 firm.", "pl", id="pl-name"),
        pytest.param("Barriers to growth", "en", id="en-heading"),
        pytest.param("Strategic objectives", "en", id="en-two-words"),
        pytest.param("SUMMARY OF FINDINGS", "en", id="en-capitals"),
        pytest.param("Clusters in Mazowieckie Voivodeship", "en", id="en-polish-name"),
        pytest.param("The Dolina Lotnicza Association in Rzeszów has 150 members.", "en", id="en-with-names"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "2014–2020", "…", "12,5 %", "plan"])
def test_default_when_words_say_nothing(text: str) -> None:
    assert detect_language(text) == ""
    assert detect_language(text, default="pl") == "pl"


def test_margin_keeps_the_default() -> None:
    name = "Aviation Valley"
    assert detect_language(name, default="pl", margin=20.0) == "pl"


def test_evidence_grows_with_words() -> None:
    assert language_evidence("w klastrze jest") > language_evidence("w klastrze") > 0
    assert language_evidence("the cluster is") < language_evidence("the cluster") < 0

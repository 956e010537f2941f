"""The forms of the field end at one lemma, in both languages."""

import pytest

from textmine.languages import LANGUAGES, analyse, lemma, stop_words

POLISH = {
    "klaster": "klastra klastrowi klastrem klastrze klastry klastrów klastrom klastrami klastrach KLASTER Klastry",
    "grono": "grona gronem gronie gron gronami",
    "bariera": "bariery barierze barierę barierą barier barierom barierami barierach BARIERY",
    "współpraca": "współpracy współpracę współpracą WSPÓŁPRACA Współpracy wspolpraca",
    "mazowiecki": "mazowieckiego mazowieckim mazowiecka mazowieckie mazowieckich mazowieckiej MAZOWIECKIEGO",
    "śląski": "śląskiego śląskim śląska śląskie",
    "badanie": "badania badań badaniu badaniami badaniach",
    "działanie": "działania działań działaniom działaniami działaniach",
    "sieć": "sieci siecią sieciami sieciach sieciom",
    "przedsiębiorstwo": "przedsiębiorstwa przedsiębiorstw przedsiębiorstwami przedsiębiorstwach",
    "przedsiębiorca": "przedsiębiorcy przedsiębiorców przedsiębiorcami przedsiębiorcom",
    "firma": "firmy firm firmom firmami firmach firmę",
    "uczelnia": "uczelni uczelnie uczelniami uczelnią",
    "kadra": "kadry kadr kadrze kadrom kadrę",
    "środek": "środki środków środkami środkach środkom",
    "dane": "danych danymi",
    "targi": "targów targach targami",
    "odpad": "odpady odpadów odpadami",
    "klastrowy": "klastrowa klastrowe klastrowego klastrowej klastrową klastrowych klastrowymi",
    "radomszczański": "radomszczańskiego radomszczańskich",
    "innowacyjny": "innowacyjna innowacyjne innowacyjnych innowacyjniejszy najinnowacyjniejszych",
    "słaby": "słaba słabe słabych słabszy słabsze najsłabszych",
    "duży": "duża duże dużych większy większa największe",
    "dobry": "dobra dobre lepszy lepsza najlepszych",
    "krajowy": "krajowa krajowe krajowego krajowych Krajowy",
    "wspierać": "wspiera wspierają wspierał wspierano wspierany wspierana wspieranych wspieranie wspierania",
    "wdrażać": "wdraża wdrażają wdrażano wdrażany wdrażanie wdrażania",
    "utrudniać": "utrudnia utrudniają utrudniał utrudniało",
    "finansować": "finansuje finansują finansowany finansowanie finansowania",
    "być": "jest są był była było były będzie będą",
    "móc": "może mogą mógł mogła",
    "rok": "roku lat latach lata latami",
    "niedofinansować": "niedofinansowanie niedofinansowania",
    "startup": "startupów startupom startupami",
    "clustering": "clusteringu clusteringiem",
    "b+r": "B+R",
}
ENGLISH = {
    "cluster": "clusters Clusters CLUSTERS clustered",
    "clustering": "Clustering",
    "policy": "policies Policies",
    "firm": "firms",
    "barrier": "barriers Barriers",
    "lag": "lags lagged lagging",
    "hinder": "hinders hindered hindering",
    "develop": "develops developed developing",
    "use": "uses used using",
    "create": "creates created creating",
    "play": "plays played playing",
    "plan": "plans planned",
    "training": "trainings",
    "funding": "Funding",
    "building": "buildings",
    "enterprise": "enterprises",
    "company": "companies",
    "university": "universities",
    "analysis": "analyses",
    "criterion": "criteria",
    "weak": "weaker weakest",
    "large": "larger largest",
    "good": "better best",
    "specialisation": "specialisations",
    "lack": "lacks lacked lacking",
    "r&d": "R&D",
    "be": "is are was were been",
    "defence": "defences",
    "win": "won",
}


@pytest.mark.parametrize(("base", "forms"), POLISH.items(), ids=POLISH)
def test_polish(base: str, forms: str) -> None:
    assert {form: lemma(form, "pl") for form in [base, *forms.split()]} == dict.fromkeys([base, *forms.split()], base)


@pytest.mark.parametrize(("base", "forms"), ENGLISH.items(), ids=ENGLISH)
def test_english(base: str, forms: str) -> None:
    assert {form: lemma(form, "en") for form in [base, *forms.split()]} == dict.fromkeys([base, *forms.split()], base)


@pytest.mark.parametrize(
    ("damaged", "base"), [("klastrow", "klaster"), ("wspoldzialania", "współdziałanie"), ("rozwoj", "rozwój")]
)
def test_letters_without_their_marks(damaged: str, base: str) -> None:
    assert lemma(damaged, "pl") == base


def test_unknown_words_keep_their_form() -> None:
    assert lemma("Qwertzuiop", "pl") == "qwertzuiop"
    assert lemma("Qwertzuiop", "en") == "qwertzuiop"
    assert lemma("x" * 60, "pl") == "x" * 60


def test_negation_is_kept() -> None:
    assert analyse("They don't cooperate.", "en").lemmas == ("they", "do", "not", "cooperate", ".")
    assert analyse("Nie współpracują.", "pl").lemmas == ("nie", "współpracować", ".")


def test_offsets_fit_the_lemmas() -> None:
    text = "Klastry wspierane są w 2015 r."
    tokens = analyse(text, "pl")
    assert len(tokens.lemmas) == len(tokens.offsets)
    assert [text[start:end] for start, end in tokens.offsets][:2] == ["Klastry", "wspierane"]


def test_another_language_keeps_forms() -> None:
    assert analyse("Die Cluster", "de").lemmas == ("die", "cluster")
    assert stop_words("de") == frozenset()


def test_no_lemma_holds_a_space() -> None:
    text = "M.in. ww. np. tzw. itd. itp. r. tys. 1 000"
    assert not [word for language in LANGUAGES for word in analyse(text, language).lemmas if " " in word]


def test_stop_words_are_lemmas() -> None:
    assert "być" in stop_words("pl")
    assert "the" in stop_words("en")
    assert not stop_words("pl") & {"klaster", "bariera", "brak"}

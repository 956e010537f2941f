import pytest

from textmine.languages.polish_phrases import say_phrase


@pytest.mark.parametrize(
    ("lemmas", "phrase"),
    [
        ("słaby strona", "słaba strona"),
        ("inteligentny specjalizacja", "inteligentna specjalizacja"),
        ("polityka klastrowy", "polityka klastrowa"),
        ("klaster kluczowy", "klaster kluczowy"),
        ("odnawialny źródło", "odnawialne źródło"),
        ("rozwój województwo", "rozwój województwa"),
        ("członek klaster", "członek klastra"),
        ("brak zaufanie", "brak zaufania"),
        ("targi branżowy", "targi branżowe"),
        ("qwe rty", "qwe rty"),
    ],
)
def test_phrase(lemmas: str, phrase: str) -> None:
    assert say_phrase(*lemmas.split()) == phrase

from __future__ import annotations

import pytest

from textmine.coding.damage import mend
from textmine.coding.tokens import view_tokens
from textmine.sentences import sentence_from_text


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        pytest.param("frag- mented responsibili- ties", "en", ("fragmented", "responsibilities"), id="en-line-hyphens"),
        pytest.param("a re-gional labora-tory", "en", ("a", "regional", "laboratory"), id="en-hyphens-inside"),
        pytest.param("marshal o ces", "en", ("marshal", "offices"), id="en-ffi"),
        pytest.param("lack of con dence", "en", ("lack", "of", "confidence"), id="en-fi"),
        pytest.param("e ectiveness", "en", ("effectiveness",), id="en-ff"),
        pytest.param("rst priority", "en", ("first", "priority"), id="en-lost-beginning"),
        pytest.param("zawie- ranych umów", "pl", ("zawieranych", "umów"), id="pl-line-hyphen"),
        pytest.param("możliwość do nansowania", "pl", ("możliwość", "dofinansowania"), id="pl-fi"),
        pytest.param("róŜnicy", "pl", ("różnicy",), id="pl-wrong-letter"),
        pytest.param("farm fotowoltaicz nych", "pl", ("farm", "fotowoltaicznych"), id="pl-stray-space"),
    ],
)
def test_broken_words_are_joined(text: str, language: str, words: tuple[str, ...]) -> None:
    view = view_tokens(sentence_from_text(text, language=language))
    mended = mend(view)
    assert mended.forms == words
    assert text[mended.starts[0] :][:1] == text[0]
    assert mended.ends[-1] == len(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("The agri-food sector and low-emission transport grow.", "en", id="en"),
        pytest.param("Sektor rolno-spożywczy i transport niskoemisyjny rosną.", "pl", id="pl"),
        pytest.param("Klaster NUTRIBIOMED działa we Wrocławiu.", "pl", id="pl-name"),
    ],
)
def test_sound_text_is_left_alone(text: str, language: str) -> None:
    view = view_tokens(sentence_from_text(text, language=language))
    assert mend(view).forms == view.forms

from __future__ import annotations

import pytest

from textmine.codebook import load_codebook
from textmine.coding.matcher import Matcher
from textmine.coding.terms import Vocabulary, compile_term
from textmine.coding.tokens import view_tokens
from textmine.errors import CodebookError
from textmine.sentences import sentence_from_text


def is_found(term: str, text: str, language: str, *, plain: bool = False) -> bool:
    vocabulary, matcher = Vocabulary(language, plain=plain), Matcher()
    matcher.add("code", "strong", compile_term(term, load_codebook(), vocabulary, "here"))
    view = view_tokens(sentence_from_text(text, language=language))
    symbols = [vocabulary.symbols(form, lemma) for form, lemma in zip(view.forms, view.lemmas, strict=True)]
    return bool(matcher.find(symbols).hits)


@pytest.mark.parametrize(
    ("term", "text", "language", "found"),
    [
        pytest.param("polityka klastrowa", "Cele polityki klastrowej są jasne.", "pl", True, id="pl-inflected"),
        pytest.param("polityka klastrowa", "Klastrowa to polityka.", "pl", False, id="pl-order"),
        pytest.param("cluster policy", "Cluster policies differ.", "en", True, id="en-plural"),
        pytest.param("brak … mechanizm", "Brak sprawnych i trwałych mechanizmów.", "pl", True, id="pl-gap"),
        pytest.param("brak …1 mechanizm", "Brak sprawnych i trwałych mechanizmów.", "pl", False, id="pl-short-gap"),
        pytest.param("weak/poor links", "Poor links persist.", "en", True, id="en-alternative"),
        pytest.param("innowacyjn*", "Innowacyjnością się nie chwalą.", "pl", True, id="pl-stem"),
        pytest.param("@low … innovativeness", "A small and falling innovativeness.", "en", True, id="en-set"),
        pytest.param("granty & klastr*", "Dla klastrów będą granty.", "pl", True, id="pl-and-any-order"),
        pytest.param("grants &1 clusters", "Grants are there for all clusters.", "en", False, id="en-and-too-far"),
        pytest.param("klastr* & !serwer*", "Klastry serwerów.", "pl", False, id="pl-not"),
        pytest.param("klastr* & !serwer*", "Klastry firm.", "pl", True, id="pl-not-absent"),
        pytest.param("agri-food", "The agri-food sector grows.", "en", True, id="en-hyphen"),
        pytest.param("agri-food", "The agri food sector grows.", "en", True, id="en-hyphen-as-space"),
        pytest.param("rolno-spożywcz*", "Sektor rolno-spożywczy.", "pl", True, id="pl-hyphen-stem"),
        pytest.param("nakład* na b+r", "Nakłady na B+R rosną.", "pl", True, id="pl-short-form"),
        pytest.param("low r&d", "Low R&D.", "en", True, id="en-short-form"),
        pytest.param("=trains", "They were trained.", "en", False, id="en-form-only"),
        pytest.param("=trains", "The trains run.", "en", True, id="en-form"),
    ],
)
def test_terms_match(term: str, text: str, language: str, found: bool) -> None:
    assert is_found(term, text, language) is found


def test_plain_vocabulary_matches_text_without_polish_letters() -> None:
    assert is_found("wykluczeni* społeczn*", "Skala wykluczenia spolecznego rosnie.", "pl", plain=True)


@pytest.mark.parametrize(
    ("term", "fault"),
    [
        pytest.param("brak …", "a word at its start and end", id="gap-at-end"),
        pytest.param("@nothing", "no such set", id="unknown-set"),
        pytest.param("/ x", "an empty alternative", id="empty-alternative"),
    ],
)
def test_broken_terms_are_named(term: str, fault: str) -> None:
    with pytest.raises(CodebookError, match=fault):
        compile_term(term, load_codebook(), Vocabulary("pl"), "barrier.trust > pl")


def test_hits_keep_their_tokens() -> None:
    vocabulary, matcher = Vocabulary("en"), Matcher()
    matcher.add("a", "strong", compile_term("lack of … trust", load_codebook(), vocabulary, "here"))
    view = view_tokens(sentence_from_text("There is a lack of mutual trust here.", language="en"))
    symbols = [vocabulary.symbols(form, lemma) for form, lemma in zip(view.forms, view.lemmas, strict=True)]
    (hit,) = matcher.find(symbols).hits
    assert (hit.first, hit.last, hit.n_tokens) == (3, 6, 4)

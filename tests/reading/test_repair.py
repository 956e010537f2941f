"""Hyphens, code pages and marks of damage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from made_pages import only

from textmine.reading.dictionary import is_english, is_polish
from textmine.reading.mending import spoilt_flags
from textmine.reading.repair import Hyphens, vocabulary
from textmine.records import Reading

HYPHENS = Hyphens(Counter, (is_polish, is_english))


@pytest.mark.parametrize(
    ("word", "joined"),
    [
        ("wła-dzami", True),
        ("innowacyjno-ści", True),
        ("szeroko-pasmowa", True),
        ("jedno-czesnym", True),
        ("badawczo-rozwojowy", False),
        ("społeczno-gospodarczego", False),
        ("kujawsko-pomorskie", False),
        ("govern-ment", True),
        ("pro-gramme", True),
        ("co-operation", True),
        ("frame-work", True),
        ("long-term", False),
        ("cross-border", False),
        ("science-industry", False),
        ("Nord-Stream", False),
    ],
)
def test_hyphen_at_a_line_end(word: str, joined: bool) -> None:
    assert HYPHENS.joins(*word.split("-")) is joined


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("współpraca z wła-dzami regionu", True),
        ("nie do-starczając środków", True),
        ("w dziedzinie badawczo-rozwojowej", False),
        ("e-administracja i know-how", False),
        ("Bielsko-Biała", False),
        ("the local govern-ment decided", True),
        ("the inno-vation system", True),
        ("a cross-border, long-term programme", False),
        ("policy-making at cluster-level", False),
    ],
)
def test_hyphen_inside_a_line(text: str, broken: bool) -> None:
    assert bool(HYPHENS.broken_words(text)) is broken


def test_the_document_itself_is_the_best_witness() -> None:
    words = vocabulary(["Klastrologia i klastrologia; spin-off, spin-off", "outsourcing"])
    hyphens = Hyphens(lambda: words, (is_polish, is_english))
    assert hyphens.joins("klastro", "logia")
    assert not hyphens.joins("spin", "off")


@pytest.mark.parametrize(
    ("first", "second", "cut"), [("construc", "tion", True), ("rozwojow", "ych", True), ("nowe", "firmy", False)]
)
def test_words_cut_in_narrow_cells(first: str, second: str, cut: bool) -> None:
    assert HYPHENS.was_cut(first, second) is cut


def test_soft_hyphens_and_ligatures_keep_their_places(read_html: Callable[..., Reading]) -> None:
    reading = read_html("<p>Przedsię&shy;biorstwa \ufb01nansowały pro\ufb01laktykę oraz wła-dzami kierowały.</p>")
    block = only(reading, "paragraph")
    assert block.text == "Przedsiębiorstwa finansowały profilaktykę oraz władzami kierowały."
    whole = block.boxes(0, len(block.text))[0]
    word = block.boxes(block.text.index("kierowały"), len(block.text))[0]
    assert whole.x0 < word.x0 < word.x1 <= whole.x1 + 0.1


@pytest.mark.parametrize(
    ("spoilt", "mended"),
    [
        (
            "Powi¹zania przedsiêbiorstw sprzyjaj¹ innowacyjnoœci, a ³¹czenie œrodków u³atwia wspó³pracê.",
            "Powiązania przedsiębiorstw sprzyjają innowacyjności, a łączenie środków ułatwia współpracę.",
        ),
        ("WspÃ³Å‚praca przedsiÄ™biorstw jest waÅ¼na.", "Współpraca przedsiębiorstw jest ważna."),
    ],
    ids=["code page", "mojibake"],
)
def test_wrong_character_maps_are_mended_and_said(read_html: Callable[..., Reading], spoilt: str, mended: str) -> None:
    reading = read_html(f"<p>{spoilt}</p>")
    assert only(reading, "paragraph").text == mended
    assert reading.document.status == "flagged"
    assert any("mended" in flag for flag in reading.document.flags)


def test_currency_and_exponents_are_not_taken_for_spoilt_letters(read_html: Callable[..., Reading]) -> None:
    text = "Area of 12 m³, 15 m² and 3³ cells; £5 and ¥7 were paid for 1¼ units of œuvre."
    assert only(read_html(f"<p>{text}</p>", lang="en"), "paragraph").text == text


@pytest.mark.parametrize(
    ("text", "language", "flag"),
    [
        ("Wsp\ufffdpraca firm", "pl", "characters lost"),
        ("Innovation (cid:12) policy", "en", "characters lost"),
        ("Znak \ue001 nieznany", "pl", "private-use characters"),
        ("Rozwoj przedsiebiorczosci wymaga wspolpracy. " * 6, "pl", "Polish letters missing"),
    ],
)
def test_what_cannot_be_mended_is_flagged(text: str, language: str, flag: str) -> None:
    assert spoilt_flags(text, language) == {flag}
    assert spoilt_flags("Współpraca firm z uczelniami. " * 10, "pl") == set()


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("rozwój infra-struktury", True),
        ("współ-pracy i samo-rządu", True),
        ("wskazano in-formacje", True),
        ("aktyw-nie działa", True),
        ("socio-economic change", False),
        ("start-ups and spin-offs", False),
        ("a second-hand, full-time job", False),
        ("the con-tract was signed", True),
        ("naukowo-przemysłowe i rolno-spożywcze", False),
        ("re-elected co-author", False),
    ],
)
def test_compounds_stay_though_dictionaries_know_them_joined(text: str, broken: bool) -> None:
    assert bool(HYPHENS.broken_words(text)) is broken


@pytest.mark.parametrize(
    ("word", "joined"),
    [("ex-ample", True), ("gdy-by", True), ("travel-led", True), ("with-in", True), ("re-elected", False)],
)
def test_ends_that_are_words_themselves(word: str, joined: bool) -> None:
    assert HYPHENS.joins(*word.split("-")) is joined

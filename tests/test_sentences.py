from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textmine.records import Block, Box, Span
from textmine.sentences import sentence_from_text, sentence_ranges, split_sentences


def make_block(text: str, language: str = "pl", spans: tuple[Span, ...] = ()) -> Block:
    return Block("b1", "d1", 0, 1, "paragraph", 0, (), Box(1, 0, 0, 100, 10), language, text, spans)


#: id -> sentences that are joined by a space and must be found again
SENTENCES = {
    "pl-year": [
        "W 2010 r. Klaster uzyskał status.",
        "W 2014 r. Ministerstwo Gospodarki ogłosiło nabór.",
    ],
    "pl-year-ends": [
        "Klaster powstał w 2007 r.",
        "W kolejnych latach przybyło firm.",
    ],
    "pl-decimals": [
        "Kwota wyniosła 3,5 mln zł.",
        "Następnie, np. w Radomiu, wzrosła o 7%.",
    ],
    "pl-law": [
        "Zgodnie z art. 5 ust. 2 pkt 1 ustawy, w ramach 7. Programu Ramowego.",
        "Rada przyjęła plan.",
    ],
    "pl-firms": [
        "Firma ABC sp. z o.o. Dolina i XYZ S.A. działają w woj. mazowieckim, m.in. w Płocku.",
    ],
    "pl-abbr": [
        "Dotyczy to tzw. Doliny, ww. gmin, ds. Rozwoju, im. Staszica, ul. Długiej, nr. 5 itd.",
        "Potem nic.",
    ],
    "pl-initials": [
        "Prof. A. Nowak i dr inż. J. Kowalski badali rynek.",
    ],
    "pl-research": [
        "Wydatki na B+R.",
        "Bariery pozostały.",
    ],
    "pl-quotes": [
        "„Brak zaufania?” – zapytał marszałek.",
        "Nikt nie odpowiedział…",
        "Szkoda!",
    ],
    "pl-semicolons": [
        "Słabości: brak kadr; niska innowacyjność; rozproszenie firm.",
    ],
    "pl-enumerated": [
        "1. Rozwój sieci.",
        "2. Promocja.",
    ],
    "pl-roman": [
        "II. Cele.",
    ],
    "pl-thousands": [
        "Wsparto 40 tys. Polaków i 15 proc. Mazowszan.",
    ],
    "pl-plain": [
        "Wzrost w sferze rozwoju.",
        "Klastry są ważne.",
    ],
    "pl-digits-start": [
        "15 klastrów otrzymało środki.",
        "12 innych czeka.",
    ],
    "pl-number-ends": [
        "Udział wzrósł do 2010.",
        "Spadek nastąpił potem.",
    ],
    "pl-see": [
        "Zob. Tabela 2.",
        "(Por. Rys. 3.)",
        "Dalej.",
    ],
    "en-abbr": [
        "Fig. 3 shows clusters, e.g. in Mazovia.",
        "See Vol. 2.",
        "No. 5 was cancelled.",
    ],
    "en-no": [
        "The answer was no.",
        "It changed later.",
    ],
    "en-us": [
        "The U.S. Government spent approx. 3.5 bn on R&D.",
        "In the U.S.",
        "The rest is small.",
    ],
    "en-quotes": [
        "“Really?” she asked.",
        "Yes.",
    ],
    "en-titles": [
        "Dr. Smith of Cluster Ltd. spoke on 5 Sept. 2014.",
        "Others (i.e. firms, etc.) listened.",
    ],
    "en-footnotes-before-space": [
        "Clusters grew.[12]",
        "Barriers fell.¹",
        "Trust rose.",
    ],
}


@pytest.mark.parametrize("sentences", SENTENCES.values(), ids=SENTENCES)
def test_where_sentences_end(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentence_ranges(text)] == sentences


def test_a_lost_space_and_an_empty_line_end_a_sentence() -> None:
    text = "Bariery rozwoju.Klastry są ważne.\n\nnowy wiersz"
    assert [text[a:b] for a, b in sentence_ranges(text)] == ["Bariery rozwoju.", "Klastry są ważne.", "nowy wiersz"]


@given(st.text(alphabet="aąBŁ .!?…\n12;:„”()r", max_size=120))
def test_no_character_is_lost(text: str) -> None:
    ranges = sentence_ranges(text)
    kept = "".join(text[start:end] for start, end in ranges)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(first[1] <= second[0] for first, second in pairwise(ranges))


def test_split_sentences_fills_the_record() -> None:
    text = "Bariery rosną. Klastry pomagają."
    spans = (Span(0, 14, Box(1, 0, 0, 70, 10)), Span(15, len(text), Box(2, 0, 0, 90, 10)))
    first, second = split_sentences(make_block(text, spans=spans))
    assert (first.text, second.text) == ("Bariery rosną.", "Klastry pomagają.")
    assert (second.start, second.end, second.index) == (15, len(text), 1)
    assert first.lemmas == ("bariera", "rosnąć", ".")
    assert [box.page for box in first.boxes] == [1]
    assert [box.page for box in second.boxes] == [2]
    assert first.id != second.id
    assert split_sentences(make_block(text, spans=spans))[0] == first
    assert second.n_words == 2


def test_a_sentence_may_leave_the_language_of_its_block() -> None:
    block = make_block("Klastry są ważne dla regionu. The clusters are important for the whole region.")
    assert [sentence.language for sentence in split_sentences(block)] == ["pl", "en"]
    names = make_block("Aviation Valley.", language="pl")
    assert split_sentences(names)[0].language == "pl"


def test_flags() -> None:
    damaged = "Brak wspolpracy i zaufania miedzy przedsiebiorstwami a uczelniami utrudnia rozwoj klastrow."
    sentence = sentence_from_text(damaged, language="pl", id="x")
    assert sentence.flags == ("no-diacritics",)
    assert {"współpraca", "klaster", "rozwój"} <= set(sentence.lemmas)
    assert sentence_from_text("2014–2020").flags == ("language",)
    assert sentence_from_text("Klastry są ważne.").flags == ()


def test_sentence_from_text() -> None:
    sentence = sentence_from_text("Clusters grow.", id="en-1")
    assert (sentence.id, sentence.language, sentence.lemmas) == ("en-1", "en", ("cluster", "grow", "."))
    assert sentence_from_text("Clusters grow.").id == sentence_from_text("Clusters grow.").id != ""


def test_blank_block_has_no_sentence() -> None:
    assert split_sentences(make_block(" \n ")) == []


@pytest.mark.parametrize("word", ["zaufanie ", "cooperation ", "a" * 300])
def test_a_text_without_marks_is_cut_at_spaces_and_loses_nothing(word: str) -> None:
    text = (word * 10_000)[:35_000].strip()
    ranges = sentence_ranges(text)
    assert all(end - start <= 10_000 for start, end in ranges)
    assert "".join(text[start:end] for start, end in ranges).replace(" ", "") == text.replace(" ", "")
    assert all(text[end : end + 1] in (" ", "") or " " not in text for _, end in ranges)

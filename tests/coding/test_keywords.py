from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from textmine.codebook import LANGUAGES, load_codebook
from textmine.coding import Context, KeywordCoder
from textmine.coding.context import contexts
from textmine.records import Block, Box, Mention
from textmine.sentences import sentence_from_text, split_sentences

EXAMPLES = [
    pytest.param(text, language, code.code, wanted, id=f"{code.code}-{language}-{'yes' if wanted else 'no'}-{number}")
    for code in load_codebook().codes
    for language in LANGUAGES
    for wanted, texts in ((True, code.examples(language).match), (False, code.examples(language).no_match))
    for number, text in enumerate(texts)
]


@pytest.mark.parametrize(("text", "language", "code", "wanted"), EXAMPLES)
def test_examples_of_the_codebook(
    codes_of: Callable[..., set[str]], text: str, language: str, code: str, wanted: bool
) -> None:
    assert (code in codes_of(text, language)) is wanted


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        pytest.param("W gronie laureatów znaleźli się uczniowie.", "pl", set(), id="pl-circle"),
        pytest.param("Analiza skupień wyodrębniła cztery klastry gmin.", "pl", set(), id="pl-statistics"),
        pytest.param("The samples were grouped into clusters by k-means.", "en", set(), id="en-statistics"),
        pytest.param("Refugees were housed by the shelter cluster.", "en", set(), id="en-humanitarian"),
        pytest.param("Ekrany tworzą barierę dla hałasu.", "pl", set(), id="pl-sound-barrier"),
        pytest.param(
            "The marshal office offers grants to clusters.",
            "en",
            {"cluster.concept", "cluster.policy", "instrument.funding"},
            id="en-support-for-clusters",
        ),
        pytest.param(
            "Firmy, uczelnie i gminy wspólnie prowadzą centrum.", "pl", {"integration.actors"}, id="pl-three-groups"
        ),
    ],
)
def test_codes(codes_of: Callable[..., set[str]], text: str, language: str, codes: set[str]) -> None:
    assert codes_of(text, language) == codes


def test_mentions_stand_where_they_say(code_text: Callable[..., list[Mention]]) -> None:
    text = "W regionie widać brak zaufania między firmami."
    (mention,) = [one for one in code_text(text, "pl") if one.code == "barrier.trust"]
    assert text[mention.start : mention.end] == "brak zaufania"
    assert mention.method == "keyword"
    assert 0.5 <= mention.score <= 1


def test_a_name_hides_what_stands_in_it(codes_of: Callable[..., set[str]]) -> None:
    assert codes_of("The Basque Energy Cluster was founded in Bilbao.", "en") == {"cluster.named"}
    assert codes_of("Radomski Klaster Metalowy powstał w 2010 r.", "pl") == {"cluster.named"}


def test_damaged_words_are_found_in_place(code_text: Callable[..., list[Mention]]) -> None:
    text = "lack of con dence between partners"
    (mention,) = [one for one in code_text(text, "en") if one.code == "barrier.trust"]
    assert text[mention.start : mention.end] == "lack of con dence"


def test_text_without_polish_letters_is_still_coded(codes_of: Callable[..., set[str]]) -> None:
    text = "Powiaty wschodnie regionu wyludniaja sie, a brak wykwalifikowanych pracownikow hamuje rozwoj firm tutaj."
    assert {"barrier.territorial", "barrier.skills"} <= codes_of(text, "pl")


def test_other_languages_carry_no_codes(coder: KeywordCoder) -> None:
    assert coder.code(sentence_from_text("Das Cluster fehlt.", language="de")) == []


def test_id_follows_the_codebook(coder: KeywordCoder) -> None:
    assert coder.id == KeywordCoder(load_codebook()).id
    assert coder.method == "keyword"


@pytest.mark.parametrize(
    ("item", "language", "header", "code"),
    [
        pytest.param("infrastruktura badawcza", "pl", "Słabe strony:", "barrier.infrastructure", id="pl-weakness"),
        pytest.param("research facilities", "en", "Weaknesses:", "barrier.infrastructure", id="en-weakness"),
        pytest.param("gospodarka morska", "pl", "Inteligentne specjalizacje:", "priority.mobility", id="pl-priority"),
        pytest.param("photonics", "en", "Smart specialisations:", "priority.ict", id="en-priority"),
    ],
)
def test_headers_give_list_items_their_frame(
    codes_of: Callable[..., set[str]], item: str, language: str, header: str, code: str
) -> None:
    assert code not in codes_of(item, language)
    assert code in codes_of(item, language, Context(kind="list", lead_in=header))
    assert code in codes_of(item, language, Context(kind="list", section=("1. Diagnoza", header)))
    assert code not in codes_of(item, language, Context(kind="paragraph", lead_in=header))


def make_block(index: int, kind: str, text: str, *, x0: float = 0, row: int = 0) -> Block:
    return Block(
        id=f"b{index}",
        document_id="d",
        index=index,
        page=1,
        kind=kind,  # type: ignore[arg-type]
        level=0,
        section=("2. Analiza",),
        box=Box(1, x0, 0, x0 + 50, 10),
        language="pl",
        text=text,
        row=row,
    )


def test_documents_build_their_contexts(coder: KeywordCoder) -> None:
    blocks = [
        make_block(0, "paragraph", "Klaster Obróbki Metali (KOM) działa od lat. Bariery rozwoju:"),
        make_block(1, "list", "infrastruktura badawcza"),
        make_block(2, "paragraph", "KOM organizuje szkolenia."),
        make_block(3, "table", "Mocne strony", x0=0, row=1),
        make_block(4, "table", "Słabe strony", x0=100, row=1),
        make_block(5, "table", "infrastruktura badawcza", x0=0, row=2),
        make_block(6, "table", "infrastruktura badawcza", x0=101, row=2),
    ]
    sentences = [sentence for block in blocks for sentence in split_sentences(block)]
    by_block = {sentence.id: sentence.block_id for sentence in sentences}
    found = {(by_block[mention.sentence_id], mention.code) for mention in coder.code_document(blocks, sentences)}
    assert ("b1", "barrier.infrastructure") in found
    assert ("b2", "cluster.named") in found
    assert ("b6", "barrier.infrastructure") in found
    assert ("b5", "barrier.infrastructure") not in found


def test_context_of_an_unknown_block_is_empty() -> None:
    assert contexts([], [sentence_from_text("Zdanie.", language="pl")]) == [Context()]


def test_texts_are_coded_one_by_one(coder: KeywordCoder) -> None:
    sentences = [
        sentence_from_text("Clusters meet.", language="en"),
        sentence_from_text("Nic tu nie ma.", language="pl"),
    ]
    coded = coder.code_texts(sentences)
    assert [[mention.code for mention in mentions] for mentions in coded] == [["cluster.concept"], []]


def test_evidence_keeps_what_is_too_weak_for_a_mention(coder: KeywordCoder) -> None:
    evidence = coder.evidence(sentence_from_text("The infrastructure of the region.", language="en"))
    assert any(one.code == "barrier.infrastructure" and one.score < 0.5 for one in evidence.candidates)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Brak współpracy firm i uczelni jest barierą wobec ubóstwa energetycznego.", "pl"),
        ("Firms and universities do not cooperate, which is a barrier to ending energy poverty.", "en"),
    ],
)
def test_a_decision_gives_no_code_that_the_codebook_lacks(tmp_path: Path, text: str, language: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "family: energy\ndefinition: Energy.\ncodes: [{code: energy.poverty, definition: Energy that is too dear., "
        "pl: {strong: ubóstwo energetyczne}, en: {strong: energy poverty}}]\n",
        encoding="utf-8",
    )
    coder = KeywordCoder(load_codebook(path))
    found = {mention.code for mention in coder.code(sentence_from_text(text, language=language))}
    assert "energy.poverty" in found
    assert found <= {"energy.poverty", "cluster.named"}

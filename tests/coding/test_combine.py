from __future__ import annotations

import hashlib
import json

import pytest

from textmine.coding import KeywordCoder, load_coder
from textmine.coding.classifier import CARD
from textmine.coding.combine import CombinedCoder
from textmine.coding.training import read_training
from textmine.sentences import sentence_from_text
from textmine.settings import Settings, models_folder


@pytest.fixture(scope="module")
def full() -> CombinedCoder:
    made = load_coder(Settings(model="auto"))
    assert isinstance(made, CombinedCoder)
    return made


def coded(coder, text: str, language: str) -> set[str]:
    return {mention.code for mention in coder.code(sentence_from_text(text, language=language)) if not mention.negated}


@pytest.mark.parametrize(
    ("text", "language", "codes"),
    [
        ("Klaster energii obejmuje pięć gmin.", "pl", {"cluster.energy"}),
        ("Cluster analysis grouped the counties by income.", "en", set()),
        ("W gronie laureatów znalazło się troje nauczycieli.", "pl", set()),
        ("Brak zaufania nie jest już barierą.", "pl", set()),
        ("Lack of trust is no longer an obstacle.", "en", set()),
        ("Brakuje zaufania między firmami.", "pl", {"barrier.trust"}),
        ("Mutual distrust is the main weakness of the county.", "en", {"barrier.trust"}),
        ("Samorząd dofinansuje szkolenia dla firm z dotacji.", "pl", {"instrument.funding", "instrument.skills"}),
        ("The county will subsidise courses for employees.", "en", {"instrument.funding", "instrument.skills"}),
    ],
)
def test_codes(full: CombinedCoder, text: str, language: str, codes: set[str]) -> None:
    assert coded(full, text, language) == codes


def test_what_the_model_asserts_stands_at_a_place(full: CombinedCoder) -> None:
    text = "The consultants met once, and afterwards nobody from the university or the firms returned a call."
    for mention in full.code(sentence_from_text(text, language="en")):
        assert 0 <= mention.start < mention.end <= len(text)
        assert 0 < mention.score <= 1


def test_denied_signs_stay_as_negated(full: CombinedCoder) -> None:
    (sentence,) = [sentence_from_text("Brak zaufania nie jest już barierą.", language="pl")]
    assert any(mention.negated and mention.code == "barrier.trust" for mention in full.code(sentence))


def test_names_keep_their_spans(full: CombinedCoder) -> None:
    text = "Do Doliny Lotniczej i Mazowieckiego Klastra ICT przystąpiło sześć firm."
    mentions = full.code(sentence_from_text(text, language="pl"))
    names = [text[mention.start : mention.end] for mention in mentions if mention.code == "cluster.named"]
    assert names == ["Doliny Lotniczej", "Mazowieckiego Klastra ICT"]


def test_company_does_not_change_a_code(full: CombinedCoder) -> None:
    texts = ["Klastry nie mają pieniędzy.", "Clusters lack money.", "Zażółć gęślą jaźń.", "1999-2004"]
    sentences = [sentence_from_text(text, id=str(number)) for number, text in enumerate(texts)]
    assert full.code_texts(sentences) == [full.code(sentence) for sentence in sentences]
    assert full.code_texts([]) == []


def test_the_shipped_model_belongs_to_the_codebook_and_to_its_training_sentences(coder: KeywordCoder) -> None:
    card = json.loads((models_folder() / "coder" / CARD).read_text(encoding="utf-8"))
    assert card["keyword_coder"] == coder.id, "the codebook or the rules changed: make model"
    training = models_folder() / "training"
    labelled = read_training([training / f"{group}.tsv" for group in card["groups"]], card["codes"])
    assert sum(card["n_sentences"].values()) == len(labelled), "the training sentences changed: make model"
    texts = "\n".join(one.text for one in labelled)
    assert hashlib.sha256(texts.encode()).hexdigest() == card["data_sha256"], "the sentences changed: make model"
    for language in ("pl", "en"):
        assert card["n_sentences"][language] >= 1500
        counts = dict.fromkeys(card["codes"], 0)
        for one in labelled:
            if one.language == language:
                for code in one.codes:
                    counts[code] += 1
        assert min(counts.values()) >= 60
        assert card["held_out"][language]["micro_f1"] > 0.7


def test_auto_with_a_codebook_of_your_own_is_the_keyword_coder(tmp_path, coder: KeywordCoder) -> None:
    from textmine.settings import PACKAGE

    assert load_coder(Settings(model="auto", codebook=PACKAGE / "codebook")).method == "keyword"

from pathlib import Path

import pytest
import spacy

from textmine.languages import analyse
from textmine.languages.pipeline import make_pipeline


@pytest.mark.parametrize(
    ("language", "text"),
    [("pl", "Klastry  współpracują\nz uczelniami (m.in. B+R). "), ("en", "Clusters don't  cooperate, e.g. in R&D.")],
)
def test_pipeline_gives_what_analyse_gives(language: str, text: str) -> None:
    doc = make_pipeline(language)(text)
    assert doc.text == text
    assert tuple(token.lemma_ for token in doc if not token.is_space) == analyse(text, language).lemmas
    assert doc._.language == language


def test_a_span_has_its_own_language() -> None:
    doc = make_pipeline("pl")("Klaster działa od 2010 roku. The cluster has been active since then.")
    assert doc[:5]._.language == "pl"
    assert doc[6:]._.language == "en"


def test_pipeline_is_saved_and_loaded(tmp_path: Path) -> None:
    make_pipeline("pl").to_disk(tmp_path / "pl")
    doc = spacy.load(tmp_path / "pl")("Klastrami")
    assert [token.lemma_ for token in doc] == ["klaster"]
    nlp = make_pipeline("en")
    assert [token.lemma_ for token in nlp.from_bytes(nlp.to_bytes())("Clusters")] == ["cluster"]

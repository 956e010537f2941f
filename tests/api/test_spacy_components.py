"""The spaCy components in plain pipelines, found by the entry points that pyproject.toml declares."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

import textmine
from textmine import spacy_components
from textmine.languages.pipeline import make_pipeline

ROOT = Path(__file__).parent.parent.parent
TEXT = (
    "Brak zaufania hamuje rozwój klastra. Brak zaufania nie jest już barierą. The cluster lacks skilled people, "
    "e.g. coordinators."
)


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    made = spacy.blank("pl")
    made.add_pipe("textmine_codes")
    return made


def test_spans_codes_and_denials(nlp: spacy.Language) -> None:
    doc = nlp(TEXT)
    group = doc.spans["textmine"]
    assert [(span.text, span.label_) for span in group][:2] == [
        ("Brak zaufania", "barrier.trust"),
        ("klastra", "cluster.concept"),
    ]
    assert len(group.attrs["scores"]) == len(group.attrs["terms"]) == len(group.attrs["methods"]) == len(group)
    assert all(0 < score <= 1 for score in group.attrs["scores"])
    assert [span.label_ for span in doc.spans["textmine_negated"]] == ["barrier.trust"]
    assert doc._.textmine_codes == ("barrier.trust", "cluster.concept", "barrier.skills")
    assert [span._.textmine_codes for span in doc.sents][1] == ()
    assert doc[0:1]._.textmine_codes == ("barrier.trust",)


def test_sentences_and_languages_are_ours_unless_set(nlp: spacy.Language) -> None:
    sentences = list(nlp(TEXT).sents)
    assert [span._.language for span in sentences] == ["pl", "pl", "en"]  # 'e.g.' ends none
    own = spacy.blank("pl")
    own.add_pipe("sentencizer", config={"punct_chars": ["."]})
    own.add_pipe("textmine_codes")
    assert len(list(own(TEXT).sents)) > 3


@pytest.mark.parametrize(
    "text", ["Brak zaufania hamuje rozwój klastra.", "The cluster lacks skilled people.", "Hello, world."]
)
@pytest.mark.parametrize("model", ["keywords", "full"])
def test_codes_are_those_of_the_api(text: str, model: str) -> None:
    made = spacy.blank("xx")
    made.add_pipe("textmine_codes", config={"model": model})
    expected = textmine.code(text, model={"keywords": "keyword", "full": "auto"}[model])["codes"].item().to_list()
    assert sorted(made(text)._.textmine_codes) == expected


def test_odd_documents(nlp: spacy.Language) -> None:
    for text in ("", "   \n ", "...", "12 345"):
        doc = nlp(text)
        assert doc.text == text
        assert doc._.textmine_codes == ()
    assert [span.text for span in nlp("Plan rozwoju.Klastry rosną. Drugie.").sents] == [
        "Plan rozwoju.", "Klastry rosną.", "Drugie.",
    ]  # fmt: skip


def test_documents_and_pipelines_are_saved_and_loaded(nlp: spacy.Language, tmp_path: Path) -> None:
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert again._.textmine_codes == doc._.textmine_codes
    assert again.spans["textmine"].attrs == doc.spans["textmine"].attrs
    made = make_pipeline("en")
    made.add_pipe("textmine_codes", config={"spans_key": "sc"})
    made("The cluster grows.")
    made.to_disk(tmp_path / "pipeline")
    loaded = spacy.load(tmp_path / "pipeline")
    doc = loaded("The cluster grows.")
    assert [span.label_ for span in doc.spans["sc"]] == ["cluster.concept"]
    assert loaded.from_bytes(made.to_bytes()).get_pipe("textmine_codes").spans_key == "sc"


def test_a_pipeline_of_another_coder_says_so(nlp: spacy.Language, caplog: pytest.LogCaptureFixture) -> None:
    component = spacy_components.SentenceCodes()
    component.from_bytes(json.dumps({"coder": "other"}).encode())
    assert component.coder.id != "other"
    assert "saved with the coder other" in caplog.text
    copied = pickle.loads(pickle.dumps(component))  # noqa: S301 - our own
    assert copied.to_bytes() == component.to_bytes()
    assert copied._coder is None


def test_pipe_gives_what_calls_give(nlp: spacy.Language) -> None:
    texts = [TEXT, "", "Clusters cooperate with universities.", "Klastry współpracują z uczelniami."] * 3
    codes = [nlp(text)._.textmine_codes for text in texts]
    assert [doc._.textmine_codes for doc in nlp.pipe(texts, batch_size=5)] == codes
    assert [doc._.textmine_codes for doc in nlp.pipe(texts, batch_size=5, n_process=2)] == codes


SCRIPT = """
import spacy, sys
nlp = spacy.blank({language!r}, config={{"nlp": {{"tokenizer": {{"@tokenizers": "textmine_tokens"}}}}}})
for name in ("textmine_language", "textmine_lemmas", "textmine_codes"):
    nlp.add_pipe(name)
heavy = sorted({{"sklearn", "polars", "gensim", "textmine.coding"}} & set(sys.modules))
doc = nlp({text!r})
print(doc._.language, *doc._.textmine_codes, [token.lemma_ for token in doc][0], heavy)
"""


@pytest.mark.parametrize(
    ("language", "text", "printed"),
    [
        ("pl", "Klastry cierpią na brak zaufania.", "pl cluster.concept barrier.trust klaster []"),
        ("en", "Clusters suffer from a lack of trust.", "en cluster.concept barrier.trust cluster []"),
    ],
)
def test_a_plain_pipeline_finds_them_without_an_import(tmp_path: Path, language: str, text: str, printed: str) -> None:
    """With the entry points as installing writes them, whatever is installed here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / f"textmine-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: textmine\nVersion: {project['version']}\n", encoding="utf-8"
    )
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {place}\n" for name, place in entries.items())
        for group, entries in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {[str(tmp_path), str(ROOT)]!r}\n"
         + SCRIPT.format(language=language, text=text)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == printed

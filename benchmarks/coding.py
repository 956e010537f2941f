"""Sentences per CPU second, from text to codes: our coders beside spaCy's PhraseMatcher, in one run.

    python benchmarks/coding.py [--sentences 4000] [--gold FILE.jsonl …]

The sentences are those of the training files (both languages, in a fixed shuffle; nothing is scored on them here). CPU
time is user + system of this process, the median of three runs after one that fills the caches of lemmas; the peer has
no cache to fill. The peer is what a user would write: a statistical spaCy pipeline of the small models' architecture
(hash embeddings of width 96, four convolution layers, tagger) and `PhraseMatcher(attr="LEMMA")` over our terms.
en_core_web_sm is used when installed; else the same architecture untrained, which costs the same, with lemmas from a
table. With `--gold` the coders are also scored on those sentences.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textmine.codebook import Codebook, load_codebook
from textmine.coding import Coder, load_coder
from textmine.coding.training import read_training
from textmine.commands.evaluate import predict
from textmine.evaluation import read_gold, score_predictions
from textmine.languages import lemma
from textmine.sentences import sentence_from_text
from textmine.settings import load_settings, models_folder

TRAINING = models_folder() / "training"


def cpu_seconds() -> float:
    """User and system time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def rate(work: Callable[[], object], n: int, *, repeats: int = 3) -> float:
    """Items per CPU second, the median of the repeats after a first run."""
    work()
    seconds = []
    for _ in range(repeats):
        start = cpu_seconds()
        work()
        seconds.append(cpu_seconds() - start)
    return n / statistics.median(seconds)


def code(texts: list[tuple[str, str]], coder: Coder) -> None:
    """From text to mentions, as `classify` does."""
    coder.code_texts([sentence_from_text(text, language=language) for language, text in texts])


def spacy_peer(codebook: Codebook, language: str) -> tuple[str, Callable[[list[str]], None]]:
    """The peer's name and its work: texts through the pipeline, then the matcher."""
    import spacy
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

    name = {"en": "en_core_web_sm", "pl": "pl_core_news_sm"}[language]
    nlp: Any
    if spacy.util.is_package(name):
        nlp = spacy.load(name, exclude=["parser", "ner"])
    else:
        name = f"{name}'s architecture, untrained"
        nlp = spacy.blank(language)
        nlp.add_pipe("tok2vec")
        tagger = nlp.add_pipe(
            "tagger", config={"model": {"tok2vec": {"@architectures": "spacy.Tok2VecListener.v1", "width": 96}}}
        )
        tagger.add_label("NOUN")
        tagger.add_label("VERB")

        @Language.component(f"table_lemmas_{language}")
        def table_lemmas(doc: Doc) -> Doc:
            for token in doc:
                token.lemma_ = lemma(token.text, language)
            return doc

        nlp.initialize()
        nlp.add_pipe(f"table_lemmas_{language}")
    matcher = PhraseMatcher(nlp.vocab, attr="LEMMA")
    for one in codebook.codes:
        terms = [term for term in one.terms(language).strong if term.replace(" ", "").isalpha()]
        matcher.add(one.code, list(nlp.pipe(terms)))

    def work(texts: list[str]) -> None:
        for doc in nlp.pipe(texts):
            matcher(doc)

    return f"spaCy PhraseMatcher ({name})", work


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=4000)
    parser.add_argument("--gold", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    codebook = load_codebook()
    sentences = read_training(sorted(TRAINING.glob("*.tsv")), [one.code for one in codebook.codes])
    random.Random(20).shuffle(sentences)
    texts = [(one.language, one.text) for one in sentences[: options.sentences]]
    coders = {
        "keyword coder": load_coder(load_settings(model="keyword")),
        "full coder": load_coder(load_settings(model="auto")),
    }
    rates = {name: rate(lambda coder=coder: code(texts, coder), len(texts)) for name, coder in coders.items()}  # type: ignore[misc]
    for language in ("pl", "en"):
        name, work = spacy_peer(codebook, language)
        own = [text for lang, text in texts if lang == language][:500]
        rates[f"{name}, {language}"] = rate(lambda work=work, own=own: work(own), len(own), repeats=1)  # type: ignore[misc]
    peer = max(value for name, value in rates.items() if name.startswith("spaCy"))
    print(f"{len(texts)} sentences, mean {sum(len(text.split()) for _, text in texts) / len(texts):.1f} words")
    print(f"{'':60} {'sentences/CPU s':>16} {'x peer':>7}")
    for name, value in rates.items():
        print(f"{name:60} {value:16,.0f} {value / peer:7.1f}")
    for path in options.gold:
        gold = read_gold(path)
        for name, coder in coders.items():
            for row in score_predictions(gold, predict(gold, coder), draws=1000, seed=20):
                if row.level in ("micro", "macro", "names"):
                    print(f"{path.name}, {name}, {row.language} {row.level}: F1 {row.f1 or 0:.3f}")


if __name__ == "__main__":
    main()

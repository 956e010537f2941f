"""Labels of documents learnt from 60 of them, beside what a user would write with scikit-learn.

The user's way: `TfidfVectorizer()` on the raw text, `LogisticRegression()` with its defaults. Ours: what
`textmine train --unit document` fits. Both see the same 60 documents and are scored by macro F1 on the same documents
held back. No corpus of documents labelled by people can be carried here, so documents are made:

- `barrier` (four kinds: which barrier leads), `policy` (a cluster policy in place or not) and `integration` (none,
  some, strong) are composed of sentences of models/training, whose codes are known: a few carry the label, most do
  not. Training documents use other batches than held-back ones.
- `type` (strategy, programme, report) has two chapters of a text of corpus/texts; other texts are held back.

Unless the shipped model has not seen these batches, sentences are coded by the keywords alone. Run:
`python benchmarks/document_labels.py --seeds 5` (about two minutes of one core).
"""

from __future__ import annotations

import argparse
import json
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from corpus.source import read_source
from textmine.coding import Coder, load_coder
from textmine.coding.classifier import load_model
from textmine.coding.documents import DocumentFeatures, DocumentView, fit_label, view_document
from textmine.coding.training import TrainingSentence, read_training
from textmine.records import Block, Box, Mention, Sentence
from textmine.sentences import sentence_from_text
from textmine.settings import Settings, models_folder
from textmine.statistics.intervals import student_quantile

ROOT = Path(__file__).parents[1]
TRAIN_BATCHES, TEST_BATCHES = (19, 20, 21), (22, 23, 24)
N_TRAIN, N_TEST = 60, 80
BARRIERS = ("finance", "skills", "cooperation", "infrastructure")
INTEGRATION = {"none": 0, "some": 2, "strong": 5}
N_FILLERS = 24
TYPES = {"strategy": "strategy", "programme": "programme", "report": "report", "evaluation": "report"}
HEADINGS = {"pl": ("Wstęp", "Ustalenia", "Dalsze uwagi"), "en": ("Introduction", "Findings", "Further remarks")}


@dataclass(frozen=True)
class Made:
    """A made document: its language, labels, and texts with the kind of their block."""

    language: str
    labels: dict[str, str]
    texts: tuple[tuple[str, str], ...]

    @property
    def raw(self) -> str:
        return "\n".join(text for _, text in self.texts)


def composed(sentences: Sequence[TrainingSentence], language: str, rng: np.random.Generator) -> Made:
    """A document of three labels, of sentences of one language."""
    own = [one for one in sentences if one.language == language]
    order = [own[place] for place in rng.permutation(len(own))]
    labels = {
        "barrier": str(rng.choice(BARRIERS)),
        "policy": str(rng.choice(["yes", "no"])),
        "integration": str(rng.choice(list(INTEGRATION))),
    }
    taken: dict[str, None] = {}

    def take(n: int, wanted: Callable[[frozenset[str]], bool]) -> None:
        found = [one.text for one in order if one.text not in taken and wanted(one.codes)][:n]
        taken.update(dict.fromkeys(found))

    def free(codes: frozenset[str], but: str = "") -> bool:
        """Carries nothing that a label is about, except `but`."""
        about = ("barrier.", "integration.", "cluster.policy")
        return not any(code.startswith(about) and not (but and code.startswith(but)) for code in codes)

    leading = f"barrier.{labels['barrier']}"
    take(4, lambda codes: leading in codes and free(codes, leading))
    take(
        2,
        lambda codes: leading not in codes and any(c.startswith("barrier.") for c in codes) and free(codes, "barrier."),
    )
    take(
        3 if labels["policy"] == "yes" else 0, lambda codes: "cluster.policy" in codes and free(codes, "cluster.policy")
    )
    take(3, lambda codes: "cluster.concept" in codes and free(codes))
    n_links = INTEGRATION[labels["integration"]]
    take(n_links, lambda codes: any(c.startswith("integration.") for c in codes) and free(codes, "integration."))
    take(N_FILLERS - n_links, lambda codes: free(codes))
    body = [list(taken)[place] for place in rng.permutation(len(taken))]
    parts = np.array_split(np.array(body, dtype=object), len(HEADINGS[language]))
    texts = [
        cell
        for heading, part in zip(HEADINGS[language], parts, strict=True)
        for cell in (("heading", heading), *(("paragraph", text) for text in part))
    ]
    return Made(language, labels, tuple(texts))


def chapters() -> list[tuple[str, str, str, list[tuple[tuple[str, str], ...]]]]:
    """(id, language, type, chapters as texts with kinds) of the texts that have one of the types."""
    found = []
    for path in sorted((ROOT / "corpus" / "texts").glob("*.md")):
        source = read_source(path)
        kind = TYPES.get(str(source.type))
        if kind is None:
            continue
        parts: list[list[tuple[str, str]]] = []
        for block in source.blocks:
            if block.level == 1 or not parts:
                parts.append([])
            if block.level:
                parts[-1].append(("heading", block.text))
            else:
                parts[-1] += [("paragraph", text) for text in re.split(r"(?<=[.?!])\s+(?=[A-ZŁŚŻÓ])", block.text)]
        language = source.languages[0]
        found.append((path.stem, language, kind, [tuple(part) for part in parts if len(part) >= 5]))
    return found


class Viewer:
    """Views of made documents; each text is analysed and coded once."""

    def __init__(self, coder: Coder) -> None:
        self.coder = coder
        self.known: dict[tuple[str, str], tuple[Sentence, list[Mention]]] = {}

    def __call__(self, made: Made) -> DocumentView:
        box = Box(1, 0, 0, 1, 1)
        blocks = {
            kind: Block(kind, "d", 0, 1, kind, 0, (), box, made.language, "")  # type: ignore[arg-type]
            for kind in ("heading", "paragraph")
        }
        new = [text for _, text in made.texts if (made.language, text) not in self.known]
        sentences = [sentence_from_text(text, language=made.language, id=text) for text in dict.fromkeys(new)]
        for sentence, mentions in zip(sentences, self.coder.code_texts(sentences), strict=True):
            self.known[made.language, sentence.text] = sentence, mentions
        cells = [(kind, *self.known[made.language, text]) for kind, text in made.texts]
        return view_document(
            list(blocks.values()),
            [replace(sentence, block_id=kind) for kind, sentence, _ in cells],
            [mention for _, _, mentions in cells for mention in mentions],
        )


def users_way(train: Sequence[Made], answers: Sequence[str], test: Sequence[Made]) -> list[str]:
    """What scikit-learn's defaults say."""
    vectorizer = TfidfVectorizer()
    model = LogisticRegression().fit(vectorizer.fit_transform([one.raw for one in train]), list(answers))
    return list(model.predict(vectorizer.transform([one.raw for one in test])))


def languages_of(n: int, polish: float) -> list[str]:
    return ["pl" if place < round(polish * n) else "en" for place in range(n)]


def documents(side: str, sentences: Sequence[TrainingSentence], polish: float, n: int, seed: int) -> list[Made]:
    rng = np.random.default_rng([seed, side == "test"])
    return [composed(sentences, language, rng) for language in languages_of(n, polish)]


def typed_documents(polish: float, test_polish: float, seed: int) -> tuple[list[Made], list[Made]]:
    """Training and held-back documents of a type, of different texts."""
    rng = np.random.default_rng([seed, 7])
    texts = chapters()
    sides: tuple[list[Made], list[Made]] = [], []
    halves: dict[str, list[str]] = {}
    for language in ("pl", "en"):
        for kind in ("strategy", "programme", "report"):
            names = [name for name, own, its_kind, _ in texts if (own, its_kind) == (language, kind)]
            names = [names[place] for place in rng.permutation(len(names))]
            halves[f"{language} {kind}"] = names
    for side, (n, share) in enumerate(((N_TRAIN, polish), (N_TEST, test_polish))):
        for language in languages_of(n, share):
            kind = str(rng.choice(["strategy", "programme", "report"]))
            names = halves[f"{language} {kind}"]
            half = names[side::2]
            if not half:
                continue
            name = str(rng.choice(half))
            parts = next(parts for own, _, _, parts in texts if own == name)
            picked = [parts[place] for place in sorted(rng.permutation(len(parts))[:2])]
            sides[side].append(Made(language, {"type": kind}, tuple(cell for part in picked for cell in part)))
    return sides


def main() -> None:
    """Compose, fit, score, print."""
    warnings.filterwarnings("ignore", category=FutureWarning)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--model", default="", help="keyword or auto; default: what has not seen the sentences")
    parser.add_argument("--output", type=Path, help="write the figures here as JSON")
    options = parser.parse_args()
    folder = models_folder()
    shipped = load_model(folder / "coder")
    used = {f"batch-{number}" for number in (*TRAIN_BATCHES, *TEST_BATCHES)}
    model = options.model or ("keyword" if used & set(shipped.card["groups"]) else "auto")
    coder = load_coder(Settings(model=model))
    viewer, words = Viewer(coder), shipped.features
    read = partial(read_training, codes=shipped.codes)
    sides = {
        "train": read([folder / "training" / f"batch-{number}.tsv" for number in TRAIN_BATCHES]),
        "test": read([folder / "training" / f"batch-{number}.tsv" for number in TEST_BATCHES]),
    }
    figures: dict[str, list[tuple[float, float]]] = {}
    for seed in range(options.seeds):
        for setting, polish, test_polish in (("both languages", 0.5, 0.5), ("pl 48 + en 12 -> en", 0.8, 0.0)):
            made = [
                (
                    documents("train", sides["train"], polish, N_TRAIN, seed),
                    documents("test", sides["test"], test_polish, N_TEST, seed),
                ),
                typed_documents(polish, test_polish, seed),
            ]
            for train, test in made:
                views = [viewer(one) for one in train]
                features = DocumentFeatures().fit(views, words)
                matrices, others = features.transform(views), features.transform([viewer(one) for one in test])
                for name in train[0].labels:
                    answers, truth = [one.labels[name] for one in train], [one.labels[name] for one in test]
                    label = fit_label(name, answers, matrices, random_state=seed)
                    ours = [label.values[k] for k in label.probabilities(np.hstack(others)).argmax(axis=1)]
                    users = users_way(train, answers, test)
                    scores = tuple(f1_score(truth, said, average="macro") for said in (ours, users))
                    figures.setdefault(f"{setting} | {name}", []).append(scores)  # type: ignore[arg-type]
                    print(seed, setting, name, *(round(score, 3) for score in scores), label.settings, flush=True)
    print(f"\nsentences coded by: {model}; {options.seeds} seeds, 60 documents to learn from, macro F1 on others\n")
    rows = []
    for name, pairs in figures.items():
        own, theirs = np.array(pairs).T
        cells = [_with_interval(values) for values in (own, theirs, own - theirs)]
        rows.append({"label": name, "textmine": cells[0], "scikit-learn": cells[1], "difference": cells[2]})
        print(f"{name:36} textmine {cells[0]}   scikit-learn {cells[1]}   difference {cells[2]}")
    if options.output:
        options.output.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _with_interval(values: np.ndarray) -> str:
    """Mean over the seeds and its 95 % interval (Student)."""
    if len(values) < 2:
        return f"{values.mean():.3f}"
    reach = student_quantile(len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.3f} [{values.mean() - reach:.3f}, {values.mean() + reach:.3f}]"


if __name__ == "__main__":
    main()

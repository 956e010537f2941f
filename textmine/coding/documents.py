"""Labels of whole documents, learnt from a few dozen labelled ones: what they are, whether they do something, how far.

A document is seen in three ways: how often its sentences carry each code, its lemmas and those of its headings, and its
meaning across languages (word vectors and concepts of the shipped model, so that what is learnt from Polish documents
holds for English ones). Each way has a logistic regression; how much each counts is chosen by documents held out.
"""

from __future__ import annotations

import itertools
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from textmine.coding.classifier import CARD, MODEL
from textmine.coding.features import SentenceFeatures
from textmine.errors import DataError, ModelError
from textmine.records import Block, Mention, Sentence

__all__ = [
    "MIN_LABELLED",
    "MIN_OF_A_VALUE",
    "DocumentModel",
    "DocumentView",
    "Label",
    "fit_label",
    "load_document_model",
    "save_document_model",
    "view_document",
]

#: Fewer labelled documents, or documents of one value, than this are no ground to learn from. Guesses.
MIN_LABELLED, MIN_OF_A_VALUE = 12, 3
N_FOLDS = 5
VIEWS = ("codes", "words", "meaning")
#: Inverse strengths of the penalty tried for each view.
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
#: Weights of the views tried: thirds, and quarters that sum to one.
WEIGHTS = (
    (1 / 3, 1 / 3, 1 / 3),
    *(w for w in itertools.product((0.0, 0.25, 0.5, 0.75, 1.0), repeat=3) if sum(w) == 1),
)
TEMPERATURES = np.geomspace(0.25, 4, 17)
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentView:
    """What a classifier sees of a document: numbers by name, lemmas of the body and of the headings.

    Lemmas have their language before them (`pl:klaster`).
    """

    numbers: Mapping[str, float]
    lemmas: tuple[str, ...]
    headings: tuple[str, ...]


def view_document(blocks: Sequence[Block], sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> DocumentView:
    """The view of a document: blocks of its body, their sentences, what these say (denied mentions do not count)."""
    kinds = {block.id: block.kind for block in blocks}
    carried: dict[str, set[str]] = {}
    for mention in mentions:
        if not mention.negated:
            carried.setdefault(mention.sentence_id, set()).add(mention.code)
    n = max(1, len(sentences))
    counts = Counter(code for codes in carried.values() for code in codes)
    families = Counter(name for codes in carried.values() for name in {code.partition(".")[0] for code in codes})
    numbers = {f"share {name}": float(np.sqrt(count / n)) for name, count in (counts | families).items()}
    numbers |= {f"part {code}": count / families[code.partition(".")[0]] for code, count in counts.items()}
    of_kind = Counter(kinds.get(sentence.block_id, "") for sentence in sentences)
    numbers |= {f"kind {kind}": count / n for kind, count in of_kind.items() if kind}
    numbers["length"] = float(np.log1p(len(sentences)))
    numbers["words"] = float(np.mean([len(sentence.lemmas) for sentence in sentences])) if sentences else 0.0
    headings = [sentence for sentence in sentences if kinds.get(sentence.block_id) == "heading"]
    return DocumentView(numbers, tuple(_words(sentences)), tuple(_words(headings)))


def _words(sentences: Iterable[Sentence]) -> Iterable[str]:
    for sentence in sentences:
        for lemma in sentence.lemmas:
            if any(map(str.isalpha, lemma)):
                yield f"{sentence.language}:{lemma}"


class DocumentFeatures:
    """Documents as rows of numbers, view by view; `fit` learns scales and vocabularies, without labels."""

    def fit(self, views: Sequence[DocumentView], words: SentenceFeatures | None) -> Self:
        """Learn from documents; `words` is the word table that meaning comes from (None: no such view)."""
        self.names_ = sorted({name for view in views for name in view.numbers})
        self.center_, self.scale_ = np.zeros(len(self.names_)), np.ones(len(self.names_))
        raw = self._numbers(views)
        self.center_, spread = raw.mean(axis=0), raw.std(axis=0)
        # rare codes are not blown up: a spread counts as at least a quarter of the usual one
        usual = float(np.median(spread[spread > 0])) if spread.any() else 1.0
        self.scale_ = np.maximum(spread, 0.25 * usual)
        self.terms_ = _lemma_vectorizer().fit(" ".join(view.lemmas) for view in views)
        self.words_ = words
        self.meaning_ = np.zeros(0)
        if words is not None:
            self.meaning_ = self._meaning(views).mean(axis=0)
        return self

    def transform(self, views: Sequence[DocumentView]) -> list[np.ndarray]:
        """One (n_documents, n_columns) matrix a view, each row about as long as the next."""
        numbers = self._numbers(views) / np.sqrt(max(1, len(self.names_)))
        lemmas = self.terms_.transform(" ".join(view.lemmas) for view in views).toarray()
        headings = self.terms_.transform(" ".join(view.headings) for view in views).toarray()
        found = [numbers, np.hstack([lemmas, 0.5 * headings])]
        if self.words_ is not None:
            found.append(self._meaning(views) - self.meaning_)
        return found

    def state(self) -> dict[str, Any]:
        """All that was learnt but the word table, as arrays and texts with one entry a line."""
        return {
            "names": "\n".join(self.names_),
            "center": self.center_,
            "scale": self.scale_,
            "terms": "\n".join(self.terms_.get_feature_names_out()),
            "terms_idf": self.terms_.idf_,
            "meaning": self.meaning_,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], words: SentenceFeatures | None) -> Self:
        """The features from what `state` gave."""
        made = cls()
        made.names_ = state["names"].split("\n")
        made.center_, made.scale_, made.meaning_ = state["center"], state["scale"], state["meaning"]
        made.terms_ = _lemma_vectorizer({term: place for place, term in enumerate(state["terms"].split("\n"))})
        made.terms_.idf_ = state["terms_idf"]
        made.words_ = words
        return made

    def _numbers(self, views: Sequence[DocumentView]) -> np.ndarray:
        raw = np.array([[view.numbers.get(name, 0.0) for name in self.names_] for view in views])
        return np.clip((raw - self.center_) / self.scale_, -4, 4) if len(views) else raw

    def _meaning(self, views: Sequence[DocumentView]) -> np.ndarray:
        assert self.words_ is not None
        concepts, means = self.words_.meaning([_bare(view.lemmas) for view in views])
        _, of_headings = self.words_.meaning([_bare(view.headings) for view in views])
        weighted = sparse.csr_matrix(self.words_.concept_weights_.transform(concepts)).toarray()
        return np.hstack([means, weighted, 0.5 * of_headings])


def _bare(lemmas: Iterable[str]) -> list[str]:
    return [lemma.partition(":")[2] for lemma in lemmas]


def _lemma_vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        token_pattern=r"\S+", lowercase=False, min_df=2 if vocabulary is None else 1, sublinear_tf=True,
        vocabulary=vocabulary,
    )  # fmt: skip


@dataclass(frozen=True)
class Label:
    """One column of labels that was learnt.

    The probability of value k is softmax(x . coef[k] + bias[k]); `coef` is (n_values, n_columns), the views side by
    side. `held_out` is (n_documents, n_values): what models say of documents that had no part in them.
    """

    name: str
    values: Names
    coef: np.ndarray
    bias: np.ndarray
    held_out: np.ndarray
    settings: Mapping[str, Any]

    def probabilities(self, matrix: np.ndarray) -> np.ndarray:
        """(n_documents, n_values); rows sum to 1."""
        return _softmax(matrix @ self.coef.T + self.bias)


def fit_label(name: str, answers: Sequence[str], views: Sequence[np.ndarray], *, random_state: int) -> Label:
    """Learn one column of labels.

    Args:
        answers: the value of each document.
        views: `DocumentFeatures.transform` of the same documents.
        random_state: seed of the folds.
    Raises:
        DataError: too few documents, or only one value with enough of them; says what is needed.
    """
    counts = Counter(answers)
    rare = sorted(value for value, count in counts.items() if count < MIN_OF_A_VALUE)
    if len(answers) < MIN_LABELLED or len(counts) < 2 or rare:
        found = ", ".join(f"{value}: {count}" for value, count in counts.most_common(8))
        raise DataError(
            f"column {name}: {len(answers)} documents with a label ({found}). Needed are {MIN_LABELLED}, two values, "
            f"and {MIN_OF_A_VALUE} documents of each. Label more, or join rare values."
        )
    values = tuple(sorted(counts))
    target = np.array([values.index(answer) for answer in answers])
    small = [_rotated(view) for view in views]
    # folds inside folds: nothing about a document, not even how strong the penalty is, comes from its own label
    held_out = np.zeros((len(answers), len(values)))
    for train, test in _folds(target, random_state):
        inner = _choose([view[train] for view in small], target[train], len(values), random_state)
        held_out[test] = _predict([view[train] for view in small], target[train], inner, [v[test] for v in small])
    chosen = _choose(small, target, len(values), random_state)
    parts, bias = [], np.zeros(len(values))
    for view, strength, weight in zip(views, chosen["strengths"], chosen["weights"], strict=True):
        part, own = _fit(view, target, strength, len(values))
        parts.append(part * weight / chosen["temperature"])
        bias += own * weight / chosen["temperature"]
    return Label(name, values, np.hstack(parts), bias, held_out, chosen)


def _rotated(view: np.ndarray) -> np.ndarray:
    """The rows in as many columns as there are rows, with all their inner products: the same fit, much faster."""
    if view.shape[1] <= view.shape[0]:
        return view
    left, lengths, _ = np.linalg.svd(view, full_matrices=False)
    return np.asarray(left * lengths)


def _folds(target: np.ndarray, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    n = max(2, min(N_FOLDS, int(np.bincount(target).min())))
    return list(StratifiedKFold(n, shuffle=True, random_state=seed).split(np.zeros(len(target)), target))


def _choose(views: Sequence[np.ndarray], target: np.ndarray, n_values: int, seed: int) -> dict[str, Any]:
    """Penalties, weights of the views and temperature with the least log loss on held-out documents."""
    folds = _folds(target, seed + 1)
    strengths, decisions = [], []
    for view in views:
        tried = []
        for strength in STRENGTHS:
            found = np.zeros((len(target), n_values))
            for train, test in folds:
                coef, bias = _fit(view[train], target[train], strength, n_values)
                found[test] = view[test] @ coef.T + bias
            tried.append((_log_loss(found, target), strength, found))
        _, strength, found = min(tried, key=lambda one: one[0])
        strengths.append(strength)
        decisions.append(found)
    options = [w[: len(views)] for w in WEIGHTS if not any(w[len(views) :])]
    joined = {w: np.tensordot(np.array(w), np.array(decisions), axes=1) for w in options}
    # an even blend is kept unless another is clearly better: few documents choose at random
    even = min(options, key=lambda w: max(w) - min(w))
    best = min(options, key=lambda w: _log_loss(joined[w], target) + (0 if w == even else 0.01))
    temperature = min(TEMPERATURES, key=lambda t: _log_loss(joined[best] / t, target))
    return {"strengths": strengths, "weights": list(best), "temperature": float(temperature)}


def _predict(
    views: Sequence[np.ndarray], target: np.ndarray, chosen: Mapping[str, Any], others: Sequence[np.ndarray]
) -> np.ndarray:
    n_values = int(target.max()) + 1
    total = np.zeros((others[0].shape[0], n_values))
    for view, other, strength, weight in zip(views, others, chosen["strengths"], chosen["weights"], strict=True):
        coef, bias = _fit(view, target, strength, n_values)
        total += weight * (other @ coef.T + bias)
    return _softmax(total / chosen["temperature"])


def _fit(matrix: np.ndarray, target: np.ndarray, strength: float, n_values: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (n_values, n_columns) and biases; a value without a document gets a low bias."""
    fitted = LogisticRegression(C=strength, max_iter=300, tol=1e-3).fit(matrix, target)
    coef, bias = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:
        coef, bias = np.vstack([-coef / 2, coef / 2]), np.concatenate([-bias / 2, bias / 2])
    full, low = np.zeros((n_values, matrix.shape[1])), np.full(n_values, -10.0)
    full[fitted.classes_], low[fitted.classes_] = coef, bias
    return full, low


def _softmax(decisions: np.ndarray) -> np.ndarray:
    raised = np.exp(decisions - decisions.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _log_loss(decisions: np.ndarray, target: np.ndarray) -> float:
    return float(-np.mean(np.log(_softmax(decisions)[np.arange(len(target)), target] + 1e-12)))


@dataclass(frozen=True)
class DocumentModel:
    """A folder's worth: features, labels and the card that says from what and how well."""

    features: DocumentFeatures
    labels: tuple[Label, ...]
    card: Mapping[str, Any]

    def classify(self, view: DocumentView) -> dict[str, dict[str, float]]:
        """Label -> value -> probability, the likeliest value first."""
        row = np.hstack(self.features.transform([view]))
        found = {}
        for label in self.labels:
            chances = label.probabilities(row)[0]
            order = np.argsort(-chances, kind="stable")
            found[label.name] = {label.values[place]: float(chances[place]) for place in order}
        return found


def save_document_model(model: DocumentModel, folder: Path) -> None:
    """Write the model and its card into a folder, made if missing."""
    import skops.io

    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "features": model.features.state(),
        "labels": {str(n): {"coef": one.coef, "bias": one.bias} for n, one in enumerate(model.labels)},
    }
    skops.io.dump(state, folder / MODEL, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    (folder / CARD).write_text(json.dumps(model.card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load_document_model(folder: Path, words: SentenceFeatures | None) -> DocumentModel:
    """The model of a folder; `words` is the word table that it was fitted with (None if without).

    Raises:
        ModelError: a file is missing or damaged, or the model holds a type that is not trusted.
    """
    import skops.io

    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        strange = skops.io.get_untrusted_types(file=folder / MODEL)
        if strange:
            raise ModelError(f"{folder / MODEL}: holds types that are not trusted: {', '.join(strange)}. Not loaded.")
        state = skops.io.load(folder / MODEL, trusted=[])
        features = DocumentFeatures.from_state(state["features"], words)
        labels = tuple(
            Label(
                one["label"], tuple(one["values"]), own["coef"], own["bias"], np.zeros((0, len(one["values"]))),
                one["settings"],
            )
            for one, own in zip(card["labels"], state["labels"].values(), strict=True)
        )  # fmt: skip
        n_columns = len(features.names_) + 2 * len(features.terms_.vocabulary) + len(features.meaning_)
        if any(one.coef.shape != (len(one.values), n_columns) for one in labels):
            raise ModelError(f"{folder}: {CARD} and {MODEL} do not belong together.")
    except ModelError:
        raise
    except Exception as error:  # a stranger's file: whatever it breaks is one fault of the file
        raise ModelError(
            f"{folder}: not a readable model of documents ({type(error).__name__}: {error}). Train it again with "
            "textmine train --unit document."
        ) from error
    return DocumentModel(features, labels, card)

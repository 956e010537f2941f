"""A coder learnt from one's own hand-coded sentences: few of them, so it starts from a fitted model where there is one.

With a base, each code is a logistic regression over the base's decisions and the same features that the base sees; as
the base is linear in them, the result is again a plain `SentenceModel`. Without, everything is learnt from the
sentences. A code with too few examples, or that is not learnt better than it was coded before, stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from textmine.coding.classifier import SentenceModel, choose_thresholds
from textmine.coding.features import SentenceFeatures, signals
from textmine.coding.keywords import Evidence
from textmine.errors import DataError

__all__ = ["MIN_DOCUMENTS", "MIN_POSITIVES", "SHARES", "Learnt", "learn_model"]

#: A code is learnt from this many sentences that carry it, in this many documents. Guesses: under them a held-out part
#: often holds none.
MIN_POSITIVES, MIN_DOCUMENTS = 8, 3
#: Shares of the training documents that the learning curve is measured at.
SHARES = (0.25, 0.5, 1.0)
N_FOLDS = 4
#: Inverse strength of the penalty beside a base, and alone. With 200 and 600 sentences coded like those the shipped
#: model has seen, .03 to .3 do as well as it alone (within .005), 1 does worse.
C_BESIDE, C_ALONE = 0.1, 8.0
#: Weights of the base's decisions beside the features (unit rows): of the same code, of all codes.
OWN_WEIGHT, OTHER_WEIGHT = 3.0, 0.1
#: Positives of all codes together that the calibration of one code is weighed against.
PRIOR_POSITIVES = 30


@dataclass(frozen=True)
class Learnt:
    """A model and how it did on documents that it was not fitted on.

    `predicted[share]` is (n_rows, n_codes) bool: what models that were fitted on that share of the other documents say
    of each row; `n_used[share]` the sentences they saw, on average. `learnt` are the codes of the columns that the
    model decides anew; the others stay as in `before`, (n_rows, n_codes) bool.
    """

    model: SentenceModel
    predicted: Mapping[float, np.ndarray]
    n_used: Mapping[float, int]
    before: np.ndarray
    learnt: tuple[str, ...]


def learn_model(
    rows: Sequence[Evidence],
    labels: np.ndarray,
    documents: Sequence[str],
    codes: Sequence[str],
    before: np.ndarray,
    *,
    base: SentenceModel | None,
    random_state: int,
    card: Mapping[str, Any],
) -> Learnt:
    """Learn from sentences coded by hand.

    Args:
        rows: what the keyword pass saw, one a sentence.
        labels: (n_rows, n_codes) bool.
        documents: the document of each row; folds never part one.
        codes: the codes of the columns.
        before: (n_rows, n_codes) bool, what the coder says today.
        base: a fitted model to start from.
        random_state: seed of the word table and of the parts of the learning curve.
        card: what the model's card says beside codes; must hold `id`. `keeps_base`: codes that are not learnt stay
            with the base (it knows the same codebook), else with the keywords.
    Raises:
        DataError: too few documents, or no code has examples enough.
    """
    n_documents = len(set(documents))
    names = np.asarray(documents)
    enough = [
        column.sum() >= MIN_POSITIVES and len(set(names[column])) >= MIN_DOCUMENTS and not column.all()
        for column in labels.T
    ]
    if n_documents < N_FOLDS or not any(enough):
        most = max((int(column.sum()) for column in labels.T), default=0)
        raise DataError(
            f"{len(rows)} coded sentences of {n_documents} documents are too few to learn from: needed are {N_FOLDS} "
            f"documents and a code in {MIN_POSITIVES} sentences of {MIN_DOCUMENTS} documents (the most frequent has "
            f"{most}). Code more: textmine sample --design active."
        )
    places = [place for place, is_enough in enumerate(enough) if is_enough]
    chosen = [codes[place] for place in places]
    if base is None:
        features = SentenceFeatures().fit(rows, random_state=random_state)
    else:
        base = _with_signals(base, rows)
        features = base.features
    problem = _Problem(features.transform(rows).astype(np.float64).tocsr(), labels[:, places], chosen, base)
    predicted, used, held_out, folds = _held_out(problem, names, random_state)
    own, earlier = problem.labels, before[:, places]
    full = {}
    for share, said in predicted.items():
        full[share] = before.copy()
        for train, test in folds:
            # also which codes are taken is decided without the documents that are scored
            taken = _better(said[train], earlier[train], own[train])
            full[share][np.ix_(test, np.array(places))] = np.where(taken, said[test], earlier[test])
    better = _better(predicted[1.0], earlier, own)
    if not better.any() and not card.get("keeps_base"):
        raise DataError(
            f"nothing learnt: on held-out documents no code is coded better after training on {len(rows)} sentences "
            f"than before ({', '.join(chosen[:5])}{' …' if len(chosen) > 5 else ''}). Keep the coder you have, or code "
            "more: textmine sample --design active."
        )
    model = _final(problem, held_out, better, codes, features, card)
    learnt = tuple(code for code, is_better in zip(chosen, better, strict=True) if is_better)
    return Learnt(model, full, used, before, learnt)


def _with_signals(base: SentenceModel, rows: Sequence[Evidence]) -> SentenceModel:
    """The base, seeing also what only another codebook's keyword pass says; those columns weigh nothing yet."""
    state = base.features.state()
    old = base.features.signals_.get_feature_names_out().tolist()
    new = sorted({name for row in rows for name in signals(row)} - set(old))
    if not new:
        return base
    features = SentenceFeatures.from_state({**state, "signals": "\n".join([*old, *new])})
    place = {name: number for number, name in enumerate(features.signals_.get_feature_names_out())}
    before = base.coef.shape[1] - len(old)
    coef = np.zeros((len(base.codes), before + len(place)), dtype=base.coef.dtype)
    coef[:, :before] = base.coef[:, :before]
    coef[:, [before + place[name] for name in old]] = base.coef[:, before:]
    return replace(base, features=features, coef=coef)


@dataclass(frozen=True)
class _Problem:
    """(n, n_features) rows, (n, n_codes) labels, the codes, the model to start from."""

    matrix: sparse.csr_matrix
    labels: np.ndarray
    codes: Sequence[str]
    base: SentenceModel | None

    def base_decisions(self) -> np.ndarray:
        """(n, n_base_codes) calibrated decisions of the base, as logits; without columns where there is none."""
        if self.base is None:
            return np.zeros((self.matrix.shape[0], 0))
        base = self.base
        return np.asarray((self.matrix @ base.coef.T + base.bias) * base.slope + base.shift)


def _fit(problem: _Problem, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (n_codes, n_features) and biases (n_codes,) from the chosen rows, the base's decisions folded in."""
    base, matrix = problem.base, problem.matrix[chosen]
    # columns that no chosen row has would stay at zero: leaving them out saves most of the time
    used = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]))
    inner = matrix[:, used]
    decisions = problem.base_decisions()[chosen]
    coef, bias = np.zeros((len(problem.codes), matrix.shape[1])), np.zeros(len(problem.codes))
    for row, code in enumerate(problem.codes):
        labels = problem.labels[chosen, row]
        if not labels.any() or labels.all():
            bias[row] = 10.0 if labels.any() else -10.0
            continue
        weights = np.full(decisions.shape[1], OTHER_WEIGHT)
        if base is not None and code in base.codes:
            weights[base.codes.index(code)] = OWN_WEIGHT
        columns = sparse.hstack([sparse.csr_matrix(decisions * weights), inner], format="csr")
        fitted = LogisticRegression(
            C=C_ALONE if base is None else C_BESIDE,
            solver="liblinear",
            dual=True,
            max_iter=2000,
            tol=1e-3,
            random_state=0,
            class_weight="balanced" if base is None else None,
        ).fit(columns, labels)
        bias[row] = fitted.intercept_[0]
        coef[row, used] = fitted.coef_[0, len(weights) :]
        if base is not None:
            shares = fitted.coef_[0, : len(weights)] * weights
            coef[row] += (shares * base.slope) @ base.coef
            bias[row] += float(shares @ (base.bias * base.slope + base.shift))
    return coef, bias


def _held_out(
    problem: _Problem, documents: np.ndarray, seed: int
) -> tuple[dict[float, np.ndarray], dict[float, int], np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """What models of each share say of rows they have not seen, sentences they saw, decisions of the full share, folds.

    Calibration and thresholds of a fold come from the other folds, so that no row has a say in its own.
    """
    n = len(documents)
    rng = np.random.default_rng(seed)
    folds = list(GroupKFold(n_splits=N_FOLDS).split(np.zeros(n), groups=documents))
    orders = [rng.permutation(sorted(set(documents[train]))) for train, _ in folds]
    predicted, used = {}, {}
    decisions = np.zeros(problem.labels.shape)
    for share in SHARES:
        decisions, seen = np.zeros(problem.labels.shape), []
        for (train, test), order in zip(folds, orders, strict=True):
            kept = set(order[: max(1, round(share * len(order)))])
            chosen = np.array([row for row in train if documents[row] in kept])
            seen.append(len(chosen))
            coef, bias = _fit(problem, chosen)
            decisions[test] = problem.matrix[test] @ coef.T + bias
        said = np.zeros(problem.labels.shape, dtype=bool)
        for train, test in folds:
            slope, shift = _calibrate(decisions[train], problem.labels[train])
            thresholds = choose_thresholds(_probabilities(decisions[train], slope, shift), problem.labels[train])
            said[test] = _probabilities(decisions[test], slope, shift) >= thresholds
        predicted[share], used[share] = said, round(float(np.mean(seen)))
    return predicted, used, decisions, folds


def _final(
    problem: _Problem,
    held_out: np.ndarray,
    better: np.ndarray,
    codes: Sequence[str],
    features: SentenceFeatures,
    card: Mapping[str, Any],
) -> SentenceModel:
    """The model of all rows: codes learnt better than before, and the base's own classifiers for the others."""
    coef, bias = _fit(problem, np.arange(problem.matrix.shape[0]))
    slope, shift = _calibrate(held_out, problem.labels)
    thresholds = choose_thresholds(_probabilities(held_out, slope, shift), problem.labels)
    learnt = {code: row for row, code in enumerate(problem.codes) if better[row]}
    base = problem.base if card.get("keeps_base") else None
    parts = []
    for code in codes:
        if code in learnt:
            row = learnt[code]
            parts.append((code, coef[row], bias[row], slope[row], shift[row], thresholds[row]))
        elif base is not None and code in base.codes:
            row = base.codes.index(code)
            parts.append((code, base.coef[row], base.bias[row], base.slope[row], base.shift[row], base.thresholds[row]))
    kept = [code for code in codes if code not in {part[0] for part in parts}]
    names = tuple(part[0] for part in parts)
    numbers = np.array([part[2:] for part in parts], dtype=np.float64)
    return SentenceModel(
        codes=names,
        features=features,
        coef=np.array([part[1] for part in parts]).astype(np.float16).astype(np.float32),
        bias=numbers[:, 0],
        slope=numbers[:, 1],
        shift=numbers[:, 2],
        thresholds=numbers[:, 3],
        card={**card, "codes": list(names), "learnt": list(learnt), "keyword_codes": kept},
    )


def _calibrate(decisions: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slope and shift of each code (Platt 1999), weighed against those of all codes together."""
    pooled, answers = decisions.reshape(-1, 1), labels.ravel()
    weight = PRIOR_POSITIVES / max(1, int(answers.sum()))
    fits = []
    for column, own in zip(decisions.T, labels.T, strict=True):
        if not answers.any() or answers.all():
            fits.append((1.0, 0.0))
            continue
        weights = np.concatenate([np.full(len(pooled), min(1.0, weight)), np.ones(len(column))])
        fit = LogisticRegression(C=1e6).fit(
            np.vstack([pooled, column[:, None]]), np.concatenate([answers, own]), sample_weight=weights
        )
        fits.append((float(fit.coef_[0, 0]), float(fit.intercept_[0])))
    return np.array([slope for slope, _ in fits]), np.array([shift for _, shift in fits])


def _probabilities(decisions: np.ndarray, slope: np.ndarray, shift: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(decisions * slope + shift, -30, 30))))


def _better(said: np.ndarray, before: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n_codes,) whether F1 is better, and more sentences were mended than spoilt by over a standard error.

    The standard error of mended - spoilt is the root of their sum (McNemar 1947). Without it a third of the codes were
    taken by chance, and others spoilt: .761 before, .760 after on 300 sentences with nothing to be learnt.
    """
    mended = ((said == labels) & (before != labels)).sum(axis=0)
    spoilt = ((said != labels) & (before == labels)).sum(axis=0)
    return np.asarray((_f1(said, labels) > _f1(before, labels)) & (mended - spoilt > np.sqrt(mended + spoilt)))


def _f1(predicted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(n_codes,) F1; 0 where there is nothing."""
    hits = (predicted & labels).sum(axis=0)
    return np.asarray(2 * hits / np.maximum(1, predicted.sum(axis=0) + labels.sum(axis=0)))

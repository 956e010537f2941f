"""Coded sentences -> a model of one's own: how well it codes documents it has not seen, and what more would give."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from textmine.codebook import load_codebook
from textmine.coding import KeywordCoder
from textmine.coding.classifier import SentenceModel, load_model, training_id
from textmine.coding.combine import CombinedCoder
from textmine.coding.learning import Learnt, learn_model
from textmine.coding.training import package_versions
from textmine.errors import DataError
from textmine.evaluation.scores import GoldSentence, Prediction, language_groups, score_predictions
from textmine.findings.coders import Decisions, gold_of, prediction_of
from textmine.languages import LANGUAGES, detect_language
from textmine.records import SampleSentence
from textmine.sentences import sentence_from_text
from textmine.settings import Settings, models_folder
from textmine.statistics.bootstrap import percentile_interval

__all__ = ["CURVE_COLUMNS", "TRAIN_COLUMNS", "Trained", "train_sentences"]

TRAIN_COLUMNS = (
    "level", "language", "code", "n_sentences", "n_positives", "n_documents", "precision", "recall", "f1", "low",
    "high", "f1_before", "decided_by",
)  # fmt: skip
CURVE_COLUMNS = ("language", "n_sentences", "f1", "low", "high", "gain", "kind")
#: Multiples of today's sentences that the learning curve is drawn out to.
FURTHER = (2, 4)


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, its scores on held-out documents (rows of TRAIN_COLUMNS) and its learning curve (CURVE_COLUMNS)."""

    model: SentenceModel
    scores: tuple[dict[str, Any], ...]
    curve: tuple[dict[str, Any], ...]
    talk: tuple[str, ...]


def train_sentences(decisions: Decisions, settings: Settings, *, with_base: bool = True) -> Trained:
    """Learn from one coder's decisions.

    Args:
        decisions: of one coder; sentences without text, or in another language, are left out and told.
        settings: the codebook, the seed and the draws behind the intervals.
        with_base: start from the shipped model.
    Raises:
        DataError: several coders, or too little to learn from; says what is needed.
    """
    keywords = KeywordCoder(load_codebook(settings.codebook))
    codes = [code.code for code in keywords.codebook.codes]
    gold, drawn, talk = _usable(decisions)
    sentences = [sentence_from_text(one.text, language=one.language, id=one.id) for one in gold]
    labels = np.array([[code in one.codes for code in codes] for one in gold], dtype=bool)
    documents = [one.document_id for one in drawn]
    base = load_model(models_folder() / "coder") if with_base and (models_folder() / "coder").is_dir() else None
    # the shipped model is right for the shipped codebook only; for another one it is no more than a sign
    keeps_base = base is not None and settings.codebook is None
    today = CombinedCoder(keywords, base) if base is not None and keeps_base else keywords
    said = [prediction_of(one.text, own) for one, own in zip(gold, today.code_texts(sentences), strict=True)]
    before = np.array([[code in one.codes for code in codes] for one in said], dtype=bool)
    texts = [one.text for one in gold]
    card = {
        "id": training_id([*texts, *documents], labels, f"{keywords.id} {base.id if base else ''}", settings.seed),
        "unit": "sentence",
        "codebook": keywords.codebook.id,
        "keyword_coder": keywords.id,
        "base": base.id if base else "",
        "keeps_base": keeps_base,
        "coder": sorted({one.coder for one in decisions.codings}),
        "random_state": settings.seed,
        "n_sentences": {language: sum(one.language == language for one in gold) for language in LANGUAGES},
        "n_documents": len(set(documents)),
        "data_sha256": hashlib.sha256("\n".join(texts).encode()).hexdigest(),
        "versions": package_versions(),
    }
    learnt = learn_model(
        [keywords.evidence(sentence) for sentence in sentences],
        labels,
        documents,
        codes,
        before,
        base=base,
        random_state=settings.seed,
        card=card,
    )
    scores = _score_rows(learnt, codes, gold, drawn, labels, settings)
    curve = _curve_rows(learnt, gold, documents, labels, settings)
    thresholds = dict(zip(learnt.model.codes, learnt.model.thresholds.round(4).tolist(), strict=True))
    full = {**learnt.model.card, "thresholds": thresholds, "held_out": scores, "learning_curve": curve}
    return Trained(replace(learnt.model, card=full), tuple(scores), tuple(curve), (*talk, *_talk(learnt, codes)))


def _usable(decisions: Decisions) -> tuple[list[GoldSentence], list[SampleSentence], list[str]]:
    """The decided sentences that can be learnt from, each with its document, and what is to be said of the others."""
    gold, drawn = gold_of(decisions)
    kept = []
    for one, own in zip(gold, drawn, strict=True):
        language = one.language or detect_language(one.text)
        if one.text and language in LANGUAGES:
            kept.append((replace(one, language=language), replace(own, document_id=own.document_id or own.sentence_id)))
    if not kept:
        raise DataError("no decided sentence has a text in Polish or English (columns text, language).")
    talk = []
    if len(kept) < len(gold):
        talk.append(f"{len(gold) - len(kept)} sentences without text, or in another language, are left out.")
    if not any(own.document_id for own in drawn):
        talk.append("no column document: each sentence counts as a document, so that the scores may flatter.")
    return [one for one, _ in kept], [own for _, own in kept], talk


def _talk(learnt: Learnt, codes: Sequence[str]) -> list[str]:
    model = learnt.model
    said = [f"learnt anew: {len(learnt.learnt)} of {len(codes)} codes."]
    kept = [code for code in model.codes if code not in learnt.learnt]
    by_keywords = model.card["keyword_codes"]
    why = "too few sentences, or coded no better after training"
    if kept:
        said.append(f"as the shipped model decides ({why}): {', '.join(kept)}.")
    if by_keywords:
        said.append(f"as the keywords decide ({why}): {', '.join(by_keywords)}.")
    return said


def _score_rows(
    learnt: Learnt,
    codes: Sequence[str],
    gold: Sequence[GoldSentence],
    drawn: Sequence[SampleSentence],
    labels: np.ndarray,
    settings: Settings,
) -> list[dict[str, Any]]:
    """Scores on held-out documents, by language: all codes, families, codes."""
    weighed = [one if one.chance is not None else replace(one, chance=1.0) for one in drawn]

    def scores(said: np.ndarray) -> dict[tuple[str, str, str], dict[str, Any]]:
        predictions = [Prediction(frozenset(np.array(codes)[row].tolist())) for row in said]
        found = score_predictions(gold, predictions, drawn=weighed, draws=settings.draws, seed=settings.seed)
        return {(one.level, one.language, one.code): asdict(one) for one in found}

    before = scores(learnt.before)
    rows = []
    for (level, language, code), score in scores(learnt.predicted[1.0]).items():
        if level == "names":
            continue
        chosen = np.array([language in ("all", one.language) for one in gold])
        own = [place for place, name in enumerate(codes) if code in ("all", name, name.partition(".")[0])]
        by = "model" if code in learnt.learnt else "before"
        row = {
            "level": level, "language": language, "code": code, "n_sentences": int(chosen.sum()),
            "n_positives": int(labels[chosen][:, own].any(axis=1).sum()),
            "n_documents": len({one.document_id for one, is_own in zip(drawn, chosen, strict=True) if is_own}),
            "precision": score["precision"], "recall": score["recall"], "f1": score["f1"], "low": score["f1_low"],
            "high": score["f1_high"], "f1_before": before.get((level, language, code), {}).get("f1"),
            "decided_by": by if level == "code" else "",
        }  # fmt: skip
        rows.append({key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()})
    return rows


def _curve_rows(
    learnt: Learnt, gold: Sequence[GoldSentence], documents: Sequence[str], labels: np.ndarray, settings: Settings
) -> list[dict[str, Any]]:
    """Micro F1 by sentences trained on, measured, then drawn out by a power law of the error (Cortes et al. 1993).

    Intervals: bootstrap over documents, of the curve as a whole, so that gains have theirs too. They say nothing of
    whether the power law holds: what is drawn out is marked as such.
    """
    rng = np.random.default_rng(settings.seed)
    shares = sorted(learnt.predicted)
    sizes = np.array([learnt.n_used[share] for share in shares], dtype=float)
    rows = []
    for language in language_groups(one.language for one in gold):
        chosen = np.array([language in ("all", one.language) for one in gold])
        names, places = np.unique(np.asarray(documents)[chosen], return_inverse=True)
        n = len(names)
        drawn = np.vstack([np.ones((1, n)), rng.multinomial(n, np.full(n, 1 / n), size=min(settings.draws, 1000))])

        def f1(said: np.ndarray, chosen: np.ndarray = chosen, places: Any = places, drawn: Any = drawn) -> np.ndarray:
            hits = (said & labels)[chosen].sum(axis=1)
            sums = said[chosen].sum(axis=1) + labels[chosen].sum(axis=1)
            by_document = [np.bincount(places, part, drawn.shape[1]) for part in (hits, sums)]
            with np.errstate(invalid="ignore"):
                return np.asarray(2 * (drawn @ by_document[0]) / (drawn @ by_document[1]))

        measured = np.array([f1(learnt.predicted[share]) for share in shares])
        values = [(0, f1(learnt.before), "before")]
        values += [(round(size), value, "measured") for size, value in zip(sizes, measured, strict=True)]
        further = [(round(sizes[-1] * more), _drawn_out(sizes, measured, more)) for more in FURTHER]
        values += [(size, value, "extrapolated") for size, value in further]
        for (size, value, kind), (_, earlier, _) in zip(values, [values[0], *values], strict=False):
            low, high = percentile_interval(value[1:], n_documents=n)
            row = {"language": language, "n_sentences": size, "f1": float(value[0]), "low": low, "high": high}
            row |= {"gain": float(value[0] - earlier[0]), "kind": kind}
            rows.append({key: round(cell, 4) if isinstance(cell, float) else cell for key, cell in row.items()})
    return rows


def _drawn_out(sizes: np.ndarray, f1: np.ndarray, more: int) -> np.ndarray:
    """(draws,) F1 at `more` times the largest size: log(1 - F1) as a line in log n, fitted to (n_sizes, draws) F1.

    Never below what was measured last: a curve that falls by chance says nothing of a fall to come.
    """
    centred = np.log(sizes) - np.log(sizes).mean()
    errors = np.log(np.clip(1 - f1, 1e-3, 1.0))
    slopes = np.minimum(0.0, centred @ errors / (centred @ centred))
    return np.asarray(1 - np.clip(1 - f1[-1], 1e-3, 1.0) * np.exp(slopes * np.log(more)))

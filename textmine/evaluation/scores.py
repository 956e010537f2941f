"""Precision, recall and F1 of codes and of name spans against gold sentences, with intervals; the errors by kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from textmine.errors import DataError
from textmine.statistics.intervals import wilson

__all__ = [
    "GoldSentence",
    "Prediction",
    "Score",
    "SentenceError",
    "find_errors",
    "read_gold",
    "score_predictions",
]

NAMES = "names"
NAMED = "cluster.named"
ALL = "all"


@dataclass(frozen=True, slots=True)
class GoldSentence:
    """A sentence with the codes and cluster names that people gave it; `hard` says why it is hard, or is empty."""

    id: str
    language: str
    text: str
    codes: frozenset[str]
    names: tuple[str, ...] = ()
    hard: str = ""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a coder says of one sentence. `denied` are codes that it saw and took for denied."""

    codes: frozenset[str]
    names: tuple[str, ...] = ()
    denied: frozenset[str] = frozenset()
    terms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """One row of an evaluation.

    `level` is micro, macro, family, code or names; `code` names the family or code, `all` for micro and macro.
    Intervals are 95 %: Wilson for precision and recall, bootstrap over sentences for F1. A macro row has no counts,
    and its precision and recall are means over the codes. A ratio without a denominator is None.
    """

    level: str
    language: str
    code: str
    precision: float | None
    precision_low: float | None
    precision_high: float | None
    recall: float | None
    recall_low: float | None
    recall_high: float | None
    f1: float | None
    f1_low: float | None
    f1_high: float | None
    true_positives: int | None
    false_positives: int | None
    false_negatives: int | None


@dataclass(frozen=True, slots=True)
class SentenceError:
    """A code or name too many or missing in one sentence.

    `kind`: `missed`; `denied` (missed, since it was taken for denied); `false`; `homonym or empty` (false, in a
    sentence without any code); `other type` (false, but the gold has another code of that family); `span` (a name
    found or cut wrongly).
    """

    id: str
    language: str
    kind: str
    code: str
    term: str
    hard: str
    text: str


def read_gold(path: Path) -> list[GoldSentence]:
    """The gold sentences of a JSONL file with `id, lang, text, codes` and, if any, `names, hard`.

    Raises:
        DataError: it cannot be read, or a line is not such an object; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error}). Name a JSONL file with id, lang, text, codes.") from error
    gold = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            gold.append(
                GoldSentence(
                    id=str(row["id"]),
                    language=row["lang"],
                    text=row["text"],
                    codes=frozenset(row["codes"]),
                    names=tuple(row.get("names") or ()),
                    hard=row.get("hard") or "",
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"{path.name}, line {number}: {error!r}; expected an object with id, lang, text and codes."
            ) from error
    if not gold:
        raise DataError(f"{path.name}: holds no sentences, so there is nothing to score.")
    return gold


def score_predictions(
    gold: Sequence[GoldSentence], predictions: Sequence[Prediction], *, draws: int = 1000, seed: int = 20
) -> list[Score]:
    """Scores for each language and for both together: micro, macro, families, codes, name spans.

    Args:
        gold, predictions: same length, same order.
        draws: bootstrap draws (sentences with replacement) behind the intervals of F1.
        seed: of the draws.
    Returns:
        Rows by language (`all`, then alphabetically). A code without gold and hits in a language is left out.
    """
    rows = []
    languages = sorted({sentence.language for sentence in gold})
    for language in (ALL, *languages) if len(languages) > 1 else languages:
        chosen = [
            (sentence, prediction)
            for sentence, prediction in zip(gold, predictions, strict=True)
            if language in (ALL, sentence.language)
        ]
        rows += _scores_of(chosen, language, draws, np.random.default_rng(seed))
    return rows


def find_errors(gold: Sequence[GoldSentence], predictions: Sequence[Prediction]) -> list[SentenceError]:
    """Every code and name on which gold and prediction differ, in the order of the sentences."""
    errors = []
    for sentence, prediction in zip(gold, predictions, strict=True):
        for code in sorted(sentence.codes - prediction.codes):
            kind = "denied" if code in prediction.denied else "missed"
            errors.append(_error(sentence, kind, code, ""))
        families = {code.partition(".")[0] for code in sentence.codes}
        for code in sorted(prediction.codes - sentence.codes):
            kind = "homonym or empty" if not sentence.codes else "false"
            if code.partition(".")[0] in families:
                kind = "other type"
            errors.append(_error(sentence, kind, code, prediction.terms.get(code, "")))
        wanted, found = Counter(sentence.names), Counter(prediction.names)
        for name in sorted((wanted - found).elements()):
            errors.append(_error(sentence, "span", NAMED, f"missing: {name}"))
        for name in sorted((found - wanted).elements()):
            errors.append(_error(sentence, "span", NAMED, f"not in gold: {name}"))
    return errors


def _error(sentence: GoldSentence, kind: str, code: str, term: str) -> SentenceError:
    return SentenceError(sentence.id, sentence.language, kind, code, term, sentence.hard, sentence.text)


def _scores_of(
    pairs: Sequence[tuple[GoldSentence, Prediction]], language: str, draws: int, rng: np.random.Generator
) -> list[Score]:
    codes = sorted({code for gold, prediction in pairs for code in gold.codes | prediction.codes})
    counts = np.array([[_outcome(code, gold, prediction) for code in codes] for gold, prediction in pairs])
    counts = counts.reshape(len(pairs), len(codes), 3)
    weights = rng.multinomial(len(pairs), np.full(len(pairs), 1 / len(pairs)), size=draws)
    drawn = np.einsum("dn,nck->dck", weights, counts)
    families = np.array([code.partition(".")[0] for code in codes])
    rows = [_row("micro", language, ALL, counts.sum(axis=1), drawn.sum(axis=1)), _macro(language, counts, drawn)]
    for family in dict.fromkeys(families):
        chosen = families == family
        rows.append(_row("family", language, family, counts[:, chosen].sum(axis=1), drawn[:, chosen].sum(axis=1)))
    rows += [_row("code", language, code, counts[:, place], drawn[:, place]) for place, code in enumerate(codes)]
    spans = np.array([_span_outcome(gold.names, prediction.names) for gold, prediction in pairs])
    if spans.any():
        rows.append(_row(NAMES, language, NAMED, spans, weights @ spans))
    return rows


def _outcome(code: str, gold: GoldSentence, prediction: Prediction) -> tuple[int, int, int]:
    """(true positive, false positive, false negative) of one code in one sentence."""
    wanted, found = code in gold.codes, code in prediction.codes
    return int(wanted and found), int(found and not wanted), int(wanted and not found)


def _span_outcome(wanted: Iterable[str], found: Iterable[str]) -> tuple[int, int, int]:
    one, other = Counter(wanted), Counter(found)
    both = sum((one & other).values())
    return both, sum(other.values()) - both, sum(one.values()) - both


def _row(level: str, language: str, code: str, counts: np.ndarray, drawn: np.ndarray) -> Score:
    """A row from (n_sentences, 3) outcomes and (draws, 3) bootstrap sums."""
    tp, fp, fn = (int(number) for number in counts.sum(axis=0))
    f1 = _f1(drawn)
    known = f1[~np.isnan(f1)]
    low, high = np.percentile(known, [2.5, 97.5]) if known.size else (None, None)
    precision = wilson(tp, tp + fp) if tp + fp else (None, None)
    recall = wilson(tp, tp + fn) if tp + fn else (None, None)
    return Score(
        level=level,
        language=language,
        code=code,
        precision=tp / (tp + fp) if tp + fp else None,
        precision_low=precision[0],
        precision_high=precision[1],
        recall=tp / (tp + fn) if tp + fn else None,
        recall_low=recall[0],
        recall_high=recall[1],
        f1=2 * tp / (2 * tp + fp + fn) if tp + fp + fn else None,
        f1_low=None if low is None else float(low),
        f1_high=None if high is None else float(high),
        true_positives=tp,
        false_positives=fp,
        false_negatives=fn,
    )


def _macro(language: str, counts: np.ndarray, drawn: np.ndarray) -> Score:
    """Means over the codes of a language; in a draw, over the codes that it holds."""
    sums = counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = sums[:, 0] / (sums[:, 0] + sums[:, 1])
        recall = sums[:, 0] / (sums[:, 0] + sums[:, 2])
    f1 = _f1(sums)
    draws = _f1(drawn)
    known = ~np.isnan(draws)
    means = np.where(known, draws, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Score(
        level="macro",
        language=language,
        code=ALL,
        precision=_mean(precision),
        precision_low=None,
        precision_high=None,
        recall=_mean(recall),
        recall_low=None,
        recall_high=None,
        f1=_mean(f1),
        f1_low=float(low),
        f1_high=float(high),
        true_positives=None,
        false_positives=None,
        false_negatives=None,
    )


def _f1(sums: np.ndarray) -> np.ndarray:
    """F1 of (…, 3) sums; nan where nothing is wanted and nothing found."""
    tp, fp, fn = sums[..., 0], sums[..., 1], sums[..., 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2 * tp / (2 * tp + fp + fn))


def _mean(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None

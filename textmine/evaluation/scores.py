"""Precision, recall and F1 of codes and of name spans against gold sentences, with intervals; the errors by kind."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from textmine.errors import DataError
from textmine.evaluation.estimates import cluster_weights, weighted_ratio
from textmine.records import SampleSentence
from textmine.statistics.bootstrap import percentile_interval
from textmine.statistics.intervals import wilson

__all__ = [
    "ALL",
    "GoldSentence",
    "Prediction",
    "Score",
    "SentenceError",
    "find_errors",
    "language_groups",
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
    and its precision and recall are means over the codes. A ratio without a denominator is None. `estimate` is sample
    (of the gold sentences alone), or corpus: weighted by the chance of each sentence, for all sentences they were drawn
    from, with intervals that heed chances and documents; the counts are those of the gold sentences all the same.
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
    estimate: str = "sample"


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
    gold: Sequence[GoldSentence],
    predictions: Sequence[Prediction],
    *,
    drawn: Sequence[SampleSentence] = (),
    draws: int = 1000,
    seed: int = 20,
) -> list[Score]:
    """Scores for each language and for both together: micro, macro, families, codes, name spans.

    Args:
        gold, predictions: same length, same order.
        drawn: how each gold sentence was drawn. Where all chances are known, the scores are estimates for the corpus
            (`weighted_ratio`), and the bootstrap draws documents; else it draws sentences.
        draws: bootstrap draws behind the intervals of F1.
        seed: of the draws.
    Returns:
        Rows by language (see `language_groups`). A code without gold and hits in a language is left out.
    """
    rows = []
    chances = [one.chance for one in drawn if one.chance is not None]
    known = bool(drawn) and len(chances) == len(gold)
    for language in language_groups(sentence.language for sentence in gold):
        places = [place for place, sentence in enumerate(gold) if language in (ALL, sentence.language)]
        pairs = [(gold[place], predictions[place]) for place in places]
        rng = np.random.default_rng(seed)
        if known:
            names = [drawn[place].document_id or drawn[place].sentence_id for place in places]
            clusters, resampled = cluster_weights(names, draws, rng)
            shares = 1 / np.array([chances[place] for place in places])
            rows += _scores_of(pairs, language, _Weights(shares, clusters, resampled * shares, known=True))
        else:
            n = len(pairs)
            copies = rng.multinomial(n, np.full(n, 1 / n), size=draws)
            rows += _scores_of(pairs, language, _Weights(np.ones(n), np.arange(n), copies, known=False))
    return rows


@dataclass(frozen=True, slots=True)
class _Weights:
    """(n,) weights and clusters of the sentences, (draws, n) weights of the bootstrap; whether chances are known."""

    shares: np.ndarray
    clusters: np.ndarray
    resampled: np.ndarray
    known: bool

    @property
    def estimate(self) -> str:
        return "corpus" if self.known else "sample"


def language_groups(languages: Iterable[str]) -> list[str]:
    """`all`, then each language by name; one alone if all are of it. An unknown one counts in `all` only."""
    found = sorted(set(languages))
    return found if len(found) == 1 and found[0] else [ALL, *filter(None, found)]


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


def _scores_of(pairs: Sequence[tuple[GoldSentence, Prediction]], language: str, weights: _Weights) -> list[Score]:
    codes = sorted({code for gold, prediction in pairs for code in gold.codes | prediction.codes})
    counts = np.array([[_outcome(code, gold, prediction) for code in codes] for gold, prediction in pairs])
    counts = counts.reshape(len(pairs), len(codes), 3)
    drawn = np.einsum("dn,nck->dck", weights.resampled, counts)
    families = np.array([code.partition(".")[0] for code in codes])
    rows = [
        _row("micro", language, ALL, counts.sum(axis=1), drawn.sum(axis=1), weights),
        _macro(language, np.einsum("n,nck->ck", weights.shares, counts), drawn, weights),
    ]
    for family in dict.fromkeys(families):
        chosen = families == family
        own, its_draws = counts[:, chosen].sum(axis=1), drawn[:, chosen].sum(axis=1)
        rows.append(_row("family", language, family, own, its_draws, weights))
    rows += [_row("code", language, code, counts[:, i], drawn[:, i], weights) for i, code in enumerate(codes)]
    spans = np.array([_span_outcome(gold.names, prediction.names) for gold, prediction in pairs])
    if spans.any():
        rows.append(_row(NAMES, language, NAMED, spans, weights.resampled @ spans, weights))
    return rows


def _outcome(code: str, gold: GoldSentence, prediction: Prediction) -> tuple[int, int, int]:
    """(true positive, false positive, false negative) of one code in one sentence."""
    wanted, found = code in gold.codes, code in prediction.codes
    return int(wanted and found), int(found and not wanted), int(wanted and not found)


def _span_outcome(wanted: Iterable[str], found: Iterable[str]) -> tuple[int, int, int]:
    one, other = Counter(wanted), Counter(found)
    both = sum((one & other).values())
    return both, sum(other.values()) - both, sum(one.values()) - both


def _row(level: str, language: str, code: str, counts: np.ndarray, drawn: np.ndarray, weights: _Weights) -> Score:
    """A row from (n_sentences, 3) outcomes and (draws, 3) bootstrap sums."""
    tp, fp, fn = (int(number) for number in counts.sum(axis=0))
    low, high = _f1_bounds(_f1(drawn), weights)
    precision = _ratio(counts[:, 0], counts[:, 0] + counts[:, 1], weights)
    recall = _ratio(counts[:, 0], counts[:, 0] + counts[:, 2], weights)
    f1 = float(_f1(weights.shares @ counts))
    return Score(
        level=level,
        language=language,
        code=code,
        precision=precision[0],
        precision_low=precision[1],
        precision_high=precision[2],
        recall=recall[0],
        recall_low=recall[1],
        recall_high=recall[2],
        f1=None if np.isnan(f1) else f1,
        f1_low=low,
        f1_high=high,
        true_positives=tp,
        false_positives=fp,
        false_negatives=fn,
        estimate=weights.estimate,
    )


def _ratio(
    part: np.ndarray, whole: np.ndarray, weights: _Weights
) -> tuple[float, float, float] | tuple[None, None, None]:
    """A share with its interval, of the gold sentences or estimated for the corpus."""
    if weights.known:
        return weighted_ratio(part, whole, weights.shares, weights.clusters) or (None, None, None)
    found, wanted = int(part.sum()), int(whole.sum())
    return (found / wanted, *wilson(found, wanted)) if wanted else (None, None, None)


def _f1_bounds(f1: np.ndarray, weights: _Weights) -> tuple[float | None, float | None]:
    if weights.known:
        return percentile_interval(f1, n_documents=len(np.unique(weights.clusters)), alone=f1)
    known = f1[~np.isnan(f1)]
    if not known.size:
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def _macro(language: str, sums: np.ndarray, drawn: np.ndarray, weights: _Weights) -> Score:
    """Means over the codes of a language, from (n_codes, 3) sums; in a draw, over the codes that it holds."""
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = sums[:, 0] / (sums[:, 0] + sums[:, 1])
        recall = sums[:, 0] / (sums[:, 0] + sums[:, 2])
    f1 = _f1(sums)
    draws = _f1(drawn)
    known = ~np.isnan(draws)
    means = np.where(known, draws, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    low, high = _f1_bounds(means, weights)
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
        f1_low=low,
        f1_high=high,
        true_positives=None,
        false_positives=None,
        false_negatives=None,
        estimate=weights.estimate,
    )


def _f1(sums: np.ndarray) -> np.ndarray:
    """F1 of (…, 3) sums; nan where nothing is wanted and nothing found."""
    tp, fp, fn = sums[..., 0], sums[..., 1], sums[..., 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2 * tp / (2 * tp + fp + fn))


def _mean(values: np.ndarray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else None

"""Do people code alike: alpha and F1 between coders by code, family and language, and where they differ.

Alpha swings for rare codes; read it with F1 and the counts. Usual marks: .80 firm, .667 tentative (Krippendorff 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from textmine.errors import DataError
from textmine.evaluation.alpha import DISTANCES, Array, Codes, alpha_of_counts, jaccard, set_counts
from textmine.evaluation.scores import ALL, language_groups
from textmine.records import Coding, SampleSentence
from textmine.statistics.bootstrap import MIN_DOCUMENTS, percentile_interval

__all__ = ["Agreement", "Disagreement", "find_disagreements", "measure_agreement"]

#: Pairs of coders, at least one of whom gave the code, under which a row is flagged `thin`. A guess: with ten, one
#: decision more or less moves F1 by about .1.
MIN_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike codes were used.

    `level` is all, family or code. A code is measured by nominal alpha (given or not), a family and all codes by alpha
    of the sets of codes given (`measure`: masi or jaccard). `f1` is the F1 of one coder against another, over all pairs
    of coders: 2 `both` / (2 `both` + `one`). `both`, `one` and `none` count decisions of pairs of coders by who gave
    the code. Intervals: bootstrap over documents; None under 3 documents. `alpha` is None (flag `insufficient`) where
    all said the same of all: agreement beyond chance is then not defined; `f1` is None where nobody gave the code.
    """

    level: str
    language: str
    code: str
    measure: str
    alpha: float | None
    low: float | None
    high: float | None
    f1: float | None
    f1_low: float | None
    f1_high: float | None
    both: int
    one: int
    none: int
    n_sentences: int
    n_documents: int
    n_coders: int
    flag: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A code that some coders gave a sentence and others did not; `notes` are what they wrote beside it."""

    sentence_id: str
    document_id: str
    language: str
    code: str
    given_by: tuple[str, ...]
    not_by: tuple[str, ...]
    text: str
    notes: tuple[str, ...]


def measure_agreement(
    codings: Sequence[Coding],
    sentences: Mapping[str, SampleSentence],
    codes: Sequence[str],
    *,
    distance: Literal["masi", "jaccard"] = "masi",
    draws: int = 2000,
    seed: int = 20,
) -> list[Agreement]:
    """Agreement over the sentences that two or more people coded; skipped ones count as not coded.

    Args:
        codings: the newest decision of each coder on each sentence.
        sentences: id -> document and language; a sentence without a document counts as one of its own.
        codes: `family.type`; the rows stand in their order. Codes that nobody gave are left out.
    Returns:
        Rows by language (see `language_groups`): all codes, the families, the codes.
    Raises:
        DataError: no sentence was coded by two people.
    """
    decided = _decided(codings)
    shared = sorted(name for name, said in decided.items() if len(said) > 1)
    if not shared:
        raise DataError("no sentence was coded by two people. Agreement needs some that both were given.")
    rows = []
    for language in language_groups(_of(sentences, name).language for name in shared):
        chosen = [name for name in shared if language in (ALL, _of(sentences, name).language)]
        rows += _rows(
            language,
            [decided[name] for name in chosen],
            [_of(sentences, name).document_id or name for name in chosen],
            codes,
            distance,
            np.random.default_rng(seed),
            draws,
        )
    return rows


def find_disagreements(
    codings: Sequence[Coding], sentences: Mapping[str, SampleSentence], codes: Sequence[str]
) -> list[Disagreement]:
    """Every code on which coders differ, sentence by sentence in the order of `sentences`, codes in their order."""
    decided = _decided(codings)
    notes = {(one.coder, one.sentence_id): one.note for one in codings if one.note}
    place = {name: number for number, name in enumerate(sentences)}
    found = []
    for name in sorted(decided, key=lambda name: (place.get(name, len(place)), name)):
        said = decided[name]
        given = frozenset().union(*said.values())
        for code in [code for code in codes if code in given]:
            by = tuple(coder for coder in said if code in said[coder])
            if len(by) < len(said):
                own = _of(sentences, name)
                written = tuple(f"{coder}: {notes[coder, name]}" for coder in said if (coder, name) in notes)
                others = tuple(coder for coder in said if coder not in by)
                found.append(Disagreement(name, own.document_id, own.language, code, by, others, own.text, written))
    return found


def _decided(codings: Sequence[Coding]) -> dict[str, dict[str, Codes]]:
    """Sentence -> coder -> codes, of what was not skipped; coders by name."""
    decided: dict[str, dict[str, Codes]] = {}
    for one in sorted(codings, key=lambda coding: coding.coder):
        if one.state != "skipped":
            decided.setdefault(one.sentence_id, {})[one.coder] = one.codes
    return decided


def _of(sentences: Mapping[str, SampleSentence], name: str) -> SampleSentence:
    return sentences.get(name) or SampleSentence(name)


def _rows(
    language: str,
    decided: Sequence[Mapping[str, Codes]],
    documents: Sequence[str],
    codes: Sequence[str],
    distance: Literal["masi", "jaccard"],
    rng: np.random.Generator,
    draws: int,
) -> list[Agreement]:
    kinds, places = np.unique(documents, return_inverse=True)
    n = len(kinds)
    weights = rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(np.float64)
    n_coders = len({coder for said in decided for coder in said})
    given = frozenset().union(*(one for said in decided for one in said.values()))
    used = [code for code in codes if code in given]

    def row(level: str, code: str, own: Sequence[str], measure: str) -> Agreement:
        pairs = np.array([_pairs(list(said.values()), own) for said in decided], dtype=np.float64)
        units = [[one & frozenset(own) for one in said.values()] for said in decided]
        counts, apart = set_counts(
            units, DISTANCES.get(measure, jaccard)
        )  # of sets of one code, any distance is nominal
        alpha = _known(alpha_of_counts(counts, np.ones((1, n)), apart, groups=places)[0])
        drawn = alpha_of_counts(counts, weights, apart, groups=places)
        low, high = percentile_interval(drawn, n_documents=n, alone=drawn)
        both, one, none = (int(count) for count in pairs.sum(axis=0))
        f1 = _f1(weights @ np.stack([np.bincount(places, column, n) for column in pairs.T], axis=1))
        f1_low, f1_high = percentile_interval(f1, n_documents=n, alone=f1)
        return Agreement(
            level=level,
            language=language,
            code=code,
            measure=measure,
            alpha=alpha,
            low=low if alpha is not None else None,
            high=high if alpha is not None else None,
            f1=_known(_f1(pairs.sum(axis=0))),
            f1_low=f1_low,
            f1_high=f1_high,
            both=both,
            one=one,
            none=none,
            n_sentences=len(decided),
            n_documents=n,
            n_coders=n_coders,
            flag="insufficient" if alpha is None else "thin" if both + one < MIN_PAIRS or n < MIN_DOCUMENTS else "",
        )

    families = list(dict.fromkeys(code.partition(".")[0] for code in used))
    return [
        row("all", ALL, used, distance),
        *(row("family", name, [code for code in used if code.startswith(f"{name}.")], distance) for name in families),
        *(row("code", code, [code], "nominal") for code in used),
    ]


def _pairs(said: Sequence[Codes], codes: Sequence[str]) -> tuple[int, int, int]:
    """Pairs of coders of one sentence, code by code: both gave it, one did, none did."""
    both = one = none = 0
    for code in codes:
        yes = sum(code in given for given in said)
        no = len(said) - yes
        both += yes * (yes - 1) // 2
        one += yes * no
        none += no * (no - 1) // 2
    return both, one, none


def _f1(pairs: Array) -> Array:
    """F1 of (…, 3) counts of pairs; nan where nobody gave a code."""
    both, one = pairs[..., 0], pairs[..., 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2 * both / (2 * both + one))


def _known(value: float | Array) -> float | None:
    return None if np.isnan(value) else float(value)

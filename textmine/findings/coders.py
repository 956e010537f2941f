"""What coders decided, from files or from the store: how alike they code, where they differ, and gold to score on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

from textmine.codebook import load_codebook
from textmine.errors import DataError
from textmine.evaluation.agreement import Agreement, Disagreement, find_disagreements, measure_agreement
from textmine.evaluation.coded import read_coded
from textmine.evaluation.scores import GoldSentence, Prediction
from textmine.records import Coding, Mention, SampleSentence
from textmine.settings import Settings
from textmine.store import Store
from textmine.trends.corrected import MIN_SAMPLE, NEEDS, HandCoded

__all__ = [
    "AGREEMENT_COLUMNS",
    "DISAGREEMENT_COLUMNS",
    "Decisions",
    "agreement_rows",
    "decisions_of_files",
    "decisions_of_sample",
    "disagreement_rows",
    "gold_of",
    "hand_coded",
    "prediction_of",
]

AGREEMENT_COLUMNS = tuple(field.name for field in fields(Agreement))
DISAGREEMENT_COLUMNS = tuple(field.name for field in fields(Disagreement))


@dataclass(frozen=True, slots=True)
class Decisions:
    """The newest decision of each coder on each sentence, and the sentences by id, in their order."""

    codings: tuple[Coding, ...]
    sentences: Mapping[str, SampleSentence]


def decisions_of_files(files: Sequence[Path], settings: Settings, coder: str | None = None) -> Decisions:
    """What coders decided in files, or one of them; a file that names no coder is its own, by its name.

    Raises:
        DataError: a file cannot be read or is unsound, one coder decides a sentence in two files, or `coder` none.
    """
    codes = _codes(settings)
    stems = Counter(path.stem for path in files)
    codings: dict[tuple[str, str], Coding] = {}
    sentences: dict[str, SampleSentence] = {}
    for path in files:
        # files of one name in two folders are told apart by their folders
        own = path.stem if stems[path.stem] == 1 else f"{path.resolve().parent.name}/{path.stem}"
        found = read_coded(path, codes, coder=own)
        for coding in found.codings:
            if (coding.coder, coding.sentence_id) in codings:
                raise DataError(
                    f"{path.name}: {coding.coder} decides sentence {coding.sentence_id} in an earlier file too. "
                    "Leave one out, or name the coders in a column coder."
                )
            codings[coding.coder, coding.sentence_id] = coding
        for sentence in found.sentences:
            known = sentences.setdefault(sentence.sentence_id, sentence)
            missing = {
                name: getattr(sentence, name)
                for name in ("document_id", "language", "text", "stratum", "chance")
                if not getattr(known, name)
            }
            sentences[sentence.sentence_id] = replace(known, **missing)
    if coder and coder not in {name for name, _ in codings}:
        raise DataError(f"no row is coded by {coder} (coders: {', '.join(sorted({name for name, _ in codings}))}).")
    return Decisions(tuple(one for one in codings.values() if coder in (None, one.coder)), sentences)


def decisions_of_sample(store: Store, name: str, coder: str | None = None) -> Decisions:
    """What coders decided of a sample of the store, or one of them.

    Raises:
        StoreError: there is no such sample.
        DataError: nobody, or not this coder, has coded it.
    """
    sample = store.sample(name)
    codings = store.codings(name, coder)
    if not codings:
        coders = ", ".join(row["coder"] for row in store.sample_rows() if row["sample"] == name and row["coder"])
        raise DataError(
            f"sample {name}: not coded by {coder or 'anybody'} yet (coders: {coders or 'none'}). "
            "Take coded files in with: textmine sample --read FILE --coder NAME"
        )
    return Decisions(tuple(codings), {one.sentence_id: one for one in sample.sentences})


def agreement_rows(
    decisions: Decisions, settings: Settings, *, distance: Literal["masi", "jaccard"] = "masi"
) -> list[dict[str, Any]]:
    """Agreement by language, family and code; columns AGREEMENT_COLUMNS."""
    found = measure_agreement(
        decisions.codings,
        decisions.sentences,
        _codes(settings),
        distance=distance,
        draws=settings.draws,
        seed=settings.seed,
    )
    return [asdict(one) for one in found]


def disagreement_rows(decisions: Decisions, settings: Settings) -> list[dict[str, Any]]:
    """One row a sentence and code on which coders differ; columns DISAGREEMENT_COLUMNS."""
    found = find_disagreements(decisions.codings, decisions.sentences, _codes(settings))
    return [asdict(one) for one in found]


def _codes(settings: Settings) -> list[str]:
    return [code.code for code in load_codebook(settings.codebook).codes]


def gold_of(decisions: Decisions) -> tuple[list[GoldSentence], list[SampleSentence]]:
    """The decided sentences as gold, and each as it was drawn; skipped ones are left out.

    Raises:
        DataError: several people coded, or nothing is left.
    """
    coders = sorted({one.coder for one in decisions.codings})
    if len(coders) > 1:
        raise DataError(f"coded by {', '.join(coders)}. Say whose codes are the gold with --coder NAME.")
    gold, drawn = [], []
    for one in decisions.codings:
        if one.state != "skipped":
            own = decisions.sentences[one.sentence_id]
            gold.append(GoldSentence(own.sentence_id, own.language, own.text, one.codes, one.names, one.note))
            drawn.append(own)
    if not gold:
        raise DataError("no sentence is decided yet, so there is nothing to score.")
    return gold, drawn


def hand_coded(store: Store, settings: Settings, source: Path, coder: str | None = None) -> HandCoded:
    """A hand-coded random sample to correct rates with: a sheet of `textmine sample`, or a sample of the store by name.

    Raises:
        DataError: it cannot be read, is too small, was drawn among coded sentences only, or a chance is not known; the
            message says what a sample needs.
    """
    known = any(row["sample"] == str(source) for row in store.sample_rows())
    try:
        if known and not source.exists():
            filter = store.sample(str(source)).settings.get("filter")
            if isinstance(filter, dict) and filter.get("codes"):
                raise DataError(f"drawn among sentences with {', '.join(filter['codes'])} only.")
            decisions = decisions_of_sample(store, str(source), coder)
        else:
            decisions = decisions_of_files([source], settings, coder)
        gold, drawn = gold_of(decisions)
    except DataError as error:
        raise DataError(f"--corrected {source}: {error} {NEEDS}") from error
    chances = tuple(one.chance for one in drawn if one.chance is not None)
    if len(gold) < MIN_SAMPLE:
        raise DataError(f"--corrected {source}: {len(gold)} sentences are too few. {NEEDS}")
    if len(chances) < len(gold):
        raise DataError(
            f"--corrected {source}: the chance of {len(gold) - len(chances)} sentences is not known. {NEEDS}"
        )
    return HandCoded(tuple(one.id for one in gold), tuple(one.codes for one in gold), chances)


def prediction_of(text: str, mentions: Sequence[Mention]) -> Prediction:
    """What mentions of a sentence say, as scores compare it with gold."""
    asserted = [mention for mention in mentions if not mention.negated]
    codes = frozenset(mention.code for mention in asserted)
    return Prediction(
        codes=codes,
        names=tuple(text[mention.start : mention.end] for mention in asserted if mention.code == "cluster.named"),
        denied=frozenset(mention.code for mention in mentions if mention.negated) - codes,
        terms={mention.code: mention.term for mention in asserted},
    )

"""`textmine evaluate`: the coder against sentences coded by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import (
    CodebookOption,
    CorpusOption,
    FormatOption,
    LimitOption,
    ModelOption,
    OutputOption,
    corpus_settings,
    print_rows,
    warn,
)

if TYPE_CHECKING:
    from textmine.coding import Coder
    from textmine.evaluation import GoldSentence, Prediction
    from textmine.records import SampleSentence
    from textmine.settings import Settings

__all__ = ["predict", "register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate)


def evaluate(
    gold: Annotated[
        Path | None,
        typer.Argument(
            help="JSONL with id, lang, text, codes and names; or a coded sample, CSV, XLSX or JSONL.", exists=True
        ),
    ] = None,
    sample: Annotated[
        str | None, typer.Option("--sample", help="A coded sample of the store, instead of a file: scores its codes.")
    ] = None,
    coder: Annotated[str | None, typer.Option("--coder", help="Whose codes are the gold, where several coded.")] = None,
    errors: Annotated[bool, typer.Option("--errors", help="List the errors by kind instead of the scores.")] = False,
    level: Annotated[str | None, typer.Option("--level", help="Only micro, macro, family, code or names.")] = None,
    corpus: CorpusOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    codebook: CodebookOption = None,
    model: ModelOption = None,
) -> None:
    """Score the coder: precision, recall and F1 with 95 % intervals, by code, family and language; names by exact span.

    Of a random sample, with the chance of each sentence, they are estimates for the whole corpus. With --sample the
    codes in the store are scored, with --model or a file what the coder says of each sentence alone.

    Example: textmine evaluate gold.jsonl --level family
    """
    from textmine.evaluation import Score, SentenceError, find_errors, score_predictions

    levels = ("micro", "macro", "family", "code", "names")
    if level is not None and level not in levels:
        raise typer.BadParameter(f"--level: found {level!r}, expected one of {', '.join(levels)}.")
    if (gold is None) == (sample is None):
        raise typer.BadParameter("name a file of gold sentences, or a coded sample of the store with --sample NAME.")
    settings = corpus_settings(corpus, codebook=codebook, model=model)
    anew = gold is not None or model is not None or codebook is not None
    sentences, drawn, predictions = _sides(settings, gold, sample, coder, anew=anew)
    rows: list[dict[str, Any]]
    if errors:
        columns = [field.name for field in fields(SentenceError)]
        rows = [asdict(error) for error in find_errors(sentences, predictions)]
    else:
        columns = [field.name for field in fields(Score)]
        scores = score_predictions(sentences, predictions, drawn=drawn, draws=settings.draws, seed=settings.seed)
        rows = [_rounded(asdict(score)) for score in scores if level in (None, score.level)]
    print_rows(rows, columns, format=format, output=output, limit=limit)


def _sides(
    settings: Settings, file: Path | None, sample: str | None, coder: str | None, *, anew: bool
) -> tuple[list[GoldSentence], list[SampleSentence], list[Prediction]]:
    """Gold, how it was drawn (nothing for plain gold), and what the coder says of it."""
    from textmine.coding import load_coder
    from textmine.evaluation import read_gold

    if file is not None and not _is_coded_sample(file):
        gold = read_gold(file)
        return gold, [], predict(gold, load_coder(settings))
    from textmine.findings import coders

    if file is not None:
        gold, drawn = coders.gold_of(coders.decisions_of_files([file], settings, coder))
        return gold, drawn, predict(gold, load_coder(settings))
    from textmine.store import Store

    with Store.open(settings.corpus) as store:
        gold, drawn = coders.gold_of(coders.decisions_of_sample(store, sample or "", coder))
        if anew:
            return gold, drawn, predict(gold, load_coder(settings))
        found = store.stored_mentions(one.id for one in gold)
    kept = [place for place, one in enumerate(gold) if one.id in found]
    if len(kept) < len(gold):
        warn(f"{len(gold) - len(kept)} coded sentences are no longer in the store and are left out.")
    predictions = [coders.prediction_of(gold[place].text, found[gold[place].id]) for place in kept]
    return [gold[place] for place in kept], [drawn[place] for place in kept], predictions


def _is_coded_sample(file: Path) -> bool:
    """Whether a file is a sheet of `textmine sample`, or a table, and not plain gold."""
    if file.suffix.lower() != ".jsonl":
        return True
    with file.open(encoding="utf-8", errors="replace") as lines:
        return '"sentence_id"' in lines.readline()


def predict(gold: Sequence[GoldSentence], coder: Coder) -> list[Prediction]:
    """What the coder says of the gold sentences, each alone, in their order."""
    from textmine.findings.coders import prediction_of
    from textmine.sentences import sentence_from_text

    sentences = [sentence_from_text(one.text, language=one.language, id=one.id) for one in gold]
    return [
        prediction_of(sentence.text, mentions)
        for sentence, mentions in zip(sentences, coder.code_texts(sentences), strict=True)
    ]


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}

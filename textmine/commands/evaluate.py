"""`textmine evaluate`: the coder against sentences coded by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from textmine.commands.options import FormatOption, LimitOption, OutputOption, print_rows
from textmine.settings import load_settings

if TYPE_CHECKING:
    from textmine.coding import Coder
    from textmine.evaluation import GoldSentence, Prediction

__all__ = ["predict", "register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate)


def evaluate(
    gold: Annotated[Path, typer.Argument(help="JSONL with id, lang, text, codes and names.", exists=True)],
    errors: Annotated[bool, typer.Option("--errors", help="List the errors by kind instead of the scores.")] = False,
    level: Annotated[str | None, typer.Option("--level", help="Only micro, macro, family, code or names.")] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    limit: LimitOption = None,
    codebook: Annotated[Path | None, typer.Option("--codebook", help="Your own codebook file or folder.")] = None,
    model: Annotated[str | None, typer.Option("--model", help="keyword, auto or the folder of a model.")] = None,
) -> None:
    """Score the coder: precision, recall and F1 with 95 % intervals, by code, family and language; names by exact span.

    Example: textmine evaluate gold.jsonl --level family
    """
    from textmine.coding import load_coder
    from textmine.evaluation import Score, SentenceError, find_errors, read_gold, score_predictions

    levels = ("micro", "macro", "family", "code", "names")
    if level is not None and level not in levels:
        raise typer.BadParameter(f"--level: found {level!r}, expected one of {', '.join(levels)}.")
    settings = load_settings(codebook=codebook, model=model)
    sentences = read_gold(gold)
    predictions = predict(sentences, load_coder(settings))
    rows: list[dict[str, Any]]
    if errors:
        columns = [field.name for field in fields(SentenceError)]
        rows = [asdict(error) for error in find_errors(sentences, predictions)]
    else:
        columns = [field.name for field in fields(Score)]
        scores = score_predictions(sentences, predictions, draws=settings.draws, seed=settings.seed)
        rows = [_rounded(asdict(score)) for score in scores if level in (None, score.level)]
    print_rows(rows, columns, format=format, output=output, limit=limit)


def predict(gold: Sequence[GoldSentence], coder: Coder) -> list[Prediction]:
    """What the coder says of the gold sentences, in their order."""
    from textmine.evaluation import Prediction
    from textmine.sentences import sentence_from_text

    sentences = [sentence_from_text(one.text, language=one.language, id=one.id) for one in gold]
    predictions = []
    for sentence, mentions in zip(sentences, coder.code_texts(sentences), strict=True):
        asserted = [mention for mention in mentions if not mention.negated]
        codes = frozenset(mention.code for mention in asserted)
        predictions.append(
            Prediction(
                codes=codes,
                names=tuple(
                    sentence.text[mention.start : mention.end]
                    for mention in asserted
                    if mention.code == "cluster.named"
                ),
                denied=frozenset(mention.code for mention in mentions if mention.negated) - codes,
                terms={mention.code: mention.term for mention in asserted},
            )
        )
    return predictions


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}

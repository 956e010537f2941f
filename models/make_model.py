"""Fit the shipped model anew from models/training: `make model`. Same data, same libraries: same predictions.

Takes about ten minutes of one core. Nothing here reads evaluation sentences; name a gold file to see the fitted model
scored on it beside the keyword coder: `python models/make_model.py --score GOLD.jsonl`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from textmine.codebook import load_codebook
from textmine.coding import KeywordCoder
from textmine.coding.classifier import save_model
from textmine.coding.combine import CombinedCoder
from textmine.coding.training import TrainingSentence, fit_coder, read_training
from textmine.commands.evaluate import predict
from textmine.evaluation import read_gold, score_predictions
from textmine.evaluation.agreement import measure_agreement
from textmine.records import Coding, SampleSentence
from textmine.sentences import sentence_from_text
from textmine.settings import load_settings

HERE = Path(__file__).parent


def main(
    output: Annotated[Path, typer.Option(help="Folder of the model.")] = HERE / "coder",
    score: Annotated[Path | None, typer.Option(help="A gold file to score the model on.")] = None,
) -> None:
    """Fit, save, report."""
    seed = load_settings().seed
    keywords = KeywordCoder(load_codebook())
    codes = [code.code for code in keywords.codebook.codes]
    labelled = read_training(sorted((HERE / "training").glob("*.tsv")), codes)
    sentences = [sentence_from_text(one.text, language=one.language) for one in labelled]
    model = fit_coder(labelled, sentences, keywords, random_state=seed).model
    model = replace(model, card={**model.card, "agreement": agreement(labelled, codes)})
    save_model(model, output)
    for language, scores in model.card["held_out"].items():
        print(f"{language}, batches held out: micro F1 {scores['micro_f1']:.3f}, macro F1 {scores['macro_f1']:.3f}")
    if score is not None:
        gold = read_gold(score)
        for name, coder in (("keywords", keywords), ("model", CombinedCoder(keywords, model))):
            for row in score_predictions(gold, predict(gold, coder), draws=1000, seed=seed):
                if row.level in ("micro", "macro", "family", "names"):
                    print(f"{score.name}, {name}, {row.language}, {row.level} {row.code}: F1 {row.f1 or 0:.3f}")


def agreement(labelled: Sequence[TrainingSentence], codes: Sequence[str]) -> dict[str, Any]:
    """How well the codes of 400 training sentences, drawn at random, agree with those of a second, blind coder."""
    second = read_training([HERE / "second_coder.tsv"], codes)
    first = {sentence.text: sentence for sentence in labelled}
    codings = [Coding(one.text, "second", one.codes) for one in second]
    codings += [Coding(one.text, "first", first[one.text].codes) for one in second]
    sentences = {one.text: SampleSentence(one.text, language=one.language) for one in second}
    rows = measure_agreement(codings, sentences, codes)
    return {
        row.language: {
            "n": row.n_sentences,
            "alpha": round(row.alpha, 4),
            "alpha_interval": [round(row.low, 4), round(row.high, 4)],
            "f1": round(row.f1, 4),
            "f1_interval": [round(row.f1_low, 4), round(row.f1_high, 4)],
        }
        for row in rows
        if row.level == "all"
    }


if __name__ == "__main__":
    typer.run(main)

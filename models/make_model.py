"""Fit the shipped model anew from models/training: `make model`. Same data, same libraries: same predictions.

Takes about ten minutes of one core. Nothing here reads evaluation sentences; name a gold file to see the fitted model
scored on it beside the keyword coder: `python models/make_model.py --score GOLD.jsonl`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from textmine.codebook import load_codebook
from textmine.coding import KeywordCoder
from textmine.coding.classifier import save_model
from textmine.coding.combine import CombinedCoder
from textmine.coding.training import fit_coder, read_training
from textmine.commands.evaluate import predict
from textmine.evaluation import read_gold, score_predictions
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
    labelled = read_training(sorted((HERE / "training").glob("*.tsv")), [code.code for code in keywords.codebook.codes])
    sentences = [sentence_from_text(one.text, language=one.language) for one in labelled]
    model = fit_coder(labelled, sentences, keywords, random_state=seed).model
    save_model(model, output)
    for language, scores in model.card["held_out"].items():
        print(f"{language}, batches held out: micro F1 {scores['micro_f1']:.3f}, macro F1 {scores['macro_f1']:.3f}")
    if score is not None:
        gold = read_gold(score)
        for name, coder in (("keywords", keywords), ("model", CombinedCoder(keywords, model))):
            for row in score_predictions(gold, predict(gold, coder), draws=1000, seed=seed):
                if row.level in ("micro", "macro", "family", "names"):
                    print(f"{score.name}, {name}, {row.language}, {row.level} {row.code}: F1 {row.f1 or 0:.3f}")


if __name__ == "__main__":
    typer.run(main)

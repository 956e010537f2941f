"""How good a coding is, against sentences coded by people."""

from textmine.evaluation.scores import (
    GoldSentence,
    Prediction,
    Score,
    SentenceError,
    find_errors,
    read_gold,
    score_predictions,
)

__all__ = [
    "GoldSentence",
    "Prediction",
    "Score",
    "SentenceError",
    "find_errors",
    "read_gold",
    "score_predictions",
]

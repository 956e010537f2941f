"""Which instrument answers which barrier: a judgement, kept as data and moved in the sensitivity test."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from textmine.integration.contexts import BARRIERS, INSTRUMENTS

__all__ = ["ANSWERS", "AnswerTable", "answer_matrix"]

AnswerTable: TypeAlias = Literal["strict", "table", "wide"]

#: Barrier -> instruments that answer it, the plainest first.
ANSWERS: dict[str, tuple[str, ...]] = {
    "cooperation": ("coordination", "research", "promotion"),
    "trust": ("coordination", "promotion"),
    "finance": ("funding", "regulation"),
    "skills": ("skills",),
    "awareness": ("promotion", "skills"),
    "governance": ("coordination", "regulation"),
    "infrastructure": ("infrastructure",),
    "innovation": ("research", "funding", "infrastructure"),
    "market": ("promotion", "funding", "coordination"),
    "territorial": ("infrastructure", "coordination", "funding"),
}
#: What a wide reading lets answer everything: money and a body in charge.
_WIDE = ("funding", "coordination")


def answer_matrix(table: AnswerTable = "table") -> NDArray[np.float64]:
    """(10 barriers, 7 instruments) 1 where the instrument answers; `strict` keeps the plainest instrument only."""
    matrix = np.zeros((len(BARRIERS), len(INSTRUMENTS)))
    for row, barrier in enumerate(BARRIERS):
        names = ANSWERS[barrier.split(".")[1]]
        if table == "strict":
            names = names[:1]
        elif table == "wide":
            names = (*names, *_WIDE)
        for name in names:
            matrix[row, INSTRUMENTS.index(f"instrument.{name}")] = 1
    return matrix

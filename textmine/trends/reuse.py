"""Text used again: blocks that stand nearly word for word in more than one document (editions, copied boilerplate).

MinHash over runs of lemmas with banded look-up (Broder 1997). Written here with numpy, because it is sixty lines and
the usual package (datasketch) would be one more dependency for one job.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["find_reuse", "signatures"]

#: Lemmas in a run. Shorter runs make blocks of one genre alike, longer ones break at each changed word.
SHINGLE = 4
#: Blocks with fewer lemmas are headings and stock phrases; their likeness says nothing.
MIN_LEMMAS = 12
HASHES = 96
#: 24 bands of 4 rows: at a likeness of .7 a pair is missed once in 300 times, at .3 it is looked at once in 6.
BANDS = 24
_PRIME = np.uint64((1 << 31) - 1)


def signatures(texts: Iterable[list[str]], *, seed: int = 20) -> NDArray[np.uint64]:
    """(n, 96) MinHash signatures of lists of lemmas; equal shares of equal entries estimate Jaccard likeness."""
    rng = np.random.default_rng(seed)
    a = rng.integers(1, int(_PRIME), HASHES, dtype=np.uint64)
    b = rng.integers(0, int(_PRIME), HASHES, dtype=np.uint64)
    rows = []
    for lemmas in texts:
        shingles = np.array(sorted(_shingles(lemmas)), dtype=np.uint64) % _PRIME
        rows.append(((shingles[:, None] * a + b) % _PRIME).min(axis=0))
    return np.array(rows, dtype=np.uint64).reshape(-1, HASHES)


def _shingles(lemmas: list[str]) -> set[int]:
    last = max(len(lemmas) - SHINGLE, 0)
    return {zlib.crc32(" ".join(lemmas[i : i + SHINGLE]).encode()) for i in range(last + 1)}


def find_reuse(blocks: pl.DataFrame, years: pl.DataFrame, *, likeness: float = 0.7) -> pl.DataFrame:
    """Blocks that repeat a block of another document.

    Args:
        blocks: block_id, document_id, lemmas (space-joined).
        years: document_id, year; the earliest document counts as the source.
        likeness: least Jaccard likeness of runs of four lemmas.
    Returns:
        block_id, document_id, group, source (block id of the earliest, itself for the source), likeness with it;
        sorted by group, the source first. Empty when nothing repeats. Repeats inside one document are not reuse.
    """
    schema = {
        "block_id": pl.String,
        "document_id": pl.String,
        "group": pl.Int64,
        "source": pl.String,
        "likeness": pl.Float64,
    }
    frame = (
        blocks.select("block_id", "document_id", "lemmas")
        .join(years.select("document_id", "year"), on="document_id", how="left")
        .sort(pl.col("year").fill_null(9999), "document_id", "block_id")
    )
    rows = [
        (block, document, words)
        for block, document, text in frame.select("block_id", "document_id", "lemmas").iter_rows()
        if len(words := (text or "").split()) >= MIN_LEMMAS
    ]
    if not rows:
        return pl.DataFrame(schema=schema)
    marks = signatures([words for _, _, words in rows])
    shingles = [_shingles(words) for _, _, words in rows]
    leader = list(range(len(rows)))

    def root(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for first, second in sorted(_candidates(marks)):
        if rows[first][1] != rows[second][1] and root(first) != root(second):
            shared = len(shingles[first] & shingles[second])
            if shared / (len(shingles[first]) + len(shingles[second]) - shared) >= likeness:
                low, high = sorted((root(first), root(second)))
                leader[high] = low
    groups = defaultdict(list)
    for i in range(len(rows)):
        groups[root(i)].append(i)
    found = []
    for number, (source, members) in enumerate(sorted((k, v) for k, v in groups.items() if len(v) > 1), start=1):
        for i in members:
            shared = len(shingles[i] & shingles[source])
            alike = shared / (len(shingles[i]) + len(shingles[source]) - shared)
            found.append((rows[i][0], rows[i][1], number, rows[source][0], round(alike, 3)))
    return pl.DataFrame(found, schema=schema, orient="row")


def _candidates(marks: NDArray[np.uint64]) -> set[tuple[int, int]]:
    pairs: set[tuple[int, int]] = set()
    for band in np.split(marks, BANDS, axis=1):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for i, row in enumerate(np.ascontiguousarray(band)):
            buckets[row.tobytes()].append(i)
        for members in buckets.values():
            # a boilerplate in hundreds of documents: all against the earliest is enough, the groups join anyway
            pairs.update((members[0], other) for other in members[1:])
            if len(members) <= 50:
                pairs.update((a, b) for i, a in enumerate(members) for b in members[i + 1 :])
    return pairs

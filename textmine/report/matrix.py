"""A document-term matrix as MatrixMarket, which scipy, R (Matrix), Julia and MATLAB read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, Any

__all__ = ["Terms", "write_matrix"]

#: (language, lemma) -> how often, for one document.
Terms = Mapping[tuple[str, str], int]


def write_matrix(documents: Iterable[Terms], file: IO[bytes]) -> list[dict[str, Any]]:
    """Write the counts, (n_documents, n_terms) integers, and return the vocabulary: one row a column of the matrix.

    Rows stand in the order of `documents`; columns by language and lemma, with the keys `column` (from 1, as in the
    file), `language, lemma, n_documents, n`.
    """
    import numpy as np
    from scipy.io import mmwrite
    from scipy.sparse import coo_array

    places: dict[tuple[str, str], int] = {}
    rows: list[int] = []
    columns: list[int] = []
    counts: list[int] = []
    n_rows = 0
    for number, terms in enumerate(documents):
        n_rows = number + 1
        for term, n in terms.items():
            rows.append(number)
            columns.append(places.setdefault(term, len(places)))
            counts.append(n)
    order = sorted(places)
    place_of = np.empty(len(order), dtype=np.int64)
    for place, term in enumerate(order):
        place_of[places[term]] = place
    own = place_of[np.asarray(columns, dtype=np.int64)] if columns else np.empty(0, dtype=np.int64)
    values = np.asarray(counts, dtype=np.int64)
    matrix = coo_array((values, (np.asarray(rows, dtype=np.int64), own)), shape=(n_rows, len(order)))
    mmwrite(file, matrix, comment="documents x lemmas, made with textmine", field="integer", symmetry="general")
    n_documents = np.bincount(own, minlength=len(order))
    totals = np.bincount(own, weights=values, minlength=len(order))
    return [
        {"column": place + 1, "language": language, "lemma": lemma, "n_documents": int(seen), "n": int(total)}
        for place, ((language, lemma), seen, total) in enumerate(zip(order, n_documents, totals, strict=True))
    ]

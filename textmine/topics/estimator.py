"""The factorisation as a scikit-learn estimator, for pipelines and for comparing with others."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from textmine.topics.factors import Factors, Kind, factorise, infer_weights

__all__ = ["AnchoredTopics"]


class AnchoredTopics(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Topics of a matrix of non-negative weights, the first of them anchored by seed rows.

    Args:
        n_components: number of topics, anchors included; no more than X has columns are fitted.
        seeds: (n_anchors, n_features) or None.
        kind: `nmf` or `lda`.
        random_state: the same one gives the same topics.

    Attributes:
        components_: (n_components, n_features), rows of length 1.
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        seeds: np.ndarray | None = None,
        kind: Kind = "nmf",
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.n_components = n_components
        self.seeds = seeds
        self.kind = kind
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> AnchoredTopics:
        """Learn `components_` from X (n_samples, n_features); y is not used."""
        matrix = sparse.csr_matrix(
            validate_data(self, X, accept_sparse="csr", dtype=np.float64, ensure_non_negative=True)
        )
        seeds = np.zeros((0, matrix.shape[1])) if self.seeds is None else np.asarray(self.seeds, dtype=np.float64)
        n_topics = max(1, min(self.n_components, *matrix.shape))
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        if not isinstance(self.random_state, np.random.RandomState) and self.random_state is not None:
            seed = int(self.random_state)
        self.components_ = factorise(
            normalize(matrix), normalize(seeds) if len(seeds) else seeds, n_topics=n_topics, seed=seed, kind=self.kind
        ).components
        return self

    def transform(self, X: Any) -> np.ndarray:
        """(n_samples, n_components) weights; rows sum to 1, or are 0 for a sample without a weight."""
        check_is_fitted(self)
        matrix = validate_data(self, X, accept_sparse="csr", dtype=np.float64, ensure_non_negative=True, reset=False)
        return infer_weights(normalize(sparse.csr_matrix(matrix)), Factors(self.components_, self.kind))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags

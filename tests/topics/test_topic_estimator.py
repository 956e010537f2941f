import numpy as np
from sklearn.utils.estimator_checks import parametrize_with_checks

from textmine.topics.estimator import AnchoredTopics


@parametrize_with_checks([AnchoredTopics(random_state=0)])  # type: ignore[untyped-decorator]
def test_it_is_an_estimator(estimator: AnchoredTopics, check: object) -> None:
    check(estimator)  # type: ignore[operator]


def test_same_seed_same_topics_and_anchors_first() -> None:
    rng = np.random.default_rng(1)
    halves = rng.random((60, 2)) > 0.5
    matrix = rng.random((60, 10)) * 0.1 + np.kron(halves, np.ones(5)) * rng.random((60, 10))
    seeds = np.zeros((1, 10))
    seeds[0, 7] = 1.0
    first = AnchoredTopics(2, seeds=seeds, random_state=3).fit(matrix)
    second = AnchoredTopics(2, seeds=seeds, random_state=3).fit(matrix)
    assert (first.components_ == second.components_).all()
    assert first.components_[0, 5:].sum() > first.components_[0, :5].sum()
    weights = first.transform(matrix)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    in_second, in_first = halves[:, 1] & ~halves[:, 0], halves[:, 0] & ~halves[:, 1]
    assert weights[in_second, 0].mean() > weights[in_first, 0].mean() + 0.2

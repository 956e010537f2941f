import numpy as np
import pytest
from scipy import sparse

from textmine.topics.labels import choose_label, rank_terms, say_term, term_loadings
from textmine.topics.quality import exclusivity, match_topics, npmi, resampled_documents, stability, top_columns


def test_npmi_by_hand() -> None:
    # two terms together in 2 of 4 units, a third always alone
    counts = sparse.csr_matrix([[1, 2, 0], [3, 1, 0], [0, 0, 1], [0, 0, 1]])
    together, apart, short = npmi([[0, 1], [0, 2], [0]], counts)
    assert together == pytest.approx(1.0)  # ln(.5 / .25) / -ln .5
    assert apart == -1.0
    assert short is None


def test_npmi_of_independent_terms_is_zero() -> None:
    counts = sparse.csr_matrix([[1, 1], [1, 0], [0, 1], [0, 0], [1, 1], [1, 0], [0, 1]])
    value = npmi([[0, 1]], counts)[0]
    assert value is not None
    assert -0.3 < value < 0.1


def test_exclusivity() -> None:
    assert exclusivity(np.eye(3)) == 1.0
    assert exclusivity(np.ones((4, 2))) == pytest.approx(0.25)


def test_top_columns_leaves_zeros_out() -> None:
    assert top_columns(np.array([[0.1, 0.0, 0.3]]), 3) == [[2, 0]]


def test_match_topics() -> None:
    assert match_topics(np.eye(3), np.eye(3)[[2, 0, 1]]).tolist() == [1, 2, 0]


def test_resampling_leaves_documents_out_and_repeats() -> None:
    documents = [f"d{i}" for i in range(20)]
    first = resampled_documents(documents, run=1, seed=3)
    assert len(first) == 18
    assert first == resampled_documents(documents[::-1], run=1, seed=3)
    assert first != resampled_documents(documents, run=2, seed=3)
    assert len(resampled_documents(["a", "b"], run=0, seed=0)) == 1


def test_stability_of_what_never_changes_is_one_and_of_what_does_is_low() -> None:
    components = np.kron(np.eye(2), np.ones(10))
    documents = ["a", "b", "c"]
    same = stability(components, documents, lambda mask, seed: components[::-1], n_columns=20, seed=1, n_runs=2)
    assert same.tolist() == [1.0, 1.0]
    moved = np.roll(components, 5, axis=1)
    other = stability(components, documents, lambda mask, seed: moved, n_columns=20, seed=1, n_runs=2)
    assert other.tolist() == [0.5, 0.5]


def test_terms_are_frequent_and_exclusive() -> None:
    loadings = np.array([[5.0, 4.0, 0.1, 0.0], [5.0, 0.0, 0.1, 3.0]])
    counts = sparse.csr_matrix(np.ones((3, 4)))
    first, second = rank_terms(loadings, counts, n=2)
    assert first[0] == 1
    assert second[0] == 3
    assert rank_terms(np.zeros((1, 4)), counts, n=2) == [[]]


def test_terms_keep_company() -> None:
    # four terms weigh alike; the last never stands beside the others
    counts = sparse.csr_matrix([[1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]])
    ranked = rank_terms(np.array([[1.0, 1.0, 1.0, 1.0]]), counts, n=4)[0]
    assert ranked[-1] == 3


def test_loadings_are_means() -> None:
    weights = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    terms = sparse.csr_matrix([[2.0], [4.0], [0.0]])
    assert term_loadings(weights, terms)[0, 0] == pytest.approx((2 + 2) / 1.5)


def test_labels() -> None:
    terms = ["brak", "brak_zaufanie", "kadra", "kadrowy", "niedobór"]
    assert choose_label(terms, anchor="barrier") == "bariery: brak, kadra, niedobór"
    assert choose_label(["lack", "staff"], anchor="barrier", language="en") == "barriers: lack, staff"
    assert choose_label(["energia"], anchor="priority.energy") == "priorytety (energy): energia"
    assert choose_label([], anchor="") == ""
    assert choose_label(["polityka_klastrowy"], language="pl") == "polityka klastrowa"
    assert say_term("smart_specialisation", "en") == "smart specialisation"

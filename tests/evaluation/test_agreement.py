"""Alpha against published and hand-calculated cases, F1, flags and disagreements of coders of both languages."""

from __future__ import annotations

import numpy as np
import pytest

from textmine.errors import DataError
from textmine.evaluation.agreement import find_disagreements, measure_agreement
from textmine.evaluation.alpha import jaccard, masi, nominal_alpha, set_alpha
from textmine.records import Coding, SampleSentence

N = np.nan
#: Krippendorff (2011), "Computing Krippendorff's alpha-reliability": A binary, B nominal, C four coders with gaps.
A = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)
B = np.array([list(map(ord, "aabbdcccedda")), list(map(ord, "babbbccceddd"))], dtype=float)
C = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
)
#: The example of the package `krippendorff` and of Wikipedia.
W = np.array(
    [
        [N, N, N, N, N, 3, 4, 1, 2, 1, 1, 3, 3, N, 3],
        [1, N, 2, 1, 3, 3, 4, 3, N, N, N, N, N, N, N],
        [N, N, 2, 1, 3, 4, 4, N, 2, 1, 1, 3, 3, N, 4],
    ]
)


def sets(text: str) -> list[frozenset[str] | None]:
    """`a|a b||?` -> sets; `?`: not seen."""
    return [None if part == "?" else frozenset(part.split()) for part in text.split("|")]


@pytest.mark.parametrize(
    ("values", "published", "of_the_package"),
    [
        pytest.param(A, 0.095, 0.09523809523809534, id="binary"),
        pytest.param(B, 0.692, None, id="nominal"),
        pytest.param(C, 0.743, 0.743421052631579, id="four-coders-with-gaps"),
        pytest.param(W, 0.691, 0.691358024691358, id="package"),
    ],
)
def test_alpha_of_published_examples(values, published, of_the_package) -> None:
    assert nominal_alpha(values) == pytest.approx(published, abs=5.1e-4)
    if of_the_package is not None:
        assert nominal_alpha(values) == pytest.approx(of_the_package, abs=1e-12)


def test_distances_of_sets() -> None:
    a, ab, bc, none = (frozenset(text) for text in ("a", "ab", "bc", ""))
    assert masi(a, ab) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi(ab, bc) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert (masi(none, none), masi(none, a), masi(ab, ab)) == (0, 1, 0)
    assert jaccard(ab, bc) == pytest.approx(2 / 3)
    assert (jaccard(none, none), jaccard(none, a)) == (0, 1)


def test_set_alpha_by_hand() -> None:
    # distance of {a, b} and {a} is 2/3: observed 2 * 2/3; expected (2*3*1*2/3 + 2*3*2 + 2*1*2) / 5 = 4
    assert set_alpha([sets("a|a b|c"), sets("a|a|c")]) == pytest.approx(1 - (4 / 3) / 4)


@pytest.mark.parametrize(("distance", "of_the_package"), [(masi, 0.4391332058636074), (jaccard, 0.49647532729103727)])
def test_set_alpha_is_that_of_the_package(distance, of_the_package) -> None:
    said = [sets("a|a b||c|a b|?|b c|"), sets("a|a||c d|b c|d|b c|a"), sets("b|a b||?|a b|d|c|?")]
    assert set_alpha(said, distance=distance) == pytest.approx(of_the_package, abs=1e-12)


def test_weights_are_repeats() -> None:
    weights = np.array([2.0, 0, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1])
    repeated = np.repeat(C, weights.astype(int), axis=1)
    assert nominal_alpha(C, weights) == pytest.approx(nominal_alpha(repeated))


def test_chance_coding_has_no_agreement() -> None:
    rng = np.random.default_rng(2)
    values = (rng.random((2, 5000)) < 0.3).astype(float)
    assert abs(nominal_alpha(values)) < 0.05


CODES = ("barrier.trust", "barrier.skills", "priority.ict")


def made(share: float, sensitivity: float, *, n: int = 600, seed: int = 1):
    """Decisions of two coders on sentences of both languages, thirty a document."""
    rng = np.random.default_rng(seed)
    codings, sentences = [], {}
    for i in range(n):
        name, language = f"s{i:03d}", ("pl", "en")[i % 2]
        sentences[name] = SampleSentence(name, f"{language}-{i // 30}", language, f"Zdanie {i}.")
        real = rng.random() < share
        for coder in ("Ala", "Ben"):
            yes = rng.random() < (sensitivity if real else 0.005)
            codings.append(Coding(name, coder, frozenset({"barrier.trust"} if yes else ())))
    return codings, sentences


def test_good_coders_agree_and_careless_ones_less() -> None:
    good, poor = (
        {(row.level, row.language): row for row in measure_agreement(*made(0.1, s), CODES, draws=300)}["code", "all"]
        for s in (0.95, 0.6)
    )
    assert good.alpha > 0.8 > poor.alpha
    assert good.low <= good.alpha <= good.high
    assert good.both + good.one + good.none == good.n_sentences == 600
    assert good.f1 == pytest.approx(2 * good.both / (2 * good.both + good.one))
    assert good.f1_low < good.f1 < good.f1_high
    assert (good.n_coders, good.n_documents, good.flag) == (2, 40, "")


def test_rows_by_language_level_and_code() -> None:
    codings, sentences = made(0.1, 0.9)
    rows = measure_agreement(codings, sentences, CODES, draws=200)
    assert [(row.language, row.level, row.code, row.measure) for row in rows] == [
        (language, *rest)
        for language in ("all", "en", "pl")
        for rest in (("all", "all", "masi"), ("family", "barrier", "masi"), ("code", "barrier.trust", "nominal"))
    ]
    assert sum(row.n_sentences for row in rows if row.level == "code") == 2 * 600
    # with one code given, the set-valued alpha is the nominal one
    assert rows[0].alpha == pytest.approx(rows[2].alpha)


def test_alpha_of_a_row_is_that_of_its_matrix() -> None:
    said = {"Ala": "a|a b||b", "Ben": "a|b||b", "Cyd": "a|?|a|?"}
    names = {"a": "barrier.trust", "b": "barrier.skills"}
    codings = [
        Coding(f"s{i}", coder, frozenset(names[code] for code in codes), note="hm" if i == 1 else "")
        for coder, text in said.items()
        for i, codes in enumerate(sets(text))
        if codes is not None
    ]
    skipped = Coding("s3", "Cyd", frozenset({"priority.ict"}), state="skipped")
    sentences = {f"s{i}": SampleSentence(f"s{i}", language="pl", text=f"Zdanie {i}") for i in range(4)}
    rows = {row.code: row for row in measure_agreement([*codings, skipped], sentences, CODES, distance="jaccard")}
    assert rows["all"].alpha == pytest.approx(set_alpha([sets(text) for text in said.values()], distance=jaccard))
    trust = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, N, 1, N]])
    assert rows["barrier.trust"].alpha == pytest.approx(nominal_alpha(trust))
    assert (rows["barrier.trust"].both, rows["barrier.trust"].one, rows["barrier.trust"].none) == (3, 3, 2)
    assert rows["barrier.trust"].flag == "thin"
    assert "priority.ict" not in rows
    found = find_disagreements([*codings, skipped], sentences, CODES)
    assert [(one.sentence_id, one.code, one.given_by, one.not_by) for one in found] == [
        ("s1", "barrier.trust", ("Ala",), ("Ben",)),
        ("s2", "barrier.trust", ("Cyd",), ("Ala", "Ben")),
    ]
    assert (found[0].text, found[0].language, found[0].notes) == ("Zdanie 1", "pl", ("Ala: hm", "Ben: hm"))


def test_a_language_that_is_not_known_counts_in_all_only() -> None:
    codings, sentences = made(0.1, 0.9, n=90)
    sentences["s000"] = SampleSentence("s000", "x", "")
    rows = [row for row in measure_agreement(codings, sentences, CODES, draws=200) if row.level == "code"]
    assert {row.language: row.n_sentences for row in rows} == {"all": 90, "en": 45, "pl": 44}
    polish = {name: one for name, one in sentences.items() if one.language == "pl"}
    (only, *_) = measure_agreement([one for one in codings if one.sentence_id in polish], polish, CODES, draws=200)
    assert only.language == "pl"


def test_where_all_say_the_same_alpha_is_not_defined() -> None:
    codings = [Coding(f"s{i}", coder, frozenset({"barrier.trust"})) for i in range(20) for coder in ("Ala", "Ben")]
    rows = measure_agreement(codings, {}, CODES, draws=200)
    assert {(row.alpha, row.low, row.f1, row.both, row.flag) for row in rows} == {(None, None, 1, 20, "insufficient")}


def test_no_shared_sentence() -> None:
    alone = [Coding("s1", "Ala"), Coding("s2", "Ben"), Coding("s1", "Ben", state="skipped")]
    with pytest.raises(DataError, match="coded by two people"):
        measure_agreement(alone, {}, CODES)

from __future__ import annotations

from pathlib import Path

import pytest

from textmine.errors import DataError
from textmine.evaluation import GoldSentence, Prediction, Score, find_errors, read_gold, score_predictions


def gold(identifier: str, language: str, *codes: str, names: tuple[str, ...] = ()) -> GoldSentence:
    return GoldSentence(identifier, language, "text", frozenset(codes), names)


def said(*codes: str, names: tuple[str, ...] = (), denied: tuple[str, ...] = ()) -> Prediction:
    return Prediction(frozenset(codes), names, frozenset(denied))


def row(scores: list[Score], level: str, language: str, code: str) -> Score:
    (found,) = [one for one in scores if (one.level, one.language, one.code) == (level, language, code)]
    return found


GOLD = [
    gold("pl-1", "pl", "barrier.trust", "cluster.concept"),
    gold("pl-2", "pl"),
    gold("en-1", "en", "barrier.trust"),
    gold("en-2", "en", "cluster.named", names=("Aviation Valley", "Alfa Cluster")),
]
SAID = [
    said("barrier.trust"),
    said("cluster.concept"),
    said("barrier.finance", denied=("barrier.trust",)),
    said("cluster.named", names=("Aviation Valley", "Beta Cluster")),
]


def test_counts_and_ratios() -> None:
    scores = score_predictions(GOLD, SAID, draws=200)
    micro = row(scores, "micro", "all", "all")
    assert (micro.true_positives, micro.false_positives, micro.false_negatives) == (2, 2, 2)
    assert micro.precision == micro.recall == micro.f1 == 0.5
    trust = row(scores, "code", "pl", "barrier.trust")
    assert trust.f1 == 1
    assert trust.precision_low is not None
    assert 0 < trust.precision_low < 1 == trust.precision_high
    names = row(scores, "names", "en", "cluster.named")
    assert (names.true_positives, names.false_positives, names.false_negatives) == (1, 1, 1)
    assert row(scores, "family", "pl", "cluster").f1 == 0


def test_macro_is_the_mean_over_codes() -> None:
    scores = score_predictions(GOLD, SAID, draws=200)
    # barrier.trust 2/3, barrier.finance 0, cluster.concept 0, cluster.named 1
    assert row(scores, "macro", "all", "all").f1 == pytest.approx((2 / 3 + 0 + 0 + 1) / 4)


def test_a_ratio_without_denominator_is_none() -> None:
    scores = score_predictions([gold("pl-1", "pl", "barrier.trust")], [said()], draws=200)
    assert row(scores, "micro", "pl", "all").precision is None
    assert row(scores, "micro", "pl", "all").recall == 0


def test_intervals_hold_the_value_and_repeat() -> None:
    many, answers = GOLD * 20, SAID * 20
    first = score_predictions(many, answers, draws=300, seed=1)
    assert first == score_predictions(many, answers, draws=300, seed=1)
    micro = row(first, "micro", "all", "all")
    assert micro.f1_low is not None
    assert micro.f1_high is not None
    assert micro.f1_low < 0.5 < micro.f1_high


def test_errors_by_kind() -> None:
    errors = {(error.id, error.kind, error.code) for error in find_errors(GOLD, SAID)}
    assert errors == {
        ("pl-1", "missed", "cluster.concept"),
        ("pl-2", "homonym or empty", "cluster.concept"),
        ("en-1", "denied", "barrier.trust"),
        ("en-1", "other type", "barrier.finance"),
        ("en-2", "span", "cluster.named"),
    }


def test_false_codes_of_a_coded_sentence() -> None:
    (error,) = find_errors([gold("pl-1", "pl", "barrier.trust")], [said("barrier.trust", "cluster.concept")])
    assert error.kind == "false"


def test_gold_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '{"id": "pl-1", "lang": "pl", "text": "Klaster.", "codes": ["cluster.concept"], "hard": "short"}\n\n'
        '{"id": "en-1", "lang": "en", "text": "Valley.", "codes": [], "names": ["Valley"]}\n',
        encoding="utf-8",
    )
    first, second = read_gold(path)
    assert (first.codes, first.hard, second.names) == ({"cluster.concept"}, "short", ("Valley",))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param('{"id": 1}', "line 1", id="no-text"),
        pytest.param("{", "line 1", id="not-json"),
        pytest.param("", "no sentences", id="empty"),
    ],
)
def test_bad_gold_is_named(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=fault):
        read_gold(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_gold(tmp_path / "none.jsonl")

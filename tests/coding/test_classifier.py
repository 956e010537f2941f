from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import skops.io

from textmine.coding import KeywordCoder
from textmine.coding.classifier import CARD, MODEL, Fitted, choose_thresholds, fit_model, load_model, save_model
from textmine.coding.training import label_matrix, read_training, sentence_scores
from textmine.errors import DataError, ModelError
from textmine.sentences import sentence_from_text

TRAINING = Path(__file__).parents[2] / "models" / "training"
CODES = ("cluster.concept", "barrier.finance", "integration.actors")


@pytest.fixture(scope="module")
def seen(coder: KeywordCoder):
    """Evidence, labels and groups of 500 training sentences of two batches, three codes."""
    all_codes = [code.code for code in coder.codebook.codes]
    labelled = read_training([TRAINING / "batch-01.tsv", TRAINING / "batch-02.tsv"], all_codes)[::3]
    rows = [coder.evidence(sentence_from_text(one.text, language=one.language)) for one in labelled]
    return rows, label_matrix(labelled, CODES), [one.group for one in labelled]


@pytest.fixture(scope="module")
def fitted(seen) -> Fitted:
    rows, labels, groups = seen
    return fit_model(rows, labels, groups, CODES, random_state=1, card={"id": "m"})


def test_batches_held_out_are_coded_better_than_by_chance(fitted: Fitted, seen) -> None:
    _, labels, _ = seen
    predicted = fitted.held_out >= fitted.model.thresholds
    scores = sentence_scores(predicted, labels, np.ones(len(labels), dtype=bool), CODES)
    assert scores["micro_f1"] > 0.7
    assert scores["n"]["barrier.finance"] == labels[:, 1].sum()


def test_the_same_data_gives_the_same_model(fitted: Fitted, seen) -> None:
    rows, labels, groups = seen
    again = fit_model(rows, labels, groups, CODES, random_state=1, card={"id": "m"})
    assert np.array_equal(again.model.coef, fitted.model.coef)
    assert np.array_equal(again.model.thresholds, fitted.model.thresholds)


def test_probabilities_do_not_depend_on_the_company(fitted: Fitted, seen) -> None:
    rows, _, _ = seen
    together, _ = fitted.model.probabilities(rows[:40])
    alone = np.vstack([fitted.model.probabilities([row])[0] for row in rows[:40]])
    assert np.allclose(together, alone, atol=1e-12)
    assert fitted.model.probabilities([])[0].shape == (0, len(CODES))


def test_a_saved_model_says_the_same(fitted: Fitted, seen, tmp_path: Path) -> None:
    save_model(fitted.model, tmp_path / "m")
    loaded = load_model(tmp_path / "m")
    assert loaded.codes == CODES
    assert loaded.id == "m"
    rows = seen[0][:60]
    assert np.array_equal(loaded.probabilities(rows)[0], fitted.model.probabilities(rows)[0])


def test_a_model_of_strange_types_is_refused(fitted: Fitted, tmp_path: Path) -> None:
    save_model(fitted.model, tmp_path)
    skops.io.dump({"features": Path("x").exists}, tmp_path / MODEL)
    with pytest.raises(ModelError, match="not trusted"):
        load_model(tmp_path)


@pytest.mark.parametrize("damage", ["no card", "no model", "torn model", "torn card", "other codes"])
def test_a_damaged_folder_is_one_clear_error(fitted: Fitted, tmp_path: Path, damage: str) -> None:
    save_model(fitted.model, tmp_path)
    if damage == "no card":
        (tmp_path / CARD).unlink()
    elif damage == "no model":
        (tmp_path / MODEL).unlink()
    elif damage == "torn model":
        (tmp_path / MODEL).write_bytes((tmp_path / MODEL).read_bytes()[:1000])
    elif damage == "torn card":
        (tmp_path / CARD).write_text("{", encoding="utf-8")
    else:
        (tmp_path / CARD).write_text(json.dumps({"id": "m", "codes": ["cluster.concept"]}), encoding="utf-8")
    with pytest.raises(ModelError):
        load_model(tmp_path)


def test_a_code_needs_positives_and_groups_need_to_be_two(seen) -> None:
    rows, labels, groups = seen
    with pytest.raises(ValueError, match="one group"):
        fit_model(rows, labels, ["a"] * len(rows), CODES, random_state=1, card={})
    with pytest.raises(ValueError, match=r"barrier\.finance"):
        fit_model(rows, labels & [True, False, True], groups, CODES, random_state=1, card={})


def test_thresholds_part_what_can_be_parted() -> None:
    labels = np.repeat([[True], [False]], 100, axis=0)
    probabilities = np.where(labels, 0.6, 0.45)
    threshold = choose_thresholds(probabilities, labels)[0]
    assert 0.45 < threshold <= 0.6


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("de\tcluster.concept\t\tCluster", "language"),
        ("en\tcluster.concept\tCluster", "between tabs"),
        ("pl\tcluster.konzept\t\tKlaster", "cluster.konzept"),
    ],
)
def test_a_wrong_training_line_is_named(tmp_path: Path, line: str, fault: str) -> None:
    (tmp_path / "b.tsv").write_text(f"en\t\t\tFine.\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"b\.tsv, line 2: .*{fault}"):
        read_training([tmp_path / "b.tsv"], CODES)
    with pytest.raises(DataError, match="cannot be read"):
        read_training([tmp_path / "none.tsv"], CODES)

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from block_rows import make_row
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from textmine.codebook import load_codebook
from textmine.errors import DataError, ModelError
from textmine.topics import TopicModel, fit_topics
from textmine.topics.corrections import Corrections, apply_corrections, load_corrections
from textmine.topics.factors import infer_weights
from textmine.topics.prepare import prepare
from textmine.topics.select import choose_n_topics
from textmine.topics.storage import load_model, model_from_json, model_to_json, save_model

FAMILIES = ["cluster", "barrier", "priority", "instrument", "integration"]


def test_anchors_come_first_and_every_topic_has_two_faces(model: TopicModel) -> None:
    topics = model.topics()
    assert [topic.topic for topic in topics][:6] == [*FAMILIES, "topic-01"]
    assert len(topics) == 10
    assert all(topic.terms_pl and topic.terms_en for topic in topics)
    assert sum(topic.share for topic in topics) == pytest.approx(1, abs=1e-4)
    assert all(0 <= topic.stability <= 1 for topic in topics)
    free = [topic.share for topic in topics[5:]]
    assert free == sorted(free, reverse=True)


def test_seeds_hold_their_topics(model: TopicModel) -> None:
    by_name = {topic.topic: topic for topic in model.topics()}
    assert {"bariera", "brak"} & set(by_name["barrier"].terms_pl[:8])
    assert {"barrier", "lack", "shortage"} & set(by_name["barrier"].terms_en[:8])
    assert {"klaster", "klastrowy"} & set(by_name["cluster"].terms_pl[:8])
    assert {"turystyka", "energia", "żywność", "cyfrowy", "usługa"} & set(by_name["priority"].terms_pl[:8])


def test_unstable_topics_are_not_named(model: TopicModel) -> None:
    for topic in model.topics():
        assert ("unstable" in topic.flags) == (topic.stability < 0.5)
        assert bool(topic.label_pl) != ("unstable" in topic.flags)


def test_parallel_passages_meet_in_their_topics(model: TopicModel, passages: list[tuple[str, str]]) -> None:
    sides = []
    for language, side in (("pl", 0), ("en", 1)):
        rows = [make_row(f"{language}{i}", f"{i:02d}", "", language, pair[side]) for i, pair in enumerate(passages)]
        assigned = pl.DataFrame(model.assign(pl.DataFrame(rows)))
        sides.append(assigned["weight"].to_numpy().reshape(len(passages), -1))
    same = sides[0].argmax(axis=1) == sides[1].argmax(axis=1)
    assert same.mean() >= 0.8
    lengths = [side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides]
    cosines = lengths[0] @ lengths[1].T
    ranks = 1 + (cosines > np.diag(cosines)[:, None]).sum(axis=1)
    assert (1 / ranks).mean() >= 0.8


def test_no_topic_is_of_one_language(model: TopicModel) -> None:
    is_polish = np.array([unit.language == "pl" for unit in model.units])
    shares = model.weights[is_polish].sum(axis=0) / model.weights.sum(axis=0)
    assert shares.min() > 0.2
    assert shares.max() < 0.8
    assert not any("one-language" in topic.flags for topic in model.topics())


def test_same_seed_same_model(model: TopicModel, blocks: pl.DataFrame, documents: pl.DataFrame) -> None:
    again = fit_topics(blocks, documents, codebook=load_codebook(), n_topics=10, n_runs=3, keep_repeats=True)
    assert again.topics() == model.topics()
    assert (again.weights == model.weights).all()


@pytest.mark.parametrize("n_threads", [1, 2])
def test_same_model_whatever_the_number_of_threads(
    model: TopicModel, blocks: pl.DataFrame, documents: pl.DataFrame, n_threads: int
) -> None:
    with threadpool_limits(n_threads):
        again = fit_topics(blocks, documents, codebook=load_codebook(), n_topics=10, n_runs=3, keep_repeats=True)
    assert [topic.terms_pl for topic in again.topics()] == [topic.terms_pl for topic in model.topics()]
    np.testing.assert_allclose(again.weights, model.weights, atol=1e-5)


def test_codes_weigh_the_anchor(blocks: pl.DataFrame) -> None:
    rows = [
        {"block_id": block_id, "code": "barrier.trust", "negated": False, "score": 1.0}
        for block_id in blocks["block_id"].to_list()[::5]
    ]
    rows.append({"block_id": blocks["block_id"][1], "code": "barrier.trust", "negated": True, "score": 1.0})
    mentions = pl.DataFrame(rows)
    model = fit_topics(blocks, codebook=load_codebook(), mentions=mentions, n_topics=8, n_runs=1, keep_repeats=True)
    units = model.units
    coded_units = model.transform(units, {unit.block_ids[0]: {"barrier.trust": 5} for unit in units})
    assert coded_units[:, 1].mean() > model.transform(units, {})[:, 1].mean() + 0.05
    assert model.card["with_codes"]
    plain = {row["topic"]: row["weight"] for row in model.assign(blocks.head(4), mentions.clear())}
    coded = {row["topic"]: row["weight"] for row in model.assign(blocks.head(4), mentions)}
    doubted = mentions.with_columns(score=pl.lit(0.2))
    doubtful = {row["topic"]: row["weight"] for row in model.assign(blocks.head(4), doubted)}
    assert coded["barrier"] > doubtful["barrier"] > plain["barrier"]


def test_lda_takes_the_same_seeds(blocks: pl.DataFrame) -> None:
    seeds = ["barrier.*", "priority.energy"]
    model = fit_topics(
        blocks, codebook=load_codebook(), n_topics=4, kind="lda", n_runs=1, seed_codes=seeds, keep_repeats=True
    )
    assert [topic.topic for topic in model.topics()] == ["barrier", "priority.energy", "topic-01", "topic-02"]
    rows = prepare(blocks, codebook=load_codebook(), seed_codes=seeds, keep_repeats=True).seeds
    likeness = rows @ model.factors.components.T
    assert likeness.argmax(axis=1).tolist() == [0, 1]


def test_without_seeds(blocks: pl.DataFrame) -> None:
    model = fit_topics(blocks, codebook=load_codebook(), n_topics=3, seed_codes=[], n_runs=1)
    assert [topic.topic for topic in model.topics()] == ["topic-01", "topic-02", "topic-03"]
    assert all(topic.codes == () for topic in model.topics())


def test_names_are_masked(blocks: pl.DataFrame) -> None:
    masked = prepare(blocks, codebook=load_codebook(), names=[("zaufanie",), ("trust",)])
    assert "zaufanie" not in masked.vocabularies["pl"].terms
    assert "trust" not in masked.vocabularies["en"].terms


def test_too_little_text_and_too_few_topics(blocks: pl.DataFrame) -> None:
    with pytest.raises(DataError, match="too little text"):
        fit_topics(blocks.head(2), codebook=load_codebook())
    with pytest.raises(DataError, match="fewer than the 5 anchors"):
        fit_topics(blocks, codebook=load_codebook(), n_topics=4)
    with pytest.raises(DataError, match="more than"):
        fit_topics(blocks, codebook=load_codebook(), n_topics=5000)


def test_a_document_without_a_known_word_gives_no_row(model: TopicModel) -> None:
    assert model.assign(pl.DataFrame([make_row("x", "x", "", "en", "Zyzzyva qwerty.")])) == []


def test_weights_of_a_unit_sum_to_one(model: TopicModel) -> None:
    assert model.weights.sum(axis=1) == pytest.approx(1, abs=1e-5)
    empty = infer_weights(prepare_empty(model), model.factors)
    assert empty.sum() == 0


def prepare_empty(model: TopicModel) -> np.ndarray:
    return np.zeros((2, model.factors.components.shape[1]))


def test_folder_round_trip(model: TopicModel, tmp_path: Path, blocks: pl.DataFrame) -> None:
    save_model(model, tmp_path / "topics")
    assert sorted(path.name for path in (tmp_path / "topics").iterdir()) == ["arrays.npz", "card.json"]
    again = load_model(tmp_path / "topics")
    assert again.topics() == model.topics()
    assert again.assign(blocks.head(8)) == model.assign(blocks.head(8))


def test_json_round_trip(model: TopicModel, blocks: pl.DataFrame) -> None:
    again = model_from_json(json.loads(json.dumps(model_to_json(model))))
    assert again.topics() == model.topics()
    assert (again.weights == model.weights).all()
    assert again.assign(blocks.tail(4)) == model.assign(blocks.tail(4))


def test_damaged_models_are_named(model: TopicModel, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no topic model"):
        load_model(tmp_path)
    save_model(model, tmp_path)
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    (tmp_path / "card.json").write_text(json.dumps({**card, "units": card["units"][1:]}), "utf-8")
    with pytest.raises(ModelError, match="do not fit"):
        load_model(tmp_path)
    (tmp_path / "card.json").write_text(json.dumps({**card, "format": 99}), "utf-8")
    with pytest.raises(ModelError, match="format 99"):
        load_model(tmp_path)
    (tmp_path / "card.json").write_text(json.dumps({"format": card["format"]}), "utf-8")
    with pytest.raises(ModelError, match="do not fit"):
        load_model(tmp_path)
    value = model_to_json(model)
    value["arrays"]["weights"]["dtype"] = "O"
    with pytest.raises(ModelError, match="damaged"):
        model_from_json(value)


def test_corrections(model: TopicModel, tmp_path: Path) -> None:
    path = tmp_path / "names.yaml"
    path.write_text(
        "rename: {topic-01: {pl: drogi, en: roads}}\nmerge: {topic-01: [topic-02]}\nhide: [topic-03]\n", "utf-8"
    )
    corrected = apply_corrections(model, load_corrections(path))
    names = [topic.topic for topic in corrected.topics()]
    assert "topic-02" not in names
    assert "topic-03" not in names
    first = corrected.topics()[names.index("topic-01")]
    before = {topic.topic: topic for topic in model.topics()}
    assert (first.label_pl, first.label_en) == ("drogi", "roads")
    assert first.share == pytest.approx(before["topic-01"].share + before["topic-02"].share, abs=1e-5)
    assert first.stability == min(before["topic-01"].stability, before["topic-02"].stability)
    column = names.index("topic-01")
    assert corrected.shares()[:, column] == pytest.approx(model.weights[:, 5] + model.weights[:, 6], abs=1e-6)
    assert apply_corrections(model, Corrections()).topics() == model.topics()


@pytest.mark.parametrize("text", ["hide: 3", "other: [a]", "a: b: c"])
def test_faulty_corrections_are_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "names.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"names\.yaml"):
        load_corrections(path)


def test_corrections_of_unknown_topics(model: TopicModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such topic: topic-99"):
        apply_corrections(model, Corrections(hide=["topic-99"]))
    with pytest.raises(DataError):
        load_corrections(tmp_path / "missing.yaml")


def test_choice_of_the_number_of_topics(blocks: pl.DataFrame) -> None:
    prepared = prepare(blocks, codebook=load_codebook(), keep_repeats=True)
    rows, models = choose_n_topics(prepared, candidates=(9, 6, 6), with_c_v=True)
    assert [row.n_topics for row in rows] == [6, 9]
    assert sum(row.recommended for row in rows) == 1
    best = next(row for row in rows if row.recommended)
    assert best.reason
    assert all(row.c_v is not None and 0 < row.c_v < 1 for row in rows)
    assert all(0 < row.exclusivity <= 1 for row in rows)
    assert set(models) == {6, 9}

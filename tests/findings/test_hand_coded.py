"""Hand-coded samples that correct rates: from files of two kinds and from the store; what does not serve is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from textmine.errors import DataError
from textmine.findings.coders import hand_coded
from textmine.records import Coding, Sample, SampleSentence
from textmine.settings import Settings
from textmine.store import Store

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
from made_corpus import make_store

SETTINGS = Settings()
CODES = frozenset({"barrier.skills", "barrier.trust"})


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(make_store(tmp_path / "corpus.db"), "rw") as opened:
        yield opened


def rows(n: int, chance: str = "0.2") -> str:
    return "sentence_id,codes,chance\n" + "".join(f"s{i},barrier.skills;barrier.trust,{chance}\n" for i in range(n))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(None, "cannot be read", id="missing"),
        pytest.param("sentence_id,codes\n" + "s1,\n", "too few", id="few"),
        pytest.param(rows(120, ""), "chance of 120 sentences", id="no-chance"),
        pytest.param("", "holds no rows", id="empty"),
        pytest.param(rows(120, "0"), "row 2: chance '0'", id="zero-chance"),
        pytest.param(rows(120, "often"), "row 2: chance 'often'", id="word"),
    ],
)
def test_a_sample_that_does_not_serve_is_refused_and_says_what_is_needed(text, message, store, tmp_path: Path) -> None:
    file = tmp_path / "sample.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        hand_coded(store, SETTINGS, file)
    assert "sample must be random" in str(caught.value)


def test_samples_are_read_from_csv_and_jsonl(store, tmp_path: Path) -> None:
    table, lines = tmp_path / "a.csv", tmp_path / "a.jsonl"
    table.write_text(rows(120), encoding="utf-8")
    lines.write_text(
        "".join(
            f'{{"sentence_id": "s{i}", "codes": ["barrier.skills", "barrier.trust"], "chance": 0.2}}\n'
            for i in range(120)
        ),
        encoding="utf-8",
    )
    assert hand_coded(store, SETTINGS, table) == hand_coded(store, SETTINGS, lines)
    assert hand_coded(store, SETTINGS, table).codes[0] == CODES


def test_samples_of_the_store_by_name_and_coder(store) -> None:
    sentences = tuple(SampleSentence(f"s{i}", "d", ("pl", "en")[i % 2], f"Zdanie {i}.", "", 0.5) for i in range(120))
    for name, filter in (("fair", {}), ("only", {"codes": ["barrier.*"]})):
        store.add_sample(Sample(name, "random", 1, {"filter": filter}, sentences))
        store.add_codings([Coding(one.sentence_id, "Ala", CODES, sample=name) for one in sentences])
    assert hand_coded(store, SETTINGS, Path("fair")).codes == (CODES,) * 120
    store.add_codings([Coding(one.sentence_id, "Ben", state="skipped", sample="fair") for one in sentences])
    with pytest.raises(DataError, match="coded by Ala, Ben"):
        hand_coded(store, SETTINGS, Path("fair"))
    assert hand_coded(store, SETTINGS, Path("fair"), "Ala").chance == (0.5,) * 120
    with pytest.raises(DataError, match="no sentence is decided yet"):
        hand_coded(store, SETTINGS, Path("fair"), "Ben")
    with pytest.raises(DataError, match=r"drawn among sentences with barrier\.\* only"):
        hand_coded(store, SETTINGS, Path("only"))

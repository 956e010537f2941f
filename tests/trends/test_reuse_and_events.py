"""Text used again is found and counted once; events come from the time line or a user's file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from textmine.errors import DataError
from textmine.trends import find_reuse, load_events
from textmine.trends.events import landmarks
from textmine.trends.reuse import signatures

POLISH = (  # noqa: SIM905
    "rozwój klaster wymagać trwały współpraca przedsiębiorstwo uczelnia i samorząd "
    "w ramy regionalny strategia innowacja"
).split()
ENGLISH = (  # noqa: SIM905
    "cluster policy need lasting cooperation of firm university and local government "
    "within regional strategy of innovation"
).split()


def frame(*rows: tuple[str, str, list[str]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(block, document, " ".join(words)) for block, document, words in rows],
        schema=["block_id", "document_id", "lemmas"],
        orient="row",
    )


YEARS = pl.DataFrame({"document_id": ["new", "old", "other"], "year": [2021, 2008, 2015]})


@pytest.mark.parametrize("words", [pytest.param(POLISH, id="pl"), pytest.param(ENGLISH, id="en")])
def test_a_copied_passage_is_found_and_its_source_is_the_earliest(words: list[str]) -> None:
    changed = [*words, *words, *words, "nowy"]
    found = find_reuse(frame(("b1", "new", changed), ("b2", "old", words * 3), ("b3", "other", words[::-1] * 2)), YEARS)
    assert found["block_id"].to_list() == ["b2", "b1"]
    assert set(found["source"]) == {"b2"}
    assert found["likeness"].to_list()[1] > 0.9


def test_repeats_inside_a_document_and_short_blocks_are_no_reuse() -> None:
    assert find_reuse(frame(("b1", "new", POLISH), ("b2", "new", POLISH)), YEARS).height == 0
    assert find_reuse(frame(("b1", "new", POLISH[:6]), ("b2", "old", POLISH[:6])), YEARS).height == 0
    assert find_reuse(frame(("b1", "new", [])), YEARS).height == 0


def test_signatures_estimate_likeness() -> None:
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(400)]
    first = list(rng.permutation(words))
    second = first[:300] + list(rng.permutation(words))[:100]
    rows = signatures([first, second])
    shingles = [{tuple(text[i : i + 4]) for i in range(len(text) - 3)} for text in (first, second)]
    likeness = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
    assert (rows[0] == rows[1]).mean() == pytest.approx(likeness, abs=0.12)


def test_few_false_groups_in_unlike_text() -> None:
    rng = np.random.default_rng(2)
    words = [f"w{i}" for i in range(200)]
    rows = [(f"b{i}", ("new", "old", "other")[i % 3], list(rng.choice(words, 40))) for i in range(300)]
    assert find_reuse(frame(*rows), YEARS).height == 0


def test_a_passage_in_many_documents_is_one_group() -> None:
    rows = [(f"b{i}", f"d{i}", POLISH * 2) for i in range(120)]
    years = pl.DataFrame({"document_id": [f"d{i}" for i in range(120)], "year": list(range(1900, 2020))})
    found = find_reuse(frame(*rows), years)
    assert found["group"].n_unique() == 1
    assert found.height == 120


def test_the_policy_time_line() -> None:
    events = load_events(region="mazowieckie")
    assert len(events) > 30
    assert {event.region for event in events} == {"", "mazowieckie"}
    assert [event.first for event in events] == sorted(event.first for event in events)
    chosen = landmarks(events, 2004, 2024)
    assert 3 <= len(chosen) <= 8
    assert any("Kluczow" in event.title_pl for event in events)


def test_a_users_own_events(tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("year_from,title\n2016,Konkurs regionalny\n2012,Nowa strategia\n", encoding="utf-8")
    assert [(event.first, event.title_en) for event in load_events(file)] == [
        (2012, "Nowa strategia"),
        (2016, "Konkurs regionalny"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("rok,title\n2016,x\n", "line 2: needs the columns", id="column"),
        pytest.param("year_from,title\nMMXVI,x\n", "line 2: invalid literal", id="year"),
        pytest.param(None, "cannot be read", id="missing"),
    ],
)
def test_a_faulty_events_file(text: str | None, message: str, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_events(file)

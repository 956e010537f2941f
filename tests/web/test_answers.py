"""Long answers: made once for a state, the old one while a new one is made, and what goes wrong is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from textmine.errors import DataError
from textmine.execution import Background
from textmine.settings import Settings, load_settings
from textmine.web.answers import Answers, Pending

GATE = threading.Event()
CALLS: list[str] = []


def told(settings: Settings, what: str) -> str:
    CALLS.append(what)
    return f"{what} {len(CALLS)}"


def waits(settings: Settings) -> str:
    GATE.wait(10)
    return "at last"


def fails(settings: Settings) -> str:
    raise DataError("too little text.")


def breaks(settings: Settings) -> str:
    raise RuntimeError("broken")


def sleeps(settings: Settings) -> None:
    time.sleep(30)


@pytest.fixture
def answers() -> Iterator[Answers]:
    CALLS.clear()
    GATE.clear()
    background = Background(max_seconds=60, max_memory_mb=2000, in_process=True)
    yield Answers(load_settings(), background)
    GATE.set()
    background.close()


def test_an_answer_is_made_once_for_a_state(answers: Answers) -> None:
    assert answers.ask("a", told, "x", wait=5).value == "x 1"
    assert answers.ask("a", told, "x", wait=5).value == "x 1"
    assert answers.ask("a", told, "y", wait=5).value == "y 2"


def test_the_old_answer_is_given_while_a_new_one_is_made(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textmine.web.answers.REST", 0.0)
    assert not answers.ask("a", told, "x", wait=5).is_stale
    first = answers.ask("b", told, "x", wait=5)
    assert (first.value, first.is_stale) == ("x 1", True)
    for _ in range(100):
        answer = answers.ask("b", told, "x", wait=5)
        if not answer.is_stale:
            break
        time.sleep(0.01)
    assert answer.value == "x 2"


def test_who_does_not_wait_is_told_that_it_is_being_made(answers: Answers) -> None:
    with pytest.raises(Pending):
        answers.ask("a", waits, wait=0.01)
    GATE.set()
    assert answers.ask("a", waits, wait=None).value == "at last"


@pytest.mark.parametrize(("work", "message"), [(fails, "too little text"), (breaks, "RuntimeError: broken")])
def test_what_cannot_be_made_is_told_again_and_again(answers: Answers, work: Any, message: str) -> None:
    for _ in range(2):
        with pytest.raises(DataError, match=message):
            answers.ask("a", work, wait=5)


def test_a_worker_process_answers_and_is_cut_off() -> None:
    background = Background(max_seconds=0.5, max_memory_mb=2000)
    try:
        answers = Answers(load_settings(), background)
        with pytest.raises(DataError, match="could not be computed"):
            answers.ask("a", sleeps, wait=60)
    finally:
        background.close()


def test_an_ingest_beside_changes_the_figures_and_breaks_no_page(tmp_path: Path, serve, command) -> None:
    corpus = tmp_path / "one.db"
    texts = {"jeden.txt": "Brak zaufania hamuje klastry w 2010 roku.", "two.txt": "Lack of trust hampers clusters."}
    for name, text in texts.items():
        (tmp_path / name).write_text(text + "\n", encoding="utf-8")
    (tmp_path / "meta.csv").write_text("path,year\njeden.txt,2010\ntwo.txt,2012\n", encoding="utf-8")
    shared = ("--corpus", corpus, "--metadata", tmp_path / "meta.csv", "--workers", "1")
    assert command("ingest", tmp_path / "jeden.txt", *shared).exit_code == 0
    with serve(corpus) as running:
        assert ">1</a></dd>" in running.get("/").text
        statuses: list[int] = []
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                statuses.extend(running.client.get(path).status_code for path in ("/", "/evidence", "/documents"))

        reader = threading.Thread(target=read)
        reader.start()
        told_by_ingest = command("ingest", tmp_path / "two.txt", *shared)
        stop.set()
        reader.join()
        assert told_by_ingest.exit_code == 0, told_by_ingest.output
        assert set(statuses) == {200}
        assert "2 documents" in running.get("/documents").text
        for _ in range(200):
            page = running.get("/").text
            if 'class="stale"' not in page:
                break
            time.sleep(0.1)
        assert ">2</a></dd>" in page

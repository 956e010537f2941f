"""What a second ingest does: nothing, only coding, or all; and the same records from every executor."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from textmine.errors import ExecutionError
from textmine.execution import Executor
from textmine.ingest import ingest, plan_ingest
from textmine.settings import Settings, sample_corpus
from textmine.store import Store

PL = "Główną barierą rozwoju klastrów jest brak współpracy firm, nauki i samorządu w roku {}.\n"
EN = "The main barrier to clusters is the lack of cooperation between firms and science in {}.\n"
#: Polish and English; a layout in columns and a plain one.
PDFS = ("maz-2010-raport.pdf", "pom-2018-evaluation.pdf")


@pytest.fixture
def documents(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "dokumenty Łodzi\ni okolic"
    folder.mkdir()
    for number in range(4):
        (folder / f"strategia {number}.txt").write_text(PL.format(2010 + number), encoding="utf-8")
        (folder / f"report {number}.txt").write_text(EN.format(2010 + number), encoding="utf-8")
    for name in PDFS:
        shutil.copy(sample_corpus() / "pdf" / name, folder)
    (folder / "zepsuty.pdf").write_bytes(b"%PDF-1.7\nnothing")
    return sorted(folder.iterdir())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(corpus=tmp_path / "zbiór.db", model="keyword", workers=1, ocr="never")


def records(corpus: Path) -> str:
    """All that a store holds, as SQL text without the index."""
    with closing(sqlite3.connect(corpus)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return "\n".join(line for line in connection.iterdump() if "search" not in line)


def test_every_executor_gives_the_serial_records(documents: list[Path], settings: Settings, tmp_path: Path) -> None:
    executors = {"serial": Executor("serial"), "processes": Executor("processes", 2)}
    if pytest.importorskip("distributed"):
        executors |= {"dask": Executor("dask", 2), "sent": Executor("dask", 2, ships=True)}
    stores = {}
    for name, executor in executors.items():
        own = settings.model_copy(update={"corpus": tmp_path / f"{name}.db"})
        summary = ingest(documents, settings=own, executor=executor)
        assert list(summary.failures) == [str(documents[-1])]
        stores[name] = records(own.corpus)
    assert [name for name, text in stores.items() if text != stores["serial"]] == []


def test_a_second_run_does_nothing(documents: list[Path], settings: Settings) -> None:
    good = documents[:-1]
    ingest(good, settings=settings, executor=Executor("serial"))
    before = records(settings.corpus)
    summary = ingest(good, settings=settings, executor=Executor("serial"))
    assert (summary.n_skipped, summary.n_documents, summary.n_recoded) == (len(good), 0, 0)
    assert records(settings.corpus) == before


def other_codebook(folder: Path) -> Path:
    path = folder / "słowa.yaml"
    path.write_text(
        "extends: textmine\nfamilies:\n- family: barrier\n  definition: Barriers\n  codes:\n"
        "  - code: barrier.trust\n    pl: {strong: [brak współpracy]}\n    en: {strong: [lack of cooperation]}\n",
        encoding="utf-8",
    )
    return path


def test_a_changed_codebook_codes_anew_without_reading(
    documents: list[Path], settings: Settings, tmp_path: Path
) -> None:
    good = [path for path in documents[:-1] if path.suffix == ".txt"]
    ingest(good, settings=settings, executor=Executor("serial"))
    changed = settings.model_copy(update={"codebook": other_codebook(tmp_path)})
    assert {step.action for step in plan_ingest(good, settings=changed)} == {"code"}
    for executor in (Executor("serial"), Executor("dask", 1, ships=True)):
        summary = ingest(good, settings=changed, executor=executor)
        if executor.kind == "serial":
            assert (summary.n_recoded, summary.n_documents) == (len(good), 0)
    fresh = changed.model_copy(update={"corpus": tmp_path / "fresh.db"})
    ingest(good, settings=fresh, executor=Executor("serial"))
    with Store.open(settings.corpus) as anew, Store.open(fresh.corpus) as once:
        assert anew.corpus_id() == once.corpus_id()
        assert list(anew.mention_rows()) == list(once.mention_rows())


def test_a_codebook_travels_to_workers_that_do_not_see_it(
    documents: list[Path], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := tmp_path / "of the workers").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    changed = settings.model_copy(update={"codebook": other_codebook(tmp_path)})
    summary = ingest(documents[:3], settings=changed, executor=Executor("dask", 1, ships=True))
    assert summary.n_documents == 3
    assert not summary.failures
    assert not list(folder.glob("textmine-*"))


def test_what_the_store_lost_is_read_again(documents: list[Path], settings: Settings, tmp_path: Path) -> None:
    good = [path for path in documents[:-1] if path.suffix == ".txt"]
    ingest(good, settings=settings, executor=Executor("serial"))
    with sqlite3.connect(settings.corpus) as connection:
        connection.execute("UPDATE blocks SET spans = '[[1]]' WHERE document = 1")
    changed = settings.model_copy(update={"codebook": other_codebook(tmp_path)})
    summary = ingest(good, settings=changed, executor=Executor("serial"))
    assert (summary.n_recoded, summary.n_documents) == (len(good) - 1, 1)


def test_a_plan_says_why_and_makes_no_store(documents: list[Path], settings: Settings) -> None:
    (documents[0].parent / "kopia.txt").write_bytes(documents[2].read_bytes())
    paths = sorted(documents[0].parent.glob("*.txt"))
    plan = list(plan_ingest(paths, settings=settings))
    assert not settings.corpus.exists()
    assert [step.why for step in plan].count("same content as an earlier file") == 1
    assert sum(step.action == "read" for step in plan) == len(paths) - 1
    ingest(paths, settings=settings, executor=Executor("serial"))
    assert {step.why for step in plan_ingest(paths, settings=settings)} == {"done", "same content as an earlier file"}
    assert {step.why for step in plan_ingest(paths, settings=settings, force=True)} >= {"forced"}


def test_a_worker_of_another_version_is_refused(documents: list[Path], settings: Settings) -> None:
    from textmine.execution import Outcome
    from textmine.ingest import stream
    from textmine.ingest.jobs import Made, ReadJob

    with Store.open(settings.corpus, "rw") as store:
        own = stream._Stream(store, settings, "", Executor("serial"), stream.IngestSummary(), print)
        job = ReadJob(documents[0], {}, "", settings)
        own.work_keys[job.path] = "key"
        with pytest.raises(ExecutionError, match="another textmine"):
            own.keep(Outcome(job, Made("0.0.1 abc")), maker="0.1.0 abc")
        assert store.document_ids() == []

"""Whatever dies, nothing that was finished is lost. TEXTMINE_KILLS=50 makes the test of killed runs a long one."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from faults import (
    count_documents,
    kill_and_run_again,
    kill_some,
    make_documents,
    offspring,
    records,
    run_ingest,
    start_ingest,
)

KILLS = int(os.environ.get("TEXTMINE_KILLS", "3"))
#: As many as the issue asks for where the test is a long one.
N_DOCUMENTS = 300 if KILLS >= 50 else 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("faults") / "dokumenty"
    make_documents(place, N_DOCUMENTS)
    return place


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> list[str]:
    corpus = folder.parent / "undisturbed.db"
    code, said = run_ingest(folder, corpus, "--workers", "serial")
    assert code == 0, said
    return records(corpus)


def test_killed_runs_end_in_the_undisturbed_store(folder: Path, undisturbed: list[str], tmp_path: Path) -> None:
    corpus = tmp_path / "killed.db"
    met, grown = kill_and_run_again(folder, corpus, "--workers", "1", kills=KILLS, seed=20)
    assert met, f"no run was killed at work; documents after each: {grown}"
    assert grown == sorted(grown)
    assert records(corpus) == undisturbed


@pytest.mark.parametrize(("workers", "kills"), [("2", 3), ("dask:2", 2)])
def test_killed_workers_lose_nothing(
    folder: Path, undisturbed: list[str], tmp_path: Path, workers: str, kills: int
) -> None:
    corpus = tmp_path / "workers.db"
    process = start_ingest(folder, corpus, "--workers", workers)
    killed = kill_some(process, corpus, kills=kills, seed=21)
    _, said = process.communicate(timeout=200)
    assert process.returncode == 0, said
    assert killed
    assert records(corpus) == undisturbed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_cleanly_with_a_summary(folder: Path, tmp_path: Path, number: int) -> None:
    corpus = tmp_path / "interrupted.db"
    process = start_ingest(folder, corpus, "--workers", "1")
    deadline = time.monotonic() + 60
    while count_documents(corpus) < 5 and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = offspring(process.pid)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert "run the same command again" in said
    assert "documents (0 skipped" in said
    assert "Traceback" not in said
    assert 5 <= count_documents(corpus) < N_DOCUMENTS
    deadline = time.monotonic() + 10
    while (left := [pid for pid in workers if Path(f"/proc/{pid}").exists()]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not left


def test_two_ingests_at_once_end_in_the_same_store(folder: Path, undisturbed: list[str], tmp_path: Path) -> None:
    corpus = tmp_path / "both.db"
    both = [start_ingest(folder, corpus, "--workers", "serial") for _ in range(2)]
    for process in both:
        _, said = process.communicate(timeout=200)
        assert process.returncode == 0, said
    assert records(corpus) == undisturbed


def test_a_file_that_may_not_grow_loses_nothing(folder: Path, undisturbed: list[str], tmp_path: Path) -> None:
    corpus = tmp_path / "quota.db"
    limit = 2 * 2**20
    code, said = run_ingest(
        folder, corpus, "--workers", "1", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    )
    assert code == 1
    assert "error: " in said
    assert "what was finished is kept" in said
    assert "Traceback" not in said
    assert 0 < count_documents(corpus) < N_DOCUMENTS
    assert run_ingest(folder, corpus, "--workers", "1")[0] == 0
    assert records(corpus) == undisturbed


@pytest.fixture
def small_disk(tmp_path: Path):
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_loses_nothing(folder: Path, undisturbed: list[str], small_disk: Path) -> None:
    corpus = small_disk / "full.db"
    code, said = run_ingest(folder, corpus, "--workers", "1")
    assert code == 1
    assert "the disk is full" in said
    assert "Traceback" not in said
    assert 0 < count_documents(corpus) < N_DOCUMENTS
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert run_ingest(folder, corpus, "--workers", "1")[0] == 0
    assert records(corpus) == undisturbed
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    code, said = run_ingest(folder, corpus, "--force", "--workers", "1")
    assert code == 1
    assert "Check its permissions" in said
    assert "Traceback" not in said

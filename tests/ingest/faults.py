"""Runs of the program that are killed, starved or hurried; and what a store holds after them."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

PL = "Główną barierą rozwoju klastrów jest brak współpracy firm, nauki i samorządu w {}."
EN = "The main barrier to clusters is the lack of cooperation between firms and science in {}."


def make_documents(folder: Path, count: int, *, sentences: int = 40) -> None:
    """Small text files, every other one in Polish."""
    folder.mkdir()
    for number in range(count):
        text = PL if number % 2 else EN
        lines = [text.format(f"{number}.{line}") + f" Klaster cluster {line * number}." for line in range(sentences)]
        (folder / f"dokument {number:04}.txt").write_text("\n\n".join(lines), encoding="utf-8")


def start_ingest(folder: Path, corpus: Path, *options: str, **how: object) -> subprocess.Popen[str]:
    """The program at work, in a session of its own so that all of it can be killed."""
    arguments = ["ingest", str(folder), "--corpus", str(corpus), "--model", "keyword", *options]
    return subprocess.Popen(
        [sys.executable, "-m", "textmine", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **how,  # type: ignore[call-overload]
    )


def run_ingest(folder: Path, corpus: Path, *options: str, **how: object) -> tuple[int, str]:
    """Exit code of the program, and what it said on stderr."""
    process = start_ingest(folder, corpus, *options, **how)
    _, said = process.communicate(timeout=300)
    return process.returncode, said


def kill_and_run_again(
    folder: Path, corpus: Path, *options: str, kills: int, seed: int, longest: float = 4.0
) -> tuple[int, list[int]]:
    """Kill so many runs at random times (SIGKILL to the program alone), then let one end.

    Returns:
        Kills that met a run at work, and documents in the store after each kill.
    """
    chance = random.Random(seed)
    met, grown = 0, []
    for _ in range(kills):
        process = start_ingest(folder, corpus, *options)
        time.sleep(chance.uniform(0.3, longest))
        met += process.poll() is None
        process.kill()
        process.communicate()
        grown.append(count_documents(corpus))
    code, said = run_ingest(folder, corpus, *options)
    assert code == 0, said
    return met, grown


def count_documents(corpus: Path) -> int:
    """Documents in a store; 0 when it has no tables yet."""
    if not corpus.exists():
        return 0
    with closing(sqlite3.connect(corpus)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        try:
            return int(connection.execute("SELECT count(*) FROM documents").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def records(corpus: Path) -> list[str]:
    """All rows of a store, as SQL text without the index, sorted: documents may have come in another order."""
    with closing(sqlite3.connect(corpus)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [line for line in connection.iterdump() if "search" not in line]


def offspring(pid: int) -> list[int]:
    """Children of a process, their children, and so on."""
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = list(map(int, tasks.read_text().split()))
        except OSError:
            continue
        for child in children:
            found += [child, *offspring(child)]
    return found


def kill_some(process: subprocess.Popen[str], corpus: Path, *, kills: int, seed: int) -> int:
    """Kill random workers of a program at work, a second apart; how many were killed."""
    chance, killed = random.Random(seed), 0
    while process.poll() is None and killed < kills:
        if not count_documents(corpus):
            time.sleep(0.2)
            continue
        workers = [pid for pid in offspring(process.pid) if "spawn_main" in _command(pid)]
        if workers:
            try:
                os.kill(chance.choice(workers), signal.SIGKILL)
                killed += 1
            except ProcessLookupError:
                continue
        time.sleep(1.0)
    return killed


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""

"""Damaged PDFs through the whole program: each ends with a status, nothing beside the store is touched.

TEXTMINE_MUTATIONS=2000 makes it a long run (a few minutes).
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from mutations import make_mutants

from textmine.settings import sample_corpus

COUNT = int(os.environ.get("TEXTMINE_MUTATIONS", "30"))
ROOT = Path(__file__).parents[2]


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def test_each_mutant_ends_with_a_status_and_nothing_else_is_touched(tmp_path: Path) -> None:
    sources = sorted((sample_corpus() / "pdf").glob("*.pdf"))
    mutants = list(make_mutants(sources, tmp_path / "mutants", COUNT))
    for name in ("home", "temporary", "work"):
        (tmp_path / name).mkdir()
    before = hashes(tmp_path)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "TEXTMINE_", "COV_"))},
        "HOME": str(tmp_path / "home"),
        "TMPDIR": str(tmp_path / "temporary"),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    options = ["--ocr", "never", "--model", "keyword", "--workers", "2" if COUNT > 100 else "1"]
    done = subprocess.run(
        [sys.executable, "-m", "textmine", "ingest", "../mutants", "--corpus", "../mutants.db", *options],
        cwd=tmp_path / "work",
        env=environment,
        capture_output=True,
        text=True,
        timeout=120 + 5 * COUNT,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    with closing(sqlite3.connect(tmp_path / "mutants.db")) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = store.execute("SELECT id, status, error FROM documents").fetchall()
    assert {row[0] for row in rows} == {hashlib.sha256(path.read_bytes()).hexdigest() for path in mutants}
    for _, status, error in rows:
        assert status in ("read", "flagged", "failed")
        assert (status == "failed") == bool(error)
        assert "cannot be read (" not in error, error  # an error that no part of the reader foresaw
    after = hashes(tmp_path)
    assert {key: after[key] for key in after if not key.startswith("mutants.db")} == before

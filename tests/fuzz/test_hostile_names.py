"""Names of files that would steer a terminal, forge a line of the log or break a store; each is one document."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from textmine.commands.options import one_line

NAMES = (
    b"a\nerror: forged.txt", b"\x1b]0;title\x07\x1b[2J.txt", b"[red]brak[bold].txt", "żółć 🙂.txt".encode(),
    "\u202egnp.txt".encode(), b"-rf.txt", b"=cmd|' x'.txt", b"%s {0}.txt", b" .txt", b"\xff latin \xb1.txt",
)  # fmt: skip


def run(*arguments: str, folder: Path) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "textmine", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TEXTMINE_MODEL": "keyword"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only names that are text")
def test_every_name_is_a_document_and_no_output_holds_a_control(tmp_path: Path) -> None:
    folder = tmp_path / "dokumenty"
    folder.mkdir()
    for number, name in enumerate(NAMES):
        (Path(os.fsdecode(bytes(folder) + b"/" + name))).write_text(f"Brak zaufania hamuje klaster {number}.\n")
        (Path(os.fsdecode(bytes(folder) + b"/" + name + b".pdf"))).write_bytes(b"%%PDF-1.7\nnothing %d" % number)
    (folder / "loop").symlink_to(".")
    (folder / "dangling.txt").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.txt")
    code, _, said = run(
        "ingest", "dokumenty", "dokumenty/none\x1b[2J\nerror: forged", "--workers", "1", folder=tmp_path
    )
    assert code == 1
    assert b"Traceback" not in said
    assert said.count(b"error: ") == len(NAMES) + 1 + said.count(b"\\nerror: ")
    assert f"{len(NAMES) + 1} failed".encode() in said
    outputs = [said]
    for format in ("table", "tsv"):
        code, rows, said = run("mentions", "--format", format, folder=tmp_path)
        assert code == 0, said
        outputs += [rows, said]
    assert rows.count(b"\n") == 1 + len(NAMES)
    for output in outputs:
        assert not set(output) & (set(range(32)) - {9, 10}), output
    code, _, said = run("export", "parquet", "out", folder=tmp_path)
    assert code == 0, said


def test_what_steers_a_terminal_is_shown_as_an_escape() -> None:
    assert one_line("zażółć\x1b[2J\r\n\u202e\udcff🙂") == "zażółć\\x1b[2J\\r\\n\\u202e\\udcff🙂"

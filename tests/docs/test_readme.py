"""What README shows in both languages does run, and the output that it quotes is what the demo prints."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from textmine.commands.app import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.pl.md")}
SAMPLES = ("maz-2010-raport", "maz-2016-report", "pol-2020-evaluation", "pdk-2022-evaluation", "lub-2020-report")


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGES[name], re.DOTALL | re.MULTILINE)


def test_the_demo_prints_what_is_quoted(demo) -> None:
    quoted = blocks("README.md", "")[1]
    for line in quoted.splitlines():
        assert line in demo.result.output, line


def test_both_languages_show_the_same_calls() -> None:
    for kind in ("sh", "python"):
        assert blocks("README.md", kind) == blocks("README.pl.md", kind) != []


def test_the_calls_run(
    command: Callable[..., Result],
    two_people: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEXTMINE_MODEL", "keyword")  # coding is not what is looked at; loading the model takes seconds
    monkeypatch.setenv("TEXTMINE_WORKERS", "1")
    monkeypatch.setenv("TEXTMINE_DRAWS", "200")
    (tmp_path / "strategies").mkdir()
    for name in SAMPLES:
        shutil.copy(ROOT / "corpus" / "pdf" / f"{name}.pdf", tmp_path / "strategies")
    manifest = (ROOT / "corpus" / "manifest.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in manifest if line.startswith(("path", *SAMPLES))]
    (tmp_path / "strategies.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for line in "".join(blocks("README.md", "sh")).splitlines():
        words = shlex.split(line)
        if words[0] == "textmine":
            result = command(*words[1:], folder=tmp_path)
            assert result.exit_code == 0, (line, result.output, result.exception)
            if words[1] == "sample" and "--output" in words:
                two_people(tmp_path)
        else:
            assert line == "pip install ."
    assert (tmp_path / "barriers.xlsx").exists()
    monkeypatch.chdir(tmp_path)
    for code in blocks("README.md", "python"):
        *before, last = code.strip().splitlines()
        found: dict = {}
        exec("\n".join(before), found)
        assert eval(last, found).height > 0
        found["corpus"].close()


def test_every_command_is_in_the_tables() -> None:
    for command in COMMANDS:
        if (ROOT / "textmine" / "commands" / f"{command}.py").exists():
            assert re.search(rf"^\|.*`{command}`.*\|", PAGES["README.md"], re.MULTILINE), command


@pytest.mark.parametrize("name", [*PAGES, "CONTRIBUTING.md", "SECURITY.md", "corpus/STORY.md"])
def test_links_lead_to_files(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for address in re.findall(r"\]\(([^)#]+)", text):
        if not address.startswith("http"):
            assert (ROOT / name).parent.joinpath(address).exists(), address

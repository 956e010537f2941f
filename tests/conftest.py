"""What many tests lean on: the demo, run once for the whole session on the sample corpus."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from textmine.commands.app import app

ROOT = Path(__file__).parent.parent
os.environ["LC_ALL"] = "C.UTF-8"  # help in English, also on a Polish machine


@dataclass(frozen=True)
class Demo:
    """A demo that was run: its folder, store and report, and what it printed."""

    folder: Path
    corpus: Path
    report: Path
    result: Result


def run(*arguments: str | Path, folder: Path | None = None) -> Result:
    """The result of a command line, run in a folder, with stdout and stderr apart."""
    before = Path.cwd()
    try:
        if folder:
            os.chdir(folder)
        return CliRunner().invoke(app, [str(argument) for argument in arguments])
    finally:
        os.chdir(before)


@pytest.fixture(scope="session")
def command() -> Callable[..., Result]:
    """`command("query", "klaster", folder=…)` runs the program as its users do."""
    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo's store and report in a folder of their own. Read only: copy the store before writing to it."""
    folder = tmp_path_factory.mktemp("demo")
    result = run("demo", folder=folder)
    assert result.exit_code == 0, result.output
    return Demo(folder, folder / "textmine.db", folder / "textmine-report.html", result)


@pytest.fixture(scope="session")
def demo_store(demo: Demo) -> Path:
    """Path of the demo's store, read only."""
    return demo.corpus


@pytest.fixture(scope="session")
def browse(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`browse(address, *flags)` opens a page in Debian's Chromium with a fresh profile and returns what it printed."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")

    def open_page(address: str, *flags: str) -> subprocess.CompletedProcess[str]:
        profile = tmp_path_factory.mktemp("profile")
        standard = (
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", f"--user-data-dir={profile}", "--enable-logging=stderr",
            "--virtual-time-budget=4000", "--disable-features=NetworkTimeServiceQuerying",
        )  # fmt: skip
        return subprocess.run(
            [chromium, *standard, *flags, address], capture_output=True, text=True, timeout=120, check=False
        )

    return open_page

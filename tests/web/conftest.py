"""A served demo store: the application as `textmine serve` runs it, on a free port, for the whole session."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from desk import make_store
from playwright.sync_api import Browser, sync_playwright

from textmine.settings import load_settings
from textmine.web import create_app

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Served:
    """A running application: its address, its store, and a client for it."""

    address: str
    corpus: Path
    client: httpx.Client

    def get(self, path: str, **options: Any) -> httpx.Response:
        """An answer; pages that are still being counted are asked for again."""
        for _ in range(400):
            response = self.client.get(path, **options)
            if 'http-equiv="refresh"' not in response.text:
                return response
            time.sleep(0.1)
        raise AssertionError(f"{path} was still being counted after 40 s")


@contextmanager
def served(corpus: Path, **options: Any) -> Iterator[Served]:
    """The application on a store, listening until the block ends."""
    app = create_app(load_settings(corpus=corpus, draws=400), in_process=True, **options)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, server_header=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with httpx.Client(base_url=address, timeout=60.0) as client:
        yield Served(address, corpus, client)
    server.should_exit = True
    thread.join(timeout=20)
    listening.close()


@pytest.fixture(scope="session")
def site(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo store, served; a copy, so that a saved search changes nothing for other tests."""
    corpus = tmp_path_factory.mktemp("served") / "demo.db"
    shutil.copy(demo_store, corpus)
    with served(corpus) as running:
        yield running


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    """`with serve(corpus) as running:` serves another store."""
    return served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, command: Callable[..., Any]) -> Path:
    """A small store with the sample `s1` to code by hand; read only."""
    return make_store(command, tmp_path_factory.mktemp("desk") / "desk.db")


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Iterator[Served]:
    """That store served, a fresh copy for each test."""
    with served(Path(shutil.copy(made, tmp_path / "desk.db"))) as running:
        yield running

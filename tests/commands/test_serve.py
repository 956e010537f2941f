"""`textmine serve` starts, says where, answers there, and keeps strangers out."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer

from textmine.commands import serve as serving


def started(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """The running program and the address that it printed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "textmine", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def stopped(process: subprocess.Popen[str]) -> str:
    """What it said on stderr until it was stopped as with Ctrl+C."""
    process.send_signal(signal.SIGINT)
    _, talk = process.communicate(timeout=30)
    return talk


def test_it_serves_until_it_is_stopped(demo_store: Path) -> None:
    process, address = started("--corpus", str(demo_store))
    try:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        assert httpx.get(address + "api/corpus", timeout=60).json()["n_documents"] == 30
        picture = httpx.get(address + "documents", timeout=60)
        link = re.search(r'href="(/documents/\w{16})"', picture.text)[1]
        assert httpx.get(f"{address.rstrip('/')}{link}/pages/1.png", timeout=60).content.startswith(b"\x89PNG")
    finally:
        talk = stopped(process)
    assert "Traceback" not in talk


def test_another_address_wants_the_token(demo_store: Path) -> None:
    process, address = started("--corpus", str(demo_store), "--host", "0.0.0.0")
    try:
        place, token = re.fullmatch(r"http://0\.0\.0\.0:(\d+)/\?token=([\w-]{24,})", address).groups()
        local = f"http://127.0.0.1:{place}/api/corpus"
        assert httpx.get(local, timeout=60).status_code == 401
        assert httpx.get(local, timeout=60, headers={"authorization": f"Bearer {token}"}).status_code == 200
    finally:
        stopped(process)


def test_a_store_that_is_not_there_is_told_at_once(tmp_path: Path, command: Callable[..., Any]) -> None:
    assert "no store there" in str(command("serve", "--corpus", tmp_path / "none.db").exception)


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("[::1]", True), ("127.8.8.8", True), ("0.0.0.0", False),
     ("192.168.0.7", False), ("example.org", False), ("::", False)],
)  # fmt: skip
def test_only_this_machine_s_own_addresses_need_no_token(host: str, own: bool) -> None:
    assert serving._is_loopback(host) is own


def test_a_token_of_one_s_own_is_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serving.TOKEN_VARIABLE, "short")
    with pytest.raises(typer.BadParameter, match="16 or more"):
        serving._token()
    monkeypatch.setenv(serving.TOKEN_VARIABLE, "a-token-of-my-own-choice")
    assert serving._token() == "a-token-of-my-own-choice"


def test_a_port_that_is_taken_is_told(demo_store: Path, command: Callable[..., Any]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = command("serve", "--corpus", demo_store, "--port", str(taken.getsockname()[1]))
    assert result.exit_code == 2
    assert "Choose another" in result.output

"""`textmine serve`: the web application on a store, for this machine."""

from __future__ import annotations

import ipaddress
import os
import secrets
from typing import Annotated

import typer

from textmine.commands.options import CorpusOption, SeedOption, corpus_settings, warn

__all__ = ["register"]

#: A token of one's own is read from here, so that it stands in no list of processes.
TOKEN_VARIABLE = "TEXTMINE_TOKEN"
LEAST_TOKEN = 16


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    corpus: CorpusOption = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any free one.")] = 8765,
    host: Annotated[
        str, typer.Option("--host", help="Another address than this machine's own wants a token; one is made.")
    ] = "127.0.0.1",
    open_browser: Annotated[bool, typer.Option("--open", help="Open the first page in the browser.")] = False,
    seed: SeedOption = None,
) -> None:
    """Serve the corpus as a web application: search, reader, trends, topics, integration, coding by hand.

    It listens on this machine only. With --host it can be reached by others, who need the token that is printed
    (TEXTMINE_TOKEN in the environment sets it), and may not code. It speaks plain HTTP: over a
    network put it behind a proxy with TLS.

    Example: textmine serve --corpus sample.db
    """
    from textmine.store import Store
    from textmine.web import LOOPBACK, create_app

    settings = corpus_settings(corpus, seed=seed)
    with Store.open(settings.corpus):  # says at once when there is none
        pass
    token = "" if _is_loopback(host) else _token()
    app = create_app(settings, token=token, hosts=LOOPBACK if not token else ())
    _run(app, host, port, token=token, open_browser=open_browser)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _token() -> str:
    given = os.environ.get(TOKEN_VARIABLE, "")
    if given and (
        len(given) < LEAST_TOKEN or not given.isascii() or not given.replace("-", "").replace("_", "").isalnum()
    ):
        raise typer.BadParameter(f"{TOKEN_VARIABLE}: {LEAST_TOKEN} or more letters, digits, - and _ are wanted.")
    return given or secrets.token_urlsafe(24)


def _run(app: object, host: str, port: int, *, token: str, open_browser: bool) -> None:
    """Listen until stopped; the address is printed once the port is known."""
    import socket

    import uvicorn

    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host.strip("[]"),
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), port))
        listening.listen(128)  # who reads the address below may come at once
    except OSError as error:
        listening.close()
        raise typer.BadParameter(f"{host}:{port}: {error.strerror}. Choose another with --port or --host.") from error
    shown = f"[{host.strip('[]')}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/" + (f"?token={token}" if token else "")
    typer.echo(address)
    warn("Stop with Ctrl+C.")
    if open_browser:
        import webbrowser

        webbrowser.open(address)
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()

"""What keeps a page harmless: headers, the hosts it answers to, the token, and forms that only our own pages send."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

__all__ = ["LOOPBACK", "Guard", "form_token", "is_own_post", "new_session"]

#: Names of this machine; a page asked for under another name is refused (DNS rebinding).
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
SESSION_COOKIE, TOKEN_COOKIE = "textmine-session", "textmine-token"
#: A token in a cookie lasts a working week.
_WEEK_SECONDS = 7 * 24 * 3600

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Any], Awaitable[None]]


class Guard:
    """ASGI middleware: refuses foreign hosts and visitors without the token, and sets the headers of every answer.

    Args:
        app: the application behind it.
        hosts: names that the server answers to; empty: any, which wants a token.
        token: what a visitor must bring (`?token=`, then a cookie; or `Authorization: Bearer`); empty: nobody must.
    """

    def __init__(self, app: Any, *, hosts: tuple[str, ...] = LOOPBACK, token: str = "") -> None:
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        if self.hosts and _host_name(headers.get("host", "")) not in self.hosts:
            await _refuse(send, 421, "This server answers to this machine's own names only.")
            return
        if self.token and not await self._is_admitted(scope, headers, send):
            return

        async def send_guarded(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = {key.lower() for key, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((key.encode(), value.encode()) for key, value in HEADERS.items() if key.encode() not in own),
                ]
            await send(message)

        await self.app(scope, receive, send_guarded)

    async def _is_admitted(self, scope: Scope, headers: Mapping[str, str], send: Send) -> bool:
        """Whether the visitor has the token; answers the request where not, or where the token moves to a cookie."""
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = next((value for key, value in query if key == "token"), None)
        if given is not None and self._fits(given):
            rest = urlencode([(key, value) for key, value in query if key != "token"])
            location = own_location(scope["path"]) + (f"?{rest}" if rest else "")
            cookie = f"{TOKEN_COOKIE}={self.token}; Path=/; Max-Age={_WEEK_SECONDS}; HttpOnly; SameSite=Lax"
            await _reply(send, 303, b"", [("location", location), ("set-cookie", cookie)])
            return False
        bearer = headers.get("authorization", "")
        if bearer.startswith("Bearer ") and self._fits(bearer.removeprefix("Bearer ").strip()):
            return True
        if self._fits(read_cookie(headers.get("cookie", ""), TOKEN_COOKIE)):
            return True
        await _refuse(send, 401, "Open the address that 'textmine serve' printed: it carries the token.")
        return False

    def _fits(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())


def own_location(path: str) -> str:
    """A path for a Location header: percent-encoded, and never the address of another host."""
    return "/" + quote(path.lstrip("/\\"), safe="/")


def read_cookie(header: str, name: str) -> str:
    """The value of a cookie; empty when it is not there or the header is broken."""
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def new_session() -> str:
    """A name for a visitor's session."""
    return secrets.token_urlsafe(18)


def form_token(secret: bytes, session: str) -> str:
    """What a form of ours carries: only we can make it, and only for this session."""
    return hmac.new(secret, session.encode(), hashlib.sha256).hexdigest()


def is_own_post(headers: Mapping[str, str], *, secret: bytes, session: str, given: str) -> bool:
    """Whether a post comes from a form of our own pages: by its origin, and by the form's token."""
    origin = headers.get("origin", "")
    if origin and urlsplit(origin).netloc != headers.get("host", ""):
        return False
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return bool(session) and hmac.compare_digest(given.encode("utf-8", "replace"), form_token(secret, session).encode())


def _host_name(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()


async def _refuse(send: Send, status: int, text: str) -> None:
    extra = [("www-authenticate", "Bearer")] if status == 401 else []
    await _reply(send, status, f"{text}\n".encode(), [("content-type", "text/plain; charset=utf-8"), *extra])


async def _reply(send: Send, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
    own = [*headers, *HEADERS.items(), ("cache-control", "no-store"), ("content-length", str(len(body)))]
    await send({
        "type": "http.response.start",
        "status": status,
        "headers": [(key.encode("latin-1"), value.encode("latin-1", "replace")) for key, value in own],
    })  # fmt: skip
    await send({"type": "http.response.body", "body": body})

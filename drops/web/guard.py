"""What stands before every page: who may ask, from where, and how much they may send.

Pure ASGI, so that a refusal costs nothing and a run can be sent as a stream.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from drops.errors import StoreError
from drops.web.frame import plain_page

SeatOf = Callable[[str], Awaitable[object | None]]

LARGEST = 64 * 1024  # bytes of a body
BROUGHT, LARGEST_BROUGHT = "/sync/take", 2 * 1024 * 1024  # a thousand answers from a learner's device
ENTER = "/enter/"  # what follows is the token
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",  # with "no-referrer" a browser sends its own forms with Origin: null
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Hosts(NamedTuple):
    """The names under which this server may be asked for, with their ports."""

    names: frozenset[str]
    any_port: frozenset[str] = frozenset()  # as of a proxy that stands in front

    def know(self, host: str) -> bool:
        """Whether a Host header is one of them."""
        host = host.lower()
        bare = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return host in self.names or bare in self.any_port

    def know_origin(self, origin: str) -> bool:
        """Whether an Origin header is a page of this server."""
        scheme, _, host = origin.partition("://")
        return scheme in ("http", "https") and self.know(host)


def mark_of(token: str) -> str:
    """What is kept of a token: who looks at the memory, or the time a comparison takes, learns nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def _whole(receive: Receive, largest: int) -> Receive | None:
    """The body, read before anything is done with it; None where it goes on beyond its limit."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break  # who asked has gone
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > largest:
            return None
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class Guard:
    """`seat_of` tells who has a token; None where it is nobody's. Who comes without one is told what `opens`
    the page."""

    def __init__(self, app: ASGIApp, hosts: Hosts, cookie: str, seat_of: SeatOf, opens: str) -> None:
        self.app, self.hosts, self.cookie, self.seat_of, self.opens = app, hosts, cookie, seat_of, opens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *_missing(told)]
            await send(message)

        refused = self._refusal(scope) or await self._seated(scope)
        if refused is not None:
            await refused(scope, receive, sealed)
            return
        heard = await _whole(receive, _largest(scope)) if scope["method"] == "POST" else receive
        await (self.app(scope, heard, sealed) if heard else _too_much()(scope, receive, sealed))

    def _refusal(self, scope: Scope) -> Response | None:
        """Why a request is not heard, whoever sends it; None where it may be."""
        headers = Headers(scope=scope)
        if not self.hosts.know(headers.get("host", "")):
            return _refuse(
                421, "Not here", "drops is not served under this name; open the link that was printed."
            )
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "same-origin")
        if origin is not None and not self.hosts.know_origin(origin):
            return _refuse(403, "Not from there", "A page of another site may not ask drops for anything.")
        if site in ("cross-site", "same-site") and headers.get("sec-fetch-mode") != "navigate":
            return _refuse(403, "Not from there", "A page of another site may not ask drops for anything.")
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return _refuse(
                405, "Not like this", "Pages are read and forms are sent; nothing else is done here."
            )
        if (
            not headers.get("content-length", "0").isdigit()
            or int(headers.get("content-length", "0")[:12]) > _largest(scope)
        ):
            return _too_much()
        return None

    async def _seated(self, scope: Scope) -> Response | None:
        """Why a request is not this person's to send; None where it is. They stand in the scope then."""
        entering = scope["path"].startswith(ENTER)
        headers = Headers(scope=scope)
        token = scope["path"].removeprefix(ENTER) if entering else _cookie(headers, self.cookie)
        token = token or headers.get("authorization", "").removeprefix("Bearer ")
        try:
            seat = await self.seat_of(token)
        except StoreError as problem:
            return _refuse(503, "Not now", f"{problem}.")
        if seat is None:
            return _refuse(401, "Who is there?", self.opens)
        scope["state"] = {**scope.get("state", {}), "token": token, "seat": seat}
        return None


def _largest(scope: Scope) -> int:
    return LARGEST_BROUGHT if scope["path"] == BROUGHT else LARGEST


def _cookie(headers: Mapping[str, str], name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _missing(told: set[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in told]


def _refuse(status: int, name: str, line: str) -> Response:
    return HTMLResponse(str(plain_page(name, line)), status)


def _too_much() -> Response:
    return _refuse(413, "Too much", "No answer is that long: at most 64 KB are read.")

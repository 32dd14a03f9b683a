"""The server: a socket of this machine, a link with a token, and a calm end."""

from __future__ import annotations

import errno
import ipaddress
import re
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import segno
import uvicorn

from drops.errors import DropsError
from drops.web.app import build_app
from drops.web.classes.room import Room, Teacher
from drops.web.guard import ENTER, Hosts, SeatOf, mark_of
from drops.web.seat import Seat
from drops.web.threads import aside

PORT = 8427  # tried first where none is named
LOOPBACK = "127.0.0.1"
_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*"
)


def listen(port: int | None, host: str) -> socket.socket:
    """A socket that listens, on `port` or, where none is named, on the usual or a free one. Without a `host`
    only this machine is heard; an address is listened at, a name at all addresses.

    Raises DropsError for a port that is taken, or that may not be opened, and an address that is none.
    """
    address = _address(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    tried = [PORT, 0] if port is None else [port]
    for at in tried:
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((address, at))
            opened.listen(128)
        except OSError as problem:
            opened.close()
            if at == tried[-1]:
                raise DropsError(_why(problem, at, address)) from None
        else:
            opened.setblocking(False)
            return opened
    raise AssertionError("one was tried")


def _address(host: str) -> str:
    if host.lower() in ("", "localhost"):
        return LOOPBACK
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        if not _NAME.fullmatch(host.lower()):
            line = f"“{host[:60]}” is no name or address of a machine; for example --allow-host 192.168.1.5"
            raise DropsError(line) from None
    return "0.0.0.0"  # noqa: S104  # asked for by name, and said in a loud line


def _why(problem: OSError, port: int, address: str) -> str:
    match problem.errno:
        case errno.EADDRINUSE:
            return f"port {port} is taken; name another with --port, or none, and a free one is found"
        case errno.EACCES:
            return f"port {port} may not be opened by you; name one from 1024 on"
        case errno.EADDRNOTAVAIL:
            return f"{address} is no address of this machine; name one that it has with --allow-host"
        case _:
            reason = (problem.strerror or "unknown reason").lower()
            return f"nothing can listen at {address} port {port} ({reason}); name another with --port"


def hosts_of(opened: socket.socket, host: str) -> Hosts:
    """The names under which a browser may ask."""
    address, port = opened.getsockname()[:2]
    names = {f"{name}:{port}" for name in (LOOPBACK, "localhost", "[::1]")}
    if host:
        shown = f"[{address}]" if ":" in address else host.lower()
        return Hosts(frozenset(names), frozenset({shown}))
    return Hosts(frozenset(names))


def link_to(opened: socket.socket, host: str, token: str) -> str:
    """The link that opens the door."""
    address, port = opened.getsockname()[:2]
    name = f"[{address}]" if ":" in address else host or LOOPBACK
    return f"http://{name}:{port}{ENTER}{token}"


def qr_lines(link: str) -> list[str]:
    """The link as a square to be photographed, two rows of it in a line."""
    from io import StringIO

    drawn = StringIO()
    segno.make(link, error="l", micro=False).terminal(drawn, compact=True, border=2)
    return drawn.getvalue().splitlines()


class Server(uvicorn.Server):
    """Ends by a signal as something that was asked for; says that it is `ready` once it does."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], end_runs: Callable[[], object]
    ) -> None:
        super().__init__(config)
        self._ready, self._end_runs = ready, end_runs

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._end_runs()
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        asked = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        before = {number: signal.signal(number, self.handle_exit) for number in asked}
        try:
            self._ready()
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def serve(seat: Seat, opened: socket.socket, host: str, token: str, ready: Callable[[], None]) -> None:
    """Answers until a signal asks for the end; what is under way has two seconds to be finished."""
    mark = mark_of(token)

    async def seat_of(asked: str) -> Seat | None:
        return seat if mark_of(asked) == mark else None

    opens = "This page opens by the link that `drops serve` printed as it began; open that link again."
    _answer(opened, host, seat_of, opens, ready, seat.end_run)


def serve_class(room: Room, opened: socket.socket, host: str, ready: Callable[[], None]) -> None:
    """The same for everybody in the room."""

    async def seat_of(token: str) -> Seat | Teacher | None:
        return await aside(room.seat_of, token)

    opens = "This page opens by a link of your own; open it again, or ask your teacher for it."
    _answer(opened, host, seat_of, opens, ready, room.end_runs)


def _answer(opened: socket.socket, host: str, seat_of: SeatOf, opens: str, ready: Callable[[], None],
            end_runs: Callable[[], object]) -> None:  # fmt: skip
    app = build_app(hosts_of(opened, host), f"drops-{opened.getsockname()[1]}", seat_of, opens)
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=2,
        timeout_keep_alive=30,
        limit_concurrency=200,
        h11_max_incomplete_event_size=16 * 1024,
        proxy_headers=False,
        loop="asyncio",
        http="h11",
        ws="none",
    )
    Server(config, ready, end_runs).run(sockets=[opened])


def new_token() -> str:
    return secrets.token_urlsafe(24)

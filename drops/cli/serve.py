"""The command that serves the browser face."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

from drops.cli.command import Command
from drops.cli.given import home_of, library_of, open_study
from drops.cli.printing import say
from drops.cli.shared import ending
from drops.errors import DropsError

NEEDED = ("starlette", "uvicorn", "htpy", "segno")  # what the extra `web` brings
LOUD = (
    "drops: other machines can reach this, and nothing is encrypted: put TLS in front of it, "
    "or keep to a network that you trust"
)


def run_serve(given: argparse.Namespace) -> int:
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        brings = "`pip install 'fourteen-drops[web]'` brings what it needs"
        line = f"the browser face needs {', '.join(missing)}; {brings}"
        raise DropsError(line)
    if given.store_file:
        return _serve_class(given)
    from drops.web.seat import Seat
    from drops.web.serving import link_to, listen, new_token, qr_lines, serve

    port = _port(given.port)
    opened = listen(port, given.allow_host)
    try:
        study, clock = open_study(given, library_of(given))
        seat = Seat(study, clock)
        token = new_token()
        link = link_to(opened, given.allow_host, token)

        def tell() -> None:
            say(link)
            if sys.stdout.isatty():
                _show_code(qr_lines(link))
                say("Open it in a browser. Ctrl+C ends this; every answer is saved.")
            sys.stdout.flush()
            if study.banner:
                print(f"drops: {study.banner}", file=sys.stderr)
            if not ip_address(opened.getsockname()[0]).is_loopback:
                print(LOUD, file=sys.stderr)

        with ending(seat, home_of(given)):
            serve(seat, opened, given.allow_host, token, tell)
    finally:
        opened.close()
    return 0


def _serve_class(given: argparse.Namespace) -> int:
    """Everybody of the classes that a store file leads to, each by a link of their own."""
    from drops.store.server.address import LEARNERS, TEACHER, read_store_file
    from drops.store.server.hub import Hub
    from drops.web.classes.room import Room
    from drops.web.serving import PORT, listen, serve_class

    keys = read_store_file(given.store_file, LEARNERS, TEACHER)
    # The links name the port: no other one that is free would do.
    with (
        closing(Hub(keys[LEARNERS], given.store_file)) as learners,
        closing(Hub(keys[TEACHER], given.store_file)) as teachers,
        listen(PORT if given.port is None else _port(given.port), given.allow_host) as opened,
    ):
        room = Room(learners, teachers, library_of(given), home_of(given))

        def tell() -> None:
            name, port = given.allow_host or "127.0.0.1", opened.getsockname()[1]
            say(f"http://{name}:{port}/ is open to who has a link; Ctrl+C ends it, every answer is saved.")
            if not ip_address(opened.getsockname()[0]).is_loopback:
                print(LOUD, file=sys.stderr)

        serve_class(room, opened, given.allow_host, tell)
    return 0


def _show_code(lines: list[str]) -> None:
    """A code that the terminal cannot show would be read by nothing."""
    try:
        "\n".join(lines).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return
    sys.stdout.write("\n".join(lines) + "\n")


def _port(typed: str | None) -> int | None:
    if typed is None:
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed[:6]) <= 65535):
        raise DropsError(f"a port is a whole number from 0 to 65535, not “{typed[:40]}”; --port 8427")
    return int(typed)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="N", help="the port; without it 8427, or a free one")
    parser.add_argument(
        "--allow-host",
        metavar="H",
        default="",
        help="a name or address of this machine by which others may reach it (default: only this machine)",
    )
    parser.add_argument(
        "--store-file", type=Path, metavar="FILE", help="a class, by the serve.conf that `drops class` wrote"
    )


SERVE = Command(
    "serve",
    "the whole course in a browser",
    run=run_serve,
    options=_options,
    examples="""\
examples:
  drops serve                              a link for this machine's browser
  drops serve --port 9000
  drops serve --allow-host 192.168.1.5     your phone too
  drops serve --store-file serve.conf      a class, each by a link of their own

The first line is the link; whoever has it learns as you. Ctrl+C ends it. The
terminal and the browser share one progress: what one begins the other goes on
with. One of them writes at a time; the second says so and saves nothing.
""",
)

"""`drops serve` as a process: one server for the tests of the process and for those in a browser."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import HTTPCookieProcessor, Request, build_opener

from program import environment, main


class Server:
    """`drops serve` in a process of its own."""

    def __init__(self, home: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", main(), "serve", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(home),
            cwd="/",
        )
        self.first = self.process.stdout.readline()
        self.base = self.first.partition("/enter/")[0]
        self.opener = build_opener(HTTPCookieProcessor())

    def enter(self) -> Server:
        self.opener.open(self.first.strip(), timeout=20).read()
        return self

    def get(self, address: str) -> str:
        with self.opener.open(self.base + address, timeout=20) as answer:
            return answer.read().decode()

    def post(self, address: str, body: str) -> str:
        request = Request(self.base + address, body.encode(), {"Origin": self.base}, method="POST")  # noqa: S310  # our own
        with self.opener.open(request, timeout=20) as answer:
            return answer.read().decode()

    def end(self, sign: int = signal.SIGTERM) -> tuple[int, float, str]:
        """Its status, how many seconds it took, and what it said on standard error."""
        began = time.monotonic()
        self.process.send_signal(sign)
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, time.monotonic() - began, said


@contextmanager
def serving(home: Path, *words: str) -> Iterator[Server]:
    server = Server(home, *words)
    try:
        yield server
    finally:
        with suppress(ProcessLookupError):
            server.process.kill()
        server.process.communicate()

"""The app in a real terminal.

with Terminal(home, *words) as terminal:      terminal.app is pexpect's
"""

from __future__ import annotations

import sys
import termios
from pathlib import Path

import pexpect

from program import environment, main


class Terminal:
    """The app in a real terminal, and the terminal's own settings before and after."""

    def __init__(self, home: Path, *words: str, before: str = "", **more: str) -> None:
        home.mkdir(parents=True, exist_ok=True)  # a home that is there has seen the first start
        self.app = pexpect.spawn(
            sys.executable,
            ["-c", main(before), *words],
            env=environment(home, **more),
            cwd="/",
            dimensions=(24, 80),
            timeout=60,
            encoding="utf-8",
            codec_errors="replace",
        )
        self.app.setecho(False)
        self.settings = termios.tcgetattr(self.app.child_fd)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.app.close(force=True)

    def end(self) -> str:
        """All that was printed to the end of the app."""
        self.app.expect(pexpect.EOF)
        said = self.app.before
        self.app.wait()
        return said

    @property
    def restored(self) -> bool:
        return termios.tcgetattr(self.app.child_fd) == self.settings

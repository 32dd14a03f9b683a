"""Textual's driver for terminals, where it is wrong made right: what is read, what a lost terminal
does, and how the app is stopped and goes on.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from io import TextIOBase
from typing import IO, Any, Protocol, cast

from textual.drivers.linux_driver import LinuxDriver

from drops.clock import ticks
from drops.errors import Ended
from drops.tui.terminal.background import ASK
from drops.tui.terminal.input import PATIENCE, Input
from drops.tui.terminal.network import Allowance, over_a_network

assert sys.platform != "win32", "a driver of POSIX terminals"

GONE = "the terminal is gone"


class DrivenApp(Protocol):
    """What the driver asks of its app, from any thread."""

    typed_ahead: bytes  # what came before the app could read

    def ends(self, problem: BaseException) -> None: ...


class Lasting(TextIOBase):
    """A terminal to write to that never fails: what goes wrong is told, once, and nothing more is written.

    Textual writes in a thread that would die of it; then the next thirty things to be written wait for ever.
    """

    def __init__(self, file: IO[str], ends: Callable[[BaseException], None]) -> None:
        self._file, self._ends, self._lost = file, ends, False
        self.taken = 0  # how often something was written, or lost
        self.flushing = False

    def _tried(self, act: Callable[[], object]) -> None:
        if self._lost:
            return
        try:
            act()
        except Exception as problem:
            self._lost = isinstance(problem, OSError)
            self._ends(Ended(GONE) if self._lost else problem)

    def write(self, text: str) -> int:
        self._tried(lambda: self._file.write(text))
        self.taken += 1
        return len(text)

    def flush(self) -> None:
        self.flushing = True
        self._tried(self._file.flush)
        self.flushing = False

    def fileno(self) -> int:
        return self._file.fileno()


class TerminalDriver(LinuxDriver):
    """No byte ends it; a lost terminal ends the app in order; Ctrl+Z stops it as it stops any program."""

    def __init__(self, app: Any, **more: Any) -> None:
        super().__init__(app, **more)
        self._owner = cast("DrivenApp", app)
        self._lasting = Lasting(self._file or sys.stderr, self._owner.ends)
        self._file = cast("Any", self._lasting)
        self._given = 0  # how often something was to be written
        self._allowance = Allowance() if over_a_network() else None

    # ── what is written, in a thread ──

    def write(self, data: str) -> None:
        self._given += 1
        if self._allowance is not None:
            self._allowance.spend(len(data.encode("utf-8", "replace")))
        super().write(data)

    @property
    def behind(self) -> bool:
        """Whether the terminal has not yet taken all that it was to be sent; over a network, whether that was
        more than its share until now."""
        if self._allowance is not None and self._allowance.owed:
            return True
        return self._given > self._lasting.taken or self._lasting.flushing

    # ── what is read, in a thread ──

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except BaseException as problem:
            self._owner.ends(problem)

    def run_input_thread(self) -> None:
        """Reads until the app stops reading. Raises Ended."""
        read = Input()
        ahead, self._owner.typed_ahead = self._owner.typed_ahead, b""
        for message in read.feed(ahead, ticks()):
            self.process_message(message)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(PATIENCE):
                    for message in read.feed(self._bytes(), ticks()):
                        self.process_message(message)
                for message in read.tick(ticks()):
                    self.process_message(message)

    def _bytes(self) -> bytes:
        try:
            data = os.read(self.fileno, 1 << 16)
        except OSError as problem:
            raise Ended(GONE) from problem
        if not data and self.input_tty:
            raise Ended(GONE)
        return data

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's own has no types
        if self.input_tty and os.environ.get("TERM") != "linux":  # the console has no ground of its own
            self.write(ASK)
            self.flush()

    def _query_in_band_window_resize(self) -> None:
        """Not asked for: sizes come from the system, and no byte can claim another."""

    # ── stopped and going on ──

    def _soon(self, act: Callable[[], None]) -> None:
        """Does what a signal asks for when the app looks next.

        A signal comes in the middle of anything: where that is writing, the queue of what is to be written is
        locked, and a handler that writes waits for itself.
        """
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)

    def _sigtstp_application(self, *_: object) -> None:
        self._soon(partial(self.stop, partial(os.kill, os.getpid())))

    def stop_with_shell(self) -> None:
        """As Ctrl+Z does it: with whatever started the app, or a shell would go on waiting for that."""
        self.stop(partial(os.killpg, os.getpgrp()))

    def stop(self, signalled: Callable[[int], None]) -> None:
        """Gives the terminal back, stops, and takes it again when a shell lets the app go on.

        By SIGTSTP and not SIGSTOP, which stops also where no shell is there to let anything go on.
        """
        went_on = threading.Event()
        self.suspend_application_mode()
        signal.signal(signal.SIGCONT, lambda *_: went_on.set())
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signalled(signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        signal.signal(signal.SIGCONT, self._sigcont_application)
        self._must_signal_resume = True
        self.resume_application_mode()
        if not went_on.is_set():
            self._app.call_later(self._app.notify, "There is no shell here to stop drops for; it goes on.")

    def _sigcont_application(self, *_: object) -> None:
        self._soon(self.go_on)

    def go_on(self) -> None:
        """Another program stopped this one, without asking, and it goes on; or a lost terminal woke it."""
        self.suspend_application_mode()
        self._must_signal_resume = True
        self.resume_application_mode()

"""An app that no terminal can break: it ends in order, stops and goes on, and finds the clipboard."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from rich.console import RenderableType
from textual import events, on
from textual._compositor import ChopsUpdate
from textual.app import App
from textual.driver import Driver
from textual.notifications import Notification, Notify, SeverityLevel
from textual.screen import Screen
from textual.worker import WorkerFailed

from drops.tui.terminal.stretches import Stretches

BLINK = 0.05  # seconds: the shortest time that a toast is shown


@dataclass
class Toasted(Notification):
    """A notification that always has time left when it is shown, by a clock that nobody sets.

    Textual reads the time that is left after it asked whether there is any. What ran out in between
    became a timer in the past, which never ends and takes the whole app.
    """

    began: float = field(default_factory=monotonic)

    @property
    def time_left(self) -> float:
        return max(self.began + self.timeout - monotonic(), BLINK)

    @property
    def has_expired(self) -> bool:
        return self.began + self.timeout <= monotonic()


class TerminalApp(App[None]):
    """Textual's app with our driver. Nothing in it is about drops."""

    def __init__(self) -> None:
        super().__init__()
        self.ended: BaseException | None = None  # what ended the app unasked
        self.typed_ahead = b""  # what the terminal sent before the app could read

    def get_driver_class(self) -> type[Driver]:
        """Our own, wherever Textual would take the one that ours mends."""
        found = super().get_driver_class()
        if sys.platform != "win32":
            from textual.drivers.linux_driver import LinuxDriver

            from drops.tui.terminal.driver import TerminalDriver

            if found is LinuxDriver:
                return TerminalDriver
        return found

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Of lines that changed in parts, the parts are sent. Private in Textual, so a test holds it."""
        if isinstance(renderable, ChopsUpdate):
            renderable = Stretches(renderable.chops, renderable.spans, renderable.chop_ends)
        super()._display(screen, renderable)

    @property
    def behind(self) -> bool:
        """Whether the terminal has not yet taken all that was painted."""
        return bool(getattr(self._driver, "behind", False))

    # ── ends that nobody asked for ──

    @on(events.Load)
    def _watch_tasks(self) -> None:
        if not self.is_headless:
            asyncio.get_running_loop().set_exception_handler(self._task_broke)

    def ends(self, problem: BaseException) -> None:
        """Leaves because of an end that nobody asked for, from whatever thread; the first one is told."""
        if self.ended is None:
            self.ended = problem
            self.exit(return_code=1)

    def _task_broke(self, _: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
        """An exception in a task that nobody waited for. What comes while the app leaves is past caring."""
        if (problem := told.get("exception")) and not self._exit:
            self.ends(problem)

    def _handle_exception(self, error: Exception) -> None:
        """What comes while the app leaves is past caring: a screen that just opens misses its parts by then.

        Private in Textual, so a test holds it.
        """
        if not self._exit:
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """An exception nobody caught. Textual's own would print a traceback of many screens.

        Private there, so a test holds it.
        """
        problem = sys.exc_info()[1] or self._exception
        if isinstance(problem, WorkerFailed):
            problem = problem.error
        self.ended = self.ended or problem
        self._close_messages_no_wait()

    # ── what a terminal can do ──

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        wait = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Toasted(message, title, severity, wait, markup)))

    async def copy(self, text: str, what: str) -> None:
        """To the machine's clipboard, and where that is out of reach to the terminal's."""
        from drops.tui.terminal import clipboard

        if await asyncio.to_thread(clipboard.copy, text):
            self.notify(f"Copied: {what}", markup=False)
        else:
            self.copy_to_clipboard(text)
            self.notify(
                f"Sent to the terminal's clipboard: {what}. Some multiplexers swallow it.", markup=False
            )

    def action_suspend_process(self) -> None:
        """Stops the app as Ctrl+Z stops any program."""
        if stop := getattr(self._driver, "stop_with_shell", None):
            stop()
        else:
            self.notify("There is no shell here to stop drops for; it goes on.")

    @on(Driver.SignalResume)
    def _paint_again(self) -> None:
        self.refresh(layout=True)

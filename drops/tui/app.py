"""The app: Today at once, everything heavy behind the first paint, one key at a time."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType

from drops.carried import carried
from drops.clock import Clock
from drops.colours import PALETTES
from drops.course.model import Library
from drops.study.crash import complain, report_line
from drops.study.today import Today
from drops.tui.base.apart import CALM, apart
from drops.tui.base.keyboard import Keyboard
from drops.tui.base.theme import theme
from drops.tui.going import Going
from drops.tui.keymap import ANYWHERE, own_keys
from drops.tui.screens.base import DropsScreen
from drops.tui.screens.today import TodayScreen
from drops.tui.terminal.background import said_before
from drops.tui.terminal.ending import ending

if TYPE_CHECKING:
    from rich.terminal_theme import TerminalTheme
    from textual.command import Provider

    from drops.study.study import Study


def finding() -> type[Provider]:
    """What the command palette looks through; late, because the palette is not on the first screen."""
    from drops.tui.palette import Everything

    return Everything


TURN = 0.0002  # seconds that a key waits at most for a thread that computes
Opens = Callable[[Going], Awaitable[None]]  # what the app does as soon as it is there


class DropsApp(Going):
    """Two callables give it all it knows: a glance for the first paint, and then the study."""

    TITLE = "drops"
    CSS_PATH = carried("tui/app.tcss")
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {finding}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  # Textual declares it so
        (0, "-narrow"),
        (110, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = ANYWHERE

    def __init__(
        self,
        glance_today: Callable[[], Today],
        open_study: Callable[[], Study],
        clock: Clock,
        library: Callable[[], Library],
        *,
        home: Path,
        opens: Opens | None = None,
        first: bool = False,
        palette: str = "auto",
        reduced_motion: bool = False,
    ) -> None:
        super().__init__()
        self.glance_today, self.open_study, self.clock = glance_today, open_study, clock
        self._library, self.home, self.opens, self.first = library, home, opens, first
        self.palette, self.reduced_motion = palette, reduced_motion
        self.ground = said_before(os.environ)
        shown = self.ground if palette == "auto" else palette
        for one in PALETTES.values():
            self.register_theme(theme(one))
        # set before anything is parsed, unwatched: a change of theme has every rule parsed a second time
        self.set_reactive(DropsApp.theme, f"drops-{shown}")
        self.set_class(shown == "dark", "-dark-mode").set_class(shown == "light", "-light-mode")
        self.stylesheet.set_variables(self.get_css_variables())
        self.keyboard = Keyboard()
        self.study: Study | None = None
        self._opening: asyncio.Future[Study] | None = None
        self.keymap: dict[str, str] = {}
        self.waits = ""  # what the footer says while a key's effect takes longer than a blink

    @property
    def ansi_theme(self) -> TerminalTheme:
        """Asked once for every painted line: Textual's own way to it is a third of a line's cost."""
        return self.ansi_theme_light if self.theme == "drops-light" else self.ansi_theme_dark

    # ── the first second ──

    def get_default_screen(self) -> TodayScreen:
        return TodayScreen(self.glance_today())

    async def on_mount(self) -> None:
        if self.first:
            await self.first_start()
        if self.reduced_motion:
            self.animation_level = "none"
        self.run_worker(self.keyboard.run(), name="keyboard")
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        self.keyboard.do(partial(own_keys, self))
        if self.opens is not None:
            self.keyboard.do(partial(self.opens, self))
        self.set_timer(0.02, self._settle)

    def _open(self) -> Study:
        """In a thread: the study, and what the first page will be drawn with."""
        import drops.course.markup  # noqa: F401

        return self.open_study()

    async def opened(self) -> Study:
        """The study, opened by the first key that needs it: numpy and SQLAlchemy take half of the memory.

        Keys typed meanwhile wait their turn. Raises DropsError.
        """
        if self.study is None:
            calm = self.set_timer(CALM, self._tell_of_opening)
            self._opening = self._opening or apart(self._open)
            try:
                self.study = await asyncio.shield(self._opening)
            finally:
                self._opening = None  # after an error the next key tries again
                calm.stop()
                self.wait_for("")
            self._settle()
        return self.study

    def _tell_of_opening(self) -> None:
        """A timer that was due as it was stopped says nothing any more."""
        if self._opening is not None:
            self.wait_for("opening your progress …")

    def _settle(self) -> None:
        """What is loaded by now stays: looking through it for garbage would cost some key 100 ms."""
        gc.enable()
        if not self.is_headless:  # a test process opens hundreds of apps, and those do become garbage
            gc.freeze()

    def wait_for(self, what: str) -> None:
        """Says in the footer what takes so long; "": nothing does any more."""
        self.waits = what
        self.refresh_keys()

    def refresh_keys(self) -> None:
        if isinstance(self.screen, DropsScreen):
            self.screen.refresh_keys()

    # ── keys in order ──

    async def on_event(self, event: events.Event) -> None:
        """Keys for our screens wait in one queue; Textual's own screens get theirs as ever.

        One that comes back from such a screen after it closed was not meant for the screen below.
        """
        if not isinstance(event, events.Key):
            await super().on_event(event)
        elif not event.is_forwarded:
            self.keyboard.do(partial(self._press, event))
        elif not isinstance(self.screen, DropsScreen):
            await super().on_event(event)

    async def _press(self, event: events.Key) -> None:
        screen = self.screen
        if isinstance(screen, DropsScreen):
            await screen.press(event)
        else:
            await super().on_event(event)


def run_app(app: DropsApp) -> int:
    """Runs the app and returns what the shell gets. What ended it unasked is told in a line."""
    sys.setswitchinterval(TURN)
    with ending(app):
        try:
            app.run()
        finally:
            if app.study is not None:
                app.study.close()
            # Python looks through all objects twice on its way out, longer than the app needed to stop
            gc.freeze()
    if app.ended is None:
        return app.return_code or 0
    complain(report_line(app.ended, app.home, f"{app.clock().local:%Y-%m-%d-%H%M%S}"))
    return 1

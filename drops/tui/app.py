"""The app: Today at once, everything heavy behind the first paint, one key at a time."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.binding import ActiveBinding, BindingType

from drops.carried import carried
from drops.clock import Clock
from drops.course.model import LearningPath, Library
from drops.errors import DropsError, Ended, Unknown
from drops.memory.today import Wish
from drops.study.crash import complain, report_line
from drops.study.paths import Paths, Verb
from drops.study.today import Today
from drops.tui.base.apart import CALM, apart
from drops.tui.base.keyboard import Keyboard
from drops.tui.base.theme import PALETTES, theme
from drops.tui.keymap import ANYWHERE, own_keys
from drops.tui.screens.base import DropsScreen
from drops.tui.screens.today import TodayScreen
from drops.tui.table import SCREENS
from drops.tui.terminal.app import TerminalApp
from drops.tui.terminal.ending import ending

if TYPE_CHECKING:
    from rich.terminal_theme import TerminalTheme
    from textual.command import Provider

    from drops.study.study import Study


def finding() -> type[Provider]:
    """What the command palette looks through; late, because the palette is not on the first screen."""
    from drops.tui.palette import Everything

    return Everything


class DropsApp(TerminalApp):
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
        replay: str = "",
        palette: str = "dark",
        reduced_motion: bool = False,
    ) -> None:
        # nothing that is made before the first paint becomes garbage soon: collecting costs a fifth of it
        gc.disable()
        super().__init__()
        self.glance_today, self.open_study, self.clock = glance_today, open_study, clock
        self._library, self.home, self.replay = library, home, replay
        self.palette, self.reduced_motion = palette, reduced_motion
        for one in PALETTES.values():
            self.register_theme(theme(one))
        # set before anything is parsed, unwatched: a change of theme has every rule parsed a second time
        self.set_reactive(DropsApp.theme, f"drops-{palette}")
        self.set_class(palette == "dark", "-dark-mode").set_class(palette == "light", "-light-mode")
        self.stylesheet.set_variables(self.get_css_variables())
        self.keyboard = Keyboard()
        self.study: Study | None = None
        self._opening: asyncio.Future[Study] | None = None
        self.keymap: dict[str, str] = {}
        self.waits = ""  # what the footer says while a key's effect takes longer than a blink

    @cached_property
    def library(self) -> Library:
        return self._library()

    @property
    def paths(self) -> Paths:
        return self.now_today().paths

    @property
    def ansi_theme(self) -> TerminalTheme:
        """Asked once for every painted line: Textual's own way to it is a third of a line's cost."""
        return self.ansi_theme_light if self.theme == "drops-light" else self.ansi_theme_dark

    # ── the first second ──

    def get_default_screen(self) -> TodayScreen:
        return TodayScreen(self.glance_today())

    def on_mount(self) -> None:
        if self.reduced_motion:
            self.animation_level = "none"
        self.run_worker(self.keyboard.run(), name="keyboard")
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        self.keyboard.do(partial(own_keys, self))
        if self.replay:
            self.keyboard.do(partial(self.begin, drop=self.replay, replay=True))
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
            calm = self.set_timer(CALM, partial(self.wait_for, "opening your progress …"))
            self._opening = self._opening or apart(self._open)
            try:
                self.study = await asyncio.shield(self._opening)
            finally:
                self._opening = None  # after an error the next key tries again
                calm.stop()
                self.wait_for("")
            self._settle()
        return self.study

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

    # ── where one can go ──

    async def begin(
        self,
        *,
        drop: str | None = None,
        replay: bool = False,
        test_out: bool = False,
        budget: int | None = None,
        wish: Wish = "",
        sure: bool = False,
    ) -> None:
        """A session: today's, or one drop's; `budget` is what was chosen at the first start, and `sure`
        says that this machine's clock is right."""
        from drops.tui.screens.drop import DropScreen

        try:
            study = await self.opened()
            if not sure and (found := study.doubt(self.clock())):
                from drops.tui.screens.clock import ClockScreen

                again = partial(self.begin, drop=drop, replay=replay, test_out=test_out, budget=budget)
                asked = ClockScreen(study, found, partial(again, wish=wish, sure=True))
                await self.push_screen(asked, self._back)
                return
            if budget is not None and budget != study.setting("budget_minutes"):
                study.change("budget_minutes", str(budget), self.clock())
            now = self.clock()
            session = await apart(
                lambda: study.begin(now, drop=drop, replay=replay, test_out=test_out, wish=wish)
            )
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        while isinstance(self.screen, DropScreen):
            await self.pop_screen()
        await self.push_screen(DropScreen(study, session), self._back)

    def _back(self, result: None) -> None:
        """A session was left: Today is what it is now."""
        del result
        self._refresh_today()

    def _refresh_today(self) -> None:
        today = self.now_today()
        for screen in self.screen_stack:
            if isinstance(screen, DropsScreen):
                screen.renew(today)

    def now_today(self) -> Today:
        return self.study.today(self.clock()) if self.study is not None else self.glance_today()

    async def action_path(self) -> None:
        await self.open_path()

    async def open_path(self, path: LearningPath | None = None) -> None:
        """The Path screen, on the current path unless told."""
        from drops.tui.screens.lists.path import PathScreen

        today = self.now_today()
        shown = path or today.paths.current
        if shown is None:
            return
        if isinstance(self.screen, PathScreen):
            self.screen.turn_to(shown)
        else:
            await self.push_screen(PathScreen(shown, today))

    async def arrange(self, verb: Verb, path: LearningPath) -> None:
        """Chooses, pauses, hides or shows a path; every screen that shows paths follows."""
        try:
            study = await self.opened()
            paths = study.arrange(verb, (path.id,), self.clock())
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        self._refresh_today()
        self.notify(f"{path.title} is {paths.states[path.id]}.", markup=False)

    async def why(self) -> None:
        from drops.tui.screens.lists.why import WhyScreen

        await self.push_screen(WhyScreen(self.now_today()))

    async def choose(self, drop: str) -> None:
        """Opens a drop; of one that is ahead, asks on the path whether to test out."""
        from drops.tui.screens.lists.path import PathScreen

        if self.now_today().states.get(drop) != "ahead":
            await self.begin(drop=drop)
            return
        await self.open_path(self.library.path_of(drop))
        if isinstance(self.screen, PathScreen):
            self.screen.offer(self.library.drop(drop))

    async def look_back(self, name: str) -> None:
        """Hard drops, progress, answers, settings: the screens that need the study."""
        try:
            study = await self.opened()
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        row = SCREENS[name]
        assert row.looks_back, name
        made = cast("Callable[[Study], DropsScreen]", row.load())(study)
        await self.push_screen(made, self._back)

    async def action_look_back(self, name: str) -> None:
        await self.look_back(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a session h is a direction and s the line: these keys are Today's; the palette has the rest."""
        if action == "look_back":
            return isinstance(self.screen, TodayScreen)
        return super().check_action(action, parameters)

    async def explain(
        self, *links: str, taught: Iterable[str] = (), within: LearningPath | None = None
    ) -> None:
        """A path's glossary, the current one's unless told, and first in it what these links lead to:
        term:bias, drop:the-loss.
        """
        from drops.tui.screens.terms import TermsScreen

        path = within or self.paths.current
        linked: dict[str, str] = {}
        for link in links:
            with contextlib.suppress(Unknown):
                name, says = self.library.linked(link, path)
                linked[name] = says
        glossary = path.glossary if path else {}
        await self.push_screen(TermsScreen({**glossary, **linked}, (*linked, *taught)))

    async def show_help(self, title: str, bindings: dict[str, ActiveBinding]) -> None:
        """The keys that work where help was asked for."""
        from drops.tui.screens.help import HelpScreen

        await self.push_screen(HelpScreen(title, bindings))

    def action_command_palette(self) -> None:
        """Opens it, also while one that was just closed is still on its way out."""
        from drops.tui.palette import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette())

    async def do_here(self, action: str) -> None:
        """An action of the screen in front, as its key would do it."""
        await self.run_action(action, self.screen)

    def export_picture(self) -> None:
        """This screen as an SVG file in the home folder."""
        folder = self.home / "pictures"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            at = self.clock().local
            name = self.save_screenshot(f"drops-{at:%Y-%m-%d-%H%M%S}.svg", str(folder))
        except OSError as problem:
            self.notify(
                f"The picture could not be written: {problem.strerror or problem}",
                severity="error",
                markup=False,
            )
            return
        self.notify(f"Saved as {name}", markup=False)

    async def other_theme(self) -> None:
        """Dark or light, the other of them, also at the next start."""
        self.use_palette("light" if self.theme == "drops-dark" else "dark")
        try:
            study = await self.opened()
            study.change("theme", self.palette, self.clock())
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)

    def use_palette(self, palette: str) -> None:
        """Dark or light, from now on."""
        self.palette, self.theme = palette, f"drops-{palette}"

    def use_motion(self, *, reduced: bool) -> None:
        """Whether things move, from now on."""
        self.reduced_motion = reduced
        self.animation_level = "none" if reduced else "full"

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


def run_app(
    glance_today: Callable[[], Today],
    open_study: Callable[[], Study],
    clock: Clock,
    library: Callable[[], Library],
    *,
    home: Path,
    replay: str = "",
    palette: str = "dark",
    reduced_motion: bool = False,
) -> int:
    """Runs the app and returns what the shell gets. What ended it unasked is told in a line."""
    app = DropsApp(
        glance_today,
        open_study,
        clock,
        library,
        home=home,
        replay=replay,
        palette=palette,
        reduced_motion=reduced_motion,
    )
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
    complain(report_line(app.ended, home, f"{clock().local:%Y-%m-%d-%H%M%S}"))
    return app.ended.status if isinstance(app.ended, Ended) else 1

"""Where one can go from anywhere: sessions, screens, terms, help; and what is settled on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on
from textual.binding import ActiveBinding

from drops.clock import Clock
from drops.course.model import LearningPath, Library
from drops.errors import DropsError, Unknown
from drops.memory.today import Wish
from drops.store.file.files import write_at_home
from drops.study.paths import Paths, Verb
from drops.study.today import Today
from drops.tui.base.apart import apart
from drops.tui.screens.base import FIND, DropsScreen
from drops.tui.screens.today import TodayScreen
from drops.tui.table import SCREENS
from drops.tui.terminal.app import TerminalApp
from drops.tui.terminal.background import Background

if TYPE_CHECKING:
    from drops.study.study import Study


class Going(TerminalApp):
    """The part of the app that opens things."""

    clock: Clock
    home: Path
    palette: str  # "dark", "light", or "auto": as the terminal's ground is
    ground: str  # "dark" or "light", as far as it is known
    reduced_motion: bool
    study: Study | None
    glance_today: Callable[[], Today]
    _library: Callable[[], Library]

    @cached_property
    def library(self) -> Library:
        return self._library()

    @property
    def paths(self) -> Paths:
        return self.now_today().paths

    def take_study(self, study: Study) -> None:
        """Another course in the place of this one: what is linked to is looked up there."""
        self.study, self.library = study, study.library

    async def opened(self) -> Study:
        """The study, opened by the first key that needs it. Raises DropsError."""
        raise NotImplementedError

    async def begin(
        self,
        *,
        drop: str | None = None,
        replay: bool = False,
        test_out: bool = False,
        place: bool = False,
        budget: int | None = None,
        wish: Wish = "",
        sure: bool = False,
    ) -> None:
        """A session: today's, or one drop's, or a placement; `budget` is what was chosen at the first start,
        and `sure` says that this machine's clock is right."""
        try:
            study = await self.opened()
            await self._loaded("drop")
            if not sure and (found := study.doubt(self.clock())):
                from drops.tui.screens.clock import ClockScreen

                again = partial(self.begin, drop=drop, replay=replay, test_out=test_out, place=place)
                asked = ClockScreen(study, found, partial(again, budget=budget, wish=wish, sure=True))
                await self.push_screen(asked, self._back)
                return
            if budget is not None and budget != study.setting("budget_minutes"):
                study.change("budget_minutes", str(budget), self.clock())
            now = self.clock()
            session = await apart(
                lambda: study.begin(
                    now, drop=drop, replay=replay, test_out=test_out, place=place, wish=wish
                )
            )
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        from drops.tui.screens.drop import DropScreen

        while isinstance(self.screen, DropScreen):
            await self.pop_screen()
        await self.push_screen(DropScreen(study, session), self._back)

    async def _loaded(self, name: str) -> None:
        """A screen's code is found and read in a thread: it takes longer than a key may wait."""
        await apart(SCREENS[name].load)

    def _back(self, result: None) -> None:
        """A session was left: Today is what it is now."""
        del result
        self.renew_all()

    def renew_all(self) -> None:
        """Every screen shows today as it stands now; one that is just being opened as soon as it is there."""
        today = self.now_today()
        for screen in self.screen_stack:
            if isinstance(screen, DropsScreen):
                if screen.is_mounted:
                    screen.renew(today)
                else:
                    screen.call_after_refresh(screen.renew, today)

    def now_today(self) -> Today:
        return self.study.today(self.clock()) if self.study is not None else self.glance_today()

    async def action_path(self) -> None:
        await self.open_path()

    async def open_path(self, path: LearningPath | None = None) -> None:
        """The Path screen, on the current path unless told."""
        await self._loaded("path")
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
        self.renew_all()
        self.notify(f"{path.title} is {paths.states[path.id]}.", markup=False)

    async def action_lab(self) -> None:
        await self.open_lab()

    async def open_lab(self, line: str = "") -> None:
        """The Lab with an experiment. What is no line is said, and the usual one opened."""
        await self._loaded("lab")
        from drops.networks.lab.tables import use
        from drops.tui.screens.lab.screen import LabScreen

        use(self.home)
        try:
            lab = LabScreen(line)
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            lab = LabScreen()
        await self.push_screen(lab)

    async def why(self) -> None:
        await self._loaded("why")
        from drops.tui.screens.lists.why import WhyScreen

        await self.push_screen(WhyScreen(self.now_today()))

    async def first_start(self) -> None:
        """The neuron that fires under the arrow keys, over Today."""
        from drops.tui.screens.first import FirstScreen

        await self.push_screen(FirstScreen(), self._started)

    def _started(self, result: None) -> None:
        """It was seen: where the home folder is, it does not come by itself again."""
        del result
        with contextlib.suppress(OSError):
            self.home.mkdir(parents=True, exist_ok=True)

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
        await self._loaded(name)
        made = cast("Callable[[Study], DropsScreen]", row.load())(study)
        await self.push_screen(made, self._back)

    async def action_look_back(self, name: str) -> None:
        await self.look_back(name)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a session h is a direction and s the line: these keys are Today's; the palette has the rest."""
        if action in ("look_back", "lab"):
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

    async def show_help(
        self, title: str, bindings: dict[str, ActiveBinding], words: Mapping[str, Sequence[str]]
    ) -> None:
        """The keys that work where help was asked for, and the words that can be typed there."""
        from drops.tui.screens.help import HelpScreen

        await self.push_screen(HelpScreen(title, bindings, words))

    def action_command_palette(self) -> None:
        """Opens it, also while one that was just closed is still on its way out."""
        from drops.tui.palette import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=FIND))

    async def do_here(self, action: str) -> None:
        """An action of the screen in front, as its key would do it."""
        await self.run_action(action, self.screen)

    def export_picture(self, markdown: str = "") -> None:
        """This screen as an SVG file in the home folder, and what of it is to keep beside it."""
        picture = self.home / "pictures" / f"drops-{self.clock().local:%Y-%m-%d-%H%M%S}.svg"
        try:
            write_at_home(picture, self.export_screenshot().encode())
            if markdown:
                write_at_home(picture.with_suffix(".md"), markdown.encode())
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        self.notify(f"Saved as {picture}{' and .md' if markdown else ''}", markup=False)

    def write_script(self, text: str, name: str) -> None:
        """A program as a file in the home folder."""
        file = self.home / "scripts" / f"{name}-{self.clock().local:%Y-%m-%d-%H%M%S}.py"
        try:
            write_at_home(file, text.encode())
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
        else:
            self.notify(f"Written: {file}", markup=False)

    async def other_theme(self) -> None:
        """Dark or light, the other of them, also at the next start."""
        self.use_palette("light" if self.theme == "drops-dark" else "dark")
        try:
            study = await self.opened()
            study.change("theme", self.palette, self.clock())
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)

    @on(Background)
    def _know_ground(self, event: Background) -> None:
        self.ground = event.palette
        if self.palette == "auto":
            self.use_palette("auto")

    def use_palette(self, palette: str) -> None:
        """Dark or light, or as the terminal's ground is, from now on."""
        self.palette = palette
        if self.theme != (shown := f"drops-{self.ground if palette == 'auto' else palette}"):
            self.theme = shown

    def use_motion(self, *, reduced: bool) -> None:
        """Whether things move, from now on."""
        self.reduced_motion = reduced
        self.animation_level = "none" if reduced else "full"

"""What screens may ask of the app that holds them, so that they need not know it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from textual.binding import ActiveBinding
from textual.notifications import SeverityLevel

from drops.clock import Clock
from drops.course.model import LearningPath, Library
from drops.memory.today import Wish
from drops.study.paths import Paths, Verb
from drops.study.today import Today
from drops.tui.base.keyboard import Keyboard

if TYPE_CHECKING:
    from textual.screen import Screen

    from drops.study.study import Study


class Host(Protocol):
    """The app, as its screens see it."""

    home: Path
    clock: Clock
    study: Study | None
    keyboard: Keyboard
    keymap: dict[str, str]
    reduced_motion: bool
    waits: str  # what the footer says while a key's effect takes longer than a blink

    @property
    def library(self) -> Library: ...

    @property
    def paths(self) -> Paths: ...

    def take_study(self, study: Study) -> None: ...

    async def opened(self) -> Study: ...

    async def begin(
        self,
        *,
        drop: str | None = None,
        replay: bool = False,
        test_out: bool = False,
        place: bool = False,
        budget: int | None = None,
        wish: Wish = "",
    ) -> None: ...

    @property
    def screen_stack(self) -> Sequence[Screen[Any]]: ...

    @property
    def behind(self) -> bool: ...

    def now_today(self) -> Today: ...

    def renew_all(self) -> None: ...

    async def explain(
        self, *links: str, taught: Iterable[str] = (), within: LearningPath | None = None
    ) -> None: ...

    async def show_help(
        self, title: str, bindings: dict[str, ActiveBinding], words: Mapping[str, Sequence[str]]
    ) -> None: ...

    async def why(self) -> None: ...

    async def open_lab(self, line: str = "") -> None: ...

    async def first_start(self) -> None: ...

    async def action_path(self) -> None: ...

    async def open_path(self, path: LearningPath | None = None) -> None: ...

    async def arrange(self, verb: Verb, path: LearningPath) -> None: ...

    def export_picture(self, markdown: str = "") -> None: ...

    def write_script(self, text: str, name: str) -> None: ...

    def refresh_keys(self) -> None: ...

    def wait_for(self, what: str) -> None: ...

    def set_keymap(self, keymap: Mapping[str, str]) -> None: ...

    def notify(
        self, message: str, *, severity: SeverityLevel = "information", markup: bool = True
    ) -> None: ...

    async def look_back(self, name: str) -> None: ...

    async def choose(self, drop: str) -> None: ...

    async def copy(self, text: str, what: str) -> None: ...

    async def other_theme(self) -> None: ...

    def use_palette(self, palette: str) -> None: ...

    def use_motion(self, *, reduced: bool) -> None: ...

    async def do_here(self, action: str) -> None: ...

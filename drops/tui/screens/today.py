"""The first screen: what today holds, how long it takes, and one thing to do."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.memory.today import Wish
from drops.study.today import BUDGETS, Today
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines
from drops.tui.screens import day_list
from drops.tui.screens.base import DropsScreen, Keys

WAITS = ("every second", "full", "away")  # why a drop waits that may come first all the same


class DayList(Drawn):
    """All of Today, as one widget: the first paint waits for nothing else, and its picture comes after it."""

    def __init__(self, today: Today) -> None:
        super().__init__(id="plan")
        self.today = today
        self.chosen = BUDGETS.index(8)  # of the first run's one choice
        self.pictured = False
        self.names = day_list.KeyNames("", "", "")  # of keys, as its lines say them

    def draw(self, width: int, ink: Inks) -> Lines:
        here = self.screen
        self.names = here.named_keys if isinstance(here, TodayScreen) else day_list.KeyNames("", "", "")
        size = width, self.app.size.height - 1
        return day_list.draw(self.today, self.names, self.chosen, size, ink, pictured=self.pictured)


class TodayScreen(DropsScreen):
    """Enter does what stands to be done; everything else is a key away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "begin"),
        Binding("p", "app.path", "path"),
        Binding("w", "why", "why these", show=False),  # stands beside what is to be recalled
        Binding("n", "wish('drop first')", "the drop first", show=False),
        Binding("x", "wish('not today')", "no drop today", show=False),
        Binding("left", "minutes(-1)", "fewer minutes", show=False),
        Binding("right", "minutes(1)", "minutes a day", key_display="←→"),
        Binding("o", "place", "where you stand", show=False),  # stands in its lines on the first day
        Binding("t", "terms", "terms", show=False),
        Binding("down,j", "scroll(1)", "scroll", show=False),
        Binding("up,k", "scroll(-1)", "scroll up", show=False),
        Binding("e", "export", "save as SVG", show=False),
        Binding("q", "app.quit", "quit"),
    ]

    title_of_help = "Keys of Today"

    def __init__(self, today: Today) -> None:
        super().__init__()
        self.plan = DayList(today)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="body", can_focus=False):
            yield self.plan
        yield Keys()

    def on_mount(self) -> None:
        self.call_after_refresh(self._picture)

    def _picture(self) -> None:
        """The picture of the drop to come, after the first paint."""
        self.plan.pictured = True
        self.plan.redraw()

    @property
    def named_keys(self) -> day_list.KeyNames:
        """The keys that are named in its lines."""
        waits = self.plan.today.plan.why in WAITS and self.may("drop first")
        first = self.key_of("wish('drop first')") if waits else ""
        return day_list.KeyNames(self.key_of("why"), first, self.key_of("place"))

    def renew(self, today: Today) -> None:
        self.plan.today = today
        self.plan.redraw()
        self.refresh_keys()

    def refresh_keys(self) -> None:
        super().refresh_keys()
        if self.plan.names != self.named_keys:
            self.plan.redraw()

    def on_resize(self) -> None:
        self.plan.redraw()  # how much of the list is shown depends on the height

    def describe(self, binding: Binding) -> str:
        today = self.plan.today
        if binding.action != "begin":
            return binding.description
        if today.resuming:
            return "go on"
        return "begin" if today.items or today.new else "path"

    async def action_begin(self) -> None:
        today = self.plan.today
        if today.items or today.new is not None or today.resuming:
            first = today.first_run and not today.resuming
            await self.host.begin(budget=BUDGETS[self.plan.chosen] if first else None)
        else:
            await self.host.action_path()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "minutes":
            return self.plan.today.first_run
        if action == "wish":
            return self.may(str(parameters[0]))
        return True if action != "why" else bool(self.plan.today.items)

    def may(self, wish: str) -> bool:
        """Whether today can be had with the drop first, or without it."""
        today = self.plan.today
        if today.resuming or today.first_run or today.plan.why == "none left":
            return False
        return wish == "drop first" or (today.new is not None and bool(today.items))

    async def action_wish(self, wish: Wish) -> None:
        await self.host.begin(wish=wish)

    def action_minutes(self, by: int) -> None:
        self._choose(min(len(BUDGETS) - 1, max(0, self.plan.chosen + by)))

    def _choose(self, at: int) -> None:
        self.plan.chosen = at
        self.plan.redraw()

    async def action_why(self) -> None:
        await self.host.why()

    async def action_place(self) -> None:
        await self.host.begin(place=True)

    async def action_terms(self) -> None:
        await self.host.explain()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "minutes" in what:
            self._choose(what["minutes"])

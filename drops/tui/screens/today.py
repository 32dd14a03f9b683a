"""The first screen: what today holds, how long it takes, and one thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.memory.today import Wish
from drops.study.today import Today
from drops.text import share
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, indent, written
from drops.tui.screens.base import DropsScreen, Keys

if TYPE_CHECKING:
    from drops.course.model import LearningPath

WIDEST = 78
BUDGETS = (5, 8, 12)  # minutes a day to choose from at the first start
AHEAD = 3  # coming days that are told
WAITS = ("every second", "full", "away")  # why a drop waits that may come first all the same
DONE = ("learning", "solid", "durable", "hard")


def minutes(seconds: float) -> str:
    """Whole minutes, never 0 for something."""
    return f"{max(1, round(seconds / 60))} min" if seconds > 0 else ""


def short_day(today: Today) -> str:
    return f"{today.day:%a} {today.day.day} {today.day:%b}"


def path_dots(path: LearningPath, states: dict[str, str]) -> str:
    """A sign for each drop, a space between phases: ● behind, ◐ today, ○ ahead."""
    sign = {"today": "◐", **dict.fromkeys(DONE, "●")}
    return " ".join(
        "".join(sign.get(states.get(drop.id, "ahead"), "○") for drop in phase.drops) for phase in path.phases
    )


class DayList(Drawn):
    """All of Today, as one widget: the first paint waits for nothing else."""

    def __init__(self, today: Today) -> None:
        super().__init__(id="plan")
        self.today = today
        self.chosen = BUDGETS.index(8)  # of the first run's one choice

    @property
    def path(self) -> LearningPath | None:
        return self.today.paths.current

    def draw(self, width: int, ink: Inks) -> Lines:
        left = 3 if width < WIDEST + 12 else (width - WIDEST) // 2
        room = min(WIDEST, width - (4 if width < 70 else 6))
        today = self.today
        title: Line = ends(
            [Segment(" drops", ink.act)], [Segment(f"{short_day(today)} · {today.rhythm} ", ink.dim)], width
        )
        out: Lines = [title, []]
        out += indent([*written(today.banner, room, ink.warn), []], left) if today.banner else []
        head = [
            ends([Segment("Today", ink.bold)], [Segment(minutes(today.seconds), ink.bold)], room),
            [Segment("─" * room, ink.rule)],
            *(self._welcome(room, ink) if today.first_run else []),
        ]
        act: Line = ends(
            [Segment(f"▸ {begins(today)}", does(ink.act, key="enter"))],
            [Segment("enter", does(ink.accent, key="enter"))],
            room,
        )
        tail = [*self._new(room, ink), *self._done(ink), *self._notes(room, ink), act]
        # a long list gives way, so that what is to be done stands on the first screen
        left_over = self.app.size.height - 1 - len(out) - len(head) - len(tail)
        body = [*head, *self._due(room, left_over, ink), *tail, [], *self._after(room, ink)]
        return out + indent(body, left)

    def _welcome(self, room: int, ink: Inks) -> Lines:
        if self.path is None:
            return []
        drops = len(self.path.drops)
        says = (
            f"{self.path.title}, in {drops} short lesson{'s' * (drops != 1)}, one a day. Each has an "
            "exercise with fresh numbers, and what you learn comes back just before you would forget it."
        )
        choice: Line = [Segment("Minutes a day   ", ink.bold)]
        for at, minutes in enumerate(BUDGETS):
            style = ink.act if at == self.chosen else ink.text
            choice.append(
                Segment(f" [{minutes}] " if at == self.chosen else f"  {minutes}  ", does(style, minutes=at))
            )
        choice.append(Segment("   ← → choose; Settings has more", ink.dim))
        return [*written(says, room, ink.text), [], fit(choice, room), []]

    def _due(self, room: int, tall: int, ink: Inks) -> Lines:
        """What comes back, on so many lines, or with one item at least."""
        today = self.today
        if not today.items:
            return []
        key = self.screen.key_of("why") if isinstance(self.screen, TodayScreen) else ""
        why = [Segment(f"   {key}", does(ink.accent, key=key)), Segment(" why these", does(ink.dim, key=key))]
        head: Line = [Segment("Recall", ink.bold), *why]
        out = [ends(head, [Segment(minutes(today.recall_seconds), ink.dim)], room)]
        shown = len(today.items) if len(today.items) + 2 <= tall else max(1, tall - 3)
        for item in today.items[:shown]:
            known = f"recall {share(item.recall)}" if item.recall is not None else "first time"
            other = f" of {item.elsewhere}" if item.elsewhere else ""
            out.append(
                ends(
                    [Segment(f"  {item.title}", ink.text)],
                    [Segment(f"  drop {item.drop_number:>2}{other} · {known:>10}", ink.dim)],
                    room,
                )
            )
        if more := len(today.items) - shown:
            out.append(
                [
                    Segment(f"  and {more} more · ", ink.dim),
                    Segment(key, does(ink.accent, key=key)),
                    Segment(" shows them all", does(ink.dim, key=key)),
                ]
            )
        return [*out, []]

    def _new(self, room: int, ink: Inks) -> Lines:
        drop = self.today.new
        if drop is None:
            return []
        paths = self.today.paths
        phases = paths.of(drop.id).phases
        phase = next((p.title for p in phases if p.id == drop.phase or drop in p.drops), "")
        phase = " · ".join(filter(None, (paths.elsewhere(drop), phase)))
        lasts = minutes(self.today.lesson_seconds)
        head = ends([Segment(self._part(), ink.bold)], [Segment(lasts, ink.dim)], room)
        title = written(drop.title, room - 6, ink.text)
        title[0].insert(0, Segment(f"{drop.number:>3}  ", ink.accent))
        return [
            head,
            title[0],
            *indent(title[1:], 5),
            *([[Segment(f"     {phase}", ink.dim)]] if phase else []),
            [],
        ]

    def _part(self) -> str:
        """What today's lesson is of its drop."""
        part = self.today.plan.part
        if part is None or not (part.rest or part.begun):
            return "New"
        if not part.rest:
            return "The rest"
        which = "Next part" if part.begun else "First part"
        return f"{which} · the rest ({minutes(part.rest)}) tomorrow"

    def _notes(self, room: int, ink: Inks) -> Lines:
        """Why today is as it is, and the key that has it otherwise."""
        out: Lines = []
        for note in self.today.notes:
            out += written(note, room, ink.dim)
        here = self.screen
        if isinstance(here, TodayScreen) and self.today.plan.why in WAITS and here.may("drop first"):
            key = here.key_of("wish('drop first')")
            out.append(
                [
                    Segment("Enter: recall · ", ink.dim),
                    Segment(key, does(ink.accent, key=key)),
                    Segment(": the drop first", does(ink.dim, key=key)),
                ]
            )
        return [*out, []] if out else []

    def _done(self, ink: Inks) -> Lines:
        today = self.today
        if today.items or today.new is not None:
            return []
        text = "✓ Done for today." if today.done_today else "Nothing is due today."
        return [[Segment(text, ink.good)], []]

    def _after(self, room: int, ink: Inks) -> Lines:
        today = self.today
        out: Lines = []
        if today.clears:
            out += written(today.clears, room, ink.dim)
        if today.coming:
            out += written("Then: " + " · ".join(today.coming[:AHEAD]), room, ink.dim)
        if self.path is not None:
            total = len(self.path.drops)
            out.append(
                ends(
                    [
                        Segment("The path  ", ink.dim),
                        Segment(path_dots(self.path, dict(today.states)), ink.accent),
                    ],
                    [Segment(f"{today.finished} of {total}", ink.dim)],
                    room,
                )
            )
        return [fit(line, room) for line in out]


def begins(today: Today) -> str:
    """The one primary action, in a few words."""
    if today.resuming:
        drop = f": {today.paths.number(today.resumes)}" if today.resumes else ""
        return f"Go on where you stopped{drop}"
    if today.first_run and today.new is not None:
        return f"Begin with {today.paths.number(today.new)}"
    if today.items or today.new is not None:
        return "Begin"
    return "See the path"


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

    def renew(self, today: Today) -> None:
        self.plan.today = today
        self.plan.redraw()

    def refresh_keys(self) -> None:
        super().refresh_keys()
        self.plan.redraw()  # one of its lines names a key

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

    def action_scroll(self, by: int) -> None:
        self.query_one("#body").scroll_relative(y=by, animate=False)

    async def action_terms(self) -> None:
        await self.host.explain()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "minutes" in what:
            self._choose(what["minutes"])

"""The path: its drops with their state on the left, all there is to know of the chosen one beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.course.model import Drop, LearningPath
from drops.errors import DropsError
from drops.study.today import SIGNS, Today
from drops.tui.base.apart import apart
from drops.tui.base.ink import Inks, Line, Lines, does, indent, written
from drops.tui.screens import own
from drops.tui.screens.lists.listing import Entry, ListScreen
from drops.tui.screens.lists.path_pane import about_drop, about_path, pictured

if TYPE_CHECKING:
    from drops.study.looking_back import About

NUMBER = 6  # cells before a drop's title


class PathScreen(ListScreen):
    """The path itself stands first in the list, its drops after it; Enter opens a drop."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "open"),
        Binding("s", "reread", "read from the start"),
        Binding("r", "replay", "replay"),
        Binding("o", "test_out", "test out"),
        Binding("c", "take_path", "choose this path"),
        Binding("z", "rest", "pause: no new drops", show=False),
        Binding("right_square_bracket", "other(1)", "other path", key_display="[ ]"),
        Binding("left_square_bracket", "other(-1)", "other path backwards", show=False),
        Binding("i", "items", "questions", show=False, id="path.items"),
        Binding("u", "undo", "undo", show=False),
        Binding("t", "terms", "terms", show=False),
        Binding("q,p", "leave", "back"),
    ]

    title_of_help = "Keys of the path"

    def __init__(self, path: LearningPath, today: Today) -> None:
        super().__init__()
        self.path, self.today = path, today
        self.offered = False  # whether the chosen drop is ahead, and Enter a second time goes ahead
        self.told: About | None = None  # what the answers say, once they are read
        self.now = self._todays()

    def _todays(self) -> int:
        """The place of today's drop; else of the first that is ahead, or of the first of all."""
        for wanted in ("today", "ahead"):
            for at, drop in enumerate(self.path.drops, 1):
                if self.today.states.get(drop.id, "ahead") == wanted:
                    return at
        return min(1, len(self.path.drops))

    @property
    def within(self) -> LearningPath | None:
        return self.path

    @property
    def drop(self) -> Drop | None:
        """The one chosen; None where it is the path itself."""
        return self.path.drops[self.now - 1] if self.now else None

    @property
    def _state(self) -> str:
        return self.today.states.get(self.drop.id, "ahead") if self.drop else ""

    @property
    def _begun(self) -> bool:
        return self.drop is not None and self.drop.id in self.today.begun

    @property
    def _stands(self) -> str:
        """How the path stands among the learner's paths."""
        return self.today.paths.states[self.path.id]

    # ── what is on it ──

    @property
    def count(self) -> int:
        return 1 + len(self.path.drops)

    def says(self, ink: Inks) -> tuple[Line, Line]:
        states = [self.today.states.get(drop.id, "ahead") for drop in self.path.drops]
        done = sum(state not in ("ahead", "today") for state in states)
        among = f"{self._among}   " if self._among else ""
        return (
            [Segment(self.path.title, ink.bold)],
            [Segment(among, ink.dim), Segment(f"{done} of {len(states)}", ink.text)],
        )

    @property
    def _among(self) -> str:
        """Where this path stands among several."""
        listed = [path.id for path in self.today.paths.listed]
        if self.path.id not in listed or len(listed) == 1:
            return "" if self._stands == "chosen" else self._stands
        return f"path {listed.index(self.path.id) + 1} of {len(listed)}, {self._stands}"

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        here = self.now == 0
        yield Entry(
            [
                [
                    Segment(" ▸ " if here else "   ", ink.act),
                    Segment("About this path", does(ink.bold if here else ink.text, row=0)),
                ]
            ],
            0,
        )
        at = 0
        for phase in self.path.phases:
            yield Entry([[], [Segment(f"   {phase.title}", ink.dim)]])
            for drop in phase.drops:
                at += 1
                yield Entry(self._row(at, drop, width, ink), at)

    def _row(self, at: int, drop: Drop, width: int, ink: Inks) -> Lines:
        here, state = at == self.now, self.today.states.get(drop.id, "ahead")
        colour = {"hard": ink.warn, "today": ink.accent, "ahead": ink.dim}.get(state, ink.plus)
        title = written(drop.title, width - NUMBER - 4, does(ink.bold if here else ink.text, row=at))
        first: Line = [
            Segment(" ▸ " if here else "   ", ink.act),
            Segment(f"{SIGNS[state]} ", colour),
            Segment(f"{drop.number:>2}  ", ink.dim),
        ]
        out: Lines = [[*first, *title[0]], *indent(title[1:], NUMBER + 3)]
        if here and self.offered:
            out += indent(written(self._notice(), width - NUMBER - 4, ink.warn), NUMBER + 3)
        return out

    def _notice(self) -> str:
        """What Enter does with a drop that is ahead, said in its own row."""
        before = next((d for d in self.path.drops if self.today.states.get(d.id) == "today"), None)
        opens = f"It opens after {before.number}. " if before else "It is ahead of you. "
        return f"{opens}Enter again goes ahead, o answers its exercise and quiz first."

    def about(self, width: int, ink: Inks) -> Lines:
        if self.drop is None:
            return about_path(self.path, self.told, width, ink)
        out = about_drop(self.drop, self.today, self.told, width, ink)
        return pictured(out, self.drop, width, self.query_one("#pane").size.height, ink)

    # ── what changes on it ──

    def turn_to(self, path: LearningPath) -> None:
        """Shows another path; which one is chosen stays as it is."""
        self.path, self.offered = path, False
        self.choose(self._todays())

    def renew(self, today: Today) -> None:
        """A path that was hidden gives way to the current one; what was done is ahead no more."""
        self.today = today
        self.offered = self.offered and self._state == "ahead"
        listed = {path.id for path in today.paths.listed}
        if self.path.id not in listed and today.paths.current is not None:
            self.turn_to(today.paths.current)
        else:
            self.redraw()

    def on_mount(self) -> None:
        self.choose(self.now)
        if self.host.study is not None or self.today.memories:
            self.call_after_refresh(lambda: self.run_worker(self._read(), name="about"))

    async def _read(self) -> None:
        """What the answers say of each drop, in a thread: no key waits for it."""
        from drops.study.looking_back import about

        try:
            study = await self.host.opened()
            now = self.host.clock()
            self.told = await apart(lambda: about(study, now))
        except DropsError:
            return  # what a glance tells stands there already
        if self.is_there:
            self.redraw()

    def offer(self, drop: Drop) -> None:
        """A drop that is ahead: going ahead, or testing out, is the learner's choice."""
        self.choose(1 + self.path.drops.index(drop))
        self.offered = True
        self.redraw()

    def choose(self, at: int) -> None:
        self.offered = False
        super().choose(at)

    # ── keys ──

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "enter":
                return self.drop is not None or not self.wide
            case "test_out":
                return self.drop is not None and self._state in ("ahead", "today")
            case "replay":
                return self.drop is not None and self._state not in ("ahead", "today")
            case "items":
                return self._begun or self._state not in ("", "ahead")
            case "reread":
                return self._begun
            case "other":
                return len(self.today.paths.listed) > 1
            case "take_path":
                return self._stands != "chosen"
        return super().check_action(action, parameters)

    def describe(self, binding: Binding) -> str:
        if binding.action == "rest" and self._stands == "paused":
            return "go on with it"
        if binding.action == "enter":
            return self._enters()
        return super().describe(binding)

    def _enters(self) -> str:
        """What Enter does, as it stands."""
        if self.drop is None:
            return "read"
        if self._begun:
            return "go on"
        if self._state == "ahead" and not self.offered:
            return "go ahead?"
        return {"ahead": "go ahead", "today": "begin"}.get(self._state, "read again")

    async def action_enter(self) -> None:
        if self.drop is None:
            self.action_open_pane()
        elif self._state == "ahead" and not self.offered and not self._begun:
            self.offer(self.drop)
        else:
            await self.host.begin(drop=self.drop.id)

    async def action_reread(self) -> None:
        """The lesson from its first page, to be read; where it stands it goes on."""
        from drops.tui.screens.lookup import LookUpScreen

        drop = self.drop
        assert drop is not None, "what is begun is a drop"
        study = await self.host.opened()
        try:
            lesson = await apart(lambda: study.pages_of(drop))
        except DropsError as problem:  # a figure of it cannot be drawn
            self.host.notify(str(problem), severity="error", markup=False)
            return
        await self.app.push_screen(LookUpScreen(lesson))

    def action_other(self, by: int) -> None:
        listed = self.today.paths.listed
        at = next((i for i, path in enumerate(listed) if path.id == self.path.id), 0)
        self.turn_to(listed[(at + by) % len(listed)])

    async def action_take_path(self) -> None:
        await self.host.arrange("choose", self.path)

    async def action_rest(self) -> None:
        await self.host.arrange("show" if self._stands == "paused" else "pause", self.path)

    async def action_test_out(self) -> None:
        await self.host.begin(drop=self._chosen, test_out=True)

    async def action_replay(self) -> None:
        await self.host.begin(drop=self._chosen, replay=True)

    @property
    def _chosen(self) -> str:
        assert self.drop is not None, "the path itself begins no drop"
        return self.drop.id

    async def action_items(self) -> None:
        """What comes back of the chosen drop, to be set aside, taken in or forgotten."""
        from drops.tui.screens.lists.items import ItemsScreen

        with own.told(self.host):
            study = await self.host.opened()
            await self.app.push_screen(ItemsScreen(study, self.host.library.drop(self._chosen)))

    async def action_undo(self) -> None:
        await own.do(self.host, "undo")

    async def action_terms(self) -> None:
        await self.host.explain(taught=self.drop.teaches if self.drop else (), within=self.path)

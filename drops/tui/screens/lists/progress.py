"""Progress: six pages of what the log says about how it goes. Four are lists, two are charts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drops.errors import DropsError, Unreadable
from drops.exercises.answers import read_number
from drops.exercises.grading import near
from drops.study.looking_back import Progress, progress
from drops.study.shown.cases import CaseBook, case_book
from drops.study.shown.history import Reopened, met
from drops.text import counted
from drops.tui.base.apart import apart
from drops.tui.base.caret import NUMBER, Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, indent, width_of
from drops.tui.screens.lists import case_page, mix_ups, progress_pages
from drops.tui.screens.lists.listing import Entry, ListScreen
from drops.tui.screens.lists.parts import empty

if TYPE_CHECKING:
    from drops.study.study import Study

LEFT = 3
OTHERS = 4  # lines of the screen that a page of charts does not take
PAGES = ("Drops", "Days", "Memory", "Mix-ups", "Cases", "Outcomes")
DROPS, DAYS, MEMORY, MIX_UPS, CASES, OUTCOMES = range(6)
CHARTS = {DAYS: progress_pages.days, MEMORY: progress_pages.memory}


class ProgressScreen(ListScreen):
    """Numbers, or left and right, choose a page; up and down a row of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "open"),
        *(Binding(f"{at + 1}", f"page_at({at})", name, show=False) for at, name in enumerate(PAGES)),
        Binding("right,tab", "turn(1)", "page", key_display="←→ 1–6"),
        Binding("left,shift+tab", "turn(-1)", "page before", show=False),
        Binding("escape", "close_pane", "list"),
        Binding("m", "more", "the figures behind it"),
        Binding("q,g", "leave", "back"),
    ]

    title_of_help = "Keys of Progress"

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study = study
        self.page = DROPS
        self.all_figures = False  # whether the calibration is shown range by range
        self.made: Progress | None = None
        self.book: CaseBook | None = None
        self.opened: dict[int, Reopened | None] = {}  # place of a mix-up → the answer that showed it
        self.repair = mix_ups.Repairing()

    @property
    def seen(self) -> Progress:
        """What it shows: read when it is first asked for."""
        if self.made is None:
            self.made = progress(self.study.library, self.study.log.ledger(), self.host.clock())
        return self.made

    @property
    def cases(self) -> CaseBook:
        """The case book: read when its page is first asked for."""
        if self.book is None:
            self.book = case_book(self.study.library, self.study.log)
        return self.book

    @property
    def count(self) -> int:
        if not self.seen.answered:
            return 0
        if self.page == CASES:
            return len(self.cases.faults)
        listed = {DROPS: self.seen.drops, MIX_UPS: self.seen.mix_ups, OUTCOMES: self.seen.outcomes}
        return len(listed.get(self.page, ()))

    @property
    def wide(self) -> bool:
        return super().wide and self.page != DROPS  # its rows are tables: they take the whole width

    # ── what is on it ──

    def says(self, ink: Inks) -> tuple[Line, Line]:
        wide = self.app.size.width
        line: Line = [Segment("Progress  ", ink.bold)] if wide >= 74 else []
        for at, name in enumerate(PAGES):
            here = at == self.page
            line.append(Segment(f" {at + 1}", does(ink.accent, page=at)))
            line.append(Segment(f" {name} ", does(ink.bold if here else ink.dim, page=at)))
        made = self.seen
        figures = f"{counted(made.answered, 'answer')} · {made.rhythm}" if made.answered else ""
        return line, [Segment(figures, ink.dim)] if width_of(line) + len(figures) + 4 <= wide else []

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        made, room = self.seen, width - 2 * LEFT
        if not made.answered:
            yield Entry([[], *indent(empty(room, ink), LEFT)])
        elif self.page == DROPS:
            yield from progress_pages.drops(made, self.now, width, ink)
        elif self.page == MIX_UPS:
            yield from mix_ups.rows(made.mix_ups, self.now, made.day, width, ink)
        elif self.page == CASES:
            yield from case_page.rows(self.cases, self.now, width, ink)
        elif self.page == OUTCOMES:
            yield from progress_pages.outcomes(made, self.now, width, ink)
        else:
            rows = self.app.size.height - OTHERS
            drawn = CHARTS[self.page](made, room, rows, ink, self.all_figures)
            yield Entry([[], *indent(drawn, LEFT)])

    def about(self, width: int, ink: Inks) -> Lines:
        if not self.count:
            return []
        if self.page == DROPS:
            return progress_pages.about_drop(self.seen.drops[self.now], width, ink)
        if self.page == OUTCOMES:
            return progress_pages.about_outcome(self.seen.outcomes[self.now], width, ink)
        if self.page == CASES:
            return case_page.about(self.cases, self.cases.faults[self.now], width, ink)
        self._open_mix_up()
        one = self.seen.mix_ups[self.now]
        rows = self.query_one("#pane").size.height
        return mix_ups.about(one, self.opened.get(self.now), self.repair, self.seen.day, width, ink, rows)

    # ── an opened mix-up ──

    def _open_mix_up(self) -> None:
        """Reads the answer that showed the chosen one, in a thread."""
        at = self.now
        if at not in self.opened:
            self.opened[at] = None
            self.run_worker(self._read_mix_up(at), name="mix-up")

    async def _read_mix_up(self, at: int) -> None:
        one = self.seen.mix_ups[at]
        try:
            self.opened[at] = await apart(partial(met, self.study, one.name, one.item_keys))
        except DropsError:
            return  # its lesson is gone: the row says all there is
        if self.is_there:
            self.redraw()

    def types(self, event: events.Key) -> bool:
        if self.repair.typed is None:
            return False
        typed = self.repair.typed.press(event.key, event.character, NUMBER)
        if typed is None:
            return False
        self.repair.typed, self.repair.says = typed, ""
        self.redraw()
        return True

    async def action_enter(self) -> None:
        """Opens a row; on an open mix-up the repair is in hand, and what is typed is checked."""
        opened = self.opened.get(self.now) if self.page == MIX_UPS else None
        asked = mix_ups.asks(opened)
        if not (self.together or self.over):
            self.action_open_pane()
        elif asked is None:
            if opened is not None:
                await self.host.begin(drop=opened.past.drop_id, replay=True)
        elif self.repair.typed is None:
            self.repair.typed = Typed()
        else:
            try:
                value = read_number(self.repair.typed.text, example="1.5")
            except Unreadable as problem:
                self.repair.says = str(problem)
            else:
                right = near(value, asked.answer, asked.tolerance)
                self.repair.right = right
                self.repair.says = "right: that is the rule" if right else "not yet; try it by the rule"
                self.repair.answered = self.repair.typed.text if right else ""
                self.repair.typed = None if right else self.repair.typed
        self.redraw()

    # ── keys ──

    def choose(self, at: int) -> None:
        self.repair = mix_ups.Repairing()
        super().choose(at)

    def action_page_at(self, at: int) -> None:
        self.page, self.over = at, False
        self.query_one("#body").scroll_home(animate=False)
        self.choose(0)

    def action_turn(self, by: int) -> None:
        self.action_page_at((self.page + by) % len(PAGES))

    def redraw(self) -> None:
        super().redraw()
        self.call_after_refresh(self.refresh_keys)  # by then it is known whether there is more to scroll to

    def action_step(self, by: int) -> None:
        if self.count:
            super().action_step(by)
        else:
            self.query_one("#body").scroll_relative(y=by, animate=False)

    def action_more(self) -> None:
        if self.page == MIX_UPS:
            self.repair.worlds = not self.repair.worlds
        else:
            self.all_figures = not self.all_figures
        self.redraw()

    @property
    def _worlds_wait(self) -> bool:
        """Whether the opened mix-up has two worlds that the question about it keeps back."""
        opened = self.opened.get(self.now) if self.page == MIX_UPS else None
        judged = opened.verdict if opened is not None else None
        there = judged is not None and bool(judged.worlds) and (self.together or self.over)
        return there and (self.repair.worlds or not mix_ups.shows_worlds(opened, self.repair))

    def action_close_pane(self) -> None:
        self.repair = mix_ups.Repairing()
        super().action_close_pane()
        self.redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        match action:
            case "step":  # what cannot be chosen is scrolled, where it is longer than the screen
                return self.count > 0 or self.query_one("#body").max_scroll_y > 0
            case "more":
                return self._worlds_wait or (self.page == MEMORY and bool(self.seen.honesty.bins))
            case "enter":
                mends = self.page == MIX_UPS and self.opened.get(self.now) is not None
                return self.count > 0 and (not (self.together or self.over) or mends)
            case "close_pane" if self.repair.typed is not None:
                return True
        return super().check_action(action, parameters)

    def describe(self, binding: Binding) -> str:
        if binding.action == "enter" and (self.together or self.over):
            if mix_ups.asks(self.opened.get(self.now)) is None:
                return "practise this drop"
            return "check" if self.repair.typed is not None else "try one"
        if binding.action == "close_pane" and self.repair.typed is not None:
            return "leave it"
        if binding.action == "step(1)" and not self.count:
            return "scroll"
        if binding.action == "more" and self.page == MIX_UPS:
            return "both worlds" if not self.repair.worlds else "one world"
        if binding.action == "more" and self.all_figures:
            return "in one sentence"
        return super().describe(binding)

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        if "page" in what:
            self.action_page_at(what["page"])
        else:
            await super().clicked(widget, what)

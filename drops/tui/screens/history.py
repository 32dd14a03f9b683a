"""Answer history: every past answer, found by drop, verdict, mix-up or words; Enter opens it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.errors import DropsError
from drops.study.history import Past, history, reopen
from drops.tui.base.caret import Typed
from drops.tui.base.drawn import Drawn
from drops.tui.screens.answers import Answers, Filter, FilterField
from drops.tui.screens.base import DropsScreen, Keys

if TYPE_CHECKING:
    from drops.study.study import Study

PAGE = 60  # answers read at a time; more come as the cursor nears the end


class HistoryScreen(DropsScreen):
    """Arrows choose an answer, letters narrow the list, Enter opens one as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open"),
        Binding("down,j", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k", "step(-1)", "choose upwards", show=False),
        Binding("home", "first", "newest", show=False),
        Binding("slash", "find", "find"),
        Binding("q", "leave", "back"),
        Binding("v", "verdict", "verdict"),
        Binding("d", "drop", "this drop"),
        Binding("m", "mix_up", "this mix-up"),
        Binding("r", "replay", "practise"),
        Binding("x", "all", "all again", show=False),
        Binding("escape", "all", "stop finding", show=False),
    ]

    title_of_help = "Keys of the history"

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study, self.answers = study, Answers()
        self.finding = FilterField(self.answers)
        self._asked = 0  # how often the list was asked for: what comes too late is dropped

    def compose(self) -> ComposeResult:
        yield self.finding
        with VerticalScroll(id="body", can_focus=False):
            yield self.answers
        yield Keys()

    async def on_mount(self) -> None:
        await self._narrow(Filter())

    # ── what is listed ──

    async def _narrow(self, wanted: Filter) -> None:
        """Lists what `wanted` says; a search through years goes on in a thread while keys are typed."""
        self.answers.filter = wanted
        self._asked += 1
        if wanted.text or wanted.mix_up:
            self.run_worker(self._search(wanted, self._asked), name="history", exclusive=True)
        else:
            self._show(self._read(wanted))
        self.finding.redraw()

    async def _search(self, wanted: Filter, asked: int) -> None:
        found = await asyncio.to_thread(self._read, wanted)
        if asked == self._asked:
            self._show(found)

    def _read(self, wanted: Filter, after: bytes | None = None) -> list[Past]:
        return history(
            self.study,
            drop=wanted.drop,
            right=wanted.right,
            misconception=wanted.mix_up,
            text=wanted.text,
            after=after,
            limit=PAGE,
        )

    def _show(self, found: list[Past]) -> None:
        self.answers.found = found
        self._choose(0)
        self.refresh_keys()

    def _choose(self, at: int) -> None:
        answers, body = self.answers, self.query_one("#body")
        answers.now = at
        answers.redraw()
        if at == 0:
            body.scroll_home(animate=False)
        elif answers.rows:
            row, top, tall = answers.rows[at], body.scroll_offset.y, body.size.height
            if not top + 1 <= row < top + tall - 3:
                body.scroll_to(y=max(0, row - tall + 5 if row > top else row - 2), animate=False)

    # ── keys ──

    def types(self, event: events.Key) -> bool:
        if self.finding.typed is None or event.key in ("enter", "escape"):
            return False
        typed = self.finding.typed.press(event.key, event.character, None)
        if typed is None:
            return False
        self.finding.typed = typed
        self.host.keyboard.do(self._find_typed)
        return True

    async def _find_typed(self) -> None:
        if self.finding.typed is not None:
            await self._narrow(replace(self.answers.filter, text=self.finding.typed.text.strip()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        one, wanted = self.answers.chosen, self.answers.filter
        match action:
            case "open" | "step" | "first":
                return one is not None or self.finding.typed is not None
            case "drop":
                return bool(wanted.drop) or (one is not None and one.drop_number > 0)
            case "replay":
                return one is not None and one.drop_number > 0
            case "mix_up":
                return bool(wanted.mix_up) or (one is not None and bool(one.misconceptions))
            case "all":
                return bool(wanted.says) or self.finding.typed is not None
        return True

    def describe(self, binding: Binding) -> str:
        wanted = self.answers.filter
        if binding.action == "open" and self.finding.typed is not None:
            return "to the list"
        if (binding.action == "drop" and wanted.drop) or (binding.action == "mix_up" and wanted.mix_up):
            return {"drop": "all drops", "mix_up": "all mix-ups"}[binding.action]
        return binding.description

    def action_step(self, by: int) -> None:
        answers = self.answers
        if not answers.found:
            return
        at = min(len(answers.found) - 1, max(0, answers.now + by))
        if at == len(answers.found) - 1 and at and len(answers.found) % PAGE == 0:
            answers.found += self._read(answers.filter, answers.found[-1].event_id)
        self._choose(at)

    def action_first(self) -> None:
        self._choose(0)

    async def action_verdict(self) -> None:
        turn = {None: False, False: True, True: None}
        await self._narrow(replace(self.answers.filter, right=turn[self.answers.filter.right]))

    async def action_drop(self) -> None:
        one, wanted = self.answers.chosen, self.answers.filter
        if wanted.drop or one is None:
            await self._narrow(replace(wanted, drop="", number=0))
        else:
            await self._narrow(replace(wanted, drop=one.drop_id, number=one.drop_number))

    async def action_mix_up(self) -> None:
        one, wanted = self.answers.chosen, self.answers.filter
        name = "" if wanted.mix_up or one is None else one.misconceptions[0]
        await self._narrow(replace(wanted, mix_up=name))

    async def action_all(self) -> None:
        self.finding.typed = None
        await self._narrow(Filter())

    def action_find(self) -> None:
        self.finding.typed = Typed.end(self.answers.filter.text)
        self.finding.redraw()

    async def action_open(self) -> None:
        from drops.tui.screens.answer import PastScreen

        one = self.answers.chosen
        if self.finding.typed is not None:
            self.finding.typed = None
            self.finding.redraw()
        elif one is not None:
            try:
                opened = reopen(self.study, one.event_id)
            except DropsError as problem:
                self.notify(str(problem), severity="error", markup=False)
                return
            await self.app.push_screen(PastScreen(opened))

    async def action_replay(self) -> None:
        if self.answers.chosen is not None:
            await self.host.begin(drop=self.answers.chosen.drop_id, replay=True)

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "answer" in what:
            if what["answer"] == self.answers.now:
                await self.action_open()
            else:
                self._choose(what["answer"])

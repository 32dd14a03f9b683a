"""Answer history: every past answer, found by drop, verdict, mix-up or words; Enter opens it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.study.shown.history import Past, Reopened, history, reopen
from drops.tui.base.apart import apart
from drops.tui.base.caret import Typed
from drops.tui.base.ink import Inks, Lines, indent, written
from drops.tui.screens.lists.answers import EMPTY, NONE, Filter, FilterField, about, rows
from drops.tui.screens.lists.listing import READABLE, Entry, ListScreen, Pane

if TYPE_CHECKING:
    from drops.study.study import Study

PAGE = 60  # answers read at a time; more come as the cursor nears the end


class HistoryScreen(ListScreen):
    """Arrows choose an answer, letters narrow the list, Enter opens one as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "open"),
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
        self.study = study
        self.found: list[Past] | None = None
        self.finding = FilterField()
        self.opened: dict[bytes, Reopened] = {}  # answers as they were, as far as they were looked at
        self._opening = b""  # the one that is read
        self._asked = 0  # how often the list was asked for: what comes too late is dropped

    def above(self) -> ComposeResult:
        yield self.finding

    @property
    def count(self) -> int:
        return len(self.found or ())

    @property
    def chosen(self) -> Past | None:
        return self.found[self.now] if self.found else None

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        if self.found:
            yield from rows(self.found, self.now, width, ink)
            return
        says = "reading your answers …" if self.found is None else NONE if self.finding.filter.says else EMPTY
        yield Entry([[], *indent(written(says, min(READABLE, width - 6), ink.text), 3)])

    def about(self, width: int, ink: Inks) -> Lines:
        one = self.chosen
        if one is None:
            return []
        if one.event_id not in self.opened and one.event_id != self._opening:
            self._opening = one.event_id
            # not its coroutine: one that is passed over before it begins would never be awaited
            read: Callable[[], Any] = partial(self._open, one.event_id)
            self.run_worker(read, name="opened", group="opened", exclusive=True)
        rows = self.query_one("#pane").size.height
        return about(one, self.opened.get(one.event_id), width, ink, rows)

    async def _open(self, event_id: bytes) -> None:
        """Reads an answer as it was, in a thread: the pane tells of it once it is there."""
        with suppress(DropsError):  # what is to be said of it says Enter
            self.opened[event_id] = await apart(partial(reopen, self.study, event_id))
        if self.is_there and self.chosen is not None and self.chosen.event_id == event_id:
            self.query_one(Pane).redraw()

    async def on_mount(self) -> None:
        await self._narrow(Filter())

    # ── what is listed ──

    async def _narrow(self, wanted: Filter) -> None:
        """Lists what `wanted` says; a search through years goes on in a thread while keys are typed."""
        self.finding.filter = wanted
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
        self.found = found
        self.choose(0)

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
            await self._narrow(replace(self.finding.filter, text=self.finding.typed.text.strip()))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        one, wanted = self.chosen, self.finding.filter
        match action:
            case "enter":
                return one is not None or self.finding.typed is not None
            case "drop":
                return bool(wanted.drop) or (one is not None and one.drop_number > 0)
            case "replay":
                return one is not None and one.drop_number > 0
            case "mix_up":
                return bool(wanted.mix_up) or (one is not None and bool(one.misconceptions))
            case "all":
                return bool(wanted.says) or self.finding.typed is not None
        return super().check_action(action, parameters)

    def describe(self, binding: Binding) -> str:
        wanted = self.finding.filter
        if binding.action == "enter" and self.finding.typed is not None:
            return "to the list"
        if (binding.action == "drop" and wanted.drop) or (binding.action == "mix_up" and wanted.mix_up):
            return {"drop": "all drops", "mix_up": "all mix-ups"}[binding.action]
        return super().describe(binding)

    def choose(self, at: int) -> None:
        """Reads on where the list comes to its end."""
        if self.found and at == len(self.found) - 1 and at and len(self.found) % PAGE == 0:
            self.found += self._read(self.finding.filter, self.found[-1].event_id)
        super().choose(at)

    async def action_verdict(self) -> None:
        turn = {None: False, False: True, True: None}
        await self._narrow(replace(self.finding.filter, right=turn[self.finding.filter.right]))

    async def action_drop(self) -> None:
        one, wanted = self.chosen, self.finding.filter
        if wanted.drop or one is None:
            await self._narrow(replace(wanted, drop="", called=""))
        else:
            await self._narrow(replace(wanted, drop=one.drop_id, called=one.drop))

    async def action_mix_up(self) -> None:
        one, wanted = self.chosen, self.finding.filter
        name = "" if wanted.mix_up or one is None else one.misconceptions[0]
        await self._narrow(replace(wanted, mix_up=name))

    async def action_all(self) -> None:
        self.finding.typed = None
        await self._narrow(Filter())

    def action_find(self) -> None:
        self.finding.typed = Typed.end(self.finding.filter.text)
        self.finding.redraw()

    async def action_enter(self) -> None:
        from drops.tui.screens.answer import PastScreen

        one = self.chosen
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
        if self.chosen is not None:
            await self.host.begin(drop=self.chosen.drop_id, replay=True)

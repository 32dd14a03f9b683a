"""Hard drops: ranked by evidence, with the reasons in words; Enter practises the chosen one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.errors import DropsError
from drops.study.looking_back import HardDrop, Worked, hard_drops, worked_example
from drops.text import safe_text
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, beside, does, ends, indent, written
from drops.tui.blocks import blocks
from drops.tui.blocks.prose import prose
from drops.tui.screens.base import DropsScreen, Keys

if TYPE_CHECKING:
    from drops.study.study import Study

LONGEST = 78
TOP = 3  # the line on which the first drop stands
GAP = 4
BESIDE = 104  # cells from which the chosen drop's offers stand beside the list
EMPTY = (
    "Nothing is hard yet, because nothing was asked yet. From the first answers on, the drops stand "
    "here in order of what they cost you: forgotten items, mix-ups seen twice, low recall."
)


class Ranked(Drawn):
    """The drops, the hardest first, one of them chosen; what is offered with it; its worked example."""

    def __init__(self) -> None:
        super().__init__(id="ranked")
        self.found: list[HardDrop] | None = None
        self.now = 0
        self.worked: Worked | None = None
        self.rows: list[int] = []

    @property
    def chosen(self) -> HardDrop | None:
        return self.found[self.now] if self.found else None

    def draw(self, width: int, ink: Inks) -> Lines:
        width -= 4
        room = min(width, LONGEST) if width < BESIDE else width
        self.rows = []
        out: Lines = [
            ends([Segment("Hard drops", ink.bold)], [Segment("the hardest first", ink.dim)], room),
            [Segment("─" * room, ink.rule)],
        ]
        if self.found is None:
            out.append([Segment("reading your answers …", ink.dim)])
        elif not self.found:
            out += written(EMPTY, room, ink.text)
        elif width < BESIDE:
            out += self._list(self.found, room, ink)
        else:
            left = (width - GAP) * 5 // 9
            listed, right = self._list(self.found, left, ink, short=True), width - left - GAP
            # what helps stands beside the drop it is for
            aside: Lines = [[]] * (self.rows[self.now] - TOP)
            aside += [*self._offers(self.found[self.now], right, ink), *self._worked(right, ink)]
            out += beside([(listed, left), (aside, right)], GAP)
        return indent([[], *out], 2)

    def _list(self, found: list[HardDrop], width: int, ink: Inks, *, short: bool = False) -> Lines:
        out: Lines = []
        for at, one in enumerate(found):
            here = at == self.now
            self.rows.append(TOP + len(out))
            word = "▲ hard" if one.hardness.hard else ""
            out.append(
                ends(
                    [
                        Segment("▸ " if here else "  ", ink.act),
                        Segment(f"{one.drop.number:>2}  ", does(ink.dim, hard=at)),
                        Segment(one.drop.title, does(ink.bold if here else ink.text, hard=at)),
                    ],
                    [Segment(f"  {word:>6}", ink.warn)],
                    width,
                )
            )
            out += indent(written(safe_text(one.reason), width - 6, ink.dim), 6)
            if here and not short and one.offers:
                out += indent(self._offers(one, width - 6, ink), 6)
                out += indent(self._worked(width - 6, ink), 6)
            out.append([])
        return out

    def _offers(self, one: HardDrop, width: int, ink: Inks) -> Lines:
        """What helps more than asking again, each with its key where it has one."""
        if not one.offers:
            says = "Enter asks its exercises with fresh numbers, one step easier, and its questions again."
            return written(says, width, ink.dim)
        out: Lines = []
        for says, key in zip(one.offers, self._keys(one), strict=True):
            lines = written(says, width - 7, ink.text)
            name = [Segment(f"{key or '·':<7}", does(ink.accent, key=key) if len(key) == 1 else ink.accent)]
            out += [[*(name if at == 0 else [Segment(" " * 7)]), *line] for at, line in enumerate(lines)]
        for needed in one.needs:
            out += indent(written(f"{needed.number} · {needed.title}", width - 7, ink.dim), 7)
        return out

    @staticmethod
    def _keys(one: HardDrop) -> list[str]:
        from drops.memory.hardness import Help

        keys = {
            Help.WORKED_EXAMPLE.value: "w",
            Help.OTHER_TEMPLATE.value: "enter",
            Help.NEEDED_DROP.value: "n",
        }
        return [keys[says] for says in one.offers]

    def _worked(self, width: int, ink: Inks) -> Lines:
        if self.worked is None:
            return []
        lines = "\n".join(f"    {line}" for line in self.worked.line.splitlines())
        out: Lines = [[], [Segment(f"Worked example · {safe_text(self.worked.title)}", ink.bold)], []]
        out += blocks.draw_all(self.worked.show, width, ink)
        out += [[], *prose(lines if "=" in lines else self.worked.line, width, ink)]
        return [*out, *written(f"The answer: {self.worked.answer}", width, ink.text)]


class HardScreen(DropsScreen):
    """Up and down choose a drop; Enter practises it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "replay", "practise"),
        Binding("down,j", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k", "step(-1)", "choose upwards", show=False),
        Binding("w", "worked", "worked example"),
        Binding("n", "needed", "the drop it needs"),
        Binding("e", "export", "save as SVG", show=False),
        Binding("q", "leave", "back"),
    ]

    title_of_help = "Keys of Hard drops"

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study, self.ranked = study, Ranked()

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="body", can_focus=False):
            yield self.ranked
        yield Keys()

    def on_mount(self) -> None:
        self.run_worker(self._read(), name="hard")

    def on_screen_resume(self) -> None:
        if self.ranked.found is not None:  # back from practice: the ranks may have changed
            self.run_worker(self._read(), name="hard", exclusive=True)

    async def _read(self) -> None:
        try:
            found = await asyncio.to_thread(hard_drops, self.study, self.host.clock())
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        self.ranked.found = found
        self._choose(min(self.ranked.now, max(0, len(found) - 1)))
        self.refresh_keys()

    def _choose(self, at: int) -> None:
        ranked = self.ranked
        ranked.now, ranked.worked = at, None
        ranked.redraw()
        body = self.query_one("#body")
        if (
            ranked.rows
            and not body.scroll_offset.y <= ranked.rows[at] < body.scroll_offset.y + body.size.height - 5
        ):
            body.scroll_to(y=max(0, ranked.rows[at] - 3), animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        one = self.ranked.chosen
        match action:
            case "replay" | "step":
                return one is not None
            case "worked":
                return one is not None and bool(one.stuck)
            case "needed":
                return one is not None and bool(one.needs)
        return True

    def action_step(self, by: int) -> None:
        self._choose((self.ranked.now + by) % len(self.ranked.found or [0]))

    async def action_replay(self) -> None:
        if self.ranked.chosen is not None:
            await self.host.begin(drop=self.ranked.chosen.drop.id, replay=True)

    def action_worked(self) -> None:
        ranked = self.ranked
        assert ranked.chosen is not None
        shown = ranked.worked is not None
        ranked.worked = None if shown else worked_example(self.study, ranked.chosen.stuck, self.host.clock())
        ranked.redraw()
        self.call_after_refresh(self._to_the_chosen)

    def _to_the_chosen(self) -> None:
        self.query_one("#body").scroll_to(y=max(0, self.ranked.rows[self.ranked.now] - TOP), animate=False)

    async def action_needed(self) -> None:
        if self.ranked.chosen is not None:
            await self.host.begin(drop=self.ranked.chosen.needs[0].id)

    def action_export(self) -> None:
        self.host.export_picture()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "hard" in what:
            if what["hard"] == self.ranked.now:
                await self.action_replay()
            else:
                self._choose(what["hard"])

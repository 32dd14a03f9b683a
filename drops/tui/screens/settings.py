"""Settings: a form made from the schema. What is changed is saved at once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.study.settings import SETTINGS, Setting
from drops.text import number
from drops.tui.base.caret import NUMBER, Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, indent, written
from drops.tui.blocks import sheet
from drops.tui.screens.lists.listing import LABEL, READABLE, Entry, ListScreen, labelled

if TYPE_CHECKING:
    from drops.study.study import Study

NAME = 24  # cells of a setting's name, so that the values stand in a column


def shown(value: Any) -> str:
    """A value as it is read and typed."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return number(value) if isinstance(value, float) else str(value)


def stepped(setting: Setting, value: Any, by: int) -> str:
    """The text of the value one step on: the next choice, round and round; or the next round number."""
    if setting.choices:
        at = setting.choices.index(value) if value in setting.choices else 0
        return shown(setting.choices[(at + by) % len(setting.choices)])
    assert setting.between is not None
    low, high = (Decimal(str(end)) for end in setting.between)
    step = Decimal(1) if high - low > 2 else Decimal("0.01")
    return str(min(high, max(low, Decimal(str(value)) + by * step)))


class SettingsScreen(ListScreen):
    """Up and down choose a setting, left and right change it, Enter takes a number as it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "change", id="settings.type"),
        Binding("tab", "step(1)", "next", show=False),
        Binding("shift+tab", "step(-1)", "the one before", show=False),
        Binding("right,plus", "change(1)", "change", key_display="←→"),
        Binding("left,minus", "change(-1)", "change back", show=False),
        Binding("escape", "stop", "leave it as it was"),
        Binding("q", "leave", "back"),
    ]

    title_of_help = "Keys of Settings"
    below_from = 5  # → changes a value, so what it does is to stand below the values everywhere

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study = study
        self.typed: Typed | None = None
        self.problem, self.note = "", ""

    @property
    def count(self) -> int:
        return len(SETTINGS)

    @property
    def setting(self) -> Setting:
        return list(SETTINGS.values())[self.now]

    def says(self, ink: Inks) -> tuple[Line, Line]:
        return [Segment("Settings", ink.bold)], [Segment("saved as you change them", ink.dim)]

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        banner = self.study.banner
        yield Entry(indent(written(banner, width - 6, ink.warn), 3) if banner else [[]])
        for at, setting in enumerate(SETTINGS.values()):
            yield Entry(self._row(at, setting, width, ink), at)

    def _row(self, at: int, setting: Setting, width: int, ink: Inks) -> Lines:
        """A setting, its value, and under it what is wrong with what was typed."""
        here = at == self.now
        line: Line = [
            Segment(" ▸ " if here else "   ", ink.act),
            Segment(f"{setting.label:<{NAME}}", does(ink.bold if here else ink.text, row=at)),
            *self._value(at, self.study.setting(setting.name), ink),
        ]
        if here and self.note:
            line.append(Segment(f"   ✓ {self.note}", ink.good))
        if here and self.problem:
            return [line, *indent(written(f"! {self.problem}", width - 6, ink.warn), 3)]
        return [line]

    def _value(self, at: int, value: Any, ink: Inks) -> Line:
        here = at == self.now
        if here and self.typed is not None:
            return sheet.InBlank(self.typed.text, "open", self.typed.at).drawn(ink, "value")
        style = ink.accent if here else ink.rule
        return [
            Segment(" ◂ ", does(style, setting=at, by=-1)),
            Segment(f"{shown(value):>5}", does(ink.bold if here else ink.text, row=at)),
            Segment(" ▸", does(style, setting=at, by=1)),
        ]

    def about(self, width: int, ink: Inks) -> Lines:
        setting, room = self.setting, min(width, READABLE)
        out: Lines = [[], *written(setting.label, room, ink.bold), *written(setting.says, room, ink.text), []]
        if setting.between:
            low, high = (number(end) for end in setting.between)
            out += labelled("Range", written(f"{low} to {high}", room - LABEL, ink.text), ink)
        else:
            out += labelled(
                "One of", written(" · ".join(map(shown, setting.choices)), room - LABEL, ink.text), ink
            )
        out += labelled("At first", written(shown(setting.default), room - LABEL, ink.text), ink)
        if setting.name == "theme":
            out += [[], *_colours(ink)]
        return out

    def types(self, event: events.Key) -> bool:
        if self.typed is None:
            return False
        typed = self.typed.press(event.key, event.character, NUMBER)
        if typed is None:
            return False
        self.typed, self.problem = typed, ""
        self.redraw()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "stop":
            return self.typed is not None
        return False if action == "close_pane" else super().check_action(action, parameters)

    def describe(self, binding: Binding) -> str:
        if binding.action == "enter":
            return "save" if self.typed is not None else "type it" if self.setting.between else "change"
        return binding.description

    async def action_enter(self) -> None:
        if self.typed is not None:
            self._save(self.typed.text)
        elif self.setting.between:
            self.typed, self.problem, self.note = (
                Typed.end(shown(self.study.setting(self.setting.name))),
                "",
                "",
            )
            self.redraw()
        else:
            self.action_change(1)

    def action_change(self, by: int) -> None:
        if self.typed is not None:
            self.typed = self.typed.step(by) or self.typed
            self.redraw()
        else:
            self._save(stepped(self.setting, self.study.setting(self.setting.name), by))

    def _save(self, text: str) -> None:
        name = self.setting.name
        if text == shown(self.study.setting(name)):
            self.typed = None
        else:
            try:
                value = self.study.change(name, text, self.host.clock())
            except DropsError as problem:  # what was typed stays, and Enter tries again
                self.problem, self.note = str(problem), ""
                self.redraw()
                return
            self.typed, self.problem = None, ""
            self.note = self._applied(name, value)
        self.redraw()

    def _applied(self, name: str, value: Any) -> str:
        """Makes a change hold now where it can, and says from when it holds."""
        if name == "theme":
            self.host.use_palette(value)
        elif name == "reduced_motion":
            self.host.use_motion(reduced=value)
        elif name in ("rollover_hour", "retention"):
            return "saved; it holds from the next start"
        return "saved"

    def choose(self, at: int) -> None:
        self.typed, self.problem, self.note = None, "", ""
        super().choose(at)

    def action_stop(self) -> None:
        self.choose(self.now)

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "row" in what:
            self.choose(what["row"])
        elif "setting" in what:
            if what["setting"] != self.now:
                self.choose(what["setting"])
            self.action_change(what["by"])


def _colours(ink: Inks) -> Lines:
    """What the colours of the theme mean."""
    meant = ((ink.plus, "positive, yes, fires"), (ink.minus, "negative, no, silent"), (ink.act, "in hand"))
    return [[Segment("━━━  ", style), Segment(says, ink.text)] for style, says in meant]

"""Settings: a form made from the schema. What is changed is saved at once."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.errors import DropsError
from drops.study.settings import SETTINGS, Setting
from drops.text import number
from drops.tui.base.caret import NUMBER, Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, indent, written
from drops.tui.blocks.sheet import Entry
from drops.tui.screens.base import DropsScreen, Keys

if TYPE_CHECKING:
    from drops.study.study import Study

WIDEST = 78
LABEL = 24  # cells of a setting's name, so that the values stand in a column


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


class Form(Drawn):
    """A line for each setting and its sentence under it; one is chosen, and may be typed into."""

    def __init__(self, study: Study) -> None:
        super().__init__(id="form")
        self.study, self.now = study, 0
        self.typed: Typed | None = None
        self.problem, self.note = "", ""
        self.rows: list[int] = []

    @property
    def setting(self) -> Setting:
        return list(SETTINGS.values())[self.now]

    def draw(self, width: int, ink: Inks) -> Lines:
        room = min(width - 4, WIDEST)
        out: Lines = [
            [],
            ends([Segment("Settings", ink.bold)], [Segment("saved as you change them", ink.dim)], room),
            [Segment("─" * room, ink.rule)],
            *(written(self.study.banner, room, ink.warn) if self.study.banner else []),
        ]
        self.rows = []
        for at, setting in enumerate(SETTINGS.values()):
            self.rows.append(len(out))
            out += self._setting(at, setting, room, ink)
        return indent(out, 2)

    def _setting(self, at: int, setting: Setting, room: int, ink: Inks) -> Lines:
        here = at == self.now
        value = self.study.setting(setting.name)
        label = [
            Segment("▸ " if here else "  ", ink.act),
            Segment(f"{setting.label:<{LABEL}}", does(ink.bold if here else ink.text, setting=at)),
        ]
        out: Lines = [[*label, *self._value(at, value, ink)]]
        says = setting.says
        if setting.between:
            says += f" From {number(setting.between[0])} to {number(setting.between[1])}."
        if value != setting.default:
            says += f" At first: {shown(setting.default)}."
        out += indent(written(says, room - 2, ink.dim), 2)
        if here and self.problem:
            out += indent(written(f"! {self.problem}", room - 2, ink.warn), 2)
        if here and self.note:
            out += indent(written(f"✓ {self.note}", room - 2, ink.good), 2)
        return [*out, []]

    def _value(self, at: int, value: Any, ink: Inks) -> Line:
        here = at == self.now
        if here and self.typed is not None:
            return Entry(self.typed.text, "open", self.typed.at).drawn(ink, "value")
        style = ink.accent if here else ink.rule
        return [
            Segment(" ◂ ", does(style, setting=at, by=-1)),
            Segment(f"{shown(value):>5}", does(ink.bold if here else ink.text, setting=at)),
            Segment(" ▸", does(style, setting=at, by=1)),
        ]


class SettingsScreen(DropsScreen):
    """Up and down choose a setting, left and right change it, Enter takes a number as it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "change", id="settings.type"),
        Binding("down,j,tab", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k,shift+tab", "step(-1)", "choose upwards", show=False),
        Binding("right,plus", "change(1)", "change", key_display="←→"),
        Binding("left,minus", "change(-1)", "change back", show=False),
        Binding("escape", "stop", "leave it as it was"),
        Binding("q", "leave", "back"),
    ]

    title_of_help = "Keys of Settings"

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study, self.form = study, Form(study)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="body", can_focus=False):
            yield self.form
        yield Keys()

    def types(self, event: events.Key) -> bool:
        if self.form.typed is None:
            return False
        typed = self.form.typed.press(event.key, event.character, NUMBER)
        if typed is None:
            return False
        self.form.typed, self.form.problem = typed, ""
        self.form.redraw()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return self.form.typed is not None if action == "stop" else True

    def describe(self, binding: Binding) -> str:
        if binding.action == "enter":
            return (
                "save"
                if self.form.typed is not None
                else "type it"
                if self.form.setting.between
                else "change"
            )
        return binding.description

    def action_enter(self) -> None:
        form = self.form
        if form.typed is not None:
            self._save(form.typed.text)
        elif form.setting.between:
            form.typed, form.problem, form.note = (
                Typed.end(shown(self.study.setting(form.setting.name))),
                "",
                "",
            )
            form.redraw()
        else:
            self.action_change(1)

    def action_change(self, by: int) -> None:
        form = self.form
        if form.typed is not None:
            form.typed = form.typed.step(by) or form.typed
            form.redraw()
        else:
            self._save(stepped(form.setting, self.study.setting(form.setting.name), by))

    def _save(self, text: str) -> None:
        form, name = self.form, self.form.setting.name
        if text == shown(self.study.setting(name)):
            form.typed = None
        else:
            try:
                value = self.study.change(name, text, self.host.clock())
            except DropsError as problem:  # what was typed stays, and Enter tries again
                form.problem, form.note = str(problem), ""
                form.redraw()
                return
            form.typed, form.problem = None, ""
            form.note = self._applied(name, value)
        form.redraw()

    def _applied(self, name: str, value: Any) -> str:
        """Makes a change hold now where it can, and says from when it holds."""
        if name == "theme":
            self.host.use_palette(value)
        elif name == "reduced_motion":
            self.host.use_motion(reduced=value)
        elif name in ("rollover_hour", "retention"):
            return "saved; it holds from the next start"
        return "saved"

    def action_step(self, by: int) -> None:
        self._choose((self.form.now + by) % len(SETTINGS))

    def _choose(self, at: int) -> None:
        form, body = self.form, self.query_one("#body")
        form.now, form.typed, form.problem, form.note = at, None, "", ""
        form.redraw()
        if not body.scroll_offset.y <= form.rows[at] < body.scroll_offset.y + body.size.height - 3:
            body.scroll_to(y=max(0, form.rows[at] - 3), animate=False)

    def action_stop(self) -> None:
        self._choose(self.form.now)

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "setting" in what:
            if what["setting"] != self.form.now:
                self._choose(what["setting"])
            if "by" in what:
                self.action_change(what["by"])

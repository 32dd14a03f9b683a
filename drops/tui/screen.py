"""What every screen is: keys in order, a footer of the keys that work now, clicks as keys."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen

from drops.tui.drawn import Drawn
from drops.tui.ink import Inks, Line, Lines, does, fit, width_of
from drops.tui.keys import mapped, named

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from drops.tui.app import DropsApp

NAMES = {
    "question_mark": "?",
    "space": "space",
    "enter": "enter",
    "escape": "esc",
    "plus": "+",
    "minus": "−",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "slash": "/",
    "equals_sign": "=",
    "backspace": "backspace",
    "shift+tab": "shift+tab",
}


FIND = "find a drop, an action, a term"


def key_name(key: str, binding: Binding) -> str:
    """A key as it is printed on a keyboard."""
    return binding.key_display or NAMES.get(key, key)


class DropsScreen(Screen[None], inherit_bindings=False):
    """A screen whose keys are handled one after another, by itself and then by its parts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "help", id="anywhere.help"),
        Binding("ctrl+c,super+c", "screen.copy_text", "copy what the mouse marked", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
    ]
    AUTO_FOCUS = ""
    title_of_help = "Keys"

    def __init_subclass__(cls, **more: Any) -> None:
        cls.BINDINGS = named(cls.__name__, cls.__dict__.get("BINDINGS", ()))
        super().__init_subclass__(**more)

    @property
    def drops(self) -> DropsApp:
        return cast("DropsApp", self.app)

    # ── keys ──

    @property
    def parts(self) -> tuple[DOMNode, ...]:
        """Widgets that have keys of their own now, the nearest first."""
        return ()

    def describe(self, binding: Binding) -> str:
        """What a key does now, where that changes."""
        return binding.description

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """Every key that works now: the parts' keys go before the screen's."""
        out: dict[str, ActiveBinding] = {}
        for part in self.parts:
            for binding in mapped(type(part).BINDINGS, self.drops.keymap):
                action, _, parameters = binding.action.partition("(")
                del parameters
                if binding.key not in out and part.check_action(action, ()):
                    out[binding.key] = ActiveBinding(part, binding, True, "")
        for key, active in super().active_bindings.items():
            out.setdefault(key, active)
        return {key: self._described(active) for key, active in out.items()}

    def _described(self, active: ActiveBinding) -> ActiveBinding:
        binding = active.binding
        says = FIND if binding.action == "app.command_palette" else self.describe(binding)
        return active._replace(binding=replace(binding, description=says))

    def types(self, event: events.Key) -> bool:
        """Whether a field of this screen took a key as a character."""
        del event
        return False

    async def press(self, event: events.Key) -> None:
        """Handles one key to its end."""
        if self.types(event):
            return
        active = self.active_bindings.get(event.key)
        if active is not None and active.enabled:
            await self.app.run_action(active.binding.action, active.node)
            self.refresh_keys()

    def refresh_keys(self) -> None:
        for footer in self.query(Keys):
            footer.redraw()

    @on(Drawn.Clicked)
    def _queue_click(self, event: Drawn.Clicked) -> None:
        event.stop()
        self.drops.keyboard.do(partial(self._click, event.widget, event.what))

    async def _click(self, widget: Drawn, what: dict[str, Any]) -> None:
        if "key" in what:
            await self.press(events.Key(what["key"], None))
        elif "explain" in what:
            await self.drops.explain(what["explain"])
        elif "url" in what:  # shown before it is opened, and never opened by us
            self.app.copy_to_clipboard(what["url"])
            self.notify(f"Copied: {what['url']}", markup=False)
        elif widget.is_attached:
            await self.clicked(widget, what)
            self.refresh_keys()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        """A click on something drawn; clicks on keys never come here."""

    # ── what every screen can do ──

    async def action_help(self) -> None:
        from drops.tui.help import HelpScreen

        await self.app.push_screen(HelpScreen(self.title_of_help, self.active_bindings))

    def action_export(self) -> None:
        self.drops.export_picture()

    def action_page(self, by: int) -> None:
        body = self.query("#body")
        if body:
            body.first().scroll_relative(y=by * max(3, body.first().size.height - 3), animate=False)


class Keys(Drawn):
    """The footer: the keys that work now, as many as there is room for; each can be clicked."""

    def draw(self, width: int, ink: Inks) -> Lines:
        screen = self.screen
        seen: dict[tuple[str, int], tuple[str, Binding]] = {}
        for key, active in screen.active_bindings.items():
            if active.binding.show and active.enabled:
                seen.setdefault((active.binding.action, id(active.node)), (key, active.binding))
        listed = [(key, b) for key, b in seen.values() if key not in ("ctrl+p", "question_mark")]
        listed.sort(key=lambda named: named[0] != "enter")  # the one primary action stands first
        left = [self._key(key, binding, ink) for key, binding in listed]
        help_key = self._named("question_mark", "?", "help", ink)
        waits = self.screen.drops.waits if isinstance(self.screen, DropsScreen) else ""
        find = [Segment(f"{waits} ", ink.dim)] if waits else self._named("ctrl+p", "ctrl+p", "find", ink)
        line: Line = [Segment(" ")]
        room = width - 1 - width_of(help_key)
        while left and width_of(left[0]) <= room:
            part = left.pop(0)
            room -= width_of(part)
            line += part
        line += help_key
        if waits:  # goes before the last keys where there is no room for both
            line = fit(line, max(0, width - width_of(find)))
        have = width_of(line)
        return [
            [*line, Segment(" " * (width - have - width_of(find))), *find]
            if have + width_of(find) <= width
            else fit(line, width)
        ]

    def _key(self, key: str, binding: Binding, ink: Inks) -> Line:
        return self._named(key, key_name(key, binding), binding.description, ink)

    @staticmethod
    def _named(key: str, name: str, says: str, ink: Inks) -> Line:
        style: Style = does(ink.dim, key=key)
        return [Segment(name, does(ink.accent, key=key)), Segment(f" {says}", style), Segment("   ")]

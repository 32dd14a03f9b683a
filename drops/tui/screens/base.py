"""What every screen is: keys in order, a footer of the keys that work now, clicks as keys."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.segment import Segment
from textual import actions, events, on
from textual.await_complete import AwaitComplete
from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen

from drops.tui.base.bindings import bindings_of, named
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, width_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from textual.dom import DOMNode
    from textual.geometry import Offset
    from textual.widget import Widget

    from drops.course.model import LearningPath
    from drops.study.today import Today
    from drops.tui.base.host import Host

NAMES = {
    "question_mark": "?",
    "space": "space",
    "enter": "enter",
    "escape": "esc",
    "plus": "+",
    "minus": "−",
    "full_stop": ".",
    "comma": ",",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
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


LONGEST_PASTE = 100  # characters, into a field of one line
FIND = "find a drop, an action, a term"
FIND_ACTION = "command_palette"
WAYS_OUT = ("leave", "app.quit", "help")  # stand last in the footer, and are never left out


def key_name(key: str, binding: Binding) -> str:
    """A key as it is printed on a keyboard."""
    return binding.key_display or NAMES.get(key, key)


class DropsScreen(Screen[None], inherit_bindings=False):
    """A screen whose keys are handled one after another, by itself and then by its parts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "help", id="anywhere.help"),
        Binding("ctrl+c,super+c", "copy_marked", "copy what the mouse marked", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
    ]
    AUTO_FOCUS = ""
    BLANK = True  # all that is seen on it stands on it
    title_of_help = "Keys"
    words_of_help: ClassVar[Mapping[str, Sequence[str]]] = {}  # what can be typed, by kind

    def __init_subclass__(cls, **more: Any) -> None:
        cls.BINDINGS = named(cls.__name__, cls.__dict__.get("BINDINGS", ()))
        super().__init_subclass__(**more)

    @property
    def host(self) -> Host:
        """The app, as far as a screen may know it."""
        return cast("Host", self.app)

    @property
    def within(self) -> LearningPath | None:
        """The path whose terms and numbers are meant here; None: the current one."""
        return None

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **more: Any) -> bool:
        """As Textual's; nothing is called any more of a screen that is on its way out by then: its widgets
        are gone."""

        def if_here() -> Any:
            return callback(*args, **more) if self.display else None  # a screen is hidden only as it leaves

        return super().call_after_refresh(if_here)

    @on(events.Resize)
    async def _look_at_keys(self) -> None:
        """Keys are looked at between the two layouts of a screen that comes: as it comes, and at its size."""
        await asyncio.sleep(0)

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """As Textual's; nothing is marked by mouse in a widget that was removed and not yet painted over."""
        widget, offset = super().get_widget_and_offset_at(x, y)
        gone = widget is not None and widget is not self and widget.parent is None
        return (None, None) if gone else (widget, offset)

    def renew(self, today: Today) -> None:
        """Today as it stands now, for a screen that shows some of it."""

    @property
    def has_code(self) -> bool:
        """Whether what stands here can be had as a program."""
        return False

    @property
    def item_in_front(self) -> str:
        """The key of the item that is asked here, "" where none is."""
        return ""

    @property
    def of_the_question(self) -> set[str]:
        """Of its actions those that are never left out of the footer for others."""
        return set()

    async def act(self, name: str, what: str) -> bool:
        """Does what `hands.ACTS` names in the session that this screen holds; False where it holds none."""
        del name, what
        return False

    # ── keys ──

    @property
    def parts(self) -> tuple[DOMNode, ...]:
        """Widgets that have keys of their own now, the nearest first."""
        return ()

    def describe(self, binding: Binding) -> str:
        """What a key does now, where that changes."""
        return binding.description

    @property
    def working(self) -> dict[str, ActiveBinding]:
        """Every key that works now: the parts' keys go before the screen's."""
        out: dict[str, ActiveBinding] = {}
        for binding, part in self._of_parts:
            if binding.key not in out and _works(binding, part):
                out[binding.key] = ActiveBinding(part, binding, True, "")
        for key, active in super().active_bindings.items():
            out.setdefault(key, active)
        for key in self.takes & out.keys():
            del out[key]
        return out

    def meant_by(self, key: str) -> ActiveBinding | None:
        """What a key does now, as in `working`: a part's is found without asking the forty others."""
        if key in self.takes:
            return None
        for binding, part in self._of_parts:
            if binding.key == key and _works(binding, part):
                return ActiveBinding(part, binding, True, "")
        return super().active_bindings.get(key)

    @property
    def _of_parts(self) -> Iterator[tuple[Binding, DOMNode]]:
        """The keys that the parts have, whether they work now or not."""
        keymap = tuple(self.host.keymap.items())
        return ((binding, part) for part in self.parts for binding in bindings_of(type(part), keymap))

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The same, each with what it does now: the footer and the help tell it, a key only does it."""
        return {key: self._described(active) for key, active in self.working.items()}

    def key_of(self, action: str) -> str:
        """The first key that does an action now, or ""."""
        found = (key for key, active in self.working.items() if active.binding.action == action)
        return next(found, "")

    def _described(self, active: ActiveBinding) -> ActiveBinding:
        binding = active.binding
        says = FIND if binding.action == FIND_ACTION else self.describe(binding)
        if says == binding.description:
            return active
        return active._replace(binding=replace(binding, description=says))

    def types(self, event: events.Key) -> bool:
        """Whether a field of this screen took a key as a character."""
        del event
        return False

    @property
    def takes(self) -> frozenset[str]:
        """Keys that a field of this screen takes as characters now."""
        return frozenset()

    def unused(self, character: str) -> None:
        """A character that means nothing now."""

    async def press(self, event: events.Key) -> None:
        """Handles one key to its end. One of a moment in which this screen was left is for no other."""
        if not self.is_active or self.types(event):
            return
        active = self.meant_by(event.key)
        if active is not None and active.enabled:
            await self.app.run_action(active.binding.action, active.node)
            self.refresh_keys()
        elif active is None and event.character and event.character.isprintable():
            self.unused(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """In its place among the keys: what was typed before it may turn the page."""
        event.stop()
        self.host.keyboard.do(partial(self._paste, event.text))

    async def _paste(self, text: str) -> None:
        if self.is_active:
            self.pastes(text)
            self.refresh_keys()

    def pastes(self, text: str) -> None:
        """A text for the field in hand, if there is one: one line, as if it were typed."""
        for character in text.strip().partition("\n")[0][:LONGEST_PASTE]:
            if not self.types(events.Key(character, character)):
                return

    def refresh_bindings(self) -> None:
        """Where a part tells that other keys work now: the footer says so, of a screen that is seen."""
        super().refresh_bindings()
        if self.is_current:
            self.refresh_keys()

    def refresh_keys(self) -> None:
        for footer in self.children:  # a query would go through all that stands on the screen
            if isinstance(footer, Keys):
                footer.redraw()

    @on(Drawn.Clicked)
    def _queue_click(self, event: Drawn.Clicked) -> None:
        event.stop()
        self.host.keyboard.do(partial(self._click, event.widget, event.what))

    async def _click(self, widget: Drawn, what: dict[str, Any]) -> None:
        if not self.is_active:
            return
        if "key" in what:
            await self.press(events.Key(what["key"], None))
        elif "explain" in what:
            await self.host.explain(what["explain"], within=self.within)
        elif "url" in what:  # shown before it is opened, and never opened by us
            await self.host.copy(what["url"], what["url"])
        elif widget.is_attached:
            await self.clicked(widget, what)
            self.refresh_keys()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        """A click on something drawn; clicks on keys never come here."""

    # ── what every screen can do ──

    async def action_help(self) -> None:
        await self.host.show_help(self.title_of_help, self.active_bindings, self.words_of_help)

    async def action_copy_marked(self) -> None:
        """Ctrl+C; whoever means to leave by it is told how."""
        if marked := self.get_selected_text():
            await self.host.copy(marked, "what was marked")
        else:
            quits = self.key_of("quit")
            self.notify(f"Nothing is marked, so nothing is copied. {quits} quits.", markup=False)

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Leaves this screen: Textual's own leaves whichever is in front."""
        return super().dismiss(result) if self.is_active else AwaitComplete()

    def action_leave(self) -> None:
        """Back to the screen before."""
        self.dismiss()

    @property
    def to_keep(self) -> str:
        """Markdown that is saved beside the screen's picture."""
        return ""

    def action_export(self) -> None:
        self.host.export_picture(self.to_keep)

    def action_scroll(self, by: int) -> None:
        """For the screens that bind it: all that have a body longer than they are."""
        self.query_one("#body").scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        body = self.query("#body")
        if body:
            body.first().scroll_relative(y=by * max(3, body.first().size.height - 3), animate=False)


def _works(binding: Binding, part: DOMNode) -> bool:
    """Whether a key of a part does something now."""
    _, action, parameters = actions.parse(binding.action)
    return bool(part.check_action(action, parameters))


class Keys(Drawn):
    """The footer: the keys that work now, as many as there is room for; each can be clicked."""

    def draw(self, width: int, ink: Inks) -> Lines:
        waits = self.screen.host.waits if isinstance(self.screen, DropsScreen) else ""
        keys_now = self.screen.active_bindings
        shown = self._shown(keys_now)
        last = [self._named(*shown.pop(action), ink) for action in WAYS_OUT if action in shown]
        find = self._named(*shown.pop(FIND_ACTION), ink, "find") if FIND_ACTION in shown else []
        right: Line = [Segment(waits, ink.dim)] if waits else find
        keys = sorted(shown.values(), key=lambda named: named[0] != "enter")  # the primary action first
        middle = [self._named(key, binding, ink) for key, binding in keys]
        for gap in ("   ", "  "):
            left = _row([*middle, *last], gap)
            if width_of(left) + width_of(right) + 4 <= width:
                break
        else:  # what is said of a wait, and the ways out, go before the other keys
            room = width - (width_of(right) + 4 if waits else 0)
            fit_in, bare = _first_of(middle, last, room), [*last[:-1], *(one[:1] for one in last[-1:])]
            asked = self._asked(keys_now, [binding.action for _, binding in keys])
            if fit_in < asked and _first_of(middle, bare, room) > fit_in:  # a bare ? is understood
                fit_in, last = _first_of(middle, bare, room), bare
            left = _row([*middle[:fit_in], *last], "  ")
        if width_of(left) + width_of(right) + 2 > width:
            return [fit(left, width)]
        return [ends(left, [*right, Segment(" ")], width)]

    @staticmethod
    def _shown(keys: Mapping[str, ActiveBinding]) -> dict[str, tuple[str, Binding]]:
        """What is done by a key now: action → its first key and what that says."""
        found: dict[str, tuple[str, Binding]] = {}
        for key, active in keys.items():
            if active.enabled and (active.binding.show or active.binding.action == FIND_ACTION):
                found.setdefault(active.binding.action, (key, active.binding))
        return found

    def _asked(self, keys: Mapping[str, ActiveBinding], shown: Sequence[str]) -> int:
        """How many of the keys that are shown come first: Enter, and as far as the last of what is asked."""
        own = {key.binding.action for key in keys.values() if key.node not in (self.screen, self.app)}
        own |= self.screen.of_the_question if isinstance(self.screen, DropsScreen) else set()
        return max((at for at, action in enumerate(shown, 1) if action in own), default=1)

    @staticmethod
    def _named(key: str, binding: Binding, ink: Inks, says: str = "") -> Line:
        return [
            Segment(key_name(key, binding), does(ink.accent, key=key)),
            Segment(f" {says or binding.description}", does(ink.dim, key=key)),
        ]


def _first_of(keys: list[Line], last: list[Line], room: int) -> int:
    """How many of the keys stand in a row of so many cells, those that come `last` behind them."""
    fits = (n for n in range(len(keys), -1, -1) if width_of(_row([*keys[:n], *last], "  ")) <= room)
    return next(fits, 0)


def _row(parts: list[Line], gap: str) -> Line:
    """Keys in a row, a blank before them."""
    out: Line = []
    for i, part in enumerate(parts):
        out += [Segment(gap if i else " "), *part]
    return out

"""What every part of the Lab's screen stands on: its engine, its picture, the line while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding

from drops.errors import DropsError
from drops.networks.lab.line import LONGEST, MOST_STEP, read_line
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.scene import FIRST_TWO, Place
from drops.networks.lab.shape import LineError
from drops.networks.lab.tables import brought
from drops.networks.lab.why import name_of
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.lab.line import LabHead
from drops.tui.screens.lab.pointed import PointedPicture
from drops.tui.screens.lab.runner import Runner, View

SHEETS = ("sum", "weight", "loss")  # where a number comes from; a weight: its gradient and its next step


def _keys_of(screen: type[DropsScreen]) -> frozenset[str]:
    """Every key that means something on a screen."""
    all_of_them = (one for kind in screen.__mro__ for one in vars(kind).get("BINDINGS", ()))
    named = [one for one in all_of_them if isinstance(one, Binding)]
    return frozenset(key for one in named for key in one.key.split(","))


class LabBase(DropsScreen):
    """Owns the engine; paints what it says; reads what is typed into the line."""

    def __init__(self, line: str = "") -> None:
        super().__init__()
        self.recipe = read_line(line)
        self.head, self.picture = LabHead(id="lab-head"), PointedPicture(id="lab-picture")
        self.hard, self.why, self.row = False, False, 0
        self.sheet, self.instrument = "sum", ""  # which why-sheet, of SHEETS; which instrument, "" the loss
        self.axes = FIRST_TWO  # of many columns the two that the map spans
        self._ran = False  # whether it trained when the keys were named
        self.opened: list[Place | None] = []  # the units whose sums led here
        self._takes_text: Callable[[str], None] = self._begin_typed  # what is done with what was typed

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.picture
        yield Keys()

    @property
    def runner(self) -> Runner:
        runner = self.picture.runner
        assert runner is not None
        return runner

    def on_mount(self) -> None:
        host = self.host  # the thread outlives the screen, which has no app any more once it is left
        runner = Runner(self.recipe, self._paint_scene, lambda: host.behind)
        self.head.runner = self.picture.runner = runner
        self._look()

    def on_unmount(self) -> None:
        self.runner.end()

    def on_resize(self) -> None:
        if self.picture.runner is not None:
            self._look()

    async def press(self, event: events.Key) -> None:
        """A key comes first: the training waits until what it does is painted."""
        runner = self.picture.runner
        if runner is not None:
            runner.give_way()
            self.call_after_refresh(runner.go_on)
        await super().press(event)

    def _paint(self) -> None:
        if not self.is_attached or not self.display:  # on its way out, its picture is gone already
            return
        self.call_after_refresh(self.runner.go_on)
        scene = self.runner.scene
        if scene is not None and self.picture.sizes() != self.runner.view.sizes:
            self._look()  # more units or layers, smaller tiles
        self.head.redraw()
        self.picture.redraw()

    def _paint_scene(self) -> None:
        """A new scene; of what keys do, it changes what they say only where it stops training by itself."""
        self._paint()
        if self.is_attached and self.runner.running != self._ran:
            self._ran = self.runner.running
            self.refresh_keys()

    def _look(self) -> None:
        """Asks for the scene that this screen has room for."""
        self.runner.look(
            View(
                self.picture.sizes(), self.picture.unit, self.hard, self.why, self.row, self._asked,
                self.instrument, self.picture.probe is not None, self.axes,
            )
        )  # fmt: skip

    @property
    def _asked(self) -> str:
        """The address of what the sheet is of, where it is not the sum itself."""
        found = self.runner.why
        if self.sheet == "loss":
            return "L"
        return name_of(found, self.picture.term) if self.sheet == "weight" and found else ""

    def _begin(self, recipe: Recipe) -> None:
        """Another experiment, from its start."""
        self.why = False
        self.runner.do(lambda desk: desk.begin(recipe))

    # ── what is typed ──────────────────────────────────────────────────────────────────────
    @property
    def takes(self) -> frozenset[str]:
        if self.head.typed is not None:
            return _keys_of(type(self)) - {"enter", "escape"}
        return frozenset("01234") if self.why else frozenset()  # a digit begins a weight

    def type_into(self, label: str, text: str, takes: Callable[[str], None]) -> None:
        """Has a text typed in the line's place. What `takes` raises is said, and the text stays."""
        self.head.label, self.head.typed, self.head.caret = label, text, len(text)
        self._takes_text = takes
        self.head.redraw()

    def types(self, event: events.Key) -> bool:
        """The text, while one is typed."""
        head = self.head
        if head.typed is None:
            return self._begins_weight(event)
        text, at = head.typed, head.caret
        match event.key:
            case "enter":
                self._typed(text)
            case "escape":
                head.typed, head.notice = None, ""
            case "backspace" if at:
                head.typed, head.caret = text[: at - 1] + text[at:], at - 1
            case "delete":
                head.typed = text[:at] + text[at + 1 :]
            case "ctrl+u":
                head.typed, head.caret = text[at:], 0
            case "left" | "right":
                head.caret = max(0, min(len(text), at + (1 if event.key == "right" else -1)))
            case "home" | "end":
                head.caret = 0 if event.key == "home" else len(text)
            case _ if event.character and event.character.isprintable():
                head.typed, head.caret = text[:at] + event.character + text[at:], at + 1
            case _:
                return False
        head.redraw()
        self.refresh_keys()
        return True

    def _begins_weight(self, event: events.Key) -> bool:
        """In a sum a digit begins a number for the weight in hand."""
        found = self.runner.why if self.picture.runner else None
        character = event.character or ""
        if not (self.why and found and self.sheet == "sum" and character.isascii() and character.isdigit()):
            return False
        name = name_of(found, self.picture.term)

        def take(text: str) -> None:
            value = text.strip().replace("−", "-").replace(",", ".")
            read_line(
                f"@{MOST_STEP} {name}={value}", self.runner.desk.recipe
            )  # what is no number is said here
            self.runner.go(running=False)
            self.runner.do(lambda desk: desk.change(f"{name}={value}"))

        self.type_into(f"{name} = ", character, take)
        self.refresh_keys()
        return True

    def pastes(self, text: str) -> None:
        """A line from elsewhere, in the place of the caret, or instead of the one that stands there."""
        head, line = self.head, " ".join(text[: 2 * LONGEST].split())
        if head.typed is None:
            self.type_into("", line, self._begin_typed)
            return
        head.typed = head.typed[: head.caret] + line + head.typed[head.caret :]
        head.caret += len(line)
        head.redraw()

    def _typed(self, text: str) -> None:
        try:
            self._takes_text(text)
        except DropsError as error:
            self.head.notice = str(error)
            if isinstance(error, LineError):
                self.head.caret = min(len(text), error.span[0])
            return
        self.head.typed, self.head.notice = None, ""

    def _begin_typed(self, text: str) -> None:
        """A line, or a table of the learner's own: csv birds.csv."""
        first, _, rest = text.strip().partition(" ")
        recipe = read_line(brought(rest) if first == "csv" else text)
        if recipe != self.runner.desk.recipe:  # a line that was only looked at begins nothing anew
            self._begin(recipe)

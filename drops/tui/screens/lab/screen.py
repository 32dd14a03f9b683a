"""The Lab: a net to play with. The line on top is the whole experiment, and its words are the controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.networks.lab import controls
from drops.networks.lab.challenges import CHALLENGES
from drops.networks.lab.desk import Desk
from drops.networks.lab.line import LineError, read_line
from drops.networks.lab.recipe import Recipe, print_line, print_number
from drops.networks.lab.scene import Place
from drops.networks.lab.why import Sum
from drops.tui.base.drawn import Drawn
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.lab.line import LabHead
from drops.tui.screens.lab.picture import LabPicture
from drops.tui.screens.lab.runner import SPEEDS, Runner, View


class LabScreen(DropsScreen):
    """Space trains; tab goes between line and net; Enter tells where a number comes from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "run", "run"),
        Binding("tab", "hand", "line or net"),
        Binding("full_stop", "step(1)", "step", key_display=". ,"),
        Binding("comma", "step(-1)", "step back", show=False),
        Binding("greater_than_sign", "epoch(1)", "an epoch on", show=False),
        Binding("less_than_sign", "epoch(-1)", "an epoch back", show=False),
        Binding("home,0", "start", "step 0, the same start", show=False),
        Binding("r", "seed", "another seed", show=False),
        Binding("left", "move(-1,0)", "left", show=False),
        Binding("right", "move(1,0)", "right", show=False),
        Binding("up", "move(0,-1)", "up", show=False),
        Binding("down", "move(0,1)", "down", show=False),
        Binding("plus,equals_sign", "more(1)", "units", key_display="+ −"),
        Binding("minus", "more(-1)", "fewer, or the value before", show=False),
        Binding("right_square_bracket", "layer(1)", "layers", key_display="] ["),
        Binding("left_square_bracket", "layer(-1)", "a layer less", show=False),
        Binding("t", "squash(1)", "squash"),
        Binding("T", "squash(0)", "squash of all layers", show=False),
        Binding("enter", "why", "why"),
        Binding("p", "row(1)", "another row", show=False),
        *(Binding(key, f"speed('{key}')", f"speed {key}", show=False) for key in SPEEDS),
        Binding("f", "wall", "20 seeds"),
        Binding("o", "tasks", "challenges"),
        Binding("j", "judge", "judge", show=False),
        Binding("v", "hard", "hard edge", show=False),
        Binding("e", "type", "type a line"),
        Binding("y", "copy_line", "copy the line", show=False),
        Binding("u", "undo", "undo", show=False),
        Binding("ctrl+r", "redo", "redo", show=False),
        Binding("backspace", "close_term", "back to the sum before", show=False),
        Binding("escape", "close", "close", show=False),
        Binding("q", "leave", "leave"),
    ]

    title_of_help = "Keys of the Lab"

    def __init__(self, line: str = "") -> None:
        super().__init__()
        self.recipe = read_line(line)
        self.head, self.picture = LabHead(id="lab-head"), LabPicture(id="lab-picture")
        self.hard, self.why, self.row = False, False, 0
        self.challenge = ""  # the challenge that was taken
        self.opened: list[Place | None] = []  # the units whose sums led here

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
        runner = Runner(self.recipe, self._paint)
        self.head.runner = self.picture.runner = runner
        self._look()

    def on_unmount(self) -> None:
        self.runner.end()

    def on_resize(self) -> None:
        if self.picture.runner is not None:
            self._look()

    def _paint(self) -> None:
        if not self.is_attached or not self.display:  # on its way out, its picture is gone already
            return
        scene = self.runner.scene
        if scene is not None and self.picture.sizes() != self.runner.view.sizes:
            self._look()  # more units or layers, smaller tiles
        self.head.redraw()
        self.picture.redraw()
        self.refresh_keys()

    def _look(self) -> None:
        """Asks for the scene that this screen has room for."""
        self.runner.look(View(self.picture.sizes(), self.picture.unit, self.hard, self.why, self.row))

    # ── keys ───────────────────────────────────────────────────────────────────────────────
    @property
    def takes(self) -> frozenset[str]:
        return (
            frozenset() if self.head.typed is None else frozenset({"space", "tab", "home", "left", "right"})
        )

    def types(self, event: events.Key) -> bool:
        """The line, while it is typed."""
        head = self.head
        if head.typed is None:
            return False
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
            case "left" | "right":
                head.caret = max(0, min(len(text), at + (1 if event.key == "right" else -1)))
            case "home" | "end":
                head.caret = 0 if event.key == "home" else len(text)
            case _ if event.character and event.character.isprintable():
                head.typed, head.caret = text[:at] + event.character + text[at:], at + 1
            case _:
                return False
        head.redraw()
        return True

    def _typed(self, text: str) -> None:
        try:
            recipe = read_line(text)
        except LineError as error:
            self.head.notice, self.head.caret = str(error), min(len(text), error.span[0])
            return
        self.head.typed, self.head.notice, self.why = None, "", False
        self.runner.do(lambda desk: desk.begin(recipe))

    def describe(self, binding: Binding) -> str:
        if binding.action == "run":
            return "pause" if self.picture.runner is not None and self.runner.running else "run"
        if binding.action == "hand" and not self.picture.both and self.head.word < 0:
            return "map" if self.picture.side == "net" else "line"
        if binding.action == "why" and self.picture.challenge is not None:
            return "take it"
        if binding.action == "why" and self.why:
            return "what it hears"
        return super().describe(binding)

    def _change(self, words: Callable[[Recipe], str]) -> None:
        """Other words instead of those that stand there, if there are any."""

        def change(desk: Desk) -> None:
            if said := words(desk.recipe):
                desk.change(said)

        self.runner.do(change)

    # time
    def action_run(self) -> None:
        self.runner.go(running=not self.runner.running)

    def action_speed(self, key: str) -> None:
        self.runner.pace = SPEEDS[key]
        self.runner.go(running=True)

    def action_step(self, by: int) -> None:
        self.runner.go(running=False)
        self.runner.do(lambda desk: desk.run(by) if by > 0 else desk.back(-by))

    def action_epoch(self, by: int) -> None:
        self.runner.go(running=False)

        def move(desk: Desk) -> None:
            steps = desk.bench.trainer.per_epoch
            desk.run(steps) if by > 0 else desk.back(steps)

        self.runner.do(move)

    def action_start(self) -> None:
        self.runner.go(running=False)
        self.runner.do(lambda desk: desk.back(desk.step))

    def action_seed(self) -> None:
        self._change(lambda recipe: f"seed {recipe.seed + 1}")

    def action_undo(self) -> None:
        self.runner.do(lambda desk: desk.undo())

    def action_redo(self) -> None:
        self.runner.do(lambda desk: desk.redo())

    # what is in hand
    @property
    def units(self) -> tuple[int, ...]:
        """Units of each layer that can be in hand."""
        scene = self.runner.scene
        return tuple(map(len, scene.layers)) if scene else ()

    def action_hand(self) -> None:
        """From the net to the line and back; where only one side has room, first to the map."""
        if not self.picture.both and self.picture.side == "net" and self.head.word < 0:
            self.picture.side = "map"
        elif self.head.word < 0:
            self.head.word, self.picture.side = 0, "net"
        else:
            self.head.word = -1
        self._paint()

    def action_move(self, across: int, down: int) -> None:
        scene = self.runner.scene
        if scene is None:
            return
        if self.picture.challenge is not None:
            self.picture.challenge = (self.picture.challenge + across + down) % len(CHALLENGES)
        elif self.why and not across and self.runner.why:
            self.picture.term = (self.picture.term + down) % len(self.runner.why.terms)
        elif self.head.word >= 0:
            self.head.word = (self.head.word + across + down) % len(controls.controls(scene.recipe))
        else:
            layer, unit = self.picture.unit or (len(self.units) - 1, 0 if down > 0 else self.units[-1] - 1)
            if self.picture.unit is not None:
                layer = max(0, min(len(self.units) - 1, layer + across))
                unit = unit + down
            unit = max(0, min(self.units[layer] - 1, unit))
            self.picture.unit = layer, unit
            shown = self.picture.shown
            self.picture.top = min(max(self.picture.top, unit - shown + 1), unit) if shown else 0
            self.picture.term = 0
        self._look()
        self._paint()

    def action_more(self, by: int) -> None:
        scene = self.runner.scene
        if self.why and self.runner.why:
            self._turn_weight(self.runner.why, by)
            return
        if self.head.word >= 0 and scene is not None:
            name, _ = controls.controls(scene.recipe)[self.head.word]
            self._change(lambda recipe: controls.turn(recipe, name, by))
            return
        layer = self.picture.unit[0] if self.picture.unit else 0
        self._change(lambda recipe: controls.with_units(recipe, layer or len(recipe.hidden), by))

    def action_layer(self, by: int) -> None:
        layer = self.picture.unit[0] if self.picture.unit else -1
        if by > 0:
            self._change(
                lambda recipe: controls.with_layer(recipe, len(recipe.hidden) if layer < 0 else layer)
            )
        else:
            self._change(lambda recipe: controls.without_layer(recipe, layer))

    def action_squash(self, one: int) -> None:
        layer = self.picture.unit[0] if self.picture.unit and one else 0
        self._change(lambda recipe: controls.with_squash(recipe, layer))

    # where numbers come from
    def action_why(self) -> None:
        """The sum of what is in hand; in a sum, that of what its term listens to."""
        found = self.runner.why
        if self.picture.challenge is not None:
            self._take(self.picture.challenge)
            return
        if not self.why:
            self.why, self.opened, self.picture.term = True, [], 0
            if not self.picture.both:
                self.picture.side = "map"
        elif found is not None:
            name = found.terms[self.picture.term].source
            layer, _, unit = name.removeprefix("h").rstrip("]").partition("[")
            if name.startswith("h") and unit:
                self.opened.append(self.picture.unit)
                self.picture.unit, self.picture.term = (int(layer), int(unit) - 1), 0
        self._look()

    def action_close_term(self) -> None:
        if self.opened:
            self.picture.unit, self.picture.term = self.opened.pop(), 0
            self._look()
        else:
            self.action_close()

    def _turn_weight(self, found: Sum, by: int) -> None:
        """A tenth of its size more or less, at least 0.1."""
        at = self.picture.term
        weight = found.terms[at].weight
        place = found.z.removeprefix("z").rstrip("]").replace("[", " ").split()
        name = (
            f"b{place[0]}[{place[1]}]" if at == len(found.terms) - 1 else f"W{place[0]}[{place[1]},{at + 1}]"
        )
        value = round(weight + by * max(0.1, abs(weight) / 10), 4)
        self.runner.go(running=False)
        self.runner.do(lambda desk: desk.change(f"{name}={print_number(value)}"))

    # looking
    def action_row(self, by: int) -> None:
        self.row += by
        self._look()

    def action_wall(self) -> None:
        self.picture.walled = not self.picture.walled
        self.runner.show_wall(shown=self.picture.walled)
        self._look()

    def action_tasks(self) -> None:
        """Tasks to try, in the map's place."""
        self.picture.challenge = 0 if self.picture.challenge is None else None
        if not self.picture.both:
            self.picture.side = "map" if self.picture.challenge is not None else "net"
        self._paint()

    def _take(self, at: int) -> None:
        self.challenge, self.picture.challenge = list(CHALLENGES)[at], None
        task = CHALLENGES[self.challenge]
        self.head.challenge = task.task
        recipe = read_line(task.begins)
        self.why = False
        self.runner.do(lambda desk: desk.begin(recipe))

    def action_judge(self) -> None:
        if self.challenge:
            self.runner.judge(self.challenge)
        else:
            self.action_tasks()

    def action_hard(self) -> None:
        self.hard = not self.hard
        self._look()

    def action_close(self) -> None:
        """What is in hand or asked is let go."""
        self.picture.unit, self.head.word, self.why, self.opened = None, -1, False, []
        self.picture.challenge = None
        self._look()
        self._paint()

    def action_type(self) -> None:
        scene = self.runner.scene
        if scene is not None:
            self.head.typed = print_line(scene.recipe)
            self.head.caret = len(self.head.typed)
            self.head.redraw()

    async def action_copy_line(self) -> None:
        scene = self.runner.scene
        if scene is not None:
            await self.host.copy(print_line(scene.recipe), "the line")

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "unit" in what:
            self.picture.unit, self.head.word = tuple(what["unit"]), -1
            self._look()
            self._paint()
        elif "task" in what:
            self._take(what["task"])
        elif "term" in what:
            self.picture.term = what["term"]
            self._paint()

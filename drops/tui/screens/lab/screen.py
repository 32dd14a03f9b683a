"""The Lab: a net to play with. The line on top is the whole experiment, and its words are the controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.networks.lab import controls, script
from drops.networks.lab.desk import Desk
from drops.networks.lab.instruments import INSTRUMENTS
from drops.networks.lab.recipe import Recipe, print_line, print_number
from drops.networks.lab.why import Sum, name_of
from drops.networks.lab.words import FAMILIES
from drops.tui.base.drawn import Drawn
from drops.tui.screens.lab.base import SHEETS
from drops.tui.screens.lab.hand import HandDrawn
from drops.tui.screens.lab.runner import SPEEDS


class LabScreen(HandDrawn):
    """Space trains; tab goes between line and net; Enter tells where a number comes from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "run", "run"),
        Binding("tab", "hand", "line, curve, net"),
        Binding("full_stop", "step(1)", "step", key_display=". ,"),
        Binding("comma", "step(-1)", "step back", show=False),
        Binding("greater_than_sign", "epoch(1)", "an epoch on", show=False),
        Binding("less_than_sign", "epoch(-1)", "an epoch back", show=False),
        Binding("home,0", "start", "step 0, the same start", show=False),
        Binding("end", "newest", "the newest moment", show=False),
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
        Binding("g", "sheet", "gradient, next step, loss", show=False),
        Binding("i", "instrument", "next instrument", show=False),
        Binding("w", "script", "write a script", show=False),
        *(Binding(key, f"speed('{key}')", f"speed {key}", show=False) for key in SPEEDS),
        Binding("f", "wall", "20 seeds"),
        Binding("o", "open", "open"),
        Binding("n", "name", "name it", show=False),
        Binding("b", "break", "break it", show=False),
        Binding("c", "compare", "compare", show=False),
        Binding("d", "draw", "draw rows", show=False),
        Binding("k", "keep", "keep as a question", show=False),
        Binding("j", "judge", "judge", show=False),
        Binding("X", "axis(0)", "another column across the map", show=False),
        Binding("Y", "axis(1)", "another column up the map", show=False),
        Binding("v", "hard", "a hard edge and the rows held back", show=False),
        Binding("e", "type", "type a line"),
        Binding("y", "copy_line", "copy the line", show=False),
        Binding("u", "undo", "undo", show=False),
        Binding("ctrl+r", "redo", "redo", show=False),
        Binding("backspace", "close_term", "back to the sum before", show=False),
        Binding("escape", "close", "close", show=False),
        Binding("q", "leave", "leave"),
    ]

    title_of_help = "Keys of the Lab"
    words_of_help: ClassVar[Mapping[str, Sequence[str]]] = FAMILIES

    def describe(self, binding: Binding) -> str:
        if binding.action == "run":
            return "pause" if self.picture.runner is not None and self.runner.running else "run"
        if binding.action == "hand":
            return self._next_in_hand
        if binding.action == "why" and (self.picture.offers or self.head.typed is not None):
            return "take it"
        if binding.action == "why" and self.why:
            return "what it hears"
        return super().describe(binding)

    @property
    def _next_in_hand(self) -> str:
        """What tab takes in hand."""
        if self.picture.timed:
            return "net"
        if self.head.word >= 0:
            return "curve"
        return "map" if not self.picture.both and self.picture.side == "net" else "line"

    def _change(self, words: Callable[[Recipe], str]) -> None:
        """Other words instead of those that stand there, if there are any."""

        def change(desk: Desk) -> None:
            if said := words(desk.now):
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

    def action_newest(self) -> None:
        self.runner.go(running=False)
        self.runner.do(lambda desk: desk.end())

    def _scrub(self, by: int) -> None:
        """To the moment before or behind the one that is seen, of those that were painted."""
        scene, steps = self.runner.scene, [one[0] for one in self.runner.history]
        if scene is not None and steps:
            at = min(range(len(steps)), key=lambda i: abs(steps[i] - scene.step)) + by
            self._stand_at(steps[max(0, min(len(steps) - 1, at))])

    def _stand_at(self, step: int) -> None:
        self.runner.go(running=False)
        self.runner.do(lambda desk: desk.follow(step))

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
        return scene.recipe.sizes if scene else ()

    def action_hand(self) -> None:
        """From the net to the line, to the curve and back; where only one side has room, first to the map."""
        picture, head = self.picture, self.head
        match self._next_in_hand:
            case "net":
                picture.timed = False
                picture.side = picture.side if picture.both else "net"
            case "curve":
                head.word, picture.timed, picture.side = -1, True, "map"
            case "map":
                picture.side = "map"
            case _:
                head.word, picture.side = 0, "net"
        self._paint()

    def action_move(self, across: int, down: int) -> None:
        scene = self.runner.scene
        if scene is None:
            return
        if self.picture.timed and across and not self.picture.offers:
            self._scrub(across)
            return
        if self.picture.offers:
            self.picture.held = (self.picture.held + across + down) % len(self.picture.offers)
            self._glimpse()
        elif self.why and not across and self.runner.why:
            self.picture.term = (self.picture.term + down) % len(self.runner.why.terms)
        elif self.head.word >= 0:
            self.head.word = (self.head.word + across + down) % len(controls.controls(scene.recipe))
        else:
            last = len(self.units) - 2  # the hidden layer behind which the outputs are
            layer, unit = self.picture.unit or (last, 0 if down > 0 else self.units[last] - 1)
            if self.picture.unit is not None:
                layer = max(0, min(len(self.units) - 1, layer + across))
                unit = unit + down
            unit = max(0, min(self.units[layer] - 1, unit))
            self.picture.hold(layer, unit)
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
        if self.picture.offers:
            self._take(self.picture.held)
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
        name = name_of(found, at)
        value = round(weight + by * max(0.1, abs(weight) / 10), 4)
        self.runner.go(running=False)
        self.runner.do(lambda desk: desk.change(f"{name}={print_number(value)}"))

    # looking
    def action_row(self, by: int) -> None:
        self.row += by
        self.picture.probe = self.row
        self._look()

    def action_wall(self) -> None:
        self.picture.walled = not self.picture.walled
        self.runner.show_wall(shown=self.picture.walled)
        self._look()

    def action_compare(self) -> None:
        """Forks here: what stands now goes on beside what is changed; or lets that go."""
        self.picture.compared = not self.picture.compared
        if not self.picture.both:
            self.picture.side = "map" if self.picture.compared else "net"
        self.runner.compare(shown=self.picture.compared)
        self._look()

    def action_sheet(self) -> None:
        """From a sum to the gradient and the next step of the weight in hand, to the loss, and back."""
        if not self.why:
            self.sheet = "sum"
            self.action_why()
        self.sheet = SHEETS[(SHEETS.index(self.sheet) + 1) % len(SHEETS)]
        self._look()

    def action_instrument(self) -> None:
        """The next instrument below the map; after the last, the loss again."""
        names = ["", *INSTRUMENTS]
        self.instrument = names[(names.index(self.instrument) + 1) % len(names)]
        self._look()

    async def action_script(self) -> None:
        """This run as a program of its own in the home folder, for numpy alone and for PyTorch."""
        desk = self.runner.desk
        for kind, name in (("numpy", "lab"), ("torch", "lab-torch")):
            try:
                text = script.write(desk.recipe, max(1, desk.step), kind)
            except DropsError as problem:
                self.host.notify(f"No script for {kind}: {problem}", severity="error", markup=False)
            else:
                self.host.write_script(text, name)

    def action_axis(self, which: int) -> None:
        """Of many columns the next one that the other side of the map does not span."""
        scene = self.runner.scene
        columns = scene.recipe.source.columns if scene else 0
        if scene is None or scene.spans is None:
            self.host.notify("The map spans every column there is.", markup=False)
            return
        across, up = (axis % columns for axis in self.axes)
        taken = up if which == 0 else across
        to = next(k % columns for k in range((across, up)[which] + 1, 3 * columns) if k % columns != taken)
        self.axes = (to, up) if which == 0 else (across, to)
        self._look()

    def action_hard(self) -> None:
        self.hard = not self.hard
        self._look()

    def action_close(self) -> None:
        """What is in hand or asked is let go."""
        self.picture.unit, self.head.word, self.why, self.opened = None, -1, False, []
        self.picture.offers, self.picture.probe, self.picture.timed = (), None, False
        self._look()
        self._paint()

    def action_type(self) -> None:
        if self.runner.scene is not None:
            self.type_into("", print_line(self.runner.desk.recipe), self._begin_typed)

    async def action_copy_line(self) -> None:
        if self.runner.scene is not None:
            await self.host.copy(print_line(self.runner.desk.recipe), "the line")

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "unit" in what:
            self.picture.unit, self.head.word = tuple(what["unit"]), -1
            self._look()
            self._paint()
        elif "put" in what:
            self.put(*what["put"])
        elif "offer" in what:
            self._take(what["offer"])
        elif "wire" in what:
            layer, unit, source = what["wire"]
            self.picture.unit, self.head.word = (layer + 1, unit), -1
            if not self.why:
                self.action_why()
            self.picture.term = source
            self._look()
        elif "term" in what:
            self.picture.term = what["term"]
            if "turn" in what and self.why and self.runner.why:
                self._turn_weight(self.runner.why, what["turn"])
            self._paint()
        elif "word" in what:
            self.head.word, self.picture.timed = what["word"], False
            if "turn" in what:
                self.action_more(what["turn"])
            self._paint()
        elif "row" in what:
            self.row = self.picture.probe = what["row"]
            self._look()
            self._paint()
        elif "time" in what:
            self._stand_at(what["time"])
        elif "scrub" in what:
            self._scrub(what["scrub"])

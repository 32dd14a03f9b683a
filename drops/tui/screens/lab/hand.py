"""Rows put by hand on the Lab's map, with keys or the mouse; what they make is a line."""

from __future__ import annotations

from dataclasses import replace

from textual import events
from textual.binding import ActiveBinding, Binding

from drops.errors import DropsError
from drops.networks.lab.drawing import SIDE, WORD, DrawnRow, code, rows_of
from drops.networks.lab.line import read_line
from drops.tui.screens.base import WAYS_OUT
from drops.tui.screens.lab.put_rows import PutRows
from drops.tui.screens.lab.shelf import Shelf

STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, 1), "down": (0, -1)}
HAND = (  # what `types` does with keys, for the footer
    Binding("enter", "put", "put it"),
    Binding("1", "no", "no"),
    Binding("2", "yes", "yes"),
    Binding("d", "train", "train"),
    Binding("escape", "lay_down", "close"),
    Binding("backspace", "take_away", "take away"),
    Binding("up", "to", "move", key_display="← ↑ ↓ →"),
)
LET_GO = Binding("escape", "close", "let it go")  # what is typed; `types` does it
CHOOSE = Binding("down", "move(0,1)", "choose", key_display="↑ ↓")


class HandDrawn(Shelf):
    """While rows are drawn the keys are the hand's."""

    @property
    def takes(self) -> frozenset[str]:
        mine = {*STEPS, "enter", "backspace", "delete", "1", "2", "d", "escape", "space"}
        return frozenset(mine) if self.picture.drawing is not None else super().takes

    @property
    def working(self) -> dict[str, ActiveBinding]:
        """While rows are drawn, something is chosen or a text is typed, the footer tells those keys alone."""
        found = super().working
        if self.picture.drawing is not None:
            out = {key: one for key, one in found.items() if one.binding.action in WAYS_OUT}
            return {binding.key: ActiveBinding(self, binding, True, "") for binding in HAND} | out
        if self.head.typed is not None:
            return found | {"escape": ActiveBinding(self, LET_GO, True, "")}
        if self.picture.offers:
            shown = {*WAYS_OUT, "why", "close"}
            out = {
                key: one._replace(binding=replace(one.binding, show=one.binding.action in shown))
                for key, one in found.items()
            }
            return out | {"down": ActiveBinding(self, CHOOSE, True, "")}
        return found

    def meant_by(self, key: str) -> ActiveBinding | None:
        return self.working.get(key)

    def types(self, event: events.Key) -> bool:
        made = self.picture.drawing
        if made is None:
            return super().types(event)
        match event.key:
            case "left" | "right" | "up" | "down":
                across, up = STEPS[event.key]
                made.across = max(0, min(SIDE - 1, made.across + across))
                made.up = max(0, min(SIDE - 1, made.up + up))
            case "enter" | "space":
                made.rows.append(DrawnRow(made.across, made.up, made.yes))
            case "1" | "2":
                made.yes = event.key == "2"
            case "backspace" | "delete":
                _take_away(made)
            case "d":
                self._train_on(made)
            case "escape":
                self._lay_down()
            case _:
                return False
        self._paint()
        self.refresh_keys()
        return True

    def action_draw(self) -> None:
        """Draws rows; those of a line that was drawn are there to go on with."""
        data = self.runner.desk.recipe.data
        self.picture.drawing = PutRows(rows_of(data) if data.startswith(WORD) else [])
        if not self.picture.both:
            self.picture.side = "map"
        self.runner.go(running=False)
        self._paint()

    def put(self, across: int, up: int) -> None:
        """A row where the mouse was."""
        if (made := self.picture.drawing) is not None:
            made.across, made.up = across, up
            made.rows.append(DrawnRow(across, up, made.yes))
            self._paint()

    def _train_on(self, made: PutRows) -> None:
        try:
            word = code(made.rows)
        except DropsError as problem:
            self.host.notify(str(problem), severity="error", markup=False)
            return
        self._lay_down()
        recipe = read_line(word, self.runner.desk.recipe)
        self._begin(recipe)

    def _lay_down(self) -> None:
        self.picture.drawing = None
        if not self.picture.both:
            self.picture.side = "net"


def _take_away(made: PutRows) -> None:
    """The row under the hand, else the last one."""
    here = [row for row in made.rows if row[:2] == (made.across, made.up)]
    if made.rows:
        made.rows.remove(here[-1] if here else made.rows[-1])

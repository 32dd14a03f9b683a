"""A form whose every choice is to be defended."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drops.exercises.answers import read
from drops.exercises.blocks import Design, DesignField, Show
from drops.tui.asks.asking import Asking, prompt
from drops.tui.base.caret import Typed
from drops.tui.base.ink import Inks, Line, Lines, does, width_of, wrap
from drops.tui.blocks.sheet import InBlank


class AskDesign(Asking):
    """Up and down choose a field; left and right its option; a field without options is typed."""

    ask: Design
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,tab,j", "step(1)", "field", key_display="↑↓"),
        Binding("up,shift+tab,k", "step(-1)", "field before", show=False),
        Binding("right,plus", "turn(1)", "option", key_display="←→"),
        Binding("left,minus", "turn(-1)", "option before", show=False),
    ]

    def __init__(self, ask: Design) -> None:
        super().__init__()
        self.ask = ask
        self.values = {field.name: Typed.end(field.start) for field in ask.fields}
        self.now = 0

    @property
    def goes(self) -> str:
        return "answer" if all(typed.text.strip() for typed in self.values.values()) else "next field"

    @property
    def field(self) -> DesignField:
        return self.ask.fields[self.now]

    @property
    def pictures(self) -> tuple[Show, ...]:
        """What the form describes as far as it is filled."""
        if self.ask.picture is None:
            return ()
        return self.ask.picture({name: typed.text for name, typed in self.values.items()})

    def answer(self) -> str:
        return "; ".join(f"{name}={typed.text}" for name, typed in self.values.items() if typed.text)

    def fill(self, text: str) -> None:
        values = read(self.ask, text)
        assert isinstance(values, dict)
        self.values |= {name: Typed.end(str(value)) for name, value in values.items()}

    def draft(self) -> str:
        changed = any(self.values[field.name].text != field.start for field in self.ask.fields)
        return self.answer() if changed else ""

    def take_up(self, draft: str) -> None:
        """Field by field: a form may be half filled."""
        for name, _, value in (part.strip().partition("=") for part in draft.split(";")):
            field = next((one for one in self.ask.fields if one.name == name), None)
            if field and (not field.options or value in (option for option, _ in field.options)):
                self.values[name] = Typed().put(value, None)

    def unused(self, character: str) -> None:
        if character in (";", "=") and not self.field.options:
            self.complain(f"“{character}” cannot stand in a field; for example {self.field.example}")

    def enter(self) -> str | None:
        open_fields = [
            i for i, field in enumerate(self.ask.fields) if not self.values[field.name].text.strip()
        ]
        if not open_fields:
            return self.answer()
        # on an open field Enter says so; elsewhere it goes to the next open one
        if self.now == open_fields[0]:
            self.complain(f"{self.field.label} is still open")
            return None
        self.now, self.problem = open_fields[0], ""
        self.redraw()
        return None

    def types(self, event: events.Key) -> bool:
        if self.field.options or self.verdict is not None or event.key in ("tab", "shift+tab"):
            return False
        # ; and = divide the form's fields, so they cannot be part of one
        typed = (
            None
            if event.character in (";", "=")
            else self.values[self.field.name].press(event.key, event.character, None)
        )
        if typed is None:
            return False
        self.values[self.field.name], self.problem = typed, ""
        self.redraw()
        return True

    def pastes(self, text: str) -> None:
        """Rows and cells become a list."""
        if not self.field.options and self.verdict is None:
            typed, one = self.values[self.field.name], re.sub(r"[\n\t;=]+", ", ", text.strip())
            self.problem = typed.leaves_out(one, None)
            if not self.problem:
                self.values[self.field.name] = typed.put(one, None)
            self.redraw()

    def action_step(self, by: int) -> None:
        self.now = (self.now + by) % len(self.ask.fields)
        self.redraw()

    def action_turn(self, by: int) -> None:
        if self.verdict is not None:
            return
        if not self.field.options:
            self.values[self.field.name] = (
                self.values[self.field.name].step(by) or self.values[self.field.name]
            )
        else:
            names = [value for value, _ in self.field.options]
            at = (
                names.index(self.values[self.field.name].text)
                if self.values[self.field.name].text in names
                else (-1 if by > 0 else 0)
            )
            self.values[self.field.name] = Typed.end(names[(at + by) % len(names)])
        self.problem = ""
        self.redraw()

    def clicked(self, what: dict[str, Any]) -> None:
        for i, field in enumerate(self.ask.fields):
            if field.name == what.get("field"):
                self.now = i
                if "value" in what and self.verdict is None:
                    self.values[field.name] = Typed.end(what["value"])
                self.redraw()

    def draw(self, width: int, ink: Inks) -> Lines:
        out = prompt(self.ask.prompt, width, ink)
        names = max((cell_len(field.label) for field in self.ask.fields), default=0)
        for i, field in enumerate(self.ask.fields):
            here = self.active and i == self.now and self.verdict is None
            head: Line = [
                Segment("▸ " if here else "  ", ink.act),
                Segment(
                    field.label + " " * (names - cell_len(field.label) + 2),
                    does(ink.bold if here else ink.text, field=field.name),
                ),
            ]
            out += self._field(field, head, here, width, names + 4, ink)
        return out + self.problem_lines(width, ink)

    def _field(self, field: DesignField, head: Line, here: bool, width: int, left: int, ink: Inks) -> Lines:
        typed = self.values[field.name]
        if not field.options:
            entry = InBlank(typed.text, caret=typed.at if here else None)
            return [[*head, *entry.drawn(ink, field.name, max(10, min(36, width - left - 6)))]]
        lines: Lines = [head]
        for value, label in field.options:
            chosen = value == typed.text
            text = f"({'•' if chosen else ' '}) {label}"
            if width_of(lines[-1]) + cell_len(text) + 2 > width and width_of(lines[-1]) > left:
                lines.append([Segment(" " * left)])
            for k, part in enumerate(wrap(text, max(8, width - left))):
                if k:
                    lines.append([Segment(" " * (left + 4))])
                lines[-1].append(
                    Segment(part, does(ink.bold if chosen else ink.dim, field=field.name, value=value))
                )
            lines[-1].append(Segment("  "))
        return lines

"""A form whose every choice is to be defended."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drops.exercises.answers import digit, read
from drops.exercises.blocks import Design, DesignField, Show
from drops.tui.asks.asking import Asking, prompt
from drops.tui.base.caret import Typed
from drops.tui.base.ink import Inks, Line, Lines, does, fit, width_of, wrap, written
from drops.tui.blocks.sheet import InBlank

ABREAST = 64  # columns from which options stand beside the name of their choice


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
        self._open = len(self.open_fields)  # as it comes
        self._placed = 0, 0  # the first and the last line of the choice in hand

    @property
    def goes(self) -> str:
        return "next field" if self.open_fields else "answer"

    @property
    def field(self) -> DesignField:
        return self.ask.fields[self.now]

    @property
    def is_typed(self) -> bool:
        """Whether the field in hand is typed, not chosen."""
        return not self.field.offered(self.form)

    @property
    def pictures(self) -> tuple[Show, ...]:
        """What the form describes as far as it is filled."""
        if self.ask.picture is None:
            return ()
        return self.ask.picture(self.form)

    @property
    def form(self) -> dict[str, str]:
        """What stands on the form."""
        return {name: typed.text.strip() for name, typed in self.values.items() if typed.text.strip()}

    @property
    def filled(self) -> float:
        return 1 - len(self.open_fields) / max(1, self._open)

    @property
    def open_fields(self) -> list[int]:
        """The fields that are still open; a reason that is not offered for its choice any more is, too."""
        return [
            i
            for i, field in enumerate(self.ask.fields)
            if not (self._chosen(field) if field.reasons else self.values[field.name].text.strip())
        ]

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
            options = field.offered(self.form) if field else ()
            if field and (not options or value in (option for option, _ in options)):
                self.values[name] = Typed().put(value, None)
        self.now = next(iter(self.open_fields), 0)  # where it was left

    def unused(self, character: str) -> None:
        if character in (";", "=") and self.is_typed:
            self.complain(f"“{character}” cannot stand in a field; for example {self.field.example}")

    def enter(self) -> str | None:
        open_fields = self.open_fields
        if not open_fields:
            return self.answer()
        # on an open field Enter says so; elsewhere it goes to the next open one
        if self.now == open_fields[0]:
            self.complain(f"{self.field.label}{'?' if self.field.reasons else ' is still open'}")
            return None
        self.now, self.problem = open_fields[0], ""
        self.redraw()
        return None

    def types(self, event: events.Key) -> bool:
        if self.verdict is not None or event.key in ("tab", "shift+tab"):
            return False
        if not self.is_typed:
            return self._picks(event.character or "")
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

    def _picks(self, character: str) -> bool:
        """An option by the number of its place."""
        signs = {digit(i): value for i, (value, _) in enumerate(self.field.offered(self.form))}
        if character not in signs:
            return False
        self.values[self.field.name], self.problem = Typed.end(signs[character]), ""
        self.redraw()
        return True

    def pastes(self, text: str) -> None:
        """Rows and cells become a list."""
        if self.is_typed and self.verdict is None:
            typed, one = self.values[self.field.name], re.sub(r"[\n\t;=]+", ", ", text.strip())
            self.problem = typed.leaves_out(one, None, self.field.example)
            if not self.problem:
                self.values[self.field.name] = typed.put(one, None)
            self.redraw()

    def action_step(self, by: int) -> None:
        self.now = (self.now + by) % len(self.ask.fields)
        self.redraw()

    def action_turn(self, by: int) -> None:
        if self.verdict is not None:
            return
        options = self.field.offered(self.form)
        if not options:
            self.values[self.field.name] = (
                self.values[self.field.name].step(by) or self.values[self.field.name]
            )
        else:
            names = [value for value, _ in options]
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
        if self.ask.told is not None:  # where the picture has no room, the net stands here all the same
            out += [*written(self.ask.told(self.form), width, ink.bold), []]
        form = self._form(width, ink)
        if self.reasoned and self.verdict is None and 0 < self.room() < len(out) + len(form):
            form = self._form(width, ink, close=True)
        first, last = self._placed
        self._placed = first + len(out), last + len(out)
        return out + form + self.problem_lines(width, ink)

    @property
    def in_view(self) -> tuple[int, int] | None:
        """The choice in hand with its reasons."""
        return self._placed if self.verdict is None and not self.problem else super().in_view

    def _form(self, width: int, ink: Inks, *, close: bool = False) -> Lines:
        """Every choice; where they are to stand close, those that are not in hand share a line."""
        names = max((cell_len(field.label) for field in self.ask.fields if not field.reasons), default=0)
        out = self._shut(range(self.now), width, ink) if close else Lines()
        first, last = len(out), len(out)
        under = close and width < ABREAST
        for i, field in enumerate(self.ask.fields):
            here = self.active and i == self.now and self.verdict is None
            if (field.reasons or close) and not self._is_open(i):
                continue
            label = "because" if field.reasons else field.label
            head: Line = [
                Segment("▸ " if here else "  ", ink.act),
                Segment(
                    label + " " * (names - cell_len(label) + 2),
                    does(ink.bold if here else ink.text, field=field.name),
                ),
            ]
            left = 4 if under else names + 4
            if under and field.offered(self.form):
                out.append(head)
                head = [Segment(" " * left)]
            if field.reasons:
                out += self._reasons(field, head, width, left, ink)
            elif self.reasoned and not self._is_open(i):
                out.append(self._folded(i, field, head, width, ink))
            else:
                out += self._field(field, head, here, width, left, ink)
            last = len(out) - 1 if self._is_open(i) else last
            first = first if close or i >= self.now - bool(self.field.reasons) else len(out)
        self._placed = first, last
        return out + (self._shut(range(self.now, len(self.ask.fields)), width, ink) if close else [])

    def _shut(self, which: range, width: int, ink: Inks) -> Lines:
        """The names of choices that are not in hand, those made with their dot."""
        out, room = Lines(), 0
        for i in which:
            field = self.ask.fields[i]
            if field.reasons or self._is_open(i):
                continue
            made = bool(self.values[field.name].text and self._chosen(self.ask.fields[i + 1]))
            text = f"{'• ' if made else ''}{field.label}"
            if cell_len(text) + 3 > room:
                out.append([Segment("  ")])
                room = width - 2
            else:
                out[-1].append(Segment("   "))
                room -= 3
            out[-1].append(Segment(text, does(ink.text if made else ink.dim, field=field.name)))
            room -= cell_len(text)
        return out

    @property
    def reasoned(self) -> bool:
        """Whether each choice is asked for its reason: then one is open at a time, the others are a line."""
        return any(field.reasons for field in self.ask.fields)

    def _is_open(self, at: int) -> bool:
        """Whether a choice, or its reason, is the one in hand; once it is judged, none is."""
        if self.verdict is not None:
            return False
        pair = {self.now, self.now - 1 if self.field.reasons else self.now + 1}
        return at in pair

    def _folded(self, at: int, field: DesignField, head: Line, width: int, ink: Inks) -> Line:
        """A choice that is not in hand: what was chosen, and whether it has its reason."""
        value = self.values[field.name].text
        text = next((label for name, label in field.options if name == value), value)
        reason = self.ask.fields[at + 1]
        has = self._chosen(reason)
        sign = Segment("• " if value and has else "  ", ink.dim)  # chosen: nothing is judged yet
        line: Line = [sign, *head[1:], Segment(text, does(ink.text, field=field.name))]
        if value and not has:
            line.append(Segment("  because?", does(ink.dim, field=reason.name)))
        return fit(line, width)

    def _chosen(self, field: DesignField) -> str:
        """The reason that stands in a field, in words; "" where none does that is offered now."""
        offered = dict(field.offered(self.form))
        return offered.get(self.values[field.name].text, "")

    def _reasons(self, field: DesignField, head: Line, width: int, left: int, ink: Inks) -> Lines:
        """The reasons, one under the other: they are sentences."""
        lines: Lines = []
        value = self.values[field.name].text
        for i, (name, text) in enumerate(field.offered(self.form)):
            chosen = name == value
            style = does(ink.bold if chosen else ink.text, field=field.name, value=name)
            for k, part in enumerate(wrap(text, max(8, width - left - 4))):
                start: Line = head if not i and not k else [Segment(" " * left)]
                sign = "    " if k else f"({'•' if chosen else ' '}) "
                lines.append([*start, Segment(sign + part, style)])
        return lines

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

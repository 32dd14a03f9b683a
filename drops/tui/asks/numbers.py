"""Numbers to type: into the blanks of a sheet, and under it those that stand in none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drops.exercises.blocks import Blank, Field, Numbers, Show
from drops.exercises.grading import Standing, Verdict
from drops.exercises.pasted import is_number, listed, pasted_numbers
from drops.exercises.pictured import picture_of
from drops.exercises.sheets import unheaded
from drops.text import safe_text, stated
from drops.tui.asks.asking import Asking, prompt
from drops.tui.base.caret import NUMBER, NUMBER_KEYS, Typed
from drops.tui.base.ink import Inks, Lines, does, wrap
from drops.tui.blocks import sheet
from drops.tui.blocks.refs import Refs, marked, refs_of
from drops.tui.blocks.sheet import SIGN, WORD, InBlank, Look

_LOOKS: dict[Standing, Look] = {
    "right": "right",
    "follows": "follows",
    "misconception": "wrong",
    "slip": "wrong",
}


class AskNumbers(Asking):
    """Tab and the arrows go from blank to blank; Enter goes to the next and answers on the last."""

    ask: Numbers
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down,j", "step(1)", "blank", key_display="↑↓"),
        Binding("shift+tab,up,k", "step(-1)", "blank before", show=False),
        Binding("left", "caret(-1)", "left in the blank", show=False),
        Binding("right", "caret(1)", "right in the blank", show=False),
    ]

    def __init__(self, ask: Numbers) -> None:
        super().__init__()
        self.ask = ask
        in_sheet = {
            cell.field: (r, c)
            for r, row in enumerate(ask.sheet.rows if ask.sheet else ())
            for c, cell in enumerate(row)
            if isinstance(cell, Blank)
        }
        self.places = in_sheet
        self.typed = {field.name: Typed() for field in ask.fields}
        self.now = 0
        self.beyond: Callable[[], None] | None = None  # where the cursor goes past the last blank

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "step":  # from a lone blank there is nowhere to go
            return len(self.ask.fields) > 1 or self.beyond is not None
        return super().check_action(action, parameters)

    # ── what is typed ──

    @property
    def field(self) -> Field:
        return self.ask.fields[self.now]

    @property
    def goes(self) -> str:
        others = (field.name for i, field in enumerate(self.ask.fields) if i != self.now)
        return "answer" if all(self.typed[name].text.strip() for name in others) else "next blank"

    @property
    def filled(self) -> float:
        return sum(bool(typed.text.strip()) for typed in self.typed.values()) / len(self.typed)

    @property
    def pictures(self) -> tuple[Show, ...]:
        """The exercise's picture with what can be read of what was typed; once all is right, nothing is
        in hand."""
        return picture_of(self.ask, self.answer(), self.field.name, settled=self.settled)

    @property
    def refs(self) -> Refs:
        hand = {"field": self.field.name} if self.active and not self.settled else None
        return refs_of(((field.label, {"field": field.name}) for field in self.ask.fields), hand)

    @property
    def in_hand(self) -> str:
        return f"▸ {stated(self.field.label, self.typed[self.field.name].text)}▏"

    def answer(self) -> str:
        return "; ".join(self.typed[field.name].text for field in self.ask.fields)

    def fill(self, text: str) -> None:
        parts = zip(self.ask.fields, text.split(";"), strict=False)
        self.typed |= {field.name: Typed.end(part.strip()) for field, part in parts}

    def enter(self) -> str | None:
        empty = self._next_empty()
        if empty is None:
            return self.answer()
        if empty == self.now:
            self.complain(f"{self.field.label} is still empty; for example {self.field.example}")
            return None
        self.now, self.problem = empty, ""
        self.redraw()
        return None

    def _next_empty(self) -> int | None:
        """The first blank still empty, looked for from the one under the cursor on."""
        count = len(self.ask.fields)
        order = [(self.now + i) % count for i in range(count)]
        return next((i for i in order if not self.typed[self.ask.fields[i].name].text.strip()), None)

    def judged(self, text: str, verdict: Verdict) -> None:
        """The cursor goes to the first number that is wrong."""
        wrong = (i for i, field in enumerate(verdict.fields) if field.standing not in ("right", "follows"))
        self.now = next(wrong, self.now)
        super().judged(text, verdict)

    @property
    def again(self) -> bool:
        return self.verdict is not None and not self.verdict.right and self.answer() != self.stood

    @property
    def settled(self) -> bool:
        return self.verdict is not None and self.verdict.right

    @property
    def takes(self) -> frozenset[str]:
        return frozenset() if self.settled or not self.active else NUMBER_KEYS

    def types(self, event: events.Key) -> bool:
        if self.settled or not self.active:
            return False
        typed = self.typed[self.field.name].press(event.key, event.character, NUMBER)
        if typed is None:
            return False
        self._set(typed)
        return True

    def pastes(self, text: str) -> None:
        """Several numbers at once, as a block of a spreadsheet, fill the blanks from here on."""
        if self.settled:
            return
        found = pasted_numbers(text)
        if len(found) <= 1:
            one, typed = " ".join(found), self.typed[self.field.name]
            if left_out := typed.leaves_out(one, NUMBER, self.field.example):
                self.complain(left_out)
            else:
                self._set(typed.put(one, NUMBER))
            return
        fields = self.ask.fields[self.now :]
        strange = [one for one in found[: len(fields)] if one and not is_number(one)]
        for field, one in zip(fields, found, strict=False):
            if is_number(one):
                self.typed[field.name] = Typed.end(one)
        self.now = min(self.now + len(found), len(self.ask.fields) - 1)
        no_number = f"{'is' if len(strange) == 1 else 'are'} no number; for example {fields[0].example}"
        told = [f"{listed(strange)} {no_number}"] if strange else []
        if more := found[len(fields) :]:
            blanks = f"{len(fields)} {'blank was' if len(fields) == 1 else 'blanks were'} left"
            told.append(f"{len(found)} numbers came and {blanks}: no place for {listed(more)}")
        self.problem = "; ".join(told)
        self.redraw()

    def draft(self) -> str:
        return self.answer() if any(typed.text.strip() for typed in self.typed.values()) else ""

    def take_up(self, draft: str) -> None:
        parts = zip(self.ask.fields, draft.split(";"), strict=False)
        self.typed |= {field.name: Typed().put(part.strip(), NUMBER) for field, part in parts}

    def unused(self, character: str) -> None:
        if not self.settled and self.active:
            self.complain(f"“{character}” is no part of a number; for example {self.field.example}")

    def _set(self, typed: Typed) -> None:
        self.typed[self.field.name] = typed
        self.problem = ""
        self.redraw()

    def action_step(self, by: int) -> None:
        if self.beyond is not None and by > 0 and self.now == len(self.ask.fields) - 1:
            self.now = 0
            self.beyond()
            return
        self.now = (self.now + by) % len(self.ask.fields)
        self.redraw()

    def action_caret(self, by: int) -> None:
        moved = self.typed[self.field.name].step(by)
        if moved is None:
            self.action_step(by)
        else:
            self._set(moved)

    def clicked(self, what: dict[str, Any]) -> None:
        names = [field.name for field in self.ask.fields]
        if what.get("field") in names:
            self.now = names.index(what["field"])
            self.redraw()

    # ── how it looks ──

    def draw(self, width: int, ink: Inks) -> Lines:
        entries = {field.name: self._entry(i, field) for i, field in enumerate(self.ask.fields)}
        out = prompt(self.ask.prompt, width, ink)
        out = out[:-1] if self.close > 1 else out
        if self.ask.sheet:
            shown = unheaded(self.ask.sheet) if self.close > 1 else self.ask.sheet
            out += sheet.draw(shown, width, ink, entries)
        out = marked(out, self.refs, ink)
        loose = [field for field in self.ask.fields if field.name not in self.places]
        names = max((len(field.label) for field in loose), default=0)
        out += [[]] if loose and self.ask.sheet else []
        for field in loose:
            out.append(
                [
                    Segment(f"{safe_text(field.label):>{names}} = ", does(ink.text, field=field.name)),
                    *entries[field.name].drawn(ink, field.name),
                ]
            )
        return out + self._under(width, ink) + self.problem_lines(width, ink)

    def _under(self, width: int, ink: Inks) -> Lines:
        """The formula of the blank under the cursor; once judged, what the signs beside the blanks mean."""
        if self.verdict is not None and not self.again:
            return self._meanings(ink)  # each blank has its sign: only those need words
        if not self.active:
            return []
        formulas = self.ask.sheet.formulas if self.ask.sheet and self.ask.sheet.formulas else {}
        formula = formulas.get(self.field.name, "")
        text = (
            stated(self.field.label, formula)
            if formula
            else f"{self.field.label}: for example {self.field.example}"
        )
        return [
            *([] if self.close > 1 else [[]]),
            *(
                [Segment(("▸ " if i == 0 else "  ") + part, ink.accent)]
                for i, part in enumerate(wrap(text, width - 2))
            ),
        ]

    def _meanings(self, ink: Inks) -> Lines:
        """What the signs beside the blanks mean, where there is more than the one of the verdict."""
        assert self.verdict is not None
        looks = dict.fromkeys(_LOOKS[field.standing] for field in self.verdict.fields)
        line = [Segment(f"{SIGN[look]} {WORD[look]}   ", self._style(look, ink)) for look in looks]
        return [[], line] if len(looks) > 1 and self.close < 2 else []

    @staticmethod
    def _style(look: Look, ink: Inks) -> Any:
        return {"right": ink.good, "wrong": ink.bad, "follows": ink.warn}.get(look, ink.text)

    def _entry(self, i: int, field: Field) -> InBlank:
        typed = self.typed[field.name]
        caret = typed.at if self.active and not self.settled and i == self.now else None
        return InBlank(typed.text, self._look(i, field.name), caret)

    def _look(self, i: int, name: str) -> Look:
        if self.verdict is None:
            return "open"
        given = self.submitted.split(";")
        if i < len(given) and given[i].strip() != self.typed[name].text.strip():
            return "open"  # changed since: what was said of it no longer holds
        standing = next((f.standing for f in self.verdict.fields if f.name == name), None)
        return _LOOKS[standing] if standing else "open"

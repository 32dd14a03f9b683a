"""What is said of an answer: the rule with its numbers, and one small question. Its verdict stands pinned."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drops.study.pages import Answered
from drops.tui.base.caret import EXAMPLE, NUMBER, NUMBER_KEYS, Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, indent, written
from drops.tui.blocks import blocks
from drops.tui.blocks.prose import LONGEST, prose
from drops.tui.blocks.sheet import InBlank, Look


def day_name(day: date, today: date) -> str:
    """A coming day as people say it."""
    ahead = (day - today).days
    if ahead <= 0:
        return "today"
    return (
        "tomorrow"
        if ahead == 1
        else f"{day:%A}"
        if ahead < 7
        else f"{day:%a} {day.day} {day:%b}, in {ahead} days"
    )


BESIDE = 22  # cells that the small question leaves: its field, the sign and the word for what was typed


class Feedback(Drawn):
    """Nothing until there is an outcome. Its one field is the repair question's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,up,shift+tab,k", "screen.correct", "correct above", key_display="tab"),
        Binding("left", "caret(-1)", "left", show=False),
        Binding("right", "caret(1)", "right", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="feedback")
        self.outcome: Answered | None = None
        self.unsaved = ""  # that this is not saved, and why
        self.today: date | None = None
        self.line_shown = False
        self.worlds_shown = False  # the mistake's world beside the rule's, below what is said
        self.active = False
        self.typed = Typed()
        self.repaired: bool | None = None
        self.problem = ""
        self._worlds_at = 0  # the line from which both worlds stand
        self.may_wait = 0  # of its lines the last ones: when it comes back

    def clear(self) -> None:
        self.outcome, self.line_shown, self.active, self.typed = None, False, False, Typed()
        self.worlds_shown = False
        self.repaired, self.problem = None, ""
        self.redraw()

    def show(self, outcome: Answered, today: date, *, line: bool = False) -> None:
        """An outcome, told; the repair question takes the keys where there is one."""
        self.clear()
        self.outcome, self.today, self.line_shown = outcome, today, line
        self.active = self.has_repair and not line
        self.redraw()

    @property
    def has_repair(self) -> bool:
        return (
            self.outcome is not None
            and not self.outcome.hidden
            and not self.outcome.verdict.right
            and self.outcome.verdict.repair is not None
        )

    @property
    def wants_check(self) -> bool:
        """Whether Enter means "check what I typed here"."""
        return self.active and self.has_repair and bool(self.typed.text.strip()) and self.repaired is not True

    def types(self, event: events.Key) -> bool:
        if not (self.active and self.has_repair) or self.repaired:
            return False
        typed = self.typed.press(event.key, event.character, NUMBER)
        if typed is None:
            return False
        self.typed, self.repaired, self.problem = typed, None, ""
        self.redraw()
        return True

    @property
    def takes(self) -> frozenset[str]:
        return NUMBER_KEYS if self.active and self.has_repair and not self.repaired else frozenset()

    def unused(self, character: str) -> None:
        if self.takes:
            self.problem = f"“{character}” is no part of a number; for example {EXAMPLE}"
            self.redraw()

    def pastes(self, text: str) -> None:
        one = text.strip()
        self.problem = self.typed.leaves_out(one, NUMBER, EXAMPLE)
        if not self.problem:
            self.typed, self.repaired = self.typed.put(one, NUMBER), None
        self.redraw()

    def action_caret(self, by: int) -> None:
        self.typed = self.typed.step(by) or self.typed
        self.redraw()

    def clicked(self, what: dict[str, Any]) -> None:
        self.active = what.get("field") == "repair" or self.active
        self.redraw()

    @property
    def in_view(self) -> tuple[int, int] | None:
        """The blank in hand, with both worlds above it where they are shown."""
        hand = super().in_view
        return (self._worlds_at, hand[1]) if hand is not None and self.worlds_shown else hand

    # ── how it looks ──

    def draw(self, width: int, ink: Inks) -> Lines:
        if self.outcome is None:
            return []
        width = min(width, LONGEST)
        unsaved = written(self.unsaved, width, ink.warn) if self.unsaved else []
        if self.outcome.hidden:
            return [[], *unsaved, [Segment("Noted.", ink.accent)]]
        verdict = self.outcome.verdict
        out: Lines = [[], *unsaved]
        if verdict.feedback and not verdict.options:  # of options each has its reason beside it
            out += indent(prose(verdict.feedback, width - 2, ink), 2)
        for title in self.outcome.confirmed:
            out += indent(written(f"Seen a second time now: {title}.", width - 2, ink.warn), 2)
        if self.worlds_shown:
            self._worlds_at = len(out) + (len(out) > 1)  # a blank line at the top gives way
            out += [[], *indent(blocks.draw_all(verdict.worlds, width - 2, ink), 2)]
        quiet = self._quiet(width, ink)
        out += self._repair(width, ink) + self._line(width, ink) + quiet
        self.may_wait = len(quiet)
        return out[1:] if out[:2] == [[], []] else out

    def _repair(self, width: int, ink: Inks) -> Lines:
        if not self.has_repair:
            return []
        assert self.outcome is not None
        assert self.outcome.verdict.repair is not None
        caret = self.typed.at if self.active and not self.repaired else None
        look: Look = "right" if self.repaired else "wrong" if self.repaired is False else "open"
        question = written(f"Try one: {self.outcome.verdict.repair.question} =", width - BESIDE, ink.text)
        word = Segment("")
        if self.repaired is not None:
            word = Segment("right", ink.good) if self.repaired else Segment("not yet", ink.bad)
        question[-1] += [
            Segment(" "),
            *InBlank(self.typed.text, look, caret).drawn(ink, "repair"),
            Segment(" "),
            word,
        ]
        problem = written(f"! {self.problem}", width, ink.warn) if self.problem else []
        return [[], *indent([*question, *problem], 2)]

    def _line(self, width: int, ink: Inks) -> Lines:
        assert self.outcome is not None
        verdict = self.outcome.verdict
        if verdict.right or verdict.options or verdict.tells_line or not self.line_shown:
            return []
        way = verdict.line.splitlines()  # a line for each number, or gauge
        out = indent([line for one in way for line in prose(one, width - 2, ink)], 2)
        if verdict.wanted and not verdict.line:
            out += indent(written(f"The answer: {verdict.wanted}", width - 2, ink.text), 2)
        return [[], *out] if out else []

    def _quiet(self, width: int, ink: Inks) -> Lines:
        """Why this rating, and when it comes back."""
        assert self.outcome is not None
        today = self.today
        back = self.outcome.comes_back(lambda due: "" if today is None else day_name(due, today))
        said = " · ".join(filter(None, (self.outcome.reason, back)))
        out = written(said[0].upper() + said[1:], width - 2, ink.dim) if said else []
        if self.outcome.rests:
            out += written(self.outcome.rests, width - 2, ink.dim)
        return [[], *indent(out, 2)] if out else []

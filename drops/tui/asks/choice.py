"""Options to choose from; where it is a prediction, also how sure the learner is."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.errors import Unreadable
from drops.exercises.answers import digit, read
from drops.exercises.blocks import Choice, Show
from drops.exercises.pictured import picture_of
from drops.study.pages import CONFIDENCE
from drops.tui.asks.asking import Asking, prompt
from drops.tui.asks.judged import judged_options
from drops.tui.base.ink import Inks, Line, Lines, beside, does
from drops.tui.blocks.prose import prose

HOW_SURE = "How sure are you?"


class AskChoice(Asking):
    """The digit before an option picks it; Enter answers, or asks how sure first."""

    ask: Choice
    tells_at_its_top = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,right,tab", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k,left,shift+tab", "step(-1)", "choose upwards", show=False),
        *(Binding(digit(i), f"pick({i})", f"option {digit(i)}", show=False) for i in range(9)),
        Binding("space", "mark", "mark"),
    ]

    def __init__(self, ask: Choice) -> None:
        super().__init__()
        self.ask = ask
        self.now = 0
        self.marked: set[int] = set()
        self.touched = False  # a choice was made: Enter on an untouched list is no answer
        self.sure: int | None = None  # while and after confidence is asked

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.verdict is not None:
            return False
        match action, parameters:
            case "pick", (int(at),):
                return at < len(CONFIDENCE if self.sure is not None else self.ask.options)
            case "mark", _:
                return self.ask.many
            case _:
                return True

    @property
    def goes(self) -> str:
        return "answer" if self.sure is not None or not self.ask.confidence else "how sure?"

    @property
    def pictures(self) -> tuple[Show, ...]:
        return picture_of(self.ask, settled=self.verdict is not None)

    @property
    def in_hand(self) -> str:
        return f"▸ {digit(self.now)}  {self.ask.options[self.now].text}" if self.touched else ""

    def answer(self) -> str:
        return ", ".join(digit(i) for i in sorted(self.marked)) if self.ask.many else digit(self.now)

    def fill(self, text: str) -> None:
        picked = read(self.ask, text)
        assert isinstance(picked, tuple)
        self.touched, self.now, self.marked = True, picked[0], set(picked)

    def draft(self) -> str:
        chosen = self.marked if self.ask.many else self.touched
        return AskChoice.answer(self) if chosen else ""

    def take_up(self, draft: str) -> None:
        with suppress(Unreadable):
            AskChoice.fill(self, draft)

    def enter(self) -> str | None:
        if self.ask.many and not self.marked:
            self.complain("mark all that apply with space or their digits")
            return None
        if not self.ask.many and not self.touched:
            self.complain(f"choose first: ↑ ↓, or 1 to {len(self.ask.options)}")
            return None
        if self.ask.confidence and self.sure is None:
            self.sure, self.problem = 1, ""
            self.redraw()
            return None
        self.confidence = CONFIDENCE[self.sure] if self.sure is not None else ""
        return self.answer()

    def action_step(self, by: int) -> None:
        if self.sure is not None:
            self.sure = (self.sure + by) % len(CONFIDENCE)
        else:
            # the first step down only enters the list
            self.now = (
                (self.now + by) % len(self.ask.options)
                if self.touched
                else 0
                if by > 0
                else len(self.ask.options) - 1
            )
            self.touched, self.problem = True, ""
        self.redraw()

    def action_pick(self, index: int) -> None:
        if self.sure is not None and index < len(CONFIDENCE):
            self.sure = index
        elif self.sure is None and index < len(self.ask.options):
            self.now, self.touched, self.problem = index, True, ""
            if self.ask.many:
                self.marked ^= {index}
        self.redraw()

    def action_mark(self) -> None:
        self.touched = True
        self.marked ^= {self.now}
        self.problem = ""
        self.redraw()

    def clicked(self, what: dict[str, Any]) -> None:
        if self.verdict is None and "sure" in what:
            self.sure = what["sure"]
            self.redraw()
        elif self.verdict is None and "option" in what:
            self.sure = None
            self.action_pick(what["option"])

    # ── how it looks ──

    @property
    def in_view(self) -> tuple[int, int] | None:
        """Where it is asked how sure the learner is, all of that: it stands last."""
        asks = [y for y, line in enumerate(self.lines) if line.startswith(HOW_SURE)]
        return (asks[-1], len(self.lines) - 1) if asks and not self.problem else super().in_view

    @property
    def picked(self) -> frozenset[int]:
        """What was answered; nothing, where the answer was asked for."""
        with suppress(Unreadable):
            picked = read(self.ask, self.submitted) if self.submitted else ()
            return frozenset(picked) if isinstance(picked, tuple) else frozenset()
        return frozenset()

    def draw(self, width: int, ink: Inks) -> Lines:
        out = prompt(self.ask.prompt, width, ink)
        out = out[:-1] if self.close > 1 else out
        if self.verdict is not None and self.verdict.options:
            room = self.whole() - len(out)
            return out + judged_options(self.ask, self.picked, self.verdict.options, width, ink, room)
        options = [self._option(i, width // self.ask.across, ink) for i in range(len(self.ask.options))]
        for start in range(0, len(options), self.ask.across):
            row = options[start : start + self.ask.across]
            out += beside(((lines, width // self.ask.across) for lines in row), 0) if row[1:] else row[0]
        return out + self._confidence(width, ink) + self.problem_lines(width, ink)

    def _option(self, i: int, width: int, ink: Inks) -> Lines:
        here = self.touched and i == self.now and self.verdict is None
        chosen = i in self.marked if self.ask.many else self.touched and i == self.now
        sign = Segment("▸ ", ink.act) if here else Segment("  ")
        box = ("[x] " if chosen else "[ ] ") if self.ask.many else ""
        text = prose(self.ask.options[i].text, width - 5 - len(box), ink) or [[]]
        head: Line = [sign, Segment(f"{digit(i)}  {box}", does(ink.act if here else ink.dim, option=i))]
        gap = Segment(" " * (5 + len(box)))
        strong = here or chosen
        return [
            [
                *(head if k == 0 else [gap]),
                *(
                    Segment(
                        t, does((style or ink.text) + ink.bold if strong else style or ink.text, option=i)
                    )
                    for t, style, _ in line
                ),
            ]
            for k, line in enumerate(text)
        ]

    def _confidence(self, width: int, ink: Inks) -> Lines:
        if self.sure is None or self.verdict is not None:
            return []
        lines: Lines = [[Segment(f"{HOW_SURE}   ", ink.bold)]]
        for i, name in enumerate(CONFIDENCE):
            here = i == self.sure
            if width < 62:  # one under another where a row is too long
                lines.append([])
            lines[-1] += [
                Segment("▸ " if here else "  ", ink.act),
                Segment(f"{i + 1} {name}", does(ink.act if here else ink.text, sure=i)),
                Segment("   "),
            ]
        return [[], *lines]

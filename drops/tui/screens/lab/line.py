"""What stands above the Lab's picture: whether it trains, and the line, whose words are its controls."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events

from drops.networks.lab import controls
from drops.networks.lab.recipe import Recipe, print_line
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, wrap
from drops.tui.screens.lab.runner import Runner

WHOLE = 100  # cells from which what goes without saying is told, too
MIDDLE = 3  # cells at least between what is said and that, and at both ends
BEGIN = ("features", "shape", "rule", "start", "schedule", "break", "only")  # each begins a group of words
LEAVES = (
    "goal",
    "drop",
    "l1",
    "l2",
    "noise",
    "test",
    "rows",
    "loss",
    "batch",
    "seed",
)  # what says least first
LED = 100  # cells from which it says how to see what led to a loss that is no number


class LineWord(NamedTuple):
    """A control as it stands in the line."""

    name: str
    said: str
    style: Style
    may_go: bool  # where there is no room for it


class LabHead(Drawn):
    """Whether it trains, how far and how fast it is, and the line."""

    runner: Runner | None = None
    word = -1  # of the controls: the one in hand
    typed: str | None = None  # the line while it is typed
    caret = 0
    label = ""  # what is typed, where it is no line
    notice = ""
    challenge = ""  # that was taken

    def draw(self, width: int, ink: Inks) -> Lines:
        scene = self.runner.scene if self.runner else None
        if self.runner is None or scene is None:
            return [[Segment(" Lab", ink.bold)], [], []]
        state = ("▶ running", ink.accent) if self.runner.running else ("▪ paused", ink.dim)
        if lost := self.runner.lost_at:
            led = ": < shows what led there" if width >= LED else ""
            state = (f"the loss is no number since step {lost:,}{led}", ink.bad)
        speed = f"{self.runner.speed:,.0f} steps/s   " if self.runner.running and width >= 70 else ""
        left: Line = [Segment(" Lab   ", ink.bold), Segment(*state)]
        newest = self.runner.desk.reached
        of = f" of {newest:,}" if newest > scene.step and not self.runner.running else ""
        right: Line = [Segment(f"{speed}step {scene.step:,}{of}   epoch {int(scene.epoch):,} ", ink.dim)]
        head, line = ends(left, right, width), self._line(scene.recipe, width, ink)
        problem = wrap(self.notice or self.runner.problem, width - 2)
        if len(problem) > 1:  # what to do next stands at its end
            cut = [problem[0], " ".join(problem[1:])]
            return [line, *(fit([Segment(f" {part}", ink.bad)], width) for part in cut)]
        return [head, line, self._below(width, ink)]

    def _line(self, recipe: Recipe, width: int, ink: Inks) -> Line:
        if self.typed is not None:
            hidden = max(0, self.caret + len(self.label) - width + 4)
            text, at = self.typed[hidden:], self.caret - hidden
            return [
                Segment(f" {self.label}", ink.dim), Segment(text[:at], ink.blank),
                Segment(text[at : at + 1] or " ", ink.cursor), Segment(text[at + 1 :], ink.blank),
            ]  # fmt: skip
        if other := self._other:
            return self._told(self._story, other, width, ink)
        shown = self._shown(recipe, ink)
        said, rest = self._parted(shown, width)
        if said:
            return _both(said, rest, width)
        return self._words(shown, width) if self.word >= 0 else fit(self._printed(shown, ink), width)

    def _shown(self, recipe: Recipe, ink: Inks) -> list[LineWord]:
        """Each control in hand, said, or faint since it goes without saying. A click takes it in hand."""
        unsaid = controls.unsaid(recipe)
        found = []
        for at, (name, said) in enumerate(controls.controls(recipe)):
            style = ink.cursor if at == self.word else ink.dim if name in unsaid else ink.text
            found.append(LineWord(name, said, does(style, word=at), name in unsaid and self.word < 0))
        return found

    def _is_parted(self, recipe: Recipe, width: int, ink: Inks) -> bool:
        """Whether the line stands as its controls, and not as it is printed."""
        return self.word >= 0 or bool(self._parted(self._shown(recipe, ink), width)[0])

    def _parted(self, shown: list[LineWord], width: int) -> tuple[list[LineWord], list[LineWord]]:
        """What stands on the left, and on the right; nothing where there is no room for what is said. What
        goes without saying is left out first, unless a word is in hand."""
        spare = [name for name in LEAVES for one in shown if one.name == name and one.may_go]
        if width < WHOLE and self.word < 0:
            return [], []
        while sum(len(one.said) + 1 for one in shown) + MIDDLE > width:
            if not spare:
                return [], []
            gone = spare.pop(0)
            shown = [one for one in shown if one.name != gone]
        first = next(at for at, one in enumerate(shown) if one.name not in controls.OF_THE_NET)
        return shown[:first], shown[first:]

    def _printed(self, shown: list[LineWord], ink: Inks) -> Line:
        """The line as it is printed; a click on a word of it takes the control that says it."""
        out: Line = [Segment(" ")]
        story = print_line(self.runner.desk.recipe) if self.runner else ""
        for word in story.split():
            style = next((one.style for one in shown if word in one.said.split()), ink.text)
            out += [Segment(word, ink.text + Style(meta=style.meta)), Segment(" ")]
        return out

    def _words(self, shown: list[LineWord], width: int) -> Line:
        """The part of a line too long that has the word in hand."""
        first = 0
        while sum(len(one.said) + 2 for one in shown[first : self.word + 1]) > width - 3:
            first += 1
        out: Line = [Segment(" ")]
        for one in shown[first:]:
            out += [Segment(one.said, one.style), Segment("  ")]
        return fit(out, width)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        """Over a word the wheel turns it."""
        what = event.style.meta.get("does", {})
        if "word" in what:
            event.stop()
            self.post_message(self.Clicked(self, {"word": what["word"], "turn": by}))

    def _below(self, width: int, ink: Inks) -> Line:
        runner = self.runner
        if problem := self.notice or (runner.problem if runner else ""):
            return fit([Segment(f" {problem}", ink.bad)], width)
        if said := (runner.judged if runner else "") or (self.challenge and f"j judges: {self.challenge}"):
            return fit([Segment(f" {said}", ink.accent)], width)
        if other := self._other:
            return self._told(other, self._story, width, ink)
        if (
            runner
            and runner.scene
            and runner.desk.recipe.turns
            and self._is_parted(runner.scene.recipe, width, ink)
        ):
            return fit([Segment(f" {print_line(runner.desk.recipe)}", ink.dim)], width)
        return [Segment("─" * width, ink.rule)]

    @property
    def _other(self) -> str:
        """The line that this one is compared with; "" while a word is in hand."""
        return self.runner.other_line if self.runner and self.word < 0 else ""

    @property
    def _story(self) -> str:
        return print_line(self.runner.desk.recipe) if self.runner else ""

    def _told(self, line: str, other: str, width: int, ink: Inks) -> Line:
        """A line of two: the words that the other has not are lit; where it is too long, those go last."""
        words, others = line.split(), other.split()
        cut = 0
        while len(" ".join(words[cut:])) + 4 > width and cut < len(words) - 1 and words[cut] in others:
            cut += 1
        out: Line = [Segment(" … " if cut else " ", ink.dim)]
        for word in words[cut:]:
            out += [Segment(word, ink.dim if word in others else ink.accent), Segment(" ")]
        return fit(out, width)


def _both(said: list[LineWord], rest: list[LineWord], width: int) -> Line:
    """What makes the net on the left, by groups, and how it is measured on the right. Room goes between the
    groups first, then between the words on the right, then between the groups again."""
    room = width - sum(len(one.said) + 1 for one in (*said, *rest)) - MIDDLE
    groups = sum(one.name in BEGIN for one in said)
    before = 1 if room >= groups else 0
    wide = room - before * groups >= len(rest)
    before += 1 if room - before * groups - wide * len(rest) >= groups else 0
    left: Line = [Segment(" ")]
    for one in said:
        left += [Segment(" " * before * (one.name in BEGIN)), Segment(one.said, one.style), Segment(" ")]
    right: Line = []
    for one in rest:
        right += [Segment("  " if wide else " "), Segment(one.said, one.style)]
    return ends(left, [*right, Segment(" ")], width)

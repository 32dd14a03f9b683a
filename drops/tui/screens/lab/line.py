"""What stands above the Lab's picture: whether it trains, and the line, whose words are its controls."""

from __future__ import annotations

from rich.segment import Segment
from textual import events

from drops.networks.lab import controls
from drops.networks.lab.recipe import Recipe, print_line
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, wrap
from drops.tui.screens.lab.runner import Runner

LED = 100  # cells from which it says how to see what led to a loss that is no number


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
        shown = controls.controls(recipe)
        whole = sum(len(said) for _, said in shown) + 1
        if self._is_short(recipe, width):
            return fit(self._short(shown, ink), width)
        return self._words(shown, 2 if whole + 2 * len(shown) <= width or self.word >= 0 else 1, width, ink)

    def _is_short(self, recipe: Recipe, width: int) -> bool:
        """Whether there is no room for every control, so that the line stands as it is printed."""
        return self.word < 0 and sum(len(said) + 1 for _, said in controls.controls(recipe)) >= width

    def _short(self, shown: list[tuple[str, str]], ink: Inks) -> Line:
        """The line as it is printed; a click on a word of it takes the control that says it."""
        out: Line = [Segment(" ")]
        story = print_line(self.runner.desk.recipe) if self.runner else ""
        for word in story.split():
            at = next((i for i, (_, said) in enumerate(shown) if word in said.split()), None)
            style = ink.text if at is None else does(ink.text, word=at)
            out += [Segment(word, style), Segment(" ")]
        return out

    def _words(self, shown: list[tuple[str, str]], gap: int, width: int, ink: Inks) -> Line:
        """The words as controls; of a line too long the part with the word in hand."""
        lengths = [len(said) + gap for _, said in shown]
        first = 0
        while self.word >= 0 and sum(lengths[first : self.word + 1]) > width - 2:
            first += 1
        out: Line = [Segment(" ")]
        for at, (name, said) in enumerate(shown[first:], first):
            style = ink.cursor if at == self.word else ink.text if name in ("data", "shape") else ink.dim
            out += [Segment(said, does(style, word=at)), Segment(" " * gap)]
        return out

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
        if said := (runner.judged if runner else "") or (self.challenge and f"{self.challenge}   j judges"):
            return fit([Segment(f" {said}", ink.accent)], width)
        if other := self._other:
            return self._told(other, self._story, width, ink)
        if (
            runner
            and runner.scene
            and runner.desk.recipe.turns
            and not self._is_short(runner.scene.recipe, width)
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

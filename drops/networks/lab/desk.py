"""The Lab's state: an experiment and how far it has gone. Everything a learner does is a new line.

    desk = Desk(read_line("circle 2-4-1")); desk.run(500); desk.change("sgd .1"); desk.back(200)
    print_line(desk.recipe)         circle 2-4-1 @500 sgd .1

Time runs back to the same bits: from a moment of the film, or, since a line gives the same run at any
time, from its start.
"""

from __future__ import annotations

from dataclasses import replace

from drops.networks.lab.bench import Bench
from drops.networks.lab.line import CHANGES, EDIT, MOST_STEP, NUMBER, read_line
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.words import RULES
from nnlab import Snapshot

Standing = tuple[Recipe, int]
MOST = 600  # moments of a film; beyond it every second one is let go


class Desk:
    """`recipe` is the whole story to `bench.step`, changes in the run with it."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.bench = recipe, Bench(recipe)
        self._film: list[tuple[int, Snapshot]] = []  # of this bench, from its last turn on
        self._every = 20  # steps between two moments
        self._undo: list[Standing] = []
        self._redo: list[Standing] = []

    @property
    def step(self) -> int:
        return self.bench.step

    # ── time ───────────────────────────────────────────────────────────────────────────────
    def run(self, steps: int) -> None:
        """Train on, following the line's turns."""
        trainer = self.bench.trainer
        self.bench.go(min(steps, MOST_STEP - self.step))
        if self.bench.trainer is not trainer:  # a turn made another one
            self._film.clear()
        self._keep()

    def _keep(self) -> None:
        """A moment to come back to, if the last one is some steps ago."""
        if self._film and self.step < self._film[-1][0] + self._every:
            return
        self._film.append((self.step, self.bench.trainer.kept()))
        if len(self._film) > MOST:
            del self._film[1::2]
            self._every *= 2

    def back(self, steps: int) -> None:
        """As it was so many steps ago; step 0 is the start."""
        to = max(0, self.step - steps)
        turned = max((turn.step for turn in self.recipe.turns if turn.step <= self.step), default=0)
        while self._film and self._film[-1][0] > to:
            self._film.pop()
        if not self._film or self._film[-1][0] < turned:
            self._stand_at(self.recipe, to)
            return
        self.bench.trainer.put_back(self._film[-1][1])
        self.bench.go(to - self.step)

    def fork(self) -> Desk:
        """Another desk at the same moment, with the same bits."""
        made = Desk(self.recipe)
        made._stand_at(self.recipe, self.step)
        return made

    def follow(self, step: int) -> None:
        """On or back to a step."""
        self.run(step - self.step) if step >= self.step else self.back(self.step - step)

    # ── changes, each one undo ─────────────────────────────────────────────────────────────
    def begin(self, recipe: Recipe) -> None:
        """Another experiment, from its start."""
        self._to(recipe, 0)

    def change(self, words: str) -> None:
        """Words of the line instead of what stands there. A rule, a batch or a brake goes on from the
        present weights, and so does a weight; all else begins at step 0. Raises LineError."""
        typed = words.split()
        edits = any(EDIT.fullmatch(word) for word in typed)
        if (self.step or edits) and all(
            word in (*RULES, *CHANGES) or NUMBER.fullmatch(word) or EDIT.fullmatch(word) for word in typed
        ):
            changed = read_line(f"@{self.step} {words}", self._told)
            self._note()
            self.recipe = changed
            self.bench.turn_now(changed.turns[-1])
            self._film.clear()
        else:
            self._to(read_line(words, replace(self.recipe, turns=())), 0)

    @property
    def _told(self) -> Recipe:
        """The line without what it says of steps to come."""
        return replace(self.recipe, turns=tuple(turn for turn in self.recipe.turns if turn.step <= self.step))

    def undo(self) -> bool:
        """The experiment before the last change; False where there was none."""
        return self._swap(self._undo, self._redo)

    def redo(self) -> bool:
        return self._swap(self._redo, self._undo)

    def _swap(self, source: list[Standing], other: list[Standing]) -> bool:
        if not source:
            return False
        other.append((self.recipe, self.step))
        self._stand_at(*source.pop())
        return True

    def _to(self, recipe: Recipe, step: int) -> None:
        self._note()
        self._stand_at(recipe, step)

    def _note(self) -> None:
        """What stands now is what undo comes back to."""
        self._undo.append((self.recipe, self.step))
        self._redo.clear()

    def _stand_at(self, recipe: Recipe, step: int) -> None:
        self.recipe, self.bench, self._every = recipe, Bench(recipe), 20
        self._film.clear()
        self.bench.go(step)

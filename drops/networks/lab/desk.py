"""The Lab's state: an experiment and how far it has gone. Everything a learner does is a new line.

    desk = Desk(read_line("circle 2-4-1")); desk.run(500); desk.change("sgd .1"); desk.back(200)
    print_line(desk.recipe)         circle 2-4-1 @500 sgd .1

Time runs back to the same bits: from a moment of the film, or, since a line gives the same run at any
time, from its start.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import NamedTuple

from drops.networks.lab.bench import Bench
from drops.networks.lab.line import CHANGES, EDIT, MOST_STEP, NUMBER, read_line
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.shape import SHAPE
from drops.networks.lab.words import RULES, SQUASHES
from nnlab import Snapshot

MOST = 600  # moments of a film; beyond it every second one is let go


class Story(NamedTuple):
    """What undo comes back to."""

    recipe: Recipe
    step: int
    reached: int


class Desk:
    """`recipe` is the whole story to `bench.step`, changes in the run with it; `reached` is its newest step
    that was seen."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.bench = recipe, Bench(recipe)
        self._film: list[tuple[int, Snapshot]] = []  # of this bench, from its last turn on
        self._every = 20  # steps between two moments
        self.reached = 0
        self._lost = 0  # the step whose loss is no number, where the run ends; 0: none is known
        self._last = MOST_STEP  # the last step at which all is numbers
        self._undo: list[Story] = []
        self._redo: list[Story] = []
        self._keep()

    @property
    def step(self) -> int:
        return self.bench.step

    # ── time ───────────────────────────────────────────────────────────────────────────────
    def run(self, steps: int) -> None:
        """Train on, following the line's turns; where it was before, from the last moment of the film."""
        to = min(self.step + steps, self._last)
        moment = self._moment(to)
        if moment and moment[0] > self.step:
            self.bench.trainer.put_back(moment[1])
        trainer = self.bench.trainer
        self.bench.go(to - self.step)
        if self.bench.trainer is not trainer:  # a turn made another one
            self._film.clear()
        if self.bench.lost or not self.bench.finite:
            self._end_before_lost()
        self._keep()
        self.reached = max(self.reached, self.step)

    @property
    def ended(self) -> bool:
        """Whether no step is left to run."""
        return self.step >= self._last

    @property
    def lost_at(self) -> int:
        """The step whose loss is no number, where this is the last moment before it; 0 elsewhere."""
        return self._lost if self.ended else 0

    def _end_before_lost(self) -> None:
        """Of a net that is no numbers nothing can be seen: it stands at the last moment of numbers."""
        self._lost = self.bench.lost_at or self.step + 1
        while self.step and not self.bench.sound:
            self._stand_back(self.step - 1)
        self._last = self.step

    def end(self) -> None:
        """The newest step of this story that was seen."""
        self.run(self.reached - self.step)

    def _keep(self) -> None:
        """A moment to come back to, if the last one is some steps ago."""
        if self._film and self.step < self._film[-1][0] + self._every:
            return
        self._film.append((self.step, self.bench.trainer.kept()))
        if len(self._film) > MOST:
            del self._film[1::2]
            self._every *= 2

    def _moment(self, step: int) -> tuple[int, Snapshot] | None:
        """The last moment of the film up to a step."""
        at = bisect_right(self._film, step, key=lambda one: one[0])
        return self._film[at - 1] if at else None

    def back(self, steps: int) -> None:
        """As it was so many steps ago; step 0 is the start."""
        self._stand_back(max(0, self.step - steps))

    def _stand_back(self, to: int) -> None:
        turned = max((turn.step for turn in self.recipe.turns if turn.step <= self.step), default=0)
        moment = self._moment(to)
        if moment is None or moment[0] < turned:
            self._build(to)
        else:
            self.bench.trainer.put_back(moment[1])
            self.bench.go(to - self.step)

    def fork(self) -> Desk:
        """Another desk at the same moment, with the same bits."""
        made = Desk(self.recipe)
        made._stand_at(self._story)
        return made

    def follow(self, step: int) -> None:
        """On or back to a step."""
        self.run(step - self.step) if step >= self.step else self.back(self.step - step)

    # ── changes, each one undo ─────────────────────────────────────────────────────────────
    def begin(self, recipe: Recipe) -> None:
        """Another experiment, from its start."""
        self._to(recipe, 0)

    def change(self, words: str) -> None:
        """Words of the line instead of what stands there. A rule, a batch, a brake, a shape or a squash goes
        on from the present weights, and so does a weight; all else begins at step 0. Raises LineError."""
        typed = words.split()
        edits = any(EDIT.fullmatch(word) for word in typed)
        if (self.step or edits) and all(map(_goes_on, typed)):
            changed = read_line(f"@{self.step} {words}", self._told)
            again = any(turn.step == self.step for turn in self._told.turns)
            self._note()
            if again:  # what changed twice at a step changed once
                self._stand_at(Story(changed, self.step, self.step))
                return
            self.recipe = changed
            self.bench.turn_now(changed.turns[-1])
            self._film.clear()
            self._keep()
            self.reached, self._lost, self._last = self.step, 0, MOST_STEP
        else:
            changed = read_line(words, replace(self.recipe, turns=()))
            if changed != self.recipe:  # what is so already changes nothing
                self._to(changed, 0)

    @property
    def now(self) -> Recipe:
        """The line as it stands at this step, what changed until then in it."""
        found = replace(self.recipe, turns=())
        for turn in self._told.turns:
            found = found.turned(turn)
        return found

    @property
    def _told(self) -> Recipe:
        """The line without what it says of steps to come."""
        return replace(self.recipe, turns=tuple(turn for turn in self.recipe.turns if turn.step <= self.step))

    def undo(self) -> bool:
        """The experiment before the last change; False where there was none."""
        return self._swap(self._undo, self._redo)

    def redo(self) -> bool:
        return self._swap(self._redo, self._undo)

    def _swap(self, source: list[Story], other: list[Story]) -> bool:
        if not source:
            return False
        other.append(self._story)
        self._stand_at(source.pop())
        return True

    @property
    def _story(self) -> Story:
        return Story(self.recipe, self.step, self.reached)

    def _to(self, recipe: Recipe, step: int) -> None:
        self._note()
        self._stand_at(Story(recipe, step, step))

    def _note(self) -> None:
        """What stands now is what undo comes back to."""
        self._undo.append(self._story)
        self._redo.clear()

    def _stand_at(self, to: Story) -> None:
        self.recipe, self._lost, self._last = to.recipe, 0, MOST_STEP
        self._build(to.step)
        self.reached = max(to.reached, self.step)

    def _build(self, step: int) -> None:
        """The bench anew, from its start to a step."""
        self.bench, self._every = Bench(self.recipe), 20
        self.bench.go(step)
        self._film = [(self.step, self.bench.trainer.kept())]


def _goes_on(word: str) -> bool:
    """Whether a word changes what is trained and not what on."""
    known = word in (*RULES, *CHANGES, *SQUASHES)
    return known or any(one.fullmatch(word) for one in (NUMBER, EDIT, SHAPE))

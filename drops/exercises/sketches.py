"""A curve or a line that is foreseen by placing it, and what there is to say of the guess.

right (4, 2, 1, 0.5), tol 0.5:   4, 2, 1.5, 0.5  →  foreseen     4, 0, 0, 0  →  "forgets at once", if that is
what stands instead     4, 4, 1, 0.5  →  farthest off at step 2: 4 was drawn, and it is 2
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from drops.errors import Unreadable
from drops.exercises.answers import read
from drops.exercises.blocks import Curve, Knob, Knobs, Series, Show, Surface, Unit
from drops.exercises.handles import Handle
from drops.exercises.steps import HAIR, Answers
from drops.exercises.worksheet import figure

FINE = 60  # places at which a curve is drawn

Places = tuple[float, ...]


@dataclass(frozen=True)
class Instead:
    """Where the handles stand of what people draw instead, and why it is not so."""

    places: Places
    why: str
    mixup: str = ""


@dataclass(frozen=True)
class Sketch:
    """Handles to be placed. `draw` shows the guess, and where it is told the real thing over it."""

    prompt: str
    knobs: tuple[Knob, ...]
    right: Places
    tol: float  # what a handle may be off by
    why: str
    instead: tuple[Instead, ...]
    draw: Callable[[Places, Literal["guess", "both"]], Show]

    @property
    def ask(self) -> Knobs:
        """The question, as every face asks it."""
        names = [knob.name for knob in self.knobs]

        def places(values: Mapping[str, float]) -> Places:
            return tuple(values[name] for name in names)

        def diagnose(values: Mapping[str, float]) -> str:
            named = self.nearest(places(values))
            return named.mixup if named else ""

        return Knobs(
            self.prompt,
            self.knobs,
            lambda values: (self.draw(places(values), "guess"),),
            lambda values: self.foreseen(places(values)),
            diagnose,
            self.why,
            dict(zip(names, self._seen(self.right), strict=True)),
            lambda values: self.told(places(values)),
            by_hand=True,
        )

    @property
    def seen(self) -> Places:
        """What is right, as far as the handles go."""
        return self._seen(self.right)

    def could_draw(self, guess: Places) -> bool:
        """Whether the handles can stand so."""
        return len(guess) == len(self.knobs) and guess == self._seen(guess)

    def _seen(self, places: Places) -> Places:
        """Places as high and as low as the handles go."""
        return tuple(min(k.high, max(k.low, v)) for k, v in zip(self.knobs, places, strict=True))

    def _off(self, guess: Places, places: Places) -> float:
        return max(abs(a - b) for a, b in zip(guess, self._seen(places), strict=True))

    def foreseen(self, guess: Places) -> bool:
        """Whether no handle is farther off than the tolerance."""
        return self._off(guess, self.right) <= self.tol + HAIR

    def nearest(self, guess: Places) -> Instead | None:
        """What was drawn instead, where the guess is near enough to it and not to what is right."""
        near = min(self.instead, key=lambda one: self._off(guess, one.places), default=None)
        if near is None or self.foreseen(guess) or self._off(guess, near.places) > self.tol + HAIR:
            return None
        return near

    def told(self, guess: Places) -> str:
        """How a guess compares, in words."""
        if self.foreseen(guess):
            least = f" No handle is farther off than {figure(self.tol)}." if len(guess) > 1 else ""
            return f"You foresaw it.{least} {self.why}".strip()
        seen = self._seen(self.right)
        worst = max(range(len(guess)), key=lambda i: abs(guess[i] - seen[i]))
        drew, is_, label = figure(guess[worst]), figure(self.right[worst]), self.knobs[worst].label
        opens = f"Not what you drew. Farthest off is {label}: you put {drew}, and it is {is_}."
        named = self.nearest(guess)
        return " ".join(filter(None, (opens, named.why if named else "", self.why)))

    def came_out(self, answers: Answers, step: str = "predict") -> tuple[str, Show]:
        """What is said of the guess once it may be, and the real thing over it."""
        try:
            said = read(self.ask, answers.get(step, ""))
        except Unreadable:
            said = None
        if not isinstance(said, dict):
            return self.why, self.draw(self._seen(self.right), "both")
        guess = tuple(said[knob.name] for knob in self.knobs)
        return self.told(guess), self.draw(guess, "both")


# ── what is drawn ─────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Axes:
    """What goes across and up, and how far."""

    across: str
    up: str
    at: Places  # of the handles, across
    window: tuple[float, float]
    known: tuple[Series, ...] = ()  # what is there before anything is drawn
    shaded: tuple[float, float] | None = None


def a_curve(axes: Axes, name: str, real: Sequence[tuple[float, float]]) -> Callable[[Places, str], Curve]:
    """A picture of a guess through the handles at `axes.at`, and of the real curve, called `name`."""

    def draw(guess: Places, what: str) -> Curve:
        drawn = tuple(zip(axes.at, guess, strict=True))
        says = f"Your guess: {_listed(drawn)}."
        handles: tuple[Handle, ...] = ()
        series: tuple[Series, ...] = (Series("your guess", drawn),)
        if what == "guess":
            handles = tuple(Handle(f"at{i}", x, y) for i, (x, y) in enumerate(drawn))
        else:
            series = Series(name, tuple(real)), *series
            says = f"{name}: {_listed([place for place in real if place[0] in axes.at])}. {says}"
        return Curve(
            (*series, *axes.known),
            axes.across,
            axes.up,
            says,
            window=axes.window,
            shaded=axes.shaded,
            handles=handles,
        )

    return draw


def _listed(places: Sequence[tuple[float, float]]) -> str:
    return ", ".join(f"{figure(y)} at {figure(x)}" for x, y in places)


def fine(at: Places) -> tuple[float, ...]:
    """Places close enough for a curve, the handles' own among them."""
    step = (at[-1] - at[0]) / FINE
    return tuple(sorted({*at, *(at[0] + step * i for i in range(1, FINE))}))


def through(crossings: Places) -> Unit:
    """The line that cuts the axes of a plane at two places; no line where both are 0."""
    across, up = crossings
    return up, across, -across * up


def a_line(unit: Unit, reach: float) -> Callable[[Places, str], Surface]:
    """A picture of a line by its two crossings, and of a neuron's: a plane from −reach to reach."""

    def draw(guess: Places, what: str) -> Surface:
        across, up = guess
        span, yours = (-reach, reach), f"your line cuts x₁ at {figure(across)} and x₂ at {figure(up)}"
        if what == "guess":
            handles = Handle("at0", across, 0.0, "x"), Handle("at1", 0.0, up)
            says = f"As it stands {yours}."
            return Surface(
                ((0.0,),), span, span, says, -1.0, 1.0, flat=True, lines=(through(guess),), handles=handles
            )
        w1, w2, b = unit
        n = 36
        ticks = [-reach + 2 * reach * (i + 0.5) / n for i in range(n)]
        values = tuple(tuple(w1 * x + w2 * y + b for x in ticks) for y in reversed(ticks))
        most = max(abs(v) for row in values for v in row)
        says = f"The neuron's line cuts x₁ at {figure(-b / w1)} and x₂ at {figure(-b / w2)}; {yours}."
        sides = "silent, z < 0", "fires, z > 0"
        return Surface(
            values,
            span,
            span,
            says,
            -most,
            most,
            lines=(unit, through(guess)),
            sides=sides,
            neuron=unit,
            lit=0,
        )

    return draw

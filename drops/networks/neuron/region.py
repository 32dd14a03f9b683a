"""Three lines and a vote.   three step units at P: 1, 1, 0   →   two of three: P is outside

Each unit says on which side of its line a point lies; the output fires where all three do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import (
    Cell,
    Choice,
    Field,
    Knob,
    Knobs,
    Numbers,
    Point,
    Sheet,
    Show,
    Step,
    Unit,
    Words,
)
from drops.exercises.exercise import Exercise
from drops.exercises.sheets import blank, cells, hints, pair
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.nets import empty_plane, layered, surface, weighted
from drops.networks.neuron.runs import FIRST_UNIT, disc_in_a_ring, fence_in_a_disc
from drops.networks.nudged import nudgeable
from drops.scales import seen_part
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

# Bounded patches with every pattern of firing units somewhere on the integer grid around them.
TRIANGLES: tuple[tuple[Unit, Unit, Unit], ...] = (
    ((2, -2, 4), (1, 2, 2), (-2, -1, 2)),
    ((2, -2, 3), (-2, -1, 2), (1, 2, 3)),
    ((2, 1, 3), (-2, 1, 2), (1, -2, 3)),
    ((1, 2, 4), (-2, -1, 1), (1, -1, 2)),
    ((2, -1, 3), (-1, 2, 1), (-1, -1, 3)),
    ((-1, 2, 1), (-1, -2, 3), (2, -1, 4)),
)
SPAN, NAME = (-6.0, 6.0), 1.8  # of the map; and what the name of a unit takes of it
SPOTS = [(x, y) for x in range(-5, 6) for y in range(-5, 6)]

FIELDS = tuple(
    Field(f"{point}{unit}", f"unit {unit} at {point}", example="1") for point in "PQ" for unit in (1, 2, 3)
)


def _line(point: str, unit: int) -> Line:
    reads = {"w1": f"u{unit}", "w2": f"v{unit}", "b": f"b{unit}", "x1": f"{point}x", "x2": f"{point}y"}
    return Line(
        f"{point}{unit}",
        f"unit {unit} at {point}",
        lambda v: float(weighted(v) + v["b"] > 0),
        "step({w1}·{x1} + {w2}·{x2} + {b})",
        "1 if w₁·x₁ + w₂·x₂ + b > 0, else 0",
        "fires",
        reads,
    )


# ── what people do instead ────────────────────────────────────────────────────────────────

SIDE = "A step unit gives 1 where w₁x₁ + w₂x₂ + b is above 0, and 0 elsewhere."
VOTE = "All three fire on the inside only: the bias must let 3 votes pass and hold 2 back."

# fmt: off
MISCONCEPTIONS = {
    "no-bias": Misconception(
        "the bias was left out", "the sign of the two products decides, without the bias {b}", SIDE,
        {"fires": lambda v: float(weighted(v) > 0)}),
    "bias-subtracted": Misconception(
        "the bias was subtracted", "{b} is taken away instead of added", SIDE,
        {"fires": lambda v: float(weighted(v) - v["b"] > 0)}),
    "side-flipped": Misconception(
        "the sides were exchanged", "the unit counts as firing where its sum is below 0", SIDE,
        {"fires": lambda v: float(weighted(v) + v["b"] < 0)}),
    "above-means-fires": Misconception(
        "above the line was taken for firing",
        "only the place above the line counts, whatever the sign of w₂",
        "With a negative w₂ the firing side is below the line.",
        {"fires": lambda v: float((weighted(v) + v["b"]) / v["w2"] > 0)}),
    # these show in the output bias only, where the setting itself names them
    "or-for-and": Misconception("one vote is enough here", "the bias lets a single vote pass", VOTE),
    "majority": Misconception("two votes of three are enough here", "the bias lets two votes pass", VOTE),
    "never-fires": Misconception(
        "not even all the votes are enough here", "three votes do not do: 3 + c is not above 0", VOTE),
    "on-the-edge": Misconception(
        "this bias stands exactly on the edge", "the sum is exactly 0 for one of the counts",
        "Stay clear of it: anything between −3 and −2."),
    "bias-sign": Misconception(
        "a bias above 0 lets every place pass", "the bias raises the sum",
        "Votes are added to the bias: how far it lies below 0 sets how many it takes."),
}
# fmt: on


def bias_says(c: float) -> str:
    """The misconception that an output bias over three votes shows, or ""."""
    if c in (-3.0, -2.0, -1.0, 0.0):
        return "on-the-edge"
    below = ((-3, "never-fires"), (-2, ""), (-1, "majority"), (0, "or-for-and"))
    return next((name for most, name in below if c < most), "bias-sign")


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Region(Exercise):
    """Three step units that fence in a triangle, and two points."""

    kind = "region"
    fields = FIELDS
    misconceptions = MISCONCEPTIONS

    units: tuple[Unit, Unit, Unit]
    P: tuple[float, float]
    Q: tuple[float, float]

    @classmethod
    def draw(cls, rng: np.random.Generator, _params: Mapping[str, Any]) -> Self:
        units = TRIANGLES[rng.integers(len(TRIANGLES))]
        places = _by_pattern(units)
        # the pattern first: drawn by place, nearly every point would have two units firing
        # and units 2 and 3 both firing less often, or that would be the likely end of the table
        patterns = sorted(places)
        odds = np.array([0.2 if pattern[1:] == (True, True) else 1.0 for pattern in patterns])
        p, q = (patterns[i] for i in rng.choice(len(patterns), 2, replace=False, p=odds / odds.sum()))
        P, Q = (places[pattern][rng.integers(len(places[pattern]))] for pattern in (p, q))
        return cls(units, P, Q)

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"Px": self.P[0], "Py": self.P[1], "Qx": self.Q[0], "Qy": self.Q[1]}
        for i, (w1, w2, b) in enumerate(self.units, 1):
            givens |= {f"u{i}": w1, f"v{i}": w2, f"b{i}": b}
        return Worksheet(givens, tuple(_line(point, unit) for point in "PQ" for unit in (1, 2, 3)))

    # ── predict, do, see, explain ──

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        guess = card_for(PREDICT, self.units, self.P, self.Q)

        prompt = "1, 2 and 3 hidden units, trained on a disc."
        run = nudgeable(prompt, fence_in_a_disc, FIRST_UNIT)
        return (
            predict(Words(DISC), disc_in_a_ring(), ask=guess),
            do(self._givens(), ask=self._ticks(asked)),
            do(Words(VOTES), ask=self._vote(), name="vote"),
            see(ask=replace(run, closes=foresaw(answers, guess))),
            explain(ask=card_for(WHY, self.units, self.P)),
        )

    def _givens(self) -> Words:
        return Words(
            "Three step units: 1 where the sum is above 0, else 0. "
            f"Two points: **P = {pair(self.P)}** and **Q = {pair(self.Q)}**."
        )

    def _ticks(self, asked: frozenset[str]) -> Numbers:
        sheet = self.worksheet
        cell = cells(sheet, asked)
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (f"unit {i}", *map(number, unit), cell(f"P{i}"), cell(f"Q{i}"))
            for i, unit in enumerate(self.units, 1)
        )
        says = "Three units, two points: 1 or 0 in each cell."
        table = Sheet(("", "w₁", "w₂", "b", "at P", "at Q"), rows, says, hints(sheet, FIELDS, asked))
        return Numbers("Which fire at P, and which at Q? Write 1 or 0.", blank(FIELDS, asked), table)

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The three lines and the two points; a point wears what the unit in hand says of it."""
        i = int(hand[1:]) - 1 if hand else None
        said = [values.get(f"{p}{i + 1}") if i is not None else None for p in "PQ"]
        labels = [2 if s is None else int(s > 0) for s in said]
        marks = Point(*self.P, labels[0], "P"), Point(*self.Q, labels[1], "Q")
        says = "The lines of the three units, and P and Q."
        return (empty_plane(SPAN, says, points=(*_named(self.units), *marks), lines=self.units, lit=i),)

    def _vote(self) -> Knobs:
        def show(v: Mapping[str, float]) -> tuple[Show, ...]:
            lines = [u[:2] for u in self.units], [u[2] for u in self.units]
            net = layered([lines, ([[1, 1, 1]], [v["c"]])], "step", "step")
            says = f"With c = {number(v['c'])} the output fires in the shaded part."
            marks = *_named(self.units), Point(*self.P, 2, "P"), Point(*self.Q, 2, "Q")
            drawn = surface(net, SPAN, says, 96, 96, points=marks, lines=self.units, flat=True)
            return drawn, Words(says)

        return Knobs(
            "Set c so that the output fires inside the triangle and nowhere else.",
            (Knob("c", "c", -4, 2, 0.5, 0.5),),
            show,
            lambda v: -3 < v["c"] < -2,
            lambda v: bias_says(v["c"]),
            VOTE,
            {"c": -2.5},
        )


def _named(units: tuple[Unit, ...]) -> tuple[Point, ...]:
    """A name on each unit's line, near an end of it, and far from the others."""
    placed: list[Point] = []
    for i, unit in enumerate(units, 1):
        ends = seen_part(unit, SPAN, SPAN)
        if ends is not None:
            (x0, y0), (x1, y1) = ends
            along = [(x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in (0.06, 0.94, 0.2, 0.8)]
            inside = [(x, y) for x, y in along if x <= SPAN[1] - NAME]
            apart = [at for at in inside if all(abs(at[1] - one.y) > 1 for one in placed)]
            placed += [Point(*at, 2, f"unit {i}") for at in (apart or inside)[:1]]
    return tuple(placed)


def _by_pattern(units: tuple[Unit, ...]) -> dict[tuple[bool, ...], list[tuple[float, float]]]:
    """Grid points off the lines, by which units fire there; where none does is left out."""
    found: dict[tuple[bool, ...], list[tuple[float, float]]] = {}
    for x, y in SPOTS:
        sums = [w1 * x + w2 * y + b for w1, w2, b in units]
        if all(sums) and max(sums) > 0:
            found.setdefault(tuple(s > 0 for s in sums), []).append((float(x), float(y)))
    return found


DISC = "A net should tell a disc from the ring around it. Each hidden unit draws one line; the output votes."
VOTES = "The output adds the three units, each with weight 1, and a bias c. It fires above 0."

PREDICT = (
    Choice(
        "How few hidden units can fence the disc in?",
        (
            wrong("1", "One line cuts the plane in two halves; neither is a disc."),
            wrong("2", "Two lines leave a wedge or a stripe, open to infinity."),
            right("3", "Three lines are the fewest that close: a triangle, rounded by the squash."),
            wrong("4", "Four do it too. But a triangle is already closed."),
        ),
        confidence=True,
    ),
    Choice(
        "2 hidden units train on the disc. How does their patch end?",
        (
            right("open at a side", "Two lines leave a wedge or a stripe, however long it trains."),
            wrong("closed, after enough steps", "Two lines never close. Steps do not change that."),
            wrong(
                "as one straight cut",
                "Two units draw two lines, and the vote keeps what is between.",
            ),
        ),
        confidence=True,
    ),
)

WHY = (
    Choice(
        "Why did no net with 2 hidden units fence the disc in?",
        (
            right(
                "two lines cannot close a patch",
                "Two straight cuts always leave a way out to infinity. Three can close.",
            ),
            wrong(
                "it needed more training steps",
                "More steps find better lines, but two of them stay open however long you train.",
            ),
            wrong(
                "it started from unlucky weights",
                "Every net had a start of its own, and each ended with two lines and a way out.",
            ),
        ),
    ),
    Choice(
        "What did the third hidden unit add?",
        (
            wrong("more training steps", "All of them took the same number."),
            right("the line that closes the patch", "Two leave a way out, and the third lies across it."),
            wrong("room to store more points", "A unit holds two weights and a bias. It stores no points."),
        ),
    ),
    Choice(
        "What does the output unit do?",
        (
            wrong("it draws one more line", "It never sees the map: only what the units say."),
            wrong("it picks the best of the lines", "It adds all of them up."),
            right("it counts who fires", "Its bias says how many it takes."),
        ),
    ),
)

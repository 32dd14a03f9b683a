"""A bump out of three hinges.   a = −1, b = 1, c = 3, s = 2

f(x) = 2·relu(x + 1) − 4·relu(x − 1) + 2·relu(x − 3)   →   f(0) = 2, f(1) = 4, f(5) = 0
without the third hinge f(5) = −4: it runs off for ever
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Choice, Curve, Field, Option, Run, Series, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.sheets import Fields
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Rule, Values, Worksheet
from drops.networks.depth import any_function
from drops.networks.depth.any_function import hinges
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

Weights = tuple[float, float, float]  # of the three hinges, in units of s
_PLACES = {"rise": "rise_at", "peak": "b", "after": "far", "loose": "far"}


FIELDS = (
    Field("rise", "halfway up", example="−3.5"),
    Field("peak", "at the top", example="7.5"),
    Field("after", "beyond the bump", example="−7.5"),
    Field("loose", "without the third hinge", example="3.5"),
)


def _bump(weights: Weights, third: bool = True) -> Rule:
    """The rule for s·(sum of weighted hinges at a, b, c), computed by the engine at `at`."""
    kept: Weights = weights if third else (*weights[:2], 0.0)
    return lambda v: any_function.hinges((v["a"], v["b"], v["c"]), tuple(v["s"] * w for w in kept), v["at"])


def _at(rule: Rule, field: str) -> Rule:
    return lambda v: rule({**v, "at": v[_PLACES[field]]})


# ── what people do instead ────────────────────────────────────────────────────────────────


def _everywhere(weights: Weights) -> Mapping[str, Rule]:
    """Other weights on the hinges, swapped in for every line."""
    whole = {field: _at(_bump(weights), field) for field in ("rise", "peak", "after")}
    return {**whole, "loose": _at(_bump(weights, third=False), "loose")}


_RIGHT: Weights = (1, -2, 1)


# fmt: off
MISCONCEPTIONS = {
    "squash-skipped": Misconception(
        "the squash left out",
        "the hinges are plain lines, also left of their kinks: the three cancel to {peak}",
        "Each relu is 0 left of its kink. Only the hinges already passed count.",
        {field: lambda _: 0.0 for field in ("rise", "peak", "after")}),
    "middle-weight-one": Misconception(
        "the middle taken once", "the middle hinge pulls back once, not twice",
        "One pull stops the climb. A second is needed to come down: weight −2s.", _everywhere((1, -1, 1))),
    "keeps-rising": Misconception(
        "still climbing", "only the first hinge acts and the climb goes on to {after}",
        "After b and c the other hinges act too: add all three terms.", _everywhere((1, 0, 0))),
    "third-unit-ignored-zero": Misconception(
        "the third hinge taken as needless", "the bump is thought to land on 0 and stay there by itself",
        "After the top it falls for ever. The third hinge is what levels it out.", {"loose": lambda _: 0.0}),
    "peak-is-slope": Misconception(
        "the slope taken for the height", "the top is as high as the slope s = {s}",
        "Slope times run gives height: s·(b − a).", {"peak": lambda v: v["s"]}),
    "third-sign": Misconception(
        "the third hinge turned over", "the third hinge pulls down as well",
        "It has weight +s: slope s − 2s + s = 0.", {"after": _at(_bump((1, -2, -1)), "after")}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Bump(Exercise):
    a: int
    t: int  # from hinge to hinge: b = a + t, c = a + 2t
    s: float
    q: int  # how far beyond c
    friend: int  # which sentence of the friend is judged
    seed: int

    kind = "bump"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        _ = params
        return cls(
            a=int(rng.integers(-4, 3)),
            t=int(rng.choice([2, 4])),
            s=float(rng.choice([0.5, -0.5, 1, -1, 2, 3, -3, -2])),
            q=int(rng.integers(1, 5)),
            friend=int(rng.integers(len(_SENTENCES))),
            seed=int(rng.integers(1, 10_000)),
        )

    @property
    def fields(self) -> Fields:
        places = self.worksheet.givens
        return tuple(replace(f, label=f"f({number(places[_PLACES[f.name]])}) {f.label}") for f in FIELDS)

    @cached_property
    def worksheet(self) -> Worksheet:
        a, b, c = float(self.a), float(self.a + self.t), float(self.a + 2 * self.t)
        givens = {
            "a": a,
            "b": b,
            "c": c,
            "s": self.s,
            "rise_at": a + self.t / 2,
            "far": c + self.q,
            "half": self.t / 2,
            "t": float(self.t),
            "q": float(self.q),
            "on": 2.0 * self.t + self.q,
            "on2": float(self.t + self.q),
            "down": -2 * self.s,
        }
        # fmt: off
        return Worksheet(
            givens,
            (
                Line(
                    "rise", f"f({number(a + self.t / 2)})", _at(_bump(_RIGHT), "rise"), "{s}·{half}",
                    "which hinges have been passed?"),
                Line(
                    "peak", f"f({number(b)})", _at(_bump(_RIGHT), "peak"), "{s}·{t}",
                    "the middle hinge is only just reached"),
                Line(
                    "after", f"f({number(c + self.q)})", _at(_bump(_RIGHT), "after"),
                    "{s}·{on} + {down}·{on2} + {s}·{q}", "all three hinges count"),
                Line(
                    "loose", "without the third hinge", _at(_bump(_RIGHT, third=False), "loose"),
                    "{s}·{on} + {down}·{on2}", "the same place, the third term struck out"),
            ),
        )
        # fmt: on

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        guess = card_for(PREDICT, self.seed, self.a, self.s)
        return (
            predict(
                Words(
                    "A net with 64 ReLU units has learned sin(3x) from x = −2 to 2, and fits it well there."
                ),
                any_function.learned_range(6.0),
                ask=guess,
            ),
            do(
                Words(f"f(x) = {self._formula()}"),
                ask=self.numbers(
                    "Walk over the bump.", asked, "The bump at three places, then without its last hinge."
                ),
            ),
            see(
                Words(foresaw(answers, guess)),
                ask=Run(
                    "More and more units on sin(3x), then a look beyond the range.",
                    any_function.fit_and_leave(self.seed),
                ),
            ),
            explain(ask=friend_says(self.friend)),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The places that are asked about, each height where it was found; the bump once all is right."""
        at = self.worksheet.givens
        a, b, c = at["a"], at["b"], at["c"]
        low, high = a - self.t, c + self.q + 1
        top = abs(self.s) * (self.t + 4.0) + 2
        lines = [Series("the axis", ((low, 0.0), (high, 0.0)))]
        if not hand:
            corners = [(x, hinges((a, b, c), (self.s, -2 * self.s, self.s), x)) for x in (low, a, b, c, high)]
            lines.append(Series("f", tuple(corners)))
        kinks = Series("kinks", ((a, 0.0), (b, 0.0), (c, 0.0)), "dots")
        marks = tuple(
            (at[_PLACES[f.name]], values[f.name], "without the third" if f.name == "loose" else "f")
            for f in self.fields
            if f.name in values
        )
        says = "The three kinks on the axis, and the heights that you found."
        return (Curve((*lines, kinks), "x", "f(x)", says, marks=marks, window=(-top, top)),)

    def _formula(self) -> str:
        def hinge(weight: float, kink: float, first: bool = False) -> str:
            sign = ("−" if weight < 0 else "") if first else (" − " if weight < 0 else " + ")
            inside = "x" if kink == 0 else f"x {'+' if kink < 0 else '−'} {number(abs(kink))}"
            times = "" if abs(weight) == 1 else f"{number(abs(weight))}·"
            return f"{sign}{times}relu({inside})"

        a, b, c = self.a, self.a + self.t, self.a + 2 * self.t
        return hinge(self.s, a, first=True) + hinge(-2 * self.s, b) + hinge(self.s, c)


PREDICT = (
    Choice(
        "Now you ask it about x = 6, where the true value is −0.75. What does it say?",
        (
            wrong(
                "near the true value",
                "It has learned bends between −2 and 2. Beyond them no kink is left to turn it.",
                "net-knows-the-rule",
            ),
            wrong(
                "near 0, as it has never seen anything there",
                "A net is never silent: its sums go on. After the last kink they follow one straight line.",
                "unseen-gives-zero",
            ),
            right(
                "a number far off, on a straight line",
                "After the last kink a ReLU net is one straight line, and this one is steep.",
            ),
        ),
        confidence=True,
    ),
    Choice(
        "Now you ask it about x = 0.5, where the true value is 1. What does it say?",
        (
            right("near the true value", "0.5 lies between −2 and 2, where its kinks follow the wave."),
            wrong(
                "near 0, unless that very row was learned",
                "It draws pieces between the rows that it saw, and those pass close to the wave.",
                "unseen-gives-zero",
            ),
            wrong(
                "a number far off, on a straight line",
                "That comes beyond its range, where no kink is left. Here there are many.",
                "only-lines",
            ),
        ),
        confidence=True,
    ),
)

# The friend's sentences and the gap each falls into: existence is none of them.
_GAPS = (
    ("too few units", "That gap is about width, and here the width is not in question."),
    ("outside the range", "That gap is about places beyond the data. Here the net stays among them."),
    ("a jump", "That gap is about functions that jump. Nothing jumps here."),
    ("never found by training", "That gap is about the search. Here even the best weights would fail."),
)
_SENTENCES: tuple[tuple[str, int, str], ...] = (
    (
        "“It fits sin(3x) on [−2, 2] perfectly, so it will be right at 6.”",
        1,
        "The promise holds on the range that it was made for, and 6 is not in it.",
    ),
    (
        "“Three units will do for ten waves. The theorem says any function.”",
        0,
        "The theorem says wide enough. Three units make at most four pieces.",
    ),
    (
        "“More units will trace this step exactly, also at the edge.”",
        2,
        "A net without jumps stays wrong somewhere near the edge, however wide.",
    ),
    (
        "“A net for it exists, so mine will get there if I wait.”",
        3,
        "That good weights exist does not say that training ends at them.",
    ),
    (
        "“Trained on houses under 100 m², it can price a palace.”",
        1,
        "A palace lies beyond all it has seen. There the net only draws its last line on.",
    ),
    (
        "“XOR needs two hidden units, so two will learn it from any start.”",
        3,
        "Two suffice on paper. From most random starts the training gets stuck.",
    ),
)


def friend_says(which: int) -> Choice:
    """One of the friend's sentences: which of three gaps is it, and why not the others?"""
    sentence, gap, why = _SENTENCES[which]
    others = [g for g in range(len(_GAPS)) if g != gap]
    shown = sorted([gap, others[which % 3], others[(which + 1) % 3]])
    return Choice(
        f"Your friend says: {sentence} Which gap is that?",
        tuple(
            Option(_GAPS[g][0], g == gap, *((why,) if g == gap else (_GAPS[g][1], "gaps-mixed-up")))
            for g in shown
        ),
    )

"""Four misses, one loss.   y = (1, 2, 0, 3)  ŷ = (2, 0, 0.5, 3)   →   e = (1, −2, 0.5, 0)   →   L = 1.3125

The misses have signs, so their plain average would cancel; squared they cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import (
    Bar,
    Bars,
    Beside,
    Choice,
    Curve,
    Field,
    Option,
    Series,
    Sheet,
    Show,
    Step,
    Words,
)
from drops.exercises.exercise import Exercise
from drops.exercises.params import fields_named
from drops.exercises.sheets import SUB, Fields
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.forward.squares import parabola
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

ROWS = (1, 2, 3, 4)
TARGETS = np.arange(-3, 6)
MISSES = np.array([-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3])


def _mean(values: Values, power: int = 2) -> float:
    return sum(abs(values[f"e{r}"]) ** power for r in ROWS) / 4


def _bias(values: Values) -> float:
    """The mean miss, signs and all."""
    return sum(values[f"e{r}"] for r in ROWS) / 4


# ── what people do instead ────────────────────────────────────────────────────────────────

# fmt: off
MISCONCEPTIONS = {
    "error-sign": Misconception(
        "the miss was taken the other way round", "the target comes first: y − ŷ",
        "A miss is prediction minus target: ŷ − y.", {"e": lambda v: v["y"] - v["p"]}),
    "not-squared": Misconception(
        "the misses were averaged with their signs", "misses of opposite sign cancel: they average to {L}",
        "Square each miss first, then average.", {"L": _bias}),
    "absolute-not-squared": Misconception(
        "the mean absolute error", "the sizes are averaged, not the squares",
        "square each miss, so that large ones weigh more.", {"L": lambda v: _mean(v, 1)}, convention=True),
    "summed-not-averaged": Misconception(
        "summed, not averaged", "the four squares are added up and not divided",
        "Divide by the number of rows, so that more rows are not more wrong.", {"L": lambda v: 4 * _mean(v)}),
    "squared-the-mean": Misconception(
        "averaged before squaring", "the misses are averaged first, and cancel, and only then squared",
        "Square each miss first, then average.", {"L": lambda v: _bias(v) ** 2}),
    "difference-of-squares": Misconception(
        "ŷ and y were squared, not the miss", "the average of ŷ² − y² is taken",
        "Subtract first: square ŷ − y.",
        {"L": lambda v: sum(v[f"p{r}"] ** 2 - v[f"y{r}"] ** 2 for r in ROWS) / 4}),
    "root-taken": Misconception(
        "the root of the mean square", "the root is taken at the end",
        "the mean square itself, without the root.", {"L": lambda v: sqrt(_mean(v))}, convention=True),
    "halved": Misconception(
        "half the mean square", "some books put ½ in front to tidy the slope", "no ½ in front.",
        {"L": lambda v: _mean(v) / 2}, convention=True),
    "doubled-instead-of-squared": Misconception(
        "doubled instead of squared", "each miss is doubled",
        "Squared means times itself: a miss of 3 costs 9.", {"L": lambda v: 2 * _bias(v)}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class MeanSquare(Exercise):
    y: tuple[float, ...]
    p: tuple[float, ...]  # ŷ, the predictions
    only: tuple[str, ...] = ()  # ("L",): a short review asks the loss alone

    kind = "mean-square"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """Misses of both signs, of three sizes, one of them at least 2, that do not cancel."""
        while True:
            y, e = rng.choice(TARGETS, 4), rng.choice(MISSES, 4)
            wild = len({*np.abs(e).tolist()}) >= 3 and e.min() < 0 < e.max() and np.abs(e).max() >= 2
            if wild and e.sum() != 0 and np.abs(y + e).max() <= 6:
                made = cls(tuple(map(float, y)), tuple(map(float, y + e)))
                return replace(made, only=fields_named(params, "only", made.fields))

    @property
    def fields(self) -> Fields:
        misses = (Field(f"e{r}", f"e{SUB[r]}", example="−4.5") for r in ROWS)
        every = (*misses, Field("L", "L", example="12.3"))
        return tuple(f for f in every if not self.only or f.name in self.only)

    @cached_property
    def worksheet(self) -> Worksheet:
        given = {f"y{r}": self.y[r - 1] for r in ROWS} | {f"p{r}": self.p[r - 1] for r in ROWS}
        # fmt: off
        misses = tuple(
            Line(
                f"e{r}", f"e{SUB[r]}", lambda v: v["p"] - v["y"], "{p} − {y}", "ŷ − y", "e",
                {"p": f"p{r}", "y": f"y{r}"})
            for r in ROWS
        )
        # fmt: on
        loss = Line(
            "L", "L", _mean, "[({e1})² + ({e2})² + ({e3})² + ({e4})²]/4", "(e₁² + e₂² + e₃² + e₄²) / 4"
        )
        if self.only:  # the misses are given, and only the loss is worked out
            given |= {f"e{r}": self.p[r - 1] - self.y[r - 1] for r in ROWS}
            return Worksheet(given, (loss,))
        return Worksheet(given, (*misses, loss))

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        ask = self.numbers("How wrong is the model?", asked, "Misses, then the loss.")
        work = do(*self._rows(), ask=ask)
        if self.only:
            return (work,)
        guess = self._foresee()
        misses = next(p for p, card in zip(PAIRS, CARDS, strict=True) if card.prompt == guess.prompt)
        told = Words(foresaw(answers, guess))
        return (
            predict(_two_models(*misses), ask=guess),
            work,
            see(told, parabola(self.y, self.p)),
            explain(ask=card_for(WHY, self.y, self.p)),
        )

    def _foresee(self) -> Choice:
        """One large miss beside four equal ones; either may cost more, or both the same."""
        return card_for(CARDS, self.y, self.p)

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The four rows: target, prediction, and where each miss that was found leads from its target."""
        del hand
        led = [(float(r), self.y[r - 1] + values[f"e{r}"]) for r in ROWS if f"e{r}" in values]
        series = [
            Series("target y", tuple((float(r), self.y[r - 1]) for r in ROWS), "dots"),
            Series("prediction ŷ", tuple((float(r), self.p[r - 1]) for r in ROWS), "dots"),
        ]
        series += [Series("y + your miss", tuple(led), "dots")] if led else []
        squares = tuple(
            Bar(f"e{SUB[r]}²", values[f"e{r}"] ** 2) for r in ROWS if f"e{r}" in values
        ) + ((Bar("L", values["L"]),) if "L" in values else ())
        says = "Targets and predictions of the four rows."
        plot = Curve(tuple(series), "row", "", says, window=(-7.5, 7.5))
        if not squares:
            return (plot,)
        return plot, Bars(squares, "The squares of the misses, and what you take for their mean.")

    def _rows(self) -> tuple[Words, Sheet]:
        rows: tuple[tuple[str, ...], ...] = (
            ("target y", *map(number, self.y)),
            ("prediction ŷ", *map(number, self.p)),
        )
        if self.only:
            rows = (*rows, ("miss e = ŷ − y", *(number(p - y) for p, y in zip(self.p, self.y, strict=True))))
        pairs = "; ".join(f"row {r}: y {number(self.y[r - 1])}, ŷ {number(self.p[r - 1])}" for r in ROWS)
        return Words("Four rows of data and what a model predicted for them."), Sheet(
            ("", "row 1", "row 2", "row 3", "row 4"), rows, f"{pairs}."
        )


PAIRS = ((2, 1), (4, 2), (3, 1), (4, 1.5), (3, 2), (2, 1.5))  # A's one miss, each of B's four


def _compared(one: float, each: float) -> Choice:
    a, b = one * one / 4, each * each
    told = f"A: {number(one)}²/4 = {number(a)}. B: 4·{number(each)}²/4 = {number(b)}."
    less = (
        "" if a == b else f" The {'one large miss' if a > b else 'four together'} cost{'s' * (a > b)} more."
    )
    return Choice(
        f"Model A misses four rows by {number(one)}, 0, 0, 0. Model B misses each by {number(each)}. "
        "Which mean square is larger?",
        (
            Option("A's", a > b, told + less, "" if a > b else "worst-row-only"),
            Option("B's", b > a, told + less, "" if b > a else "absolute-not-squared"),
            Option("they are equal", a == b, told + less),
        ),
        confidence=True,
    )


CARDS = tuple(_compared(one, each) for one, each in PAIRS)


def _two_models(one: float, each: float) -> Beside:
    """The misses of the two models."""
    return Beside(
        tuple(
            Bars(
                tuple(Bar(f"e{SUB[r]}", miss) for r, miss in zip(ROWS, misses, strict=True)),
                f"Model {name} misses by {', '.join(map(number, misses))}.",
                unit=f"model {name}",
            )
            for name, misses in (("A", (one, 0.0, 0.0, 0.0)), ("B", (each,) * 4))
        )
    )


WHY = (
    Choice(
        "Why average the squares and not the misses themselves?",
        (
            right(
                "Misses of opposite sign would cancel",
                "+3 and −3 average to 0 although both rows are badly wrong. Squares cannot cancel.",
            ),
            wrong(
                "Squares make the loss smaller",
                "Only misses below 1 shrink; a miss of 3 becomes 9. The point is that squares cannot cancel.",
                "squares-shrink",
            ),
            wrong(
                "A squared loss is a share between 0 and 1",
                "It has no upper end: one miss of 30 alone costs 900. It is 0 only if every row is right.",
                "loss-is-a-share",
            ),
        ),
    ),
    Choice(
        "Which of these four rows does the loss hear most?",
        (
            wrong("all four alike", "Each counts by its square, not by its turn.", "misses-add-up"),
            right("the one with the largest miss", "Twice the miss is four times the square."),
            wrong("the one whose target is largest", "Targets do not count. Misses do.", "loss-is-a-share"),
        ),
    ),
    Choice(
        "Why divide by the number of rows?",
        (
            wrong("so that it stays below 1", "It has no upper end.", "loss-is-a-share"),
            wrong("so that misses cancel", "Squares never cancel.", "squares-shrink"),
            right(
                "so that ten rows and a hundred can be compared",
                "A sum grows with the rows. A mean says how wrong each is, typically.",
            ),
        ),
    ),
)

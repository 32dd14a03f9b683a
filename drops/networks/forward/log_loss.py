"""Two yes/no predictions, one that came true and one that did not.

p = 0.9, y = 1   →   −ln 0.9 = 0.11        p = 0.9, y = 0   →   −ln 0.1 = 2.30
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Bar, Bars, Choice, Curve, Field, Series, Sheet, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import flag
from drops.exercises.sheets import SUB
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.forward.squares import surprise
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

STRIP = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)  # the shares whose −ln is printed
SHARES = (0.01, 0.05, 0.1, 0.25, 0.75, 0.9, 0.95, 0.99)
ROWS = (1, 2)


def _believed(values: Values) -> float:
    """The share that the model gave to what then happened."""
    return values["p"] if values["y"] == 1 else 1 - values["p"]


FIELDS = tuple(Field(f"l{r}", f"loss{SUB[r]}", tolerance=0.02, example="0.69") for r in ROWS)


# ── what people do instead ────────────────────────────────────────────────────────────────

# fmt: off
MISCONCEPTIONS = {
    "wrong-side": Misconception(
        "the share of yes was used for a no", "−ln p is read, and p = {p} was the share of yes",
        "Ask what share the model gave to what happened: for a no that is 1 − p.",
        {"l": lambda v: -log(v["p"])}),
    "sign-lost": Misconception(
        "the minus was lost", "ln is taken without the minus",
        "ln of a share below 1 is negative, so the loss is −ln and never below 0.",
        {"l": lambda v: log(_believed(v))}),
    "squared": Misconception(
        "the squared miss was taken", "(p − y)² is taken",
        "For yes and no we take −ln of the share given to what happened.",
        {"l": lambda v: (v["p"] - v["y"]) ** 2}),
    "one-minus": Misconception(
        "one minus the share", "one minus the share is taken instead of its −ln",
        "Read −ln from the strip: it grows without end as the share goes to 0.",
        {"l": lambda v: 1 - _believed(v)}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class LogLoss(Exercise):
    p: tuple[float, float]  # the shares of yes that the model predicted
    y: tuple[int, int]  # what happened: 1 yes, 0 no
    brief: bool = False  # the two losses alone, as they come back for review

    kind = "log-loss"
    fields = FIELDS
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """One row that came true and one that did not, in either order. `brief` leaves the rest out."""
        p = rng.choice(SHARES, 2).tolist()
        first = int(rng.integers(2))
        return cls((p[0], p[1]), (first, 1 - first), flag(params, "brief"))

    @cached_property
    def worksheet(self) -> Worksheet:
        given = {f"p{r}": self.p[r - 1] for r in ROWS} | {f"y{r}": float(self.y[r - 1]) for r in ROWS}
        return Worksheet(
            given,
            tuple(
                Line(
                    f"l{r}",
                    f"loss{SUB[r]}",
                    lambda v: -log(_believed(v)),
                    "−ln {p}" if self.y[r - 1] else "−ln (1 − {p})",
                    "−ln of the share given to what happened",
                    "l",
                    {"p": f"p{r}", "y": f"y{r}"},
                )
                for r in ROWS
            ),
        )

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        says = "; ".join(f"row {r}: p {number(self.p[r - 1])}, answer {_word(self.y[r - 1])}" for r in ROWS)
        rows = Sheet(
            ("", "share of yes, p", "what happened"),
            tuple(
                (f"row {r}", number(self.p[r - 1]), f"y = {self.y[r - 1]}, {_word(self.y[r - 1])}")
                for r in ROWS
            ),
            f"{says}.",
        )
        ask = self.numbers(
            "What does each row cost? Two decimals, read from the strip.", asked, "One loss for each row."
        )
        work = do(Words("Two rows and the strip of −ln."), rows, strip(), ask=ask)
        if self.brief:
            return (work,)
        guess = card_for(PREDICT, self.p, self.y)
        return (
            predict(_three_shares(), ask=guess),
            work,
            see(Words(foresaw(answers, guess)), surprise(self.p, self.y)),
            explain(ask=card_for(WHY, self.p, self.y)),
        )


    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """What a share costs if it came true and if it did not; a cost that was found stands at its share."""
        del hand
        shares = [s / 100 for s in range(1, 100)]
        lines = (
            Series("−ln p, it was a yes", tuple((s, -log(s)) for s in shares)),
            Series("−ln (1 − p), it was a no", tuple((s, -log(1 - s)) for s in shares)),
        )
        marks = tuple((self.p[r - 1], values[f"l{r}"], f"row {r}") for r in ROWS if f"l{r}" in values)
        says = "The price of a share, if it came true and if it did not."
        return (Curve(lines, "share of yes, p", "loss", says, marks=marks, window=(0.0, 5.0)),)


def _word(y: int) -> str:
    return "yes" if y else "no"


def strip() -> Sheet:
    """−ln of the shares that people meet."""
    costs = [f"{-log(s):.2f}" for s in STRIP]
    says = "; ".join(f"share {number(s)}: {cost}" for s, cost in zip(STRIP, costs, strict=True))
    return Sheet(("share", *map(number, STRIP)), (("−ln", *costs),), f"−ln by share. {says}.")


def _three_shares() -> Bars:
    """What the three models of PREDICT gave to yes."""
    bars = tuple(Bar(f"model {i}", share) for i, share in enumerate((0.5, 0.1, 0.01), 1))
    return Bars(bars, "The three models gave yes 0.5, 0.1 and 0.01.", unit="share of yes")


PREDICT = (
    Choice(
        "Three models see one row that turns out to be yes. They had said p = 0.5, 0.1 and 0.01. "
        "How much does the last one pay beside the first?",
        (
            wrong(
                "about twice as much",
                "0.69 against 4.61: each tenfold drop in the share adds 2.3 to the loss.",
                "one-minus",
            ),
            right(
                "about seven times as much",
                "0.69 against 4.61, and it has no upper end: confident and wrong is what this loss punishes.",
            ),
            wrong(
                "hardly anything",
                "It gave yes a hundredth, and yes happened: 4.61 against 0.69.",
                "wrong-side",
            ),
        ),
        confidence=True,
    ),
    Choice(
        "Three models see one row that turns out to be no. They had said p = 0.5, 0.1 and 0.01. "
        "How much does the last one pay beside the first?",
        (
            wrong(
                "about twice as much",
                "It gave 0.99 to what happened: 0.01 against 0.69.",
                "loss-counts-errors",
            ),
            wrong(
                "about seven times as much",
                "It would for a yes. It gave no 0.99, and no happened.",
                "wrong-side",
            ),
            right("hardly anything", "It gave 0.99 to what happened: −ln 0.99 = 0.01, against 0.69."),
        ),
        confidence=True,
    ),
)

WHY = (
    Choice(
        "What does a yes/no model pay on average if it always says p = 0.5?",
        (
            right(
                "0.69, whatever happens",
                "−ln 0.5 = ln 2 = 0.69 on every row. On a balanced question that is knowing nothing.",
            ),
            wrong(
                "0.5, as it is right half the time",
                "Being right half the time is accuracy. The loss of p = 0.5 is −ln 0.5 = 0.69.",
                "loss-is-a-share",
            ),
            wrong(
                "0, since it never commits",
                "Only a share of 1 for what happens costs 0. Not knowing costs 0.69 each time.",
                "unsure-is-free",
            ),
        ),
    ),
    Choice(
        "Which share for what happened costs nothing?",
        (
            wrong("0.5, as it commits to nothing", "Not committing costs 0.69 each time.", "unsure-is-free"),
            right("1, and no other", "−ln 1 = 0. Every smaller share costs something."),
            wrong(
                "any above 0.5, as it is right",
                "Right or wrong is not what it sees: 0.6 costs 0.51.",
                "loss-counts-errors",
            ),
        ),
    ),
    Choice(
        "Why may a model never say p = 0 or p = 1?",
        (
            wrong("Its accuracy would fall", "Accuracy looks at the side alone.", "accuracy-is-loss"),
            wrong("It could pay 1 at most", "The loss has no upper end.", "loss-is-a-share"),
            right("If it is wrong, −ln 0 has no end", "One such row and the loss is infinite."),
        ),
    ),
)

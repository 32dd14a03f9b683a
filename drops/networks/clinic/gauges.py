"""The gauges of a case. A gauge is a row: its name, its panel, and the signs that it can give.

    gradients   layer 1  0 ≠  twin 0.15 · output  0 ≠  twin 0.6        they are exactly 0

A sign is what a reading says; which causes may give it, is measured (`measured.py`). The order is that in
which one looks: what costs nothing first. After Karpathy, A Recipe for Training Neural Networks (2019),
and his rule of thumb that a step is a thousandth of the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np

from drops.exercises.blocks import Show
from drops.networks.clinic import panels
from drops.networks.clinic.readings import GaugeReading


class Sign(NamedTuple):
    """What a reading can say: of it and of the sound twin's."""

    says: str
    read: Callable[[GaugeReading, GaugeReading], bool]


Spot = Literal["columns", "units", "weights", "answer", "loss"]


class Meter(NamedTuple):
    """One gauge: the question that it answers, the parts of a net it is put on. Of its signs the first that
    fits is what it says."""

    label: str
    asks: str
    on: tuple[Spot, ...]
    panel: Callable[[GaugeReading, GaugeReading], tuple[Show, ...]]
    signs: Mapping[str, Sign]

    def sign(self, this: GaugeReading, twin: GaugeReading) -> str:
        """The name of what it says; "" where it reads like the twin's."""
        with np.errstate(all="ignore"):
            return next((name for name, sign in self.signs.items() if sign.read(this, twin)), "")


def _begins(low: float, high: float) -> Callable[[GaugeReading, GaugeReading], bool]:
    return lambda r, twin: low < r.start / r.ignorance <= high


def _ended(r: GaugeReading) -> float:
    return r.curve[-1][1] / r.ignorance


def _moved(r: GaugeReading) -> float:
    return max(abs(a - b) for a, b in zip(*r.weights, strict=True))


def _most(r: GaugeReading) -> float:
    return max(r.moves[0].step)


def _xs(r: GaugeReading) -> Sequence[float]:
    return [c.spread for c in r.columns[:-1]]


def _lost(values: Sequence[float]) -> bool:
    return not np.isfinite(values).all()


NO_SIGN = "it shows none of the known signs"  # of a gauge that may still differ from the twin's
GAUGES: Mapping[str, Meter] = {
    "start": Meter(
        "loss at the start",
        "Is it what knowing nothing costs, or far above?",
        ("loss",),
        panels.start,
        {
            "huge": Sign(
                "far above knowing nothing: large numbers go in, or stand in the weights",
                _begins(1000, np.inf),
            ),
            "large": Sign(
                "well above knowing nothing: large numbers go in, are asked for, or stand in the weights",
                _begins(12, 1000),
            ),
            "above": Sign(
                "several times knowing nothing: the answers are wrong and sure from the start",
                lambda r, twin: 2.5 < r.start / r.ignorance <= 12 and r.start > 2 * twin.start,
            ),
            "exact": Sign(
                "what knowing nothing costs, to the third place: the net says one thing of every row",
                lambda r, twin: abs(r.start / r.ignorance - 1) < 0.001,
            ),
        },
    ),
    "curve": Meter(
        "curve",
        "Does it fall, lie flat, stop high, or climb?",
        ("loss",),
        panels.curve,
        {
            "climbs": Sign(
                "it rises from the first steps on and leaves the picture",
                lambda r, twin: not _ended(r) <= 100 and r.curve[1][1] > r.curve[0][1],
            ),
            "flat": Sign(
                "it lies where knowing nothing is",
                lambda r, twin: max(abs(loss / r.ignorance - 1) for _, loss in r.curve[2:]) < 0.03,
            ),
            "above": Sign("it ends above what knowing nothing costs", lambda r, twin: not _ended(r) <= 1.25),
            "stops": Sign(
                "it comes down and stops high",
                lambda r, twin: _ended(r) > 0.3 and _ended(r) > 1.6 * _ended(twin),
            ),
            "deep": Sign("it goes deeper than the twin's", lambda r, twin: _ended(r) < _ended(twin) / 5),
        },
    ),
    "gradients": Meter(
        "gradients, layer by layer",
        "Are they zero, faint, or fading towards the front?",
        ("weights",),
        panels.gradients,
        {
            "zero": Sign(
                "exactly 0 in the hidden layers: no gate is open, or all weights are 0",
                lambda r, twin: max(r.gradients[:-1]) == 0,
            ),
            "huge": Sign(
                "a hundred times the twin's: large numbers go in, are asked for, or stand in the weights",
                lambda r, twin: max(r.gradients) > 100 * max(twin.gradients),
            ),
            "faint": Sign(
                "faint in every layer alike, without a slope",
                lambda r, twin: max(r.gradients) < 0.01 * max(twin.gradients),
            ),
            "fading": Sign(
                "from the output to the front it fades a hundredfold",
                lambda r, twin: r.gradients[0] < 0.01 * r.gradients[-1],
            ),
        },
    ),
    "units": Meter(
        "units, layer by layer",
        "Are they silent, alike, or never bending?",
        ("units",),
        panels.units,
        {
            "lost": Sign(
                "no number: it ran away; look at the first step and not at the end",
                lambda r, twin: _lost([u.silent for u in r.units]),
            ),
            "one": Sign(
                "the first layer has a single unit", lambda r, twin: r.units[0].of == 1 < twin.units[0].of
            ),
            "alike, silent": Sign(
                "all alike, and silent", lambda r, twin: min(min(u.alike, u.silent) for u in r.units) == 1
            ),
            "alike": Sign(
                "all units of a layer are alike", lambda r, twin: min(u.alike for u in r.units) == 1
            ),
            "silent": Sign(
                "every unit is silent, and no two are alike",
                lambda r, twin: min(u.silent for u in r.units) == 1,
            ),
            "straight": Sign(
                "no unit bends, and none is silent",
                lambda r, twin: max(u.bending for u in r.units) == max(u.silent for u in r.units) == 0,
            ),
            "melted": Sign(
                "no unit bends, and a good part is silent",
                lambda r, twin: max(u.bending for u in r.units) == 0,
            ),
            "some silent": Sign(
                "in one layer nearly all are silent",
                lambda r, twin: (
                    max(u.silent for u in r.units) > max(0.6, 2 * max(u.silent for u in twin.units))
                ),
            ),
        },
    ),
    "steps": Meter(
        "steps against weights",
        "Is a step a thousandth to a tenth of the weights, and does it help?",
        ("weights",),
        panels.steps,
        {
            "none": Sign("no weight moves", lambda r, twin: _most(r) == 0),
            "huge": Sign(
                "hundreds of times the weights: not the rate alone, nor its sign",
                lambda r, twin: _most(r) > 450,
            ),
            "large": Sign(
                "larger than the weights themselves, from a sound start",
                lambda r, twin: _most(r) > 1 and _most(r) > 5 * _most(twin),
            ),
            "tiny": Sign(
                "a few millionths of the weights, while the loss falls as slowly",
                lambda r, twin: _most(r) < 0.02 * _most(twin),
            ),
            "climbs": Sign(
                "it has a healthy size, and the loss is higher after it: the sign is wrong",
                lambda r, twin: (
                    r.moves[0].after > r.moves[0].before
                    and twin.moves[0].after < twin.moves[0].before
                    and 0.8 < _most(r) / _most(twin) < 1.25
                ),
            ),
            "ahead": Sign(
                "later a step is several times rate × gradient: old gradients are in it",
                lambda r, twin: r.moves[1].ahead > 2 * max(1.0, twin.moves[1].ahead),
            ),
        },
    ),
    "weights": Meter(
        "size of the weights",
        "How large do they begin, and do they move?",
        ("weights",),
        panels.weights,
        {
            "zero": Sign("all weights are 0, at both ends", lambda r, twin: max(r.weights[0]) == 0),
            "wide": Sign("they begin near 3", lambda r, twin: min(r.weights[0]) > 1.8),
            "equal": Sign(
                "they begin at exactly the same size in every layer",
                lambda r, twin: max(r.weights[0]) - min(r.weights[0]) < 1e-9,
            ),
            "narrow": Sign("they begin at a twentieth", lambda r, twin: max(r.weights[0]) < 0.08),
            "second": Sign(
                "those of the second layer begin several times the twin's: one unit stands before them",
                lambda r, twin: r.weights[0][1] > 2.2 * twin.weights[0][1],
            ),
            "lost": Sign(
                "they began soundly and are no number now",
                lambda r, twin: _lost(r.weights[1]) or max(r.weights[1]) > 10,
            ),
            "melted": Sign(
                "they began soundly and have melted",
                lambda r, twin: max(r.weights[1]) < max(r.weights[0]) / 3,
            ),
            "still": Sign("they are where they began", lambda r, twin: _moved(r) < 0.003),
        },
    ),
    "columns": Meter(
        "columns and target",
        "Are they of one size, and the same in use as in training?",
        ("columns",),
        panels.columns,
        {
            "target": Sign(
                "the target stands near 200,000; the columns are sound",
                lambda r, twin: r.columns[-1].spread > 1000,
            ),
            "raw": Sign("one column stands in the thousands", lambda r, twin: max(_xs(r)) > 100),
            "raw in use": Sign(
                "scaled in training, in the thousands in use",
                lambda r, twin: any(c.use_spread > 20 * c.spread for c in r.columns[:-1]),
            ),
            "leaks": Sign(
                "in training one column agrees with the target almost entirely, in use not at all",
                lambda r, twin: max(c.agrees - c.use_agrees for c in r.columns[:-1]) > 0.6,
            ),
        },
    ),
    "batches": Meter(
        "batches",
        "How many rows are in one, and are the classes mixed?",
        ("columns",),
        panels.batches,
        {
            "one": Sign("a batch is a single row", lambda r, twin: r.batch == 1 < twin.batch),
            "sorted": Sign(
                "the first batches hold one class, the last ones the other",
                lambda r, twin: len(r.shares) > 1 and r.shares[0] == 0 and r.shares[-1] == 1,
            ),
        },
    ),
    "answers": Meter(
        "what it answers",
        "Does it reach where the targets are, in every class?",
        ("answer",),
        panels.answers,
        {
            "lost": Sign("no number", lambda r, twin: _lost(r.range)),
            "beyond": Sign(
                "asked for chances, it says 0 always, or more than 1",
                lambda r, twin: r.range[2:] == (0, 1) and (r.range[1] == 0 or r.range[1] > 1),
            ),
            "pressed": Sign(
                "its answers lie between 0 and 1, and the targets do not",
                lambda r, twin: (
                    r.range[0] > 0
                    and r.range[1] - r.range[0] > 0.05
                    and 0.3 < r.range[1] <= 1
                    and r.range[2] < -0.5
                ),
            ),
            "cut": Sign(
                "its lowest answer is exactly 0, and targets lie below",
                lambda r, twin: r.range[0] == 0 and r.range[2] < -0.5,
            ),
            "one": Sign("it says the same of every row", lambda r, twin: r.range[1] - r.range[0] < 0.02),
            "rare": Sign(
                "nearly all of class 0 is right, and little of class 1",
                lambda r, twin: (
                    bool(r.held.found)
                    and (r.held.found[0] > 0.9 and r.held.found[1] < 0.35 < twin.held.found[1])
                ),
            ),
        },
    ),
    "held-back": Meter(
        "training and held-back rows",
        "Is it as good on rows that it never saw?",
        ("answer", "loss"),
        panels.held_back,
        {
            "lost": Sign("no number", lambda r, twin: _lost([r.trained.loss, r.held.loss])),
            "by heart": Sign(
                "almost no loss in training, and more than knowing nothing on held-back rows: by heart",
                lambda r, twin: r.trained.loss / r.ignorance < 0.05 and r.held.loss / r.ignorance > 1,
            ),
            "too good": Sign(
                "almost no loss on both, better than the twin can be: see the columns",
                lambda r, twin: r.held.loss / r.ignorance < 0.2 and r.held.loss < twin.held.loss / 2,
            ),
            "nothing": Sign(
                "held-back rows cost what knowing nothing costs: there is nothing in it for them",
                lambda r, twin: r.held.loss / r.ignorance > 0.95,
            ),
            "poor": Sign(
                "training and held-back rows are equally poor: it cannot, or may not, do better",
                lambda r, twin: (
                    r.trained.loss > 1.3 * twin.trained.loss and r.trained.loss / r.ignorance > 0.3
                ),
            ),
        },
    ),
    "score": Meter(
        "score in use",
        "What do its users get?",
        ("answer",),
        panels.score,
        {
            "wild": Sign(
                "the loss in use is beyond all measure", lambda r, twin: not r.used.loss / r.ignorance <= 50
            ),
            "sure": Sign(
                "in use it is wrong and sure: far more than knowing nothing costs",
                lambda r, twin: r.used.loss / r.ignorance > 1.35,
            ),
            "nothing": Sign("in use it knows nothing", lambda r, twin: r.used.loss / r.ignorance > 0.95),
            "poor": Sign(
                "in use it is poorer than the twin", lambda r, twin: r.used.fair < twin.used.fair - 0.1
            ),
        },
    ),
    "eight": Meter(
        "training on eight rows",
        "Can it learn so few by heart?",
        ("columns", "units", "weights", "answer", "loss"),
        panels.eight,
        {
            "lost": Sign("no number even there", lambda r, twin: not np.isfinite(r.eight)),
            "fails": Sign(
                "it cannot even learn eight rows: the machine is broken, not the rows",
                lambda r, twin: r.eight > 0.1 and r.eight > 10 * twin.eight,
            ),
        },
    ),
}

"""A net that does not do well, and its gauges: name the cause.

    loss 0.77 → 0.70, gradient 0.00004 in front, 0.39 at the back
      →  the gradient fades on its way to the front

Each case is the healthy recipe with one thing changed; data, widths and seeds are a disguise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Choice, Option, Sheet, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.paper import do, see
from drops.exercises.params import one_of
from drops.exercises.worksheet import Misconception
from drops.text import MINUS, number
from nnlab import SGD, Adam, Net, Trainer, data


@dataclass(frozen=True)
class Recipe:
    """How a net is made, fed and trained; the defaults are healthy."""

    layers: int = 2
    width: int = 16
    squash: str = "relu"
    init: str | tuple[str, float] = "he"
    lr: float = 0.3
    adam: bool = False
    steps: int = 400
    batch: int | None = 20
    rows: int = 200
    noise: float = 0.1
    stretch: float = 0.0  # the first column times this, and three times this added
    rare: bool = False  # one row in twenty belongs to class 1, and the classes overlap


@dataclass(frozen=True)
class Case:
    """One thing changed, the cause in words, the gauge that gives it away, and the repair."""

    name: str
    change: Callable[[Recipe], Recipe]
    cause: str
    tell: str
    repair: str


# fmt: off
CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case(
            "vanishing", lambda r: replace(r, layers=8, squash="sigmoid", init="xavier"),
            "the gradient fades on its way to the front",
            "The first layer's gradient is hundreds of times smaller than the last one's.",
            "ReLU with He, or tanh with Xavier"),
        Case(
            "no-squash", lambda r: replace(r, squash="linear"), "the hidden layers have no squash",
            "Gradients reach every layer, yet the output bends by 0 between rows: one straight formula.",
            "a squash between the layers"),
        Case(
            "twins", lambda r: replace(r, init=("constant", 0.1)), "all units of a layer are the same",
            "Every unit has the same weights as its neighbour, so a layer learns as one unit.",
            "a random start"),
        Case(
            "slow-rate", lambda r: replace(r, lr=0.0001), "the learning rate is far too low",
            "Gradients are healthy everywhere, but one step moves the weights by almost nothing.",
            "a learning rate of 0.3"),
        Case(
            "overfit",
            lambda r: replace(r, rows=40, noise=0.6, width=64, lr=0.01, adam=True, steps=800, batch=None),
            "it learned its training rows by heart",
            "The training loss is near 0, the validation loss far above the 0.69 of knowing nothing.",
            "a brake, or more rows"),
        Case(
            "unscaled", lambda r: replace(r, stretch=1000.0), "a column was not scaled",
            "One column spreads over hundreds, and the loss starts far above 0.69.",
            "scale by the training rows"),
        Case(
            "imbalance", lambda r: replace(r, rare=True, noise=0.5), "it neglects the rare class",
            "Accuracy looks fine, but of the rare class it finds only a part.", "weigh the rare class more"),
        Case(
            "too-narrow", lambda r: replace(r, width=1, squash="tanh", init="xavier"),
            "the hidden layers are too narrow",
            "With one unit a layer, training and validation stay equally poor, as nothing can be fenced in.",
            "more units"),
    )
}
# fmt: on
_SETS: Mapping[str, tuple[str, ...]] = {
    "depth": ("vanishing", "no-squash", "twins", "slow-rate"),
    "width": ("overfit", "unscaled", "imbalance", "too-narrow"),
}


def _rows(recipe: Recipe, shape: str, seed: int) -> tuple[Any, Any]:
    n = recipe.rows * (20 if recipe.rare else 1)
    X, y = (data.circle if shape == "circle" else data.moons)(n, seed=seed, noise=recipe.noise)
    if recipe.rare:  # every row of class 0, one in nineteen of class 1
        keep = np.flatnonzero((y == 0) | (np.cumsum(y == 1) % 19 == 0))[: 2 * recipe.rows]
        X, y = X[keep], y[keep]
    if recipe.stretch:
        X = X * [recipe.stretch, 1.0] + [3 * recipe.stretch, 0.0]
    return X, y


@lru_cache(maxsize=64)
def measured(case: str, shape: str, width: int, seed: int) -> Mapping[str, float]:
    """Trains the case and reads its gauges."""
    recipe = CASES[case].change(Recipe(width=width))
    (X, y), (V, v) = _rows(recipe, shape, seed), _rows(recipe, shape, seed + 1)
    net = Net(
        "-".join(["2", *[str(recipe.width)] * recipe.layers, "1"]),
        hidden=recipe.squash,
        loss="bce",
        init=recipe.init,
        seed=seed,
    )
    first = net.backward(X, y)
    norms = [float(np.linalg.norm(net[i].dW)) for i in range(recipe.layers + 1)]
    before = net.theta.copy()
    optimiser = Adam(recipe.lr) if recipe.adam else SGD(recipe.lr)
    trainer = Trainer(net, (X, y), optimiser, batch=recipe.batch, seed=seed)
    moved = 0.0
    for i, _ in enumerate(trainer.steps(recipe.steps)):
        if i == 0:
            moved = float(np.linalg.norm(net.theta - before) / np.linalg.norm(before))
    said = net.predict(V)
    rare = said[v == 1] > 0.5
    weights = net[0].W
    alike = float(np.mean(np.ptp(weights, axis=0) < 1e-9)) if len(weights) > 1 else 0.0
    a, b = V[: len(V) // 2], V[len(V) // 2 : 2 * (len(V) // 2)]
    return {
        "step 0": first,
        "end": net.loss(X, y),
        "validation": net.loss(V, v),
        "accuracy": net.accuracy(V, v),
        "found": float(rare.mean()),
        "front": norms[0],
        "back": norms[-1],
        "moved": moved,
        "alike": alike,
        "bend": _bend(net, a, b),
        "spread": float(X.std(axis=0).max()),
    }


def _bend(net: Net, a: Any, b: Any) -> float:
    """How far the last sum between two rows lies from the middle of their sums; 0 for a straight formula."""

    def sums(rows: Any) -> Any:
        return net.values(rows)[f"z{sum(layer.weighted for layer in net.layers)}"]

    return float(np.abs(sums((a + b) / 2) - (sums(a) + sums(b)) / 2).max())


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _size(value: float) -> str:
    """Three figures, however small: a faded gradient must not read as the 0 of a dead unit."""
    digits = 0 if value >= 100 else 3 if value >= 0.001 or value == 0 else 12
    if digits == 12:
        return f"{value:.1e}".replace("-", MINUS)
    return number(value, digits)


# ── what people do instead ────────────────────────────────────────────────────────────────

MISCONCEPTIONS = {
    name: Misconception(f"took it for: {case.cause}", case.cause, case.tell) for name, case in CASES.items()
}


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Gauges(Exercise):
    case: str
    offered: tuple[str, ...]
    shape: str
    width: int
    seed: int

    kind = "gauges"
    fields = ()
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """`about` in `params` names a set of look-alikes: "depth" or "width"."""
        names = list(_SETS[one_of(params, "about", _SETS) or str(rng.choice(list(_SETS)))])
        rng.shuffle(names)
        case = str(rng.choice(names))
        shape = "circle" if case in ("no-squash", "too-narrow") else str(rng.choice(["circle", "moons"]))
        return cls(case, tuple(names), shape, int(rng.integers(12, 25)), int(rng.integers(1, 10_000)))

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        _ = asked, answers
        found = CASES[self.case]
        told = f"The cause: **{found.cause}**. {found.tell} The repair: {found.repair}."
        return (
            do(
                Words(
                    f"A yes-no net {self._sizes()} on two columns, after its training. "
                    "Knowing nothing costs 0.693."
                ),
                self._sheet(),
                ask=Choice(
                    "What is wrong with it?",
                    tuple(
                        Option(
                            CASES[name].cause,
                            name == self.case,
                            f"{found.tell}"
                            if name == self.case
                            else f"With that cause you would read this: {_lower(CASES[name].tell)}",
                            "" if name == self.case else name,
                        )
                        for name in self.offered
                    ),
                ),
            ),
            see(Words(told)),
        )

    def _sizes(self) -> str:
        recipe = CASES[self.case].change(Recipe(width=self.width))
        return "-".join(["2", *[str(recipe.width)] * recipe.layers, "1"])

    def _sheet(self) -> Sheet:
        g = measured(self.case, self.shape, self.width, self.seed)
        rows = (
            ("loss before the first step", number(g["step 0"])),
            ("training loss at the end", number(g["end"])),
            ("validation loss at the end", number(g["validation"])),
            ("validation accuracy", number(g["accuracy"], 2)),
            ("share of class 1 that it finds", number(g["found"], 2)),
            ("gradient at step 0, first layer", _size(g["front"])),
            ("gradient at step 0, last layer", _size(g["back"])),
            ("first step ÷ size of the weights", _size(g["moved"])),
            ("first-layer columns where all units agree", f"{g['alike'] * 100:.0f} %"),
            ("bend of the output between rows", number(g["bend"])),
            ("widest spread of a column", number(g["spread"], 1)),
        )
        return Sheet(("gauge", "reads"), rows, "; ".join(f"{name}: {value}" for name, value in rows) + ".")

"""A batch buys a steadier step: noise falls with the root of its rows, and steps are what a net learns by.

noise 12 for one row   →   4 for a batch of 9    the same epochs, twice the batch   →   half the steps
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from drops.exercises.blocks import Figure, Knob, Point, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.live import Table
from drops.networks.nets import empty_plane
from drops.networks.nudged import Hold
from drops.networks.training.race import Stepper, race
from drops.text import number
from nnlab import SGD, Net, Trainer, data
from nnlab.plan import Array

ROWS, DRAWN, EPOCHS, STEPS, RATE = 512, 40, 20, 400, 0.1
SIZES = (1, 4, 16, 64, 256)
RACED = (1, 8, 64, 512)

@lru_cache(maxsize=1)
def moons() -> Table:
    """(X, y): 512 rows of two moons that overlap a little."""
    return data.moons(ROWS, noise=0.2, seed=1)


def _net(start: int) -> Net:
    return Net("2-16-1", hidden="relu", out="sigmoid", loss="bce", init="he", seed=start)


def _gradient(net: Net, X: Array, y: Array) -> Array:
    net.backward(X, y)
    return np.concatenate([part.ravel() for layer in (net[0], net[1]) for part in (layer.dW, layer.db)])


@lru_cache(maxsize=64)
def gradients(size: int, start: int) -> tuple[Array, Array]:
    """The gradient of all rows, (parameters,), and those of 40 batches, (40, parameters)."""
    (X, y), net, rng = moons(), _net(start), np.random.default_rng(start)
    some = [rng.choice(ROWS, size, replace=False) for _ in range(DRAWN)]
    return _gradient(net, X, y), np.array([_gradient(net, X[at], y[at]) for at in some])


def noise(size: int, start: int) -> float:
    """How far a batch's gradient is from that of all rows, as a share of it: root of the mean square."""
    whole, each = gradients(size, start)
    return float(np.sqrt(np.mean(np.sum((each - whole) ** 2, axis=1))) / np.linalg.norm(whole))


def draw_batch_arrows(params: Mapping[str, Any]) -> Drawing:
    """```figure batch-arrows: batch → where forty batches want to go, beside what all rows want."""
    knobs = (Knob("batch", "batch", 0, 4, 1, SIZES.index(int(params["batch"])), tuple(map(str, SIZES))),)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        size = SIZES[int(v["batch"])]
        whole, each = gradients(size, 1)
        length = np.linalg.norm(whole)
        along = each @ whole / length**2
        across = each - np.outer(along, whole)
        aside = np.linalg.norm(across, axis=1) / length * np.sign(across @ np.arange(len(whole)))
        times = number(noise(size, 1))
        says = f"One start, batches of {size}: the noise is {times} times as long as the gradient."
        dots = tuple(
            Point(float(x), float(y), 1) for x, y in zip(along, aside, strict=True) if max(abs(x), abs(y)) < 4
        )
        plane = empty_plane(
            (-4.0, 4.0), says, points=(*dots, Point(1, 0, 0, "all")), classes=("all 512 rows", "a batch"),
            x_label="along the gradient of all rows", y_label="aside",
        )  # fmt: skip
        return plane, Words(says)

    says = "Take larger batches. How many rows halve the noise?"
    return Drawing((Figure(knobs, show, says),), {f"noise_{size}": noise(size, 1) for size in (1, 4, 16)})


def _trained(size: int, starts: int, first: int = 0) -> tuple[Any, Trainer]:
    fleet = _net(first).fleet(starts)
    return fleet, Trainer(fleet, moons(), SGD(RATE), batch=size)


def race_batches(params: Mapping[str, Any]) -> Drawing:
    """steps → four batches over as many steps, or over twenty epochs where it is 0; six starts each."""
    steps = int(params["steps"])

    def entrants(again: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for size in reversed(RACED):
            fleet, trainer = _trained(size, 6, 6 * again)
            yield f"batch {size}", partial(_on, fleet, hold(trainer), steps)

    told = f"The same {number(steps)} steps" if steps else "The same twenty epochs"
    prompt = f"{told}, in batches of 1, 8, 64 and 512."
    far, counted = (EPOCHS, "epoch") if not steps else (steps, "step")
    return Drawing(run=race(prompt, entrants, far, top=0.8, below=0.1, counted=counted))


def _on(fleet: Any, trainer: Trainer, steps: int) -> float:
    """Takes a step, or goes once through all rows, and gives the loss before it."""
    loss = float(np.median(fleet.loss(*moons())))
    for _ in trainer.steps(1) if steps else trainer.epochs(1):
        pass
    return loss


# ── claims ────────────────────────────────────────────────────────────────────────────────


def batch_noise(size: int, starts: int = 20) -> Mapping[str, float]:
    """The noise of a batch as a share of the gradient, at the start, median of the starts."""
    return {"noise": float(np.median([noise(size, start) for start in range(starts)]))}


def batch_runs(size: int, epochs: int = 0, steps: int = 0, starts: int = 20) -> Mapping[str, float]:
    """The median loss after so many epochs, or steps, in batches of this size."""
    fleet, trainer = _trained(size, starts)
    for _ in trainer.epochs(epochs) if epochs else trainer.steps(steps):
        pass
    return {"loss": float(np.median(fleet.loss(*moons()))), "runs": float(starts)}

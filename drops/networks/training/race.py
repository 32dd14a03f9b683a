"""Trainings side by side, live: each a function that goes on a little and tells the loss.

race("Watch.", lambda again, hold: [("raw", …), ("scaled", …)], 300, top=2.0, below=0.1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from drops.exercises.blocks import Curve, Frame, Run, Series, Words
from drops.networks.live import Table
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import Net, Trainer
from nnlab.optim import Optimiser

Stepper = Callable[[], float]  # takes a step, or goes on for an epoch, and gives the loss
PAINTED = 60  # frames of a race, at most


def race(
    prompt: str,
    entrants: Callable[[int, Hold], Iterable[tuple[str, Stepper]]],
    steps: int,
    top: float,
    below: float,
    what: str = "loss",
    counted: str = "step",
    weights: Sequence[str] = ("W1[1,1]",),
) -> Run:
    """A run of the `entrants` of one start, made one a pull, then step by step; what they hold can be
    turned. A loss above `top` is drawn along the edge; the first to come below `below` is the moment that
    is marked.
    """

    def frames(again: int, hold: Hold) -> Iterator[Frame | None]:
        steppers: dict[str, Stepper] = {}
        for name, step in entrants(again, hold):
            steppers[name] = step
            yield None
        lines: dict[str, list[tuple[float, float]]] = {name: [] for name in steppers}
        every, moment = max(1, steps // PAINTED), ""
        for at in range(steps + 1):
            for name, step in steppers.items():
                loss = step()
                if not moment and loss < below:
                    moment = f"{name} comes below {number(below)}, {counted} {at}"
                if at % every == 0 or at == steps:
                    lines[name].append((float(at), loss))
            shown = at % every == 0 or at == steps
            yield _frame(lines, at / steps, top, moment, what, counted) if shown else None

    return nudgeable(prompt, frames, weights)


def followed(net: Net, rows: Table, rule: Optimiser, steps: int) -> tuple[float, ...]:
    """The loss after 0, 10, 20 … steps on all rows; the median of a fleet."""
    with np.errstate(all="ignore"):
        losses = [float(np.median(net.step(rows[0], rows[1], rule))) for _ in range(steps + 1)]
    return tuple(losses[::10])


def epochs_of(training: Trainer, epochs: int, judged: Stepper | None = None) -> Stepper:
    """An epoch a call: its loss, the median of a fleet, or what it is `judged` by. What ran away has none."""
    going = training.epochs(epochs + 1)

    def step() -> float:
        with np.errstate(all="ignore"):
            stretch = next(going, None)
            if stretch is None:
                return np.inf
            return judged() if judged else float(np.median(stretch.loss))

    return step


def _frame(
    lines: Mapping[str, list[tuple[float, float]]],
    done: float,
    top: float,
    moment: str,
    what: str,
    counted: str,
) -> Frame:
    says = f"{what.capitalize()} now: {', '.join(f'{_told(p[-1][1], top)} ({n})' for n, p in lines.items())}."
    series = tuple(Series(name, tuple(points)) for name, points in lines.items())
    picture = Curve(series, f"{counted}s", what, says, window=(0.0, top), ceiling=top)
    return Frame((picture, Words(says)), done, says, moment)


def _told(loss: float, top: float) -> str:
    """A loss as it is read; one that ran away is no longer a number to compare."""
    return number(loss, 3) if loss <= top else f"more than {number(top)}"

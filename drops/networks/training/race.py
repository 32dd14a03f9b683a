"""Trainings side by side, live: each a function that goes on a little and tells the loss.

race("Watch.", lambda again, hold: [("raw", …), ("scaled", …)], 300, top=2.0, below=0.1)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from drops.exercises.blocks import Curve, Frame, Run, Series, Words
from drops.networks.live import Table
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import Net, Trainer
from nnlab.optim import Optimiser

Stepper = Callable[[], float]  # takes a step, or goes on for an epoch, and gives the loss
PAINTED = 60  # frames of a race, at most


class Entrant(NamedTuple):
    """One that races. What it is judged by, if not by its own loss, is asked only where that is shown."""

    name: str
    step: Stepper
    judged: Callable[[], float] | None = None


def race(
    prompt: str,
    entrants: Callable[[int, Hold], Iterable[Entrant | tuple[str, Stepper]]],
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
        racing: list[Entrant] = []
        for one in entrants(again, hold):
            racing.append(Entrant(*one))
            yield None
        lines: dict[str, list[tuple[float, float]]] = {one.name: [] for one in racing}
        every, moment = max(1, steps // PAINTED), ""
        for at in range(steps + 1):
            shown = at % every == 0 or at == steps
            for name, step, judged in racing:
                loss = step()
                if judged is not None:
                    loss = judged() if shown else np.inf
                if not moment and loss < below:
                    moment = f"{name} comes below {number(below)}, {counted} {at}"
                if shown:
                    lines[name].append((float(at), loss))
            yield _frame(lines, (at, steps), top, moment, what, counted) if shown else None

    return nudgeable(prompt, frames, weights)


def followed(net: Net, rows: Table, rule: Optimiser, steps: int) -> tuple[float, ...]:
    """The loss after 0, 10, 20 … steps on all rows; the median of a fleet."""
    with np.errstate(all="ignore"):
        losses = [float(np.median(net.step(rows[0], rows[1], rule))) for _ in range(steps + 1)]
    return tuple(losses[::10])


def epochs_of(training: Trainer, epochs: int) -> Stepper:
    """An epoch a call: its loss, the median of a fleet. What ran away has none."""
    going = training.epochs(epochs + 1)

    def step() -> float:
        with np.errstate(all="ignore"):
            stretch = next(going, None)
            if stretch is None:
                return np.inf
            return float(np.median(stretch.loss))

    return step


def _frame(
    lines: Mapping[str, list[tuple[float, float]]],
    at: tuple[int, int],
    top: float,
    moment: str,
    what: str,
    counted: str,
) -> Frame:
    says = f"{what.capitalize()} now: {', '.join(f'{_told(p[-1][1], top)} ({n})' for n, p in lines.items())}."
    series = tuple(Series(name, tuple(points)) for name, points in lines.items())
    far = 0.0, float(at[1])
    picture = Curve(series, f"{counted}s", what, says, window=(0.0, top), across=far, ceiling=top)
    return Frame((picture, Words(says)), at[0] / at[1], says, moment)


def _told(loss: float, top: float) -> str:
    """A loss as it is read; one that ran away is no longer a number to compare."""
    return number(loss, 3) if loss <= top else f"more than {number(top)}"

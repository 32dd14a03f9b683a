"""The live trainings of this phase, twenty nets of each: a disc is fenced in, and a wave is bent to.

fence_in_a_disc   drop 2: nets with 1, 2 and 3 hidden units
bend_to_a_wave    drop 3: the same small net, with more and more of a bend
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from statistics import median  # numpy's would import numpy.ma in the middle of the run: 8 ms, 1.2 MB
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from drops.exercises.blocks import (
    Beside,
    Curve,
    Frame,
    Point,
    Series,
    Sheet,
    Show,
    Surface,
    Words,
)
from drops.exercises.figure import Drawing
from drops.networks.live import LIGHT, filmed, one_by_one
from drops.networks.nets import empty_plane, plane, points
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import Activation, Adam, Dense, Fleet, Net, Trainer, data
from nnlab.activations import leaky

RUNS = 20  # nets of each kind, from seeds of their own

# ── a disc fenced in ──

WIDTHS = (1, 2, 3)
FENCING_STEPS, FENCING_CHUNK = 600, 5
FENCING_FILMED = 10  # steps between two moments that are kept: fifteen a second of the show
CHOSEN = 60  # steps after which the net in the middle of its twenty is the one that is drawn
RATE = 0.1
FIRST_UNIT = ("W1[1,1]", "W1[1,2]", "b1[1]", "W2[1,1]")  # what can be turned by hand: each net has one
COLUMNS, ROWS = 36, 18
RING_AND_DISC = ("ring", "disc")  # what the points are, by their label


def disc_in_a_ring() -> Surface:
    """The points before any net has seen them."""
    said = "200 points: a disc, and a ring around it."
    return empty_plane((-2.2, 2.2), said, points=_dots(data.circle(200), 200), classes=RING_AND_DISC)


def _dots(table: data.Dataset, count: int) -> tuple[Point, ...]:
    rows = zip(table.X[:count], table.y[:count], strict=True)
    return tuple(Point(float(x), float(y), int(label)) for (x, y), label in rows)


def fence_in_a_disc(seed: int, hold: Hold) -> Iterator[Frame | None]:
    """Trains 3 × 20 nets on one disc of 200 points."""
    disc = data.circle(200, seed=seed % 10_000)
    nets = (Net(f"2-{w}-1", hidden="tanh", loss="bce", seed=seed % 10_000, dtype=LIGHT) for w in WIDTHS)
    fleets = yield from one_by_one(net.fleet(RUNS) for net in nets)
    usual = yield from _usual(fleets, disc)
    trainers = yield from one_by_one(hold(Trainer(fleet, disc, Adam(RATE))) for fleet in fleets)
    training = [trainer.epochs(FENCING_STEPS, every=FENCING_CHUNK) for trainer in trainers]
    dots = _dots(disc, 60)  # once: every moment of the film holds these
    for step in range(FENCING_CHUNK, FENCING_STEPS + 1, FENCING_CHUNK):
        for events in training:
            next(events)
            yield None
        if step % FENCING_FILMED == 0:
            yield _fencing_frame(fleets, usual, disc, dots, step)


def _usual(fleets: Sequence[Fleet], disc: data.Dataset) -> Generator[None, None, list[int]]:
    """Of each twenty which one is drawn: a net that does as most do. They are trained a little for it, and
    put back; nobody nudges that, so a nudge draws no other net."""
    found: list[int] = []
    for fleet in fleets:
        start = fleet.theta.copy()
        for _ in Trainer(fleet, disc, Adam(RATE)).epochs(CHOSEN, every=FENCING_CHUNK):
            yield None
        found.append(int(np.argsort(fleet.accuracy(*disc), kind="stable")[RUNS // 2]))
        fleet.theta[...] = start
    return found


def _fencing_frame(
    fleets: list[Fleet],
    usual: list[int],
    disc: data.Dataset,
    dots: tuple[Point, ...],
    step: int,
) -> Frame:
    X, y = disc
    pictures: list[Show] = []
    told: list[str] = []
    moment = ""
    for width, fleet, shown in zip(WIDTHS, fleets, usual, strict=True):
        right = fleet.accuracy(X, y)
        closed = int(np.sum(right >= 0.99))
        units = "1 hidden unit" if width == 1 else f"{width} hidden units"
        says = f"{units}: {right[shown] * 100:.0f} % right, {closed} of {RUNS} runs fenced the disc in."
        told.append(says)
        if width == WIDTHS[-1] and closed > RUNS // 2:
            moment = f"the third line closes it, step {step}"
        pictures.append(_map(fleet, shown, dots, units, says))
    done = step / FENCING_STEPS
    return Frame((Beside(tuple(pictures)), Words("  \n".join(told))), done, " ".join(told), moment)


def _map(fleet: Fleet, shown: int, dots: tuple[Point, ...], title: str, says: str) -> Surface:
    """What one of the twenty makes of the plane, with a part of the points on it."""
    one = fleet.net
    one.theta[...] = fleet.theta[shown]
    values = filmed(one.predict(plane(-2.2, 2.2, COLUMNS, ROWS)), COLUMNS)
    return Surface(values, (-2.2, 2.2), (-2.2, 2.2), says, points=dots, title=title, classes=RING_AND_DISC)


# ── a wave bent to ──

SLOPES = (1.0, 0.9, 0.75, 0.5, 0.0)  # below zero; 1 is no squash, 0 is ReLU
UNITS, BENDING_STEPS, BENDING_CHUNK = 8, 1000, 10
FILMED = 20  # steps between two moments that are kept
BENDING_RATE = 0.03
FOLLOWS = 0.02  # the loss of a net that can be taken for the wave


def bent(slope: float, seed: int = 0, dtype: DTypeLike = np.float64) -> Net:
    """1-8-1 with a leaky ReLU of this slope below zero."""
    return Net(Dense(UNITS), Activation(leaky(slope)), Dense(1), input=1, seed=seed, dtype=dtype)


def draw_best_fit(params: Mapping[str, Any]) -> Drawing:
    """```figure best-fit: bends → what the best of many nets comes to on the wave: without a bend the best
    straight line, with one the wave.
    """
    x, y = data.sine(100, frequency=1.5)
    along = x[:, 0]
    slope, constant = np.polyfit(along, y, 1)
    fit = y if params["bends"] else slope * along + constant
    dots = Series("the wave", points(along, y), "dots")
    says = "What the best of many nets comes to, and the wave."
    return Drawing((Curve((Series("the best net", points(along, fit)), dots), "x", "y", says),), {})


def bend_a_wave(_: Mapping[str, Any]) -> Drawing:
    """```figure bend-a-wave → sin(1.5x) fitted with twenty nets for each slope: a training to close on."""
    prompt = "Fit the wave with less and less of a straight line."
    closes = "Only α = 1 stays a straight line: with any bend at all the best net turns with the wave."
    return Drawing(run=nudgeable(prompt, bend_to_a_wave, ("W1[1,1]", "b1[1]", "W2[1,1]"), closes=closes))


def bend_to_a_wave(seed: int, hold: Hold) -> Iterator[Frame | None]:
    """Trains 5 × 20 nets, each kind with another slope below zero, on one wave of 100 points."""
    wave = data.sine(100, frequency=1.5)
    fleets = yield from one_by_one(bent(slope, seed % 10_000, LIGHT).fleet(RUNS) for slope in SLOPES)
    trainers = yield from one_by_one(hold(Trainer(fleet, wave, Adam(BENDING_RATE))) for fleet in fleets)
    training = [trainer.epochs(BENDING_STEPS, every=BENDING_CHUNK) for trainer in trainers]
    losses: list[Any] = [None] * len(fleets)  # as training left them: asking again takes a plan a fleet
    along = wave.X[:, 0].tolist()  # every moment of the film holds these numbers, once
    dots = Series("the wave", points(along, wave.y), "dots")
    for step in range(BENDING_CHUNK, BENDING_STEPS + 1, BENDING_CHUNK):
        for i, events in enumerate(training):
            losses[i] = next(events).losses[-1]
            yield None
        if step % FILMED == 0:
            yield _bending_frame(fleets, losses, along, dots, step)


def _bending_frame(
    fleets: list[Fleet], losses: list[Any], along: list[float], dots: Series, step: int
) -> Frame:
    series, rows, x = [dots], [], np.reshape(along, (-1, 1))
    for slope, fleet, loss in zip(SLOPES, fleets, losses, strict=True):
        best = int(np.argmin(loss))
        rows.append((f"α = {number(slope)}", number(loss[best], 4), number(median(loss.tolist()), 4)))
        if slope in (1.0, 0.9, 0.0):
            one = fleet.net
            one.theta[...] = fleet.theta[best]
            series.append(Series(f"α = {number(slope)}", points(along, one.predict(x))))
    told = "; ".join(f"{name}: best error {least}, median {median}" for name, least, median in rows)
    says = f"After {step} steps, 20 nets each. {told}."
    table = Sheet(("slope below 0", "best of 20", "median"), tuple(rows), says)
    bent_best = float(losses[-1].min())
    moment = f"with ReLU the best net follows the wave, step {step}" if bent_best < FOLLOWS else ""
    curve = Curve(tuple(series), "x", "y", says, window=(-1.3, 1.3), across=(min(along), max(along)))
    return Frame((Beside((curve, table)),), step / BENDING_STEPS, says, moment)

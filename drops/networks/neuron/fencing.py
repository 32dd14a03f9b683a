"""The live training of drop 2: nets with 1, 2 and 3 hidden units try to fence in a disc, twenty of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from drops.exercises.blocks import Beside, Frame, Point, Show, Surface, Words
from drops.networks.live import one_by_one
from drops.networks.nets import as_grid, plane
from nnlab import Adam, Fleet, Net, Trainer, data

WIDTHS = (1, 2, 3)
RUNS, STEPS, CHUNK = 20, 600, 5
COLUMNS, ROWS = 36, 18


def fence_in_a_disc(seed: int, verdict: str) -> Iterator[Frame | None]:
    """Trains 3 × 20 nets on one disc of 200 points; `verdict` closes the last frame."""
    disc = data.circle(200, seed=seed % 10_000)
    nets = (Net(f"2-{w}-1", hidden="tanh", loss="bce", seed=seed % 10_000) for w in WIDTHS)
    fleets = yield from one_by_one(net.fleet(RUNS) for net in nets)
    training = [Trainer(fleet, disc, Adam(0.1)).epochs(STEPS, every=CHUNK) for fleet in fleets]
    for step in range(CHUNK, STEPS + 1, CHUNK):
        for events in training:
            next(events)
            yield None
        if step % 15 == 0:
            yield _frame(fleets, disc, step, verdict)


def _frame(fleets: list[Fleet], disc: data.Dataset, step: int, verdict: str) -> Frame:
    X, y = disc
    pictures: list[Show] = []
    told: list[str] = []
    moment = ""
    for width, fleet in zip(WIDTHS, fleets, strict=True):
        right = fleet.accuracy(X, y)
        closed = int(np.sum(right >= 0.99))
        units = "1 hidden unit" if width == 1 else f"{width} hidden units"
        says = f"{units}: {right[0] * 100:.0f} % right, {closed} of {RUNS} runs fenced the disc in."
        told.append(says)
        if width == WIDTHS[-1] and closed > RUNS // 2:
            moment = f"the third line closes it, step {step}"
        pictures.append(_map(fleet, disc, units, says))
    done = step / STEPS
    lines = [*told, *([verdict] if step == STEPS else [])]
    return Frame((Beside(tuple(pictures)), Words("  \n".join(lines))), done, " ".join(lines), moment)


def _map(fleet: Fleet, disc: data.Dataset, title: str, says: str) -> Surface:
    """What the first of the twenty makes of the plane, with a part of the points on it."""
    one = fleet.net
    one.theta[...] = fleet.theta[0]
    values = as_grid(one.predict(plane(-2.2, 2.2, COLUMNS, ROWS)), COLUMNS)
    rows = zip(disc.X[:60], disc.y[:60], strict=True)
    points = tuple(Point(float(x), float(y), int(label)) for (x, y), label in rows)
    return Surface(values, (-2.2, 2.2), (-2.2, 2.2), says, points=points, title=title)

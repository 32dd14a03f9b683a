"""Read it before you touch it: the loss at step 0, a step beside its weights, eight rows by heart.

three classes, nothing known   →   ln 3 = 1.10    the wine net as He starts it   →   about 1.55
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import log, log10
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Show, Strip, Words
from drops.exercises.figure import Drawing
from drops.networks.live import Table
from drops.networks.nets import in_each_thread, points
from drops.networks.nudged import Hold
from drops.networks.training.race import Stepper, epochs_of, followed, race
from drops.text import number
from nnlab import SGD, Net, Trainer, data
from nnlab.net import Fleet

HIDDEN, STEPS, RATE = 16, 300, 0.1
EVERY = np.arange(0, STEPS + 1, 10)
LAST = ("He", "all 0")  # how the last layer starts
TOLD = {1.0: "as He starts it", 0.0: "last layer 0", 10.0: "last layer times 10"}  # of He's weights

CAUSES = ("A", "B", "C")
CAUSE_SAYS = ("the rate is 0.0001", "all weights start at 0", "every bias starts at −10")


@lru_cache(maxsize=4)
def _flat(cause: int) -> tuple[tuple[float, ...], float, float]:
    """A sick 2-16-16-1 on two moons: its loss after 0, 10 … 300 steps; the first layer's gradient and the
    share of silent units before the first.
    """
    X, y = data.moons(200, noise=0.1, seed=1)
    init = "zeros" if cause == 1 else "he"
    net = Net(f"2-{HIDDEN}-{HIDDEN}-1", hidden="relu", out="sigmoid", loss="bce", init=init, seed=8)
    if cause == 2:
        net[0].b[:] = net[1].b[:] = -10
    net.backward(X, y)
    gradient = float(np.linalg.norm(net[0].dW))
    silent = float(np.mean(net.values(X)["h2"].max(axis=0) <= 0))
    return followed(net, (X, y), SGD(0.0001 if cause == 0 else 0.3), STEPS), gradient, silent


def draw_flat_curves(_: Mapping[str, Any]) -> Drawing:
    """```figure flat-curves → three sick nets with one curve, and the gauges that tell them apart."""
    knobs = (
        Knob("net", "net", 0, 2, 1, 0, CAUSES),
        Knob("gauges", "gauges", 0, 1, 1, 0, ("shut", "open")),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        losses, gradient, silent = _flat(int(v["net"]))
        at = int(v["net"])
        says = f"Net {CAUSES[at]}: loss {number(losses[0])} at step 0, {number(losses[-1])} at 300."
        if v["gauges"]:
            says += (
                f" First layer's gradient {number(gradient, 3)}, silent units {number(100 * silent, 0)} %. "
                f"So {CAUSE_SAYS[at]}."
            )
        line = Series("loss", points(EVERY, losses))
        return Curve((line,), "steps", "loss", says, window=(0, 1)), Words(says)

    numbers = {f"end_{name}": _flat(at)[0][-1] for at, name in enumerate(CAUSES)}
    return Drawing((Figure(knobs, show, "Look at all three. Then open the gauges."),), numbers)


@lru_cache(maxsize=1)
def wine() -> Table:
    """(X, y): 178 wines, thirteen columns standardised, three vineyards."""
    table = data.load("wine")
    return (table.X - table.X.mean(0)) / table.X.std(0), table.y


@in_each_thread
def _wine_net(classes: int) -> Net:
    return Net(f"13-{HIDDEN}-{classes}", hidden="relu", out="softmax", loss="ce", init="he", strict=False)


def wine_fleet(starts: int, last: str = "He", first: int = 0) -> Fleet:
    """The wine net from so many starts, its last layer as He would have it, or all 0."""
    fleet = _wine_net(3).fleet(starts, seeds=range(first, first + starts))
    if last == LAST[1]:
        fleet[1].W[:] = 0
    return fleet


@lru_cache(maxsize=256)
def loss_before(classes: int, last: str, start: int) -> float:
    """The loss before any step: on wine, and for other numbers of classes on its rows, dealt round."""
    X, y = wine()
    if classes != 3:
        y = np.arange(len(X)) % classes
    net = _wine_net(classes)
    net.theta[...] = net.fresh(start).theta
    if last == LAST[1]:
        net[1].W[:] = 0
    return float(net.loss(X, y))


def draw_first_loss(params: Mapping[str, Any]) -> Drawing:
    """```figure first-loss: classes → what knowing nothing costs, and what a net costs before any step."""
    knobs = (
        Knob("classes", "classes", 2, 10, 1, float(params["classes"])),
        Knob("last", "last layer", 0, 1, 1, 0, LAST),
        Knob("start", "start", 1, 20, 1, 1),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        classes, last = int(v["classes"]), LAST[int(v["last"])]
        nothing, own = log(classes), loss_before(classes, last, int(v["start"]))
        says = (
            f"{classes} classes: knowing nothing costs ln {classes} = {number(nothing)}. "
            f"This net costs {number(own)} before its first step."
        )
        return Strip(0, 5, ((nothing, "nothing"), (own, "net")), says), Words(says)

    classes = int(params["classes"])
    numbers = {f"ln_{k}": log(k) for k in range(2, 11)}
    numbers |= {"zeroed": loss_before(classes, LAST[1], 1)}
    says = "Try other starts. Then set the last layer to 0."
    return Drawing((Figure(knobs, show, says),), numbers)


def step_share(rate: float, gradient: float, weight: float) -> float:
    """How long a step is beside the weights that it changes."""
    return rate * gradient / weight


def judged(share: float) -> str:
    """What a step of this share of its weights does."""
    if share < 0.001:
        return "asleep: the weights hardly move"
    return "healthy" if share <= 0.1 else "large" if share <= 1 else "it throws the weights about"


def draw_step_share(params: Mapping[str, Any]) -> Drawing:
    """```figure step-share: rate, gradient, weight → the step as a share of the weights, in powers of ten."""
    start = {name: log10(float(params[name])) for name in ("rate", "gradient", "weight")}
    tens = tuple(number(10.0**at, 6) for at in range(-6, 4))
    knobs = tuple(Knob(name, name, -6, 3, 1, float(round(at)), tens) for name, at in start.items())

    def share(v: Mapping[str, float]) -> float:
        return step_share(*(10.0 ** v[name] for name in ("rate", "gradient", "weight")))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        says = f"A step is {number(share(v), 9)} of the weights. {judged(share(v)).capitalize()}."
        sizes = {name: 10.0 ** v[name] for name in ("rate", "gradient", "weight")}
        sizes |= {"step": sizes["rate"] * sizes["gradient"], "step ÷ weight": share(v)}
        sizes |= {"asleep below": 0.001, "healthy up to": 0.1}
        shown = Bars(tuple(Bar(*one) for one in sizes.items()), f"{says} Powers of ten.", "", log=True)
        return shown, Words(says)

    says = "Put the step to sleep, then let it throw the weights about."
    return Drawing((Figure(knobs, show, says),), {"share": share(start)})


MACHINES = ("sound", "rate 0.0001", "answers of other rows")


@lru_cache(maxsize=8)
def _by_heart(machine: str, eight: bool) -> tuple[float, ...]:
    """The loss of 2-16-16-1 on two moons, or on eight rows of them, after 0, 10 … 300 steps."""
    X, y = data.moons(200, noise=0.1, seed=1)
    if machine == MACHINES[2]:
        y = np.random.default_rng(1).permutation(y)
    if eight:
        X, y = X[::25], y[::25]
    net = Net(f"2-{HIDDEN}-{HIDDEN}-1", hidden="relu", out="sigmoid", loss="bce", init="he", seed=1)
    return followed(net, (X, y), SGD(0.0001 if machine == MACHINES[1] else 0.5), STEPS)


def draw_eight_rows(_: Mapping[str, Any]) -> Drawing:
    """```figure eight-rows → the loss on eight rows and on all 200, of a sound net and of two sick ones."""
    knobs = (Knob("machine", "net", 0, 2, 1, 0, MACHINES),)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        machine = MACHINES[int(v["machine"])]
        eight, all_rows = _by_heart(machine, True), _by_heart(machine, False)
        says = f"{machine}: on eight rows {number(eight[-1], 3)}, on all 200 {number(all_rows[-1])}."
        lines = (Series("8 rows", points(EVERY, eight)), Series("200 rows", points(EVERY, all_rows)))
        return Curve(lines, "steps", "loss", says, window=(0, 0.9)), Words(says)

    numbers = {
        f"{name}_{rows}": _by_heart(machine, rows == 8)[-1]
        for name, machine in zip(("sound", "asleep", "crossed"), MACHINES, strict=True)
        for rows in (8, 200)
    }
    says = "Which of the two sick nets learns eight rows by heart?"
    return Drawing((Figure(knobs, show, says),), numbers)


@lru_cache(maxsize=16)
def _descent(start: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The wine net after 0, 10 … 300 steps from one start: its losses, as He has it and with last layer 0."""
    he, zeroed = (followed(wine_fleet(1, last, start), wine(), SGD(RATE), STEPS) for last in LAST)
    return he, zeroed


def draw_two_starts(params: Mapping[str, Any]) -> Drawing:
    """```figure two-starts: start → the wine net from one start, as He has it and with a last layer of 0."""
    both = _descent(int(params["start"]))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        at = v["steps"]
        now = [losses[int(at) // 10] for losses in both]
        says = f"After {number(at)} steps: He {number(now[0])}, last layer 0 {number(now[1])}."
        lines = tuple(Series(name, points(EVERY, one)) for name, one in zip(LAST, both, strict=True))
        marks = tuple((at, loss, number(loss)) for loss in now)
        return Curve(lines, "steps", "loss", says, marks=marks, window=(0, 2.5)), Words(says)

    he, zeroed = both
    says = "Follow both. After how many steps does nobody see which was which?"
    numbers = {"he": he[0], "zeroed": zeroed[0], "he_end": he[-1], "zeroed_end": zeroed[-1]}
    return Drawing((Figure((Knob("steps", "steps", 0, STEPS, 10, 0),), show, says),), numbers)


def race_two_starts(params: Mapping[str, Any]) -> Drawing:
    """start, last → the wine net from one start with a last layer of so many times He's weights, beside one
    of 0; of 0 beside one that is as He has it.
    """
    start, last = int(params["start"]), float(params["last"])
    both = (last, 0.0 if last else 1.0)
    prompt = f"The wine net, one start, twice: {TOLD[both[0]]} and {TOLD[both[1]]}."

    def entrants(again: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for times in both:
            fleet = wine_fleet(1, first=start + again)
            fleet[1].W[:] *= times
            yield TOLD[times], epochs_of(hold(Trainer(fleet, wine(), SGD(RATE))), STEPS)

    return Drawing(run=race(prompt, entrants, STEPS, top=20.0 if last > 1 else 2.5, below=0.1))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def wine_starts(starts: int, last: str = "He", steps: int = 0) -> Mapping[str, float]:
    """The wine net from `starts` starts: its median loss, how many lie below ln 3, its median share right."""
    fleet = wine_fleet(starts, last)
    if steps:
        Trainer(fleet, wine(), SGD(RATE)).fit(steps)
    losses = fleet.loss(*wine())
    return {
        "loss": float(np.median(losses)), "below": float(np.mean(losses < log(3))),
        "low": float(np.quantile(losses, 0.1)), "high": float(np.quantile(losses, 0.9)),
        "accuracy": float(np.median(fleet.accuracy(*wine()))), "runs": float(starts),
    }  # fmt: skip

"""When to slow down and when to stop: plans for the rate, and patience with a validation loss.

rate 0.8, halved every 20 epochs, at epoch 45   →   0.2    cosine over 60 at epoch 20   →   0.6
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Figure, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.live import Table
from drops.networks.nudged import Hold
from drops.networks.training.brakes import noisy_tables
from drops.networks.training.race import Stepper, epochs_of, race
from drops.text import number
from nnlab import SGD, Adam, Constant, Cosine, Net, StepDecay, Trainer, WarmUp, data
from nnlab.optim import Schedule

EPOCHS, BATCH = 60, 4
PLANS: Mapping[str, Schedule] = {
    "constant": Constant(),
    "halved every 20": StepDecay(20, 0.5),
    "cosine": Cosine(EPOCHS),
}
LEFT_OUT: Mapping[str, Schedule] = {"warm-up": WarmUp(5)}  # measured, and not taught


@lru_cache(maxsize=1)
def noisy_moons() -> Table:
    """(X, y): 400 points of two moons that overlap."""
    table = data.moons(400, noise=0.25, seed=1)
    return table.X, table.y


def planned(rate: float, plan: str, starts: int, seed: int = 1) -> Trainer:
    """2-16-1 on the moons by a plan, from several starts."""
    net = Net("2-16-1", hidden="relu", loss="bce", init="he", seed=seed).fleet(starts)
    return Trainer(net, noisy_moons(), SGD(rate, schedule={**PLANS, **LEFT_OUT}[plan]), batch=BATCH)


def race_plans(params: Mapping[str, Any]) -> Drawing:
    """rate → three plans from the same starts, three nets each."""
    rate = float(params["rate"])

    def entrants(again: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for plan in PLANS:
            yield plan, epochs_of(hold(planned(rate, plan, 3, again + 1)), EPOCHS)

    prompt = f"The noisy moons, a rate of {number(rate)} at the start, three plans."
    return Drawing(run=race(prompt, entrants, EPOCHS, top=0.6, below=0.15, counted="epoch"))


# ── patience ──────────────────────────────────────────────────────────────────────────────

LEARN, HELD, NOISE, MOST = 150, 75, 1.5, 200
PATIENCE = (1, 2, 3, 5, 10, 30, 100)


def _trainer(many: int, first: int = 0) -> tuple[Trainer, Any]:
    parts = noisy_tables(many, LEARN, HELD, NOISE, first)
    net = Net("10-32-1", hidden="relu", out="linear", loss="mse", init="he", seed=1).fleet(many)
    return Trainer(net, parts.train, Adam(0.01), batch=25, validation=parts.validation), parts.test


@lru_cache(maxsize=1)
def _watched() -> tuple[float, ...]:
    """One net's validation loss after each of 200 epochs."""
    trainer, _ = _trainer(1)
    return tuple(float(stretch.validation_loss[0]) for stretch in trainer.epochs(MOST))


def stopped(losses: tuple[float, ...], patience: int) -> tuple[int, int]:
    """(the epoch that is the last one, the one whose weights are kept), counted from 1."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch + 1, best + 1
    return len(losses), best + 1


def draw_patience(_: Mapping[str, Any]) -> Drawing:
    """```figure patience → one net's validation loss, where patience stops it, and what it keeps."""

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        losses, patience = _watched(), PATIENCE[int(v["patience"])]
        last, kept = stopped(losses, patience)
        says = (
            f"Patience {patience}: it stops after epoch {last} and keeps epoch {kept}, whose validation loss "
            f"is {number(losses[kept - 1])}."
        )
        marks = ((float(kept), losses[kept - 1], "kept"), (float(last), losses[last - 1], "stops"))
        line = Series("validation loss", tuple((float(t), loss) for t, loss in enumerate(losses, 1)))
        return Curve((line,), "epoch", "loss", says, marks=marks), Words(says)

    knob = Knob("patience", "patience", 0, len(PATIENCE) - 1, 1, 0, tuple(map(str, PATIENCE)))
    ends = {p: stopped(_watched(), p) for p in PATIENCE}
    numbers = {f"{name}, {p}": end[i] for p, end in ends.items() for i, name in enumerate(("stops", "keeps"))}
    hint = "Raise the patience. When does more of it keep nothing better?"
    return Drawing((Figure((knob,), show, hint),), numbers)


# ── claims ────────────────────────────────────────────────────────────────────────────────


def plan_ends(rate: float, plan: str, starts: int = 100) -> Mapping[str, float]:
    """The loss and the share right on the moons after 60 epochs, medians of the starts."""
    trainer, (X, y) = planned(rate, plan, starts), noisy_moons()
    for _ in trainer.epochs(EPOCHS, every=20):
        pass
    net = trainer.net
    return {
        "loss": float(np.median(net.loss(X, y))),
        "right": float(np.median(net.accuracy(X, y))),
        "runs": float(starts),
    }


def patience(epochs: int | None, keep: bool = True, many: int = 40) -> Mapping[str, float]:
    """R² on fresh rows with this patience, `keep` the best weights or the last; means over tables."""
    trainer, fresh = _trainer(many)
    curves = trainer.fit(MOST, patience=epochs, restore=keep)
    net: Any = trainer.net
    scores = [net.member(i).r2(X, y) for i, (X, y) in enumerate(zip(*fresh, strict=True))]
    last = np.minimum(np.asarray(curves.best_epoch) + (epochs or MOST), MOST)
    return {"fresh": float(np.mean(scores)), "epochs": float(np.median(last)), "tables": float(many)}

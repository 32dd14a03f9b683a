"""Weight decay and dropout on noisy tables: what is learned by heart, and what holds it back.

200 rows with noise 2, 10-64-1, a thousand steps of Adam: R² 1.00 on its rows, 0.56 on fresh ones
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Run, Show, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.networks.nudged import Hold
from drops.networks.splits import Parts
from drops.networks.training.race import Entrant, epochs_of, race
from drops.text import number
from nnlab import Adam, Dense, Dropout, Net, Trainer, data
from nnlab.layers.core import Activation

Array = np.ndarray[Any, Any]

LEARN, FRESH, NOISE, UNITS, RATE, STEPS = 200, 1000, 2.0, 64, 0.01, 1000


def noisy_tables(tables: int, learn: int, held: int, noise: float, first: int = 0) -> Parts:
    """Friedman tables, each scaled by its own training rows; some rows held back, and 1,000 fresh ones."""
    n = learn + held + FRESH
    drawn = [data.friedman1(n, seed=1000 + first + i, noise=noise) for i in range(tables)]
    cut = [d.split(test=FRESH / n, validation=held / n, seed=i) for i, d in enumerate(drawn)]
    return Parts.of([split.standardised(target=True) for split in cut])


@lru_cache(maxsize=2)
def tables(many: int, first: int = 0) -> Parts:
    """Of drops 9 and 10. The one row held back is never looked at."""
    return noisy_tables(many, LEARN, 1, NOISE, first)


def braked(decay: float, dropout: float, seed: int = 1) -> Net:
    """10-64-1 with a pull on its weights, and units that are silenced by lot."""
    hidden: list[Any] = [Dense(UNITS), Activation("relu"), *([Dropout(dropout)] if dropout else [])]
    return Net(*hidden, Dense(1), input=(10,), loss="mse", init="he", l2=decay, seed=seed)


def _race(prompt: str, nets: Mapping[str, Callable[[int], Net]], own: bool = False) -> Run:
    """One fresh table, a net for each setting: the loss on fresh rows while they learn, or on their own."""

    def entrants(again: int, hold: Hold) -> Iterator[Entrant]:
        parts = tables(1, again)
        rows, fresh = ([part[0] for part in of] for of in (parts.train, parts.test))
        for name, make in nets.items():
            net = make(again)
            on = rows if own else fresh
            judged = lambda net=net, on=on: float(net.loss(*on))  # noqa: E731  a net each
            yield Entrant(name, epochs_of(hold(Trainer(net, tuple(rows), Adam(RATE))), STEPS), judged)

    what = f"loss on {'their own' if own else 'fresh'} rows"
    return race(prompt, entrants, STEPS, top=1.0, below=0.35, what=what, counted="epoch")


def race_decays(_: Mapping[str, Any]) -> Drawing:
    """A fresh table, four nets: by the strength of weight decay."""
    return Drawing(
        run=_race(
            "A fresh table: no decay, λ = 0.001, 0.03 and 0.3.",
            {f"λ = {number(at)}": partial(braked, at, 0.0) for at in (0.0, 0.001, 0.03, 0.3)},
        )
    )


def race_dropouts(params: Mapping[str, Any]) -> Drawing:
    """own → a fresh table, three nets by the share that is silenced; judged on their own rows, or on fresh
    ones.
    """
    return Drawing(
        run=_race(
            "A fresh table: p = 0, 0.2 and 0.5.",
            {f"p = {number(at)}": partial(braked, 0.0, at) for at in (0.0, 0.2, 0.5)},
            own=params["own"] > 0,
        )
    )


# ── units that are silenced ───────────────────────────────────────────────────────────────

MASKS = 400
Units = tuple[tuple[float, float], ...]  # what each says, and its weight


@lru_cache(maxsize=32)
def _sums(units: Units, p: float) -> tuple[Array, Array]:
    """(mask, unit) of what is kept, and (mask,) the sum of each, scaled."""
    kept = np.random.default_rng(4).random((MASKS, len(units))) >= p
    h, w = np.array(units).T
    return kept, (kept * h * w).sum(axis=1) / (1 - p)


def draw_masks(params: Mapping[str, Any]) -> Drawing:
    """```figure masks: h, w → one sum under one mask after another, and the mean of all so far."""
    units: Units = tuple(zip(map(float, params["h"]), map(float, params["w"]), strict=True))
    use = sum(h * w for h, w in units)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        p, n = v["p"], int(v["masks"])
        kept, sums = _sums(units, p)
        heard = enumerate(zip(units, kept[n - 1], strict=True), 1)
        bars = tuple(Bar(f"w{SUB[i]}·h{SUB[i]}", h * w / (1 - p) * on) for i, ((h, w), on) in heard)
        says = (
            f"Mask {n} silences {int((~kept[n - 1]).sum())} of {len(units)} and the sum is "
            f"{number(sums[n - 1], 2)}. The mean of the first {n} is {number(sums[:n].mean(), 2)}; with all "
            f"units it is {number(use)}."
        )
        return Bars(bars, says, "what each adds"), Words(says)

    knobs = (Knob("masks", "mask", 1, MASKS, 1, 1), Knob("p", "p", 0, 0.8, 0.1, 0.5))
    says = "Take one mask after another. Where does the mean go?"
    return Drawing((Figure(knobs, show, says),), {"use": use, "scaled": units[0][0] / 0.5})


# ── claims ────────────────────────────────────────────────────────────────────────────────


def brake_scores(decay: float = 0.0, dropout: float = 0.0, many: int = 20) -> Mapping[str, float]:
    """R² on the rows that were learned and on fresh ones, means over tables."""
    parts, fleet = tables(many), braked(decay, dropout).fleet(many)
    for _ in Trainer(fleet, parts.train, Adam(RATE)).epochs(STEPS, every=100):
        pass
    nets = [fleet.member(i) for i in range(many)]

    def mean(rows: tuple[Array, Array]) -> float:
        return float(np.mean([net.r2(X, y) for net, X, y in zip(nets, *rows, strict=True)]))

    return {"own": mean(parts.train), "fresh": mean(parts.test), "tables": float(many)}

"""What a design would be with one thing changed: bets, and what the engine says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from drops.exercises.blocks import Bar, Bars
from drops.networks.design.designing import DataTable, NetPlan
from drops.networks.design.evidence import Compared, scores
from drops.text import number


@dataclass(frozen=True)
class Flip:
    """One choice made otherwise."""

    name: str
    says: str
    fits: Callable[[NetPlan, DataTable], bool]  # whether it changes anything
    change: Callable[[NetPlan], NetPlan]


# fmt: off
FLIPS: Mapping[str, Flip] = {
    flip.name: flip
    for flip in (
        Flip(
            "unscaled", "the columns are not scaled", lambda d, _: d.scaling == "train",
            lambda d: replace(d, scaling="none")),
        Flip(
            "no-hidden", "no hidden layer", lambda d, _: bool(d.hidden) and d.squash != "none",
            lambda d: replace(d, hidden=())),
        Flip(
            "hidden-16",
            "one hidden layer of 16 ReLU units",
            lambda d, _: not d.hidden,
            lambda d: replace(d, hidden=(16,), squash="relu", init="he"),
        ),
        Flip(
            "no-squash", "no squash between the layers", lambda d, _: bool(d.hidden) and d.squash != "none",
            lambda d: replace(d, squash="none")),
        Flip(
            "deep-narrow",
            "eight hidden layers of 8 ReLU units",
            lambda *_: True,
            lambda d: replace(d, hidden=(8,) * 8, squash="relu", init="he"),
        ),
        Flip("no-brake", "no brake", lambda d, _: d.brake != "none", lambda d: replace(d, brake="none")),
        Flip("brake", "early stopping", lambda d, _: d.brake == "none", lambda d: replace(d, brake="stop")),
        Flip(
            "wide",
            "one hidden layer of 128 units",
            lambda d, _: bool(d.hidden),
            lambda d: replace(d, hidden=(128,)),
        ),
        Flip(
            "narrow",
            "one hidden layer of a single unit",
            lambda d, _: bool(d.hidden),
            lambda d: replace(d, hidden=(1,)),
        ),
        Flip(
            "zeros", "all weights start at 0",
            lambda d, _: bool(d.hidden) and d.init != "zeros" and d.squash in ("relu", "leaky", "tanh"),
            lambda d: replace(d, init="zeros")),
        Flip(
            "raw-target", "the target is not scaled", lambda d, t: t.task == "number" and d.target == "train",
            lambda d: replace(d, target="raw")),
    )
}
# fmt: on

# What-ifs by what 20 splits showed of them on each table: changes one can hear, and quiet ones.
_LOUD: Mapping[str, tuple[str, ...]] = {
    "bill": ("no-hidden", "hidden-16", "no-squash", "zeros", "deep-narrow"),
    "wine": ("zeros", "narrow", "unscaled", "deep-narrow"),
    "tumour": ("zeros", "unscaled", "deep-narrow"),
    "diabetes": ("zeros", "no-brake", "deep-narrow"),
}


_QUIET: Mapping[str, tuple[str, ...]] = {
    "bill": ("wide", "unscaled", "brake", "no-brake"),
    "wine": ("no-hidden", "hidden-16", "wide", "no-brake"),
    "tumour": ("no-hidden", "hidden-16", "wide", "no-squash"),
    "diabetes": ("no-hidden", "hidden-16", "no-squash", "wide"),
}


def flips(table: DataTable, design: NetPlan, seed: int) -> tuple[Flip, ...]:
    """Three choices made otherwise: a loud one, a quiet one, and one more, in any order."""
    rng = np.random.default_rng(seed)
    fitting = {name for name, flip in FLIPS.items() if flip.fits(design, table)}
    chosen: list[str] = []
    for wanted in (_LOUD[table.name], _QUIET[table.name], tuple(FLIPS)):
        chosen.append(str(rng.choice([n for n in wanted if n in fitting and n not in chosen])))
    return tuple(FLIPS[chosen[i]] for i in rng.permutation(3))


def changed(table: DataTable, design: NetPlan, seed: int) -> tuple[NetPlan, ...]:
    """What the design is under each of its what-ifs."""
    return tuple(flip.change(design) for flip in flips(table, design, seed))


def compare(table: DataTable, design: NetPlan, flip: Flip, seed: int) -> Compared:
    """The flipped design minus the design, split by split."""
    return Compared.of(scores(table, flip.change(design), seed), scores(table, design, seed))


def flips_drawn(table: DataTable, design: NetPlan, seed: int) -> Bars:
    """The three differences with their size of chance."""
    bars = []
    for flip in flips(table, design, seed):
        told = compare(table, design, flip, seed)
        word = {"better": "better", "same": "no detectable difference", "worse": "worse"}[told.verdict]
        bars.append(Bar(flip.says, told.delta, f"± {number(told.noise)}: {word}"))
    says = (
        "Changed against the design, on the same five splits: "
        + "; ".join(f"{b.name} {number(b.value)} {b.note}" for b in bars)
        + "."
    )
    return Bars(tuple(bars), says, f"difference in {table.unit}")

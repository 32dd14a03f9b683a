"""An experiment at work: the net as it starts, and its training, which follows the turns of its line.

    bench = Bench(read_line("circle 2-4-1"))
    bench.go(1500); bench.trainer.step; bench.net.theta

A bench of several seeds is one fleet: each member has the rows and the start of its own seed, and is
the single run of that seed to the last bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from drops.networks.faults.making import NeverZeroed, Uphill
from drops.networks.lab import rows
from drops.networks.lab.broken import broken, sets
from drops.networks.lab.recipe import Recipe, Turn
from drops.networks.splits import Part
from nnlab import OPTIMISERS, SCHEDULES, Activation, Dense, Dropout, Layer, Net, Residual, Trainer
from nnlab.plan import Array

OF_THE_NET = ("hidden", "squash", "l1", "l2", "drop")  # what the net itself is made of


def build_net(recipe: Recipe, seed: int) -> Net:
    """The net as it starts."""
    layers: list[Layer] = []
    for i, one in enumerate(recipe.hidden):
        unit = [Dense(one.units), Activation(recipe.squash_of(i))]
        layers += [Residual(*unit)] if one.residual else unit
        layers += [Dropout(recipe.drop)] if recipe.drop else []
    layers.append(Dense(recipe.source.outputs))
    usual = {"a yes or no": "sigmoid", "a class": "softmax", "a number": ""}[recipe.source.asks]
    out = sets(recipe).get("out", usual)
    layers += [Activation(out)] if out else []
    start: Any = (recipe.start, recipe.scale) if recipe.scale is not None else recipe.start or None
    return Net(
        *layers, input=(recipe.inputs,), loss=recipe.measured_by, init=start, seed=seed, l1=recipe.l1,
        l2=recipe.l2, strict=False,
    )  # fmt: skip


def build_rule(recipe: Recipe) -> Any:
    """The optimiser, with its rate, its schedule (in epochs) and its longest gradient."""
    schedule = None
    if recipe.schedule:
        name, length = recipe.schedule
        schedule = SCHEDULES[{"warmup": "warm-up"}.get(name, name)](length)  # type: ignore[call-arg]  # its first setting
    match sets(recipe).get("rule"):
        case "uphill":
            return Uphill(recipe.learning_rate, schedule=schedule, clip=recipe.clip or None)
        case "never-zeroed":
            return NeverZeroed(recipe.learning_rate, schedule=schedule, clip=recipe.clip or None)
    return OPTIMISERS[recipe.rule](recipe.learning_rate, schedule=schedule, clip=recipe.clip or None)


def shuffles(recipe: Recipe) -> bool:
    """Whether the rows come in another order every epoch."""
    return not sets(recipe).get("by_class", False)


def places_kept(was: Sequence[int], now: Sequence[int]) -> list[int | None]:
    """Of each layer of a net, inputs and outputs with them, which one of another net it was; None for one
    that came. Layers come and go in one place: where most of the others are as wide as before, of such places
    in the last.

    places_kept((2, 5, 1), (2, 5, 5, 1))     [0, 1, None, 2]
    """
    came, went = max(0, len(now) - len(was)), max(0, len(was) - len(now))

    def at(place: int) -> list[int | None]:
        return [*range(place), *[None] * came, *range(place + went, len(was))]

    def as_wide(place: int) -> int:
        return sum(k is not None and was[k] == units for k, units in zip(at(place), now, strict=True))

    return at(max(range(1, min(len(was), len(now))), key=lambda place: (as_wide(place), place)))


class Bench:
    """Net and trainer of an experiment; of several seeds all in one plan."""

    def __init__(self, recipe: Recipe, seeds: Sequence[int] = ()) -> None:
        self.recipe = broken(replace(recipe, turns=()))  # as it stands at this step
        self.seeds = tuple(seeds)
        self.rows = [rows.of(self.recipe, seed) for seed in seeds or (recipe.seed,)]
        self.train = self._all([one.train for one in self.rows])
        self.test = self._all([one.test for one in self.rows])
        self.net = self._net()
        self.trainer = self._trainer()
        self.before = 0  # steps of earlier trainers
        self.turns = list(recipe.turns)
        self._turn_over()

    @property
    def step(self) -> int:
        return self.before + self.trainer.step

    @property
    def lost(self) -> bool:
        """Whether all that is left is no number."""
        return self.trainer.lost

    @property
    def lost_at(self) -> int:
        """The step whose loss was first no number, of one net; 0 where it never was."""
        return self.before + self.trainer.diverged_at if self.trainer.diverged_at else 0

    @property
    def finite(self) -> bool:
        """Whether all weights are numbers."""
        return bool(np.isfinite(self.net.theta).all())

    @property
    def sound(self) -> bool:
        """Whether the loss is a number, too."""
        return self.finite and bool(np.isfinite(self.loss(self.train)).all())

    def go(self, steps: int) -> None:
        """Train so many steps; a run that is lost stays where it is."""
        end = self.step + steps
        while self.step < end and not self.lost:
            stop = min([end, *(turn.step for turn in self.turns)])
            for _ in self.trainer.steps(stop - self.step):
                pass
            self._turn_over()

    def turn_now(self, turn: Turn) -> None:
        """Another turn of the line, at this very step; what the line said of later ones is forgotten."""
        self.turns.clear()
        self._change(turn)

    def _turn_over(self) -> None:
        """Make the changes that the line has for this step."""
        while self.turns and self.turns[0].step <= self.step:
            self._change(self.turns.pop(0))

    def _change(self, turn: Turn) -> None:
        was, now = self.recipe, self.recipe.turned(turn)
        self.recipe = now
        if replace(now, rate=was.rate) == was:
            self.trainer.rate = now.learning_rate  # what the rule remembers stays
        else:
            if any(getattr(now, name) != getattr(was, name) for name in OF_THE_NET):
                old, self.net = self.net, self._net()
                self._carry(old, was.sizes)
            self.before = self.step
            self.trainer = self._trainer()
        for edit in turn.edits:
            block = self.net.params.view(f"W{edit.layer}")
            block[..., edit.unit - 1, edit.source - 1] = edit.value  # source 0: the bias is the last column

    def _carry(self, old: Any, was: Sequence[int]) -> None:
        """What the net was, as far as it has a place: units and layers that came are as they start."""
        sizes = self.recipe.sizes
        places = places_kept(was, sizes)
        for k in range(1, len(sizes)):
            before, here = places[k - 1], places[k]
            if before is None or here is None or here != before + 1:
                continue
            source, block = old.params.view(f"W{here}"), self.net.params.view(f"W{k}")
            rows, columns = (min(a, b) for a, b in zip(source.shape[-2:], block.shape[-2:], strict=True))
            block[..., :rows, : columns - 1] = source[..., :rows, : columns - 1]
            block[..., :rows, -1] = source[..., :rows, -1]  # the bias

    def _net(self) -> Any:
        net = build_net(self.recipe, self.seeds[0] if self.seeds else self.recipe.seed)
        net = net.fleet(len(self.seeds), seeds=self.seeds) if self.seeds else net
        if (bias := sets(self.recipe).get("bias")) is not None:
            for layer in range(1, len(self.recipe.sizes) - 1):
                net.params.view(f"W{layer}")[..., -1] = bias
        return net

    def _trainer(self) -> Trainer:
        rule, shuffle = build_rule(self.recipe), shuffles(self.recipe)
        return Trainer(self.net, tuple(self.train), rule, self.recipe.batch, seed=0, shuffle=shuffle)

    def _all(self, parts: Sequence[Part]) -> Part:
        """Rows of all members, (members, n, inputs); of one net (n, inputs)."""
        if not self.seeds:
            return parts[0]
        return Part(np.stack([part.X for part in parts]), np.stack([part.y for part in parts]))

    # ── how it does ────────────────────────────────────────────────────────────────────────
    @property
    def fresh(self) -> Part:
        return self._all([part.fresh for part in self.rows])

    def loss(self, part: Part) -> Array:
        """On these rows; (members,) of a fleet."""
        with np.errstate(all="ignore"):
            return np.asarray(self.net.loss(*part))

    def score(self, part: Part) -> Array:
        """The share of rows that are right, or the R² of a number; (members,) of a fleet."""
        with np.errstate(all="ignore"):
            measure = self.net.accuracy if self.recipe.source.classes else self.net.r2
            return np.asarray(measure(*part))

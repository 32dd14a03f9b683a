"""Nets to use: one, its copies, and a fleet of them in one plan.

net = Net("2-3-1", hidden="relu", out="sigmoid", loss="bce", seed=7)
"""

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlab.errors import LabError
from nnlab.optim import SGD, Optimiser
from nnlab.train import Curves, Trainer
from nnlab.wiring import Wired


class Net(Wired):
    __doc__ = Wired.__doc__

    def _settings(self) -> dict[str, Any]:
        return {
            "loss": self.loss_kind, "input": self.input, "seed": self.seed, "init": self.init,
            "kinks": self.kinks, "l1": self.l1, "l2": self.l2, "dtype": self.dtype,
            "class_weight": self.class_weight, "strict": self.strict,
        }  # fmt: skip

    def fresh(self, seed: int) -> "Net":
        """The same architecture with weights drawn from another seed."""
        layers = [copy.copy(layer) for layer in self.layers]
        return Net(*layers, **{**self._settings(), "seed": seed})

    def copy(self) -> "Net":
        """An independent net with the same numbers."""
        twin = self.fresh(self.seed)
        twin.theta[...] = self.theta
        for name, array in self.state.items():
            twin.state[name][...] = array
        return twin

    def fleet(self, n: int, lr: Any = None, seeds: Sequence[int] | None = None) -> "Fleet":
        """n copies in one plan: with `lr` (n values) the same start at different rates, else
        the starts of `seeds` (by default this net's seed and the ones after it)."""
        return Fleet(self, n, lr, seeds)


class Fleet(Net):
    """n nets of one architecture in one plan; every result has the members first."""

    def __init__(self, net: Net, n: int, lr: Any, seeds: Sequence[int] | None) -> None:
        rates = None if lr is None else np.broadcast_to(np.asarray(lr, dtype=float), (n,))
        if seeds is not None and len(seeds) != n:
            raise LabError(f"a fleet of {n} got {len(seeds)} seeds; it wants {n}")
        lone = next((layer for layer in net.layers if not layer.stacks), None)
        if lone is not None:
            raise LabError(f"{lone.at} cannot be stacked: train its nets one by one")
        super().__init__(*[copy.copy(y) for y in net.layers], **net._settings(), members=n)
        self.lr = rates
        self.net = net
        if seeds is None and rates is None:
            seeds = range(net.seed, net.seed + n)
        for i in range(n):
            self.theta[i] = net.theta if seeds is None else net.fresh(seeds[i]).theta

    def member(self, i: int) -> Net:
        """An independent copy of one member."""
        one = self.net.copy()
        one.theta[...] = self.theta[i]
        for name, array in one.state.items():
            array[...] = self.state[name][i]
        return one

    def fit(self, data: Any, steps: int, optimiser: Optimiser | None = None, **how: Any) -> Curves:
        """Train all members for `steps` epochs-of-batches; see Trainer.fit. Returns Curves."""
        rate: Any = 0.1 if self.lr is None else self.lr
        return Trainer(self, data, optimiser or SGD(rate), **how).fit_steps(steps)

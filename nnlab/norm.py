"""Layers that steady or reroute: batch and layer norm, embedding, the residual way round.

values (1, 3) over a batch  →  mean 2, spread 1  →  (−1, 1), then γ·x̂ + β
"""

import copy
import math
from typing import Self

import numpy as np

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Layer, Shape, numbered
from nnlab.params import Block, Params
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, reciprocal, sqrt


class _Norm(Layer):
    """x̂ = (x − mean)/√(variance + ε), then γ·x̂ + β; the kinds differ in what is averaged."""

    axis = -1
    eps = 1e-5

    def _units(self) -> int:
        return math.prod(self.seen)

    def blocks(self) -> list[Block]:
        fill = (1.0, 0.0)  # γ, β
        return [Block(f"norm{self.place}", (self._units(), 2), False, fill=fill, decays=False)]

    def bind(self, params: Params, state: dict[str, Array]) -> None:  # noqa: ARG002  # no state
        both, slopes = params.view(f"norm{self.place}"), params.grad_view(f"norm{self.place}")
        self.gamma, self.beta = both[..., :1], both[..., 1:]
        self.dgamma, self.dbeta = slopes[..., :1], slopes[..., 1:]

    def _flat(self, a: Array) -> Array:
        """(units, everything that shares a γ), a view."""
        return np.reshape(a, (*a.shape[:-2], self._units(), -1), copy=False)

    def _moments(self, x: Term) -> tuple[Term, Term]:
        """Mean and variance to steady by: those of this batch."""
        mean = x.mean(self.axis)
        return mean, ((x - mean) * (x - mean)).mean(self.axis)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        name = plan.unique(f"norm{self.place}")
        out = plan.rows(x.n, name, x.shape)
        flat = Term(plan, self._flat(x.value), x.name)
        mean, var = self._moments(flat)
        s = reciprocal(sqrt(var + self.eps))
        hat = (flat - mean) * s
        (hat * self._gamma(plan) + Term(plan, self.beta, "β")).into(
            self._flat(out.value), name, f"{name} = γ·({x.name} − mean)/√(variance + ε) + β",
            inputs=(x,), seen=out,
        )  # fmt: skip
        plan.keep(self, hat=hat, s=s)
        return out

    def _gamma(self, plan: Plan) -> Term:
        return Term(plan, self.gamma, "γ")

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        hat, s, dy = plan.kept(self, "hat"), plan.kept(self, "s"), Term(plan, self._flat(dz), "δ")
        plan.sum_over((dy * hat).array, -1, self.dgamma)
        plan.sum_over(dy.array, -1, self.dbeta)
        if not wants:
            return None
        out = plan.buffer(x.n, plan.batch)
        g = dy * self._gamma(plan)
        if self._batchwise(plan):  # mean and variance move along
            g = g - g.mean(self.axis) - hat * (g * hat).mean(self.axis)
        (g * s).into(self._flat(out), f"d{x.name}", f"∂L/∂{x.name}", seen=out)
        return out

    def _batchwise(self, plan: Plan) -> bool:  # noqa: ARG002  # BatchNorm asks the plan
        return True


class BatchNorm(_Norm):
    """Per unit (per channel after a convolution) over the batch; in use, by running statistics
    (momentum as torch: running ← 0.9·running + 0.1·batch, variance unbiased)."""

    def __init__(self, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.momentum, self.eps = momentum, eps

    def _units(self) -> int:
        return self.seen[0]

    def state(self) -> dict[str, Shape]:
        shape = (self._units(), 1)
        return {f"mean{self.place}": shape, f"variance{self.place}": shape}

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        super().bind(params, state)
        self.mean, self.variance = state[f"mean{self.place}"], state[f"variance{self.place}"]

    def _batchwise(self, plan: Plan) -> bool:
        return plan.training

    def _moments(self, x: Term) -> tuple[Term, Term]:
        remembered = Term(x.plan, self.mean, "mean"), Term(x.plan, self.variance, "variance")
        if not x.plan.training:
            return remembered
        n, m = x.array.shape[-1], self.momentum
        if n < 2:
            raise LabError(f"{self.at} got a batch of 1 to train on; it wants at least 2 rows")
        now = super()._moments(x)
        for running, batch, unbiased in zip(remembered, now, (1.0, n / (n - 1)), strict=True):
            (running * (1 - m) + batch * (m * unbiased)).into(running.array)
        return now


class LayerNorm(_Norm):
    """Per sample over all its values; no batch, no running statistics."""

    axis = -2

    def __init__(self, eps: float = 1e-5) -> None:
        self.eps = eps


class Embedding(Layer):
    """Whole numbers 0 … size − 1 → rows of a table: (length,) → (length, width)."""

    weighted = True
    stacks = False

    def __init__(self, size: int, width: int) -> None:
        self.size, self.width = size, width

    def setup(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise ShapeError(f"{self.at} got shape {shape} per row; it wants (length,)", shape)
        return (*shape, self.width)

    def blocks(self) -> list[Block]:
        return [Block(f"W{self.k}", (self.size, self.width), bias=False, fan=(self.width, 1))]

    def bind(self, params: Params, state: dict[str, Array]) -> None:  # noqa: ARG002  # no state
        self.table, self.slopes = params.view(f"W{self.k}"), params.grad_view(f"W{self.k}")

    def forward(self, plan: Plan, x: Rows) -> Rows:
        out = plan.rows(x.n * self.width, f"z{self.k}", self.gives)
        spread = out.value.reshape(x.n, self.width, plan.batch)

        def look_up(table: Array, index: Array, out: Array) -> None:
            found = index.astype(int)
            if (found != index).any() or found.min() < 0 or found.max() >= self.size:
                raise LabError(f"{self.at} wants whole numbers from 0 to {self.size - 1}")
            out[...] = table[found].swapaxes(-1, -2)

        plan.op(f"z{self.k}", "rows of W", look_up, self.table, x, out=spread, seen=out)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:  # noqa: ARG002
        spread = dz.reshape(x.n, self.width, plan.batch)

        def gather(dz: Array, index: Array, out: Array) -> None:
            out[...] = 0
            np.add.at(out, index.astype(int), dz.swapaxes(-1, -2))

        plan.op(f"dW{self.k}", "Σ δ over the uses of a row", gather, spread, x, out=self.slopes)
        return None  # nothing learns in front of an index


class Residual(Layer):
    """x + f(x): what the layers inside add to what came in."""

    def __init__(self, *layers: Layer) -> None:
        self.inner = list(layers)

    def __copy__(self) -> Self:
        return type(self)(*[copy.copy(layer) for layer in self.inner])

    @property
    def stacks(self) -> bool:  # type: ignore[override]  # read only here, by design
        return all(layer.stacks for layer in self.inner)

    def setup(self, shape: Shape) -> Shape:
        got = numbered(self.inner, shape, self.k, self.place * 100)
        if got != shape:
            raise ShapeError(
                f"{self.at} adds {got} to {shape}; it wants layers that keep the shape", got, shape
            )
        return shape

    def parts(self) -> list[Layer]:
        return [part for layer in self.inner for part in layer.parts()]

    def blocks(self) -> list[Block]:
        return [block for layer in self.inner for block in layer.blocks()]

    def state(self) -> dict[str, Shape]:
        return {name: shape for y in self.inner for name, shape in y.state().items()}

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        for layer in self.inner:
            layer.bind(params, state)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        seen = [x]
        for layer in self.inner:
            seen.append(layer.forward(plan, seen[-1]))
        plan.keep(self, seen=seen)
        name = plan.unique(f"res{self.place}")
        out = plan.rows(x.n, name, x.shape)
        plan.op(name, f"{name} = {x.name} + {seen[-1].name}", np.add, x, seen[-1], out=out)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        seen, back = plan.kept(self, "seen"), dz
        for i in reversed(range(len(self.inner))):
            step = self.inner[i].backward(plan, seen[i], back, wants or i > 0)
            if step is None:
                return None
            back = step
        out = plan.buffer(x.n, plan.batch)
        plan.op(f"d{x.name}", f"∂L/∂{x.name} = δ + what comes back", np.add, dz, back, out=out)
        return out

    def cost(self) -> tuple[int, int]:
        costs = [layer.cost() for layer in self.inner]
        return sum(c[0] for c in costs), sum(c[1] for c in costs)

    def __repr__(self) -> str:
        return f"Residual({', '.join(map(repr, self.inner))})"

"""Layers that steady or reroute: batch and layer norm, embedding, the residual way round.

values (1, 3) over a batch  →  mean 2, spread 1  →  (−1, 1), then γ·x̂ + β
"""

import copy
from typing import Self

import numpy as np

from nnlab.errors import LabError, fit, short
from nnlab.layers.core import Layer, numbered
from nnlab.numbers import each, leaf, shown
from nnlab.params import Block, Params, Shape
from nnlab.plan import Array, Plan, Rows, as_seen
from nnlab.terms import Term, maximum, reciprocal, sqrt, square


class _Norm(Layer):
    """x̂ = (x − mean)/√(variance + ε), then γ·x̂ + β; the kinds differ in what is averaged."""

    axis: int  # −1: a mean over what shares a γ; −2: over the units of a place
    eps: float

    @property
    def units(self) -> int:
        """How many γ and β there are."""
        raise NotImplementedError

    def blocks(self) -> list[Block]:
        fill = (1.0, 0.0)  # γ, β
        return [Block(f"norm{self.place}", (self.units, 2), False, fill=fill, decays=False)]

    def bind(self, params: Params, state: dict[str, Array]) -> None:  # noqa: ARG002  # no state
        both = params.view(f"norm{self.place}")
        self.gamma, self.beta = both[..., :1], both[..., 1:]

    def tensors(self) -> dict[str, Array]:
        return {"weight": self.gamma[:, 0], "bias": self.beta[:, 0]}

    def _laid(self, plan: Plan, x: Rows) -> Array:
        """The numbers so that γ stands beside them, (…, units, columns), a view."""
        raise NotImplementedError

    def _beside(self, plan: Plan, one: Array, x: Array, text: str) -> Term:
        """γ or β, (units, 1), with as many axes as what it stands beside."""
        more = x.ndim - one.ndim
        return Term(plan, plan.shaped(one, *(1,) * more, self.units, 1), text)

    def _passes_over(self, plan: Plan) -> bool:  # noqa: ARG002  # BatchNorm asks
        """Whether some columns have no say in mean and variance."""
        return False

    def _moments(self, x: Term) -> tuple[Term, Term]:
        """Mean and variance to steady by: those of this batch."""
        mean = x.mean(self.axis)
        return mean, square(x - mean).mean(self.axis)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        out = plan.rows(x.shape, plan.unique(f"norm{self.place}"))
        flat, to, axis = Term(plan, self._laid(plan, x), x.name), self._laid(plan, out), self.axis
        mean, var = self._moments(flat)
        s = reciprocal(sqrt(var + self.eps))
        hat = (flat - mean) * s
        moves = plan.training or self.axis == -2  # mean and variance move along with x
        if moves and not self._passes_over(plan):
            hat.sloped((flat, lambda d, hat: (d - d.mean(axis) - hat * (d * hat).mean(axis)) * s))
        gamma, beta = self._beside(plan, self.gamma, to, "γ"), self._beside(plan, self.beta, to, "β")
        formula = f"{out.name} = γ·({x.name} − {mean.text})/√({var.text} + ε) + β"
        (hat * gamma + beta).into(to, out.name, formula, inputs=(x,), seen=out)
        return out


class BatchNorm(_Norm):
    """Per unit over the batch (per channel of pictures, over all places of sequences but those that
    `Padding` found empty); in use, by running statistics (momentum as torch: running ← 0.9·running +
    0.1·batch, variance unbiased)."""

    axis, bends = -1, False  # in use: a batch's own statistics are no squash to count on

    def __init__(self, momentum: float = 0.1, eps: float = 1e-5) -> None:
        self.momentum, self.eps = momentum, eps
        fit(self, "momentum", "a share from 0 to 1", lambda share: 0 <= share <= 1)
        fit(self, "eps", "a number ≥ 0", lambda eps: eps >= 0)

    @property
    def units(self) -> int:
        return self.seen[0] if len(self.seen) == 3 else self.seen[-1]

    def tensors(self) -> dict[str, Array]:
        mean, variance = self.running
        return super().tensors() | {"running_mean": mean[:, 0], "running_var": variance[:, 0]}

    def _laid(self, plan: Plan, x: Rows) -> Array:
        return plan.shaped(x.value, self.units, -1)

    def state(self) -> dict[str, Shape]:
        return dict.fromkeys((f"mean{self.place}", f"variance{self.place}"), (self.units, 1))

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        super().bind(params, state)
        self.running = [state[name] for name in self.state()]

    def _moments(self, x: Term) -> tuple[Term, Term]:
        mean, variance = (Term(x.plan, a, "running") for a in self.running)
        if not x.plan.training:
            return mean, variance
        n, m = x.array.shape[-1], self.momentum
        if n < 2:
            raise LabError(f"{self.at} got a batch of 1 to train on; it wants at least 2 rows")
        if self._passes_over(x.plan):
            now, unbiased = self._moments_of_real(x)
        else:
            now, unbiased = super()._moments(x), n / (n - 1)
        (mean * (1 - m) + now[0] * m).into(mean)
        (variance * (1 - m) + now[1] * (unbiased * m)).into(variance)
        return now

    def _passes_over(self, plan: Plan) -> bool:
        return len(self.seen) == 2 and plan.real is not None

    def _moments_of_real(self, x: Term) -> tuple[tuple[Term, Term], Term]:
        """Of the places that hold something, with n/(n − 1) of their number; where there is none, 0."""
        assert x.plan.real is not None
        real = Term(x.plan, x.plan.shaped(x.plan.real, 1, -1), "real")  # as the columns of x
        count = maximum(real.over(-1), 1)
        mean = (x * real).over(-1) / count
        variance = (square(x - mean) * real).over(-1) / count
        return (mean, variance), count / maximum(count - 1, 1)


class LayerNorm(_Norm):
    """Over the last axis: a row by itself, or each place of a sequence by itself. γ and β are as
    many as that axis is long, as in torch; no batch, no running statistics."""

    axis = -2

    def __init__(self, eps: float = 1e-5) -> None:
        self.eps = eps
        fit(self, "eps", "a number ≥ 0", lambda eps: eps >= 0)

    @property
    def units(self) -> int:
        return self.seen[-1]

    def _laid(self, plan: Plan, x: Rows) -> Array:  # noqa: ARG002  # BatchNorm asks
        return x.seen if len(x.shape) == 3 else x.value

    def _moments(self, x: Term) -> tuple[Term, Term]:
        """With names: of every place."""
        at, one = self.place, (*self.seen[:-1], 1)
        name, plan = f"mean{at}", x.plan
        mean = x.mean(-2)
        mean = mean.told(plan.unique(name), f"{name} = Σ {x.text}/n", seen=_seen_as(mean.array, one))
        name, variance = f"variance{at}", square(x - mean).mean(-2)
        formula = f"{name} = Σ ({x.text} − {mean.text})²/n"
        return mean, variance.told(plan.unique(name), formula, seen=_seen_as(variance.array, one))


def _seen_as(a: Array, shape: Shape) -> Array:
    return a if len(shape) == 3 else as_seen(a, shape)


class Embedding(Layer):
    """Whole numbers 0 … size − 1 → rows of a table: (length,) → (length, width)."""

    weighted, bends = True, False
    wants, axes = "(length,)", 1

    def __init__(self, size: int, width: int) -> None:
        self.size, self.width = self.whole("size", size), self.whole("width", width)

    def setup(self, shape: Shape) -> Shape:
        return (*shape, self.width)

    def blocks(self) -> list[Block]:
        return [Block(f"W{self.k}", (self.size, self.width), bias=False, fan=(self.width, 1))]

    def bind(self, params: Params, state: dict[str, Array]) -> None:  # noqa: ARG002  # no state
        self.table = params.view(f"W{self.k}")

    def tensors(self) -> dict[str, Array]:
        return {"weight": self.table}

    def _spread(self, plan: Plan, a: Array) -> Array:
        """(members or 1, width, length, batch), a view."""
        return a.reshape(-1, self.width, *self.seen, plan.batch)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        z = plan.rows(self.gives, f"z{self.k}")

        def look_up(table: Array, index: Array, out: Array) -> None:
            found = index.astype(int)
            if (found != index).any() or found.min() < 0 or found.max() >= self.size:
                raise LabError(f"{self.at} wants whole numbers from 0 to {self.size - 1}")
            for rows, chosen, to in zip(*map(_each, (table, found)), self._spread(plan, out), strict=True):
                to[...] = np.moveaxis(rows[chosen], -1, 0)

        def gather(d: Array, index: Array, out: Array) -> None:
            out[...] = 0
            chosen = index.astype(int)
            for to, at, back in zip(*map(_each, (out, chosen)), self._spread(plan, d), strict=True):
                np.add.at(to, at, np.moveaxis(back, 0, -1))

        def back(d: Term, _z: Term) -> Term:
            read, out = "Σ δ over the uses of a row", np.empty_like(self.table)
            return d.call(gather, read, d, x.value, out=out)

        plan.op("rows of W", look_up, self.table, x, out=z, name=z.name, slopes=((self.table, back),))
        return z


def _each(a: Array) -> Array:
    """Matrices one after the other: a fleet's members, or one alone."""
    return a.reshape(-1, *a.shape[-2:])


class Residual(Layer):
    """x + f(x): what the layers inside add to what came in."""

    def __init__(self, *layers: Layer) -> None:
        for layer in layers:
            if not isinstance(layer, Layer):
                raise LabError(f"Residual got {short(layer)}; it wants layers, like Dense(3)")
        self.inner = list(layers)

    def __copy__(self) -> Self:
        return type(self)(*[copy.copy(layer) for layer in self.inner])

    def setup(self, shape: Shape) -> Shape:
        got = numbered(self.inner, shape, self.k, self.place * 100)
        if got != shape:
            raise self.refusal(got, "layers that keep the shape", f"{got} back for {shape}")
        return shape

    def forward(self, plan: Plan, x: Rows) -> Rows:
        last, out = x, plan.rows(x.shape, plan.unique(f"res{self.place}"))
        for layer in self.inner:
            last = layer.forward(plan, last)
        around = Term(plan, x.value, x.name) + Term(plan, last.value, last.name)
        write = shown(each("{} + {}", [(a, leaf(a)) for a in (x.seen, last.seen)]))
        around.into(out, out.name, f"{out.name} = {around.text}", write=write)
        return out

    def __repr__(self) -> str:
        return f"Residual({', '.join(map(repr, self.inner))})"

"""Attention: every step of a sequence asks (q), every step answers (k) and hands over (v).

    shares = softmax(q·kᵀ/√d), output = shares·v        (Vaswani et al. 2017)

Samples are (steps, width). Batched products want the batch first, so this is the one place
where a plan turns its arrays round: (batch, heads, steps, width of a head).
"""

import math

import numpy as np

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Layer, Shape, Weighted
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, exp


class ScaledDotProduct(Layer):
    """(steps, 3·width), q, k and v side by side → (steps, width). `causal` hides the future."""

    def __init__(self, heads: int = 1, causal: bool = False) -> None:
        if heads < 1:
            raise LabError(f"{type(self).__name__} got {heads} heads; it wants at least 1")
        self.heads, self.causal = heads, causal

    def setup(self, shape: Shape) -> Shape:
        if len(shape) != 2 or shape[1] % (3 * self.heads):
            raise ShapeError(
                f"{self.at} got shape {shape} per row; it wants (steps, 3·width) with "
                f"{self.heads} heads", shape,
            )  # fmt: skip
        self.steps, self.width = shape[0], shape[1] // 3
        return (self.steps, self.width)

    def _headed(self, plan: Plan, a: Array, parts: int) -> Array:
        """(parts·width…) as (batch, parts, heads, steps, width of a head), a view."""
        split = plan.shaped(a, self.steps, parts, self.heads, self.width // self.heads, plan.batch)
        return np.moveaxis(split, (-1, -4, -3, -5), (-5, -4, -3, -2))

    def _room(self, plan: Plan, *parts: int) -> Array:
        return plan.buffer(plan.batch, *parts, self.heads, self.steps, self.width // self.heads)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        T, out = self.steps, plan.rows(self.gives, plan.unique(f"mix{self.place}"))
        qkv = plan.copy(self._headed(plan, x.value, 3), self._room(plan, 3))
        q, k, v = (qkv[..., i, :, :, :] for i in range(3))
        s = _product(plan, "q·kᵀ", q, k.swapaxes(-1, -2)) * _scale(q)
        if self.causal:
            s = s + Term(plan, np.triu(np.full((T, T), -np.inf, dtype=plan.dtype), 1), "−∞ for the future")
        e = exp(s - s.over(-1, np.maximum))
        p = (e / e.over(-1)).into(None, plan.unique(f"shares{self.place}"), "softmax(q·kᵀ/√d)")
        mixed = _product(plan, "shares·v", p.array, v)[..., None, :, :, :]
        mixed.into(self._headed(plan, out.value, 1), out.name, f"{out.name} = shares·v",
                   inputs=(p.array, v), seen=out)  # fmt: skip
        plan.keep(self, q=q, k=k, v=v, p=p)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array) -> Array:
        q, k, v, p = (plan.kept(self, key) for key in "qkvp")
        do, dqkv = self._room(plan), self._room(plan, 3)
        plan.copy(self._headed(plan, dz, 1)[..., 0, :, :, :], do)
        dp = _product(plan, "δ·vᵀ", do, v.swapaxes(-1, -2))
        ds = (p * (dp - (dp * p).over(-1)) * _scale(q)).array
        _product(plan, "∂L/∂q", ds, k, dqkv[..., 0, :, :, :])
        _product(plan, "∂L/∂k", ds.swapaxes(-1, -2), q, dqkv[..., 1, :, :, :])
        _product(plan, "∂L/∂v", p.array.swapaxes(-1, -2), do, dqkv[..., 2, :, :, :])
        out = plan.buffer(math.prod(x.shape), plan.batch)
        plan.copy(dqkv, self._headed(plan, out, 3), f"∂L/∂{x.name}", name=f"d{x.name}", seen=out)
        return out

    def multiply_adds(self) -> int:
        return 2 * self.steps**2 * self.width


def _product(plan: Plan, text: str, a: Array, b: Array, out: Array | None = None) -> Term:
    """A matrix product for every sample and head."""
    return Term(plan, plan.product(text, a, b, out), text)


def _scale(q: Array) -> float:
    return 1 / math.sqrt(q.shape[-1])


class TokenDense(Weighted):
    """The same weighted sums at every step: (steps, in) → (steps, n)."""

    def setup(self, shape: Shape) -> Shape:
        if len(shape) != 2:
            raise ShapeError(f"{self.at} got shape {shape} per row; it wants (steps, width)", shape)
        self.steps, self.fan = shape
        return (self.steps, self.n)

    def _turned(self, plan: Plan, a: Array, *shape: int) -> Array:
        """The first two axes of `shape` exchanged: from step by step to side by side, or back."""
        return plan.shaped(a, *shape, plan.batch).swapaxes(-3, -2)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        T, wide = self.steps, self.steps * plan.batch
        seen = plan.buffer(self.fan + 1, wide, fill=1.0)  # all steps of all samples side by side
        plan.copy(self._turned(plan, x.value, T, self.fan), plan.shaped(seen[..., :-1, :], self.fan, T, -1))
        sums = plan.product("W·x + b", self.Wb, seen)
        z = plan.rows(self.gives, f"z{self.k}")
        plan.copy(self._turned(plan, sums, self.n, T), plan.shaped(z.value, T, self.n, -1),
                  f"{z.name} = W{self.k}·x + b{self.k} at every step", name=z.name, seen=z)  # fmt: skip
        plan.keep(self, seen=seen)
        return z

    def learn(self, plan: Plan, x: Rows, dz: Array) -> None:
        d = plan.buffer(self.n, self.steps * plan.batch)
        plan.copy(self._turned(plan, dz, self.steps, self.n), plan.shaped(d, self.n, self.steps, -1))
        self.weigh_errors(plan, d, plan.kept(self, "seen"), x.name)
        plan.keep(self, d=d)

    def backward(self, plan: Plan, x: Rows, dz: Array) -> Array:  # noqa: ARG002  # turned and kept by learn
        sent = plan.product("Wᵀ·δ", self.Wb.swapaxes(-1, -2), plan.kept(self, "d"))[..., :-1, :]
        out = plan.buffer(math.prod(x.shape), plan.batch)
        plan.copy(self._turned(plan, sent, self.fan, self.steps), plan.shaped(out, *self.seen, -1),
                  f"∂L/∂{x.name} = Wᵀ·δ", name=f"d{x.name}", seen=out)  # fmt: skip
        return out

    def multiply_adds(self) -> int:
        return self.n * self.fan * self.steps


def multi_head(width: int, heads: int = 1, causal: bool = False) -> list[Layer]:
    """Multi-head self-attention as three layers: q, k, v of every step; shares; their mix.

    `Net(*multi_head(8, heads=2, causal=True), Flatten(), Dense(1), input=(5, 8))`
    """
    if width % heads:
        raise LabError(f"{heads} heads do not divide a width of {width}")
    return [TokenDense(3 * width), ScaledDotProduct(heads, causal), TokenDense(width)]

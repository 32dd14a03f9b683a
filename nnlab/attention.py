"""Attention: every step of a sequence asks (q), every step answers (k) and hands over (v).

    shares = softmax(q·kᵀ/√d), output = shares·v        (Vaswani et al. 2017)

Samples are (steps, width). Batched products want the batch first, so this is the one place
where a plan turns its arrays round: (batch, heads, steps, width of a head).
"""

import math

import numpy as np

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Layer, Shape, Weighted
from nnlab.params import Block
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, exp


class ScaledDotProduct(Layer):
    """(steps, 3·width), q, k and v side by side → (steps, width). `causal` hides the future."""

    stacks = False

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

    def _headed(self, a: Array, parts: int) -> Array:
        """(parts·width…) as (batch, parts, heads, steps, width of a head), a view."""
        T, H = self.steps, self.heads
        return a.reshape(T, parts, H, self.width // H, -1).transpose(4, 1, 2, 0, 3)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        B, T, H, d = plan.batch, self.steps, self.heads, self.width // self.heads
        qkv = plan.buffer(B, 3, H, T, d)
        plan.copy(self._headed(x.value, 3), qkv)
        q, k, v = qkv[:, 0], qkv[:, 1], qkv[:, 2]
        s = _product(plan, "q·kᵀ", q, k.swapaxes(-1, -2)) * (1 / math.sqrt(d))
        if self.causal:
            s = s + Term(plan, np.triu(np.full((T, T), -np.inf, dtype=plan.dtype), 1), "−∞ for the future")
        e = exp(s - s.over(-1, np.maximum))
        p = (e / e.over(-1)).into(
            plan.buffer(B, H, T, T), plan.unique(f"shares{self.place}"), "softmax(q·kᵀ/√d)"
        )
        mixed, name = _product(plan, "shares·v", p.array, v), plan.unique(f"mix{self.place}")
        out = plan.rows(T * self.width, name, (T, self.width))
        mixed[:, None].into(
            self._headed(out.value, 1), name, f"{name} = shares·v", inputs=(p.array, v), seen=out
        )
        plan.keep(self, q=q, k=k, v=v, p=p)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        if not wants:
            return None
        q, k, v, p = (plan.kept(self, key) for key in "qkvp")
        do, dqkv = plan.buffer(*q.shape), plan.buffer(plan.batch, 3, *q.shape[1:])
        plan.copy(self._headed(dz, 1)[:, 0], do)
        dp = _product(plan, "δ·vᵀ", do, v.swapaxes(-1, -2))
        ds = (p * (dp - (dp * p).over(-1)) * (1 / math.sqrt(q.shape[-1]))).array
        _product(plan, "∂L/∂q", ds, k, dqkv[:, 0])
        _product(plan, "∂L/∂k", ds.swapaxes(-1, -2), q, dqkv[:, 1])
        _product(plan, "∂L/∂v", p.array.swapaxes(-1, -2), do, dqkv[:, 2])
        out = plan.buffer(x.n, plan.batch)
        plan.op(f"d{x.name}", f"∂L/∂{x.name}", np.positive, dqkv, out=self._headed(out, 3), seen=out)
        return out

    def cost(self) -> tuple[int, int]:
        return 0, 2 * self.steps**2 * self.width


def _product(plan: Plan, text: str, a: Array, b: Array, out: Array | None = None) -> Term:
    """A matrix product for every sample and head."""
    made = plan.buffer(*a.shape[:-1], b.shape[-1]) if out is None else out
    return Term(plan, plan.op("", text, np.matmul, a, b, out=made), text)


class TokenDense(Weighted):
    """The same weighted sums at every step: (steps, in) → (steps, n)."""

    stacks = False

    def __init__(self, n: int) -> None:
        self.n = n

    def setup(self, shape: Shape) -> Shape:
        if len(shape) != 2:
            raise ShapeError(f"{self.at} got shape {shape} per row; it wants (steps, width)", shape)
        self.steps, self.fan = shape
        return (self.steps, self.n)

    def blocks(self) -> list[Block]:
        return [Block(f"W{self.k}", (self.n, self.fan + 1))]

    def forward(self, plan: Plan, x: Rows) -> Rows:
        T, B = self.steps, plan.batch
        side = plan.buffer(self.fan + 1, T, B, fill=1.0)  # all steps of all samples side by side
        plan.copy(x.value.reshape(T, self.fan, B).swapaxes(0, 1), side[:-1])
        flat = side.reshape(self.fan + 1, T * B)
        z = plan.op("", "W·x + b", np.dot, self.Wb, flat, out=plan.buffer(self.n, T * B))
        out = plan.rows(T * self.n, f"z{self.k}", (T, self.n))
        back = out.value.reshape(T, self.n, B)
        plan.op(f"z{self.k}", f"z{self.k} = W{self.k}·x + b{self.k} at every step", np.positive,
                z.reshape(self.n, T, B).swapaxes(0, 1), out=back, seen=out)  # fmt: skip
        plan.keep(self, flat=flat)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        T, B = self.steps, plan.batch
        side = plan.buffer(self.n, T, B)
        plan.copy(dz.reshape(T, self.n, B).swapaxes(0, 1), side)
        flat = side.reshape(self.n, T * B)
        plan.op(f"dW{self.k}", "∂L/∂W = Σ δ·xᵀ", np.dot, flat, plan.kept(self, "flat").T,
                out=self.dWb)  # fmt: skip
        if not wants:
            return None
        dx = plan.op("", "Wᵀ·δ", np.dot, self.Wb.T, flat, out=plan.buffer(self.fan + 1, T * B))
        out = plan.buffer(x.n, B)
        plan.op(f"d{x.name}", f"∂L/∂{x.name} = Wᵀ·δ", np.positive,
                dx[:-1].reshape(self.fan, T, B).swapaxes(0, 1),
                out=out.reshape(T, self.fan, B), seen=out)  # fmt: skip
        return out

    def cost(self) -> tuple[int, int]:
        return self.n * (self.fan + 1), self.n * self.fan * self.steps


def multi_head(width: int, heads: int = 1, causal: bool = False) -> list[Layer]:
    """Multi-head self-attention as three layers: q, k, v of every step; shares; their mix.

    `Net(*multi_head(8, heads=2, causal=True), Flatten(), Dense(1), input=(5, 8))`
    """
    if width % heads:
        raise LabError(f"{heads} heads do not divide a width of {width}")
    return [TokenDense(3 * width), ScaledDotProduct(heads, causal), TokenDense(width)]

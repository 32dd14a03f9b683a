"""Attention: every step of a sequence asks (q), every step answers (k) and hands over (v).

    shares = softmax(q·kᵀ/√d), output = shares·v        (Vaswani et al. 2017)

Samples are (steps, width). Products of many small matrices want these last, so this is the one
place where a plan turns its arrays round: q, k and v are (batch, heads, steps, width of a head), and
scores and shares (keys, batch·heads·queries): a column is what one query makes of every key.
"""

import math

import numpy as np

from nnlab.activations import softmax
from nnlab.errors import LabError, either, spelt, whole
from nnlab.layers.core import Layer, Weighted
from nnlab.numbers import product, shares_of, shown
from nnlab.params import Shape
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term

NOTHING = 1e30  # so far below the others that e^ of the difference is 0, and finite where all are


class ScaledDotProduct(Layer):
    """(steps, 3·width), q, k and v side by side → (steps, width). `causal` hides the future; what
    `Padding` found empty gets no share."""

    axes = 2

    def __init__(self, heads: int = 1, causal: bool = False) -> None:
        self.heads, self.causal = self.whole("heads", heads), either(f"{type(self).__name__}: causal", causal)
        self.wants = f"(steps, 3·width) with {heads} heads"

    def setup(self, shape: Shape) -> Shape:
        if shape[1] % (3 * self.heads):
            raise self.refusal(shape, self.wants)
        self.steps, self.width = shape[0], shape[1] // 3
        return (self.steps, self.width)

    def _headed(self, plan: Plan, a: Array, parts: int) -> Array:
        """(parts·width, steps·batch) as (batch, parts, heads, steps, width of a head), a view."""
        split = plan.shaped(a, parts, self.heads, self.width // self.heads, self.steps, plan.batch)
        return np.moveaxis(split, (-1, -5, -4, -2, -3), (-5, -4, -3, -2, -1))

    def _by_head(self, plan: Plan, a: Array) -> Array:
        """(keys, batch·heads·queries) as (batch, heads, keys, queries), a view."""
        split = plan.shaped(a, self.steps, plan.batch, self.heads, self.steps)
        return np.moveaxis(split, -4, -2)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        T, out = self.steps, plan.rows(self.gives, plan.unique(f"mix{self.place}"))
        d = self.width // self.heads
        qkv = plan.copy(self._headed(plan, x.value, 3), plan.buffer(plan.batch, 3, self.heads, T, d))
        q, k, v = parts = [Term(plan, qkv[..., i, :, :, :], "qkv"[i]) for i in range(3)]
        for part in parts:
            name = plan.unique(f"{part.text}{self.place}")
            plan.show(name, f"{name} = its third of {x.name}", np.moveaxis(part.array, -4, -1))
        # numpy adds up quickly across long rows, and slowly along short ones
        flat = T, plan.batch * self.heads * T
        asked = plan.scratch((*plan.members, *flat))
        s = k.dot(q.T).into(self._by_head(plan, asked))
        s = s.viewed(plan.shaped(asked, T, plan.batch, self.heads * T))
        s = s.call(np.multiply, f"{{0}}/√{d}", s, 1 / math.sqrt(d))
        if self.causal:
            future = np.tril(np.full((T, T), -np.inf, dtype=plan.dtype), -1)
            s = s + Term(plan, np.tile(future, self.heads)[:, None], "−∞ for the future")
        if plan.real is not None:  # (…, steps, 1, batch) → (…, keys, batch, 1)
            s = s + (Term(plan, plan.real.swapaxes(-1, -2), "real") - 1) * NOTHING
        s = self._named(s, "scores", "q·kᵀ/√d")
        s = s.viewed(plan.shaped(s.array, *flat))
        shares = softmax(s)
        shares.reading = shares_of(s.array)
        shares = self._named(shares, "shares", "e^score / Σ e^scores")
        by_head = Term(plan, self._by_head(plan, shares.array), shares.text)
        mixed, read = by_head.T.dot(v).array[..., None, :, :, :], product(by_head.T.array, v.array)
        write = shown(read, lambda unit, sample: (sample, unit[1] // d, unit[0], unit[1] % d))
        plan.copy(mixed, self._headed(plan, out.value, 1), f"{out.name} = shares·v", name=out.name,
                  inputs=(by_head.T.array, v.array), seen=out, write=write)  # fmt: skip
        return out

    def _named(self, made: Term, what: str, formula: str) -> Term:
        """A row of the trace, read as (heads, queries, keys)."""
        name = made.plan.unique(f"{what}{self.place}")
        seen = np.moveaxis(self._by_head(made.plan, made.array), (-4, -2, -1), (-1, -2, -3))
        return made.told(name, f"{name} = {formula}", seen=seen)

    def multiply_adds(self) -> int:
        return 2 * self.steps**2 * self.width


class TokenDense(Weighted):
    """The same weighted sums at every step: (steps, in) → (steps, n). Every step is a column."""

    wants, axes = "(steps, width)", 2

    def setup(self, shape: Shape) -> Shape:
        self.steps, self.fan = shape
        return (self.steps, self.n)

    def multiply_adds(self) -> int:
        return self.n * self.fan * self.steps


@spelt
def multi_head(width: int, heads: int = 1, causal: bool = False) -> list[Layer]:
    """Multi-head self-attention as three layers: q, k, v of every step; shares; their mix.

    `Net(*multi_head(8, heads=2, causal=True), Flatten(), Dense(1), input=(5, 8))`
    """
    if whole("width", width) % whole("heads", heads):
        raise LabError(f"{heads} heads do not divide a width of {width}")
    return [TokenDense(3 * width), ScaledDotProduct(heads, causal), TokenDense(width)]

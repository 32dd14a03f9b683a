"""Pictures: (channels, height, width) a sample. Inside a plan the batch is the last axis, so
every row of a patch is one run of memory, and a convolution is one copy and one product.

    a 3×3 kernel over 8×8 pixels looks at 6·6 = 36 places
"""
# ruff: noqa: ARG005  # a slope names all it is offered, like every other one

import math
from functools import reduce
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlab.layers.core import Layer, Weighted
from nnlab.numbers import listed, shown
from nnlab.params import Block, Shape
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, maximum

PICTURE = "(channels, height, width)"


class Conv2D(Weighted):
    """z[o] = Σ W[o]·patch + b[o] at every place; W is (out, in·kernel·kernel)."""

    wants, axes = PICTURE, 3

    def __init__(self, n: int, kernel: int, stride: int = 1, padding: int = 0) -> None:
        super().__init__(n)
        self.kernel, self.stride = self.whole("kernel", kernel), self.whole("stride", stride)
        self.padding = self.whole("padding", padding, 0)

    def setup(self, shape: Shape) -> Shape:
        c, h, w = shape
        k, s, p = self.kernel, self.stride, self.padding
        high, wide = (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1
        if min(high, wide) < 1:
            raise self.refusal(shape, f"at least its kernel, {k}×{k}", f"{h}×{w} pixels")
        self.patch = c * k * k
        return (self.n, high, wide)

    def blocks(self) -> list[Block]:
        fan = self.patch, self.n * self.kernel**2
        return [Block(f"W{self.k}", (self.n, self.patch + 1), fan=fan)]

    def forward(self, plan: Plan, x: Rows) -> Rows:
        (c, h, w), (_, high, wide) = self.seen, self.gives
        k, s, p = self.kernel, self.stride, self.padding
        pixels = plan.shaped(x.value, *self.seen, plan.batch)
        if p:
            whole = plan.buffer(c, h + 2 * p, w + 2 * p, plan.batch)  # with a margin of zeros
            plan.copy(pixels, whole[..., p : p + h, p : p + w, :])
            pixels = whole
        windows = sliding_window_view(pixels, (k, k), axis=(-3, -2))[..., ::s, ::s, :, :, :]
        patches = np.moveaxis(windows, (-2, -1), (-5, -4))  # (in, kernel, kernel, high, wide, batch)
        cols = plan.buffer(self.patch + 1, high * wide * plan.batch, fill=1.0)
        # a pixel gets back what every patch sends that saw it: one call per kernel cell
        none = Term(plan, plan.const(0))
        back: list[Any] = [(pixels, lambda d, y: none)]
        for i, j in np.ndindex(k, k):
            seen = pixels[..., i : i + s * high : s, j : j + s * wide : s, :]
            back.append((seen, lambda d, y, i=i, j=j: d[..., i, j, :, :, :]))
        to = plan.shaped(cols[..., :-1, :], *patches.shape[-6:])
        plan.copy(patches, to, "patches", slopes=tuple(back))
        z = plan.rows(self.gives, f"z{self.k}")
        flat, formula = plan.shaped(z.value, self.n, -1), f"{z.name} = W{self.k}·patches + b{self.k}"
        sums = self.weigh(Term(plan, cols, "patches"))
        sums.into(flat, z.name, formula, seen=z)
        return z

    def tensors(self) -> dict[str, Array]:
        return {"weight": self.W.reshape(self.n, self.seen[0], self.kernel, self.kernel), "bias": self.b}

    def multiply_adds(self) -> int:
        return self.patch * math.prod(self.gives)


class _Pool(Layer):
    """Windows of size×size side by side; rows and columns that do not fill one are left out."""

    wants, axes = PICTURE, 3

    def __init__(self, size: int = 2) -> None:
        self.size = self.whole("size", size)

    def setup(self, shape: Shape) -> Shape:
        c, h, w = shape
        if min(h, w) < self.size:
            window = f"at least its window, {self.size}×{self.size}"
            raise self.refusal(shape, window, f"{h}×{w} pixels")
        return (c, h // self.size, w // self.size)

    def _cells(self, plan: Plan, a: Array) -> list[Term]:
        """The first pixel of every window, the second, …: size² views (c, high, wide, batch)."""
        s, (_, high, wide) = self.size, self.gives
        pixels = Term(plan, plan.shaped(a, *self.seen, plan.batch), "pixel")
        return [pixels[..., i : s * high : s, j : s * wide : s, :] for i, j in np.ndindex(s, s)]

    def _pooled(self, cells: list[Term]) -> tuple[Term, str, str]:
        """One value a window, how to say it, and its form for numbers."""
        raise NotImplementedError

    def forward(self, plan: Plan, x: Rows) -> Rows:
        out = plan.rows(self.gives, plan.unique(f"pool{self.place}"))
        top = plan.shaped(out.value, *self.gives, plan.batch)
        cells = self._cells(plan, x.value)
        pooled, says, form = self._pooled(cells)
        read = listed(form, [cell.array for cell in cells])
        pooled.into(top, out.name, f"{out.name} = {says}", inputs=(x,), seen=out, write=shown(read))
        return out


class MaxPool(_Pool):
    """The largest of each window; on a tie the first one takes the gradient, as in torch."""

    def _pooled(self, cells: list[Term]) -> tuple[Term, str, str]:
        return reduce(maximum, cells), "largest of a window", "max({list})"


class AvgPool(_Pool):
    """The mean of each window."""

    bends = False

    def _pooled(self, cells: list[Term]) -> tuple[Term, str, str]:
        mean = reduce(Term.__add__, cells) * (1 / self.size**2)
        return mean, "mean of a window", f"({{sum}})/{self.size**2}"

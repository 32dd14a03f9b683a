"""Pictures: (channels, height, width) a sample. Inside a plan the batch is the last axis, so
every row of a patch is one run of memory, and a convolution is one copy and one product.

    a 3×3 kernel over 8×8 pixels looks at 6·6 = 36 places
"""

import math
from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Layer, Shape, Weighted
from nnlab.params import Block
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, maximum


def _picture(layer: Layer, shape: Shape) -> Shape:
    if len(shape) != 3:
        raise ShapeError(f"{layer.at} got shape {shape} per row; it wants (channels, height, width)", shape)
    return shape


class Conv2D(Weighted):
    """z[o] = Σ W[o]·patch + b[o] at every place; W is (out, in·kernel·kernel)."""

    def __init__(self, n: int, kernel: int, stride: int = 1, padding: int = 0) -> None:
        if min(n, kernel, stride) < 1 or padding < 0:
            raise LabError("Conv2D wants at least 1 filter, kernel and stride, and padding ≥ 0")
        self.n, self.kernel, self.stride, self.padding = n, kernel, stride, padding

    def setup(self, shape: Shape) -> Shape:
        c, h, w = _picture(self, shape)
        k, s, p = self.kernel, self.stride, self.padding
        high, wide = (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1
        if min(high, wide) < 1:
            raise ShapeError(f"{self.at} got {h}×{w} pixels; its kernel is {k}×{k}", shape, k)
        self.patch = c * k * k
        return (self.n, high, wide)

    def blocks(self) -> list[Block]:
        fan = self.patch, self.n * self.kernel**2
        return [Block(f"W{self.k}", (self.n, self.patch + 1), fan=fan)]

    def _padded(self, plan: Plan) -> tuple[Array, Array]:
        """Room for the pictures with their margin of zeros, and the view inside it."""
        c, h, w = self.seen
        p = self.padding
        whole = plan.buffer(c, h + 2 * p, w + 2 * p, plan.batch)
        return whole, whole[..., p : p + h, p : p + w, :]

    def forward(self, plan: Plan, x: Rows) -> Rows:
        k, s = self.kernel, self.stride
        pixels = plan.shaped(x.value, *self.seen, plan.batch)
        if self.padding:
            whole, inside = self._padded(plan)
            plan.copy(pixels, inside)
            pixels = whole
        windows = sliding_window_view(pixels, (k, k), axis=(-3, -2))[..., ::s, ::s, :, :, :]
        patches = np.moveaxis(windows, (-2, -1), (-5, -4))  # (in, kernel, kernel, high, wide, batch)
        cols = plan.buffer(self.patch + 1, math.prod(self.gives[1:]) * plan.batch, fill=1.0)
        plan.copy(patches, plan.shaped(cols[..., :-1, :], *patches.shape[-6:]))
        z = plan.rows(self.gives, f"z{self.k}")
        flat, formula = plan.shaped(z.value, self.n, -1), f"{z.name} = W{self.k}·patches + b{self.k}"
        plan.product(formula, self.Wb, cols, flat, name=z.name, seen=z)
        plan.keep(self, cols=cols)
        return z

    def learn(self, plan: Plan, x: Rows, dz: Array) -> None:  # noqa: ARG002  # its patches are kept
        self.weigh_errors(plan, plan.shaped(dz, self.n, -1), plan.kept(self, "cols"), "patches")

    def backward(self, plan: Plan, x: Rows, dz: Array) -> Array:
        """Add what every patch sends back to the pixels it saw: one call per kernel cell."""
        (_, high, wide), s, k = self.gives, self.stride, self.kernel
        sent = plan.product("Wᵀ·δ", self.Wb.swapaxes(-1, -2), plan.shaped(dz, self.n, -1))
        cells = plan.shaped(sent[..., :-1, :], self.seen[0], k, k, high, wide, plan.batch)
        whole, inside = self._padded(plan)
        plan.copy(plan.const(0), whole)
        for i, j in np.ndindex(k, k):
            at = whole[..., i : i + s * high : s, j : j + s * wide : s, :]
            plan.op(f"+ cell {i + 1},{j + 1}", np.add, at, cells[..., i, j, :, :, :], out=at)
        out = plan.buffer(math.prod(x.shape), plan.batch)
        to = plan.shaped(out, *self.seen, plan.batch)
        plan.copy(inside, to, f"∂L/∂{x.name}", name=f"d{x.name}", seen=out)
        return out

    def multiply_adds(self) -> int:
        return self.patch * math.prod(self.gives)

    def __repr__(self) -> str:
        return f"Conv2D({self.n}, {self.kernel})"


class _Pool(Layer):
    """Windows of size×size side by side; rows and columns that do not fill one are left out."""

    def __init__(self, size: int = 2) -> None:
        if size < 1:
            raise LabError(f"{type(self).__name__} got size {size}; it wants at least 1")
        self.size = size

    def setup(self, shape: Shape) -> Shape:
        c, h, w = _picture(self, shape)
        if min(h, w) < self.size:
            raise ShapeError(f"{self.at} got {h}×{w} pixels; its window is {self.size}", shape)
        return (c, h // self.size, w // self.size)

    def _cells(self, plan: Plan, a: Array) -> list[Term]:
        """The first pixel of every window, the second, …: size² views (c, high, wide, batch)."""
        s, (_, high, wide) = self.size, self.gives
        pixels = Term(plan, plan.shaped(a, *self.seen, plan.batch), "pixel")
        return [pixels[..., i : s * high : s, j : s * wide : s, :] for i, j in np.ndindex(s, s)]

    def _pooled(self, cells: list[Term]) -> tuple[Term, str]:
        """One value a window, and how to say it."""
        raise NotImplementedError

    def _send_back(self, plan: Plan, dtop: Term, cells: list[Term], backs: list[Term]) -> None:
        """What every cell gets of its window's slope."""
        raise NotImplementedError

    def forward(self, plan: Plan, x: Rows) -> Rows:
        out = plan.rows(self.gives, plan.unique(f"pool{self.place}"))
        top = plan.shaped(out.value, *self.gives, plan.batch)
        pooled, says = self._pooled(self._cells(plan, x.value))
        pooled.into(top, out.name, f"{out.name} = {says}", inputs=(x,), seen=out)
        plan.keep(self, top=top)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array) -> Array:
        out = plan.buffer(math.prod(x.shape), plan.batch)
        dtop = Term(plan, plan.shaped(dz, *self.gives, plan.batch), "δ")
        self._send_back(plan, dtop, self._cells(plan, x.value), self._cells(plan, out))
        plan.show(f"d{x.name}", f"∂L/∂{x.name}", out)
        return out

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.size})"


class MaxPool(_Pool):
    """The largest of each window; on a tie the first one takes the gradient, as in torch."""

    def _pooled(self, cells: list[Term]) -> tuple[Term, str]:
        return reduce(maximum, cells), "largest of a window"

    def _send_back(self, plan: Plan, dtop: Term, cells: list[Term], backs: list[Term]) -> None:
        free = dtop * 0 + 1
        for cell, back in zip(cells, backs, strict=True):
            hit = cell.call(np.equal, "{} = max", cell, plan.kept(self, "top")) * free
            (dtop * hit).into(back)
            free = free - hit  # nobody before


class AvgPool(_Pool):
    """The mean of each window."""

    def _pooled(self, cells: list[Term]) -> tuple[Term, str]:
        return reduce(Term.__add__, cells) * (1 / self.size**2), "mean of a window"

    def _send_back(self, plan: Plan, dtop: Term, cells: list[Term], backs: list[Term]) -> None:  # noqa: ARG002
        for back in backs:
            (dtop * (1 / self.size**2)).into(back)

"""Pictures: (channels, height, width) a sample. Inside a plan the batch is the last axis, so
every row of a patch is one run of memory, and a convolution is one copy and one product.

    a 3×3 kernel over 8×8 pixels looks at 6·6 = 36 places
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Layer, Shape, Weighted
from nnlab.params import Block
from nnlab.plan import Array, Plan, Rows


def _picture(layer: Layer, shape: Shape) -> tuple[int, int, int]:
    if len(shape) != 3:
        raise ShapeError(f"{layer.at} got shape {shape} per row; it wants (channels, height, width)", shape)
    return shape[0], shape[1], shape[2]


class Conv2D(Weighted):
    """z[o] = Σ W[o]·patch + b[o] at every place; W is (out, in·kernel·kernel)."""

    stacks = False

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

    def _patches(self, padded: Array) -> Array:
        """(in, kernel, kernel, high, wide, batch): every patch, as a view."""
        c, _, _, batch = padded.shape
        k, s = self.kernel, self.stride
        sc, sh, sw, sb = padded.strides
        shape = (c, k, k, *self.gives[1:], batch)
        return as_strided(padded, shape, (sc, sh, sw, sh * s, sw * s, sb))

    def forward(self, plan: Plan, x: Rows) -> Rows:
        c, h, w = self.seen[0], self.seen[1], self.seen[2]
        p, batch, places = self.padding, plan.batch, self.gives[1] * self.gives[2]
        padded = x.value.reshape(c, h, w, batch)
        if p:
            inside = plan.buffer(c, h + 2 * p, w + 2 * p, batch)
            plan.copy(padded, inside[:, p : p + h, p : p + w])
            padded = inside
        cols = plan.buffer(self.patch + 1, places * batch, fill=1.0)
        view = self._patches(padded)
        plan.copy(view, cols[:-1].reshape(view.shape))
        z = plan.rows(self.n * places, f"z{self.k}", self.gives)
        flat = z.value.reshape(self.n, places * batch)
        plan.op(f"z{self.k}", f"z{self.k} = W{self.k}·patches + b{self.k}", np.dot, self.Wb, cols,
                out=flat, seen=z)  # fmt: skip
        plan.keep(self, cols=cols)
        return z

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        cols, k = plan.kept(self, "cols"), self.k
        flat = dz.reshape(self.n, -1)
        plan.op(f"dW{k}", f"∂L/∂W{k} = δ{k}·patchesᵀ", np.dot, flat, cols.T, out=self.dWb)
        if not wants:
            return None
        back = plan.op("", "Wᵀ·δ", np.dot, self.Wb.T, flat, out=np.empty_like(cols))
        return self._scatter(plan, x, back[:-1])

    def _scatter(self, plan: Plan, x: Rows, back: Array) -> Array:
        """Add what every patch sends back to the pixels it saw: one call per kernel cell."""
        c, h, w = self.seen[0], self.seen[1], self.seen[2]
        p, s, k = self.padding, self.stride, self.kernel
        _, high, wide = self.gives
        pixels = plan.buffer(c, h + 2 * p, w + 2 * p, plan.batch)
        cells = back.reshape(c, k, k, high, wide, plan.batch)
        plan.copy(plan.const(0), pixels)
        for i in range(k):
            for j in range(k):
                at = pixels[:, i : i + s * high : s, j : j + s * wide : s]
                plan.op("", f"+ cell {i + 1},{j + 1}", np.add, at, cells[:, i, j], out=at)
        out = plan.buffer(x.n, plan.batch)
        inside = pixels[:, p : p + h, p : p + w]
        plan.op(f"d{x.name}", f"∂L/∂{x.name}", np.positive, inside, out=out.reshape(inside.shape),
                seen=out)  # fmt: skip
        return out

    def cost(self) -> tuple[int, int]:
        places = self.gives[1] * self.gives[2]
        return self.n * (self.patch + 1), self.n * self.patch * places

    def __repr__(self) -> str:
        return f"Conv2D({self.n}, {self.kernel})"


class _Pool(Layer):
    """Windows of size×size side by side; rows and columns that do not fill one are left out."""

    stacks = False

    def __init__(self, size: int = 2) -> None:
        if size < 1:
            raise LabError(f"{type(self).__name__} got size {size}; it wants at least 1")
        self.size = size

    def setup(self, shape: Shape) -> Shape:
        c, h, w = _picture(self, shape)
        if min(h, w) < self.size:
            raise ShapeError(f"{self.at} got {h}×{w} pixels; its window is {self.size}", shape)
        return (c, h // self.size, w // self.size)

    def _cells(self, a: Array, batch: int) -> list[Array]:
        """The first pixel of every window, the second, …: size² views (c, high, wide, batch)."""
        s, (_, high, wide) = self.size, self.gives
        pixels = a.reshape(*self.seen, batch)
        return [pixels[:, i : i + s * high : s, j : j + s * wide : s] for i in range(s) for j in range(s)]

    def _out(self, plan: Plan) -> tuple[Rows, Array, str]:
        name = plan.unique(f"pool{self.place}")
        out = plan.rows(int(np.prod(self.gives)), name, self.gives)
        return out, out.value.reshape(*self.gives, plan.batch), name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.size})"


class MaxPool(_Pool):
    """The largest of each window; on a tie the first one takes the gradient, as in torch."""

    def forward(self, plan: Plan, x: Rows) -> Rows:
        out, top, name = self._out(plan)
        first, *cells = self._cells(x.value, plan.batch)
        so_far: Any = first
        for cell in cells[:-1]:
            so_far = plan.op("", "max so far", np.maximum, so_far, cell, out=top)
        last = cells[-1] if cells else first
        plan.op(name, f"{name} = largest of a window", np.maximum, so_far, last, out=top,
                inputs=(x,), seen=out)  # fmt: skip
        plan.keep(self, top=top)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        if not wants:
            return None
        top, out = plan.kept(self, "top"), plan.buffer(x.n, plan.batch)
        dtop = dz.reshape(top.shape)
        free = np.empty(top.shape, dtype=bool)
        hit = np.empty_like(free)
        plan.copy(np.array(True), free)
        pairs = zip(self._cells(x.value, plan.batch), self._cells(out, plan.batch), strict=True)
        for cell, back in pairs:
            plan.op("", "x = max", np.equal, cell, top, out=hit)
            plan.op("", "and nobody before", np.logical_and, hit, free, out=hit)
            plan.op("", "δ·hit", np.multiply, dtop, hit, out=back)
            plan.op("", "not free any more", np.logical_xor, free, hit, out=free)
        plan.show(f"d{x.name}", f"∂L/∂{x.name}", out)
        return out


class AvgPool(_Pool):
    """The mean of each window."""

    def forward(self, plan: Plan, x: Rows) -> Rows:
        out, mean, name = self._out(plan)
        so_far, *cells = self._cells(x.value, plan.batch)
        for cell in cells:
            so_far = plan.op("", "sum so far", np.add, so_far, cell, out=mean)
        plan.op(name, f"{name} = mean of a window", np.multiply, so_far,
                plan.const(1 / self.size**2), out=mean, inputs=(x,), seen=out)  # fmt: skip
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        if not wants:
            return None
        out = plan.buffer(x.n, plan.batch)
        dmean, share = dz.reshape(*self.gives, plan.batch), plan.const(1 / self.size**2)
        for back in self._cells(out, plan.batch):
            plan.op("", "δ/size²", np.multiply, dmean, share, out=back)
        plan.show(f"d{x.name}", f"∂L/∂{x.name}", out)
        return out

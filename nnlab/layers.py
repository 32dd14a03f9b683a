"""Layers. A layer does not compute: it writes its calls into a plan, forward and backward.

Dense(3) after two inputs: z = W·x + b with W (3, 2), b (3,)
"""

import math
from collections.abc import Sequence

import numpy as np

from nnlab.activations import Activation as Squash
from nnlab.activations import activation
from nnlab.errors import LabError, ShapeError
from nnlab.params import Block, Params
from nnlab.plan import Array, Plan, Rows, Shown
from nnlab.terms import Term
from nnlab.written import dense_back, dense_sum, slope_of, squash_of, weight_of

Shape = tuple[int, ...]


class Layer:
    """What every layer answers. `k` is the number of the weighted layer it belongs to."""

    k: int = 0
    last: bool = False  # its output is ŷ
    place: int = 0  # counted over all layers, from 1
    weighted: bool = False  # has weights and starts a new k
    stacks: bool = True  # can be part of a fleet
    at: str = "layer"  # how an error calls it, e.g. "layer 2 (Dense 3→1)"
    seen: Shape = ()  # the shape of one sample that comes in
    gives: Shape = ()  # and of what goes out
    keeps_column_major = False  # True: reads its input with any strides

    def setup(self, shape: Shape) -> Shape:
        """Take note of one sample's shape and return the output's; refuse what does not fit."""
        return shape

    def blocks(self) -> list[Block]:
        return []

    def state(self) -> dict[str, Shape]:
        """Numbers that are remembered but not trained, e.g. running statistics."""
        return {}

    def parts(self) -> "list[Layer]":
        """Itself, or the layers it is made of."""
        return [self]

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        """Take the views of θ and of the state."""

    def forward(self, plan: Plan, x: Rows) -> Rows:
        raise NotImplementedError

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        """Write the gradients; return ∂L/∂x (named after x), or None where nobody `wants` it."""
        raise NotImplementedError

    def cost(self) -> tuple[int, int]:
        """Parameters, multiply-adds per sample."""
        return sum(math.prod(b.shape) for b in self.blocks()), 0

    def __repr__(self) -> str:
        return type(self).__name__


def flat(layer: Layer, shape: Shape) -> int:
    if len(shape) != 1:
        raise ShapeError(
            f"{layer.at} got values of shape {shape} per row; it wants a flat row: put Flatten() "
            "before it", shape,
        )  # fmt: skip
    return shape[0]


class Weighted(Layer):
    """A layer with one block W{k}, (out, in + 1), whose last column is the bias."""

    weighted = True

    def bind(self, params: Params, state: dict[str, Array]) -> None:  # noqa: ARG002  # no state
        self.Wb = params.view(f"W{self.k}")
        self.dWb = params.grad_view(f"W{self.k}")

    @property
    def W(self) -> Array:  # noqa: N802  # the field's name
        """(out, in), a writable view of θ: row j is what unit j listens to."""
        return self.Wb[..., :-1]

    @property
    def b(self) -> Array:
        """(out,), a writable view of θ."""
        return self.Wb[..., -1]

    @property
    def dW(self) -> Array:  # noqa: N802  # the field's name
        """(out, in), ∂L/∂W of the last backward pass."""
        return self.dWb[..., :-1]

    @property
    def db(self) -> Array:
        """(out,), ∂L/∂b of the last backward pass."""
        return self.dWb[..., -1]


class Dense(Weighted):
    """z = W·x + b. `Dense(10)` takes its inputs from the layer before."""

    keeps_column_major = True

    def __init__(self, n: int, *, inputs: int | None = None) -> None:
        if n < 1:
            raise LabError(f"Dense got {n} units; it wants at least 1")
        self.n = n
        self.inputs = inputs

    def setup(self, shape: Shape) -> Shape:
        got = flat(self, shape)
        if self.inputs is not None and self.inputs != got:
            raise ShapeError(f"{self.at} got {got} values per row; it wants {self.inputs}", got, self.inputs)
        self.fan = got
        return (self.n,)

    def blocks(self) -> list[Block]:
        return [Block(f"W{self.k}", (self.n, self.fan + 1))]

    def forward(self, plan: Plan, x: Rows) -> Rows:
        z = plan.rows(self.n, f"z{self.k}")
        plan.op(
            z.name, f"{z.name} = W{self.k}·{x.name} + b{self.k}", plan.dot, self.Wb, x.with_one,
            out=z, write=dense_sum(self.Wb, x.with_one),
        )  # fmt: skip
        return z

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        k, ones = self.k, x.with_one.swapaxes(-1, -2)
        write = weight_of(dz, x.with_one)
        plan.op(
            f"dW{k}", f"∂L/∂W{k} = δ{k}·{x.name}ᵀ", plan.dot, dz, ones, out=self.dWb,
            shows=(
                Shown(f"dW{k}", f"∂L/∂W{k} = δ{k}·{x.name}ᵀ", self.dW, write),
                Shown(f"db{k}", f"∂L/∂b{k} = Σ δ{k}", self.db, write),
            ),
        )  # fmt: skip
        if not wants:
            return None
        # with the bias row: leaving it out would make np.dot copy W every time
        both = plan.buffer(self.fan + 1, plan.batch)
        dx = both[..., :-1, :]
        plan.op(
            f"d{x.name}", f"∂L/∂{x.name} = W{k}ᵀ·δ{k}", plan.dot, self.Wb.swapaxes(-1, -2), dz,
            out=both, seen=dx, write=dense_back(self.W, dz),
        )  # fmt: skip
        return dx

    def cost(self) -> tuple[int, int]:
        return self.n * (self.fan + 1), self.n * self.fan

    def __repr__(self) -> str:
        return f"Dense {self.fan}→{self.n}" if hasattr(self, "fan") else f"Dense({self.n})"


class Activation(Layer):
    """h = f(z), unit by unit (softmax: over the units of a sample)."""

    def __init__(self, how: str | Squash) -> None:
        self.how = activation(how)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        name = "yhat" if self.last else plan.unique(f"h{self.k}")
        h = plan.rows(x.n, name, x.shape)
        formula = f"{name} = {self.how.formula.replace('z', x.name)}"
        self.how.f(Term(plan, x.value, x.name)).into(
            h.value, name, formula, inputs=(x,), write=squash_of(self.how, x.value)
        )
        plan.keep(self, h=h)
        return h

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        if self.how.back is None:
            raise LabError(f'"{self.how.name}" has no slope to learn by; use it forward only')
        if not wants:
            return None
        h, out, name = plan.kept(self, "h").value, plan.buffer(x.n, plan.batch), f"d{x.name}"
        arrives = Term(plan, dz, "δ")
        self.how.back(Term(plan, x.value, x.name), Term(plan, h, "h"), arrives).into(
            out, name, f"∂L/∂{x.name} = ∂L/∂h·f′, f′ = {self.how.slope_formula}",
            inputs=(dz, x.value, h), write=slope_of(self.how, dz, out, x.value),
        )  # fmt: skip
        return out

    def __repr__(self) -> str:
        return self.how.name


def ReLU() -> Activation:  # noqa: N802  # a layer's name, as every framework writes it
    return Activation("relu")


def Tanh() -> Activation:  # noqa: N802  # as ReLU
    return Activation("tanh")


def Sigmoid() -> Activation:  # noqa: N802  # as ReLU
    return Activation("sigmoid")


class Flatten(Layer):
    """(channels, height, width) → one row; inside a plan the numbers lie like that already."""

    keeps_column_major = True

    def setup(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def forward(self, plan: Plan, x: Rows) -> Rows:  # noqa: ARG002  # nothing to compute
        return Rows(x.name, x.with_one, x.value, (x.n,))

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:  # noqa: ARG002
        return dz


class Dropout(Layer):
    """Silences each value with chance `p` while training and scales the rest by 1/(1 − p)."""

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p < 1:
            raise LabError(f"Dropout got p = {p}; it wants 0 ≤ p < 1")
        self.p = p

    def forward(self, plan: Plan, x: Rows) -> Rows:
        if not plan.training:
            return x
        name = plan.unique(f"drop{self.k}")
        out, mask, noise = plan.rows(x.n, name, x.shape), np.empty_like(x.value), np.empty_like(x.value)
        rng = plan.rng or np.random.default_rng(0)
        plan.phase = "noise"
        plan.op("", "u ~ U(0, 1)", lambda out: rng.random(dtype=out.dtype, out=out), out=noise)
        plan.phase = "forward"
        plan.op("", "u ≥ p", np.greater_equal, noise, plan.const(self.p), out=mask)
        plan.op("", "mask/(1 − p)", np.multiply, mask, plan.const(1 / (1 - self.p)), out=mask)
        plan.op(name, f"{name} = {x.name}·mask/(1 − p)", np.multiply, x, mask, out=out)
        plan.keep(self, mask=mask)
        return out

    def backward(self, plan: Plan, x: Rows, dz: Array, wants: bool) -> Array | None:
        if not plan.training:
            return dz
        if not wants:
            return None
        out: Array = plan.op(
            f"d{x.name}", "δ·mask/(1 − p)", np.multiply, dz, plan.kept(self, "mask"),
            out=plan.buffer(x.n, plan.batch),
        )  # fmt: skip
        return out

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"


def numbered(layers: Sequence[Layer], shape: Shape, k: int = 0, place: int = 0) -> Shape:
    """Number the layers, let each see its input's shape, and return the last one's output."""
    for layer in layers:
        place += 1
        k += layer.weighted
        layer.k, layer.place = k, place
        layer.at = f"layer {place} ({type(layer).__name__})"
        if isinstance(layer, Dense):
            into = layer.inputs or (shape[0] if len(shape) == 1 else "")
            layer.at = f"layer {k} (Dense {into}→{layer.n})"
        layer.seen, shape = shape, layer.setup(shape)
        layer.gives = shape
        k = max([k, *(part.k for part in layer.parts())])
    return shape

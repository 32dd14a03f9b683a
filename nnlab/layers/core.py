"""Layers. A layer does not compute: it writes its calls into a plan, and the chain rule the way back.

Dense(3) after two inputs: z = W·x + b with W (3, 2), b (3,)
"""

import math
from collections.abc import Sequence
from inspect import signature
from typing import Any

import numpy as np

from nnlab.activations import Squash, activation
from nnlab.errors import LabError, ShapeError, fit, numbers_in, short, spelt, whole
from nnlab.numbers import put_in, shown, weighted_sum
from nnlab.params import Block, Params, Shape
from nnlab.plan import Array, Plan, Rows, shaped_as
from nnlab.terms import Term, computed


class Layer:
    """What every layer answers. `k` is the number of the weighted layer it belongs to.

    One of your own says what it computes, and which parameters it wants if any:

    >>> from nnlab import Dense, Net, check
    >>> class Scale(Layer):
    ...     def blocks(self): return [Block(f"scale{self.place}", (*self.seen, 1), bias=False, fill=1.0)]
    ...     def bind(self, params, state): self.s = params.view(f"scale{self.place}")
    ...     def compute(self, x): return x * Term(x.plan, self.s, "s")
    >>> net = Net(Dense(3), Scale(), Dense(1), input=2)
    >>> bool(check(net, [[1, 2], [3, 4]], [0, 1]).worst < 1e-8)
    True
    """

    k: int = 0
    last: bool = False  # its output is ŷ
    place: int = 0  # counted over all layers, from 1
    weighted: bool = False  # has weights and starts a new k
    at: str = "layer"  # how an error calls it, e.g. "layer 2 (Dense 3→1)"
    seen: Shape = ()  # the shape of one sample that comes in
    gives: Shape = ()  # and of what goes out
    inner: "Sequence[Layer]" = ()  # layers it is made of
    keeps_column_major = False  # True: reads its input with any strides
    wants: str = ""  # the shape of one sample, in words; "" takes any
    axes: int = 0  # how many it has
    bends: bool = True  # False: what it computes is a weighted sum, or a choice, of what came in

    def __init_subclass__(cls) -> None:
        if "__init__" in vars(cls):
            spelt(cls)

    def setup(self, shape: Shape) -> Shape:
        """Take note of one sample's shape and return the output's; refuse what does not fit."""
        return shape

    def refusal(self, shape: Shape, wants: object, got: str = "") -> ShapeError:
        """What to raise where a sample has this shape; `got` says it otherwise."""
        return ShapeError(f"{self.at} got {got or f'shape {shape}'} per row; it wants {wants}", shape, wants)

    def whole(self, name: str, value: object, least: int = 1) -> int:
        """A setting that counts something."""
        return whole(f"{type(self).__name__}: {name}", value, least)

    def parts(self) -> "list[Layer]":
        """Itself, or the layers it is made of."""
        return [part for layer in self.inner for part in layer.parts()] or [self]

    def blocks(self) -> list[Block]:
        """The parameters it asks for."""
        return [block for layer in self.inner for block in layer.blocks()]

    def state(self) -> dict[str, Shape]:
        """Numbers that are remembered but not trained, e.g. running statistics."""
        return {name: shape for layer in self.inner for name, shape in layer.state().items()}

    def bind(self, params: Params, state: dict[str, Array]) -> None:
        """Take the views of θ and of the state."""
        for layer in self.inner:
            layer.bind(params, state)

    def tensors(self) -> dict[str, Array]:
        """Its numbers as torch names and lays them out."""
        inner = enumerate(self.inner)
        return {f"inner.{i}.{name}": a for i, layer in inner for name, a in layer.tensors().items()}

    def multiply_adds(self) -> int:
        """Per sample, forward."""
        return sum(layer.multiply_adds() for layer in self.inner)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        """Write the layer's calls; the way back follows from them (`nnlab.chain`)."""
        out = plan.rows(self.gives, plan.unique(f"{type(self).__name__.lower()}{self.place}"))
        made = computed(self.at, self.compute(Term(plan, x.seen, x.name)))
        got, wants = made.array.shape, out.seen.shape
        if got != wants:
            raise ShapeError(f"{self.at} computes {got}; its setup promised {wants}", got, wants)
        made.into(out.seen, out.name, f"{out.name} = {made.text}")
        return out

    def compute(self, x: Term) -> Term:  # noqa: ARG002  # for layers that do compute
        """What comes of x, (…, shape of one sample, batch), in signs and functions of `nnlab.terms`."""
        raise LabError(f"{self.at} does not say what it computes; give it compute(self, x)")

    def __repr__(self) -> str:
        """The call that makes it, settings that are as usual left out."""
        said = []
        for name, one in signature(type(self)).parameters.items():
            value = getattr(self, name)
            if one.default is one.empty:
                said.append(repr(value))
            elif value != one.default:
                said.append(f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(said)})" if said else type(self).__name__


class Weighted(Layer):
    """A layer with one block W{k}, (out, in + 1), whose last column is the bias."""

    weighted, bends = True, False
    fan: int  # values a unit listens to

    def __init__(self, n: int) -> None:
        self.n = self.whole("n", n)

    def blocks(self) -> list[Block]:
        return [Block(f"W{self.k}", (self.n, self.fan + 1))]

    def bind(self, params: Params, state: dict[str, Array]) -> None:  # noqa: ARG002  # no state
        self.Wb, self.dWb = params.view(f"W{self.k}"), params.grad_view(f"W{self.k}")

    @property
    def W(self) -> Array:  # noqa: N802  # the field's name
        """(out, in), a writable view of θ: row j is what unit j listens to."""
        return self._block()[..., :-1]

    @W.setter
    def W(self, weights: Any) -> None:  # noqa: N802  # the field's name
        self._write("W", self.W, weights)

    @property
    def b(self) -> Array:
        """(out,), a writable view of θ."""
        return self._block()[..., -1]

    @b.setter
    def b(self, biases: Any) -> None:
        self._write("b", self.b, biases)

    def _block(self) -> Array:
        if not hasattr(self, "Wb"):
            told = f"this {type(self).__name__} is in no net: a net takes copies"
            raise LabError(f"{told}. Weights are read from the net: net[0].W, net[1].W, …")
        return self.Wb

    def _write(self, name: str, view: Array, values: Any) -> None:
        """Numbers into θ; what was a view of it stays one."""
        numbers = numbers_in(values, view.dtype)
        if numbers is None or not np.isfinite(numbers).all():
            raise LabError(f"{self.at}: {name} got {short(values)}; it wants numbers")
        got = numbers.shape
        if got not in ((), view.shape):
            say = f"{self.at}: {name} got numbers of shape {got}; it wants {view.shape}"
            raise ShapeError(say, got, view.shape)
        view[...] = numbers

    @property
    def dW(self) -> Array:  # noqa: N802  # the field's name
        """(out, in), ∂L/∂W of the last backward pass."""
        return self.dWb[..., :-1]

    @property
    def db(self) -> Array:
        """(out,), ∂L/∂b of the last backward pass."""
        return self.dWb[..., -1]

    def tensors(self) -> dict[str, Array]:
        return {"weight": self.W, "bias": self.b}

    def forward(self, plan: Plan, x: Rows) -> Rows:
        z, sums = plan.rows(self.gives, f"z{self.k}"), self.weigh(Term(plan, x.with_one, x.name))
        sums.into(z, z.name, f"{z.name} = W{self.k}·{x.name} + b{self.k}")
        return z

    def weigh(self, x: Term) -> Term:
        """W·x + b of columns with a row of ones below."""
        sums = Term(x.plan, self.Wb, f"W{self.k}").dot(x)
        sums.reading = weighted_sum(self.Wb, x.array)
        return sums


class Dense(Weighted):
    """z = W·x + b. `Dense(10)` takes its inputs from the layer before."""

    keeps_column_major = True
    wants, axes = "a flat row: put Flatten() before it", 1

    def __init__(self, n: int, *, inputs: int | None = None) -> None:
        super().__init__(n)
        self.inputs = None if inputs is None else self.whole("inputs", inputs)

    def setup(self, shape: Shape) -> Shape:
        if self.inputs not in (None, *shape):
            raise self.refusal(shape, self.inputs, f"{shape[0]} values")
        self.fan = shape[0]
        return (self.n,)

    def multiply_adds(self) -> int:
        return self.n * self.fan

    def __repr__(self) -> str:
        return f"Dense {self.fan}→{self.n}" if hasattr(self, "fan") else f"Dense({self.n})"


class Activation(Layer):
    """h = f(z), unit by unit (softmax: over the units of a sample)."""

    def __init__(self, how: str | Squash) -> None:
        self.how = activation(how)
        self.bends = self.how.name != "linear"

    def setup(self, shape: Shape) -> Shape:
        if self.how.together and len(shape) > 2:
            raise self.refusal(shape, f"a row or a sequence for {self.how.name}: put Flatten() before it")
        return shape

    def forward(self, plan: Plan, x: Rows) -> Rows:
        h = plan.rows(x.shape, "yhat" if self.last else plan.unique(f"h{self.k}"))
        formula = f"{h.name} = {put_in(self.how.formula, z=x.name)}"
        z = Term(plan, x.value, x.name)

        def back(dh: Term, h_: Term) -> Term:
            assert self.how.back is not None
            read = self.how.read_back(z.array, h_.array, dh.array)
            return self.how.back(z, h_, dh).told(
                "", f"∂L/∂h·f′, f′ = {self.how.slope_formula}",
                inputs=(dh.array, z.array, h_.array), write=shown(read),
            )  # fmt: skip

        write = shown(self.how.read(x.seen))
        made = computed(f'squash "{self.how.name}"', self.how.f(z))
        made = made.into(h, h.name, formula, inputs=(x,), write=write)
        if self.how.back:
            made.sloped((z, back))
        return h

    def __repr__(self) -> str:
        return self.how.name


def ReLU() -> Activation:  # noqa: N802  # a layer's name, as every framework writes it
    return Activation("relu")


def Tanh() -> Activation:  # noqa: N802  # as ReLU
    return Activation("tanh")


def Sigmoid() -> Activation:  # noqa: N802  # as ReLU
    return Activation("sigmoid")


class Flatten(Layer):
    """(channels, height, width) or (places, units) → one row. Inside a plan a picture lies like that
    already; the places of a sequence are put one below the other."""

    keeps_column_major, bends = True, False

    def setup(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        if len(x.shape) != 2:
            return Rows(x.name, x.with_one, self.gives)
        row = plan.rows(self.gives, x.name)
        plan.copy(x.seen, shaped_as(row.value, *x.shape), "place below place")
        return row


class Dropout(Layer):
    """Silences each value with chance `p` while training and scales the rest by 1/(1 − p)."""

    bends = False

    def __init__(self, p: float = 0.5) -> None:
        self.p = p
        fit(self, "p", "0 ≤ p < 1", lambda p: 0 <= p < 1)

    def forward(self, plan: Plan, x: Rows) -> Rows:
        if not plan.training:
            return x
        rng, out = plan.rng or np.random.default_rng(0), plan.rows(x.shape, plan.unique(f"drop{self.k}"))
        plan.phase = "noise"
        u = plan.op("u ~ U(0, 1)", lambda to: rng.random(dtype=to.dtype, out=to), out=np.empty_like(x.value))
        plan.phase = "forward"
        u, p = Term(plan, u, "u"), self.p
        mask = u.call(np.greater_equal, "{} ≥ {}", u, p) * (1 / (1 - p))
        (Term(plan, x.value, x.name) * mask).into(out, out.name, f"{out.name} = {x.name}·mask/(1 − p)")
        return out


def numbered(layers: Sequence[Layer], shape: Shape, k: int = 0, place: int = 0) -> Shape:
    """Number the layers, let each see its input's shape, and return the last one's output."""
    for at, layer in enumerate(layers, place + 1):
        k += layer.weighted
        layer.k, layer.place = k, at
        layer.at = f"layer {layer.place} ({type(layer).__name__})"
        if isinstance(layer, Dense):
            into = layer.inputs or (shape[0] if len(shape) == 1 else "")
            layer.at = f"layer {k} (Dense {into}→{layer.n})"
        if layer.wants and len(shape) != layer.axes:
            raise layer.refusal(shape, layer.wants)
        layer.seen, shape = shape, layer.setup(shape)
        layer.gives = shape
        k = max([k, *(part.k for part in layer.parts())])
    return shape

"""One flat θ, one flat gradient, and the named blocks that look into them.

W1 block of a 2-3-1 net, (out, in + 1): the bias is the last column, so that
W·x + b is one product with a row of ones under x, and ∂L/∂b needs no sum of its own.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nnlab.errors import LabError, in_memory, is_number, named, short
from nnlab.plan import Array

Shape = tuple[int, ...]  # of one sample


@dataclass(frozen=True, slots=True)
class Block:
    """A parameter a layer asks for; `bias` says that the last column is one."""

    name: str
    shape: tuple[int, ...]  # (out, in + 1) with a bias column
    bias: bool = True
    fan: tuple[int, int] = (0, 0)  # (in, out) where the shape does not tell, as in Conv2D
    fill: tuple[float, ...] | None = None  # a fixed start of each row (norms: γ = 1, β = 0)
    decays: bool = True  # False for what is no weight: γ, β
    start: tuple[float, ...] | None = None  # of its biases, where it is not 0


class Params:
    """θ (members…, count) with its gradient and the views by name."""

    def __init__(self, blocks: list[Block], members: tuple[int, ...], dtype: DTypeLike) -> None:
        self.blocks, self.count = blocks, 0
        self.alone = RLock()  # plans compute in arrays of the net's own: threads ask it in turn
        self._at: dict[str, tuple[slice, tuple[int, ...]]] = {}
        for block in blocks:
            start, self.count = self.count, self.count + math.prod(block.shape)
            self._at[block.name] = slice(start, self.count), block.shape
        with self._room(members):
            self.theta: Array = np.zeros((*members, self.count), dtype=dtype)
            self.grad: Array = np.zeros((*members, self.count), dtype=dtype)
            self.decays: Array = np.zeros(self.count, dtype=dtype)  # 1 for weights, 0 for biases
        for block in blocks:
            mask = self.within(self.decays, block.name)
            mask[...] = block.decays
            if block.bias:
                mask[..., -1] = 0

    def _room(self, members: tuple[int, ...] = ()) -> AbstractContextManager[None]:
        """A sentence where memory has none for them."""
        what, fewer = ("this fleet", "fewer nets or ") if members else ("this net", "")
        return in_memory(self.count * math.prod(members), what, f"take {fewer}smaller layers")

    def within(self, flat: Array, name: str) -> Array:
        """The block of that name in a flat vector laid out like θ."""
        at, shape = named("parameter", name, self._at)
        return flat[..., at].reshape(*flat.shape[:-1], *shape)

    def view(self, name: str) -> Array:
        """(…, out, in + 1), writable: the block itself, not a copy."""
        return self.within(self.theta, name)

    def grad_view(self, name: str) -> Array:
        return self.within(self.grad, name)

    def fill(self, init: "list[Initialiser]", rng: np.random.Generator) -> None:
        """Draw every block in order; biases start at 0 unless the initialiser sets them."""
        with self._room():
            for block, how in zip(self.blocks, init, strict=True):
                view = self.view(block.name)
                if block.fill is not None:
                    view[...] = block.fill
                    continue
                weights = view[..., :-1] if block.bias else view
                out, n = size = weights.shape[0], math.prod(weights.shape[1:])
                drawn = how.draw(rng, size, block.fan if block.fan[0] else (n, out), how.scale)
                weights[...] = drawn.reshape(weights.shape)
                if block.bias and how.kinks:
                    view[..., -1] = -(drawn * rng.uniform(*how.kinks, size)).sum(axis=-1)  # z = 0 at x = k
                if block.start:
                    view[..., -1] = block.start


Size = tuple[int, int]
Draw = Callable[[np.random.Generator, Size, Size, float], Array]


@dataclass(frozen=True, slots=True)
class Initialiser:
    """Where the weights start. `scale` is the one number of the rule (σ, bound or constant)."""

    name: str
    formula: str
    draw: Draw  # (rng, (out, in), (fan in, fan out), scale) → (out, in)
    says: str
    scale: float = 1.0
    kinks: tuple[float, float] | None = None  # the range that first-layer kinks are spread over

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Ours travel by name, scale and range."""
        if self.name in INITIALISERS and INITIALISERS[self.name].draw is self.draw:
            return initialiser, ((self.name, self.scale), self.kinks)
        return object.__reduce_ex__(self, protocol)


def _spread(variance: float) -> Draw:
    """Normal with `variance` / fan in."""
    return lambda rng, size, fan, s: s * rng.normal(0, np.sqrt(variance / fan[0]), size)


def _orthogonal(rng: np.random.Generator, size: Size, _fan: Size, scale: float) -> Array:
    Q, R = np.linalg.qr(rng.normal(size=(max(size), min(size))))
    Q = Q * np.sign(np.diag(R))  # without the signs Q is not uniform over the rotations
    return np.asarray(scale * (Q if size[0] >= size[1] else Q.T))


INITIALISERS: dict[str, Initialiser] = {
    i.name: i
    for i in (
        Initialiser("zeros", "w = 0", lambda _, size, _f, _s: np.zeros(size),
                    "All units stay twins: nothing tells them apart."),
        Initialiser("constant", "w = c", lambda _, size, _f, s: np.full(size, s),
                    "Twins again, only not at zero: a layer learns as one unit.", 0.1),
        Initialiser("normal", "w ~ N(0, σ²)", lambda rng, size, _, s: rng.normal(0, s, size),
                    "Random enough to break ties; whether the size fits is luck.", 0.1),
        Initialiser("uniform", "w ~ U(−a, a)", lambda rng, size, _, s: rng.uniform(-s, s, size),
                    "Like normal, with no outliers.", 0.1),
        Initialiser("xavier", "w ~ U(−a, a), a = √(6 / (in + out))",
                    lambda rng, size, fan, s: s * rng.uniform(-1, 1, size) * np.sqrt(6 / sum(fan)),
                    "Keeps the spread of tanh signals the same in both directions (Glorot 2010)."),
        Initialiser("he", "w ~ N(0, 2 / in)", _spread(2),
                    "Twice the variance, because ReLU throws half of it away (He 2015)."),
        Initialiser("lecun", "w ~ N(0, 1 / in)", _spread(1),
                    "Keeps the variance of a layer that passes its input on (LeCun 1998)."),
        Initialiser("orthogonal", "WᵀW = I", _orthogonal,
                    "Turns without stretching, so deep stacks neither fade nor explode (Saxe 2013)."),
        Initialiser("spread-kinks", "w ~ N(0, 2 / in), b = −w·k, k ~ U(range)", _spread(2),
                    "Each unit bends somewhere in the data instead of all at zero.", 1.0, (-1.0, 1.0)),
    )
}  # fmt: skip


def initialiser(
    spec: "str | tuple[str, float] | Initialiser", kinks: tuple[float, float] | None = None
) -> Initialiser:
    """`"he"`, `("normal", 3.0)` or an Initialiser; `kinks` sets the range of spread-kinks."""
    if isinstance(spec, Initialiser):
        return spec
    asked: Any = spec
    name, scale = asked if isinstance(asked, tuple | list) and len(asked) == 2 else (asked, None)
    found = named("initialiser", name, INITIALISERS)
    if scale is not None and not is_number(scale):
        raise LabError(f'initialiser "{name}" got the scale {short(scale)}; it wants a finite number')
    if scale is not None and scale < 0 and name != "constant":
        raise LabError(f'initialiser "{name}" got the scale {scale}; it wants a number ≥ 0')
    return replace(
        found,
        kinks=found.kinks and (kinks or found.kinks),
        scale=found.scale if scale is None else scale,
    )

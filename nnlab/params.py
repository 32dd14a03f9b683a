"""One flat θ, one flat gradient, and the named blocks that look into them.

W1 block of a 2-3-1 net, (out, in + 1): the bias is the last column, so that
W·x + b is one product with a row of ones under x, and ∂L/∂b needs no sum of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import DTypeLike

from nnlab.errors import LabError, UnknownName
from nnlab.plan import Array


@dataclass(frozen=True, slots=True)
class Block:
    """A parameter a layer asks for; `bias` says that the last column is one."""

    name: str
    shape: tuple[int, ...]  # (out, in + 1) with a bias column
    bias: bool = True
    fan: tuple[int, int] = (0, 0)  # (in, out) where the shape does not tell, as in Conv2D
    fill: tuple[float, ...] | None = None  # a fixed start of each row (norms: γ = 1, β = 0)
    decays: bool = True  # False for what is no weight: γ, β


class Params:
    """θ (members…, count) with its gradient and the views by name."""

    def __init__(self, blocks: list[Block], members: tuple[int, ...], dtype: DTypeLike) -> None:
        self.blocks = blocks
        self.members = members
        self.sizes = [int(np.prod(block.shape)) for block in blocks]
        self.count = sum(self.sizes)
        self.theta: Array = np.zeros((*members, self.count), dtype=dtype)
        self.grad: Array = np.zeros((*members, self.count), dtype=dtype)
        self.decays: Array = np.zeros(self.count, dtype=dtype)  # 1 for weights, 0 for biases
        for block in blocks:
            mask = self._view(self.decays, block.name)
            mask[...] = block.decays
            if block.bias:
                mask[..., -1] = 0

    def _view(self, flat: Array, name: str) -> Array:
        start = 0
        for block, size in zip(self.blocks, self.sizes, strict=True):
            if block.name == name:
                part = flat[..., start : start + size]
                return part.reshape(*flat.shape[:-1], *block.shape)
            start += size
        raise UnknownName("parameter", name, [b.name for b in self.blocks])

    def view(self, name: str) -> Array:
        """(…, out, in + 1), writable: the block itself, not a copy."""
        return self._view(self.theta, name)

    def grad_view(self, name: str) -> Array:
        return self._view(self.grad, name)

    def fill(self, init: "list[Initialiser]", rng: np.random.Generator) -> None:
        """Draw every block in order; biases start at 0 unless the initialiser sets them."""
        for block, how in zip(self.blocks, init, strict=True):
            view = self.view(block.name)
            if block.fill is not None:
                view[...] = block.fill
                continue
            weights = view[..., :-1] if block.bias else view
            flat = (weights.shape[0], int(np.prod(weights.shape[1:])))
            fan_in, fan_out = block.fan if block.fan[0] else (flat[1], flat[0])
            drawn = how.draw(rng, *flat, fan_in, fan_out, how.scale)
            weights[...] = drawn.reshape(weights.shape)
            if block.bias:
                view[..., -1] = _kinks(drawn, how, rng) if how.kinks else 0.0


Draw = Callable[[np.random.Generator, int, int, int, int, float], Array]


@dataclass(frozen=True, slots=True)
class Initialiser:
    """Where the weights start. `scale` is the one number of the rule (σ, bound or constant)."""

    name: str
    formula: str
    draw: Draw  # (rng, out, in, fan in, fan out, scale) → (out, in)
    says: str
    scale: float = 1.0
    kinks: tuple[float, float] | None = None  # the range that first-layer kinks are spread over


def _kinks(W: Array, how: Initialiser, rng: np.random.Generator) -> Array:
    low, high = how.kinks or (0.0, 0.0)
    b: Array = -(W * rng.uniform(low, high, W.shape)).sum(axis=-1)  # z = 0 at x = k
    return b


def _orthogonal(
    rng: np.random.Generator, out: int, n: int, _fan_in: int, _fan_out: int, scale: float
) -> Array:
    tall = rng.normal(size=(max(out, n), min(out, n)))
    Q, R = np.linalg.qr(tall)
    Q = Q * np.sign(np.diag(R))  # without the signs Q is not uniform over the rotations
    result: Array = scale * (Q if out >= n else Q.T)
    return result


INITIALISERS: dict[str, Initialiser] = {
    i.name: i
    for i in (
        Initialiser(
            "zeros", "w = 0", lambda _, o, n, _i, _o, _s: np.zeros((o, n)),
            "All units stay twins: nothing tells them apart.",
        ),
        Initialiser(
            "constant", "w = c", lambda _, o, n, _i, _o, s: np.full((o, n), s),
            "Twins again, only not at zero: a layer learns as one unit.", 0.1,
        ),
        Initialiser(
            "normal", "w ~ N(0, σ²)", lambda r, o, n, _i, _o, s: r.normal(0, s, (o, n)),
            "Random enough to break ties; whether the size fits is luck.", 0.1,
        ),
        Initialiser(
            "uniform", "w ~ U(−a, a)", lambda r, o, n, _i, _o, s: r.uniform(-s, s, (o, n)),
            "Like normal, with no outliers.", 0.1,
        ),
        Initialiser(
            "xavier", "w ~ U(−a, a), a = √(6 / (in + out))",
            lambda r, o, n, i, j, s: s * r.uniform(-1, 1, (o, n)) * np.sqrt(6 / (i + j)),
            "Keeps the spread of tanh signals the same in both directions (Glorot 2010).",
        ),
        Initialiser(
            "he", "w ~ N(0, 2 / in)",
            lambda r, o, n, i, _o, s: s * r.normal(0, np.sqrt(2 / i), (o, n)),
            "Twice the variance, because ReLU throws half of it away (He 2015).",
        ),
        Initialiser(
            "lecun", "w ~ N(0, 1 / in)",
            lambda r, o, n, i, _o, s: s * r.normal(0, np.sqrt(1 / i), (o, n)),
            "Keeps the variance of a layer that passes its input on (LeCun 1998).",
        ),
        Initialiser(
            "orthogonal", "WᵀW = I", _orthogonal,
            "Turns without stretching, so deep stacks neither fade nor explode (Saxe 2013).",
        ),
        Initialiser(
            "spread-kinks", "w ~ N(0, 2 / in), b = −w·k, k ~ U(range)",
            lambda r, o, n, i, _o, s: s * r.normal(0, np.sqrt(2 / i), (o, n)),
            "Each unit bends somewhere in the data instead of all at zero.", 1.0, (-1.0, 1.0),
        ),
    )
}  # fmt: skip


def initialiser(
    spec: "str | tuple[str, float] | Initialiser", kinks: tuple[float, float] | None = None
) -> Initialiser:
    """`"he"`, `("normal", 3.0)` or an Initialiser; `kinks` sets the range of spread-kinks."""
    if isinstance(spec, Initialiser):
        return spec
    name, scale = (spec, None) if isinstance(spec, str) else spec
    if name not in INITIALISERS:
        raise UnknownName("initialiser", name, INITIALISERS)
    found = INITIALISERS[name]
    if kinks is not None and found.kinks is not None:
        found = replace(found, kinks=kinks)
    if scale is not None:
        if not np.isfinite(scale):
            raise LabError(f'initialiser "{name}" got the scale {scale}; it wants a finite number')
        found = replace(found, scale=scale)
    return found

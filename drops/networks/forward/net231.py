"""The 2-3-1 network that drops 5 to 9 calculate by hand: its numbers, its picture, its engine.

x₁, x₂  →  z = W₁·x + b₁  →  h = relu(z)  →  ŷ = W₂·h + b₂
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from drops.exercises.blocks import Sheet, Wires
from drops.networks.nets import in_each_thread
from drops.text import number
from nnlab.activations import ACTIVATIONS
from nnlab.net import Net
from nnlab.trace import Trace

Rows = tuple[tuple[float, ...], ...]
Values231 = tuple[tuple[float | None, ...], ...]  # what x, h and ŷ hold
NAMES = (("x₁", "x₂"), ("h₁", "h₂", "h₃"), ("ŷ",))


class Tiny(Protocol):
    """Whatever holds the thirteen numbers."""

    @property
    def W1(self) -> Sequence[Sequence[float]]: ...  # noqa: N802  # (3, 2), named as lessons do
    @property
    def b1(self) -> Sequence[float]: ...  # (3,)
    @property
    def W2(self) -> Sequence[float]: ...  # noqa: N802  # (3,): the row of a (1, 3) table
    @property
    def b2(self) -> float: ...


def givens(net: Tiny) -> dict[str, float]:
    """The thirteen by name: w12 = W₁[1, 2], b3 = b₁[3], v2 = W₂[1, 2], c = b₂."""
    named = {f"w{j}{i}": net.W1[j - 1][i - 1] for j in (1, 2, 3) for i in (1, 2)}
    named |= {f"b{j}": net.b1[j - 1] for j in (1, 2, 3)}
    return named | {f"v{j}": net.W2[j - 1] for j in (1, 2, 3)} | {"c": net.b2}


def hidden_table(net: Tiny) -> Sheet:
    """W₁ and b₁ as they are written down, a row for each hidden unit."""
    rows: tuple[tuple[str, ...], ...] = tuple(
        (f"row {j + 1}", *map(number, net.W1[j]), number(net.b1[j])) for j in range(3)
    )
    told = "; ".join(f"row {j}: {row[1]}, {row[2]}, bias {row[3]}" for j, row in enumerate(rows, 1))
    return Sheet(("W₁", "col 1", "col 2", "b₁"), rows, f"W₁ and b₁, {told}.")


def output_table(net: Tiny) -> Sheet:
    """W₂ and b₂ as they are written down: one unit, so one row."""
    row = ("row 1", *map(number, net.W2), number(net.b2))
    says = f"W₂ and b₂, row 1: {', '.join(row[1:4])}, bias {row[4]}."
    return Sheet(("W₂", "col 1", "col 2", "col 3", "b₂"), (row,), says)


def wires(
    net: Tiny,
    says: str,
    values: Values231 | None = None,
    bare: bool = False,
    lit: tuple[tuple[int, int, int], ...] = (),
    **drawn: Any,
) -> Wires:
    """The network as boxes and wires; `bare` draws it before it has numbers; `drawn` stands in it."""
    ones = ((0.0, 0.0),) * 3, ((0.0, 0.0, 0.0),)
    weights = ones if bare else (tuple(tuple(row) for row in net.W1), (tuple(net.W2),))
    biases = None if bare else (tuple(net.b1), (net.b2,))
    return Wires(NAMES, weights, values, says, lit, biases, **drawn)


# ── drawing ───────────────────────────────────────────────────────────────────────────────

WEIGHTS = np.array([-2, -1, -0.5, 0.5, 1, 2])
BIASES = np.array([-1.5, -1, -0.5, 0.5, 1, 1.5])
OUTPUTS = np.array([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2])


@dataclass(frozen=True)
class DrawnNet:
    """Thirteen numbers and inputs for them, as tuples."""

    x: tuple[tuple[float, float], ...]  # one pair for each input
    W1: tuple[tuple[float, float], ...]
    b1: tuple[float, ...]
    W2: tuple[float, ...]
    b2: float


def one_silent(
    rng: np.random.Generator, inputs: int = 1, most: float = 6.0, among: tuple[float, ...] = (-2, -1, 1, 2, 3)
) -> DrawnNet:
    """A net in which exactly one hidden unit is silent at each input, told apart by its sums.

    Every z differs and lies within 0.5 … `most`; no unit weighs its two inputs alike; the
    weights into ŷ differ; of two predictions one is above 0 and one below. Which unit is
    silent is left to chance, so that it is no habit.
    """
    n = 256 if inputs == 1 else 4096
    while True:
        x, W, b = (
            rng.choice(among, (n, inputs, 2)),
            rng.choice(WEIGHTS, (n, 3, 2)),
            rng.choice(BIASES, (n, 3)),
        )
        good = (np.abs(W[..., 0]) != np.abs(W[..., 1])).all(-1) & (
            np.abs(x[..., 0]) != np.abs(x[..., 1])
        ).all(-1)
        x, W, b = x[good], W[good], b[good]
        z = (x[:, :, None, :] * W[:, None]).sum(-1) + b[:, None, :]  # (n, inputs, 3)
        ok = ((z < 0).sum(-1) == 1) & (np.abs(z).min(-1) >= 0.5) & (np.abs(z).max(-1) <= most)
        ok &= (np.diff(np.sort(z)) > 0).all(-1)
        x, W, b, z = (part[ok.all(-1)] for part in (x, W, b, z))
        v, c = rng.permuted(np.tile(OUTPUTS, (len(z), 1)), axis=1)[:, :3], rng.choice(OUTPUTS, len(z))
        y = (ACTIVATIONS["relu"](z) * v[:, None]).sum(-1) + c[:, None]  # (n, inputs)
        fits = (
            (np.abs(y).min(-1) >= 0.5)
            & (np.abs(y).max(-1) <= 10)
            & ((y.min(-1) * y.max(-1) < 0) | (inputs == 1))
        )
        for k in np.flatnonzero(fits)[:1]:
            return DrawnNet(
                _pairs(x[k]), _pairs(W[k]), tuple(b[k].tolist()), tuple(v[k].tolist()), float(c[k])
            )


def _pairs(table: Any) -> tuple[tuple[float, float], ...]:
    return tuple((float(a), float(b)) for a, b in table)


# ── the engine ────────────────────────────────────────────────────────────────────────────


def _unweighed() -> Net:
    return Net("2-3-1", hidden="relu", out="linear", loss="mse", seed=0)


def _weighed(net: Net, W1: Rows, b1: tuple[float, ...], W2: tuple[float, ...], b2: float) -> Net:
    net[0].W[:], net[0].b[:] = W1, b1
    net[1].W[:], net[1].b[:] = [W2], [b2]
    return net


@lru_cache(maxsize=64)
def _engine(W1: Rows, b1: tuple[float, ...], W2: tuple[float, ...], b2: float) -> Net:
    return _weighed(_unweighed(), W1, b1, W2, b2)


_bench = in_each_thread(_unweighed)


def on_bench(net: Tiny) -> Net:
    """The one net of this thread on which candidates are tried while numbers are drawn, with these weights
    until the next is put on it: a net each would write a plan each, which takes longer than to run it."""
    return _weighed(_bench(), tuple(map(tuple, net.W1)), tuple(net.b1), tuple(net.W2), net.b2)


def engine(net: Tiny) -> Net:
    """The same network in the engine: ReLU in the middle, a plain sum at the end, mean square.
    It is kept for the next call; who steps it steps a copy."""
    return _engine(tuple(map(tuple, net.W1)), tuple(net.b1), tuple(net.W2), net.b2)


def trace(net: Tiny, x: Sequence[float], y: float | None = None) -> Trace:
    """Every number of a forward pass, and with y of the backward pass."""
    return engine(net).trace(list(x), y)


def values(net: Tiny, x: Sequence[float]) -> Values231:
    """What the boxes hold for input x."""
    seen = trace(net, x)
    return (tuple(map(float, x)), tuple(seen["h1"].tolist()), (seen["yhat[1]"],))

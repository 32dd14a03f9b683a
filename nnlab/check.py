"""Is the gradient right? Nudge each parameter and look at the loss.

check(net, X, y).worst < 1e-7
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.batch import Written
from nnlab.net import Net
from nnlab.plan import Array


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """`worst` is the largest of |a − n| / max(1, |a|, |n|); `projection` the same for the slope
    along one random direction, which sees all parameters at once."""

    worst: float
    projection: float
    analytic: Array  # (count,), by the backward pass
    numeric: Array  # (count,), by (L(θ + h) − L(θ − h)) / 2h


def check(net: Net, X: Any, y: Any, h: float = 1e-5, seed: int = 0) -> Check:
    """Central differences through the very plan that trains, with its dropout masks held."""
    X = net.rows_of(X)
    done = net.private("train", len(X))
    done.load(X, net.targets_of(X, y))
    theta, keep = net.theta, {name: a.copy() for name, a in net.state.items()}
    with np.errstate(all="ignore"):
        done.plan.run()
        analytic = net.grad.copy()
        numeric = np.array([_slope(done, theta, _axis(theta, i), h) for i in range(theta.size)])
        way = np.random.default_rng(seed).normal(size=theta.size)
        way /= np.linalg.norm(way)
        along = _slope(done, theta, way, h)
    for name, array in keep.items():
        net.state[name][...] = array
    net.grad[...] = analytic
    return Check(
        float(_apart(analytic, numeric).max()), float(_apart(analytic @ way, along)),
        analytic, numeric,
    )  # fmt: skip


def _axis(theta: Array, i: int) -> Array:
    way = np.zeros_like(theta)
    way[i] = 1
    return way


def _slope(done: Written, theta: Array, way: Array, h: float) -> float:
    start = theta.copy()
    losses = []
    for side in (h, -h):
        theta[...] = start + side * way
        done.plan.run_phases("forward", "loss")
        losses.append(float(done.L))  # type: ignore[arg-type]  # a train plan has a loss
    theta[...] = start
    return (losses[0] - losses[1]) / (2 * h)


def _apart(a: Any, n: Any) -> Any:
    return np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))

"""Is the gradient right? Nudge each parameter and look at the loss.

check(net, X, y).worst < 1e-7
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.errors import LabError, setting, spelt, whole
from nnlab.net import Net
from nnlab.plan import Array
from nnlab.wiring import net_of


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """`worst` is the largest of |a − n| / max(1, |a|, |n|); `projection` the same for the slope
    along one random direction, which sees all parameters at once."""

    worst: float
    projection: float
    analytic: Array  # (count,), by the backward pass
    numeric: Array  # (count,), by (L(θ + h) − L(θ − h)) / 2h


@spelt
def check(net: Net, X: Any, y: Any, h: float = 1e-5, seed: int = 0) -> Check:
    """Central differences through the very plan that trains, with its dropout masks held."""
    if net_of("check", net).members:
        raise LabError("a fleet has no check; take one net of it: check(fleet.member(0), …)")
    setting("check", "h", h, "a number > 0", lambda h: h > 0)
    whole("the seed", seed, 0)
    X = net.rows_of(X)
    done = net.private("train", len(X))
    done.load(X, net.targets_of(X, y))
    theta, before = net.theta, [a.copy() for a in net.numbers]

    def rise(way: Array | float, at: Any = ...) -> float:
        """(L(θ + h·way) − L(θ − h·way)) / 2h, or along one number of θ."""
        losses = []
        for side in (h, -h):
            theta[at] = before[0][at] + side * way
            done.plan.run_phases("forward", "loss")
            losses.append(done.loss())
        theta[at] = before[0][at]
        return float((losses[0] - losses[1]) / (2 * h))

    way = np.random.default_rng(seed).normal(size=theta.size)
    way /= np.linalg.norm(way)
    with np.errstate(all="ignore"):
        done.plan.go()
        analytic = net.grad.copy()
        numeric, along = np.array([rise(1.0, i) for i in range(theta.size)]), rise(way)
    for array, kept in zip(net.numbers, before, strict=True):
        array[...] = kept
    net.grad[...] = analytic
    apart, projected = _apart(analytic, numeric), _apart(analytic @ way, along)
    return Check(float(apart.max()), float(projected), analytic, numeric)


def _apart(a: Any, n: Any) -> Any:
    return np.abs(a - n) / np.maximum(1, np.maximum(np.abs(a), np.abs(n)))

"""Squashes. A member is a row: formula, the calls forward, the calls backward, one sentence.

    ReLU of z = (−2, .5)  →  h = (0, .5), slope (0, 1)

`forward(plan, z, h)` writes h = f(z); `backward(plan, z, h, dh, dz)` writes dz = dh·f′(z). The
last call of each carries the name, the ones before it are scratch. Formulas: Goodfellow et al.,
Deep Learning (2016), ch. 6; GELU: Hendrycks & Gimpel 2016; SiLU: Elfwing et al. 2018.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.errors import LabError, UnknownName
from nnlab.plan import Array, Plan

Last = Callable[..., Array]  # writes the call that carries the name
Forward = Callable[[Plan, Last, Array], None]
Backward = Callable[[Plan, Last, Array, Array, Array], None]


@dataclass(frozen=True, slots=True, eq=False)
class Activation:
    """A row of ACTIVATIONS; calling it squashes an array, `slope` gives f′ there."""

    name: str
    formula: str
    slope_formula: str
    forward: Forward  # (plan, last, z)
    backward: Backward | None  # (plan, last, z, h, dh); None: no slope to learn by
    says: str
    init: str = "xavier"  # the initialiser that keeps signals alive under this squash

    def __call__(self, z: Any) -> Array:
        """f(z) for an array of any shape."""
        return self._alone(z)[0]

    def slope(self, z: Any) -> Array:
        """f′(z) elementwise (softmax: its product with a vector of ones, which is 0)."""
        return self._alone(z)[1]

    def _alone(self, z: Any) -> tuple[Array, Array]:
        z = np.array(z, dtype=float)
        flat = np.atleast_2d(z.T).T if z.ndim < 2 else z
        plan = Plan(batch=flat.shape[-1])
        h, dz = np.empty_like(flat), np.zeros_like(flat)
        self.forward(plan, lambda fn, *a: plan.op("h", "", fn, *a, out=h), flat)
        if self.backward:
            ones = np.ones_like(flat)
            self.backward(plan, lambda fn, *a: plan.op("dz", "", fn, *a, out=dz), flat, h, ones)
        with np.errstate(all="ignore"):
            plan.run()
        return h.reshape(z.shape), dz.reshape(z.shape)


def _linear(_plan: Plan, last: Last, z: Array) -> None:
    last(np.positive, z)


def _linear_back(_plan: Plan, last: Last, _z: Array, _h: Array, dh: Array) -> None:
    last(np.positive, dh)


def _sigmoid(plan: Plan, last: Last, z: Array) -> None:
    e = plan.op("", "−z", np.negative, z)
    e = plan.op("", "e^−z", np.exp, e, out=e)  # overflows to ∞ below −709, and 1/∞ is right
    e = plan.op("", "1 + e^−z", np.add, e, plan.const(1), out=e)
    last(np.reciprocal, e)


def _sigmoid_back(plan: Plan, last: Last, _z: Array, h: Array, dh: Array) -> None:
    s = plan.op("", "1 − h", np.subtract, plan.const(1), h)
    s = plan.op("", "h·(1 − h)", np.multiply, s, h, out=s)
    last(np.multiply, dh, s)


def _tanh(_plan: Plan, last: Last, z: Array) -> None:
    last(np.tanh, z)


def _tanh_back(plan: Plan, last: Last, _z: Array, h: Array, dh: Array) -> None:
    s = plan.op("", "h²", np.multiply, h, h)
    s = plan.op("", "1 − h²", np.subtract, plan.const(1), s, out=s)
    last(np.multiply, dh, s)


def _relu(_plan: Plan, last: Last, z: Array) -> None:
    last(np.maximum, z, np.zeros_like(z))  # against one number maximum is up to three times slower


def _relu_back(plan: Plan, last: Last, z: Array, h: Array, dh: Array) -> None:
    if z.size > 2048:
        gate = plan.op("", "z > 0", np.greater, z, plan.const(0))
    else:  # the same numbers; a comparison written as floats costs three calls' time
        gate = plan.op("", "sign h", np.sign, h)
    last(np.multiply, dh, gate)


def leaky(alpha: float = 0.01) -> Activation:
    """Leaky ReLU with slope `alpha` below 0: 0 is ReLU, 1 is no squash at all."""

    if not 0 <= alpha <= 1:
        raise LabError(f"leaky got α = {alpha:g}; it wants 0 ≤ α ≤ 1")

    def forward(plan: Plan, last: Last, z: Array) -> None:
        low = plan.op("", "α·z", np.multiply, z, plan.const(alpha))
        last(np.maximum, z, low)

    def backward(plan: Plan, last: Last, z: Array, _h: Array, dh: Array) -> None:
        gate = plan.op("", "z > 0", np.greater, z, plan.const(0))
        gate = plan.op("", "slope", np.maximum, gate, plan.const(alpha), out=gate)
        last(np.multiply, dh, gate)

    name = "leaky" if alpha == 0.01 else f"leaky({alpha:g})"
    return Activation(
        name, f"max({alpha:g}·z, z)", f"1 if z > 0 else {alpha:g}", forward, backward,
        "ReLU that whispers below zero, so no unit falls silent for good.", "he",
    )  # fmt: skip


def _elu(plan: Plan, last: Last, z: Array) -> None:
    low = plan.op("", "min(z, 0)", np.minimum, z, plan.const(0))
    low = plan.op("", "e^z − 1", np.expm1, low, out=low)
    high = plan.op("", "max(z, 0)", np.maximum, z, plan.const(0))
    last(np.add, high, low)


def _elu_back(plan: Plan, last: Last, z: Array, _h: Array, dh: Array) -> None:
    s = plan.op("", "min(z, 0)", np.minimum, z, plan.const(0))
    s = plan.op("", "e^min(z, 0)", np.exp, s, out=s)
    last(np.multiply, dh, s)


_SQRT2, _PDF, _C = math.sqrt(2), 1 / math.sqrt(2 * math.pi), math.sqrt(2 / math.pi)
# numpy has no erf; math.erf is exact to the last digit and called once per value.
_erf = np.frompyfunc(math.erf, 1, 1)


def _phi(z: Array, out: Array) -> None:
    """Φ(z), the normal distribution's share below z."""
    out[...] = _erf(z / _SQRT2)
    out += 1
    out *= 0.5


def _gelu(plan: Plan, last: Last, z: Array) -> None:
    cdf = plan.op("", "Φ(z)", _phi, z)
    last(np.multiply, z, cdf)


def _gelu_back(plan: Plan, last: Last, z: Array, _h: Array, dh: Array) -> None:
    s = plan.op("", "z²", np.multiply, z, z)
    s = plan.op("", "−z²/2", np.multiply, s, plan.const(-0.5), out=s)
    s = plan.op("", "e^−z²/2", np.exp, s, out=s)
    s = plan.op("", "φ(z)", np.multiply, s, plan.const(_PDF), out=s)
    s = plan.op("", "z·φ(z)", np.multiply, s, z, out=s)
    cdf = plan.op("", "Φ(z)", _phi, z)
    s = plan.op("", "Φ(z) + z·φ(z)", np.add, s, cdf, out=s)
    last(np.multiply, dh, s)


def _gelu_inner(plan: Plan, z: Array) -> Array:
    """tanh(√(2/π)·(z + 0.044715·z³)), which both passes of the tanh form need."""
    t = plan.op("", "z²", np.multiply, z, z, out=np.empty(z.shape, z.dtype))
    t = plan.op("", "0.044715·z²", np.multiply, t, plan.const(0.044715), out=t)
    t = plan.op("", "1 + 0.044715·z²", np.add, t, plan.const(1), out=t)
    t = plan.op("", "z + 0.044715·z³", np.multiply, t, z, out=t)
    t = plan.op("", "√(2/π)·(…)", np.multiply, t, plan.const(_C), out=t)
    result: Array = plan.op("", "tanh(…)", np.tanh, t, out=t)
    return result


def _gelu_tanh(plan: Plan, last: Last, z: Array) -> None:
    t = _gelu_inner(plan, z)
    t = plan.op("", "1 + tanh(…)", np.add, t, plan.const(1), out=t)
    t = plan.op("", "z·(1 + tanh(…))", np.multiply, t, z, out=t)
    last(np.multiply, t, plan.const(0.5))


def _gelu_tanh_back(plan: Plan, last: Last, z: Array, _h: Array, dh: Array) -> None:
    t = _gelu_inner(plan, z)
    s = plan.op("", "t²", np.multiply, t, t)
    s = plan.op("", "1 − t²", np.subtract, plan.const(1), s, out=s)
    u = plan.op("", "z²", np.multiply, z, z)
    u = plan.op("", "3·0.044715·z²", np.multiply, u, plan.const(3 * 0.044715), out=u)
    u = plan.op("", "1 + 3·0.044715·z²", np.add, u, plan.const(1), out=u)
    s = plan.op("", "s·u", np.multiply, s, u, out=s)
    s = plan.op("", "s·z", np.multiply, s, z, out=s)
    s = plan.op("", "√(2/π)·s", np.multiply, s, plan.const(_C), out=s)
    s = plan.op("", "s + t", np.add, s, t, out=s)
    s = plan.op("", "s + t + 1", np.add, s, plan.const(1), out=s)
    s = plan.op("", "slope", np.multiply, s, plan.const(0.5), out=s)
    last(np.multiply, dh, s)


def _silu(plan: Plan, last: Last, z: Array) -> None:
    e = plan.op("", "−z", np.negative, z)
    e = plan.op("", "e^−z", np.exp, e, out=e)
    e = plan.op("", "1 + e^−z", np.add, e, plan.const(1), out=e)
    last(np.divide, z, e)


def _silu_back(plan: Plan, last: Last, z: Array, h: Array, dh: Array) -> None:
    s = _sigma(plan, z)
    t = plan.op("", "1 − σ", np.subtract, plan.const(1), s)
    t = plan.op("", "h·(1 − σ)", np.multiply, t, h, out=t)
    t = plan.op("", "σ + h·(1 − σ)", np.add, t, s, out=t)
    last(np.multiply, dh, t)


def _sigma(plan: Plan, z: Array) -> Array:
    s = np.empty(z.shape, z.dtype)
    _sigmoid(plan, lambda fn, *a: plan.op("", "σ(z)", fn, *a, out=s), z)
    return s


def _softplus(plan: Plan, last: Last, z: Array) -> None:
    last(np.logaddexp, plan.const(0), z)


def _softplus_back(plan: Plan, last: Last, z: Array, _h: Array, dh: Array) -> None:
    last(np.multiply, dh, _sigma(plan, z))


def _softmax(plan: Plan, last: Last, z: Array) -> None:
    top = plan.sum_over(z, -2, np.empty_like(z[..., :1, :]), np.maximum)
    e = plan.op("", "z − max z", np.subtract, z, top)  # e^z of the raw logits would overflow
    e = plan.op("", "e^z", np.exp, e, out=e)
    total = plan.sum_over(e, -2, np.empty_like(top))
    last(np.divide, e, total)


def _softmax_back(plan: Plan, last: Last, _z: Array, h: Array, dh: Array) -> None:
    s = plan.op("", "dh·h", np.multiply, dh, h)
    total = plan.sum_over(s, -2, np.empty_like(s[..., :1, :]))
    s = plan.op("", "dh − Σ dh·h", np.subtract, dh, total, out=s)
    last(np.multiply, s, h)


def _step(plan: Plan, last: Last, z: Array) -> None:
    last(np.greater, z, plan.const(0))


ACTIVATIONS: dict[str, Activation] = {
    a.name: a
    for a in (
        Activation("linear", "z", "1", _linear, _linear_back,
                   "No squash: the layer stays a weighted sum.", "lecun"),
        Activation("step", "1 if z > 0 else 0", "0", _step, None,
                   "Yes or no: easy to think with, and no slope to learn by."),
        Activation("sigmoid", "1/(1 + e^−z)", "h·(1 − h)", _sigmoid, _sigmoid_back,
                   "Any number becomes a share between 0 and 1; its slope is at most 1/4."),
        Activation("tanh", "tanh(z)", "1 − h²", _tanh, _tanh_back,
                   "A sigmoid centred on 0 with slope 1 there."),
        Activation("relu", "max(0, z)", "1 if z > 0 else 0", _relu, _relu_back,
                   "Cheap; silent where z stays negative.", "he"),
        leaky(),
        Activation("elu", "z if z > 0 else e^z − 1", "1 if z > 0 else e^z", _elu, _elu_back,
                   "Smooth below zero and bounded by −1; costs an exponential.", "he"),
        Activation("gelu", "z·Φ(z)", "Φ(z) + z·φ(z)", _gelu, _gelu_back,
                   "Passes z in proportion to how unusually large it is; slow here, by erf.", "he"),
        Activation("gelu-tanh", "z/2·(1 + tanh(√(2/π)·(z + 0.044715·z³)))", "its derivative",
                   _gelu_tanh, _gelu_tanh_back,
                   "GELU without erf, off by at most 0.0005.", "he"),
        Activation("silu", "z·σ(z)", "σ(z) + h·(1 − σ(z))", _silu, _silu_back,
                   "z times its own sigmoid: a ReLU with a soft dip below zero.", "he"),
        Activation("softplus", "ln(1 + e^z)", "σ(z)", _softplus, _softplus_back,
                   "ReLU with the corner rounded off; never exactly 0.", "he"),
        Activation("softmax", "e^zⱼ / Σ e^z", "hⱼ·(dhⱼ − Σ dh·h)", _softmax, _softmax_back,
                   "Turns K scores into K shares that add up to 1."),
    )
}  # fmt: skip


def activation(spec: str | Activation) -> Activation:
    if isinstance(spec, Activation):
        return spec
    if spec not in ACTIVATIONS:
        raise UnknownName("activation", spec, ACTIVATIONS)
    return ACTIVATIONS[spec]

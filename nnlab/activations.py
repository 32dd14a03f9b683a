"""Squashes. A member is a row: formula, f, what its slope makes of what arrives, one sentence.

    ReLU of z = (−2, .5)  →  h = (0, .5), slope (0, 1)

f and `back` are written as on paper; the terms they are made of write the numpy calls.
Formulas: Goodfellow et al., Deep Learning (2016), ch. 6; GELU: Hendrycks & Gimpel 2016; SiLU:
Elfwing et al. 2018.
"""
# ruff: noqa: ARG005  # a row names all it is offered, like every other row

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.lib.introspect import opt_func_info

from nnlab.chain import slope_alone
from nnlab.errors import LabError, named, numbers_in, setting, short, spelt
from nnlab.numbers import Reader, fields, number, put_in, shares_back, shares_of, signed
from nnlab.plan import SMALL, Array, room
from nnlab.terms import Term, alone, exp, expm1, maximum, minimum, reciprocal, sign, tanh


@spelt
@dataclass(frozen=True, slots=True, eq=False)
class Squash:
    """A row of ACTIVATIONS; calling it squashes an array, `slope` gives f′ there. One of your own
    needs a name, a formula and f, made of the signs and functions of `nnlab.terms`; its slope
    follows by the chain rule:

    >>> from nnlab import Net, check
    >>> from nnlab.terms import exp
    >>> bump = Squash("bump", "e^−({z}·{z})", lambda z: exp(-(z * z)))
    >>> net = Net("1-3-1", hidden=bump, seed=1)
    >>> bool(check(net, [0.5, -1], [0, 1]).worst < 1e-8)
    True
    >>> net.trace([0.5]).rows[1].formula
    'h1 = e^−(z1·z1)'
    """

    name: str
    formula: str  # with {z} for what it squashes
    f: Callable[[Term], Term]  # z → h
    slope_formula: str = ""
    back: Callable[[Term, Term, Term], Term] | None = None  # (z, h, ∂L/∂h) → ∂L/∂z; None: by the chain rule
    says: str = ""
    init: str = "xavier"  # the initialiser that keeps signals alive under this squash
    together: bool = False  # all units of a place have a say in each

    def __post_init__(self) -> None:
        fields(self.formula, ["z"], f'squash "{self.name}"')

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Ours travel by name: their formulas are no values that a pickle could hold."""
        if ACTIVATIONS.get(self.name) is self or self.name.startswith("leaky("):
            return activation, (self.name,)
        return object.__reduce_ex__(self, protocol)

    def __call__(self, z: Any) -> Array:
        """f(z) for an array of any shape."""
        return self._alone(z, lambda z: alone(self.f, z))

    def slope(self, z: Any) -> Array:
        """f′(z) elementwise (softmax: its product with a vector of ones, which is 0)."""
        if self.back is None:
            return self._alone(z, lambda z: slope_alone(self.f, z))
        back = self.back
        return self._alone(z, lambda z: alone(lambda z: back(z, self.f(z), z * 0 + 1), z))

    def _alone(self, z: Any, what: Callable[[Array], Array]) -> Array:
        numbers = numbers_in(z)
        if numbers is None:
            raise LabError(f'squash "{self.name}" got {short(z)}; it wants numbers')
        if not numbers.size:
            return numbers
        return what(numbers if numbers.ndim > 1 else numbers.reshape(-1, 1)).reshape(numbers.shape)

    def read(self, z: Array) -> Reader:
        """h with z's numbers in it; z is (…, units, batch)."""
        if self.together:
            return shares_of(z)
        return lambda at: put_in(self.formula, z=number(z[at]))

    def read_back(self, z: Array, h: Array, dh: Array) -> Reader:
        """What arrived times the own slope."""
        if self.together:
            return shares_back(h, dh)
        return lambda at: f"{number(dh[at])}·{signed(self.slope(z[at]))}"


def _sigma(z: Term) -> Term:
    return reciprocal(1 + exp(-z))  # overflows to ∞ below −709, and 1/∞ is right


def _tanh_back(_z: Term, h: Term, dh: Term) -> Term:
    s = h * h  # one buffer for all three: the fewer, the more of a step stays in the cache
    return (dh * (1 - s).into(s)).into(s)


def _relu(z: Term) -> Term:
    # against one number it takes half as long again, but zeros that fall out of the cache cost more
    return maximum(z, np.zeros_like(z.array) if z.array.nbytes <= SMALL else 0)


def _relu_back(z: Term, h: Term, dh: Term) -> Term:
    # the same numbers: a small comparison written as floats costs as much as three signs, and of h, which is
    # in the cache, it asks the same as of z. In a trace h may be a learner's own: there z is asked
    return dh * (z > 0 if z.plan.taught else h > 0 if z.array.size > 2048 else sign(h))


@spelt
def leaky(alpha: float = 0.01) -> Squash:
    """Leaky ReLU with slope `alpha` below 0: 0 is ReLU, 1 is no squash at all."""
    setting("leaky", "α", alpha, "0 ≤ α ≤ 1", lambda alpha: 0 <= alpha <= 1)
    return Squash(
        "leaky" if alpha == 0.01 else f"leaky({alpha})",
        f"max({alpha:g}·{{z}}, {{z}})", lambda z: maximum(z, z * alpha),
        f"1 if z > 0 else {alpha:g}", lambda z, h, dh: dh * maximum(z > 0, alpha),
        "ReLU that whispers below zero, so no unit falls silent for good.", "he",
    )  # fmt: skip


@cache
def _places(steps: int, far: int) -> Array:
    """−far … far, `steps` a unit."""
    return np.arange(-far * steps, far * steps + 1) / steps


def _nearest(z: Term, steps: int, far: int) -> tuple[Array, Term]:
    """Which of the places is nearest to z, and how far z is from there. Two are added and taken off, and
    no call is made for a number."""
    plan, dtype = z.plan, z.array.dtype
    # so large that beside it there is room for whole steps only: the sum is rounded to the nearest place, and
    # its bits count the places. They go on rising with z, so that far away is beyond the end; below 0 they
    # would fall, and no sum comes there
    large = np.array(1.5 * 2 ** np.finfo(dtype).nmant / steps, dtype)
    whole = np.dtype(f"i{dtype.itemsize}")
    beside = plan.op("z beside a large number", np.add, z.array, large)
    first = np.array(large.view(whole) - far * steps)
    place = plan.op("place", np.subtract, beside.view(whole), first, out=room(z.array.shape, whole))
    x = plan.op("x, the nearest place", np.subtract, beside, large, out=beside)
    return place, Term(plan, plan.op("t = z − x", np.subtract, z.array, x, out=x), "t")


def _look_up(known: Array, place: Array, like: Term) -> Term:
    """What is known at the places, (…, places), of numbers like these; beyond the last it is as there."""
    out = room((*known.shape[:-1], *place.shape), known.dtype)
    made = like.plan.op("known at x", partial(known.take, mode="clip"), place, -1, out=out)
    return Term(like.plan, made, "known")


# for which processors numpy wrote the tanh that it calls here; "" where it does not say
LOOP: str = opt_func_info("^tanh$", "float64").get("tanh", {}).get("dd", {}).get("current", "")
TANH_PLACES = 2048, 20  # and 20 away it is 1 to the last digit


@cache
def _known_tanh() -> Array:
    return np.tanh(_places(*TANH_PLACES))


def _tanh(z: Term) -> Term:
    """Without AVX-512 numpy's own takes 7.5 ns a number; from some size on half of that is enough for
    tanh(x + t) = (tanh x + tanh t)/(1 + tanh x·tanh t), from the nearest x where it is known. Of so small a
    t, tanh t = t − t³/3 to 16 digits."""
    few = z.array.size < 2500 or z.array.dtype != np.float64
    if z.plan.taught or few or not re.search("AVX2|V3", LOOP):
        return tanh(z)
    far = TANH_PLACES[1]
    place, t = _nearest(z.call(np.clip, "{} within ±{2}", z, -far, far), *TANH_PLACES)
    u = t * t
    u = (u * (-1 / 3)).into(u)
    u = ((u + 1).into(u) * t).into(u)
    known = _look_up(_known_tanh(), place, z)
    below = known * u
    return (known + u).into(known) / (below + 1).into(below)


# 9 away Φ is 1 to the last digit; more places would drive out of the cache what a step needs
SHARE_PLACES = 1024, 9


@cache
def _known_shares(dtype: str) -> Array:
    """Φ and half of the density φ at every place x, (2, places). φ lacks φ″·δ²/8, with δ half a step: then
    what `_phi` leaves out, φ″·t³/12, is at most a quarter of that, φ″·δ³/48 < 1e-12 for all |t| ≤ δ."""
    x, half_step = _places(*SHARE_PLACES), 0.5 / SHARE_PLACES[0]
    share = np.array([math.erfc(-v / math.sqrt(2)) / 2 for v in x])
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * (1 - (x * x - 1) * half_step**2 / 8)
    known = np.array([share, density / 2], dtype)
    known[:, 0] = known[1, -1] = 0  # what is further away is as at the ends
    return known


def _density(z: Term) -> Term:
    """φ(z)/2, the normal distribution's density."""

    def write() -> Array:
        s = z * z  # one buffer, as for tanh
        s = exp((s * -0.5).into(s)).into(s)
        return (s * (0.5 / math.sqrt(2 * math.pi))).into(s).array

    return Term(z.plan, z.once((_density, z.array), "φ/2", write).array, "φ(z)/2")


def _share_below(z: Array, out: Array) -> None:
    asked = (z * -math.sqrt(0.5)).ravel().tolist()
    out[...] = np.fromiter(map(math.erfc, asked), float, z.size).reshape(z.shape) / 2


def _phi(z: Term) -> Term:
    """Φ(z), the normal distribution's share below z. numpy has no erf, and to ask math's for one value at a
    time costs as much as ten tanh. Training goes by the nearest x where it is known, t away, and by the
    density, which the slope asks for anyway: Φ(z) = Φ(x) + t·(φ(x) + φ(z))/2, the rule of trapezoids."""
    if z.plan.taught:
        return z.call(_share_below, "Φ({})", z)

    def write() -> Array:
        least: Any = -16  # below, places would no longer rise with z
        if z.array.nbytes <= SMALL:  # as for ReLU
            least = np.full_like(z.array, least)
        half = _density(z)  # before what is known is looked up: that would fall out of the cache again
        place, t = _nearest(maximum(z, least), *SHARE_PLACES)
        known = _look_up(_known_shares(z.array.dtype.char), place, z)
        share, rise = known[0], known[1]
        rise = ((rise + half).into(rise) * t).into(rise)
        return (share + rise).into(share).array

    return z.once((_phi, z.array), "Φ", write)


def _gelu_back(z: Term, _h: Term, dh: Term) -> Term:
    share, s = _phi(z), _density(z)  # half of it: twice is a call, once for slope and Φ
    s = ((s * z).into(s) * 2).into(s)
    return (dh * (s + share).into(s)).into(s)


def _bend(z: Term) -> Term:
    """tanh(√(2/π)·(z + 0.044715·z³))"""
    return tanh((1 + z * z * 0.044715) * z * math.sqrt(2 / math.pi))


def _bend_back(z: Term, _h: Term, dh: Term) -> Term:
    t, inner = _bend(z), 1 + z * z * (3 * 0.044715)
    return dh * (((1 - t * t) * inner * z * math.sqrt(2 / math.pi) + t + 1) * 0.5)


def softmax(z: Term) -> Term:
    """Shares that add up to 1 along the last axis but one, with their slope."""
    e = exp(z - z.over(-2, np.maximum))  # e^z of the raw logits would overflow
    return (e / e.over(-2)).sloped((z, lambda d, h: _softmax_back(z, h, d)))


def _softmax_back(_z: Term, h: Term, dh: Term) -> Term:
    return (dh - (dh * h).over(-2)) * h


ACTIVATIONS: dict[str, Squash] = {
    a.name: a
    for a in (
        Squash("linear", "{z}", lambda z: z, "1", lambda z, h, dh: dh,
                   "No squash: the layer stays a weighted sum.", "lecun"),
        Squash("step", "1 if {z} > 0 else 0", lambda z: z > 0, "0", None,
                   "Yes or no: easy to think with, and no slope to learn by."),
        Squash("sigmoid", "1/(1 + e^−{z})",
                   _sigma, "h·(1 − h)", lambda z, h, dh: dh * ((1 - h) * h),
                   "Any number becomes a share between 0 and 1; its slope is at most 1/4."),
        Squash("tanh", "tanh({z})", _tanh, "1 − h²", _tanh_back,
                   "A sigmoid centred on 0 with slope 1 there."),
        Squash("relu", "max(0, {z})", _relu, "1 if z > 0 else 0", _relu_back,
                   "Cheap; silent where z stays negative.", "he"),
        leaky(),
        Squash("elu", "{z} if {z} > 0 else e^{z} − 1",
                   lambda z: maximum(z, 0) + expm1(minimum(z, 0)),
                   "1 if z > 0 else e^z", lambda z, h, dh: dh * exp(minimum(z, 0)),
                   "Smooth below zero and bounded by −1; costs an exponential.", "he"),
        Squash("gelu", "{z}·Φ({z})", lambda z: z * _phi(z), "Φ(z) + z·φ(z)", _gelu_back,
                   "Passes z in proportion to how unusually large it is.", "he"),
        Squash("gelu-tanh", "{z}/2·(1 + tanh(√(2/π)·({z} + 0.044715·{z}³)))",
                   lambda z: (1 + _bend(z)) * z * 0.5, "its derivative", _bend_back,
                   "GELU without erf, off by at most 0.0005.", "he"),
        Squash("silu", "{z}·σ({z})", lambda z: z * _sigma(z),
                   "σ(z) + h·(1 − σ(z))", lambda z, h, dh: dh * (_sigma(z) + h * (1 - _sigma(z))),
                   "z times its own sigmoid: a ReLU with a soft dip below zero.", "he"),
        Squash("softplus", "ln(1 + e^{z})",
                   lambda z: z.call(np.logaddexp, "ln(1 + e^{1})", 0, z),
                   "σ(z)", lambda z, h, dh: dh * _sigma(z),
                   "ReLU with the corner rounded off; never exactly 0.", "he"),
        Squash("softmax", "e^{z}ⱼ / Σ e^{z}",
                   softmax, "hⱼ·(dhⱼ − Σ dh·h)", _softmax_back,
                   "Turns K scores into K shares that add up to 1.", together=True),
    )
}  # fmt: skip


def activation(spec: str | Squash) -> Squash:
    """A squash, or the one of that name; leaky(0.2) is one, too."""
    if isinstance(spec, Squash):
        return spec
    if alpha := re.fullmatch(r"leaky\(([\d.e-]+)\)", str(spec)):
        return leaky(float(alpha[1]))
    return named("activation", spec, ACTIVATIONS)

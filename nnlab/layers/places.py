"""Where in a sequence: positions, one place of many, and places that hold nothing.

    three words of width 2, Pick("last")  →  the two numbers of the third word

Samples are (places, width), or (places,) while they are tokens still.
"""

from numbers import Integral
from typing import Any

import numpy as np

from nnlab.errors import LabError, setting, short
from nnlab.layers.core import Layer
from nnlab.params import Block, Params, Shape
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term, absolute, maximum

SEQUENCE = "(places, width)"


class Position(Layer):
    """x + p, one row of p for each place: without it attention sees a set, not a sequence. "learned"
    rows start small and are trained; "waves" are fixed, sin and cos of place/10000^(2i/width)
    (Vaswani et al. 2017)."""

    wants, axes, bends = SEQUENCE, 2, False

    def __init__(self, how: str = "learned") -> None:
        if str(how) not in ("learned", "waves"):
            raise LabError(f'Position got {short(how)}; it wants "learned" or "waves"')
        self.how = str(how)

    def blocks(self) -> list[Block]:
        if self.how != "learned":
            return []
        return [Block(f"position{self.place}", self.seen, False, fan=(self.seen[1], 1), decays=False)]

    def bind(self, params: Params, state: dict[str, Array]) -> None:  # noqa: ARG002  # no state
        self.p = params.view(f"position{self.place}") if self.how == "learned" else waves(*self.seen)

    def tensors(self) -> dict[str, Array]:
        return {"weight": self.p} if self.how == "learned" else {}

    def compute(self, x: Term) -> Term:
        return x + Term(x.plan, self.p[..., None].astype(x.array.dtype, copy=False), "p")


def waves(places: int, width: int) -> Array:
    """(places, width): sin in the even columns, cos in the odd ones, slower from pair to pair."""
    at = np.arange(places)[:, None] / 10_000 ** (np.arange(width) // 2 * 2 / width)
    return np.where(np.arange(width) % 2, np.cos(at), np.sin(at))


class Pick(Layer):
    """One place of a sequence: "first", "last", its number (from 1), or "mean", the mean of all.
    After `Padding` the last one and the mean leave out the places that hold nothing."""

    wants, axes, bends = SEQUENCE, 2, False

    def __init__(self, which: str | int = "last") -> None:
        given: Any = which  # numpy's whole numbers count too, True does not
        counted = isinstance(given, Integral) and not isinstance(given, bool)
        if not (given > 0 if counted else str(given) in ("first", "last", "mean")):
            raise LabError(f'Pick got {short(which)}; it wants "first", "last", "mean" or a number from 1')
        self.which = int(given) if counted else str(given)

    def setup(self, shape: Shape) -> Shape:
        if isinstance(self.which, int) and self.which > shape[0]:
            raise self.refusal(shape, f"at least {self.which} places", f"{shape[0]} places")
        return shape[1:]

    def compute(self, x: Term) -> Term:
        plan, places = x.plan, self.seen[0]
        if self.which in ("last", "mean") and plan.real is not None:
            real = Term(plan, plan.real, "real")
            if self.which == "mean":
                count = maximum(real.over(-3), 1)  # where nothing is real the mean is 0, as the last is
                return ((x * real).over(-3) / count)[..., 0, :, :]
            return (x * real.call(_last, "1 at the last of {}", real)).over(-3)[..., 0, :, :]
        if self.which == "mean":
            return x.mean(-3)[..., 0, :, :]
        at = self.which - 1 if isinstance(self.which, int) else {"first": 0, "last": places - 1}[self.which]
        return x[..., at, :, :]


def _last(real: Array, out: Array) -> None:
    """1 at the last place that holds something, else 0; (…, places, 1, batch)."""
    later = np.cumsum(real[..., ::-1, :, :], axis=-3)[..., ::-1, :, :]
    out[...] = (later == 1) & (real == 1)


class Padding(Layer):
    """Hands its input on and remembers which places hold nothing: those where every number is
    `value`. Attention gives them no share, a recurrent layer keeps its state over them, `Pick`
    passes over them. A label of −1 leaves a place out of the loss."""

    bends = False

    def __init__(self, value: float = 0.0) -> None:
        setting("Padding", "value", value, "a finite number")
        self.value = value

    def setup(self, shape: Shape) -> Shape:
        if len(shape) > 2:
            raise self.refusal(shape, f"(places,) or {SEQUENCE}")
        return shape

    def forward(self, plan: Plan, x: Rows) -> Rows:
        width = (*self.seen, 1)[1]
        at = Term(plan, x.seen, x.name)
        apart = absolute((at if len(x.shape) == 2 else at.shaped(*self.seen, 1)) - self.value)
        real = (apart.over(-2, np.maximum) if width > 1 else apart) > 0
        name = plan.unique(f"real{self.place}")
        plan.real = real.told(name, f"{name} = 1 where a place holds something, else 0").array
        return x

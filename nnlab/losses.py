"""Losses: one number that says how wrong. A member is a row of LOSSES.

    MSE of ŷ = (1, 3) against y = (1, 1)  →  (0² + 2²) / 2 = 2

A loss is written in two ways that agree: *taught* on ŷ, as a lesson does it, and, where a squash
belongs to it (BCE with sigmoid, CE with softmax), *fused* on the logits z, which neither
overflows nor takes the logarithm of 0. Means are over all numbers of the batch, as in torch, and
over all places where rows are sequences; MSE has no ½. Formulas: Goodfellow et al. 2016, ch. 6.2;
Huber 1964 with δ = 1.
"""
# ruff: noqa: ARG005  # a slope names all it is offered, like every other one

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnlab.errors import LabError, ShapeError, named, numbers_in, setting, short, spelt
from nnlab.numbers import averaged, fields, filled, put_in, surprise
from nnlab.params import Shape
from nnlab.plan import Array, Plan
from nnlab.scored import Exact, Scored
from nnlab.terms import Term, absolute, alone, computed, exp, log, log1p, maximum, minimum, reciprocal, sign


@spelt
@dataclass(frozen=True, eq=False)
class Loss:
    """A row of LOSSES; calling it gives the losses of outputs (outputs, n) before their mean. One of
    your own needs a name, a formula and the loss of one number, made of the signs and functions of
    `nnlab.terms`; its slope follows by the chain rule:

    >>> from nnlab import Net, check
    >>> fourth = Loss("fourth", "({ŷ} − {y})^4", lambda yhat, y: (yhat - y) ** 4)
    >>> net = Net("1-3-1", loss=fourth, seed=1)
    >>> bool(check(net, [0.5, -1.0], [0, 1]).worst < 1e-8)
    True
    >>> bool(net.trace([0.5], 2)["L"] == (net.predict([0.5])[0] - 2) ** 4)
    True
    """

    name: str
    formula: str  # of one number, with {ŷ} and {y}
    one: Callable[[Term, Term], Term]  # (ŷ, y) → the loss of one number
    slope_formula: str = ""  # with {n} for how many there are
    its_slope: Callable[[Term, Term], Term] | None = None  # how it moves with ŷ; None: by the chain rule
    says: str = ""
    out: str = "linear"  # the output squash it belongs to
    fuses: str = ""  # the squash it can be computed through, from the logits
    labels: bool = False  # y is whole numbers 0 … K−1, and a row has one loss
    smoothing: float = 0.0  # how much of a label is spread over all classes
    delta: float = 1.0  # where Huber's squares end

    def __post_init__(self) -> None:
        fields(self.formula, ["ŷ", "y"], f'loss "{self.name}"')

    @property
    def plain(self) -> str:
        """The formula as it is read."""
        return put_in(self.formula, **{"ŷ": "ŷ", "y": "y"})

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Ours travel by name and setting: their formulas are no values that a pickle could hold."""
        if LOSSES.get(self.name) is self:
            return loss_of, (self.name,)
        if self.name in WITH_SETTING:
            setting, make = WITH_SETTING[self.name]
            return make, (getattr(self, setting),)
        return object.__reduce_ex__(self, protocol)

    def __call__(self, yhat: Any, y: Any) -> Array:
        return alone(self.one, self._alone(yhat), self._alone(y))

    def _alone(self, given: Any) -> Array:
        numbers = numbers_in(given)
        if numbers is None or not numbers.size:
            raise LabError(f'loss "{self.name}" got {short(given)}; it wants numbers')
        return np.atleast_2d(numbers)

    def of_one(self, output: Shape) -> Shape:
        """The shape of one row's targets where the net gives this."""
        return output if math.prod(output) > 1 else ()

    def classes(self, outputs: int) -> int | None:
        """How many classes its targets name; None where they are numbers."""
        return outputs if self.labels else None

    def check(self, y: Array, output: Shape) -> None:
        """Refuse targets that cannot belong to this loss, for rows of this output."""
        outputs = math.prod(output)
        if y.size != len(y) * outputs:
            wants = (len(y), *self.of_one(output))
            raise ShapeError(
                f'loss "{self.name}" got targets of shape {y.shape}; the net gives {outputs} '
                f"per row, so it wants {wants}", y.shape, wants,
            )  # fmt: skip

    def sure(self, y: NDArray[Any], outputs: int) -> bool:  # noqa: ARG002  # CE counts them
        """Whether `check` would find nothing in numbers of the right shape, told in a call or two; False
        where it has to look. Numbers that are not finite are seen where they lie in the plan."""
        return True

    def targets(self, y: NDArray[Any], outputs: int) -> Array:  # noqa: ARG002  # CE counts them
        """What ŷ should be, (…, numbers of a place), of y (…, targets of a place)."""
        return y

    def numbers(self, outputs: int, fused: bool) -> int:  # noqa: ARG002  # BCE asks
        """How many numbers a plan reads of a place: targets, and weights of the losses in the mean."""
        return outputs + (1 if self.labels else outputs)

    def lay(self, y: NDArray[Any], w: Any, out: Array, fused: bool) -> None:  # noqa: ARG002  # as above
        """Write these numbers of y (…, targets of a place) into `out`."""
        n = out.shape[-1] - 1 if self.labels else out.shape[-1] // 2
        out[..., :n], out[..., n:] = self.targets(y, n), w

    def on_outputs(self, yhat: Term, table: Array, z: Term | None = None) -> Scored:
        """Write the taught form. With `z`, from which the squash that
        belongs to this loss made ŷ, it is as exact as the fused form."""
        y, w = _targets_and_weights(yhat, table)
        each, at = computed(f'loss "{self.name}"', self.one(yhat, y)), (yhat.array, y.array)
        if (got := each.array.shape[-2]) != w.array.shape[-2]:
            wants = w.array.shape[-2]
            raise ShapeError(f'loss "{self.name}" gives {got} of the {wants} numbers of a row', got, wants)
        exact = None if z is None else Exact(self, z, yhat, y, w)
        if exact:
            each = exact.losses(each)

        def back(_d: Term, _L: Term) -> Term:
            assert self.its_slope is not None
            made = exact.slope() if exact else self.its_slope(yhat, y) * w
            return made.told(
                "", put_in(self.slope_formula, **{"ŷ": "ŷ", "y": "y", "n": "n"}),
                inputs=(*at, w.array), write=filled(self.slope_formula, *at, w.array.size),
            )  # fmt: skip

        L = yhat.plan.total(
            f"L = mean of {self.plain}", each.array, w.array, name="L",
            write=surprise(*at, w.array) if self.labels else averaged(self.formula, *at),
            slopes=((yhat.array, back) if self.its_slope else (each.array, lambda _d, _L: w),),
        )  # fmt: skip
        return Scored(L, lambda: each.array, w.array)

    def on_logits(self, z: Term, table: Array) -> Scored:
        """Write the fused form."""
        raise NotImplementedError

    # what ŷ loses to rounding where it is nearly 0 or 1, read from the z that made it
    def made(self, z: Array) -> Array:
        """ŷ, by the squash that belongs to this loss."""
        raise NotImplementedError

    def one_of(self, z: Term, y: Term) -> Term:
        """The losses."""
        raise NotImplementedError

    def slope_of(self, z: Term, y: Term) -> Term:
        """∂loss/∂z."""
        raise NotImplementedError

    def slope_beside(self, z: Term, yhat: Term, y: Term, own: Exact) -> Term:  # noqa: ARG002  # BCE asks
        """∂loss/∂ŷ, as far as numbers reach."""
        assert self.its_slope is not None
        return self.its_slope(yhat, y)


def _targets_and_weights(outputs: Term, table: Array) -> tuple[Term, Term]:
    n = outputs.array.shape[-2]
    return Term(outputs.plan, table[..., :n, :], "y"), Term(outputs.plan, table[..., n:, :], "1/n")


def _softplus(m: Term, out: Array) -> Callable[[], Term]:
    """Write ln(1 + e^m) and return what writes 1 + e^m. One call does it, but takes 10 ns a
    number; from some size on four vectorised calls win."""
    if m.array.size < 256:
        soft = m.call(np.logaddexp, "ln(1 + e^{1})", 0, m).into(out)
        return lambda: exp(soft)
    most = 0.98 * np.log(np.finfo(m.plan.dtype).max)  # as far as e^m is finite
    power = exp(minimum(m, np.full_like(m.array, most)))
    maximum(m, log1p(power)).into(out)
    return lambda: 1 + power


@spelt
def Huber(delta: float = 1.0) -> Loss:  # noqa: N802  # a loss with a setting, called by its name
    """δ·(|d| − δ/2) beyond δ, d²/2 within; written as c·(|d| − c/2) with c = min(|d|, δ)."""
    setting("Huber", "delta", delta, "a number > 0", lambda delta: delta > 0)

    def one(yhat: Term, y: Term) -> Term:
        d = absolute(yhat - y)
        c = minimum(d, delta)
        return c * (d - c * 0.5)

    return Loss(
        "huber", "d²/2 if |d| ≤ δ else δ·(|d| − δ/2)", one,
        "clip({ŷ} − {y}, −δ, δ)/{n}", lambda yhat, y: maximum(minimum(yhat - y, delta), -delta),
        "Squares for small misses, straight lines for large ones.", delta=delta,
    )  # fmt: skip


def _least(plan: Plan, least: float = 0.0) -> float:
    """Probabilities are kept this far from 0 and 1. Through a squash that fits nothing needs a
    floor, and with one the two forms would not agree."""
    return float(np.finfo(plan.dtype).tiny) if plan.taught or not least else least


def _surprise(yhat: Term, y: Term) -> Term:
    floor = _least(yhat.plan, 1e-7)
    return -(y * log(maximum(yhat, floor)) + (1 - y) * log(maximum(1 - yhat, floor)))


def _surprise_slope(yhat: Term, y: Term) -> Term:
    floor, v = _least(yhat.plan, 1e-7), yhat * (1 - yhat)
    return (yhat - y) / maximum(v, floor / 2) * (v > floor * (1 - floor))  # 0 where clipped


FEW = 64  # numbers that Python looks up sooner than numpy begins a call


@cache
def _labels(count: int) -> tuple[frozenset[int], Array]:
    """0 … count − 1: to look up, and to compare with."""
    return frozenset(range(count)), np.arange(float(count))


def _below(y: NDArray[Any], count: int) -> bool:
    """Whether all of y (n,) are whole numbers from 0 to count − 1."""
    known, labels = _labels(count)
    if y.size <= FEW:
        return known.issuperset(y.tolist())
    return bool(np.count_nonzero(y == labels[:, None]) == y.size)  # a row a label: long runs to compare


_ONE, _TWO = np.array(1.0), np.array(2.0)


class _YesNo(Loss):
    """y is 0 or 1, and a fitting output is a sigmoid's."""

    def made(self, z: Array) -> Array:
        return np.asarray(1 / (1 + np.exp(-z)))

    def one_of(self, z: Term, y: Term) -> Term:
        against = z * (1 - 2 * y)
        return against.call(np.logaddexp, "ln(1 + e^{1})", 0, against)

    def slope_of(self, z: Term, y: Term) -> Term:
        turn = 1 - 2 * y
        return turn / (1 + exp(-(z * turn)))

    def slope_beside(self, z: Term, yhat: Term, y: Term, own: Exact) -> Term:
        floor = _least(yhat.plan)
        rest = own.choose(reciprocal(1 + exp(z)), 1 - yhat)  # 1 − ŷ
        return (1 - y) / maximum(rest, floor) - y / maximum(yhat, floor)

    def classes(self, outputs: int) -> int:  # noqa: ARG002  # as above
        return 2

    def sure(self, y: NDArray[Any], outputs: int) -> bool:  # noqa: ARG002  # as above
        return _below(y.reshape(-1), 2)

    def check(self, y: Array, output: Shape) -> None:
        super().check(y, output)
        if not self.sure(y, math.prod(output)):
            wrong = y[(y != 0) & (y != 1)].ravel()[0]
            raise LabError(f'loss "{self.name}" got the target {wrong:g}; it wants 0 or 1')

    def numbers(self, outputs: int, fused: bool) -> int:
        return outputs * (4 if fused else 2)

    def lay(self, y: NDArray[Any], w: Any, out: Array, fused: bool) -> None:
        """Fused: 2y − 1, the sign that turns z into a margin; the slope's sign; the loss's signs."""
        if not fused:
            return super().lay(y, w, out, fused)
        n = y.shape[-1]
        s, less = out[..., :n], out[..., 2 * n : 3 * n]
        np.multiply(y, _TWO, s)
        np.subtract(s, _ONE, s)
        less[...], out[..., 3 * n :] = -w, w
        np.multiply(s, less, out[..., n : 2 * n])
        return None

    def on_logits(self, z: Term, table: Array) -> Scored:
        """With m = (2y − 1)·z: loss = ln(1 + e^m) − m, one dot over the two halves, and
        (σ(z) − y)/n = (1 − 2y)/n / (1 + e^m)."""
        plan, (n, batch) = z.plan, z.array.shape[-2:]
        pair, turn = plan.buffer(2 * n, batch), Term(plan, table[..., n : 2 * n, :], "(1 − 2y)/n")
        s = Term(plan, table[..., :n, :], "(2y − 1)")
        m = (z * s).into(pair[..., :n, :], formula="m = (2y − 1)·z")
        m.text = "m"
        below = _softplus(m, pair[..., n:, :])
        slope = (z.array, lambda d, L: (turn / below()).told("", "(ŷ − y)/n"))
        L = plan.total("L = mean of ln(1 + e^m) − m", pair, table[..., 2 * n :, :], name="L", slopes=(slope,))
        each = lambda: np.logaddexp(0, -pair[..., :n, :])  # noqa: E731  # read as the slope beside it
        return Scored(L, each, table[..., 3 * n :, :], halves=pair.reshape(-1))


class _Classes(Loss):
    """y is a label, and a fitting output is a softmax's: of a row, or of each place of a sequence,
    where −1 leaves the place out."""

    def made(self, z: Array) -> Array:
        powers = np.exp(z - z.max(axis=-2, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-2, keepdims=True))

    def one_of(self, z: Term, y: Term) -> Term:
        c = z - z.over(-2, np.maximum)
        return log(exp(c).over(-2)) - (c * y).over(-2)

    def slope_of(self, z: Term, y: Term) -> Term:
        e = exp(z - z.over(-2, np.maximum))
        return e / e.over(-2) - y

    def of_one(self, output: Shape) -> Shape:
        return output[:-1]

    def check(self, y: Array, output: Shape) -> None:
        (*places, outputs), wants = output, (len(y), *output[:-1])
        if y.shape == wants and self.sure(y, outputs):
            return
        if y.shape != wants:
            per = f"one label for each of the {places[0]} places, {wants}" if places else "one label per row"
            got = f'loss "{self.name}" got targets of shape {y.shape}'
            raise ShapeError(f"{got}; it wants {per}", y.shape, wants)
        wrong = (y < (-1 if places else 0)) | (y >= outputs) | (y != np.floor(y))
        if wrong.any():
            raise LabError(
                f'loss "{self.name}" got the label {y[wrong][0]:g}; the net has {outputs} outputs, '
                f"so it wants whole numbers from 0 to {outputs - 1}"
            )
        if (y < 0).all():
            raise LabError(
                f'loss "{self.name}" got only labels of −1, which leave a place out; it wants a class'
            )

    def sure(self, y: NDArray[Any], outputs: int) -> bool:
        return _below(y.reshape(-1), outputs)

    def targets(self, y: NDArray[Any], outputs: int) -> Array:
        """1 at the label, else 0, or nearly so; all alike where a place is left out."""
        hit: Any = y == _labels(outputs)[1]
        return np.asarray(hit * (1 - self.smoothing) + self.smoothing / outputs if self.smoothing else hit)

    def on_logits(self, z: Term, table: Array) -> Scored:
        """ln Σ e^c − Σ y·c, where c is z with the largest logit taken off; (e^c / Σ e^c − y)/n."""
        y, w = _targets_and_weights(z, table)
        each = self.one_of(z, y)

        def back(_d: Term, _L: Term) -> Term:
            return (self.slope_of(z, y) * w).told("", "(ŷ − y)/n")

        formula, slopes = f"L = mean of {self.plain}", ((z.array, back),)
        L = z.plan.total(formula, each.array, w.array, name="L", slopes=slopes)
        return Scored(L, lambda: each.array, w.array)


@spelt
def CrossEntropy(smoothing: float = 0.0) -> Loss:  # noqa: N802  # as Huber
    """Of shares ŷ that add up to 1; `smoothing` takes that much of the label away."""
    setting("CrossEntropy", "smoothing", smoothing, "0 ≤ smoothing < 1", lambda share: 0 <= share < 1)
    return _Classes(
        "ce", "−Σ yₖ·ln ŷₖ",
        lambda yhat, y: (-(y * log(maximum(yhat, _least(yhat.plan))))).over(-2),
        "−{y}/{ŷ}/{n}", lambda yhat, y: -(y / maximum(yhat, _least(yhat.plan))),
        "Surprise at the right class; ln K is what knowing nothing costs.",
        out="softmax", fuses="softmax", labels=True, smoothing=smoothing,
    )  # fmt: skip


WITH_SETTING = {"huber": ("delta", Huber), "ce": ("smoothing", CrossEntropy)}
LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        Loss("mse", "({ŷ} − {y})²", lambda yhat, y: (yhat - y) * (yhat - y),
             "2·({ŷ} − {y})/{n}", lambda yhat, y: 2 * (yhat - y),
             "Twice the miss costs four times as much, so one bad row can lead the fit."),
        Loss("mae", "|{ŷ} − {y}|", lambda yhat, y: absolute(yhat - y),
             "sign({ŷ} − {y})/{n}", lambda yhat, y: sign(yhat - y),
             "Every miss counts by its size, so outliers pull no harder than others."),
        Huber(),
        _YesNo("bce", "−{y}·ln {ŷ} − (1 − {y})·ln(1 − {ŷ})", _surprise,
               "({ŷ} − {y})/({ŷ}·(1 − {ŷ}))/{n}", _surprise_slope,
               "Surprise at the answer: confident and wrong is expensive, ln 2 is knowing nothing.",
               out="sigmoid", fuses="sigmoid"),
        _YesNo("bce-logits", "ln(1 + e^z) − {y}·z", _surprise,
               "(σ(z) − {y})/{n}", _surprise_slope,
               "BCE read from z itself, with the sigmoid inside: nothing to overflow, nothing to clip.",
               fuses="linear"),
        CrossEntropy(),
    )
}  # fmt: skip


def loss_of(spec: str | Loss) -> Loss:
    return spec if isinstance(spec, Loss) else named("loss", spec, LOSSES)

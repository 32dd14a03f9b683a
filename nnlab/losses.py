"""Losses: one number that says how wrong. A member is a row of LOSSES.

    MSE of ŷ = (1, 3) against y = (1, 1)  →  (0² + 2²) / 2 = 2

A loss is written in two ways that agree: *taught* on ŷ, as a lesson does it, and, where a squash
belongs to it (BCE with sigmoid, CE with softmax), *fused* on the logits z, which neither
overflows nor takes the logarithm of 0. Means are over all numbers of the batch, as in torch;
MSE has no ½. Formulas: Goodfellow et al. 2016, ch. 6.2; Huber 1964 with δ = 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnlab.errors import LabError, ShapeError, named
from nnlab.plan import Array, Plan
from nnlab.terms import Term, absolute, alone, exp, log, log1p, maximum, minimum, sign
from nnlab.written import averaged, filled


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A loss in a plan: its mean, the losses before it, and what writes its slope."""

    L: Array
    each: Callable[[], Array]  # (losses per row, batch)
    slope: Callable[[], Term]


@dataclass(frozen=True, eq=False)
class Loss:
    """One kind of loss: `one` is the loss of one number, `its_slope` how it moves with ŷ."""

    name: ClassVar[str]
    formula: ClassVar[str]  # of one number
    slope_formula: ClassVar[str]
    says: ClassVar[str]
    out: ClassVar[str] = "linear"  # the output squash it belongs to
    fuses: ClassVar[str] = ""  # the squash it can be computed through, from the logits
    labels: ClassVar[bool] = False  # y is whole numbers 0 … K−1, and a row has one loss

    def one(self, yhat: Term, y: Term) -> Term:
        raise NotImplementedError

    def its_slope(self, yhat: Term, y: Term) -> Term:
        raise NotImplementedError

    def __call__(self, yhat: Any, y: Any) -> Array:
        """Losses of outputs (outputs, n) against y, before their mean."""
        return alone(self.one, np.atleast_2d(yhat), np.atleast_2d(y))

    def check(self, y: Array, outputs: int) -> None:
        """Refuse targets that cannot belong to this loss."""
        if y.size != len(y) * outputs:
            wants = f"({len(y)},)" if outputs == 1 else f"({len(y)}, {outputs})"
            raise ShapeError(
                f'loss "{self.name}" got targets of shape {y.shape}; the net gives {outputs} '
                f"per row, so it wants {wants}", y.shape, wants,
            )  # fmt: skip

    def targets(self, y: Array, outputs: int) -> Array:  # noqa: ARG002  # CE counts them
        """What ŷ should be, (n, outputs)."""
        return y.reshape(len(y), -1)

    def table(self, y: Array, w: Array, fused: bool) -> Array:  # noqa: ARG002  # BCE asks
        """What a plan reads a row: targets and the losses' weights in the mean, (n, numbers)."""
        return np.concatenate([y, w], axis=1)

    def on_outputs(self, yhat: Term, table: Array) -> Scored:
        """Write the taught form."""
        y, w = _targets_and_weights(yhat, table)
        each, at = self.one(yhat, y), (yhat.array, y.array)
        L = yhat.plan.total(
            f"L = mean of {self.formula}", each.array, w.array, name="L", write=averaged(self.formula, *at)
        )

        def slope() -> Term:
            return (self.its_slope(yhat, y) * w).into(
                None, "dyhat", f"∂L/∂ŷ = {self.slope_formula}",
                inputs=(*at, w.array), write=filled(self.slope_formula, *at, w.array.size),
            )  # fmt: skip

        return Scored(L, lambda: each.array, slope)

    def on_logits(self, z: Term, table: Array) -> Scored:
        """Write the fused form."""
        raise NotImplementedError


def _targets_and_weights(outputs: Term, table: Array) -> tuple[Term, Term]:
    n = outputs.array.shape[-2]
    return Term(outputs.plan, table[..., :n, :], "y"), Term(outputs.plan, table[..., n:, :], "1/n")


def _logits_slope(slope: Term, z: Term) -> Term:
    return slope.into(None, f"d{z.text}", "∂L/∂z = (ŷ − y)/n")


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


@dataclass(frozen=True, eq=False)
class MSE(Loss):
    name = "mse"
    formula = "(ŷ − y)²"
    slope_formula = "2·(ŷ − y)/n"
    says = "Twice the miss costs four times as much, so one bad row can lead the fit."

    def one(self, yhat: Term, y: Term) -> Term:
        return (yhat - y) * (yhat - y)

    def its_slope(self, yhat: Term, y: Term) -> Term:
        return 2 * (yhat - y)


@dataclass(frozen=True, eq=False)
class MAE(Loss):
    name = "mae"
    formula = "|ŷ − y|"
    slope_formula = "sign(ŷ − y)/n"
    says = "Every miss counts by its size, so outliers pull no harder than others."

    def one(self, yhat: Term, y: Term) -> Term:
        return absolute(yhat - y)

    def its_slope(self, yhat: Term, y: Term) -> Term:
        return sign(yhat - y)


@dataclass(frozen=True, eq=False)
class Huber(Loss):
    """δ·(|d| − δ/2) beyond δ, d²/2 within; written as c·(|d| − c/2) with c = min(|d|, δ)."""

    name = "huber"
    formula = "d²/2 if |d| ≤ δ else δ·(|d| − δ/2)"
    slope_formula = "clip(ŷ − y, −δ, δ)/n"
    says = "Squares for small misses, straight lines for large ones."
    delta: float = 1.0

    def one(self, yhat: Term, y: Term) -> Term:
        d = absolute(yhat - y)
        c = minimum(d, self.delta)
        return c * (d - c * 0.5)

    def its_slope(self, yhat: Term, y: Term) -> Term:
        return maximum(minimum(yhat - y, self.delta), -self.delta)


@dataclass(frozen=True, eq=False)
class BCE(Loss):
    name = "bce"
    formula = "−y·ln ŷ − (1 − y)·ln(1 − ŷ)"
    slope_formula = "(ŷ − y)/(ŷ·(1 − ŷ))/n"
    says = "Surprise at the answer: confident and wrong is expensive, ln 2 is knowing nothing."
    out = "sigmoid"
    fuses = "sigmoid"
    least: float = 1e-7  # probabilities are kept this far from 0 and 1 before the logarithm

    def check(self, y: Array, outputs: int) -> None:
        super().check(y, outputs)
        if ((y != 0) & (y != 1)).any():
            wrong = y[(y != 0) & (y != 1)].ravel()[0]
            raise LabError(f'loss "bce" got the target {wrong:g}; it wants 0 or 1')

    def _floor(self, plan: Plan) -> float:
        # through a sigmoid nothing needs a floor, and with one the two ways would not agree
        return float(np.finfo(plan.dtype).tiny) if plan.taught else self.least

    def one(self, yhat: Term, y: Term) -> Term:
        floor = self._floor(yhat.plan)
        return -(y * log(maximum(yhat, floor)) + (1 - y) * log(maximum(1 - yhat, floor)))

    def its_slope(self, yhat: Term, y: Term) -> Term:
        floor, v = self._floor(yhat.plan), yhat * (1 - yhat)
        return (yhat - y) / maximum(v, floor / 2) * (v > floor * (1 - floor))  # 0 where clipped

    def table(self, y: Array, w: Array, fused: bool) -> Array:
        """Fused: 2y − 1, the sign that turns z into a margin; the slope's sign; the loss's signs."""
        s = 2 * y - 1
        return np.concatenate([s, -s * w, -w, w] if fused else [y, w], axis=1)

    def on_logits(self, z: Term, table: Array) -> Scored:
        """With m = (2y − 1)·z: loss = ln(1 + e^m) − m, one dot over the two halves, and
        (σ(z) − y)/n = (1 − 2y)/n / (1 + e^m)."""
        plan, (n, batch) = z.plan, z.array.shape[-2:]
        pair, turn = plan.buffer(2 * n, batch), Term(plan, table[..., n : 2 * n, :], "(1 − 2y)/n")
        s = Term(plan, table[..., :n, :], "(2y − 1)")
        m = (z * s).into(pair[..., :n, :], formula="m = (2y − 1)·z")
        m.text = "m"
        below = _softplus(m, pair[..., n:, :])
        L = plan.total("L = mean of ln(1 + e^m) − m", pair, table[..., 2 * n :, :], name="L")
        return Scored(
            L, lambda: pair[..., n:, :] - pair[..., :n, :], lambda: _logits_slope(turn / below(), z)
        )


@dataclass(frozen=True, eq=False)
class CrossEntropy(Loss):
    """Of shares ŷ that add up to 1; `smoothing` takes that much of the label away."""

    name = "ce"
    formula = "−Σ yₖ·ln ŷₖ"
    slope_formula = "−y/ŷ/n"
    says = "Surprise at the right class; ln K is what knowing nothing costs."
    out = "softmax"
    fuses = "softmax"
    labels = True
    smoothing: float = 0.0

    def check(self, y: Array, outputs: int) -> None:
        if y.shape != (len(y),):
            raise ShapeError(
                f'loss "ce" got targets of shape {y.shape}; it wants one label per row',
                y.shape, (len(y),),
            )  # fmt: skip
        wrong = (y < 0) | (y >= outputs) | (y != np.floor(y))
        if wrong.any():
            raise LabError(
                f'loss "ce" got the label {y[wrong][0]:g}; the net has {outputs} outputs, '
                f"so it wants whole numbers from 0 to {outputs - 1}"
            )

    def targets(self, y: Array, outputs: int) -> Array:
        return np.asarray(np.eye(outputs)[y.astype(int)] * (1 - self.smoothing) + self.smoothing / outputs)

    def one(self, yhat: Term, y: Term) -> Term:
        return (-(y * log(maximum(yhat, float(np.finfo(yhat.plan.dtype).tiny))))).over(-2)

    def its_slope(self, yhat: Term, y: Term) -> Term:
        return -(y / maximum(yhat, float(np.finfo(yhat.plan.dtype).tiny)))

    def on_logits(self, z: Term, table: Array) -> Scored:
        """ln Σ e^c − Σ y·c, where c is z with the largest logit taken off; (e^c / Σ e^c − y)/n."""
        y, w = _targets_and_weights(z, table)
        c = z - z.over(-2, np.maximum)
        each = log(exp(c).over(-2)) - (c * y).over(-2)
        L = z.plan.total(f"L = mean of {self.formula}", each.array, w.array, name="L")

        def slope() -> Term:
            e = exp(c)
            return _logits_slope((e / e.over(-2) - y) * w, z)

        return Scored(L, lambda: each.array, slope)


@dataclass(frozen=True, eq=False)
class LogitBCE(BCE):
    """BCE whose net ends in a weighted sum: `out="linear"`, the sigmoid is inside the loss."""

    name = "bce-logits"
    formula = "ln(1 + e^z) − y·z"
    slope_formula = "(σ(z) − y)/n"
    says = "BCE read from z itself: nothing to overflow, nothing to clip."
    out = "linear"
    fuses = "linear"


LOSSES: dict[str, type[Loss]] = {loss.name: loss for loss in (MSE, MAE, Huber, BCE, LogitBCE, CrossEntropy)}


def loss_of(spec: "str | Loss") -> Loss:
    return spec if isinstance(spec, Loss) else named("loss", spec, LOSSES)()

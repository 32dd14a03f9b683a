"""Losses: one number that says how wrong. A member is a row of LOSSES.

    MSE of ŷ = (1, 3) against y = (1, 1)  →  (0² + 2²) / 2 = 2

A loss is written in two ways that agree: *taught* on ŷ, as a lesson does it, and, where a squash
belongs to it (BCE with sigmoid, CE with softmax), *fused* on the logits z, which neither
overflows nor takes the logarithm of 0. Means are over all numbers of the batch, as in torch;
MSE has no ½. Formulas: Goodfellow et al. 2016, ch. 6.2; Huber 1964 with δ = 1.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnlab.errors import LabError, ShapeError, UnknownName
from nnlab.plan import Array, Plan, Writer
from nnlab.written import filled


@dataclass(frozen=True, eq=False)
class Loss:
    """One kind of loss; `each` writes the loss per number, `slope` ∂L/∂ŷ."""

    name: ClassVar[str]
    formula: ClassVar[str]  # of one number
    slope_formula: ClassVar[str]
    says: ClassVar[str]
    out: ClassVar[str] = "linear"  # the output squash it belongs to
    fuses: ClassVar[str] = ""  # the squash it can be computed through, from the logits
    per_row: ClassVar[bool] = False  # one loss a row (CE) instead of one a number
    labels: ClassVar[bool] = False  # y is whole numbers 0 … K−1

    def columns(self, y: Array, outputs: int) -> Array:  # noqa: ARG002  # CE counts them
        """Targets as the taught form wants them: (n, outputs)."""
        return y.reshape(len(y), -1)

    def fused_columns(self, y: Array, outputs: int) -> Array:
        """Targets as the fused form wants them: (n, some)."""
        return self.columns(y, outputs)

    def check(self, y: Array, outputs: int) -> None:
        """Refuse targets that cannot belong to this loss."""
        if y.size != len(y) * outputs:
            wants = f"({len(y)},)" if outputs == 1 else f"({len(y)}, {outputs})"
            raise ShapeError(
                f'loss "{self.name}" got targets of shape {y.shape}; the net gives {outputs} '
                f"per row, so it wants {wants}", y.shape, wants,
            )  # fmt: skip

    def each(self, plan: Plan, yhat: Array, y: Array) -> Array:
        raise NotImplementedError

    def slope(self, plan: Plan, yhat: Array, y: Array, w: Array) -> Array:
        raise NotImplementedError

    def fused(self, plan: Plan, z: Array, y: Array, w: Array) -> tuple[Array, Array]:
        """Per-sample losses and L from the logits."""
        raise NotImplementedError

    def fused_slope(self, plan: Plan, z: Array, y: Array, w: Array, name: str) -> Array:
        """∂L/∂z from the logits."""
        raise NotImplementedError

    def mean(self, plan: Plan, each: Array, w: Array, write: Writer | None = None) -> Array:
        return plan.total("L", f"L = mean of {self.formula}", each, w, write=write)

    def _last(self, plan: Plan, g: Array, yhat: Array, y: Array, w: Array) -> Array:
        """The call that names ∂L/∂ŷ: weights (1/n) times the slope of one number."""
        result: Array = plan.op(
            "dyhat", f"∂L/∂ŷ = {self.slope_formula}", np.multiply, g, w, out=np.empty_like(g),
            inputs=(yhat, y, w), write=filled(self.slope_formula, yhat, y),
        )  # fmt: skip
        return result


def softplus(plan: Plan, m: Array, out: Array) -> None:
    """ln(1 + e^m). One call, but 10 ns a number; from some size on four vectorised calls win."""
    if m.size < MANY:
        plan.op("", "ln(1 + e^m)", np.logaddexp, plan.const(0), m, out=out)
        return
    least = plan.const(0.98 * np.log(np.finfo(plan.dtype).max))  # e^m is finite up to here
    t = plan.op("", "m where e^m is finite", np.minimum, m, least)
    plan.op("", "e^m", np.exp, t, out=t)
    plan.op("", "ln(1 + e^m)", np.log1p, t, out=t)
    plan.op("", "m where e^m is not", np.maximum, m, t, out=out)


MANY = 256


@dataclass(frozen=True, eq=False)
class MSE(Loss):
    name = "mse"
    formula = "(ŷ − y)²"
    slope_formula = "2·(ŷ − y)/n"
    says = "Twice the miss costs four times as much, so one bad row can lead the fit."

    def each(self, plan: Plan, yhat: Array, y: Array) -> Array:
        d = plan.op("", "ŷ − y", np.subtract, yhat, y)
        plan.keep(self, d=d)
        result: Array = plan.op("", "(ŷ − y)²", np.multiply, d, d)
        return result

    def slope(self, plan: Plan, yhat: Array, y: Array, w: Array) -> Array:
        d = plan.kept(self, "d")
        g = plan.op("", "2·(ŷ − y)", np.multiply, d, plan.const(2))
        return self._last(plan, g, yhat, y, w)


@dataclass(frozen=True, eq=False)
class MAE(Loss):
    name = "mae"
    formula = "|ŷ − y|"
    slope_formula = "sign(ŷ − y)/n"
    says = "Every miss counts by its size, so outliers pull no harder than others."

    def each(self, plan: Plan, yhat: Array, y: Array) -> Array:
        d = plan.op("", "ŷ − y", np.subtract, yhat, y)
        plan.keep(self, d=d)
        result: Array = plan.op("", "|ŷ − y|", np.abs, d)
        return result

    def slope(self, plan: Plan, yhat: Array, y: Array, w: Array) -> Array:
        s = plan.op("", "sign(ŷ − y)", np.sign, plan.kept(self, "d"))
        return self._last(plan, s, yhat, y, w)


@dataclass(frozen=True, eq=False)
class Huber(Loss):
    """δ·(|d| − δ/2) beyond δ, d²/2 within; written as c·(|d| − c/2) with c = min(|d|, δ)."""

    name = "huber"
    formula = "d²/2 if |d| ≤ δ else δ·(|d| − δ/2)"
    slope_formula = "clip(ŷ − y, −δ, δ)/n"
    says = "Squares for small misses, straight lines for large ones."
    delta: float = 1.0

    def each(self, plan: Plan, yhat: Array, y: Array) -> Array:
        d = plan.op("", "d = ŷ − y", np.subtract, yhat, y)
        plan.keep(self, d=d)
        a = plan.op("", "|d|", np.abs, d)
        c = plan.op("", "c = min(|d|, δ)", np.minimum, a, plan.const(self.delta))
        h = plan.op("", "c/2", np.multiply, c, plan.const(0.5))
        h = plan.op("", "|d| − c/2", np.subtract, a, h, out=h)
        result: Array = plan.op("", "c·(|d| − c/2)", np.multiply, c, h, out=h)
        return result

    def slope(self, plan: Plan, yhat: Array, y: Array, w: Array) -> Array:
        d = plan.kept(self, "d")
        c = plan.op("", "min(d, δ)", np.minimum, d, plan.const(self.delta))
        c = plan.op("", "clip(d, −δ, δ)", np.maximum, c, plan.const(-self.delta), out=c)
        return self._last(plan, c, yhat, y, w)


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

    def each(self, plan: Plan, yhat: Array, y: Array) -> Array:
        floor = plan.const(self._floor(plan))
        p = plan.op("", "max(ŷ, ε)", np.maximum, yhat, floor)
        q = plan.op("", "1 − ŷ", np.subtract, plan.const(1), yhat)
        plan.keep(self, q=q)
        r = plan.op("", "max(1 − ŷ, ε)", np.maximum, q, floor)
        a = plan.op("", "ln ŷ", np.log, p, out=p)
        a = plan.op("", "y·ln ŷ", np.multiply, a, y, out=a)
        b = plan.op("", "ln(1 − ŷ)", np.log, r, out=r)
        ny = plan.op("", "1 − y", np.subtract, plan.const(1), y)
        b = plan.op("", "(1 − y)·ln(1 − ŷ)", np.multiply, b, ny, out=b)
        a = plan.op("", "sum", np.add, a, b, out=a)
        result: Array = plan.op("", self.formula, np.negative, a, out=b)
        return result

    def slope(self, plan: Plan, yhat: Array, y: Array, w: Array) -> Array:
        floor = self._floor(plan)
        v = plan.op("", "ŷ·(1 − ŷ)", np.multiply, yhat, plan.kept(self, "q"))
        inside = plan.op("", "not clipped", np.greater, v, plan.const(floor * (1 - floor)))
        v = plan.op("", "max(ŷ·(1 − ŷ), ε)", np.maximum, v, plan.const(floor / 2), out=v)
        g = plan.op("", "ŷ − y", np.subtract, yhat, y)
        g = plan.op("", "(ŷ − y)/(ŷ·(1 − ŷ))", np.divide, g, v, out=g)
        g = plan.op("", "0 where clipped", np.multiply, g, inside, out=v)
        result: Array = plan.op(
            "dyhat", f"∂L/∂ŷ = {self.slope_formula}", np.multiply, g, w, inputs=(yhat, y, w),
            out=np.empty_like(g),
        )  # fmt: skip
        return result

    def fused_columns(self, y: Array, outputs: int) -> Array:
        """(2y − 1 | 1 − 2y): the sign that turns z into a margin, and the slope's sign."""
        s = 2 * self.columns(y, outputs) - 1
        return np.concatenate([s, -s], axis=1)

    def fused(self, plan: Plan, z: Array, y: Array, w: Array) -> tuple[Array, Array]:
        """With m = (2y − 1)·z: loss = ln(1 + e^m) − m, one dot over the two halves."""
        n = z.shape[-2]
        pair = plan.buffer(2 * n, z.shape[-1])
        sign = plan.buffer(2 * n, z.shape[-1])
        m, soft = pair[..., :n, :], pair[..., n:, :]
        plan.op("", "m = (2y − 1)·z", np.multiply, z, y[..., :n, :], out=m)
        softplus(plan, m, soft)
        if w.flags.writeable:  # weights that change with the batch
            plan.op("", "−w", np.negative, w, out=sign[..., :n, :])
            plan.copy(w, sign[..., n:, :])
        else:
            sign[..., :n, :], sign[..., n:, :] = -w, w
        plan.keep(self, soft=soft)
        return pair, plan.total("L", "L = mean of ln(1 + e^m) − m", pair, sign)

    def fused_slope(self, plan: Plan, z: Array, y: Array, w: Array, name: str) -> Array:  # noqa: ARG002  # in y
        """(σ(z) − y)/n = (1 − 2y)·w / (1 + e^m); the targets come weighted by w."""
        e = plan.op("", "1 + e^m", np.exp, plan.kept(self, "soft"))
        result: Array = plan.op(
            name, "∂L/∂z = (σ(z) − y)/n", np.divide, y[..., z.shape[-2] :, :], e,
            out=np.empty_like(z),
        )  # fmt: skip
        return result


@dataclass(frozen=True, eq=False)
class CrossEntropy(Loss):
    """Of shares ŷ that add up to 1; `smoothing` takes that much of the label away."""

    name = "ce"
    formula = "−Σ yₖ·ln ŷₖ"
    slope_formula = "−y/ŷ/n"
    says = "Surprise at the right class; ln K is what knowing nothing costs."
    out = "softmax"
    fuses = "softmax"
    per_row = True
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

    def columns(self, y: Array, outputs: int) -> Array:
        hot: Array = np.eye(outputs)[y.astype(int)]
        return np.asarray(hot * (1 - self.smoothing) + self.smoothing / outputs)

    def each(self, plan: Plan, yhat: Array, y: Array) -> Array:
        tiny = plan.const(float(np.finfo(plan.dtype).tiny))
        p = plan.op("", "max(ŷ, ε)", np.maximum, yhat, tiny)
        plan.keep(self, p=p)
        a = plan.op("", "ln ŷ", np.log, p)
        a = plan.op("", "y·ln ŷ", np.multiply, a, y, out=a)
        a = plan.op("", "−y·ln ŷ", np.negative, a, out=a)
        return np.asarray(plan.sum_over(a, -2, np.empty_like(a[..., :1, :])))

    def slope(self, plan: Plan, yhat: Array, y: Array, w: Array) -> Array:
        g = plan.op("", "y/ŷ", np.divide, y, plan.kept(self, "p"))
        g = plan.op("", "−y/ŷ", np.negative, g, out=g)
        result: Array = plan.op(
            "dyhat", "∂L/∂ŷ = −y/ŷ/n", np.multiply, g, w, out=np.empty_like(g),
            inputs=(yhat, y, w),
        )  # fmt: skip
        return result

    def fused(self, plan: Plan, z: Array, y: Array, w: Array) -> tuple[Array, Array]:
        """ln Σ e^z − Σ y·z after the largest logit is taken off."""
        one = np.empty_like(z[..., :1, :])
        top = plan.sum_over(z, -2, one, np.maximum)
        c = plan.op("", "c = z − max z", np.subtract, z, top)
        e = plan.op("", "e^c", np.exp, c)
        total = plan.sum_over(e, -2, np.empty_like(one))
        plan.keep(self, e=e, total=total)
        right = plan.op("", "y·c", np.multiply, c, y, out=c)
        right = plan.sum_over(right, -2, np.empty_like(one))
        log = plan.op("", "ln Σ e^c", np.log, total)
        each = plan.op("", "ln Σ e^c − Σ y·c", np.subtract, log, right, out=log)
        return each, self.mean(plan, each, w)

    def fused_slope(self, plan: Plan, z: Array, y: Array, w: Array, name: str) -> Array:  # noqa: ARG002  # e is kept
        e, total = plan.kept(self, "e"), plan.kept(self, "total")
        p = plan.op("", "ŷ = e^c / Σ e^c", np.divide, e, total, out=e)
        p = plan.op("", "ŷ − y", np.subtract, p, y)
        result: Array = plan.op(name, "∂L/∂z = (ŷ − y)/n", np.multiply, p, w)
        return result


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
    if isinstance(spec, Loss):
        return spec
    if spec not in LOSSES:
        raise UnknownName("loss", spec, LOSSES)
    return LOSSES[spec]()

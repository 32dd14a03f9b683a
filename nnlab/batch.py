"""What goes into a plan and what comes out: rows, targets, losses."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Layer
from nnlab.losses import BCE, Loss
from nnlab.plan import Array, Plan, Rows


@dataclass(eq=False)
class Target:
    """The plan's side of y: where targets and weights are loaded, and how they are laid out."""

    loss: Loss
    outputs: int
    fused: bool
    class_weight: Array | None = None
    width: int = field(init=False)  # target numbers per row
    per: int = field(init=False)  # losses per row

    def __post_init__(self) -> None:
        self.per = 1 if self.loss.per_row else self.outputs
        self.width = self.outputs * (2 if self.fused and isinstance(self.loss, BCE) else 1)

    @property
    def total(self) -> int:
        return self.width + (self.per if self.class_weight is not None else 0)

    def encode(self, y: Any, batch: int) -> Array:
        """Targets (n, total) for batches of `batch` rows, ready to be copied."""
        y = np.asarray(y, dtype=float)
        how = self.loss.fused_columns if self.fused else self.loss.columns
        table = how(y, self.outputs)
        scaled = self.width > self.outputs  # fused BCE: the slope's half carries the 1/n
        if self.class_weight is None:
            if scaled:
                table[:, self.outputs :] /= batch * self.per
            return table
        w = self.class_weight[y.astype(int).reshape(len(y), -1)]
        w = w / w.sum()
        if scaled:
            table[:, self.outputs :] *= w
        return np.concatenate([table, w], axis=1)


@dataclass(eq=False)
class Written:
    """A plan together with where its rows go in and its results come out."""

    plan: Plan
    rows: Array  # (…, batch, features + 1), row by row as the data lie, the last column ones
    wanted: Array  # (…, batch, target numbers)
    features: int
    out: Rows  # the last layer's rows
    target: Target
    L: Array | None = None
    each: Array | None = None
    halves: bool = False  # fused BCE keeps (m | ln(1 + e^m)): the loss is their difference

    def load(self, X: Array, y: Any = None) -> None:
        n, f = X.shape[-2], self.features
        self.rows[..., :n, :f] = X
        if y is not None:
            self.wanted[..., :n, :] = self.targets(y)

    def targets(self, y: Any) -> Array:
        if self.rows.ndim == 2:
            return self.target.encode(y, self.plan.batch)
        return np.stack([self.target.encode(member, self.plan.batch) for member in y])

    def losses(self) -> Array:
        """(…, losses per row, batch)."""
        assert self.each is not None
        if not self.halves:
            return self.each
        n = self.each.shape[-2] // 2
        result: Array = self.each[..., n:, :] - self.each[..., :n, :]
        return result


def rows_of(X: Any, first: Layer, shape: tuple[int, ...], dtype: Any, fleet: bool) -> Array:
    """X as (n, features), or a sentence about what is wrong with it; for a fleet also
    (members, n, features)."""
    X = np.asarray(X, dtype=dtype)
    if X.shape == shape:
        X = X[None]  # a single sample
    if X.ndim == len(shape) == 1 and shape == (1,):
        X = X[:, None]  # a plain list of numbers for a net of one input
    lead = 2 if fleet and X.ndim == len(shape) + 2 else 1
    if X.shape[lead:] != shape:
        got, wants = X.shape[lead:], shape
        if len(got) == len(wants) == 1:
            say = f"{got[0]} values per row; it wants {wants[0]}"
        else:
            say = f"rows of shape {got}; it wants {wants}"
        raise ShapeError(f"{first.at} got {say}", got, wants)
    if 0 in X.shape[:lead]:
        raise LabError("the data are empty: 0 rows; the net wants at least 1")
    flat = X.reshape(*X.shape[:lead], -1)
    # one dot product is finite only if every number is; squares that overflow are looked at twice
    if not np.isfinite(np.vdot(flat, flat)) and not np.isfinite(flat).all():
        *_, row, column = np.argwhere(~np.isfinite(flat))[0]
        raise LabError(f"X holds NaN or infinity, first in row {row}, column {column}")
    return np.asarray(flat)


def targets_of(X: Array, y: Any, loss: Loss, outputs: int, classes: int | None) -> Array:
    """y as the loss wants it, checked against X."""
    y = np.asarray(y, dtype=float)
    if X.ndim == 3:
        if len(y) != len(X):
            raise ShapeError(f"X is for {len(X)} members and y for {len(y)}", len(y), len(X))
        return np.stack([targets_of(a, b, loss, outputs, classes) for a, b in zip(X, y, strict=True)])
    if y.ndim == 0 or (len(X) == 1 and outputs > 1 and y.shape == (outputs,)):
        y = y[None]
    if len(y) != len(X):
        raise ShapeError(f"X has {len(X)} rows and y has {len(y)}", len(y), len(X))
    if not np.isfinite(y).all():
        raise LabError(f"y holds NaN or infinity, first in row {np.argwhere(~np.isfinite(y))[0][0]}")
    loss.check(y, outputs)
    if classes is not None and y.max() >= classes:
        raise LabError(f"class_weight has {classes} entries and y the label {y.max():g}")
    return np.asarray(y)

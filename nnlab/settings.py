"""What a net is besides its layers: one value, checked where it is made.

Settings(input=(2,), loss="bce", l2=1e-4)
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from nnlab.chance import stream
from nnlab.errors import LabError, either, known, numbers_in, setting, short
from nnlab.losses import loss_of
from nnlab.params import Initialiser, Shape, initialiser

KINDS = "float64", "float32", "float", "double", "single", "f8", "f4"


@dataclass(frozen=True)
class Settings:
    """`init=None` takes what suits each layer's squash; `kinks` is the range of spread-kinks. `l1`,
    `l2` add l1·Σ|w| and l2/2·Σw² over the weights to what is minimised (never to the loss that is
    reported; biases are left alone). `strict=False` admits an output that does not fit the loss."""

    input: Shape
    loss: Any = "mse"  # kept as a Loss
    seed: int = 0
    init: str | tuple[str, float] | Initialiser | None = None
    kinks: tuple[float, float] | None = None
    l1: float = 0.0
    l2: float = 0.0
    class_weight: Any = None  # one number a class, kept as a tuple
    dtype: Any = np.float64  # kept as numpy's
    strict: bool = True

    def __post_init__(self) -> None:
        stream("start", self.seed)  # says what is wrong with a seed
        either("strict", self.strict)
        for name in ("l1", "l2"):
            setting("a net", name, getattr(self, name), "a number ≥ 0", lambda rate: rate >= 0)
        kinks = numbers_in(self.kinks)
        if self.kinks is not None and (kinks is None or kinks.shape != (2,) or not np.isfinite(kinks).all()):
            raise LabError(f"kinks is {short(self.kinks)}; it wants two numbers, as (-1, 1)")
        named = isinstance(self.dtype, str | bytes)
        try:
            dtype = np.dtype(object if named and self.dtype not in KINDS else self.dtype)
        except TypeError:
            dtype = np.dtype(object)
        if dtype not in (np.float32, np.float64):
            raise LabError(f"dtype is {short(self.dtype)}; a net wants float64 or float32")
        if self.init is not None:
            initialiser(self.init, self.kinks)
        kept = {"loss": loss_of(self.loss), "dtype": dtype, "class_weight": self._weights()}
        for name, value in kept.items():
            object.__setattr__(self, name, value)

    def _weights(self) -> tuple[float, ...] | None:
        if self.class_weight is None:
            return None
        weights = numbers_in(self.class_weight)
        several = weights is not None and weights.ndim == 1 and weights.size
        if weights is None or not several or not all(0 < w < np.inf for w in weights):
            got = short(self.class_weight)
            raise LabError(f"class_weight is {got}; it wants a number > 0 for each class")
        return tuple(weights.tolist())


BESIDE = "hidden", "out"  # what Net takes besides these


def settings_of(shape: Shape, given: dict[str, Any]) -> Settings:
    """Settings from the arguments of a net, or the one that no net has."""
    known("a net", given, [*BESIDE, *(one.name for one in fields(Settings))])
    return Settings(**(given | {"input": shape}))


# --- of a training -------------------------------------------------------------------------
def nature(net: Any, rule: Any) -> dict[str, Any]:
    """What decides how a net is trained by an optimiser, beside numbers that a snapshot brings back: the
    rate is one of those."""
    settings = net.settings
    return {
        "net": repr(net),
        "dtype": settings.dtype.name,
        "smoothing": settings.loss.smoothing,
        "delta": settings.loss.delta,
        "l1": settings.l1,
        "l2": settings.l2,
        "class_weight": settings.class_weight,
        "rule": type(rule).__name__,
        **{one.name: getattr(rule, one.name) for one in fields(rule) if one.name != "lr"},
    }


def refuse_another(kept: Mapping[str, Any], own: Mapping[str, Any]) -> None:
    """Refuse a snapshot of a training that would go on otherwise, and name what differs."""
    differing = [name for name, value in kept.items() if name in own and own[name] != value]
    if differing:
        was, here = (", ".join(f"{name} {_said(one[name])}" for name in differing) for one in (kept, own))
        raise LabError(f"this snapshot is of a training with {was}; this one has {here}")


def _said(value: Any) -> str:
    return value if isinstance(value, str) else short(value)

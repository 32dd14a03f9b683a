"""A formula with this sample's numbers in it, as a person writes it on paper.

z1[1] = 0.5·1 + (−0.2)·2 + 0 = 0.1
"""

import re
from typing import Any

from nnlab.activations import Squash
from nnlab.plan import Array, Writer


def number(value: Any, digits: int = 6) -> str:
    """Up to `digits` significant digits, a true minus sign, and never −0."""
    text = f"{float(value):.{digits}g}"
    text = text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return "0" if text == "-0" else text.replace("-", "−")


def signed(value: Any) -> str:
    """As a factor or a later term: negatives in brackets."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text


def _sum(pairs: list[tuple[Any, Any]]) -> str:
    return " + ".join(f"{number(a) if i == 0 else signed(a)}·{signed(b)}" for i, (a, b) in enumerate(pairs))


def dense_sum(Wb: Array, x: Array) -> Writer:
    """w·x + b of one unit and one sample."""

    def write(unit: tuple[int, ...], sample: int) -> str:
        w, column = Wb[unit[0]], x[:-1, sample]
        return f"{_sum(list(zip(w[:-1], column, strict=True)))} + {signed(w[-1])}"

    return write


def dense_back(W: Array, dz: Array) -> Writer:
    """Σ over the units that listened: weight · what came back."""

    def write(unit: tuple[int, ...], sample: int) -> str:
        return _sum(list(zip(W[:, unit[0]], dz[:, sample], strict=True)))

    return write


def weight_of(dz: Array, x: Array) -> Writer:
    """δ·h summed over the samples; a bias has 1 for h."""

    def write(unit: tuple[int, ...], _sample: int) -> str:
        row = dz[unit[0]]
        if len(unit) == 1:
            return " + ".join(number(d) if i == 0 else signed(d) for i, d in enumerate(row))
        return _sum(list(zip(row, x[unit[1]], strict=True)))

    return write


def filled(formula: str, yhat: Array, y: Array, n: int = 1) -> Writer | None:
    """A loss's formula for one output of one sample; None where it speaks of d or of sums."""
    if "ŷ" not in formula or "Σ" in formula or "sign" in formula or "clip" in formula:
        return None

    def write(unit: tuple[int, ...], sample: int) -> str:
        j = unit[0] if unit else 0
        text = formula.replace("ŷ", "@").replace("y", signed(y[j, sample]))
        return text.replace("@", signed(yhat[j, sample])).replace("/n", f"/{n}")

    return write


def averaged(formula: str, yhat: Array, y: Array) -> Writer | None:
    """The same summed over the batch and divided by how many there are."""
    one = filled(formula, yhat, y)
    if one is None:
        return None

    def write(_unit: tuple[int, ...], _sample: int) -> str:
        parts = [one((j,), i) for i in range(y.shape[1]) for j in range(y.shape[0])]
        return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})/{len(parts)}"

    return write


def squash_of(how: Squash, z: Array) -> Writer:
    def write(unit: tuple[int, ...], sample: int) -> str:
        if how.together:
            powers = [f"e^{signed(v)}" for v in z[unit[:-1]][:, sample]]
            return f"{powers[unit[-1]]}/({' + '.join(powers)})"
        text = how.formula.replace("z", signed(z[(*unit, sample)]))
        return re.sub(r"(?<=, )\((−[^()]+)\)(?=\))", r"\1", text)  # max(0, −2), not (−2)

    return write


def slope_of(how: Squash, dh: Array, z: Array) -> Writer:
    """What arrived times the own slope; nothing for softmax, where all units have a say."""

    def write(unit: tuple[int, ...], sample: int) -> str:
        if how.together:
            return ""
        at = (*unit, sample)
        return f"{number(dh.reshape(z.shape)[at])}·{signed(how.slope(z[at]))}"

    return write

"""Arithmetic that writes itself down.

    h = Term(plan, array, "h"); dh * (1 - h * h)      three numpy calls in the plan

A term is an array of a plan together with how it is read aloud. What is computed already is
not computed twice: the same call on the same arrays gives the term that exists. So a slope may
repeat a part of the formula it belongs to and costs nothing more.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab.plan import Array, Plan

LONG = 28  # a text that is longer is cut where it becomes part of another one


class Term:
    """`into` says where the last call writes and gives it a name; without it a buffer is made."""

    __slots__ = ("array", "plan", "text")

    def __init__(self, plan: Plan, array: Array, text: str = "·") -> None:
        self.plan, self.array, self.text = plan, array, text

    def call(self, fn: Callable[..., Any], text: str, *args: Any) -> "Term":
        """`fn(*args)`; numbers among `args` become constants, {} in `text` their texts."""
        read = text.format(*(_read(arg, inside="(" in text or "|" in text) for arg in args))
        given = [arg.array if isinstance(arg, Term) else arg for arg in args]
        key = (fn, *(id(a) if isinstance(a, np.ndarray) else a for a in given))
        if key not in self.plan.written:
            arrays = [a if isinstance(a, np.ndarray) else self.plan.const(a) for a in given]
            self.plan.written[key] = self.plan.op("", read, fn, *arrays)
        return Term(self.plan, self.plan.written[key], read)

    def into(self, out: Any, name: str = "", formula: str = "", **how: Any) -> "Term":
        """Let the call that made this term write to `out`; a copy where it cannot."""
        fn, args = self.plan.taken_back(self.array) or (np.positive, (self.array,))
        out = out.array if isinstance(out, Term) else out
        self.plan.op(name, formula or self.text, fn, *args, out=out, **how)
        for key in [key for key in self.plan.written if id(out) in key]:
            del self.plan.written[key]  # computed from what stood there before
        return Term(self.plan, self.plan.ops[-1].out, name or self.text)

    def over(self, axis: int, fn: Any = np.add) -> "Term":
        """Reduced along an axis that stays with length 1: the sum, or `np.maximum`."""
        key = (fn.reduce, id(self.array), axis)
        if key not in self.plan.written:
            out = np.empty_like(self.array.take([0], axis=axis))
            self.plan.written[key] = self.plan.sum_over(self.array, axis, out, fn)
        return Term(self.plan, self.plan.written[key], f"Σ {self.text}" if fn is np.add else "max")

    def mean(self, axis: int) -> "Term":
        share: float = 1 / self.array.shape[axis]
        return self.over(axis) * share

    def __getitem__(self, at: Any) -> "Term":
        return Term(self.plan, self.array[at], self.text)

    def __add__(self, other: Any) -> "Term":
        return self.call(np.add, "{} + {}", self, other)

    def __radd__(self, other: Any) -> "Term":
        return self.call(np.add, "{} + {}", other, self)

    def __sub__(self, other: Any) -> "Term":
        return self.call(np.subtract, "{} − {}", self, other)

    def __rsub__(self, other: Any) -> "Term":
        return self.call(np.subtract, "{} − {}", other, self)

    def __mul__(self, other: Any) -> "Term":
        return self.call(np.multiply, "{}·{}", self, other)

    def __rmul__(self, other: Any) -> "Term":
        return self.call(np.multiply, "{}·{}", other, self)

    def __truediv__(self, other: Any) -> "Term":
        return self.call(np.divide, "{}/{}", self, other)

    def __neg__(self) -> "Term":
        return self.call(np.negative, "−{}", self)

    def __gt__(self, other: Any) -> "Term":
        return self.call(np.greater, "{} > {}", self, other)


def _read(arg: Any, inside: bool) -> str:
    if not isinstance(arg, Term):
        return "·" if isinstance(arg, np.ndarray) else f"{arg:.3g}"
    text = arg.text if len(arg.text) < LONG else "…"
    return f"({text})" if " " in text and not inside else text


def _one(fn: Callable[..., Any], text: str) -> Callable[[Term], Term]:
    return lambda t: t.call(fn, text, t)


exp, expm1, log, log1p = (
    _one(fn, text)
    for fn, text in (
        (np.exp, "e^{}"), (np.expm1, "e^{} − 1"), (np.log, "ln({})"), (np.log1p, "ln(1 + {})"),
    )
)  # fmt: skip
tanh, sqrt, sign = _one(np.tanh, "tanh({})"), _one(np.sqrt, "√{}"), _one(np.sign, "sign({})")
absolute, reciprocal = _one(np.abs, "|{}|"), _one(np.reciprocal, "1/{}")


def maximum(a: Term, b: Any) -> Term:
    return a.call(np.maximum, "max({}, {})", a, b)


def minimum(a: Term, b: Any) -> Term:
    return a.call(np.minimum, "min({}, {})", a, b)


def dot(W: Array, x: Term) -> Term:
    return x.call(np.dot, "W·{1}", W, x)

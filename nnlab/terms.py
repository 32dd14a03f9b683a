"""Arithmetic that writes itself down.

    h = Term(plan, array, "h"); dh * (1 - h * h)      three numpy calls in the plan

A term is an array of a plan together with how it is read aloud. What is computed already is
not computed twice: the same call on the same arrays gives the term that exists. So a slope may
repeat a part of the formula it belongs to and costs nothing more.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnlab.plan import Array, Plan, room, shaped_as

LONG = 28  # a text that is longer is cut where it becomes part of another one


class Term:
    """`into` says where the last call writes and gives it a name; without it a buffer is made."""

    __slots__ = ("array", "plan", "text")

    def __init__(self, plan: Plan, array: Array, text: str = "·") -> None:
        self.plan, self.array, self.text = plan, array, text
        plan.texts[id(array)] = text

    def call(self, fn: Callable[..., Any], text: str, *args: Any, out: Array | None = None) -> "Term":
        """`fn(*args)`; numbers among `args` become constants, {} in `text` their texts."""
        read = text.format(*(_read(arg, inside="(" in text or "|" in text) for arg in args))
        given = [arg.array if isinstance(arg, Term) else arg for arg in args]
        arrays = [a if isinstance(a, np.ndarray) else self.plan.const(a) for a in given]
        return self._once((fn, *given), read, lambda: self.plan.op(read, fn, *arrays, out=out))

    def over(self, axis: int, fn: np.ufunc = np.add) -> "Term":
        """Reduced along an axis that stays with length 1: the sum, or `np.maximum`."""
        read = f"Σ {self.text}" if fn is np.add else "max"
        out = np.empty_like(self.array.take([0], axis=axis))
        write = lambda: self.plan.op(read, fn.reduce, self.array, axis, out=out)  # noqa: E731  # as in call
        return self._once((fn.reduce, self.array, axis), read, write)

    def dot(self, other: "Term") -> "Term":
        """The matrix product, of the last two axes."""
        a, b, text = self.array, other.array, f"{_read(self, inside=False)}·{_read(other, inside=False)}"
        shape = *np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1]
        write = lambda: self.plan.op(text, np.matmul, a, b, out=room(shape, a.dtype))  # noqa: E731  # as in call
        return self._once((np.matmul, a, b), text, write)

    @property
    def T(self) -> "Term":  # noqa: N802  # the field's name
        """The last two axes exchanged."""
        return Term(self.plan, self.array.swapaxes(-1, -2), f"{self.text}ᵀ")

    def _once(self, key: tuple[Any, ...], text: str, write: Callable[[], Array]) -> "Term":
        """What this call on these arrays gives, written down where it is not yet."""
        plan, known = self.plan, tuple(id(part) if isinstance(part, np.ndarray) else part for part in key)
        if known not in plan.known:
            plan.known[known] = write()
            for part in key:
                plan.readers.setdefault(id(part), []).append(known)
        return Term(plan, plan.known[known], text)

    def into(self, out: Any, name: str = "", formula: str = "", **how: Any) -> "Term":
        """Let the call that made this term write to `out` and give it a name; a copy where it
        cannot."""
        plan, out = self.plan, out.array if isinstance(out, Term) else out
        if plan.movable(self.array):
            plan.move(out)
        else:
            plan.copy(self.array, out, self.text)
        made = plan.ops[-1].told(name, formula, **how)
        for key in plan.readers.pop(id(made.out), ()):
            plan.known.pop(key, None)  # computed from what stood there before
        return Term(plan, made.out, name or self.text)

    def told(self, name: str, formula: str, **how: Any) -> "Term":
        """The same numbers where they are, with a name and words for the trace."""
        if self.plan.ops[-1].out is not self.array:  # somebody else's
            return self.into(np.empty_like(self.array), name, formula, **how)
        self.plan.ops[-1].told(name, formula, **how)
        return Term(self.plan, self.array, name or self.text)

    def sloped(self, *slopes: tuple["Term", Callable[["Term", "Term"], "Term"]]) -> "Term":
        """State how the slope goes back from this term y, the last one written: for each x, what
        reaches it of d = ∂L/∂y, from (d, y). What was computed in between is passed over."""
        self.plan.ops[-1].told(slopes=tuple((x.array, back) for x, back in slopes))
        return self

    def mean(self, axis: int) -> "Term":
        return self.over(axis) * float(1 / self.array.shape[axis])

    def __getitem__(self, at: Any) -> "Term":
        return Term(self.plan, self.array[at], self.text)

    def shaped(self, *shape: int) -> "Term":
        """(…, numbers, batch) as (…, *shape, batch), a view."""
        return Term(self.plan, shaped_as(self.array, *shape), self.text)

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

    def __ge__(self, other: Any) -> "Term":
        return self.call(np.greater_equal, "{} ≥ {}", self, other)

    def __le__(self, other: Any) -> "Term":
        return self.call(np.less_equal, "{} ≤ {}", self, other)


def _read(arg: Any, inside: bool) -> str:
    if not isinstance(arg, Term):
        return "·" if isinstance(arg, np.ndarray) else f"{arg:.3g}"
    text = arg.text if len(arg.text) < LONG else "…"
    return f"({text})" if " " in text and not inside else text


def alone(what: Callable[..., Term], *values: Any) -> Array:
    """What an expression gives for arrays of their own, outside any net."""
    plan = Plan(1)
    found = what(*(Term(plan, np.array(value, dtype=float)) for value in values))
    plan.run()
    return found.array


def _one(fn: np.ufunc, text: str) -> Callable[[Term], Term]:
    return lambda t: t.call(fn, text, t)


exp, expm1 = _one(np.exp, "e^{}"), _one(np.expm1, "e^{} − 1")
log, log1p = _one(np.log, "ln({})"), _one(np.log1p, "ln(1 + {})")
tanh, sqrt, sign = _one(np.tanh, "tanh({})"), _one(np.sqrt, "√{}"), _one(np.sign, "sign({})")
absolute, square, reciprocal = _one(np.abs, "|{}|"), _one(np.square, "{}²"), _one(np.reciprocal, "1/{}")


def maximum(a: Term, b: Any) -> Term:
    return a.call(np.maximum, "max({}, {})", a, b)


def minimum(a: Term, b: Any) -> Term:
    return a.call(np.minimum, "min({}, {})", a, b)

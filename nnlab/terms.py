"""Arithmetic that writes itself down.

    h = Term(plan, array, "h"); dh * (1 - h * h)      three numpy calls in the plan

A term is an array of a plan together with how it is read aloud. What is computed already is
not computed twice: the same call on the same arrays gives the term that exists. So a slope may
repeat a part of the formula it belongs to and costs nothing more.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from nnlab.errors import LabError, short
from nnlab.numbers import Reader, along, each, leaf, located, product, put_in, shown
from nnlab.plan import Array, Op, Plan, shaped_as

LONG = 28  # a text that is longer is cut where it becomes part of another one


class Term:
    """An array and how it is read aloud; `reading`, in a trace, says it with a sample's numbers."""

    __slots__ = ("array", "plan", "reading", "text")

    def __init__(self, plan: Plan, array: Array, text: str = "·", reading: Reader | None = None) -> None:
        self.plan, self.array, self.text, self.reading = plan, array, text, reading
        plan.texts[id(array)] = text

    def call(self, fn: Callable[..., Any], text: str, *args: Any, out: Array | None = None) -> "Term":
        """`fn(*args)`; numbers among `args` become constants, {} in `text` their texts."""
        read = _named(text, *map(_name, args))
        given = [arg.array if isinstance(arg, Term) else arg for arg in args]
        arrays = [a if isinstance(a, np.ndarray) else self._const(a) for a in given]
        made = self.once((fn, *given), read, lambda: self.plan.op(read, fn, *arrays, out=out))
        if self.plan.taught:
            made.reading = each(text, [(a, _reader(arg)) for a, arg in zip(given, args, strict=True)])
        return made

    def _const(self, value: float) -> Array:
        made = self.plan.const(value)
        self.plan.texts[id(made)] = _name(value)
        return made

    def over(self, axis: int, fn: np.ufunc = np.add) -> "Term":
        """Reduced along an axis that stays with length 1: the sum, or `np.maximum`."""
        read = f"Σ {self.text}" if fn is np.add else "max"
        out = np.empty_like(self.array.take([0], axis=axis))
        write = lambda: self.plan.op(read, fn.reduce, self.array, axis, out=out)  # noqa: E731  # as in call
        made = self.once((fn.reduce, self.array, axis), read, write)
        if self.plan.taught:
            made.reading = along(axis, "" if fn is np.add else "max({})", self.array, _reader(self))
        return made

    def dot(self, other: "Term") -> "Term":
        """The matrix product, of the last two axes."""
        a, b, text = self.array, other.array, _named("{}·{}", _name(self), _name(other))
        shape = *np.broadcast_shapes(a.shape[:-2], b.shape[:-2]), a.shape[-2], b.shape[-1]
        write = lambda: self.plan.op(text, np.matmul, a, b, out=self.plan.scratch(shape))  # noqa: E731  # as in call
        made = self.once((np.matmul, a, b), text, write)
        if self.plan.taught:
            made.reading = product(a, b)
        return made

    @property
    def T(self) -> "Term":  # noqa: N802  # the field's name
        """The last two axes exchanged."""
        return Term(self.plan, self.array.swapaxes(-1, -2), f"{self.text}ᵀ")

    def once(self, key: tuple[Any, ...], text: str, write: Callable[[], Array]) -> "Term":
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
        self._write_in(made, how)
        for key in plan.readers.pop(id(made.out), ()):
            plan.known.pop(key, None)  # computed from what stood there before
        return Term(plan, made.out, name or self.text, None if name else self.reading)

    def told(self, name: str, formula: str, **how: Any) -> "Term":
        """The same numbers where they are, with a name and words for the trace."""
        if self.plan.ops[-1].out is not self.array:  # somebody else's
            return self.into(np.empty_like(self.array), name, formula, **how)
        self._write_in(self.plan.ops[-1].told(name, formula, **how), how)
        return Term(self.plan, self.array, name or self.text, None if name else self.reading)

    def _write_in(self, op: Op, how: Mapping[str, Any]) -> None:
        """With numbers, where the op is a row and nobody said how."""
        if op.name and self.reading and "write" not in how:
            op.write = shown(self.reading, located(op.out, op.seen))

    def sloped(self, *slopes: tuple["Term", Callable[["Term", "Term"], "Term"]]) -> "Term":
        """State how the slope goes back from this term y, the last one written: for each x, what
        reaches it of d = ∂L/∂y, from (d, y). What was computed in between is passed over."""
        self.plan.ops[-1].told(slopes=tuple((x.array, back) for x, back in slopes))
        return self

    def mean(self, axis: int) -> "Term":
        n = self.array.shape[axis]
        return self.call(np.multiply, f"{{0}}/{n}", self.over(axis), float(1 / n))

    def __getitem__(self, at: Any) -> "Term":
        return Term(self.plan, self.array[at], self.text)

    def viewed(self, view: Array) -> "Term":
        """The same numbers in another form: a view of the same memory."""
        read = self.reading and shown(self.reading, located(self.array, view))
        return Term(self.plan, view, self.text, read and (lambda at: read(at[:-1], at[-1])))

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

    def __rtruediv__(self, other: Any) -> "Term":
        return self.call(np.divide, "{}/{}", other, self)

    def __pow__(self, other: float) -> "Term":
        return self.call(np.power, "{}^{}", self, float(other))

    def __neg__(self) -> "Term":
        return self.call(np.negative, "−{}", self)

    def __lt__(self, other: Any) -> "Term":
        return self.call(np.less, "{} < {}", self, other)

    def __gt__(self, other: Any) -> "Term":
        return self.call(np.greater, "{} > {}", self, other)

    def __ge__(self, other: Any) -> "Term":
        return self.call(np.greater_equal, "{} ≥ {}", self, other)

    def __le__(self, other: Any) -> "Term":
        return self.call(np.less_equal, "{} ≤ {}", self, other)


_named = lru_cache(4096)(put_in)  # plans of one net repeat each other's words


def _name(arg: Any) -> str:
    if not isinstance(arg, Term):
        return "·" if isinstance(arg, np.ndarray) else f"{arg:.3g}".replace("-", "−")
    return arg.text if len(arg.text) < LONG else "…"


def _reader(arg: Any) -> Reader:
    if isinstance(arg, Term):
        return arg.reading or leaf(arg.array)
    return leaf(arg)


def computed(owner: str, value: Any) -> Term:
    """What an own part gives, where it is what it should be."""
    if not isinstance(value, Term):
        wants = "what the signs and functions of nnlab.terms make of it"
        raise LabError(f"{owner} computes {short(value)}; it wants {wants}")
    return value


def alone(what: Callable[..., Term], *values: Any) -> Array:
    """What an expression gives for arrays of their own, outside any net."""
    plan = Plan(1)
    found = what(*(Term(plan, np.array(value, dtype=float)) for value in values))
    plan.run()
    return found.array


def _one(fn: np.ufunc, text: str) -> Callable[[Term], Term]:
    return lambda t: t.call(fn, text, t)


sin, cos = _one(np.sin, "sin({})"), _one(np.cos, "cos({})")
exp, expm1 = _one(np.exp, "e^{}"), _one(np.expm1, "e^{} − 1")
log, log1p = _one(np.log, "ln({})"), _one(np.log1p, "ln(1 + {})")
tanh, sqrt, sign = _one(np.tanh, "tanh({})"), _one(np.sqrt, "√{}"), _one(np.sign, "sign({})")
absolute, square, reciprocal = _one(np.abs, "|{}|"), _one(np.square, "{}²"), _one(np.reciprocal, "1/{}")


def maximum(a: Term, b: Any) -> Term:
    return a.call(np.maximum, "max({}, {})", a, b)


def minimum(a: Term, b: Any) -> Term:
    return a.call(np.minimum, "min({}, {})", a, b)

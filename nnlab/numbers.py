"""A formula with this sample's numbers in it, as a person writes it on paper.

z1[1] = 0.5·1 + (−0.2)·2 + 0 = 0.1

A *form* is a formula with {fields}; what is put in gets brackets where the form needs them. A
*reader* says what one number of an array was computed from, down to numbers that have a name.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from string import Formatter
from typing import Any

import numpy as np

from nnlab.errors import LabError
from nnlab.plan import Array, Writer, address

Index = tuple[int, ...]  # of one number of an array
Reader = Callable[[Index], str]
SUM, PRODUCT, ATOM = range(3)  # how tightly a text holds together


def number(value: Any, digits: int = 6) -> str:
    """Up to `digits` significant digits, a true minus sign, and never −0."""
    text = f"{float(value):.{digits}g}"
    text = text.replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("inf", "∞")
    return "0" if text == "-0" else text.replace("-", "−")


def signed(value: Any) -> str:
    """As a factor or a later term: negatives in brackets."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text


# --- forms -------------------------------------------------------------------------------
def put_in(form: str, *parts: str, **named: str) -> str:
    """`put_in("{}·{}", "1 + x", "−2")` is "(1 + x)·(−2)"."""
    wanted, put = _fields(form), {**{str(i): part for i, part in enumerate(parts)}, **named}
    texts = [before + (_in_brackets(put[name], *how) if name else "") for before, name, how in wanted]
    return "".join(texts)


def fields(form: str, known: Sequence[str], whose: str) -> None:
    """Refuse a form with fields that nobody fills."""
    for _, name, _ in _fields(form):
        if name and name not in known:
            wants = " and ".join(f"{{{one}}}" for one in known)
            raise LabError(f'{whose} got the formula "{form}" with {{{name}}}; it wants {wants}')


@cache
def _fields(form: str) -> list[tuple[str, str, tuple[int, bool]]]:
    """(text before, name, (how tightly what is put in must hold, whether a minus may lead))."""
    found, pieces = [], list(Formatter().parse(form))
    for i, (before, name, _, _) in enumerate(pieces):
        after = pieces[i + 1][0] if i + 1 < len(pieces) else ""
        key = "" if name is None else name or str(i)
        found.append((before, key, _need(before, after, i == 0)))
    return found


def _need(before: str, after: str, first: bool) -> tuple[int, bool]:
    leads = before.endswith(("(", ", ", "|")) or (first and not before)
    raised, rooted = after.startswith(("²", "³", "^")), before.endswith(("^", "√", "/"))
    if raised or rooted or re.search(r"\w $", before):
        return ATOM, False
    if before.endswith(("·", "−", "− ")) or after.startswith(("·", "/")):
        return PRODUCT, leads
    return SUM, leads


def _in_brackets(text: str, wants: int, may_lead: bool) -> str:
    loose = holds(text) < wants or (text.startswith("−") and not may_lead)
    return f"({text})" if loose else text


def holds(text: str) -> int:
    """A sum, a product, or one thing, by what stands outside brackets."""
    if not set(" ·/") & set(text):
        return PRODUCT if text.startswith("−") else ATOM
    depth, outside = 0, []
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        outside.append(sign if depth == 0 and sign != ")" else "")
    open_ = "".join(outside)
    return SUM if " " in open_ else PRODUCT if set("·/") & set(open_) or open_.startswith("−") else ATOM


# --- readers -----------------------------------------------------------------------------
def leaf(value: Any) -> Reader:
    """A number that is only looked up."""
    return lambda at: number(value[_within(value, at)] if hasattr(value, "ndim") else value)


def each(form: str, parts: Sequence[tuple[Any, Reader]]) -> Reader:
    """Number by number; an axis of length 1 serves all."""
    return lambda at: put_in(form, *[read(_within(array, at)) for array, read in parts])


def product(a: Array, b: Array) -> Reader:
    """Σ a·b of a row and a column."""

    def read(at: Index) -> str:
        *lead, i, j = at
        row = a[_within(a[..., 0, 0], tuple(lead))][i]
        return _sum(list(zip(row, b[_within(b[..., 0, 0], tuple(lead))][:, j], strict=True)))

    return read


def along(axis: int, form: str, array: Array, read: Reader) -> Reader:
    """All along an axis (counted from the end): their sum, or a form like "max({})"."""

    def found(at: Index) -> str:
        place = len(at) + axis
        texts = [read((*at[:place], i, *at[place + 1 :])) for i in range(array.shape[axis])]
        return form.format(", ".join(texts)) if form else added(texts)

    return found


def listed(form: str, arrays: Sequence[Array]) -> Reader:
    """The same place in several arrays, as {list} or as {sum}."""

    def read(at: Index) -> str:
        texts = [number(array[at]) for array in arrays]
        return form.format(list=", ".join(texts), sum=added(texts))

    return read


def added(texts: Sequence[str]) -> str:
    """a + b + (−c)"""
    later = [_in_brackets(text, SUM, False) for text in texts[1:]]
    return " + ".join([texts[0], *later])


def _within(array: Any, at: Index) -> Index:
    """The same place in an array that lacks leading axes, or has length 1 along some."""
    shape = getattr(array, "shape", ())
    return tuple(i if n > 1 else 0 for i, n in zip(at[len(at) - len(shape) :], shape, strict=True))


def shown(read: Reader, at: Callable[[Index, int], Index] = lambda unit, sample: (*unit, sample)) -> Writer:
    """The writer of a row; `at` says where the array has a unit of a sample."""
    return lambda unit, sample: read(at(unit, sample))


def located(array: Array, seen: Array) -> Callable[[Index, int], Index]:
    """Where the array has what a reader sees as a unit of a sample; `seen` is a view of it."""

    def at(unit: Index, sample: int) -> Index:
        steps = zip((*unit, sample), seen.strides, strict=True)
        rest, found = address(seen) - address(array) + sum(i * s for i, s in steps), [0] * array.ndim
        for axis in sorted(range(array.ndim), key=lambda axis: -array.strides[axis]):
            if array.shape[axis] > 1:
                found[axis], rest = divmod(rest, array.strides[axis])
        return tuple(found)

    return at


def _sum(pairs: Sequence[tuple[Any, Any]]) -> str:
    return " + ".join(f"{number(a) if i == 0 else signed(a)}·{signed(b)}" for i, (a, b) in enumerate(pairs))


def weighted_sum(Wb: Array, x: Array) -> Reader:
    """w·x + b of one unit; below x stands a row of ones."""

    def read(at: Index) -> str:
        w, column = Wb[at[-2]], x[at[:-2]][:-1, at[-1]]
        return f"{_sum(list(zip(w[:-1], column, strict=True)))} + {signed(w[-1])}"

    return read


# --- rows of the trace -------------------------------------------------------------------
def dense_back(W: Array, dz: Array) -> Reader:
    """Σ over the units that listened: weight · what came back."""
    return lambda at: _sum(list(zip(W[:, at[0]], dz[:, at[1]], strict=True)))


def weight_of(dz: Array, x: Array) -> Writer:
    """δ·h summed over the samples; a bias has 1 for h."""

    def write(unit: tuple[int, ...], _sample: int) -> str:
        row = dz[unit[0]]
        if len(unit) == 1:
            return added([number(d) for d in row])
        return _sum(list(zip(row, x[unit[1]], strict=True)))

    return write


def filled(form: str, yhat: Array, y: Array, n: int = 1) -> Writer | None:
    """A loss's formula for one output of one sample; None where it speaks of sums or of d."""
    if "{ŷ}" not in form or "Σ" in form or "δ" in form:
        return None

    def write(unit: Index, sample: int) -> str:
        at = (*unit, sample)
        return put_in(form, **{"ŷ": number(yhat[at]), "y": number(y[at]), "n": str(n)})

    return write


def averaged(form: str, yhat: Array, y: Array) -> Writer | None:
    """The same summed over the batch and divided by how many there are."""
    one = filled(form, yhat, y)
    if one is None:
        return None

    def write(_unit: Index, _sample: int) -> str:
        return _mean([one(at[1:], at[0]) for at in np.ndindex(y.shape[-1], *y.shape[:-1])])

    return write


def surprise(yhat: Array, y: Array, w: Array) -> Writer:
    """−ln of the share that the right class got, (…, classes, batch); only where every label is
    one class and all count the same."""

    def write(_unit: Index, _sample: int) -> str:
        sure = y.max(axis=-2) == 1
        if not sure.all() or np.ptp(w) > 0:
            return ""
        right = np.take_along_axis(yhat, y.argmax(axis=-2, keepdims=True), axis=-2)
        return _mean([f"−ln {number(share)}" for share in np.moveaxis(right, -1, 0).ravel()])

    return write


def _mean(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({added(texts)})/{len(texts)}"


def shares_of(z: Array) -> Reader:
    """e^z of one among e^z of all, along the last axis but one."""

    def read(at: Index) -> str:
        powers = [put_in("e^{}", number(v)) for v in z[at[:-2]][:, at[-1]]]
        return f"{powers[at[-2]]}/({' + '.join(powers)})"

    return read


def shares_back(h: Array, dh: Array) -> Reader:
    """h·(dh − Σ dh·h): a share grows at the cost of the others."""

    def read(at: Index) -> str:
        all_h, all_dh = h[at[:-2]][:, at[-1]], dh[at[:-2]][:, at[-1]]
        sums = _sum(list(zip(all_dh, all_h, strict=True)))
        return f"{number(all_h[at[-2]])}·({number(all_dh[at[-2]])} − ({sums}))"

    return read


def times_slope(d: Array, made: Array) -> Writer:
    """What arrived times the own slope, where only the product is known to its last digit."""

    def read(at: Index) -> str:
        return f"{number(d[at])}·{signed(made[at] / d[at])}" if d[at] else ""

    return shown(read)

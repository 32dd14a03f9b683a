"""The transcript of one pass: every named value, its formula, and the formula with numbers.

    trace = net.trace([1, 2], 1)
    trace["z1[1]"]          0.1, unit 1 of the first layer (units count from 1, as in lessons)
    trace["dW1[2,1]"]       ∂L/∂W of the edge from input 1 to unit 2
    trace["h1"]             all units: (3,) for one sample, (n, 3) for a batch
    trace["z1[2,1]"]        of a sequence: unit 1 at the second place; (places, units) as a whole

`given={"h1[2]": 1.5}` puts a number (or a whole layer) in place of what was computed.
`swap={"z1": fn}` puts `fn(*inputs)` there, feature-major: z gets (W with b as last column, the
inputs with a row of ones below), h gets (z,), L (the losses, their weights), dyhat (ŷ, y,
weights), dz (∂L/∂h, z, h), dW (∂L/∂z, the layer's inputs with the row of ones, transposed),
dh (Wᵀ with b as last row, ∂L/∂z). `swap={"z1[2]": fn}` is one unit of one sample in plain floats: z gets
(w, b, x) with two lists, every other name its inputs for that unit. Everything later follows.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from inspect import signature
from numbers import Real
from typing import Any, Self

import numpy as np

from nnlab.errors import LabError, ShapeError, UnknownName, named, numbers_in, one_of, short
from nnlab.numbers import number
from nnlab.params import Params
from nnlab.passes import Pass
from nnlab.plan import Act, Array, Op, Writer

_ADDRESS = re.compile(r"(?P<name>[^\[\]]+?)(?:\[(?P<units>\d{1,18}(?:,\d{1,18})*)\])?")


class _Written:
    """What never changes is its own copy; and it reads its net's plan, which no pickle holds."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        wants = "keep its table(), or the net and the rows it was asked for"
        raise LabError(f"a trace goes into no pickle; {wants}")


@dataclass(frozen=True, slots=True, eq=False)
class Row(_Written):
    """One named value. `value` is feature-major inside a batch: (units,) for one sample."""

    phase: str  # forward, loss, backward
    name: str
    formula: str
    shape: tuple[int, ...]
    value: Any
    _write: Writer | None
    _samples: bool  # the first axis of `value` counts samples

    @property
    def written(self) -> str:
        """The formula with its numbers, of the first sample and unit."""
        return self.unit_written()

    def unit_written(self, unit: tuple[int, ...] | None = None, sample: int = 0) -> str:
        """`z1[1] = 0.5·1 + (−0.2)·2 + 0 = 0.1`; units count from 0 here."""
        value = np.asarray(self.value)
        if unit is None:
            unit = (0,) * (value.ndim - self._samples)
        try:
            found = float(value[sample][unit] if self._samples else value[unit])
        except (IndexError, TypeError):
            what = f"{self.name} has no unit {unit} of sample {sample}"
            raise LabError(f"{what}; its shape is {self.shape}") from None
        middle, end = self._write(unit, sample) if self._write else "", number(found)
        return f"{self.name}{label(unit)} = {f'{middle} = ' if middle not in ('', end) else ''}{end}"


def label(unit: tuple[int, ...]) -> str:
    return f"[{','.join(str(u + 1) for u in unit)}]" if unit else ""


class Trace(_Written):
    """Rows in the order they were computed; `trace[name]` looks a value up."""

    def __init__(
        self,
        X: Array,
        y: Any,
        given: Mapping[str, Any] | None,
        swap: Mapping[str, Callable[..., Any]] | None,
        params: Params,
        done: Pass,
    ) -> None:
        self.X, self.y, self.n = X, y, len(X)
        self._turn = object()  # not itself: what its own plan refers to waits for the collector
        self._plan, self._params, self._done = done.plan, params, done
        self._loaded, self._theta = (done.rows.copy(), done.wanted.copy()), params.theta.copy()
        self._shown = done.plan.shown()
        self._index = {op.name: i for i, op in enumerate(self._shown)}
        self._given, self._swap = _by_name(given, _give), _by_name(swap, _swap)
        for name in (*self._given, *self._swap):
            named("value", name, self._index)
        self._values = self._run()

    def _run(self) -> list[Array]:
        self._plan.owner = self._turn
        with np.errstate(all="ignore"):
            return self._plan.record(self._given, self._swap)

    def _writer(self, inner: Writer | None) -> Writer | None:
        """Text is made when it is asked for. By then the plan may have run for others and θ
        may have moved, so the pass is replayed with this trace's own numbers."""
        if inner is None:
            return None

        def write(unit: tuple[int, ...], sample: int) -> str:
            with self._params.alone:
                now = self._params.theta.copy()
                try:
                    self._params.theta[...] = self._theta
                    if self._plan.owner is not self._turn:
                        self._done.rows[...], self._done.wanted[...] = self._loaded
                        self._run()
                    return inner(unit, sample)
                finally:
                    self._params.theta[...] = now

        return write

    def _shape(self, i: int) -> Any:
        """The i-th value as a reader wants it: (units…) or (n, units…), (out, in) for weights."""
        value = self._values[i] + 0.0  # −0 becomes a plain 0
        if value.ndim == 0:
            return float(value)
        if not self._shown[i].sampled:
            return value
        return value[..., 0] if self.n == 1 else np.moveaxis(value, -1, 0)

    @property
    def rows(self) -> list[Row]:
        rows = []
        for i, op in enumerate(self._shown):
            value, samples = self._shape(i), op.sampled and self.n > 1
            write = self._writer(op.write)
            rows.append(Row(op.phase, op.name, op.formula, np.shape(value), value, write, samples))
        return rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, address: str) -> bool:
        try:
            self[address]
        except (LabError, IndexError):
            return False
        return True

    def __getitem__(self, address: str) -> Any:
        name, unit = _parse(address)
        value = self._look_up(name)
        if unit is None:
            return value
        try:
            at: Any = (..., *unit)
            found = np.asarray(value)[at]
        except IndexError:
            raise UnknownName("value", address, [name]) from None
        return float(found) if found.ndim == 0 else found

    def _look_up(self, name: str) -> Any:
        if name in self._index:
            return self._shape(self._index[name])
        if name in ("x", "X"):
            return self.X[0] if self.n == 1 else self.X
        if name == "y" and self.y is not None:
            return self.y
        if name == "yhat":
            return self._look_up(self._done.out.name)
        biased = {block.name: block.bias for block in self._params.blocks}
        if name[0] == "b" and biased.get(f"W{name[1:]}"):
            return self._params.within(self._theta, f"W{name[1:]}")[..., -1]
        if name in biased or re.fullmatch(r"W\d+", name):
            block = self._params.within(self._theta, name)
            return block[..., :-1] if biased[name] else block
        raise UnknownName("value", name, self._index)

    def table(self, sample: int = 0) -> list[tuple[str, str, str, float]]:
        """The spreadsheet of one sample: (phase, name, formula with numbers, value), one line
        a unit."""
        one_of("sample", sample, self.n, "samples")
        lines = []
        for row in self:
            value = np.asarray(row.value)
            value = value[sample] if row._samples else value
            for unit in np.ndindex(value.shape):
                text = row.unit_written(unit, sample)
                lines.append((row.phase, row.name + label(unit), text, float(value[unit])))
        return lines

    def __str__(self) -> str:
        return "\n".join(f"{phase:9} {text}" for phase, _, text, _ in self.table())


def _parse(address: Any) -> tuple[str, tuple[int, ...] | None]:
    if not isinstance(address, str):
        raise LabError(f"{short(address)} is no address; it wants a name like h1, h1[2] or W1[1,2]")
    return _parsed(address)


@cache
def _parsed(address: str) -> tuple[str, tuple[int, ...] | None]:
    match = _ADDRESS.fullmatch(address.replace(" ", ""))
    if match is None:
        raise LabError(f'"{address}" is no address; it wants a name like h1, h1[2] or W1[1,2]')
    if match["units"] is None:
        return match["name"], None
    units = tuple(int(u) - 1 for u in match["units"].split(","))
    if min(units) < 0:
        raise LabError(f'"{address}": units count from 1')
    return match["name"], units


def _by_name(wanted: Any, act: Callable[..., None]) -> dict[str, list[Act]]:
    """What is to be done to each name, once it is computed."""
    found: dict[str, list[Act]] = {}
    if wanted is None:
        return found
    if not isinstance(wanted, Mapping):
        wants = 'names and what goes there, as {"h1[2]": 1.5}'
        raise LabError(f"a trace got {short(wanted)}; it wants {wants}")
    for address, value in wanted.items():
        name, unit = _parse(address)
        found.setdefault(name, []).append(partial(act, address=address, unit=unit, value=value))
    return found


def _missing(op: Op, address: str) -> LabError:
    shape = op.seen.shape[:-1] if op.sampled else op.seen.shape
    return LabError(f'"{address}": {op.name} has {" × ".join(map(str, shape))} numbers, counted from 1')


def _give(op: Op, address: str, unit: tuple[int, ...] | None, value: Any) -> None:
    numbers = numbers_in(value, op.seen.dtype)
    if numbers is None or not np.isfinite(numbers).all():
        raise LabError(f"{address} got {short(value)}; it wants numbers")
    at: Any = (*(unit or ()), ...)  # a view, even of one number
    try:
        array = op.seen[at]
    except IndexError:
        raise _missing(op, address) from None
    several = op.sampled and numbers.ndim == array.ndim > 0
    try:
        array[...] = np.moveaxis(numbers, 0, -1) if several else numbers.reshape(array.shape)
    except ValueError:
        got, wants = numbers.shape, _as_told(op, array.shape)
        raise ShapeError(f"{address} got values of shape {got}; it wants {wants}", got, wants) from None


def _as_told(op: Op, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a value as a reader has it: the samples first, one alone without them."""
    if not op.sampled:
        return shape
    *units, n = shape
    return (n, *units) if n > 1 else tuple(units)


def _swap(op: Op, address: str, unit: tuple[int, ...] | None, value: Callable[..., Any]) -> None:
    if not callable(value):
        raise LabError(f"{address} is swapped for {short(value)}; it wants a function")
    if unit is None:
        _refuse_other_arguments(value, len(op.inputs), address)
        made = value(*op.inputs)
        numbers, wants = numbers_in(made), op.out.shape
        if made is None or numbers is None:
            gives = f"what {address} is swapped for gives {short(made)}"
            raise LabError(f"{gives}; it wants numbers of shape {wants}")
        try:
            op.out[...] = numbers
        except ValueError:
            got = numbers.shape
            raise ShapeError(f"{address} got values of shape {got}; it wants {wants}", got, wants) from None
        return
    if not op.sampled or op.seen.ndim != 2:
        name = address.partition("[")[0]
        raise LabError(f"{address} is no unit of a row; swap {name} as a whole")
    if unit[0] >= op.seen.shape[0]:
        raise _missing(op, address)
    _refuse_other_arguments(value, 3 if address[0] == "z" else len(op.inputs), address)
    for sample in range(op.out.shape[-1]):
        if address[0] == "z":
            Wb, x = op.inputs
            *w, b = Wb[unit[0]].tolist()
            plain = [w, b, x[:-1, sample].tolist()]
        else:
            plain = [float(np.atleast_2d(a)[unit[0], sample]) for a in op.inputs]
        made = value(*plain)
        if not isinstance(made, Real):
            raise LabError(f"what {address} is swapped for gives {short(made)}; it wants a number")
        op.out[unit[0], sample] = made


def _refuse_other_arguments(function: Callable[..., Any], n: int, address: str) -> None:
    try:
        signature(function).bind(*range(n))
    except TypeError:
        given = f"{n} argument{'s'[: n - 1]}"
        raise LabError(f"what {address} is swapped for is given {given}; it takes others") from None
    except ValueError:
        pass  # one of C that says nothing about itself

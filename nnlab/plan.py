"""A plan: named numpy calls over buffers that are allocated once.

    plan = Plan(batch=1)
    x = plan.rows(2, "x")
    plan.op("z1", "z = W·x + b", plan.dot, W, x.with_one, out=plan.rows(3, "z1"))
    plan.run()

Training runs the list, a trace records it, `describe` prints it, a check nudges it, and a
misconception swaps one entry. Nothing else in the engine knows how a call is made.

Inside a plan arrays are feature-major: (features, batch), or (members, features, batch) when
a fleet of nets is stacked in one plan.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Array = NDArray[np.floating[Any]]
Act = Callable[..., None]  # on an op (a swap) or on its array (a given number)
Call = tuple[Callable[..., Any], tuple[Any, ...]]
Writer = Callable[[tuple[int, ...], int], str]  # (unit, sample) → right-hand side with numbers

# out= by keyword for these two: positional is deprecated for them since NumPy 2.4.
_KEYWORD_OUT = (np.maximum, np.minimum)


@dataclass(slots=True, eq=False)
class Rows:
    """Values of one layer for a whole batch, with the row of ones that carries the bias."""

    name: str
    with_one: Array  # (n + 1, batch), the last row is all ones
    value: Array  # (n, batch), a view of the rows above it
    shape: tuple[int, ...] = ()  # of one sample, e.g. (channels, height, width)

    @property
    def n(self) -> int:
        return int(self.value.shape[-2])


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One named array of the plan as a reader sees it."""

    name: str
    formula: str
    array: Array
    write: Writer | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """One call. `inputs` is what a swapped function is given; scratch calls have no name, and
    a row that only renames has no call."""

    name: str
    formula: str
    fn: Callable[..., Any]
    args: tuple[Any, ...]
    out: Array
    phase: str
    inputs: tuple[Any, ...]
    shows: tuple[Shown, ...]
    call: Call | None


def room(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """An empty array; a small one starts a cache line, where vector instructions are up to a
    fifth faster."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size > 1 << 16:
        return np.empty(shape, dtype)
    raw = np.empty(size + 64, dtype=np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + size].view(dtype).reshape(shape)


def _array(value: Any) -> Any:
    return value.value if isinstance(value, Rows) else value


@dataclass(eq=False)
class Plan:
    """An append-only list of ops for one batch size.

    `taught` writes the loss as a lesson does (squash, loss and their slopes apart) instead of
    fused; the numbers agree, the steps can be read.
    """

    batch: int
    members: tuple[int, ...] = ()  # () for one net, (n,) for a fleet
    dtype: DTypeLike = np.float64
    training: bool = True
    taught: bool = False
    rng: np.random.Generator | None = None
    phase: str = "forward"
    ops: list[Op] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    owner: object = None  # whose numbers the buffers hold now, if anyone cares
    written: dict[Any, Array] = field(default_factory=dict)  # what terms have computed already
    _kept: dict[tuple[int, str], Any] = field(default_factory=dict)
    _names: dict[str, int] = field(default_factory=dict)
    _seen: list[Array] = field(default_factory=list)

    # --- buffers -------------------------------------------------------------------------
    def buffer(self, *shape: int, fill: float = 0.0) -> Array:
        """An array of the plan; a fleet's members come first."""
        array = room((*self.members, *shape), self.dtype)
        array.fill(fill)
        return array

    def rows(self, n: int, name: str = "", shape: tuple[int, ...] = ()) -> Rows:
        full = self.buffer(n + 1, self.batch, fill=1.0)
        return Rows(name, full, full[..., :-1, :], shape or (n,))

    def const(self, value: float) -> Array:
        """A 0-d array: numpy spends a third less on it than on a Python float."""
        return np.array(value, dtype=self.dtype)

    def unique(self, name: str) -> str:
        """`name`, or `name′`, `name″` … where a plan writes it again."""
        self._names[name] = count = self._names.get(name, 0) + 1
        return name + "′" * (count - 1)

    def keep(self, owner: object, **values: Any) -> None:
        """What a layer's forward pass leaves for its backward pass."""
        self._kept.update({(id(owner), key): value for key, value in values.items()})

    def kept(self, owner: object, key: str) -> Any:
        return self._kept[id(owner), key]

    # --- writing -------------------------------------------------------------------------
    @property
    def dot(self) -> Callable[..., Any]:
        """Matrix product: np.dot costs half of matmul, which only a fleet needs."""
        return np.matmul if self.members else np.dot

    def op(
        self,
        name: str,
        formula: str,
        fn: Callable[..., Any],
        *args: Any,
        out: Any = None,
        inputs: Sequence[Any] | None = None,
        write: Writer | None = None,
        shows: tuple[Shown, ...] = (),
        seen: Any = None,
    ) -> Any:
        """Write `fn(*args, out)` down and return `out`, by default a new buffer of theirs.

        A name makes the call a row of the trace; calls without one are scratch. `inputs`
        are the logical arguments where `args` are only the last step of several calls.
        """
        plain = tuple(_array(arg) for arg in args)
        if out is None:
            shapes = [a.shape for a in plain]
            dotted = fn is np.dot and (shapes[0][0], shapes[1][1])
            out = room(dotted or np.broadcast_shapes(*shapes), self.dtype)
        target = _array(out)
        if fn is np.dot and not target.flags.c_contiguous:
            fn = np.matmul  # np.dot writes to contiguous memory only
        if name and not shows:
            # `seen`: (features, batch), where the call itself writes to another shape
            shows = (Shown(name, formula, target if seen is None else _array(seen), write),)
        logical = plain if inputs is None else tuple(_array(i) for i in inputs)
        positional: Call = fn, (*plain, target)
        call = (partial(fn, out=target), plain) if fn in _KEYWORD_OUT else positional
        self._add(Op(name, formula, fn, plain, target, self.phase, logical, shows, call))
        return out

    def _add(self, op: Op) -> None:
        self.ops.append(op)
        if op.call:
            self.calls.append(op.call)

    def taken_back(self, made: Array) -> Call | None:
        """The last call, if it made this buffer for a term and could write elsewhere as well."""
        key = next(reversed(self.written), None)
        if key is None or not self.ops[-1].out is made is self.written[key]:
            return None
        last = self.ops[-1]
        if not isinstance(last.fn, np.ufunc) and last.fn is not np.dot:
            return None
        self.ops.pop()
        self.calls.pop()
        del self.written[key]
        return last.fn, last.args

    def show(self, name: str, formula: str, array: Any, write: Writer | None = None) -> None:
        """Give an array that is already computed another name in the trace (ŷ for z2)."""
        a = _array(array)
        shown = Shown(name, formula, a, write)
        self._add(Op(name, formula, np.positive, (a,), a, self.phase, (a,), (shown,), None))

    def copy(self, source: Any, out: Any) -> Any:
        """Write a copy of `source` (any strides) into `out`."""
        return self.op("", "copy", _copy, source, out=out)

    def sum_over(self, x: Any, axis: int, out: Any, fn: Any = np.add) -> Any:
        """Reduce with `fn`, keeping the axis."""
        a, target, text = _array(x), _array(out), f"{fn.__name__} over axis {axis}"
        call = fn.reduce, (a, axis, None, target, True)
        self._add(Op("", text, fn.reduce, (a, axis), target, self.phase, (a,), (), call))
        return out

    def total(self, name: str, formula: str, a: Array, b: Array, **how: Any) -> Array:
        """Σ a·b over everything but the members: one dot instead of mean() and its overhead."""
        size = (*self.members, -1)
        flat = (a.reshape(size), b.reshape(size if b.ndim == a.ndim else -1))
        fn = np.vecdot if self.members else np.dot
        out = np.zeros(self.members, dtype=self.dtype)
        result: Array = self.op(name, formula, fn, *flat, out=out, **how)
        return result

    # --- using ---------------------------------------------------------------------------
    def go(self) -> None:
        """Run; numpy's warnings are the caller's."""
        for fn, args in self.calls:
            fn(*args)

    def run(self) -> None:
        """Run quietly: overflow is an event of training, not a line on stderr."""
        with np.errstate(all="ignore"):
            self.go()

    def record(self) -> list[Array]:
        """Run and return `copies()`; numpy's warnings are the caller's."""
        self.go()
        return self.copies()

    def copies(self) -> list[Array]:
        """A copy of every shown array: the buffers belong to the next run."""
        if not self._seen:
            self._seen = [shown.array for _, shown in self.shown()]
        return [array.copy() for array in self._seen]

    def run_phases(self, *phases: str) -> None:
        for op in self.ops:
            if op.call and op.phase in phases:
                op.call[0](*op.call[1])

    def run_with(self, given: Mapping[str, list[Act]], swap: Mapping[str, list[Act]]) -> None:
        """Run with some results replaced; every later call uses what it finds there."""
        for op in self.ops:
            if op.call:
                op.call[0](*op.call[1])
            for shown in op.shows:
                for act in swap.get(shown.name, ()):
                    act(op)
                for act in given.get(shown.name, ()):
                    act(shown.array)

    def shown(self) -> list[tuple[Op, Shown]]:
        return [(op, shown) for op in self.ops for shown in op.shows]

    def describe(self) -> str:
        """The plan as text: phase, name, formula, shape, one call a line."""
        lines = (f"{op.phase:9}{op.name:8}{op.formula:34}{op.out.shape}" for op in self.ops if op.call)
        return "\n".join(lines)


def _copy(source: Array, out: Array) -> None:
    np.copyto(out, source)

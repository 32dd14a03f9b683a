"""A plan: named numpy calls over buffers that are allocated once.

    plan = Plan(batch=1)
    x = plan.rows((2,), "x")
    plan.product("z = W·x + b", W, x.with_one, plan.rows((3,), "z1"), name="z1")
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
Act = Callable[["Op"], None]  # puts something else in place of what an op gave
Call = tuple[Callable[..., Any], tuple[Any, ...]]
Writer = Callable[[tuple[int, ...], int], str]  # (unit, sample) → right-hand side with numbers

# out= by keyword for these two: positional is deprecated for them since NumPy 2.4.
_KEYWORD_OUT = (np.maximum, np.minimum)


@dataclass(slots=True, eq=False)
class Rows:
    """Values of one layer for a whole batch, with the row of ones that carries the bias."""

    name: str
    with_one: Array  # (…, n + 1, batch), the last row is all ones
    shape: tuple[int, ...]  # of one sample, e.g. (channels, height, width)
    value: Array = field(init=False)  # (…, n, batch), a view of the rows above the ones

    def __post_init__(self) -> None:
        self.value = self.with_one[..., :-1, :]


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """One entry. Scratch has no name; an entry that only renames has no call."""

    name: str
    formula: str
    seen: Array  # as a reader sees it: `out`, or a view of what the call writes to
    out: Array
    call: Call | None
    phase: str
    inputs: tuple[Any, ...] = ()  # what a swapped function is given
    write: Writer | None = None


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

    def rows(self, shape: tuple[int, ...], name: str = "") -> Rows:
        return Rows(name, self.buffer(math.prod(shape) + 1, self.batch, fill=1.0), shape)

    def shaped(self, array: Array, *shape: int) -> Array:
        """A view of another shape, the members kept in front."""
        return np.reshape(array, (*self.members, *shape), copy=False)

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
    def op(
        self,
        formula: str,
        fn: Callable[..., Any],
        *args: Any,
        out: Any = None,
        name: str = "",
        inputs: Sequence[Any] | None = None,
        write: Writer | None = None,
        seen: Any = None,
    ) -> Any:
        """Write `fn(*args, out)` down and return `out`, by default a new buffer of theirs.

        A name makes the call a row of the trace; calls without one are scratch. `inputs`
        are the logical arguments where `args` are only the last step of several calls;
        `seen` is what a reader sees, where the call itself writes to another shape.
        """
        plain = tuple(_array(arg) for arg in args)
        if out is None:
            out = room(np.broadcast_shapes(*(a.shape for a in plain)), self.dtype)
        target = _array(out)
        seen = target if seen is None else _array(seen)
        logical = plain if inputs is None else tuple(_array(i) for i in inputs)
        call = (partial(fn, out=target), plain) if fn in _KEYWORD_OUT else (fn, (*plain, target))
        self._add(Op(name, formula, seen, target, call, self.phase, logical, write))
        return out

    def _add(self, op: Op) -> None:
        self.ops.append(op)
        if op.call:
            self.calls.append(op.call)

    def product(self, formula: str, a: Array, b: Array, out: Any = None, **how: Any) -> Any:
        """The matrix product a·b. np.dot costs half of matmul, which only a fleet needs, and a
        result that is not one piece of memory."""
        if out is None:
            lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
            out = room((*lead, a.shape[-2], b.shape[-1]), self.dtype)
        plain = a.ndim == b.ndim == 2 and _array(out).flags.c_contiguous
        return self.op(formula, np.dot if plain else np.matmul, a, b, out=out, **how)

    def copy(self, source: Any, out: Any, formula: str = "copy", **how: Any) -> Any:
        """Write a copy of `source` (any strides) into `out`."""
        return self.op(formula, _copy, source, out=out, **how)

    def reduce(self, fn: np.ufunc, x: Array, axis: int, out: Array) -> Array:
        """Reduce with `fn`, keeping the axis."""
        call = fn.reduce, (x, axis, None, out, True)
        self._add(Op("", f"{fn.__name__} over axis {axis}", out, out, call, self.phase))
        return out

    def total(self, formula: str, a: Array, b: Array, **how: Any) -> Array:
        """Σ a·b over everything but the members: one dot instead of mean() and its overhead."""
        size = (*self.members, -1)
        flat = a.reshape(size), b.reshape(size if b.ndim == a.ndim else -1)
        fn, out = np.vecdot if self.members else np.dot, np.zeros(self.members, dtype=self.dtype)
        result: Array = self.op(formula, fn, *flat, out=out, **how)
        return result

    def show(self, name: str, formula: str, array: Any, write: Writer | None = None) -> None:
        """Give numbers that are computed already a name of their own in the trace (ŷ for z2)."""
        a = _array(array)
        self._add(Op(name, formula, a, a, None, self.phase, (a,), write))

    def taken_back(self, made: Array, stays: bool) -> Call | None:
        """The last call, if it made this array for a term and can be written again: to the same
        place where it `stays`, else only if nobody has asked for this place."""
        last, key = self.ops[-1] if self.ops else None, next(reversed(self.written), None)
        if last is None or last.out is not made or last.call is None:
            return None
        free = key is not None and self.written[key] is made
        fn, args = last.call
        fn, args = (fn.func, args) if isinstance(fn, partial) else (fn, args[:-1])
        if not isinstance(fn, np.ufunc) or not (free or stays):
            return None
        self.ops.pop()
        self.calls.pop()
        if free:
            del self.written[key]
        return fn, args

    # --- using ---------------------------------------------------------------------------
    def go(self) -> None:
        """Run; numpy's warnings are the caller's."""
        for fn, args in self.calls:
            fn(*args)

    def run(self) -> None:
        """Run quietly: overflow is an event of training, not a line on stderr."""
        with np.errstate(all="ignore"):
            self.go()

    def run_phases(self, *phases: str) -> None:
        for op in self.ops:
            if op.call and op.phase in phases:
                op.call[0](*op.call[1])

    def record(
        self, given: Mapping[str, list[Act]] | None = None, swap: Mapping[str, list[Act]] | None = None
    ) -> list[Array]:
        """Run and copy every named array: the buffers belong to the next run. Results may be
        replaced on the way; every later call uses what it finds there."""
        if given or swap:
            acts = [*(swap or {}).items(), *(given or {}).items()]
            for op in self.ops:
                if op.call:
                    op.call[0](*op.call[1])
                for act in [act for name, own in acts if name == op.name for act in own]:
                    act(op)
        else:
            self.go()
        if not self._seen:
            self._seen = [op.seen for op in self.shown()]
        return [array.copy() for array in self._seen]

    def shown(self) -> list[Op]:
        """The entries of the trace."""
        return [op for op in self.ops if op.name]

    def describe(self) -> str:
        """The plan as text: phase, name, formula, shape, one call a line."""
        lines = (f"{op.phase:9}{op.name:8}{op.formula:34}{op.out.shape}" for op in self.ops if op.call)
        return "\n".join(lines)


def _copy(source: Array, out: Array) -> None:
    np.copyto(out, source)

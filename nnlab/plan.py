"""A plan: named numpy calls over buffers that are allocated once.

    plan = Plan(batch=1)
    x = plan.rows((2,), "x")
    plan.op("z = W·x + b", np.matmul, W, x.with_one, out=plan.rows((3,), "z1"), name="z1")
    plan.run()

Training runs the list, a trace records it, `describe` prints it, a check nudges it, and a
misconception swaps one entry. Nothing else in the engine knows how a call is made.

Inside a plan arrays are feature-major: (features, batch), or (members, features, batch) when
a fleet of nets is stacked in one plan. The places of a sequence are more columns: (features,
places·batch), so that what is done at every place is done once.
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
Slopes = tuple[tuple[Array, Callable[..., Any]], ...]  # (x, what reaches it of ∂L/∂out), see Term.sloped
Writer = Callable[[tuple[int, ...], int], str]  # (unit, sample) → right-hand side with numbers

# out= by keyword for these two: positional is deprecated for them since NumPy 2.4.
_KEYWORD_OUT = (np.maximum, np.minimum)
_REDUCTIONS = (np.add.reduce, np.maximum.reduce)
SMALL = 1 << 16  # bytes of a buffer that shares no cache line, and no memory


@dataclass(slots=True, eq=False)
class Rows:
    """Values of one layer for a whole batch, with the row of ones that carries the bias. A column is
    a sample; of a sequence, (places, n), it is one place of a sample, the first places of all first."""

    name: str
    with_one: Array  # (…, n + 1, columns), the last row is all ones
    shape: tuple[int, ...]  # of one sample, e.g. (channels, height, width)
    value: Array = field(init=False)  # (…, n, columns), a view of the rows above the ones

    def __post_init__(self) -> None:
        self.value = self.with_one[..., :-1, :]

    @property
    def seen(self) -> Array:
        """(…, shape of one sample, batch), as a reader sees it: a view of the same numbers."""
        return as_seen(self.value, self.shape)


@dataclass(slots=True, eq=False)
class Op:
    """One entry. Scratch has no name; an entry that only renames has no call."""

    name: str
    formula: str
    out: Array
    seen: Array  # as a reader sees it: `out`, or a view of what the call writes to
    phase: str
    layer: int = 0  # the place of the layer that asked for it
    sampled: bool = True  # its last axis counts samples: not that of a gradient of weights
    fn: Callable[..., Any] | None = None
    args: tuple[Any, ...] = ()
    inputs: tuple[Any, ...] = ()  # what a swapped function is given
    write: Writer | None = None
    slopes: Slopes | None = None  # stated by who wrote it; None: as `fn` has them
    sure: Array | None = None  # which of its arguments it gives where no number was put into the pass
    call: Call | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.fn is not None:
            self.call = call_of(self.fn, self.args, self.out)

    def told(
        self,
        name: str = "",
        formula: str = "",
        inputs: Sequence[Any] | None = None,
        write: Writer | None = None,
        seen: Any = None,
        slopes: Slopes | None = None,
        sure: Array | None = None,
    ) -> "Op":
        """Itself with other words, as far as they are given.

        A name makes the call a row of the trace; calls without one are scratch. `inputs` are the
        logical arguments where `args` are only the last step of several calls; `seen` is what a
        reader sees, where the call itself writes to another shape; `slopes` states how ∂L/∂out
        goes back where the chain rule would take a longer way; `sure` is the argument that it
        gives for sure as long as a trace puts nothing in place of what a call gave.
        """
        self.name, self.formula = name or self.name, formula or self.formula
        self.inputs = self.inputs if inputs is None else tuple(map(_array, inputs))
        self.seen, self.write = self.seen if seen is None else _seen(seen), write or self.write
        self.slopes = self.slopes if slopes is None else slopes
        self.sure = self.sure if sure is None else sure
        return self


def call_of(fn: Callable[..., Any], args: tuple[Any, ...], out: Array) -> Call:
    """How numpy wants to be told where the result goes."""
    if fn in _KEYWORD_OUT:
        return partial(fn, out=out), args
    if fn in _REDUCTIONS:
        return fn, (*args, None, out, True)
    if fn is np.matmul and out.flags.c_contiguous and all(a.ndim == 2 for a in args):
        # dot is called at half the cost, which only a fleet cannot do; but it clears `out` first, and of a
        # large one that is a quarter of the time. For a column by a row matmul has a slow loop of its own
        small, column_by_row = out.nbytes <= SMALL // 2, args[0].shape[1] == 1
        return np.dot if small or column_by_row else np.matmul, (*args, out)
    return fn, (*args, out)


def whole(a: Array) -> Array:
    """The array whose memory this is a view of."""
    while isinstance(a.base, np.ndarray):
        a = a.base
    return a


def address(array: NDArray[Any]) -> int:
    """Where its first number lies in memory."""
    return array.ctypes.data


def room(shape: tuple[int, ...], dtype: DTypeLike) -> Array:
    """An empty array; a small one starts a cache line, where vector instructions are up to a
    fifth faster."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size > SMALL:
        return np.empty(shape, dtype)
    raw = np.empty(size + 64, dtype=np.uint8)
    return np.ndarray(shape, dtype, raw, -address(raw) % 64)


def as_seen(array: Array, shape: tuple[int, ...]) -> Array:
    """What lies as `Rows.value` of samples of this shape does, as (…, *shape, batch), a view."""
    *lead, _, columns = array.shape
    if len(shape) == 1:
        return array
    if len(shape) == 2:
        places, n = shape
        return np.reshape(array, (*lead, n, places, columns // places), copy=False).swapaxes(-3, -2)
    return np.reshape(array, (*lead, *shape, columns), copy=False)


def shaped_as(array: Array, *shape: int) -> Array:
    """(…, numbers, batch) as (…, *shape, batch), a view."""
    return np.reshape(array, (*array.shape[:-2], *shape, array.shape[-1]), copy=False)


def _array(value: Any) -> Any:
    return value.value if isinstance(value, Rows) else value


def _seen(value: Any) -> Any:
    return value.seen if isinstance(value, Rows) else value


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
    layer: int = 0  # whose calls are being written
    known: dict[Any, Array] = field(default_factory=dict)  # what terms have computed already
    readers: dict[int, list[Any]] = field(default_factory=dict)  # which of that, from an array
    loose: list[Array] = field(default_factory=list)  # large scratch buffers
    real: Array | None = None  # (…, places, 1, batch), 0 where a place holds nothing; None: all do
    texts: dict[int, str] = field(default_factory=dict)  # how arrays are read aloud, by id
    _names: dict[str, int] = field(default_factory=dict)
    _seen: list[Array] = field(default_factory=list)

    # --- buffers -------------------------------------------------------------------------
    def buffer(self, *shape: int, fill: float = 0.0) -> Array:
        """An array of the plan; a fleet's members come first."""
        array = room((*self.members, *shape), self.dtype)
        array.fill(fill)
        return array

    def scratch(self, shape: tuple[int, ...]) -> Array:
        """For what one call writes whole and others read: large ones may share memory."""
        array = room(shape, self.dtype)
        if array.nbytes > SMALL:
            self.loose.append(array)
        return array

    def rows(self, shape: tuple[int, ...], name: str = "") -> Rows:
        places, n = shape if len(shape) == 2 else (1, math.prod(shape))
        return Rows(name, self.buffer(n + 1, places * self.batch, fill=1.0), shape)

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

    # --- writing -------------------------------------------------------------------------
    def op(self, formula: str, fn: Callable[..., Any], *args: Any, out: Any = None, **how: Any) -> Any:
        """Write `fn(*args, out)` down and return `out`, by default a new buffer of theirs; `how`
        as for Op.told."""
        plain = tuple(map(_array, args))
        if out is None:
            out = self.scratch(np.broadcast(*plain).shape)
        target = _array(out)
        made = Op("", formula, target, _seen(out), self.phase, self.layer, fn=fn, args=plain, inputs=plain)
        self._add(made.told(**how) if how else made)
        return out

    def _add(self, op: Op) -> None:
        self.ops.append(op)
        if op.call:
            self.calls.append(op.call)

    def copy(self, source: Any, out: Any, formula: str = "copy", **how: Any) -> Any:
        """Write a copy of `source` (any strides) into `out`."""
        return self.op(formula, copied, source, out=out, **how)

    def total(self, formula: str, a: Array, b: Array, **how: Any) -> Array:
        """Σ a·b over everything but the members: one dot instead of mean() and its overhead."""
        size = (*self.members, -1)
        flat = a.reshape(size), b.reshape(size if b.ndim == a.ndim else -1)
        fn, out = np.vecdot if self.members else np.dot, np.zeros(self.members, dtype=self.dtype)
        result: Array = self.op(formula, fn, *flat, out=out, **how)
        self.ops[-1].sampled = False
        return result

    def show(self, name: str, formula: str, array: Any, write: Writer | None = None) -> None:
        """Give numbers that are computed already a name of their own in the trace (ŷ for z2)."""
        a = _array(array)
        self._add(Op(name, formula, a, _seen(array), self.phase, self.layer, inputs=(a,), write=write))

    def movable(self, made: Array) -> bool:
        """Whether the last call made this array, in a place that nobody has asked for."""
        last, key = self.ops[-1] if self.ops else None, next(reversed(self.known), None)
        return last is not None and last.out is made and key is not None and self.known[key] is made

    def move(self, out: Any) -> None:
        """Let the last call write to `out` instead."""
        del self.known[next(reversed(self.known))]
        op = self.ops[-1]
        op.out, op.seen = _array(out), _seen(out)
        assert op.fn is not None
        op.call = self.calls[-1] = call_of(op.fn, op.args, op.out)

    def finish(self) -> None:
        """Forget what only writing needs: a plan that refers to itself waits for the collector."""
        self.loose, self.known, self.readers, self.texts = [], {}, {}, {}
        for op in self.ops:
            op.slopes = None
        if any(op.sure is not None for op in self.ops):
            self.calls = self._untouched()

    def _untouched(self) -> list[Call]:
        """What a run has to call where nobody puts in a number: each choice is made, and what only
        its other side asks for is left out."""
        calls: list[Call] = []
        asked, doubted = set[int](), set[int]()  # buffers that calls read; that only left out ones do
        for op in reversed(self.ops):
            reads = {id(whole(arg)) for arg in op.args if isinstance(arg, np.ndarray)}
            buffer = id(whole(op.out))
            if not op.name and buffer in doubted - asked:
                doubted |= reads
            elif op.sure is not None:
                asked.add(id(whole(op.sure)))
                doubted |= reads
                calls.append((copied, (op.sure, op.out)))
            else:
                asked |= reads if op.call else {buffer}
                calls += [op.call] if op.call else []
        return calls[::-1]

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
        """The plan as text: phase, name, formula, shape, one call a line, in columns."""
        told = [(op.phase, op.name, op.formula, str(op.out.shape)) for op in self.ops if op.call]
        wide = [max(map(len, column), default=0) for column in zip(*told, strict=True)]
        lines = ("  ".join(t.ljust(w) for t, w in zip(line, wide, strict=True)).rstrip() for line in told)
        return "\n".join(lines)

    @property
    def size(self) -> int:
        """The bytes of the buffers it writes to."""
        return sum({id(a): a.nbytes for a in (whole(op.out) for op in self.ops)}.values())


def copied(source: Array, out: Array) -> None:
    np.copyto(out, source)

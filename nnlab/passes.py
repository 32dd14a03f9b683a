"""A plan with its doors: where rows go in and results come out; a fleet's members one after another; and
memory that calls share.

    a = x + y,  b = a·2,  c = b·b      c is written where a was: nobody reads a any more
"""

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnlab.plan import Array, Plan, Rows, address, call_of, copied, whole
from nnlab.scored import Scored


@dataclass(frozen=True, slots=True)
class Mode:
    """What a plan holds beside the way forward."""

    scored: bool = False  # the loss
    back: bool = False  # the slopes of the loss
    taught: bool = False  # every step as a lesson writes it, none fused with another
    training: bool = False  # noise, and statistics of the batch


MODES = {
    "predict": Mode(),
    "forward": Mode(taught=True),
    "loss": Mode(scored=True),
    "train": Mode(scored=True, back=True, training=True),
    "taught": Mode(scored=True, back=True, taught=True),
}


Lay = Callable[[NDArray[Any], Array], None]  # (targets, where what the loss reads of them goes)


@dataclass(eq=False)
class Pass:
    """A plan together with where its rows go in and its results come out."""

    plan: Plan
    rows: Array  # (…, batch, features + 1), row by row as the data lie, the last column ones
    out: Rows  # of the last layer
    wanted: Array  # (…, batch, numbers), what the loss reads a row
    lay: Lay  # y → wanted
    sure: Callable[[NDArray[Any]], bool]  # whether the loss takes y
    scored: Scored | None = None  # the loss, where the mode has one

    def __post_init__(self) -> None:
        self._X, self._flat = self.rows[..., :-1], [whole(a).reshape(-1) for a in (self.rows, self.wanted)]

    def load(self, X: Array, y: Array | None = None) -> None:
        n = X.shape[-2]
        self.rows[..., :n, :-1] = X
        if y is not None:
            self.lay(y, self.wanted[..., :n, :])

    def put(self, X: NDArray[Any], y: NDArray[Any]) -> bool:
        """Load a whole batch as it is given, in a form that was found right before, and look through all
        numbers where they lie then: one dot product is finite only if each of them is. False where
        something may be wrong with them: who checks them one by one has the words for it."""
        self._X[...] = X.reshape(self._X.shape)
        self.lay(y, self.wanted)
        rows, wanted = self._flat
        return math.isfinite(rows.dot(rows)) and math.isfinite(wanted.dot(wanted)) and self.sure(y)

    def loss(self) -> Any:
        """The mean loss of the last run: a float, or (members,)."""
        assert self.scored is not None
        L = self.scored.mean()
        return L.copy() if L.ndim else L.item()


def each_own(lay: Lay) -> Lay:
    """The same for members that have rows of their own."""

    def laid(y: NDArray[Any], out: Array) -> None:
        for one, to in zip(y, out, strict=True):
            lay(one, to)

    return laid


def in_turn(
    one: Pass, into: list[tuple[Array, Array]], back: list[tuple[Array, Array]], own: bool
) -> Pass:
    """The training pass of a fleet as that of one net, run with the numbers of each member in turn: where a
    single pass fills the cache, side by side they would drive each other out of it. `into` and `back` pair
    what is the fleet's, (members, …), with what is the net's: copied before a turn, and after it.
    `own`: every member has its own rows."""
    assert one.scored is not None
    members, n = into[0][0].shape[:1], len(into[0][0])
    rows, wanted = (np.stack([array] * n) if own else array for array in (one.rows, one.wanted))
    if own:
        into = [*into, (rows, one.rows), (wanted, one.wanted)]
    L = np.zeros(members, one.plan.dtype)
    plan = Plan(one.plan.batch, members, one.plan.dtype, ops=one.plan.ops)
    for i in range(n):
        plan.calls += [(copied, (theirs[i], its)) for theirs, its in into]
        plan.calls += one.plan.calls
        plan.calls += [(copied, (its, theirs[i])) for theirs, its in back]
        plan.calls.append((_note, (one.scored, L[i : i + 1])))

    lay = each_own(one.lay) if own else one.lay
    return Pass(plan, rows, one.out, wanted, lay, one.sure, Scored(L, lambda: L, np.ones(1)))


def _note(scored: Scored, out: Array) -> None:
    out[0] = scored.mean()


def share_memory(plan: Plan, *readers: Any) -> None:
    """Give large scratch buffers the memory of others that no later call reads: less to fetch into the cache.
    Left alone are those that `readers` look at after a run."""
    spans = sorted((address(a), address(a) + a.nbytes, k) for k, a in enumerate(plan.loose))

    def which(a: Any) -> int | None:
        """The scratch buffer that an array is a view of, however it was made."""
        found = bisect_right(spans, address(a), key=itemgetter(0)) - 1 if isinstance(a, np.ndarray) else -1
        return spans[found][2] if found >= 0 and address(a) < spans[found][1] else None

    first, last = dict[int, int](), dict[int, int]()
    fixed = {which(a) for of in (*readers, *(op.fn for op in plan.ops)) for a in _held(of)}
    if not plan.training:
        fixed |= {which(op.seen) for op in plan.ops if op.name}  # `Net.values` looks there
    for i, op in enumerate(plan.ops):
        for a in (*op.args, op.out):
            if (k := which(a)) is not None:
                if k not in first and not (a is op.out and a.nbytes == plan.loose[k].nbytes):
                    fixed.add(k)  # read, or written in part, before it is whole
                first.setdefault(k, i)
                last[k] = i
    free: list[Array] = []  # the one that was read last comes last: it may be in the cache still
    place: dict[int, Array] = {}

    def moved(a: Any) -> Any:
        if (k := which(a)) not in place:
            return a
        return np.ndarray(a.shape, a.dtype, place[k], address(a) - address(plan.loose[k]), a.strides)

    for i, op in enumerate(plan.ops):
        k = which(op.out)
        if k is not None and first[k] == i and k not in fixed:
            size = plan.loose[k].nbytes
            fits = [j for j, one in enumerate(free) if size <= one.nbytes <= 2 * size]
            place[k] = free.pop(fits[-1]) if fits else np.empty(size, np.uint8)
        gone = {k for a in (*op.args, op.out) if (k := which(a)) in place and last[k] == i}
        free += [place[k] for k in gone]  # from the next call on
        op.args, op.out = tuple(map(moved, op.args)), moved(op.out)
        if op.fn is not None:
            op.call = call_of(op.fn, op.args, op.out)
    plan.calls = [op.call for op in plan.ops if op.call]


def _held(of: Any) -> list[Array]:
    """The arrays that a function keeps to itself."""
    cells = (cell.cell_contents for cell in getattr(of, "__closure__", None) or ())
    kept = (getattr(one, "array", getattr(one, "with_one", one)) for one in cells)
    return [one for one in kept if isinstance(one, np.ndarray)]

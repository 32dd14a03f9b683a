"""A plan with its doors: where rows go in and results come out; and a fleet's members one after another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.plan import Array, Plan, Rows, copied
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


@dataclass(eq=False)
class Pass:
    """A plan together with where its rows go in and its results come out."""

    plan: Plan
    rows: Array  # (…, batch, features + 1), row by row as the data lie, the last column ones
    out: Rows  # of the last layer
    wanted: Array  # (…, batch, numbers), what the loss reads a row
    targets: Callable[[Array], Array]  # y → wanted
    scored: Scored | None = None  # the loss, where the mode has one
    holds: Any = None  # the rows that were loaded last, where anyone asks

    def load(self, X: Array, y: Array | None = None) -> None:
        n, self.holds = X.shape[-2], None
        self.rows[..., :n, :-1] = X
        if y is not None:
            self.wanted[..., :n, :] = self.targets(y)

    def loss(self) -> Any:
        """The mean loss of the last run: a float, or (members,)."""
        assert self.scored is not None
        L = self.scored.mean()
        return L.copy() if L.ndim else L.item()


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

    def targets(y: Array) -> Array:
        return np.stack([one.targets(each) for each in y]) if own else one.targets(y)

    return Pass(plan, rows, one.out, wanted, targets, Scored(L, lambda: L, np.ones(1)))


def _note(scored: Scored, out: Array) -> None:
    out[0] = scored.mean()

"""Training as a generator of events, so that any face can stop it at any time.

for e in Trainer(net, data.spiral(500, seed=3), SGD(.03), batch=10).epochs(200): …
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.errors import LabError
from nnlab.optim import Optimiser
from nnlab.plan import Array
from nnlab.wiring import Pass, Wired


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """What happened since the last one. Losses are arrays (members,) for a fleet."""

    epoch: int  # epochs done
    step: int  # updates done
    curve: tuple[Any, ...]  # of every epoch, the mean over its batches, each before its update
    losses: tuple[Any, ...]  # of every step
    validation_loss: Any  # after the updates, or None
    diverged_at: Any  # the step whose loss was first NaN or infinite; (members,), 0 = never

    @property
    def loss(self) -> Any:
        return self.curve[-1]


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What a fit leaves: a line an epoch, and where it was best."""

    losses: Array  # (epochs,) or (epochs, members)
    validation_losses: Array | None
    best_epoch: Any  # of the lowest validation loss, None without validation
    best_loss: Any
    diverged_at: Any
    epochs: int  # run before patience or divergence ended it


class Trainer:
    """Rows, a rule and a net. `data` and `validation` are (X, y) pairs or data sets; a split
    brings its own validation part. `batch=None` takes all rows at once. For a fleet X may be
    (members, n, features). `shuffle=False` keeps the rows in order."""

    def __init__(
        self,
        net: Wired,
        data: Any,
        optimiser: Optimiser,
        batch: int | None = None,
        seed: int = 0,
        validation: Any = None,
        shuffle: bool = True,
    ) -> None:
        if validation is None and hasattr(data, "validation"):
            validation = data.validation
        self.net: Any = net  # as it was given: a Net, a Fleet
        self.shuffle = shuffle
        self.X, self.y = _checked(net, getattr(data, "train", data))
        self.n, self.own = self.X.shape[-2], self.X.ndim == 3
        if batch is not None and batch < 1:
            raise LabError(f"batch is {batch}; it wants at least 1 row")
        self.batch = min(batch or self.n, self.n)
        self.per_epoch = -(-self.n // self.batch)
        self.rng = np.random.default_rng(seed)
        self.epoch = self.step = 0
        self.lost = False  # all that is left is NaN
        self._wary = True  # of losses whose digits cancel
        self._diverged = np.zeros(net.members, dtype=int)
        self._binding = net.binding(optimiser)
        sizes = {self.batch, self.n % self.batch or self.batch}  # the last batch may be short
        self._plans = {size: net.private("train", size, self.own) for size in sizes}
        self._tables = self._laid_out()
        self._watch: Pass | None = None
        if validation is not None:
            X, y = _checked(net, validation)
            self._watch = net.private("loss", X.shape[-2], X.ndim == 3)
            self._watch.load(X, y)

    def _laid_out(self) -> list[tuple[Array, int, Array]]:
        """All rows as the plan's buffers want them, so that a batch is two gathers; none where
        a batch's targets depend on who else is in it (class weights)."""
        done = self._plans[self.batch]
        if self.batch == self.n:
            done.load(self.X, self.y)
        if self.batch == self.n or self.net.class_weight is not None:
            return []
        ones = np.ones((*self.X.shape[:-1], 1))
        rows: Array = np.concatenate([self.X, ones], axis=-1, dtype=self.net.dtype)
        wanted = done.targets(self.y).astype(self.net.dtype)
        return [_as_it_lies(rows, done.rows), _as_it_lies(wanted, done.wanted)]

    # --- running -------------------------------------------------------------------------
    def epochs(self, n: int, every: int = 1) -> Iterator[Event]:
        """Run up to n epochs, an event after each `every`; stops by itself where all that is
        left is NaN. Nothing runs between the events."""
        for done in range(0, n, every):
            if self.lost:
                return
            losses: list[Any] = []
            curve: list[Any] = []
            with np.errstate(all="ignore"):  # once for many steps: it costs as much as four calls
                for _ in range(min(every, n - done)):
                    self._binding.time = float(self.epoch)
                    own = list(self._batches())
                    self.epoch += 1
                    losses += own
                    curve.append(self._mean(own))
                    if self._note(own):
                        break
            yield Event(self.epoch, self.step, tuple(curve), tuple(losses), self.watched(), self.diverged_at)

    def steps(self, n: int) -> Iterator[Event]:
        """Run n updates, an event after each; the validation loss is left out."""
        batches = self._batches()
        for _ in range(n):
            if self.lost:
                return
            with np.errstate(all="ignore"):
                loss = next(batches, None)
                if loss is None:
                    self.epoch += 1
                    batches = self._batches()
                    loss = next(batches)
            self._note([loss])
            yield Event(self.epoch, self.step, (loss,), (loss,), None, self.diverged_at)

    def watched(self) -> Any:
        """The validation loss now, or None."""
        if self._watch is None:
            return None
        self._watch.plan.run()
        return self._watch.loss()

    @property
    def diverged_at(self) -> Any:
        """The step whose loss was first NaN or infinite, or None; (members,) with 0 for never."""
        return self._diverged if self.net.members else int(self._diverged) or None

    def _batches(self) -> Iterator[Any]:
        """One epoch: the loss of every batch before its update."""
        if self.batch == self.n:
            yield self._update(self._plans[self.n])
            return
        order = self.rng.permutation(self.n) if self.shuffle else np.arange(self.n)
        for start in range(0, self.n, self.batch):
            chosen = order[start : start + self.batch]
            done = self._plans[len(chosen)]
            if self._tables and len(chosen) == self.batch:
                for table, axis, out in self._tables:
                    table.take(chosen, axis, out, "clip")  # "raise" would copy first
            else:
                done.load(self.X[..., chosen, :], self.y[:, chosen] if self.own else self.y[chosen])
            yield self._update(done)

    def _update(self, done: Pass) -> Any:
        for fn, args in done.plan.calls:
            fn(*args)
        self._binding.before()
        for fn, args in self._binding.plan.calls:
            fn(*args)
        self.step += 1
        return self._loss(done)

    def _loss(self, done: Pass) -> Any:
        """The loss of this batch. Asking whether its digits cancel costs as much as a call of the
        plan, so that it is asked where the loss is not a usual one, and until they no longer do."""
        scored = done.scored
        assert scored is not None
        if not (self._wary or self.net.members):
            loss = scored.L.item()
            if 0 <= loss < 1000:
                return loss
        self._wary = scored.cancels()
        return done.loss()

    def _mean(self, losses: list[Any]) -> Any:
        """Over an epoch's rows: the last batch may be short."""
        if len(losses) == 1:
            return losses[0]
        last = self.n % self.batch or self.batch
        return (sum(losses[:-1]) * self.batch + losses[-1] * last) / self.n

    def _note(self, losses: list[Any]) -> bool:
        """Remember the step at which a loss was first NaN or infinite; True when all is lost."""
        if self.net.members or not abs(sum(losses)) < np.inf:
            wrong = ~np.isfinite(losses)
            if wrong.any():
                first = self.step - len(losses) + 1 + wrong.argmax(axis=0)
                new = wrong.any(axis=0) & (self._diverged == 0)
                self._diverged = np.where(new, first, self._diverged)
                self.lost = bool(self._diverged.all())
        return self.lost

    # --- to the end ----------------------------------------------------------------------
    def fit(
        self,
        n: int,
        patience: int | None = None,
        restore: bool = True,
        checkpoint: str | Path | None = None,
    ) -> Curves:
        """Run n epochs, fewer if the validation loss has not improved for `patience` of them.
        `restore` puts the best weights back (each member's own in a fleet); `checkpoint` saves
        them to a file each time they improve."""
        if self._watch is None:
            if patience is not None:
                raise LabError("patience wants validation rows to watch; there are none")
            losses = [loss for event in self.epochs(n, every=50) for loss in event.curve]
            return Curves(np.array(losses), None, None, None, self.diverged_at, self.epoch)
        best, events = _Best(self.net, patience, checkpoint), []
        for event in self.epochs(n):
            events.append(event)
            if best.note(event.epoch, event.validation_loss):
                break
        if restore:
            best.restore()
        curve, watched = np.array([e.loss for e in events]), np.array([e.validation_loss for e in events])
        epoch, loss = (a if self.net.members else a.item() for a in (best.epoch, best.loss))
        return Curves(curve, watched, epoch, loss, self.diverged_at, self.epoch)


class _Best:
    """The lowest validation loss so far and the weights that gave it, member by member."""

    def __init__(self, net: Wired, patience: int | None, path: str | Path | None) -> None:
        self.net: Any = net
        self.patience, self.path = patience, path
        self.loss = np.full(net.members, np.inf)
        self.epoch = np.zeros(net.members, dtype=int)
        self.kept = [a.copy() for a in net.numbers]
        self.over = np.zeros(net.members, dtype=bool)

    def note(self, epoch: int, loss: Any) -> bool:
        """Take note of an epoch; True when no member has patience left."""
        better = (loss < self.loss) & ~self.over
        if better.any():
            self.loss[better], self.epoch[better] = np.asarray(loss)[better], epoch
            for kept, array in zip(self.kept, self.net.numbers, strict=True):
                kept[better] = array[better]
            if self.path is not None:
                self.net.save(self.path)
        if self.patience is not None:
            self.over |= epoch - self.epoch >= self.patience
        return bool(self.over.all())

    def restore(self) -> None:
        for kept, array in zip(self.kept, self.net.numbers, strict=True):
            array[...] = kept


def _as_it_lies(table: Array, buffer: Array) -> tuple[Array, int, Array]:
    """The table turned as the buffer is, so that a gather runs along its memory."""
    if buffer.flags.c_contiguous:
        return table, -2, buffer
    return np.ascontiguousarray(table.swapaxes(-1, -2)), -1, buffer.swapaxes(-1, -2)


def _checked(net: Wired, data: Any) -> tuple[Array, Array]:
    X, y = data
    X = net.rows_of(X)
    return X, net.targets_of(X, y)

"""Training as a generator of events, so that any face can stop it at any time.

for e in Trainer(net, data.spiral(500, seed=3), SGD(.03), batch=10).epochs(200): …
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.batch import Written
from nnlab.errors import LabError
from nnlab.optim import Optimiser
from nnlab.plan import Array
from nnlab.wiring import Wired


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """What happened since the last one. Losses are arrays (members,) for a fleet."""

    epoch: int  # epochs done
    step: int  # updates done
    loss: Any  # mean over this epoch's batches, each before its update
    losses: tuple[Any, ...]  # of every step since the last event
    validation_loss: Any  # after the updates, or None
    diverged_at: Any  # the step whose loss was first NaN or infinite; (members,), 0 = never


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
        self.optimiser, self.shuffle = optimiser, shuffle
        self.X, self.y = _checked(net, getattr(data, "train", data))
        self.n, self.own = self.X.shape[-2], self.X.ndim == 3
        if batch is not None and batch < 1:
            raise LabError(f"batch is {batch}; it wants at least 1 row")
        self.batch = min(batch or self.n, self.n)
        self.rng = np.random.default_rng(seed)
        self.epoch = self.step = 0
        self.diverged_at: Any = np.zeros(net.members, dtype=int) if net.members else None
        self._binding = net.binding(optimiser)
        self._plan = self._load_plan(self.batch)
        self._rest = self._load_plan(self.n % self.batch) if self.n % self.batch else None
        self._tables = self._encoded()
        self._watch: Written | None = None
        if validation is not None:
            X, y = _checked(net, validation)
            self._watch = net.private("loss", X.shape[-2], X.ndim == 3)
            self._watch.load(X, y)

    def _load_plan(self, batch: int) -> Written:
        done: Written = self.net.private("train", batch, self.own)
        if batch == self.n:
            done.load(self.X, self.y)
        return done

    def _encoded(self) -> list[tuple[Array, int, Array]] | None:
        """All rows as the plan's buffer wants them, so that a batch is two gathers; None
        where a batch's targets depend on who else is in it (class weights)."""
        if self.batch == self.n or self.net.class_weight is not None:
            return None
        ones = np.ones((*self.X.shape[:-1], 1))
        rows: Array = np.concatenate([self.X, ones], axis=-1, dtype=self.net.dtype)
        wanted = self._plan.targets(self.y).astype(self.net.dtype)
        return [_as_it_lies(rows, self._plan.rows), _as_it_lies(wanted, self._plan.wanted)]

    # --- running -------------------------------------------------------------------------
    def epochs(self, n: int, every: int = 1) -> Iterator[Event]:
        """Run up to n epochs, an event after each `every`; stops by itself where all that is
        left is NaN. Nothing runs between the events."""
        left = n
        while left > 0 and not self._lost():
            count = min(every, left)
            left -= count
            yield self._event(self._run(count))

    def steps(self, n: int) -> Iterator[Event]:
        """Run n updates, an event after each; the validation loss is left out."""
        batches = self._batches()
        for _ in range(n):
            if self._lost():
                return
            with np.errstate(all="ignore"):
                loss = next(batches, None)
                if loss is None:
                    self.epoch += 1
                    batches = self._batches()
                    loss = next(batches)
            self._note([loss])
            yield Event(self.epoch, self.step, loss, (loss,), None, self.diverged_at)

    def _run(self, epochs: int) -> list[list[Any]]:
        done = []
        with np.errstate(all="ignore"):  # once for many steps: it costs as much as four calls
            for _ in range(epochs):
                self._binding.time = float(self.epoch)
                losses = list(self._batches())
                self.epoch += 1
                done.append(losses)
                self._note(losses)
                if self._lost():
                    break
        return done

    def _event(self, done: list[list[Any]]) -> Event:
        flat, mean = [loss for losses in done for loss in losses], self._mean(done[-1])
        return Event(self.epoch, self.step, mean, tuple(flat), self.watched(), self.diverged_at)

    def _mean(self, losses: Sequence[Any]) -> Any:
        if len(losses) == 1:
            return losses[0]
        last = self.n % self.batch or self.batch  # the last batch may be short
        return (sum(losses[:-1]) * self.batch + losses[-1] * last) / self.n

    def watched(self) -> Any:
        """The validation loss now, or None."""
        if self._watch is None:
            return None
        self._watch.plan.run()
        return self.net.read(self._watch)

    def _batches(self) -> Iterator[Any]:
        """One epoch: the loss of every batch before its update."""
        if self.batch == self.n:
            yield self._update(self._plan)
            return
        order = self.rng.permutation(self.n) if self.shuffle else np.arange(self.n)
        for start in range(0, self.n, self.batch):
            chosen = order[start : start + self.batch]
            done = self._plan if len(chosen) == self.batch else self._rest
            assert done is not None
            if self._tables is not None and done is self._plan:
                for table, axis, out in self._tables:
                    table.take(chosen, axis, out, "clip")  # "raise" would copy first
            else:
                X, y = self.X[..., chosen, :], self.y
                done.load(X, y[:, chosen] if self.own else y[chosen])
            yield self._update(done)

    def _update(self, done: Written) -> Any:
        for fn, args in done.plan.calls:
            fn(*args)
        self._binding.before()
        for fn, args in self._binding.plan.calls:
            fn(*args)
        self.step += 1
        return self.net.read(done)

    def _note(self, losses: list[Any]) -> None:
        """Remember the step at which a loss was first NaN or infinite."""
        for step, loss in enumerate(losses, self.step - len(losses) + 1):
            if self.net.members:
                new = ~np.isfinite(loss) & (self.diverged_at == 0)
                self.diverged_at = np.where(new, step, self.diverged_at) if new.any() else self.diverged_at
            elif self.diverged_at is None and not abs(loss) < np.inf:
                self.diverged_at = step

    def _lost(self) -> bool:
        if self.net.members:
            return bool((self.diverged_at > 0).all())
        return self.diverged_at is not None

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
            losses = [loss for event in self.epochs(n, every=50) for loss in self._by_epoch(event)]
            return Curves(np.array(losses), None, None, None, self.diverged_at, self.epoch)
        best, losses, watched = _Best(self.net, patience, checkpoint), [], []
        for event in self.epochs(n):
            losses.append(event.loss)
            watched.append(event.validation_loss)
            if best.note(event.epoch, event.validation_loss):
                break
        if restore:
            best.restore()
        epoch, loss = (a if self.net.members else a.item() for a in (best.epoch, best.loss))
        return Curves(np.array(losses), np.array(watched), epoch, loss, self.diverged_at, self.epoch)

    def _by_epoch(self, event: Event) -> list[Any]:
        per, losses = -(-self.n // self.batch), event.losses
        return [self._mean(losses[i : i + per]) for i in range(0, len(losses), per)]

    def fit_steps(self, steps: int, **how: Any) -> Curves:
        """`fit` counted in updates, rounded up to whole epochs."""
        return self.fit(-(-steps // -(-self.n // self.batch)), **how)


class _Best:
    """The lowest validation loss so far and the weights that gave it, member by member."""

    def __init__(self, net: Wired, patience: int | None, path: str | Path | None) -> None:
        self.net, self.patience, self.path = net, patience, path
        self.loss = np.full(net.members, np.inf)
        self.epoch = np.zeros(net.members, dtype=int)
        self.arrays = [net.theta, *net.state.values()]
        self.kept = [a.copy() for a in self.arrays]
        self.over = np.zeros(net.members, dtype=bool)

    def note(self, epoch: int, loss: Any) -> bool:
        """Take note of an epoch; True when no member has patience left."""
        better = (loss < self.loss) & ~self.over
        if better.any():
            self.loss[better], self.epoch[better] = np.asarray(loss)[better], epoch
            for kept, array in zip(self.kept, self.arrays, strict=True):
                kept[better] = array[better]
            if self.path is not None:
                self.net.save(self.path)
        if self.patience is not None:
            self.over |= epoch - self.epoch >= self.patience
        return bool(self.over.all())

    def restore(self) -> None:
        for kept, array in zip(self.kept, self.arrays, strict=True):
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

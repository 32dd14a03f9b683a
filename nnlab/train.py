"""Training as a generator of stretches, so that any face can stop it at any time.

for e in Trainer(net, data.spiral(500, seed=3), SGD(.03), batch=10).epochs(200): …
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from nnlab.chance import stream
from nnlab.errors import LabError, either, short, spelt, whole
from nnlab.given import pair_of
from nnlab.optim import OPTIMISERS, Optimiser
from nnlab.optim import optimiser as rule_of
from nnlab.passes import Pass
from nnlab.plan import Array
from nnlab.settings import nature, refuse_another
from nnlab.wiring import Wired, net_of


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
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


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A training stopped in time: all that decides how it goes on. A picture of a film, as
    `Trainer.kept` takes it; a few arrays as large as θ."""

    of: dict[str, Any]  # what is trained and how, so that it goes back only where it fits
    epoch: int  # epochs done
    step: int  # updates done
    theta: Array  # (count,), or (members, count)
    others: tuple[Array, ...]  # running statistics, then what the rule remembers
    rate: Any  # a number, or one for each member
    steps_of_rule: int  # bias corrections and schedules count them
    chance: tuple[Any, Any]  # of the order, before this epoch's was drawn; of dropout
    place: tuple[int, Any, Any]  # rows of this epoch that are done, their loss, their weight
    wary: bool  # losses are so large that their digits may cancel
    diverged: Array


@spelt
class Trainer:
    """Rows, a rule and a net. `data` and `validation` are (X, y) pairs or data sets; a split
    brings its own validation part. The rule is an optimiser or its name. `batch=None` takes all
    rows at once. For a fleet X may be (members, n, features). `shuffle=False` keeps the rows in
    order.

    Time can be stopped: `steps` and `epochs` go on where the last one ended, `kept()` takes a
    snapshot, and after `put_back(snapshot)` the training goes on from there with the same bits.
    `rate` may be changed at any time."""

    def __init__(
        self,
        net: Wired,
        data: Any,
        optimiser: Optimiser | str,
        batch: int | None = None,
        seed: int = 0,
        validation: Any = None,
        shuffle: bool = True,
    ) -> None:
        if str(getattr(batch, "name", batch)) in OPTIMISERS:
            raise LabError("Trainer got X and y apart; it wants one pair: Trainer(net, (X, y), SGD(.1))")
        rule = rule_of(optimiser)
        if validation is None and hasattr(data, "validation"):
            validation = data.validation
        self.net = net_of("Trainer", net)
        self._rule, self._validation = rule, None if validation is None else _checked(net, validation)
        self.shuffle = either("shuffle", shuffle)
        self.X, self.y = _checked(net, getattr(data, "train", data))
        self.n, self.own = self.X.shape[-2], self.X.ndim == 3
        self.batch = self.n if batch is None else min(whole("batch", batch), self.n)
        self.per_epoch = -(-self.n // self.batch)
        self.rng = stream("order", seed)
        self.epoch = self.step = 0
        self.lost = False  # all that is left is NaN
        self._wary = True  # of losses whose digits cancel
        self._diverged = np.zeros(net.members, dtype=int)
        self._binding = net.bound(rule)
        self._at, self._order = 0, np.arange(self.n)  # rows of this epoch that are done, of all in order
        self._sum: Any = 0.0  # of their losses
        self._mass: Any = 0.0  # and what they weigh: 1 a full batch
        self._drawn: Any = None  # the state of `rng` before the order was drawn
        sizes = {self.batch, self.n % self.batch or self.batch}  # the last batch may be short
        self._plans = {size: net.private("train", size, self.own) for size in sizes}
        self._weights = self._masses()
        self._tables = self._laid_out()
        self._watch: Pass | None = None
        if self._validation is not None:
            X, y = self._validation
            self._watch = net.private("loss", X.shape[-2], X.ndim == 3)
            self._watch.load(X, y)

    def _laid_out(self) -> list[tuple[Array, int, Array]]:
        """All rows as the plan's buffers want them: a batch is two gathers. None where all in it count."""
        done = self._plans[self.batch]
        if self.batch == self.n:
            done.load(self.X, self.y)
        if self.batch == self.n or self._weights is not None:
            return []
        rows = np.ones((*self.X.shape[:-1], done.rows.shape[-1]), self.net.dtype)
        rows[..., :-1] = self.X
        wanted = np.empty((*self.X.shape[:-1], done.wanted.shape[-1]), self.net.dtype)
        done.lay(self.y, wanted)
        return [_as_it_lies(rows, done.rows), _as_it_lies(wanted, done.wanted)]

    def _masses(self) -> Array | None:
        """What each row weighs in the loss of its batch, (…, n); None where all weigh the same."""
        each = [self.net.masses(y) for y in (self.y if self.own else [self.y])]
        if all(one is None for one in each):
            return None
        full = [np.ones(self.n) if one is None else one for one in each]
        return np.stack(full) if self.own else full[0]

    # --- running -------------------------------------------------------------------------
    @spelt
    def epochs(self, n: int, every: int = 1) -> Iterator[Stretch]:
        """Run up to n epochs, a stretch after each `every`; an epoch that is begun is ended first.
        Stops by itself where all that is left is NaN. Nothing runs between the stretches."""
        for done in range(0, whole("epochs", n, 0), whole("every", every)):
            if self.lost:
                return
            losses: list[Any] = []
            curve: list[Any] = []
            with np.errstate(all="ignore"):  # once for many steps: it costs as much as four calls
                for _ in range(min(every, n - done)):
                    own = self._on(self.per_epoch)
                    losses += own
                    curve.append(self._sum / self._mass)
                    if self._note(own):
                        break
            seen = self.watched(), self.diverged_at
            yield Stretch(self.epoch, self.step, tuple(curve), tuple(losses), *seen)

    def steps(self, n: int) -> Iterator[Stretch]:
        """Run n updates, a stretch after each; the validation loss is left out."""
        for _ in range(whole("steps", n, 0)):
            if self.lost:
                return
            with np.errstate(all="ignore"):
                (loss,) = own = self._on(1)
            self._note(own)
            yield Stretch(self.epoch, self.step, (loss,), (loss,), None, self.diverged_at)

    @np.errstate(all="ignore")
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

    def _on(self, most: int) -> list[Any]:
        """Go on with this epoch for at most so many batches: the loss of each before its update."""
        if not self._at:
            self._begin()
        losses, start = [], self._at
        self._at = min(self.n, start + most * self.batch)
        for at in range(start, self._at, self.batch):
            size = min(self.batch, self.n - at)
            done, mass = self._plans[size], size / self.batch
            if self.batch < self.n:
                chosen = self._order[at : at + size]
                if self._tables and size == self.batch:
                    for table, axis, out in self._tables:
                        table.take(chosen, axis, out, "clip")  # "raise" would copy first
                else:
                    done.load(self.X[..., chosen, :], self.y[:, chosen] if self.own else self.y[chosen])
                if self._weights is not None:
                    mass = self._weights[..., chosen].sum(axis=-1)
            losses.append(self._update(done))
            self._sum, self._mass = self._sum + losses[-1] * mass, self._mass + mass
        if self._at == self.n:
            self._at, self.epoch = 0, self.epoch + 1
        return losses

    def _begin(self) -> None:
        """Open an epoch: the schedule's clock, and the order of the rows."""
        self._binding.time = float(self.epoch)
        self._sum = self._mass = 0.0
        if self.shuffle and self.batch < self.n:
            self._drawn = self.rng.bit_generator.state
            self._order = self.rng.permutation(self.n)

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
        if self.net.members:
            return scored.exact() if scored.cancels() else scored.L.copy()
        if not self._wary:
            loss = scored.L.item()
            if 1e-4 <= loss < 1000:
                return loss
        self._wary = scored.cancels()
        return scored.mean().item()

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

    # --- film ----------------------------------------------------------------------------
    @property
    def rate(self) -> Any:
        """The learning rate, before a schedule; (members,) for a fleet. Set it to go on with
        another one: what the rule remembers stays."""
        lr = self._binding.lr
        return lr[..., 0].copy() if self.net.members else float(lr)

    @rate.setter
    def rate(self, lr: Any) -> None:
        self._binding.set_rate(lr)

    def kept(self) -> Snapshot:
        """All that decides how it goes on from here, to come back to."""
        binding, order = self._binding, self._drawn if self._at else self.rng.bit_generator.state
        theta, *others = [array.copy() for array in self._changing()]
        return Snapshot(
            self._of, self.epoch, self.step, theta, tuple(others), self.rate, binding.t,
            (order, self.net.rng.bit_generator.state), (self._at, self._sum, self._mass), self._wary,
            self._diverged,
        )  # fmt: skip

    def copy(self) -> "Trainer":
        """An independent training with a net of its own; it goes on from here with the same bits."""
        return _again(self.net.copy(), *self._parts())

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> "Trainer":
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.net, *self._parts())

    def _parts(self) -> tuple[Any, ...]:
        """What it is made of beside its net, and where it stands."""
        data = self.X, self.y
        return data, self._rule, self.batch, self._validation, self.shuffle, self.kept()

    def put_back(self, snapshot: Any) -> None:
        """Go on from a snapshot of this training, or of another one that goes on as this one does:
        all is the same but the rows themselves, the weights and the rate."""
        if not isinstance(snapshot, Snapshot):
            raise LabError(f"put_back got {short(snapshot)}; it wants a snapshot that kept() gave")
        refuse_another(snapshot.of, self._of)
        for array, kept in zip(self._changing(), (snapshot.theta, *snapshot.others), strict=True):
            array[...] = kept
        self.epoch, self.step, binding = snapshot.epoch, snapshot.step, self._binding
        self.rate = snapshot.rate
        binding.t, binding.time = snapshot.steps_of_rule, float(snapshot.epoch)
        self.rng.bit_generator.state, self.net.rng.bit_generator.state = snapshot.chance
        self._wary, self._diverged = snapshot.wary, snapshot.diverged
        self.lost = bool(snapshot.diverged.all())
        if snapshot.place[0]:
            self._begin()  # draws the order again
        self._at, self._sum, self._mass = snapshot.place

    def _changing(self) -> list[Array]:
        """All numbers that a step changes."""
        return [*self.net.numbers, *self._binding.remembered]

    @cached_property
    def _of(self) -> dict[str, Any]:
        rows = {"rows": self.n, "batch": self.batch, "shuffle": self.shuffle}
        return nature(self.net, self._rule) | rows

    # --- to the end ----------------------------------------------------------------------
    @spelt
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
        whole("epochs", n)
        either("restore", restore)
        if self._watch is None:
            if patience is not None:
                raise LabError("patience wants validation rows to watch; there are none")
            losses = [loss for stretch in self.epochs(n, every=50) for loss in stretch.curve]
            return Curves(np.array(losses), None, None, None, self.diverged_at, self.epoch)
        if patience is not None:
            whole("patience", patience)
        best, stretches = _Best(self.net, patience, checkpoint), []
        for stretch in self.epochs(n):
            stretches.append(stretch)
            if best.note(stretch.epoch, stretch.validation_loss):
                break
        if restore:
            best.restore()
        curve, watched = (np.array([getattr(e, of) for e in stretches]) for of in ("loss", "validation_loss"))
        epoch, loss = (a if self.net.members else a.item() for a in (best.epoch, best.loss))
        return Curves(curve, watched, epoch, loss, self.diverged_at, self.epoch)


def _again(
    net: Any, data: Any, rule: Optimiser, batch: int, validation: Any, shuffle: bool, snapshot: Any
) -> Trainer:
    """A training as another one stood in a snapshot."""
    made = Trainer(net, data, rule, batch, validation=validation, shuffle=shuffle)
    made.put_back(snapshot)
    return made


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
    X, y = pair_of(data)
    return (rows := np.array(net.rows_of(X))), np.array(net.targets_of(rows, y))  # no longer the caller's

"""Nets to use: one, its copies, and a fleet of them in one plan.

net = Net("2-3-1", hidden="relu", out="sigmoid", loss="bce", seed=7)
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from nnlab import files
from nnlab.chance import stream
from nnlab.errors import LabError, numbers_in, one_of, short, spelt, whole
from nnlab.given import plain
from nnlab.layers import Layer
from nnlab.optim import SGD, Optimiser, rate_of
from nnlab.passes import Pass
from nnlab.plan import Array
from nnlab.settings import Settings
from nnlab.trace import Trace
from nnlab.train import Curves, Trainer
from nnlab.wiring import Wired

CHUNK = 2400  # rows a prediction takes at once: more would fall out of the cache


class Cost(NamedTuple):
    """What a layer costs: parameters, numpy calls of a training step, multiply-adds per row."""

    layer: str
    parameters: int
    calls: int
    multiply_adds: int  # forward


class Net(Wired):
    __doc__ = Wired.__doc__

    # --- using ---------------------------------------------------------------------------
    def predict(self, X: Any) -> Array:
        """Outputs after the squash: (n,) for one output, else (n, outputs), (n, places, outputs)
        of a sequence; members first."""
        X = self.rows_of(X)
        n, lead = X.shape[-2], len(self.members)
        size = -(-n // -(-n // CHUNK))  # equal parts, so that no row is computed for nothing
        done = self.prepare("predict", size, X.ndim == 3)
        out = np.empty((*self.members, n, *self.output), dtype=self.dtype)
        seen = np.moveaxis(out, lead, -1)  # rows last, as in the plan
        with self.params.alone, np.errstate(all="ignore"):  # once for all parts
            for start in range(0, n, size):
                part = X[..., start : start + size, :]
                done.load(part)
                done.plan.go()
                seen[..., start : start + size] = done.out.seen[..., : part.shape[-2]]
        return out.reshape(*out.shape[: lead + 1]) if self.outputs == 1 else out

    def values(self, X: Any) -> dict[str, Array]:
        """Every named value of a forward pass: {"z1": (n, 3), "h1": (n, 3), …, "yhat": …}; of a
        sequence (n, places, …), the shares of attention (n, heads, queries, keys)."""
        with self.params.alone:
            done = self._ran("predict", X)
            seen = {op.name: op.seen for op in done.plan.shown()}
            seen.setdefault("yhat", done.out.seen)
            return {name: np.moveaxis(array, -1, len(self.members)).copy() for name, array in seen.items()}

    def losses(self, X: Any, y: Any) -> Array:
        """The loss of every row (mean over its outputs), (n,); classes weigh the same."""
        X = self.rows_of(X)
        y = self.targets_of(X, y)
        return np.concatenate([self._each(X[..., at, :], self._cut(y, X, at)) for at in _pieces(X)], axis=-1)

    @np.errstate(all="ignore")
    def _each(self, X: Array, y: Array) -> Array:
        n = X.shape[-2]  # of a sequence all its columns
        with self.params.alone:
            scored = self._run("loss", X, y).scored
            assert scored is not None
            losses, w = (a.reshape(*a.shape[:-2], -1, n) for a in (scored.each(), scored.w))
            counts = w > 0  # not where a place is left out
            return np.asarray((losses * counts).sum(axis=-2) / np.maximum(counts.sum(axis=-2), 1))

    @np.errstate(all="ignore")  # a net that has run away says so by its loss
    def loss(self, X: Any, y: Any) -> Any:
        """Mean loss, a float; (members,) for a fleet. Penalties are not part of it."""
        X = self.rows_of(X)
        y, pieces = self.targets_of(X, y), _pieces(X)
        with self.params.alone:
            if len(pieces) == 1:
                return self._run("loss", X, y).loss()
            parts = [(X[..., at, :], self._cut(y, X, at)) for at in pieces]
            masses = [self._mass(part, X.ndim == 3) for _, part in parts]
            each = (self._run("loss", *part).loss() * mass for part, mass in zip(parts, masses, strict=True))
            return sum(each) / sum(masses)

    def _mass(self, y: Array, own: bool) -> Any:
        """What these rows weigh in a mean; (members,) where each has its own."""
        found = [self.masses(part) for part in (y if own else [y])]
        sums = [len(y) if mass is None else float(mass.sum()) for mass in found]
        return np.array(sums) if own else sums[0]

    def _cut(self, y: Array, X: Array, at: slice) -> Array:
        return y[:, at] if X.ndim == 3 else y[at]

    def accuracy(self, X: Any, y: Any) -> Any:
        """Share of rows (of a sequence: places) on the right side: the largest output for labels, else
        ŷ > ½."""
        guess, y = self._guessed(X, y)
        if self.loss_kind.labels:
            counts = np.broadcast_to(y >= 0, guess.shape[:-1])  # −1: left out
            lost = np.isnan(guess).any(axis=-1)  # of a net that has run away: no answer is no right one
            right = (guess.argmax(axis=-1) == y) & counts & ~lost
        else:
            edge = 0.0 if self.loss_kind.name == "bce-logits" else 0.5
            right = ((guess > edge) == (y > 0.5)) & ~np.isnan(guess)
            counts = np.ones_like(right)
        sums = (a.reshape(*self.members, -1).sum(axis=-1) for a in (right, counts))
        return self._plain(np.divide(*sums))

    def r2(self, X: Any, y: Any) -> Any:
        """1 − Σ(ŷ − y)² / Σ(y − ȳ)²: 0 is no better than the mean; of several outputs the mean. Where
        y never changes 1 if all are hit, else 0, as scikit-learn has it."""
        if self.loss_kind.labels:
            raise LabError(f'R² is of numbers; loss "{self.loss_kind.name}" names classes: use accuracy')
        guess, y = self._guessed(X, y)
        flat = (*self.members, -1, self.outputs)
        guess, y = guess.reshape(flat).astype(float), np.broadcast_to(y, guess.shape).reshape(flat)
        with np.errstate(all="ignore"):  # of a net that has run away: R² is −∞ or NaN
            still = (y == y[..., :1, :]).all(axis=-2)
            most = np.frexp(np.abs(y).max(axis=-2, keepdims=True))[1]  # squares of 1e200 are no numbers
            miss, y = np.ldexp(guess, -most) - np.ldexp(y, -most), np.ldexp(y, -most)
            off = y - y.mean(axis=-2, keepdims=True)
            each = 1 - (miss**2).sum(axis=-2) / np.where(still, 1, (off**2).sum(axis=-2))
            each = np.where(still, (miss == 0).all(axis=-2), each)
        return self._plain(each.mean(axis=-1))

    def _guessed(self, X: Any, y: Any) -> tuple[Array, Array]:
        """ŷ (…, n, outputs) and, through the door of the loss, y in the same form; of labels without
        the last axis."""
        rows = self.rows_of(X)
        y = self.targets_of(rows, y)
        lead = y.shape[: rows.ndim - 1]
        guess = self.predict(X).reshape(*self.members, rows.shape[-2], *self.output)
        return guess, y.reshape(*lead, *(self.output[:-1] if self.loss_kind.labels else self.output))

    @np.errstate(all="ignore")
    def backward(self, X: Any, y: Any) -> Any:
        """Fill `grad` and return the loss; nothing is updated."""
        done = self._loaded(X, y)
        done.plan.run()
        return done.loss()

    def step(self, X: Any, y: Any, optimiser: Optimiser | str) -> Any:
        """One update on these rows as one batch; returns the loss before it. What the rule
        remembers goes on from step to step, also where it is written anew: `SGD(.1)` in a loop."""
        binding = self.binding(optimiser)
        with np.errstate(all="ignore"):  # once for all: it costs as much as four calls
            done = self._loaded(X, y)
            done.plan.go()
            loss = done.loss()
            binding.before()
            binding.plan.go()
        return loss

    @spelt
    def fit(
        self, data: Any, steps: int, optimiser: Optimiser | str = SGD(0.1), *,  # noqa: B008  # frozen
        batch: int | None = None, seed: int = 0, validation: Any = None, shuffle: bool = True,
    ) -> Curves:  # fmt: skip
        """Train for `steps` updates, rounded up to whole epochs, as a Trainer of these. A fleet trains
        all its members; its own rates, where it has them, are the optimiser's."""
        trainer = Trainer(self, data, optimiser, batch, seed, validation, shuffle)
        return trainer.fit(-(-whole("steps", steps) // trainer.per_epoch))

    def _loaded(self, X: Any, y: Any) -> Pass:
        """The plan that trains, with these rows in it. To check all that can be wrong with rows costs more
        than a step of a small net: in a form that was found right before, they are only looked through."""
        rows, wanted, form = plain(X), plain(y), None
        if rows is not None and wanted is not None and self.class_weight is None:
            form = rows.shape, rows.dtype.char, wanted.shape, wanted.dtype.char
            taken = self._taken.get(form)
            if taken is not None and taken.put(rows, wanted):
                return taken
        X = self.rows_of(X)
        y = self.targets_of(X, y)
        done = self.prepare("train", X.shape[-2], X.ndim == 3)
        done.load(X, y)
        if form is not None:
            self._taken[form] = done
        return done

    @spelt
    def trace(
        self,
        x: Any,
        y: Any = None,
        given: Mapping[str, Any] | None = None,
        swap: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Trace:
        """Every named number of a forward (with y: also a backward) pass; see Trace."""
        X = self.rows_of(x)
        with self.params.alone:
            done = self.prepare("forward" if y is None else "taught", len(X))
            done.load(X, None if y is None else self.targets_of(X, y))
            return Trace(X, y, given, swap, self.params, done)

    def _ran(self, mode: str, X: Any, y: Any = None) -> Pass:
        """The plan of a mode after a run on what a caller gave."""
        X = self.rows_of(X)
        return self._run(mode, X, None if y is None else self.targets_of(X, y))

    def _run(self, mode: str, X: Array, y: Array | None) -> Pass:
        """The same for rows and targets that are checked already."""
        done = self.prepare(mode, X.shape[-2], X.ndim == 3)
        done.load(X, y)
        done.plan.run()
        return done

    def _plain(self, value: Any) -> Any:
        return value if self.members else float(value)

    # --- what it costs -------------------------------------------------------------------
    @spelt
    def cost(self, batch: int = 2) -> list[Cost]:
        """A line for each layer and one for the loss."""
        calls = Counter(op.layer for op in self.private("train", batch).plan.ops if op.call)
        return [
            Cost(repr(layer), sum(math.prod(block.shape) for block in layer.blocks()),
                 calls[layer.place], layer.multiply_adds())
            for layer in self.layers
        ] + [Cost(self.loss_kind.name, 0, calls[0], 0)]  # fmt: skip

    @spelt
    def calls(self, batch: int = 1, optimiser: Optimiser | str | None = None) -> int:
        """numpy calls in one training step."""
        own = 0 if optimiser is None else len(self.binding(optimiser).plan.calls)
        return len(self.private("train", batch).plan.calls) + own

    # --- out -----------------------------------------------------------------------------
    def tensors(self) -> dict[str, Array]:
        """Copies of all numbers, named and laid out as torch would in an nn.Sequential with a module
        for each of our layers: {"0.weight": (out, in), "0.bias": (out,), …}. Into torch:

            twin = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
            state = {name: torch.tensor(a) for name, a in net.tensors().items()}
            twin.to(torch.float64).load_state_dict(state)
            twin(torch.tensor([[1.0, 2.0]], dtype=torch.float64))

        Into a file of safetensors, and back:

            from safetensors.numpy import load_file, save_file
            save_file(net.tensors(), "net.safetensors")
            tensors = load_file("net.safetensors")
            assert (tensors["0.weight"] == net[0].W).all()

        Into ONNX, through that twin:

            rows = torch.zeros(1, 2, dtype=torch.float64)
            torch.onnx.export(twin.eval(), (rows,), "net.onnx", input_names=["x"], output_names=["yhat"])
            session = onnxruntime.InferenceSession("net.onnx")
            session.run(None, {"x": rows.numpy()})

        `nnlab.out.code(net, "torch", …)` prints the modules of every kind of net.
        """
        layers = enumerate(self.layers)
        named = {f"{i}.{name}": a for i, layer in layers for name, a in layer.tensors().items()}
        return {name: np.array(a, order="C") for name, a in named.items()}

    # --- files and twins -----------------------------------------------------------------
    def save(self, path: str | Path) -> None:
        """Write all that this net is and its numbers as .npz, without pickle."""
        members = self.members[0] if self.members else None
        words = files.in_words(self.layers, self.settings, members, self.rates)
        files.save(path, words, {"theta": self.theta, **self.state})

    @classmethod
    def load(cls, path: str | Path) -> "Net":
        """The net, or the fleet, that `save` wrote; it opens by itself."""
        layers, settings, members, rates, numbers = files.load(path)
        kind = Net if members is None else Fleet
        try:
            net = kind._of(layers, settings, members)
        except files.UNLIKE as error:
            raise LabError(f"{Path(path).name} does not hold a whole net: {error}") from error
        net.rates = rates
        wants = {"theta": net.theta, **net.state}
        got, want = ({n: (a.shape, a.dtype.name) for n, a in each.items()} for each in (numbers, wants))
        if got != want or not (rates is None or np.shape(rates) == net.members != ()):
            raise LabError(f"{Path(path).name} does not hold a whole net: its numbers are of another one")
        for name, own in wants.items():
            own[...] = numbers[name]
        return net

    @classmethod
    def _of(cls, layers: Sequence[Layer], settings: Settings, members: int | None = None) -> Self:
        """A net of these layers with all numbers 0."""
        net = object.__new__(cls)
        net._wire(layers, settings, members)
        return net

    def fresh(self, seed: int) -> "Net":
        """The same architecture with weights drawn from another seed."""
        net = Net._of(self.layers, replace(self.settings, seed=seed))
        net.params.fill(net._initialisers(), stream("start", seed))
        return net

    def copy(self) -> Self:
        """An independent net with the same numbers, which draws the same noise; what optimisers
        remember of steps by hand is not taken along."""
        twin = self._of(self.layers, self.settings, self.members[0] if self.members else None)
        twin.rates = self.rates
        for own, array in zip([*twin.numbers, twin.grad], [*self.numbers, self.grad], strict=True):
            own[...] = array
        twin.rng.bit_generator.state = self.rng.bit_generator.state
        return twin

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        members = self.members[0] if self.members else None
        parts = type(self), list(self.layers), self.settings, members
        return _revived, (*parts, self.rates, [a.copy() for a in self.numbers], self.rng.bit_generator.state)

    @spelt
    def fleet(self, n: int, lr: Any = None, seeds: Sequence[int] | None = None) -> "Fleet":
        """n copies in one plan: with `lr` (n values) the same start at different rates, else
        the starts of `seeds` (by default this net's seed and the ones after it)."""
        return Fleet(self, n, lr, seeds)


class Fleet(Net):
    """n nets of one architecture in one plan; every result has the members first."""

    def __init__(self, net: Net, n: int, lr: Any, seeds: Sequence[int] | None) -> None:
        whole("the number of nets in a fleet", n)
        if seeds is not None and ((found := numbers_in(seeds)) is None or found.ndim != 1):
            raise LabError(f"a fleet of {n} got seeds = {short(seeds)}; it wants a list of {n}")
        if seeds is not None and len(seeds) != n:
            raise LabError(f"a fleet of {n} got {len(seeds)} seeds; it wants {n}")
        self._wire(net.layers, net.settings, n)
        if lr is not None:
            rates = rate_of("the fleet", lr)
            self.rates = rates if isinstance(rates, tuple) else (rates,) * n
            if len(self.rates) != n:
                raise LabError(f"a fleet of {n} got {len(self.rates)} rates; it wants {n}")
        if seeds is None and lr is None:
            seeds = range(net.settings.seed, net.settings.seed + n)
        for i in range(n):
            one = net if seeds is None else net.fresh(seeds[i])
            for own, array in zip(self.numbers, one.numbers, strict=True):
                own[i] = array

    def tensors(self) -> dict[str, Array]:
        raise LabError("a fleet has no tensors of its own; take one net of it: fleet.member(0).tensors()")

    def fleet(self, *_: Any, **__: Any) -> "Fleet":
        raise LabError("a fleet makes no fleet; take one net of it: fleet.member(0).fleet(…)")

    def trace(self, *_: Any, **__: Any) -> Trace:
        raise LabError("a fleet has no trace; take one net of it: fleet.member(0).trace(…)")

    @cached_property
    def net(self) -> Net:
        """One net like the members, to put their numbers into and look at them in turn."""
        return Net._of(self.layers, self.settings)

    def member(self, i: int) -> Net:
        """An independent copy of one member."""
        i, one = one_of("member", i, len(self.theta), "members"), Net._of(self.layers, self.settings)
        for own, array in zip(one.numbers, self.numbers, strict=True):
            own[...] = array[i]
        return one


def _revived(
    kind: type[Net], layers: list[Layer], settings: Settings, members: int | None, rates: Any,
    numbers: list[Array], chance: Any,
) -> Net:  # fmt: skip
    """A net out of its pickle."""
    net = kind._of(layers, settings, members)
    net.rates = rates
    for own, array in zip(net.numbers, numbers, strict=True):
        own[...] = array
    net.rng.bit_generator.state = chance
    return net


def _pieces(X: Array) -> list[slice]:
    """Cuts of many rows into equal parts that fit the cache."""
    n = X.shape[-2]
    size = -(-n // -(-n // CHUNK))
    return [slice(start, start + size) for start in range(0, n, size)]

"""A net: layers, one flat θ, and a plan for every batch size it has met.

    net = Net("2-3-1", hidden="relu", out="sigmoid", loss="bce", seed=7)
"""

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from nnlab.errors import LabError, ShapeError
from nnlab.layers import Activation, Dense, Layer, number
from nnlab.losses import Loss, Target, loss_of
from nnlab.optim import Binding, Optimiser
from nnlab.params import INITIALISERS, Initialiser, Params, initialiser
from nnlab.plan import Array, Plan, Rows
from nnlab.trace import Trace

CHUNK = 1024  # rows a prediction takes at once: more would fall out of the cache


@dataclass(eq=False)
class Written:
    """A plan together with where its rows go in and its results come out."""

    plan: Plan
    io: Array  # (…, batch, features + 1 + targets), row by row as the data lie
    features: int
    out: Rows  # the last layer's rows
    target: Target | None = None
    L: Array | None = None
    each: Array | None = None
    halves: bool = False  # fused BCE keeps (m | ln(1 + e^m)): the loss is their difference

    def load(self, X: Array, y: Any = None) -> None:
        n, f = X.shape[-2], self.features
        self.io[..., :n, :f] = X
        if y is not None and self.target is not None:
            self.io[..., :n, f + 1 :] = self.targets(y)

    def targets(self, y: Any) -> Array:
        assert self.target is not None
        batch = self.plan.batch
        if self.io.ndim == 2:
            return self.target.encode(y, batch)
        return np.stack([self.target.encode(member, batch) for member in y])

    def losses(self) -> Array:
        """(…, losses per row, batch)."""
        assert self.each is not None
        if not self.halves:
            return self.each
        n = self.each.shape[-2] // 2
        result: Array = self.each[..., n:, :] - self.each[..., :n, :]
        return result


class Net:
    """`Net("2-3-1", …)` or `Net(layers…, loss=…, input=shape of one sample)`.

    X is (n, features), y (n,) or (n, outputs), whole-number labels for loss="ce". `init=None`
    takes what suits each layer's squash. `l1`, `l2` add l1·Σ|w| and l2/2·Σw² over the weights
    to what is minimised (never to the loss that is reported; biases are left alone).
    `strict=False` admits an output that does not fit the loss, which the clinic needs.
    """

    def __init__(
        self,
        *layers: str | Layer,
        hidden: str = "relu",
        out: str | None = None,
        loss: str | Loss = "mse",
        input: int | tuple[int, ...] | None = None,  # noqa: A002  # the word for it
        seed: int = 0,
        init: str | tuple[str, float] | Initialiser | None = None,
        kinks: tuple[float, float] | None = None,
        l1: float = 0.0,
        l2: float = 0.0,
        class_weight: Sequence[float] | None = None,
        dtype: DTypeLike = np.float64,
        strict: bool = True,
        members: int | None = None,
    ) -> None:
        self.loss_kind = loss_of(loss)
        self.layers, self.input = _layers(layers, hidden, out or self.loss_kind.out, input)
        self.output = number(self.layers, self.input)
        self.layers[-1].last = True
        self.seed, self.init, self.kinks, self.l1, self.l2 = seed, init, kinks, l1, l2
        self.dtype = np.dtype(dtype)
        self.strict = strict
        self.members: tuple[int, ...] = () if members is None else (members,)
        self.class_weight = None if class_weight is None else np.asarray(class_weight, dtype=float)
        self._check_output()
        self.params = Params([b for y in self.layers for b in y.blocks()], self.members, dtype)
        self.state = _state(self.layers, self.members, self.dtype)
        for layer in self.layers:
            layer.bind(self.params, self.state)
        self.rng = np.random.default_rng(seed)
        if not self.members:
            self.params.fill(self._initialisers(), self.rng)
        self._plans: dict[tuple[Any, ...], Written] = {}
        self._bindings: dict[Optimiser, Binding] = {}

    # --- what it is ----------------------------------------------------------------------
    @property
    def theta(self) -> Array:
        """All parameters, (count,); everything else looks into it."""
        return self.params.theta

    @property
    def grad(self) -> Array:
        """∂L/∂θ of the last backward pass, (count,)."""
        return self.params.grad

    @property
    def out(self) -> str:
        """The name of the output squash."""
        last = self.layers[-1]
        return last.how.name if isinstance(last, Activation) else "linear"

    @property
    def outputs(self) -> int:
        return math.prod(self.output)

    @property
    def features(self) -> int:
        return math.prod(self.input)

    def __getitem__(self, i: int) -> Dense:
        """The i-th layer with weights, counted from 0."""
        found: Any = [p for layer in self.layers for p in layer.parts() if p.weighted][i]
        return found  # typed as the usual one, so that net[0].W reads without a cast

    def __repr__(self) -> str:
        return f"Net({' · '.join(map(repr, self.layers))}, loss={self.loss_kind.name})"

    def _initialisers(self) -> list[Initialiser]:
        found: list[Initialiser] = []
        for i, layer in enumerate(self.layers):
            after = self.layers[i + 1] if i + 1 < len(self.layers) else None
            fits = after.how.init if isinstance(after, Activation) else "lecun"
            how = initialiser(self.init or fits, self.kinks)
            if how.kinks is not None and layer.k > 1:
                how = INITIALISERS["he"]  # only the first layer sees the data's range
            found += [how] * len(layer.blocks())
        return found

    def _check_output(self) -> None:
        kind, out = self.loss_kind, self.out
        if kind.name == "ce" and self.outputs < 2:
            raise LabError('loss "ce" wants one output per class, at least 2; the net has 1')
        if self.strict and kind.out != "linear" and out != kind.out:
            raise LabError(
                f'loss "{kind.name}" wants the output "{kind.out}"; the net ends in "{out}"'
            )
        if self.strict and kind.name == "bce-logits" and out != "linear":
            raise LabError(f'loss "bce-logits" wants the output "linear"; the net ends in "{out}"')

    # --- plans ---------------------------------------------------------------------------
    def written(self, mode: str, batch: int, own: bool = False) -> Written:
        """The plan for a mode ("predict", "forward", "loss", "train", "taught") and a batch size, written
        once. `own`: every member of a fleet gets its own rows."""
        key = (mode, batch, own)
        if key not in self._plans:
            if len(self._plans) >= 16:
                self._plans.pop(next(iter(self._plans)))  # the oldest; a step allocates nothing
            self._plans[key] = self.private(mode, batch, own)
        return self._plans[key]

    def private(self, mode: str, batch: int, own: bool = False) -> Written:
        """A plan nobody else runs, so that rows loaded into it stay."""
        scored = mode not in ("predict", "forward")
        taught = mode in ("taught", "forward")
        plan = Plan(
            batch, self.members, self.dtype, training=mode == "train", taught=taught, rng=self.rng
        )
        kind = self.loss_kind
        # the squash is skipped where the loss is read from the logits
        fused = kind.fuses == self.out and (not taught or self.out == "linear")
        skip = 1 if fused and scored and self.out != "linear" else 0
        target = Target(kind, self.outputs, fused, self.class_weight)
        width = self.features + 1 + (target.total if scored else 0)
        io = np.ones((*(self.members if own else ()), batch, width), dtype=self.dtype)
        layers = self.layers[: len(self.layers) - skip]
        xs = [self._input(plan, io)]
        for layer in layers:
            xs.append(layer.forward(plan, xs[-1]))
        done = Written(plan, io, self.features, xs[-1], target)
        if taught and xs[-1].name != "yhat":
            plan.show("yhat", f"ŷ = {xs[-1].name}", xs[-1])
        if not scored:
            return done
        slope = self._write_loss(done, fused)
        if mode in ("train", "taught"):
            plan.phase = "backward"
            dz: Array | None = slope()
            first = next(i for i, layer in enumerate(layers) if layer.blocks())
            for i in reversed(range(len(layers))):
                if dz is not None:
                    dz = layers[i].backward(plan, xs[i], dz, wants=taught or i > first)
        return done

    def _input(self, plan: Plan, io: Array) -> Rows:
        with_one = io[..., : self.features + 1].swapaxes(-1, -2)
        x = Rows("X", with_one, with_one[..., :-1, :], self.input)
        if self.layers[0].keeps_column_major:
            return x
        rows = plan.rows(self.features, "X", self.input)
        plan.copy(x.value, rows)
        return rows

    def _write_loss(self, done: Written, fused: bool) -> Callable[[], Array]:
        plan, kind, target, z = done.plan, self.loss_kind, done.target, done.out.value
        assert target is not None
        plan.phase = "loss"
        columns = done.io[..., self.features + 1 :].swapaxes(-1, -2)
        y, given = columns[..., : target.width, :], columns[..., target.width :, :]
        w = np.full((target.per, plan.batch), 1 / (plan.batch * target.per), dtype=self.dtype)
        if self.class_weight is None:
            w.flags.writeable = False
        else:
            w = plan.copy(given, np.ones(given.shape, dtype=self.dtype))
        if fused:
            done.each, done.L = kind.fused(plan, z, y, w)
            done.halves = target.width > target.outputs
            return lambda: kind.fused_slope(plan, z, y, w, f"d{done.out.name}")
        done.each = kind.each(plan, z, y)
        done.L = kind.mean(plan, done.each, w)
        return lambda: self._slope(plan, z, y, w, done.out.name)

    def _slope(self, plan: Plan, yhat: Array, y: Array, w: Array, name: str) -> Array:
        slope = self.loss_kind.slope(plan, yhat, y, w)
        if name != "yhat":
            plan.show(f"d{name}", f"∂L/∂{name} = ∂L/∂ŷ", slope)
        return slope

    # --- rows in -------------------------------------------------------------------------
    def rows_of(self, X: Any) -> Array:
        """X as (n, features), or a sentence about what is wrong with it. A fleet also takes
        (members, n, features)."""
        X = np.asarray(X, dtype=self.dtype)
        if X.shape == self.input:
            X = X[None]
        own = bool(self.members) and X.ndim == len(self.input) + 2
        n = X.shape[: 1 + own]
        if X.ndim == len(self.input) == 1 and self.features == 1:
            X = X[:, None]
        if X.ndim != len(self.input) + 1 + own or X.shape[1 + own :] != self.input:
            got = X.shape[-1] if X.ndim == 2 and len(self.input) == 1 else X.shape[1:]
            wants = self.features if isinstance(got, int) else self.input
            what = "values" if isinstance(got, int) else "per row, it wants"
            say = f"{got} values per row; it wants {wants}"
            if what != "values":
                say = f"rows of shape {got}; it wants {wants}"
            raise ShapeError(f"{self.layers[0].at} got {say}", got, wants)
        if 0 in n:
            raise LabError("the data are empty: 0 rows; the net wants at least 1")
        if not np.isfinite(X).all():
            where = np.argwhere(~np.isfinite(X.reshape(-1, self.features)))[0]
            raise LabError(f"X holds NaN or infinity, first in row {where[0]}, column {where[1]}")
        return X.reshape(*n, self.features)

    def targets_of(self, X: Array, y: Any) -> Array:
        """y as the loss wants it, checked against X."""
        y = np.asarray(y, dtype=float)
        if X.ndim == 3:
            if len(y) != len(X):
                raise ShapeError(f"X is for {len(X)} members and y for {len(y)}", len(y), len(X))
            return np.stack([self._one_targets(a, b) for a, b in zip(X, y, strict=True)])
        return self._one_targets(X, y)

    def _one_targets(self, X: Array, y: Array) -> Array:
        if y.ndim == 0:
            y = y[None]
        if len(X) == 1 and y.shape == self.output and self.outputs > 1:
            y = y[None]
        if len(y) != len(X):
            raise ShapeError(f"X has {len(X)} rows and y has {len(y)}", len(y), len(X))
        if not np.isfinite(y).all():
            where = np.argwhere(~np.isfinite(y))[0][0]
            raise LabError(f"y holds NaN or infinity, first in row {where}")
        self.loss_kind.check(y, self.outputs)
        if self.class_weight is not None and y.max() >= len(self.class_weight):
            raise LabError(
                f"class_weight has {len(self.class_weight)} entries and y the label {y.max():g}"
            )
        return y

    def _loaded(self, mode: str, X: Any, y: Any) -> Written:
        X = self.rows_of(X)
        y = self.targets_of(X, y)
        done = self.written(mode, X.shape[-2], X.ndim == 3)
        done.load(X, y)
        return done

    # --- using ---------------------------------------------------------------------------
    def predict(self, X: Any) -> Array:
        """Outputs after the squash: (n,) for one output, else (n, outputs); members first."""
        X = self.rows_of(X)
        n, own = X.shape[-2], X.ndim == 3
        size = min(n, CHUNK)
        done = self.written("predict", size, own)
        out = np.empty((*self.members, n, self.outputs), dtype=self.dtype)
        with np.errstate(all="ignore"):
            for start in range(0, n, size):
                part = X[..., start : start + size, :]
                done.load(part)
                done.plan.run()
                rows = done.out.value[..., : part.shape[-2]].swapaxes(-1, -2)
                out[..., start : start + size, :] = rows
        return out[..., 0] if self.outputs == 1 else out

    def losses(self, X: Any, y: Any) -> Array:
        """The loss of every row (mean over its outputs), (n,); unweighted."""
        done = self._loaded("loss", X, y)
        with np.errstate(all="ignore"):
            done.plan.run()
        result: Array = done.losses().mean(axis=-2)
        return result

    def loss(self, X: Any, y: Any) -> Any:
        """Mean loss, a float; (members,) for a fleet. Penalties are not part of it."""
        done = self._loaded("loss", X, y)
        with np.errstate(all="ignore"):
            done.plan.run()
        return self.read(done)

    def penalty(self) -> Any:
        """l1·Σ|w| + l2/2·Σw², the rest of what training minimises."""
        w = self.theta * self.params.decays
        value = self.l1 * np.abs(w).sum(axis=-1) + self.l2 / 2 * (w * w).sum(axis=-1)
        return value if self.members else float(value)

    def read(self, done: Written) -> Any:
        """The mean loss a plan has left: a float, or (members,)."""
        assert done.L is not None
        return done.L.copy() if self.members else done.L.item()

    def backward(self, X: Any, y: Any) -> Any:
        """Fill `grad` and return the loss; nothing is updated."""
        done = self._loaded("train", X, y)
        with np.errstate(all="ignore"):
            done.plan.run()
        return self.read(done)

    def step(self, X: Any, y: Any, optimiser: Optimiser) -> Any:
        """One update on these rows as one batch; returns the loss before it."""
        loss = self.backward(X, y)
        with np.errstate(all="ignore"):
            self.binding(optimiser).step()
        return loss

    def binding(self, optimiser: Optimiser) -> Binding:
        """The optimiser's state for this net, made at its first step."""
        if optimiser not in self._bindings:
            self._bindings[optimiser] = Binding(optimiser, self.params, self.l1, self.l2)
        return self._bindings[optimiser]

    def accuracy(self, X: Any, y: Any) -> Any:
        """Share of rows on the right side: the largest output for labels, else ŷ > ½."""
        guess = self.predict(X)
        y = np.asarray(y)
        if self.loss_kind.labels:
            right = guess.argmax(axis=-1) == y
        else:
            edge = 0.0 if self.loss_kind.name == "bce-logits" else 0.5
            right = (guess > edge) == (y.reshape(y.shape[: guess.ndim]) > 0.5)
        share = right.reshape(*self.members, -1).mean(axis=-1)
        return share if self.members else float(share)

    def r2(self, X: Any, y: Any) -> Any:
        """1 − Σ(ŷ − y)² / Σ(y − ȳ)²: 0 is no better than the mean."""
        guess, y = self.predict(X), np.asarray(y, dtype=float)
        size = (*self.members, -1)
        miss = ((guess - y) ** 2).reshape(size).sum(axis=-1)
        spread = ((y - y.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
        value = 1 - miss / spread
        return value if self.members else float(value)

    def values(self, X: Any) -> dict[str, Array]:
        """Every named value of a forward pass: {"z1": (n, 3), "h1": (n, 3), …, "yhat": …}."""
        X = self.rows_of(X)
        done = self.written("predict", X.shape[-2], X.ndim == 3)
        done.load(X)
        with np.errstate(all="ignore"):
            done.plan.run()
        found = {s.name: s.array.swapaxes(-1, -2).copy() for _, s in done.plan.shown()}
        found.setdefault("yhat", done.out.value.swapaxes(-1, -2).copy())
        return found

    def trace(
        self,
        x: Any,
        y: Any = None,
        given: Mapping[str, Any] | None = None,
        swap: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Trace:
        """Every named number of a forward (with y: also a backward) pass; see Trace."""
        X = self.rows_of(x)
        mode = "forward" if y is None else "taught"
        done = self.written(mode, len(X))
        done.load(X, None if y is None else self.targets_of(X, y))
        return Trace(done.plan, done.out, X, y, given or {}, swap or {}, self.params, done.io)

    def cost(self) -> list[tuple[str, int, int]]:
        """(layer, parameters, multiply-adds per sample) for each layer."""
        return [(repr(layer), *layer.cost()) for layer in self.layers]

    def calls(self, batch: int = 1, optimiser: Optimiser | None = None) -> int:
        """numpy calls in one training step."""
        own = len(self.binding(optimiser).plan.calls) if optimiser else 0
        return len(self.written("train", batch).plan.calls) + own

    # --- copies --------------------------------------------------------------------------
    def _settings(self) -> dict[str, Any]:
        return {
            "loss": self.loss_kind, "input": self.input, "seed": self.seed, "init": self.init,
            "kinks": self.kinks, "l1": self.l1, "l2": self.l2, "dtype": self.dtype,
            "class_weight": self.class_weight, "strict": self.strict,
        }  # fmt: skip

    def fresh(self, seed: int) -> "Net":
        """The same architecture with weights drawn from another seed."""
        layers = [copy.copy(layer) for layer in self.layers]
        return Net(*layers, **{**self._settings(), "seed": seed})

    def copy(self) -> "Net":
        """An independent net with the same numbers."""
        twin = self.fresh(self.seed)
        twin.theta[...] = self.theta
        for name, array in self.state.items():
            twin.state[name][...] = array
        return twin

    def fleet(
        self, n: int, lr: Any = None, seeds: Sequence[int] | None = None
    ) -> "Fleet":
        """n copies in one plan: with `lr` (n values) the same start at different rates, else
        the starts of `seeds` (by default this net's seed and the ones after it)."""
        return Fleet(self, n, lr, seeds)

    def save(self, path: str | Path) -> None:
        """Write θ and running statistics as .npz, without pickle."""
        with Path(path).open("wb") as file:
            np.savez(file, theta=self.theta, kind=np.array(repr(self)), **self.state)

    def load(self, path: str | Path) -> Self:
        """Read what `save` wrote into this net, which must be built alike."""
        with np.load(path, allow_pickle=False) as file:
            kind = str(file["kind"])
            if kind != repr(self) or file["theta"].shape != self.theta.shape:
                raise LabError(f"{Path(path).name} holds {kind}; this net is {self!r}")
            self.theta[...] = file["theta"]
            for name, array in self.state.items():
                array[...] = file[name]
        return self


def _layers(
    given: Sequence[str | Layer], hidden: str, out: str, shape: int | tuple[int, ...] | None
) -> tuple[list[Layer], tuple[int, ...]]:
    if given and isinstance(given[0], str):
        return _from_sizes(given[0], hidden, out)
    layers = [layer for layer in given if isinstance(layer, Layer)]
    if not layers:
        raise LabError('a net wants layers, as in Net("2-3-1") or Net(Dense(1), input=2)')
    if shape is None:
        inputs = getattr(layers[0], "inputs", None)
        if inputs is None:
            raise LabError("a net of layers wants input=, the shape of one sample")
        shape = inputs
    if out != "linear" and not (isinstance(layers[-1], Activation)):
        layers.append(Activation(out))
    return layers, (shape,) if isinstance(shape, int) else tuple(shape)


def _from_sizes(text: str, hidden: str, out: str) -> tuple[list[Layer], tuple[int, ...]]:
    sizes = text.split("-")
    if len(sizes) < 2 or not all(size.isdecimal() and int(size) > 0 for size in sizes):
        raise LabError(f'"{text}" is no net; it wants sizes like "2-3-1"')
    layers: list[Layer] = []
    for i, n in enumerate(sizes[1:], 2):
        layers.append(Dense(int(n)))
        squash = out if i == len(sizes) else hidden
        if squash != "linear":
            layers.append(Activation(squash))
    return layers, (int(sizes[0]),)


def _state(layers: list[Layer], members: tuple[int, ...], dtype: Any) -> dict[str, Array]:
    shapes = {name: shape for layer in layers for name, shape in layer.state().items()}
    return {
        name: np.full((*members, *shape), float(name.startswith("variance")), dtype=dtype)
        for name, shape in shapes.items()
    }


class Fleet(Net):
    """n nets of one architecture in one plan; every result has the members first."""

    def __init__(self, net: Net, n: int, lr: Any, seeds: Sequence[int] | None) -> None:
        rates = None if lr is None else np.broadcast_to(np.asarray(lr, dtype=float), (n,))
        if seeds is not None and len(seeds) != n:
            raise LabError(f"a fleet of {n} got {len(seeds)} seeds; it wants {n}")
        lone = next((layer for layer in net.layers if not layer.stacks), None)
        if lone is not None:
            raise LabError(f"{lone.at} cannot be stacked: train its nets one by one")
        super().__init__(*[copy.copy(y) for y in net.layers], **net._settings(), members=n)
        self.lr = rates
        self.net = net
        if seeds is None and rates is None:
            seeds = range(net.seed, net.seed + n)
        for i in range(n):
            self.theta[i] = net.theta if seeds is None else net.fresh(seeds[i]).theta

    def member(self, i: int) -> Net:
        """An independent copy of one member."""
        one = self.net.copy()
        one.theta[...] = self.theta[i]
        for name, array in one.state.items():
            array[...] = self.state[name][i]
        return one

    def fit(self, data: Any, steps: int, optimiser: Optimiser | None = None, **how: Any) -> Any:
        """Train all members for `steps` epochs-of-batches; see Trainer.fit. Returns Curves."""
        from nnlab.optim import SGD
        from nnlab.train import Trainer

        rate: Any = 0.1 if self.lr is None else self.lr
        return Trainer(self, data, optimiser or SGD(rate), **how).fit_steps(steps)

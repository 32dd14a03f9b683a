"""What a net is: layers, one flat θ, and a plan for every batch size it has met."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from nnlab.batch import Target, Written, rows_of, targets_of
from nnlab.build import layers_from, state_of
from nnlab.errors import LabError
from nnlab.layers import Activation, Dense, Layer, numbered
from nnlab.losses import Loss, loss_of
from nnlab.optim import Binding, Optimiser
from nnlab.params import INITIALISERS, Initialiser, Params, initialiser
from nnlab.plan import Array, Plan, Rows
from nnlab.terms import Term
from nnlab.trace import Trace
from nnlab.written import averaged

CHUNK = 2048  # rows a prediction takes at once: more would fall out of the cache


class Wired:
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
        self.layers, self.input = layers_from(layers, hidden, out or self.loss_kind.out, input)
        self.output = numbered(self.layers, self.input)
        self.layers[-1].last = True
        self.seed, self.init, self.kinks, self.l1, self.l2 = seed, init, kinks, l1, l2
        self.dtype = np.dtype(dtype)
        self.strict = strict
        self.members: tuple[int, ...] = () if members is None else (members,)
        self.class_weight = None if class_weight is None else np.asarray(class_weight, dtype=float)
        self._check_output()
        self.params = Params([b for y in self.layers for b in y.blocks()], self.members, dtype)
        self.state = state_of(self.layers, self.members, self.dtype)
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
        usual: Dense = found  # typed as the usual one, so that net[0].W reads without a cast
        return usual

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
        needs = kind.out if kind.out != "linear" or kind.fuses else out  # any does for the others
        if self.strict and needs != out:
            raise LabError(f'loss "{kind.name}" wants the output "{needs}"; the net ends in "{out}"')

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
        plan = Plan(batch, self.members, self.dtype, training=mode == "train", taught=taught, rng=self.rng)
        kind = self.loss_kind
        # the squash is skipped where the loss is read from the logits
        fused = kind.fuses == self.out and (not taught or self.out == "linear")
        skip = 1 if fused and scored and self.out != "linear" else 0
        target = Target(kind, self.outputs, fused, self.class_weight)
        lead = (*(self.members if own else ()), batch)
        rows = np.ones((*lead, self.features + 1), dtype=self.dtype)
        if self.features < 32:  # turned round: long runs for few columns
            rows = rows.swapaxes(-1, -2).copy().swapaxes(-1, -2)
        wanted = np.ones((*lead[:-1], target.total if scored else 0, batch), dtype=self.dtype)
        wanted = wanted.swapaxes(-1, -2)
        layers = self.layers[: len(self.layers) - skip]
        xs = [self._input(plan, rows)]
        for layer in layers:
            xs.append(layer.forward(plan, xs[-1]))
        done = Written(plan, rows, wanted, self.features, xs[-1], target)
        if taught and xs[-1].name != "yhat":
            plan.show("yhat", f"ŷ = {xs[-1].name}", xs[-1])
        if not scored:
            return done
        slope = self._write_loss(done, target)
        if mode in ("train", "taught"):
            plan.phase = "backward"
            dz: Array | None = slope()
            first = next(i for i, layer in enumerate(layers) if layer.blocks())
            for i in reversed(range(len(layers))):
                if dz is not None:
                    dz = layers[i].backward(plan, xs[i], dz, wants=taught or i > first)
        return done

    def _input(self, plan: Plan, given: Array) -> Rows:
        with_one = given.swapaxes(-1, -2)
        x = Rows("X", with_one, with_one[..., :-1, :], self.input)
        if self.layers[0].keeps_column_major:
            return x
        rows = plan.rows(self.features, "X", self.input)
        plan.copy(x.value, rows)
        return rows

    def _write_loss(self, done: Written, target: Target) -> Callable[[], Array]:
        """Write the loss; what is returned writes its slope, if that is wanted."""
        plan, kind, z, name = done.plan, self.loss_kind, done.out.value, done.out.name
        plan.phase = "loss"
        columns = done.wanted.swapaxes(-1, -2)
        y, given = columns[..., : target.width, :], columns[..., target.width :, :]
        w = np.full((target.per, plan.batch), 1 / (plan.batch * target.per), dtype=self.dtype)
        w.flags.writeable = False
        if self.class_weight is not None:
            w = plan.copy(given, np.ones(given.shape, dtype=self.dtype))
        if target.fused:
            logits = Term(plan, z, "z")
            done.each, done.L = kind.fused(logits, y, w)
            done.halves = target.width > target.outputs
            formula = "∂L/∂z = (ŷ − y)/n"
            return lambda: kind.fused_slope(logits, y, w).into(np.empty_like(z), f"d{name}", formula).array
        done.each = kind.each(plan, z, y)
        done.L = kind.mean(plan, done.each, w, averaged(kind.formula, z, y))

        def slope() -> Array:
            found = kind.slope(plan, z, y, w)
            if name != "yhat":
                plan.show(f"d{name}", f"∂L/∂{name} = ∂L/∂ŷ", found)
            return found

        return slope

    # --- rows in -------------------------------------------------------------------------
    def rows_of(self, X: Any) -> Array:
        """X as (n, features), checked; a fleet also takes (members, n, features)."""
        return rows_of(X, self.layers[0], self.input, self.dtype, bool(self.members))

    def targets_of(self, X: Array, y: Any) -> Array:
        """y as the loss wants it, checked against X."""
        classes = None if self.class_weight is None else len(self.class_weight)
        return targets_of(X, y, self.loss_kind, self.outputs, classes)

    def _ran(self, mode: str, X: Any, y: Any = None) -> Written:
        """The plan of a mode after a run on these rows."""
        X = self.rows_of(X)
        done = self.written(mode, X.shape[-2], X.ndim == 3)
        done.load(X, None if y is None else self.targets_of(X, y))
        done.plan.run()
        return done

    # --- using ---------------------------------------------------------------------------
    def predict(self, X: Any) -> Array:
        """Outputs after the squash: (n,) for one output, else (n, outputs); members first."""
        X = self.rows_of(X)
        n = X.shape[-2]
        size = -(-n // -(-n // CHUNK))  # equal parts, so that no row is computed for nothing
        done = self.written("predict", size, X.ndim == 3)
        out = np.empty((*self.members, n, self.outputs), dtype=self.dtype)
        for start in range(0, n, size):
            part = X[..., start : start + size, :]
            done.load(part)
            done.plan.run()
            out[..., start : start + size, :] = done.out.value[..., : part.shape[-2]].swapaxes(-1, -2)
        return out[..., 0] if self.outputs == 1 else out

    def losses(self, X: Any, y: Any) -> Array:
        """The loss of every row (mean over its outputs), (n,); unweighted."""
        result: Array = self._ran("loss", X, y).losses().mean(axis=-2)
        return result

    def loss(self, X: Any, y: Any) -> Any:
        """Mean loss, a float; (members,) for a fleet. Penalties are not part of it."""
        return self.read(self._ran("loss", X, y))

    def penalty(self) -> Any:
        """l1·Σ|w| + l2/2·Σw², the rest of what training minimises."""
        w = self.theta * self.params.decays
        return self._plain(self.l1 * np.abs(w).sum(axis=-1) + self.l2 / 2 * (w * w).sum(axis=-1))

    def read(self, done: Written) -> Any:
        """The mean loss a plan has left: a float, or (members,)."""
        assert done.L is not None
        return done.L.copy() if self.members else done.L.item()

    def _plain(self, value: Any) -> Any:
        return value if self.members else float(value)

    def backward(self, X: Any, y: Any) -> Any:
        """Fill `grad` and return the loss; nothing is updated."""
        return self.read(self._ran("train", X, y))

    def step(self, X: Any, y: Any, optimiser: Optimiser) -> Any:
        """One update on these rows as one batch; returns the loss before it."""
        loss = self.backward(X, y)
        self.binding(optimiser).step()
        return loss

    def binding(self, optimiser: Optimiser) -> Binding:
        """The optimiser's state for this net, made at its first step."""
        if optimiser not in self._bindings:
            self._bindings[optimiser] = Binding(optimiser, self.params, self.l1, self.l2)
        return self._bindings[optimiser]

    def accuracy(self, X: Any, y: Any) -> Any:
        """Share of rows on the right side: the largest output for labels, else ŷ > ½."""
        guess, y = self.predict(X), np.asarray(y)
        if self.loss_kind.labels:
            right = guess.argmax(axis=-1) == y
        else:
            edge = 0.0 if self.loss_kind.name == "bce-logits" else 0.5
            right = (guess > edge) == (y.reshape(y.shape[: guess.ndim]) > 0.5)
        return self._plain(right.reshape(*self.members, -1).mean(axis=-1))

    def r2(self, X: Any, y: Any) -> Any:
        """1 − Σ(ŷ − y)² / Σ(y − ȳ)²: 0 is no better than the mean."""
        guess, y = self.predict(X), np.asarray(y, dtype=float)
        miss = ((guess - y) ** 2).reshape(*self.members, -1).sum(axis=-1)
        return self._plain(1 - miss / ((y - y.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))

    def values(self, X: Any) -> dict[str, Array]:
        """Every named value of a forward pass: {"z1": (n, 3), "h1": (n, 3), …, "yhat": …}."""
        done = self._ran("predict", X)
        seen = {s.name: s.array for _, s in done.plan.shown()}
        seen.setdefault("yhat", done.out.value)
        return {name: array.swapaxes(-1, -2).copy() for name, array in seen.items()}

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
        return Trace(X, y, given or {}, swap or {}, self.params, done)

    def cost(self) -> list[tuple[str, int, int]]:
        """(layer, parameters, multiply-adds per sample) for each layer."""
        return [(repr(layer), *layer.cost()) for layer in self.layers]

    def calls(self, batch: int = 1, optimiser: Optimiser | None = None) -> int:
        """numpy calls in one training step."""
        own = len(self.binding(optimiser).plan.calls) if optimiser else 0
        return len(self.written("train", batch).plan.calls) + own

    def save(self, path: str | Path) -> None:
        """Write θ and running statistics as .npz, without pickle."""
        with Path(path).open("wb") as file:
            arrays: dict[str, Any] = {**self.state, "kind": np.array(repr(self))}
            np.savez(file, theta=self.theta, **arrays)

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

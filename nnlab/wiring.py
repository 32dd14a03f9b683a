"""What a net is: layers, one flat θ, and a plan for every batch size it has met."""

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnlab.activations import Squash
from nnlab.chain import WayBack
from nnlab.chance import stream
from nnlab.errors import LabError, ShapeError, in_memory, one_of, short, spelled, whole
from nnlab.given import finite, layers_of, numbers_of
from nnlab.layers import Activation, Dense, Layer, numbered
from nnlab.losses import Loss, loss_of
from nnlab.optim import Binding, Optimiser, Rate
from nnlab.optim import optimiser as rule_of
from nnlab.params import INITIALISERS, Initialiser, Params, Shape, initialiser
from nnlab.passes import MODES, Pass, each_own, in_turn, share_memory
from nnlab.plan import Array, Plan, Rows, shaped_as
from nnlab.settings import Settings, settings_of
from nnlab.terms import Term

KEPT = 32 << 20  # bytes of plans that a net keeps for the next call


class Wired:
    """`Net("2-3-1", …)` or `Net(layers…, loss=…, input=shape of one sample)`.

    X is (n, features), y (n,) or (n, outputs), whole-number labels for loss="ce". `hidden` is a
    squash, its name, or one for each hidden layer; `out` the output's, by default the one that fits
    the loss. The rest are `Settings`: loss, seed, init, kinks, l1, l2, class_weight, dtype, strict.
    Layers are copied in, so that one list may make many nets.
    """

    def __init__(
        self,
        *layers: str | Layer,
        hidden: str | Squash | Sequence[str | Squash] = "relu",
        out: str | Squash | None = None,
        input: int | tuple[int, ...] | None = None,  # noqa: A002  # the word for it
        **settings: Any,
    ) -> None:
        end = loss_of(settings.get("loss", "mse")).out if out is None else out
        made, shape = layers_of(layers, hidden, end, input)
        self._wire(made, settings_of(shape, settings))
        if not self.members:
            self.params.fill(self._initialisers(), stream("start", self.settings.seed))

    def _wire(self, layers: Sequence[Layer], settings: Settings, members: int | None = None) -> None:
        """Take copies of the layers and give them their numbers, all 0 so far."""
        self.settings, self.loss_kind, self.input = settings, settings.loss, settings.input
        self.dtype, weights = settings.dtype, settings.class_weight
        self.class_weight = None if weights is None else np.array(weights)
        self.members: tuple[int, ...] = () if members is None else (members,)
        self.layers = [copy(layer) for layer in layers]
        self.output = numbered(self.layers, self.input)
        for layer in self.layers:
            layer.last = layer is self.layers[-1]
        self._check_output()
        self.params = Params([b for y in self.layers for b in y.blocks()], self.members, self.dtype)
        self.state = {
            name: np.full((*self.members, *shape), float(name.startswith("variance")), dtype=self.dtype)
            for layer in self.layers
            for name, shape in layer.state().items()
        }
        for layer in self.layers:
            layer.bind(self.params, self.state)
        self.rng = stream("noise", settings.seed)
        self._plans: dict[tuple[Any, ...], Pass] = {}
        self.rates: Rate | None = None  # a fleet's own
        self._bindings: dict[Optimiser, Binding] = {}  # of steps by hand
        self._taken: dict[tuple[Any, ...], Pass] = {}  # by the form of rows that came by hand
        self._used: tuple[Optimiser | str, Binding] | None = None  # the last one

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
    def numbers(self) -> list[Array]:
        """θ and the running statistics: all that training changes."""
        return [self.theta, *self.state.values()]

    @property
    def out(self) -> str:
        """The name of the output squash."""
        last = self.layers[-1]
        return last.how.name if isinstance(last, Activation) else "linear"

    @property
    def outputs(self) -> int:
        return math.prod(self.output)

    def __getitem__(self, i: int) -> Dense:
        """The i-th layer with weights, counted from 0."""
        weighted: list[Any] = [p for layer in self.layers for p in layer.parts() if p.weighted]
        i = one_of("net", i, len(weighted), "layers with weights")
        usual: Dense = weighted[i]  # typed as the usual one, so that net[0].W reads without a cast
        return usual

    def __repr__(self) -> str:
        members, layers = "".join(f"{n} × " for n in self.members), " · ".join(map(repr, self.layers))
        return f"{type(self).__name__}({members}{layers}, loss={self.loss_kind.name})"

    def _initialisers(self) -> list[Initialiser]:
        found: list[Initialiser] = []
        for layer, after in zip(self.layers, [*self.layers[1:], None], strict=True):
            fits = after.how.init if isinstance(after, Activation) else "lecun"
            how = initialiser(self.settings.init or fits, self.settings.kinks)
            if how.kinks is not None and layer.k > 1:
                how = INITIALISERS["he"]  # only the first layer sees the data's range
            found += [how] * len(layer.blocks())
        return found

    def _check_output(self) -> None:
        kind, out = self.loss_kind, self.out
        if kind.labels and self.output[-1] < 2:
            raise LabError(f'loss "{kind.name}" wants one output per class, at least 2; the net has 1')
        if kind.labels and len(self.output) > 2:
            raise ShapeError(
                f'loss "{kind.name}" got an output of shape {self.output}; it wants (classes,) or '
                "(places, classes): put Flatten() and Dense(classes) at the end",
                self.output, "(classes,) or (places, classes)",
            )  # fmt: skip
        weights, classes = self.settings.class_weight, kind.classes(self.output[-1])
        if weights is not None and classes is not None and len(weights) != classes:
            given = f"class_weight has {len(weights)} number{'s' * (len(weights) != 1)}"
            raise LabError(f'{given}; loss "{kind.name}" wants one for each of the {classes} classes')
        needs = kind.out if kind.out != "linear" or kind.fuses else out  # any does for the others
        if self.settings.strict and needs != out:
            raise LabError(f'loss "{kind.name}" wants the output "{needs}"; the net ends in "{out}"')

    # --- plans ---------------------------------------------------------------------------
    def prepare(self, mode: str, batch: int, own: bool = False) -> Pass:
        """The plan for one of MODES and a batch size, written once. `own`: every member of a fleet
        gets its own rows."""
        key = (mode, whole("batch", batch), own)
        if key in self._plans:
            return self._plans[key]
        done = self.private(mode, batch, own)
        if MODES[mode].training or done.plan.size <= KEPT:  # a loop over steps has its plan at hand
            self._plans[key] = done
            while len(self._plans) > 16 or (
                len(self._plans) > 1 and sum(one.plan.size for one in self._plans.values()) > KEPT
            ):
                self._plans.pop(next(iter(self._plans)))  # the oldest; a step allocates nothing
                self._taken.clear()
        return done

    def private(self, mode: str, batch: int, own: bool = False) -> Pass:
        """A plan nobody else runs, so that rows loaded into it stay."""
        whole("batch", batch)
        count = batch * (math.prod(self.input) + sum(math.prod(y.gives) for y in self.layers))
        what = f"one pass of {spelled(batch)} rows"
        with in_memory(count * math.prod(self.members), what, "take fewer at once"):
            if mode == "train" and self.members and self._fills_the_cache(count):
                return self._in_turn(batch, own)
            return self._written(mode, batch, own)

    def _fills_the_cache(self, count: int) -> bool:
        """Whether so many numbers in a pass do so by themselves; θ, which is copied in, must not be more.
        Measured: side by side wins up to 3,600 numbers, in turn from 7,200."""
        return count > max(6_000, self.params.count)

    def _in_turn(self, batch: int, own: bool) -> Pass:
        """The pass of one net like the members, which has their numbers one after another."""
        one = object.__new__(Wired)
        one._wire(self.layers, self.settings)
        one.rng = self.rng
        state = list(zip(self.state.values(), one.state.values(), strict=True))
        back = [(self.grad, one.grad), *state]
        return in_turn(one._written("train", batch, False), [(self.theta, one.theta), *state], back, own)

    def _written(self, mode: str, batch: int, own: bool) -> Pass:
        kind, how = self.loss_kind, MODES[mode]
        plan = Plan(
            batch, self.members, self.dtype, training=how.training, taught=how.taught, rng=self.rng
        )
        # the squash is skipped where the loss is read from the logits
        fused = kind.fuses == self.out and (not how.taught or self.out == "linear")
        layers = self.layers[:-1] if fused and how.scored and self.out != "linear" else self.layers
        lead = (*(self.members if own else ()), batch)
        rows = np.ones((*lead, math.prod(self.input) + 1), dtype=self.dtype)
        if rows.shape[-1] <= 32:  # turned round: long runs for few columns
            rows = rows.swapaxes(-1, -2).copy().swapaxes(-1, -2)
        plan.layer = 1
        before = out = x = self._input(plan, rows)
        for layer in layers:
            plan.layer, before = layer.place, out
            out = layer.forward(plan, out)

        # not of the net itself: a net that its own plans refer to lives until a collection
        places = self.output[0] if len(self.output) == 2 else 1  # each is a column of its own
        even = 1 / (batch * math.prod(kind.of_one(self.output)))
        numbers = kind.numbers(self.outputs // places, fused) * places
        lay = partial(_lay, kind, places, even, self.class_weight, fused)
        sure = partial(kind.sure, outputs=self.output[-1])
        table = np.ones((*lead[:-1], numbers, batch), dtype=self.dtype)
        done = Pass(plan, rows, out, table.swapaxes(-1, -2), each_own(lay) if own else lay, sure)
        if how.taught and out.name != "yhat":
            plan.show("yhat", f"ŷ = {out.name}", out)
        if how.scored:
            plan.phase, plan.layer = "loss", 0
            laid = table.reshape(*lead[:-1], -1, out.value.shape[-1])
            if fused:
                done.scored = kind.on_logits(Term(plan, out.value, out.name), laid)
            else:
                z = Term(plan, before.value, before.name) if kind.fuses == self.out else None
                done.scored = kind.on_outputs(Term(plan, out.value, "ŷ"), laid, z)
        if done.scored and how.back:
            plan.phase = "backward"
            WayBack(plan, self.params, x if how.taught else None).walk(done.scored.L)
        if plan.loose and not how.taught:
            share_memory(plan, done.scored and done.scored.each)
        plan.finish()
        return done

    def bound(self, optimiser: Optimiser | str) -> Binding:
        """A new state of the optimiser for this net; a fleet's own rates go before its."""
        return Binding(self._ruled(optimiser), self.params, self.settings.l1, self.settings.l2)

    def binding(self, optimiser: Optimiser | str) -> Binding:
        """The state of the optimiser for steps by hand. It goes on from step to step, also where
        the optimiser is written anew each time or its rate has changed."""
        if self._used is None or self._used[0] is not optimiser:
            rule = self._ruled(optimiser)
            key = replace(rule, lr=0.0)
            if key not in self._bindings:
                if len(self._bindings) >= 8:
                    self._bindings.pop(next(iter(self._bindings)))  # the oldest
                self._bindings[key] = self.bound(rule)
            self._used = optimiser, self._bindings[key]
            self._used[1].set_rate(rule.lr)
        return self._used[1]

    def _ruled(self, optimiser: Optimiser | str) -> Optimiser:
        rule = rule_of(optimiser)
        if self.rates is None or rule.lr == self.rates:
            return rule
        if isinstance(rule.lr, tuple):
            name = type(rule).__name__
            raise LabError(f"the fleet has the rates {self.rates} and {name} has {rule.lr}; keep one of them")
        return replace(rule, lr=self.rates)

    def _input(self, plan: Plan, given: Array) -> Rows:
        columns = given.swapaxes(-1, -2)
        if self.layers[0].keeps_column_major and len(self.input) != 2:
            return Rows("X", columns, self.input)
        rows = plan.rows(self.input, "X")
        plan.copy(shaped_as(columns[..., :-1, :], *self.input), rows.seen)
        return rows

    # --- rows in -------------------------------------------------------------------------
    def rows_of(self, X: Any) -> Array:
        """X as (n, features), or a sentence about what is wrong with it; a fleet also takes
        (members, n, features)."""
        X, shape = numbers_of("X", X, self.dtype), self.input
        if X.shape == shape:
            X = X[None]  # a single sample
        if not X.size:
            raise LabError("the data are empty: 0 rows; the net wants at least 1")
        if X.ndim == len(shape) == 1 and shape == (1,):
            X = X[:, None]  # a plain list of numbers for a net of one input
        lead = 2 if self.members and X.ndim == len(shape) + 2 else 1
        if (got := X.shape[lead:]) != shape:
            raise self._unlike(X, got)
        if lead == 2 and len(X) != self.members[0]:
            (n,) = self.members
            raise ShapeError(f"X is for {len(X)} members; the fleet has {n}", len(X), n)
        rows = X.reshape(*X.shape[:lead], -1)
        # one dot product is finite only if every number is; squares that overflow are looked at twice
        if not np.isfinite(np.vdot(rows, rows)):
            finite("X", rows)
        return np.asarray(rows)

    def _unlike(self, X: Array, got: Shape) -> ShapeError:
        """What to raise where rows are not of the input's shape."""
        shape, flat = self.input, len(self.input) == 1
        wants = f"{shape[0]} per row" if flat else f"rows of shape {shape}"
        if not X.ndim:
            got, say = (), "one number" if np.isfinite(X) else "no number"
        elif X.ndim == len(shape):
            got = X.shape
            say = f"one row of {got[0]} value{'s'[: got[0] - 1]}" if flat else f"one row of shape {got}"
        elif flat and len(got) == 1:
            say, wants = f"{got[0]} values per row", f"{shape[0]}"
        elif len(got) == len(shape):
            say, wants = f"rows of shape {got}", f"{shape}"
        else:
            got, say = X.shape, f"numbers of shape {X.shape}"
        return ShapeError(f"{self.layers[0].at} got {say}; it wants {wants}", got, shape)

    def targets_of(self, X: Array, y: Any) -> Array:
        """y as the loss wants it, checked against X."""
        y = numbers_of("y", y, float)
        if X.ndim == 3:
            if len(y) != len(X):
                raise ShapeError(f"X is for {len(X)} members and y for {len(y)}", len(y), len(X))
            return np.stack([self.targets_of(a, b) for a, b in zip(X, y, strict=True)])
        if len(X) == 1 and y.shape == self.loss_kind.of_one(self.output):
            y = y[None]
        if self.loss_kind.labels and y.ndim == len(self.output) + 1 and y.shape[-1] == 1:
            y = y[..., 0]  # labels as a column
        if y.ndim == 0:
            what = "one number" if np.isfinite(y) else "no number"
            raise ShapeError(f"X has {len(X)} rows and y is {what}", (), (len(X),))
        if len(y) != len(X):
            raise ShapeError(f"X has {len(X)} rows and y has {len(y)}", len(y), len(X))
        if not np.isfinite(np.vdot(y, y)) or self.dtype != y.dtype:
            finite("y", numbers_of("y", y, self.dtype))
        self.loss_kind.check(y, self.output)
        if self.class_weight is not None:
            self._check_classes(y, len(self.class_weight))
        return np.asarray(y)

    def _check_classes(self, y: Array, weights: int) -> None:
        """Refuse targets that no class weight belongs to; the loss has seen to its own labels already."""
        least = -1 if self.loss_kind.labels else 0
        if y.max() >= weights:
            raise LabError(f"class_weight has {weights} entries and y the label {y.max():g}")
        none = y[(y < least) | (y != np.floor(y))]
        if none.size:
            raise LabError(f"class_weight wants labels, whole numbers from 0; y holds {none[0]:g}")

    def masses(self, y: Array) -> Array | None:
        """What each row weighs in a mean loss, (n,); None where all weigh the same."""
        found = self.masses_within(y)
        return None if found is None else np.asarray(found.sum(axis=-1))

    def masses_within(self, y: Array) -> Array | None:
        """What each loss of these rows weighs, (n, losses a row); None where all weigh the same."""
        return _masses(self.loss_kind, self.class_weight, y)


def net_of(owner: str, net: Any) -> Any:
    """A net, or a fleet."""
    if not isinstance(net, Wired):
        raise LabError(f'{owner} got the net {short(net)}; it wants one like Net("2-3-1")')
    return net


def _lay(
    kind: Loss, places: int, even: float, given: Array | None, fused: bool, y: NDArray[Any], out: Array
) -> None:
    """Write what the loss reads of these rows where they are part of a batch into `out`, (n, numbers);
    `even` is what each loss weighs where all weigh the same, `given` are the classes' weights."""
    n, w = len(out), _masses(kind, given, y)
    if places > 1:
        out = out.reshape(n, -1, places).swapaxes(-1, -2)  # a view: one axis made two
    shape = (*out.shape[:-1], -1)
    kind.lay(y.reshape(shape), even if w is None else (w / (w.sum() or 1.0)).reshape(shape), out, fused)


def _masses(kind: Loss, given: Array | None, y: Array) -> Array | None:
    """What each loss of these rows weighs, (n, losses a row): its class's weight, 0 for a label of −1;
    None where all weigh the same."""
    if given is None and not (kind.labels and np.count_nonzero(y < 0)):
        return None
    classes = y.astype(int).reshape(len(y), -1)
    return np.where(classes < 0, 0.0, 1.0 if given is None else given[classes])

"""Optimisers, in order of increasing complexity. Each writes its step as a plan over flat θ.

    SGD: θ ← θ − lr·g        θ = 1, g = 4, lr = .1  →  .6

ε, bias correction and Nesterov's form are torch's. Sources: momentum, Polyak 1964; Nesterov as
in Sutskever et al. 2013; RMSProp, Hinton 2012; Adam, Kingma & Ba 2015; AdamW, Loshchilov &
Hutter 2019.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnlab.errors import LabError, named
from nnlab.params import Params
from nnlab.plan import Array, Plan
from nnlab.terms import Term, sign, sqrt


@dataclass(frozen=True, slots=True)
class Schedule:
    """A factor on the learning rate at time t (epochs under a Trainer, else steps)."""

    name: str
    formula: str
    at: Callable[[float], float]
    says: str

    def __call__(self, t: float) -> float:
        return float(self.at(t))


# The kinds have settings and are called by their names, hence the capitals.
def Constant() -> Schedule:  # noqa: N802
    return Schedule("constant", "1", lambda _: 1.0, "The same step length from start to end.")


def Step(every: float = 30, gamma: float = 0.1) -> Schedule:  # noqa: N802
    return Schedule("step", "γ^⌊t / every⌋", lambda t: gamma ** (t // every),
                    "Long steps, then a cut every so often.")  # fmt: skip


def Exponential(gamma: float = 0.95) -> Schedule:  # noqa: N802
    return Schedule("exponential", "γ^t", lambda t: gamma**t, "The same small cut each time.")


def Cosine(length: float = 50, least: float = 0.0) -> Schedule:  # noqa: N802
    return Schedule("cosine", "least + (1 − least)·(1 + cos(π·t/length))/2",
                    lambda t: least + (1 - least) * (1 + math.cos(math.pi * min(t / length, 1))) / 2,
                    "Slow at both ends: long steps first, fine ones to finish.")  # fmt: skip


def WarmUp(length: float = 5, then: Schedule = Constant()) -> Schedule:  # noqa: B008, N802  # frozen
    return Schedule("warm-up", "min(1, (t + 1)/length)·then(t)",
                    lambda t: min(1.0, (t + 1) / length) * then(t),
                    "Short steps until the averages of the optimiser have settled.")  # fmt: skip


SCHEDULES: dict[str, Schedule] = {s.name: s for s in (Constant(), Step(), Exponential(), Cosine(), WarmUp())}

Rate = float | Array  # one number, or one for each member of a fleet
Tick = Callable[[Array, int], None]  # told the rate of the next step, and its number


@dataclass(frozen=True, eq=False)
class Optimiser:
    """The settings of a rule. State lives with the net that is trained (`Binding`).

    `decay` shrinks weights by lr·decay·w besides the step (decoupled; never biases); `clip`
    caps the gradient's norm.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    says: ClassVar[str]
    lr: Rate = 0.01
    schedule: Schedule | None = None
    clip: float | None = None
    decay: float = 0.0

    def __post_init__(self) -> None:
        if not np.all(np.isfinite(self.lr)) or np.any(np.asarray(self.lr) < 0):
            raise LabError(f"{type(self).__name__} got lr = {self.lr}; it wants a number ≥ 0")

    def write(self, b: "Binding") -> Tick | None:
        """Write the step into b.plan; what is returned sets what else than lr changes with t."""
        raise NotImplementedError


class Binding:
    """An optimiser at work on one θ: its buffers, its calls, its clock."""

    def __init__(self, optimiser: Optimiser, params: Params, l1: float, l2: float) -> None:
        self.optimiser = optimiser
        members, dtype = params.theta.shape[:-1], params.theta.dtype
        self.plan = Plan(batch=1, members=members, dtype=dtype, phase="update")
        self.theta, self.g = Term(self.plan, params.theta, "θ"), Term(self.plan, params.grad, "g")
        self.lr: Array = np.asarray(optimiser.lr, dtype=float)
        if members and self.lr.ndim:
            self.lr = self.lr.reshape(-1, 1)
        self.rate: Array = np.array(self.lr, dtype=dtype)
        self.t = 0  # steps taken
        self.time: float | None = None  # the schedule's clock, set by a Trainer
        g, theta, weights = self.g, self.theta, params.decays  # 1 for weights, 0 for biases
        if l2:
            (g + theta * (l2 * weights)).into(g)
        if l1:
            (g + sign(theta) * (l1 * weights)).into(g)
        if optimiser.clip is not None:
            self.plan.op("g·min(1, c/‖g‖)", _clip, self.plan.const(optimiser.clip), out=g.array)
        if optimiser.decay:
            self.down(theta * (optimiser.decay * weights))
        self.tick = optimiser.write(self)

    def new(self, name: str) -> Term:
        """A running value as large as θ, 0 at the start."""
        return Term(self.plan, np.zeros_like(self.theta.array), name)

    def before(self) -> None:
        """Move the clock on: the schedule, and what the rule itself counts."""
        self.t += 1
        lr, schedule = self.lr, self.optimiser.schedule
        if schedule:
            lr = lr * schedule(self.t - 1 if self.time is None else self.time)
            self.rate[...] = lr
        if self.tick:
            self.tick(lr, self.t)

    def step(self) -> None:
        self.before()
        self.plan.run()

    def down(self, direction: Term) -> None:
        """θ ← θ − lr·direction, which ends every rule but Adam's."""
        (self.theta - direction * Term(self.plan, self.rate, "lr")).into(self.theta, "θ")


def _clip(limit: Array, g: Array) -> None:
    """g·min(1, c/(‖g‖ + 1e-6)), per member of a fleet; 1e-6 as torch."""
    norm = np.sqrt(np.vecdot(g, g))[..., None]
    g *= np.minimum(limit / (norm + 1e-6), 1.0)


@dataclass(frozen=True, eq=False)
class SGD(Optimiser):
    """Downhill by lr·g; with `momentum` a running sum of g, with `nesterov` a look ahead."""

    name = "sgd"
    formula = "θ ← θ − lr·g"
    says = "One step straight downhill, as far as the slope is steep."
    momentum: float = 0.0
    nesterov: bool = False

    def write(self, b: Binding) -> None:
        if not self.momentum:
            return b.down(b.g)
        v = b.new("v")
        v = ((v * self.momentum).into(v) + b.g).into(v, "v")
        return b.down(b.g + v * self.momentum if self.nesterov else v)


@dataclass(frozen=True, eq=False)
class Momentum(SGD):
    name = "momentum"
    formula = "v ← μ·v + g,  θ ← θ − lr·v"
    says = "A rolling ball: it keeps going where slopes agree and shrugs off the rest."
    momentum: float = 0.9


@dataclass(frozen=True, eq=False)
class Nesterov(Momentum):
    name = "nesterov"
    formula = "v ← μ·v + g,  θ ← θ − lr·(g + μ·v)"
    says = "Momentum that corrects from where the ball is about to be."
    nesterov: bool = True


@dataclass(frozen=True, eq=False)
class RMSProp(Optimiser):
    name = "rmsprop"
    formula = "s ← α·s + (1 − α)·g²,  θ ← θ − lr·g/(√s + ε)"
    says = "Every parameter gets its own step, long where gradients have been small."
    alpha: float = 0.99
    eps: float = 1e-8

    def write(self, b: Binding) -> None:
        s = b.new("s")
        s = ((s * self.alpha).into(s) + b.g * b.g * (1 - self.alpha)).into(s, "s")
        b.down(b.g / (sqrt(s) + self.eps))


@dataclass(frozen=True, eq=False)
class Adam(Optimiser):
    """Keeps M = m/(1 − β₁) and V = v/(1 − β₂), so that exact Adam is ten calls; the factors
    and both bias corrections sit in two numbers that change with the step."""

    name = "adam"
    formula = "m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²,  θ ← θ − lr·m̂/(√v̂ + ε)"
    says = "Momentum and RMSProp in one; forgiving about lr, not magic."
    lr: Rate = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def write(self, b: Binding) -> Tick:
        M, V, r = b.new("M"), b.new("V"), b.new("r")  # one scratch: θ may be larger than the cache
        small, rate = b.plan.const(self.eps), b.rate.copy()
        M = ((M * self.beta1).into(M) + b.g).into(M, "M")
        V = ((V * self.beta2).into(V) + (b.g * b.g).into(r)).into(V, "V")
        below = (sqrt(V).into(r) + Term(b.plan, small, "ε′")).into(r)
        step = ((M / below).into(r) * Term(b.plan, rate, "lr′")).into(r)
        (b.theta - step).into(b.theta, "θ")

        def tick(lr: Array, t: int) -> None:
            c1, c2 = 1 - self.beta1**t, 1 - self.beta2**t
            root = math.sqrt((1 - self.beta2) / c2)
            small[()] = self.eps / root
            rate[...] = lr * ((1 - self.beta1) / (c1 * root))

        return tick


@dataclass(frozen=True, eq=False)
class AdamW(Adam):
    name = "adamw"
    formula = "θ ← θ·(1 − lr·decay), then Adam"
    says = "Adam whose weight decay is not bent by its own scaling."
    decay: float = 0.01


OPTIMISERS: dict[str, type[Optimiser]] = {o.name: o for o in (SGD, Momentum, Nesterov, RMSProp, Adam, AdamW)}


def optimiser(spec: "str | Optimiser", **settings: Any) -> Optimiser:
    """`optimiser("adam", lr=.01)`; an Optimiser passes through."""
    if isinstance(spec, Optimiser):
        return spec
    build: Callable[..., Optimiser] = named("optimiser", spec, OPTIMISERS)
    return build(**settings)

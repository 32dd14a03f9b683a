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

from nnlab.errors import LabError, UnknownName
from nnlab.params import Params
from nnlab.plan import Array, Plan


@dataclass(frozen=True)
class Schedule:
    """A factor on the learning rate at time t (epochs under a Trainer, else steps)."""

    formula: ClassVar[str]
    says: ClassVar[str]

    def __call__(self, t: float) -> float:
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Schedule):
    formula = "1"
    says = "The same step length from start to end."

    def __call__(self, t: float) -> float:  # noqa: ARG002  # any time is alike
        return 1.0


@dataclass(frozen=True)
class Step(Schedule):
    formula = "γ^⌊t / every⌋"
    says = "Long steps, then a cut every so often."
    every: float = 30
    gamma: float = 0.1

    def __call__(self, t: float) -> float:
        return float(self.gamma ** (t // self.every))


@dataclass(frozen=True)
class Exponential(Schedule):
    formula = "γ^t"
    says = "The same small cut each time."
    gamma: float = 0.95

    def __call__(self, t: float) -> float:
        return float(self.gamma**t)


@dataclass(frozen=True)
class Cosine(Schedule):
    formula = "least + (1 − least)·(1 + cos(π·t/length))/2"
    says = "Slow at both ends: long steps first, fine ones to finish."
    length: float = 50
    least: float = 0.0

    def __call__(self, t: float) -> float:
        share = min(t / self.length, 1.0)
        return self.least + (1 - self.least) * (1 + math.cos(math.pi * share)) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    formula = "min(1, (t + 1)/length)·then(t)"
    says = "Short steps until the averages of the optimiser have settled."
    length: float = 5
    then: Schedule = Constant()  # frozen and stateless

    def __call__(self, t: float) -> float:
        return min(1.0, (t + 1) / self.length) * self.then(t)


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": Constant, "step": Step, "exponential": Exponential, "cosine": Cosine,
    "warm-up": WarmUp,
}  # fmt: skip

Rate = float | Array  # one number, or one for each member of a fleet


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

    def write(self, b: "Binding") -> None:
        """Write the step into b.plan."""
        raise NotImplementedError

    def tick(self, b: "Binding", lr: Array) -> None:
        """Set the numbers that change with the step."""
        b.rate[...] = lr


class Binding:
    """An optimiser at work on one θ: its buffers, its calls, its clock."""

    def __init__(self, optimiser: Optimiser, params: Params, l1: float, l2: float) -> None:
        self.optimiser, self.params = optimiser, params
        self.theta, self.g = params.theta, params.grad
        self.plan = Plan(batch=1, members=params.members, dtype=params.theta.dtype, phase="update")
        self.lr: Array = np.asarray(optimiser.lr, dtype=float)
        if params.members and self.lr.ndim:
            self.lr = self.lr.reshape(-1, 1)
        self.rate: Array = np.array(self.lr, dtype=params.theta.dtype)
        self.t = 0  # steps taken
        self.time: float | None = None  # the schedule's clock, set by a Trainer
        self._penalty(l1, l2)
        if optimiser.clip is not None:
            self.plan.op("", "g·min(1, c/‖g‖)", _clip, self.plan.const(optimiser.clip), out=self.g)
        if optimiser.decay:
            self._shrink()
        optimiser.write(self)
        self.moves = optimiser.schedule is not None or type(optimiser).tick is not Optimiser.tick

    small: Array  # Adam: ε and lr with the bias corrections folded in
    step_rate: Array

    def like(self) -> Array:
        return np.zeros_like(self.theta)

    def _penalty(self, l1: float, l2: float) -> None:
        p = self.plan
        if l2:
            r = p.op("", "λ₂·w", np.multiply, self.theta, l2 * self.params.decays)
            p.op("", "g + λ₂·w", np.add, self.g, r, out=self.g)
        if l1:
            s = p.op("", "sign w", np.sign, self.theta)
            s = p.op("", "λ₁·sign w", np.multiply, s, l1 * self.params.decays, out=s)
            p.op("", "g + λ₁·sign w", np.add, self.g, s, out=self.g)

    def _shrink(self) -> None:
        p, decay = self.plan, self.optimiser.decay
        s = p.op("", "decay·w", np.multiply, self.theta, decay * self.params.decays)
        s = p.op("", "lr·decay·w", np.multiply, s, self.rate, out=s)
        p.op("", "w − lr·decay·w", np.subtract, self.theta, s, out=self.theta)

    def before(self) -> None:
        """Move the clock on: the schedule, and what the rule itself counts."""
        self.t += 1
        if self.moves:
            schedule = self.optimiser.schedule
            clock = self.t - 1 if self.time is None else self.time
            lr = self.lr * schedule(clock) if schedule else self.lr
            self.optimiser.tick(self, lr)

    def step(self) -> None:
        self.before()
        self.plan.run()

    def down(self, direction: Array, scratch: Array) -> None:
        """θ ← θ − lr·direction, which ends every rule."""
        s = self.plan.op("", "lr·step", np.multiply, direction, self.rate, out=scratch)
        self.plan.op("θ", "θ − lr·step", np.subtract, self.theta, s, out=self.theta)


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
            return b.down(b.g, b.like())
        p, v, s = b.plan, b.like(), b.like()
        mu = p.const(self.momentum)
        p.op("", "μ·v", np.multiply, v, mu, out=v)
        p.op("v", "v ← μ·v + g", np.add, v, b.g, out=v)
        if not self.nesterov:
            return b.down(v, s)
        p.op("", "μ·v", np.multiply, v, mu, out=s)
        p.op("", "g + μ·v", np.add, b.g, s, out=s)
        return b.down(s, s)


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
        p, s, r = b.plan, b.like(), b.like()
        p.op("", "α·s", np.multiply, s, p.const(self.alpha), out=s)
        p.op("", "g²", np.multiply, b.g, b.g, out=r)
        p.op("", "(1 − α)·g²", np.multiply, r, p.const(1 - self.alpha), out=r)
        p.op("s", "s ← α·s + (1 − α)·g²", np.add, s, r, out=s)
        p.op("", "√s", np.sqrt, s, out=r)
        p.op("", "√s + ε", np.add, r, p.const(self.eps), out=r)
        p.op("", "g/(√s + ε)", np.divide, b.g, r, out=r)
        b.down(r, r)


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

    def write(self, b: Binding) -> None:
        p, M, V, r = b.plan, b.like(), b.like(), b.like()
        b.small = p.const(self.eps)
        p.op("", "β₁·M", np.multiply, M, p.const(self.beta1), out=M)
        p.op("M", "M ← β₁·M + g", np.add, M, b.g, out=M)
        p.op("", "g²", np.multiply, b.g, b.g, out=r)
        p.op("", "β₂·V", np.multiply, V, p.const(self.beta2), out=V)
        p.op("V", "V ← β₂·V + g²", np.add, V, r, out=V)
        p.op("", "√V", np.sqrt, V, out=r)
        p.op("", "√V + ε′", np.add, r, b.small, out=r)
        p.op("", "M/(√V + ε′)", np.divide, M, r, out=r)
        b.step_rate = b.rate.copy()
        p.op("", "lr′·step", np.multiply, r, b.step_rate, out=r)
        p.op("θ", "θ − lr′·step", np.subtract, b.theta, r, out=b.theta)

    def tick(self, b: Binding, lr: Array) -> None:
        c1, c2 = 1 - self.beta1**b.t, 1 - self.beta2**b.t
        root = math.sqrt((1 - self.beta2) / c2)
        b.small[()] = self.eps / root
        b.step_rate[...] = lr * ((1 - self.beta1) / (c1 * root))
        b.rate[...] = lr


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
    if spec not in OPTIMISERS:
        raise UnknownName("optimiser", spec, OPTIMISERS)
    build: Callable[..., Optimiser] = OPTIMISERS[spec]
    return build(**settings)

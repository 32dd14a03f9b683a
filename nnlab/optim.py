"""Optimisers, in order of increasing complexity. Each writes its step as a plan over flat θ.

    SGD: θ ← θ − lr·g        θ = 1, g = 4, lr = .1  →  .6

Settings are values: two optimisers with equal settings are equal. What a rule remembers between
steps stands in its `Binding`. ε, bias correction and Nesterov's form are torch's. Sources:
momentum, Polyak 1964; Nesterov as in Sutskever et al. 2013; RMSProp, Hinton 2012; Adam, Kingma &
Ba 2015; AdamW, Loshchilov & Hutter 2019.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnlab.errors import LabError, either, fit, is_number, named, numbers_in, short, spelt
from nnlab.params import Params
from nnlab.plan import Array, Plan
from nnlab.terms import Term, sign, sqrt


class Schedule:
    """A factor on the learning rate at time t (epochs under a Trainer, else steps)."""

    name: ClassVar[str]
    formula: ClassVar[str]
    says: ClassVar[str]

    def __call__(self, t: float) -> float:
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Schedule):
    name = "constant"
    formula = "1"
    says = "The same step length from start to end."

    def __call__(self, t: float) -> float:  # noqa: ARG002  # the same at any time
        return 1.0


@dataclass(frozen=True)
class StepDecay(Schedule):
    name = "step"
    formula = "γ^⌊t / every⌋"
    says = "Long steps, then a cut every so often."
    every: float = 30
    gamma: float = 0.1

    def __post_init__(self) -> None:
        fit(self, "every", "a number > 0", lambda every: every > 0)
        fit(self, "gamma", "a number ≥ 0", lambda gamma: gamma >= 0)

    def __call__(self, t: float) -> float:
        return float(self.gamma ** (t // self.every))


@dataclass(frozen=True)
class Exponential(Schedule):
    name = "exponential"
    formula = "γ^t"
    says = "The same small cut each time."
    gamma: float = 0.95

    def __post_init__(self) -> None:
        fit(self, "gamma", "a number ≥ 0", lambda gamma: gamma >= 0)

    def __call__(self, t: float) -> float:
        return float(self.gamma**t)


@dataclass(frozen=True)
class Cosine(Schedule):
    name = "cosine"
    formula = "least + (1 − least)·(1 + cos(π·t/length))/2"
    says = "Slow at both ends: long steps first, fine ones to finish."
    length: float = 50
    least: float = 0.0

    def __post_init__(self) -> None:
        fit(self, "length", "a number > 0", lambda length: length > 0)
        fit(self, "least", "a share from 0 to 1", lambda least: 0 <= least <= 1)

    def __call__(self, t: float) -> float:
        return self.least + (1 - self.least) * (1 + math.cos(math.pi * min(t / self.length, 1))) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    name = "warm-up"
    formula = "min(1, (t + 1)/length)·then(t)"
    says = "Short steps until the averages of the optimiser have settled."
    length: float = 5
    then: Callable[[float], float] = Constant()

    def __post_init__(self) -> None:
        fit(self, "length", "a number > 0", lambda length: length > 0)
        then: Any = self.then
        if not callable(then) or isinstance(then, type):
            raise LabError(f"WarmUp got then = {short(self.then)}; it wants one like Cosine(50)")

    def __call__(self, t: float) -> float:
        return min(1.0, (t + 1) / self.length) * self.then(t)


SCHEDULES: dict[str, type[Schedule]] = {
    s.name: spelt(s) for s in (Constant, StepDecay, Exponential, Cosine, WarmUp)
}

Rate = float | tuple[float, ...]  # one number, or one for each member of a fleet
Tick = Callable[[Array, int], None]  # told the rate of the next step, and its number


def rate_of(owner: str, lr: Any) -> Rate:
    """A learning rate, or one for each member of a fleet, as a value."""
    rates = np.array(float(lr)) if is_number(lr) else numbers_in(lr)
    yes_or_no = rates is not None and np.asarray(lr).dtype == bool
    if rates is None or yes_or_no or rates.ndim > 1 or not (np.isfinite(rates).all() and (rates >= 0).all()):
        raise LabError(f"{owner} got lr = {short(lr)}; it wants a number ≥ 0")
    return tuple(rates.tolist()) if rates.ndim else rates.item()


@dataclass(frozen=True)
class Optimiser:
    """The settings of a rule. State lives with the net that is trained (`Binding`).

    `decay` shrinks weights by lr·decay·w besides the step (decoupled; never biases); `clip`
    caps the gradient's norm.
    """

    name: ClassVar[str]
    formula: ClassVar[str]
    says: ClassVar[str]
    lr: Any = 0.01  # kept as a Rate
    schedule: Any = None  # (t) → a factor on lr, like Cosine(50)
    clip: float | None = None
    decay: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", rate_of(type(self).__name__, self.lr))
        fit(self, "clip", "a number > 0", lambda clip: clip > 0, none=True)
        fit(self, "decay", "a number ≥ 0", lambda decay: decay >= 0)
        if self.schedule is not None and (not callable(self.schedule) or isinstance(self.schedule, type)):
            got = f"{type(self).__name__} got schedule = {short(self.schedule)}"
            raise LabError(f"{got}; it wants one like Cosine(50)")

    def write(self, b: "Binding") -> Tick | None:
        """Write the step into b.plan; what is returned sets what else than lr changes with t."""
        raise NotImplementedError


def _factor(schedule: Callable[[float], Any], time: float) -> float:
    """What a schedule makes of the rate; one of a learner's own may give anything."""
    factor = schedule(time)
    if not is_number(factor) or factor < 0:
        raise LabError(f"the schedule gives {short(factor)} at {time:g}; it wants a factor ≥ 0")
    return float(factor)


class Binding:
    """An optimiser at work on one θ: its buffers, its calls, its clock."""

    def __init__(self, optimiser: Optimiser, params: Params, l1: float, l2: float) -> None:
        self.optimiser = optimiser
        self.members, dtype = params.theta.shape[:-1], params.theta.dtype
        self.plan = Plan(batch=1, members=self.members, dtype=dtype, phase="update")
        self.theta, self.g = Term(self.plan, params.theta, "θ"), Term(self.plan, params.grad, "g")
        self.remembered: list[Array] = []  # what the rule carries from step to step
        self.t = 0  # steps taken
        self.time: float | None = None  # the schedule's clock, set by a Trainer
        self.lr: Array = self._shaped(optimiser.lr)
        self.rate: Array = np.array(self.lr, dtype=dtype)
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

    def _shaped(self, lr: Rate) -> Array:
        """() for a net, (members, 1) for a fleet, whose members may have rates of their own."""
        rates = np.asarray(lr, dtype=float)
        if rates.ndim and rates.shape != self.members:
            of = f"a fleet of {self.members[0]}" if self.members else "one net"
            raise LabError(f"{type(self.optimiser).__name__} got {rates.size} rates for {of}")
        return np.broadcast_to(rates, self.members)[..., None].copy() if self.members else rates

    def new(self, name: str) -> Term:
        """A running value as large as θ, 0 at the start."""
        self.remembered.append(np.zeros_like(self.theta.array))
        return Term(self.plan, self.remembered[-1], name)

    def set_rate(self, lr: Rate) -> None:
        """Go on with another rate; all that is remembered stays."""
        self.lr = self._shaped(rate_of(type(self.optimiser).__name__, lr))
        self.rate[...] = self.lr

    def before(self) -> None:
        """Move the clock on: the schedule, and what the rule itself counts."""
        self.t += 1
        lr, schedule = self.lr, self.optimiser.schedule
        if schedule:
            lr = lr * _factor(schedule, self.t - 1 if self.time is None else self.time)
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
    if not np.isfinite(norm).all():  # squares overflow long before the numbers do
        most = np.abs(g).max(axis=-1, keepdims=True)
        norm = np.sqrt(np.vecdot(g / most, g / most))[..., None] * most
    g *= np.minimum(limit / (norm + 1e-6), 1.0)


@dataclass(frozen=True)
class SGD(Optimiser):
    """Downhill by lr·g; with `momentum` a running sum of g, with `nesterov` a look ahead."""

    name = "sgd"
    formula = "θ ← θ − lr·g"
    says = "One step straight downhill, as far as the slope is steep."
    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        fit(self, "momentum", "a number from 0 to 1", lambda momentum: 0 <= momentum <= 1)
        either("nesterov", self.nesterov)

    def write(self, b: Binding) -> None:
        if not self.momentum:
            return b.down(b.g)
        v = b.new("v")
        v = ((v * self.momentum).into(v) + b.g).into(v, "v")
        return b.down(b.g + v * self.momentum if self.nesterov else v)


@dataclass(frozen=True)
class Momentum(SGD):
    name = "momentum"
    formula = "v ← μ·v + g,  θ ← θ − lr·v"
    says = "A rolling ball: it keeps going where slopes agree and shrugs off the rest."
    momentum: float = 0.9


@dataclass(frozen=True)
class Nesterov(Momentum):
    name = "nesterov"
    formula = "v ← μ·v + g,  θ ← θ − lr·(g + μ·v)"
    says = "Momentum that corrects from where the ball is about to be."
    nesterov: bool = True


@dataclass(frozen=True)
class RMSProp(Optimiser):
    name = "rmsprop"
    formula = "s ← α·s + (1 − α)·g²,  θ ← θ − lr·g/(√s + ε)"
    says = "Every parameter gets its own step, long where gradients have been small."
    alpha: float = 0.99
    eps: float = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        fit(self, "alpha", "0 ≤ alpha < 1", lambda alpha: 0 <= alpha < 1)
        fit(self, "eps", "a number > 0", lambda eps: eps > 0)

    def write(self, b: Binding) -> None:
        s = b.new("s")
        s = ((s * self.alpha).into(s) + b.g * b.g * (1 - self.alpha)).into(s, "s")
        b.down(b.g / (sqrt(s) + self.eps))


@dataclass(frozen=True)
class Adam(Optimiser):
    """Keeps M = m/(1 − β₁) and V = v/(1 − β₂), so that exact Adam is ten calls; the factors
    and both bias corrections sit in two numbers that change with the step."""

    name = "adam"
    formula = "m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²,  θ ← θ − lr·m̂/(√v̂ + ε)"
    says = "Momentum and RMSProp in one; forgiving about lr, not magic."
    lr: Any = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        fit(self, "beta1", "0 ≤ beta1 < 1", lambda beta1: 0 <= beta1 < 1)
        fit(self, "beta2", "0 ≤ beta2 < 1", lambda beta2: 0 <= beta2 < 1)
        fit(self, "eps", "a number > 0", lambda eps: eps > 0)

    def write(self, b: Binding) -> Tick:
        M, V = b.new("M"), b.new("V")
        r = Term(b.plan, np.empty_like(b.theta.array), "r")  # one scratch: θ may be larger than the cache
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


@dataclass(frozen=True)
class AdamW(Adam):
    name = "adamw"
    formula = "θ ← θ·(1 − lr·decay), then Adam"
    says = "Adam whose weight decay is not bent by its own scaling."
    decay: float = 0.01


OPTIMISERS: dict[str, type[Optimiser]] = {
    o.name: spelt(o) for o in (SGD, Momentum, Nesterov, RMSProp, Adam, AdamW)
}


def optimiser(spec: Any) -> Optimiser:
    """`optimiser("adam")` is `Adam()`; an Optimiser passes through."""
    if isinstance(spec, Optimiser):
        return spec
    if isinstance(spec, str):
        return named("optimiser", spec, OPTIMISERS)()
    got = "an array" if isinstance(spec, np.ndarray | list | tuple) else f"{short(spec)}"
    raise LabError(f'the optimiser is {got}; it wants one like SGD(.1) or "adam"')

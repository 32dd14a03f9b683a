"""What scripts in numpy and in torch have in common: rows, start, order, schedule."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from pprint import pformat
from textwrap import fill
from typing import Any

import numpy as np

from nnlab.activations import ACTIVATIONS, Squash
from nnlab.chance import STREAMS
from nnlab.errors import LabError
from nnlab.layers import Activation, Layer
from nnlab.optim import Constant, Cosine, Exponential, Optimiser, Schedule, StepDecay, WarmUp
from nnlab.params import Block, Initialiser
from nnlab.plan import Array

MOST = 20_000  # numbers a script holds


@dataclass(frozen=True)
class Training:
    """What is to be trained, and how."""

    net: Any  # a Net
    X: Array
    y: Array
    rule: Optimiser
    batch: int
    epochs: int
    seed: int
    shuffle: bool
    rows: str

    @property
    def loss(self) -> str:
        name: str = self.net.loss_kind.name
        return name

    @property
    def layers(self) -> list[Layer]:
        """All but a last squash that belongs to the loss: that is read from the logits."""
        layers: list[Layer] = self.net.layers
        return layers[:-1] if self.net.loss_kind.fuses == self.net.out != "linear" else layers


# --- lines -------------------------------------------------------------------------------
def heading(training: Training, needs: str) -> list[str]:
    """What the script is."""
    rule, net = training.rule, training.net
    own = [f.name for f in fields(rule) if getattr(rule, f.name) != f.default]
    said = ", ".join(f"{name} {getattr(rule, name)}" for name in own)
    rule_says = f"{rule.name} ({said})" if said else rule.name
    layers = " · ".join(map(repr, net.layers))
    text = f'"""{layers}; loss {training.loss}; {rule_says}: in {needs} alone."""'
    return [*fill(text, 100).splitlines(), ""]


def numbers(array: Any) -> str:
    """An array as Python writes it, every digit kept."""
    return f"np.array({pformat(np.asarray(array).tolist(), width=100, compact=True)})"


def rows_of(training: Training) -> list[str]:
    if training.rows:
        return training.rows.strip().splitlines()
    return [f"X = {numbers(training.X)}", f"y = {numbers(training.y)}"]


def generator(use: str, seed: int) -> str:
    """What draws for one of STREAMS."""
    return f"np.random.default_rng(np.random.SeedSequence({seed}, spawn_key={STREAMS[use]}))"


DRAWS: dict[str, str] = {
    "zeros": "np.zeros({size})",
    "constant": "np.full({size}, {scale})",
    "normal": "rng.normal(0, {scale}, {size})",
    "uniform": "rng.uniform(-{scale}, {scale}, {size})",
    "xavier": "{scale} * rng.uniform(-1, 1, {size}) * np.sqrt(6 / {fans})",
    "he": "{scale} * rng.normal(0, np.sqrt(2 / {fan}), {size})",
    "lecun": "{scale} * rng.normal(0, np.sqrt(1 / {fan}), {size})",
}


def start(training: Training) -> list[str]:
    """Every block of θ under its name, W1 with b1 apart: drawn as nnlab drew it where nothing has
    changed since, else number by number."""
    net = training.net
    fresh, hows = net.fresh(net.settings.seed), net._initialisers()
    drawn = bool((fresh.theta == net.theta).all())
    drawn &= all(how.name in DRAWS for how in hows)
    if not drawn and net.theta.size > MOST:
        raise LabError(
            f"no seed draws these {net.theta.size:,} weights, and a script holds {MOST:,} numbers; "
            "take net.fresh(seed), or net.tensors() beside a script of your own"
        )
    lines = [f"rng = {generator('start', net.settings.seed)}"] if drawn else []
    for block, how in zip(net.params.blocks, hows, strict=True):
        view = net.params.view(block.name)
        if drawn and block.fill is None:
            lines += _drawn(block, how)
        else:
            lines.append(f"{block.name} = {numbers(view[..., :-1] if block.bias else view)}")
            lines += [f"{bias(block)} = {numbers(view[..., -1])}"] * block.bias
    return lines


def _drawn(block: Block, how: Initialiser) -> list[str]:
    out, shape = block.shape[0], (*block.shape[:-1], block.shape[-1] - block.bias)
    n = int(np.prod(shape[1:]))
    fan = block.fan if block.fan[0] else (n, out)
    call = DRAWS[how.name].format(size=(out, n), scale=how.scale, fan=fan[0], fans=sum(fan))
    lines = [f"{block.name} = {call.removeprefix('1.0 * ')}"]
    if block.bias:
        begins = numbers(block.start) if block.start else f"np.zeros({out})"
        lines.append(f"{bias(block)} = {begins}")
    return lines


def bias(block: Block) -> str:
    return f"b{block.name[1:]}" if block.name[0] == "W" else f"b{block.name}"


def factor(schedule: Any) -> str:
    """The schedule's factor on lr as an expression in `epoch`."""
    match schedule:
        case None | Constant():
            return "1"
        case StepDecay():
            return f"{schedule.gamma} ** (epoch // {schedule.every})"
        case Exponential():
            return f"{schedule.gamma} ** epoch"
        case Cosine():
            wave = f"(1 + math.cos(math.pi * min(epoch / {schedule.length}, 1))) / 2"
            return f"{schedule.least} + (1 - {schedule.least}) * {wave}"
        case WarmUp(then=Schedule()):
            return f"min(1, (epoch + 1) / {schedule.length}) * ({factor(schedule.then)})"
    raise LabError(f"a script knows the schedules of SCHEDULES; it got {schedule!r}")


def epochs_of(training: Training, step: list[str], loss: str) -> list[str]:
    """The loop over epochs and batches around the lines of a step, which read `rows`; `loss` is theirs."""
    shuffled = training.shuffle and training.batch < len(training.X)
    chosen = "chance.permutation(len(X))" if shuffled else "np.arange(len(X))"
    rate = factor(training.rule.schedule)
    return [
        *([f"chance = {generator('order', training.seed)}  # the order of the rows"] if shuffled else []),
        "losses = []",
        f"for epoch in range({training.epochs}):",
        f"    lr = {training.rule.lr}" + (f" * ({rate})" if rate != "1" else ""),
        f"    order = {chosen}",
        f"    for at in range(0, len(X), {training.batch}):",
        f"        rows = order[at : at + {training.batch}]",
        *[f"        {line}" if line else "" for line in step],
        f"        losses.append({loss})",
        "    print(epoch + 1, losses[-1])",
    ]


def whole(lines: list[str]) -> str:
    text = "\n".join(lines) + "\n"
    return text if "math." in text else text.replace("import math\n\n", "")


# --- squashes ----------------------------------------------------------------------------
def squash_named(layer: Activation, table: dict[str, Any]) -> Any:
    """The table's row for this squash; "leaky(0.2)" stands under "leaky"."""
    how: Squash = layer.how
    known = how.name.startswith("leaky") or how is ACTIVATIONS.get(how.name)
    if not known or how.name.partition("(")[0] not in table:
        raise LabError(f'a script knows the squashes of ACTIVATIONS with a slope; it got "{how.name}"')
    return table[how.name.partition("(")[0]]


def leak(how: Squash) -> float:
    return float(how.name[6:-1]) if "(" in how.name else 0.01


def printer(layer: Layer, table: dict[type[Layer], Callable[..., Any]], where: str) -> Callable[..., Any]:
    """Who prints this kind of layer."""
    if type(layer) not in table:
        known = ", ".join(kind.__name__ for kind in table)
        raise LabError(f"a script in {where} cannot print {layer.at}; it knows {known}")
    return table[type(layer)]

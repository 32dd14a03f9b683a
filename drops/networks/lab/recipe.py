"""An experiment as one value, and the line that is it: screen, controls, link and save file at once.

read_line("circle 2-4-1 adam .03 seed 7").parameters      17
print_line(recipe)                                        the shortest line that reads as this value
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from drops.networks.lab.tables import source_of
from drops.networks.lab.words import NUMBER_WORDS, RULES, RowSource


@dataclass(frozen=True)
class Hidden:
    """One hidden layer. `squash` "" takes the line's; `residual` adds what came in."""

    units: int
    squash: str = ""
    residual: bool = False


class Edit(NamedTuple):
    """One weight or bias set by hand: `W2[3,1]=0.5`, `b1[2]=0`; counted from 1, unit first."""

    layer: int
    unit: int
    source: int  # 0: the bias
    value: float


@dataclass(frozen=True)
class Turn:
    """What changes at a step of the run, all else staying as it is: words of the line, or weights."""

    step: int
    changes: tuple[tuple[str, Any], ...] = ()  # of CHANGES, and their new values; a rate follows its rule
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """Rows, net and training of one experiment; every default learns."""

    data: str = "circle"
    features: tuple[str, ...] = ()  # () takes the columns as they are
    hidden: tuple[Hidden, ...] = (Hidden(4), Hidden(4))
    squash: str = "tanh"
    rule: str = "adam"
    rate: float | None = None  # None: what suits the rule
    loss: str = ""  # "": what suits the data
    start: str = ""  # "": what suits each squash
    scale: float | None = None  # of the start
    schedule: tuple[str, int] | None = None
    noise: float | None = None  # None: the data's own
    rows: int = 600
    test: float = 0.5  # the share that is held back
    batch: int = 10
    l1: float = 0.0
    l2: float = 0.0
    drop: float = 0.0
    clip: float = 0.0  # 0: gradients are taken as they are
    goal: float | None = None  # None: 95 % right, or R² .9
    seed: int = 1
    fault: str = ""  # what is wrong with it on purpose, by its name in the clinic
    only: tuple[str, ...] = ()  # what alone may be changed; () where nothing is locked
    turns: tuple[Turn, ...] = ()

    # ── what the defaults stand for ────────────────────────────────────────────────────────
    @property
    def source(self) -> RowSource:
        return source_of(self.data)

    @property
    def listens_to(self) -> tuple[str, ...]:
        """The features by name; of a table's own columns none."""
        if self.features or self.source.columns > 2:
            return self.features
        return ("x", "y")[: self.source.columns]

    @property
    def inputs(self) -> int:
        return len(self.listens_to) or self.source.columns

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, inputs and outputs with them."""
        return self.inputs, *(layer.units for layer in self.hidden), self.source.outputs

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return sum((a + 1) * b for a, b in zip(self.sizes, self.sizes[1:], strict=False))

    @property
    def learning_rate(self) -> float:
        return RULES[self.rule] if self.rate is None else self.rate

    @property
    def measured_by(self) -> str:
        return self.loss or self.source.losses[0]

    @property
    def spread(self) -> float:
        return self.source.noise if self.noise is None else self.noise

    @property
    def reach(self) -> float:
        """The share of rows that must be right, or the R² of a number."""
        return (0.95 if self.source.classes else 0.9) if self.goal is None else self.goal

    def turned(self, turn: Turn) -> Recipe:
        """As it is from a turn on; a rule that comes without a rate has its own."""
        changes = dict(turn.changes)
        if changes.get("rule", self.rule) != self.rule:
            changes.setdefault("rate", None)
        return replace(self, **changes)

    def squash_of(self, layer: int) -> str:
        return self.hidden[layer].squash or self.squash


def plain(recipe: Recipe) -> Recipe:
    """The same without what is said though it goes without saying."""
    source, none = recipe.source, Recipe(recipe.data)
    own = [one.squash if one.squash != recipe.squash else "" for one in recipe.hidden]
    return replace(
        recipe,
        hidden=tuple(replace(one, squash=squash) for one, squash in zip(recipe.hidden, own, strict=True)),
        rate=None if recipe.rate == RULES[recipe.rule] else recipe.rate,
        loss="" if recipe.loss == source.losses[0] else recipe.loss,
        noise=None if recipe.noise == source.noise else recipe.noise,
        goal=None if recipe.goal == none.reach else recipe.goal,
    )


# ── printing ──────────────────────────────────────────────────────────────────────────────
def print_line(recipe: Recipe) -> str:
    """The shortest line that reads as this value."""
    return " ".join(_words(recipe))


def _words(recipe: Recipe) -> list[str]:
    plain = Recipe(data=recipe.data)
    words = [recipe.data, *recipe.features]
    if recipe.hidden != plain.hidden:
        words.append(print_shape(recipe))
    words += [recipe.squash] * (recipe.squash != plain.squash)
    if (recipe.rule, recipe.rate) != (plain.rule, plain.rate):
        words += [recipe.rule, *([print_number(recipe.rate)] if recipe.rate is not None else [])]
    words += [recipe.loss] * bool(recipe.loss)
    if recipe.start:
        words += [recipe.start, *([print_number(recipe.scale)] if recipe.scale is not None else [])]
    if recipe.schedule:
        words += [recipe.schedule[0], str(recipe.schedule[1])]
    for name in NUMBER_WORDS:
        if (value := getattr(recipe, name)) != getattr(plain, name):
            words += [name, print_number(value)]
    if recipe.fault:
        words += ["break", recipe.fault]
    if recipe.only:
        words += ["only", *recipe.only]
    for turn in recipe.turns:
        words += [f"@{turn.step}", *_turned(recipe, turn)]
    return words


def _turned(recipe: Recipe, turn: Turn) -> list[str]:
    words: list[str] = []
    for name, value in turn.changes:
        match name:
            case "rule" | "squash":
                words.append(value)
            case "rate":
                words.append(print_number(value))
            case "hidden":
                words.append(print_shape(replace(recipe, hidden=value)))
            case _:
                words += [name, print_number(value)]
    for edit in turn.edits:
        at = f"W{edit.layer}[{edit.unit},{edit.source}]" if edit.source else f"b{edit.layer}[{edit.unit}]"
        words.append(f"{at}={print_number(edit.value)}")
    return words


def print_shape(recipe: Recipe) -> str:
    """As it is typed: 2-8relu-4+-1."""
    inner = [f"{one.units}{one.squash}{'+' * one.residual}" for one in recipe.hidden]
    return "-".join([str(recipe.inputs), *inner, str(recipe.source.outputs)])


def print_number(value: float) -> str:
    """As short as it goes and back to the same bits: 3, .03, 1e-5."""
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    text = repr(float(value))
    mantissa, e, exponent = text.partition("e")
    mantissa = mantissa.removesuffix(".0")
    sign, digits = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    digits = digits.removeprefix("0") if digits.startswith("0.") else digits
    return f"{sign}{digits}{e}{int(exponent)}" if e else f"{sign}{digits}"

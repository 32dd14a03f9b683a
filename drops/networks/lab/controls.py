"""The words of a line as controls: what + and − make of each, and how units and layers come and go.

turn(recipe, "rate", 1)        "adam .06"          words for Desk.change
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from drops.networks.lab.broken import NONE, WANTS, suits
from drops.networks.lab.recipe import Hidden, Recipe, print_number, print_shape
from drops.networks.lab.rows import there_are
from drops.networks.lab.shape import MOST_LAYERS, MOST_UNITS
from drops.networks.lab.words import (
    EPOCHS,
    FEATURES,
    NUMBER_WORDS,
    OF_ONE,
    RATE,
    RULES,
    SOURCES,
    SQUASHES,
    STARTS,
    Range,
)

RATES = tuple(round(base * 10.0**power, 9) for power in range(-5, 3) for base in (1, 2, 3, 5))
OF_THE_NET = ("data", "features", "shape", "squash", "rule", "rate", "start", "schedule", "break", "only")
STEPS: Mapping[str, Sequence[float]] = {
    "noise": (0, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2),
    "rows": (20, 40, 100, 200, 300, 600, 1000, 2000, 4000),
    "test": (0.1, 0.2, 0.3, 0.5, 0.7, 0.9),
    "batch": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000),
    "l1": (0, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1),
    "l2": (0, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3),
    "drop": (0, 0.1, 0.2, 0.3, 0.5, 0.8),
    "clip": (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
    "schedule": (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),  # epochs
    "goal": (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 1),
}


def controls(recipe: Recipe) -> list[tuple[str, str]]:
    """The words as they stand on the screen: the name of each control, and what it says now. First those
    `OF_THE_NET`, then how much of it there is and how it is measured."""
    shown = [("data", recipe.data)]
    if recipe.listens_to:
        shown.append(("features", " ".join(recipe.listens_to)))
    shown += [
        ("shape", print_shape(recipe)),
        ("squash", recipe.squash),
        ("rule", recipe.rule),
        ("rate", print_number(recipe.learning_rate)),
    ]
    if recipe.start:
        scale = [] if recipe.scale is None else [print_number(recipe.scale)]
        shown.append(("start", " ".join([recipe.start, *scale])))
    if recipe.schedule:
        shown.append(("schedule", "{} {}".format(*recipe.schedule)))
    if recipe.fault:
        shown.append(("break", f"break {recipe.fault}"))
    if recipe.only:
        shown.append(("only", " ".join(["only", *recipe.only])))
    if recipe.source.drawn:
        shown.append(("noise", f"noise {print_number(recipe.spread)}"))
    shown += [("rows", f"rows {there_are(recipe)}"), ("test", f"test {print_number(recipe.test)}")]
    shown.append(("loss", recipe.measured_by))
    names = ("batch", "l1", "l2", "drop", *(["clip"] if recipe.clip else []))
    shown += [(name, f"{name} {print_number(getattr(recipe, name))}") for name in names]
    return [*shown, ("goal", f"goal {print_number(recipe.reach)}"), ("seed", f"seed {recipe.seed}")]


def unsaid(recipe: Recipe) -> frozenset[str]:
    """The controls whose words go without saying; data and shape are what a line is about."""
    usual = dict(controls(Recipe(recipe.data, rule=recipe.rule)))
    same = {name for name, said in controls(recipe) if usual.get(name) == said} - {"data", "shape"}
    return frozenset(same if recipe.rule == Recipe.rule and "rate" in same else same - {"rule"})


def turn(recipe: Recipe, name: str, by: int) -> str:
    """The words that make a control's next value, or the one before; "" where there is none."""
    if name in CYCLES:
        family, word = CYCLES[name](recipe)
        return family[(family.index(word) + by) % len(family)]
    if name == "features":
        return _features(recipe, by)
    if name == "break":
        fits = [NONE, *(fault for fault in WANTS if suits(recipe, fault))]
        return f"break {fits[(fits.index(recipe.fault or NONE) + by) % len(fits)]}"
    if name == "shape":
        layer = len(recipe.hidden)
        return with_units(recipe, layer, by) if layer else with_layer(recipe, 0)
    if name == "rate":
        rate = _next(RATES, recipe.learning_rate, by, RATE)
        return f"{recipe.rule} {print_number(rate)}" if rate != recipe.learning_rate else ""
    if name == "schedule" and recipe.schedule:
        word, epochs = recipe.schedule
        to = _next(STEPS[name], epochs, by, EPOCHS)
        return f"{word} {print_number(to)}" if to != epochs else ""
    if name == "only":  # what is locked is no control
        return ""
    if name == "rows":
        return _rows(recipe, by)
    now: float = {"noise": recipe.spread, "goal": recipe.reach}.get(name) or getattr(recipe, name) or 0
    to = now + by if name == "seed" else _next(STEPS[name], now, by, NUMBER_WORDS[name])
    return f"{name} {print_number(max(0, to))}" if to != now else ""


CYCLES: Mapping[str, Callable[[Recipe], tuple[tuple[str, ...], str]]] = {
    "data": lambda recipe: (tuple(dict.fromkeys((*SOURCES, recipe.data))), recipe.data),
    "squash": lambda recipe: (SQUASHES, recipe.squash),
    "rule": lambda recipe: (tuple(RULES), recipe.rule),
    "start": lambda recipe: (STARTS, recipe.start),
    "loss": lambda recipe: (recipe.source.losses, recipe.measured_by),
}


def _next(values: Sequence[float], now: float, by: int, range_: Range) -> float:
    beyond = [v for v in values if (v > now if by > 0 else v < now) and range_.low <= v <= range_.high]
    return (min(beyond) if by > 0 else max(beyond)) if beyond else now


def _rows(recipe: Recipe, by: int) -> str:
    """More or fewer rows, of a table at most all that it has."""
    now, most = there_are(recipe), there_are(replace(recipe, rows=int(NUMBER_WORDS["rows"].high)))
    to = min(most, _next(STEPS["rows"], now, by, NUMBER_WORDS["rows"]))
    return f"rows {print_number(to)}" if to != now else ""


def _features(recipe: Recipe, by: int) -> str:
    may = OF_ONE if recipe.source.columns == 1 else tuple(FEATURES)
    has = recipe.listens_to
    missing = [name for name in may if name not in has]
    now = (*has, missing[0]) if by > 0 and missing else has[:-1] if by < 0 and len(has) > 1 else has
    return " ".join(now) if now != has else ""


# ── the net ───────────────────────────────────────────────────────────────────────────────
def with_units(recipe: Recipe, layer: int, by: int) -> str:
    """More or fewer units in a layer, counted from 1; "" where it cannot have them."""
    if not 1 <= layer <= len(recipe.hidden):
        return ""
    one = recipe.hidden[layer - 1]
    units = one.units + by
    if not 1 <= units <= MOST_UNITS:
        return ""
    return _shaped(recipe, [*recipe.hidden[: layer - 1], replace(one, units=units), *recipe.hidden[layer:]])


def with_layer(recipe: Recipe, after: int) -> str:
    """Another layer behind that one, as wide as it."""
    if len(recipe.hidden) == MOST_LAYERS:
        return ""
    after = min(after, len(recipe.hidden))
    units = recipe.hidden[after - 1].units if after else 4
    return _shaped(recipe, [*recipe.hidden[:after], Hidden(units), *recipe.hidden[after:]])


def without_layer(recipe: Recipe, layer: int) -> str:
    """A layer less: that one, counted from 1, or the last one."""
    if not recipe.hidden:
        return ""
    at = layer - 1 if 1 <= layer <= len(recipe.hidden) else len(recipe.hidden) - 1
    return _shaped(recipe, [one for i, one in enumerate(recipe.hidden) if i != at])


def with_squash(recipe: Recipe, layer: int) -> str:
    """The next squash for one layer, counted from 1; for 0 of all."""
    if not 1 <= layer <= len(recipe.hidden):
        return SQUASHES[(SQUASHES.index(recipe.squash) + 1) % len(SQUASHES)]
    now = recipe.squash_of(layer - 1)
    then = SQUASHES[(SQUASHES.index(now) + 1) % len(SQUASHES)]
    one = replace(recipe.hidden[layer - 1], squash="" if then == recipe.squash else then)
    return _shaped(recipe, [*recipe.hidden[: layer - 1], one, *recipe.hidden[layer:]])


def _shaped(recipe: Recipe, hidden: Sequence[Hidden]) -> str:
    """The shape with these layers; one that adds what came in keeps that only while it is as wide."""
    widths = [recipe.inputs, *(one.units for one in hidden)]
    fitting = [
        replace(one, residual=one.residual and one.units == before)
        for before, one in zip(widths, hidden, strict=False)
    ]
    return print_shape(replace(recipe, hidden=tuple(fitting)))

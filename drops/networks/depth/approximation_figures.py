"""The moving pictures of drop 12 beside the bump: an error named, a wilder wave.

sin(3x) on [−2, 2], kinks at equal distances   →   14 units stay within 0.1, 43 within 0.01
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Figure, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.depth.any_function import HIGH, LOW, along, wave_at
from drops.networks.nets import points
from drops.text import number

WHOLE = np.linspace(LOW, HIGH, 801)
DRAWN = WHOLE[::8]
FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {
    "sin(3x)": wave_at, "|x|": np.abs, "x²": np.square, "eˣ": np.exp,
}  # fmt: skip
ERRORS = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01)


def fewest(f: Callable[[Any], Any], error: float) -> int:
    """The fewest kinks at equal distances that stay within `error` of f."""
    for width in range(1, 200):
        knots = np.linspace(LOW, HIGH, width + 1)
        if np.abs(np.interp(WHOLE, knots, f(knots)) - f(WHOLE)).max() <= error + 1e-12:
            return width
    raise ValueError(f"no 199 kinks stay within {error}")


def draw_within(_: Mapping[str, Any]) -> Drawing:
    """```figure within → for a function and an error, the fewest units placed by hand that do it."""
    names = tuple(FUNCTIONS)
    knobs = (
        Knob("function", "function", 0, len(names) - 1, 1, 0, names),
        Knob("error", "error", 0, len(ERRORS) - 1, 1, 0, tuple(map(number, ERRORS))),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        name, error = names[int(v["function"])], ERRORS[int(v["error"])]
        f = FUNCTIONS[name]
        width = fewest(f, error)
        says = f"Within {number(error)} of {name}: {width} unit{'s' * (width > 1)}."
        series = (
            Series(name, points(DRAWN, f(DRAWN))),
            Series("net", points(DRAWN, along(f, width).predict(DRAWN))),
        )
        return Curve(series, "x", "y", says), Words(f"**{says}**")

    numbers = {f"sin_{error:g}": fewest(wave_at, error) for error in ERRORS}
    says = "Name an error, then a smaller one. Which function is the cheapest?"
    return Drawing((Figure(knobs, show, says),), numbers)


UNITS = (2, 4, 8, 16, 32, 64)


def draw_kinks(params: Mapping[str, Any]) -> Drawing:
    """```figure kinks: units → kinks along a wave, and the place where they miss it most."""
    knobs = (
        Knob("units", "units", 0, len(UNITS) - 1, 1, UNITS.index(params["units"]), tuple(map(str, UNITS))),
        Knob("k", "k in sin(kx)", 1, 12, 1, 3),
    )

    def worst(width: int, k: float) -> tuple[float, float]:
        """Where the net misses most, and by how much."""
        miss = np.abs(along(lambda x: wave_at(x, k), width).predict(WHOLE) - wave_at(WHOLE, k))
        return float(WHOLE[miss.argmax()]), float(miss.max())

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        width, k = UNITS[int(v["units"])], v["k"]
        place, miss = worst(width, k)
        net, wave = along(lambda x: wave_at(x, k), width), f"sin({number(k)}x)"
        says = (
            f"{width} units along {wave}: the largest miss is {number(miss, 4)}, at x = {number(place, 2)}."
        )
        series = (
            Series(wave, points(DRAWN, wave_at(DRAWN, k))),
            Series("net", points(DRAWN, net.predict(DRAWN))),
        )
        mark = (place, float(net.predict(np.array([place]))[0]), "")
        return Curve(series, "x", "y", says, marks=(mark,), window=(-1.2, 1.2)), Words(says)

    numbers = {f"miss_{width}": worst(width, 3.0)[1] for width in UNITS}
    says = "Double the units: what happens to the largest miss? Then make the wave faster."
    return Drawing((Figure(knobs, show, says),), numbers)

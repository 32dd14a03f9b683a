"""The first start: one neuron and 342 penguins, in whole numbers, before anything heavy is loaded.

    w = (1, −½), b = −1  →  342 of 342: every Gentoo is told from every other bird

f = flipper in centimetres above 20, d = bill depth in millimetres above 17. Everything is counted in
twentieths, so that a bird on the line is on it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from drops.exercises.blocks import Point, Surface

GENTOO = "2"  # in the table's last column
FLIPPER, BILL = (170, 235), (13, 22)  # millimetres on the axes
STEP = 0.5  # by which a key moves a number
LEAST, MOST = -3.0, 3.0
GRID = 24  # cells of the map across and up: z is flat, so that few are enough
TONE = 3.0  # |z| from which a tone is at its end


class Bird(NamedTuple):
    flipper: int  # tenths of a centimetre above 20: millimetres above 200
    bill: int  # tenths of a millimetre above 17
    gentoo: bool


class Dials(NamedTuple):
    """Weights of flipper and bill, and the bias; each in halves."""

    flipper: float = 1.0
    bill: float = 1.0
    bias: float = 0.0

    def sum_in_twentieths(self, bird: Bird) -> int:
        """z, twenty times over."""
        return (
            round(2 * self.flipper) * bird.flipper + round(2 * self.bill) * bird.bill + round(20 * self.bias)
        )

    def turned(self, bill: float = 0.0, bias: float = 0.0) -> Dials:
        """With its bill's weight and its bias moved, each within its range."""
        return self._replace(
            bill=max(LEAST, min(MOST, self.bill + bill)), bias=max(LEAST, min(MOST, self.bias + bias))
        )


@cache
def birds() -> tuple[Bird, ...]:
    """The table as it is bundled, read without the engine that it belongs to."""
    found = find_spec("nnlab")
    assert found is not None
    assert found.submodule_search_locations
    assert found.loader is not None
    place = Path(found.submodule_search_locations[0]) / "tables" / "penguins.csv"
    text = found.loader.get_data(str(place)).decode("utf-8")  # type: ignore[attr-defined]  # of files and zips
    rows = csv.DictReader(text.splitlines())
    return tuple(
        Bird(
            round(float(row["flipper_length_mm"])) - 200,
            round(float(row["bill_depth_mm"]) * 10) - 170,
            row["target"] == GENTOO,
        )
        for row in rows
    )


@cache
def right(neuron: Dials) -> int:
    """How many of the birds it tells right: it fires for a Gentoo, and for no other."""
    return sum((neuron.sum_in_twentieths(bird) > 0) is bird.gentoo for bird in birds())


def is_found(neuron: Dials) -> bool:
    return right(neuron) == len(birds())


def shown(neuron: Dials) -> Surface:
    """The map in millimetres: where it fires, its line, and every bird."""
    across, up = FLIPPER[1] - FLIPPER[0], BILL[1] - BILL[0]
    flippers = [FLIPPER[0] + (i + 0.5) / GRID * across for i in range(GRID)]
    bills = [BILL[1] - (i + 0.5) / GRID * up for i in range(GRID)]

    along = [neuron.flipper * (flipper - 200) / 10 + neuron.bias for flipper in flippers]
    heights = [neuron.bill * (bill - 17) for bill in bills]
    return Surface(
        tuple(tuple(max(-TONE, min(TONE, a + height)) for a in along) for height in heights),
        FLIPPER,
        BILL,
        says(neuron),
        low=-TONE,
        high=TONE,
        points=_points(),
        lines=(_line(neuron),),
        x_label="flipper, mm",
        y_label="bill, mm",
        sides=("silent", "fires"),
        classes=("other birds", "Gentoo"),
    )


@cache
def _points() -> tuple[Point, ...]:
    return tuple(Point(200 + bird.flipper, 17 + bird.bill / 10, int(bird.gentoo)) for bird in birds())


def _line(neuron: Dials) -> tuple[float, float, float]:
    """Its line in millimetres: w₁x₁ + w₂x₂ + b = 0."""
    return neuron.flipper / 10, neuron.bill, neuron.bias - 20 * neuron.flipper - 17 * neuron.bill


def says(neuron: Dials) -> str:
    """How it stands, in a sentence."""
    return f"{right(neuron)} of {len(birds())} birds are told right."


ASKED = "Which of these penguins are Gentoos?"
TASK = "Press ↓ and ← until every Gentoo is told from every other bird."
FOUND = (
    "You just did by hand what training does: three numbers, and every Gentoo is told from every other bird."
)
WAY = (*({"bill": -STEP},) * 3, *({"bias": -STEP},) * 2)  # moves that find it, in order

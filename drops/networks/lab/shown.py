"""A net that a lesson shows, as a line of the Lab: its shape, and its weights where they find room.

line_of(wires)      circle 2-3-1 relu @0 W1[1,1]=.5 b1[1]=-1
"""

from __future__ import annotations

from collections.abc import Iterator

from drops.errors import DropsError
from drops.exercises.blocks import Wires
from drops.networks.lab.line import LONGEST, read_line
from drops.networks.lab.recipe import Recipe, print_line, print_number
from drops.networks.lab.words import FEATURES, SOURCES

FIGURES = 4  # digits after the point that a weight of a figure keeps
# Rows for a net of so many inputs and outputs; others hear features of the disc.
ROWS = {(1, 1): "sine", (2, 3): "rings", (4, 3): "penguins", (10, 1): "friedman", (13, 3): "wine"}


def line_of(net: Wires) -> str:
    """The line of a net; "" where the Lab has no rows that it could hear."""
    sizes = [len(layer) for layer in net.names]
    data = _data(sizes[0], sizes[-1]) if len(sizes) > 1 else ""
    if not data:
        return ""
    shape = "-".join(map(str, sizes))
    squash = " relu" if len(sizes) > 2 else ""
    plain = _printed(f"{data} {shape}{squash}")
    whole = f"{plain} @0 {' '.join(_edits(net))}"
    return (len(whole) <= LONGEST and plain and _printed(whole)) or plain


def _printed(line: str) -> str:
    """As short as it goes; "" where it is none, as of a layer too wide."""
    try:
        return print_line(read_line(line))
    except DropsError:
        return ""


def _data(inputs: int, outputs: int) -> str:
    if (inputs, outputs) in ROWS:
        return ROWS[inputs, outputs]
    if outputs != 1 or inputs > len(FEATURES):
        return ""
    heard = [] if inputs == SOURCES[Recipe().data].columns else list(FEATURES)[:inputs]
    return " ".join([Recipe().data, *heard])


def _edits(net: Wires) -> Iterator[str]:
    """Each weight, and each bias that is told, as words of the line."""
    for layer, rows in enumerate(net.weights, 1):
        for unit, weights in enumerate(rows, 1):
            for source, weight in enumerate(weights, 1):
                yield f"W{layer}[{unit},{source}]={print_number(round(float(weight), FIGURES))}"
            if net.biases is not None:
                bias = round(float(net.biases[layer - 1][unit - 1]), FIGURES)
                yield f"b{layer}[{unit}]={print_number(bias)}"

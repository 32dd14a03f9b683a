"""From "2-3-1" or a list of layers to the layers of a net."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnlab.errors import LabError
from nnlab.layers import Activation, Dense, Layer
from nnlab.plan import Array


def layers_from(
    given: Sequence[str | Layer], hidden: str, out: str, shape: int | tuple[int, ...] | None
) -> tuple[list[Layer], tuple[int, ...]]:
    if given and isinstance(given[0], str):
        return _from_sizes(given[0], hidden, out)
    layers = [layer for layer in given if isinstance(layer, Layer)]
    if not layers:
        raise LabError('a net wants layers, as in Net("2-3-1") or Net(Dense(1), input=2)')
    if shape is None:
        inputs = getattr(layers[0], "inputs", None)
        if inputs is None:
            raise LabError("a net of layers wants input=, the shape of one sample")
        shape = inputs
    if out != "linear" and not (isinstance(layers[-1], Activation)):
        layers.append(Activation(out))
    return layers, (shape,) if isinstance(shape, int) else tuple(shape)


def _from_sizes(text: str, hidden: str, out: str) -> tuple[list[Layer], tuple[int, ...]]:
    sizes = text.split("-")
    if len(sizes) < 2 or not all(size.isdecimal() and int(size) > 0 for size in sizes):
        raise LabError(f'"{text}" is no net; it wants sizes like "2-3-1"')
    layers: list[Layer] = []
    for i, n in enumerate(sizes[1:], 2):
        layers.append(Dense(int(n)))
        squash = out if i == len(sizes) else hidden
        if squash != "linear":
            layers.append(Activation(squash))
    return layers, (int(sizes[0]),)


def state_of(layers: list[Layer], members: tuple[int, ...], dtype: Any) -> dict[str, Array]:
    shapes = {name: shape for layer in layers for name, shape in layer.state().items()}
    return {
        name: np.full((*members, *shape), float(name.startswith("variance")), dtype=dtype)
        for name, shape in shapes.items()
    }

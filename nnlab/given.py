"""What a net is given, in the form it wants, or a sentence about what is wrong with it.

layers_of(["2-3-1"], "relu", "linear", None)      [Dense(3), relu, Dense(1)] and the shape (2,)
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from nnlab.activations import Squash, activation
from nnlab.errors import LabError, numbers_in, short, whole
from nnlab.layers import Activation, Dense, Layer
from nnlab.params import Shape
from nnlab.plan import Array


def layers_of(
    given: Sequence[str | Layer],
    hidden: str | Squash | Sequence[str | Squash],
    out: str | Squash,
    shape: int | Shape | None,
) -> tuple[list[Layer], Shape]:
    """The layers of "2-3-1" or of a list, and the shape of one sample."""
    layers: list[Layer] = []
    end = activation(out)
    if len(given) > 1 and not all(isinstance(layer, Layer) for layer in given):
        wrong = next(layer for layer in given if not isinstance(layer, Layer))
        raise LabError(f"a net of several layers got {short(wrong)}; it wants layers alone, like Dense(3)")
    if given and isinstance(given[0], str):
        words = given[0].split("-")
        if len(words) < 2 or not all(w.isdecimal() and len(w) < 100 and int(w) > 0 for w in words):
            raise LabError(f'"{given[0]}" is no net; it wants sizes like "2-3-1"')
        inner = len(words) - 2
        several = isinstance(hidden, Sequence) and not isinstance(hidden, str)
        each: list[Any] = list(hidden) if several else [hidden] * inner  # type: ignore[arg-type]
        if len(each) != inner:
            wants = f'"{given[0]}" wants {inner}, one for each hidden layer'
            raise LabError(f"hidden is a list of {len(each)}; {wants}")
        for n, squash in zip(words[1:], [*map(activation, each), end], strict=True):
            layers += [Dense(int(n)), *([] if squash.name == "linear" else [Activation(squash)])]
        if shape is not None and shape not in (int(words[0]), (int(words[0]),)):
            raise LabError(f'input is {short(shape)}; "{given[0]}" has {words[0]} inputs: leave it out')
        return layers, (int(words[0]),)
    layers += [layer for layer in given if isinstance(layer, Layer)]
    if not layers:
        raise LabError('a net wants layers, as in Net("2-3-1") or Net(Dense(1), input=2)')
    shape = getattr(layers[0], "inputs", None) if shape is None else shape
    if shape is None:
        raise LabError("a net of layers wants input=, the shape of one sample")
    if end.name != "linear" and not isinstance(layers[-1], Activation):
        layers.append(Activation(end))
    sizes: Any = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    return layers, tuple(whole("input", size) for size in sizes)


def pair_of(data: Any) -> tuple[Any, Any]:
    """Rows and targets, of (X, y) or a data set."""
    pair = tuple(data) if isinstance(data, Iterable) and not isinstance(data, np.ndarray | str | dict) else ()
    if len(pair) != 2:
        raise LabError("the data are no pair of rows and targets; it wants (X, y) or a data set")
    return pair


_UNMASKED = frozenset([list, tuple, float, int, bool, np.ndarray, np.float64, np.int64])  # hide no numbers


def plain(given: Any) -> NDArray[Any] | None:
    """An array of numbers, or the one that a list makes; None for what has to be looked at more closely."""
    try:
        bare = type(given) is list and _UNMASKED.issuperset(map(type, given))
        found: Any = np.array(given) if bare else given
    except (TypeError, ValueError, OverflowError):
        return None
    return found if type(found) is np.ndarray and found.dtype.kind in "biuf" else None


def finite(name: str, array: Any) -> None:
    """Refuse NaN and infinity, (…, n) or (…, n, columns), with the place of the first."""
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        row, *column = wrong[0][-2:] if array.ndim > 1 else wrong[0]
        at = f"row {row}, column {column[0]}" if column else f"row {row}"
        raise LabError(f"{name} holds NaN or infinity, first in {at}")


def numbers_of(name: str, given: Any, dtype: DTypeLike) -> Array:
    """An array of numbers, or a sentence about what is none."""
    if (found := numbers_in(given, dtype)) is not None:
        return found
    if hasattr(given, "X") and hasattr(given, "y"):
        raise LabError(f"{name} is a whole data set; it wants one part of it, .X or .y")
    if isinstance(given, Iterable) and not isinstance(given, Sequence | np.ndarray):
        raise LabError(f"{name} is {short(given)}; it wants rows of numbers")
    rows = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    for i, row in enumerate(rows):
        cells = list(row) if isinstance(row, Iterable) and not isinstance(row, str) else [row]
        for j, cell in enumerate(cells):
            if numbers_in(cell, dtype) is None:
                at = f"row {i}, column {j}" if len(cells) > 1 else f"row {i}"
                raise LabError(f"{name} holds {short(cell)}, first in {at}; it wants numbers")
    raise LabError(f"the rows of {name} are not all of one length")

"""Live runs in small bites: what is built, trained and painted a few milliseconds at a time."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

LIGHT = np.float32  # of large live fleets: half the memory, and faster; claims are measured in float64
T = TypeVar("T")
Table = Any  # (X, y) as nnlab.data gives it


def one_by_one(making: Iterable[T]) -> Generator[None, None, list[T]]:
    """Makes things one a pull: twenty nets in one plan take milliseconds to build, or to judge."""
    made: list[T] = []
    for thing in making:
        made.append(thing)
        yield None
    return made


def filmed(values: NDArray[np.floating[Any]], columns: int) -> tuple[array[float], ...]:
    """Values row by row, as a film keeps a map: an eighth of the memory of tuples of floats."""
    return tuple(array("f", row.tobytes()) for row in np.reshape(values, (-1, columns)).astype(LIGHT))


def spread_out(steps: int, count: int) -> list[int]:
    """The steps at which a run is shown that is decided early: the first few each, then further apart."""
    return [0, *map(int, np.unique(np.round(np.geomspace(1, steps, count)).astype(int)))]


def every(runs: Sequence[Iterator[float | None]]) -> Iterator[float | None]:
    """Takes turns among `runs`, each yielding its share done (or None where it only worked);
    yields the share of all where something is worth painting."""
    done = [0.0] * len(runs)
    going = dict(enumerate(runs))
    while going:
        for i, run in list(going.items()):
            try:
                share = next(run)
            except StopIteration:
                done[i] = 1.0
                del going[i]
                continue
            if share is None:
                yield None
                continue
            done[i] = share
            yield min(sum(done) / len(done), 0.99) if i == min(going) else None

"""A live training in hand: at a moment its rate or one of its weights is turned, and it goes on from there.

    frames(seed, hold) trains hold(trainer)  →  nudged(seed, ((0.4, "rate", 3),)): the same bits up to 0.4
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from drops.exercises.blocks import Frame, Knob, Nudges, Run
from drops.exercises.nudges import RATE, signed
from drops.exercises.sheets import SUB
from nnlab import Fleet, Net, Trainer

Hold = Callable[[Trainer], Trainer]  # takes a training in hand, as it begins
FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0)  # of its own rate
TIMES = ("a tenth", "three tenths", "as it is", "three times", "ten times")
HAIR = 1e-9
_WEIGHT = re.compile(r"([Wb])(\d+)\[(\d+)(?:,(\d+))?\]")


def nudgeable(
    prompt: str,
    frames: Callable[[int, Hold], Iterator[Frame | None]],
    weights: Sequence[str] = (),
    *,
    closes: str = "",
) -> Run:
    """A run whose trainings can be turned at a moment: their rate, and `weights` by their names: "W1[1,2]",
    "b1[1]". Every training that is held has them; in a fleet each net's is moved by as much. A training that
    begins later begins with the rate as it was turned.
    """

    def nudged(seed: int, nudges: Nudges) -> Iterator[Frame | None]:
        held: list[tuple[Trainer, Any]] = []
        turned: float | None = None  # the place of its knob, once it was turned

        def hold(trainer: Trainer) -> Trainer:
            held.append((trainer, trainer.rate))
            if turned is not None:
                _turn(*held[-1], RATE, turned)
            return trainer

        left, last = deque(sorted(nudges, key=lambda one: one[0])), max((at for at, *_ in nudges), default=-1)
        for frame in frames(seed, hold):
            yield None if frame is None or frame.done <= last + HAIR else frame
            while frame is not None and left and left[0][0] <= frame.done + HAIR:
                _, name, value = left.popleft()
                turned = value if name == RATE else turned
                for trainer, own in held:
                    _turn(trainer, own, name, value)

    middle = TIMES.index("as it is")
    rate = Knob(RATE, "rate", 0, len(FACTORS) - 1, 1, middle, TIMES)
    steps = np.arange(-4, 5) * 0.5
    moved = tuple(map(signed, steps.tolist()))
    knobs = tuple(Knob(name, _called(name), 0, len(moved) - 1, 1, len(moved) // 2, moved) for name in weights)
    return Run(prompt, lambda seed: nudged(seed, ()), knobs=(rate, *knobs), nudged=nudged, closes=closes)


def _turn(trainer: Trainer, own: Any, name: str, place: float) -> None:
    """Sets the rate to a factor of its own, or moves a weight, by the place of its knob."""
    if name == RATE:
        trainer.rate = own * FACTORS[round(place)]
        return
    net = trainer.net
    trainer.net.theta[..., _index(net.net if isinstance(net, Fleet) else net, name)] += (place - 4) * 0.5


def _index(net: Net, name: str) -> int:
    """Where a weight stands among all numbers of a net."""
    found = _WEIGHT.fullmatch(name)
    assert found, name
    table, layer, *at = found.groups()
    probe = net.copy()
    probe.theta[...] = 0
    cells = getattr(probe[int(layer) - 1], table)
    cells[tuple(int(one) - 1 for one in at if one)] = 1
    return int(np.argmax(probe.theta))


def _called(name: str) -> str:
    """ "W1[1,2]" as lessons write it: W₁[1, 2]."""
    return re.sub(r"^([Wb])(\d)", lambda m: f"{m[1]}{SUB[int(m[2])]}", name).replace(",", ", ")

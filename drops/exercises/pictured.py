"""The picture beside a question, as it stands: what was typed is in it, what is asked is not.

And which numbers can be read off a picture: those that it writes, not those that a scale would give.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from math import isnan
from typing import assert_never

from drops.exercises.answers import readable
from drops.exercises.blocks import (
    Bars,
    Beside,
    Blank,
    Choice,
    Curve,
    Figure,
    Matrix,
    Numbers,
    Order,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.scales import at_bar
from drops.text import number

ASKED = "answer"  # what is in hand of a question that has no fields
_NUMBER = re.compile(r"[−-]?\d+(?:,\d{3})*(?:\.\d+)?")


def picture_of(
    ask: Numbers | Choice | Order, text: str = "", hand: str = "", *, settled: bool = False
) -> tuple[Show, ...]:
    """What stands beside a question with `text` in it; `hand` is the field that is filled, the first where
    none is named. Once it is settled nothing is in hand, and the picture may show what is so.
    """
    if isinstance(ask, Numbers):
        now = "" if settled else hand or ask.fields[0].name
        return ask.picture(readable(ask.fields, text), now) if ask.picture else ()
    return ask.beside({}, "" if settled else ASKED) if ask.beside else ()


def along(bars: Bars) -> list[float]:
    """What is drawn along the scale of bars: their values, what they spread over, and what a full one is."""
    if bars.fixed and bars.full is not None:
        return [bars.full]
    told = [at for bar in bars.bars for at in (bar.value, *(bar.span or ()))]
    return told if bars.full is None else [*told, bars.full]


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, as they are printed.

    >>> sorted(numbers_in("w is −0.5, not 3"))
    ['3', '−0.5']
    """
    return {found.replace("-", "−") for found in _NUMBER.findall(text)}


def read_off(shown: Iterable[Show]) -> set[str]:
    """Every number that these pictures write, in them or in their sentences."""
    return set().union(*(numbers_in(text) for block in shown for text in _texts(block)))


def _texts(block: Show) -> Iterator[str]:
    match block:
        case Words():
            yield block.markdown
        case Figure():
            yield block.says
            for one in block.draw({knob.name: knob.start for knob in block.knobs}):
                yield from _texts(one)
        case Beside():
            for one in block.blocks:
                yield from _texts(one)
        case Sheet() | Wires() | Curve() | Surface() | Bars() | Strip() | Matrix():
            yield block.says
            yield from _in_it(block)
        case _:
            assert_never(block)


def _in_it(block: Sheet | Wires | Curve | Surface | Bars | Strip | Matrix) -> Iterator[str]:
    """What stands in a picture, beside its sentence."""
    match block:
        case Sheet():
            yield from block.columns
            yield from (cell for row in block.rows for cell in row if not isinstance(cell, Blank))
        case Wires():
            held = [*chain(*(block.values or ())), *(value for _, value in block.under.values())]
            weights = [weight for layer in block.weights for row in layer for weight in row]
            yield from map(number, [*weights, *chain(*(block.biases or ()))])
            yield from (number(value) for value in held if value is not None)
        case Curve():
            yield from (label for *_, label in block.marks)
            yield from (series.name for series in block.series)
        case Surface():
            yield from (point.name for point in (*block.points, *block.arrows))
            if block.neuron is not None:
                *weights, b = block.neuron
                yield from (number(-b / w, 2) for w in weights if w)
        case Bars():
            known = (bar for bar in block.bars if not isnan(bar.value))
            yield from (f"{bar.name} {at_bar(bar.value)} {bar.note}" for bar in known)
        case Strip():
            yield from (label for _, label in block.marks)
        case Matrix():
            yield from (block.told(value) for row in block.values for value in row)
        case _:
            assert_never(block)

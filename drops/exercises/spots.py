"""Parts of a picture that can be pointed at: wires and units of a net, cells of a matrix, points of a map.

A sort is wires, units, cells or points. Each spot has an address, counted from 1, and a name: the wire from
x₂ to h₁ is at (1, 1, 2), layer, row, column, as the tables of a net have it. What is missing in front of an
address is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import prod

from drops.exercises.blocks import (
    Beside,
    Choice,
    Figure,
    Knob,
    Knobs,
    Matrix,
    Option,
    Piece,
    Show,
    Surface,
    Wires,
    Words,
)
from drops.exercises.figure import Drawing
from drops.exercises.goals import settings
from drops.exercises.sheets import SUB

Address = tuple[int, ...]
FEWEST, MOST = 4, 36  # parts of which one is to be found
MOST_SETTINGS = 2_000  # of the knobs of a question


class PictureError(ValueError):
    """A picture in which nothing can be found as a question wants it; `str` is what is wrong with it."""


@dataclass(frozen=True)
class Spot:
    """A part of a picture: what it is called, where it is, and how else it may be typed."""

    name: str
    at: Address
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aim:
    """What an answer may hit: a part by its address, or the settings of which `when` is true."""

    feedback: str
    at: Address = ()
    when: Callable[[Mapping[str, float]], bool] | None = None
    diagnoses: str = ""


# ── to be pointed at ──────────────────────────────────────────────────────────────────────


def choice_in(prompt: str, drawn: Drawing, sort: str, right: Aim, wrong: Sequence[Aim]) -> Choice:
    """The question which part of a figure it is, its knobs as they start. Raises PictureError."""
    shown = _still(drawn.show)
    spots = spots_of(shown, sort)
    if not FEWEST <= len(spots) <= MOST:
        raise PictureError(f"it has {len(spots)} {sort}; {FEWEST} to {MOST} can be asked for")
    aims = [(_place(spots, one.at, sort), one) for one in (right, *wrong)]
    found = dict(reversed(aims))
    if len(found) < len(aims):
        raise PictureError(f"two answers are the same one of its {sort}")
    options = tuple(
        Option(
            spot.name,
            found.get(i) is right,
            found[i].feedback if i in found else "",
            found[i].diagnoses if i in found else "",
            spot.also,
        )
        for i, spot in enumerate(spots)
    )
    picture = partial(_lit, shown, tuple(spots), sort)
    return Choice(prompt, options, picture=picture, across=_across(shown, sort))


def _place(spots: Sequence[Spot], at: Address, sort: str) -> int:
    """The place of an address among parts. Raises PictureError."""
    whole = (*(1,) * (len(spots[0].at) - len(at)), *at)
    for i, spot in enumerate(spots):
        if spot.at == whole:
            return i
    told = at[0] if len(at) == 1 else list(at)
    raise PictureError(f"none of its {sort} is at {told}")


def spots_of(shown: Iterable[Show], sort: str) -> list[Spot]:
    """All parts of a sort in the first picture that has them, row by row. Raises PictureError."""
    block = _having(shown, sort)
    if isinstance(block, Wires) and sort == "wires":
        return list(_wires(block))
    if isinstance(block, Wires):
        layers = enumerate(block.names, 1)
        return [Spot(name, (layer, i)) for layer, names in layers for i, name in enumerate(names, 1)]
    if isinstance(block, Matrix):
        return [
            Spot(f"{row}, {column}" if len(block.rows) > 1 else column, (r, c), (f"{r}, {c}",))
            for r, row in enumerate(block.rows, 1)
            for c, column in enumerate(block.columns, 1)
            if block.values[r - 1][c - 1] is not None
        ]
    if isinstance(block, Surface):
        return [Spot(point.name, (n,)) for n, point in enumerate(block.points, 1)]
    raise PictureError(f"it has no {sort}")


def _having(shown: Iterable[Show], sort: str) -> Show | None:
    for block in shown:
        if isinstance(block, Beside) and (found := _having(block.blocks, sort)):
            return found
        if isinstance(block, Wires) and sort in ("wires", "units"):
            return block
        if isinstance(block, Matrix) and sort == "cells":
            return block
        if isinstance(block, Surface) and sort == "points" and all(one.name for one in block.points):
            return block
    return None


def _wires(block: Wires) -> Iterable[Spot]:
    """Wires in the order of the tables. Of a single neuron they are w₁, w₂ …; else x₂ → h₁, or W₁[1, 2]."""
    alone = len(block.weights) == 1 == len(block.weights[0])
    for layer, into in enumerate(block.weights, 1):
        for j, row in enumerate(into, 1):
            for i in range(1, len(row) + 1):
                table = f"W{_low(layer)}[{j}, {i}]"
                ends = f"{block.names[layer - 1][i - 1]} → {block.names[layer][j - 1]}"
                name = f"w{_low(i)}" if alone else table if "·" in ends else ends
                yield Spot(name, (layer, j, i), (table, ends))


def _low(n: int) -> str:
    return "".join(SUB[int(digit)] for digit in str(n))


def _across(shown: Iterable[Show], sort: str) -> int:
    """How many parts stand side by side."""
    block = _having(shown, sort)
    return len(block.columns) if isinstance(block, Matrix) else 1


def _still(shown: Iterable[Show]) -> tuple[Show, ...]:
    """The pictures of a figure as it starts, without knobs and without words."""
    out: list[Show] = []
    for block in shown:
        if isinstance(block, Figure):
            out += _still(block.draw({knob.name: knob.start for knob in block.knobs}))
        elif not isinstance(block, Words):
            out.append(block)
    return tuple(out)


def _lit(
    shown: tuple[Show, ...], spots: tuple[Spot, ...], sort: str, lit: tuple[int, ...]
) -> tuple[Show, ...]:
    """The picture with some of its parts lit; each part says which it is when it is clicked."""
    return tuple(_with_spots(block, _having(shown, sort), spots, sort, lit) for block in shown)


def _with_spots(
    block: Show, mine: Show | None, spots: tuple[Spot, ...], sort: str, lit: tuple[int, ...]
) -> Show:
    if isinstance(block, Beside):
        return Beside(tuple(_with_spots(one, mine, spots, sort, lit) for one in block.blocks))
    if block is not mine:
        return block
    places = [(str(i + 1), tuple(n - 1 for n in spot.at)) for i, spot in enumerate(spots)]
    hand = str(lit[0] + 1) if lit else ""
    if isinstance(block, Wires) and sort == "wires":
        pieces: dict[Piece, str] = {("wire", *at): name for name, at in places}
        wires = tuple((a, b, c) for a, b, c in (places[i][1] for i in lit))
        return replace(block, blanks=pieces, lit=wires)
    if isinstance(block, Wires):
        return replace(block, blanks={("unit", *at): name for name, at in places}, hand=hand)
    if isinstance(block, Matrix):
        cells = {(at[0], at[1]): name for name, at in places}
        here = [(r, c) for r, c in (places[i][1] for i in lit)]
        judged = len(here) > 1  # what is right, and what was pointed at
        signs = {at: "✗" if n else "✓" for n, at in enumerate(here)} if judged else {}
        return replace(block, spots=cells, lit=() if judged else tuple(here), signs=signs)
    if isinstance(block, Surface):
        return replace(block, spots=tuple(name for name, _ in places), held=lit[0] if lit else None)
    return block


# ── to be turned ──────────────────────────────────────────────────────────────────────────


def knobs_in(prompt: str, drawn: Drawing, turned: Sequence[str], right: Aim, wrong: Sequence[Aim]) -> Knobs:
    """The question to turn some of a figure's knobs, () all of them, until `right` holds; what is said of the
    others is `knob_names`. Raises PictureError."""
    figure = next((one for one in drawn.show if isinstance(one, Figure) and one.knobs), None)
    if figure is None or right.when is None:
        raise PictureError("it has no knobs to turn")
    knobs = tuple(knob for knob in figure.knobs if not turned or knob.name in turned)
    if missing := {*turned} - {knob.name for knob in knobs}:
        raise PictureError(f'it has no knob "{min(missing)}"; there are {", ".join(knob_names(drawn))}')
    if prod(len(knob.places) for knob in knobs) > MOST_SETTINGS:
        raise PictureError(f"its knobs have more than {MOST_SETTINGS:,} settings")
    start = {knob.name: knob.start for knob in figure.knobs}

    def hits(one: Aim, values: Mapping[str, float]) -> bool:
        return one.when is not None and one.when({**start, **values})

    rights = [setting for setting in settings(knobs) if hits(right, setting)]
    if not rights:
        raise PictureError("no setting of its knobs is right")
    if hits(right, start):
        raise PictureError("its knobs start where they are to be turned to")
    if any(hits(one, setting) for one in wrong for setting in rights):
        raise PictureError("a right setting of its knobs is a wrong one, too")

    def diagnose(values: Mapping[str, float]) -> str:
        return next((str(n) for n, one in enumerate(wrong) if hits(one, values)), "")

    return Knobs(
        prompt,
        knobs,
        lambda values: figure.draw({**start, **values}),
        lambda values: hits(right, values),
        diagnose,
        right.feedback,
        rights[len(rights) // 2],  # at the edge of what is right nothing is learned of it
    )


def blind_hands(ask: Knobs) -> Iterable[str]:
    """The hands that set the knobs rightly without a look at anything."""
    hands: Mapping[str, Callable[[Knob], float]] = {
        "at their low ends": lambda knob: knob.low,
        "at their high ends": lambda knob: knob.high,
        "in the middle": lambda knob: knob.nearest((knob.low + knob.high) / 2),
        "a step up": lambda knob: knob.nearest(knob.start + knob.step),
        "a step down": lambda knob: knob.nearest(knob.start - knob.step),
    }
    for hand, place in hands.items():
        if ask.reached({knob.name: place(knob) for knob in ask.knobs}):
            yield hand
    every = [*settings(ask.knobs)]
    if sum(map(ask.reached, every)) > len(every) / 3:
        yield "anywhere"


def knob_names(drawn: Drawing) -> list[str]:
    """The names of the knobs that a figure can be turned by."""
    figures = [one for one in drawn.show if isinstance(one, Figure) and one.knobs]
    return [knob.name for one in figures[:1] for knob in one.knobs]

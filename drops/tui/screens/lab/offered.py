"""What can be chosen from in the Lab, in the map's place: a list, and of the one in hand a glimpse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment

from drops.exercises.blocks import Curve, Series
from drops.networks.lab.glimpse import Glimpse
from drops.tui.base.ink import Inks, Line, Lines, does, fit, wrap, written
from drops.tui.blocks import curve, net

LISTED, LEAST = 12, 8  # lines of a list that leaves room for a glimpse; lines of a glimpse at least


class Offer(NamedTuple):
    """Something to choose: a line with a name, a challenge."""

    kind: str  # as the list heads it
    name: str
    says: str
    leads: str  # to which line, or to what else
    line: str = ""  # what it begins with; "" where it breaks the line that stands


def draw(
    offers: Sequence[Offer], held: int, glimpse: Glimpse | None, wide: int, height: int, ink: Inks
) -> Lines:
    """At most `height` lines."""
    listed, below = _listed(offers, held, wide, ink), _told(offers[held], wide, ink)
    room = _list_room(len(listed), len(below), height)
    last = max(i for i, (at, _) in enumerate(listed) if at == held)
    first = max(0, min(last - room // 2, len(listed) - room))
    hidden = ((first, "above"), (len(listed) - first - room, "below"))
    more = "   ".join(f"{count} {where}" for count, where in hidden if count > 0)
    out = [*(line for _, line in listed[first : first + room]), [Segment(f"  {more}", ink.dim)], *below]
    left = height - len(out) - 1
    if glimpse is None or left < LEAST:
        return out
    return [*out, [], *_glimpse(glimpse, wide, left, ink)]


def map_room(offers: Sequence[Offer], held: int, wide: int, height: int) -> tuple[int, int] | None:
    """Cells of the map that a glimpse of the one in hand has; None where there is no room for one."""
    one, kinds = offers[held], len({offer.kind for offer in offers})
    below = len(wrap(one.says, wide)) + len(wrap(one.leads, wide))
    left = height - _list_room(len(offers) + kinds, below, height) - 1 - below - 1
    return (min(wide, 2 * (left - 1)), left - 1) if left >= LEAST else None


def _listed(offers: Sequence[Offer], held: int, wide: int, ink: Inks) -> list[tuple[int, Line]]:
    """The names, each kind under its own, and the place of each in the list."""
    listed: list[tuple[int, Line]] = []
    for at, offer in enumerate(offers):
        if at == 0 or offer.kind != offers[at - 1].kind:
            listed.append((at, [Segment(offer.kind, ink.bold)]))
        mark, style = ("▸ ", ink.act) if at == held else ("  ", ink.text)
        listed.append((at, fit([Segment(mark, style), Segment(offer.name, does(style, offer=at))], wide)))
    return listed


def _told(one: Offer, wide: int, ink: Inks) -> Lines:
    return [*written(one.says, wide, ink.text), *written(one.leads, wide, ink.dim)]


def _list_room(listed: int, below: int, height: int) -> int:
    """Lines of the list: fewer where that leaves room for a glimpse."""
    room = max(3, height - below - 1)
    short = min(listed, LISTED)
    return short if room - short - 1 >= LEAST else min(listed, room)


def _glimpse(glimpse: Glimpse, wide: int, tall: int, ink: Inks) -> Lines:
    seen = glimpse.seen
    if seen is None or seen.big is None:
        curves = tuple(Series(name, points) for name, points in glimpse.losses if len(points) > 1)
        if seen is not None:
            curves = Series("ŷ", seen.line), Series("training rows", seen.rows, "dots")
        if not curves:
            return [[Segment("Its first step leads beyond all numbers.", ink.dim)]]
        block = Curve(curves, "", "", "", log_y=seen is None)
        return curve.draw(block, wide, ink, max(3, tall - 1 - curve.more(block, wide)))
    shape = min(wide, 2 * (tall - 1)), tall - 1
    if (len(seen.big.pixels[0]), len(seen.big.pixels)) != (shape[0], 2 * shape[1]):
        return []  # of another size: the next one is on its way
    says = "its rows, and what it says before it learns"
    dots = [dot._replace(wrong=False) for dot in seen.dots]  # nothing has been learned
    drawn = net.draw_map(seen.big, dots, *shape, ink, len(seen.classes), None)
    return [[Segment(says[:wide], ink.dim)], *drawn]

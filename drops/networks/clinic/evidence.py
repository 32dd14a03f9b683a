"""What gauges rule out, and the way of an expert: the gauge that leaves the fewest causes, read, and again.

left("lies flat", ("silent", "zeros", "decay"), {"gradients": "zero"})     ("silent", "zeros")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drops.networks.clinic.gauges import GAUGES, NO_SIGN
from drops.networks.clinic.measured import MAY_READ
from drops.networks.clinic.worlds import WORLDS

AS_THE_TWIN = frozenset({""})
OPENINGS = 3  # gauges that may be opened in a case


def may_read(world: str, fault: str, gauge: str) -> frozenset[str]:
    """The signs that a fault was found to give on a gauge, in all disguises of its world."""
    return MAY_READ.get((world, gauge), {}).get(fault, AS_THE_TWIN)


def left(world: str, causes: Sequence[str], signs: Mapping[str, str]) -> tuple[str, ...]:
    """The causes that may give all of these signs, by gauge."""
    return tuple(
        cause
        for cause in causes
        if all(sign in may_read(world, cause, gauge) for gauge, sign in signs.items())
    )


def ruled_out(world: str, causes: Sequence[str], gauge: str, sign: str) -> tuple[str, ...]:
    """The causes that a sign excludes."""
    return tuple(cause for cause in causes if cause not in left(world, causes, {gauge: sign}))


def _remaining(world: str, causes: Sequence[str], gauge: str) -> float:
    """How many causes are left, in the mean, once a gauge is read."""
    after = 0.0
    for cause in causes:
        signs = may_read(world, cause, gauge)
        after += sum(len(left(world, causes, {gauge: sign})) for sign in signs) / len(signs)
    return after / len(causes)


def best_gauge(world: str, causes: Sequence[str], gauges: Sequence[str]) -> str:
    """The gauge that an expert opens next; of equal ones the first. "" where none rules anything out."""
    found = {gauge: _remaining(world, causes, gauge) for gauge in gauges}
    best = min(found, key=lambda gauge: round(found[gauge], 6), default="")
    return best if best and found[best] < len(causes) - 1e-9 else ""


def route(world: str, causes: Sequence[str], signs: Mapping[str, str]) -> tuple[str, ...]:
    """The gauges of an expert, in order; `signs` are what every gauge of the case says."""
    opened: list[str] = []
    remaining: Sequence[str] = causes
    while len(remaining) > 1 and len(opened) < OPENINGS:
        shut = [name for name in GAUGES if name in signs and name not in opened]
        gauge = best_gauge(world, remaining, shut)
        if not gauge:
            break
        opened.append(gauge)
        remaining = left(world, remaining, {gauge: signs[gauge]})
    return tuple(opened)


def parting(world: str, one: str, other: str) -> str:
    """The label of the gauge that parts two faults best; "" where none does."""
    name = best_gauge(world, (one, other), list(GAUGES))
    return GAUGES[name].label if name else ""


def usual_route(fault: str) -> tuple[str, ...]:
    """An expert's gauges for a fault among all of its set, and what each of them says then."""
    world = next((name for name, one in WORLDS.items() if fault in one.shows and fault in one.faults), "")
    world = world or next(name for name, one in WORLDS.items() if fault in one.shows)
    causes = tuple(dict.fromkeys((*WORLDS[world].faults, fault)))
    signs = {gauge: max(may_read(world, fault, gauge)) for gauge in GAUGES}
    told = []
    for gauge in route(world, causes, signs):
        sign = GAUGES[gauge].signs.get(signs[gauge])
        told.append(f"{GAUGES[gauge].label}: {sign.says if sign else NO_SIGN}")
    return tuple(told)

"""The nets that lessons show, as lines of the Lab: each can be opened there by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from drops.course.model import FigureFence, Library
from drops.exercises.blocks import Beside, Figure, Show, Wires
from drops.networks.lab.shown import line_of
from drops.study.build_pages import drawn


class LessonNet(NamedTuple):
    """A net of a lesson. `name` is typed: two-three-one, and of a drop with several two-three-one-2."""

    name: str
    where: str  # "drop 5 · Nothing but tables"
    line: str


def wires_of(shown: Iterable[Show]) -> Iterator[Wires]:
    """The nets of a page, figures as they begin."""
    for block in shown:
        if isinstance(block, Wires):
            yield block
        elif isinstance(block, Beside):
            yield from wires_of(block.blocks)
        elif isinstance(block, Figure):
            yield from wires_of(block.draw({knob.name: knob.start for knob in block.knobs}))


def lesson_nets(library: Library) -> tuple[LessonNet, ...]:
    """Every net that the Lab has rows for, once, in the order of the lessons. Draws every figure."""
    found: dict[str, LessonNet] = {}  # by line
    for drop in library:
        count = 0
        for section in drop.sections:
            for part in section.parts:
                if not isinstance(part, FigureFence):
                    continue
                for line in filter(None, map(line_of, wires_of(drawn(part)))):
                    if line not in found:
                        count += 1
                        name = drop.id if count == 1 else f"{drop.id}-{count}"
                        found[line] = LessonNet(name, f"{drop.called} · {section.heading}", line)
    return tuple(found.values())


def nets_by_name(library: Library) -> dict[str, str]:
    """The lines of the lessons' nets, by the name that is typed."""
    return {net.name: net.line for net in lesson_nets(library)}

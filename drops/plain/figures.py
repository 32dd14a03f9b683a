"""Figures that are moved by typing: what can be moved, how far, and what that does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from drops.errors import Unreadable
from drops.exercises.answers import read_number, shown
from drops.exercises.blocks import Ask, Beside, Choice, Figure, Knob, Numbers, Order, Show, Words
from drops.exercises.pictured import picture_of
from drops.plain.spoken import heard, lines, wrapped
from drops.study.pages import Page
from drops.text import number


def knobs_of(page: Page) -> dict[str, Knob]:
    return {knob.name: knob for block in page.show if isinstance(block, Figure) for knob in block.knobs}


def lines_of(figure: Figure, values: Mapping[str, float]) -> list[str]:
    """The lines of a figure at a setting."""
    told: set[str] = set()
    blocks = figure.draw({knob.name: values[knob.name] for knob in figure.knobs})
    return [line for block in blocks for line in lines(block, told)]


def movable(knobs: Mapping[str, Knob]) -> str:
    """What of a figure can be moved, and how far; equal ranges are told once."""
    names: dict[str, list[str]] = {}
    for name, knob in knobs.items():
        reach = f"from {number(knob.low)} to {number(knob.high)}"
        names.setdefault(f"to {_listed(knob.settings, 'or')}" if knob.settings else reach, []).append(name)
    return f"You can move {'; '.join(f'{_listed(some)} {reach}' for reach, some in names.items())}."


def _listed(names: Sequence[str], last: str = "and") -> str:
    """ "w1, w2 and b"."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def example(knobs: Mapping[str, Knob]) -> str:
    """A setting that a figure is not at: "w1=−1.5"."""
    name, knob = next(iter(knobs.items()))
    to = knob.start + knob.step if knob.start + knob.step <= knob.high else knob.start - knob.step
    return f"{name}={knob.told(to)}"


def moved(knobs: Mapping[str, Knob], typed: str) -> dict[str, float]:
    """A knob's setting typed as name=value, kept within what the knob can do. Raises Unreadable."""
    name, equals, value = (part.strip() for part in typed.partition("="))
    if not equals or name not in knobs:
        raise Unreadable(f"{shown(typed)} moves nothing; Enter goes on", example(knobs))
    knob = knobs[name]
    settings = [heard(setting) for setting in knob.settings]  # W₁ is told, and may be typed, as W1
    if heard(value) in settings:
        return {name: knob.low + knob.step * settings.index(heard(value))}
    return {name: min(knob.high, max(knob.low, read_number(value, example=example(knobs).partition("=")[2])))}


def pictured(ask: Ask) -> Iterator[str]:
    """What stands beside a question, in its sentences."""
    if not isinstance(ask, Numbers | Choice | Order):
        return
    for said in dict.fromkeys(said for block in picture_of(ask) for said in _sentences(block)):
        yield from wrapped(said)


def _sentences(block: Show) -> Iterator[str]:
    if isinstance(block, Beside):
        for one in block.blocks:
            yield from _sentences(one)
    else:
        yield block.markdown if isinstance(block, Words) else block.says

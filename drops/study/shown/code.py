"""What stands on a page as a program in numpy: its sheet, once it is answered, its figures as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from drops.errors import DropsError
from drops.exercises.blocks import Ask, Beside, Figure, Numbers, Run, Show

Settings = Callable[[Figure], Mapping[str, float]]  # where the knobs of a figure stand


def has_code(show: Sequence[Show], ask: Ask | None, *, judged: bool) -> bool:
    """Whether there is a program of the page. Of what is asked there is none before the answer."""
    if ask is not None and not isinstance(ask, Run) and not judged:
        return False
    return (isinstance(ask, Numbers) and ask.code is not None) or any(_coded(show))


def code_of(show: Sequence[Show], ask: Ask | None, settings: Settings, *, judged: bool) -> str:
    """The program, or several one after another, each whole by itself. DropsError where there is none."""
    if not has_code(show, ask, judged=judged):
        raise DropsError("nothing on this page is worked out by a program of its own")
    made = [ask.code()] if isinstance(ask, Numbers) and ask.code is not None else []
    made += [figure.code(settings(figure)) for figure in _coded(show) if figure.code is not None]
    return "\n\n".join(made)


def started(figure: Figure) -> Mapping[str, float]:
    """The knobs as the figure begins."""
    return {knob.name: knob.start for knob in figure.knobs}


def _coded(show: Sequence[Show]) -> Iterator[Figure]:
    for block in show:
        if isinstance(block, Beside):
            yield from _coded(block.blocks)
        elif isinstance(block, Figure) and block.code is not None:
            yield block

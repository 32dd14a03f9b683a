"""The picture that a learner made: what came of the last exercise, with its own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from drops.clock import ticks
from drops.course.model import ExerciseFence, Library
from drops.errors import DropsError
from drops.events import Event
from drops.exercises.blocks import Bars, Beside, Curve, Figure, Frame, Matrix, Run, Show, Step, Surface, Wires
from drops.store.log import Log
from drops.study.pages import Picture
from drops.study.question import ANSWERED
from drops.study.tasks import again

PATIENCE = 1.5  # seconds that a training may take for its picture; it stands where it is by then
HALF = 0.5  # of a training: what comes before says little of what comes of it


def made(library: Library, log: Log, since: int, until: int, session: str = "") -> Picture | None:
    """The picture of the newest exercise whose result was reached on these learner-days, in one session or
    in any; None where there was none.
    """
    events = log.events(kinds=ANSWERED, since_day=since, until_day=until)
    tried = set()
    for event in reversed(events):
        said = event.payload
        attempt = said.get("session"), said.get("unit")
        if attempt in tried or (session and said.get("session") != session):
            continue
        tried.add(attempt)
        mine = [e for e in events if (e.payload.get("session"), e.payload.get("unit")) == attempt]
        if (found := _of_attempt(library, event, mine)) is not None:
            return found
    return None


def _of_attempt(library: Library, event: Event, events: Sequence[Event]) -> Picture | None:
    said = event.payload
    try:
        _, item = library.item(event.item_key)
        if not isinstance(item, ExerciseFence) or said.get("short") is True:
            return None
        answers = {e.payload["step"]: e.payload["typed"] for e in events if e.payload.get("typed")}
        steps = again(item, said["numbers"]).steps(said["level"], answers, said.get("bug", ""))
        return newest(steps)
    except (DropsError, LookupError, TypeError, ValueError, AttributeError):
        return None  # of an exercise that has changed since


def newest(steps: Sequence[Step]) -> Picture | None:
    """What the last See page with a picture shows: a training may not come to its end in time."""
    sees = (_picture(step) for step in reversed(steps) if step.part == "see")
    return next((picture for picture in sees if picture is not None), None)


def _picture(step: Step) -> Picture | None:
    shown = step.show
    if isinstance(step.ask, Run):
        shown = (*shown, *_ended(step.ask))
    pictures = list(_pictures(shown))
    # a map is what was made; what stands beside it reads off how far it is
    maps = [picture for picture in pictures if isinstance(picture, Surface)]
    return next(reversed(maps or pictures), None)


def _ended(run: Run) -> tuple[Show, ...]:
    """What a training shows at its end, or as far as it comes in PATIENCE; nothing of one that has hardly
    begun by then, on a busy machine: it would be read as what came of it."""
    last: Frame | None = None
    began = ticks()
    for frame in run.frames(0):
        last = frame or last
        if (last is not None and last.done >= 1) or ticks() - began > PATIENCE:
            break
    return last.show if last is not None and last.done >= HALF else ()


def _pictures(shown: Sequence[Show]) -> Iterator[Picture]:
    for block in shown:
        if isinstance(block, Beside):
            yield from _pictures(block.blocks)
        elif isinstance(block, Figure):
            yield from _pictures(block.draw({knob.name: knob.start for knob in block.knobs}))
        elif isinstance(block, Surface | Curve | Wires | Bars | Matrix):
            yield block
